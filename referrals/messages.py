"""Puts one message into words: plain, neutral, signed with a number to ring; and refuses words that give away."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.template import Context
from django.template.loader import select_template
from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import Organisation
from accounts.wording import gettext_lazy as _
from people.models import ServiceUser
from referrals.coded import next_action_of
from referrals.giving_away import check_words
from referrals.how_we_work.fields import fields_of
from referrals.how_we_work.rendering import fill, parse
from referrals.models import Appointment, MessageWords, Referral
from referrals.models.own import InForce
from referrals.reasons import NextAction
from referrals.support_steps import AppointmentStatus

TEMPLATES = {
    "referral_sent": _("their referral has been sent"),
    "accepted": _("there is a place for them"),
    "waiting_list": _("they are on a waiting list"),
    "declined_next_step": _("this place cannot help, and what comes next"),
    "withdrawn": _("it has been stopped, as they asked"),
    "cancelled": _("it is no longer asked for"),
    "door_is_open": _("we could not reach them, and they can still come"),
    "appointment_booked": _("when and where their appointment is"),
    "appointment_reminder": _("their appointment is coming up"),
    "appointment_changed": _("their appointment has changed"),
    "closed": _("it has come to an end"),
    "review_due": _("we would like to know how things are going"),
}
"""Every message there is, and its news in the words of staff."""


@dataclass(frozen=True)
class Words:
    subject: str
    body: str


class NotFitToSend(Exception):
    """The message cannot be put into words that may leave; `code` says why, for the worker who takes over."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def first_name(service_user: ServiceUser) -> str:
    """The name the person likes, else the first of the full name: never more than that in a message."""
    return service_user.preferred_name or next(iter(service_user.name.split()), "")


def day_in_words(day: date) -> str:
    return date_format(day, "l j F")


def time_in_words(when: datetime) -> str:
    """London wall time: "Monday 5 May at 2:30pm"."""
    local = timezone.localtime(when)
    clock = f"{date_format(local, 'g:i' if local.minute else 'g')}{date_format(local, 'A').lower()}"
    return _("%(day)s at %(time)s") % {"day": day_in_words(local), "time": clock}


def facts(
    *,
    template: str,
    service_user: ServiceUser,
    sender: Organisation,
    referral: Referral | None,
    appointment: Appointment | None,
) -> dict[str, Any]:
    """All that a template may use. What is missing is empty, and the template says it in other words."""
    known: dict[str, Any] = {
        "name": first_name(service_user),
        "sender": sender.sender_name,
        "phone": sender.phone,
    }
    if referral and "next_step" in fields_of(template):
        known["next_step"] = next_step(referral).to_person
    if referral:
        known["worker"] = referral.named_worker.user.name.split()[0] if referral.named_worker else ""
        known["expected"] = date_format(referral.expected_on, "F") if referral.expected_on else ""
    if appointment:
        known |= {
            "when": time_in_words(appointment.starts_at),
            "where": appointment.where,
            "bring": appointment.bring,
            "booked": appointment.status == AppointmentStatus.BOOKED,
        }
        known["new_time" if known["booked"] else "old_time"] = known["when"]
    return known


def next_step(referral: Referral) -> NextAction:
    """What follows from the reason that a provider declined for, as it was on the day."""
    event = referral.events.filter(step="decline").last()
    return next_action_of(event) if event else NextAction.TALK


def tidy(text: str, channel: str) -> str:
    """A text message is one run of words; elsewhere paragraphs are parted by one empty line."""
    if channel == "text":
        return " ".join(text.split())
    lines = "\n".join(line.rstrip() for line in text.strip().splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines)


def shipped(template: str, channel: str, known: Mapping[str, Any]) -> str:
    """What every organisation begins with. An email says what a letter says, unless it has its own file."""
    chosen = select_template([f"messages/{template}.{channel}.txt", f"messages/{template}.letter.txt"])
    # Plain text: nothing is escaped, so that O'Neil stays O'Neil.
    return tidy(chosen.template.render(Context(known, autoescape=False)), channel)


def own_words(body: str, template: str, channel: str, known: Mapping[str, Any]) -> str:
    """The sender's own words, filled in; "" where the shipped ones are in force."""
    return tidy(fill(parse(body, fields_of(template)), known), channel)


def render(
    *,
    template: str,
    channel: str,
    service_user: ServiceUser,
    sender: Organisation,
    referral: Referral | None = None,
    appointment: Appointment | None = None,
    may_name_service: bool = False,
    own: InForce | None = None,
) -> Words:
    """The words of one message as its sender has them, own or shipped; NotFitToSend where they may not leave.

    `own`: the words in force of all its sender's messages, where the caller has asked for them already.
    """
    if not sender.sender_name or not sender.phone:
        raise NotFitToSend("no_sender")
    known = facts(
        template=template, service_user=service_user, sender=sender, referral=referral, appointment=appointment
    )
    ask = MessageWords.objects.in_force_for if own is None else own.body
    body = own_words(ask(sender, template, channel), template, channel, known) or shipped(template, channel, known)
    hidden = () if may_name_service else (settings.SERVICE_NAME, *names_of_service(service_user))
    if check_words(body, names=hidden, spared=f"{known['name']} {known.get('worker', '')}"):
        raise NotFitToSend("words")
    return Words(subject=subject(sender), body=body)


def subject(sender: Organisation) -> str:
    """Of an email; the same for every message, so that it says nothing about what is inside."""
    return _("A message from %(sender)s") % {"sender": sender.sender_name}


def names_of_service(service_user: ServiceUser) -> tuple[str, str]:
    return service_user.organisation.name, service_user.team.name
