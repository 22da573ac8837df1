"""What became of a message, written down; and whatever it did not do becomes somebody's follow-up."""

from uuid import UUID

from django.db import transaction
from django.db.models import Q

from accounts import audit, clock
from accounts.models import Membership, Team
from referrals import reach, reminders
from referrals.followup import add_working_days
from referrals.models import Attempt, FollowUp, Reminder
from referrals.obligations.owed import Kind, broken, close, owe, settle
from referrals.obligations.telling import in_time

Status = Reminder.Status

THE_CHANNEL_IS_AT_FAULT = {
    "channel_not_allowed",
    "no_address",
    "bad_address",
    "not_reached",
    "bounced",
    "returned",
    "no_receipt",
}
"""Another channel may do better than this one. Not so where the words, a pause or the whole plan forbid."""

WORDS = {
    "not_answered": "safe contact has not been asked about",
    "channel_not_allowed": "the contact plan does not allow it",
    "not_automatic": "automatic messages are off for this person",
    "paused": "contact is paused",
    "no_address": "there is no number or address for it",
    "bad_address": "the number or address is no good",
    "no_sender": "there is no name and number to sign it with",
    "words": "its words could give something private away",
    "no_time_left": "there was no time at which it might go",
    "not_reached": "the channel could not be reached for a day",
    "set_aside": "it could not be put together",
    "bounced": "it did not arrive",
    "returned": "the letter came back",
    "no_receipt": "there was no word that it arrived",
    "no_answer": "the channel cannot say whether it went",
}


# --- Straight from the hand-over ----------------------------------------------------------------------------


@transaction.atomic
def accepted(reminder: Reminder, attempt: Attempt) -> None:
    """The channel has it. Whether it arrives is told by a receipt; a letter, by whoever posts it."""
    reminders.end_attempt(attempt, "accepted")
    if reminders.leave(reminder, status=Status.SENT, sent_at=clock.now()):
        _sent(reminder)


def _sent(reminder: Reminder) -> None:
    if reminder.channel == "letter":
        _owe_posting(reminder)
    audit.record(
        "send_message",
        by=None,
        subject=reminder,
        organisation=reminder.service_user.organisation,
        channel=reminder.channel,
        template=reminder.template,
    )


def _owe_posting(reminder: Reminder) -> None:
    """Paper does not walk: where nobody has it to do already, the owner's team has."""
    if reminder.follow_up and reminder.follow_up.kind == Kind.TELL_PERSON:
        return
    owe(
        kind=Kind.TELL_PERSON,
        key=f"post:{reminder.pk}",
        service_user=reminder.service_user,
        referral=reminder.referral,
        team=owner_of(reminder),
        what="Print and post the letter that is in the outbox.",
        due_on=add_working_days(clock.today(), 1),
    )


@transaction.atomic
def rejected(reminder: Reminder, attempt: Attempt, code: str) -> None:
    """The channel will not carry it: it has not left, and does not count as today's message."""
    reminders.end_attempt(attempt, "refused")
    fail(reminder, status=Status.FAILED, reason=code if code in WORDS else "bad_address", sent_on=None)


def try_again(reminder: Reminder, *, counted: bool) -> None:
    """Due again after a wait that grows. `counted`: the attempt has counted this try already."""
    row = reminders.held(reminder.pk, reminder.claim)
    tries = row.values_list("tries", flat=True).first()
    if tries is None:
        return
    tries += 0 if counted else 1
    reminders.leave(reminder, status=Status.QUEUED, tries=tries, due_at=clock.now() + reminders.wait_after(tries))


def never_taken(reminder: Reminder) -> None:
    """Attempts of a process that died came to nothing."""
    _end_open_attempts(reminder, "not_reached")


def _end_open_attempts(reminder: Reminder, result: str) -> None:
    attempts = Attempt.objects.filter(reminder_id=reminder.pk, ended_at=None)
    attempts.update(ended_at=clock.now(), result=result)


@transaction.atomic
def found(reminder: Reminder, fate: str) -> None:
    """The channel had it all along: an earlier process died, or the line was cut, before that was written down."""
    begun = Attempt.objects.filter(reminder_id=reminder.pk).values_list("started_at", flat=True).last()
    _end_open_attempts(reminder, "found")
    if reminders.leave(reminder, status=Status.SENT, sent_at=begun or clock.now()):
        _sent(reminder)
        receive(reference=reminder.pk, fate=fate)


@transaction.atomic
def fail(reminder: Reminder, *, status: str, reason: str, **fields: object) -> None:
    """Refused, failed or not known: now somebody has it to do, and the next channel is tried if it may help."""
    if reminders.leave(reminder, status=status, reason=reason, **fields):
        _hand_on(reminder, reason, Kind.NOT_KNOWN if status == Status.NOT_KNOWN else Kind.MESSAGE_FAILED)


def _hand_on(reminder: Reminder, reason: str, kind: str) -> None:
    why = WORDS.get(reason, "it was not allowed")
    if kind == Kind.NOT_KNOWN:
        what = f"Nobody knows whether the {reminder.channel} went: {why}. Ask the person."
    else:
        what = f"The {reminder.channel} did not reach the person: {why}. Tell them in another way they agreed to."
    owe(
        kind=kind,
        key=f"reminder:{reminder.pk}",
        service_user=reminder.service_user,
        referral=reminder.referral,
        team=owner_of(reminder),
        what=what,
        due_on=add_working_days(clock.today(), 1),
    )
    if reason in THE_CHANNEL_IS_AT_FAULT:
        _queue_by_another_channel(reminder)


def owner_of(reminder: Reminder) -> Team:
    if reminder.follow_up:
        return reminder.follow_up.team
    return reminder.referral.referring_team if reminder.referral else reminder.service_user.team


def _queue_by_another_channel(reminder: Reminder) -> None:
    """The next channel that the plan permits and that has not been tried for the same thing."""
    thing = reminder.dedupe_key.partition(":then:")[0]
    same = Reminder.objects.filter(Q(dedupe_key=thing) | Q(dedupe_key__startswith=f"{thing}:then:"))
    tried = set(same.values_list("channel", flat=True))
    person, now = reminder.service_user, clock.now()
    plan = reach.plan_of(person)
    for channel in reach.ways(person, plan):
        moment = reach.first_moment(plan, channel, now)
        if channel not in tried and moment and in_time(channel, moment, reminder.useful_until):
            reminders.queue(
                dedupe_key=f"{thing}:then:{channel}",
                template=reminder.template,
                channel=channel,
                due_at=moment,
                service_user=person,
                referral=reminder.referral,
                appointment=reminder.appointment,
                follow_up=reminder.follow_up,
                useful_until=reminder.useful_until,
            )
            return


# --- Receipts: they may repeat, and come in any order ---------------------------------------------------------


@transaction.atomic
def receive(*, reference: UUID, fate: str, reason: str = "bounced") -> bool:
    """Writes down that a message arrived, or did not; False if that changes nothing. Arrived has the last word."""
    if fate == "delivered":
        return arrived(reference, result="delivered", by=None)
    return fate == "failed" and did_not_arrive(reference, reason, from_=[Status.SENT, Status.NOT_KNOWN])


def arrived(reference: UUID, *, result: str, by: Membership | None) -> bool:
    now = clock.now()
    row = Reminder.objects.filter(
        pk=reference, status__in=[Status.SENT, Status.CLAIMED, Status.FAILED, Status.NOT_KNOWN]
    )
    row.filter(sent_at=None).update(sent_at=now)
    if not row.update(status=Status.DELIVERED, reason="", claim=None, claimed_until=None, settled_at=now):
        return False
    reminder = Reminder.objects.select_related("follow_up__team__organisation").get(pk=reference)
    told = reminder.follow_up
    if told and told.kind == Kind.TELL_PERSON and told.done_at is None:
        settle(follow_up=told, result=result, by=by)
    close(broken([reference]), "arrived_after_all", by=by)
    close(FollowUp.objects.filter(kind=Kind.TELL_PERSON, key=f"post:{reference}"), result, by=by)
    return True


def did_not_arrive(reference: UUID, reason: str, *, from_: list[str]) -> bool:
    row = Reminder.objects.filter(pk=reference, status__in=from_)
    if not row.update(status=Status.FAILED, reason=reason, settled_at=clock.now()):
        return False
    reminder = Reminder.objects.select_related("service_user", "referral", "appointment", "follow_up").get(
        pk=reference
    )
    _hand_on(reminder, reason, Kind.MESSAGE_FAILED)
    return True
