"""A clock runs out: no state changes, somebody is asked. First whose move it is, then others, last the admin."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db.models import F
from django.utils.formats import date_format

from accounts import audit, set_aside
from accounts.models import Team
from accounts.set_aside import What
from accounts.wording import gettext_lazy as _
from people.london import london_day
from referrals import obligations
from referrals.actions.old_drafts import delete_draft, kept_until, old_drafts, owner_of
from referrals.actions.overdue import ask_about_owed
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
    return set_aside.all_of(
        lambda: _delete_drafts(now),
        lambda: _ask_about_all(today),
        lambda: ask_about_owed(today),
        lambda: _let_fall_due(today),
    )


def _delete_drafts(now: datetime) -> int:
    return set_aside.each(
        What.CLOCK,
        old_drafts(now),
        lambda draft: delete_draft(draft, now),
        organisation_id=lambda draft: draft.referring_team.organisation_id,
    )


def _ask_about_all(today: date) -> int:
    return set_aside.each(
        What.CLOCK,
        _overdue(today),
        lambda referral: _ask(referral, today),
        organisation_id=lambda referral: referral.referring_team.organisation_id,
    )


def _let_fall_due(today: date) -> int:
    return set_aside.each(
        What.LOAN,
        _ending(today),
        _fall_due,
        organisation_id=lambda loan: loan.referral.service_user.organisation_id,
    )


def _overdue(today: date) -> Iterator[Referral]:
    rows = Referral.objects.open().filter(due_on__lt=today).exclude(pk__in=set_aside.resting(What.CLOCK))
    return rows.select_related(*RELATED).order_by("due_on", "id").iterator(chunk_size=500)


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
    if referral.status == Status.DRAFT and level is Escalation.NUDGE:
        return owner_of(referral).team
    provider = referral.provider_team if referral.action_with == ActionWith.PROVIDER else None
    return (provider if level is Escalation.NUDGE else None) or referral.referring_team


def _sentence(referral: Referral, level: Escalation) -> str:
    state = Status(referral.status).label.lower()
    day = date_format(referral.due_on, "j F") if referral.due_on else ""
    if referral.status == Status.DRAFT:
        words = _("%(owner)s: the draft to “%(offer)s” is not sent. Send or cancel it: on %(end)s it is deleted.")
        return words % {
            "owner": owner_of(referral).user.name[:80],
            "offer": referral.offer.name[:100],
            "end": date_format(kept_until(referral) + timedelta(days=1), "j F"),
        }
    if level is Escalation.NUDGE:
        return _("Overdue since %(day)s: %(offer)s (%(state)s).") % {
            "day": day,
            "offer": referral.offer,
            "state": state,
        }
    who = referral.provider if referral.action_with == ActionWith.PROVIDER else referral.referring_team
    return _("Stuck since %(day)s: ring %(who)s about %(offer)s (%(state)s).") % {
        "day": day,
        "who": who,
        "offer": referral.offer,
        "state": state,
    }


def _ending(today: date) -> Iterator[Loan]:
    lead = max(LOAN_DAYS)
    ending = Loan.objects.filter(
        status__in=LOAN_STEPS["fall_due"].sources, ends_on__lte=today + timedelta(days=lead)
    )
    ending = ending.exclude(pk__in=set_aside.resting(What.LOAN))
    return ending.select_related("referral__service_user").iterator(chunk_size=500)


def _fall_due(loan: Loan) -> bool:
    row = Loan.objects.filter(pk=loan.pk, version=loan.version, status=loan.status)
    moved = row.update(status=LOAN_STEPS["fall_due"].target, version=F("version") + 1)
    if moved:
        audit.record("loan_falls_due", by=None, subject=loan, organisation=loan.referral.service_user.organisation)
    return bool(moved)
