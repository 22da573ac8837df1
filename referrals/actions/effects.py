"""What a step brings with it, in the same transaction: what is owed now, what is no longer, and who is told."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils.formats import date_format

from accounts import audit, clock
from accounts.errors import NotPossibleNow
from accounts.models import Membership
from accounts.wording import gettext_lazy as _
from directory.actions import record_unmet_need
from directory.fitting import fit
from directory.models import SupportOffer, UnmetNeed
from people.london import london_day
from referrals import obligations
from referrals.actions.activity import CLOCKS
from referrals.actions.died import follow_death
from referrals.actions.loans import release_reserved
from referrals.actions.making import draft_after
from referrals.actions.move import Move
from referrals.actions.other_ways import leave_to_the_rest
from referrals.actions.taking_back import ahead, call_off, take_back
from referrals.followup import Clock, add_working_days, clock_days
from referrals.lifecycle import Status
from referrals.models import FollowUp, NeedOutcome, Outcome, Referral, ReferralEvent
from referrals.obligations.telling import WORKS_WITH_PERSON
from referrals.partner.links import follow
from referrals.reasons import NextAction
from screening.models import Need

Kind = FollowUp.Kind

OVER = (
    *CLOCKS,
    Kind.NEXT_STEP,
    Kind.TELL_PERSON,
    Kind.MESSAGE_FAILED,
    Kind.NOT_KNOWN,
    Kind.MAIL_FAILED,
    Kind.ASK_WHAT_GOT_IN_THE_WAY,
    Kind.ASK_AGAIN,
    Kind.SAFETY_QUESTION,
    Kind.FOR_PROVIDER,
)
"""What nobody owes any more once a referral has ended. Loans still end, and a worry is still looked into."""


def take_effect(move: Move, event: ReferralEvent, source: Status) -> Referral:
    obligations.drop_follow_ups(referral=move.referral, kinds=CLOCKS, reason="moved_on")
    if move.step.ends:
        _end(move)
    EFFECTS.get(move.step.name, lambda move, event: None)(move, event)
    if move.step.name == "decline" and source in WORKS_WITH_PERSON:
        take_back(move, event)
    follow(referral=move.referral, step=move.step.name, by=move.by)
    follow_death(move, event)
    own = move.reasons.get(event.reason_code)  # an organisation's own reason may say that nothing is sent
    if (template := move.step.message_after(source, move.brought)) and not (own and own.silent):
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
    leave_to_the_rest(referral)
    _call_off_appointments(move)
    release_reserved(referral=referral, by=move.staff)


def _call_off_appointments(move: Move) -> None:
    """Those to come. One that is over still waits for somebody to say what came of it."""
    by_person = move.referral.status == Status.WITHDRAWN
    why = _("The referral has ended: %(state)s.") % {"state": Status(move.referral.status).label.lower()}
    for appointment in ahead(move.referral):
        call_off(appointment, why, move, by_person=by_person)


def _decline(move: Move, event: ReferralEvent) -> None:
    """Not an end: the reason names the next step, and the referrer has it to do."""
    referral = move.referral
    reason = move.reasons[event.reason_code]
    next_action = reason.next_action or NextAction.TALK
    within = clock_days(Clock.NEXT_STEP, referral.referring_team.organisation.clocks)
    obligations.owe(
        kind=Kind.NEXT_STEP,
        key=f"event:{event.pk}",
        service_user=referral.service_user,
        referral=referral,
        team=referral.referring_team,
        what=_declined(referral.provider.name, next_action.sentence, _asked_again_on(move.at, reason.park_days)),
        due_on=add_working_days(london_day(move.at), within),
    )


def _asked_again_on(at: datetime, park_days: int) -> str:
    """The day before which the provider is not asked again for this person; "" for none."""
    return date_format(london_day(at) + timedelta(days=park_days), "j F Y") if park_days else ""


def _declined(provider: str, next_step: str, again_on: str) -> str:
    words = _("Declined by %(provider)s. %(next)s")
    if again_on:
        words = _("Declined by %(provider)s. %(next)s Do not ask them again for this person before %(day)s.")
    return str(words % {"provider": provider[:80], "next": next_step, "day": again_on})[:300]


def _reroute(move: Move, event: ReferralEvent) -> None:
    obligations.drop_follow_ups(referral=move.referral, kinds=[Kind.NEXT_STEP], reason="chosen")
    offer = move.brought.get("new_offer")
    if isinstance(offer, SupportOffer):
        draft_after(previous=move.referral, offer=offer, by=move.staff)
    else:
        _record_unmet(move.referral, move.staff)


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
    _owe_asking(move, event)


def _owe_asking(move: Move, event: ReferralEvent) -> None:
    """The provider's word is not the person's: whoever meets, rings or writes to them next asks."""
    referral = move.referral
    within = clock_days(Clock.ASK_PERSON, referral.referring_team.organisation.clocks)
    obligations.owe(
        kind=Kind.ASK_PERSON,
        key=f"event:{event.pk}",
        service_user=referral.service_user,
        referral=referral,
        team=referral.referring_team,
        what=_(
            "Ask whether it helped: by phone, by letter with a reply slip, face to face, or at the next visit."
        ),
        due_on=add_working_days(london_day(move.at), within),
    )


def _close(move: Move, event: ReferralEvent) -> None:
    """On the provider's word alone the person is still to be asked; nobody asks anybody who died."""
    word, outcome = move.brought["whose_word"], move.brought["outcome"]
    _conclude(move, outcome, word)
    if word != "provider_only" or outcome == "died":
        obligations.drop_follow_ups(referral=move.referral, kinds=[Kind.ASK_PERSON], reason="closed")


def _could_not_reach(move: Move, event: ReferralEvent) -> None:
    _conclude(move, "could_not_reach", "nobody")


def _conclude(move: Move, outcome: str, whose_word: str) -> None:
    Outcome.objects.create(
        referral=move.referral,
        outcome=outcome,
        whose_word=whose_word,
        heard_by=move.brought.get("heard_by", ""),
        words=move.brought.get("words", ""),
        recorded_by=move.staff,
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
