"""What the tests about reaching people share: a channel that fails in every way, referrals, and London times."""

from datetime import datetime, time, timedelta

from accounts import clock
from people.london import LONDON
from referrals import obligations, sending
from referrals.channels import LookUpFailed, NotReached, Rejected
from referrals.lifecycle import OPEN, Status
from referrals.models import Appointment, Referral, ReferralEvent, Reminder
from referrals.reminders import queue

WEDNESDAY = datetime(2026, 11, 25, 10, 0, tzinfo=LONDON)
MINUTE = timedelta(minutes=1)
ALMOST_MIDNIGHT = datetime.combine(WEDNESDAY.date(), time(23, 50), tzinfo=LONDON)


class Network:
    """A channel whose hand-overs are counted. `say` decides each answer: "ok", "cut", "lost", "rejected", "crash".

    "cut" takes the message in and then drops the line; "lost" drops the line before.
    """

    def __init__(self, *answers):
        self.answers = list(answers)
        self.taken = []
        self.fate = "sent"
        self.look_ups_fail = False
        self.before_send = None

    def __call__(self, name):
        return self

    def send(self, message):
        if self.before_send:
            self.before_send(message)
        answer = self.answers.pop(0) if self.answers else "ok"
        if answer == "lost":
            raise NotReached
        if answer == "rejected":
            raise Rejected("bad_address")
        self.taken.append(message)
        if answer == "cut":
            raise NotReached
        if answer == "crash":
            raise KeyboardInterrupt

    def look_up(self, reference):
        if self.look_ups_fail:
            raise LookUpFailed
        return self.fate if reference in self.references else None

    @property
    def references(self):
        return [message.reference for message in self.taken]


def referral_to(offer, person, by, status=Status.ACCEPTED, **more):
    is_open = status in OPEN
    return Referral.objects.create(
        service_user=person,
        referring_team=person.team,
        offer=offer,
        provider=offer.provider,
        provider_team=offer.team,
        status=status,
        action_with="provider" if is_open else "",
        due_on=WEDNESDAY.date() + timedelta(days=5) if is_open else None,
        ended_at=None if is_open else WEDNESDAY,
        kind="device",
        created_by=by,
        sent_at=WEDNESDAY,
        **more,
    )


def event_of(referral, by, step="accept", source="acknowledged", target="accepted", side="provider", **more):
    return ReferralEvent.objects.create(
        referral=referral, step=step, from_status=source, to_status=target, by=by, side=side, **more
    )


def appointment_of(referral, by, starts_at, **more):
    return Appointment.objects.create(
        referral=referral, starts_at=starts_at, where="Riverside Hub, 2 High Street", created_by=by, **more
    )


def message_to(person, *, due_at=WEDNESDAY, channel="text", template="review_due", key="", **more):
    number = Reminder.objects.count()
    return queue(
        dedupe_key=key or f"test:{number}",
        template=template,
        channel=channel,
        due_at=due_at,
        service_user=person,
        **more,
    )


def send(network, after=MINUTE, **more):
    """One beat, so long after Wednesday morning. Gives how many messages were dealt with."""
    with clock.at(WEDNESDAY + after):
        return sending.send_due(drivers=network, **more)


def read(message):
    return Reminder.objects.get(pk=message.pk)


def tell(referral, by, template="accepted", **event):
    return obligations.tell_person(
        referral=referral, event=event_of(referral, by, **event), template=template, by=by
    )
