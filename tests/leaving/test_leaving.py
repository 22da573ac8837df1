"""Somebody leaves: nothing of theirs is left behind, and they are out at once."""

import datetime

import pytest
from django.db.models import Q
from django.urls import reverse

from accounts import clock
from accounts.actions import end_membership, issue_token
from accounts.errors import InvalidInput, NotAllowed, NotPossibleNow
from accounts.models import AuditEvent, Membership
from accounts.permissions import Role
from inclusion.leaving.actions import leave
from referrals import actions
from referrals.models import FollowUp, Referral, ReferralEvent
from tests import factories
from tests.conftest import SignedIn
from tests.factories import ReferralFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def lou(ash):
    """Ash's colleague."""
    return factories.MembershipFactory(user__name="Lou Lister", team=ash.team, role=Role.CLINICIAN)


@pytest.fixture
def sam(bo):
    """Leads Bo's team."""
    return factories.MembershipFactory(user__name="Sam Shah", team=bo.team, role=Role.SUPPORT_WORKER, is_lead=True)


@pytest.fixture
def busy(ash, bo, offer):
    """A referral in each state, of Ash's and with Bo's name where there is one."""
    states = list(factories.WAY_TO)
    return {
        state: ReferralFactory(
            state=state,
            service_user=factories.ServiceUserFactory(created_by=ash),
            offer=offer,
            worker=bo,
        )
        for state in states
    }


def pointing_at_nobody():
    """Open referrals with the name of somebody who does not work here now; open follow-ups of a deserted team."""
    ended = Q(ended_at__isnull=False) | Q(user__is_active=False)
    gone = Membership.objects.filter(ended)
    staffed = Membership.objects.current().values("team")
    referrals = Referral.objects.open().filter(Q(named_worker__in=gone) | Q(kept_by__in=gone))
    return [*referrals, *FollowUp.objects.open().exclude(team__in=staffed)]


def test_a_support_workers_work_goes_to_a_colleague_and_every_row_has_its_event(busy, bo, sam):
    moved = leave(leaver=bo, to={"named": sam}, by=sam)
    assert moved == {"named": 3, "kept": 0, "drafts": 0}
    for state in ("accepted", "active", "delivered"):
        after = Referral.objects.get(pk=busy[state].pk)
        assert (after.named_worker, after.status) == (sam, state)
        assert after.events.get(step="assign").by == sam
    assert Referral.objects.get(pk=busy["closed"].pk).named_worker == bo
    assert pointing_at_nobody() == []
    assert AuditEvent.objects.get(action="hand_over_work").details == {"moved": moved}
    assert AuditEvent.objects.filter(action="end_membership", subject_id=str(bo.pk)).exists()


def test_a_clinicians_referrals_and_drafts_go_to_whom_was_chosen_for_each(busy, ash, lou, dee):
    leave(leaver=ash, to={"kept": None, "drafts": lou}, by=dee)
    assert Referral.objects.get(pk=busy["draft"].pk).kept_by == lou
    assert Referral.objects.get(pk=busy["active"].pk).kept_by is None
    assert Referral.objects.get(pk=busy["withdrawn"].pk).kept_by == ash
    assert pointing_at_nobody() == []


def test_the_people_helped_are_owed_the_news_that_somebody_else_comes(busy, bo, sam):
    leave(leaver=bo, to={"named": sam}, by=sam)
    news = FollowUp.objects.open().filter(key__startswith="assign:")
    assert {row.referral.status for row in news} == {"accepted", "active"}


def test_a_kind_without_an_answer_changes_nothing(busy, bo, sam, cam):
    for to in ({}, {"named": cam}):
        with pytest.raises(InvalidInput):
            leave(leaver=bo, to=to, by=sam)
    bo.refresh_from_db()
    assert bo.ended_at is None
    assert not ReferralEvent.objects.filter(step="assign").exists()


def test_they_are_out_with_the_next_request_and_their_keys_are_dead(busy, bo, sam, client):
    browser = SignedIn(bo)
    page = reverse("referrals:worklist")
    _row, secret = issue_token(membership=bo, name="key", by=bo)
    key = {"HTTP_AUTHORIZATION": f"Bearer {secret}"}
    assert browser.get(page).status_code == 200
    assert client.get("/api/v1/referrals/", **key).status_code == 200
    leave(leaver=bo, to={"named": None}, by=sam)
    assert browser.get(page).status_code in (302, 403)
    assert "_auth_user_id" not in browser.session
    assert client.get("/api/v1/referrals/", **key).status_code == 401


def test_nobody_ends_what_is_not_theirs_to_end(ash, bo, sam, dee, lou):
    for by, leaver in ((sam, ash), (sam, sam), (dee, dee)):
        with pytest.raises(NotAllowed):
            leave(leaver=leaver, to={}, by=by)
    lou.is_lead = True
    with pytest.raises(NotAllowed, match="never an admin"):
        leave(leaver=dee, to={}, by=lou)
    leave(leaver=ash, to={}, by=lou)
    with pytest.raises(NotPossibleNow, match="already ended"):
        leave(leaver=ash, to={}, by=lou)


def test_nothing_can_be_given_to_somebody_who_has_left(busy, bo, sam):
    leave(leaver=sam, to={}, by=factories.MembershipFactory(team=bo.team, role=Role.ADMIN))
    with pytest.raises(InvalidInput):
        actions.assign(referral=busy["active"], to=sam, by=bo)


def test_a_screening_left_open_is_found_by_the_rest_of_the_team(person, ash, lou, dee):
    factories.ScreeningFactory(service_user=person)
    home = SignedIn(lou)
    assert "Screening left open" not in home.get("/").content.decode()
    leave(leaver=ash, to={}, by=dee)
    assert "Screening left open" in home.get("/").content.decode()


def test_pages_with_the_name_of_a_leaver_still_work(busy, bo, sam, as_ash):
    leave(leaver=bo, to={"named": None}, by=sam)
    for referral in busy.values():
        page = reverse("referrals:detail", args=[referral.pk])
        assert as_ash.get(page).status_code == 200
    assert "Bo Brandt" in as_ash.get(reverse("referrals:detail", args=[busy["closed"].pk])).content.decode()


def test_a_membership_that_ended_elsewhere_leaves_a_list_behind(busy, bo, sam, dee):
    end_membership(membership=bo, by=dee)
    assert len(pointing_at_nobody()) == 3
    browser = SignedIn(sam)
    shown = browser.get(reverse("colleagues")).content.decode()
    assert "3 open referrals have the name of somebody who has left" in shown
    rows = [busy[state].pk for state in ("accepted", "active", "delivered")]
    browser.post(reverse("referrals:assign"), {"referral": rows, "to": sam.pk})
    assert pointing_at_nobody() == []


# --- The page -------------------------------------------------------------------------------------------------


def test_the_page_shows_everything_by_kind_and_one_press_ends_it(busy, bo, sam):
    soon = clock.now() + datetime.timedelta(days=9)
    actions.book(referral=busy["active"], starts_at=soon, where="Library", by=bo)
    actions.reserve_loan(referral=busy["active"], item="device", label="Tablet 7", by=bo)
    browser, page = SignedIn(sam), reverse("leave", args=[bo.pk])
    shown = browser.get(page).content.decode()
    for words in ("named worker of (3)", "Appointments ahead (1)", "Loans (1)", "Tablet 7", "Owed to people"):
        assert words in shown, words
    assert browser.post(page, {}).status_code == 400
    assert "Choose who looks after these from now on." in browser.post(page, {"named": ""}).content.decode()
    given = {"named": sam.pk, "once": "leaving-once"}
    first, again = browser.post(page, given), browser.post(page, given)
    assert (first.status_code, first.url) == (again.status_code, again.url) == (302, reverse("colleagues"))
    assert ReferralEvent.objects.filter(step="assign").count() == 3
    assert "Bo Brandt has left. Referrals that went on: 3." in browser.get(first.url).content.decode()
    assert browser.get(page).url == reverse("colleagues")


def test_a_lead_sees_their_own_team_and_no_other(bo, sam, ash, as_ash):
    browser = SignedIn(sam)
    shown = browser.get(reverse("colleagues")).content.decode()
    assert "Bo Brandt" in shown
    assert "Ash Amadi" not in shown
    assert browser.get(reverse("leave", args=[ash.pk])).status_code == 404
    other = factories.MembershipFactory(team__organisation=bo.organisation, role=Role.SUPPORT_WORKER)
    assert browser.get(reverse("leave", args=[other.pk])).status_code == 403
    assert as_ash.get(reverse("colleagues")).status_code == 403
