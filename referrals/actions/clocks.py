"""A clock runs out: no state changes, somebody is asked. First whose move it is, then others, last the admin."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F

from accounts import audit
from accounts.models import Team
from people.london import london_day
from referrals import obligations
from referrals.actions.stepping import RELATED
from referrals.followup import LOAN_DAYS, Escalation, clock_days, escalation
from referrals.lifecycle import ActionWith, Status
from referrals.models import FollowUp, Loan, Referral
from referrals.support_steps import LOAN_STEPS

ASKED = {
    Escalation.NUDGE: FollowUp.Kind.NUDGE,
    Escalation.COORDINATOR: FollowUp.Kind.COORDINATE,
    Escalation.ADMIN: FollowUp.Kind.STUCK,
}
WAITS_WITH_THE_PERSON = {"first_contact", "same_day", "next_event", "ask_person", "waiting_review"}
"""Clocks on a contact with the person: while contact is paused nobody is pressed to make it."""


def run_clocks(*, now: datetime) -> int:
    """How much was opened. Late, twice or in two places at once: each clock asks each of the three once."""
    today = london_day(now)
    return sum(_ask(referral, today) for referral in _overdue(today)) + sum(
        _fall_due(loan) for loan in _ending(today)
    )


def _overdue(today: date) -> Iterator[Referral]:
    rows = Referral.objects.open().filter(due_on__lt=today).select_related(*RELATED)
    return rows.order_by("due_on", "id").iterator(chunk_size=500)


@transaction.atomic
def _ask(referral: Referral, today: date) -> bool:
    if referral.due_on is None or _is_held(referral, today):
        return False
    days = clock_days(referral.clock, referral.referring_team.organisation.clocks)
    level = escalation(referral.due_on, today, days)
    key = f"{referral.pk}:{referral.clock}:{referral.due_on}"
    if level is Escalation.NONE or FollowUp.objects.filter(kind=ASKED[level], key=key).exists():
        return False
    obligations.owe(
        kind=ASKED[level],
        key=key,
        service_user=referral.service_user,
        referral=referral,
        team=_asked_team(referral, level),
        what=_sentence(referral, level),
        due_on=today,
    )
    return True


def _is_held(referral: Referral, today: date) -> bool:
    """A pause that is itself overdue holds nothing back: else a forgotten one would hide the person for good."""
    review_on = referral.service_user.pause_review_on
    return review_on is not None and today <= review_on and referral.clock in WAITS_WITH_THE_PERSON


def _asked_team(referral: Referral, level: Escalation) -> Team:
    provider = referral.provider_team if referral.action_with == ActionWith.PROVIDER else None
    return (provider if level is Escalation.NUDGE else None) or referral.referring_team


def _sentence(referral: Referral, level: Escalation) -> str:
    state = Status(referral.status).label.lower()
    if level is Escalation.NUDGE:
        return f"Overdue since {referral.due_on:%-d %B}: {referral.offer} ({state})."
    who = referral.provider if referral.action_with == ActionWith.PROVIDER else referral.referring_team
    return f"Stuck since {referral.due_on:%-d %B}: ring {who} about {referral.offer} ({state})."


def _ending(today: date) -> Iterator[Loan]:
    lead = max(LOAN_DAYS)
    ending = Loan.objects.filter(
        status__in=LOAN_STEPS["fall_due"].sources, ends_on__lte=today + timedelta(days=lead)
    )
    return ending.select_related("referral__service_user").iterator(chunk_size=500)


@transaction.atomic
def _fall_due(loan: Loan) -> bool:
    row = Loan.objects.filter(pk=loan.pk, version=loan.version, status=loan.status)
    moved = row.update(status=LOAN_STEPS["fall_due"].target, version=F("version") + 1)
    if moved:
        audit.record("loan_falls_due", by=None, subject=loan, organisation=loan.referral.service_user.organisation)
    return bool(moved)
