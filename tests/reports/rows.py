"""Rows at any moment of the past, written as they would stand by now: for counting, not for working with."""

from datetime import UTC, datetime, timedelta

from referrals.models import Outcome, Referral, ReferralEvent
from reports.periods import Month
from screening.models import Need, NeedDecision, Screening
from tests import factories

THEMES = ("knowledge", "access", "mental_health", "offline")
ENDED = {"closed", "rerouted", "withdrawn", "cancelled", "entered_in_error"}


def at(text: str) -> datetime:
    """ "2026-10-31 23:30" in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def result(level="none", status="included", **levels) -> dict:
    """What scoring would have given; `level` for every theme but those named."""
    return {"levels": dict.fromkeys(THEMES, level) | levels, "status": status, "needs": [], "suggestions": []}


def screened(person, when, *, needs=(), status="submitted", scored=None, team=None) -> Screening:
    by = person.created_by
    done = {} if status == "draft" else {"submitted_at": when, "submitted_by": by, "scoring_version": "1.0.0"}
    void = {"voided_at": when, "voided_by": by, "void_reason": "Wrong person"} if status == "void" else {}
    screening = Screening.objects.create(
        service_user=person,
        team=team or person.team,
        definition="getting-online",
        definition_version="1.0.0",
        status=status,
        started_at=when,
        started_by=by,
        result=None if status == "draft" else scored or result(),
        **done,
        **void,
    )
    Need.objects.bulk_create(
        Need(screening=screening, service_user=person, code=code, because=["AC2"]) for code in needs
    )
    return screening


def decided(need, decision, when) -> None:
    by = need.screening.started_by
    reason = "Not for me" if decision == "declined" else ""
    NeedDecision.objects.create(need=need, decision=decision, reason=reason, at=when, by=by)
    Need.objects.filter(pk=need.pk).update(
        decision=decision, decision_reason=reason, decided_at=when, decided_by=by
    )


def referred(person, offer, sent, *, status="sent", team=None, moves=(), events=None, **times) -> Referral:
    """Sent then; `moves` are (state, when) after that, `times` any of the referral's own, as first_contact_at.
    `events`: state → more of the event that led to it."""
    over = status in ENDED
    by = person.created_by
    referral = Referral.objects.create(
        service_user=person,
        referring_team=team or person.team,
        offer=offer,
        provider=offer.provider,
        provider_team=offer.team,
        kind="device",
        status=status,
        action_with="" if over else "provider",
        due_on=None if over else sent.date() + timedelta(days=2),
        created_at=sent,
        created_by=by,
        sent_at=sent,
        **times,
    )
    steps = [("draft", sent), ("sent", sent), *moves]
    ReferralEvent.objects.bulk_create(
        ReferralEvent(
            **{
                "referral": referral,
                "step": state,
                "to_status": state,
                "by": by,
                "happened_at": when,
                "recorded_at": when,
                **(events or {}).get(state, {}),
            }
        )
        for state, when in steps
    )
    return referral


def concluded(referral, whose_word, when, outcome="helped") -> Outcome:
    return Outcome.objects.create(
        referral=referral,
        outcome=outcome,
        whose_word=whose_word,
        recorded_at=when,
        recorded_by=referral.created_by,
    )


def people(team, by, how_many, **fields):
    """Adults who have been on the team's caseload since the start of 2024."""
    settled = {"on_caseload_since": datetime(2024, 1, 1, tzinfo=UTC).date()}
    return [
        factories.ServiceUserFactory(team=team, created_by=by, nhs_number=None, **{**settled, **fields})
        for _ in range(how_many)
    ]


# A month to count, and its edges

OCTOBER = Month(2026, 10)
NOW = at("2026-11-24 15:00")
TICK = timedelta(microseconds=1)
MIDNIGHT = at("2026-11-01 00:00")
"""The end of October in London."""


def days(number) -> timedelta:
    return timedelta(days=number)
