"""The one write path of people: who they are, how they may be reached, what they agreed to, when to wait."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts import audit, clock
from accounts.errors import AlreadyChanged, InvalidInput, NotAllowed, NotPossibleNow
from accounts.models import Membership, Organisation
from accounts.permissions import Permission
from accounts.wording import gettext_lazy as _
from people import duplicates, facts, fairness
from people.contact_plan import AUTOMATIC, Plan, is_looser
from people.models import Consent, ContactPlan, ServiceUser
from people.names import search_name

CHANGED = _("Somebody else changed this while you were working on it. Nothing of theirs or yours is lost.")


@transaction.atomic
def add(*, by: Membership, not_the_same_as: Collection[UUID] = (), **typed: Any) -> ServiceUser:
    """`typed`: facts as people write them (people/facts.py). The person joins the team of `by`.

    Raises LooksLikeSomebody for a likely duplicate that is not in `not_the_same_as`; never merges.
    """
    known = facts.read({"name": "", **typed}, clock.today())
    duplicates.refuse_taken(known, by)
    duplicates.refuse_likely(known, by, not_the_same_as)
    person = ServiceUser(team=by.team, organisation=by.organisation, created_by=by, **known)
    person.search_name = search_name(person.name, person.preferred_name)
    try:
        with transaction.atomic():
            person.save(force_insert=True)
    except IntegrityError:
        duplicates.refuse_taken(known, by)
        raise
    audit.record("add_service_user", by=by, subject=person, looked_alike=[str(pk) for pk in not_the_same_as])
    return person


@transaction.atomic
def update(*, service_user: ServiceUser, version: int, by: Membership, **typed: Any) -> None:
    """Changes the facts in `typed` and no others. `version` is the one that the editor saw."""
    known = facts.read(typed, clock.today())
    duplicates.refuse_taken(known, by, besides=service_user)
    new = {name: known.get(name, getattr(service_user, name)) for name in ("name", "preferred_name")}
    rows = ServiceUser.objects.filter(pk=service_user.pk, version=version)
    try:
        with transaction.atomic():
            moved = rows.update(**known, search_name=search_name(**new), version=version + 1)
    except IntegrityError:
        duplicates.refuse_taken(known, by, besides=service_user)
        raise
    if not moved:
        raise AlreadyChanged(CHANGED, state=f"version {service_user.version}")
    audit.record("update_service_user", by=by, subject=service_user, fields=sorted(known))
    if known.get("postcode", service_user.postcode) != service_user.postcode:
        fairness.forget_neighbourhood(service_user=service_user, by=by)
    service_user.refresh_from_db()


# --- How to reach them ------------------------------------------------------------------------------------


def plan_of(service_user: ServiceUser) -> Plan:
    """The plan that counts. Nobody asked yet: the one that allows nothing."""
    row = ContactPlan.objects.current_for(service_user)
    return row.plan if row else Plan.unknown()


@transaction.atomic
def set_contact_plan(*, service_user: ServiceUser, plan: Plan, source_id: str, by: Membership) -> ContactPlan:
    """The person's own words from a screening: they replace what was there, also where they allow more."""
    current = ContactPlan.objects.current_for(service_user)
    row = follow_plan(current, service_user, plan, by, source=ContactPlan.Source.SCREENING, source_id=source_id)
    audit.record("set_contact_plan", by=by, subject=service_user, plan=row.number)
    return row


@transaction.atomic
def change_contact_plan(
    *, service_user: ServiceUser, plan: Plan, seen: int, by: Membership, reason: str = ""
) -> ContactPlan:
    """Anybody on the staff may tighten; only a clinician, with a reason, may loosen.

    `seen` is the number of the plan that the change was made from, 0 where there was none.
    """
    current = ContactPlan.objects.current_for(service_user)
    if (current.number if current else 0) != seen:
        raise AlreadyChanged(CHANGED, state=f"plan {current.number if current else 0}")
    old = current.plan if current else Plan.unknown()
    plan = replace(plan, via_person=facts.words("via_person", plan.via_person, 200))
    if plan == old:
        raise InvalidInput(_("Nothing is different from the plan as it is."))
    reason = facts.words("reason", reason, 1000)
    looser = is_looser(old, plan)
    if looser:
        _check_loosening(by, reason)
    _check_whole(plan)
    row = follow_plan(current, service_user, plan, by, source=ContactPlan.Source.STAFF, reason=reason)
    audit.record("change_contact_plan", by=by, subject=service_user, plan=row.number, looser=looser)
    return row


def _check_loosening(by: Membership, reason: str) -> None:
    if not by.may(Permission.LOOSEN_CONTACT_PLAN):
        raise NotAllowed(
            _(
                "This would allow contact that is not allowed now. Only a clinician may do that, "
                "after asking the person. You may take ways, days and hours away."
            )
        )
    if not reason:
        sentence = _("Say why more contact is safe now, and who said so.")
        raise InvalidInput(sentence, fields={"reason": sentence})


def _check_whole(plan: Plan) -> None:
    """What a plan says about its own channels must fit together."""
    wrong = {
        name: _("Choose one of the ways that are allowed.")
        for name in ("preferred", "fallback")
        if getattr(plan, name) and getattr(plan, name) not in plan.allowed
    }
    if plan.automatic and not plan.allowed & AUTOMATIC:
        wrong["automatic"] = _("Automatic messages need a text, letter or email among the ways allowed.")
    if wrong:
        raise InvalidInput(_("The parts of this plan do not fit together."), fields=wrong)


def follow_plan(
    current: ContactPlan | None, service_user: ServiceUser, plan: Plan, by: Membership, **made: Any
) -> ContactPlan:
    """The next plan after `current`; AlreadyChanged where somebody else's came in between. For actions only."""
    try:
        with transaction.atomic():
            return ContactPlan.objects.create(
                service_user=service_user,
                number=current.number + 1 if current else 1,
                answered=plan.answered,
                allowed=sorted(plan.allowed),
                automatic=plan.automatic,
                automatic_reason=plan.reason or "",
                voicemail=plan.voicemail,
                hours_from=plan.hours[0] if plan.hours else None,
                hours_to=plan.hours[1] if plan.hours else None,
                weekdays=None if plan.weekdays is None else sorted(plan.weekdays),
                preferred=plan.preferred,
                fallback=plan.fallback,
                may_name_service=plan.may_name_service,
                via_person=plan.via_person,
                made_by=by,
                **made,
            )
    except IntegrityError as error:
        raise AlreadyChanged(CHANGED) from error


# --- Consent ----------------------------------------------------------------------------------------------


@transaction.atomic
def record_consent(
    *,
    service_user: ServiceUser,
    choice: str,
    how: str,
    wording: str,
    by: Membership,
    provider: Organisation | None = None,
    expires_on: date | None = None,
) -> Consent:
    """What the person said just now, with `wording` as it was put to them. `provider`: None for all of them."""
    wrong = {}
    if choice not in Consent.Choice:
        wrong["choice"] = _("Choose what the person said.")
    if how not in Consent.How:
        wrong["how"] = _("Choose how the person said so.")
    if expires_on is not None and expires_on <= clock.today():
        wrong["expires_on"] = _("The day must be in the future. Leave it out if the person named none.")
    if wrong:
        raise InvalidInput.in_fields(wrong)
    consent = Consent.objects.create(
        service_user=service_user,
        choice=choice,
        provider=provider,
        how=how,
        wording=wording,
        given_at=clock.now(),
        recorded_by=by,
        expires_on=expires_on,
    )
    audit.record("record_consent", by=by, subject=service_user, consent=str(consent.pk), choice=choice)
    return consent


@transaction.atomic
def withdraw_consent(*, consent: Consent, how: str, by: Membership) -> Consent:
    """Stops sharing from this instant. Whoever calls this withdraws what rests on the consent, too."""
    how = facts.words("how", how, 200)
    if not how:
        sentence = _("Say how the person said so.")
        raise InvalidInput(sentence, fields={"how": sentence})
    if consent.choice == Consent.Choice.NO:
        raise NotPossibleNow(_("The person said no here: there is nothing to withdraw."), state="no")
    open_rows = Consent.objects.filter(pk=consent.pk, withdrawn_at=None)
    if not open_rows.update(withdrawn_at=clock.now(), withdrawn_by=by, withdrawn_how=how):
        raise NotPossibleNow(_("This consent was withdrawn already."), state="withdrawn")
    audit.record("withdraw_consent", by=by, subject=consent.service_user, consent=str(consent.pk))
    consent.refresh_from_db()
    return consent


# --- Pause ------------------------------------------------------------------------------------------------

LONGEST_PAUSE_DAYS = 366


@transaction.atomic
def pause(*, service_user: ServiceUser, reason: str, review_on: date, by: Membership) -> None:
    """Nothing is sent while paused, save what a person marks as needed for safety. Places are kept."""
    wrong = _wrong_day(review_on)
    if reason not in ServiceUser.PauseReason:
        wrong["reason"] = _("Choose why contact pauses.")
    if wrong:
        raise InvalidInput.in_fields(wrong)
    paused = ServiceUser.objects.filter(pk=service_user.pk, paused_at=None).update(
        paused_at=clock.now(), paused_by=by, pause_reason=reason, pause_review_on=review_on
    )
    if not paused:
        raise AlreadyChanged(_("Contact is paused already."), state="paused", allowed=["resume"])
    audit.record("pause", by=by, subject=service_user, reason=reason, review_on=review_on.isoformat())
    service_user.refresh_from_db()


def _wrong_day(review_on: date) -> dict[str, object]:
    if 0 < (review_on - clock.today()).days <= LONGEST_PAUSE_DAYS:
        return {}
    return {"review_on": _("Enter a day in the next 12 months, when somebody looks at this again.")}


@transaction.atomic
def keep_paused(*, service_user: ServiceUser, review_on: date, by: Membership) -> None:
    """The pause goes on, until another day on which somebody looks at it again."""
    wrong = _wrong_day(review_on)
    if review_on == service_user.pause_review_on:
        wrong["review_on"] = _("It is to be looked at on that day already. Enter another.")
    if wrong:
        raise InvalidInput.in_fields(wrong)
    as_seen = ServiceUser.objects.filter(
        pk=service_user.pk, paused_at=service_user.paused_at, pause_review_on=service_user.pause_review_on
    )
    if service_user.paused_at is None or not as_seen.update(pause_review_on=review_on):
        raise AlreadyChanged(CHANGED, state="paused" if service_user.paused_at else "open")
    audit.record("keep_paused", by=by, subject=service_user, review_on=review_on.isoformat())
    service_user.refresh_from_db()


@transaction.atomic
def resume(*, service_user: ServiceUser, by: Membership) -> None:
    resumed = ServiceUser.objects.filter(pk=service_user.pk, paused_at__isnull=False).update(
        paused_at=None, paused_by=None, pause_reason="", pause_review_on=None
    )
    if not resumed:
        raise AlreadyChanged(_("Contact is not paused."), state="open", allowed=["pause"])
    audit.record("resume", by=by, subject=service_user)
    service_user.refresh_from_db()
