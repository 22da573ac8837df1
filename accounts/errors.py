"""The refusals that rules and actions raise; each carries a sentence fit for the screen.

Pure: pages and the API turn them into the same words, with `http_status` as the answer's status.
"""

from collections.abc import Mapping, Sequence
from typing import Any


class Refused(Exception):
    """A rule says no. `fields` maps a form field's name to the sentence that belongs beside it."""

    http_status = 400
    title = "This cannot be done as it is"

    def __init__(self, message: str, *, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.fields = dict(fields or {})
        self.more: Mapping[str, Any] = {}  # what else another system needs to know, for the API's answer


class InvalidInput(Refused):
    """Something typed or sent is missing or wrong; nothing was changed."""

    http_status = 400
    title = "Something needs to be put right"


class NotAllowed(Refused):
    """The person signed in may not do this, whatever the state."""

    http_status = 403
    title = "You do not have permission to do this"


class NotPossibleNow(Refused):
    """The record's state does not let this happen; `allowed` names what may be done instead."""

    http_status = 409
    title = "This is not possible now"

    def __init__(self, message: str, *, state: str = "", allowed: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.state = state
        self.allowed = list(allowed)


class AlreadyChanged(NotPossibleNow):
    """Somebody else changed the record first; nothing of theirs was overwritten."""

    title = "Somebody else has changed this"
