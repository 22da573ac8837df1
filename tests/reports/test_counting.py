"""Whoever changed is counted anew, a rebuild may be stopped anywhere, and what went wrong is found and named."""

import random
from collections import Counter
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from msgspec import structs

from accounts import clock
from people.models import ServiceUser
from reports import checking, counting, rebuilding, tasks, triggers
from reports.facts import read, write
from reports.models import Check, Count, Counted, Edition, Mark
from reports.tallies import Cell
from tests import factories
from tests.reports import history, writing
from tests.reports.changing import change_something
from tests.reports.rows import NOW, at, people
from tests.reports.sums import count_all, kept_sums, live_sums

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(team, ash, nia, cam, offer):
    """People with histories, in two teams of one organisation and one of another."""

    writing.write(
        history.make(11, 20),
        [ash.team, nia.team, cam.team],
        [ash, nia, cam],
        [offer, factories.SupportOfferFactory()],
    )
    return [ash.team, nia.team, cam.team]


# Counting


def test_figures_are_what_records_give_after_any_changes(told):
    chance = random.Random(3)
    for _round in range(6):
        for _change in range(8):
            change_something(chance, told)
        count_all()
        assert kept_sums() == live_sums() != Counter()
        assert not Mark.objects.exists()


def test_nobody_is_counted_while_no_edition_is_of_this_code(told):
    Edition.objects.update(definitions="of another version")
    assert counting.count_marked() == 0
    assert Mark.objects.exists()
    tasks.count_changed()  # and comes back, though there is nothing that it may do


def test_a_rebuild_is_right_after_each_step_and_goes_on_from_where_it_was(told):
    chance = random.Random(4)
    count_all()
    edition = rebuilding.in_the_making()
    while rebuilding.step(edition, limit=3):
        change_something(chance, told)
        change_something(chance, told)
        assert rebuilding.in_the_making() == edition  # as another process would find it
        counting.count_marked(limit=2)
    count_all()
    assert Edition.objects.get().number == edition.number
    assert kept_sums() == live_sums()


def test_a_process_that_comes_late_to_a_finished_rebuild_counts_nobody_twice(told, ash):
    edition = rebuilding.in_the_making()
    late = Edition.objects.get(pk=edition.pk)
    while rebuilding.step(edition):
        continue
    count_all()
    people(ash.team, ash, 2)
    count_all()
    assert not rebuilding.step(late)
    assert kept_sums() == live_sums()
    assert Edition.objects.get().pk == edition.pk


def test_a_rebuild_that_was_thrown_away_ends(told):
    edition = rebuilding.in_the_making()
    rebuilding.step(edition, limit=2)
    Edition.objects.filter(pk=edition.pk).delete()
    assert not rebuilding.step(edition)


def test_days_of_months_that_are_over_become_one_row_and_no_figure_changes(told):
    with clock.at(at("2026-10-20 12:00")):
        rebuilding.rebuild()
        before = Count.objects.filter(day__gt=date(2026, 10, 1)).count()
    with clock.at(NOW):
        sums = kept_sums()
        tasks.tidy()
        assert kept_sums() == sums
        ended = Count.objects.filter(day__lt=date(2026, 11, 1)).exclude(day__day=1)
        assert before
        assert not ended.exists()


def test_rows_of_an_edition_that_is_gone_are_swept_away(told):
    first = Edition.objects.get()
    count_all()
    rebuilding.rebuild()
    assert Count.objects.filter(edition=first.number).exists()
    tasks.tidy()
    assert not Count.objects.filter(edition=first.number).exists()


# Jobs


def test_the_jobs_count_whoever_changed_and_then_everybody_by_new_definitions(told, monkeypatch):
    tasks.count_changed()
    assert kept_sums() == live_sums()
    Edition.objects.update(definitions="of an earlier version")
    assert rebuilding.is_due()
    tasks.count_anew()
    assert not rebuilding.is_due()
    assert kept_sums() == live_sums()


def test_a_rebuild_that_a_command_began_is_carried_on_by_the_job(told):
    count_all()
    edition = rebuilding.in_the_making()
    rebuilding.step(edition, limit=2)
    tasks.count_anew()
    assert Edition.objects.get() == edition
    tasks.count_anew()
    assert Edition.objects.get() == edition  # nothing is due, and nothing is begun


def test_figures_are_looked_at_once_a_day(told):
    count_all()
    tasks.check_figures()
    tasks.check_figures()
    assert Check.objects.count() == 1
    Check.objects.update(at=clock.now() - timedelta(days=1))
    tasks.check_figures()
    assert Check.objects.count() == 2


# Checking


@pytest.fixture
def counted(told):
    count_all()
    rebuilding.rebuild()
    tasks.tidy()
    return told


def of_whom(found):
    return {difference.person for difference in found.differences}


def test_nothing_differs_where_everybody_is_counted(counted):
    found = checking.check()
    assert found.is_well, found
    assert (found.people, found.marked) == (ServiceUser.objects.count(), 0)


def test_whoever_is_owed_a_count_is_left_out(counted):
    change_something(random.Random(1), counted)
    found = checking.check()
    assert found.is_well
    assert found.marked == 1


def test_a_row_that_is_not_the_sum_is_named(counted):
    row = Count.objects.filter(code="coverage:out_of").first()
    Count.objects.filter(pk=row.pk).update(n=row.n + 7)
    (difference,) = checking.check().differences
    assert difference == checking.Difference(Cell(row.scope, row.code, row.day), row.n + 7, row.n)


def test_a_row_that_is_gone_and_one_too_many_are_named(counted):
    gone, moved = Count.objects.filter(code="coverage:out_of").order_by("pk")[:2]
    Count.objects.filter(pk=gone.pk).delete()
    Count.objects.filter(pk=moved.pk).update(code="coverage:of_none")
    assert {(one.cell.code, one.kept, one.true) for one in checking.check().differences} == {
        ("coverage:out_of", 0, gone.n),
        ("coverage:out_of", 0, moved.n),
        ("coverage:of_none", moved.n, 0),
    }


def test_a_change_that_left_no_mark_is_found_with_the_figures_that_it_changes(counted):
    person = ServiceUser.objects.filter(left_caseload_on=None).first()
    ServiceUser.objects.filter(pk=person.pk).update(on_caseload_since=date(2019, 1, 1))
    Mark.objects.all().delete()
    found = checking.check()
    assert of_whom(found) == {person.pk}
    assert {one.kept - one.true for one in found.differences} <= {-1, 1}


def test_facts_that_cannot_be_read_are_found(counted):
    row = Counted.objects.exclude(facts=b"").first()
    Counted.objects.filter(pk=row.pk).update(facts=b"\x00")
    found = checking.check()
    assert row.pk in of_whom(found)


def test_facts_that_differ_without_a_figure_are_found(counted):
    row = next(one for one in Counted.objects.all() if not read(bytes(one.facts)).left)
    other = structs.replace(read(bytes(row.facts)), left=date(2099, 1, 1))
    Counted.objects.filter(pk=row.pk).update(facts=write(other))
    found = checking.check()
    assert not found.is_well
    assert row.pk in of_whom(found)


def test_a_missing_trigger_is_found(counted):
    name, table = triggers.installed("default")[0]
    with connection.cursor() as cursor:
        cursor.execute(triggers._removal(connection.vendor, name, table))
    assert checking.check(sample=5).triggers_missing == [name]


def test_a_sample_looks_at_some_and_finds_one_that_is_wrong_among_them(counted):
    Counted.objects.all().update(facts=b"\x00")
    found = checking.check(sample=5)
    assert 1 <= found.people <= 5
    assert of_whom(found)


def test_nothing_is_said_of_figures_by_other_definitions(counted):
    Edition.objects.update(definitions="of an earlier version")
    found = checking.check()
    assert not found.is_well
    assert not found.differences
    checking.check_and_keep()
    assert not Check.objects.exists()


# Commands


def test_the_command_says_that_all_is_well(counted, capsys):
    call_command("check_rollups")
    assert "What is kept is what the records give." in capsys.readouterr().out


def test_the_command_names_scope_figure_day_kept_and_true_and_mends_nothing(counted, capsys, trust):
    row = Count.objects.filter(code="coverage:out_of", scope=trust.pk).first()
    Count.objects.filter(pk=row.pk).update(n=row.n + 7)
    for _twice in range(2):
        with pytest.raises(SystemExit) as ended:
            call_command("check_rollups")
        assert ended.value.code == 1
        day = f"{row.day.day} {row.day:%B %Y}"
        line = f"Lambourne NHS Trust: Screened in the last year (out_of), {day}: kept {row.n + 7}, true {row.n}"
        assert line in capsys.readouterr().out


def test_the_command_that_rebuilds_mends_it_and_may_be_stopped(counted, capsys, monkeypatch):
    Count.objects.update(n=5)
    edition = rebuilding.in_the_making()
    rebuilding.step(edition, limit=4)
    call_command("rebuild_rollups", batch=4)
    said = capsys.readouterr().out
    assert "Going on after 4 of about" in said
    assert "Everybody is counted." in said
    call_command("check_rollups")


@pytest.mark.parametrize(
    ("command", "options"), [("rebuild_rollups", {"batch": 0}), ("check_rollups", {"sample": 0})]
)
def test_none_at_a_time_is_refused(db, command, options):
    with pytest.raises(CommandError, match="must be 1 or more"):
        call_command(command, **options)
