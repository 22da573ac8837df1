"""Runs that were printed and then forgotten become a follow-up of the team that printed them."""

from datetime import timedelta

from django.db import transaction

from accounts import clock
from accounts.errors import NotPossibleNow
from accounts.models import Membership
from accounts.wording import gettext_lazy as _
from accounts.wording import ngettext
from people.london import london_day
from referrals.followup import add_working_days
from referrals.models import BatchLetter, FollowUp, LetterBatch
from referrals.obligations.owed import close, owe

KIND = FollowUp.Kind.LETTERS_WAITING
DAYS = 2
"""Working days that a printed run may lie."""


def chase(*, limit: int = 200) -> int:
    """Runs that were printed two working days ago and are not marked: a follow-up of the team that printed
    them."""
    today = clock.today()
    made_before = clock.now() - timedelta(days=DAYS - 1)
    asked = FollowUp.objects.open().filter(kind=KIND).values_list("key", flat=True)
    known, late = set(asked), []
    for batch in LetterBatch.objects.open().filter(made_at__lt=made_before).order_by("id").iterator():
        if _key(batch) not in known and add_working_days(london_day(batch.made_at), DAYS) <= today:
            late.append(batch)
        if len(late) == limit:
            break
    for batch in late:
        _owe_marking(batch)
    return len(late)


def _key(batch: LetterBatch) -> str:
    return f"batch:{batch.pk}"


def refuse_while_printed(follow_up: FollowUp) -> None:
    """It is done by saying what became of each letter, and by nothing else. Raises NotPossibleNow."""
    code, _colon, pk = follow_up.key.partition(":")
    if follow_up.kind == KIND and code == "batch" and BatchLetter.objects.printed().filter(batch__pk=pk).exists():
        raise NotPossibleNow(
            _("Letters of this run are not marked yet. Say on its page of each whether it was posted."),
            state="printed",
        )


@transaction.atomic
def _owe_marking(batch: LetterBatch) -> None:
    """It hangs on the first person who waits: what is owed is owed to people, never to a pile of paper."""
    waits = batch.letters.printed().select_related("reminder__service_user").first()
    if waits is None:
        return
    FollowUp.objects.filter(kind=KIND, key=_key(batch)).update(done_at=None, done_by=None, result="", words="")
    owe(
        kind=KIND,
        key=_key(batch),
        service_user=waits.reminder.service_user,
        referral=None,
        team=batch.team,
        what=_what(batch),
        due_on=clock.today(),
    )


def _what(batch: LetterBatch) -> str:
    number = batch.letters.printed().count()
    words = ngettext(
        "Run %(code)s: %(number)s letter is printed and not marked as posted. Say what became of it.",
        "Run %(code)s: %(number)s letters are printed and not marked as posted. Say what became of them.",
        number,
    )
    return words % {"code": batch.code, "number": number}


def close_if_done(batch: LetterBatch, by: Membership) -> None:
    if not batch.letters.printed().exists():
        close(FollowUp.objects.filter(kind=KIND, key=_key(batch)), "done", by=by)
