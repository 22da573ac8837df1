"""Ten thousand offers for one person, beside the same rules put to each offer by itself."""

import random
from dataclasses import replace
from datetime import date, timedelta

from accounts import clock
from directory.criteria import Case
from directory.eligibility import refusals
from directory.filling import DEMO_OFFERS, fill
from directory.fitting import as_terms
from directory.matching import recommend
from directory.places import places
from directory.terms import Capacity, Circumstances, Offer
from directory.weighing import findings, worth
from inclusion.benchmarks.meter import Operation

OFFERS = 10_000
KIND = "first_steps"
ASKS_FOR_MUCH = Circumstances(
    outward="SE5",
    age=58,
    prefers=frozenset({"one", "place", "peer", "slow"}),
    hard=frozenset({"alone", "wait", "cost", "people", "access"}),
    language="Somali",
    slow=True,
    warm_handover_wanted=True,
)


def directory(today: date) -> list[Offer]:
    """The demo's offers over and over, elsewhere, with other room and waits, confirmed on other days."""
    draw = random.Random(7)  # noqa: S311 - made-up offers, the same every time
    rows = [as_terms(row) for row in fill(DEMO_OFFERS, teams={}, today=today)]
    areas, room = sorted(places()), list(Capacity)
    made = []
    for number in range(OFFERS):
        row = draw.choice(rows)
        made.append(
            replace(
                row,
                id=str(number),
                name=f"{row.name} {number}",
                postcode=row.postcode and f"{draw.choice(areas)} 0ZA",
                capacity=draw.choice(room),
                wait_days=draw.randrange(60),
                verified_on=today - timedelta(days=draw.randrange(180)),
            )
        )
    return made


def one_by_one(offers: list[Offer], today: date) -> list[tuple[float, str]]:
    case = Case(KIND, ASKS_FOR_MUCH, today)
    fitting = [offer for offer in offers if KIND in offer.kinds and not refusals(offer, case.person)]
    return sorted((-worth(findings(offer, case)), offer.name) for offer in fitting)


def operations() -> list[Operation]:
    today = clock.today()
    offers = directory(today)
    return [
        Operation(
            f"{OFFERS:,} offers for one person",
            lambda: recommend(KIND, offers, ASKS_FOR_MUCH, on=today),
            lambda: one_by_one(offers, today),
            goal=25.0,
            a_turn=10,
        )
    ]
