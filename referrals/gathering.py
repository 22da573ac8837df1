"""Looks up what the record shows when a step is asked for; only what that step asks about is looked up."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.utils.formats import date_format

from accounts import clock
from accounts.wording import gettext_lazy as _
from directory.models import SupportOffer
from people.actions import plan_of
from people.contact_plan import Plan
from people.london import london_day
from people.models import Consent, ServiceUser
from referrals.lifecycle import Facts, Status, Step, Tried
from referrals.models import ContactAttempt, FollowUp, Referral, ReferralEvent
from referrals.parking import parked
from screening.models import Need

THROUGH_US = "referrer"
"""A way to reach the person that is always safe: the provider rings the team that knows them."""

ASKED_SAFETY, ANSWERED_SAFETY = "ask_safety", "answer_safety"
"""The events of the question that a clinician answers before a person is let go as out of reach."""

CAN_BE_LIFTED = _(
    "A clinician or team lead can have it asked all the same: on the declined referral, with a reason."
)

SAID = "person_said"
"""The event of the person's own word on a referral that was closed before."""

PROPOSED = "propose_error"
"""The event by which a first person says that a referral should never have been made."""


def gather(referral: Referral, step: Step) -> Facts:
    """The facts that the step names, or that decide what it must bring."""
    named = {name for one in step.evidence for name in (one.only_if, one.unless)}
    wanted = {("tries" if name.startswith("tried_") else name) for name in named.union(step.facts)}
    if any(one.kind == "outcomes" for one in step.evidence):
        wanted.add("needs")
    found = {name: LOOK_UP[name](referral) for name in wanted & LOOK_UP.keys()}
    exactly = {name: EXACTLY[name](referral) for name in EXACTLY.keys() & found.keys() if not found[name]}
    return Facts(**found, exactly=exactly)


def consent_for(referral: Referral) -> Consent | None:
    """The consent that lets this provider be told of this person today."""
    asked = Consent.objects.in_force(
        service_user=referral.service_user, provider=referral.provider, day=clock.today()
    )
    return asked.first()


def is_open_to_referrals(offer: SupportOffer) -> bool:
    full = offer.capacity == SupportOffer.Capacity.FULL
    return offer.withdrawn_at is None and offer.accepts_referrals and not full


def channels(referral: Referral, plan: Plan) -> tuple[str, str]:
    """Preferred and fallback as they would be sent: what was chosen if it is still safe, else the plan's own."""
    preferred = _safe(plan, referral.preferred_channel, plan.preferred)
    return preferred, _safe(plan, referral.fallback_channel, plan.fallback)


def _safe(plan: Plan, *wished: str) -> str:
    return next((way for way in wished if way == THROUGH_US or way in plan.open_channels), "")


def _need_agreed(referral: Referral) -> bool:
    decisions = set(referral.needs.values_list("decision", flat=True))
    return decisions == {Need.Decision.AGREED}


def _channel_known(which: int) -> Callable[[Referral], bool]:
    return lambda referral: bool(channels(referral, plan_of(referral.service_user))[which])


def is_only_open(service_user: ServiceUser, offer: SupportOffer, *, besides: Any = None) -> bool:
    others = Referral.objects.open().filter(service_user=service_user, offer=offer)
    return not others.exclude(pk=besides).exists()


def _accepted_at(referral: Referral) -> datetime | None:
    """When it was last accepted: what happened before then was another go at it. To the minute, as people type."""
    accepted = referral.events.filter(to_status=Status.ACCEPTED).exclude(from_status=Status.ACCEPTED)
    at = accepted.order_by("-id").values_list("happened_at", flat=True).first()
    return at.replace(second=0, microsecond=0) if at else None


def _last_reached(referral: Referral, since: datetime) -> datetime | None:
    """The last contact both ways: a call, a meeting or reply that was written down, or a session attended."""
    contacts = referral.contact_attempts.filter(result__in=ContactAttempt.REACHED, happened_at__gte=since)
    sessions = referral.appointments.filter(status__in=["attended", "late"], starts_at__gte=since)
    found = [contacts.aggregate(at=Max("happened_at"))["at"], sessions.aggregate(at=Max("starts_at"))["at"]]
    return max(filter(None, found), default=None)


def _contact_logged(referral: Referral) -> bool:
    since = _accepted_at(referral)
    return since is not None and _last_reached(referral, since) is not None


def tries(referral: Referral) -> tuple[Tried, ...]:
    """Tries that did not reach the person, since they were last reached and since it was last accepted."""
    since = _accepted_at(referral)
    if since is None:
        return ()
    attempts = referral.contact_attempts.exclude(result__in=ContactAttempt.REACHED)
    after = _last_reached(referral, since)
    attempts = attempts.filter(happened_at__gt=after) if after else attempts.filter(happened_at__gte=since)
    return tuple(Tried(one.channel, london_day(one.happened_at)) for one in attempts)


def _safety_answered(referral: Referral) -> bool:
    """In this go at it, and since the person was last reached."""
    since = _accepted_at(referral)
    if since is None:
        return False
    since = _last_reached(referral, since) or since
    return referral.events.filter(step=ANSWERED_SAFETY, happened_at__gte=since).exists()


def open_safety_question(referral: Referral) -> FollowUp | None:
    return FollowUp.objects.open().filter(referral=referral, kind=FollowUp.Kind.SAFETY_QUESTION).first()


def _safety_exactly(referral: Referral) -> str:
    """Who was asked, and when; "" where nobody was."""
    question = open_safety_question(referral)
    if question is None:
        return ""
    event = referral.events.filter(step=ASKED_SAFETY).order_by("-id").first()
    return _("%(clinician)s was asked on %(day)s: is there any safety concern? There is no answer yet.") % {
        "clinician": event.evidence.get("clinician_name", "") if event else question.team,
        "day": date_format(london_day(question.opened_at), "j F"),
    }


def _parked_exactly(referral: Referral) -> str:
    found = parked(referral.service_user, referral.offer)
    return f"{found.sentence} {CAN_BE_LIFTED}" if found else ""


def error_proposal(referral: Referral) -> ReferralEvent | None:
    return referral.events.filter(step=PROPOSED).order_by("-id").first()


LOOK_UP: dict[str, Callable[[Referral], Any]] = {
    "need_agreed": _need_agreed,
    "offer_open": lambda referral: is_open_to_referrals(referral.offer),
    "consent_in_force": lambda referral: consent_for(referral) is not None,
    "contact_plan_answered": lambda referral: plan_of(referral.service_user).answered,
    "preferred_channel": _channel_known(0),
    "fallback_channel": _channel_known(1),
    "adjustments_answered": lambda referral: referral.adjustments is not None,
    "only_open_referral": lambda referral: is_only_open(
        referral.service_user, referral.offer, besides=referral.pk
    ),
    "contact_logged": _contact_logged,
    "not_parked": lambda referral: parked(referral.service_user, referral.offer) is None,
    "safety_answered": _safety_answered,
    "accepted_before": lambda referral: _accepted_at(referral) is not None,
    "warm_handover": lambda referral: referral.warm_handover,
    "needs": lambda referral: frozenset(map(str, referral.needs.values_list("pk", flat=True))),
    "tries": tries,
}
"""Fact → how to find out. What is not here is for the action to say (the second person)."""

EXACTLY: dict[str, Callable[[Referral], str]] = {
    "not_parked": _parked_exactly,
    "safety_answered": _safety_exactly,
}
"""Fact → the sentence with the day and the names, for where it is not so."""
