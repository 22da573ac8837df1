"""The demo directory: rich, believable, invented, and in step with the questionnaire."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from directory import opening
from directory.matching import Circumstances, NothingFits, nothing_fits_reason
from directory.places import covers, known_boroughs, locate, places
from directory.terms import FORMATS, HARD, PARTS
from tests.directory.examples import TODAY, demo_entries, demo_offers

DEFINITION = json.loads(
    (Path(__file__).resolve().parents[2] / "screening" / "definitions" / "getting-online-1.0.0.json").read_text(
        encoding="utf-8"
    )
)
KINDS_OF_OFFER = {rule["support"] for rule in DEFINITION["rules"] if rule["type"] == "offer"}
KINDS_OF_ADJUSTMENT = {rule["support"] for rule in DEFINITION["rules"] if rule["type"] == "adjustment"}

NOBODY_GIVES = "catch_up"
ALL_FULL = "private_space"

DRAMA_NUMBER = re.compile(r"020 7946 0\d{3}|07700 900\d{3}")
ROWS = [
    pytest.param(entry["provider"], row, id=f"{entry['provider']['key']}-{row['name']}")
    for entry in demo_entries()
    for row in entry["offers"]
]
PROVIDERS = [pytest.param(entry["provider"], id=entry["provider"]["key"]) for entry in demo_entries()]


def option_codes(item_code):
    item = next(item for item in DEFINITION["items"] if item["code"] == item_code)
    return {option["code"] for option in item["options"]}


def test_matching_knows_exactly_the_answers_of_the_questionnaire():
    assert set(FORMATS) == option_codes("FA3")
    assert option_codes("FA4") == HARD
    assert {code for part in PARTS for code in part} | {"peer"} == set(FORMATS)


def test_there_are_about_forty_offers_and_one_provider_gives_most():
    counted = Counter({entry["provider"]["name"]: len(entry["offers"]) for entry in demo_entries()})
    assert 38 <= counted.total() <= 48
    assert counted["Riverside Connect"] > counted.total() / 2
    assert len(counted) == 13


def test_only_riverside_connect_signs_in():
    with_accounts = [e["provider"]["name"] for e in demo_entries() if e["provider"]["has_accounts"]]
    assert with_accounts == ["Riverside Connect"]


def test_every_kind_of_offer_is_there_but_the_one_that_nobody_gives():
    given = {kind for offer in demo_offers() for kind in offer.kinds}
    assert KINDS_OF_OFFER - given == {NOBODY_GIVES}
    assert given <= KINDS_OF_OFFER | KINDS_OF_ADJUSTMENT


def test_unmet_need_shows_for_the_kind_nobody_gives_and_the_kind_that_is_full():
    reasons = {
        kind: nothing_fits_reason(kind, demo_offers(), Circumstances(outward="SE5"), on=TODAY)
        for kind in KINDS_OF_OFFER
    }
    unmet = {kind: reason for kind, reason in reasons.items() if reason}
    assert unmet == {
        NOBODY_GIVES: NothingFits.NO_OFFER_OF_KIND,
        ALL_FULL: NothingFits.NONE_WITH_ROOM,
    }


@pytest.mark.parametrize("provider", PROVIDERS)
def test_provider_is_invented_and_can_be_reached(provider):
    assert DRAMA_NUMBER.fullmatch(provider["phone"])
    assert provider["email"].endswith(".example.org")
    assert re.fullmatch(r"https://[a-z-]+\.example\.org", provider["website"])
    assert provider["description"].endswith(".")


@pytest.mark.parametrize("provider", PROVIDERS)
def test_provider_stands_where_distances_can_be_told(provider):
    assert provider["locations"]
    for location in provider["locations"]:
        assert re.fullmatch(r"[A-Z]{2}\d{1,2} 0Z[A-Z]", location["postcode"])
        assert locate(location["postcode"]) is not None
        assert location["name"]
        assert location["address"]


def test_no_phone_number_email_or_key_is_used_twice():
    providers = [entry["provider"] for entry in demo_entries()]
    for field in ("key", "name", "phone", "email", "website"):
        assert len({provider[field] for provider in providers}) == len(providers), field


def test_the_file_holds_no_address_outside_the_reserved_names():
    hosts = re.findall(r"(?:@|https?://)([\w.-]+)", json.dumps(demo_entries()))
    assert hosts
    assert all(host.endswith((".example.org", ".example.com")) for host in hosts)


@pytest.mark.parametrize(("provider", "row"), ROWS)
def test_offer_is_given_somewhere(provider, row):
    names = {location["name"] for location in provider["locations"]}
    assert row["location"] in names or (row["location"] is None and (row["remote"] or row["at_home"]))


@pytest.mark.parametrize(("provider", "row"), ROWS)
def test_offer_says_what_it_is_in_known_codes(provider, row):
    assert row["name"]
    assert row["description"].endswith(".")
    assert row["kinds"]
    assert row["formats"]
    assert set(row["formats"]) <= set(FORMATS)
    assert row["capacity"] in {"yes", "waiting_list", "full", "not_known"}
    assert row["schedule"]
    assert row["cost"]
    assert row["verified_days_ago"] >= 0


@pytest.mark.parametrize(("provider", "row"), ROWS)
def test_offer_has_times_that_can_be_read_and_says_who_goes_along_where_somebody_does(provider, row):
    opening.read(row.get("times", ""))
    assert bool(row.get("goes_along")) == row["warm_handover"]


@pytest.mark.parametrize(("provider", "row"), ROWS)
def test_offer_serves_areas_that_can_be_told(provider, row):
    for area in row["serves"]:
        assert area.casefold() in known_boroughs() or re.fullmatch(r"[A-Z]{2}\d{0,2}", area), area
        assert any(covers(frozenset({area}), outward) is not False for outward in places()), area


def test_an_offer_is_named_once_a_provider():
    for entry in demo_entries():
        names = [row["name"] for row in entry["offers"]]
        assert len(names) == len(set(names)), entry["provider"]["name"]


def test_the_directory_is_not_all_the_same():
    offers = demo_offers()
    assert {offer.capacity for offer in offers} == {"yes", "waiting_list", "full", "not_known"}
    assert {offer.step_free for offer in offers} == {True, False, None}
    assert any(not offer.accepts_referrals for offer in offers)
    assert any(offer.cost != "free" for offer in offers)
    assert any((TODAY - offer.verified_on).days > 90 for offer in offers)
    assert any((TODAY - offer.verified_on).days > 180 for offer in offers)
    assert any(not row.get("times") for entry in demo_entries() for row in entry["offers"])
    assert set(FORMATS) == {code for offer in offers for code in offer.formats}
