"""The demo: made-up people only, believable, the same every time, and never among real records."""

import re

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Organisation, Team, User
from inclusion.demo import SIGN_INS
from inclusion.demo_seed import seed
from inclusion.demo_stories import STORIES
from people.duplicates import likely
from people.models import ServiceUser
from referrals.lifecycle import OPEN
from referrals.models import Referral
from screening.models import Screening
from tests import factories

pytestmark = pytest.mark.django_db

DRAMA = re.compile(r"\+?(44|0)\s?(7700\s?900\d{3})")


def test_demo_is_refused_where_real_people_may_be(settings):
    settings.DEMO_MODE = False
    with pytest.raises(CommandError, match="not a demo"):
        call_command("seed_demo")
    assert not User.objects.exists()


def test_demo_is_refused_beside_records(settings):
    settings.DEMO_MODE = True
    factories.ServiceUserFactory()
    with pytest.raises(CommandError, match="records in this database already"):
        call_command("seed_demo")
    call_command("seed_demo", "--if-empty")
    assert ServiceUser.objects.count() == 1


def test_demo_is_made_up_and_believable(settings):
    settings.DEMO_MODE = True
    made = seed(24)
    people = ServiceUser.objects.all()
    assert made["service users"] == len(people) == 24 + 1  # somebody was added twice
    (again,) = people.filter(nhs_number=None)
    assert len(likely({"name": again.name, "date_of_birth": again.date_of_birth}, again.created_by)) == 2
    assert all(person.nhs_number.startswith("999") for person in people if person != again)
    assert all(DRAMA.fullmatch(person.phone) for person in people)
    assert {person.email for person in SIGN_INS} <= set(User.objects.values_list("email", flat=True))
    assert Team.objects.count() == 6
    assert Organisation.objects.filter(kind=Organisation.Kind.HEALTH).count() == 2
    assert Screening.objects.submitted().exists()
    for referral in Referral.objects.all():
        last = referral.events.order_by("recorded_at", "id").last()
        assert last.to_status == referral.status
        assert (referral.status in OPEN) == bool(referral.action_with and referral.due_on)
        assert referral.created_at >= referral.service_user.created_at


def test_every_way_a_referral_can_go_is_told():
    assert len({story for _, story in STORIES}) == len(STORIES) >= 15
