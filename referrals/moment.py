"""The moment before: is a message still wanted, of use and allowed, as it all is now? Asked for some at a time.

What is read is read for all of them, with so many questions however many they are; what is decided is decided for
each, from what was read.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from people.london import at_london, london_day
from people.models import ContactPlan
from people.safe_contact import WAITING_HELPS, Plan
from referrals import doubts, fates, messages, reach, reminders
from referrals.channels import Message
from referrals.deaths import dead_of
from referrals.lifecycle import Status as ReferralStatus
from referrals.models import MessageWords, Reminder
from referrals.models.own import InForce
from referrals.support_steps import AppointmentStatus

Status = Reminder.Status
ENOUGH = {"enough_today", "enough_this_week"}


@dataclass(frozen=True)
class Hold:
    """Why a message does not go: for good, with a status and a reason; or for now, until a later instant."""

    status: str = ""
    reason: str = ""
    until: datetime | None = None


# --- What is read -----------------------------------------------------------------------------------------


def read(some: Sequence[Reminder]) -> list[Reminder]:
    """As they are now, those that their claim still holds, with the record that was kept for each person."""
    joined = reminders.all_held(some).select_related(
        "service_user", "referral__named_worker__user", "appointment", "follow_up"
    )
    rows = joined.prefetch_related(  # of many messages the same few
        "service_user__team__organisation",
        "service_user__organisation",
        "service_user__merged_into__team__organisation",
        "service_user__merged_into__organisation",
        "referral__referring_team__organisation",
        "follow_up__team__organisation",
    )
    return [reminders.as_kept(reminder) for reminder in rows.order_by("due_at", "id")]


@dataclass(frozen=True)
class Known:
    """What the rules ask about the people of some messages, by the id of the record that was kept."""

    plans: Mapping[UUID, ContactPlan]
    sent_lately: Mapping[UUID, Mapping[UUID, date]]
    dead: Collection[UUID]
    number_in_doubt: Collection[UUID]
    asked_about_address: Collection[UUID]
    own_words: InForce

    def plan_of(self, reminder: Reminder) -> Plan:
        row = self.plans.get(reminder.service_user.pk)
        return row.plan if row else Plan.unknown()

    def address_of(self, reminder: Reminder) -> str:
        """ "" where there is none, or nobody knows whether it is theirs."""
        person, channel = reminder.service_user, reminder.channel
        found = reach.recorded_address(person, channel)
        if channel == "text" and person.pk in self.number_in_doubt:
            return ""
        if channel == "letter" and person.pk in self.asked_about_address:
            return "" if doubts.is_address_in_doubt(person.pk, found) else found
        return found


def know(some: Iterable[Reminder], now: datetime) -> Known:
    people = {reminder.service_user.pk: reminder.service_user for reminder in some}
    return Known(
        plans=ContactPlan.objects.current_of(people.values()),
        sent_lately=reach.sent_lately(people, london_day(now)),
        dead=dead_of(people.values()),
        number_in_doubt=set(doubts.about_number(people.values()).values_list("service_user", flat=True)),
        asked_about_address=doubts.asked_about_address(people.values()),
        own_words=MessageWords.objects.in_force_of({fates.owner_of(one).organisation_id for one in some}),
    )


# --- What is decided --------------------------------------------------------------------------------------


def recheck(reminder: Reminder, known: Known, now: datetime) -> Hold | None:
    """Is this message still wanted, of use and allowed at this instant? None for yes."""
    if reason := no_longer_needed(reminder, died=reminder.service_user.pk in known.dead):
        return Hold(Status.CANCELLED, reason)
    if reminder.useful_until and reminder.useful_until <= now:
        return Hold(Status.STALE, "too_late")
    plan = known.plan_of(reminder)
    verdict = reach.verdict(reminder, plan, now, known.sent_lately[reminder.service_user.pk])
    if verdict:
        return None
    if verdict.reason in WAITING_HELPS:
        return wait(reminder, plan, tomorrow(now) if verdict.reason in ENOUGH else now)
    return Hold(Status.REFUSED, verdict.reason)


def no_longer_needed(reminder: Reminder, *, died: bool) -> str:
    """Why the thing it is about has been done, moved or ended meanwhile; "" if it stands."""
    follow_up, appointment, referral = reminder.follow_up, reminder.appointment, reminder.referral
    if follow_up and follow_up.done_at:
        return "told_already"
    if appointment and appointment.status != _state_told_of(reminder):
        return "appointment_gone"
    if referral and referral.status == ReferralStatus.ENTERED_IN_ERROR:
        return "entered_in_error"
    if referral and fates.is_old_news(referral, reminder.template):
        return "referral_ended"
    return "died" if died else ""


def _state_told_of(reminder: Reminder) -> str:
    """Of an appointment: news of a change names the state in its key, all else is about one that stands."""
    if reminder.template == "appointment_changed" and reminder.follow_up:
        return reminder.follow_up.key.rpartition(":")[2]
    return AppointmentStatus.BOOKED


def tomorrow(now: datetime) -> datetime:
    return at_london(london_day(now) + timedelta(days=1), time(0))


def wait(reminder: Reminder, plan: Plan, start: datetime) -> Hold:
    """Until the first moment from `start` on that the plan allows, if the message is of use then."""
    until = reach.first_moment(plan, reminder.channel, start)
    if until is None or (reminder.useful_until and until >= reminder.useful_until):
        return Hold(Status.REFUSED, "no_time_left")
    return Hold(until=until)


# --- What is handed over ----------------------------------------------------------------------------------


def compose(reminder: Reminder, known: Known) -> Message:
    """In words and with an address; NotFitToSend where either cannot be had."""
    to = known.address_of(reminder)
    if not to:
        recorded = reach.recorded_address(reminder.service_user, reminder.channel)
        raise messages.NotFitToSend("in_doubt" if recorded else "no_address")
    words = words_of(reminder, known.plan_of(reminder), known.own_words)
    return Message(
        reference=reminder.pk,
        service_user_id=reminder.service_user_id,
        channel=reminder.channel,
        to=to,
        subject=words.subject,
        body=words.body,
    )


def words_of(reminder: Reminder, plan: Plan, own: InForce | None = None) -> messages.Words:
    """What it says, or would say now: the outbox shows it before it goes."""
    return messages.render(
        template=reminder.template,
        channel=reminder.channel,
        service_user=reminder.service_user,
        sender=fates.owner_of(reminder).organisation,
        referral=reminder.referral,
        appointment=reminder.appointment,
        may_name_service=plan.may_name_service,
        own=own,
    )
