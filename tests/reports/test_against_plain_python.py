"""Every figure of the report against a count by plain loops over made-up histories, with its own reading."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

import pytest

from reports import breakdowns, measures
from reports.measures import Rate
from reports.periods import Month
from reports.scope import Scope
from tests import factories
from tests.reports import history
from tests.reports.history import NOW, PRIVATE

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=LONDON).astimezone(UTC)


class Plain:
    """The same questions, asked of the plain records. `teams`: numbers of the teams in the scope."""

    def __init__(self, people, year, month, teams):
        self.people = [person for person in people if person.team in teams]
        self.for_a_team = len(teams) == 1
        self.first = date(year, month, 1)
        following = date(year + month // 12, month % 12 + 1, 1)
        self.start = midnight(self.first)
        self.end = min(midnight(following), NOW)
        self.day = min(following - timedelta(days=1), NOW.date())

    def is_up(self, began, days):
        return self.start <= began + timedelta(days=days) < self.end

    # People

    def settled(self):
        return [
            person
            for person in self.people
            if (self.day - person.since).days >= 28 and (person.left is None or person.left > self.day)
        ]

    def caseload(self):
        return [person for person in self.settled() if person.born and age(person.born, self.day) >= 18]

    def current(self):
        found = []
        for person in self.caseload():
            recent = [
                one
                for one in person.screenings
                if one.status == "submitted" and self.end - timedelta(days=365) <= one.at < self.end
            ]
            if recent:
                found.append(max(recent, key=lambda one: one.at))
        return found

    def screenings(self):
        for person in self.people:
            for one in person.screenings:
                if one.status in ("submitted", "paused"):
                    yield person, one

    # Measures

    def coverage(self):
        unknown = [person for person in self.settled() if person.born is None]
        return Rate(len(self.current()), len(self.caseload()), len(unknown))

    def acted_on(self):
        high, acted = set(), set()
        for person, one in self.screenings():
            if "high" in one.levels.values() and self.is_up(one.at, 14):
                high.add(id(person))
                if any(was_acted_on(need, one.at) for need in one.needs):
                    acted.add(id(person))
        return Rate(len(acted), len(high))

    def referrals(self):
        return [one for person in self.people for one in person.referrals if not one.error]

    def within(self, name, days):
        due = [one for one in self.referrals() if self.is_up(one.sent, days)]
        done = [one for one in due if getattr(one, name) and getattr(one, name) - one.sent <= timedelta(days=days)]
        return Rate(len(done), len(due))

    def acknowledged(self):
        return self.within("acknowledged", 14)

    def started(self):
        return self.within("first_contact", 42)

    def closed_with_word(self):
        closed = [one for one in self.referrals() if one.ended and self.start <= one.ended < self.end]
        return Rate(len([one for one in closed if one.words and one.words[-1] == "person"]), len(closed))

    def needs_resolved(self):
        told = Counter()
        for person, one in self.screenings():
            carried = {id(need.carried_to) for _, other in self.screenings() for need in other.needs}
            for need in one.needs:
                if id(need) not in carried and self.is_up(one.at, 112):
                    told[self.fate(person, one, need.code)] += 1
        return Rate(told["resolved"], told["resolved"] + told["still"], told["unknown"])

    def fate(self, person, baseline, code):
        counted = [one for one in person.screenings if one.status in ("submitted", "paused")]
        reviews = [one for one in counted if timedelta(70) <= one.at - baseline.at <= timedelta(112)]
        if not reviews:
            return "unknown"
        review = reviews[-1]
        before = [
            (one, need) for one in counted for need in one.needs if need.code == code and one.at <= review.at
        ]
        where, newest = before[-1]
        if where is review:
            return "still"
        return "resolved" if newest.resolved_by and newest.resolved_by.at <= review.at else "unknown"

    # Tables

    def levels(self, theme):
        return Counter(one.levels[theme] or "not_known" for one in self.current())

    def statuses(self):
        return Counter(one.overall for one in self.current())

    def needs(self):
        shown = Counter(need.code for one in self.current() for need in one.needs)
        return {code: n for code, n in shown.items() if not (self.for_a_team and code in PRIVATE)}

    def states(self):
        found = Counter()
        for one in self.referrals():
            moves = [state for when, state in [(one.sent, "sent"), *one.states] if when < self.end]
            if moves:
                found[moves[-1]] += 1
        return found

    def waits(self):
        sent = [one for one in self.referrals() if self.end - timedelta(days=90) <= one.sent < self.end]
        reached = [one for one in sent if one.first_contact and one.first_contact < self.end]
        days = [(local_day(one.first_contact) - local_day(one.sent)).days for one in reached]
        ended = [one for one in sent if one not in reached and one.ended and one.ended < self.end]
        middle = round(median(days)) if days else None
        return middle, len(reached), len(sent) - len(reached) - len(ended), len(ended)

    def unmet(self):
        found = set()
        for person in self.people:
            for need in (need for one in person.screenings for need in one.needs):
                for day, reason in need.unmet:
                    hidden = self.for_a_team and need.code in PRIVATE
                    if self.first <= day <= self.day and not hidden:
                        found.add((id(need), reason))
        return Counter(("device", reason) for _, reason in found)


def age(born, day):
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def was_acted_on(need, screened_at):
    told = [d for when, d in need.decisions if when - screened_at <= timedelta(days=14)]
    stands_agreed = need.agreed_before is not None and not need.decisions
    return stands_agreed or "agreed" in told or "not_now" in told


def local_day(when):
    return when.astimezone(LONDON).date()


@pytest.fixture(params=range(4))
def told(request, team, ash, nia, cam, offer):
    """(people as plain records, the same as rows: the teams of one organisation, 0 and 1, and a stranger's, 2)"""
    people = history.make(request.param)
    others = [offer, factories.SupportOfferFactory()]
    history.write(people, [ash.team, nia.team, cam.team], [ash, nia, cam], others)
    return people


def views(people, trust, ash):
    """Each month for the whole and for one team: (the scope, its plain twin)."""
    for year, month in history.MONTHS:
        yield Scope(trust, None, Month(year, month), NOW), Plain(people, year, month, {0, 1})
        yield Scope(trust, ash.team, Month(year, month), NOW), Plain(people, year, month, {0})


def test_every_measure_is_what_its_definition_counts(told, trust, ash):
    for scope, plain in views(told, trust, ash):
        for measure in measures.MEASURES:
            assert measure.work(scope) == getattr(plain, measure.code)(), (measure.code, scope.month, scope.team)


def test_every_table_is_what_its_definition_counts(told, trust, ash):
    for scope, plain in views(told, trust, ash):
        for theme in history.rows.THEMES:
            assert breakdowns.levels(scope, theme) == plain.levels(theme)
        assert breakdowns.statuses(scope) == plain.statuses()
        assert breakdowns.needs(scope) == plain.needs()
        assert breakdowns.referral_states(scope) == plain.states()
        assert breakdowns.unmet(scope) == plain.unmet()
        found = breakdowns.waits(scope)
        assert (found.median, found.reached, found.waiting, found.ended) == plain.waits()


def test_levels_and_statuses_add_up_to_the_people_who_were_screened(told, trust, ash):
    for scope, _ in views(told, trust, ash):
        screened = measures.coverage(scope).numerator
        assert sum(breakdowns.statuses(scope).values()) == screened
        assert all(sum(breakdowns.levels(scope, theme).values()) == screened for theme in history.rows.THEMES)
