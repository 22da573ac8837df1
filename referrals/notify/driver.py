"""Hands a message over to GOV.UK Notify, and asks Notify about one by its reference."""

import logging
import threading
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from notifications_python_client.errors import APIError
from notifications_python_client.notifications import NotificationsAPIClient

from referrals.channels.base import HeldUp, LookUpFailed, Message, NotReached, Rejected
from referrals.channels.outbox import Outbox
from referrals.notify import noting
from referrals.notify.addresses import address_lines
from referrals.notify.answers import NETWORK, RECIPIENT, Answer, answer_to
from referrals.notify.statuses import ARRIVED, UNDER_WAY, fate_of

log = logging.getLogger(__name__)
# Notify's client logs what Notify answered, which may hold somebody's number.
logging.getLogger("notifications_python_client").setLevel(logging.CRITICAL)

TIMEOUT = 15
"""Seconds; the lease on a message (referrals.reminders.LEASE) outlasts it by far."""
LONGEST_TEXT = 918
"""Characters, as Notify counts them: it refuses a longer text as a whole."""

_clients = threading.local()


def client() -> NotificationsAPIClient:
    """One for each thread, which keeps its connection open: the class is not made to be shared."""
    wanted = (settings.NOTIFY.api_key, settings.NOTIFY.base_url)
    if getattr(_clients, "made_for", None) != wanted:
        _clients.client = NotificationsAPIClient(wanted[0], base_url=wanted[1], timeout=TIMEOUT)
        _clients.made_for = wanted
    return _clients.client


def _answer(error: APIError) -> Answer:
    """Only the status and the kinds of error are read: Notify's words may hold a number, and may change."""
    if error.response is None:
        return answer_to(None, [])
    said = error.message
    kinds = [str(one.get("error", "")) for one in said if isinstance(one, dict)] if isinstance(said, list) else []
    return answer_to(error.status_code, kinds)


class Notify:
    """The way out for one channel: "text", "email" or "letter"."""

    at_once = 4
    """Hand-overs beside each other: at 100 ms each 2,400 a minute; Notify takes 3,000 from a service."""

    def __init__(self, channel: str) -> None:
        self.channel = channel

    def send(self, message: Message) -> None:
        try:
            self._post(message)
        except APIError as error:
            answer = _answer(error)
            log.warning("message %s was not taken: %s (%s)", message.reference, answer.code, error.status_code)
            if answer.whom == NETWORK:
                raise NotReached from None
            if answer.whom == RECIPIENT:
                raise Rejected(answer.code) from None
            raise HeldUp(answer.code, for_all=answer.for_all) from None

    def _post(self, message: Message) -> None:
        send: Callable[[dict[str, Any], Message], Any] = {
            "text": self._text,
            "email": self._email,
            "letter": self._letter,
        }[self.channel]
        how = {
            "template_id": settings.NOTIFY.templates[self.channel],
            "reference": str(message.reference),
            "personalisation": {"subject": message.subject, "body": message.body},
        }
        send(how, message)

    def _text(self, how: dict[str, Any], message: Message) -> Any:
        if len(message.body) > LONGEST_TEXT:
            raise Rejected("too_long")
        return client().send_sms_notification(
            phone_number=message.to, **(how | {"personalisation": {"body": message.body}})
        )

    def _email(self, how: dict[str, Any], message: Message) -> Any:
        return client().send_email_notification(email_address=message.to, **how)

    def _letter(self, how: dict[str, Any], message: Message) -> Any:
        lines = address_lines(message.to)
        if lines is None:
            raise Rejected("bad_address")
        return client().send_letter_notification(**(how | {"personalisation": how["personalisation"] | lines}))

    def look_up(self, reference: UUID) -> str | None:
        """What our outbox took before Notify was set up stays there, so that is looked at first."""
        if fate := Outbox().look_up(reference):
            return fate
        fates = [fate_of(self.channel, said) for said in self._ask(reference)]
        # One reference is one message. Were it two, whatever arrived has the last word.
        return next((fate for word in (ARRIVED, UNDER_WAY) for fate in fates if fate == word), None) or next(
            iter(fates), None
        )

    def _ask(self, reference: UUID) -> list[str]:
        try:
            answer = client().get_all_notifications(reference=str(reference))
            found = [one for one in answer["notifications"] if one["reference"] == str(reference)]
            said = [(str(one["status"]), one.get("completed_at") or one.get("sent_at")) for one in found]
        except APIError as error:
            answer_code = _answer(error)
            log.warning("message %s could not be looked up: %s", reference, error.status_code)
            raise LookUpFailed("" if answer_code.whom == NETWORK else answer_code.code) from None
        except (KeyError, TypeError, AttributeError) as error:
            log.warning("message %s could not be looked up: %s", reference, type(error).__name__)
            raise LookUpFailed from None
        for status, at in said:
            noting.note(reference, self.channel, status, at, asked=True)
        return [status for status, _at in said]
