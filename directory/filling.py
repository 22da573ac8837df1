"""Fills an empty directory from a file of providers and offers (directory/data/demo_offers.json)."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction

from accounts.actions import add_organisation
from accounts.models import Organisation, Team
from directory import actions
from directory.models import Location, SupportOffer

DEMO_OFFERS = Path(__file__).parent / "data" / "demo_offers.json"


@transaction.atomic
def fill(path: Path, *, teams: dict[str, Team], today: date) -> list[SupportOffer]:
    """All offers of the file. `teams` maps the name of a provider with accounts to the team that takes its queue;
    the others are reached by phone."""
    return [
        offer
        for entry in json.loads(path.read_text(encoding="utf-8"))
        for offer in _provider(entry, teams=teams, today=today)
    ]


def _provider(entry: dict[str, Any], *, teams: dict[str, Team], today: date) -> list[SupportOffer]:
    about = entry["provider"]
    team = teams.get(about["name"])
    organisation = (
        team.organisation
        if team
        else add_organisation(name=about["name"], kind=Organisation.Kind.PROVIDER, phone=about["phone"], by=None)
    )
    details = {field: about.get(field, "") for field in ("phone", "email", "website", "description")}
    actions.describe_provider(organisation=organisation, by=None, **details)
    places = {
        place["name"]: actions.add_location(organisation=organisation, by=None, **place)
        for place in about["locations"]
    }
    return [_offer(row, organisation, team, places, today) for row in entry["offers"]]


def _offer(
    row: dict[str, Any], provider: Organisation, team: Team | None, places: dict[str, Location], today: date
) -> SupportOffer:
    details = dict(row)
    name = details.pop("location")
    age = details.pop("verified_days_ago")
    return actions.publish_offer(
        provider=provider,
        by=None,
        team=team,
        location=places[name] if name else None,
        verified_on=None if age is None else today - timedelta(days=age),
        **details,
    )
