"""Two records of one person, as facts: where they differ, what is proposed, and how long it can be undone.

Pure. Facts are as stored; nothing known is "", None or False.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.errors import InvalidInput
from accounts.wording import gettext_lazy as _

KEPT, OTHER, BOTH = "kept", "other", "both"

GROUPS: dict[str, tuple[str, ...]] = {
    "name": ("name",),
    "preferred_name": ("preferred_name",),
    "pronouns": ("pronouns",),
    "date_of_birth": ("date_of_birth",),
    "nhs_number": ("nhs_number",),
    "local_number": ("local_number",),
    "phone": ("phone",),
    "email": ("email",),
    "address": ("no_fixed_address", "address", "postcode", "care_of"),
    "interpreter_language": ("interpreter_language",),
    "communication_needs": ("communication_needs",),
}
"""Facts that are kept together: half of one address and half of another is nobody's."""

CAN_BE_JOINED = {"communication_needs"}
"""Words that add up: nothing that somebody needs is lost."""
LONGEST_NEEDS = 2000

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Difference:
    """One group of facts on which two records differ. `proposed`: kept, other or both."""

    group: str
    kept: dict[str, Any]
    other: dict[str, Any]
    proposed: str
    choices: tuple[str, ...]


def differences(kept: Facts, other: Facts) -> list[Difference]:
    """Where they do not say the same. The proposal never loses what only one of them knows."""
    found = [_difference(group, names, kept, other) for group, names in GROUPS.items()]
    return [one for one in found if one.kept != one.other]


def _difference(group: str, names: tuple[str, ...], kept: Facts, other: Facts) -> Difference:
    ours, theirs = ({name: facts[name] for name in names} for facts in (kept, other))
    joined = group in CAN_BE_JOINED and any(ours.values()) and any(theirs.values())
    choices = (KEPT, OTHER, BOTH) if joined and len(_joined(ours, theirs)) <= LONGEST_NEEDS else (KEPT, OTHER)
    proposed = BOTH if BOTH in choices else KEPT if any(ours.values()) else OTHER
    return Difference(group, ours, theirs, proposed, choices)


def _joined(ours: Facts, theirs: Facts) -> str:
    return "\n".join(dict.fromkeys([*ours.values(), *theirs.values()]))


def chosen(kept: Facts, other: Facts, choices: Mapping[str, str]) -> dict[str, Any]:
    """The facts of the kept record that change: as chosen, and as proposed where nobody chose."""
    changed: dict[str, Any] = {}
    for one in differences(kept, other):
        choice = choices.get(one.group, one.proposed)
        if choice not in one.choices:
            raise InvalidInput(_("Choose one of the two."), fields={one.group: _("Choose one of the two.")})
        if choice == OTHER:
            changed |= one.other
        elif choice == BOTH:
            changed[one.group] = _joined(one.kept, one.other)
    return {name: value for name, value in changed.items() if value != kept[name]}


def why_not_undone(*, until: datetime, now: datetime, moved_on: bool, is_last: bool) -> str:
    """The sentence that refuses an undo; "" where there is none.

    `moved_on`: the kept record was itself joined to another since. `is_last`: no later one was joined to it.
    """
    if now > until:
        return _("More than 30 days have passed, so this can no longer be undone. Add the other person again.")
    if moved_on:
        return _("This record was itself joined to another one since. Undo that first.")
    if not is_last:
        return _("Another record was joined to this one since. Undo that first: the last one goes back first.")
    return ""
