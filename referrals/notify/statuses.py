"""Every status that GOV.UK Notify documents, and what it means for the person. Pure.

Source: docs.notifications.service.gov.uk, "Get message status" (alphagov/notifications-tech-docs,
_notification_statuses.md). `returned-letter` is told by the callback for returned letters alone: when asked,
Notify goes on saying `received` (alphagov/notifications-api, app/models.py).
"""

from typing import NamedTuple

from accounts.wording import gettext_lazy as _

UNDER_WAY, ARRIVED, FAILED = "sent", "delivered", "failed"


class Status(NamedTuple):
    """`fate` as referrals.channels says it; `reason` is a code of referrals.failures.WORDS, for a failure."""

    fate: str
    reason: str
    words: str


QUEUED = Status(UNDER_WAY, "", _("in its queue, about to leave"))
UNKNOWN_FAILURE = Status(FAILED, "bounced", _("it did not arrive, and no reason was given"))
NOT_SENT = Status(FAILED, "technical", _("not sent: there was a fault between GOV.UK Notify and the network"))

TEXT_AND_EMAIL = {
    "created": QUEUED,
    "sending": Status(UNDER_WAY, "", _("sent on; waiting to hear whether it arrived")),
    "delivered": Status(ARRIVED, "", _("it arrived")),
    "technical-failure": NOT_SENT,
    "failed": UNKNOWN_FAILURE,
}
STATUSES: dict[str, dict[str, Status]] = {
    "text": {
        **TEXT_AND_EMAIL,
        "pending": Status(UNDER_WAY, "", _("the network has it; the phone has not answered yet")),
        # Nothing more is ever said about these: after three days somebody is asked to find out.
        "sent": Status(UNDER_WAY, "", _("sent to a number abroad; nothing more will be heard")),
        "permanent-failure": Status(FAILED, "bad_address", _("the number is wrong, or its network refused it")),
        "temporary-failure": Status(
            FAILED, "unavailable", _("the phone was off, without signal or full for three days")
        ),
    },
    "email": {
        **TEXT_AND_EMAIL,
        "permanent-failure": Status(FAILED, "bad_address", _("there is no such email address")),
        "temporary-failure": Status(FAILED, "unavailable", _("the inbox was full, or refused it as unwanted")),
    },
    "letter": {
        "created": QUEUED,
        "sending": QUEUED,
        "pending-virus-check": Status(UNDER_WAY, "", _("being checked before it is printed")),
        "accepted": Status(UNDER_WAY, "", _("with the printer")),
        # "The provider has printed and dispatched the letter": posted, so the person counts as told.
        "received": Status(ARRIVED, "", _("printed and posted")),
        "delivered": Status(ARRIVED, "", _("printed and posted")),
        "returned-letter": Status(FAILED, "returned", _("the letter came back")),
        "cancelled": Status(FAILED, "cancelled_there", _("cancelled there: not printed")),
        "permanent-failure": Status(FAILED, "not_printed", _("the printer could not print it: not posted")),
        "validation-failed": Status(FAILED, "not_printed", _("it did not pass the checks: not printed")),
        "virus-scan-failed": Status(FAILED, "not_printed", _("it did not pass the checks: not printed")),
        # "We are working on a fix … Do not try to send the letter again": not over yet.
        "technical-failure": Status(UNDER_WAY, "", _("delayed by a fault there, which is being mended")),
        "failed": UNKNOWN_FAILURE,
    },
}


def meaning(channel: str, said: str) -> Status | None:
    """None for a word that is not in Notify's documentation."""
    return STATUSES.get(channel, {}).get(said)


def fate_of(channel: str, said: str) -> str:
    """As a channel's look-up says it: "sent", "delivered", or why it failed. What is not known is under way."""
    found = meaning(channel, said)
    if found is None:
        return UNDER_WAY
    return found.reason if found.fate == FAILED else found.fate
