"""The large data set: whole lives of made-up people in fifty teams, over three years, always the same."""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from random import Random
from time import perf_counter
from typing import Any

from django.db import transaction

from accounts import actions as accounts
from accounts import clock
from accounts.models import Membership, Organisation, Team
from accounts.permissions import Role
from inclusion.benchmarks.clones import Copies, Dialect, Home, fill
from inclusion.benchmarks.histories import SEED, History, histories
from inclusion.benchmarks.loading import Say, load
from inclusion.benchmarks.names import drawn
from inclusion.demo_staff import Staff, fill_directory, make_staff
from people.models import ServiceUser
from people.names import search_name
from screening.models import Screening

WEEKS = 120
"""How far back a settled life may lie; with its own 36 weeks that is three years."""
UNDER_WAY = 0.08
"""Share of lives that are as somebody is today."""
LARGE = 0.85
"""Share of people in the one large organisation."""


@dataclass(frozen=True)
class Size:
    people: int
    settled: int
    current: int


SIZES = {"full": Size(1_000_000, 60, 40), "middle": Size(10_000, 60, 40), "small": Size(20_000, 12, 8)}
"""`settled` and `current`: how many lives of each kind are copied."""


@dataclass(frozen=True)
class Place:
    team: Team
    member: Membership
    share: float


def build(size: Size, say: Say) -> None:
    start = perf_counter()

    def told(what: str) -> None:
        say(f"{perf_counter() - start:6.0f} s  {what}")

    with transaction.atomic():
        staff = make_staff()
        fill_directory(staff)
        places = _places(staff)
        told(f"{len(places)} caseloads; lives by the actions of the pages …")
        lives = histories(staff, size.settled, size.current)
    copies = Copies(Home(staff.ash, staff.ash.team, staff.ash.organisation))
    told(f"{len(lives)} lives; {size.people:,} people to be …")
    with transaction.atomic():
        copies.prepare({life.person: number for number, life in enumerate(lives)})
        _plan_copies(size.people - ServiceUser.objects.count(), lives, places)
        _plan_answers(lives)
    told("copied row by row in the database …")
    load(copies, told)
    copies.tidy()
    told("done")


# --- Where people are -------------------------------------------------------------------------------------


def _places(staff: Staff) -> list[Place]:
    """With the six teams of the demo fifty: one large organisation, three small ones."""
    large = [staff.ash, staff.fay, staff.win, *_more(staff.ash.organisation, 33, "Lambourne")]
    small = [staff.cam, *_more(staff.cam.organisation, 3, "Easterbrook")]
    for name in ("Northmere", "Castlewick"):
        trust = accounts.add_organisation(
            name=f"{name} NHS Trust",
            kind=Organisation.Kind.HEALTH,
            phone="020 7946 0400",
            sender_name="Us",
            by=None,
        )
        small += _more(trust, 4, name)
    return [*_shared_out(large, LARGE), *_shared_out(small, 1 - LARGE)]


def _more(trust: Organisation, number: int, place: str) -> list[Membership]:
    return [_member(trust, f"{place} team {one}", f"{place}{one}".lower()) for one in range(1, number + 1)]


def _member(trust: Organisation, team: str, who: str) -> Membership:
    there = accounts.add_team(organisation=trust, name=team, phone="020 7946 0401", by=None)
    user = accounts.add_user(email=f"{who}@example.org", name=who.title(), by=None)
    return accounts.add_membership(user=user, team=there, role=Role.CLINICIAN, is_lead=True, by=None)


def _shared_out(members: list[Membership], share: float) -> list[Place]:
    """Teams differ in size as they do in life, the first the largest."""
    weights = [1 / (rank + 8) for rank in range(len(members))]
    return [
        Place(member.team, member, share * weight / sum(weights))
        for member, weight in zip(members, weights, strict=True)
    ]


# --- Who they are, and which life is theirs ---------------------------------------------------------------


def _plan_copies(how_many: int, lives: list[History], places: list[Place]) -> None:
    fill(
        "bench_copy",
        "life days ms tail team_id organisation_id member_id name preferred_name search_name date_of_birth "
        "nhs_number local_number".split(),
        _copies(how_many, lives, places, _numbers()),
    )


def _copies(
    how_many: int, lives: list[History], places: list[Place], numbers: dict[Any, Iterator[str]]
) -> Iterator[tuple]:
    random, names, key = Random(SEED), drawn(Random(SEED)), Dialect().key  # noqa: S311 - repeatable
    by_kind = {kind: [at for at, life in enumerate(lives) if life.settled == kind] for kind in (True, False)}
    ids = [(key(p.team.pk), key(p.team.organisation_id), key(p.member.pk)) for p in places]
    shares, oldest = [place.share for place in places], clock.today() - timedelta(days=365 * 90)
    for number, (name, called) in enumerate(islice(names, how_many), start=1):
        settled = random.random() >= UNDER_WAY
        days = -7 * random.randrange(WEEKS) if settled else 0
        where = random.choices(ids, shares)[0]
        yield (
            random.choice(by_kind[settled]),
            days,
            days * 86_400_000,
            f"{number:012x}",
            *where,
            name,
            called,
            search_name(name, called),
            oldest + timedelta(days=random.randrange(72 * 365)),
            None if random.random() < 0.1 else next(numbers[where[1]]),
            f"RV{number:07}" if random.random() < 0.3 else None,
        )


def _numbers() -> dict[Any, Iterator[str]]:
    """NHS numbers for each organisation: the same may be known in two, and never twice in one."""
    taken = frozenset(ServiceUser.objects.exclude(nhs_number=None).values_list("nhs_number", flat=True))
    return defaultdict(lambda: _valid(taken))


def _valid(taken: frozenset[str | None]) -> Iterator[str]:
    """Every number of the range 999 whose last digit is right, once, in no order that shows."""
    for step in range(1_000_000):
        stem = f"999{step * 387_119 % 1_000_000:06}"
        check = 11 - sum(int(digit) * weight for digit, weight in zip(stem, range(10, 1, -1), strict=True)) % 11
        number = f"{stem}{check % 11}"
        if check != 10 and number not in taken:
            yield number


def _plan_answers(lives: list[History]) -> None:
    """The answers of each life for each week that it may lie back: with the times of that week."""
    key = Dialect().key
    rows = list(Screening.objects.filter(service_user__in=[life.person for life in lives]))
    settled = {life.person for life in lives if life.settled}
    fill("bench_answers", ["screening", "days", "responses"], (
        (key(row.pk), -7 * weeks, json.dumps(_earlier(row.responses, 7 * weeks)))
        for row in rows
        for weeks in (range(WEEKS) if row.service_user_id in settled else (0,))
    ))  # fmt: skip


def _earlier(responses: dict[str, Any], days: int) -> dict[str, Any]:
    return {
        code: {**answer, "at": (datetime.fromisoformat(answer["at"]) - timedelta(days=days)).isoformat()}
        for code, answer in responses.items()
    }
