"""What a step brings with it, in the same transaction: what is owed now, what is no longer, and who is told."""

from collections.abc import Callable

from accounts import audit, clock
from accounts.errors import NotPossibleNow
from accounts.models import Membership
from directory.actions import record_unmet_need
from directory.fitting import fit
from directory.models import SupportOffer, UnmetNeed
from people.london import london_day
from referrals import obligations
from referrals.actions.activity import CLOCKS
from referrals.actions.making import draft_after
from referrals.actions.move import Move
from referrals.followup import Clock, add_working_days, clock_days
from referrals.lifecycle import Status
from referrals.models import Appointment, FollowUp, NeedOutcome, Outcome, Referral, ReferralEvent
from referrals.reasons import NextAction
from screening.models import Need

Kind = FollowUp.Kind

OVER = (
    *CLOCKS,
    Kind.NEXT_STEP,
    Kind.TELL_PERSON,
    Kind.MESSAGE_FAILED,
    Kind.NOT_KNOWN,
    Kind.ASK_WHAT_GOT_IN_THE_WAY,
)
"""What nobody owes any more once a referral has ended. Loans still end, and a worry is still looked into."""


def take_effect(move: Move, event: ReferralEvent, source: Status) -> Referral:
    obligations.drop_follow_ups(referral=move.referral, kinds=CLOCKS, reason="moved_on")
    if move.step.ends:
        _end(move)
    EFFECTS.get(move.step.name, lambda move, event: None)(move, event)
    if template := move.step.message_after(source, move.brought):
        obligations.tell_person(referral=move.referral, event=event, template=template, by=move.by)
    return move.referral


def _end(move: Move) -> None:
    """A referral that goes on elsewhere keeps the news that is on its way: the person is owed it."""
    referral = move.referral
    if referral.status == Status.REROUTED:
        return
    obligations.drop_messages(referral=referral, reason=referral.status)
    kinds = None if referral.status == Status.ENTERED_IN_ERROR else OVER
    obligations.drop_follow_ups(referral=referral, kinds=kinds, reason=referral.status)
    _call_off_appointments(move)


def _call_off_appointments(move: Move) -> None:
    """Those to come. One that is over still waits for somebody to say what came of it."""
    by_person = move.referral.status == Status.WITHDRAWN
    Appointment.objects.filter(referral=move.referral, status="booked", starts_at__gt=clock.now()).update(
        status="cancelled_by_person" if by_person else "cancelled_by_service",
        reason=f"The referral has ended: {Status(move.referral.status).label.lower()}.",
        outcome_at=clock.now(),
        outcome_by=move.by,
    )


def _decline(move: Move, event: ReferralEvent) -> None:
    """Not an end: the reason names the next step, and the referrer has it to do."""
    referral = move.referral
    next_action = move.reasons[event.reason_code].next_action or NextAction.TALK
    within = clock_days(Clock.NEXT_STEP, referral.referring_team.organisation.clocks)
    obligations.owe(
        kind=Kind.NEXT_STEP,
        key=f"event:{event.pk}",
        service_user=referral.service_user,
        referral=referral,
        team=referral.referring_team,
        what=f"Declined by {referral.provider}. {next_action.sentence}"[:300],
        due_on=add_working_days(london_day(move.at), within),
    )


def _reroute(move: Move, event: ReferralEvent) -> None:
    obligations.drop_follow_ups(referral=move.referral, kinds=[Kind.NEXT_STEP], reason="chosen")
    offer = move.brought.get("new_offer")
    if isinstance(offer, SupportOffer):
        draft_after(previous=move.referral, offer=offer, by=move.by)
    else:
        _record_unmet(move.referral, move.by)


def _record_unmet(referral: Referral, by: Membership) -> None:
    """Nothing fits: the need stays open, and the gap is counted, with what matching finds missing."""
    for need in referral.needs.select_related("screening", "service_user__team"):
        record_unmet_need(need=need, kind=referral.kind, reason=_missing(need), by=by)


def _missing(need: Need) -> str:
    try:
        return fit(need).nothing or UnmetNeed.Reason.NOT_WANTED
    except NotPossibleNow:  # for the clinical team to do itself: no offer was ever sought
        return UnmetNeed.Reason.NO_OFFER_OF_KIND


def _deliver(move: Move, event: ReferralEvent) -> None:
    outcomes = move.brought["need_outcomes"]
    for need in move.referral.needs.all():
        NeedOutcome.objects.create(
            referral=move.referral,
            need=need,
            outcome=outcomes[str(need.pk)],
            recorded_at=clock.now(),
            recorded_by=move.by,
        )


def _close(move: Move, event: ReferralEvent) -> None:
    _conclude(move, move.brought["outcome"], move.brought["whose_word"])


def _could_not_reach(move: Move, event: ReferralEvent) -> None:
    _conclude(move, "could_not_reach", "nobody")


def _conclude(move: Move, outcome: str, whose_word: str) -> None:
    Outcome.objects.create(
        referral=move.referral,
        outcome=outcome,
        whose_word=whose_word,
        words=move.brought.get("words", ""),
        recorded_by=move.by,
    )


def _mark_error(move: Move, event: ReferralEvent) -> None:
    """The wrong person: others were told of somebody, which is an incident to be looked into."""
    if move.brought.get("wrong_person"):
        audit.record("incident_wrong_person", by=move.by, subject=move.referral, event=event.pk)


EFFECTS: dict[str, Callable[[Move, ReferralEvent], None]] = {
    "decline": _decline,
    "reroute": _reroute,
    "deliver": _deliver,
    "close": _close,
    "could_not_reach": _could_not_reach,
    "mark_error": _mark_error,
}
