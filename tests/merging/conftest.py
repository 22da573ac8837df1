import pytest

from accounts import clock
from referrals.models import OutboxMessage, Reminder
from referrals.tasks import queue_due
from tests import factories
from tests.merging.records import merge, record


@pytest.fixture
def kept(ash):
    return record(ash, phone="07700 900123", date_of_birth="4 5 1971")


@pytest.fixture
def other(ash):
    return record(ash, name="Robyn Rivers", nhs_number="999 083 9549")


@pytest.fixture
def joined(ash, kept, other):
    return merge(kept, other, ash)


@pytest.fixture
def busy(ash, other, offer, bo):
    """The other record, with something of everything."""
    referral = factories.ReferralFactory(active=True, service_user=other, offer=offer, worker=bo)
    queue_due()
    Reminder.objects.create(
        dedupe_key="one", service_user=other, referral=referral, template="accepted", channel="text",
        due_at=clock.now(),
    )  # fmt: skip
    OutboxMessage.objects.create(reference=referral.pk, service_user=other, channel="text", to="+447700900123")
    return referral
