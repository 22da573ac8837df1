"""Case notes: signed, dated, never changed; a correction stands beside what it corrects."""

from django.db import transaction

from accounts import audit
from accounts.errors import AlreadyChanged, InvalidInput, NotPossibleNow
from accounts.models import Membership
from accounts.wording import gettext_lazy as _
from referrals.actions.activity import keep_moving
from referrals.lifecycle import Status
from referrals.models import CaseNote, Referral
from referrals.standing import working

LONGEST = 10_000


@transaction.atomic
def add_note(*, referral: Referral, text: str, by: Membership) -> CaseNote:
    working(referral, by)
    note = CaseNote.objects.create(referral=referral, text=_read(referral, text), written_by=by)
    audit.record("add_note", by=by, subject=referral, note=str(note.pk))
    keep_moving(referral)
    return note


@transaction.atomic
def correct_note(*, note: CaseNote, text: str, by: Membership) -> CaseNote:
    """A new note that points at the old. What was corrected already is corrected there: one line leads on."""
    working(note.referral, by)
    if note.corrections.exists():
        raise AlreadyChanged(_("This note was corrected already. Correct the newest one."))
    text = _read(note.referral, text)
    correction = CaseNote.objects.create(referral=note.referral, text=text, corrects=note, written_by=by)
    audit.record("correct_note", by=by, subject=note.referral, note=str(correction.pk), corrects=str(note.pk))
    return correction


def _read(referral: Referral, text: str) -> str:
    if referral.status == Status.ENTERED_IN_ERROR:
        raise NotPossibleNow(_("This was made in error. Nothing more is written in it."), state=referral.status)
    text = text.strip()
    if not text:
        raise InvalidInput(_("Write the note."), fields={"text": _("Write the note.")})
    if len(text) > LONGEST:
        sentence = _("Use %(longest)s characters or fewer. This has %(length)s.") % {
            "longest": f"{LONGEST:,}",
            "length": f"{len(text):,}",
        }
        raise InvalidInput(sentence, fields={"text": sentence})
    return text
