"""Two views of the report taken from each other, over and over: no small number comes out."""

import random
import re
from itertools import combinations, product

import pytest

from accounts.models import Team
from reports import disclosure, indicators
from reports.caseload import CaseloadReport
from reports.comparing import compared
from reports.disclosure import count, total
from reports.periods import Month, Quarter
from tests import factories
from tests.reports import attack, history, writing

pytestmark = pytest.mark.django_db
PAIRS = 200
QUARTERS = [Quarter(2026, 3), Quarter(2025, 3)]
PERIODS = [
    *(Month(*month) for month in history.MONTHS),
    *(
        month
        for quarter in QUARTERS
        for month in quarter.months
        if (month.year, month.number) not in history.MONTHS
    ),
    *QUARTERS,
]
SMALL_AND_NOT = [0, 1, 2, 7, 8, 9, 12, 13, 17, 18]
"""Edges of what is shown alike, and something between them."""


@pytest.fixture
def views(trust, team, ash, nia, offer):
    """(team or None, period) → {row: words}, of three teams, their months and their quarters."""
    third = factories.MembershipFactory(team__organisation=trust, team__name="Third team")
    members = [ash, nia, third]
    writing.write(
        history.make(7, 90), [one.team for one in members], members, [offer, factories.SupportOfferFactory()]
    )
    scopes: list[Team | None] = [None, *(one.team for one in members)]
    return {
        (scope, period): counts_of(CaseloadReport(trust, scope, period, history.NOW))
        for scope in scopes
        for period in PERIODS
    }


def counts_of(report):
    """Every count of the report, by table and row. Days, minutes and shares are none, and questions are counted by
    the hundred (disclosure.things)."""
    figures = {
        (figure.measure.code, part): getattr(figure.now, part).text
        for figure in report.figures
        if figure.measure.per_person == 1
        for part in ("numerator", "denominator", "not_known")
    }
    tables = {(table.code, label): shown.text for table in report.tables for label, shown in table.rows}
    return {row: str(text) for row, text in (figures | tables).items() if COUNT.fullmatch(str(text))}


COUNT = re.compile("fewer than 8|[0-9,]+")


def pairs_of(views):
    """A team and the whole of the same period, or two periods of the same scope: also a year apart."""
    alike = [
        (one, other)
        for one, other in combinations(views, 2)
        if (one[1] == other[1] and None in (one[0], other[0])) or one[0] == other[0]
    ]
    return random.Random(5).choices(alike, k=PAIRS)


def test_no_pair_of_views_gives_a_small_number_away(views):
    tried = 0
    for one, other in pairs_of(views):
        for row in views[one].keys() & views[other].keys():
            larger, smaller = (one, other) if one[0] is None else (other, one)
            same_period = one[1] == other[1]
            work_out = attack.rest if same_period else attack.change
            found = work_out(views[larger][row], views[smaller][row])
            assert found, (row, larger, smaller)
            assert not attack.gives_away(found), (row, larger, smaller)
            tried += 1
    assert tried > 20 * PAIRS


def test_there_was_something_small_to_find(views):
    """Else the test above would prove nothing."""
    words = [text for view in views.values() for text in view.values()]
    assert words.count("fewer than 8") > 200
    assert len([text for text in words if text.isdigit() and int(text) >= 10]) > 100


# --- A quarter and its months ---------------------------------------------------------------------------------


def left_for(place, months, quarter, shown_so):
    """What one month may be, by somebody who knows the rule and sees the quarter and all its months."""
    return {
        true[place]
        for true in product(*(attack.possible(one.text) for one in months))
        if shown_so(sum(true)) == quarter
    }


def test_no_month_can_be_had_from_its_quarter_and_the_other_two():
    """Every three months at the edges of what is shown alike, tried as the attacker would who knows the rule."""
    tried = 0
    for true in product(SMALL_AND_NOT, repeat=3):
        months = [count(n) for n in true]
        quarter = total(sum(true), months).text
        for place, n in enumerate(true):
            if n in attack.SMALL:
                found = left_for(place, months, quarter, lambda n, months=months: total(n, months).text)
                assert n in found
                assert not attack.gives_away(found), (true, quarter)
                tried += 1
    assert tried == 900


def test_rounding_alone_would_give_such_a_month_away():
    """Else the test above would prove nothing."""
    months = [count(n) for n in (8, 8, 1)]
    assert attack.gives_away(left_for(2, months, "15", lambda n: count(n).text))
    assert total(17, months).text == "20"


def test_a_quarter_is_never_further_off_than_its_neighbour():
    for true in product(SMALL_AND_NOT, repeat=3):
        shown = total(sum(true), [count(n) for n in true])
        assert shown.least <= sum(true) <= shown.most
        assert shown.value is None or abs(shown.value - sum(true)) <= 4


def test_no_quarter_of_the_report_gives_a_month_away(views):
    tried = 0
    for (scope, period), rows in views.items():
        if period in QUARTERS:
            months = [views[scope, month] for month in period.months]
            for row, words in rows.items():
                if not is_a_sum(row[0]):
                    continue
                tried += _try_quarter(words, [month.get(row, "0") for month in months])
    assert tried > 50


def is_a_sum(code):
    """What stands at the end of a quarter stands at the end of its last month; who counts once counts once."""
    indicator = indicators.BY_CODE.get(code)
    return indicator is not None and not indicator.standing and not indicator.by_quarter


def _try_quarter(quarter, months):
    """By bounds, as they are for any numbers: how many held-back months were tried."""
    sets = [attack.possible(text) for text in months]
    held_back = [place for place, text in enumerate(months) if text == "fewer than 8"]
    reach = {n + more for n in attack.possible(quarter) for more in (-1, 0, 1)} if held_back else set()
    for place in held_back:
        others = [sum(pick) for pick in product(*(sets[other] for other in range(3) if other != place))]
        found = {n for n in sets[place] if any(n + more in reach for more in others)}
        assert not attack.gives_away(found), (quarter, months)
    return len(held_back)


# --- One view that shows several ------------------------------------------------------------------------------


def test_trends_and_teams_side_by_side_show_each_figure_as_its_own_page_does(views, trust):
    """So that a view of many is nothing new to whoever takes figures from each other."""
    tried, teams = 0, {team.pk if team else trust.pk: team for team, _period in views}
    for period in (Month(2026, 10), Quarter(2026, 3)):
        for measure in (one for one in indicators.RATES if one.per_person == 1):
            found = compared(measure, trust, None, period)
            for (_name, point), scope in zip(found.side_by_side, found.names, strict=True):
                if scope in teams:
                    tried += alike(point, views[teams[scope], period], measure)
            for point in found.figure.points:
                if (None, point.period) in views:
                    tried += alike(point, views[None, point.period], measure)
    assert tried > 60


def alike(point, alone, measure):
    for part in ("numerator", "denominator", "not_known"):
        there = alone.get((measure.code, part), disclosure.HELD_BACK.text)
        assert getattr(point, part).text == there, (measure.code, point.period)
    return 1
