"""The edges of what is counted of referrals; made-up histories are in test_against_plain_python.py."""

import pytest
from django.db.models import Count

from referrals.lifecycle import Status
from referrals.models import Referral
from reports import indicators
from reports.figures import Rate
from reports.periods import Month
from reports.scope import Scope
from tests import factories
from tests.reports.asking import rate_of, rows, waits
from tests.reports.rows import (
    ENDED,
    MIDNIGHT,
    NOW,
    OCTOBER,
    TICK,
    at,
    concluded,
    days,
    decided,
    people,
    referred,
    result,
    screened,
)

pytestmark = pytest.mark.django_db

SENT = at("2026-10-05 10:00")


@pytest.mark.parametrize(
    ("acknowledged", "rate"),
    [
        (SENT + days(14), Rate(1, 1)),
        (SENT + days(14) + TICK, Rate(0, 1)),
        (None, Rate(0, 1)),
    ],
)
def test_acknowledged_on_the_14th_day_is_in_time(scope, person, offer, acknowledged, rate):
    referred(person, offer, SENT, acknowledged_at=acknowledged)
    assert rate_of("acknowledged", scope) == rate


def test_a_fortnight_over_the_clock_change_is_14_times_24_hours(trust, person, offer):
    """Sent at noon in winter time; the clocks went forward on 29 March."""
    sent = at("2026-03-20 12:00")
    referred(person, offer, sent, acknowledged_at=at("2026-04-03 12:00"))
    assert rate_of("acknowledged", Scope(trust, None, Month(2026, 4), NOW)) == Rate(1, 1)


@pytest.mark.parametrize(
    ("sent", "month"),
    [
        ("2026-03-17 22:59", Month(2026, 3)),
        ("2026-03-17 23:00", Month(2026, 4)),
    ],
)
def test_each_referral_is_counted_in_one_month_and_no_earlier_than_its_time_is_up(
    trust, person, offer, sent, month
):
    referred(person, offer, at(sent))
    counted = [
        one
        for one in (Month(2026, 2), Month(2026, 3), Month(2026, 4), Month(2026, 5))
        if rate_of("acknowledged", Scope(trust, None, one, NOW)).denominator
    ]
    assert counted == [month]


def test_what_is_not_due_yet_has_not_been_missed(trust, person, offer):
    referred(person, offer, NOW - days(13))
    running = Scope(trust, None, Month(2026, 11), NOW)
    assert rate_of("acknowledged", running) == Rate(0, 0)


def test_a_first_contact_on_the_42nd_day_is_in_time(scope, person, offer):
    sent = at("2026-09-01 10:00")
    referred(person, offer, sent, first_contact_at=sent + days(42))
    assert rate_of("started", scope) == Rate(1, 1)


def test_what_was_entered_in_error_is_in_no_count(scope, person, offer):
    referred(
        person,
        offer,
        SENT,
        status="entered_in_error",
        moves=[("entered_in_error", SENT + days(1))],
        acknowledged_at=SENT,
        ended_at=SENT + days(1),
    )
    assert rate_of("acknowledged", scope) == Rate(0, 0)
    assert rows("states", scope) == {}
    assert waits(scope).ended == 0


def test_the_newest_outcome_says_whose_word_it_is(scope, person, offer):
    referral = referred(person, offer, SENT, status="closed", ended_at=SENT + days(10))
    concluded(referral, "provider_only", SENT + days(10))
    concluded(referral, "person", SENT + days(11))
    assert rate_of("closed_with_word", scope) == Rate(1, 1)


def test_closed_without_anybodys_word_is_not_the_persons(scope, person, offer):
    referred(person, offer, SENT, status="closed", ended_at=SENT + days(10))
    assert rate_of("closed_with_word", scope) == Rate(0, 1)


def test_the_figures_are_of_the_referring_team_and_not_of_where_the_person_is_now(trust, team, nia, person, offer):
    referred(person, offer, SENT, team=nia.team)
    assert rate_of("acknowledged", Scope(trust, team, OCTOBER, NOW)).denominator == 0
    assert rate_of("acknowledged", Scope(trust, nia.team, OCTOBER, NOW)).denominator == 1


def test_states_are_what_they_were_at_the_end_of_the_month(scope, trust, person, offer):
    moves = [("acknowledged", MIDNIGHT - TICK), ("accepted", MIDNIGHT)]
    referred(person, offer, SENT, status="accepted", moves=moves)
    assert rows("states", scope) == {"acknowledged": 1}
    assert rows("states", Scope(trust, None, Month(2026, 11), NOW)) == {"accepted": 1}
    assert rows("states", Scope(trust, None, Month(2026, 9), NOW)) == {}


def test_the_last_event_is_the_last_recorded_in_whatever_order_rows_were_written(scope, person, offer):
    moves = [("accepted", SENT + days(3)), ("acknowledged", SENT + days(1))]
    referred(person, offer, SENT, status="accepted", moves=moves)
    assert rows("states", scope) == {"accepted": 1}


def test_states_now_are_those_that_the_referrals_are_in(trust, team, ash):
    for number, status in enumerate(Status):
        for person in people(team, ash, number % 3 + 1):
            ended = {"ended_at": SENT + days(1)} if status in ENDED else {}
            offer = factories.SupportOfferFactory()
            referred(person, offer, SENT, status=status, moves=[(status, SENT + days(1))], **ended)
    standing = Referral.objects.counted().order_by().values_list("status").annotate(Count("pk"))
    assert rows("states", Scope(trust, None, Month(2026, 11), NOW)) == dict(standing)


def test_who_was_reached_after_the_month_was_still_waiting_then(scope, person, offer):
    referred(person, offer, SENT, first_contact_at=MIDNIGHT)
    found = waits(scope)
    assert (found.reached, found.waiting, found.ended) == (0, 1, 0)


def test_who_ended_unreached_is_not_still_waiting(scope, person, offer):
    referred(person, offer, SENT, status="withdrawn", ended_at=MIDNIGHT - TICK)
    found = waits(scope)
    assert (found.reached, found.waiting, found.ended) == (0, 0, 1)


def test_waits_are_counted_in_days_of_london(scope, person, offer):
    """23:30 in UTC is already tomorrow in London's summer."""
    referred(person, offer, at("2026-10-04 23:30"), first_contact_at=at("2026-10-05 22:30"))
    assert waits(scope).median == 0


# --- Whose ----------------------------------------------------------------------------------------------------


def test_another_organisation_is_in_no_figure(scope, cam, offer):
    (stranger,) = people(cam.team, cam, 1)
    screening = screened(stranger, SENT, scored=result(access="high"), needs=["DEVICE"])
    decided(screening.needs.get(), "agreed", SENT)
    referred(stranger, offer, SENT)
    assert {rate_of(one.code, scope) for one in indicators.RATES} == {Rate(0, 0)}
    assert rows("needs", scope) == rows("states", scope) == {}
