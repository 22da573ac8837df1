"""Plain readings of what is counted of answers, plans and messages. How an item stands is asked of the scoring,
which has tests of its own."""

from collections import Counter
from datetime import time, timedelta

from reports.figures import Rate
from screening import questionnaire, scoring
from tests.reports.plain import LONDON, local_day

FOLLOW_ON = {"CT2a", "FA2a", "AC2a", "MH3a"}
OFFLINE = {"call", "letter", "in_person", "via"}


def resolved(one):
    return scoring.resolve(questionnaire.latest(one.definition), one.answers)


def value(one, code):
    """None for anything but an answer, or what followed from others."""
    found = resolved(one).get(code)
    return found.value if found and found.state in ("answered", "derived") else None


def core(one):
    return {
        code: found for code, found in resolved(one).items() if code not in FOLLOW_ON and found.state != "skipped"
    }


def completeness(plain):
    items = [found for _, one in plain.current() for found in core(one).values()]
    return Rate(sum(found.state in ("answered", "derived") for found in items), len(items))


def gaps(plain):
    rows = Counter()
    for _, one in plain.current():
        why = set()
        for found in core(one).values():
            if found.state in ("prefer_not", "dont_know", "missing"):
                why.add(str(found.state))
            elif found.state == "not_asked":
                why.add(f"not_asked:{found.reason}")
        rows.update(why)
    return rows


def contact_safety(plain):
    if plain.for_a_team:
        return Rate(0, 0)
    current = [one for _, one in plain.current()]
    return Rate(sum(value(one, "CT2") is not None for one in current), len(current))


def reachable_offline(plain):
    hard = [person for person, one in plain.current() if any(need.code == "REACH" for need in one.needs)]
    return Rate(sum(has_offline_way(person, plain.end) for person in hard), len(hard))


def has_offline_way(person, end):
    plans = [plan for plan in person.plans if plan[0] < end]
    if not plans:
        return False
    _at, allowed, asked, _automatic = plans[-1]
    return asked and bool(OFFLINE & set(allowed))


def drop_off(plain):
    begun = [
        one
        for person in plain.everybody
        for one in person.screenings
        if one.status != "void" and one.team in plain.teams and one.definition == "getting-online"
    ]
    due = [one for one in begun if plain.is_up(one.started, 7)]
    late = [one for one in due if one.status == "draft" or one.at - one.started > timedelta(days=7)]
    return Rate(len(late), len(due))


def minutes(plain):
    rows = Counter()
    for _, one in plain.screenings():
        took = int((one.at - one.started).total_seconds() // 60)
        if one.whole and not one.paper and took <= 1440 and plain.is_in(one.at):
            rows[str(min(took, 120))] += 1
    return rows


def against_plan(plain):
    if plain.for_a_team:
        return {}
    bad = 0
    for person in plain.everybody:
        for at, channel, status in person.messages:
            waits_on_paper = channel == "letter" and status == "sent"
            if status in ("sent", "delivered", "failed") and plain.is_in(at) and not waits_on_paper:
                bad += not allowed(person, channel, at)
    return {"messages": bad} if bad else {}


def allowed(person, channel, at):
    plans = [plan for plan in person.plans if plan[0] <= at]
    if not plans:
        return False
    _made, ways, asked, automatic = plans[-1]
    there = at.astimezone(LONDON)
    quiet = there.weekday() == 6 or not time(9) <= there.time() < time(20)
    return asked and automatic and channel in ways and (channel == "letter" or not quiet)


def incidents(plain):
    if plain.for_a_team:
        return {}
    return Counter(
        kind
        for person in plain.everybody
        for kind, day, at, error in person.incidents
        if not error and plain.first <= (day or local_day(at)) <= plain.day
    )


def unmet_format(plain):
    def rows(reason, one):
        return [f"device:{way}" for way in value(one, "FA3") or []] if reason == "none_in_format" else []

    return plain._unmet(rows)
