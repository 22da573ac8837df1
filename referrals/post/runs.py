"""A run of letters: chosen, printed, posted or not, and each letter looked at again every time."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from accounts import audit, clock
from accounts.errors import AlreadyChanged, InvalidInput, NotPossibleNow
from accounts.models import Membership
from accounts.wording import gettext_lazy as _
from people.london import london_day
from referrals import letters, moment, reach, reminders
from referrals.channels.outbox import PAPER
from referrals.models import BatchLetter, LetterBatch, LetterPrint, Reminder
from referrals.post import already_out, large_print, paper, references, waiting
from referrals.post.chasing import close_if_done
from referrals.post.reasons import AGAIN, ANEW, MOVED, REASONS, WORDS_CHANGED

AT_ONCE = 100
"""Letters in one run: a pile that one person folds in a morning, and a few seconds of setting."""

Status = BatchLetter.Status


@transaction.atomic
def make(*, chosen: Sequence[UUID], both_sides: bool, by: Membership) -> LetterBatch:
    """One run of those letters, in the order in which they became ready. Of two people who choose the same
    letter at once only one has it in a run: the constraint decides. What may not be posted any more is in the
    run as taken out, with the reason."""
    if not 0 < len(chosen) <= AT_ONCE:
        many = _("Choose %(number)s letters at the most.") % {"number": AT_ONCE}
        raise InvalidInput.in_fields({"letters": many if chosen else _("Choose at least one letter.")})
    batch = LetterBatch.objects.create(
        organisation=by.organisation, team=by.team, code=references.new_code(), both_sides=both_sides, made_by=by
    )
    now = clock.now()
    rows = [
        _drawn_up(batch, place, reminder, now)
        for place, reminder in enumerate(_held(waiting.waiting(by).filter(pk__in=chosen)), 1)
    ]
    BatchLetter.objects.bulk_create(rows, ignore_conflicts=True)
    _take_out_of(batch, now, by)
    if not batch.letters.exists():
        raise NotPossibleNow(
            _("Somebody else has just put these letters into a run, or they were told meanwhile.")
        )
    audit.record("make_letter_batch", by=by, subject=batch, letters=batch.letters.printed().count())
    return batch


def _held(rows: QuerySet[Reminder]) -> list[Reminder]:
    """Whoever changes one of them meanwhile waits for us, or we for them; by id, so that nobody waits in a
    ring."""
    held = list(rows.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True))
    return _as_they_are(Reminder.objects.filter(pk__in=held))


def _as_they_are(rows: QuerySet[Reminder]) -> list[Reminder]:
    return [reminders.as_kept(one) for one in rows.select_related(*letters.RELATED).order_by("pk")]


def _drawn_up(batch: LetterBatch, place: int, reminder: Reminder, now: datetime) -> BatchLetter:
    """As it will stand on the paper; without a word where it may not be printed."""
    allowed = not letters.why_not(reminder, now)
    person = reminder.service_user
    return BatchLetter(
        batch=batch,
        reminder=reminder,
        place=place,
        reference=references.new_reference(),
        to=reach.address_of(person, PAPER) if allowed else "",
        body=moment.words_of(reminder, reach.plan_of(person)).body if allowed else "",
        large_print=large_print.wanted(person),
    )


def _take_out_of(batch: LetterBatch, now: datetime, by: Membership) -> list[BatchLetter]:
    """Looks at every letter of the run that is not posted again; gives those that it took out."""
    found = _against(batch, _held, now)
    return [letter for letter, reminder, reason in found if _drop(letter, reminder, reason, by)]


def against(batch: LetterBatch) -> dict[UUID, str]:
    """Id of each printed letter that would be taken out now → why, as a code. Changes and locks nothing."""
    return {letter.pk: reason for letter, _row, reason in _against(batch, _as_they_are, clock.now())}


def _against(
    batch: LetterBatch, rows_of: Callable[[QuerySet[Reminder]], list[Reminder]], now: datetime
) -> list[tuple[BatchLetter, Reminder, str]]:
    printed = batch.letters.printed()
    rows = {one.pk: one for one in rows_of(Reminder.objects.filter(on_paper__in=printed))}
    looked_at = [(letter, rows[letter.reminder_id]) for letter in printed if letter.reminder_id in rows]
    found = [(one, row, letters.why_not(row, now) or _why_anew(one, row)) for one, row in looked_at]
    return [(letter, row, reason) for letter, row, reason in found if reason]


def _why_anew(letter: BatchLetter, reminder: Reminder) -> str:
    """A letter that may go, but not on this paper."""
    person = reminder.service_user
    if letter.to != reach.address_of(person, PAPER):
        return MOVED
    return "" if letter.body == moment.words_of(reminder, reach.plan_of(person)).body else WORDS_CHANGED


def _drop(letter: BatchLetter, reminder: Reminder, reason: str, by: Membership, words: str = "") -> bool:
    if not letter.settle(Status.DROPPED, by=by, reason=reason[:40], words=words[:300]):
        return False
    if reason not in ANEW and reminder.status == Reminder.Status.SENT:
        letters.take_out(reminder, reason, by=by)
    return True


# --- On paper -----------------------------------------------------------------------------------------------


def print_run(*, batch: LetterBatch, by: Membership, letter: BatchLetter | None = None) -> bytes:
    """The PDF of the whole run with its cover sheet, or of one letter again. Every print is kept. Raises
    NotPossibleNow where nothing is left to print."""
    with transaction.atomic():
        _take_out_of(batch, clock.now(), by)
        if letter is None:
            _take_out_what_cannot_be_set(batch, by)
        close_if_done(batch, by)
        left = [one for one in batch.letters.printed() if letter is None or one.pk == letter.pk]
        if left:
            pdf = paper.pdf_of(batch, left, cover=letter is None)
            LetterPrint.objects.create(batch=batch, letter=letter, letters=len(left), printed_by=by)
            audit.record("print_letters", by=by, subject=batch, letters=len(left), again=letter is not None)
            return pdf
    raise NotPossibleNow(
        _("Nothing is left to print: every letter was posted or taken out. The reasons stand below.")
    )


def _take_out_what_cannot_be_set(batch: LetterBatch, by: Membership) -> None:
    """One letter that no printer can set must not hold up the others: it is somebody's to tell otherwise."""
    for letter, sentence in paper.faults(batch, list(batch.letters.printed())):
        reminder = Reminder.objects.select_related(*letters.RELATED).get(pk=letter.reminder_id)
        _drop(letter, reminder, "set_aside", by, sentence)


# --- What became of it --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Marked:
    posted: int
    taken_out: list[BatchLetter]


@transaction.atomic
def mark_posted(
    *, batch: LetterBatch, posted_on: date, last_collection: bool, by: Membership, in_post: Collection[UUID] = ()
) -> Marked:
    """All that was printed and is still allowed is in the post; the rest is taken out, with the reason, but for
    the letters `in_post`: they had gone before anybody knew."""
    if set(in_post) - set(batch.letters.values_list("pk", flat=True)):
        raise InvalidInput.in_fields({"in_post": _("This letter is not in the run.")})
    if posted_on > clock.today():
        raise InvalidInput.in_fields({"posted_on": _("This day is still to come.")})
    if posted_on < london_day(batch.made_at):
        raise InvalidInput.in_fields({"posted_on": _("The letters were printed after this day.")})
    if not batch.prints.exists():
        raise NotPossibleNow(_("Print the letters first."), state="not_printed")
    said = LetterBatch.objects.filter(pk=batch.pk, posted_at=None).update(
        posted_on=posted_on, last_collection=last_collection, posted_at=clock.now(), posted_by=by
    )
    if not said:
        raise AlreadyChanged(_("This run has been marked as posted already."), state="posted")
    out = 0
    for letter, reminder, reason in _against(batch, _held, clock.now()):
        out += letter.pk in in_post and already_out.went(letter, reminder, reason, by=by)
    taken = _take_out_of(batch, clock.now(), by)
    posted = [letter for letter in batch.letters.printed().select_related("reminder") if _post(letter, by)]
    close_if_done(batch, by)
    audit.record("mark_letter_batch_posted", by=by, subject=batch, posted=len(posted) + out, taken_out=len(taken))
    batch.refresh_from_db()
    return Marked(len(posted) + out, taken)


def _post(letter: BatchLetter, by: Membership) -> bool:
    related = ("service_user", "referral__referring_team", "follow_up__team")
    reminder = Reminder.objects.select_related(*related).get(pk=letter.reminder_id)
    return not letters.mark_posted(reminder=reminder, by=by) and letter.settle(Status.POSTED, by=by)


@transaction.atomic
def not_posted(*, letter: BatchLetter, reason: str, by: Membership, words: str = "") -> None:
    """Spoiled, and back among those that wait to be printed; or not sent, and somebody tells the person."""
    words = words.strip()
    if reason not in REASONS:
        raise InvalidInput.in_fields({"reason": _("Say why it was not posted.")})
    if reason == "should_not_go" and not words:
        raise InvalidInput.in_fields({"words": _("Say why in a few words.")})
    status = Status.SPOILED if reason in AGAIN else Status.NOT_SENT
    if not letter.settle(status, by=by, reason=reason, words=words[:300]):
        raise AlreadyChanged(_("Somebody else has already said what became of this letter."), state=letter.status)
    if status == Status.NOT_SENT:
        reminder = Reminder.objects.select_related(*letters.RELATED).get(pk=letter.reminder_id)
        if reminder.status == Reminder.Status.SENT:
            letters.take_out(reminder, "not_posted", by=by)
    close_if_done(letter.batch, by)
    audit.record("letter_not_posted", by=by, subject=letter, reason=reason)
