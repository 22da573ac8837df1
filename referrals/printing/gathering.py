"""Looks up what a plan is made from, for one person or a whole clinic list in the same few queries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Prefetch

from accounts import clock
from people import contact_plan
from people.identifiers import format_nhs_number
from people.london import london_day
from people.models import ContactPlan, ServiceUser
from referrals import followup
from referrals.gathering import THROUGH_US
from referrals.lifecycle import OPEN, Status
from referrals.messages import first_name, names_of_service
from referrals.models import Appointment, FollowUp, Referral
from referrals.printing.holds import IsHeld, holds_in, reasons_against_messages
from referrals.printing.plan import Asked, Known, Meeting, Wanted, heard_by
from referrals.sharing import is_sensitive
from screening.last_said import goal_words_in, said_in
from screening.models import Need, Screening
from screening.questionnaire import screening_ids
from screening.sitting import definition_of
from screening.terms import HOW_TO_LEARN, OWN_GOAL, RuleType

RELATED = ("team", "organisation")
"""What the people handed in should bring with them."""

BEHIND = {Status.CLOSED, Status.WITHDRAWN, Status.CANCELLED, Status.DELIVERED}
"""The newest referral of a need stands so: whatever came of it, nobody is looking for it now."""


@dataclass
class Records:
    """What the database has of one person that a plan may need."""

    plan: contact_plan.Plan = field(default_factory=contact_plan.Plan.unknown)
    screenings: list[Screening] = field(default_factory=list)
    """The newest first."""
    needs: list[Need] = field(default_factory=list)
    carried: dict[UUID, UUID] = field(default_factory=dict)
    """Need → the need that a later screening, or a correction, carried it on with."""
    referrals: list[Referral] = field(default_factory=list)
    reviews: list[FollowUp] = field(default_factory=list)


def known_of(people: Sequence[ServiceUser]) -> dict[UUID, Known | None]:
    """Person → what is known; None where there is no finished screening, and so nothing to make a plan from."""
    found = records_of(people)
    return {person.pk: _known(person, found[person.pk]) for person in people}


def records_of(people: Sequence[ServiceUser]) -> dict[UUID, Records]:
    found = {person.pk: Records() for person in people}
    for plan in _newest_plans(people):
        found[plan.service_user_id].plan = plan.plan
    for screening in _screenings(people):
        found[screening.service_user_id].screenings.append(screening)
    for need in _needs(people):
        found[need.service_user_id].needs.append(need)
    for person, need, later in _carried(people):
        found[person].carried[need] = later
    for referral in _referrals(people):
        found[referral.service_user_id].referrals.append(referral)
    for review in _reviews(people):
        found[review.service_user_id].reviews.append(review)
    return found


def _newest_plans(people: Sequence[ServiceUser]) -> Iterable[Any]:
    return ContactPlan.objects.filter(service_user__in=people).order_by("number")


def _screenings(people: Sequence[ServiceUser]) -> Iterable[Any]:
    """The newest first."""
    return (
        Screening.objects.submitted()
        .filter(service_user__in=people)
        .order_by("-submitted_at", "-id")
        .defer("result")
    )


ONLY_ITS_DEFINITION = ("screening__responses", "screening__result")
"""Of a need's screening nothing else is looked at."""


def _needs(people: Sequence[ServiceUser]) -> Iterable[Any]:
    rows = Need.objects.open().filter(service_user__in=people).select_related("screening")
    return rows.defer(*ONLY_ITS_DEFINITION).order_by("id")


def _carried(people: Sequence[ServiceUser]) -> Iterable[Any]:
    rows = Need.objects.filter(service_user__in=people).exclude(carried_to=None)
    return rows.values_list("service_user", "pk", "carried_to")


def _referrals(people: Sequence[ServiceUser]) -> Iterable[Any]:
    """Oldest first; of a re-routed one only what it became counts."""
    booked = Appointment.objects.filter(status="booked").order_by("starts_at")
    rows = Referral.objects.counted().filter(service_user__in=people).exclude(status=Status.REROUTED)
    return (
        rows.select_related("provider", "referring_team__organisation", "named_worker__user")
        .prefetch_related(
            Prefetch("needs", Need.objects.select_related("screening").defer(*ONLY_ITS_DEFINITION)),
            Prefetch("appointments", booked),
        )
        .order_by("id")
    )


def _reviews(people: Sequence[ServiceUser]) -> Iterable[Any]:
    return FollowUp.objects.filter(service_user__in=people, kind=FollowUp.Kind.REVIEW).order_by("due_on")


# --- As values ----------------------------------------------------------------------------------------------


def _known(person: ServiceUser, records: Records) -> Known | None:
    if not records.screenings:
        return None
    said, is_held = _said(records.screenings), holds_in(records.screenings)
    team, organisation = person.team, person.organisation
    return Known(
        called=first_name(person),
        today=clock.today(),
        contact=records.plan,
        goal=goal_words_in(records.screenings),
        goals=said.get(OWN_GOAL, ()),
        learns=said.get(HOW_TO_LEARN, ()),
        wanted=tuple(_wanted(records, is_held)),
        asked=tuple(asked(one, is_held) for one in records.referrals if one.status in OPEN),
        phone=team.phone or organisation.phone,
        sender=organisation.sender_name,
        full_sender=f"{team}, {organisation}",
        service_names=service_names(person),
        never=numbers_of(person),
        review_on=_review_on(records.screenings, records.reviews),
        paused=person.paused_at is not None,
        against_messages=frozenset(reasons_against_messages(records.screenings)),
    )


def _review_on(screenings: Iterable[Screening], reviews: Iterable[FollowUp]) -> date | None:
    """The next review of the newest screening. A job opens them a little later: until then, the day that it will
    name."""
    screening = next((one for one in screenings if one.definition in screening_ids()), None)
    if screening is None:
        return None
    mine = tuple(f"screening:{version}:" for version in screening.versions)
    opened = [one for one in reviews if one.key.startswith(mine)]
    if opened:
        days = [one.due_on for one in opened if one.done_at is None]
    elif screening.submitted_at:
        screened_on = screening.on_paper_on or london_day(screening.submitted_at)
        days = [review.due_on for review in followup.reviews(screened_on)]
    else:
        days = []
    return min((day for day in days if day >= clock.today()), default=None)


def service_names(person: ServiceUser) -> tuple[str, ...]:
    return (settings.SERVICE_NAME, *names_of_service(person))


def numbers_of(person: ServiceUser) -> tuple[str, ...]:
    number = person.nhs_number or ""
    return (number, format_nhs_number(number) if number else "", person.local_number or "")


def _said(screenings: Iterable[Screening]) -> Mapping[str, tuple[str, ...]]:
    """By name, the ticks last given to the questions that a plan repeats; never to one that is marked as
    sensitive."""
    asked = [definition_of(screening) for screening in screenings]
    private = {item.name for definition in asked for item in definition.items if item.sensitive}
    names = {OWN_GOAL, HOW_TO_LEARN} - private
    return {name: tuple(ticks) for name, ticks in said_in(screenings, names).items()}


def _wanted(records: Records, is_held: IsHeld) -> Iterable[Wanted]:
    """Every rule that an open need fires, in the order of the rules."""
    newest = {_stands_as(need.pk, records): one for one in records.referrals for need in one.needs.all()}
    found = []
    for need in records.needs:
        definition = definition_of(need.screening)
        for place, rule in enumerate(definition.rules):
            if need.code in rule.needs:
                wanted = Wanted(
                    support=rule.support,
                    stage=rule.stage,
                    is_offer=rule.type == RuleType.OFFER,
                    agreed=need.decision == Need.Decision.AGREED,
                    sensitive=is_sensitive(need),
                    decided_on=london_day(need.decided_at) if need.decided_at else None,
                    settled=_is_behind(need, newest.get(need.pk)),
                    held=is_held(definition, rule),
                )
                found.append((place, wanted))
    return [wanted for _place, wanted in sorted(found, key=lambda pair: pair[0])]


def _stands_as(need: UUID, records: Records) -> UUID:
    """The need at the end of the line: what a referral settled stays so, whichever screening named it last."""
    while need in records.carried:
        need = records.carried[need]
    return need


def _is_behind(need: Need, newest: Referral | None) -> bool:
    """Agreed anew after that referral had ended, it is ahead of the person again."""
    if newest is None or newest.status not in BEHIND:
        return False
    return not (need.decided_at and newest.ended_at and need.decided_at > newest.ended_at)


def asked(referral: Referral, is_held: IsHeld) -> Asked:
    through_us = referral.preferred_channel == THROUGH_US
    return Asked(
        support=referral.kind,
        status=referral.status,
        id=str(referral.pk),
        sensitive=all(is_sensitive(need) for need in referral.needs.all()),
        worker="" if through_us else first_name_of_worker(referral),
        provider=referral.provider.name,
        ways=(referral.preferred_channel, referral.fallback_channel),
        due_on=referral.due_on,
        heard_by=heard_by(referral.status, referral.due_on, referral.referring_team.organisation.clocks),
        expected_on=referral.expected_on,
        meetings=tuple(Meeting(one.starts_at, one.where, one.bring) for one in referral.appointments.all()),
        held=_asks_what_is_held(referral, is_held),
    )


def _asks_what_is_held(referral: Referral, is_held: IsHeld) -> bool:
    return any(
        is_held(definition, rule)
        for need in referral.needs.all()
        for definition in [definition_of(need.screening)]
        for rule in definition.rules
        if need.code in rule.needs and rule.support == referral.kind
    )


def first_name_of_worker(referral: Referral) -> str:
    return next(iter(referral.named_worker.user.name.split()), "") if referral.named_worker else ""
