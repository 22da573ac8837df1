"""The person's own word on what came of it, heard after the referral was closed on somebody else's.

A new outcome beside the old: the newest counts, and nothing that was said before is lost.
"""

from datetime import datetime

from django.db import transaction

from accounts.errors import InvalidInput, NotPossibleNow
from accounts.models import Membership
from accounts.wording import gettext_lazy as _
from referrals import obligations, reasons
from referrals.actions.recording import Source, record, when
from referrals.gathering import SAID
from referrals.lifecycle import Status
from referrals.models import FollowUp, Outcome, Referral
from referrals.reasons import OUTCOME, WHOSE_WORD
from referrals.standing import working

HEARD_BY = {reason.code: reason.label for reason in reasons.HEARD_BY}
THEIR_WORD = {reason.code: reason.label for reason in WHOSE_WORD if reason.code in {"person", "carer"}}
OUTCOMES = {reason.code: reason.label for reason in OUTCOME if reason.code not in {"could_not_reach", "died"}}
"""What somebody can say of their own help."""


def is_confirmed(referral: Referral) -> bool | None:
    """Has the person, or a carer who may speak for them, said what came of it? None while it is not closed."""
    if referral.status != Status.CLOSED:
        return None
    newest = referral.outcomes.order_by("-recorded_at", "-id").first()
    return newest is not None and newest.whose_word in THEIR_WORD


@transaction.atomic
def record_persons_word(
    *,
    referral: Referral,
    outcome: str,
    whose_word: str,
    heard_by: str,
    by: Membership,
    words: str = "",
    happened_at: datetime | None = None,
    source: str = Source.SCREEN,
) -> Outcome:
    """`outcome`, `whose_word`, `heard_by`: keys of OUTCOMES, THEIR_WORD, HEARD_BY. A referral that is not closed
    yet is closed with the word instead."""
    me = working(referral, by)
    if referral.status != Status.CLOSED:
        raise NotPossibleNow(
            _("This is for a referral that is closed. Before, close it with what the person says."),
            state=referral.status,
            allowed=me.may_do(referral.status),
        )
    words, at = words.strip(), when(happened_at)
    _check(outcome, whose_word, heard_by, words)
    said = Outcome.objects.create(
        referral=referral, outcome=outcome, whose_word=whose_word, heard_by=heard_by, words=words, recorded_by=by
    )
    evidence = {"outcome": outcome, "whose_word": whose_word, "heard_by": heard_by, "words": words}
    record(
        referral=referral, step=SAID, to_status=referral.status, by=by, side=me.side, source=source,
        happened_at=at, evidence=evidence,
    )  # fmt: skip
    obligations.drop_follow_ups(referral=referral, kinds=[FollowUp.Kind.ASK_PERSON], reason="heard")
    return said


def _check(outcome: str, whose_word: str, heard_by: str, words: str) -> None:
    wrong = {}
    if outcome not in OUTCOMES:
        wrong["outcome"] = _("Say what came of it.")
    if whose_word not in THEIR_WORD:
        wrong["whose_word"] = _("Say who told you.")
    if heard_by not in HEARD_BY:
        wrong["heard_by"] = _("Say how you heard it.")
    coded = [one for one in (*OUTCOME, *WHOSE_WORD) if one.code in {outcome, whose_word} and one.ask]
    if coded and not words:
        wrong["words"] = coded[0].ask
    if len(words) > 2000:
        wrong["words"] = _("Use 2,000 characters or fewer.")
    if wrong:
        raise InvalidInput.in_fields(wrong)
