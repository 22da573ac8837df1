"""A screening recorded in error may be somebody else's: nobody is reached by its words, whatever lies on top."""

from datetime import timedelta

import pytest

from accounts import clock
from people import actions as people
from people.contact_plan import tighten
from people.models import ContactPlan
from screening import actions
from tests.factories import ScreeningFactory
from tests.merging.records import merge, record, undo
from tests.screening.examples import CASES

pytestmark = pytest.mark.django_db
WELL = CASES["no-barriers"]


def screened(person, by, answers=WELL, days_ago=0):
    with clock.at(clock.now() - timedelta(days=days_ago)):
        return ScreeningFactory(service_user=person, started_by=by, answers=answers, submitted=True)


def void(screening, by):
    screening.refresh_from_db()
    actions.void(screening=screening, reason="Somebody else's answers", by=by)


def ways(person):
    plan = ContactPlan.objects.current_for(person).plan
    return plan.open_channels, plan.automatic


NOTHING = (frozenset(), False)


def test_a_plan_that_staff_tightened_since_is_forgotten_too(ash, person):
    wrong = screened(person, ash)
    row = ContactPlan.objects.current_for(person)
    people.change_contact_plan(
        service_user=person, plan=tighten(row.plan, stop_voicemail=True), seen=row.number, by=ash
    )
    assert ways(person) != NOTHING
    void(wrong, ash)
    assert ways(person) == NOTHING


def test_a_later_screening_that_left_contact_out_does_not_keep_it(ash, person):
    wrong = screened(person, ash, days_ago=5)
    screened(person, ash, {code: answer for code, answer in WELL.items() if code != "CT2"})
    assert ways(person) != NOTHING
    void(wrong, ash)
    assert ways(person) == NOTHING


def test_a_later_screening_that_asked_everything_stands(ash, person):
    wrong = screened(person, ash, days_ago=5)
    screened(person, ash, {**WELL, "CT1": ["call"]})
    void(wrong, ash)
    assert ways(person)[0] == {"call"}


@pytest.mark.parametrize("whose", ["kept", "other"])
def test_a_plan_that_went_into_a_merge_is_forgotten_for_both(ash, whose):
    kept, other = record(ash), record(ash, name="Robyn Rivers")
    earlier = screened(other if whose == "kept" else kept, ash, days_ago=5)
    wrong = screened(kept if whose == "kept" else other, ash)
    row = merge(kept, other, ash)
    assert ways(kept) != NOTHING
    void(wrong, ash)
    assert ways(kept) == NOTHING
    void(earlier, ash)
    assert [ways(one) for one in undo(row, ash)] == [NOTHING, NOTHING]
