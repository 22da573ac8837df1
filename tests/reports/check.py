"""Holds what a report says to what plain loops count: every indicator, one scope, one period."""

from datetime import timedelta

from people.groups import GROUPINGS
from reports import indicators
from reports.figures import Rate
from tests.reports import asking, plain_all, rows
from tests.reports.plain import OURS, Plain, age
from tests.reports.plain_groups import equity_coverage, equity_fixed, of_group

STANDS = [grouping for grouping in GROUPINGS if grouping != "age"]
EQUITY = {"acted_on": Plain.acted_on, "started": Plain.started, "needs_resolved": Plain.needs_resolved}


def check(found, plain, team_code=str):
    """`found`: reports.figures.Figures. `team_code`: number of a team → its id."""
    for code, count in plain_all.RATES.items():
        assert found.rate(indicators.BY_CODE[code]) == count(plain), code
    for code, count in plain_all.ROWS.items():
        wanted = {row: n for row, n in count(plain).items() if n}
        assert found.rows(indicators.BY_CODE[code]) == wanted, code
    for theme in rows.THEMES:
        assert asking.levels_of(found, theme) == plain.levels(theme), theme
    waits = found.waits()
    assert (waits.median, waits.reached, waits.waiting, waits.ended) == plain.waits()
    people = found.people(indicators.BY_CODE["completeness"])
    assert people == len(plain.current())
    if not plain.for_a_team:
        check_equity(found, plain, team_code)


def check_equity(found, plain, team_code):
    told = found.rates(indicators.BY_CODE["equity_coverage"])
    assert_groups(told, {(g, c): equity_coverage(plain, g, c) for g in GROUPINGS for c in GROUPINGS[g].groups})
    assert_groups(told, {("team", team_code(team)): of_team(plain, team, Plain.coverage) for team in OURS})
    for code, rate in EQUITY.items():
        told = found.rates(indicators.BY_CODE[f"equity_{code}"])
        wanted = {(g, c): equity_fixed(plain, g, c, rate) for g in STANDS for c in GROUPINGS[g].groups}
        assert_groups(told, wanted | {("team", team_code(team)): of_team(plain, team, rate) for team in OURS})
        ages = [one for group, one in told.items() if group.startswith("age:")]
        whole = rate(plain)
        together = Rate(*(sum(getattr(one, part) for one in ages) for part in Rate.__match_args__))
        assert together.numerator >= whole.numerator  # whoever had a birthday within the period may count twice
        assert together.denominator >= whole.denominator
        if not any(had_birthday(person, plain) for person in plain.everybody):
            assert together == whole


def of_team(plain, team, rate):
    return of_group(plain, plain.everybody, rate, team)


def assert_groups(told, wanted):
    for (grouping, group), rate in wanted.items():
        assert told.get(f"{grouping}:{group}", Rate(0, 0)) == rate, (grouping, group)


def had_birthday(person, plain):
    """On which another band begins."""
    before = plain.first - timedelta(days=1)
    return person.born and any(
        age(person.born, before) < years <= age(person.born, plain.day) for years in (18, 35, 50, 65)
    )
