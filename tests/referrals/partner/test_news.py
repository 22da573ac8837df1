"""What a provider hears from us: that contact ends, waits, or may go on; seen by its team, or mailed and rung."""

from datetime import timedelta

import pytest

from accounts import clock
from accounts.errors import InvalidInput
from accounts.permissions import Role
from people import actions as people
from referrals import actions, due
from referrals.calls import owed as call_list
from referrals.models import FollowUp, Mail, Referral
from referrals.obligations.owed import close
from referrals.partner.contacts import has_account
from referrals.tasks import run_clocks
from tests import factories
from tests.conftest import SignedIn
from tests.referrals.partner.opening import Holder

pytestmark = pytest.mark.django_db

PHONED = {"how_said": "phone"}


def fresh(referral):
    return Referral.objects.select_related("service_user", "provider_team", "referring_team").get(pk=referral.pk)


def news(referral=None):
    """What teams of providers have to see, by how its key begins."""
    rows = FollowUp.objects.open().filter(kind="for_provider")
    return [row.key.partition(":")[0] for row in (rows.filter(referral=referral) if referral else rows)]


def rung(referral):
    """What somebody rings a provider without an account about."""
    rows = FollowUp.objects.open().filter(kind="ring_provider", referral=referral)
    return [row.key.partition(":")[0] for row in rows]


def pause(person, by):
    people.pause(service_user=person, reason="crisis", review_on=clock.today() + timedelta(days=9), by=by)


def end(referral, how, ash, dee):
    referral = fresh(referral)
    if how == "consent":
        consent = referral.service_user.consents.get()
        actions.withdraw_consent(consent=consent, how="By phone", by=ash)
    elif how == "error":
        actions.propose_error(referral=referral, words="The wrong person.", wrong_person=True, by=ash)
        actions.act(referral=fresh(referral), action="mark_error", by=dee, evidence={})
    elif how == "withdraw":
        actions.act(referral=referral, action="withdraw", by=ash, evidence=PHONED)
    else:
        actions.act(referral=referral, action="cancel", by=ash, evidence={"reason_code": how})


@pytest.fixture
def referral(referral_in):
    return referral_in("acknowledged")


@pytest.fixture
def elsewhere(person, dee):
    """A second provider, with an account, that helps the same person."""
    team = factories.TeamFactory(organisation=factories.OrganisationFactory(name="Hillside", provider=True))
    offer = factories.SupportOfferFactory(provider=team.organisation, team=team, kinds=["data_sim"])
    return factories.ReferralFactory(active=True, service_user=person, offer=offer)


# --- Ends ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["duplicate", "died", "withdraw", "consent", "error"])
def test_whoever_has_an_account_sees_that_it_has_ended_on_our_side(referral, ash, bo, dee, how):
    end(referral, how, ash, dee)
    row = FollowUp.objects.open().get(kind="for_provider")
    assert (row.team, row.due_on, row.key.partition(":")[0]) == (bo.team, clock.today(), "over")
    assert "No contact" in row.what


@pytest.mark.parametrize("how", ["duplicate", "died", "withdraw", "consent", "error"])
def test_whoever_has_none_is_mailed_and_rung(in_state, ash, dee, how):
    referral = in_state("acknowledged")
    end(referral, how, ash, dee)
    assert rung(referral) == ["over"]
    assert Mail.objects.filter(key__startswith="partner-over:").count() == 1
    assert news() == []


def test_what_the_providers_own_team_ended_is_no_news_to_it(referral, bo):
    actions.act(referral=referral, action="withdraw", by=bo, evidence=PHONED)
    assert news() == []


@pytest.mark.parametrize("state", ["draft", "declined"])
def test_whoever_has_nothing_in_hand_hears_nothing(referral_in, ash, state):
    actions.act(referral=fresh(referral_in(state)), action="withdraw", by=ash, evidence=PHONED)
    assert news() == []


def test_the_death_that_the_referrer_closes_with_is_news(referral_in, ash):
    referral = referral_in("delivered")
    evidence = {"outcome": "died", "whose_word": "nobody"}
    actions.act(referral=fresh(referral), action="close", by=ash, evidence=evidence)
    assert news() == ["over"]


def test_a_referral_that_is_opened_again_takes_the_news_of_its_end_back(referral, ash, dee):
    end(referral, "withdraw", ash, dee)
    actions.act(referral=fresh(referral), action="reopen", by=dee, evidence={"reason_code": "asked_again"})
    assert news() == []


# --- Seen ---------------------------------------------------------------------------------------------------


def test_one_press_is_enough_on_home_and_on_the_list(referral, ash, bo, dee):
    end(referral, "withdraw", ash, dee)
    row, page = FollowUp.objects.open().get(kind="for_provider"), SignedIn(bo)
    for address in ("/", "/referrals/owed/"):
        assert f'action="/referrals/owed/{row.pk}/seen/"' in page.get(address).content.decode()
    assert page.post(f"/referrals/owed/{row.pk}/seen/").status_code == 302
    row.refresh_from_db()
    assert (row.result, row.done_by) == ("seen", bo)


def test_its_page_has_one_button_and_nothing_to_fill_in(referral, ash, bo, dee):
    end(referral, "withdraw", ash, dee)
    row, page = FollowUp.objects.open().get(kind="for_provider"), SignedIn(bo)
    assert "textarea" not in page.get(f"/referrals/owed/{row.pk}/").content.decode()
    assert page.post(f"/referrals/owed/{row.pk}/", {"result": "seen"}).status_code == 302
    row.refresh_from_db()
    assert row.result == "seen"


def test_nothing_leads_to_a_referral_that_its_reader_may_not_open(referral, ash, bo, dee):
    end(referral, "error", ash, dee)
    row, page = FollowUp.objects.open().get(kind="for_provider"), SignedIn(bo)
    for address in ("/", "/referrals/owed/", f"/referrals/owed/{row.pk}/"):
        assert f"/referrals/{referral.pk}/" not in page.get(address).content.decode()
    assert page.post(f"/referrals/owed/{row.pk}/", {"result": "seen"}).url == "/referrals/owed/"


def test_the_press_says_seen_of_news_and_of_nothing_else(person, ash, as_ash):
    other = FollowUp.objects.create(
        kind="ask_again", key="x", service_user=person, team=ash.team, what="Ask.", due_on=clock.today()
    )
    with pytest.raises(InvalidInput):
        actions.complete_follow_up(follow_up=other, result="seen", by=ash)
    assert as_ash.post(f"/referrals/owed/{other.pk}/seen/").status_code == 400


def test_it_is_on_no_list_of_calls(referral, ash, bo, dee):
    end(referral, "withdraw", ash, dee)
    assert not call_list.follow_ups(bo, clock.today()).filter(kind="for_provider").exists()
    assert call_list.count(bo, clock.today()) == 0


def test_news_that_nobody_sees_is_asked_about_by_whoever_referred(referral, ash, bo, dee):
    end(referral, "withdraw", ash, dee)
    row = FollowUp.objects.open().get(kind="for_provider")
    with clock.at(clock.now() + timedelta(days=9)):
        run_clocks()
    asked = FollowUp.objects.open().filter(key=f"owed:{row.pk}")
    assert {one.team for one in asked} == {ash.team}


# --- Pauses -------------------------------------------------------------------------------------------------


def test_a_pause_is_news_at_once_and_so_is_its_end(referral, ash, bo):
    actions.pause(referral=referral, reason="crisis", review_on=clock.today() + timedelta(days=9), by=ash)
    row = FollowUp.objects.open().get(kind="for_provider")
    assert row.key.startswith("pause:")
    actions.complete_follow_up(follow_up=row, result="seen", by=bo)
    actions.resume(referral=fresh(referral), by=ash)
    assert news() == ["goes_on"]


def test_a_pause_that_ended_unseen_is_no_news(referral, ash):
    actions.pause(referral=referral, reason="crisis", review_on=clock.today() + timedelta(days=9), by=ash)
    actions.resume(referral=fresh(referral), by=ash)
    due.queue_due()
    assert news() == []


def test_whoever_has_no_account_is_mailed_and_rung_at_both(in_state, ash):
    referral = in_state("accepted")
    actions.pause(referral=referral, reason="crisis", review_on=clock.today() + timedelta(days=9), by=ash)
    assert rung(referral) == ["pause"]
    mail = Mail.objects.get(key__startswith="partner-pause:")
    assert "do not contact" in mail.body
    assert "Marker" not in mail.subject + mail.body
    actions.resume(referral=fresh(referral), by=ash)
    assert rung(referral) == ["goes_on"]
    assert Mail.objects.filter(key__startswith="partner-goes_on:").exists()


def test_whoever_never_opened_the_link_is_not_rung_about_a_pause(in_state, ash):
    referral = in_state("sent")
    actions.pause(referral=referral, reason="crisis", review_on=clock.today() + timedelta(days=9), by=ash)
    assert "pause" not in rung(referral)


def test_a_step_does_not_settle_the_news_of_a_pause(in_state, ash):
    referral = in_state("more_info")
    actions.pause(referral=referral, reason="crisis", review_on=clock.today() + timedelta(days=9), by=ash)
    actions.act(referral=fresh(referral), action="answer", by=ash, evidence={"answer": "Tuesdays."})
    assert "pause" in rung(referral)


def test_all_who_help_hear_of_it_but_the_team_that_paused(referral, elsewhere, bo):
    actions.pause(referral=referral, reason="crisis", review_on=clock.today() + timedelta(days=9), by=bo)
    assert news(referral) == []
    assert news(elsewhere) == ["pause"]


def test_the_job_tells_of_what_the_persons_own_page_did(referral, person, ash, bo):
    pause(person, ash)
    due.queue_due()
    due.queue_due()
    assert news() == ["pause"]
    actions.complete_follow_up(follow_up=FollowUp.objects.open().get(kind="for_provider"), result="seen", by=bo)
    people.resume(service_user=person, by=ash)
    due.queue_due()
    due.queue_due()
    assert news() == ["goes_on"]


def test_who_gets_a_referral_during_the_pause_hears_of_it(person, ash, referral_in, bo):
    pause(person, ash)
    referral_in("sent")
    due.queue_due()
    assert news() == ["pause"]


def test_the_end_of_the_referral_takes_the_place_of_its_pause(referral, ash, dee):
    actions.pause(referral=referral, reason="crisis", review_on=clock.today() + timedelta(days=9), by=ash)
    end(referral, "withdraw", ash, dee)
    due.queue_due()
    assert news() == ["over"]


def test_a_late_no_leaves_no_news_with_the_referrer(referral_in, ash, bo):
    referral = referral_in("active")
    actions.pause(referral=referral, reason="crisis", review_on=clock.today() + timedelta(days=9), by=ash)
    evidence = factories.evidence_for(referral, "decline")
    actions.act(referral=fresh(referral), action="decline", by=bo, evidence=evidence)
    assert news() == []


# --- A death that another referral ended with ------------------------------------------------------------------


def test_every_provider_hears_of_a_death(referral, elsewhere, in_state, ash):
    village = in_state("accepted")
    actions.act(referral=referral, action="cancel", by=ash, evidence={"reason_code": "died"})
    assert (news(referral), news(elsewhere), rung(village)) == (["over"], ["died"], ["died"])


def test_pages_of_all_providers_say_so_and_show_no_way_to_reach_the_person(referral, elsewhere, in_state, ash):
    holder = Holder(in_state("accepted")).open()
    worker = SignedIn(elsewhere.named_worker)
    number = "07700 900456"
    assert number in holder.page().content.decode()
    actions.act(referral=referral, action="cancel", by=ash, evidence={"reason_code": "died"})
    for page in (holder.page(), worker.get(f"/referrals/{elsewhere.pk}/")):
        assert "The person has died." in page.content.decode()
        assert number not in page.content.decode()


def test_a_death_that_was_a_mistake_is_taken_back_where_it_was_heard(referral, elsewhere, in_state, ash, dee):
    village = in_state("accepted")
    actions.act(referral=referral, action="cancel", by=ash, evidence={"reason_code": "died"})
    close(FollowUp.objects.filter(referral=elsewhere, kind="for_provider"), "seen")
    actions.propose_error(referral=fresh(referral), words="She lives.", wrong_person=False, by=ash)
    actions.act(referral=fresh(referral), action="mark_error", by=dee, evidence={})
    assert (news(elsewhere), rung(village)) == (["goes_on"], ["goes_on"])


# --- Who has an account --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "in_team", "works_there", "has_one"),
    [
        (Role.SUPPORT_WORKER, True, True, True),
        (Role.SUPPORT_WORKER, True, False, False),
        (Role.SUPPORT_WORKER, False, True, False),
        (Role.ADMIN, True, True, False),
    ],
)
def test_an_account_is_a_worker_of_the_team_that_it_was_sent_to(
    person, offer, provider, role, in_team, works_there, has_one
):
    team = offer.team if in_team else factories.TeamFactory(organisation=provider)
    member = factories.MembershipFactory(team=team, role=role)
    if not works_there:
        type(member).objects.filter(pk=member.pk).update(ended_at=clock.now())
    referral = factories.ReferralFactory(sent=True, service_user=person, offer=offer)
    assert has_account(referral) is has_one
    assert referral.partner_links.exists() is False, "no address is listed"
    assert hasattr(referral, "partner_reference") is not has_one


def test_a_referral_to_no_team_has_no_account_whoever_signs_in(in_state, provider):
    factories.MembershipFactory(team=factories.TeamFactory(organisation=provider), role=Role.SUPPORT_WORKER)
    assert has_account(in_state("sent")) is False


def test_a_team_whose_workers_have_left_is_rung(referral_in, ash, dee, bo):
    referral = referral_in("acknowledged")
    type(bo).objects.filter(pk=bo.pk).update(ended_at=clock.now())
    end(referral, "withdraw", ash, dee)
    assert (news(), rung(referral)) == ([], ["over"])
