"""Something that was owed is done, with what came of it."""

from datetime import date

from django.db import transaction

from accounts.errors import InvalidInput, NotPossibleNow
from accounts.models import Membership
from accounts.wording import gettext_lazy as _
from referrals import obligations
from referrals.actions.pauses import review_pause
from referrals.actions.recording import Source
from referrals.actions.safety import answer_safety
from referrals.lifecycle import Status
from referrals.models import FollowUp
from referrals.post.chasing import refuse_while_printed
from referrals.results import NEEDS_WORDS, STAYS_PAUSED, results_of


def waits_for_a_step(follow_up: FollowUp) -> bool:
    """A decline is never simply done: choosing what comes next is what settles it."""
    referral = follow_up.referral
    declined = referral is not None and referral.status == Status.DECLINED
    return declined and follow_up.kind == FollowUp.Kind.NEXT_STEP


@transaction.atomic
def complete_follow_up(
    *,
    follow_up: FollowUp,
    result: str,
    by: Membership,
    words: str = "",
    review_on: date | None = None,
    source: str = Source.SCREEN,
) -> None:
    """`result`: a code of results_of(kind). Whoever is second is told that it was dealt with already.
    NotPossibleNow for what a step of the referral settles. `review_on`: with what is to be looked at again."""
    if waits_for_a_step(follow_up):
        raise NotPossibleNow(
            _("Choose what comes next on the referral. Then this is done by itself."), state=Status.DECLINED
        )
    words = words.strip()
    _check(follow_up, result, words, review_on)
    if follow_up.kind == FollowUp.Kind.SAFETY_QUESTION:
        answer_safety(follow_up=follow_up, answer=result, by=by, words=words, source=source)
    elif follow_up.kind == FollowUp.Kind.PAUSE_REVIEW:
        review_pause(follow_up=follow_up, result=result, by=by, words=words, review_on=review_on)
    else:
        refuse_while_printed(follow_up)
        obligations.settle(follow_up=follow_up, result=result, by=by, words=words)


def _check(follow_up: FollowUp, result: str, words: str, review_on: date | None) -> None:
    wrong = {}
    if result not in results_of(follow_up.kind):
        wrong["result"] = _("Choose what came of it.")
    if result in NEEDS_WORDS and not words:
        wrong["words"] = _("Say more in a few words.")
    if len(words) > 300:
        wrong["words"] = _("Use 300 characters or fewer.")
    if result == STAYS_PAUSED and review_on is None:
        wrong["review_on"] = _("Enter a day, on which somebody looks at this again.")
    if wrong:
        raise InvalidInput.in_fields(wrong)
