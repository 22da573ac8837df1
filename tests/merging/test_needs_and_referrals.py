"""Needs, reviews and referrals of two records: nothing is dropped, asked twice, or settled by a stranger."""

import pytest

from accounts import clock
from referrals import actions as referral_actions
from referrals.models import FollowUp
from referrals.obligations.reviews import SUPERSEDED
from referrals.tasks import queue_due
from screening import actions as screening_actions
from screening.models import Need
from tests import factories
from tests.merging.records import fresh, merge, undo
from tests.test_journey import ANSWERS

pytestmark = pytest.mark.django_db


@pytest.fixture
def need_on_both(ash, kept, other):
    """(earlier, later): the same need, agreed first, not talked about later."""
    earlier = factories.NeedFactory(
        screening=factories.ScreeningFactory(service_user=other, started_by=ash, submitted=True), agreed=True
    )
    later = factories.NeedFactory(
        screening=factories.ScreeningFactory(service_user=kept, started_by=ash, submitted=True)
    )
    return earlier, later


def test_need_open_on_both_is_carried_on_and_stays_agreed(ash, kept, other, need_on_both):
    earlier, later = need_on_both
    row = merge(kept, other, ash)
    fresh(earlier, later)

    assert list(Need.objects.open().filter(service_user=kept)) == [later]
    assert (earlier.carried_to, later.decision, later.decided_by) == (later, "agreed", ash)
    undo(row, ash)
    fresh(earlier, later)
    assert (earlier.carried_to, later.decision, later.decided_at) == (None, "undecided", None)


def test_decision_made_since_stays(ash, kept, other, need_on_both):
    earlier, later = need_on_both
    row = merge(kept, other, ash)
    Need.objects.filter(pk=later.pk).update(decision="declined", decision_reason="No thanks")
    undo(row, ash)
    fresh(earlier, later)

    assert (later.decision, earlier.decision, earlier.carried_to) == ("declined", "agreed", None)


def test_screening_of_one_settles_no_need_of_the_other_after_the_undo(ash, kept, other):
    moved = factories.NeedFactory(
        screening=factories.ScreeningFactory(service_user=other, started_by=ash, submitted=True)
    )
    row = merge(kept, other, ash)
    since = factories.ScreeningFactory(service_user=kept, started_by=ash, submitted=True)
    Need.objects.filter(pk=moved.pk).update(resolved_at=clock.now(), resolved_by_screening=since)
    undo(row, ash)
    fresh(moved, since)

    assert (moved.service_user, moved.resolved_at) == (other, None)
    assert since.service_user == kept


def test_correction_made_since_goes_with_what_it_corrects(ash, kept, other):
    wrong = factories.ScreeningFactory(service_user=other, started_by=ash, submitted=True, answers=ANSWERS)
    row = merge(kept, other, ash)
    fresh(wrong)
    correction = screening_actions.correct(screening=wrong, reason="Wrong box", by=ash)
    screening_actions.submit(screening=correction, by=ash)
    undo(row, ash)
    fresh(wrong, correction)

    assert (wrong.service_user, correction.service_user, wrong.status) == (other, other, "superseded")
    assert set(Need.objects.open().values_list("screening", "service_user")) == {(correction.pk, other.pk)}


def test_screening_begun_on_the_other_record_goes_back_with_what_it_raised(ash, kept, other):
    draft = factories.ScreeningFactory(service_user=other, started_by=ash, answers={"AC1": "none"})
    row = merge(kept, other, ash)
    screening_actions.submit(screening=draft, by=ash)
    queue_due()
    assert FollowUp.objects.filter(service_user=kept).exists()
    undo(row, ash)

    assert not FollowUp.objects.filter(service_user=kept).exists()
    assert set(Need.objects.values_list("service_user", flat=True)) <= {other.pk}


def test_only_the_newest_screenings_reviews_are_to_come(ash, kept, other):
    for one in (other, kept):
        factories.ScreeningFactory(service_user=one, started_by=ash, submitted=True)
    queue_due()
    owed = FollowUp.objects.open().count()
    row = merge(kept, other, ash)

    assert FollowUp.objects.open().filter(service_user=kept).count() == owed / 2
    undo(row, ash)
    assert FollowUp.objects.open().filter(service_user=other).count() == owed / 2
    assert not FollowUp.objects.filter(result=SUPERSEDED).exists()


def test_note_and_follow_up_made_since_go_with_their_referral(ash, kept, other, busy, bo):
    row = merge(kept, other, ash)
    busy.refresh_from_db()
    note = referral_actions.add_note(referral=busy, text="Came along.", by=bo)
    owed = FollowUp.objects.create(
        kind=FollowUp.Kind.COORDINATE, key="since", service_user=kept, referral=busy, team=ash.team, what="Ring",
        due_on=clock.today(),
    )  # fmt: skip
    undo(row, ash)
    owed.refresh_from_db()

    assert (note.referral.pk, owed.service_user) == (busy.pk, other)
