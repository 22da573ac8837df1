"""Appointment cards: for each side of a referral only what that side may know of the person."""

from django.utils.translation import gettext as _

from accounts import clock
from accounts.errors import NotPossibleNow
from accounts.models import Membership
from people.actions import plan_of
from referrals.giving_away import gives_away
from referrals.messages import first_name
from referrals.models import Appointment, Referral
from referrals.obligations.telling import teller
from referrals.page import head
from referrals.printing.gathering import first_name_of_worker, numbers_of, service_names
from referrals.printing.plan import Meeting
from referrals.printing.wording import Sheet, card
from referrals.sharing import Shared

MOST = 8
"""Two sheets of four; nobody has more meetings ahead of them than they could keep in mind."""


def coming(referral: Referral) -> list[Appointment]:
    booked = referral.appointments.filter(status="booked", starts_at__gte=clock.now())
    return list(booked.order_by("starts_at")[:MOST])


def cards_of(referral: Referral, by: Membership) -> list[Sheet]:
    """Raises NotPossibleNow where no meeting is ahead, or where nothing may be shown to this side any more."""
    top = head(referral, by)
    if top["details_hidden"]:
        raise NotPossibleNow(_("This referral has ended, and nothing about the person is shown any more."))
    ahead = coming(referral)
    if not ahead:
        raise NotPossibleNow(_("No meeting is booked, so there is no card to print."))
    team = teller(referral)
    return [
        card(
            called=first_name(referral.service_user) if top["person"] else _first_name_shared(top["shared"]),
            meeting=_fit(one, referral),
            who=first_name_of_worker(referral),
            phone=team.phone or team.organisation.phone,
        )
        for one in ahead
    ]


def _first_name_shared(shared: Shared) -> str:
    return shared.get("preferred_name") or next(iter(shared.get("name", "").split()), "")


def _fit(appointment: Appointment, referral: Referral) -> Meeting:
    """The place and what to bring, unless their words would tell of care or hold one of the person's numbers: then
    the card has a line to write on, or leaves it out."""
    person = referral.service_user
    contact, names, never = plan_of(person), service_names(person), numbers_of(person)
    where, bring = (
        "" if gives_away(text, contact, names=names, never=never) else text
        for text in (appointment.where, appointment.bring)
    )
    return Meeting(appointment.starts_at, where, bring)
