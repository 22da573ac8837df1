"""Why a letter was not posted, in the words of staff."""

from accounts.wording import gettext_lazy as _
from referrals.failures import WORDS
from referrals.post.reasons import MOVED, REASONS, WORDS_CHANGED

NO_LONGER = {
    "told_already": _("the person has been told"),
    "newer_news": _("newer news took its place"),
    "referral_ended": _("the referral has ended"),
    "entered_in_error": _("it was about the wrong person"),
    "appointment_gone": _("the appointment has changed"),
    "too_late": _("it is too late to be of use"),
    "died": _("the person has died"),
    MOVED: _("the address has changed: print it anew"),
    WORDS_CHANGED: _("its words have changed: print it anew"),
}


def why(code: str) -> str:
    """Every state that ends a letter is one: what has no words of its own has ended with its referral."""
    return str(WORDS.get(code) or NO_LONGER.get(code) or REASONS.get(code) or _("it is no longer needed"))
