"""Fictitious people for the demo: who they are, and answers that hang together.

Each person has one latent score for being excluded; every answer is drawn with it, so that answers go
together as they do in life. The shares by cohort are the published ones where there are any, else assumed
(see docs/demo-data.md). A fixed seed makes the same people every time.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from statistics import NormalDist
from typing import Any

from inclusion.demo_names import FIRST, LANGUAGES, LAST, OUTWARD
from screening import scoring
from screening.questionnaire import Item, Questionnaire

NORMAL = NormalDist()
PULL = 0.6  # how strongly the latent score bears on an answer


@dataclass(frozen=True)
class Cohort:
    """Shares of people, from 0 to 1; `ages` in years."""

    code: str
    ages: tuple[int, int]
    non_user: float
    limited: float
    no_device: float
    no_connection: float
    runs_out: float
    no_private: float
    no_foundation: float
    no_help: float
    worried: float
    not_now: float
    watched: float
    watched_often: float
    memory: float
    calls: float
    fell_behind: float
    contact_limit: float
    homes: tuple[str, ...]


COHORTS = {
    "psychosis": Cohort(
        "psychosis", (19, 64), 0.20, 0.36, 0.18, 0.18, 0.25, 0.20, 0.42, 0.40, 0.24, 0.22, 0.30, 0.33,
        0.55, 0.50, 0.30, 0.12, ("own", "own", "family", "supported", "temp", "none"),
    ),
    "mood": Cohort(
        "mood", (18, 64), 0.04, 0.26, 0.06, 0.08, 0.18, 0.12, 0.25, 0.25, 0.18, 0.10, 0.06, 0.25,
        0.45, 0.55, 0.08, 0.12, ("own", "own", "own", "family", "family", "temp"),
    ),
    "rehab": Cohort(
        "rehab", (24, 70), 0.60, 0.22, 0.55, 0.45, 0.20, 0.35, 0.75, 0.50, 0.20, 0.35, 0.30, 0.33,
        0.65, 0.45, 0.55, 0.15, ("supported", "supported", "supported", "ward", "temp"),
    ),
    "older": Cohort(
        "older", (65, 88), 0.35, 0.30, 0.35, 0.25, 0.08, 0.12, 0.55, 0.45, 0.30, 0.35, 0.08, 0.25,
        0.50, 0.40, 0.10, 0.08, ("own", "own", "own", "family", "supported"),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Person:
    cohort: Cohort
    latent: float
    name: str
    preferred_name: str
    born: date
    nhs_number: str
    phone: str
    postcode: str
    interpreter_language: str


def nhs_numbers(random: Random, how_many: int) -> list[str]:
    """Different valid numbers of the 999 range, which is never given to anybody."""
    found: set[str] = set()
    while len(found) < how_many:
        stem = f"999{random.randrange(10**6):06}"
        check = 11 - sum(int(digit) * weight for digit, weight in zip(stem, range(10, 1, -1), strict=True)) % 11
        if check != 10:
            found.add(stem + str(check % 11))
    return sorted(found)


def people(random: Random, cohort: Cohort, numbers: list[str], *, today: date) -> list[Person]:
    return [_person(random, cohort, number, today) for number in numbers]


def _person(random: Random, cohort: Cohort, number: str, today: date) -> Person:
    first, last = random.choice(FIRST), random.choice(LAST)
    years = random.randint(*cohort.ages)
    return Person(
        cohort=cohort,
        latent=random.gauss(0, 1),
        name=f"{first} {last}",
        preferred_name=first[:3] if random.random() < 0.08 else "",
        born=today - timedelta(days=round(365.25 * years) + random.randrange(365)),
        nhs_number=number,
        phone=f"07700 900{random.randrange(1000):03}",
        postcode=f"{random.choice(OUTWARD)} {random.randint(1, 9)}ZZ",
        interpreter_language=random.choice(LANGUAGES) if random.random() < 0.08 else "",
    )


class Answers:
    """Draws one person's answers. `better` (0 to 1) lowers the latent score: help has been given since."""

    def __init__(self, random: Random, person: Person, better: float = 0.0) -> None:
        self.random = random
        self.cohort = person.cohort
        self.latent = person.latent - 1.5 * better

    def bad(self, share: float) -> bool:
        """True for `share` of the cohort, and sooner for those whose latent score is high."""
        own = PULL * self.latent + (1 - PULL**2) ** 0.5 * self.random.gauss(0, 1)
        return own > NORMAL.inv_cdf(1 - min(0.99, max(0.01, share)))

    def one(self, *choices: str) -> str:
        return self.random.choice(choices)

    def some(self, *choices: str, most: int = 3) -> list[str]:
        """Different ones; a choice that stands twice is twice as likely."""
        drawn = self.random.sample(choices, self.random.randint(1, min(most, len(choices))))
        return list(dict.fromkeys(drawn))

    def of(self, questionnaire: Questionnaire) -> dict[str, Any]:
        """Answers to every item that applies, in the instrument's form."""
        answers: dict[str, Any] = {}
        for item in questionnaire.items:
            if scoring.applies(questionnaire, answers, item.code):
                answers[item.code] = self._state(item) or getattr(self, f"_{item.code.lower()}")()
        return answers

    def _state(self, item: Item) -> dict[str, str] | None:
        early = item.code.startswith(("CT", "FA1", "FA2", "AC"))
        if self.random.random() < (0.06 if item.sensitive else 0.01):
            return {"state": "prefer_not"}
        if self.random.random() < (0.02 if early else 0.06):
            return {"state": "not_asked", "reason": "ran_out_of_time"}
        return None

    def _ct1(self) -> list[str]:
        if self.bad(self.cohort.non_user):
            return self.some("call", "letter", "in_person", most=2)
        return self.some("call", "text", "letter", "email", most=2)

    def _ct2(self) -> str:
        limited = self.random.random() < self.cohort.contact_limit
        return self.one("avoid", "avoid", "others_see", "checked", "private") if limited else "fine"

    def _ct2a(self) -> list[str]:
        return self.some("call", "voicemail", "text", "letter", "email")

    def _fa1(self) -> list[str]:
        return self.some("people", "health", "money", "shop", "fun", "learn", "work", "meet")

    def _fa2(self) -> str:
        return "not_now" if self.bad(self.cohort.not_now) else self.one("lot", "lot", "bit", "bit", "unsure")

    def _fa2a(self) -> str:
        return self.one("happy", "not_for_me", "hard", "hard", "cost", "worried", "unwell")

    def _ac1(self) -> str:
        if self.bad(self.cohort.non_user):
            return self.one("never", "stopped", "proxy")
        if self.bad(self.cohort.limited):
            return "rare"
        return self.one("daily", "daily", "weekly")

    def _ac2(self) -> list[str]:
        if self.bad(self.cohort.no_device):
            return self.one("basic", "landline", "none").split()
        return ["smart", *self.random.choice([[], [], ["tablet"], ["pc"]])]

    def _ac2a(self) -> str:
        return self.one("share", "broken", "no", "no")

    def _ac3(self) -> list[str]:
        if self.bad(self.cohort.no_connection):
            return self.one("cannot", "public").split()
        return self.some("home", "contract", "payg", most=2)

    def _ac4(self) -> str:
        return "often" if self.bad(self.cohort.runs_out) else self.one("no", "no", "no", "once")

    def _ac5(self) -> str:
        return "no" if self.bad(self.cohort.no_private) else self.one("yes", "yes", "yes", "some")

    def _ac6(self) -> str:
        return self.one("little", "lot") if self.bad(0.5 if self.cohort.code == "older" else 0.2) else "no"

    def _oc1(self) -> str:
        return self.random.choice(self.cohort.homes)

    def _kn1(self) -> dict[str, str]:
        tasks = ("wifi", "message", "look_up", "password", "health")
        if self.bad(self.cohort.no_foundation):
            missing = self.random.sample(tasks, self.random.randint(3, 5))
            return {task: "not_yet" if task in missing else "help" for task in tasks}
        return {task: self.one("help", "not_yet") if self.bad(0.15) else "own" for task in tasks}

    def _kn2(self) -> str:
        return self.one("not_very", "not_all") if self.bad(0.45) else self.one("very", "quite")

    def _kn3(self) -> str:
        return self.one("no", "no", "cant_reach") if self.bad(self.cohort.no_help) else "yes"

    def _kn4(self) -> str:
        return self.one("lot", "lot", "stay_off") if self.bad(self.cohort.worried) else self.one("no", "little")

    def _kn5(self) -> str:
        return self.one("little", "lot") if self.bad(0.18) else "no"

    def _mh1(self) -> str:
        return self.one("bit", "bit", "lot") if self.bad(self.cohort.memory) else "no"

    def _mh2(self) -> list[str]:
        ticks = ["calls"] if self.bad(self.cohort.calls) else []
        ticks += ["msgs"] if self.bad(0.3) else []
        return ticks + ["online"] * self.bad(0.3) or ["none"]

    def _mh4(self) -> str:
        return self.one("some", "most") if self.bad(0.5) else "no"

    def _mh5(self) -> str:
        return "behind" if self.bad(self.cohort.fell_behind) else self.one("no", "no", "caught_up")

    def _mh3(self) -> str:
        if not self.bad(self.cohort.watched):
            return "no"
        return "often" if self.random.random() < self.cohort.watched_often else "some"

    def _mh3a(self) -> list[str]:
        return self.some("in_person", "call", "letter", "via", most=2)

    def _oc2(self) -> list[str]:
        ticks = [code for code in ("money", "benefits", "housing", "travel", "lonely", "caring") if self.bad(0.2)]
        return ticks + ["basics"] * self.bad(0.08) or ["none"]

    def _oc3(self) -> str:
        return (
            self.one("no", "no", "does_it", "not_known")
            if self.bad(0.4)
            else self.one("yes", "yes", "yes", "uneasy")
        )

    def _fa3(self) -> list[str]:
        return self.some("one", "one", "group", "dropin", "home", "place", "phone", "peer", "slow")

    def _fa4(self) -> list[str]:
        ticks = [code for code in ("cost", "wait", "alone", "people", "time", "access") if self.bad(0.2)]
        return ticks or ["nothing"]
