"""A plain offer and a plain person to change a thing at a time, and the demo offers as matching sees them."""

import json
from datetime import date, timedelta
from pathlib import Path

from directory.matching import Circumstances, Eligibility, Offer, Recommendation, recommend

TODAY = date(2026, 11, 24)
ANYBODY = Circumstances(outward="SE5", age=40)
DEMO = Path(__file__).resolve().parents[2] / "directory" / "data" / "demo_offers.json"


def make_offer(**changes) -> Offer:
    """A free, confirmed one-to-one offer in SE5 with room, a week away, for anybody."""
    plain = {
        "id": "a",
        "name": "A plain offer",
        "provider": "Riverside Connect",
        "kinds": frozenset({"first_steps"}),
        "formats": frozenset({"one", "place"}),
        "postcode": "SE5 0ZA",
        "cost": "free",
        "capacity": "yes",
        "wait_days": 7,
        "verified_on": TODAY,
    }
    return Offer(**plain | changes)


def only(offer: Offer, circumstances=ANYBODY, kind="first_steps") -> Recommendation:
    """The one recommendation for the one offer."""
    (recommendation,) = recommend(kind, [offer], circumstances, on=TODAY).recommended
    return recommendation


def names(offers, circumstances=ANYBODY, kind="first_steps") -> list[str]:
    """The names of what is recommended, best first."""
    return [one.offer.name for one in recommend(kind, offers, circumstances, on=TODAY).recommended]


def refused(offer, circumstances=ANYBODY) -> tuple[str, ...]:
    """The reasons why the one offer is not recommended."""
    matches = recommend("first_steps", [offer], circumstances, on=TODAY)
    assert not matches.recommended
    (rejection,) = matches.rejected
    return rejection.reasons


def demo_entries() -> list[dict]:
    return json.loads(DEMO.read_text(encoding="utf-8"))


def demo_offers() -> list[Offer]:
    return [_offer(entry["provider"], row) for entry in demo_entries() for row in entry["offers"]]


def _offer(provider: dict, row: dict) -> Offer:
    place = next((one for one in provider["locations"] if one["name"] == row["location"]), {})
    as_they_are = ("remote", "at_home", "cost", "capacity", "wait_days", "warm_handover", "schedule")
    return Offer(
        id=f"{provider['key']}/{row['name']}",
        name=row["name"],
        provider=provider["name"],
        postcode=place.get("postcode"),
        accepts_referrals=row["accepts_referrals"],
        verified_on=TODAY - timedelta(days=row["verified_days_ago"]),
        eligibility=Eligibility(
            min_age=row["min_age"],
            max_age=row["max_age"],
            low_income=row["low_income_only"],
            benefits=row["benefits_only"],
        ),
        **{name: row[name] for name in as_they_are},
        **{name: frozenset(row[name]) for name in ("kinds", "formats", "serves", "languages")},
        **{name: place.get(name) for name in ("step_free", "hearing_support", "sight_support")},
    )
