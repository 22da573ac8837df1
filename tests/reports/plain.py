"""The questions of a report, asked of plain records by plain loops, with a reading of the definitions of its own.

The rest of them stand in plain_answers.py and plain_outcomes.py.
"""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from reports.figures import Rate

LONDON = ZoneInfo("Europe/London")
OURS = {0, 1}
"""The teams of the organisation; 2 is a stranger's."""


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=LONDON).astimezone(UTC)


class Plain:
    """`teams`: numbers of the teams in the scope; `now`: the report is made then. A quarter has three months."""

    def __init__(self, people, year, month, teams, now, private, months=1):
        self.everybody = [person for person in people if person.team in OURS]
        self.people = [person for person in people if person.team in teams]
        self.teams, self.for_a_team, self.private = teams, len(teams) == 1, private
        self.first = date(year, month, 1)
        last = month + months - 1
        following = date(year + last // 12, last % 12 + 1, 1)
        self.start = midnight(self.first)
        self.end = min(midnight(following), midnight(now.date()))
        self.day = min(following - timedelta(days=1), now.date() - timedelta(days=1))

    def is_up(self, began, days):
        return self.start <= began + timedelta(days=days) < self.end

    def is_in(self, when):
        return self.start <= when < self.end

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
        """Person and screening."""
        found = []
        for person in self.caseload():
            recent = [
                one
                for one in person.screenings
                if one.whole and self.end - timedelta(days=365) <= one.at < self.end
            ]
            if recent:
                found.append((person, max(recent, key=lambda one: one.at)))
        return found

    def screenings(self):
        for person in self.everybody:
            for one in person.screenings:
                if one.counts and one.team in self.teams:
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
        return [
            one
            for person in self.everybody
            for one in person.referrals
            if not one.error and one.team in self.teams
        ]

    def within(self, name, days, referrals=None):
        everything = self.referrals() if referrals is None else referrals
        due = [one for one in everything if self.is_up(one.sent, days)]
        done = [one for one in due if getattr(one, name) and getattr(one, name) - one.sent <= timedelta(days=days)]
        return Rate(len(done), len(due))

    def acknowledged(self):
        return self.within("acknowledged", 14)

    def started(self):
        return self.within("first_contact", 42)

    def closed_with_word(self):
        closed = [
            one for one in self.referrals() if one.ended and one.ended_state == "closed" and self.is_in(one.ended)
        ]
        return Rate(len([one for one in closed if one.words and one.words[-1] == "person"]), len(closed))

    def needs_resolved(self):
        told = Counter()
        for person, one in self.screenings():
            every = [other for other in person.screenings if other.counts]
            carried = {id(need.carried_to) for other in every for need in other.needs}
            for need in one.needs:
                if id(need) not in carried and self.is_up(one.at, 112):
                    told[fate(person, one, need.code)] += 1
        return Rate(told["resolved"], told["resolved"] + told["still"], told["unknown"])

    # Tables

    def levels(self, theme):
        return Counter(one.levels[theme] or "not_known" for _, one in self.current())

    def status(self):
        return Counter(one.overall for _, one in self.current())

    def needs(self):
        shown = Counter(need.code for _, one in self.current() for need in one.needs)
        return {code: n for code, n in shown.items() if not (self.for_a_team and code in self.private)}

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
        return self._unmet(lambda reason, one: [f"device:{reason}"])

    def unmet_area(self):
        return self._unmet(lambda reason, one: [":device"])

    def _unmet(self, rows):
        """Written down by the team that the person is in."""
        found = set()
        for person in self.people:
            for one in person.screenings:
                for need in one.needs:
                    for day, reason in need.unmet:
                        hidden = self.for_a_team and need.code in self.private
                        if self.first <= day <= self.day and not hidden:
                            found.update((id(need), row) for row in rows(reason, one))
        return Counter(name for _, name in found)


def fate(person, baseline, code):
    counted = [one for one in person.screenings if one.counts]
    reviews = [one for one in counted if timedelta(70) <= one.at - baseline.at <= timedelta(112)]
    if not reviews:
        return "unknown"
    review = reviews[-1]
    before = [(one, need) for one in counted for need in one.needs if need.code == code and one.at <= review.at]
    where, newest = before[-1]
    if where is review:
        return "still"
    return "resolved" if newest.resolved_by and newest.resolved_by.at <= review.at else "unknown"


def age(born, day):
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def was_acted_on(need, screened_at):
    told = [d for when, d in need.decisions if when - screened_at <= timedelta(days=14)]
    stands_agreed = need.agreed_before is not None and not need.decisions
    return stands_agreed or "agreed" in told or "not_now" in told


def local_day(when):
    return when.astimezone(LONDON).date()
