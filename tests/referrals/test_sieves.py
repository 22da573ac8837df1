"""What is on which list: each compared with a second telling of the same rule, row by row."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts import clock
from accounts.permissions import Role
from referrals.lifecycle import OPEN, STATES, Status
from referrals.models import FollowUp, Referral, Reminder
from referrals.sieves import COORDINATOR, EVERYBODY, sieves
from referrals.worklist import Filters, counts, page
from tests import factories

ENDED = sorted(status.value for status in Status if status not in OPEN)

rows_of_any_kind = st.fixed_dictionaries(
    {
        "status": st.sampled_from([status.value for status in Status]),
        "due": st.integers(-2, 2),
        "kept_by": st.sampled_from(["", "ash", "gone"]),
        "named_worker": st.sampled_from(["", "bo", "left"]),
        "account": st.booleans(),
        "paused": st.booleans(),
        "stuck": st.booleans(),
        "not_known": st.booleans(),
    }
)


class Lists(TestCase):
    def setUp(self):
        self.today = clock.today()
        team = factories.TeamFactory()
        provider_team = factories.TeamFactory(organisation__provider=True)
        member = factories.MembershipFactory
        now = clock.now()
        self.staff = {
            "ash": member(team=team, role=Role.CLINICIAN),
            "lead": member(team=team, role=Role.CLINICIAN, is_lead=True),
            "dee": member(team=team, role=Role.ADMIN),
            "bo": member(team=provider_team, role=Role.SUPPORT_WORKER),
            "boss": member(team=provider_team, role=Role.SUPPORT_WORKER, is_lead=True),
            "nia": member(team__organisation=team.organisation, role=Role.CLINICIAN, is_lead=True),
        }
        self.gone = {
            "gone": member(team=team, ended_at=now + timedelta(seconds=1)),
            "left": member(team=provider_team, role=Role.SUPPORT_WORKER, user__is_active=False),
        }
        self.offer = factories.SupportOfferFactory(provider=provider_team.organisation, team=provider_team)

    def made(self, row):
        ash = self.staff["ash"]
        known = {**self.staff, **self.gone, "": None}
        person = factories.ServiceUserFactory(created_by=ash)
        if row["paused"]:
            person.paused_at, person.paused_by, person.pause_reason = clock.now(), ash, "in_hospital"
            person.pause_review_on = self.today
            person.save()
        state = STATES[Status(row["status"])]
        is_open = state.whose_move is not None
        referral = Referral.objects.create(
            service_user=person,
            offer=self.offer,
            kind="device",
            status=row["status"],
            action_with=state.whose_move or "",
            clock=state.clock or "",
            due_on=self.today + timedelta(days=row["due"]) if is_open else None,
            ended_at=None if is_open else clock.now(),
            created_by=ash,
            kept_by=known[row["kept_by"]],
            named_worker=known[row["named_worker"]],
            referring_team=ash.team,
            provider=self.offer.provider,
            provider_team=self.offer.team if row["account"] else None,
            sent_at=None if row["status"] == "draft" else clock.now(),
        )
        if row["stuck"]:
            FollowUp.objects.create(kind="coordinate", key=str(referral.pk), service_user=person, team=ash.team,
                                    referral=referral, what="Stuck", due_on=self.today)  # fmt: skip
        if row["not_known"]:
            Reminder.objects.create(dedupe_key=str(referral.pk), service_user=person, referral=referral,
                                    template="accepted", channel="text", status="not_known",
                                    due_at=clock.now())  # fmt: skip
        return referral

    def expected(self, who, row):
        """The lists of this hat on which the row stands, told a second time."""
        if who == "nia" or row["status"] == "entered_in_error":
            return set()
        refers, provides = who in {"ash", "lead", "dee"}, who in {"bo", "boss"}
        if provides and row["status"] == "draft":
            return set()
        state = STATES[Status(row["status"])]
        if state.whose_move is None:
            return {"ended"}
        move = state.whose_move.value
        with_us = row["account"] and row["status"] not in {"draft", "declined"}
        mine = (
            who == "dee"
            or (refers and (move == "referrer" or not row["account"]))
            or (provides and move == "provider")
        )  # fmt: skip
        on = {"mine", "overdue" if row["due"] < 0 else "later" if row["due"] else "today"} if mine else {"others"}
        if who in {"ash", "bo"} or (provides and not with_us):
            return on
        late, nobody = row["due"] < 0, row["kept_by"] == "" if refers else row["named_worker"] == ""
        left = row["kept_by"] == "gone" if refers else row["named_worker"] == "left"
        found = {
            "declined": refers and row["status"] == "declined",
            "silent": refers and move == "provider" and late,
            "stuck": row["stuck"],
            "not_known": row["not_known"],
            "unassigned": nobody,
            "paused": row["paused"],
            "left": left,
        }
        return on | {name for name, holds in found.items() if holds}

    @settings(max_examples=40)
    @given(st.lists(rows_of_any_kind, min_size=1, max_size=4))
    def test_each_list_holds_exactly_what_it_says_and_counts_what_it_holds(self, rows):
        made = [(self.made(row), row) for row in rows]
        for who, hat in self.staff.items():
            numbers = counts(hat, Filters(), self.today)
            for name in sieves(hat, self.today):
                shown, _mark = page(hat, Filters(show=name), self.today)
                wanted = {referral.pk for referral, row in made if name in self.expected(who, row)}
                assert {referral.pk for referral in shown} == wanted, (who, name)
                assert numbers[name] == len(wanted), (who, name)

    @settings(max_examples=40)
    @given(rows_of_any_kind)
    def test_every_open_referral_asks_something_of_somebody_who_works_here(self, row):
        """Whoever else has gone: the admin of the referrer is there."""
        referral = self.made(row)
        asking = {
            who
            for who, hat in self.staff.items()
            for name, sieve in sieves(hat, self.today).items()
            if name not in {"others", "ended"} and Referral.objects.visible_to(hat).filter(sieve, pk=referral.pk)
        }
        assert bool(asking) == (row["status"] not in ENDED)

    def test_a_provider_at_which_nobody_works_any_more_is_on_the_referrers_list(self):
        row = {"status": "sent", "due": 2, "kept_by": "ash", "named_worker": "", "account": True,
               "paused": False, "stuck": False, "not_known": False}  # fmt: skip
        referral = self.made(row)
        for who in ("bo", "boss"):
            self.staff[who].ended_at = clock.now()
            self.staff[who].save()
        assert page(self.staff["lead"], Filters(show="left"), self.today)[0] == [referral]
        assert page(self.staff["lead"], Filters(show="unassigned"), self.today)[0] == []


@pytest.mark.django_db
def test_lists_of_a_coordinator_are_only_for_one(ash, dee, bo):
    assert set(sieves(ash, clock.today())) == set(EVERYBODY)
    bo.is_lead = True
    assert set(sieves(bo, clock.today())) == set(sieves(dee, clock.today())) == {*EVERYBODY, *COORDINATOR}
