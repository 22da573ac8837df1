"""What GOV.UK Notify's refusals mean. Pure: by status code and kind of error, which do not change; the words may.

Source: docs.notifications.service.gov.uk, "Error messages" and the tables beside each call.
"""

from typing import NamedTuple


class Answer(NamedTuple):
    """`code` of referrals.failures.WORDS. `whom`: this message's "recipient", our own "set_up", the "network"."""

    whom: str
    code: str
    for_all: bool = False


RECIPIENT, SET_UP, NETWORK = "recipient", "set_up", "network"

NOT_KNOWN = Answer(NETWORK, "not_reached")
"""No answer, or a failure over there (5xx): whether it was taken is open, so it is looked up before any repeat."""
REFUSED = Answer(SET_UP, "not_set_up")
"""BadRequestError and whatever is new: trial mode, a team-only key, letters not turned on, a template that is gone
or has other fields. Never read as a bad number."""

BY_ERROR = {
    (400, "ValidationError"): Answer(RECIPIENT, "bad_address"),
    (429, "RateLimitError"): Answer(SET_UP, "busy", for_all=True),
    (429, "TooManyRequestsError"): Answer(SET_UP, "limit", for_all=True),
}
BY_STATUS = {
    403: Answer(SET_UP, "key", for_all=True),  # wrong or revoked key, a clock that is off, a suspended service
    401: Answer(SET_UP, "key", for_all=True),
    404: Answer(SET_UP, "wrong_place", for_all=True),  # not Notify that answers there
    429: Answer(SET_UP, "busy", for_all=True),
}


def answer_to(status: int | None, kinds: list[str]) -> Answer:
    """`status` is None where nobody answered; `kinds` are the names of the errors in the answer."""
    if status is None or status < 400 or status >= 500 or status in (408, 425):
        return NOT_KNOWN
    known = [BY_ERROR[status, kind] for kind in kinds if (status, kind) in BY_ERROR]
    if len(kinds) == len(known) == 1:
        return known[0]
    return BY_STATUS.get(status, REFUSED)
