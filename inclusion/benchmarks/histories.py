"""A few hundred whole lives, made by the actions that the pages use: what the large data set is copied from.

Each has two screenings, one or two referrals and REMINDERS messages. Those that are settled owe nobody anything
any more and may lie years back; the others are as somebody is today.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID

from accounts import clock
from accounts.errors import InvalidInput, NotAllowed, NotPossibleNow
from accounts.models import Membership
from directory.fitting import fit
from directory.models import SupportOffer
from inclusion import demo_stories as stories
from inclusion.demo_people import COHORTS, Answers, Person, nhs_numbers, people
from inclusion.demo_staff import Staff
from inclusion.demo_telling import Telling, working_day_from
from people import actions as people_actions
from people.london import at_london
from people.models import ServiceUser
from referrals import actions as referrals
from referrals import receipts, reminders, sending
from referrals.channels.outbox import Outbox
from referrals.gathering import THROUGH_US
from referrals.models import FollowUp, Referral, Reminder
from referrals.results import NEEDS_WORDS, results_of
from screening import actions as screenings
from screening import questionnaire
from screening.models import Need, Screening

SEED = 20190109
REMINDERS = 5
SPAN = 250
"""Days from a person's first day to the present."""
ENDED = [
    stories.helped,
    stories.helped,
    stories.provider_says_so,
    stories.not_wanted,
    stories.declined_and_nothing_else,
    stories.withdrawn,
    stories.cancelled,
    stories.could_not_reach,
]
UNDER_WAY = [tell for _, tell in stories.STORIES]


@dataclass(frozen=True)
class History:
    person: UUID
    settled: bool


def histories(staff: Staff, settled: int, current: int) -> list[History]:
    """So many of each, half of them referred once and half twice. Whoever turned out otherwise stays in the
    database as one more person."""
    random = Random(SEED)  # noqa: S311 - repeatable on purpose
    kinds = {True: settled, False: current}
    wanted = {(kind, times): most // 2 for kind, most in kinds.items() for times in (1, 2)}
    found: list[History] = []
    for person in _people(random, 40 * (settled + current)):
        still = [one for one, most in wanted.items() if most]
        if not still:
            return found
        kind, times = random.choice(still)
        life = Life(random, person, staff, settled=kind)
        if life.tell(times) and wanted[life.is_settled, times]:
            wanted[life.is_settled, times] -= 1
            found.append(History(life.service_user.pk, life.is_settled))
    raise RuntimeError("too few lives turned out as they were wanted")


def _people(random: Random, most: int) -> Iterator[Person]:
    numbers = nhs_numbers(random, most)
    for number in numbers:
        cohort = COHORTS[random.choice(("psychosis", "mood", "rehab", "older"))]
        yield from people(random, cohort, [number], today=clock.today())


class Reachable(Answers):
    """Somebody who may be written to: in life most people, in the demo on purpose the fewest."""

    def _ct1(self) -> list[str]:
        return ["text", "letter"]

    def _ct2(self) -> str:
        return "fine"


class Life:
    def __init__(self, random: Random, person: Person, staff: Staff, *, settled: bool) -> None:
        self.random, self.person, self.staff, self.by = random, person, staff, staff.ash
        self.answers = Reachable if random.random() < 0.8 else Answers
        self.last = ENDED if settled else UNDER_WAY
        self.again = SPAN - (150 if settled else random.randint(3, 40))
        self.start = clock.today() - timedelta(days=SPAN)

    def tell(self, referred: int) -> bool:
        """Whether all of it came to be: not everybody has a need for which there is an offer."""
        with clock.at(self._hour(self.start)):
            self.service_user = self._add()
        first = self._screen(5, better=0.0)
        self._refer(first, ENDED if referred > 1 else self.last) if first else None
        second = self._screen(self.again, better=0.5)
        if second and referred > 1:
            self._refer(second, self.last)
        self._write()
        self._settle()
        return (
            bool(first and second)
            and self._number_of(Referral) == referred
            and self._number_of(Reminder) == REMINDERS
        )

    @property
    def is_settled(self) -> bool:
        return not (
            self.service_user.referrals.open().exists()
            or self.service_user.follow_ups.open().exists()
            or Reminder.objects.owed().filter(service_user=self.service_user).exists()
        )

    def _number_of(self, model: type[Referral | Reminder]) -> int:
        return model.objects.filter(service_user=self.service_user).count()

    def _hour(self, day: date) -> datetime:
        return at_london(working_day_from(day), time(self.random.randint(9, 15), self.random.randrange(60)))

    def _add(self) -> ServiceUser:
        known = self.person
        return people_actions.add(
            by=self.by,
            not_the_same_as=set(ServiceUser.objects.values_list("pk", flat=True)),
            name=known.name,
            preferred_name=known.preferred_name,
            date_of_birth=known.born.isoformat(),
            nhs_number=known.nhs_number,
            phone=known.phone,
            address=f"{self.random.randint(1, 90)} Example Road\nLondon",
            postcode=known.postcode,
        )

    def _screen(self, day: int, better: float) -> Screening | None:
        moment, asked = self._hour(self.start + timedelta(days=day)), questionnaire.the_screening()
        answers = self.answers(self.random, self.person, better).of(asked)
        with clock.at(moment):
            made = screenings.record(
                service_user=self.service_user, answers=answers, by=self.by, asked=asked, submit=True
            )
        with clock.at(moment + timedelta(minutes=9)):
            self._decide(made)
            screenings.record_consent(screening=made, choice="yes", how="spoken", by=self.by)
        return made if made.status == Screening.Status.SUBMITTED else None

    def _decide(self, screening: Screening) -> None:
        for suggestion in (screening.result or {})["suggestions"]:
            decision = self.random.choices(
                (Need.Decision.AGREED, Need.Decision.NOT_NOW, Need.Decision.DECLINED), (85, 9, 6)
            )[0]
            if suggestion["when"] != "now" or suggestion["clinician_choice"]:
                continue
            reason = "Has help from family already" if decision == Need.Decision.DECLINED else ""
            screenings.decide(
                screening=screening, rule=suggestion["rule"], decision=decision, reason=reason, by=self.by
            )

    def _refer(self, screening: Screening, told: list) -> None:
        """For the first agreed need that an offer is found for."""
        moment = (screening.submitted_at or clock.now()) + timedelta(minutes=15)
        for suggestion in (screening.result or {})["suggestions"]:
            agreed = screening.needs.filter(code__in=suggestion["needs"], decision=Need.Decision.AGREED)
            if suggestion["type"] != "offer" or suggestion["when"] != "now" or not agreed:
                continue
            with clock.at(moment):
                matches = fit(agreed[0]).matches
                if not matches.recommended:
                    continue
                offer = SupportOffer.objects.select_related("provider", "team").get(
                    pk=self.random.choice(matches.recommended[:3]).offer.id
                )
                made = self._made(offer, list(agreed), suggestion["support"])
            if made:
                self._telling(made, offer, moment).tell(self.random.choice(told))
                return

    def _made(self, offer: SupportOffer, needs: list[Need], kind: str) -> Referral | None:
        plan = people_actions.plan_of(self.service_user)
        try:
            return referrals.refer(
                service_user=self.service_user, offer=offer, needs=needs, kind=kind, by=self.by,
                preferred_channel=plan.preferred or THROUGH_US, fallback_channel=plan.fallback or THROUGH_US,
                adjustments=(),
            )  # fmt: skip
        except NotPossibleNow:
            return None

    def _telling(self, referral: Referral, offer: SupportOffer, moment: datetime) -> Telling:
        workers: dict[object, Membership] = {one.team_id: one for one in (self.staff.bo, self.staff.wes)}
        return Telling(self.random, referral, clinician=self.by, worker=workers.get(offer.team_id), moment=moment)

    def _write(self) -> None:
        """Messages about a review until there are REMINDERS in all, on days of their own and dealt with at once;
        the last to somebody with something under way is still to go."""
        there, allowed = self._number_of(Reminder), people_actions.plan_of(self.service_user).allowed
        ways = sorted(allowed & {"text", "letter"}) or ["text"]
        for number in range(there, REMINDERS):
            to_come = self.again > SPAN - 50 and number == REMINDERS - 1
            day = SPAN + self.random.randint(1, 30) if to_come else 20 + 21 * number
            moment = self._hour(self.start + timedelta(days=day))
            with clock.at(min(moment, clock.now())):
                reminders.queue(
                    dedupe_key=f"told:{self.service_user.pk}:{number}",
                    template="review_due",
                    channel=self.random.choice(ways),
                    due_at=moment,
                    service_user=self.service_user,
                )
                sending.send_due(limit=10, drivers=lambda channel: Outbox())
                receipts.collect(drivers=lambda channel: Outbox())

    def _settle(self) -> None:
        """Whoever owes the person something does it the week after; what a step would settle stays."""
        owed = FollowUp.objects.open().filter(service_user=self.service_user).select_related("team")
        for follow_up in owed:
            by = next(one for one in vars(self.staff).values() if one.team_id == follow_up.team_id)
            result = next(code for code in results_of(follow_up.kind) if code not in NEEDS_WORDS)
            due = max(at_london(follow_up.due_on, time(11)), follow_up.opened_at + timedelta(hours=1))
            try:
                with clock.at(min(due, clock.now())):
                    referrals.complete_follow_up(follow_up=follow_up, result=result, by=by)
            except (NotPossibleNow, NotAllowed, InvalidInput):
                continue
