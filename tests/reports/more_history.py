"""The rest of a made-up life: answers, reviews, contact plans, messages, and what went wrong."""

from datetime import date, timedelta

from screening import questionnaire

CHANNELS = ["call", "text", "letter", "email", "in_person"]
WEEKS = {4: (21, 42), 12: (70, 112), 26: (154, 224)}
RESULTS = ["", "spoke", "reviewed", "not_reached", "not_needed", "newer_screening"]
SUGGESTIONS = [("R08", ["DEVICE"]), ("R14", ["CONF", "LONELY"]), ("R01", ["SAFEGUARD"]), ("R26", ["LONELY"])]
FAIR = {
    "gender": ["", "woman", "man", "non_binary", "prefer_not"],
    "ethnic_group": ["", "A", "N", "Z"],
    "main_language": ["", "english", "other"],
    "disability": ["", "no"],
}
STATES = [{"state": "prefer_not"}, {"state": "dont_know"}, {"state": "not_asked", "reason": "not_alone"}]


def enrich(person, chance):
    own = [person.team] if person.team == 2 else [person.team, person.team, 0, 1]
    for one in person.screenings:
        _enrich_screening(one, chance, own)
    for one in person.referrals:
        one.team = chance.choice(own)
    person.plans = sorted((_plan(chance) for _ in range(chance.randrange(3))), key=lambda plan: plan[0])
    person.messages = _messages(chance)
    person.reviews = [_review(chance, own) for _ in range(chance.randrange(3))]
    person.incidents = [_incident(chance) for _ in range(chance.choice([0, 0, 1, 2]))]
    person.fair = {name: chance.choice(codes) for name, codes in FAIR.items()} if chance.random() < 0.7 else {}
    return person


def _enrich_screening(one, chance, own):
    one.team = chance.choice(own)
    kinds = ["getting-online"] * 4 + ["review-4-weeks", "review-12-weeks", "review-12-weeks", "review-26-weeks"]
    one.definition = "getting-online" if one.status == "draft" else chance.choice(kinds)
    minutes = chance.choice([0, 12, 35, 119, 120, 500, 1440, 1441, 7 * 1440, 7 * 1440 + 1])
    one.started = one.at - timedelta(minutes=minutes)
    one.paper = chance.random() < 0.2
    one.goal = chance.choice(["", "", "See my sister"])
    one.answers = answers(questionnaire.latest(one.definition), chance)
    one.suggested = chance.sample(SUGGESTIONS, chance.randrange(len(SUGGESTIONS) + 1))


def answers(asked, chance):
    found = {}
    for item in asked.items:
        if chance.random() < 0.8:
            found[item.code] = chance.choice(STATES) if chance.random() < 0.2 else _answer(item, chance)
    return found


def _answer(item, chance):
    codes = [option.code for option in item.options]
    if item.kind == "grid":
        return {row.code: chance.choice(codes) for row in item.rows}
    return (
        chance.choice(codes) if item.kind == "single" else sorted(chance.sample(codes, chance.choice([1, 1, 2])))
    )


def _plan(chance):
    """When, which ways, whether the person was asked, and whether messages go by themselves."""
    asked = chance.random() < 0.8
    return (
        chance.moment(),
        sorted(chance.sample(CHANNELS, chance.randrange(4))),
        asked,
        asked and chance.random() < 0.7,
    )


def _messages(chance):
    """When, how, and what became of it: one a day at most."""
    found = {}
    for _ in range(chance.choice([0, 1, 2, 3])):
        at = chance.moment()
        found[at.date()] = (at, chance.choice(["text", "email", "letter"]), chance.choice(MESSAGES))
    return list(found.values())


MESSAGES = ["sent", "delivered", "failed", "not_known"]


def _review(chance, own):
    """Team, weeks, the day due, what came of it, and when."""
    weeks = chance.choice(list(WEEKS))
    first, last = WEEKS[weeks]
    due = chance.day()
    edge = (
        due - timedelta(weeks=weeks) + timedelta(days=chance.choice([first, last]) + chance.choice([-1, 0, 0, 1]))
    )
    return chance.choice(own), weeks, due, chance.choice(RESULTS), edge


def _incident(chance):
    """Kind, the day if it is known, when it was written down, and whether that was an error."""
    at = chance.moment()
    day: date | None = chance.choice([None, at.date() - timedelta(days=3)])
    return chance.choice(["distress", "scam", "debt"]), day, at, chance.random() < 0.3
