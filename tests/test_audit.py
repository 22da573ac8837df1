"""The audit: one row for every look and every act, in the act's own transaction, and never changed again."""

import datetime

import pytest
from django.core.management import call_command
from django.db import DatabaseError

from accounts import actions as accounts_actions
from accounts import audit, clock
from accounts.append_only import AppendOnlyError
from accounts.models import AuditEvent, Membership, User
from accounts.permissions import Role
from people import actions
from people.contact_plan import Plan
from people.models import Consent, ContactPlan, ServiceUser
from tests import factories

pytestmark = pytest.mark.django_db


# --- In the transaction of the act


class AuditIsDown(DatabaseError):
    pass


@pytest.fixture
def audit_is_down(monkeypatch):
    """The very insert fails, as on a full disk."""

    def fail(self, *args, **kwargs):
        raise AuditIsDown

    monkeypatch.setattr(AuditEvent, "save", fail)
    monkeypatch.setattr(AuditEvent, "save_base", fail)


TOMORROW = clock.today() + datetime.timedelta(days=1)
OPEN = Plan(allowed=frozenset({"text"}), automatic=True, answered=True)


def withdraw(person, ash):
    actions.withdraw_consent(consent=person.consents.get(), how="Rang", by=ash)


def end_membership(person, ash):
    accounts_actions.end_membership(membership=Membership.objects.get(pk=ash.pk), by=ash)


ACTS = {
    "add": lambda person, ash: actions.add(by=ash, name="Kim Sample"),
    "update": lambda person, ash: actions.update(service_user=person, version=1, by=ash, name="Other Name"),
    "set_contact_plan": lambda person, ash: actions.set_contact_plan(
        service_user=person, plan=OPEN, source_id="x", by=ash
    ),
    "change_contact_plan": lambda person, ash: actions.change_contact_plan(
        service_user=person, plan=OPEN, seen=0, reason="Asked", by=ash
    ),
    "record_consent": lambda person, ash: actions.record_consent(
        service_user=person, choice="no", how="spoken", wording="sharing-1", by=ash
    ),
    "withdraw_consent": withdraw,
    "pause": lambda person, ash: actions.pause(service_user=person, reason="crisis", review_on=TOMORROW, by=ash),
    "add_user": lambda person, ash: accounts_actions.add_user(email="new@example.org", name="New", by=ash),
    "add_team": lambda person, ash: accounts_actions.add_team(
        organisation=ash.organisation, name="New team", by=ash
    ),
    "add_membership": lambda person, ash: accounts_actions.add_membership(
        user=ash.user, team=ash.team, role=Role.ADMIN, by=ash
    ),
    "end_membership": end_membership,
    "end_user": lambda person, ash: accounts_actions.end_user(user=ash.user, by=ash),
    "issue_token": lambda person, ash: accounts_actions.issue_token(membership=ash, name="x", by=ash),
}


def everything():
    """All rows that the acts above could leave or change."""
    return [
        list(model.objects.order_by("pk").values())
        for model in (ServiceUser, ContactPlan, Consent, User, Membership, AuditEvent)
    ]


@pytest.mark.parametrize("act", ACTS)
def test_act_is_rolled_back_where_its_audit_row_cannot_be_written(ash, person, act, request):
    factories.ConsentFactory(service_user=person)
    before = everything()
    request.getfixturevalue("audit_is_down")
    with pytest.raises(AuditIsDown):
        ACTS[act](person, ash)

    assert everything() == before


@pytest.mark.parametrize("act", ACTS)
def test_act_leaves_one_row_that_says_who(ash, person, act):
    factories.ConsentFactory(service_user=person)
    ACTS[act](person, ash)

    row = AuditEvent.objects.get()
    assert (row.membership, row.actor, row.organisation) == (ash, ash.user, ash.organisation)


@pytest.mark.parametrize("path", ["", "edit/", "contact-plan/"])
@pytest.mark.usefixtures("audit_is_down")
def test_nothing_is_shown_where_the_look_cannot_be_recorded(as_ash, person, path):
    as_ash.raise_request_exception = False
    response = as_ash.get(f"/people/{person.pk}/{path}")

    assert response.status_code == 500
    assert person.name not in response.content.decode()


# --- Who looked is known

LOOKS = {
    "page": ("/people/{pk}/", "view_service_user"),
    "edit form": ("/people/{pk}/edit/", "view_service_user"),
    "contact plan": ("/people/{pk}/contact-plan/", "view_contact_plan"),
    "api": ("/api/v1/service-users/{pk}/", "view_service_user"),
    "api, contact plan": ("/api/v1/service-users/{pk}/contact-plan/", "view_contact_plan"),
    "api, consents": ("/api/v1/service-users/{pk}/consents/", "view_consents"),
}


@pytest.mark.parametrize("look", LOOKS)
def test_every_look_at_a_person_leaves_a_row(as_ash, ash, person, look):
    path, action = LOOKS[look]
    assert as_ash.get(path.format(pk=person.pk)).status_code == 200

    row = AuditEvent.objects.get()
    assert (row.action, row.membership) == (action, ash)
    assert (row.subject_type, row.subject_id) == ("people.ServiceUser", str(person.pk))


@pytest.mark.parametrize("look", LOOKS)
def test_look_that_was_refused_leaves_none(as_cam, person, look):
    assert as_cam.get(LOOKS[look][0].format(pk=person.pk)).status_code == 404

    assert not AuditEvent.objects.exists()


def test_search_and_list_say_how_many_and_not_what_was_typed(as_ash, person):
    as_ash.get("/people/")
    as_ash.post("/people/find/", {"q": "Marker Words 9990839549"})

    rows = AuditEvent.objects.order_by("pk")
    assert [row.action for row in rows] == ["see_caseload", "search_service_users"]
    assert "Marker" not in str([row.details for row in rows])


def test_no_row_holds_what_is_known_about_a_person(ash, person):
    actions.update(
        service_user=person,
        version=1,
        by=ash,
        name="Marker Name",
        phone="07700 900999",
        communication_needs="Marker",
    )
    actions.change_contact_plan(service_user=person, plan=OPEN, seen=0, reason="Marker reason", by=ash)

    kept = str(list(AuditEvent.objects.values()))
    for known in ("Marker", "900999"):
        assert known not in kept


# --- Never changed again


def test_rows_refuse_to_be_changed_or_deleted(ash):
    row = audit.record("something", by=ash)
    row.action = "something else"
    for change in (
        row.save,
        row.delete,
        lambda: AuditEvent.objects.update(action="x"),
        lambda: AuditEvent.objects.filter(pk=row.pk).delete(),
        lambda: AuditEvent.objects.bulk_update([row], ["action"]),
    ):
        with pytest.raises(AppendOnlyError):
            change()

    assert AuditEvent.objects.get().action == "something"


def test_row_knows_the_moved_clock(ash):
    long_ago = clock.now() - datetime.timedelta(days=200)
    with clock.at(long_ago):
        row = audit.record("something", by=ash)

    assert abs(row.at - long_ago) < datetime.timedelta(minutes=1)


def test_rows_of_another_organisation_do_not_exist_for_me(ash, cam):
    audit.record("something", by=ash)

    assert AuditEvent.objects.visible_to(ash).count() == 1
    assert not AuditEvent.objects.visible_to(cam).exists()


def test_tables_are_as_the_models_say():
    """Migrations that lag behind would leave out a constraint that these tests rely on."""
    try:
        call_command("makemigrations", check=True, dry_run=True, verbosity=0)
    except SystemExit:
        pytest.fail("some model has no migration: run manage.py makemigrations")
