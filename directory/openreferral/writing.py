"""Writes an offer as Open Referral UK 3.0, strictly: nothing empty, every format right, and nobody named.

Pure. An offer from a feed goes out as its clean record came in, less what is not for everybody (`published`) and
except for the fields that were set here; one written here is built whole. What a referrer alone may know (who to
ring, how much room there is) is not in either.
"""

from collections.abc import Callable, Collection, Mapping
from itertools import islice
from typing import Any

from directory.openreferral import formats, reading, schedules, terms
from directory.openreferral.cleaning import NOTHING, Object
from directory.openreferral.profile import SHAPES
from directory.openreferral.values import PlaceValues, ProviderValues, ServiceValues
from directory.terms import FREE

NO_COUNTY = "Not recorded"
"""An address must name a town and a county; where this house has neither, it says so."""
SUMMARY = (
    "id name description url email status fees accreditations minimum_age maximum_age assured_date assurer_email "
    "alert last_modified organization"
).split()
SUMMARY_OF = {
    "organization": "id name description email website logo uri parent_organization_id".split(),
    "location": (
        "id location_type name description latitude longitude external_identifier external_identifier_type"
    ).split(),
}
PERSONAL = {"service": ("assurer_email",), "contact": ("name", "email")}
"""Fields by shape that name or reach a person."""

Values = ServiceValues


def service(
    offer_id: str, values: Values, *, modified: str, record: Object | None = None, ours: Collection[str] = ()
) -> Object:
    """The whole nested service. `record` is the clean record of a feed, `ours` its fields that were set here;
    without a record every field is ours. `modified` is RFC 3339 with its offset."""
    written = {**published(record or {}), "id": offer_id, "status": "active"}
    wanted = FIELDS.keys() if record is None else {*ours} & FIELDS.keys()
    for write in dict.fromkeys(FIELDS[name] for name in FIELDS if name in wanted):
        write(written, values, _maker(offer_id))
    if record is None or ours:
        written["last_modified"] = modified
    return _whole(written)


def published(record: Object, shape: str = "service") -> Object:
    """A copy of a clean record without what a feed's file may hold and its directory perhaps never showed: who the
    contacts and the assurer are, and fields that the profile does not know."""
    fields = SHAPES[shape].fields
    out: Object = {}
    for name, value in record.items():
        if name not in fields or name in PERSONAL.get(shape, ()):
            continue
        inner = fields[name]
        if inner.kind == "one":
            out[name] = published(value, inner.shape)
        elif inner.kind == "many":
            out[name] = [published(one, inner.shape) for one in value]
        else:
            out[name] = value
    return out


def _maker(offer_id: str) -> Callable[..., str]:
    return lambda *parts: terms.made_id("offer", offer_id, *parts)


def _whole(written: Object) -> Object:
    return {name: value for name, value in written.items() if value not in NOTHING}


def summary(full: Object) -> Object:
    """As the profile has it in lists: what there is one of."""
    return _only(full, SUMMARY, "organization")


def at_locations(full: Object) -> list[Object]:
    """Each place of the service on its own, with the service."""
    about = {name: value for name, value in full.items() if name != "service_at_locations"}
    return [{**one, "service": about} for one in full.get("service_at_locations", [])]


def at_location_summary(place: Object) -> Object:
    listed = _only(place, list(place), "location")
    return {**listed, "service": summary(place["service"])}


def _only(full: Object, names: list[str], inner: str) -> Object:
    kept = {name: full[name] for name in names if name in full}
    if inner in kept:
        kept[inner] = {name: kept[inner][name] for name in SUMMARY_OF[inner] if name in kept[inner]}
    return kept


def term_ids(full: Object) -> dict[str, Object]:
    """The taxonomy terms that the service itself carries, by id."""
    found = [one["taxonomy_term"] for one in full.get("attributes", []) if "taxonomy_term" in one]
    return {term["id"]: term for term in found}


# --- Field by field ------------------------------------------------------------------------------------------


def _name(written: Object, values: Values, make_id: Any) -> None:
    written["name"] = values.name


def _description(written: Object, values: Values, make_id: Any) -> None:
    written["description"] = values.description


def _ages(written: Object, values: Values, make_id: Any) -> None:
    for name, age in (("minimum_age", values.min_age), ("maximum_age", values.max_age)):
        written[name] = age


def _assured(written: Object, values: Values, make_id: Any) -> None:
    written["assured_date"] = values.verified_on.isoformat() if values.verified_on else None


def _schedules(written: Object, values: Values, make_id: Any) -> None:
    written["schedules"] = schedules.written(values.times, values.schedule, make_id)


def _areas(written: Object, values: Values, make_id: Any) -> None:
    written["service_areas"] = [{"id": make_id("area", name), "name": name} for name in values.serves]


def _languages(written: Object, values: Values, make_id: Any) -> None:
    written["languages"] = [{"id": make_id("language", name), "name": name} for name in values.languages]


def _cost(written: Object, values: Values, make_id: Any) -> None:
    written.pop("fees", None)
    if values.cost == FREE:
        written["cost_options"] = [{"id": make_id("cost"), "option": "Free", "amount": 0}]
    elif values.cost:
        written["cost_options"] = [{"id": make_id("cost"), "option": values.cost}]
    else:
        written.pop("cost_options", None)


def _kinds(written: Object, values: Values, make_id: Any) -> None:
    """The other directory's own terms stay beside ours; those that mean a kind no longer said go."""
    kept = []
    for one in written.get("attributes", []):
        said = terms.meaning(one.get("taxonomy_term", {}))
        if not said or said[0] != "kinds" or said[1] in values.kinds:
            kept.append(one)
    known = {(terms.meaning(one.get("taxonomy_term", {})) or ("", ""))[1] for one in kept}
    eligible = {"low income": values.low_income_only, "in receipt of benefits": values.benefits_only}
    written["attributes"] = [
        *kept,
        *(
            _attribute(terms.own_term(kind), "kind of support", make_id)
            for kind in values.kinds
            if kind not in known
        ),
        *(_attribute(_eligible(name), "eligibility", make_id) for name, only in eligible.items() if only),
    ]


def _attribute(term: Object, link_type: str, make_id: Any) -> Object:
    return {"id": make_id("attribute", term["id"]), "link_type": link_type, "taxonomy_term": term}


def _eligible(name: str) -> Object:
    words = f"For people {'on a ' if name == 'low income' else ''}{name}"
    return {"id": terms.made_id("eligible", name), "name": name.capitalize(), "description": words, "term": name}


def _contact_phone(written: Object, values: Values, make_id: Any) -> None:
    """The number that was changed or cleared here is said nowhere else in the record either."""
    in_contacts = [phone["number"] for one in written.get("contacts", []) for phone in one.get("phones", [])]
    in_order = filter(None, (_dialled(typed) for _path, typed in reading.service_phones(written)))
    gone = {*filter(None, map(_dialled, in_contacts)), *islice(in_order, 1)}
    for holder in (written, *(one.get("location", {}) for one in written.get("service_at_locations", []))):
        left = [phone for phone in holder.pop("phones", []) if _dialled(phone["number"]) not in gone]
        holder |= {"phones": left} if left else {}
    written.pop("contacts", None)


def _dialled(typed: str) -> str:
    return formats.phone_number(typed)[0]


def _contact_name(written: Object, values: Values, make_id: Any) -> None:
    """Whoever the feed names is not whom to ask for any more, nor are their phones."""
    written.pop("contacts", None)


def _contact_email(written: Object, values: Values, make_id: Any) -> None:
    written.pop("contacts", None)
    written.pop("email", None)


def _provider(written: Object, values: Values, make_id: Any) -> None:
    about = values.provider
    organisation: Object = {"id": about.id, "name": about.name, "description": about.description or about.name}
    organisation |= {"email": _email(about), "website": _web(about)}
    written["organization"] = _whole(organisation)
    written.pop("contacts", None)
    if about.phone:
        phone = {"id": make_id("phone"), "number": about.phone}
        written["contacts"] = [{"id": make_id("contact"), "name": about.name, "phones": [phone]}]


def _email(about: ProviderValues) -> str | None:
    return formats.email(about.email)[0] if about.email else None


def _web(about: ProviderValues) -> str | None:
    return formats.uri(about.website)[0] if about.website else None


def _places(written: Object, values: Values, make_id: Any) -> None:
    """The first place is ours to say; others of a feed stay."""
    others = [
        one
        for one in written.get("service_at_locations", [])
        if one.get("location", {}).get("location_type") != "virtual"
    ][1:]
    found = [_at(values.place, make_id)] if values.place else []
    if values.remote:
        virtual = {"id": make_id("virtual"), "location_type": "virtual", "name": "By phone or online"}
        found.append({"id": make_id("at", "virtual"), "location": virtual})
    written["service_at_locations"] = [*found, *others]


def _at(place: PlaceValues, make_id: Any) -> Object:
    location = {
        "id": place.id,
        "location_type": "physical",
        "name": place.name,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "addresses": [_address(place)] if place.postcode else [],
        "accessibility": _access(place),
    }
    return {"id": make_id("at", place.id), "location": _whole(location)}


def _address(place: PlaceValues) -> Object:
    lines = [line.strip(" ,") for line in place.address.splitlines() if line.strip(" ,")] or [place.name]
    town = lines[-1] if len(lines) > 1 else NO_COUNTY
    return {
        "id": terms.made_id("address", place.id),
        "address_1": ", ".join(lines[:-1]) if len(lines) > 1 else lines[0],
        "city": town,
        "state_province": town,
        "postal_code": place.postcode,
        "country": "GB",
        "address_type": "physical",
    }


def _access(place: PlaceValues) -> list[Object]:
    """Only what is known to be so: neither "no" nor "not recorded" can be told from silence by a reader."""
    said = {
        "Step-free access": place.step_free,
        "Hearing loop or sign language": place.hearing_support,
        "Large print or other support for sight": place.sight_support,
    }
    return [
        {"id": terms.made_id("access", place.id, words), "description": words} for words, so in said.items() if so
    ]


FIELDS: Mapping[str, Callable[[Object, Values, Any], None]] = {
    "contact_phone": _contact_phone,
    "contact_name": _contact_name,
    "contact_email": _contact_email,
    "name": _name,
    "description": _description,
    "min_age": _ages,
    "max_age": _ages,
    "verified_on": _assured,
    "schedule": _schedules,
    "times": _schedules,
    "serves": _areas,
    "languages": _languages,
    "cost": _cost,
    "kinds": _kinds,
    "low_income_only": _kinds,
    "benefits_only": _kinds,
    "provider": _provider,
    "location": _places,
    "remote": _places,
}
"""Field of an offer → what writes it."""
