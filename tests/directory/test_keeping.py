"""Keeping listings true: who may, what is left in the history, what is asked and what is hidden."""

from datetime import timedelta

import pytest
from django.core.exceptions import ObjectDoesNotExist

from accounts import clock
from accounts.append_only import AppendOnlyError
from accounts.errors import AlreadyChanged, InvalidInput, NotAllowed, NotPossibleNow
from accounts.models import AuditEvent
from directory import actions
from directory.models import OfferChange, ProviderProfile, SupportOffer
from directory.tasks import ask_about_listings
from tests import factories

pytestmark = pytest.mark.django_db
TODAY = clock.today()


def days_ago(days):
    return clock.today() - timedelta(days=days)


def edit(offer, by, **changes):
    return actions.edit_offer(offer=offer, version=offer.version, by=by, **changes)


def said(offer):
    return list(offer.changes.values_list("what", flat=True))


@pytest.fixture
def silent(db):
    """An offer of a provider that nobody signs in for."""
    return factories.SupportOfferFactory(name="Lunch club", team=None)


# --- Who may


def test_a_provider_changes_its_own_offer(offer, bo):
    assert edit(offer, bo, cost="£2")
    assert SupportOffer.objects.get(pk=offer.pk).cost == "£2"
    assert AuditEvent.objects.get(action="edit_offer").details == {"what": "edited", "fields": ["cost"]}


def test_an_admin_keeps_the_listings_of_a_provider_that_nobody_signs_in_for(silent, dee):
    edit(silent, dee, cost="free")
    actions.still_true(offer=silent, version=silent.version, by=dee)
    silent.refresh_from_db()
    assert (silent.cost, silent.verified_by) == ("free", dee)


@pytest.mark.parametrize("who", ["ash", "nia", "cam"])
def test_a_clinician_changes_no_listing(silent, who, request):
    with pytest.raises(NotAllowed):
        edit(silent, request.getfixturevalue(who), cost="free")
    assert not OfferChange.objects.exists()


def test_an_admin_leaves_a_provider_with_an_account_to_keep_its_own(offer, bo, dee):
    with pytest.raises(NotAllowed, match="keeps its own listings"):
        edit(offer, dee, cost="free")


def test_a_provider_whose_last_member_left_is_kept_by_the_admin(offer, bo, dee):
    bo.ended_at = clock.now()
    bo.save()
    assert edit(offer, dee, cost="free")


def test_what_another_organisation_keeps_is_not_for_this_admin(silent, dee, cam):
    ProviderProfile.objects.create(organisation=silent.provider, kept_by=cam.organisation)
    with pytest.raises(NotAllowed):
        edit(silent, dee, cost="free")


def test_a_provider_without_an_account_is_added_by_an_admin_with_a_number_to_ring(dee, bo):
    with pytest.raises(NotAllowed):
        actions.add_provider(name="Lunch club", phone="020 7946 0999", by=bo)
    with pytest.raises(InvalidInput) as refusal:
        actions.add_provider(name="Lunch club", phone=" ", by=dee)
    assert list(refusal.value.fields) == ["phone"]
    profile = actions.add_provider(name="Lunch  club", phone="020 7946 0999", by=dee)
    assert (profile.organisation.name, profile.kept_by) == ("Lunch club", dee.organisation)
    with pytest.raises(InvalidInput) as refusal:
        actions.add_provider(name="LUNCH CLUB", phone="020 7946 0999", by=dee)
    assert list(refusal.value.fields) == ["name"]


# --- What is written, and what is left of it


def test_every_change_says_what_changed_from_what_to_what_and_who(offer, bo):
    edit(offer, bo, kinds=["device", "data_sim"], cost="")
    (change,) = offer.changes.all()
    assert change.fields == {"kinds": [["device"], ["device", "data_sim"]]}
    assert (change.by, change.version, change.source) == (bo, 2, "own")


def test_saving_what_is_there_already_changes_nothing(offer, bo):
    assert not edit(offer, bo, cost=offer.cost)
    assert (offer.version, offer.changes.count()) == (1, 0)


def test_a_page_left_open_undoes_nothing(offer, bo):
    edit(offer, bo, cost="£2")
    with pytest.raises(AlreadyChanged):
        actions.edit_offer(offer=offer, version=1, by=bo, cost="£3")
    stale = SupportOffer.objects.get(pk=offer.pk)
    SupportOffer.objects.filter(pk=offer.pk).update(version=7)
    with pytest.raises(AlreadyChanged):
        actions.still_true(offer=stale, version=2, by=bo)
    assert offer.changes.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kinds": []}, "kinds"),
        ({"min_age": 70, "max_age": 60}, "max_age"),
        ({"location": None}, "location"),
        ({"times": [{"day": "MO"}]}, "times"),
        ({"capacity": "roomy"}, "capacity"),
        ({"contact_email": "nobody"}, "contact_email"),
        ({"cost": "x" * 101}, "cost"),
    ],
)
def test_what_cannot_be_kept_is_named_by_its_field_and_nothing_changes(offer, bo, changes, field):
    with pytest.raises(InvalidInput) as refusal:
        edit(offer, bo, **changes)
    assert field in refusal.value.fields
    assert SupportOffer.objects.get(pk=offer.pk).version == offer.version == 1


def test_a_place_and_a_team_are_the_providers_own(offer, bo):
    for stranger in ({"location": factories.LocationFactory()}, {"team": factories.TeamFactory()}):
        with pytest.raises(InvalidInput) as refusal:
            edit(offer, bo, **stranger)
        assert refusal.value.fields.keys() == stranger.keys()


def test_a_provider_has_one_listing_of_a_name_until_it_ends(offer, bo):
    new = {"provider": offer.provider, "name": offer.name, "kinds": ["device"], "formats": [], "remote": True}
    with pytest.raises(InvalidInput) as refusal:
        actions.publish_offer(by=bo, **new)
    assert list(refusal.value.fields) == ["name"]
    actions.withdraw_offer(offer=offer, version=1, reason="ended", by=bo)
    actions.publish_offer(by=bo, **new)
    with pytest.raises(InvalidInput):
        actions.bring_back_offer(offer=offer, version=2, by=bo)


def test_history_is_written_once(offer, bo):
    edit(offer, bo, cost="£2")
    change = offer.changes.get()
    change.what = "confirmed"
    with pytest.raises(AppendOnlyError):
        change.save()
    with pytest.raises(AppendOnlyError):
        offer.changes.all().delete()


# --- From a feed


@pytest.fixture
def fed(trust):
    """A listing as a feed first gave it, with nothing said yet about what kind of support it is."""
    feed = factories.FeedFactory(organisation=trust)
    provider = factories.OrganisationFactory(provider=True)
    return actions.publish_offer(
        provider=provider,
        by=None,
        source="feed",
        feed=feed,
        external_id="s-1",
        name="IT drop-in",
        kinds=[],
        formats=[],
    )


def test_a_listing_from_a_feed_waits_for_somebody_to_say_what_it_is(fed, dee):
    assert not SupportOffer.objects.of_kind("first_steps").exists()
    edit(fed, dee, kinds=["first_steps"])
    assert SupportOffer.objects.of_kind("first_steps").get() == fed


def test_what_a_person_set_the_feed_does_not_set_back(fed, dee):
    edit(fed, dee, kinds=["first_steps"])
    actions.edit_offer(offer=fed, version=fed.version, by=None, source="feed", kinds=[], cost="free")
    fed.refresh_from_db()
    assert (fed.kinds, fed.cost, fed.set_here) == (["first_steps"], "free", ["kinds"])
    assert list(fed.changes.values_list("source", flat=True)) == ["feed", "own", "feed"]


def test_a_feed_gives_a_listing_once(fed):
    with pytest.raises(InvalidInput):
        actions.publish_offer(
            provider=fed.provider, by=None, source="feed", feed=fed.feed, external_id="s-1", name="Again",
            kinds=[], formats=[],
        )  # fmt: skip


# --- Confirmed, full, ended


def test_one_click_says_that_all_is_as_it_was(offer, bo):
    SupportOffer.objects.update(verified_on=days_ago(120), capacity="waiting_list", wait_days=9)
    offer.refresh_from_db()
    actions.still_true(offer=offer, version=1, by=bo)
    offer.refresh_from_db()
    assert (offer.verified_on, offer.verified_by) == (clock.today(), bo)
    assert (offer.capacity, offer.wait_days) == ("waiting_list", 9)


def test_one_click_pauses_and_one_click_opens_again(offer, bo):
    actions.pause_offer(offer=offer, version=1, by=bo)
    assert offer.capacity == "full"
    with pytest.raises(NotPossibleNow):
        actions.pause_offer(offer=offer, version=2, by=bo)
    actions.has_room_again(offer=offer, version=2, by=bo)
    assert offer.capacity == "yes"
    assert said(offer) == ["confirmed", "paused"]


def test_an_offer_that_ended_says_why_and_can_be_listed_again(offer, bo):
    with pytest.raises(InvalidInput):
        actions.withdraw_offer(offer=offer, version=1, reason="because", by=bo)
    actions.withdraw_offer(offer=offer, version=1, reason="moved", by=bo, words="The library does it now.")
    assert not SupportOffer.objects.published().exists()
    for again in (actions.still_true, actions.pause_offer):
        with pytest.raises(NotPossibleNow):
            again(offer=offer, version=2, by=bo)
    with pytest.raises(NotPossibleNow):
        actions.withdraw_offer(offer=offer, version=2, reason="ended", by=bo)
    actions.bring_back_offer(offer=offer, version=2, by=bo)
    offer.refresh_from_db()
    assert offer.is_active
    assert (offer.withdrawn_reason, offer.withdrawn_words, offer.withdrawn_by) == ("", "", None)


# --- Asked after 90 days, hidden after 180


@pytest.mark.parametrize(
    ("confirmed", "listed", "shown", "asked"),
    [
        (90, 500, True, False),
        (91, 500, True, True),
        (180, 500, True, True),
        (181, 500, False, True),
        (None, 10, True, False),
        (None, 91, True, True),
        (None, 181, False, True),
    ],
)
def test_what_nobody_confirms_is_asked_about_and_then_hidden(confirmed, listed, shown, asked):
    offer = factories.SupportOfferFactory(
        verified_on=confirmed and days_ago(confirmed), listed_on=days_ago(listed)
    )
    today = clock.today()
    assert SupportOffer.objects.current(today).exists() is shown
    assert SupportOffer.objects.hidden(today).exists() is not shown
    assert SupportOffer.objects.to_confirm(today).exists() is asked
    assert offer.freshness == ("late" if asked and shown else "" if shown else "hidden")


def test_the_job_leaves_each_word_once_however_often_it_runs(offer, bo):
    SupportOffer.objects.update(verified_on=days_ago(100))
    ask_about_listings()
    ask_about_listings()
    assert said(offer) == ["asked"]
    SupportOffer.objects.update(verified_on=days_ago(200))
    ask_about_listings()
    ask_about_listings()
    assert said(offer) == ["hidden", "asked"]
    offer.refresh_from_db()
    actions.still_true(offer=offer, version=1, by=bo)
    ask_about_listings()
    assert said(offer) == ["confirmed", "hidden", "asked"]


def test_nothing_is_asked_about_what_has_ended():
    factories.SupportOfferFactory(verified_on=days_ago(200), ended=True)
    ask_about_listings()
    assert not OfferChange.objects.exists()


def test_no_change_without_its_row_and_no_row_without_its_audit(offer, bo, monkeypatch):
    def broken(*args, **kwargs):
        raise ObjectDoesNotExist

    monkeypatch.setattr("accounts.audit.record", broken)
    with pytest.raises(ObjectDoesNotExist):
        actions.still_true(offer=offer, version=1, by=bo)
    assert SupportOffer.objects.get(pk=offer.pk).version == 1
    assert not OfferChange.objects.exists()
