"""What the report shows: every figure through disclosure, in an order that gives nothing away."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from directory.models import UnmetNeed
from reports import counting
from reports.caseload import CaseloadReport
from reports.indicators.caseload import private_needs
from reports.periods import Month
from screening import questionnaire
from screening.models import Need
from tests.reports.rows import at, people, referred, result, screened

pytestmark = pytest.mark.django_db

OCTOBER = Month(2026, 10)
NOW = at("2026-11-24 15:00")
THEN = at("2026-10-20 10:00")


def report(organisation, team=None, month=OCTOBER):
    return CaseloadReport(organisation, team, month, NOW)


def table(found, code):
    (one,) = (table for table in found.tables if table.code == code)
    return {label: shown.text for label, shown in one.rows}


def figure(found, code):
    (one,) = (figure for figure in found.figures if figure.measure.code == code)
    return one


def test_a_figure_has_its_share_its_parts_what_is_not_known_and_how_it_changed(trust, team, ash):
    for person in people(team, ash, 22)[:12]:
        screened(person, THEN)
    people(team, ash, 9, date_of_birth=None)
    coverage = figure(report(trust), "coverage")
    shown = [coverage.now.share, coverage.now.numerator, coverage.now.denominator, coverage.now.not_known]
    assert [str(one) for one in shown] == ["50%", "10", "20", "10"]
    assert str(coverage.before.share) == "0%"
    assert coverage.change == "up from 0%"


def test_every_level_has_its_row_and_an_unknown_level_is_not_a_missing_need(trust, team, ash):
    everybody = people(team, ash, 30)
    for person in everybody[:10]:
        screened(person, THEN, scored=result(access="high"))
    for person in everybody[10:19]:
        screened(person, THEN, scored={"levels": {}, "status": ""})
    assert table(report(trust), "level_access") == {
        "High": "10",
        "Some": "0",
        "At least some (not everything is known)": "0",
        "None found": "0",
        "Not known": "10",
    }
    assert table(report(trust), "status")["Not enough known"] == "10"


def test_a_status_that_the_newest_questionnaire_no_longer_has_is_shown_all_the_same(trust, team, ash):
    for person in people(team, ash, 9):
        screened(person, THEN, scored=result(status="of_an_older_version"))
    assert table(report(trust), "status")["of_an_older_version"] == "10"


def test_needs_come_by_what_is_shown_and_then_by_name(trust, team, ash):
    counts = {"DEVICE": 7, "CONF": 1, "LONELY": 9, "ADVICE": 30}
    for number, person in enumerate(people(team, ash, 30)):
        screened(person, THEN, needs=[code for code, people in counts.items() if number < people])
    titles = questionnaire.latest("getting-online").need_title
    assert list(table(report(trust), "needs").items()) == [
        (titles("ADVICE"), "30"),
        (titles("LONELY"), "10"),
        (titles("CONF"), "fewer than 8"),
        (titles("DEVICE"), "fewer than 8"),
    ]


def test_what_private_questions_raise_is_shown_for_the_whole_organisation_only(trust, team, ash):
    private = sorted(private_needs())
    for person in people(team, ash, 30):
        screening = screened(person, THEN, needs=["DEVICE", *private])
        for code in ("DEVICE", "NO_HELPER"):
            need = Need.objects.get(screening=screening, code=code)
            UnmetNeed.objects.create(
                need=need,
                team=team,
                kind="navigator",
                reason="none_near",
                recorded_on=THEN.date(),
                recorded_by=ash,
            )
    assert len(table(report(trust), "needs")) == 1 + len(private)
    assert len(table(report(trust, team), "needs")) == 1
    assert table(report(trust), "unmet") == {"A named navigator: none near enough": "60"}
    assert table(report(trust, team), "unmet") == {"A named navigator: none near enough": "30"}


def test_private_needs_are_those_that_a_sensitive_question_can_raise():
    of_the_screening = {"SAFE_CONTACT", "SAFEGUARD", "SURV", "CLIN_NOW", "PROXY", "NO_HELPER"}
    assert private_needs() == of_the_screening | {"HARM", "HARM_MONEY", "DEVICE_LOST"}


def test_nothing_counted_shows_no_rows_but_says_what_will_appear(trust):
    for one in report(trust).tables:
        assert one.rows == []
        assert one.empty.endswith(".")


def test_waits_show_days_only_where_enough_lie_behind_them_and_count_those_not_reached(trust, team, ash, offer):
    sent = at("2026-10-01 10:00")
    for number, person in enumerate(people(team, ash, 25)):
        reached = sent + timedelta(days=number) if number < 9 else None
        referred(person, offer, sent, first_contact_at=reached)
    assert table(report(trust), "waits") == {
        "Half were reached within": "4 days",
        "Nine in ten were reached within": "7 days",
        "Referrals where the person was reached": "10",
        "Referrals still waiting": "15",
        "Referrals that ended before that": "0",
    }


def test_waits_of_a_few_people_are_not_shown(trust, team, ash, offer):
    for person in people(team, ash, 7):
        sent = at("2026-10-01 10:00")
        referred(person, offer, sent, first_contact_at=sent + timedelta(days=3))
    assert table(report(trust), "waits")["Half were reached within"] == "not shown: fewer than 8"


def test_a_report_costs_the_same_however_many_people_there_are(trust, team, ash, offer, django_assert_num_queries):
    def work():
        found = report(trust)
        return found.figures, found.tables

    def more(how_many):
        for person in people(team, ash, how_many):
            screened(person, THEN, needs=["DEVICE"])
            referred(person, offer, THEN)

    more(1)
    with CaptureQueriesContext(connection) as one:
        work()
    more(12)
    with django_assert_num_queries(len(one)):
        work()
    while counting.count_marked():
        pass
    with django_assert_num_queries(6):  # the last one for the names of teams
        work()


def test_the_month_that_is_running_says_so(trust):
    assert report(trust, month=Month(2026, 11)).is_running
    assert not report(trust).is_running
