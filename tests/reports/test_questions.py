"""The report's pages: each indicator in its place, each figure through time and teams, and what a page costs."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import clock
from accounts.models import AuditEvent
from reports import counting, indicators, pages
from reports.models import Edition, Restated
from reports.periods import Month
from tests.referrals.planning import read, text_of
from tests.reports.rows import at, people, referred, screened

pytestmark = pytest.mark.django_db

NOW = at("2026-11-24 15:00")
ADDRESSES = [
    reverse("reports:caseload"),
    *(reverse("reports:question", args=[question.code]) for question in [*pages.QUESTIONS, pages.WHOLE_PAGE]),
    *(reverse("reports:figure", args=[measure.code]) for measure in indicators.RATES),
]
MOST_QUERIES = 12
"""Of the report itself: who asks, and that they asked, is beside it."""


@pytest.fixture(autouse=True)
def _late_november():
    with clock.at(NOW):
        yield


def shown(client, path, **asked):
    response = client.get(path, {"period": "2026-10"} | asked)
    assert response.status_code == 200, path
    return unescape(response.content.decode())


def test_every_indicator_stands_on_a_page():
    assert {one.code for question in pages.QUESTIONS for one in question.indicators} == set(indicators.BY_CODE)


@pytest.mark.parametrize("question", pages.QUESTIONS, ids=lambda question: question.code)
def test_a_page_has_its_own_indicators_and_no_others(question, as_dee):
    text = shown(as_dee, reverse("reports:question", args=[question.code]))
    there = {code for code in indicators.BY_CODE if f'id="{code}"' in text}
    assert there == {one.code for one in question.indicators}


@pytest.mark.parametrize("path", ["/reports/nothing/", "/reports/overview/", "/reports/figure/levels/"])
def test_what_is_no_page_is_not_found(path, as_dee):
    assert as_dee.get(path).status_code == 404


@pytest.mark.parametrize("path", ADDRESSES)
@pytest.mark.parametrize("period", ["2026-10", "2026-Q3", "2026-11", "2026-Q4"])
def test_each_page_shows_each_kind_of_period_and_keeps_it_in_its_links(path, period, as_dee, team, ash):
    for person in people(team, ash, 9):
        screened(person, at("2026-10-02 10:00"))
    text = shown(as_dee, path, period=period, team=str(team.pk))
    other = reverse("reports:question", args=["needs"])
    assert f'href="{other}?period={period}&team={team.pk}"' in text


def test_an_old_bookmark_of_a_month_still_opens_it(as_dee):
    assert "July 2026" in unescape(as_dee.get("/reports/", {"month": "2026-07"}).content.decode())


def test_a_figure_is_compared_with_the_one_before_and_with_a_year_before(as_dee, team, ash):
    everybody = people(team, ash, 40)
    for person in everybody[:10]:
        screened(person, at("2025-10-02 10:00"))
    for person in everybody[:20]:
        screened(person, at("2026-09-02 10:00"))
    for person in everybody[20:30]:
        screened(person, at("2026-10-02 10:00"))
    text = shown(as_dee, reverse("reports:figure", args=["coverage"]))
    assert "75%" in text
    assert "Up from 50%" in text
    assert "Against the same period a year before: up from 25%" in text


def test_teams_stand_side_by_side_by_name_with_what_is_small_held_back(as_dee, team, ash, nia):
    for person in people(team, ash, 30) + people(nia.team, nia, 5):
        screened(person, at("2026-10-02 10:00"))
    text = shown(as_dee, reverse("reports:figure", args=["coverage"]))
    table = text[text.index('id="teams"') :]
    rows = re.findall(r"<tr[^>]*><th scope=\"row\"[^>]*>(.*?)</th>(.*?)</tr>", table, re.S)
    found = {name: re.findall(r"<td[^>]*>(.*?)</td>", cells) for name, cells in rows}
    names = list(found)
    assert names[0] == "Whole organisation"
    assert names[1:] == sorted(names[1:])
    assert found["Whole organisation"][:3] == ["100%", "35", "35"]
    assert found[str(team)][:3] == ["100%", "30", "30"]
    assert found[str(nia.team)][:3] == ["not shown: fewer than 20", "fewer than 8", "fewer than 8"]


def test_a_strangers_team_is_never_beside_the_own_ones(as_dee, cam):
    assert str(cam.team) not in shown(as_dee, reverse("reports:figure", args=["started"]))


def test_a_page_says_when_figures_changed_after_their_end(as_dee, dee):
    at_last = at("2026-11-20 09:00")
    Restated.objects.create(scope=dee.organisation_id, month=Month(2026, 10).first, at=at_last)
    sentence = "Figures changed after the period ended, last on 20 November 2026"
    assert sentence in shown(as_dee, "/reports/")
    assert sentence not in shown(as_dee, "/reports/", period="2026-09")
    assert sentence not in shown(as_dee, "/reports/", team=str(dee.team.pk))


def test_a_page_says_that_everybody_is_being_counted_anew(as_dee):
    assert "being counted anew" not in shown(as_dee, "/reports/")
    Edition.objects.create(state=Edition.State.IN_THE_MAKING, definitions="of tomorrow")
    assert "everybody is being counted anew" in shown(as_dee, "/reports/")


@pytest.mark.parametrize("path", ADDRESSES)
def test_a_page_asks_the_same_few_questions_however_much_there_is(path, as_dee, team, ash, nia, offer):
    def asked(period):
        with CaptureQueriesContext(connection) as found:
            shown(as_dee, path, period=period)
        return [one["sql"] for one in found if "reports_" in one["sql"] or "accounts_team" in one["sql"]]

    for person in people(team, ash, 12) + people(nia.team, nia, 12):
        screened(person, at("2026-10-02 10:00"), needs=["DEVICE"])
        referred(person, offer, at("2026-09-01 10:00"))
    while counting.count_marked():
        pass
    assert len(asked("2026-10")) <= MOST_QUERIES
    assert len(asked("2026-Q3")) == len(asked("2026-10"))


def test_the_summary_is_one_side_of_paper_with_three_sentences_and_what_is_held_back(
    as_dee, dee, team, ash, offer
):
    for number, person in enumerate(people(team, ash, 40)):
        screened(person, at("2026-10-02 10:00"))
        sent = at("2026-09-10 10:00")
        referred(person, offer, sent, first_contact_at=sent + timedelta(days=number) if number < 30 else None)
    response = as_dee.get(reverse("reports:summary"), {"period": "2026-10"})
    assert response["Content-Type"] == "application/pdf"
    assert len(read(response.content).pages) == 1
    words = text_of(response.content)
    assert "Getting online: summary for October 2026" in words
    assert "Of the people on the caseload, 100% were screened in the last year (up from 0%)." in words
    assert "Of the referrals sent, 75% led to a contact within 6 weeks." in words
    assert "Numbers from 1 to 7 are shown as “fewer than 8”" in words
    assert f"Made by {dee.user.name}." in words
    assert AuditEvent.objects.filter(action="export_report", details__page="summary").count() == 1


def test_a_summary_of_nobody_says_so(as_dee):
    response = as_dee.get(reverse("reports:summary"), {"period": "2026-10"})
    assert "Nobody to count yet." in text_of(response.content)


@pytest.mark.parametrize("who", ["as_ash", "as_bo", "as_cam"])
def test_only_an_admin_takes_the_summary(who, request):
    assert request.getfixturevalue(who).get(reverse("reports:summary")).status_code == 403
