"""The directory's one write path: who may, what is refused, and that nothing is recorded twice."""

from datetime import date

import pytest

from accounts.errors import AlreadyChanged, InvalidInput, NotAllowed, NotPossibleNow
from accounts.models import AuditEvent
from directory import actions
from directory.models import Location, SupportOffer, UnmetNeed
from tests import factories

pytestmark = pytest.mark.django_db


def audited(action):
    return AuditEvent.objects.filter(action=action).count()


# --- Places and offers ----------------------------------------------------------------------------------------


def test_a_postcode_is_kept_in_its_usual_form(provider, bo):
    place = actions.add_location(organisation=provider, name="Hub", postcode="se15 0za", by=bo)
    assert place.postcode == "SE15 0ZA"
    assert audited("add_location") == 1


@pytest.mark.parametrize("postcode", ["", "SE15", "12 High Street", "ZZ1 1ZZ"])
def test_a_place_without_a_whole_postcode_is_refused(provider, bo, postcode):
    with pytest.raises(InvalidInput) as refusal:
        actions.add_location(organisation=provider, name="Hub", postcode=postcode, by=bo)
    assert "postcode" in refusal.value.fields
    assert not Location.objects.exists()


@pytest.mark.parametrize(
    ("codes", "field"),
    [
        ({"kinds": []}, "kinds"),
        ({"kinds": ["device", "spaceship"]}, "kinds"),
        ({"formats": ["telepathy"]}, "formats"),
    ],
)
def test_an_offer_that_matching_would_never_find_is_refused(provider, bo, codes, field):
    offer = {"name": "Tablets", "kinds": ["device"], "formats": ["one"], "remote": True} | codes
    with pytest.raises(InvalidInput) as refusal:
        actions.publish_offer(provider=provider, by=bo, **offer)
    assert list(refusal.value.fields) == [field]
    assert not SupportOffer.objects.exists()


# --- Confirming -----------------------------------------------------------------------------------------------


def confirm(offer, by, version=1, capacity="full", wait_days=None):
    """By somebody who has looked at the listing as it is now."""
    offer.refresh_from_db()
    actions.confirm_offer(
        offer=offer, version=version, capacity=capacity, wait_days=wait_days, by=by, on=date(2026, 11, 24)
    )
    offer.refresh_from_db()


def test_a_provider_confirms_its_own_offer(offer, bo):
    confirm(offer, bo)
    assert (offer.capacity, offer.wait_days, offer.verified_on) == ("full", None, date(2026, 11, 24))
    assert audited("confirm_offer") == 1


@pytest.mark.parametrize("who", ["ash", "dee"])
def test_nobody_else_confirms_an_offer(offer, bo, who, request):
    with pytest.raises(NotAllowed):
        confirm(offer, request.getfixturevalue(who))
    offer.refresh_from_db()
    assert offer.capacity == "yes"
    assert audited("confirm_offer") == 0


def test_another_provider_does_not_confirm_an_offer(offer):
    rival = factories.MembershipFactory(team__organisation__provider=True, role="support_worker")
    with pytest.raises(NotAllowed):
        confirm(offer, rival)


def test_a_page_left_open_does_not_undo_what_a_colleague_confirmed_since(offer, bo):
    confirm(offer, bo, version=1, capacity="full")
    with pytest.raises(AlreadyChanged):
        confirm(offer, bo, version=1, capacity="yes")
    offer.refresh_from_db()
    assert (offer.capacity, offer.version) == ("full", 2)


# --- Unmet needs ----------------------------------------------------------------------------------------------


@pytest.fixture
def need(person):
    return factories.NeedFactory(screening__service_user=person, agreed=True)


def record(need, by, **changes):
    given = {"kind": "device", "reason": "none_near"} | changes
    return actions.record_unmet_need(need=need, by=by, **given)


def test_an_unmet_need_is_recorded_with_where_and_why_but_not_the_whole_postcode(need, ash):
    unmet = record(need, ash, words="Nothing this side of the river")
    assert (unmet.team, unmet.area, unmet.reason) == (ash.team, "SE5", "none_near")
    assert audited("record_unmet_need") == 1


def test_a_second_click_finds_the_first_record(need, ash):
    assert record(need, ash) == record(need, ash, reason="none_eligible")
    assert UnmetNeed.objects.count() == 1
    assert audited("record_unmet_need") == 1


def test_another_kind_is_another_gap(need, ash):
    record(need, ash)
    record(need, ash, kind="data_sim")
    assert UnmetNeed.objects.count() == 2


def test_the_need_itself_stays_open(need, ash):
    record(need, ash)
    need.refresh_from_db()
    assert need.resolved_at is None


def test_a_need_that_was_not_agreed_to_is_not_unmet(person, ash):
    need = factories.NeedFactory(screening__service_user=person)
    with pytest.raises(NotPossibleNow):
        record(need, ash)
    assert not UnmetNeed.objects.exists()


def test_a_reason_from_nowhere_is_refused(need, ash):
    with pytest.raises(InvalidInput) as refusal:
        record(need, ash, reason="because")
    assert "reason" in refusal.value.fields


def test_no_record_without_its_audit_row(need, ash, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("no audit")

    monkeypatch.setattr("accounts.audit.record", broken)
    with pytest.raises(RuntimeError):
        record(need, ash)
    assert not UnmetNeed.objects.exists()
