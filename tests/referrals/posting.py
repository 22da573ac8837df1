"""What the tests about letters share: people whose news waits on paper for Bo's team to post."""

from referrals import sending
from referrals.models import Reminder
from tests.factories import ConsentFactory, ContactPlanFactory, ServiceUserFactory
from tests.referrals.reaching import referral_to, tell


def letters_for(number, offer, ash, bo, **person):
    """So many letters, each to somebody else, in the order in which they became ready."""
    for _one in range(number):
        one = ServiceUserFactory(created_by=ash, **person)
        ContactPlanFactory(service_user=one, preferred="letter", allowed=["letter"])
        ConsentFactory(service_user=one)
        tell(referral_to(offer, one, ash, shared={"name": one.name}, named_worker=bo), bo)
    sending.send_due()
    return list(Reminder.objects.filter(channel="letter", status="sent").order_by("pk"))


def text_of(response, status=200):
    assert response.status_code == status
    return " ".join(response.content.decode().split())
