"""What the page of one referral shows to whoever is looking: never more than that side may know."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q

from accounts import clock
from accounts.models import Membership
from accounts.permissions import Role
from accounts.wording import gettext_lazy as _
from directory import kinds
from people.actions import plan_of
from people.contact_plan import Plan, describe, way_in_words
from referrals.actions.appointments import BOOKABLE
from referrals.actions.assigning import NOT_WITH_PROVIDER, colleagues, side_of
from referrals.actions.contacts import NOT_YET
from referrals.actions.parks import may_lift
from referrals.actions.persons_word import is_confirmed
from referrals.actions.safety import may_ask_safety
from referrals.deaths import has_died
from referrals.gathering import THROUGH_US, error_proposal, gather
from referrals.lifecycle import STATES, STEPS, Side, Status, Step, blockers, pause_allowed
from referrals.models import FollowUp, Referral
from referrals.parking import is_parking
from referrals.referring_on import may_refer_on
from referrals.sharing import Shared, as_of_today, is_over, shareable_titles, shown_to_provider, title_of
from referrals.standing import Standing, standing
from referrals.support_steps import LOAN_STEPS, available_for_appointment, available_for_loan
from referrals.timeline import notes_shown, timeline
from referrals.wording import called, sees_person, whose_move
from referrals.worklist import choices, owner_words

NBSP = "\u00a0"

AT_ONCE = {"send", "acknowledge"}
"""Steps that bring nothing with them: one press is enough."""

LATEST = 8
"""Entries of the history that are shown at once; the earlier ones are folded."""

SELDOM = {"mark_error", "reopen", "reopen_accepted", "withdraw", "cancel", "could_not_reach"}
"""Kept apart from what one does every day."""
SELDOM_FROM = {"decline": {Status.ACCEPTED, Status.ACTIVE}}
"""Steps that are an everyday answer in other states, and an exception in these."""


@dataclass(frozen=True)
class Button:
    step: Step
    primary: bool
    missing: tuple[str, ...] = ()
    """What has to be done first, in sentences; then there is no button."""
    seldom: bool = False

    @property
    def at_once(self) -> bool:
        return self.step.name in AT_ONCE


def _is_seldom(name: str, status: str) -> bool:
    return name in SELDOM or Status(status) in SELDOM_FROM.get(name, set())


def buttons(referral: Referral, me: Standing) -> list[Button]:
    """From the table of steps, in its order; at most one is primary."""
    names = me.may_do(referral.status)
    usual = next((name for name in names if Status(referral.status) in STEPS[name].primary_from), "")
    return [
        Button(
            STEPS[name], name == usual, tuple(_missing(referral, STEPS[name])), _is_seldom(name, referral.status)
        )
        for name in names
        if name != "mark_error"
    ]


def _missing(referral: Referral, step: Step) -> list[str]:
    return blockers(step, gather(referral, step)) if step.facts else []


def head(referral: Referral, membership: Membership) -> dict[str, Any]:
    """Whom and what a page is about: on top of every one. `person` is the record itself, or None where only
    `shared` may be shown."""
    me, today = standing(referral, membership), clock.today()
    plan = plan_of(referral.service_user)
    own = sees_person(membership, me)
    shared = referral.shared if own else shown(referral, plan, me)
    hidden = me.is_provider_only and is_over(referral)
    return {
        "referral": referral,
        "me": me,
        "today": today,
        "person": referral.service_user if own else None,
        "shared": shared,
        "called": referral.service_user.called if own else called(shared),
        "contact_words": [] if hidden else describe(plan),
        "paused_until": referral.service_user.pause_review_on,
        "died": has_died(referral.service_user),
        "kind": _title(referral.kind),
        "details_hidden": hidden,
        "meaning": STATES[Status(referral.status)].meaning,
        "move": whose_move(referral, me, today),
    }


def shown(referral: Referral, plan: Plan, me: Standing) -> Shared:
    """Of the snapshot, what this side may still see."""
    return shown_to_provider(referral, plan) if me.is_provider_only else as_of_today(referral, plan)


def whole(referral: Referral, membership: Membership) -> dict[str, Any]:
    """The page of one referral."""
    top = head(referral, membership)
    me, own = top["me"], top["person"] is not None
    reader = membership.organisation_id if top["details_hidden"] else None
    entries = timeline(referral, for_provider=me.is_provider_only, own_words_of=reader)
    return {
        **top,
        "ways": [] if top["details_hidden"] else _ways(referral, plan_of(referral.service_user)),
        "needs": _needs(referral, own),
        "adjustments": None if referral.adjustments is None else [_title(code) for code in referral.adjustments],
        "buttons": buttons(referral, me),
        "latest": entries[:LATEST],
        "earlier": entries[LATEST:],
        **_work(referral, membership, me),
        **_linked(referral, membership),
        "owner": owner_words(referral, me),
        "colleagues": _colleagues(referral, membership, me),
        "notes": notes_shown(referral, reader),
    }


def _linked(referral: Referral, membership: Membership) -> dict[str, Any]:
    """What was tried before this, and what took its place, as far as the reader may see them."""
    beside = Q(pk=referral.previous_id) | Q(previous=referral)
    rows = Referral.objects.visible_to(membership).counted().filter(beside).select_related("offer", "provider")
    found = {"earlier_referral" if row.pk == referral.previous_id else "later_referral": row for row in rows}
    return {"earlier_referral": None, "later_referral": None, **found}


def _colleagues(referral: Referral, membership: Membership, me: Standing) -> list[Membership]:
    """Whom it can be given to; nobody once it has ended, or while the provider has nothing to do with it."""
    side = side_of(me, referral.status)
    if not referral.is_open or (side is Side.PROVIDER and referral.status in NOT_WITH_PROVIDER):
        return []
    fit = set(colleagues(referral, side).values_list("pk", flat=True))
    return [one for one in choices(membership) if one.pk in fit]


def reader_of(referral: Referral, membership: Membership) -> UUID | None:
    """A provider's organisation once nothing may be shared with it: it reads its own words only. Else None."""
    provides = standing(referral, membership).is_provider_only
    return membership.organisation_id if provides and is_over(referral) else None


def _title(code: str) -> str:
    return kinds.TITLES.get(code, code)


def _ways(referral: Referral, plan: Plan) -> list[str]:
    """As chosen for this referral, less what the plan no longer allows."""
    team = referral.referring_team
    number = team.phone.replace(" ", NBSP) or _("no number recorded")
    through_us = _("ring %(team)s (%(number)s)") % {"team": team, "number": number}
    chosen = dict.fromkeys([referral.preferred_channel, referral.fallback_channel])
    safe = plan.open_channels | {THROUGH_US}
    return [through_us if way == THROUGH_US else way_in_words(way) for way in chosen if way in safe]


def _needs(referral: Referral, own: bool) -> list[str]:
    needs = referral.needs.select_related("screening")
    return [title_of(need) for need in needs] if own else shareable_titles(needs)


def _work(referral: Referral, membership: Membership, me: Standing) -> dict[str, Any]:
    """What is done with the person meanwhile, and who may do it."""
    works = membership.role != Role.ADMIN
    open_now = pause_allowed(referral.status) and referral.sent_at is not None
    owed = FollowUp.objects.visible_to(membership).open().filter(referral=referral)
    return {
        "owed": owed.select_related("team"),
        "appointments": list(_appointments(referral)),
        "has_meeting_ahead": has_meeting_ahead(referral),
        "loans": [(loan, _loan_steps(loan.status)) for loan in referral.loans.all()],
        "may_contact": works and Status(referral.status) not in NOT_YET,
        "may_book": works and Status(referral.status) in BOOKABLE,
        "may_note": works and referral.status != Status.ENTERED_IN_ERROR,
        "may_pause": works and open_now,
        "may_keep_waiting": works and referral.status == Status.WAITING and me.speaks_for_provider,
        "may_revise": works and referral.status == Status.DRAFT,
        **_closing(referral, me, works),
        **_error(referral, membership, me),
    }


def _closing(referral: Referral, me: Standing, works: bool) -> dict[str, Any]:
    """What stands after a close or a decline, and who may still do something about it."""
    declined = referral.status in {Status.DECLINED, Status.REROUTED}
    return {
        "unconfirmed": is_confirmed(referral) is False,
        "may_hear_word": works and referral.status == Status.CLOSED,
        "may_refer_on": may_refer_on(referral, me),
        "may_ask_safety": works and may_ask_safety(referral, me),
        "may_lift_park": declined and may_lift(me) and is_parking(referral),
    }


def has_meeting_ahead(referral: Referral) -> bool:
    return referral.appointments.filter(status="booked", starts_at__gte=clock.now()).exists()


def _appointments(referral: Referral) -> Iterable[tuple[Any, bool]]:
    """Newest first, each with whether something can be said about it now."""
    for appointment in referral.appointments.order_by("-starts_at"):
        possible = available_for_appointment(appointment.status, appointment.starts_at, clock.now())
        yield appointment, bool(possible)


def _loan_steps(status: str) -> list[tuple[str, str]]:
    return [(name, LOAN_STEPS[name].label) for name in available_for_loan(status)]


def _error(referral: Referral, membership: Membership, me: Standing) -> dict[str, Any]:
    """Two people mark an error: the first says so, another who is an admin agrees."""
    if me.is_provider_only or referral.status == Status.ENTERED_IN_ERROR:
        return {"may_propose_error": False, "error_proposal": None, "may_agree": False}
    proposal = error_proposal(referral)
    other = proposal is not None and proposal.by is not None and proposal.by.user_id != membership.user_id
    return {
        "may_propose_error": proposal is None,
        "error_proposal": proposal,
        "may_agree": other and "mark_error" in me.may_do(referral.status),
    }
