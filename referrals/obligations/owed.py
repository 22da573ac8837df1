"""A follow-up is owed once, and done once, with what came of it."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import QuerySet

from accounts import audit, clock
from accounts.errors import AlreadyChanged
from accounts.models import Membership, Team
from accounts.wording import gettext_lazy as _
from people.models import ServiceUser
from referrals import reminders
from referrals.models import FollowUp, Referral, Reminder

Kind = FollowUp.Kind


def owe(
    *,
    kind: str,
    key: str,
    service_user: ServiceUser,
    referral: Referral | None,
    team: Team,
    what: str,
    due_on: date,
    details: str = "",
) -> FollowUp:
    """The one follow-up of this kind about this thing: owed already, or even done, it is not opened again."""
    follow_up, _created = FollowUp.objects.get_or_create(
        kind=kind,
        key=key,
        defaults={
            "service_user": service_user,
            "referral": referral,
            "team": team,
            "what": what,
            "due_on": due_on,
            "details": details,
        },
    )
    return follow_up


@transaction.atomic
def settle(*, follow_up: FollowUp, result: str, by: Membership | None, words: str = "") -> None:
    """Done, and what came of it; AlreadyChanged for the second to say so. `by` is None for a channel's receipt.

    A person who has been told needs no message any more, and nobody has to mend one that did not arrive. Whoever
    was asked because it was late needs to see to it no longer.
    """
    if not close(FollowUp.objects.filter(pk=follow_up.pk), result, by=by, words=words):
        raise AlreadyChanged(_("This has already been dealt with."), state="done")
    close(FollowUp.objects.filter(kind__in=[Kind.COORDINATE, Kind.STUCK], key=f"owed:{follow_up.pk}"), "settled")
    if follow_up.kind == Kind.TELL_PERSON:
        _no_message_needed(follow_up, by)
    if follow_up.kind in reminders.INSTEAD:
        _not_sent_again(follow_up)
    audit.record(
        "settle_follow_up",
        by=by,
        subject=follow_up,
        organisation=follow_up.team.organisation,
        kind=follow_up.kind,
        result=result,
    )


def _no_message_needed(told: FollowUp, by: Membership | None) -> None:
    about_it = Reminder.objects.filter(follow_up=told)
    reminders.cancel(about_it, reason="told_already")
    close(broken(about_it.values_list("pk", flat=True)), "told_already", by=by)


def _not_sent_again(instead: FollowUp) -> None:
    """A message that was taken up again meanwhile: somebody has dealt with what it could not do."""
    kind, _colon, pk = instead.key.partition(":")
    if kind == "reminder":
        reminders.cancel(Reminder.objects.filter(pk=pk), reason="told_already")


def broken(reminder_ids: Iterable[object]) -> QuerySet[FollowUp]:
    """What is owed because these messages did not arrive, or nobody knows whether they were sent."""
    keys = [f"reminder:{pk}" for pk in reminder_ids]
    return FollowUp.objects.filter(kind__in=reminders.INSTEAD, key__in=keys)


def close(follow_ups: QuerySet[FollowUp], result: str, *, by: Membership | None = None, words: str = "") -> int:
    """How many of them were open until now."""
    return follow_ups.filter(done_at=None).update(done_at=clock.now(), done_by=by, result=result, words=words)


def drop_messages(*, referral: Referral, reason: str) -> int:
    """After this no message about the referral is queued; how many there were. Tell the news of its end after."""
    return reminders.cancel(Reminder.objects.filter(referral=referral), reason=reason)


def drop_follow_ups(*, referral: Referral, kinds: Iterable[str] | None = None, reason: str) -> int:
    """Closes what is owed about the referral (of these kinds) as no longer needed; how many there were."""
    owed = FollowUp.objects.filter(referral=referral)
    return close(owed if kinds is None else owed.filter(kind__in=list(kinds)), reason)
