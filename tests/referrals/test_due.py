"""What becomes due without anybody acting: reviews, a yearly screening, asking again, and their messages."""

from datetime import date, datetime, timedelta

import pytest

from accounts import clock
from people.london import LONDON
from referrals import due
from referrals.models import FollowUp, Reminder
from screening.models import Need, NeedDecision, Screening
from tests.factories import ContactPlanFactory
from tests.referrals.reaching import WEDNESDAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday_morning")]


def screened(person, by, at=WEDNESDAY, **more):
    return Screening.objects.create(
        service_user=person,
        team=person.team,
        definition="getting-online",
        definition_version="1.0.0",
        status="submitted",
        result={},
        scoring_version="1",
        started_at=at,
        started_by=by,
        submitted_at=at,
        submitted_by=by,
        **more,
    )


def void(screening, by):
    Screening.objects.filter(pk=screening.pk).update(
        status="void", voided_at=WEDNESDAY, voided_by=by, void_reason="Wrong person."
    )


def decide(need, decision, by, at=WEDNESDAY):
    Need.objects.filter(pk=need.pk).update(decision=decision, decided_at=at, decided_by=by)
    return NeedDecision.objects.create(need=need, decision=decision, at=at, by=by)


def open_kinds():
    return sorted(FollowUp.objects.open().values_list("kind", flat=True))


AHEAD = ["review", "review", "review", "screening_due"]


def test_a_submitted_screening_makes_its_reviews_owed_once(person, ash, team):
    screened(person, ash)
    assert due.queue_due() == 1
    assert due.queue_due() == 0
    assert open_kinds() == AHEAD
    assert {follow_up.team for follow_up in FollowUp.objects.all()} == {team}


def test_a_draft_makes_nothing_owed(person, ash):
    Screening.objects.create(
        service_user=person, team=person.team, definition="x", definition_version="1", started_by=ash
    )
    assert due.queue_due() == 0


def test_a_paper_screening_counts_from_the_day_on_the_paper(person, ash):
    screened(person, ash, on_paper_on=date(2026, 11, 11))
    due.queue_due()
    assert FollowUp.objects.filter(kind="review").first().due_on == date(2026, 12, 9)


def test_after_a_week_without_a_scheduler_nothing_was_missed(person, ash):
    screened(person, ash)
    with clock.at(WEDNESDAY + timedelta(days=7)):
        due.queue_due()
    assert open_kinds() == AHEAD


def test_only_the_newest_screening_has_reviews_ahead(person, ash):
    screened(person, ash, WEDNESDAY - timedelta(days=30))
    due.queue_due()
    newest = screened(person, ash, WEDNESDAY + timedelta(hours=1))
    with clock.at(WEDNESDAY + timedelta(hours=2)):
        due.queue_due()
    assert open_kinds() == AHEAD
    assert all(str(newest.pk) in follow_up.key for follow_up in FollowUp.objects.open())


def test_a_screening_made_in_error_gives_the_one_before_it_its_reviews_back(person, ash):
    first = screened(person, ash, WEDNESDAY - timedelta(days=10))
    due.queue_due()
    wrong = screened(person, ash, WEDNESDAY + timedelta(hours=1))
    with clock.at(WEDNESDAY + timedelta(hours=2)):
        due.queue_due()
        void(wrong, ash)
        due.queue_due()
        assert due.queue_due() == 0
    assert open_kinds() == AHEAD
    assert all(str(first.pk) in follow_up.key for follow_up in FollowUp.objects.open())


# --- Ask again ----------------------------------------------------------------------------------------------


@pytest.fixture
def need(person, ash):
    return Need.objects.create(
        screening=screened(person, ash, WEDNESDAY - timedelta(days=90)), service_user=person, code="DEVICE"
    )


def asking():
    return list(FollowUp.objects.open().filter(kind="ask_again").values_list("due_on", flat=True))


def test_not_now_is_asked_again_after_26_weeks(need, ash):
    decide(need, "not_now", ash)
    for _ in range(2):
        due.queue_due()
    assert asking() == [date(2027, 5, 26)]


@pytest.mark.parametrize("later", ["agreed", "declined"])
def test_a_later_decision_ends_the_asking(need, ash, later):
    decide(need, "not_now", ash)
    due.queue_due()
    Need.objects.filter(pk=need.pk).update(decision_reason="x")
    decide(need, later, ash)
    due.queue_due()
    assert asking() == []


def test_not_now_said_again_is_asked_about_once_from_the_later_day(need, ash):
    decide(need, "not_now", ash)
    due.queue_due()
    decide(need, "not_now", ash, WEDNESDAY + timedelta(days=7))
    due.queue_due()
    assert asking() == [date(2027, 6, 2)]


# --- A word ahead of a review ---------------------------------------------------------------------------------


@pytest.fixture
def review(person, ash):
    screened(person, ash)
    due.queue_due()
    return FollowUp.objects.get(key__endswith=":4w")


def three_days_before(review):
    return datetime.combine(review.due_on, WEDNESDAY.timetz(), tzinfo=LONDON) - timedelta(days=3)


def test_a_review_is_announced_by_the_plan_once(person, review):
    ContactPlanFactory(service_user=person)
    for _ in range(2):
        with clock.at(three_days_before(review)):
            due.queue_due()
    message = Reminder.objects.get()
    assert (message.template, message.channel, message.follow_up) == ("review_due", "text", review)
    assert message.useful_until.date() == WEDNESDAY.date() + timedelta(days=42)


def test_a_review_that_the_plan_leaves_to_a_person_is_not_announced_and_that_is_written_down(person, review):
    ContactPlanFactory(service_user=person, automatic=False)
    with clock.at(three_days_before(review)):
        assert due.queue_due() == 1
        assert due.queue_due() == 0
    assert (Reminder.objects.get().status, Reminder.objects.get().reason) == ("refused", "left_to_a_person")


def test_a_review_is_not_announced_long_before(person, review):
    ContactPlanFactory(service_user=person)
    with clock.at(three_days_before(review) - timedelta(days=1)):
        assert due.queue_due() == 0
