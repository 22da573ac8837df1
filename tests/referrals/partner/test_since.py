"""A link that was shut for a while stays shut, whoever looked or did not look meanwhile."""

from datetime import UTC, date, datetime, timedelta

import pytest

from accounts import clock
from accounts.ids import new_id
from accounts.models import Membership
from directory import actions as directory
from people import actions as people
from people.consenting import Statement, was_never_without
from referrals.models import FollowUp, PartnerLink, Referral
from referrals.partner import links, staff
from tests import factories
from tests.referrals.partner.opening import Holder

pytestmark = pytest.mark.django_db
LATER = timedelta(seconds=5)


def says(person, choice, by, **more):
    people.record_consent(service_user=person, choice=choice, how="phone", wording="sharing-1", by=by, **more)


def no_and_yes_again(referral, ash, dee):
    says(referral.service_user, "no", ash)
    says(referral.service_user, "yes", ash)


def another_contact_for_an_hour(referral, ash, dee):
    for address in ("new@village.example.org", "hello@village-hall.example.org"):
        offer = type(referral.offer).objects.get(pk=referral.offer_id)
        directory.edit_offer(offer=offer, version=offer.version, by=dee, contact_email=address)


def a_worker_who_came_and_left(referral, ash, dee):
    team = factories.TeamFactory(organisation=referral.provider)
    Referral.objects.filter(pk=referral.pk).update(provider_team=team)
    member = factories.MembershipFactory(team=team, role="support_worker")
    Membership.objects.filter(pk=member.pk).update(ended_at=clock.now() + LATER)


BREAKS = {
    "consent": no_and_yes_again,
    "contact": another_contact_for_an_hour,
    "account": a_worker_who_came_and_left,
}


@pytest.mark.parametrize("why", BREAKS)
def test_what_was_shut_and_put_right_between_two_looks_stays_shut(inside, sent, ash, dee, why):
    assert inside.page().status_code == 200
    BREAKS[why](Referral.objects.get(pk=sent.pk), ash, dee)
    with clock.at(clock.now() + 2 * LATER):
        assert inside.page().status_code == 403
        assert links.why_shut(PartnerLink.objects.get(), clock.now()) == why
        assert links.stop_shut(clock.now()) == 1
    assert PartnerLink.objects.get().stopped_why == why
    owed = FollowUp.objects.open().filter(referral=sent, kind="ring_provider", key__startswith="shut:")
    assert owed.count() == 1, "the provider does not know, and has no other way"


@pytest.mark.parametrize("why", BREAKS)
def test_a_new_link_opens(sent, ash, dee, why):
    BREAKS[why](Referral.objects.get(pk=sent.pk), ash, dee)
    with clock.at(clock.now() + 2 * LATER):
        staff.send_link(referral=Referral.objects.get(pk=sent.pk), by=ash)
        assert Holder(sent).open().page().status_code == 200


def test_a_link_whose_consent_is_gone_rings_nobody(sent, told, ash):
    says(told, "no", ash)
    assert links.stop_shut(clock.now()) == 1
    assert not FollowUp.objects.filter(key__startswith="shut:").exists()


def test_words_that_change_nothing_shut_nothing(inside, sent, told, ash, dee):
    says(told, "yes", ash)
    says(told, "yes", ash, provider=sent.provider)
    offer = type(sent.offer).objects.get(pk=sent.offer_id)
    directory.edit_offer(offer=offer, version=offer.version, by=dee, contact_name="Pat")
    assert inside.page().status_code == 200


# --- The pure part --------------------------------------------------------------------------------------------

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


def said(hours, choice="yes", *, names=False, until=None, back=None):
    return Statement(
        id=new_id(),
        choice=choice,
        names_provider=names,
        given_at=NOON + timedelta(hours=hours),
        expires_on=until,
        withdrawn_at=None if back is None else NOON + timedelta(hours=back),
    )


@pytest.mark.parametrize(
    ("statements", "unbroken"),
    [
        ([said(-1)], True),
        ([said(-1), said(1)], True),
        ([said(-1), said(1, "no"), said(2)], False),
        ([said(-1, back=1), said(2)], False),
        ([said(-1), said(0.5), said(1, names=True, back=2)], False),
        ([said(-1), said(1, "ask_each"), said(2)], False),
        ([said(-1, names=True), said(1, "ask_each")], True),
        ([said(-9, "no"), said(-1)], True),
        ([said(-1, until=date(2026, 11, 25)), said(20)], False),
        ([said(-1, until=date(2026, 11, 25)), said(2)], True),
        ([said(-1, until=date(2026, 11, 25)), said(2, until=date(2026, 12, 25), back=40)], False),
        ([said(-1), said(99, "no")], True),
    ],
)
def test_every_break_is_found_and_nothing_else(statements, unbroken):
    until = NOON + timedelta(hours=48)
    assert was_never_without(statements, NOON, until, day_of=lambda at: at.date()) is unbroken
