"""Four hundred days on which nobody acts: providers and people are silent, and only the scheduler works."""

from datetime import timedelta

import pytest

from accounts import clock
from accounts.models import Membership
from people import actions as people
from people.contact_plan import tighten
from referrals import actions, receipts, sending
from referrals.actions import run_clocks
from referrals.due import queue_due
from referrals.lifecycle import OPEN
from referrals.models import FollowUp, Loan, Referral
from referrals.partner import links
from referrals.post.chasing import chase
from tests import factories
from tests.factories import ReferralFactory
from tests.referrals.reaching import WEDNESDAY

pytestmark = pytest.mark.django_db
DAYS = 400
OWED = FollowUp.objects


def somebody(ash, **plan):
    person = factories.ServiceUserFactory(team=ash.team, created_by=ash)
    factories.NeedFactory(screening=factories.ScreeningFactory(service_user=person, submitted=True), agreed=True)
    factories.ContactPlanFactory(service_user=person, **plan)
    return person


@pytest.fixture
def world(ash, dee, bo, offer):
    """Twelve people: in every state that waits for somebody, and reached in every way and in none."""
    hall = factories.SupportOfferFactory(contact_email="hall@example.org")
    with clock.at(WEDNESDAY):
        texts = {"allowed": ["text", "letter", "call"]}
        phone = {"allowed": ["call"], "automatic": False, "preferred": "call", "fallback": ""}
        post = {"allowed": ["letter"], "preferred": "letter", "fallback": ""}
        made = [
            ("draft", offer, texts),
            ("sent", offer, texts),
            ("sent", hall, phone),
            ("acknowledged", offer, post),
            ("more_info", offer, texts),
            ("waiting", offer, phone),
            ("accepted", hall, post),
            ("accepted", offer, phone),
            ("active", offer, texts),
            ("delivered", offer, post),
            ("declined", offer, texts),
        ]
        rows = []
        for state, where, plan in made:
            worker = bo if where.team_id else None
            rows.append(
                ReferralFactory(
                    state=state,
                    service_user=somebody(ash, **plan),
                    offer=where,
                    worker=worker,
                    fallback_channel="referrer",
                )
            )
        _lend(rows[8], bo)
        _pause(rows[7], bo)
        silent = ReferralFactory(state="sent", service_user=somebody(ash, **texts), offer=offer, worker=bo)
        people.change_contact_plan(  # nobody may be reached at all any more
            service_user=silent.service_user,
            plan=_nothing_allowed(silent.service_user),
            seen=_number(silent.service_user),
            by=ash,
        )
        return [*rows, silent]


def _number(person):
    return person.contact_plans.order_by("-number").first().number


def _nothing_allowed(person):
    plan = person.contact_plans.order_by("-number").first().plan
    return tighten(plan, without=plan.allowed, stop_automatic=True)


def _lend(referral, by):
    loan = actions.reserve_loan(referral=referral, item="device", label="Tablet 7", by=by)
    ends_on = clock.today() + timedelta(days=60)
    said = {"signed_or_witnessed": "Signed", "ends_on": ends_on}
    actions.move_loan(loan=loan, action="hand_over", by=by, evidence=said)


def _pause(referral, by):
    actions.pause(referral=referral, reason="in_hospital", review_on=clock.today() + timedelta(days=30), by=by)


def a_day(now):
    """One round of every task at ten in the morning."""
    receipts.collect()
    sending.send_due()
    queue_due()
    run_clocks(now=now)
    chase()
    links.stop_shut(now)


def look_at_the_day(before):
    here = set(Membership.objects.current().values_list("pk", flat=True))
    staffed = set(Membership.objects.current().values_list("team", flat=True))
    now = {}
    for referral in Referral.objects.all():
        now[referral.pk] = referral.status
        if referral.status in OPEN:
            assert referral.action_with
            assert referral.due_on
            assert {referral.named_worker_id, referral.kept_by_id} - {None} <= here
            assert referral.provider_team_id is None or referral.provider_team_id in staffed
            assert referral.referring_team_id in staffed
    assert all(team in staffed for team in OWED.open().values_list("team", flat=True))
    gone = before.keys() - now.keys()
    assert {before[pk] for pk in gone} <= {"draft"}
    assert all(OWED.open().filter(kind="draft_deleted", key=f"draft:{pk}").exists() for pk in gone)
    assert now == {pk: status for pk, status in before.items() if pk not in gone}, "nothing ends by itself"
    return now


def nobody_is_forgotten():
    """Whoever has not been told is still owed it: the day and the team are known."""
    for owed in OWED.filter(kind="tell_person", key__startswith="referralevent:"):
        told = owed.result in ("delivered", "letter_posted", "newer_news") or owed.result.startswith("told")
        assert owed.done_at is None or told, owed.result


def test_four_hundred_days_of_silence_leave_nobody_without_an_owner(world):
    states = dict(Referral.objects.values_list("pk", "status"))
    at_admin = set()
    for day in range(1, DAYS + 1):
        now = WEDNESDAY + timedelta(days=day)
        with clock.at(now):
            a_day(now)
            states = look_at_the_day(states)
            nobody_is_forgotten()
        about_clocks = OWED.open().filter(kind="stuck").exclude(key__startswith="owed:")
        stuck = set(about_clocks.values_list("referral", flat=True))
        assert stuck >= at_admin & states.keys(), "what is on the admin's list stays there"
        at_admin = stuck
    assert len(states) == len(world) - 1
    assert stuck == set(states), "the admin knows of every one that nobody moved"
    assert Loan.objects.get().status == "due"
    assert OWED.open().filter(kind="loan_ends").count() == 2
    assert OWED.open().filter(kind="pause_review").exists()


def test_the_admin_sees_what_is_stuck(world, dee):
    with clock.at(WEDNESDAY + timedelta(days=200)):
        a_day(clock.now())
        seen = OWED.visible_to(dee).open().filter(kind="stuck").exclude(key__startswith="owed:")
        assert seen.count() == len(world) - 1
