"""Fills an empty database with the demo: organisations, staff, a directory, people, and nine months of work.

Everything is made by the same actions that the pages use, with the clock moved to when it would have happened.
"""

from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from django.db import transaction

from accounts import clock
from accounts.models import Membership
from directory.actions import record_unmet_need
from directory.fitting import fit
from directory.models import SupportOffer
from inclusion.demo_fairness import fairness_answers
from inclusion.demo_names import UNUSUAL
from inclusion.demo_people import COHORTS, Answers, Person, nhs_numbers, people
from inclusion.demo_reviews import review_until
from inclusion.demo_staff import Staff, fill_directory, make_staff
from inclusion.demo_stories import STORIES
from inclusion.demo_telling import Telling, working_day_from
from people import actions as people_actions
from people.fairness import record_fairness
from people.london import at_london
from people.models import ServiceUser
from referrals import actions as referrals
from referrals.gathering import THROUGH_US
from referrals.models import Referral
from referrals.parking import parked
from referrals.prefill import agreed_adjustments
from referrals.waits import work_out_waits
from reports import counting, rebuilding
from reports.models import Restated
from screening import actions as screenings
from screening import questionnaire
from screening.models import Need, Screening

SEED = 20190109  # the day that the study was published
MONTHS = 9
WEIGHTS = [weight for weight, _ in STORIES]
TOLD = [tell for _, tell in STORIES]


SHARES = (
    ("ash", "psychosis", 30),
    ("ash", "mood", 20),
    ("fay", "rehab", 17),
    ("win", "older", 20),
    ("cam", "psychosis", 13),
)
"""(who screens them, which cohort, percent of all)."""


@transaction.atomic
def seed(how_many: int = 300) -> dict[str, int]:
    """How many of each were made."""
    random = Random(SEED)  # noqa: S311 - repeatable on purpose
    staff = make_staff()
    fill_directory(staff)
    numbers = nhs_numbers(random, how_many)
    random.shuffle(numbers)
    for who, code, percent in SHARES:
        size = round(how_many * percent / 100)
        mine, numbers = numbers[:size], numbers[size:]
        for person in people(random, COHORTS[code], mine, today=clock.today()):
            _life(random, person, getattr(staff, who), staff)
    _add_twice(staff.ash)
    work_out_waits()
    _count_everybody()
    return {
        "service users": ServiceUser.objects.count(),
        "screenings": Screening.objects.count(),
        "referrals": Referral.objects.count(),
        "support offers": SupportOffer.objects.count(),
    }


def _count_everybody() -> None:
    """Nobody saw the months before today, so none of them is told as changed since."""
    rebuilding.rebuild()
    while counting.count_marked():
        continue
    Restated.objects.all().delete()


# --- One person's nine months -----------------------------------------------------------------------------


def _working_hour(random: Random, day: date) -> datetime:
    """A moment of a working day's opening hours, on that day or the Monday after."""
    return at_london(working_day_from(day), time(random.randint(9, 15), random.randrange(60)))


def _life(random: Random, person: Person, clinician: Membership, staff: Staff) -> None:
    today = clock.today()
    joined = today - timedelta(days=random.randint(30, 900))
    with clock.at(_working_hour(random, joined)):
        service_user = _add(random, person, clinician)
        if said := fairness_answers(person, SEED):
            record_fairness(service_user=service_user, version=0, by=clinician, **said)
    fate = random.random()
    if fate < 0.14:
        return  # nobody has asked yet
    first = max(joined, today - timedelta(days=random.randint(3, MONTHS * 30)))
    screening = _screen(random, person, service_user, clinician, _working_hour(random, first))
    if screening is None:
        return
    _refer(random, screening, clinician, staff)
    again = _submitted(screening) + timedelta(days=random.randint(75, 105))
    asked_again = fate > 0.6 and again.date() < today
    review_until(person, screening, clinician, until=again.date() if asked_again else today, seed=SEED)
    if asked_again:
        moment = _working_hour(random, again.date())
        later = _screen(random, person, service_user, clinician, moment, better=random.choice((0.0, 0.5, 1.0)))
        if later:
            review_until(person, later, clinician, until=today, seed=SEED)


def _add(random: Random, person: Person, clinician: Membership) -> ServiceUser:
    unusual = ServiceUser.objects.filter(name__in=UNUSUAL).count()
    name = UNUSUAL[unusual] if unusual < len(UNUSUAL) and random.random() < 0.1 else person.name
    return people_actions.add(
        by=clinician,
        not_the_same_as=set(ServiceUser.objects.filter(team=clinician.team).values_list("pk", flat=True)),
        name=name,
        preferred_name=person.preferred_name,
        date_of_birth=person.born.isoformat(),
        nhs_number=person.nhs_number,
        phone=person.phone,
        address=f"{random.randint(1, 90)} Example Road\nLondon",
        postcode=person.postcode,
        interpreter_language=person.interpreter_language,
    )


def _add_twice(clinician: Membership) -> None:
    """Somebody whom a second desk added yesterday, misspelt and without a number: two records to join."""
    screened = ServiceUser.objects.filter(team=clinician.team, screenings__submitted_at__isnull=False)
    first = screened.exclude(name__in=UNUSUAL).order_by("pk").first()
    if first is None:
        return
    with clock.at(at_london(working_day_from(clock.today() - timedelta(days=4)), time(16, 40))):
        people_actions.add(
            by=clinician,
            not_the_same_as=set(ServiceUser.objects.filter(team=clinician.team).values_list("pk", flat=True)),
            name=f"{first.name[:-2]}{first.name[-1]}{first.name[-2]}",
            date_of_birth=first.date_of_birth,
            phone=first.phone,
            communication_needs="More time, and no forms to fill in alone",
            no_fixed_address=True,
            care_of="The front desk at Brook Lane",
        )


def _screen(
    random: Random,
    person: Person,
    service_user: ServiceUser,
    clinician: Membership,
    moment: datetime,
    better: float = 0.0,
) -> Screening | None:
    """A screening with its decisions and consent; None where it was left open or lies in the future."""
    if moment > clock.now():
        return None
    asked = questionnaire.the_screening()
    answers = Answers(random, person, better).of(asked)
    left_open = random.random() < 0.03
    with clock.at(moment):
        screening = screenings.record(
            service_user=service_user, answers=answers, by=clinician, asked=asked, submit=not left_open
        )
    if left_open:
        return None
    with clock.at(moment + timedelta(minutes=9)):
        _decide(random, screening, clinician)
        choice = random.choices(("yes", "ask_each", "no"), (80, 12, 8))[0]
        screenings.record_consent(screening=screening, choice=choice, how="spoken", by=clinician)
    return screening


def _decide(random: Random, screening: Screening, clinician: Membership) -> None:
    """Three in four are agreed to. What is held or for later, and half the adjustments, waits for another day."""
    for suggestion in _suggestions(screening):
        if suggestion["when"] != "now" or (suggestion["type"] == "adjustment" and random.random() < 0.5):
            continue
        decision = random.choices(
            (Need.Decision.AGREED, Need.Decision.NOT_NOW, Need.Decision.DECLINED), (75, 15, 10)
        )[0]
        reason = random.choice(REASONS) if decision == Need.Decision.DECLINED else ""
        if suggestion["clinician_choice"] and decision == Need.Decision.AGREED:
            rule = suggestion["rule"]
            screenings.choose_rule(screening=screening, rule=rule, chosen=rule, by=clinician)
        screenings.decide(
            screening=screening, rule=suggestion["rule"], decision=decision, reason=reason, by=clinician
        )


def _suggestions(screening: Screening) -> list[dict[str, Any]]:
    return (screening.result or {}).get("suggestions", [])


def _submitted(screening: Screening) -> datetime:
    if screening.submitted_at is None:
        raise ValueError("a draft was never submitted")
    return screening.submitted_at


REASONS = (
    "Has help from family already",
    "Tried it before and did not like it",
    "Wants to wait until the new flat is sorted",
    "Too much going on",
)


def _refer(random: Random, screening: Screening, clinician: Membership, staff: Staff) -> None:
    """One or two referrals for agreed offers, each told by one of the stories."""
    offers = [one for one in _suggestions(screening) if one["type"] == "offer" and one["when"] == "now"]
    for suggestion in offers[: random.choice((1, 1, 2))]:
        needs = list(screening.needs.filter(code__in=suggestion["needs"], decision=Need.Decision.AGREED))
        if needs:
            _refer_for(random, screening, needs, suggestion["support"], clinician, staff)


def _refer_for(
    random: Random, screening: Screening, needs: list[Need], kind: str, clinician: Membership, staff: Staff
) -> None:
    moment = _submitted(screening) + timedelta(minutes=15)
    with clock.at(moment):
        found = fit(needs[0])
        if not found.matches.recommended:
            _nothing_fits(needs[0], kind, found.nothing, clinician)
            return
        best = found.matches.recommended[: 3 if random.random() < 0.3 else 1]
        offer = SupportOffer.objects.select_related("provider", "team").get(pk=random.choice(best).offer.id)
        facts: dict[str, Any] = {
            "service_user": screening.service_user,
            "offer": offer,
            "needs": needs,
            "kind": kind,
        }
        person = screening.service_user
        if person.referrals.open().filter(offer=offer).exists() or parked(person, offer):
            return
        referral = referrals.refer(**facts, **_wishes(screening.service_user), by=clinician)
    worker = next((one for one in (staff.bo, staff.wes) if one.team_id == offer.team_id), None)
    Telling(random, referral, clinician=clinician, worker=worker, moment=moment).tell(
        random.choices(TOLD, WEIGHTS)[0]
    )


def _wishes(service_user: ServiceUser) -> dict[str, Any]:
    """What a clinician settles on the referral's page: where no way is known, the team passes news on."""
    plan = people_actions.plan_of(service_user)
    return {
        "preferred_channel": plan.preferred or THROUGH_US,
        "fallback_channel": plan.fallback or THROUGH_US,
        "adjustments": tuple(agreed_adjustments(service_user)),
    }


def _nothing_fits(need: Need, kind: str, reason: str | None, clinician: Membership) -> None:
    record_unmet_need(need=need, kind=kind, reason=reason or "not_wanted", by=clinician)
