"""Contact plans, consent and pauses: who may change them, what they leave behind, and who wins a race."""

import datetime
from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from accounts import clock
from accounts.append_only import AppendOnlyError
from accounts.errors import AlreadyChanged, InvalidInput, NotAllowed, NotPossibleNow
from accounts.models import AuditEvent
from people import actions
from people.contact_plan import Plan
from people.models import Consent, ContactPlan
from tests import factories

pytestmark = pytest.mark.django_db

OPEN = Plan(
    allowed=frozenset({"text", "letter", "call"}),
    automatic=True,
    answered=True,
    voicemail=True,
    hours=(datetime.time(9), datetime.time(17)),
    weekdays=frozenset({0, 1, 2}),
    may_name_service=True,
    preferred="text",
    fallback="letter",
)
TOMORROW = clock.today() + datetime.timedelta(days=1)


@pytest.fixture
def planned(person, ash):
    actions.set_contact_plan(service_user=person, plan=OPEN, source_id="a screening", by=ash)
    return person


def change(person, plan, by, *, seen=1, reason=""):
    return actions.change_contact_plan(service_user=person, plan=plan, seen=seen, reason=reason, by=by)


# --- Contact plan


def test_nobody_asked_means_nothing_is_allowed(person):
    assert actions.plan_of(person) == Plan.unknown()


def test_plan_of_a_screening_is_kept_whole(planned, ash):
    assert actions.plan_of(planned) == OPEN
    row = planned.contact_plans.get()
    assert (row.source, row.source_id, row.made_by, row.number) == ("screening", "a screening", ash, 1)


def test_later_screening_replaces_the_plan_and_keeps_the_old_row(planned, ash):
    less = replace(OPEN, allowed=frozenset({"letter"}), preferred="letter", fallback="")
    actions.set_contact_plan(service_user=planned, plan=less, source_id="another", by=ash)

    assert actions.plan_of(planned) == less
    assert [row.number for row in planned.contact_plans.order_by("number")] == [1, 2]


@pytest.mark.parametrize("who", ["ash", "bo", "dee"])
def test_anybody_on_the_staff_may_tighten(planned, who, request):
    by = request.getfixturevalue(who)
    tighter = replace(OPEN, allowed=frozenset({"letter"}), preferred="letter", fallback="", voicemail=False)
    change(planned, tighter, by)

    assert actions.plan_of(planned) == tighter


@pytest.mark.parametrize("who", ["bo", "dee"])
@pytest.mark.parametrize(
    "looser",
    [
        replace(OPEN, allowed=OPEN.allowed | {"email"}),
        replace(OPEN, hours=None),
        replace(OPEN, weekdays=None),
    ],
)
def test_only_a_clinician_may_loosen(planned, who, looser, request):
    with pytest.raises(NotAllowed):
        change(planned, looser, request.getfixturevalue(who), reason="They asked for it")

    assert actions.plan_of(planned) == OPEN


def test_clinician_who_loosens_must_say_why(planned, ash):
    looser = replace(OPEN, allowed=OPEN.allowed | {"email"})
    with pytest.raises(InvalidInput) as caught:
        change(planned, looser, ash, reason="  ")
    assert "reason" in caught.value.fields

    row = change(planned, looser, ash, reason="Asked alone; has an address of their own now")
    assert row.plan == looser
    assert AuditEvent.objects.get(action="change_contact_plan").details == {"plan": 2, "looser": True}


def test_second_of_two_changes_is_refused(planned, ash, dee):
    change(planned, replace(OPEN, voicemail=False), dee)
    with pytest.raises(AlreadyChanged):
        change(planned, replace(OPEN, automatic=False), ash)

    assert not actions.plan_of(planned).takes_voicemail


def test_two_changes_in_the_very_same_moment_leave_one(planned, ash, monkeypatch):
    """Both have read plan 1; the database lets one of them be plan 2."""
    first = ContactPlan.objects.get()
    change(planned, replace(OPEN, voicemail=False), ash)
    monkeypatch.setattr(type(ContactPlan.objects.all()), "current_for", lambda self, service_user: first)
    with pytest.raises(AlreadyChanged):
        change(planned, replace(OPEN, automatic=False), ash)

    assert planned.contact_plans.count() == 2


def test_saving_the_same_plan_again_is_refused(planned, ash):
    with pytest.raises(InvalidInput, match="Nothing is different"):
        change(planned, OPEN, ash)


@pytest.mark.parametrize(
    ("parts", "field"),
    [
        ({"allowed": frozenset({"letter"})}, "preferred"),
        ({"allowed": frozenset({"text"}), "fallback": "letter"}, "fallback"),
        ({"allowed": frozenset({"call"}), "preferred": "call", "fallback": ""}, "automatic"),
    ],
)
def test_plan_whose_parts_do_not_fit_is_refused(planned, ash, parts, field):
    with pytest.raises(InvalidInput) as caught:
        change(planned, replace(OPEN, **parts), ash)
    assert field in caught.value.fields


def test_plans_are_never_changed_or_deleted(planned):
    row = planned.contact_plans.get()
    row.automatic = False
    with pytest.raises(AppendOnlyError):
        row.save()
    with pytest.raises(AppendOnlyError):
        row.delete()
    with pytest.raises(AppendOnlyError):
        ContactPlan.objects.update(automatic=False)
    with pytest.raises(AppendOnlyError):
        ContactPlan.objects.all().delete()


@pytest.mark.parametrize(
    "wrong",
    [
        {"answered": False, "automatic": True},
        {"hours_from": datetime.time(17), "hours_to": datetime.time(9)},
        {"number": 1},
    ],
)
def test_database_holds_the_rules_of_plans_too(planned, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.ContactPlanFactory(service_user=planned, **wrong)


# --- Consent


def record(person, by, choice="yes", **more):
    return actions.record_consent(
        service_user=person, choice=choice, how="spoken", wording="sharing-1", by=by, **more
    )


def may_tell(person, provider, day=None):
    return Consent.objects.in_force(service_user=person, provider=provider, day=day or clock.today()).exists()


def test_yes_lets_a_provider_be_told(person, ash, provider):
    assert not may_tell(person, provider)
    consent = record(person, ash)

    assert may_tell(person, provider)
    assert (consent.recorded_by, consent.wording) == (ash, "sharing-1")
    assert AuditEvent.objects.get(action="record_consent").subject_id == str(person.pk)


def test_yes_about_one_provider_says_nothing_about_another(person, ash, provider):
    record(person, ash, provider=provider)

    assert may_tell(person, provider)
    assert not may_tell(person, factories.OrganisationFactory(provider=True))


def test_yes_of_one_person_says_nothing_about_another(person, ash, provider):
    record(person, ash)

    assert not may_tell(factories.ServiceUserFactory(created_by=ash), provider)


def test_no_after_a_yes_counts(person, ash, provider):
    record(person, ash)
    record(person, ash, "no")

    assert not may_tell(person, provider)


def test_withdrawing_stops_sharing_at_once_and_keeps_the_evidence(person, ash, provider):
    consent = record(person, ash)
    withdrawn = actions.withdraw_consent(consent=consent, how="Rang and said so", by=ash)

    assert not may_tell(person, provider)
    assert (withdrawn.withdrawn_by, withdrawn.withdrawn_how) == (ash, "Rang and said so")
    assert withdrawn.choice == "yes"


def test_withdrawing_twice_is_refused(person, ash):
    consent = record(person, ash)
    actions.withdraw_consent(consent=consent, how="Rang", by=ash)
    with pytest.raises(NotPossibleNow):
        actions.withdraw_consent(consent=consent, how="Rang again", by=ash)


def test_withdrawing_says_how_and_only_a_yes(person, ash):
    with pytest.raises(InvalidInput):
        actions.withdraw_consent(consent=record(person, ash), how=" ", by=ash)
    with pytest.raises(NotPossibleNow):
        actions.withdraw_consent(consent=record(person, ash, "no"), how="Rang", by=ash)


def test_consent_says_something_definite_about_the_future(person, ash):
    with pytest.raises(InvalidInput) as caught:
        record(person, ash, "perhaps", expires_on=clock.today())

    assert set(caught.value.fields) == {"choice", "expires_on"}


# --- Pause


def test_pause_says_why_and_until_when(person, ash):
    actions.pause(service_user=person, reason="crisis", review_on=TOMORROW, by=ash)

    assert person.paused_at is not None
    assert (person.paused_by, person.pause_reason, person.pause_review_on) == (ash, "crisis", TOMORROW)
    assert person.version == 1, "a colleague who edits the facts meanwhile is not disturbed"


@pytest.mark.parametrize("days", [0, -1, 367])
def test_pause_without_a_day_to_look_again_is_refused(person, ash, days):
    with pytest.raises(InvalidInput) as caught:
        actions.pause(
            service_user=person, reason="bored", review_on=clock.today() + datetime.timedelta(days=days), by=ash
        )
    assert set(caught.value.fields) == {"reason", "review_on"}


def test_pausing_twice_or_resuming_twice_is_refused(person, ash):
    with pytest.raises(AlreadyChanged):
        actions.resume(service_user=person, by=ash)
    actions.pause(service_user=person, reason="crisis", review_on=TOMORROW, by=ash)
    with pytest.raises(AlreadyChanged):
        actions.pause(service_user=person, reason="crisis", review_on=TOMORROW, by=ash)
    actions.resume(service_user=person, by=ash)

    assert (person.paused_at, person.pause_reason, person.pause_review_on) == (None, "", None)
    assert AuditEvent.objects.filter(action__in=["pause", "resume"]).count() == 2
