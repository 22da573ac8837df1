"""A listing's history as people read it: what changed, from what to what, who and when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Membership
from directory import opening
from directory.editing_forms import OfferForm
from directory.kinds import TITLES
from directory.models import OfferChange, SupportOffer
from directory.terms import FORMATS

SHOWN = 50
CODES: Mapping[str, Mapping[str, Any]] = {
    "kinds": TITLES,
    "formats": FORMATS,
    "capacity": dict(SupportOffer.Capacity.choices),
}


@dataclass(frozen=True)
class Change:
    what: str
    at: datetime
    who: str
    fields: list[tuple[Any, str, str]]
    """Label, before, after."""


def history(offer: SupportOffer, viewer: Membership) -> list[Change]:
    """Newest first. A provider's staff are named to their own organisation, and to others by where they work."""
    rows = offer.changes.select_related("by__user", "by__team__organisation")[:SHOWN]
    return [Change(row.get_what_display(), row.at, _who(row, viewer), _fields(row)) for row in rows]


def _who(row: OfferChange, viewer: Membership) -> str:
    if row.by is None:
        return "" if row.source == SupportOffer.Source.OWN else row.get_source_display()
    return str(row.by.user if row.by.organisation_id == viewer.organisation_id else row.by.organisation)


def _fields(row: OfferChange) -> list[tuple[Any, str, str]]:
    return [
        (_label(name), in_words(name, before), in_words(name, after))
        for name, (before, after) in sorted(row.fields.items())
    ]


def _label(name: str) -> Any:
    return OfferForm.base_fields[name].label


def in_words(name: str, value: Any) -> str:
    if value in (None, "", []):
        return _("not recorded")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name == "times":
        return opening.in_words(value)
    if name in CODES:
        codes = value if isinstance(value, list) else [value]
        return ", ".join(str(CODES[name].get(code, code)) for code in codes)
    return ", ".join(value) if isinstance(value, list) else str(value)
