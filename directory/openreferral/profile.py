"""Open Referral UK 3.0 as a table: which fields each object has, what each holds, and what must be there.

Pure. A field the table does not name is a supplier's own: the profile allows it, and it is kept as it came.
"""

from collections.abc import Mapping
from typing import NamedTuple

VERSION = "HSDS-UK-3.0"
PROFILE_URL = "https://github.com/OpenReferralUK/uk-profile/blob/main/docs/index.md"
OPENAPI_URL = "https://docs.openreferraluk.org/en/latest/openapi30.json"

STATUSES = ("active", "inactive", "defunct", "temporarily closed")
PLACES = ("physical", "postal", "virtual")
FREQUENCIES = ("WEEKLY", "MONTHLY")


class Field(NamedTuple):
    """`kind` names a reader of formats.py; `shape` is what `one` and `many` hold, `choices` what may be chosen."""

    kind: str
    shape: str = ""
    choices: tuple[str, ...] = ()


class Shape(NamedTuple):
    fields: Mapping[str, Field]
    required: tuple[str, ...] = ()


def _shape(*, must: str = "", one: str = "", many: str = "", choice: Mapping = {}, **kinds: str) -> Shape:
    """Keyword arguments name a kind and list its fields; `one` and `many` list "field" or "field:shape"."""
    fields = {"id": Field("id")}
    for kind, names in kinds.items():
        fields |= {name: Field(kind) for name in names.split()}
    for kind, pairs in (("one", one), ("many", many)):
        for name, _, shape in (pair.partition(":") for pair in pairs.split()):
            fields[name] = Field(kind, shape or name)
    fields |= {name: Field("choice", choices=choices) for name, choices in choice.items()}
    return Shape(fields, ("id", *must.split()))


SHAPES: Mapping[str, Shape] = {
    "service": _shape(
        must="name status",
        link="organization_id",
        text="name description fees accreditations alert",
        uri="url",
        email="email assurer_email",
        age="minimum_age maximum_age",
        date="assured_date",
        instant="last_modified",
        choice={"status": STATUSES},
        one="organization",
        many="schedules:schedule service_areas:service_area service_at_locations:service_at_location "
        "languages:language funding cost_options:cost_option contacts:contact phones:phone attributes:attribute",
    ),
    "organization": _shape(
        must="name description",
        link="parent_organization_id",
        text="name description",
        email="email",
        uri="website logo uri",
        many="organization_identifiers:organization_identifier phones:phone attributes:attribute",
    ),
    "organization_identifier": _shape(
        must="identifier_type identifier",
        link="organization_id",
        text="identifier_scheme identifier_type identifier",
        many="attributes:attribute",
    ),
    "service_at_location": _shape(link="service_id location_id", one="location"),
    "location": _shape(
        must="location_type",
        text="name description external_identifier external_identifier_type",
        number="latitude longitude",
        choice={"location_type": PLACES},
        many="addresses:address accessibility phones:phone attributes:attribute",
    ),
    "address": _shape(
        must="address_1 city state_province postal_code country address_type",
        link="location_id",
        text="attention address_1 address_2 city region state_province postal_code",
        country="country",
        choice={"address_type": PLACES},
        many="attributes:attribute",
    ),
    "accessibility": _shape(
        link="location_id", text="description details accessibility", uri="url", many="attributes:attribute"
    ),
    "phone": _shape(must="number", text="number type description extension"),
    "schedule": _shape(
        link="service_id service_at_location_id",
        date="valid_from valid_to dtstart",
        choice={"freq": FREQUENCIES},
        number="interval",
        days="byday",
        text="bymonthday description attending_type notes",
        clock="opens_at closes_at",
        uri="schedule_link",
    ),
    "service_area": _shape(link="service_id", text="name extent extent_type service_area", uri="uri"),
    "language": _shape(link="service_id phone_id", text="name code note"),
    "funding": _shape(link="service_id", text="source"),
    "cost_option": _shape(
        link="service_id",
        date="valid_from valid_to",
        text="option amount_description currency",
        number="amount",
    ),
    "contact": _shape(
        link="service_id",
        text="name title department",
        email="email",
        many="phones:phone attributes:attribute",
    ),
    "attribute": _shape(link="link_id taxonomy_term_id", text="link_type", one="taxonomy_term"),
    "taxonomy_term": _shape(
        must="name description",
        link="parent_id taxonomy_id",
        text="name description taxonomy term",
        uri="term_uri",
    ),
}
