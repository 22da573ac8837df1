"""Two at the same instant: one wins, the other is told what is so now.

Needs PostgreSQL: SQLite lets one write at a time, and the sequential tests beside the actions hold on both.
"""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from accounts import clock
from accounts.errors import NotPossibleNow
from accounts.models import AuditEvent
from people import actions as people
from people.models import Consent
from referrals import actions
from referrals.models import FollowUp, Referral, Reminder
from referrals.obligations.pauses import look_at_pauses
from tests import factories
from tests.factories import evidence_for

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL"),
]
ROUNDS = 5


def at_once(*works):
    """What each gave or raised, all of them let go at the same moment, each on a connection of its own."""
    gate, results = threading.Barrier(len(works)), [None] * len(works)

    def run(place, work):
        try:
            gate.wait(timeout=10)
            results[place] = work()
        except Exception as error:  # handed to the test, which looks at every one
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return results


def copy_of(referral):
    return Referral.objects.select_related("created_by", "referring_team__organisation").get(pk=referral.pk)


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_of_two_racing_steps_one_wins(referral_in, ash, bo, round_):
    referral = referral_in("acknowledged")

    def take(action, by):
        mine = copy_of(referral)
        return lambda: actions.act(
            referral=mine,
            action=action,
            by=by,
            evidence={"named_worker": bo} if action == "accept" else evidence_for(referral, action),
        )

    results = at_once(take("accept", bo), take("decline", bo), take("cancel", ash), take("withdraw", ash))
    won = [result for result in results if isinstance(result, Referral)]
    lost = [result for result in results if not isinstance(result, Referral)]
    assert len(won) == 1
    assert all(isinstance(error, NotPossibleNow) for error in lost), lost
    assert {error.state for error in lost} == {won[0].status}
    referral.refresh_from_db()
    assert (referral.status, referral.version) == (won[0].status, 4)
    assert referral.events.count() == 4
    assert AuditEvent.objects.filter(subject_id=str(referral.pk), action__startswith="referral_").count() == 4


def test_same_step_eight_times_at_once_happens_once(referral_in, bo):
    referral = referral_in("sent")
    copies = [copy_of(referral) for _ in range(8)]
    results = at_once(
        *[lambda mine=mine: actions.act(referral=mine, action="acknowledge", by=bo) for mine in copies]
    )
    assert sum(isinstance(result, Referral) for result in results) == 1
    assert referral.events.filter(step="acknowledge").count() == 1


def test_two_referrals_to_one_offer_at_once_leave_one(person, offer, ash):
    screening = factories.ScreeningFactory(service_user=person, submitted=True)
    need = factories.NeedFactory(screening=screening, agreed=True)

    def refer():
        return actions.refer(service_user=person, offer=offer, needs=[need], kind="device", by=ash)

    results = at_once(*[refer] * 4)
    assert sum(isinstance(result, Referral) for result in results) == 1
    assert all(isinstance(result, Referral | NotPossibleNow) for result in results), results
    assert Referral.objects.count() == 1


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_nothing_is_shared_on_a_consent_taken_back_at_the_same_moment(referral_in, ash, person, round_):
    draft = referral_in("draft")
    mine, consent = copy_of(draft), Consent.objects.get(service_user=person)
    at_once(
        lambda: actions.act(referral=mine, action="send", by=ash),
        lambda: actions.withdraw_consent(consent=consent, how="By phone", by=ash),
    )
    draft.refresh_from_db()
    assert draft.status in {"draft", "withdrawn"}
    assert not Reminder.objects.owed().exists()


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_withdrawal_wins_over_whoever_moves_the_referral_meanwhile(referral_in, ash, bo, round_):
    referral = referral_in("acknowledged")
    mine, consent = copy_of(referral), referral.consent
    results = at_once(
        lambda: actions.act(referral=mine, action="accept", by=bo, evidence={"named_worker": bo}),
        lambda: actions.withdraw_consent(consent=consent, how="By phone", by=ash),
    )
    assert isinstance(results[1], list), results
    referral.refresh_from_db()
    assert referral.status == "withdrawn"
    assert not Reminder.objects.owed().exists()


def test_follow_up_is_done_by_one_of_two(referral_in, ash):
    referral_in("declined")
    owed = FollowUp.objects.open().get(kind="tell_person")
    results = at_once(*[lambda: actions.complete_follow_up(follow_up=owed, result="told_call", by=ash)] * 3)
    assert sum(result is None for result in results) == 1


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_of_two_who_look_at_a_pause_one_decides_and_it_has_an_owner_or_is_over(referral_in, person, ash, round_):
    day = clock.today() + timedelta(days=14)
    actions.pause(referral=referral_in("active"), reason="crisis", review_on=day, by=ash)
    review = FollowUp.objects.open().get(kind="pause_review")

    def look(result):
        mine = FollowUp.objects.select_related("service_user", "team__organisation").get(pk=review.pk)
        later = day + timedelta(days=9)
        return lambda: actions.complete_follow_up(follow_up=mine, result=result, review_on=later, by=ash)

    results = at_once(look("goes_on"), look("stays_paused"))
    assert sum(result is None for result in results) == 1, results
    person.refresh_from_db()
    open_ones = FollowUp.objects.open().filter(kind="pause_review", due_on=day + timedelta(days=9))
    assert open_ones.count() == (person.paused_at is not None)
    assert FollowUp.objects.open().filter(kind="pause_review").count() == open_ones.count()


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_two_schedulers_ask_once_to_look_at_a_pause(person, ash, round_):
    people.pause(service_user=person, reason="crisis", review_on=clock.today() + timedelta(days=9), by=ash)
    at_once(*[lambda: look_at_pauses(limit=9)] * 3)
    assert FollowUp.objects.filter(kind="pause_review").count() == 1
