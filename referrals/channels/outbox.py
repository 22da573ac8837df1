"""The embedded channel: an outbox inside the product, so that the whole loop can be tried on one machine.

A text or an email counts as arrived at the beat after it was taken in. A letter is there to be printed,
and counts only once somebody says that it was posted.
"""

from datetime import datetime
from uuid import UUID

from referrals.channels.base import Message
from referrals.models import OutboxMessage

PAPER = "letter"


class Outbox:
    def send(self, message: Message) -> None:
        """Every hand-over is a row of its own: a repeat would be seen."""
        OutboxMessage.objects.create(
            reference=message.reference,
            service_user_id=message.service_user_id,
            channel=message.channel,
            to=message.to,
            body=message.body,
        )

    def look_up(self, reference: UUID) -> str | None:
        settled = list(OutboxMessage.objects.filter(reference=reference).values_list("settled_as", flat=True))
        if not settled:
            return None
        return next((fate for fate in settled if fate), "sent")


def deliver(*, before: datetime) -> int:
    """What a network would do meanwhile: texts and emails taken in before that instant arrive."""
    waiting = OutboxMessage.objects.filter(settled_as="", accepted_at__lt=before).exclude(channel=PAPER)
    return waiting.update(settled_as="delivered")
