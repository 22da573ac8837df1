"""The edges of what is counted of people; made-up histories are in test_against_plain_python.py."""

from datetime import date

import pytest

from people.models import ServiceUser
from reports.figures import Rate
from reports.periods import Month
from reports.scope import Scope
from reports.sight import birthday
from screening.models import Need
from tests.reports.asking import levels, rate_of
from tests.reports.rows import MIDNIGHT, NOW, TICK, at, days, decided, people, result, screened

pytestmark = pytest.mark.django_db


# --- Coverage -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("since", "counted"), [(date(2026, 10, 3), 1), (date(2026, 10, 4), 0)])
def test_somebody_counts_from_the_28th_day_on_the_caseload(scope, person, since, counted):
    ServiceUser.objects.filter(pk=person.pk).update(on_caseload_since=since)
    assert rate_of("coverage", scope).denominator == counted


@pytest.mark.parametrize(("left", "counted"), [(date(2026, 10, 31), 0), (date(2026, 11, 1), 1)])
def test_somebody_who_left_by_the_last_day_does_not_count(scope, team, ash, left, counted):
    people(team, ash, 1, left_caseload_on=left)
    assert rate_of("coverage", scope).denominator == counted


@pytest.mark.parametrize(
    ("born", "rate"),
    [
        (date(2008, 10, 31), Rate(0, 1, 0)),
        (date(2008, 11, 1), Rate(0, 0, 0)),
        (None, Rate(0, 0, 1)),
    ],
)
def test_only_adults_count_and_an_unknown_age_is_not_known(scope, team, ash, born, rate):
    people(team, ash, 1, date_of_birth=born)
    assert rate_of("coverage", scope) == rate


@pytest.mark.parametrize(
    ("born", "day"),
    [
        (date(2008, 10, 31), date(2026, 10, 31)),
        (date(2008, 2, 29), date(2026, 3, 1)),
        (date(2010, 2, 28), date(2028, 2, 28)),
    ],
)
def test_an_18th_birthday_in_leap_years(born, day):
    assert birthday(born, 18) == day


@pytest.mark.parametrize(
    ("when", "counted"),
    [
        (MIDNIGHT - TICK, 1),
        (MIDNIGHT, 0),
        (MIDNIGHT - days(365), 1),
        (MIDNIGHT - days(365) - TICK, 0),
    ],
)
def test_a_screening_counts_for_365_days_up_to_midnight_in_london(scope, team, ash, when, counted):
    (person,) = people(team, ash, 1)
    screened(person, when)
    assert rate_of("coverage", scope).numerator == counted


def test_a_summer_month_ends_at_midnight_in_london_and_not_in_utc(trust, team, ash):
    """30 September ends at 23:00 in UTC."""
    first, second = people(team, ash, 2)
    screened(first, at("2026-09-30 22:59"))
    screened(second, at("2026-09-30 23:00"))
    assert rate_of("coverage", Scope(trust, None, Month(2026, 9), NOW)).numerator == 1


@pytest.mark.parametrize("status", ["draft", "void", "paused"])
def test_a_screening_that_is_not_whole_or_was_an_error_is_no_cover(scope, team, ash, status):
    (person,) = people(team, ash, 1)
    screened(person, at("2026-10-20 10:00"), status=status)
    assert rate_of("coverage", scope) == Rate(0, 1)


def test_the_latest_whole_screening_is_the_one_that_counts(scope, team, ash):
    (person,) = people(team, ash, 1)
    screened(person, at("2026-10-01 10:00"), scored=result(access="some"))
    screened(person, at("2026-10-02 10:00"), scored=result(access="high"))
    screened(person, at("2026-10-03 10:00"), scored=result(access="none"), status="paused")
    screened(person, at("2026-10-04 10:00"), scored=result(access="none"), status="void")
    assert levels(scope, "access") == {"high": 1}


# --- Acted on -------------------------------------------------------------------------------------------------

HIGH = at("2026-10-05 10:00")


@pytest.fixture
def high(person):
    return screened(person, HIGH, scored=result(access="high"), needs=["DEVICE"])


@pytest.mark.parametrize("decision", ["agreed", "not_now"])
def test_a_decision_on_the_14th_day_is_in_time(scope, high, decision):
    decided(high.needs.get(), decision, HIGH + days(14))
    assert rate_of("acted_on", scope) == Rate(1, 1)


def test_a_decision_after_that_is_late(scope, high):
    decided(high.needs.get(), "agreed", HIGH + days(14) + TICK)
    assert rate_of("acted_on", scope) == Rate(0, 1)


def test_declined_alone_is_not_acted_on(scope, high):
    decided(high.needs.get(), "declined", HIGH)
    assert rate_of("acted_on", scope) == Rate(0, 1)


def test_what_was_agreed_in_time_stays_acted_on_after_a_change_of_mind(scope, high):
    decided(high.needs.get(), "agreed", HIGH)
    decided(high.needs.get(), "declined", HIGH + days(20))
    assert rate_of("acted_on", scope) == Rate(1, 1)


def test_what_was_agreed_before_and_is_carried_on_needs_no_new_decision(scope, high, ash):
    carried = {"decision": "agreed", "decided_at": HIGH - days(100), "decided_by": ash}
    Need.objects.filter(screening=high).update(**carried)
    assert rate_of("acted_on", scope) == Rate(1, 1)


def test_a_screening_stopped_by_distress_is_to_be_acted_on(scope, person):
    screened(person, HIGH, scored=result(mental_health="high"), status="paused")
    assert rate_of("acted_on", scope) == Rate(0, 1)


def test_a_person_screened_twice_counts_once(scope, high, person):
    screened(person, HIGH + days(1), scored=result(access="high"))
    assert rate_of("acted_on", scope) == Rate(0, 1)


def test_somebody_without_a_high_level_is_not_counted(scope, person):
    screened(person, HIGH, scored=result("some"))
    assert rate_of("acted_on", scope) == Rate(0, 0)


@pytest.mark.parametrize(
    ("when", "counted"),
    [
        (MIDNIGHT - days(14) - TICK, 1),
        (MIDNIGHT - days(14), 0),
    ],
)
def test_a_screening_is_counted_in_the_month_in_which_its_14_days_are_up(scope, person, when, counted):
    screened(person, when, scored=result(access="high"))
    assert rate_of("acted_on", scope).denominator == counted


# --- Needs resolved -------------------------------------------------------------------------------------------

RAISED = at("2026-07-01 10:00")  # its 112 days are up on 21 October


@pytest.fixture
def raised(person):
    return screened(person, RAISED, needs=["DEVICE"])


def resolve(need, by):
    Need.objects.filter(pk=need.pk).update(resolved_at=by.submitted_at, resolved_by_screening=by)


@pytest.mark.parametrize(
    ("day", "rate"),
    [
        (days(70) - TICK, Rate(0, 0, 1)),
        (days(70), Rate(1, 1, 0)),
        (days(112), Rate(1, 1, 0)),
        (days(112) + TICK, Rate(0, 0, 1)),
    ],
)
def test_a_review_is_a_screening_70_to_112_days_later(scope, person, raised, day, rate):
    resolve(raised.needs.get(), screened(person, RAISED + day))
    assert rate_of("needs_resolved", scope) == rate


def test_not_reviewed_is_not_known_and_never_counts_as_open_or_resolved(scope, raised):
    assert rate_of("needs_resolved", scope) == Rate(0, 0, 1)


def test_a_need_that_the_review_raises_again_is_not_resolved(scope, person, raised):
    again = screened(person, RAISED + days(84), needs=["DEVICE"])
    raised.needs.update(carried_to=again.needs.get())
    assert rate_of("needs_resolved", scope) == Rate(0, 1)


def test_a_need_that_the_review_did_not_ask_about_is_not_known(scope, person, raised):
    screened(person, RAISED + days(84))
    assert rate_of("needs_resolved", scope) == Rate(0, 0, 1)


def test_a_need_resolved_after_its_review_was_not_known_at_the_review(scope, person, raised):
    screened(person, RAISED + days(84))
    resolve(raised.needs.get(), screened(person, RAISED + days(113)))
    assert rate_of("needs_resolved", scope) == Rate(0, 0, 1)


def test_a_need_carried_on_before_it_was_resolved_counts_once_and_as_resolved(scope, person, raised):
    between = screened(person, RAISED + days(40), needs=["DEVICE"])
    raised.needs.update(carried_to=between.needs.get())
    resolve(between.needs.get(), screened(person, RAISED + days(84)))
    assert rate_of("needs_resolved", scope) == Rate(1, 1)


def test_a_need_raised_again_after_it_was_resolved_is_open_until_it_is_asked_about(scope, person, raised):
    resolve(raised.needs.get(), screened(person, RAISED + days(30)))
    screened(person, RAISED + days(50), needs=["DEVICE"])
    screened(person, RAISED + days(84))
    assert rate_of("needs_resolved", scope) == Rate(0, 0, 1)


def test_a_void_screening_neither_raises_nor_reviews(scope, person, raised):
    screened(person, RAISED + days(84), status="void")
    screened(person, RAISED + days(1), needs=["CONF"], status="void")
    assert rate_of("needs_resolved", scope) == Rate(0, 0, 1)


def test_a_need_whose_first_screening_was_void_is_first_raised_by_the_next(scope, person):
    wrong = screened(person, RAISED - days(10), needs=["DEVICE"], status="void")
    raised = screened(person, RAISED, needs=["DEVICE"])
    wrong.needs.update(carried_to=raised.needs.get())
    assert rate_of("needs_resolved", scope) == Rate(0, 0, 1)
