"""Puts one message into words: plain, neutral, signed with a number to ring; and refuses words that give away."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.template import Context
from django.template.loader import select_template
from django.utils import timezone

from accounts.models import Organisation
from people.models import ServiceUser
from referrals.models import Appointment, ReasonCode, Referral
from referrals.reasons import DECLINE, NextAction
from referrals.support_steps import AppointmentStatus

TEMPLATES = {
    "referral_sent": "their referral has been sent",
    "accepted": "there is a place for them",
    "waiting_list": "they are on a waiting list",
    "declined_next_step": "this place cannot help, and what comes next",
    "withdrawn": "it has been stopped, as they asked",
    "cancelled": "it is no longer asked for",
    "door_is_open": "we could not reach them, and they can still come",
    "appointment_booked": "when and where their appointment is",
    "appointment_reminder": "their appointment is coming up",
    "appointment_changed": "their appointment has changed",
    "closed": "it has come to an end",
    "review_due": "we would like to know how things are going",
}
"""Every message there is, and its news in the words of staff."""

GIVES_AWAY = re.compile(
    r"\b(mental\w*|psych\w*|schizo\w*|bipolar|depress\w*|anxi\w*|paranoi\w*|suicid\w*|self-harm\w*|crisis|cmht"
    r"|nhs|hospital\w*|ward|clinic\w*|doctors?|nurses?|therap\w*|medic\w*|patients?|diagnos\w*|illness\w*"
    r"|symptoms?|trust|screening\w*|questionnaires?|assessments?|referr\w*|referral\w*|digital exclusion)\b",
    re.IGNORECASE,
)
LINK = re.compile(r"https?:|www\.|\S+@\S+|\b[\w-]+\.(?:com|org|net|uk|info|io|app|gov|health)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Words:
    subject: str
    body: str


class NotFitToSend(Exception):
    """The message cannot be put into words that may leave; `code` says why, for the worker who takes over."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def check_words(text: str, *, names: tuple[str, ...] = (), spared: str = "") -> list[str]:
    """What must not leave: words that tell of care or of this product, links, and any of `names`.

    `spared` (the person's own name, say) is no reason to refuse; a link in it still is.
    """
    own = {word.casefold() for word in re.findall(r"[\w-]+", spared)}
    found = [hit for hit in GIVES_AWAY.findall(text) if hit.casefold() not in own]
    found += LINK.findall(text)
    lowered = text.casefold()
    return found + [name for name in names if name and name.casefold() in lowered]


def first_name(service_user: ServiceUser) -> str:
    """The name the person likes, else the first of the full name: never more than that in a message."""
    return service_user.preferred_name or next(iter(service_user.name.split()), "")


def day_in_words(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B}"


def time_in_words(when: datetime) -> str:
    """London wall time: "Monday 5 May at 2:30pm"."""
    local = timezone.localtime(when)
    minutes = f":{local:%M}" if local.minute else ""
    return f"{day_in_words(local)} at {local.hour % 12 or 12}{minutes}{'am' if local.hour < 12 else 'pm'}"


def facts(
    *, service_user: ServiceUser, sender: Organisation, referral: Referral | None, appointment: Appointment | None
) -> dict[str, Any]:
    """All that a template may use. What is missing is empty, and the template says it in other words."""
    known: dict[str, Any] = {
        "name": first_name(service_user),
        "sender": sender.sender_name,
        "phone": sender.phone,
    }
    if referral:
        known["next_step"] = next_step(referral).to_person
        known["worker"] = referral.named_worker.user.name.split()[0] if referral.named_worker else ""
        known["expected"] = f"{referral.expected_on:%B}" if referral.expected_on else ""
    if appointment:
        known |= {
            "when": time_in_words(appointment.starts_at),
            "where": appointment.where,
            "bring": appointment.bring,
            "booked": appointment.status == AppointmentStatus.BOOKED,
        }
    return known


def next_step(referral: Referral) -> NextAction:
    """What follows from the reason that a provider declined for: its own list of reasons, else the usual ones."""
    event = referral.events.filter(step="decline").last()
    if event is None:
        return NextAction.TALK
    own = ReasonCode.objects.filter(
        organisation_id=referral.provider_id, step=ReasonCode.Step.DECLINE, code=event.reason_code
    )
    action = own.values_list("next_action", flat=True).first()
    usual = next((reason.next_action for reason in DECLINE if reason.code == event.reason_code), None)
    return NextAction(action) if action in set(NextAction) else usual or NextAction.TALK


def _tidy(text: str, channel: str) -> str:
    """A text message is one run of words; elsewhere paragraphs are parted by one empty line."""
    if channel == "text":
        return " ".join(text.split())
    lines = "\n".join(line.rstrip() for line in text.strip().splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines)


def render(
    *,
    template: str,
    channel: str,
    service_user: ServiceUser,
    sender: Organisation,
    referral: Referral | None = None,
    appointment: Appointment | None = None,
    may_name_service: bool = False,
) -> Words:
    """The words of one message, or NotFitToSend. An email says what a letter says, unless it has its own file."""
    if not sender.sender_name or not sender.phone:
        raise NotFitToSend("no_sender")
    known = facts(service_user=service_user, sender=sender, referral=referral, appointment=appointment)
    chosen = select_template([f"messages/{template}.{channel}.txt", f"messages/{template}.letter.txt"])
    # Plain text: nothing is escaped, so that O'Neil stays O'Neil.
    body = _tidy(chosen.template.render(Context(known, autoescape=False)), channel)
    hidden = () if may_name_service else (settings.SERVICE_NAME, *names_of_service(service_user))
    if check_words(body, names=hidden, spared=f"{known['name']} {known.get('worker', '')}"):
        raise NotFitToSend("words")
    return Words(subject=f"A message from {sender.sender_name}", body=body)


def names_of_service(service_user: ServiceUser) -> tuple[str, str]:
    return service_user.organisation.name, service_user.team.name
