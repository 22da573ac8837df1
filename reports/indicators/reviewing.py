"""Reviews at 4, 12 and 26 weeks: whether they were done, and what they say has changed."""

from collections.abc import Callable

from people.london import london_day
from reports.answers import CAN_AFFORD, GOAL_RESULT, MEASURES, STILL_WORKS
from reports.facts import Review, Screening
from reports.indicator import NOT_KNOWN, share
from reports.sight import Sight
from reports.spans import Counts, Point
from screening.terms import OWN_GOAL

WEEKS = (4, 12, 26)
OUTCOME_WEEKS, LASTING_WEEKS = 12, 26
DONE = frozenset({"spoke", "reviewed"})
IN_WINDOW, OUTSIDE, NOT_REACHED, NOT_NEEDED, NOT_DONE = (
    "in_window",
    "outside",
    "not_reached",
    "not_needed",
    "not_done",
)
OWED = frozenset({*DONE, NOT_REACHED, NOT_NEEDED, ""})
"""Results of a review that was really owed; any other says that something else took its place."""
RATED = frozenset({"reached", "partly", "no", "changed"})
GONE_WELL = frozenset({"reached", "partly"})
BETTER, SAME, WORSE = "better", "same", "worse"
SETTLES = {STILL_WORKS: {"no", "gone"}, CAN_AFFORD: {"hard", "ended", "no"}}
"""Answers by which access has not lasted, whatever the other answer is."""


def follow_up_done(weeks: int) -> Callable[[Sight], Counts]:
    def work(sight: Sight) -> Counts:
        for one in sight.reviews:
            if one.weeks == weeks and one.result in OWED:
                yield from share(part=_fate(one) == IN_WINDOW, one=Point("", one.closes))

    return work


def follow_up_results(sight: Sight) -> Counts:
    for one in sight.reviews:
        if one.result in OWED:
            yield Point(f"{one.weeks}:{_fate(one)}", one.closes)


def _fate(review: Review) -> str:
    if review.result in DONE and review.done is not None:
        return IN_WINDOW if review.opens <= review.done <= review.closes else OUTSIDE
    return review.result or NOT_DONE


def goal_reached(sight: Sight) -> Counts:
    """Somebody who rated a goal had one, whether or not the screening before has it."""
    for review in _of(sight, OUTCOME_WEEKS):
        result, day = review.said.get(GOAL_RESULT, ""), london_day(review.at)
        if result in RATED:
            yield from share(part=result in GONE_WELL, one=Point("", day))
        elif (before := _baseline(sight, review)) and OWN_GOAL in before.said:
            yield Point(NOT_KNOWN, day)


def access_lasting(sight: Sight) -> Counts:
    for review in _of(sight, LASTING_WEEKS):
        day = london_day(review.at)
        if any(given <= day for given in sight.person.given):
            answers = {name: review.said.get(name, "") for name in SETTLES}
            if any(answers[name] in lost for name, lost in SETTLES.items()):
                yield from share(part=False, one=Point("", day))
            elif set(answers.values()) == {"yes"}:
                yield from share(part=True, one=Point("", day))
            else:
                yield Point(NOT_KNOWN, day)


def change(sight: Sight) -> Counts:
    for review in _of(sight, OUTCOME_WEEKS):
        before = _baseline(sight, review)
        for name in MEASURES:
            then, now = before.measures.get(name) if before else None, review.measures.get(name)
            yield Point(f"{name}:{_direction(then, now)}", london_day(review.at))


def _direction(then: int | None, now: int | None) -> str:
    if then is None or now is None:
        return NOT_KNOWN
    return SAME if now == then else BETTER if now > then else WORSE


def _of(sight: Sight, weeks: int) -> list[Screening]:
    return [one for one in sight.screenings if one.weeks == weeks]


def _baseline(sight: Sight, review: Screening) -> Screening | None:
    """The last whole screening before it, by any team."""
    before = [one for one in sight.person.screenings if one.whole and one.at < review.at]
    return before[-1] if before else None
