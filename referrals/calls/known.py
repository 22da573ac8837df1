"""What a hat may know of the people on its call list: a name always, a number only while it may be rung."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from accounts import clock
from accounts.models import Membership
from accounts.permissions import Permission
from accounts.wording import gettext_lazy as _
from people.consenting import in_force
from people.contact_plan import Channel, Plan, describe
from people.identifiers import format_phone
from people.models import Consent, ContactPlan, ServiceUser
from people.safe_contact import Verdict
from referrals.calls import slots
from referrals.deaths import dead_of
from referrals.doubts import not_to_be_rung
from referrals.models import Referral
from referrals.sharing import NOTHING_TO_DO_FOR_PROVIDER

UNSHARED = Verdict(
    "unshared",
    _("The person does not want details shared with you any more. Do not ring: ask the team that referred."),
)
NO_NUMBER = Verdict("no_number", _("No phone number is recorded."))

IN_DOUBT = Verdict("number_in_doubt", _("Check the number first: it did not reach them."))
DIED = Verdict("died", _("They have died. Do not ring."))


@dataclass(frozen=True)
class Known:
    """`own`: the hat sees the person's own record. `verdict`: may they be rung at this moment, or why not."""

    person: ServiceUser
    name: str
    called: str
    own: bool
    plan: Plan
    verdict: Verdict

    @property
    def number(self) -> str:
        """Nobody can ring by mistake a number that is not there."""
        return format_phone(self.person.phone) if self.verdict else ""

    @property
    def ever(self) -> bool:
        """Waiting helps: the person takes calls, though perhaps not now."""
        return bool(self.verdict) or self.verdict.reason == "outside_hours"

    @property
    def plan_words(self) -> list[str]:
        return [] if self.verdict.reason == UNSHARED.reason else describe(self.plan)

    @property
    def go_between(self) -> str:
        """Whom they trust, while they may be told things."""
        closed = self.verdict.reason in (UNSHARED.reason, "paused", DIED.reason)
        return self.plan.via_person if Channel.VIA in self.plan.open_channels and not closed else ""


def known(
    people: Iterable[ServiceUser], referrals: Mapping[UUID, list[Referral]], membership: Membership
) -> dict[UUID, Known]:
    """`referrals`: by the person's id, those that the hat can see and a call may be about."""
    people, now = list(people), clock.now()
    plans = ContactPlan.objects.current_of(people)
    own = _own(people, membership)
    said = _consents(people)
    dead, doubtful = dead_of(people), not_to_be_rung(people)
    found = {}
    for person in people:
        plan = plans[person.pk].plan if person.pk in plans else Plan.unknown()
        about = referrals.get(person.pk, [])
        is_own = person.pk in own
        shared = is_own or any(_shared(one, said.get(person.pk, []), membership) for one in about)
        found[person.pk] = Known(
            person=person,
            name=person.name if is_own else _shared_name(about, "name"),
            called=person.called if is_own else _shared_name(about, "preferred_name", "name"),
            own=is_own,
            plan=plan,
            verdict=_verdict(person, plan, now, dead, doubtful) if shared else UNSHARED,
        )
    return found


def _own(people: list[ServiceUser], membership: Membership) -> set[UUID]:
    if not membership.may(Permission.SEE_SERVICE_USERS):
        return set()
    seen = ServiceUser.objects.visible_to(membership).filter(pk__in=[person.pk for person in people])
    return set(seen.values_list("pk", flat=True))


def _consents(people: list[ServiceUser]) -> dict[UUID, list[Consent]]:
    found: dict[UUID, list[Consent]] = {}
    for row in Consent.objects.filter(service_user__in=people).order_by("given_at", "id"):
        found.setdefault(row.service_user_id, []).append(row)
    return found


def _shared(referral: Referral, said: list[Consent], membership: Membership) -> bool:
    """As referrals/sharing.py has it, for many people at once: a provider needs a part in it, and consent today.
    Who refers knows the person already."""
    if referral.provider_id != membership.organisation_id:
        return True
    if referral.status in NOTHING_TO_DO_FOR_PROVIDER:
        return False
    about = [one.statement for one in said if one.provider_id in (None, referral.provider_id)]
    return in_force(about, clock.today()) is not None


def _shared_name(referrals: list[Referral], *keys: str) -> str:
    names = (one.shared.get(key, "") for key in keys for one in referrals)
    return next(filter(None, names), "") or _("The person")


def _verdict(person: ServiceUser, plan: Plan, now: datetime, dead: set[UUID], doubtful: set[UUID]) -> Verdict:
    if person.pk in dead:
        return DIED
    verdict = slots.may_ring(plan, now, paused=person.paused_at is not None)
    if verdict and not person.phone:
        return NO_NUMBER
    return IN_DOUBT if verdict and person.pk in doubtful else verdict
