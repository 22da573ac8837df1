"""Consent taken back stops what rests on it, at once and whoever is at work on it."""

import pytest

from referrals import actions
from referrals.actions import consents
from referrals.models import Referral, Reminder
from tests import factories

pytestmark = pytest.mark.django_db


def test_withdrawn_consent_stops_every_referral_that_rests_on_it_at_once(referral_in, ash, bo, person):
    first = referral_in("accepted")
    second = factories.ReferralFactory(sent=True, service_user=person)
    draft = factories.ReferralFactory(service_user=person)
    stopped = actions.withdraw_consent(consent=first.consent, how="By phone", by=ash)
    assert {referral.pk for referral in stopped} == {first.pk, second.pk}
    assert {referral.status for referral in stopped} == {"withdrawn"}
    draft.refresh_from_db()
    assert draft.status == "draft"
    assert not Reminder.objects.owed().exists()
    event = first.events.get(step="withdraw")
    assert (event.evidence["how_said"], event.words, event.by) == ("consent_withdrawn", "By phone", ash)


def test_referral_that_other_consent_covers_goes_on(referral_in, ash, person, provider):
    referral = referral_in("accepted")
    own = factories.ConsentFactory(service_user=person, provider=provider)
    other = factories.OrganisationFactory(provider=True)
    elsewhere = factories.ConsentFactory(service_user=person, provider=other)
    assert actions.withdraw_consent(consent=elsewhere, how="By phone", by=ash) == []
    assert [r.pk for r in actions.withdraw_consent(consent=own, how="By phone", by=ash)] == [referral.pk]


def test_withdrawal_reaches_a_referral_that_another_team_made(referral_in, ash, nia, person):
    referral = referral_in("accepted")
    Referral.objects.filter(pk=referral.pk).update(referring_team=nia.team, created_by=nia)
    stopped = actions.withdraw_consent(consent=referral.consent, how="By phone", by=ash)
    assert [r.pk for r in stopped] == [referral.pk]


def test_withdrawal_survives_somebody_moving_the_referral_meanwhile(referral_in, ash, bo, monkeypatch):
    referral = referral_in("acknowledged")
    sent = consents._sent

    def stale(pk):
        rows = sent(pk)
        actions.act(referral=Referral.objects.get(pk=referral.pk), action="accept", by=bo,
                    evidence={"named_worker": bo})  # fmt: skip
        return rows

    monkeypatch.setattr(consents, "_sent", stale)
    stopped = actions.withdraw_consent(consent=referral.consent, how="By phone", by=ash)
    assert [r.status for r in stopped] == ["withdrawn"]
    assert not Reminder.objects.owed().exists()
