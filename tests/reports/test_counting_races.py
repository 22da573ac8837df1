"""Several count at once, and records change in the very moment of counting: figures end as the live count.

Needs PostgreSQL: SQLite lets one write at a time, and tests/reports/test_counting.py holds on both.
"""

import random
import threading

import pytest
from django.db import connection, transaction

from people.models import ServiceUser
from reports import checking, counting, rebuilding
from reports.models import Edition, Mark
from tests import factories
from tests.referrals.test_race import at_once
from tests.reports import history, writing
from tests.reports.changing import change_something
from tests.reports.rows import people
from tests.reports.sums import count_all, kept_sums, live_sums

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL"),
]


@pytest.fixture
def told(team, ash, nia, cam, offer):
    others = [offer, factories.SupportOfferFactory()]
    writing.write(history.make(12, 12), [ash.team, nia.team, cam.team], [ash, nia, cam], others)
    return [ash.team, nia.team, cam.team]


def is_right():
    count_all()
    assert not Mark.objects.exists()
    assert kept_sums() == live_sums()
    assert checking.check().is_well
    return True


def no_errors(results):
    assert not [result for result in results if isinstance(result, Exception)], results


def counting_on():
    for _ in range(20):
        counting.count_marked(limit=3)


def changing(seed, teams):
    def work():
        chance = random.Random(seed)
        for _ in range(15):
            change_something(chance, teams)

    return work


@pytest.mark.parametrize("seed", range(2))
def test_two_who_count_at_once_count_nobody_twice(told, seed):
    no_errors(at_once(counting_on, counting_on, counting_on))
    assert is_right()
    no_errors(at_once(counting_on, counting_on, changing(seed, told), changing(seed + 100, told)))
    assert is_right()


def test_two_rebuilds_at_once_while_records_change_end_as_one(told):
    edition = rebuilding.in_the_making()

    def rebuild():
        while rebuilding.step(edition, limit=2):
            continue

    no_errors(at_once(rebuild, rebuild, counting_on, changing(5, told)))
    assert Edition.objects.get().number == edition.number
    assert is_right()


def change_in_between(monkeypatch, person, *, before):
    """Commits a change of the person, on a connection of its own, just before or after their facts are read."""
    gather = counting.gather

    def late(pks):
        found = None if before else gather(pks)
        update = {"date_of_birth": "2012-01-01" if before else "1951-01-01"}
        no_errors(at_once(lambda: ServiceUser.objects.filter(pk=person.pk).update(**update)))
        return gather(pks) if before else found

    monkeypatch.setattr(counting, "gather", late)


@pytest.mark.parametrize("before", [True, False])
def test_a_change_that_is_committed_while_somebody_is_counted_keeps_its_mark(team, ash, monkeypatch, before):
    (person,) = people(team, ash, 1)
    with monkeypatch.context() as within:
        change_in_between(within, person, before=before)
        counting.count_marked()
    assert list(Mark.objects.values_list("person", flat=True)) == [person.pk]
    assert is_right()


def test_a_change_that_began_before_and_is_committed_after_the_count_keeps_its_mark(team, ash):
    """Its mark has a lower number than one that is already counted."""
    first, second = people(team, ash, 2)
    count_all()
    begun, counted = threading.Event(), threading.Event()

    def slow():
        with transaction.atomic():
            ServiceUser.objects.filter(pk=first.pk).update(date_of_birth=None)
            begun.set()
            assert counted.wait(timeout=10)

    def quick():
        assert begun.wait(timeout=10)
        ServiceUser.objects.filter(pk=second.pk).update(date_of_birth=None)
        counting.count_marked()
        counted.set()

    no_errors(at_once(slow, quick))
    assert list(Mark.objects.values_list("person", flat=True)) == [first.pk]
    assert is_right()


def test_a_check_while_records_change_and_are_counted_finds_nothing(told):
    count_all()
    found = []
    no_errors(
        at_once(
            lambda: found.extend(checking.check() for _ in range(6)),
            counting_on,
            changing(8, told),
        )
    )
    assert all(one.is_well for one in found), found
    assert is_right()
