"""Names on lists are for those whose record it is, reads are written down, odd ids and times are refused."""

from datetime import datetime

import pytest
from django.urls import reverse

from accounts.errors import InvalidInput
from accounts.models import AuditEvent
from accounts.permissions import Role
from referrals import actions
from referrals.models import LetterBatch
from referrals.notify.noting import moment
from tests.conftest import SignedIn
from tests.factories import MembershipFactory, ReferralFactory

pytestmark = pytest.mark.django_db
DASHES = "-" * 36


@pytest.fixture
def renamed(person, offer, bo):
    """Shared under one name; the record has another since."""
    person.name = "Old Sharedname"
    person.save()
    referral = ReferralFactory(accepted=True, service_user=person, offer=offer, worker=bo)
    person.name = "New Secretname"
    person.save()
    return referral


@pytest.mark.parametrize("page", ["outbox", "owed", "letters"])
def test_a_providers_admin_reads_the_name_that_was_shared(renamed, provider_team, page):
    admin = SignedIn(MembershipFactory(team=provider_team, role=Role.ADMIN))
    assert "New Secretname" not in admin.get(reverse(f"referrals:{page}")).content.decode()


def test_the_referrers_own_admin_reads_the_records_name(renamed, as_dee):
    assert "New Secretname" in as_dee.get(reverse("referrals:outbox")).content.decode()


@pytest.mark.parametrize(
    ("maker", "reader", "sees"),
    [
        (Role.CLINICIAN, Role.CLINICIAN, True),
        (Role.ADMIN, Role.CLINICIAN, False),
        (Role.CLINICIAN, Role.SUPPORT_WORKER, False),
        (Role.CLINICIAN, Role.ADMIN, True),
    ],
)
def test_a_run_is_seen_by_those_with_the_reach_of_its_maker(team, maker, reader, sees):
    by = MembershipFactory(team=team, role=maker)
    LetterBatch.objects.create(
        organisation=team.organisation, team=team, code="AB12", both_sides=False, made_by=by
    )
    somebody = MembershipFactory(team=team, role=reader)
    assert LetterBatch.objects.visible_to(somebody).exists() is sees


@pytest.mark.parametrize("part", ["notes", "contact-attempts", "appointments", "loans"])
def test_reading_a_part_over_the_api_is_written_down(renamed, as_bo, part):
    before = AuditEvent.objects.count()
    assert as_bo.get(f"/api/v1/referrals/{renamed.pk}/{part}/").status_code == 200
    assert AuditEvent.objects.count() == before + 1


@pytest.mark.parametrize("page", ["note", "contact", "book", "pause"])
def test_a_form_that_shows_the_person_is_written_down(renamed, as_bo, page):
    before = AuditEvent.objects.filter(action="view_referral").count()
    assert as_bo.get(reverse(f"referrals:{page}", args=[renamed.pk])).status_code == 200
    assert AuditEvent.objects.filter(action="view_referral").count() == before + 1


def test_an_id_that_is_none_is_not_found(renamed, as_ash):
    assert as_ash.get(f"/api/v1/referrals/{DASHES}/partner-links/").status_code == 404
    data = {"outcome": "attended", "version": 1}
    url = f"/api/v1/referrals/{renamed.pk}/appointments/{DASHES}/outcome/"
    assert as_ash.post(url, data, content_type="application/json").status_code == 404


def test_nothing_happened_in_the_year_one(renamed, bo):
    with pytest.raises(InvalidInput, match="ten years"):
        actions.log_contact(
            referral=renamed,
            channel="call",
            result="spoke",
            by=bo,
            happened_at=datetime.fromisoformat("0001-01-01T00:00Z"),
        )


@pytest.mark.parametrize("said", ["9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59", "no time", 12, None])
def test_a_receipt_at_the_end_of_the_calendar_has_no_time(said):
    assert moment(said) is None
