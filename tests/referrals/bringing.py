"""What somebody brings who has everything a step could ask for, and whoever may take it."""

from datetime import date

from referrals.evidence import ALL_FACTS_SHOWN
from referrals.lifecycle import Facts, Side, Tried

NEEDS = frozenset({"DEVICE", "SKILLS_FIRST"})
GOOD_TRIES = (
    Tried("call", date(2026, 11, 2)),
    Tried("call", date(2026, 11, 3)),
    Tried("letter", date(2026, 11, 3)),
)
ALL_WELL = Facts(**ALL_FACTS_SHOWN, needs=NEEDS, tries=GOOD_TRIES)
BROUGHT = {
    "offer": "an offer",
    "question": "Which days suit?",
    "answer": "Tuesdays.",
    "named_worker": "Bo Brandt",
    "expected_on": "2027-01-31",
    "reason_code": "other",
    "words": "What was meant.",
    "new_offer": "another offer",
    "successful_contact": "met",
    "handover_present": "Ash and Bo",
    "given": "Six sessions and a SIM",
    "need_outcomes": {"DEVICE": "met", "SKILLS_FIRST": "partly_met"},
    "outcome": "helped",
    "whose_word": "person",
    "heard_by": "phone",
    "how_said": "phone",
    "second_person": "Dee Dacosta",
}


def as_whoever_may(step):
    """Somebody who may take the step."""
    sides = {Side.PERSON: Side.REFERRER}
    return {"side": sides.get(step.side, step.side), "role": sorted(step.roles)[0], "team_lead": False}


def source_of(step):
    return min(step.sources) if step.sources else None
