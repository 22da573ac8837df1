"""What the demo's people say about themselves for fairness checks: drawn apart, so the rest of them stays as is.

The shares are assumed, near what a South London service sees; one in seven has nothing recorded, and gaps are left
in the rest, since a report must show what is not known.
"""

from random import Random
from typing import Any

from inclusion.demo_people import Person
from people.groups import NOT_STATED, PREFER_NOT

NOTHING = 0.14
LEFT_OUT = 0.08
RATHER_NOT = 0.04

GENDER = {"woman": 48, "man": 48, "non_binary": 3, "another": 1}
SINCE_BIRTH = {"yes": 97, "no": 3}
ETHNIC = {
    "A": 38, "B": 3, "C": 11, "D": 4, "E": 2, "F": 1, "G": 2, "H": 3, "J": 2, "K": 2, "L": 3, "M": 12, "N": 11,
    "P": 3, "R": 1, "S": 2,
}  # fmt: skip
LANGUAGE = {"english": 88, "other": 11, "sign": 1}
QUINTILE = {1: 36, 2: 28, 3: 18, 4: 11, 5: 7}
DIAGNOSIS = {
    "psychosis": {"psychosis": 86, "bipolar": 6, "other": 8},
    "mood": {"depression_anxiety": 58, "bipolar": 20, "personality": 14, "eating": 5, "learning_autism": 3},
    "rehab": {"psychosis": 80, "personality": 8, "learning_autism": 12},
    "older": {"depression_anxiety": 40, "dementia": 28, "psychosis": 18, "bipolar": 8, "other": 6},
}


def fairness_answers(person: Person, seed: int) -> dict[str, Any]:
    """Nothing for some; by the person's own number, so that the same people say the same every time."""
    random = Random(f"{seed}:{person.nhs_number}")  # noqa: S311 - repeatable on purpose
    if random.random() < NOTHING:
        return {}
    quintile = _drawn(random, QUINTILE)
    said = {
        "gender": _drawn(random, GENDER),
        "gender_since_birth": _drawn(random, SINCE_BIRTH),
        "ethnic_group": _drawn(random, ETHNIC),
        "main_language": "other" if person.interpreter_language else _drawn(random, LANGUAGE),
        "disability": _drawn(random, {"yes": 35, "no": 65}),
        "diagnosis_group": _drawn(random, DIAGNOSIS[person.cohort.code]),
        "living_situation": random.choice(person.cohort.homes),
    }
    told = {name: _perhaps(random, name, code) for name, code in said.items() if random.random() >= LEFT_OUT}
    return told if random.random() < LEFT_OUT else {**told, "deprivation_quintile": quintile}


def _drawn(random: Random, weights: dict[Any, int]) -> Any:
    return random.choices(list(weights), list(weights.values()))[0]


def _perhaps(random: Random, name: str, code: str) -> str:
    if random.random() >= RATHER_NOT:
        return code
    return NOT_STATED if name == "ethnic_group" else PREFER_NOT
