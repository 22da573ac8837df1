"""Views of the report that somebody saved: they move with time, and are seen by whom they are for."""

from datetime import UTC, datetime

import pytest

from accounts import clock
from accounts.errors import InvalidInput, NotAllowed
from accounts.models import AuditEvent
from reports import saving
from reports.models import SavedView
from reports.periods import Month, Quarter
from tests import factories

pytestmark = pytest.mark.django_db
NOVEMBER = Month(2026, 11)
TYPED = {"name": "Board", "page": "needs", "span": "last_quarter", "team": "", "is_shared": ""}


@pytest.fixture
def other_admin(dee):
    return factories.MembershipFactory(role="admin", team=dee.team)


def save(by, **more):
    choice = {"name": "Board", "page": "needs", "span": "last_month", "team": None, "is_shared": False}
    return saving.save_view(**choice | more, by=by)


@pytest.mark.parametrize(
    ("span", "period"),
    [
        ("last_month", Month(2026, 10)),
        ("this_month", NOVEMBER),
        ("last_quarter", Quarter(2026, 3)),
        ("this_quarter", Quarter(2026, 4)),
    ],
)
def test_a_span_is_another_period_as_time_goes_on(span, period):
    assert saving.period_of(span, NOVEMBER) == period
    assert saving.span_of(period, NOVEMBER) == span
    assert saving.period_of(span, Month(2027, 5)) != period


def test_a_period_that_no_span_means_is_not_saved_as_another():
    assert saving.span_of(Month(2025, 3), NOVEMBER) is None


def test_it_is_saved_from_the_page_and_opens_that_page_with_its_team(as_dee, dee, ash):
    page = as_dee.get(f"/reports/saved/?period=2026-Q3&team={ash.team.pk}&page=needs")
    assert page.context["form"]["page"].initial == "needs"
    as_dee.post("/reports/saved/", {**TYPED, "team": str(ash.team.pk)})
    view = SavedView.objects.get()
    with clock.at(datetime(2026, 11, 25, tzinfo=UTC)):
        opened = as_dee.get(f"/reports/saved/{view.pk}/")
    assert opened.url == f"/reports/needs/?period=2026-Q3&team={ash.team.pk}"
    assert AuditEvent.objects.filter(action="save_view", subject_id=str(view.pk)).exists()


def test_a_view_of_a_page_that_is_gone_opens_the_first_one(as_dee, dee):
    view = save(dee, page="of_an_older_version")
    assert as_dee.get(f"/reports/saved/{view.pk}/").url.startswith("/reports/?period=")


def test_a_name_is_used_once_in_whatever_letters_and_what_was_typed_stays(as_dee, dee):
    save(dee)
    page = as_dee.post("/reports/saved/", {**TYPED, "name": "BOARD"})
    assert "Choose another name" in page.content.decode()
    assert 'value="BOARD"' in page.content.decode()
    with pytest.raises(InvalidInput):
        save(dee, name=" board ")
    assert SavedView.objects.count() == 1


def test_a_colleague_finds_what_is_shared_and_cannot_take_it_away(dee, other_admin):
    shared, own = save(dee, is_shared=True), save(dee, name="Mine")
    assert list(SavedView.objects.visible_to(other_admin)) == [shared]
    assert set(SavedView.objects.visible_to(dee)) == {shared, own}
    with pytest.raises(NotAllowed):
        saving.remove_view(view=shared, by=other_admin)


def test_whoever_saved_it_takes_it_away(as_dee, dee):
    view = save(dee)
    as_dee.post(f"/reports/saved/{view.pk}/remove/")
    assert not SavedView.objects.exists()


def test_another_organisation_sees_none_and_its_team_cannot_be_chosen(dee, cam, as_cam):
    view = save(dee, is_shared=True)
    assert as_cam.get(f"/reports/saved/{view.pk}/").status_code in (403, 404)
    with pytest.raises(InvalidInput):
        save(dee, name="Theirs", team=cam.team)
