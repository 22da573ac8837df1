"""What is looked at before two records are joined, and before they come apart again."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts.wording import gettext_lazy
from inclusion.merging import actions
from people import facts, moving, same_person
from people import merging as people
from people.consent_page import Said, said_by
from people.contact_plan import describe
from people.forms import PersonForm
from people.lines import Line, lines
from people.models import ContactPlan, Merge, ServiceUser
from referrals import merging as referrals
from referrals.models import Referral
from screening import merging as screening
from screening.models import Screening

FIRST, SECOND = "first", "second"
WHICH = {FIRST: gettext_lazy("First record"), SECOND: gettext_lazy("Second record")}

LABELS = {
    "screening.Screening": gettext_lazy("Screenings"),
    "screening.Need": gettext_lazy("Needs"),
    "referrals.Referral": gettext_lazy("Referrals, with all that happened in them"),
    "referrals.FollowUp": gettext_lazy("Things that are owed to the person"),
    "referrals.Reminder": gettext_lazy("Messages"),
    "referrals.Incident": gettext_lazy("What went wrong"),
    "referrals.GivenPlan": gettext_lazy("Plans that were given on paper"),
    "people.Consent": gettext_lazy("What the person said about sharing"),
}


@dataclass(frozen=True)
class Side:
    """One of the two records, as much of it as tells whether it is the same person."""

    which: str
    title: str
    line: Line
    screening: Screening | None
    referrals: list[Referral]
    contact: list[str]
    consents: list[Said]

    @property
    def person(self) -> ServiceUser:
        return self.line.person


@dataclass(frozen=True)
class Comparison:
    sides: list[Side]
    obstacles: list[str]
    drafts: list[Screening]
    contact: list[str]
    """The contact plan that both will have, in sentences."""
    never_asked: bool
    """One of the records has no contact plan, and so the other's is worth nothing until somebody asks."""
    needs: list[str]
    """Titles of the needs that are open on both."""
    unshared: list[Referral]


def compare(first: ServiceUser, second: ServiceUser) -> Comparison:
    plans = ContactPlan.objects.current_of([first, second])
    plan = people.plan_of_both(plans.get(first.pk), plans.get(second.pk))
    return Comparison(
        sides=[_side(which, line) for which, line in zip(WHICH, lines([first, second]), strict=True)],
        obstacles=actions.why_not(first, second),
        drafts=screening.drafts_of_both(first, second),
        contact=describe(plan),
        never_asked=len(plans) == 1,
        needs=screening.open_twice(first, second),
        unshared=referrals.no_longer_shared(first, second),
    )


def _side(which: str, line: Line) -> Side:
    person = line.person
    return Side(
        which=which,
        title=str(WHICH[which]),
        line=line,
        screening=person.screenings.submitted().order_by("-submitted_at", "-id").first(),
        referrals=list(person.referrals.open().select_related("offer", "provider").order_by("-id")),
        contact=describe(line.plan),
        consents=said_by(person),
    )


def differences(first: ServiceUser, second: ServiceUser) -> list[same_person.Difference]:
    """The first record is proposed, unless only the second says something."""
    return same_person.differences(people.facts_of(first), people.facts_of(second))


def in_words(values: dict[str, Any]) -> str:
    """The facts of one group, as somebody would type them."""
    typed = facts.as_typed({name: value for name, value in values.items() if name != "no_fixed_address"})
    said = [_("No fixed address")] if values.get("no_fixed_address") else []
    if care_of := typed.pop("care_of", ""):
        typed["care_of"] = _("care of %(name)s") % {"name": care_of}
    return ", ".join([*said, *(" ".join(str(value).split()) for value in typed.values() if value)])


@dataclass(frozen=True)
class Counted:
    label: str
    count: int


@dataclass(frozen=True)
class GoesBack:
    rows: list[Counted]
    facts: list[str]
    """Labels of the facts that go back."""
    look_at: list[Referral]
    """Made since, for needs that go back: a person must see whose they are."""


def goes_back(row: Merge) -> GoesBack:
    moves = moving.from_json(row.moved)
    since = Referral.objects.filter(service_user=row.kept_id, created_at__gt=row.made_at)
    not_theirs = since.exclude(pk__in=_ids(moves, "referrals.Referral"))
    look_at = not_theirs.filter(needs__pk__in=_ids(moves, "screening.Need")).distinct()
    labels = {name: str(field.label) for name, field in PersonForm.base_fields.items()}
    return GoesBack(
        rows=[Counted(str(LABELS[label]), n) for label, n in moving.count(moves).items() if label in LABELS],
        facts=[labels[name] for name in people.facts_that_go_back(row) if name in labels],
        look_at=list(look_at.select_related("offer")),
    )


def _ids(moves: Iterable[moving.Move], label: str) -> list[str]:
    return [pk for move in moves if move.rows == label for pk in move.ids]
