"""The people behind a share: added up they are the true figure, and only whoever may see them gets the list."""

import re
from dataclasses import replace

import pytest

from accounts import clock, permissions
from accounts.models import AuditEvent
from accounts.permissions import Permission, Role
from people.models import ServiceUser
from reports import behind, behind_list, indicators
from reports.behind import Asked, Part
from reports.periods import Month, Quarter
from reports.scope import Scope
from tests import factories
from tests.reports import history
from tests.reports.asking import rate_of
from tests.reports.rows import NOW, OCTOBER, at, people, referred, result, screened
from tests.reports.test_against_plain_python import as_they_are, counted_by_the_job, told

pytestmark = pytest.mark.django_db
__all__ = ["told"]

MISSED, COUNTED = "/reports/figure/coverage/people/missed/", "/reports/figure/coverage/people/counted/"


@pytest.fixture(autouse=True)
def _late_november():
    with clock.at(NOW):
        yield


def everybody(scope, measure, part, by):
    """All pages of one list."""
    found, after = {}, None
    while True:
        asked = Asked(measure, scope.period, *scope.days)
        page = behind_list.find(asked, part, by=by, team=scope.team, after=after)
        assert not found.keys() & page.times.keys()
        found |= page.times
        after = page.after
        if after is None:
            return found


def true_figures(measure, scope):
    rate = rate_of(measure.code, scope)
    return {
        Part.COUNTED: rate.numerator,
        Part.MISSED: rate.denominator - rate.numerator,
        Part.NOT_KNOWN: rate.not_known,
    }


# --- The same people as the figure ----------------------------------------------------------------------------


@pytest.mark.parametrize("count", [as_they_are, counted_by_the_job])
def test_the_people_behind_every_share_add_up_to_it(told, trust, ash, dee, count):
    count()
    total = 0
    for period, team in ((Month(2026, 11), None), (Month(2026, 9), ash.team), (Quarter(2026, 3), None)):
        scope = Scope(trust, team, period, history.NOW)
        for measure in filter(behind.has_people, indicators.RATES):
            for part, true in true_figures(measure, scope).items():
                found = sum(everybody(scope, measure, part, dee).values())
                assert found == true, (measure.code, part, period, team)
                total += found
    assert total, "nobody was counted at all"


def test_page_by_page_the_list_is_the_same_as_at_once(told, trust, dee, monkeypatch):
    scope = Scope(trust, None, Month(2026, 9), history.NOW)
    coverage = indicators.BY_CODE["coverage"]
    at_once = everybody(scope, coverage, Part.COUNTED, dee)
    for page, look, some in ((2, 11, 3), (50, 5, 3), (1, 1, 1)):
        monkeypatch.setattr(behind_list, "PAGE", page)
        monkeypatch.setattr(behind_list, "LOOK", look)
        monkeypatch.setattr(behind_list, "AT_ONCE", some)
        assert everybody(scope, coverage, Part.COUNTED, dee) == at_once


def test_a_team_finds_those_for_whom_it_did_something_before_they_went_to_another(
    trust, team, ash, nia, dee, offer
):
    person, other = people(team, ash, 2)
    screened(person, at("2026-10-05 10:00"), scored=result(access="high"))
    referred(other, offer, at("2026-10-05 10:00"))
    ServiceUser.objects.update(team=nia.team)
    scope = Scope(trust, team, OCTOBER, NOW)
    for code, who in (("acted_on", person), ("acknowledged", other)):
        measure = indicators.BY_CODE[code]
        assert list(everybody(scope, measure, Part.MISSED, dee)) == [who.pk]
        assert true_figures(measure, scope)[Part.MISSED] == 1


def test_whoever_changed_since_they_were_counted_is_counted_as_they_are_now(as_dee, team, ash):
    (person,) = people(team, ash, 1, name="Marker Personsname")
    counted_by_the_job()
    assert "Marker Personsname" in as_dee.get(MISSED, {"period": "2026-10"}).content.decode()
    screened(person, at("2026-10-20 10:00"))
    assert "Marker Personsname" not in as_dee.get(MISSED, {"period": "2026-10"}).content.decode()
    assert "Marker Personsname" in as_dee.get(COUNTED, {"period": "2026-10"}).content.decode()


def test_a_page_reads_the_same_few_queries_however_many_people_it_looks_at(
    as_dee, team, ash, django_assert_max_num_queries
):
    people(team, ash, 60)
    counted_by_the_job()
    with django_assert_max_num_queries(25):
        text = as_dee.get(MISSED).content.decode()
    assert text.count('class="dx-line"') == behind_list.PAGE
    following = re.search(r'href="(\?[^"]*after=[^"]*)"', text)[1].replace("&amp;", "&")
    assert as_dee.get(MISSED + following).content.decode().count('class="dx-line"') == 10


def test_where_nobody_was_found_yet_the_page_offers_to_look_further(as_dee, team, ash, monkeypatch):
    monkeypatch.setattr(behind_list, "LOOK", 2)
    people(team, ash, 3)
    text = as_dee.get(COUNTED).content.decode()
    assert "Nobody among the 2 people just looked at" in text
    assert "Look further" in text


# --- Who may, and what is on record ---------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["as_ash", "as_nia", "as_bo", "as_cam"])
def test_whoever_may_not_see_the_report_may_not_open_it(who, request):
    assert request.getfixturevalue(who).get(MISSED).status_code == 403


@pytest.fixture
def admins_see_no_records(monkeypatch):
    fewer = permissions.ROLE_PERMISSIONS[Role.ADMIN] - {Permission.SEE_SERVICE_USERS}
    monkeypatch.setitem(permissions.ROLE_PERMISSIONS, Role.ADMIN, fewer)


def test_whoever_may_see_figures_but_no_records_gets_no_link_and_no_list(as_dee, admins_see_no_records):
    for page in ("/reports/", "/reports/reach/", "/reports/figure/coverage/"):
        response = as_dee.get(page)
        assert response.status_code == 200
        assert "The people behind this" not in response.content.decode()
    assert as_dee.get(MISSED).status_code == 403
    assert not AuditEvent.objects.filter(action="see_people_behind").exists()


def test_whoever_may_see_both_has_a_link_from_every_share_with_its_period_and_team(as_dee, team):
    text = as_dee.get("/reports/", {"period": "2026-10", "team": str(team.pk)}).content.decode()
    link = f"/reports/figure/coverage/people/counted/?period=2026-10&amp;team={team.pk}"
    assert link in text
    assert as_dee.get(link.replace("&amp;", "&")).status_code == 200


def test_nobody_of_another_organisation_is_on_the_list(as_dee, cam, team, ash):
    people(cam.team, cam, 3, name="Stranger Personsname")
    people(team, ash, 1, name="Ours Personsname")
    text = as_dee.get(MISSED).content.decode()
    assert "Ours Personsname" in text
    assert "Stranger" not in text


@pytest.mark.parametrize(
    "address",
    [
        "/reports/figure/nothing/people/missed/",
        "/reports/figure/needs/people/missed/",
        "/reports/figure/coverage/people/everybody/",
        f"{MISSED}?after=nobody",
        f"{MISSED}?period=2026-13",
    ],
)
def test_what_is_no_list_is_not_there(as_dee, address):
    assert as_dee.get(address).status_code == 404


def test_a_strangers_team_is_not_there(as_dee):
    assert as_dee.get(MISSED, {"team": str(factories.TeamFactory().pk)}).status_code == 404


def test_what_is_counted_for_the_whole_organisation_only_has_no_list(as_dee, monkeypatch):
    whole = replace(indicators.BY_CODE["coverage"], whole_only=True)
    monkeypatch.setitem(indicators.BY_CODE, "coverage", whole)
    monkeypatch.setattr(indicators, "RATES", (whole, *indicators.RATES[1:]))
    assert as_dee.get(MISSED).status_code == 404
    assert as_dee.get("/reports/figure/started/people/missed/").status_code == 200


def test_looking_is_on_record_with_the_figure_the_period_and_how_many_but_no_name(as_dee, dee, team, ash):
    people(team, ash, 2, name="Marker Personsname")
    as_dee.get(MISSED, {"period": "2026-10"})
    event = AuditEvent.objects.get(action="see_people_behind")
    assert event.membership == dee
    assert event.details == {
        "figure": "coverage",
        "part": "missed",
        "period": "2026-10",
        "team": "",
        "shown": 2,
    }


def test_nothing_is_shown_where_it_cannot_be_recorded(as_dee, team, ash, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("no audit")

    monkeypatch.setattr("reports.behind_views.audit.record", broken)
    with pytest.raises(RuntimeError, match="no audit"):
        as_dee.get(MISSED)
