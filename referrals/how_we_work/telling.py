"""The history of what was set, in the words of the pages: what, from what to what, who and when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.wording import gettext_lazy as _
from referrals.coded import reasons_of
from referrals.followup import Clock
from referrals.how_we_work.clocks import CLOCKS
from referrals.messages import TEMPLATES
from referrals.models import MessageWords, ReasonCode, SettingChange
from referrals.reasons import NextAction, Reason

STEP_TITLES: dict[str, str] = {
    ReasonCode.Step.DECLINE: _("Reasons to decline"),
    ReasonCode.Step.CANCEL: _("Reasons to cancel"),
    ReasonCode.Step.REOPEN: _("Reasons to reopen"),
}
FIELDS: dict[str, str] = {
    "label": _("The reason"),
    "needs_words": _("Asks for words"),
    "ask": _("The question"),
    "next_action": _("What happens next"),
    "park_days": _("Days before the provider is asked again"),
    "silent": _("Nothing is sent to the person"),
    "hidden": _("Retired"),
    "body": _("The words"),
}


@dataclass(frozen=True)
class Told:
    what: str
    done: str
    at: datetime
    who: str
    fields: list[tuple[str, str, str]]
    """Label, before, after."""


Lists = dict[str, dict[str, Reason]]


def told(rows: Iterable[SettingChange]) -> list[Told]:
    """Of one organisation; each of its lists of reasons is read once."""
    lists: Lists = {}
    return [
        Told(_what(row, lists), row.get_done_display(), row.at, str(row.by.user), _fields(row)) for row in rows
    ]


def _what(row: SettingChange, lists: Lists) -> str:
    if row.area == SettingChange.Area.REASONS:
        step, _colon, code = row.what.partition(":")
        if step not in lists:
            lists[step] = reasons_of(row.organisation, step)
        return str(lists[step][code].label) if code in lists[step] else code
    if row.area == SettingChange.Area.MESSAGES:
        template, _dot, channel = row.what.partition(".")
        return f"{MessageWords.Channel(channel).label}: {TEMPLATES.get(template, template)}"
    return ""


def _fields(row: SettingChange) -> list[tuple[str, str, str]]:
    return [
        (_label(name), _in_words(name, row.before.get(name)), _in_words(name, after))
        for name, after in row.after.items()
    ]


def _label(name: str) -> str:
    return CLOCKS[Clock(name)].title if name in CLOCKS else FIELDS.get(name, name)


def _in_words(name: str, value: Any) -> str:
    if value in (None, ""):
        return str(_("nothing"))
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if name == "next_action":
        return str(NextAction(value).sentence)
    return str(value)
