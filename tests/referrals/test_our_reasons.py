"""An organisation's own reasons: added, changed, retired, and still readable on old records."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts import clock
from accounts.errors import AlreadyChanged, InvalidInput, NotAllowed
from accounts.permissions import Role
from referrals import actions
from referrals.coded import label_of, reasons_of
from referrals.how_we_work import reasons
from referrals.how_we_work.reasons import Wanted
from referrals.messages import next_step
from referrals.models import FollowUp, ReasonCode, SettingChange
from referrals.reasons import DECLINE, NextAction
from tests import factories
from tests.conftest import SignedIn

pytestmark = pytest.mark.django_db
STRIKE = Wanted("Our trainers strike", needs_words=True, ask="Until when?", next_action="ask_again", park_days=9)


@pytest.fixture
def eve(provider_team):
    """Admin at the provider."""
    return factories.MembershipFactory(team=provider_team, role=Role.ADMIN)


def test_an_own_reason_can_be_chosen_asks_its_question_and_says_when_to_ask_again(eve, bo, referral_in):
    code = reasons.add(by=eve, step="decline", wanted=STRIKE)
    referral = referral_in("acknowledged")
    with pytest.raises(InvalidInput, match="Until when"):
        actions.act(referral=referral, action="decline", by=bo, evidence={"reason_code": code})
    actions.act(referral=referral, action="decline", by=bo, evidence={"reason_code": code, "words": "May"})
    day = clock.today() + timedelta(days=9)
    told = FollowUp.objects.get(kind="next_step").what
    assert f"before {day.day} {day:%B %Y}" in told
    assert str(NextAction.ASK_AGAIN.sentence) in told


def test_a_retired_reason_is_off_the_list_and_on_old_records(eve, bo, offer, dee, referral_in):
    code = reasons.add(by=eve, step="decline", wanted=STRIKE)
    referral = referral_in("acknowledged")
    after = actions.act(referral=referral, action="decline", by=bo, evidence={"reason_code": code, "words": "May"})
    reasons.change(by=eve, step="decline", code=code, wanted=Wanted(**{**vars(STRIKE), "hidden": True}), seen=1)
    assert label_of(after, "decline", code) == STRIKE.label
    assert reasons_of(eve.organisation, "decline")[code].hidden
    other = factories.ReferralFactory(state="acknowledged", offer=offer, worker=bo, admin=dee)
    with pytest.raises(InvalidInput):
        actions.act(referral=other, action="decline", by=bo, evidence={"reason_code": code, "words": "May"})
    assert [row.done for row in SettingChange.objects.order_by("id")] == ["added", "retired"]


def test_a_usual_reason_can_be_changed_for_one_organisation_only(eve, trust):
    changed = Wanted("We are full", next_action="reroute", park_days=0)
    reasons.change(by=eve, step="decline", code="full", wanted=changed, seen=0)
    mine = reasons_of(eve.organisation, "decline")["full"]
    assert (mine.label, mine.next_action, mine.park_days) == ("We are full", NextAction.REROUTE, 0)
    assert reasons_of(trust, "decline")["full"] in DECLINE


@pytest.mark.parametrize(
    ("step", "wanted", "field"),
    [
        ("decline", Wanted("Strike"), "next_action"),
        ("decline", Wanted("Strike", next_action="nothing"), "next_action"),
        ("decline", Wanted("  ", next_action="talk"), "label"),
        ("decline", Wanted("no room, and no waiting list", next_action="talk"), "label"),
        ("decline", Wanted("x" * 101, next_action="talk"), "label"),
        ("decline", Wanted("Strike", needs_words=True, ask="x" * 121, next_action="talk"), "ask"),
        ("decline", Wanted("Strike", next_action="talk", park_days=366), "park_days"),
        ("decline", Wanted("Strike", next_action="talk", silent=True), "silent"),
        ("cancel", Wanted("Strike", next_action="talk"), "next_action"),
        ("cancel", Wanted("Strike", park_days=3), "park_days"),
        ("reopen", Wanted("Strike", silent=True), "silent"),
    ],
)
def test_what_a_reason_may_not_be_is_said_beside_the_field(dee, step, wanted, field):
    with pytest.raises(InvalidInput) as refusal:
        reasons.add(by=dee, step=step, wanted=wanted)
    assert set(refusal.value.fields) == {field}
    assert not ReasonCode.objects.exists()


def test_no_own_reason_ends_a_referral_in_silence(dee):
    with pytest.raises(InvalidInput) as refusal:
        reasons.add(by=dee, step="cancel", wanted=Wanted("Not worth it", silent=True))
    assert set(refusal.value.fields) == {"silent"}


def test_the_person_is_told_after_an_own_reason_to_cancel(dee, ash, referral_in):
    code = reasons.add(by=dee, step="cancel", wanted=Wanted("Not worth it"))
    actions.act(referral=referral_in("acknowledged"), action="cancel", by=ash, evidence={"reason_code": code})
    assert FollowUp.objects.open().filter(kind="tell_person").exists()


def test_somebody_who_died_is_never_written_to_whatever_a_list_says(dee):
    reasons.change(by=dee, step="cancel", code="died", wanted=Wanted("Passed away"), seen=0)
    assert ReasonCode.objects.get(code="died").silent


def test_one_reason_stays_on_the_list(dee):
    listed = list(reasons_of(dee.organisation, "reopen").values())
    for reason in listed[:-1]:
        hide(dee, reason)
    with pytest.raises(InvalidInput) as refusal:
        hide(dee, listed[-1])
    assert set(refusal.value.fields) == {"hidden"}


def hide(by, reason):
    wanted = Wanted(**{**vars(reasons.wanted_from(reason)), "hidden": True})
    reasons.change(by=by, step="reopen", code=reason.code, wanted=wanted, seen=0)


def test_the_database_holds_to_it_too(trust):
    silent = [{"step": "reopen", "silent": True}, {"step": "cancel", "silent": True}]
    for wrong in ({"step": "decline"}, *silent, {"step": "cancel", "park_days": 3}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ReasonCode.objects.create(organisation=trust, code="x", label="X", **wrong)


def test_of_two_admins_the_second_is_told_and_only_admins_may(eve, bo):
    wanted = Wanted("We are full", next_action="reroute")
    reasons.change(by=eve, step="decline", code="full", wanted=wanted, seen=0)
    with pytest.raises(AlreadyChanged):
        reasons.change(by=eve, step="decline", code="full", wanted=wanted, seen=0)
    with pytest.raises(NotAllowed):
        reasons.add(by=bo, step="decline", wanted=STRIKE)


def test_labels_that_make_the_same_code_get_a_number(dee):
    labels = ["On strike", "On strike!", "罷工", "スト"]
    codes = [reasons.add(by=dee, step="cancel", wanted=Wanted(label)) for label in labels]
    assert codes == ["on_strike", "on_strike_2", "own", "own_2"]


def test_the_pages_add_change_and_retire(eve, bo):
    browser = SignedIn(eve)
    list_page, add = "/referrals/how-we-work/reasons/", "/referrals/how-we-work/reasons/decline/add/"
    wrong = browser.post(add, {"label": "Strike"})
    assert wrong.status_code == 400
    assert "never left with nothing" in wrong.content.decode()
    assert 'value="Strike"' in wrong.content.decode()
    once = {"label": "Strike", "next_action": "talk", "once": "abc"}
    assert [browser.post(add, once).status_code for _ in range(2)] == [302, 302]
    assert ReasonCode.objects.count() == 1
    one = f"{list_page}decline/strike/"
    done = browser.post(one, {"label": "Strike", "next_action": "talk", "hidden": "on", "version": 1})
    assert done.status_code == 302
    page = browser.get(list_page).content.decode()
    assert "Retired" in page
    assert browser.get(f"{list_page}decline/nothing/").status_code == 404
    assert browser.get(f"{list_page}accept/full/").status_code == 404


def test_the_api_adds_changes_and_refuses_with_the_same_words(eve):
    browser, url = SignedIn(eve), "/api/v1/reasons/"

    def send(method, path, **body):
        return getattr(browser, method)(path, body, content_type="application/json")

    assert send("post", url, step="decline", label="Strike").json()["errors"]["next_action"]
    made = send("post", url, step="decline", label="Strike", next_action="talk")
    assert made.status_code == 201
    assert (made.json()["id"], made.json()["usual"], made.json()["version"]) == ("decline.strike", False, 1)
    one = f"{url}decline.strike/"
    assert send("patch", one, hidden=True, version=1).json()["hidden"] is True
    assert send("patch", one, hidden=False, version=1).status_code == 409
    assert send("patch", f"{url}decline.nothing/", version=0).status_code == 404
    listed = {row["id"]: row for row in browser.get(url).json()}
    assert listed["decline.strike"]["hidden"]
    assert listed["decline.full"]["park_days"] == 60


def test_a_long_history_reads_each_list_once(eve, django_assert_max_num_queries):
    browser = SignedIn(eve)
    for number in range(12):
        reasons.add(by=eve, step="decline", wanted=Wanted(f"Strike {number}", next_action="talk"))
    with django_assert_max_num_queries(16):
        assert browser.get("/referrals/how-we-work/reasons/").status_code == 200
    with django_assert_max_num_queries(16):
        assert len(browser.get("/api/v1/reasons/").json()) == 12 + 15 + 9 + 5


def test_a_person_reads_the_next_step_of_the_day_on_which_the_provider_declined(eve, bo, referral_in):
    code = reasons.add(by=eve, step="decline", wanted=Wanted("We closed", next_action="reroute"))
    declined = actions.act(
        referral=referral_in("acknowledged"), action="decline", by=bo, evidence={"reason_code": code}
    )
    reasons.change(by=eve, step="decline", code=code, wanted=Wanted("We closed", next_action="talk"), seen=1)
    assert next_step(declined) == "reroute"
    assert str(NextAction.REROUTE.sentence) in FollowUp.objects.open().get(kind="next_step").what
