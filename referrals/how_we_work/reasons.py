"""An organisation's own list of reasons: one is added, changed, retired and brought back, and never deleted."""

import re
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.db import transaction

from accounts.access import check
from accounts.errors import InvalidInput
from accounts.models import Membership, Organisation
from accounts.permissions import Permission
from accounts.wording import gettext_lazy as _
from referrals.coded import USUAL, reasons_of
from referrals.how_we_work import recording
from referrals.models import ReasonCode, SettingChange
from referrals.reasons import NextAction, Reason, offered

AREA = SettingChange.Area.REASONS
Done = SettingChange.Done
Step = ReasonCode.Step
MOST_PARK_DAYS = 365
LONGEST = {"label": 100, "ask": 120}
ONE_LEFT = _("At least one reason has to stay on the list.")


@dataclass(frozen=True)
class Wanted:
    """A reason as an admin wants it. `ask` empty with `needs_words`: the usual question."""

    label: str
    needs_words: bool = False
    ask: str = ""
    next_action: str = ""
    park_days: int | None = None
    silent: bool = False
    hidden: bool = False


def usual(step: str) -> dict[str, Reason]:
    return {reason.code: reason for reason in USUAL[step][1]}


def is_silent(step: str, code: str) -> bool:
    """Whether nothing is sent after it. No organisation chooses that: who was told "sent" is told the end."""
    return code in usual(step) and usual(step)[code].silent


def wanted_from(reason: Reason) -> Wanted:
    return Wanted(
        label=str(reason.label),
        needs_words=reason.needs_words,
        ask=str(reason.ask),
        next_action=reason.next_action or "",
        park_days=reason.park_days or None,
        silent=reason.silent,
        hidden=reason.hidden,
    )


def version_of(organisation: Organisation, step: str, code: str) -> int:
    return recording.version_of(organisation, AREA, _what(step, code))


def versions_of(organisation: Organisation) -> dict[tuple[str, str], int]:
    """(step, code) → how often it was changed; what is not there never was."""
    newest = recording.versions_of(organisation, AREA)
    return {
        (step, code): number for what, number in newest.items() for step, _colon, code in [what.partition(":")]
    }


def _what(step: str, code: str) -> str:
    return f"{step}:{code}"


@transaction.atomic
def add(*, by: Membership, step: str, wanted: Wanted) -> str:
    """The new code, made from the label. InvalidInput beside the field for what is missing or wrong."""
    check(by, Permission.SET_UP_ORGANISATION)
    listed = reasons_of(by.organisation, step)
    tidy = _checked(step, wanted, listed, code="")
    code = _code(tidy.label, set(listed))
    _record(by, step, code, 0, Done.ADDED, None, tidy)
    ReasonCode.objects.create(organisation=by.organisation, step=step, code=code, **asdict(tidy))
    return code


@transaction.atomic
def change(*, by: Membership, step: str, code: str, wanted: Wanted, seen: int) -> None:
    """Old records show the new label, and keep what was written with them. Errors as `add`; AlreadyChanged where
    `seen` is not the newest."""
    check(by, Permission.SET_UP_ORGANISATION)
    listed = reasons_of(by.organisation, step)
    before, tidy = wanted_from(listed[code]), _checked(step, wanted, listed, code=code)
    _record(by, step, code, seen, _done(before, tidy), before, tidy)
    ReasonCode.objects.update_or_create(organisation=by.organisation, step=step, code=code, defaults=asdict(tidy))


def _done(before: Wanted, after: Wanted) -> str:
    if before.hidden == after.hidden:
        return Done.CHANGED
    return Done.RETIRED if after.hidden else Done.BROUGHT_BACK


def _record(
    by: Membership, step: str, code: str, seen: int, done: str, before: Wanted | None, after: Wanted
) -> None:
    old, new = asdict(before) if before else {}, asdict(after)
    differing = [name for name in new if old.get(name) != new[name]]
    recording.record(
        by=by,
        area=AREA,
        what=_what(step, code),
        seen=seen,
        done=done,
        before={name: old[name] for name in differing if name in old},
        after={name: new[name] for name in differing},
    )


def _code(label: str, taken: set[str]) -> str:
    """Letters, digits and _, at most 30; a number at the end where the words are taken or have no such letters."""
    stem = re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")[:26].strip("_") or "own"
    tries = (stem if number == 1 else f"{stem}_{number}" for number in range(1, len(taken) + 2))
    return next(code for code in tries if code not in taken)


def _checked(step: str, wanted: Wanted, listed: dict[str, Reason], *, code: str) -> Wanted:
    tidy = _fitting(wanted)
    others = [reason for reason in listed.values() if reason.code != code]
    wrong: dict[str, Any] = {**_wrong_words(tidy, others), **_wrong_choices(step, tidy)}
    if tidy.hidden and not offered(others):
        wrong["hidden"] = ONE_LEFT
    if tidy.silent and not is_silent(step, code):
        wrong["silent"] = _("Only after “The person died” is nothing sent. After others the person is told.")
    if wrong:
        raise InvalidInput.in_fields(wrong)
    return replace(tidy, silent=is_silent(step, code))


def _fitting(wanted: Wanted) -> Wanted:
    """Spaces tidied, and no question kept that is not asked."""
    return replace(
        wanted,
        label=" ".join(wanted.label.split()),
        ask=" ".join(wanted.ask.split()) if wanted.needs_words else "",
    )


def _wrong_words(wanted: Wanted, others: list[Reason]) -> dict[str, Any]:
    wrong: dict[str, Any] = {}
    if not wanted.label:
        wrong["label"] = _("Enter the reason, in a few words.")
    elif any(str(reason.label).casefold() == wanted.label.casefold() for reason in others):
        wrong["label"] = _("This reason is on the list already.")
    for name, longest in LONGEST.items():
        if len(getattr(wanted, name)) > longest:
            wrong[name] = _("Use %(number)s characters or fewer.") % {"number": longest}
    return wrong


def _wrong_choices(step: str, wanted: Wanted) -> dict[str, Any]:
    wrong: dict[str, Any] = {}
    is_decline = step == Step.DECLINE
    if is_decline and wanted.next_action not in set(NextAction):
        wrong["next_action"] = _("Choose what happens next: a person who is declined is never left with nothing.")
    if not is_decline and wanted.next_action:
        wrong["next_action"] = _("Only a reason to decline says what happens next.")
    if wanted.park_days is not None and not 0 <= wanted.park_days <= MOST_PARK_DAYS:
        wrong["park_days"] = _("Enter a number of days from 0 to %(most)s.") % {"most": MOST_PARK_DAYS}
    if not is_decline and wanted.park_days:
        wrong["park_days"] = _("Only a reason to decline says when to ask again.")
    return wrong
