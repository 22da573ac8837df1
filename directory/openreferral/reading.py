"""Reads a feed's record of a service into this house's own terms, tolerantly, with every oddity reported.

Pure. `read` gives the values, or None for a record that cannot be listed; the quirks say why.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from html.parser import HTMLParser
from typing import Any, NamedTuple
from uuid import UUID

from accounts.errors import InvalidInput
from directory.openreferral import formats, schedules, terms
from directory.openreferral.cleaning import NOTHING, Cleaner, Object, TooDeep, storable
from directory.openreferral.quirks import Quirks
from directory.openreferral.values import PlaceValues, ProviderValues, ServiceValues
from people.identifiers import postcode as uk_postcode

LONGEST = {"name": 200, "cost": 100, "schedule": 200, "place": 200, "area": 100}
DOWN = ("inactive", "defunct", "temporarily closed")
FREE = re.compile(r"\b(?:free|no (?:charge|cost))\b", re.IGNORECASE)
NOT_SO = re.compile(r"\b(?:no|not|non|without|limited|partial(?:ly)?|unable|isn't|isn’t|un\w+)\b", re.IGNORECASE)
STEP_FREE = re.compile(r"\b(?:step[- ]free|wheelchairs?|level access|ramp(?:s|ed)?)\b", re.IGNORECASE)
HEARING = re.compile(r"\b(?:(?:hearing|induction) loops?|BSL|sign language)\b", re.IGNORECASE)
SIGHT = re.compile(r"\b(?:braille|large print|audio description|screen readers?)\b", re.IGNORECASE)
AT_A_DISTANCE = re.compile(r"\b(?:online|virtual(?:ly)?|remote(?:ly)?|video|tele(?:phone)|phone)\b", re.IGNORECASE)


class Service(NamedTuple):
    """`received` is the record as it came, less what no database keeps; `record` the same in clean form."""

    external_id: str
    received: Object
    record: Object
    values: ServiceValues


def identity(raw: Any) -> str:
    """The service's id as its feed writes it, storable; "" where there is none."""
    given = raw.get("id") if isinstance(raw, dict) else None
    return storable(str(given))[0].strip()[:200] if isinstance(given, str | int) and given not in NOTHING else ""


def read(raw: Any, quirks: Quirks, namespace: UUID) -> Service | None:
    if not isinstance(raw, dict):
        quirks.add("$", "not_an_item", raw)
        return None
    try:
        received, odd = storable(raw)
    except TooDeep:
        quirks.add("$", "deep")
        return None
    if odd:
        quirks.add("$", "characters")
    record = clean_record(received, quirks, namespace)
    for field, code in (("name", "no_name"), ("organization", "no_organisation")):
        if field not in record:
            quirks.add(f"$.{field}", code)
            return None
    return Service(identity(received) or record["id"], received, record, values_of(record, quirks))


def clean_record(received: Object, quirks: Quirks, namespace: UUID) -> Object:
    """The record in the profile's own form, with what the service as a whole must have."""
    record = Cleaner(quirks, namespace).clean(received, "service")
    if "organization" in record and "name" not in record["organization"]:
        del record["organization"]
    if "status" not in record:
        unknown = received.get("status") not in NOTHING
        quirks.add("$.status", "unknown_status" if unknown else "no_status", received.get("status"))
        record["status"] = "inactive" if unknown else "active"
    low, high = record.get("minimum_age"), record.get("maximum_age")
    if low is not None and high is not None and low > high:
        quirks.add("$.minimum_age", "ages_out_of_order", f"{low}, {high}")
        del record["minimum_age"], record["maximum_age"]
    return record


def values_of(record: Object, quirks: Quirks) -> ServiceValues:
    kinds, yes = _terms(record, quirks)
    place, distant = _place(record, quirks)
    assured = record.get("assured_date")
    return ServiceValues(
        name=_cut(plain(record["name"]), "name", "$.name", quirks),
        description=plain(record.get("description", "")),
        active=record["status"] not in DOWN,
        kinds=tuple(kinds),
        serves=tuple(_areas(record)),
        remote=distant,
        languages=tuple(one["name"] for one in record.get("languages", []) if "name" in one),
        schedule=_cut(schedules.words(record.get("schedules", [])), "schedule", "$.schedules", quirks),
        times=schedules.times(record.get("schedules", [])),
        cost=_cut(_cost(record), "cost", "$.cost_options", quirks),
        min_age=_whole(record.get("minimum_age")),
        max_age=_whole(record.get("maximum_age")),
        low_income_only=True if "low_income_only" in yes else None,
        benefits_only=True if "benefits_only" in yes else None,
        contact_name=_cut(_contact_name(record), "name", "$.contacts", quirks),
        contact_phone=_first_number(service_phones(record), quirks),
        contact_email=record.get("email", ""),
        verified_on=date.fromisoformat(assured) if assured else None,
        provider=_provider(record, quirks),
        place=place,
    )


def _whole(age: float | None) -> int | None:
    return None if age is None or age > 150 else int(age)


def _cut(text: str, what: str, path: str, quirks: Quirks) -> str:
    if len(text) <= LONGEST[what]:
        return text
    quirks.add(path, "too_long", text)
    return f"{text[: LONGEST[what] - 1].rstrip()}…"


# --- Who, and what it is ---------------------------------------------------------------------------------


def _provider(record: Object, quirks: Quirks) -> ProviderValues:
    about = record["organization"]
    return ProviderValues(
        id=about["id"],
        name=_cut(plain(about["name"]), "name", "$.organization.name", quirks),
        description=plain(about["description"]),
        email=about.get("email", ""),
        website=about.get("website", ""),
        phone=_first_number(_phones_of("$.organization", about), quirks),
    )


def _contact_name(record: Object) -> str:
    return next((plain(one["name"]) for one in record.get("contacts", []) if "name" in one), "")


def service_phones(record: Object) -> Iterator[tuple[str, str]]:
    """The likeliest for asking about the service first."""
    for place, contact in enumerate(record.get("contacts", [])):
        yield from _phones_of(f"$.contacts[{place}]", contact)
    yield from _phones_of("$", record)
    for place, one in enumerate(record.get("service_at_locations", [])):
        yield from _phones_of(f"$.service_at_locations[{place}].location", one.get("location", {}))


def _phones_of(path: str, holder: Object) -> Iterator[tuple[str, str]]:
    """(JSON path, what stands there) of every phone."""
    for place, phone in enumerate(holder.get("phones", [])):
        yield f"{path}.phones[{place}].number", phone["number"]


def _first_number(phones: Iterable[tuple[str, str]], quirks: Quirks) -> str:
    """The first that can be rung."""
    for path, typed in phones:
        number, code = formats.phone_number(typed)
        if code:
            quirks.add(path, code, typed)
        if number:
            return number
    return ""


def _terms(record: Object, quirks: Quirks) -> tuple[list[str], set[str]]:
    """Kinds of support and eligibility from the service's own attributes."""
    found = []
    for place, one in enumerate(record.get("attributes", [])):
        term = one.get("taxonomy_term")
        if term and not terms.meaning(term):
            quirks.add(f"$.attributes[{place}].taxonomy_term", "unknown_term", term["name"])
        found += [term] if term else []
    kinds, yes = terms.sets(found)
    if not kinds:
        quirks.add("$.attributes", "no_kind")
    return kinds, yes


def _areas(record: Object) -> Iterable[str]:
    """Names of the areas served; an outline on the map is kept, and read by nobody here."""
    names = [area.get("name") or area.get("service_area") or "" for area in record.get("service_areas", [])]
    return dict.fromkeys(plain(name)[: LONGEST["area"]] for name in names if name)


def _cost(record: Object) -> str:
    """ "free" only where every option is; else words."""
    options = [_option(one) for one in record.get("cost_options", [])]
    options = [one for one in options if one]
    if options:
        return "free" if set(options) == {"free"} else "; ".join(options)
    fees = plain(record.get("fees", ""))
    return "free" if FREE.fullmatch(fees.strip(" .!")) else fees


def _option(one: Object) -> str:
    who, about, amount = (plain(str(one.get(name, ""))) for name in ("option", "amount_description", "amount"))
    if one.get("amount") == 0 or (not amount and FREE.fullmatch(who.strip(" .!"))):
        return "free"
    money = (
        f"£{amount}" if amount and one.get("currency", "GBP") == "GBP" else f"{one.get('currency', '')} {amount}"
    )
    first = " ".join(filter(None, [money.strip(), about]))
    return f"{first} ({who})" if first and who else first or who


# --- Where ------------------------------------------------------------------------------------------------


def _place(record: Object, quirks: Quirks) -> tuple[PlaceValues | None, bool]:
    """(the first place one can go to, whether it is also given at a distance)."""
    found = [one["location"] for one in record.get("service_at_locations", []) if "location" in one]
    real = [one for one in found if one["location_type"] == "physical"]
    if len(real) > 1:
        quirks.add("$.service_at_locations", "more_places", str(len(real)))
    ways = " ".join(one.get("attending_type", "") for one in record.get("schedules", []))
    distant = any(one["location_type"] == "virtual" for one in found) or bool(AT_A_DISTANCE.search(ways))
    if not real and not distant:
        quirks.add("$.service_at_locations", "no_place")
    return (_as_place(real[0], quirks) if real else None), distant


def _as_place(location: Object, quirks: Quirks) -> PlaceValues:
    path = "$.service_at_locations[0].location"
    address: Object = next(iter(location.get("addresses", [])), {})
    latitude, longitude = _coordinates(location, path, quirks)
    access = [
        f"{one.get('description', '')}. {one.get('details', '')}" for one in location.get("accessibility", [])
    ]
    street = [address.get(name, "") for name in ("address_1", "address_2", "city")]
    lines = list(dict.fromkeys(line for line in street if line))
    name = plain(location.get("name", "")) or ", ".join(lines) or str(location["id"])
    return PlaceValues(
        id=location["id"],
        name=_cut(name, "place", f"{path}.name", quirks),
        address="\n".join(lines),
        postcode=_postcode(address, path, quirks),
        latitude=latitude,
        longitude=longitude,
        step_free=_says(STEP_FREE, access),
        hearing_support=_says(HEARING, access),
        sight_support=_says(SIGHT, access),
    )


def _coordinates(location: Object, path: str, quirks: Quirks) -> tuple[float | None, float | None]:
    latitude, longitude = location.get("latitude"), location.get("longitude")
    if latitude is None or longitude is None:
        return None, None
    if abs(latitude) > 90 or abs(longitude) > 180 or (latitude, longitude) == (0, 0):
        quirks.add(f"{path}.latitude", "bad_coordinates", f"{latitude}, {longitude}")
        return None, None
    return float(latitude), float(longitude)


def _postcode(address: Object, path: str, quirks: Quirks) -> str:
    typed = address.get("postal_code", "")
    try:
        return uk_postcode(typed) if typed else ""
    except InvalidInput:
        quirks.add(f"{path}.addresses[0].postal_code", "bad_postcode", typed)
        return ""


def _says(words: re.Pattern[str], texts: Iterable[str]) -> bool | None:
    """True where a sentence says so and nothing against it; else not known: a wrong yes strands people."""
    sentences = [one for text in texts for one in re.split(r"[.;!?\n]+", plain(text)) if words.search(one)]
    return True if sentences and not any(NOT_SO.search(one) for one in sentences) else None


# --- Plain words -----------------------------------------------------------------------------------------


class _Plain(HTMLParser):
    BREAKS = frozenset({"p", "br", "li", "div", "ul", "ol", "h1", "h2", "h3", "h4", "tr"})
    UNREAD = frozenset({"script", "style"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.unread = ""

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.unread = tag if tag in self.UNREAD else self.unread
        self.parts.append("\n" if tag in self.BREAKS else "")

    def handle_endtag(self, tag: str) -> None:
        self.unread = "" if tag == self.unread else self.unread

    def handle_data(self, data: str) -> None:
        self.parts.append("" if self.unread else data)


def plain(text: str) -> str:
    """The words of a text that may hold markup; without any it is the text, less blanks around it."""
    if not formats.MARKUP.search(text):
        return text.strip()
    parser = _Plain()
    parser.feed(text)
    parser.close()
    return re.sub(r"\s*\n\s*", "\n", "".join(parser.parts)).strip()
