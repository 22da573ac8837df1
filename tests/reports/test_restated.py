"""Months that were over, and whose figures changed after that: by what, and which of them."""

from datetime import date

import pytest

from accounts import clock
from people.models import ServiceUser
from reports import rebuilding
from reports.models import Count, Edition, Restated
from screening.models import Screening
from tests.reports.rows import NOW, at, people, referred, screened
from tests.reports.sums import count_all

pytestmark = pytest.mark.django_db


def restated(scope):
    return sorted(f"{day:%Y-%m}" for day in Restated.objects.filter(scope=scope).values_list("month", flat=True))


@pytest.fixture
def in_november():
    with clock.at(NOW):
        yield


def test_a_late_entry_restates_its_month_and_those_on_which_it_still_stands(in_november, trust, team, ash, nia):
    (person,) = people(team, ash, 1)
    count_all()
    Restated.objects.all().delete()
    screened(person, at("2026-08-10 10:00"))
    count_all()
    assert restated(trust.pk) == restated(team.pk) == ["2026-08", "2026-09", "2026-10"]
    assert restated(nia.team_id) == []


def test_what_happened_within_a_month_restates_that_month_alone(in_november, trust, team, ash, offer):
    (person,) = people(team, ash, 1)
    referral = referred(person, offer, at("2026-01-05 10:00"))
    count_all()
    Restated.objects.all().delete()
    type(referral).objects.filter(pk=referral.pk).update(acknowledged_at=at("2026-01-10 10:00"))
    count_all()
    assert restated(trust.pk) == ["2026-01"]


def test_a_correction_restates_what_the_mistake_stood_in(in_november, trust, team, ash):
    (person,) = people(team, ash, 1)
    one = screened(person, at("2026-09-10 10:00"))
    count_all()
    Restated.objects.all().delete()
    void = {"voided_at": NOW, "voided_by": ash, "void_reason": "Wrong person"}
    Screening.objects.filter(pk=one.pk).update(status="void", **void)
    count_all()
    assert restated(trust.pk) == ["2026-09", "2026-10"]


def test_joining_two_records_restates_every_month_in_which_there_were_two(in_november, trust, team, ash):
    kept, other = people(team, ash, 2, on_caseload_since=date(2026, 7, 1))
    count_all()
    Restated.objects.all().delete()
    ServiceUser.objects.filter(pk=other.pk).update(merged_into=kept)
    count_all()
    assert restated(trust.pk) == ["2026-07", "2026-08", "2026-09", "2026-10"]


def test_what_changes_this_month_alone_restates_nothing(in_november, trust, team, ash):
    (person,) = people(team, ash, 1, on_caseload_since=date(2026, 11, 1))
    screened(person, at("2026-11-20 10:00"))
    count_all()
    assert restated(trust.pk) == []


# Everybody counted anew


@pytest.fixture
def by_other_definitions(in_november, team, ash):
    """Somebody screened in August, counted by another version of the code."""
    (person,) = people(team, ash, 1)
    screened(person, at("2026-08-10 10:00"))
    count_all()
    Edition.objects.update(definitions="of an earlier version")
    Restated.objects.all().delete()


def test_months_that_were_counted_otherwise_before_are_restated(by_other_definitions, trust, team, nia):
    Count.objects.filter(code="coverage:of", scope=trust.pk, day=date(2026, 8, 1)).update(n=3)
    rebuilding.rebuild()
    assert restated(trust.pk) == ["2026-08", "2026-09", "2026-10"]
    assert restated(team.pk) == restated(nia.team_id) == []


def test_what_earlier_definitions_count_alike_restates_nothing(by_other_definitions, trust):
    rebuilding.rebuild()
    assert restated(trust.pk) == []


def test_what_only_one_version_counts_was_never_shown_otherwise(by_other_definitions, trust):
    last = Edition.objects.get().number
    Count.objects.create(edition=last, scope=trust.pk, code="no_more:of", day=date(2026, 8, 1), n=9)
    Count.objects.filter(code__startswith="coverage:").delete()
    rebuilding.rebuild()
    assert restated(trust.pk) == []


def test_a_month_entered_late_while_nobody_could_be_counted_is_restated(by_other_definitions, trust, team, ash):
    people(team, ash, 1, on_caseload_since=date(2026, 9, 1))
    rebuilding.rebuild()
    assert restated(trust.pk) == ["2026-09", "2026-10"]
