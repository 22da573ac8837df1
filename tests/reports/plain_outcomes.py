"""Plain readings of what came of suggestions, referrals and reviews, and of the shares by group."""

from collections import Counter
from datetime import timedelta

from reports.figures import Rate
from tests.reports.plain import fate, local_day
from tests.reports.plain_answers import value

ONLINE = {"smart", "tablet", "pc"}
ORDER = {
    "AC1": [["never", "stopped", "proxy"], ["rare"], ["weekly"], ["daily"]],
    "KN2": [["not_all"], ["not_very"], ["quite"], ["very"]],
}
WINDOWS = {4: (21, 42), 12: (70, 112), 26: (154, 224)}


# Suggestions


def suggestions(plain):
    """Rule and what was decided, one a suggestion."""
    for _, one in plain.screenings():
        if plain.is_in(one.at):
            stands = {need.code: decision(need) for need in one.needs}
            for rule, codes in one.suggested:
                if not (plain.for_a_team and set(codes) & plain.private):
                    yield rule, [stands.get(code, "undecided") for code in codes]


def decision(need):
    if need.decisions:
        return need.decisions[-1][1]
    return "agreed" if need.agreed_before else "undecided"


def summed(told):
    if all(one == "declined" for one in told):
        return "declined"
    return "agreed" if "agreed" in told else "not_now" if "not_now" in told else "undecided"


def decisions(plain):
    return Counter(summed(told) for _rule, told in suggestions(plain))


def declined(plain):
    found = decisions(plain)
    return Rate(found["declined"], sum(found.values()))


def declined_by_rule(plain):
    rows = Counter()
    for rule, told in suggestions(plain):
        rows[f"{rule}:out_of"] += 1
        rows[f"{rule}:of"] += summed(told) == "declined"
    return +rows


# Referrals


def loop_outcomes(plain):
    rows = Counter()
    for one in plain.referrals():
        if plain.is_up(one.sent, 84):
            rows[how_it_ended(one)] += 1
    return rows


def how_it_ended(one):
    if not one.ended or one.ended - one.sent > timedelta(days=84):
        return "open:"
    if one.ended_state == "closed":
        return f"closed:{one.outcome if one.words else ''}"
    if one.ended_state == "withdrawn":
        return "withdrawn:"
    return f"{one.ended_state}:{'own' if one.reason.startswith('a-reason') else one.reason}"


def loop_closed(plain):
    rows = loop_outcomes(plain)
    return Rate(sum(rows.values()) - rows["open:"], sum(rows.values()))


def warm(plain):
    return [one for one in plain.referrals() if one.warm]


def warm_handover(plain):
    given = [one for one in warm(plain) if one.who_was_there]
    due = plain.within("sent", 42, warm(plain))
    return Rate(plain.within("first_contact", 42, given).numerator, due.denominator)


def started_with_handover(plain):
    return plain.within("first_contact", 42, warm(plain))


def started_without_handover(plain):
    return plain.within("first_contact", 42, [one for one in plain.referrals() if not one.warm])


# Reviews


def follow_up_results(plain):
    rows = Counter()
    for person in plain.everybody:
        for team, weeks, due, result, day in person.reviews:
            screened = due - timedelta(weeks=weeks)
            opens, closes = (screened + timedelta(days=days) for days in WINDOWS[weeks])
            if team in plain.teams and result != "newer_screening" and plain.first <= closes <= plain.day:
                came = "in_window" if opens <= day <= closes else "outside"
                rows[f"{weeks}:{came if result in ('spoke', 'reviewed') else result or 'not_done'}"] += 1
    return rows


def follow_up(weeks):
    def rate(plain):
        rows = {row: n for row, n in follow_up_results(plain).items() if row.startswith(f"{weeks}:")}
        return Rate(rows.get(f"{weeks}:in_window", 0), sum(rows.values()))

    return rate


def reviews(plain, definition):
    return [
        (person, one) for person, one in plain.screenings() if one.definition == definition and plain.is_in(one.at)
    ]


def whole_before(person, review):
    before = [one for one in person.screenings if one.whole and one.at < review.at]
    return before[-1] if before else None


def goal_reached(plain):
    rated, well, not_known = 0, 0, 0
    for person, review in reviews(plain, "review-12-weeks"):
        answer = value(review, "FU2")
        if answer in ("reached", "partly", "no", "changed"):
            rated, well = rated + 1, well + (answer in ("reached", "partly"))
        else:
            before = whole_before(person, review)
            not_known += bool(before and (before.goal or value(before, "FA1") not in (None, ["nothing"])))
    return Rate(well, rated, not_known)


def access_lasting(plain):
    lasts, tell, not_known = 0, 0, 0
    for person, review in reviews(plain, "review-26-weeks"):
        given = [one.loan for one in person.referrals if one.loan and not one.error]
        if any(day <= local_day(review.at) for day in given):
            works, affords = value(review, "FU8"), value(review, "FU9")
            if works in ("no", "gone") or affords in ("hard", "ended", "no"):
                tell += 1
            elif (works, affords) == ("yes", "yes"):
                lasts, tell = lasts + 1, tell + 1
            else:
                not_known += 1
    return Rate(lasts, tell, not_known)


def change(plain):
    rows = Counter()
    for person, review in reviews(plain, "review-12-weeks"):
        before = whole_before(person, review)
        for name, read in READ.items():
            then, now = read(before) if before else None, read(review)
            if then is None or now is None:
                rows[f"{name}:not_known"] += 1
            else:
                rows[f"{name}:{'same' if then == now else 'better' if now > then else 'worse'}"] += 1
    return rows


def place(code):
    def read(one):
        answer = value(one, code)
        return next((n for n, answers in enumerate(ORDER[code]) if answer in answers), None)

    return read


def tasks(one):
    grid = value(one, "KN1")
    return None if grid is None else list(grid.values()).count("own")


def access(one):
    device, connection = value(one, "AC2"), value(one, "AC3")
    if (device is not None and not ONLINE & set(device)) or (connection is not None and "cannot" in connection):
        return False
    return None if device is None or connection is None else True


def affordable(one):
    answer = value(one, "AC4")
    return None if answer in (None, "na") else answer == "no"


def knows_help(one):
    answer = value(one, "KN3")
    return None if answer is None else answer == "yes"


READ = {
    "use": place("AC1"),
    "tasks": tasks,
    "access": access,
    "affordable": affordable,
    "confidence": place("KN2"),
    "knows_help": knows_help,
}


# The whole way


def funnel(plain):
    reached = {}
    for person, one in plain.screenings():
        if one.whole and plain.is_in(one.at):
            for stage in stages(person, one):
                reached.setdefault(stage, set()).add(id(person))
    return {stage: len(people) for stage, people in reached.items()}


def stages(person, one):
    found = ["screened"]
    if not any(decision(need) == "agreed" for need in one.needs):
        return found
    found.append("agreed")
    later = [
        other.at
        for other in person.screenings
        if other.whole and (other.at, id(other) == id(one)) > (one.at, True)
    ]
    following = min(later, default=None)
    mine = [
        each
        for each in person.referrals
        if not each.error and each.sent >= one.at and (following is None or each.sent < following)
    ]
    for stage, holds in STAGES:
        mine = [each for each in mine if holds(each)]
        if not mine:
            return found
        found.append(stage)
    if any(fate(person, one, need.code) == "resolved" for need in one.needs):
        found.append("resolved")
    return found


STAGES = [
    ("referred", lambda each: True),
    ("acknowledged", lambda each: each.acknowledged),
    ("reached", lambda each: each.first_contact),
    ("ended", lambda each: each.ended and each.ended_state == "closed"),
]
