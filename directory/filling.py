"""Fills an empty directory from a file of providers and offers (directory/data/demo_offers.json)."""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction

from accounts.actions import add_organisation
from accounts.models import Organisation, Team
from directory import actions, opening
from directory.models import Location, SupportOffer

DEMO_OFFERS = Path(__file__).parent / "data" / "demo_offers.json"
PROFILE = ("phone", "email", "website", "description")

Entry = Mapping[str, Any]


@transaction.atomic
def fill(path: Path, *, teams: Mapping[str, Team], today: date) -> list[SupportOffer]:
    """All offers of the file. `teams` maps the name of a provider with accounts to the team that takes its queue;
    the others are reached by phone. A name that the file does not have raises ValueError: its queue would stay
    empty."""
    entries = json.loads(path.read_text(encoding="utf-8"))
    if unknown := teams.keys() - {entry["provider"]["name"] for entry in entries}:
        raise ValueError(f"{path.name} has no provider called {', '.join(sorted(unknown))}")
    return [offer for entry in entries for offer in _provider(entry, teams.get(entry["provider"]["name"]), today)]


def _provider(entry: Entry, team: Team | None, today: date) -> list[SupportOffer]:
    about = entry["provider"]
    organisation = team.organisation if team else _without_accounts(about)
    actions.describe_provider(organisation=organisation, by=None, **{field: about[field] for field in PROFILE})
    places = {
        place["name"]: actions.add_location(organisation=organisation, by=None, **place)
        for place in about["locations"]
    }
    return [_offer(row, organisation, team, places, today) for row in entry["offers"]]


def _without_accounts(about: Entry) -> Organisation:
    return add_organisation(name=about["name"], kind=Organisation.Kind.PROVIDER, phone=about["phone"], by=None)


def _offer(
    row: Entry, provider: Organisation, team: Team | None, places: Mapping[str, Location], today: date
) -> SupportOffer:
    details = dict(row)
    place, age = details.pop("location"), details.pop("verified_days_ago")
    details["times"] = opening.read(details.get("times", ""))
    return actions.publish_offer(
        provider=provider,
        by=None,
        team=team,
        location=places[place] if place else None,
        verified_on=None if age is None else today - timedelta(days=age),
        **details,
    )
