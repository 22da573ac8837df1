"""Sends what is due: claim, look at everything again, write the attempt down, hand over, write down the result.

No network call is made inside a transaction, and nothing is repeated before the channel was asked about it.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from time import monotonic

from celery.exceptions import SoftTimeLimitExceeded
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import Q

from accounts import clock
from people.london import at_london, london_day
from people.models import ServiceUser
from people.safe_contact import WAITING_HELPS, Plan
from referrals import fates, messages, reach, reminders
from referrals.channels import Channel, LookUpFailed, Message, NotReached, Rejected, channel_for
from referrals.lifecycle import Status as ReferralStatus
from referrals.models import Attempt, Referral, Reminder
from referrals.reminders import LEASE, MAX_TRIES
from referrals.support_steps import AppointmentStatus

log = logging.getLogger(__name__)

Status = Reminder.Status
Drivers = Callable[[str], Channel]

LATE = timedelta(minutes=5)
"""A message this late was perhaps sent before a backup was restored: the channel is asked first."""
NEWS_OF_THE_END = {"withdrawn", "cancelled", "door_is_open", "closed", "declined_next_step"}
BUSY_FOR = 45
"""Seconds after which no more are claimed: the task ends well within its time limit, and the next one goes on."""
ENOUGH = {"enough_today", "enough_this_week"}


def send_due(
    *, limit: int = 200, batch: int = 20, lease: timedelta = LEASE, drivers: Drivers = channel_for
) -> int:
    """How many messages were dealt with, sent or not. One that makes trouble is put aside, never in the way."""
    done, stop_at = 0, monotonic() + BUSY_FOR
    while done < limit and monotonic() < stop_at:
        claimed = reminders.claim(now=clock.now(), batch=min(batch, limit - done), lease=lease)
        if not claimed:
            break
        for reminder in claimed:
            _deal_with(reminder, lease, drivers(reminder.channel))
        done += len(claimed)
    return done


def _deal_with(reminder: Reminder, lease: timedelta, channel: Channel) -> None:
    try:
        _send(reminder, lease, channel)
    except (DatabaseError, SoftTimeLimitExceeded):
        raise  # nothing can be written down now; the lease will end, and the channel be asked
    except Exception:
        log.exception("message %s could not be dealt with", reminder.pk)
        _set_aside(reminder)


def _set_aside(reminder: Reminder) -> None:
    """Later, perhaps; after the last try a person takes over."""
    if reminder.tries < MAX_TRIES:
        fates.try_again(reminder, counted=False)
    else:
        fates.fail(reminder, status=Status.NOT_KNOWN if reminder.sent_on else Status.FAILED, reason="set_aside")


def _send(reminder: Reminder, lease: timedelta, channel: Channel) -> None:
    if _perhaps_sent(reminder) and not _look_up(reminder, channel):
        return
    if reminder.tries >= MAX_TRIES:
        fates.fail(reminder, status=Status.FAILED, reason="not_reached" if reminder.sent_on else "set_aside")
        return
    begun = _begin(reminder, lease)
    if begun is None:
        return
    message, attempt = begun
    try:
        channel.send(message)
    except Rejected as error:
        fates.rejected(reminder, attempt, error.code)
    except NotReached:
        reminders.end_attempt(attempt, "not_reached")
        fates.try_again(reminder, counted=True)
    else:
        fates.accepted(reminder, attempt)


def _perhaps_sent(reminder: Reminder) -> bool:
    return reminder.sent_on is not None or clock.now() - reminder.due_at > LATE


def _look_up(reminder: Reminder, channel: Channel) -> bool:
    """True if the channel never had it, so that it may be sent; else its fate is written down here."""
    try:
        fate = channel.look_up(reminder.pk)
    except LookUpFailed:
        if reminder.tries >= MAX_TRIES:
            fates.fail(reminder, status=Status.NOT_KNOWN, reason="no_answer")
        else:
            fates.try_again(reminder, counted=False)
        return False
    if fate:
        fates.found(reminder, fate)
    else:
        fates.never_taken(reminder)
    return not fate


# --- The moment before ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Hold:
    """Why a message does not go: for good, with a status and a reason; or for now, until a later instant."""

    status: str = ""
    reason: str = ""
    until: datetime | None = None


def _begin(reminder: Reminder, lease: timedelta) -> tuple[Message, Attempt] | None:
    """The message and its attempt, written down; None where it does not go, and why is written down instead."""
    now = clock.now()
    try:
        with transaction.atomic():
            if not reminders.renew(reminder, until=now + lease):
                return None
            fresh = _read(reminder)
            plan = reach.plan_of(fresh.service_user)
            hold = recheck(fresh, plan, now)
            if hold is None:
                return _compose(fresh, plan), reminders.start_attempt(reminder, now=now)
    except messages.NotFitToSend as error:
        hold = Hold(Status.REFUSED, error.code)
    except IntegrityError:  # another message to this person was begun at this very moment
        hold = _wait(reminder, reach.plan_of(reminder.service_user), _tomorrow(now))
    _hold(fresh, hold)
    return None


def _read(reminder: Reminder) -> Reminder:
    """As it all is now, after the lease was renewed: whoever changes the referral afterwards waits for us."""
    related = Reminder.objects.select_related(
        "service_user__team__organisation",
        "service_user__organisation",
        "referral__named_worker__user",
        "referral__referring_team__organisation",
        "appointment",
        "follow_up__team__organisation",
    )
    return related.get(pk=reminder.pk)


def recheck(reminder: Reminder, plan: Plan, now: datetime) -> Hold | None:
    """Is this message still wanted, of use and allowed at this instant? None for yes."""
    if reason := no_longer_needed(reminder):
        return Hold(Status.CANCELLED, reason)
    if reminder.useful_until and reminder.useful_until <= now:
        return Hold(Status.STALE, "too_late")
    verdict = reach.verdict(reminder, plan, now)
    if verdict:
        return None
    if verdict.reason in WAITING_HELPS:
        return _wait(reminder, plan, _tomorrow(now) if verdict.reason in ENOUGH else now)
    return Hold(Status.REFUSED, verdict.reason)


def no_longer_needed(reminder: Reminder) -> str:
    """Why the thing it is about has been done, moved or ended meanwhile; "" if it stands."""
    follow_up, appointment, referral = reminder.follow_up, reminder.appointment, reminder.referral
    if follow_up and follow_up.done_at:
        return "told_already"
    if appointment and appointment.status != _state_told_of(reminder):
        return "appointment_gone"
    if referral and referral.status == ReferralStatus.ENTERED_IN_ERROR:
        return "entered_in_error"
    if referral and not referral.is_open and reminder.template not in NEWS_OF_THE_END:
        return "referral_ended"
    return "died" if _died(reminder.service_user) else ""


def _state_told_of(reminder: Reminder) -> str:
    """Of an appointment: news of a change names the state in its key, all else is about one that stands."""
    if reminder.template == "appointment_changed" and reminder.follow_up:
        return reminder.follow_up.key.rpartition(":")[2]
    return AppointmentStatus.BOOKED


def _died(service_user: ServiceUser) -> bool:
    """So it was recorded when a referral ended, and that end stands."""
    ended = Referral.objects.filter(
        service_user=service_user, status__in=[ReferralStatus.CLOSED, ReferralStatus.CANCELLED]
    )
    return ended.filter(Q(outcomes__outcome="died") | Q(events__reason_code="died")).exists()


def _tomorrow(now: datetime) -> datetime:
    return at_london(london_day(now) + timedelta(days=1), time(0))


def _wait(reminder: Reminder, plan: Plan, start: datetime) -> Hold:
    """Until the first moment from `start` on that the plan allows, if the message is of use then."""
    until = reach.first_moment(plan, reminder.channel, start)
    if until is None or (reminder.useful_until and until >= reminder.useful_until):
        return Hold(Status.REFUSED, "no_time_left")
    return Hold(until=until)


def _hold(reminder: Reminder, hold: Hold) -> None:
    if hold.until:
        reminders.put_back(reminder, due_at=hold.until)
    elif hold.status == Status.REFUSED:
        fates.fail(reminder, status=hold.status, reason=hold.reason)
    else:
        reminders.leave(reminder, status=hold.status, reason=hold.reason)


def _compose(reminder: Reminder, plan: Plan) -> Message:
    """In words and with an address; NotFitToSend where either cannot be had."""
    to = reach.address_of(reminder.service_user, reminder.channel)
    if not to:
        raise messages.NotFitToSend("no_address")
    words = words_of(reminder, plan)
    return Message(
        reference=reminder.pk,
        service_user_id=reminder.service_user_id,
        channel=reminder.channel,
        to=to,
        subject=words.subject,
        body=words.body,
    )


def words_of(reminder: Reminder, plan: Plan) -> messages.Words:
    """What it says, or would say now: the outbox shows it before it goes."""
    return messages.render(
        template=reminder.template,
        channel=reminder.channel,
        service_user=reminder.service_user,
        sender=fates.owner_of(reminder).organisation,
        referral=reminder.referral,
        appointment=reminder.appointment,
        may_name_service=plan.may_name_service,
    )
