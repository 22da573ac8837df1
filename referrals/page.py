"""What the page of one referral shows to whoever is looking: never more than that side may know."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from accounts import clock
from accounts.models import Membership
from accounts.permissions import Role
from directory import kinds
from people.actions import plan_of
from people.contact_plan import Plan, describe
from referrals.actions.appointments import BOOKABLE
from referrals.actions.contacts import NOT_YET
from referrals.gathering import THROUGH_US, error_proposal, gather
from referrals.lifecycle import STATES, STEPS, Status, Step, blockers, pause_allowed
from referrals.models import FollowUp, Referral
from referrals.sharing import Shared, as_of_today, is_over, shareable_titles, shown_to_provider, title_of
from referrals.standing import Standing, standing
from referrals.support_steps import LOAN_STEPS, available_for_appointment, available_for_loan
from referrals.timeline import notes_shown, timeline
from referrals.wording import called, sees_person, whose_move

AT_ONCE = {"send", "acknowledge"}
"""Steps that bring nothing with them: one press is enough."""

LATEST = 8
"""Entries of the history that are shown at once; the earlier ones are folded."""

SELDOM = {"mark_error", "reopen", "reopen_accepted", "withdraw", "cancel", "could_not_reach"}
"""Kept apart from what one does every day."""


@dataclass(frozen=True)
class Button:
    step: Step
    primary: bool
    missing: tuple[str, ...] = ()
    """What has to be done first, in sentences; then there is no button."""

    @property
    def at_once(self) -> bool:
        return self.step.name in AT_ONCE

    @property
    def seldom(self) -> bool:
        return self.step.name in SELDOM


def buttons(referral: Referral, me: Standing) -> list[Button]:
    """From the table of steps, in its order; at most one is primary."""
    names = me.may_do(referral.status)
    usual = next((name for name in names if Status(referral.status) in STEPS[name].primary_from), "")
    return [
        Button(STEPS[name], name == usual, tuple(_missing(referral, STEPS[name])))
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
        "notes": notes_shown(referral, reader),
    }


def reader_of(referral: Referral, membership: Membership) -> UUID | None:
    """A provider's organisation once nothing may be shared with it: it reads its own words only. Else None."""
    provides = standing(referral, membership).is_provider_only
    return membership.organisation_id if provides and is_over(referral) else None


def _title(code: str) -> str:
    return kinds.TITLES.get(code, code)


def _ways(referral: Referral, plan: Plan) -> list[str]:
    """As chosen for this referral, less what the plan no longer allows."""
    team = referral.referring_team
    words = {THROUGH_US: f"ring {team} ({team.phone or 'no number recorded'})"}
    chosen = dict.fromkeys([referral.preferred_channel, referral.fallback_channel])
    safe = plan.open_channels | {THROUGH_US}
    return [words.get(way, way.replace("_", " ")) for way in chosen if way in safe]


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
        "loans": [(loan, _loan_steps(loan.status)) for loan in referral.loans.all()],
        "may_contact": works and Status(referral.status) not in NOT_YET,
        "may_book": works and Status(referral.status) in BOOKABLE,
        "may_note": works and referral.status != Status.ENTERED_IN_ERROR,
        "may_pause": works and open_now,
        "may_keep_waiting": works and referral.status == Status.WAITING and me.speaks_for_provider,
        "may_revise": works and referral.status == Status.DRAFT,
        **_error(referral, membership, me),
    }


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
