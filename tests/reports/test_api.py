"""Other systems are told what the page shows, no more, by the same choices."""

import pytest

from accounts import clock
from accounts.models import AuditEvent
from reports import counting, indicators
from reports.caseload import CaseloadReport
from reports.models import Edition
from reports.periods import Month, Quarter
from tests import factories
from tests.reports import history, writing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("told")]


@pytest.fixture
def told(trust, team, ash, nia, cam, offer):
    writing.write(
        history.make(3), [ash.team, nia.team, cam.team], [ash, nia, cam], [offer, factories.SupportOfferFactory()]
    )
    while counting.count_marked():
        continue
    with clock.at(history.NOW):
        yield


def read(client, address):
    response = client.get(address)
    assert response.status_code == 200, response.content
    return response.json()


def texts(shown):
    return [str(shown.share), str(shown.numerator), str(shown.denominator), str(shown.not_known)]


@pytest.mark.parametrize("period", [Month(2026, 10), Month(2026, 11), Quarter(2026, 3)])
def test_every_figure_and_row_is_what_the_page_shows(as_dee, dee, ash, period):
    for team, address in ((None, ""), (ash.team, f"?team={ash.team.pk}")):
        told = read(as_dee, f"/api/v1/reports/{period}/{address}")
        page = CaseloadReport(dee.organisation, team, period)
        assert [
            [point[part]["text"] for part in ("share", "numerator", "denominator", "not_known")]
            for figure in told["figures"]
            for point in figure["points"]
        ] == [texts(point) for figure in page.figures for point in figure.points]
        assert [
            (row["name"], [figure["text"] for figure in row["figures"]])
            for table in told["tables"]
            for row in table["rows"]
        ] == [
            (label, [figure.text for figure in figures]) for table in page.tables for label, figures in table.lines
        ]
        assert told["is_running"] == page.is_running


def test_what_is_counted_is_said_with_its_definition(as_dee):
    told = read(as_dee, "/api/v1/reports/")
    assert {one["code"] for one in told} == set(indicators.BY_CODE)
    assert all(one["definition"] for one in told)


@pytest.mark.parametrize(
    "address",
    ["2026-10/?teem=x", "2026-10/?team=nobody", "2020-01/", "2026-13/", "2027-01/", "?period=2026-10"],
)
def test_what_cannot_be_chosen_is_an_error_and_never_the_whole(as_dee, address):
    response = as_dee.get(f"/api/v1/reports/{address}")
    assert response.status_code == 400
    assert response.json()["errors"]


def test_another_organisations_team_cannot_be_chosen(as_dee, cam):
    assert as_dee.get(f"/api/v1/reports/2026-10/?team={cam.team.pk}").status_code == 400


def test_a_look_is_audited(as_dee, dee):
    read(as_dee, "/api/v1/reports/2026-10/")
    event = AuditEvent.objects.filter(action="view_report").latest("at")
    assert (event.membership, event.details["period"], event.details["page"]) == (dee, "2026-10", "api")


def test_before_the_first_counting_is_over_it_says_so(as_dee):
    Edition.objects.update(state=Edition.State.IN_THE_MAKING)
    response = as_dee.get("/api/v1/reports/2026-10/")
    assert response.status_code == 409
    assert "counted for the first time" in response.json()["detail"]
