"""A person is reminded of an appointment 7 days and 1 day before, and not of one that is off or moved."""

from datetime import datetime

from django.db import transaction

from accounts import clock
from accounts.models import Membership
from accounts.wording import gettext_lazy as _
from people.contact_plan import WAYS
from people.london import london_day
from people.safe_contact import Plan
from referrals import reach, reminders
from referrals.followup import USEFUL_UNTIL_BEFORE, appointment_reminders
from referrals.messages import day_in_words
from referrals.models import Appointment, FollowUp, Reminder
from referrals.obligations.owed import Kind, close, owe
from referrals.obligations.telling import choose, teller
from referrals.support_steps import AppointmentStatus

STOPS_BEING_USEFUL = {
    7: USEFUL_UNTIL_BEFORE["appointment_7_days"],
    1: USEFUL_UNTIL_BEFORE["appointment_1_day"],
}

EARLIER = 3
"""Days by which a reminder goes ahead of its day, where that is quiet or outside the hours that the person chose:
of a Monday's appointment people are reminded on Saturday."""


@transaction.atomic
def remind_of_appointment(*, appointment: Appointment, by: Membership | None) -> None:
    """By the plan: a message, or a worker's call where none may go. A day that is past already is left out."""
    plan = reach.plan_of(appointment.referral.service_user)
    for days, due_at in appointment_reminders(appointment.starts_at, clock.now()).items():
        useful_until = appointment.starts_at - STOPS_BEING_USEFUL[days]
        _remind(appointment, plan, f"appointment:{appointment.pk}:remind:{days}", due_at, useful_until)


def _remind(appointment: Appointment, plan: Plan, key: str, due_at: datetime, useful_until: datetime) -> None:
    referral, chosen = appointment.referral, None
    if not reach.wants_a_person(plan, referral.preferred_channel):
        first = [referral.preferred_channel, referral.fallback_channel]
        chosen = choose(
            referral.service_user,
            plan,
            first=first,
            due_at=due_at,
            useful_until=useful_until,
            days_earlier=EARLIER,
        )
    if chosen is None:
        _owe_call(appointment, plan, key, due_at)
        return
    channel, moment = chosen
    reminders.queue(
        dedupe_key=key,
        template="appointment_reminder",
        channel=channel,
        due_at=moment,
        service_user=referral.service_user,
        referral=referral,
        appointment=appointment,
        useful_until=useful_until,
    )


def _owe_call(appointment: Appointment, plan: Plan, key: str, due_at: datetime) -> None:
    referral, day = appointment.referral, day_in_words(london_day(appointment.starts_at))
    ways = ", ".join(str(words) for way, words in WAYS.items() if way in plan.open_channels) or _("none, so far")
    owe(
        kind=Kind.TELL_PERSON,
        key=key,
        service_user=referral.service_user,
        referral=referral,
        team=teller(referral),
        what=_("Remind the person of %(day)s. Ways they agreed to: %(ways)s.") % {"day": day, "ways": ways},
        due_on=london_day(due_at),
    )


@transaction.atomic
def drop_appointment_reminders(*, appointment: Appointment, reason: str) -> int:
    """For an appointment that is off, moved or over: how many messages were stopped. News of the change stays."""
    owed = FollowUp.objects.filter(kind=Kind.TELL_PERSON, key__startswith=f"appointment:{appointment.pk}:")
    off = owed.filter(key__contains=":changed:").exclude(key__endswith=f":{AppointmentStatus.BOOKED}")
    about_it = Reminder.objects.filter(appointment=appointment).exclude(follow_up__in=off)
    stopped = reminders.cancel(about_it, reason=reason)
    close(owed.exclude(pk__in=off), reason)
    return stopped
