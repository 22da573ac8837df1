"""What became of a message, written down; and whatever it did not do becomes somebody's follow-up."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from accounts import audit, clock
from accounts.models import Membership, Team
from accounts.wording import gettext_lazy as _
from people.contact_plan import way_in_words
from referrals import reach, reminders
from referrals.failures import THE_CHANNEL_IS_AT_FAULT, WORDS
from referrals.followup import add_working_days
from referrals.models import Attempt, FollowUp, Referral, Reminder
from referrals.obligations.doubted import doubt
from referrals.obligations.owed import Kind, broken, close, owe, settle
from referrals.obligations.telling import in_time

Status = Reminder.Status

# --- Straight from the hand-over ----------------------------------------------------------------------------


@transaction.atomic
def accepted(taken: Sequence[tuple[Reminder, Attempt]]) -> None:
    """The channel has them. Whether they arrive is told by receipts; a letter of ours, by whoever posts it.

    A receipt may have come first: that the message went is on record all the same.
    """
    ended = reminders.end_attempts([attempt for _reminder, attempt in taken], "accepted")
    left = reminders.leave_as_sent([reminder for reminder, _attempt in taken])
    sooner = Reminder.objects.filter(pk__in=ended - left, status=Status.DELIVERED) if ended - left else ()
    _sent([reminder for reminder, _attempt in taken if reminder.pk in left.union(one.pk for one in sooner)])


def _sent(some: Sequence[Reminder]) -> None:
    for reminder in some:
        if reminder.channel == "letter" and not reminder.carrier:
            _owe_posting(reminder)
    audit.record_each(
        "send_message",
        by=None,
        about=[
            (one, one.service_user.organisation, {"channel": one.channel, "template": one.template})
            for one in some
        ],
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
        what=_("Print and post the letter that is in the outbox."),
        due_on=add_working_days(clock.today(), 1),
    )


@transaction.atomic
def rejected(reminder: Reminder, attempt: Attempt, code: str) -> None:
    """The channel will not carry it: it has not left, and does not count as today's message."""
    reminders.end_attempts([attempt], "refused")
    doubt(reminder, code)
    fail(reminder, status=Status.FAILED, reason=code if code in WORDS else "bad_address", sent_on=None)


@transaction.atomic
def held_up(reminder: Reminder, attempt: Attempt, code: str) -> None:
    """It was not taken, for a reason of ours: it does not count as today's message, waits, and says why."""
    reminders.end_attempts([attempt], "held_up")
    reminders.held(reminder.pk, reminder.claim).update(sent_on=None)
    try_again(reminder, counted=True, reason=code)


def spared(reminder: Reminder, code: str) -> None:
    """Not tried, for another has just been refused for this reason; after the last try a person takes over."""
    if reminder.tries < reminders.MAX_TRIES:
        try_again(reminder, counted=False, reason=code)
    else:
        fail(reminder, status=Status.NOT_KNOWN if reminder.sent_on else Status.FAILED, reason=code)


@transaction.atomic
def not_reached(reminder: Reminder, attempt: Attempt) -> None:
    """Whether it was taken is open: looked up before any repeat."""
    reminders.end_attempts([attempt], "not_reached")
    try_again(reminder, counted=True)


def try_again(reminder: Reminder, *, counted: bool, reason: str = "") -> None:
    """Due again after a wait that grows. `counted`: the attempt has counted this try already."""
    row = reminders.held(reminder.pk, reminder.claim)
    tries = row.values_list("tries", flat=True).first()
    if tries is None:
        return
    tries += 0 if counted else 1
    due_at = clock.now() + reminders.wait_after(tries)
    reminders.leave(reminder, status=Status.QUEUED, reason=reason, tries=tries, due_at=due_at)


def never_taken(reminder: Reminder) -> None:
    """Attempts of a process that died came to nothing."""
    _end_open_attempts(reminder, "not_reached")


def _end_open_attempts(reminder: Reminder, result: str) -> None:
    attempts = Attempt.objects.filter(reminder_id=reminder.pk, ended_at=None)
    attempts.update(ended_at=clock.now(), result=result)


@transaction.atomic
def found(reminder: Reminder, fate: str, carrier: str = "") -> None:
    """The channel had it all along: an earlier process died, or the line was cut, before that was written down."""
    begun = Attempt.objects.filter(reminder_id=reminder.pk).values_list("started_at", flat=True).last()
    _end_open_attempts(reminder, "found")
    if reminders.leave(reminder, status=Status.SENT, sent_at=begun or clock.now(), carrier=carrier):
        reminder.carrier = carrier
        _sent([reminder])
        receive(reference=reminder.pk, fate=fate)


@transaction.atomic
def fail(reminder: Reminder, *, status: str, reason: str, **fields: object) -> None:
    """Refused, failed or not known: now somebody has it to do, and the next channel is tried if it may help."""
    if reminders.leave(reminder, status=status, reason=reason, **fields):
        _hand_on(reminder, reason, Kind.NOT_KNOWN if status == Status.NOT_KNOWN else Kind.MESSAGE_FAILED)


def _hand_on(reminder: Reminder, reason: str, kind: str) -> None:
    reminder, why = reminders.as_kept(reminder), WORDS.get(reason, _("it was not allowed"))
    if kind == Kind.NOT_KNOWN:
        what = _("Nobody knows whether the %(channel)s went: %(why)s. Ask the person.") % {
            "channel": way_in_words(reminder.channel),
            "why": why,
        }
    else:
        what = _("The %(channel)s did not reach the person: %(why)s. Tell them in another way they agreed to.") % {
            "channel": way_in_words(reminder.channel),
            "why": why,
        }
    owe(
        kind=kind,
        key=f"reminder:{reminder.pk}",
        service_user=reminder.service_user,
        referral=reminder.referral,
        team=owner_of(reminder),
        what=what,
        due_on=add_working_days(clock.today(), 1),
    )
    ended = reminder.referral is not None and is_old_news(reminder.referral, reminder.template)
    if reason in THE_CHANNEL_IS_AT_FAULT and not ended:
        _queue_by_another_channel(reminder)


NEWS_OF_THE_END = {"withdrawn", "cancelled", "door_is_open", "closed", "declined_next_step"}


def is_old_news(referral: Referral, template: str) -> bool:
    """Of a referral that has ended only its end is news."""
    return not referral.is_open and template not in NEWS_OF_THE_END


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
    """Writes down that a message arrived, or did not; False if that changes nothing. Arrived has the last word,
    but that a letter came back. `fate` is as a channel's look-up says it: a failure may be its own reason.
    """
    if fate == "delivered":
        return arrived(reference, result="delivered", by=None)
    if fate == "returned":
        return _returned(reference)
    why = reason if fate == "failed" else fate
    return why in WORDS and did_not_arrive(reference, why, from_=[Status.SENT, Status.NOT_KNOWN])


def _returned(reference: UUID) -> bool:
    """Weeks after it was posted, perhaps: what was settled by its posting alone is owed again."""
    if not did_not_arrive(reference, "returned", from_=[Status.SENT, Status.NOT_KNOWN, Status.DELIVERED]):
        return False
    others = Reminder.objects.filter(status=Status.DELIVERED).exclude(pk=reference)
    told = FollowUp.objects.filter(reminders=reference, result="delivered").exclude(reminders__in=others)
    FollowUp.objects.filter(pk__in=list(told.values_list("pk", flat=True))).update(
        done_at=None, done_by=None, result=""
    )
    return True


def arrived(reference: UUID, *, result: str, by: Membership | None) -> bool:
    now = clock.now()
    row = Reminder.objects.filter(
        pk=reference, status__in=[Status.SENT, Status.CLAIMED, Status.FAILED, Status.NOT_KNOWN]
    ).exclude(status=Status.FAILED, reason="returned")  # it was posted: that is known already
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
    doubt(reminder, reason)
    _hand_on(reminder, reason, Kind.MESSAGE_FAILED)
    return True
