"""An empty database gets a whole directory from one file."""

import json
from datetime import date, timedelta

import pytest

from accounts.models import Organisation
from directory.filling import DEMO_OFFERS, fill
from directory.models import Location, ProviderProfile, SupportOffer
from tests import factories

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)
ENTRIES = json.loads(DEMO_OFFERS.read_text(encoding="utf-8"))


def test_an_empty_database_gets_every_provider_place_and_offer():
    filled = fill(DEMO_OFFERS, teams={}, today=TODAY)
    assert len(filled) == SupportOffer.objects.count() == sum(len(entry["offers"]) for entry in ENTRIES)
    assert Organisation.objects.filter(kind="provider").count() == ProviderProfile.objects.count() == len(ENTRIES)
    assert Location.objects.count() == sum(len(entry["provider"]["locations"]) for entry in ENTRIES)


def test_a_provider_with_an_account_keeps_its_organisation_and_its_team_gets_the_queue():
    team = factories.TeamFactory(organisation__name="Riverside Connect", organisation__provider=True)
    fill(DEMO_OFFERS, teams={"Riverside Connect": team}, today=TODAY)
    assert Organisation.objects.filter(name="Riverside Connect").count() == 1
    assert {offer.team for offer in team.organisation.offers.all()} == {team}
    assert not SupportOffer.objects.exclude(provider=team.organisation).exclude(team=None).exists()


def test_offers_were_confirmed_as_many_days_ago_as_the_file_says():
    fill(DEMO_OFFERS, teams={}, today=TODAY)
    for entry in ENTRIES:
        for row in entry["offers"]:
            offer = SupportOffer.objects.get(provider__name=entry["provider"]["name"], name=row["name"])
            assert offer.verified_on == TODAY - timedelta(days=row["verified_days_ago"])
            assert (offer.location.name if offer.location else None) == row["location"]


def test_a_team_of_a_provider_that_is_not_in_the_file_is_refused():
    with pytest.raises(ValueError, match="Riverside Conect"):
        fill(DEMO_OFFERS, teams={"Riverside Conect": factories.TeamFactory()}, today=TODAY)
    assert not SupportOffer.objects.exists()


def test_a_file_with_a_fault_leaves_nothing_behind(tmp_path):
    entry = ENTRIES[0]
    broken = tmp_path / "offers.json"
    wrong = [*entry["offers"][:2], entry["offers"][2] | {"kinds": ["spaceship"]}]
    broken.write_text(json.dumps([entry | {"offers": wrong}]), encoding="utf-8")
    with pytest.raises(Exception, match="kind of support"):
        fill(broken, teams={}, today=TODAY)
    assert not Organisation.objects.exists()
