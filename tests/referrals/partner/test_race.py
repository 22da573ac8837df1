"""Two at one instant at a link: whoever comes second finds what the first has done.

Needs PostgreSQL: SQLite lets one write at a time, and the sequential tests beside these hold on both.
"""

import pytest
from django.db import connection

from accounts.errors import AlreadyChanged
from referrals.models import Mail, PartnerLink, Referral
from referrals.partner import staff
from tests import factories
from tests.referrals.partner.opening import Holder, newest_code
from tests.referrals.test_race import at_once

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL"),
]


def test_revoking_and_accepting_at_once_leave_one_truth(told, village, ash):
    for _ in range(5):
        person = factories.ServiceUserFactory(created_by=ash, team=ash.team)
        referral = factories.ReferralFactory(state="sent", service_user=person, offer=village)
        holder = Holder(referral).open()

        def revoke(referral=referral):
            staff.revoke_link(referral=Referral.objects.get(pk=referral.pk), by=ash)

        accepted, _revoked = at_once(lambda holder=holder: holder.take("accept", named_worker="Robin"), revoke)

        state = Referral.objects.get(pk=referral.pk).status
        assert state == ("accepted" if accepted.status_code in {200, 302} else "sent")
        assert PartnerLink.objects.get(referral=referral).stopped_why == "staff"


def test_of_many_guesses_at_once_no_more_than_five_count(told, village):
    holder = Holder(factories.ReferralFactory(state="sent", service_user=told, offer=village))
    holder.ask()
    right = newest_code()
    wrong = [f"{(int(right) + number + 1) % 10**6:06d}" for number in range(12)]

    at_once(*[lambda code=code: Holder(holder.referral).enter(code) for code in wrong])

    assert holder.enter(right).status_code == 403


def test_two_who_use_one_code_at_once_are_one_who_gets_in(told, village):
    holder = Holder(factories.ReferralFactory(state="sent", service_user=told, offer=village))
    holder.ask()
    code = newest_code()

    answers = at_once(*[lambda: Holder(holder.referral).enter(code)] * 2)

    assert sorted(answer.status_code for answer in answers) == [302, 403]


def test_two_who_send_at_once_leave_one_link_that_opens(told, village, ash):
    referral = factories.ReferralFactory(state="sent", service_user=told, offer=village)

    def send():
        try:
            return staff.send_link(referral=Referral.objects.get(pk=referral.pk), by=ash)
        except AlreadyChanged:
            return None

    at_once(send, send)

    assert PartnerLink.objects.standing().filter(referral=referral).count() == 1
    assert Mail.objects.filter(referral=referral, fate="").count() == 1
