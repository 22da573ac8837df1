"""Every figure of the report against a count by plain loops over made-up histories, with its own reading."""

from collections import Counter
from uuid import UUID

import pytest

from reports import counting, indicators, rebuilding
from reports.figures import Figures
from reports.periods import Month, Quarter
from reports.scope import Scope, days_of
from reports.summary import Sums
from reports.tallies import tally
from tests import factories
from tests.reports import as_facts, asking, history, plain_all, writing
from tests.reports.check import check
from tests.reports.history import NOW, PRIVATE
from tests.reports.plain import Plain

SMALL = 12
"""People in a history of those that are never written to a database."""


def test_every_indicator_has_a_plain_reading():
    by_group = {f"equity_{code}" for code in indicators.BY_GROUP}
    assert set(plain_all.RATES) == {one.code for one in indicators.RATES}
    assert set(plain_all.ROWS) | plain_all.BY_ITSELF == {one.code for one in indicators.TABLES}
    assert {*plain_all.RATES, *plain_all.ROWS, *plain_all.BY_ITSELF, *by_group} == set(indicators.BY_CODE)


# --- Two hundred histories, in memory -------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(200))
def test_sums_of_facts_are_what_the_definitions_count(seed):
    people = history.make(1000 + seed, SMALL)
    found = Counter()
    for person in people:
        found.update(tally(as_facts.person(person)))
    year, month = history.MONTHS[seed % len(history.MONTHS)]
    months = [
        (Month(year, month), month, 1),
        (quarter := Quarter.of(Month(year, month).first), quarter.months[0].number, 3),
    ]
    for period, first, length in months:
        for scope, teams in ((as_facts.ORGANISATIONS[0], {0, 1}), (as_facts.TEAMS[0], {0})):
            figures = Figures(sums(found, scope, *days_of(period, NOW)), period.is_quarter)
            check(figures, Plain(people, year, first, teams, NOW, PRIVATE, length), team_code)


def team_code(team):
    return str(as_facts.TEAMS[team])


def sums(found, scope: UUID, first, last) -> Sums:
    answer = Sums()
    for cell, n in found.items():
        if cell.scope == scope and cell.day <= last:
            answer.standing[cell.code] += n
            if cell.day >= first:
                answer.within[cell.code] += n
    return answer


# --- Through the database -------------------------------------------------------------------------------------


def as_they_are():
    """Nobody is counted: the page counts them while it is read."""


def counted_by_the_job():
    while counting.count_marked(limit=100):
        pass


def counted_anew():
    rebuilding.rebuild()


WAYS = [as_they_are, counted_by_the_job, counted_anew]


@pytest.fixture(params=range(4))
def told(request, db, team, ash, nia, cam, offer):
    """People as plain records, and as rows: the teams of one organisation, 0 and 1, and a stranger's, 2."""
    people = history.make(request.param)
    others = [offer, factories.SupportOfferFactory()]
    writing.write(people, [ash.team, nia.team, cam.team], [ash, nia, cam], others)
    return people


def views(people, trust, ash):
    """Each month for the whole and for one team: (the scope, its plain twin)."""
    for year, month in history.MONTHS:
        yield Scope(trust, None, Month(year, month), NOW), Plain(people, year, month, {0, 1}, NOW, PRIVATE)
        yield Scope(trust, ash.team, Month(year, month), NOW), Plain(people, year, month, {0}, NOW, PRIVATE)


@pytest.mark.parametrize("count", WAYS)
def test_every_figure_is_what_its_definition_counts(told, trust, ash, nia, count):
    count()
    for scope, plain in views(told, trust, ash):
        check(asking.figures(scope), plain, lambda team: str([ash.team.pk, nia.team.pk][team]))


def test_levels_and_statuses_add_up_to_the_people_who_were_screened(told, trust, ash):
    for scope, _ in views(told, trust, ash):
        screened = asking.rate_of("coverage", scope).numerator
        assert sum(asking.rows("status", scope).values()) == screened
        assert all(sum(asking.levels(scope, theme).values()) == screened for theme in history.rows.THEMES)
