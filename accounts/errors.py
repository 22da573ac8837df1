"""The refusals that rules and actions raise; each carries a sentence fit for the screen.

Pure: pages and the API turn them into the same words, with `http_status` as the answer's status.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from accounts.wording import gettext_lazy as _


class Refused(Exception):
    """A rule says no. `fields` maps a form field's name to the sentence that belongs beside it.

    Sentences may be lazy: they are read here, in the language of whoever is refused.
    """

    http_status = 400
    title = _("This cannot be done as it is")

    def __init__(self, message: object, *, fields: Mapping[str, object] | None = None) -> None:
        self.message = str(message)
        super().__init__(self.message)
        self.fields = {name: str(sentence) for name, sentence in (fields or {}).items()}
        self.more: Mapping[str, Any] = {}  # what else another system needs to know, for the API's answer


class InvalidInput(Refused):
    """Something typed or sent is missing or wrong; nothing was changed."""

    http_status = 400
    title = _("Something needs to be put right")

    @classmethod
    def in_fields(cls, wrong: Mapping[str, object]) -> "InvalidInput":
        """The sentences of all fields, as one message and each beside its field."""
        return cls(" ".join(str(sentence) for sentence in wrong.values()), fields=wrong)


class NotAllowed(Refused):
    """The person signed in may not do this, whatever the state."""

    http_status = 403
    title = _("You do not have permission to do this")


class NotPossibleNow(Refused):
    """The record's state does not let this happen; `allowed` names what may be done instead."""

    http_status = 409
    title = _("This is not possible now")

    def __init__(self, message: object, *, state: str = "", allowed: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.state = state
        self.allowed = list(allowed)


class AlreadyChanged(NotPossibleNow):
    """Somebody else changed the record first; nothing of theirs was overwritten."""

    title = _("Somebody else has changed this")
