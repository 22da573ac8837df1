"""The report through the door: who may, what is audited, and that no small number gets out by any way."""

import csv
import io
import re
from datetime import timedelta
from html import unescape

import pytest

from accounts import clock
from accounts.models import AuditEvent
from reports.disclosure import NOTE
from reports.periods import Month
from tests import factories
from tests.conftest import SignedIn
from tests.reports.rows import at, people, referred, result, screened

pytestmark = pytest.mark.django_db

REPORT, CSV = "/reports/whole/", "/reports/caseload.csv"
OCTOBER = {"period": "2026-10"}
NOW = at("2026-11-24 15:00")


@pytest.fixture(autouse=True)
def _late_november():
    with clock.at(NOW):
        yield


def shown(client, **asked):
    response = client.get(REPORT, OCTOBER | asked)
    assert response.status_code == 200
    return unescape(response.content.decode())


def exported(client, **asked):
    response = client.get(CSV, OCTOBER | asked)
    assert response.status_code == 200
    return b"".join(response.streaming_content).decode("utf-8-sig")


# --- Who may --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [REPORT, CSV])
@pytest.mark.parametrize("who", ["as_ash", "as_nia", "as_bo", "as_cam"])
def test_only_an_admin_sees_or_takes_the_report(path, who, request):
    response = request.getfixturevalue(who).get(path)
    assert response.status_code == 403
    assert "role of admin" in response.content.decode()
    assert not AuditEvent.objects.filter(action__contains="report").exists()


@pytest.mark.parametrize("path", [REPORT, CSV])
def test_nobody_sees_it_without_signing_in(path, client, db):
    assert client.get(path).status_code == 302


@pytest.mark.parametrize("path", [REPORT, CSV])
def test_it_is_read_and_never_posted(path, as_dee):
    assert as_dee.post(path).status_code == 405


def test_an_admin_sees_their_own_organisation_and_no_other(as_dee, dee, cam):
    for person in people(cam.team, cam, 40):
        screened(person, at("2026-10-20 10:00"), needs=["DEVICE"])
    text = shown(as_dee)
    assert str(dee.organisation) in text
    assert "No own working device" not in text
    assert str(cam.team) not in text


@pytest.mark.parametrize("path", [REPORT, CSV])
def test_a_strangers_team_does_not_exist(path, as_dee, cam):
    response = as_dee.get(path, OCTOBER | {"team": str(cam.team.pk)})
    text = response.content.decode()
    assert cam.team.name not in text
    assert "Choose a" in text
    assert not AuditEvent.objects.filter(action__contains="report").exists()


# --- Which report ---------------------------------------------------------------------------------------------


def test_the_month_that_was_last_over_is_shown_unless_another_is_asked_for(as_dee):
    response = as_dee.get(REPORT)
    assert "October 2026" in re.search(r"<h1>.*?</h1>", response.content.decode(), re.S)[0]


def test_the_title_says_what_who_and_when(as_dee, dee):
    title = re.search(r"<title>(.*?)</title>", shown(as_dee, team=str(dee.team.pk)), re.S)[1]
    assert title.startswith(f"Everything on one page, {dee.team}, {dee.organisation}, October 2026")


def test_the_running_month_says_that_it_is_not_over(as_dee):
    assert "November 2026, up to yesterday" in shown(as_dee, period="2026-11")


@pytest.mark.parametrize("period", ["2026-12", "2019-01", "soon", "2026-10-01..2026-10-09", "2027-Q1", "2026-Q5"])
def test_only_whole_periods_of_the_lists_can_be_asked_for(as_dee, period):
    assert "Choose a month or a quarter from the list." in shown(as_dee, period=period)
    assert as_dee.get(CSV, {"period": period}).status_code == 400


def test_the_report_says_as_of_when_and_what_is_held_back(as_dee):
    text = shown(as_dee)
    assert "As of 24 November 2026, 15:00" in text
    assert str(NOTE) in text


def test_an_empty_report_says_what_will_appear(as_dee):
    text = shown(as_dee)
    assert "People appear here 28 days after they join the caseload" in text
    assert "No unmet needs were recorded this month." in text


# --- Audit ----------------------------------------------------------------------------------------------------


def test_looking_and_taking_away_are_audited_with_period_and_team(as_dee, dee):
    shown(as_dee)
    exported(as_dee, team=str(dee.team.pk))
    seen = AuditEvent.objects.filter(action__contains="report").order_by("pk")
    assert [(one.action, one.membership, one.details) for one in seen] == [
        ("view_report", dee, {"page": "whole", "period": "2026-10", "team": ""}),
        ("export_report", dee, {"page": "whole", "period": "2026-10", "team": str(dee.team.pk)}),
    ]


# --- Small numbers --------------------------------------------------------------------------------------------


@pytest.fixture
def small(team, ash, nia, offer):
    """A small number in every table and figure, and enough besides for the rest to be shown."""
    sent, screened_at = at("2026-08-20 10:00"), at("2026-10-12 10:00")
    everybody = people(team, ash, 47) + people(nia.team, nia, 3)
    for number, person in enumerate(everybody):
        rare = number in (1, 2, 3, 48)
        scored = result("high" if rare else "none", "excluded_now" if rare else "included")
        screened(person, screened_at, scored=scored, needs=["CONF"] if rare else ["DEVICE"])
        if number % 2:
            over = {"status": "withdrawn", "ended_at": sent + timedelta(days=9)} if rare else {}
            referred(person, offer, sent, moves=[("withdrawn", sent + timedelta(days=9))] if rare else [], **over)
    return everybody


def figures_of(text):
    """Every number that stands by itself as a table's cell, a chart's figure or a share."""
    plain = re.sub(r"<(details|form|nav|header|footer).*?</\1>", " ", text, flags=re.S)
    cells = re.findall(r"<(?:td|text|p)[^>]*>(.*?)</(?:td|text|p)>", plain, re.S)
    return [
        int(n.replace(",", ""))
        for cell in cells
        for n in re.findall(r"(?<![\w/])(\d[\d,]*)(?!\w|:)", tags_out(cell))
    ]


def tags_out(cell):
    return re.sub(r"<[^>]+>", " ", cell)


def without_the_rule(text):
    """The page says "fewer than 8", "from 1 to 7", and how long its windows are: words, not counts."""
    for words in (str(NOTE), "fewer than 8", "Fewer than 8", "fewer than 20", "As of 24 November 2026, 15:00"):
        text = text.replace(words, "")
    return text


@pytest.mark.parametrize("which", ["whole", "one team", "a small team"])
def test_no_small_number_stands_anywhere_on_the_page(as_dee, small, team, nia, which):
    asked = {"whole": {}, "one team": {"team": str(team.pk)}, "a small team": {"team": str(nia.team.pk)}}[which]
    text = shown(as_dee, **asked)
    assert "fewer than 8" in text
    numbers = figures_of(without_the_rule(text))
    assert numbers
    assert not [number for number in numbers if number % 5 or 0 < number < 8]


@pytest.mark.parametrize("which", ["whole", "one team", "a small team"])
def test_no_small_number_stands_anywhere_in_the_file(as_dee, small, team, nia, which):
    asked = {"whole": {}, "one team": {"team": str(team.pk)}, "a small team": {"team": str(nia.team.pk)}}[which]
    rows = list(csv.reader(io.StringIO(exported(as_dee, **asked), newline="")))
    cells = [cell for row in rows[3:] for cell in row[1:6]]
    numbers = [int(cell.replace(",", "")) for cell in cells if re.fullmatch(r"[\d,]+", cell)]
    assert numbers
    assert "fewer than 8" in cells
    assert not [number for number in numbers if number % 5 or 0 < number < 8]


def test_no_small_number_stands_on_the_admins_home(as_dee, small):
    text = unescape(as_dee.get("/").content.decode())
    figures = "".join(re.findall(r'<li class="dx-figure">(.*?)</li>', text, re.S))
    numbers = [int(n) for n in re.findall(r"(?<![\w-])(\d+)(?!\w|-)", without_the_rule(tags_out(figures)))]
    assert numbers
    assert not [number for number in numbers if number % 5 and number not in (14, 6, 12)]


def test_page_and_file_say_the_same(as_dee, small):
    text = shown(as_dee)
    rows = csv.reader(io.StringIO(exported(as_dee), newline=""))
    for label, *values in (row for row in rows if len(row) == 2 and row[0] not in ("Level", "Made")):
        assert label.removeprefix("'") in text, label
        assert all(value in text for value in values), label


# --- The file -------------------------------------------------------------------------------------------------


def test_the_file_is_streamed_and_named_by_its_month(as_dee):
    response = as_dee.get(CSV, OCTOBER)
    assert response.streaming
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="caseload-2026-10.csv"'


def test_the_file_says_who_made_it_when_and_what_is_held_back(as_dee, dee):
    heading = list(csv.reader(io.StringIO(exported(as_dee), newline="")))[:3]
    assert heading == [
        ["Caseload report", str(dee.organisation), "October 2026"],
        ["Made", "24 November 2026 15:00", "by Dee Dacosta"],
        [str(NOTE)],
    ]


def test_hostile_names_do_not_run_in_a_spreadsheet(trust):
    dee = factories.MembershipFactory(
        user__name="=cmd|' /C calc'!A0", team__organisation=trust, team__name="@SUM(A1)", role="admin"
    )
    rows = csv.reader(io.StringIO(exported(SignedIn(dee), team=str(dee.team.pk)), newline=""))
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_the_link_takes_the_very_report_that_is_on_the_page(as_dee, dee):
    text = shown(as_dee, team=str(dee.team.pk))
    assert f'href="{CSV}?period=2026-10&team={dee.team.pk}"' in text


def test_a_report_of_a_month_is_the_same_whenever_it_is_made(as_dee, small, offer):
    """But for what was recorded late: nothing that happens afterwards changes a month that is over."""
    before = exported(as_dee).splitlines()[3:]
    with clock.at(NOW + timedelta(days=60)):
        for person in small[:20]:
            screened(person, clock.now(), scored=result("high"))
            referred(person, factories.SupportOfferFactory(), clock.now())
        assert exported(as_dee).splitlines()[3:] == before


def test_months_offered_end_with_the_running_one(as_dee):
    offered = re.findall(r'<option value="(\d{4}-\d\d)"', shown(as_dee))
    assert offered[0] == str(Month(2026, 11))
    assert len(offered) == 24
