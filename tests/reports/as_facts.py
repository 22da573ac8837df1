"""The facts of a made-up person, straight from the plain record: as they would be read from its rows."""

from datetime import timedelta
from uuid import UUID

from people import groups
from people.contact_plan import Plan
from people.safe_contact import may_contact
from reports import answers, facts
from screening import questionnaire
from tests.reports.plain import local_day
from tests.reports.plain_answers import OFFLINE
from tests.reports.plain_outcomes import WINDOWS, decision, how_it_ended
from tests.reports.writing import as_responses

ORGANISATIONS = {0: UUID(int=100), 1: UUID(int=100), 2: UUID(int=200)}
TEAMS = {number: UUID(int=number) for number in ORGANISATIONS}


def person(record) -> facts.Person:
    carried = {id(need.carried_to) for one in record.screenings if one.counts for need in one.needs}
    counting = [one for one in record.screenings if one.counts]
    return facts.Person(
        organisation=ORGANISATIONS[record.team],
        team=TEAMS[record.team],
        born=record.born,
        since=record.since,
        left=record.left,
        screenings=[screening(one, carried) for one in sorted(counting, key=lambda one: one.at)],
        referrals=[referral(one) for one in record.referrals if not one.error],
        unmet=[unmet(record, one, need) for one in record.screenings for need in one.needs if need.unmet],
        sittings=[
            facts.Sitting(TEAMS[one.team], one.started, None if one.status == "draft" else one.at)
            for one in record.screenings
            if one.status != "void" and one.definition == "getting-online"
        ],
        reviews=[review(*one) for one in record.reviews],
        offline=[(at, asked and bool(OFFLINE & set(ways))) for at, ways, asked, _automatic in record.plans],
        against_plan=[
            local_day(at) for at, channel, status in record.messages if went_wrong(record, at, channel, status)
        ],
        given=[one.loan for one in record.referrals if one.loan and not one.error],
        incidents=[(day or local_day(at), kind) for kind, day, at, error in record.incidents if not error],
        groups={
            grouping: group
            for grouping, group in groups.groups_of(record.fair, on=record.since).items()
            if group != "not_known"
        },
    )


def screening(one, carried) -> facts.Screening:
    asked = questionnaire.latest(one.definition)
    standing = answers.standing(asked, as_responses(one.answers))
    values = answers.named(asked, standing)
    acted = [at for need in one.needs for at, told in need.decisions if told in ("agreed", "not_now")]
    acted += [need.agreed_before for need in one.needs if need.agreed_before and not need.decisions]
    took = int((one.at - one.started).total_seconds() // 60)
    return facts.Screening(
        team=TEAMS[one.team],
        at=one.at,
        whole=one.whole,
        status=one.overall,
        levels={theme: level for theme, level in one.levels.items() if level},
        needs=[need_facts(need, carried) for need in one.needs],
        acted_at=min(acted, default=None),
        weeks=int(one.definition.split("-")[1]) if one.definition.startswith("review") else 0,
        minutes=None if one.paper or took > 1440 else took,
        items=answers.items(asked, standing),
        measures=answers.measures(values),
        said=answers.said(values, one.goal),
        suggested=one.suggested,
    )


def need_facts(need, carried) -> facts.Need:
    return facts.Need(
        need.code, id(need) not in carried, need.resolved_by.at if need.resolved_by else None, decision(need)
    )


def referral(one) -> facts.Referral:
    return facts.Referral(
        team=TEAMS[one.team],
        sent_at=one.sent,
        acknowledged_at=one.acknowledged,
        first_contact_at=one.first_contact,
        ended_at=one.ended,
        closed=bool(one.ended) and one.ended_state == "closed",
        word=one.words[-1] if one.words else "",
        states=[(one.sent, "draft"), (one.sent, "sent"), *one.states],
        ended_as=how_it_ended(one) if one.ended and how_it_ended(one) != "open:" else ended_late(one),
        warm=one.warm,
        handed_over=one.who_was_there,
    )


def ended_late(one) -> str:
    return f"{one.ended_state}:" if one.ended else ""


def unmet(record, one, need) -> facts.Unmet:
    found = [(day, "device", reason, "") for day, reason in need.unmet]
    asked = questionnaire.latest(one.definition)
    values = answers.named(asked, answers.standing(asked, as_responses(one.answers)))
    return facts.Unmet(TEAMS[record.team], need.code, found, answers.formats(values))


def review(team, weeks, due, result, day) -> facts.Review:
    opens, closes = (due - timedelta(weeks=weeks) + timedelta(days=days) for days in WINDOWS[weeks])
    return facts.Review(TEAMS[team], weeks, opens, closes, result, day if result else None)


def went_wrong(record, at, channel, status) -> bool:
    if status not in ("sent", "delivered", "failed") or (channel == "letter" and status == "sent"):
        return False
    plans = [plan for plan in record.plans if plan[0] <= at]
    plan = Plan.unknown()
    if plans:
        _at, ways, asked, automatic = plans[-1]
        plan = Plan(allowed=frozenset(ways), automatic=automatic, answered=asked)
    return not may_contact(plan, channel, at, automatic=True)
