"""Two views of the report taken from each other, over and over: no small number comes out."""

import random
from itertools import combinations

import pytest

from accounts.models import Team
from reports.caseload import CaseloadReport
from reports.periods import Month
from tests import factories
from tests.reports import attack, history

pytestmark = pytest.mark.django_db
PAIRS = 200


@pytest.fixture
def views(trust, team, ash, nia, offer):
    """(team or None, month) → {row: words}, of three teams and six months."""
    third = factories.MembershipFactory(team__organisation=trust, team__name="Third team")
    members = [ash, nia, third]
    history.write(
        history.make(7, 90), [one.team for one in members], members, [offer, factories.SupportOfferFactory()]
    )
    scopes: list[Team | None] = [None, *(one.team for one in members)]
    return {
        (scope, month): counts_of(CaseloadReport(trust, scope, Month(*month), history.NOW))
        for scope in scopes
        for month in history.MONTHS
    }


def counts_of(report):
    """Every count of the report, by table and row; days and shares are no counts."""
    figures = {
        (figure.measure.code, part): getattr(figure, part).text
        for figure in report.figures
        for part in ("numerator", "denominator", "not_known")
    }
    tables = {
        (table.code, label): shown.text
        for table in report.tables
        for label, shown in table.rows
        if "within" not in label
    }
    return figures | tables


def pairs_of(views):
    """A team and the whole of the same month, or two months of the same scope."""
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
            same_month = one[1] == other[1]
            work_out = attack.rest if same_month else attack.change
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
