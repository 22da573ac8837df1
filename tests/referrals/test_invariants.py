"""What must hold whatever anybody does, in any order: random steps, legal and not, over days and weeks."""

import itertools
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from accounts import clock
from accounts.errors import Refused
from accounts.models import AuditEvent
from accounts.permissions import Role
from referrals import actions
from referrals.fates import NEWS_OF_THE_END
from referrals.lifecycle import OPEN, STEPS, Status
from referrals.models import CaseNote, ContactAttempt, FollowUp, Outcome, Referral, ReferralEvent, Reminder
from referrals.standing import standing
from tests import factories
from tests.factories import ReferralFactory, evidence_for

HISTORY = (ReferralEvent, ContactAttempt, CaseNote, Outcome, AuditEvent)
TELLING = {name for name, step in STEPS.items() if step.message}
PEOPLE = ("clinician", "worker", "admin", "lead", "stranger")


class Referrals(RuleBasedStateMachine):
    """One person, two offers, five members of staff, and time that passes. Rolled back after each run."""

    def __init__(self):
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.now = clock.now()
        self.seen = dict.fromkeys(HISTORY, 0)

    def teardown(self):
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    @initialize()
    def begin(self):
        clinician = factories.MembershipFactory(role=Role.CLINICIAN)
        provider_team = factories.TeamFactory(organisation__provider=True)
        self.staff = {
            "clinician": clinician,
            "worker": factories.MembershipFactory(team=provider_team, role=Role.SUPPORT_WORKER),
            "admin": factories.MembershipFactory(team=clinician.team, role=Role.ADMIN),
            "lead": factories.MembershipFactory(team=clinician.team, role=Role.CLINICIAN, is_lead=True),
            "stranger": factories.MembershipFactory(role=Role.CLINICIAN),
        }
        self.person = factories.ServiceUserFactory(team=clinician.team, created_by=clinician)
        offer = factories.SupportOfferFactory(provider=provider_team.organisation, team=provider_team)
        self.other_offer = factories.SupportOfferFactory(provider=provider_team.organisation, team=provider_team)
        ReferralFactory(sent=True, service_user=self.person, offer=offer)

    def pick(self, which):
        rows = list(Referral.objects.order_by("id"))
        return rows[which % len(rows)]

    def evidence(self, referral, action):
        if action == "accept":
            return {"named_worker": self.staff["worker"]}
        if action == "reroute" and not Referral.objects.open().filter(offer=self.other_offer).exists():
            return {"new_offer": self.other_offer}
        return evidence_for(referral, action)

    def attempt(self, work):
        """Refused or done; if refused, all is as it was."""
        before = self.everything()
        try:
            with clock.at(self.now):
                work()
        except Refused:
            assert self.everything() == before

    def everything(self):
        rows = list(Referral.objects.order_by("id").values_list("id", "status", "version", "due_on"))
        return rows, FollowUp.objects.open().count(), Reminder.objects.owed().count(), AuditEvent.objects.count()

    @rule(which=st.integers(0, 9), action=st.sampled_from(sorted(STEPS)), who=st.sampled_from(PEOPLE))
    def any_step(self, which, action, who):
        referral = self.pick(which)
        evidence = self.evidence(referral, action)
        self.attempt(lambda: actions.act(referral=referral, action=action, by=self.staff[who], evidence=evidence))

    @rule(which=st.integers(0, 9), choice=st.integers(0, 20), who=st.sampled_from(PEOPLE[:4]))
    def a_step_of_the_table(self, which, choice, who):
        referral, by = self.pick(which), self.staff[who]
        try:
            names = standing(referral, by).may_do(referral.status)
        except Refused:
            return
        if names:
            action = names[choice % len(names)]
            evidence = self.evidence(referral, action)
            self.attempt(lambda: actions.act(referral=referral, action=action, by=by, evidence=evidence))

    @rule(which=st.integers(0, 9), who=st.sampled_from(PEOPLE), action=st.sampled_from(sorted(STEPS)))
    def a_stale_page(self, which, who, action):
        referral = self.pick(which)
        self.attempt(
            lambda: actions.act(
                referral=referral,
                action=action,
                by=self.staff[who],
                evidence=evidence_for(referral, action),
                version=referral.version - 1,
            )
        )

    @rule(
        which=st.integers(0, 9),
        channel=st.sampled_from(ContactAttempt.Channel.values),
        result=st.sampled_from(ContactAttempt.Result.values),
        told=st.booleans(),
    )
    def contact(self, which, channel, result, told):
        self.attempt(
            lambda: actions.log_contact(
                referral=self.pick(which), channel=channel, result=result, told=told, by=self.staff["worker"]
            )
        )

    @rule(which=st.integers(0, 9), days=st.integers(0, 9))
    def appointment(self, which, days):
        self.attempt(
            lambda: actions.book(
                referral=self.pick(which),
                starts_at=self.now + timedelta(days=days),
                where="Hub",
                by=self.staff["worker"],
            )
        )

    @rule(which=st.integers(0, 9))
    def error(self, which):
        self.attempt(
            lambda: actions.propose_error(referral=self.pick(which), by=self.staff["clinician"], words="Wrong")
        )

    @rule()
    def consent_is_taken_back_and_given_again(self):
        consent = self.person.consents.filter(withdrawn_at=None).order_by("-given_at").first()
        self.attempt(lambda: actions.withdraw_consent(consent=consent, how="By phone", by=self.staff["clinician"]))
        with clock.at(self.now + timedelta(seconds=1)):
            factories.ConsentFactory(service_user=self.person)

    @rule(on=st.booleans())
    def pause(self, on):
        referral, by = self.pick(0), self.staff["worker"]
        referral.service_user.refresh_from_db()
        day = (self.now + timedelta(days=10)).date()
        if on:
            self.attempt(lambda: actions.pause(referral=referral, reason="crisis", review_on=day, by=by))
        else:
            self.attempt(lambda: actions.resume(referral=referral, by=by))

    @rule(days=st.integers(1, 30))
    def time_passes(self, days):
        self.now += timedelta(days=days)
        states = dict(Referral.objects.values_list("id", "status"))
        with clock.at(self.now):
            actions.run_clocks(now=self.now)
        now = dict(Referral.objects.values_list("id", "status"))
        gone = states.keys() - now.keys()
        assert now == {pk: status for pk, status in states.items() if pk not in gone}
        for pk in gone:  # a draft too old goes, with its notice and its audit row, and takes its own events along
            assert states[pk] == Status.DRAFT
            assert FollowUp.objects.filter(kind="draft_deleted", key=f"draft:{pk}").exists()
            assert AuditEvent.objects.filter(action="delete_draft", subject_id=str(pk)).exists()
        if gone:
            self.seen[ReferralEvent] = ReferralEvent.objects.count()

    # --- What must hold ---

    @invariant()
    def open_referrals_have_one_owner_and_one_day(self):
        for referral in Referral.objects.filter(status__in=OPEN):
            assert referral.action_with in Referral.ActionWith.values
            assert referral.due_on is not None
            assert referral.clock

    @invariant()
    def ended_referrals_have_no_message_left_but_the_news_of_their_end(self):
        ended = Referral.objects.exclude(status__in=OPEN)
        left = Reminder.objects.owed().filter(referral__in=ended)
        assert not left.exclude(template__in=NEWS_OF_THE_END).exists()
        assert not left.filter(referral__status__in=[Status.WITHDRAWN, Status.ENTERED_IN_ERROR]).exists()

    @invariant()
    def history_never_shrinks(self):
        for model in HISTORY:
            count = model.objects.count()
            assert count >= self.seen[model], model
            self.seen[model] = count

    @invariant()
    def events_tell_the_state(self):
        for referral in Referral.objects.all():
            states = list(referral.events.order_by("id").values_list("from_status", "to_status"))
            assert states[0][0] == ""
            assert all(one[1] == other[0] for one, other in itertools.pairwise(states))
            assert states[-1][1] == referral.status

    @invariant()
    def every_decline_has_a_next_step(self):
        for referral in Referral.objects.filter(status=Status.DECLINED):
            assert FollowUp.objects.open().filter(kind="next_step", referral=referral).exists()

    @invariant()
    def the_person_was_told_or_is_owed_it(self):
        for referral in Referral.objects.filter(status__in=OPEN).exclude(status=Status.DRAFT):
            news = referral.events.filter(step__in=TELLING).order_by("-id").first()
            owed = FollowUp.objects.filter(kind="tell_person", key=f"referralevent:{news.pk}").get()
            assert owed.done_at is None or owed.result.startswith("told"), owed.result

    @invariant()
    def one_open_referral_an_offer(self):
        offers = list(Referral.objects.open().values_list("offer_id", flat=True))
        assert len(offers) == len(set(offers))


@pytest.mark.django_db
def test_whatever_anybody_does_what_must_hold_holds():
    run_state_machine_as_test(Referrals, settings=settings(max_examples=20, stateful_step_count=20, deadline=None))
