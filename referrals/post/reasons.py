"""Why a printed letter does not go, as codes and in words. Pure."""

from accounts.wording import gettext_lazy as _

MOVED = "moved"
WORDS_CHANGED = "words_changed"
ANEW = {MOVED, WORDS_CHANGED}
"""The address, or what it says, has changed: this paper must not go, and the letter waits to be printed anew."""
NOT_THERE = {MOVED, "moved_away", "no_address", "bad_address"}
"""A letter that went although this was so has probably not reached the person."""

AGAIN = {
    "misprint": _("It came out badly"),
    "damaged": _("It was damaged"),
    "lost": _("It cannot be found"),
}
NEVER = {
    "wrong_words": _("Its words are wrong"),
    "should_not_go": _("It should not go (say why)"),
}
REASONS = {**AGAIN, **NEVER}
