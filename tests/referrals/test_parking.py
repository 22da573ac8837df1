"""A provider that said no is not asked again before its day, unless somebody who may says why."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts import clock
from accounts.errors import InvalidInput, NotAllowed, NotPossibleNow
from directory.fitting import fit
from referrals import actions
from referrals.models import Referral, ReferralEvent
from referrals.parking import parked
from referrals.reasons import DECLINE, NextAction
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def declined(referral_in, bo):
    def build(reason="full", **more):
        referral = referral_in("acknowledged")
        evidence = {"reason_code": reason, "words": "As agreed."}
        return actions.act(referral=referral, action="decline", by=bo, evidence=evidence, **more)

    return build


@pytest.fixture
def sister(offer):
    """Another offer of the same provider, of the same kind."""
    return factories.SupportOfferFactory(provider=offer.provider, team=offer.team, kinds=offer.kinds)


def refer_again(declined, offer, by):
    person = declined.service_user
    return actions.refer(
        service_user=person,
        offer=offer,
        needs=list(person.needs.all()),
        kind=offer.kinds[0],
        by=by,
        adjustments=(),
    )


@pytest.mark.parametrize("reason", [reason for reason in DECLINE if reason.park_days], ids=lambda one: one.code)
def test_a_reason_with_days_keeps_the_whole_provider_from_being_asked(declined, sister, ash, reason):
    referral = declined(reason.code)
    day = clock.today() + timedelta(days=reason.park_days)
    assert parked(referral.service_user, sister).until == day
    with pytest.raises(NotPossibleNow, match=rf"not asked again before {day.day} \w+ {day.year}.*team lead"):
        refer_again(referral, sister, ash)
    with clock.at(clock.now() + timedelta(days=reason.park_days)):
        assert refer_again(referral, sister, ash).status == "draft"


@pytest.mark.parametrize(
    "reason",
    [one for one in DECLINE if one.next_action is NextAction.REROUTE and not one.park_days],
    ids=lambda one: one.code,
)
def test_a_reason_that_it_does_not_fit_keeps_that_offer_alone(declined, sister, ash, offer, reason):
    referral = declined(reason.code)
    assert refer_again(referral, sister, ash).status == "draft"
    assert parked(referral.service_user, offer).until is None
    with clock.at(clock.now() + timedelta(days=900)):
        assert parked(referral.service_user, offer)


@pytest.mark.parametrize("code", ["too_little_known", "already_helping", "not_safe", "offer_ended"])
def test_other_reasons_keep_nothing(declined, offer, sister, code):
    referral = declined(code)
    assert parked(referral.service_user, offer) is None
    assert parked(referral.service_user, sister) is None


def test_somebody_else_may_be_asked_about_meanwhile(declined, offer):
    declined()
    assert parked(factories.ServiceUserFactory(), offer) is None


def test_a_draft_made_before_is_not_sent_either(declined, referral_in, sister, ash, bo):
    person = referral_in("acknowledged").service_user
    waiting = Referral.objects.get(service_user=person)
    draft = refer_again(waiting, sister, ash)
    actions.act(referral=waiting, action="decline", by=bo, evidence={"reason_code": "full"})
    with pytest.raises(NotPossibleNow, match="not asked again before"):
        actions.act(referral=draft, action="send", by=ash)
    draft.refresh_from_db()
    assert draft.status == "draft"


def test_a_parked_offer_is_not_what_a_decline_leads_to(declined, sister, ash):
    referral = declined()
    with pytest.raises(InvalidInput) as caught:
        actions.act(referral=referral, action="reroute", by=ash, evidence={"new_offer": sister})
    assert "not asked again" in caught.value.fields["new_offer"]


def test_a_clinician_has_them_asked_again_and_says_why(declined, sister, ash):
    referral = declined()
    actions.lift_park(referral=referral, words="They rang: there is room after all.", by=ash)
    event = ReferralEvent.objects.get(step="lift_park")
    assert (event.words, event.by) == ("They rang: there is room after all.", ash)
    assert refer_again(referral, sister, ash).status == "draft"


def test_only_a_clinician_or_team_lead_with_a_reason_lifts_it(declined, ash, bo, dee):
    referral = declined()
    for by in (bo, dee):
        with pytest.raises(NotAllowed):
            actions.lift_park(referral=referral, words="Because.", by=by)
    with pytest.raises(InvalidInput):
        actions.lift_park(referral=referral, words=" ", by=ash)
    assert parked(referral.service_user, referral.offer)


def test_a_new_decline_parks_anew(declined, sister, ash, bo):
    referral = declined()
    actions.lift_park(referral=referral, words="They have room.", by=ash)
    again = actions.act(referral=refer_again(referral, sister, ash), action="send", by=ash)
    actions.act(referral=again, action="decline", by=bo, evidence={"reason_code": "full"})
    assert parked(referral.service_user, sister).referral == again


def test_what_was_made_in_error_keeps_nobody(declined, ash, dee, offer):
    referral = declined()
    actions.propose_error(referral=referral, by=ash, words="The wrong person.")
    actions.act(referral=referral, action="mark_error", by=dee)
    assert parked(referral.service_user, offer) is None


def test_the_matching_page_says_why_and_gives_no_button(declined, as_ash, offer):
    referral = declined()
    need = referral.needs.first()
    offer.kinds = [fit(need).rule.support]
    offer.save()
    page = as_ash.get(reverse("directory:choose", args=[need.pk])).content.decode()
    assert offer.name in page
    assert "is not asked again before" in page
    assert reverse("referrals:detail", args=[referral.pk]) in page
    assert reverse("referrals:refer", args=[need.pk, offer.pk]) not in page


def test_the_page_of_referring_names_the_day_and_the_way_out(declined, as_ash, offer):
    referral = declined()
    need = referral.needs.first()
    url = reverse("referrals:refer", args=[need.pk, offer.pk])
    page = as_ash.get(url)
    assert page.status_code == 200
    assert "is not asked again before" in page.content.decode()
    way_out = reverse("referrals:lift_park", args=[referral.pk])
    assert way_out in page.content.decode()
    assert as_ash.get(way_out).status_code == 200
    assert as_ash.post(way_out, {"words": ""}).status_code == 400
    assert as_ash.post(way_out, {"words": "They rang."}).status_code == 302
    assert "is not asked again before" not in as_ash.get(url).content.decode()
    assert as_ash.get(way_out).status_code == 409


def test_the_api_lifts_it_and_answers_409_while_it_stands(declined, as_ash, offer):
    referral = declined()
    wanted = {"offer": str(offer.pk), "needs": [str(need.pk) for need in referral.needs.all()], "adjustments": []}
    # It is still open as declined, so first the next step is chosen.
    actions.act(referral=referral, action="reroute", by=referral.created_by, evidence={"no_offer_fits": True})
    answer = as_ash.post("/api/v1/referrals/", wanted, content_type="application/json")
    assert answer.status_code == 409
    assert "not asked again before" in answer.json()["detail"]
    lift = f"/api/v1/referrals/{referral.pk}/ask-again/"
    assert as_ash.post(lift, {"words": "They rang."}, content_type="application/json").status_code == 204
    assert as_ash.post("/api/v1/referrals/", wanted, content_type="application/json").status_code == 201
