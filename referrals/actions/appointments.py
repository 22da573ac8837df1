"""Appointments: booked, moved, and what came of them. Missing one asks somebody to find out why, no more."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from accounts import audit, clock
from accounts.errors import AlreadyChanged, InvalidInput, NotPossibleNow
from accounts.models import Membership
from accounts.wording import gettext_lazy as _
from referrals import obligations
from referrals.actions.activity import keep_moving, reached
from referrals.followup import add_working_days, clock_days
from referrals.lifecycle import ActionWith, Status
from referrals.models import Appointment, Referral
from referrals.standing import working
from referrals.support_steps import (
    AppointmentStatus,
    after_did_not_attend,
    available_for_appointment,
    check_appointment,
)
from referrals.webhooks.announcing import announce

BOOKABLE = {Status.ACCEPTED, Status.ACTIVE, Status.DELIVERED}
MAY_COME = (AppointmentStatus.ATTENDED, AppointmentStatus.LATE)


@transaction.atomic
def book(
    *,
    referral: Referral,
    starts_at: datetime,
    where: str,
    by: Membership,
    minutes: int = 30,
    bring: str = "",
) -> Appointment:
    """The person is told of it, and reminded 7 days and 1 day before, by the contact plan."""
    working(referral, by)
    if referral.status not in BOOKABLE:
        raise NotPossibleNow(_("Appointments are booked once the referral is accepted."), state=referral.status)
    appointment = _booked(referral, starts_at, where, minutes, bring, by)
    obligations.tell_person(referral=referral, event=appointment, template="appointment_booked", by=by)
    return appointment


def _booked(
    referral: Referral,
    starts_at: datetime,
    where: str,
    minutes: int,
    bring: str,
    by: Membership,
    rearranged_from: Appointment | None = None,
) -> Appointment:
    _check(starts_at, where, minutes, bring)
    appointment = Appointment.objects.create(
        referral=referral,
        starts_at=starts_at,
        where=where.strip(),
        minutes=minutes,
        bring=bring.strip(),
        created_by=by,
        rearranged_from=rearranged_from,
    )
    announce(referral=referral, kind="appointment.booked")
    audit.record("book_appointment", by=by, subject=referral, appointment=str(appointment.pk))
    obligations.remind_of_appointment(appointment=appointment, by=by)
    keep_moving(referral)
    return appointment


def _check(starts_at: datetime, where: str, minutes: int, bring: str) -> None:
    wrong = {}
    if starts_at <= clock.now():
        wrong["starts_at"] = _("This is over. Enter a time to come.")
    if not where.strip():
        wrong["where"] = _("Say where it is, or that it is by phone.")
    if not 5 <= minutes <= 480:
        wrong["minutes"] = _("Enter how long it takes, from 5 to 480 minutes.")
    wrong |= {
        name: _("Use 300 characters or fewer.")
        for name, text in (("where", where), ("bring", bring))
        if len(text.strip()) > 300
    }
    if wrong:
        raise InvalidInput.in_fields(wrong)


@transaction.atomic
def rearrange(
    *,
    appointment: Appointment,
    starts_at: datetime,
    by: Membership,
    where: str = "",
    version: int | None = None,
) -> Appointment:
    """The new appointment; the old one stays, and says that it was moved."""
    _swap(appointment, AppointmentStatus.REARRANGED, by, {"starts_at": starts_at}, version)
    obligations.drop_appointment_reminders(appointment=appointment, reason="rearranged")
    new = _booked(
        appointment.referral,
        starts_at,
        where or appointment.where,
        appointment.minutes,
        appointment.bring,
        by,
        rearranged_from=appointment,
    )
    obligations.tell_person(referral=new.referral, event=new, template="appointment_changed", by=by)
    return new


@transaction.atomic
def record_appointment(
    *,
    appointment: Appointment,
    outcome: str,
    by: Membership,
    evidence: dict[str, Any] | None = None,
    version: int | None = None,
) -> None:
    """What came of it, once. `outcome`: a name of APPOINTMENT_STEPS, save for a new time (see rearrange)."""
    if outcome == AppointmentStatus.REARRANGED:
        raise InvalidInput(_("Give the new time: that books the new appointment."))
    _swap(appointment, outcome, by, evidence or {}, version)
    obligations.drop_appointment_reminders(appointment=appointment, reason=outcome)
    if outcome in MAY_COME:
        reached(appointment.referral, appointment.starts_at)
    if outcome == AppointmentStatus.DID_NOT_ATTEND:
        _ask_what_got_in_the_way(appointment)
    if outcome == AppointmentStatus.CANCELLED_BY_SERVICE:
        _tell_it_is_off(appointment, by)
    keep_moving(appointment.referral)


def _swap(
    appointment: Appointment, action: str, by: Membership, evidence: dict[str, Any], version: int | None
) -> None:
    """Compare-and-swap on the version; of two outcomes at once the later one changes nothing."""
    working(appointment.referral, by)
    if version not in (None, appointment.version):
        raise _changed(appointment)
    now = clock.now()
    step = check_appointment(
        appointment.status, action, starts_at=appointment.starts_at, now=now, evidence=evidence
    )
    row = Appointment.objects.filter(pk=appointment.pk, version=appointment.version, status=appointment.status)
    if not row.update(
        status=step.target,
        version=F("version") + 1,
        reason=str(evidence.get("reason", ""))[:300],
        outcome_at=now,
        outcome_by=by,
    ):
        raise _changed(appointment)
    announce(referral=appointment.referral, kind="appointment.changed")
    audit.record("record_appointment", by=by, subject=appointment.referral, appointment=str(appointment.pk),
                 outcome=step.target)  # fmt: skip
    appointment.refresh_from_db()


def _changed(appointment: Appointment) -> AlreadyChanged:
    appointment.refresh_from_db()
    return AlreadyChanged(
        _("Somebody else has recorded this appointment already: %(now)s.") % {"now": appointment.status_words},
        state=appointment.status,
        allowed=available_for_appointment(appointment.status, appointment.starts_at, clock.now()),
    )


def _ask_what_got_in_the_way(appointment: Appointment) -> None:
    """The first is the provider's to ask about; from the second on the clinician checks on the person."""
    referral = appointment.referral
    missed = referral.appointments.filter(status=AppointmentStatus.DID_NOT_ATTEND).count()
    asked = after_did_not_attend(missed)
    provider = referral.provider_team if asked.action_with is ActionWith.PROVIDER else None
    days = clock_days(asked.clock, referral.referring_team.organisation.clocks)
    obligations.owe(
        kind=asked.follow_up,
        key=f"appointment:{appointment.pk}",
        service_user=referral.service_user,
        referral=referral,
        team=provider or referral.referring_team,
        what=asked.sentence,
        due_on=add_working_days(clock.today(), days),
    )


def _tell_it_is_off(appointment: Appointment, by: Membership) -> None:
    if appointment.starts_at > clock.now():
        obligations.tell_person(
            referral=appointment.referral, event=appointment, template="appointment_changed", by=by
        )
