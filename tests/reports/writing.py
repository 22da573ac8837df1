"""A made-up history as rows."""

from datetime import datetime, time, timedelta

from django.db.models import Value

from directory.models import UnmetNeed
from people.models import ContactPlan, FairnessAnswers
from referrals.models import FollowUp, Incident, Loan, Reminder
from screening.models import Need, Screening
from tests import factories
from tests.reports import rows
from tests.reports.history import NOW, TICK, PersonRecord, ReferralRecord, ScreeningRecord
from tests.reports.plain import LONDON


def write(people: list[PersonRecord], teams: list, by: list, offers: list) -> list:
    return [_write_person(record, teams, by, offers) for record in people]


def _write_person(record: PersonRecord, teams, by, offers):
    person = factories.ServiceUserFactory(
        team=teams[record.team],
        created_by=by[record.team],
        nhs_number=None,
        date_of_birth=record.born,
        on_caseload_since=record.since,
        left_caseload_on=record.left,
    )
    _write_screenings(person, record, teams)
    for number, referral in enumerate(record.referrals):
        _write_referral(person, referral, offers[number], teams[referral.team])
    _write_contact(person, record)
    for number, review in enumerate(record.reviews):
        _write_review(person, review, teams, number)
    for incident in record.incidents:
        _write_incident(person, *incident)
    if record.fair:
        FairnessAnswers.objects.create(service_user=person, **record.fair)
    return person


def _write_screenings(person, record: PersonRecord, teams) -> None:
    screenings = [(one, _write_screening(person, one, teams)) for one in record.screenings]
    row_of = {id(one): row for one, row in screenings}
    for one, screening in screenings:
        for need, row in zip(one.needs, screening.needs.order_by("pk"), strict=True):
            row_of[id(need)] = row
    for need in (need for one, _ in screenings for need in one.needs):
        _write_need(need, row_of)


def _write_screening(person, one: ScreeningRecord, teams):
    levels = {theme: level for theme, level in one.levels.items() if level}
    suggestions = [{"rule": rule, "needs": needs, "support": "x"} for rule, needs in one.suggested]
    scored = {"levels": levels, "status": one.overall, "suggestions": suggestions}
    codes = [need.code for need in one.needs]
    row = rows.screened(person, one.at, status=one.status, scored=scored, needs=codes, team=teams[one.team])
    Screening.objects.filter(pk=row.pk).update(
        definition=one.definition,
        started_at=one.started,
        answered_by="from_paper" if one.paper else "person",
        on_paper_on=one.started.date() if one.paper else None,
        goal_in_words=one.goal,
        responses=Value(as_responses(one.answers), Screening._meta.get_field("responses")),
    )
    return row


def as_responses(answers: dict) -> dict:
    return {
        code: answer if isinstance(answer, dict) and "state" in answer else {"value": answer}
        for code, answer in answers.items()
    }


def _write_need(need, row_of: dict) -> None:
    row = row_of[id(need)]
    changes = {}
    if need.agreed_before:
        by = row.screening.started_by
        changes = {"decision": "agreed", "decided_at": need.agreed_before, "decided_by": by}
    if need.carried_to:
        changes["carried_to"] = row_of[id(need.carried_to)]
    if need.resolved_by:
        changes |= {"resolved_at": need.resolved_by.at, "resolved_by_screening": row_of[id(need.resolved_by)]}
    if changes:
        Need.objects.filter(pk=row.pk).update(**changes)
    for when, decision in need.decisions:
        rows.decided(row, decision, when)
    for day, reason in need.unmet:
        UnmetNeed.objects.create(
            need=row,
            team=row.service_user.team,
            kind="device",
            reason=reason,
            recorded_on=day,
            recorded_by=row.screening.started_by,
        )


def _write_referral(person, one: ReferralRecord, offer, team) -> None:
    state = "entered_in_error" if one.error else (one.states[-1][1] if one.states else "sent")
    referral = rows.referred(
        person,
        offer,
        one.sent,
        team=team,
        status=state,
        moves=[(state, when) for when, state in one.states],
        events=_events(one),
        warm_handover=one.warm,
        acknowledged_at=one.acknowledged,
        first_contact_at=one.first_contact,
        ended_at=one.ended or (NOW if one.error else None),
    )
    for number, word in enumerate(one.words):
        last = number == len(one.words) - 1
        rows.concluded(referral, word, one.ended + number * TICK, one.outcome if last else "partly_helped")
    if one.loan:
        Loan.objects.create(
            referral=referral,
            label="x",
            item="device",
            reserved_by=person.created_by,
            handed_over_on=one.loan,
            signed_or_witnessed="Bo",
            ends_on=one.loan + timedelta(days=90),
        )


def _events(one: ReferralRecord) -> dict:
    """Which event says who was there at the start is of no account here: every referral has one by which it was
    sent."""
    found = {}
    if one.who_was_there:
        found["sent"] = {"step": "start", "evidence": {"handover_present": "Bo"}}
    if step := {"cancelled": "cancel", "rerouted": "decline"}.get(one.ended_state):
        found[one.ended_state] = {"step": step, "reason_code": one.reason}
    return found


def _write_contact(person, record: PersonRecord) -> None:
    for number, (at, allowed, asked, automatic) in enumerate(record.plans, start=1):
        ContactPlan.objects.create(
            service_user=person,
            number=number,
            made_at=at,
            made_by=person.created_by,
            answered=asked,
            allowed=allowed,
            automatic=automatic,
            source="staff",
        )
    for number, (at, channel, status) in enumerate(record.messages):
        Reminder.objects.create(
            service_user=person,
            dedupe_key=f"{person.pk}:{number}",
            template="x",
            channel=channel,
            status=status,
            reason="returned" if status == "failed" else "",
            due_at=at,
            sent_at=at,
            sent_on=at.date(),
        )


def _write_review(person, review, teams, number) -> None:
    team, weeks, due, result, day = review
    noon = datetime.combine(day, time(12), LONDON)
    FollowUp.objects.create(
        kind="review",
        key=f"screening:{person.pk}-{number}:{weeks}w",
        service_user=person,
        team=teams[team],
        what="x",
        due_on=due,
        result=result,
        done_at=noon if result else None,
    )


def _write_incident(person, kind, day, at, error) -> None:
    owed = FollowUp.objects.create(
        kind="incident",
        key=f"incident:{person.pk}:{kind}:{at}"[:80],
        service_user=person,
        team=person.team,
        what="x",
        due_on=at.date(),
        result="recorded_in_error" if error else "",
        done_at=NOW if error else None,
    )
    Incident.objects.create(
        service_user=person,
        follow_up=owed,
        kind=kind,
        happened_on=day,
        what="x",
        recorded_at=at,
        recorded_by=person.created_by,
    )
