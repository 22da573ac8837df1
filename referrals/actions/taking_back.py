"""A provider that had taken the person on cannot help after all: what it had arranged is undone, and others know.

The path of any decline, and more: the person had a name and perhaps a meeting, and a coordinator looks at it too.
"""

from accounts import clock
from accounts.wording import gettext_lazy as _
from people.london import london_day
from referrals import obligations
from referrals.actions.loans import release_reserved
from referrals.actions.move import Move
from referrals.followup import Clock, add_working_days, clock_days
from referrals.models import Appointment, FollowUp, Referral, ReferralEvent
from referrals.support_steps import AppointmentStatus


def take_back(move: Move, event: ReferralEvent) -> None:
    """Loans in the person's hands go on; about their ends the referring team talks with the person from now on."""
    referral = move.referral
    # By the provider's link nobody of ours is at the screen: what is counted back goes by whoever looks after it.
    by = move.by or referral.kept_by or referral.created_by
    for appointment in ahead(referral):
        call_off(appointment, _("The provider cannot help after all."), move)
        obligations.tell_person(referral=referral, event=appointment, template="appointment_changed", by=by)
    release_reserved(referral=referral, by=by, link=move.link)
    _drop_names(referral)
    _hand_back(referral)
    _ask_coordinator(move, event)


def ahead(referral: Referral) -> list[Appointment]:
    booked = Appointment.objects.filter(referral=referral, status=AppointmentStatus.BOOKED)
    return list(booked.filter(starts_at__gt=clock.now()).order_by("starts_at"))


def call_off(appointment: Appointment, reason: str, move: Move, *, by_person: bool = False) -> None:
    """Its reminders stop. Whether the person is told is for the caller: they may have said so themselves. Said
    through the provider's link it is the word of nobody on the staff."""
    appointment.status = (
        AppointmentStatus.CANCELLED_BY_PERSON if by_person else AppointmentStatus.CANCELLED_BY_SERVICE
    )
    Appointment.objects.filter(pk=appointment.pk).update(
        status=appointment.status,
        version=appointment.version + 1,
        reason=reason,
        outcome_at=clock.now(),
        outcome_by=move.by,
        outcome_link=move.link,
    )
    obligations.drop_appointment_reminders(appointment=appointment, reason=appointment.status)


def _drop_names(referral: Referral) -> None:
    """Who works with the person now is no news any more."""
    told = FollowUp.objects.filter(referral=referral, kind=FollowUp.Kind.TELL_PERSON, key__startswith="assign:")
    obligations.close(told, "moved_on")


def _hand_back(referral: Referral) -> None:
    """What the provider's team still owed to the person, it can no longer do: it may not even see them now. News
    for itself is nobody else's."""
    if referral.provider_team_id:
        theirs = FollowUp.objects.open().filter(referral=referral, team=referral.provider_team_id)
        theirs.exclude(kind=FollowUp.Kind.FOR_PROVIDER).update(team=referral.referring_team_id)


def _ask_coordinator(move: Move, event: ReferralEvent) -> None:
    referral = move.referral
    within = clock_days(Clock.NEXT_STEP, referral.referring_team.organisation.clocks)
    obligations.owe(
        kind=FollowUp.Kind.COORDINATE,
        key=f"event:{event.pk}",
        service_user=referral.service_user,
        referral=referral,
        team=referral.referring_team,
        what=_("%(provider)s had taken the person on and cannot help after all: see that they are not left alone.")
        % {"provider": str(referral.provider)[:150]},
        due_on=add_working_days(london_day(move.at), within),
    )
