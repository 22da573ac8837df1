"""Open Referral UK, pure: the profile's own examples come out as they went in, and what is written is strict."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.kinds import TITLES
from directory.openreferral import cleaning, reading, terms, writing
from directory.openreferral.documents import page_in, repeats
from directory.openreferral.profile import SHAPES
from directory.openreferral.quirks import WORDS, Quirks
from directory.openreferral.values import PlaceValues, ProviderValues, ServiceValues
from tests.directory.oruk import example, faults, less_people

FEED = terms.namespace_of("a feed")
EXAMPLES = ["profile_examples/service_full.json", "mock/service_full.json"]
NOW = "2026-11-02T09:30:00+00:00"


def read(raw):
    quirks = Quirks("it")
    return reading.read(raw, quirks, FEED), quirks


def service(**changes):
    """The profile's example, with changes; a value of None takes a field out."""
    raw = example(EXAMPLES[0]) | changes
    return {name: value for name, value in raw.items() if value is not None}


# --- The examples -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_comes_out_as_it_went_in_but_for_who_its_contacts_are(name):
    raw = example(name)
    found, _ = read(raw)
    out = writing.service(found.record["id"], found.values, modified=NOW, record=found.record)
    assert out == less_people(raw)
    assert faults("service", out) == []


@pytest.mark.parametrize("folder", ["profile_examples", "mock"])
def test_the_examples_list_is_the_summary_of_the_example(folder):
    [listed] = example(f"{folder}/service_list.json")["contents"]
    found, _ = read(example(f"{folder}/service_full.json"))
    assert writing.summary(found.record) == listed


def test_an_examples_place_by_itself_is_as_the_mock_has_it():
    found, _ = read(example("mock/service_full.json"))
    [full] = writing.at_locations(found.record)
    assert full == example("mock/service_at_location_full.json")
    [listed] = example("mock/service_at_location_list.json")["contents"]
    assert writing.at_location_summary(full) == listed


def test_every_field_of_the_example_that_has_one_here_is_read():
    found, quirks = read(example(EXAMPLES[0]))
    assert found.values == ServiceValues(
        name="Community Counselling",
        description=example(EXAMPLES[0])["description"].strip(),
        serves=(example(EXAMPLES[0])["service_areas"][0]["name"][:100],),
        remote=True,
        schedule=example(EXAMPLES[0])["schedules"][0]["description"],
        cost="£35 per 1 hour session (Under 18s and Over 60s)",
        min_age=12,
        max_age=100,
        contact_name="Ann Persona",
        contact_email="email@example.com",
        verified_on=date(2005, 1, 1),
        provider=ProviderValues(
            id="d9d5e0f5-d3ce-4f73-9a2f-4dd0ecc6c610",
            name="Example Organization Inc.",
            description="Example Org is a non-profit organization dedicated to providing services to qualified "
            "beneficiaries",
            email="email@example.com",
            website="http://example.com",
        ),
        place=PlaceValues(
            id="3a19ff88-4620-4d17-9830-ac1d859eb5d5",
            name="MyCity Civic Center",
            address="1-30 Main Street\nMyCity",
            step_free=True,
            hearing_support=True,
        ),
    )
    assert sorted(quirks.codes) == ["bad_coordinates", "bad_postcode", "no_kind", "unknown_term"]


# --- In, tolerantly ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("term", "kinds"),
    [
        ({"term_uri": "https://example.org/x", "name": "Computer classes"}, ["first_steps"]),
        ({"name": "COMPUTER_OR_INTERNET_ACCESS"}, ["site_access"]),
        ({"name": "x", "term": "openEligibility:assistive-technology"}, ["accessibility"]),
        (terms.own_term("befriending"), ["befriending"]),
        ({"name": "befriending", "term": "device"}, ["befriending"]),  # our code, but not our taxonomy
        ({"name": "Zumba"}, []),
    ],
)
def test_kinds_come_from_the_table_of_terms(term, kinds):
    assert terms.sets([term])[0] == kinds


def test_the_table_of_terms_says_only_what_an_offer_can_be():
    for field, value in terms.table().values():
        assert (field == "kinds" and value in TITLES) or (field in {"low_income_only", "benefits_only"} and value)


def at(*sentences):
    place = {"id": "3a19ff88-4620-4d17-9830-ac1d859eb5d5", "location_type": "physical"}
    place["accessibility"] = [{"description": one} for one in sentences]
    found, _ = read(service(service_at_locations=[{"location": place}]))
    return found.values.place


@pytest.mark.parametrize(
    ("sentence", "step_free"),
    [
        ("Step-free access from the street.", True),
        ("Wheelchair access throughout; lift to all floors.", True),
        ("No wheelchair access.", None),
        ("The building is not step-free", None),
        ("Limited wheelchair access", None),
        ("Toilets on every floor", None),
    ],
)
def test_access_is_yes_only_where_it_is_said_and_nothing_against_it(sentence, step_free):
    assert at(sentence).step_free is step_free


@pytest.mark.parametrize(
    ("options", "cost"),
    [
        ([{"amount": 0}], "free"),
        ([{"option": "Free"}, {"amount": "0"}], "free"),
        ([{"option": "Free for carers, £5 for others"}], "Free for carers, £5 for others"),
        ([{"amount": 0, "option": "Under 18"}, {"amount": 4.5, "option": "Others"}], "free; £4.5 (Others)"),
        ([], "fees_description"),
    ],
)
def test_free_is_what_every_option_says_is_free(options, cost):
    assert read(service(cost_options=options))[0].values.cost == cost


@pytest.mark.parametrize(
    ("schedule", "times"),
    [
        ({"byday": "MO,WE", "opens_at": "10:00", "closes_at": "12:00"}, [("MO", None), ("WE", None)]),
        ({"freq": "MONTHLY", "byday": "1TU,3TU,1TU", "opens_at": "10:00", "closes_at": "12:00"}, [("TU", [1, 3])]),
        ({"byday": "MO", "interval": 2, "opens_at": "10:00", "closes_at": "12:00"}, []),
        ({"freq": "MONTHLY", "byday": "-1FR", "opens_at": "10:00", "closes_at": "12:00"}, []),
        ({"byday": "MO", "valid_to": "2026-01-01", "opens_at": "10:00", "closes_at": "12:00"}, []),
        ({"byday": "MO", "opens_at": "22:00", "closes_at": "02:00"}, []),
    ],
)
def test_only_plain_weeks_become_times_to_compute_with(schedule, times):
    found = read(service(schedules=[schedule]))[0].values.times
    assert [(time["day"], time.get("weeks")) for time in found] == times


def test_the_same_thing_gets_the_same_id_each_time_and_another_in_another_feed():
    raw = service(id=None, contacts=[{"name": "Reception"}])
    first, second = read(raw)[0], read(dict(reversed(raw.items())))[0]
    other = reading.read(raw, Quirks(), terms.namespace_of("another feed"))
    assert first.record == second.record
    assert first.record["id"] != other.record["id"]


@pytest.mark.parametrize(
    ("changed", "out"),
    [(("2024", "2023"), {1}), (("2023", "2024"), {0}), (("2024", "2024"), {0}), ((None, None), {0})],
)
def test_of_two_with_one_id_the_one_changed_last_stays(changed, out):
    rows = [{"id": "a", "last_modified": day} for day in changed]
    assert repeats(rows) == out
    assert repeats([*rows, {"id": "b"}, {}, "no item"]) == out


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
FIELDS = sorted({name for shape in SHAPES.values() for name in shape.fields})


@given(st.dictionaries(st.sampled_from(FIELDS), ANYTHING, max_size=6), st.sampled_from([True, False]))
def test_whatever_a_record_holds_it_is_read_and_what_comes_out_is_clean(odd, nested):
    raw = service(service_at_locations=[{"location": odd}], organization=service()["organization"] | odd)
    raw = raw if nested else service() | odd
    found, quirks = read(raw)
    assert set(quirks.codes) <= WORDS.keys()
    json.dumps([quirk.value for quirk in quirks.found], ensure_ascii=False).encode()
    if found is None:
        assert quirks.refused
        return
    assert faults("service", found.record) == []
    again, _ = read(found.record)
    assert again.record == found.record


def test_a_record_that_nests_for_ever_is_left_out():
    deep = []
    for _ in range(cleaning.DEEPEST + 1):
        deep = [deep]
    assert read(service(pc_deep=deep))[1].codes == ["deep"]
    with pytest.raises(Exception, match="nested too deeply"):
        page_in(b"[" * 200_000)


# --- Out, strictly -----------------------------------------------------------------------------------------

OWN = ServiceValues(
    name="Tablets to keep",
    description="A tablet and an hour to set it up.",
    kinds=("device", "first_steps"),
    serves=("SE5", "Southwark"),
    remote=True,
    languages=("English", "Somali"),
    schedule="By appointment",
    times=({"day": "TU", "from": "10:00", "to": "12:00", "weeks": [1, 3]},),
    cost="free",
    min_age=18,
    low_income_only=True,
    verified_on=date(2026, 10, 1),
    provider=ProviderValues(
        id="0192f5b0-0000-7000-8000-000000000001",
        name="Riverside Connect",
        website="https://riverside.example.org",
        email="hello@riverside.example.org",
        phone="020 7946 0100",
    ),
    place=PlaceValues(
        id="0192f5b0-0000-7000-8000-000000000002",
        name="Library",
        address="1 High Street\nLondon",
        postcode="SE5 8AZ",
        latitude=51.47,
        longitude=-0.09,
        step_free=True,
    ),
)
OFFER = "0192f5b0-0000-7000-8000-000000000003"


def test_an_offer_written_here_is_valid_and_says_it_all_again_when_read():
    out = writing.service(OFFER, OWN, modified=NOW)
    assert faults("service", out) == []
    assert faults("service_list", writing.summary(out)) == []
    for place in writing.at_locations(out):
        assert faults("service_at_location_list", writing.at_location_summary(place)) == []
    found, quirks = read(out)
    # An organisation has no phone in the profile: it is given as the contact of the service.
    assert found.values.contact_phone == OWN.provider.phone
    described = {"description": OWN.provider.name, "phone": ""}
    assert found.values.provider == ProviderValues(**{**vars_of(OWN.provider), **described})
    assert found.values.place == OWN.place
    for name in ServiceValues.__slots__:
        if name not in {"provider", "place"} and not name.startswith("contact_"):
            assert getattr(found.values, name) == getattr(OWN, name), name
    assert set(quirks.codes) <= {"own_field"}


def vars_of(values):
    return {name: getattr(values, name) for name in values.__slots__}


def test_an_offer_of_which_little_is_recorded_is_valid_too():
    bare = ServiceValues(name="Cups", kinds=("peer_support",), provider=ProviderValues(id=OFFER, name="Cups & co"))
    assert faults("service", writing.service(OFFER, bare, modified=NOW)) == []


def test_what_was_set_here_goes_out_and_the_rest_as_the_feed_had_it():
    found, _ = read(service())
    ours = ServiceValues(
        **{**vars_of(found.values), "name": "Talking", "cost": "free", "kinds": ("peer_support",)}
    )
    out = writing.service(
        found.record["id"], ours, modified=NOW, record=found.record, ours=["name", "cost", "kinds"]
    )
    assert faults("service", out) == []
    assert out["name"] == "Talking"
    assert [one["amount"] for one in out["cost_options"]] == [0]
    assert [one["taxonomy_term"]["name"] for one in out["attributes"]] == ["name", "Peer support"]
    same = {"description", "schedules", "service_areas", "organization", "contacts", "assured_date"}
    assert {name: out[name] for name in same} == {name: less_people(service())[name] for name in same}


CONTACT = {
    "contacts": [{"id": OFFER, "name": "Jane Marker", "phones": [{"id": OFFER, "number": "07700 900123"}]}],
    "phones": [{"id": OFFER, "number": "+44 7700 900123"}, {"id": OFFER, "number": "020 7946 0100"}],
    "email": "jane@example.org",
}


@pytest.mark.parametrize(
    ("ours", "gone"),
    [
        ("contact_name", {"contacts"}),
        ("contact_phone", {"contacts", "+44 7700 900123"}),
        ("contact_email", {"contacts", "jane@example.org"}),
    ],
)
def test_a_contact_that_was_changed_here_does_not_go_out_from_what_the_feed_said(ours, gone):
    found, _ = read(service(**CONTACT))
    out = writing.service(found.record["id"], found.values, modified=NOW, record=found.record, ours=[ours])
    said = json.dumps(out)
    assert {one for one in ("contacts", "+44 7700 900123", "jane@example.org") if one not in said} == gone
    assert "020 7946 0100" in said
    assert faults("service", out) == []


def test_what_names_people_or_is_a_suppliers_own_stays_in_the_house():
    contact = CONTACT["contacts"][0] | {"email": "jane.marker@example.org", "own": "at home"}
    raw = service(contacts=[contact], assurer_email="assurer@example.org", internal_note={"ring": "Mrs Marker"})
    found, _ = read(raw)
    out = writing.service(found.record["id"], found.values, modified=NOW, record=found.record)
    said = json.dumps(out).lower()
    assert [mark for mark in ("marker", "assurer", "at home", "internal_note") if mark in said] == []
    assert "07700 900123" in said
