"""A cell never runs in a spreadsheet, and the file says what the page says."""

import csv
import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.spreadsheets import safe
from reports.caseload import CaseloadReport
from reports.exports import lines
from reports.periods import Month
from tests import factories

HOSTILE = [
    "=1+1",
    "+1",
    "-1+2",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    "＝1+1",
    "＋1",
    "﹣1",
    "＠SUM(A1)",
    "\u200b=1",
    "\ufeff=1",
    "\u00a0=1",
    "=cmd|' /C calc'!A0",
    "|cmd",
    "%0A=1",
    "\tplain",
]


@pytest.mark.parametrize("cell", HOSTILE, ids=ascii)
def test_what_a_spreadsheet_would_run_begins_with_an_apostrophe(cell):
    assert safe(cell) == f"'{cell}"


@pytest.mark.parametrize(
    "cell", ["", "Device", "fewer than 8", "1,250", "40%", "St John's", "a=b", "7 – 9", "“Yes”"]
)
def test_plain_words_and_figures_stay_as_they_are(cell):
    assert safe(cell) == cell


@given(st.text())
def test_no_cell_reaches_its_first_sign_with_a_formula(text):
    cell = safe(text)
    seen = [sign for sign in unicodedata.normalize("NFKC", cell) if unicodedata.category(sign)[0] not in "ZC"]
    assert not seen or seen[0] not in "=+-@|%"
    assert cell.removeprefix("'") == text.removeprefix("'")


@pytest.mark.django_db
def test_a_hostile_team_name_stays_in_its_own_cell(dee, trust):
    team = factories.TeamFactory(organisation=trust, name='=HYPERLINK("x"),=1\n=2')
    written = "".join(lines(CaseloadReport(trust, team, Month(2026, 10)), by=dee))
    rows = list(csv.reader(io.StringIO(written.removeprefix("\ufeff"), newline="")))
    assert rows[0] == ["Caseload report", f"'{team}, {trust}", "October 2026"]
    assert all(cell == safe(cell.removeprefix("'")) for row in rows for cell in row)


@pytest.mark.django_db
def test_the_file_begins_with_the_mark_by_which_a_spreadsheet_knows_utf_8(dee, trust):
    assert next(lines(CaseloadReport(trust, None, Month(2026, 10)), by=dee)) == "\ufeff"
