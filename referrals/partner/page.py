"""What a link shows: what was agreed to be shared, what is asked, and what can be done. Nothing else of anybody.

How to reach the person comes only once the referral is accepted: nobody needs it to decide.
"""

from collections.abc import Iterable
from typing import Any

from people.actions import plan_of
from people.contact_plan import describe
from referrals.deaths import has_died
from referrals.lifecycle import STATES, STEPS, Status, Step
from referrals.models import PartnerLink, Referral
from referrals.page import buttons
from referrals.partner import letters
from referrals.partner.acting import HOLDER
from referrals.partner.links import AT_WORK
from referrals.partner.references import in_words, reference_of
from referrals.sharing import REACHED_BY, shown_to_provider
from referrals.wording import called


def head(link: PartnerLink) -> dict[str, Any]:
    """On top of each page behind the code."""
    referral = link.referral
    plan = plan_of(referral.service_user)
    shared = shown_to_provider(referral, plan)
    return {
        "referral": referral,
        "shared": shared,
        "called": called(shared),
        "kind": letters.kind_of(referral),
        "sender": letters.sender_of(referral),
        "number": letters.phone_to_ring(referral),
        "reference": in_words(reference_of(referral).code),
        "meaning": STATES[Status(referral.status)].meaning,
    }


def whole(link: PartnerLink, done: str) -> dict[str, Any]:
    """The page of the referral. `done`: the step that was just taken, as the address names it."""
    top, referral = head(link), link.referral
    shared = top["shared"]
    return {
        **top,
        "done": _done(referral, done),
        "needs": shared.get("needs", []),
        "adjustments": shared.get("adjustments", []),
        "contact_words": describe(plan_of(referral.service_user)),
        "reach": [shared[way] for way in REACHED_BY if shared.get(way)] if referral.status in AT_WORK else [],
        "accepted": referral.status in AT_WORK,
        "buttons": buttons(referral, HOLDER),
        "said": list(_said(referral)),
        "paused_until": referral.service_user.pause_review_on,
        "died": has_died(referral.service_user),
    }


def _said(referral: Referral) -> Iterable[tuple[Any, str, str]]:
    """When, what and in which words: the questions that were asked, and the answers."""
    for event in referral.events.filter(step__in=["ask", "answer"]).order_by("id"):
        words = event.evidence.get("question") or event.evidence.get("answer") or ""
        yield event.happened_at, str(STEPS[event.step].done), words


def _done(referral: Referral, name: str) -> Step | None:
    """Only what the last event says was done."""
    last = referral.events.order_by("-id").first()
    return STEPS.get(name) if last and last.step == name else None


def instead(names: Iterable[str]) -> list[Step]:
    return [STEPS[name] for name in names if name in STEPS]
