"""A feed as real ones are, each service odd in its own way, beside exactly what must be reported of it."""

import copy
from typing import Any

from accounts import clock
from tests.directory.oruk import example

Expected = list[tuple[str, str]]


def base(number: int) -> dict[str, Any]:
    """A sound service, less everything that the example itself is odd in."""
    raw = copy.deepcopy(example("mock/service_full.json"))
    raw["id"] = f"00000000-0000-4000-8000-{number:012}"
    raw["name"] = f"Service {number}"
    raw["assured_date"] = clock.today().isoformat()
    location = raw["service_at_locations"][0]["location"]
    location |= {"latitude": 51.47, "longitude": -0.09}
    location["addresses"][0] |= {"postal_code": "SE5 8AZ", "country": "GB", "address_type": "physical"}
    raw["attributes"][0]["taxonomy_term"] |= {"name": "Befriending", "term": "befriending"}
    return raw


def put(path: str, value: Any) -> Any:
    """A change: the value at a dotted path, where a number is a place in a list."""

    def change(raw: Any) -> None:
        *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
        for step in way:
            raw = raw[step]
        raw[last] = value

    return change


def take(path: str) -> Any:
    def change(raw: Any) -> None:
        *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
        for step in way:
            raw = raw[step]
        del raw[last]

    return change


LOCATION = "service_at_locations.0.location"
AT = "$.service_at_locations[0].location"
LONG = "x" * 201
ID = "2989d3ed-c547-48f8-8f9d-432d81c7892e"
ASSURED = "$.assured_date"
NUMBER = "$.contacts[0].phones[0].number"
TERM = "$.attributes[0].taxonomy_term"
ZUMBA = {"id": ID, "name": "Zumba", "description": "Dance"}

ODD: list[tuple[Any, Expected]] = [
    (put("fees", ""), [("$.fees", "empty")]),
    (put("alert", "   "), [("$.alert", "empty")]),
    (put("alert", None), [("$.alert", "null")]),
    (put("url", "example.org/help"), [("$.url", "url_without_scheme")]),
    (put("url", "ask at the desk"), [("$.url", "bad_url")]),
    (put("url", "javascript://example.org/%0aalert(1)"), [("$.url", "bad_url")]),
    (put("email", "not an address"), [("$.email", "bad_email")]),
    (put("email", "Unknown-17@noemail.invalid"), [("$.email", "placeholder_email")]),
    (put("minimum_age", -1), [("$.minimum_age", "age_below_zero")]),
    (put("minimum_age", "18"), [("$.minimum_age", "number_as_text")]),
    (put("minimum_age", "adults"), [("$.minimum_age", "bad_number")]),
    (put("minimum_age", 200), [("$.minimum_age", "ages_out_of_order")]),
    (put("status", "Active"), [("$.status", "wrong_case")]),
    (put("status", "open"), [("$.status", "unknown_choice"), ("$.status", "unknown_status")]),
    (take("status"), [("$.status", "no_status")]),
    (put("assured_date", "01/02/2024"), [("$.assured_date", "date_other_form"), ("$.assured_date", "long_ago")]),
    (put("assured_date", "2024-02-01T00:00"), [(ASSURED, "date_with_time"), (ASSURED, "long_ago")]),
    (put("assured_date", "2024-02-30"), [("$.assured_date", "bad_date")]),
    (put("assured_date", "2999-01-01"), [("$.assured_date", "date_to_come")]),
    (put("last_modified", "2023-06-15T10:30:45"), [("$.last_modified", "no_time_zone")]),
    (put("last_modified", "lately"), [("$.last_modified", "bad_date")]),
    (put("schedules.0.opens_at", "10am"), [("$.schedules[0].opens_at", "time_other_form")]),
    (put("schedules.0.opens_at", "25:00"), [("$.schedules[0].opens_at", "bad_time")]),
    (put("schedules.0.byday", "Monday and Friday"), [("$.schedules[0].byday", "days_in_words")]),
    (put("schedules.0.byday", "market day"), [("$.schedules[0].byday", "bad_days")]),
    (put("schedules.0.freq", "DAILY"), [("$.schedules[0].freq", "unknown_choice")]),
    (put("description", "<p>Help</p>"), [("$.description", "markup")]),
    (put("description", "Help\x00 now \ud83d"), [("$", "characters")]),
    (put("description", 7), [("$.description", "text_as_number")]),
    (put("description", {"en": "Help"}), [("$.description", "wrong_type")]),
    (put("name", LONG), [("$.name", "too_long")]),
    (put("id", "17"), [("$.id", "bad_id")]),
    (take("contacts.0.id"), [("$.contacts[0].id", "no_id")]),
    (take("organization.description"), [("$.organization", "no_description")]),
    (put("organization.website", "localhost:80:80"), [("$.organization.website", "bad_url")]),
    (put("organization_id", "17"), [("$.organization_id", "bad_id")]),
    (put("languages", {"id": ID}), [("$.languages", "not_a_list")]),
    (put("languages", "English"), [("$.languages", "wrong_type")]),
    (put("pc_targetAudience", ["carers"]), [("$.pc_targetAudience", "own_field")]),
    (put("attributes.0.taxonomy_term", ZUMBA), [(TERM, "unknown_term"), ("$.attributes", "no_kind")]),
    (take("attributes"), [("$.attributes", "no_kind")]),
    (put(f"{LOCATION}.latitude", 100), [(f"{AT}.latitude", "bad_coordinates")]),
    (put(f"{LOCATION}.addresses.0.postal_code", "ABC 1234"), [(f"{AT}.addresses[0].postal_code", "bad_postcode")]),
    (put(f"{LOCATION}.addresses.0.country", "England"), [(f"{AT}.addresses[0].country", "country_in_words")]),
    (take(f"{LOCATION}.addresses.0.city"), [(f"{AT}.addresses[0]", "address_incomplete")]),
    (put(f"{LOCATION}.location_type", "building"), [(f"{AT}.location_type", "unknown_choice")]),
    (put("service_at_locations.0", "the library"), [("$.service_at_locations[0]", "wrong_type")]),
    (put("contacts.0.phones", [{"id": ID, "number": "MAPS: 0117 496 0123"}]), [(NUMBER, "phone_in_words")]),
    (put("contacts.0.phones", [{"id": ID, "number": "ask inside"}]), [(NUMBER, "bad_phone")]),
    (put("cost_options.0.amount", "£5"), [("$.cost_options[0].amount", "number_as_text")]),
    (put("name", ""), [("$.name", "empty"), ("$.name", "no_name")]),
    (take("organization"), [("$.organization", "no_organisation")]),
    (put("organization", "Riverside"), [("$.organization", "wrong_type"), ("$.organization", "no_organisation")]),
]  # fmt: skip


def _no_place(raw: Any) -> None:
    del raw["service_at_locations"]
    raw["schedules"][0]["attending_type"] = "in person"


def _two_places(raw: Any) -> None:
    other = copy.deepcopy(raw["service_at_locations"][0])
    other["id"] = other["location"]["id"] = ID
    raw["service_at_locations"].append(other)


ODD += [
    (_no_place, [("$.service_at_locations", "no_place")]),
    (_two_places, [("$.service_at_locations", "more_places")]),
]


def feed() -> tuple[list[Any], dict[int, Expected]]:
    """(services, place of a service → what must be reported of it), repeats and strangers at the end."""
    services, expected = [], {}
    for place, (change, said) in enumerate(ODD):
        raw = base(place)
        change(raw)
        services.append(raw)
        expected[place] = said
    place = len(services)
    services += [base(900) | {"last_modified": day} for day in ("2024-01-01T00:00:00Z", "2023-01-01T00:00:00Z")]
    expected |= {place: [], place + 1: [("$.id", "duplicate_id")]}
    services += ["a service", None, {"nothing": "known"}]
    expected |= {
        place + 2: [("$", "not_an_item")],
        place + 3: [("$", "not_an_item")],
        place + 4: [
            ("$.id", "no_id"),
            ("$.nothing", "own_field"),
            ("$.status", "no_status"),
            ("$.name", "no_name"),
        ],
    }
    return services, expected
