"""A spreadsheet applied to the directory: all of it or nothing, by the very actions that the pages use.

A trial does the same and takes it back, so that it can promise nothing that would not happen. Only cells that
differ from what an export would say now are read: what nobody touched cannot change.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts import audit, clock
from accounts.errors import InvalidInput, NotAllowed, NotPossibleNow, Refused
from accounts.models import Membership, Organisation
from directory import actions
from directory.models import Location, Sheet, SupportOffer
from directory.models.providers import kept_by
from directory.openreferral.formats import UUID
from directory.spreadsheet.columns import BY_FIELD, COLUMNS, OFFER_FIELDS
from directory.spreadsheet.files import Cells, Row, read, tidy

CSV = SupportOffer.Source.CSV
PLACE = ("place", "address", "postcode")


class Fault(NamedTuple):
    """What is wrong in one cell, in words; `column` is empty for what is wrong with the row as a whole."""

    line: int
    column: str
    words: str


class Change(NamedTuple):
    """A row that adds an offer or changes one."""

    line: int
    name: str
    is_new: bool


class Outcome(NamedTuple):
    same: int
    changes: list[Change]
    faults: list[Fault]

    @property
    def added(self) -> int:
        return sum(change.is_new for change in self.changes)

    @property
    def changed(self) -> int:
        return len(self.changes) - self.added


# --- Out ---------------------------------------------------------------------------------------------------------


def offers_of(by: Membership) -> "QuerySet[SupportOffer]":
    """The listings that `by` keeps: what can be taken away to be changed can be brought back."""
    mine = SupportOffer.objects.published().filter(provider__in=kept_by(by))
    return mine.select_related("provider__profile", "location")


def cells_of(offer: SupportOffer) -> Cells:
    profile, place = getattr(offer.provider, "profile", None), offer.location
    values = {field: getattr(offer, field) for field in {*OFFER_FIELDS, "id", "version", "verified_on"}}
    values |= {"provider": offer.provider.name, "provider_phone": profile.phone if profile else ""}
    values |= {name: getattr(place, name if name != "place" else "name") if place else "" for name in PLACE}
    return {column.field: tidy(column.write(values[column.field])) for column in COLUMNS}


# --- In ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def upload(*, content: bytes, file_name: str, by: Membership) -> Sheet:
    rows = [[row.line, row.cells] for row in read(content)]
    sheet = Sheet.objects.create(file_name=file_name[:200], rows=rows, uploaded_by=by)
    audit.record("upload_directory_sheet", by=by, subject=sheet, rows=len(rows))
    look_again(sheet, by=by)
    return sheet


def look_again(sheet: Sheet, *, by: Membership) -> None:
    """Tried out, and what came of it kept with the sheet until it is applied: who only looks writes nothing."""
    outcome = try_out(sheet, by=by)
    faults = [[fault.line, str(fault.column), str(fault.words)] for fault in outcome.faults]
    sheet.result = {"same": outcome.same, "changes": outcome.changes, "faults": faults}
    Sheet.objects.filter(pk=sheet.pk, applied_at=None).update(result=sheet.result)


def seen(sheet: Sheet) -> Outcome | None:
    """What came of it when it was last tried out; None for one that was applied."""
    kept = sheet.result
    if sheet.applied_at or "faults" not in kept:
        return None
    return Outcome(
        kept["same"], [Change(*one) for one in kept["changes"]], [Fault(*one) for one in kept["faults"]]
    )


def try_out(sheet: Sheet, *, by: Membership) -> Outcome:
    """What would happen."""
    with transaction.atomic():
        outcome = _go_through(sheet, by)
        transaction.set_rollback(True)
    return outcome


@transaction.atomic
def apply(sheet: Sheet, *, by: Membership) -> Outcome:
    """InvalidInput, and nothing done, if a single cell is wrong by now."""
    row = Sheet.objects.filter(pk=sheet.pk, applied_at=None)
    if not row.update(applied_at=clock.now(), rows=[]):
        raise NotPossibleNow(_("This spreadsheet has been applied already."))
    outcome = _go_through(sheet, by)
    if outcome.faults:
        raise InvalidInput(_("Something in the directory has changed since. Look at the rows again."))
    counts: dict[str, Any] = {"added": outcome.added, "changed": outcome.changed, "same": outcome.same}
    Sheet.objects.filter(pk=sheet.pk).update(result=counts)
    audit.record("apply_directory_sheet", by=by, subject=sheet, **counts)
    return outcome


def _go_through(sheet: Sheet, by: Membership) -> Outcome:
    found, changes, faults = set[str](), list[Change](), list[Fault]()
    for line, cells in sheet.rows:
        try:
            with transaction.atomic():
                change = _take(Row(line, cells), by, found)
        except Refused as refusal:
            faults += _faults(line, refusal)
        else:
            changes += [change] if change else []
    wrong = {fault.line for fault in faults}
    return Outcome(len(sheet.rows) - len(changes) - len(wrong), changes, faults)


def _faults(line: int, refusal: Refused) -> list[Fault]:
    titles = {**{field: column.title for field, column in BY_FIELD.items()}, "location": "Place"}
    found = [Fault(line, titles.get(field, ""), words) for field, words in refusal.fields.items()]
    return found or [Fault(line, "", refusal.message)]


def _refuse(field: str, words: str) -> InvalidInput:
    return InvalidInput(words, fields={field: words})


def _take(row: Row, by: Membership, seen: set[str]) -> Change | None:
    """None for a row that says what the directory says."""
    key = row.cells.get("id", "").lower()
    if not key:
        return Change(row.line, _add(row, by), is_new=True)
    if key in seen:
        raise _refuse("id", _("This offer is in the file twice."))
    seen.add(key)
    found = offers_of(by).filter(pk=key).first() if UUID.fullmatch(key) else None
    if found is None:
        raise _refuse("id", _("There is no offer with this id that you keep. Leave it empty to add one."))
    return Change(row.line, found.name, is_new=False) if _change(found, row, by) else None


def _read(cells: Cells, now: Cells) -> dict[str, Any]:
    """Values of the cells that differ from `now`; InvalidInput with a sentence for each that cannot be read."""
    values, wrong = {}, {}
    for field, cell in cells.items():
        if cell != now.get(field, ""):
            try:
                values[field] = BY_FIELD[field].read(cell)
            except ValueError as error:
                wrong[field] = str(error)
    if wrong:
        raise InvalidInput(" ".join(wrong.values()), fields=wrong)
    return values


def _change(offer: SupportOffer, row: Row, by: Membership) -> bool:
    now = cells_of(offer)
    values = _read({field: cell for field, cell in row.cells.items() if field not in ("id", "version")}, now)
    if not values:
        return False
    if row.cells.get("version") != str(offer.version):
        raise _refuse("version", _("Somebody has changed this offer since it was exported. Export it again."))
    for field in ("provider", "provider_phone"):
        if field in values:
            raise _refuse(field, _("This is changed on the provider’s own page, not in a row of an offer."))
    details = {field: value for field, value in values.items() if field in OFFER_FIELDS}
    if values.keys() & set(PLACE):
        details["location"] = _place(offer.provider, {**now, **row.cells}, by)
    changed = actions.edit_offer(offer=offer, version=offer.version, by=by, source=CSV, **details)
    return _confirm(offer, values.get("verified_on"), by) or changed


def _confirm(offer: SupportOffer, on: date | None, by: Membership) -> bool:
    """A later day is the provider's word, given to whoever fills the spreadsheet in."""
    if on is None or on == offer.verified_on:
        return False
    if on > clock.today() or (offer.verified_on and on < offer.verified_on):
        raise _refuse("verified_on", _("Give a day between the last time it was confirmed and today."))
    actions.confirm_offer(
        offer=offer, version=offer.version, capacity=offer.capacity, wait_days=offer.wait_days, by=by, on=on
    )
    return True


def _add(row: Row, by: Membership) -> str:
    """The new offer's name."""
    values = _read(row.cells, {})
    if not values.get("name"):
        raise _refuse("name", _("Give the offer a name."))
    on = values.get("verified_on")
    if on and on > clock.today():
        raise _refuse("verified_on", _("Give a day that is not still to come."))
    provider = _provider(values, by)
    details = {field: value for field, value in values.items() if field in OFFER_FIELDS}
    place = _place(provider, row.cells, by)
    teams = list(provider.teams.all()[:2])
    details |= {"location": place, "team": teams[0] if len(teams) == 1 else None, "verified_on": on}
    actions.publish_offer(provider=provider, by=by, source=CSV, **{"kinds": [], **details})
    return str(values["name"])


def _provider(values: Mapping[str, Any], by: Membership) -> Organisation:
    name = " ".join(values.get("provider", "").split())
    if not name:
        raise _refuse("provider", _("Say which provider gives it."))
    if known := kept_by(by).filter(name__iexact=name).first():
        return known
    if Organisation.objects.filter(name__iexact=name).exists():
        raise _refuse("provider", _("This provider keeps its own listings."))
    try:
        return actions.add_provider(name=name, phone=values.get("provider_phone", ""), by=by).organisation
    except NotAllowed as error:
        raise _refuse("provider", error.message) from error
    except InvalidInput as error:
        fields = {
            "provider_phone" if field == "phone" else "provider": words for field, words in error.fields.items()
        }
        raise InvalidInput(error.message, fields=fields) from error


def _place(provider: Organisation, cells: Cells, by: Membership) -> Location | None:
    """The provider's place of that name and postcode; a new one where it has none."""
    name, address, postcode = (cells.get(field, "") for field in PLACE)
    if not (name or address or postcode):
        return None
    if not name:
        raise _refuse("place", _("Give the place a name."))
    squeezed = "".join(postcode.split()).upper()
    known = [
        place
        for place in provider.locations.filter(name__iexact=name)
        if "".join(place.postcode.split()) == squeezed
    ]
    if not known:
        return actions.add_location(organisation=provider, postcode=postcode, name=name, address=address, by=by)
    if address and tidy(known[0].address) != address:
        return actions.edit_location(location=known[0], address=address, by=by)
    return known[0]
