"""Something that was owed is done, with what came of it."""

from django.db import transaction

from accounts.errors import InvalidInput
from accounts.models import Membership
from referrals import obligations
from referrals.models import FollowUp
from referrals.results import NEEDS_WORDS, results_of


@transaction.atomic
def complete_follow_up(*, follow_up: FollowUp, result: str, by: Membership, words: str = "") -> None:
    """`result`: a code of results_of(kind). Whoever is second is told that it was dealt with already."""
    words = words.strip()
    wrong = {}
    if result not in results_of(follow_up.kind):
        wrong["result"] = "Choose what came of it."
    if result in NEEDS_WORDS and not words:
        wrong["words"] = "Say more in a few words."
    if len(words) > 300:
        wrong["words"] = "Use 300 characters or fewer."
    if wrong:
        raise InvalidInput(" ".join(wrong.values()), fields=wrong)
    obligations.settle(follow_up=follow_up, result=result, by=by, words=words)
