"""Events for other systems, over real HTTP on loopback: whole, signed, in order, never more than may be known."""

import json
import random
from datetime import timedelta

import pytest
from django.db import transaction

from accounts import clock
from accounts.errors import InvalidInput, NotAllowed, NotPossibleNow
from accounts.ids import new_id
from referrals import actions, tasks
from referrals.lifecycle import STEPS
from referrals.models import FollowUp, HookDelivery, HookEndpoint, HookEvent, Mail, Referral, ReferralEvent
from referrals.standing import standing
from referrals.timeline import OTHER_EVENTS
from referrals.webhooks import actions as hooks
from referrals.webhooks import announcing, sending, signing
from referrals.webhooks.kinds import KINDS
from tests import factories
from tests.referrals.hook_receiver import Receiver, documented_verify

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def local(settings):
    settings.HOOKS_MAY_BE_LOCAL = True
    settings.PUBLIC_URL = "https://online.example.org"


@pytest.fixture
def receiver():
    with Receiver() as running:
        yield running


@pytest.fixture
def boss(provider_team):
    """Admin of the provider."""
    return factories.MembershipFactory(team=provider_team, role="admin")


@pytest.fixture
def ours(dee, receiver):
    """Where the referrer's organisation listens."""
    return hooks.add_endpoint(by=dee, url=receiver.url, description="Case system")


@pytest.fixture
def theirs(boss):
    with Receiver() as running:
        running.row = hooks.add_endpoint(by=boss, url=running.url)
        yield running


def bodies(receiver):
    return [json.loads(body) for _headers, body, _path in receiver.got]


def kinds(receiver):
    return [body["type"] for body in bodies(receiver)]


def later(**delta):
    return clock.at(clock.now() + timedelta(**delta))


def last():
    return HookDelivery.objects.order_by("-pk").first()


# --- What is told, and to whom -----------------------------------------------------------------------------


def test_every_step_is_told_to_both_sides_and_nothing_before_it_is_sent_to_the_provider(
    ours, theirs, receiver, referral_in
):
    referral_in("accepted")
    tasks.send_hooks()
    sent_on = ["referral.send", "referral.acknowledge", "referral.accept"]
    assert kinds(receiver) == ["referral.draft", *sent_on]
    assert kinds(theirs) == sent_on


def test_what_is_told_is_thin(ours, receiver, referral_in, person):
    referral = referral_in("accepted", goal="MARKERGOAL")
    tasks.send_hooks()
    headers, body, path = receiver.got[-1]
    told = json.loads(body)
    event = HookEvent.objects.order_by("-pk").first()
    assert told == {
        "version": 1,
        "id": headers["webhook-id"],
        "type": "referral.accept",
        "timestamp": event.at.isoformat(),
        "sequence": event.pk,
        "data": {
            "referral": str(referral.pk),
            "state": "accepted",
            "action_with": "provider",
            "due_on": str(referral.due_on),
            "url": f"https://online.example.org/api/v1/referrals/{referral.pk}/",
        },
    }
    assert path == "/hook?from=us"
    everything = b"".join(body for _headers, body, _path in receiver.got).decode()
    assert not [mark for mark in (person.name, person.nhs_number, "MARKERGOAL") if mark in everything]


def test_every_event_that_can_be_written_has_words_to_choose_it_by():
    assert {f"referral.{step}" for step in (*STEPS, *OTHER_EVENTS)} - {"referral.mark_error"} <= set(KINDS)


def test_a_provider_hears_of_no_more_than_its_page_shows(theirs, referral_in, ash):
    referral = referral_in("sent")
    actions.propose_error(referral=referral, by=ash, words="Wrong person.")
    tasks.send_hooks()
    assert kinds(theirs) == ["referral.send"]


def test_a_stranger_hears_nothing(cam, team, receiver, referral_in):
    stranger = factories.MembershipFactory(team=cam.team, role="admin")
    hooks.add_endpoint(by=stranger, url=receiver.url)
    referral_in("accepted")
    assert not HookDelivery.objects.exists()


def test_only_chosen_events_are_told(dee, receiver, referral_in):
    hooks.add_endpoint(by=dee, url=receiver.url, kinds=["referral.accept"])
    referral_in("active")
    tasks.send_hooks()
    assert kinds(receiver) == ["referral.accept"]


def test_appointments_are_told(ours, receiver, referral_in, bo):
    referral = referral_in("accepted")
    soon = clock.now() + timedelta(days=9)
    booked = actions.book(referral=referral, starts_at=soon, where="Library", by=bo)
    actions.record_appointment(appointment=booked, outcome="cancelled_by_person", by=bo, evidence={"reason": "x"})
    tasks.send_hooks()
    assert kinds(receiver)[-2:] == ["appointment.booked", "appointment.changed"]
    assert b"Library" not in receiver.got[-2][1]


def test_what_was_made_in_error_is_called_back_from_those_who_knew(ours, theirs, receiver, referral_in):
    theirs.mood = 500
    referral = referral_in("sent")
    tasks.send_hooks()
    theirs.mood, theirs.got[:] = 200, []
    with later(hours=1):
        referral = mark_error(referral)
        tasks.send_hooks()
        hooks.replay_since(endpoint=theirs.row, by=theirs.row.created_by, since=clock.now() - timedelta(days=2))
        tasks.send_hooks()
    assert set(kinds(theirs)) == {"referral.deleted"}
    assert all(body["data"] == {"referral": str(referral.pk)} for body in bodies(theirs))
    assert kinds(receiver)[-1] == "referral.deleted"


def mark_error(referral):
    ash = referral.created_by
    actions.propose_error(referral=referral, by=ash, words="Wrong person.")
    admin = factories.MembershipFactory(team=ash.team, role="admin")
    return actions.act(referral=referral, action="mark_error", by=admin, evidence={"words": "Wrong person."})


def test_a_provider_that_never_knew_is_not_told_of_the_error(theirs, referral_in):
    mark_error(referral_in("draft"))
    assert not HookDelivery.objects.exists()


def test_the_event_stands_or_falls_with_its_step(ours, referral_in, ash):
    before = HookEvent.objects.count()
    with transaction.atomic():
        referral_in("sent")
        assert HookEvent.objects.count() > before
        transaction.set_rollback(True)
    assert not HookEvent.objects.exists()
    assert not HookDelivery.objects.exists()


# --- Signatures ----------------------------------------------------------------------------------------------


def signed(receiver, number=-1):
    headers, body, _path = receiver.got[number]
    return {name.lower(): value for name, value in headers.items()}, body


def test_the_documented_example_takes_ours_and_nothing_else(ours, receiver, dee):
    verify, secret = documented_verify(), hooks.show_secret(endpoint=ours, by=dee)
    hooks.send_test(endpoint=ours, by=dee)
    tasks.send_hooks()
    headers, body = signed(receiver)
    assert verify(secret, headers, body)
    assert not verify(secret, headers, body + b" ")
    assert not verify(signing.secret_from("other"), headers, body)
    assert not verify(secret, headers | {"webhook-id": str(new_id())}, body)
    assert not verify(secret, headers, body, now=clock.now().timestamp() + 900)


def test_after_a_rotation_both_secrets_are_good_for_a_day(ours, receiver, dee):
    verify, old = documented_verify(), hooks.show_secret(endpoint=ours, by=dee)
    hooks.rotate(endpoint=ours, by=dee)
    ours.refresh_from_db()
    new = hooks.show_secret(endpoint=ours, by=dee)
    for hours, takes_old in ((0, True), (25, False)):
        with later(hours=hours):
            hooks.send_test(endpoint=ours, by=dee)
            tasks.send_hooks()
            headers, body = signed(receiver)
            now = clock.now().timestamp()
        assert verify(new, headers, body, now=now)
        assert verify(old, headers, body, now=now) is takes_old
    assert old != new


def test_a_secret_is_shown_once_and_not_in_the_database(ours, dee):
    secret = hooks.show_secret(endpoint=ours, by=dee)
    with pytest.raises(NotPossibleNow):
        hooks.show_secret(endpoint=ours, by=dee)
    assert secret not in str(HookEndpoint.objects.values())


# --- Failures ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mood", [500, 429, 404, 302, "cuts"])
def test_what_is_not_taken_comes_again_under_the_same_id(ours, receiver, dee, mood):
    hooks.send_test(endpoint=ours, by=dee)
    receiver.moods = [mood, mood]
    for minutes in (0, 2, 20):
        with later(minutes=minutes):
            tasks.send_hooks()
    ids = {headers["webhook-id"] for headers, _body, _path in receiver.got}
    assert (len(receiver.got), len(ids)) == (3, 1)
    assert len({body for _headers, body, _path in receiver.got}) == 1
    assert last().fate == "delivered"


def test_the_page_knows_code_and_time_of_the_last_try_and_keeps_no_answer(ours, receiver, dee):
    hooks.send_test(endpoint=ours, by=dee)
    receiver.mood = 503
    tasks.send_hooks()
    row = HookDelivery.objects.values().get()
    assert (row["code"], row["result"], row["fate"]) == (503, "refused", "")
    assert row["took_ms"] is not None
    assert "nobody keeps" not in str(row)


def test_after_ten_tries_in_some_three_days_it_is_given_up(ours, receiver, dee):
    hooks.send_test(endpoint=ours, by=dee)
    receiver.mood = 404
    start = clock.now()
    for hour in range(100):
        with clock.at(start + timedelta(hours=hour)):
            tasks.send_hooks()
    assert (last().fate, len(receiver.got)) == ("given_up", 10)
    assert timedelta(days=3) < last().settled_at - start < timedelta(days=4)


def test_one_that_hangs_is_cut_off(ours, receiver, dee, monkeypatch):
    monkeypatch.setattr("directory.fetching.PATIENCE", 0.3)
    receiver.mood, receiver.hangs_for = "hangs", 2
    hooks.send_test(endpoint=ours, by=dee)
    tasks.send_hooks()
    assert last().result == "too_slow"


def test_one_listener_that_is_down_is_asked_once_and_is_not_in_the_way(ours, theirs, receiver, referral_in):
    receiver.mood = 500
    for _number in range(3):
        hooks.send_test(endpoint=ours, by=ours.created_by)
    referral_in("accepted")
    tasks.send_hooks()
    assert kinds(theirs) == ["referral.send", "referral.acknowledge", "referral.accept"]
    assert len(receiver.got) <= 4


def test_for_one_referral_the_next_waits_for_the_one_before(ours, receiver, referral_in):
    referral_in("sent")
    receiver.moods = [404]
    tasks.send_hooks()
    assert kinds(receiver) == ["referral.draft"]
    with later(minutes=2):
        tasks.send_hooks()
    assert kinds(receiver) == ["referral.draft", "referral.draft", "referral.send"]


def test_after_five_days_it_is_switched_off_and_the_admins_are_mailed(ours, receiver, dee):
    start = clock.now()
    receiver.mood = 500
    for hour in range(0, 150, 3):
        with clock.at(start + timedelta(hours=hour)):
            ours.refresh_from_db()
            if ours.active:
                hooks.send_test(endpoint=ours, by=dee)
            tasks.send_hooks()
    ours.refresh_from_db()
    assert ours.active is False
    assert ours.switched_off_at >= start + timedelta(days=5)
    mail = Mail.objects.get(to=dee.user.email)
    assert receiver.url not in mail.body


def test_one_that_says_gone_is_switched_off_at_once(ours, receiver, dee):
    receiver.mood = 410
    hooks.send_test(endpoint=ours, by=dee)
    tasks.send_hooks()
    ours.refresh_from_db()
    assert not ours.active
    assert Mail.objects.filter(to=dee.user.email).count() == 1


@pytest.mark.parametrize("at", ["before", "after"])
def test_killed_around_the_post_nothing_is_lost_and_a_double_has_the_same_id(ours, receiver, dee, monkeypatch, at):
    hooks.send_test(endpoint=ours, by=dee)

    def die(*args):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(sending, "post" if at == "before" else "_write_down", die)
        with pytest.raises(KeyboardInterrupt):
            tasks.send_hooks()
    tasks.send_hooks()
    assert len(receiver.got) == (at == "after"), "the lease still holds"
    with later(seconds=61):
        tasks.send_hooks()
    assert {headers["webhook-id"] for headers, _body, _path in receiver.got} == {str(last().pk)}
    assert len(receiver.got) == 1 + (at == "after")
    assert last().fate == "delivered"


# --- Where to ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.org/", "https://127.0.0.1/", "https://[::1]/", "https://10.1.2.3/",
        "https://169.254.169.254/latest", "https://192.168.0.9/", "ftp://example.org", "https://u:p@example.org/",
        "nonsense", "", "https://[fe80::1]/", "https://example.org/a b",
    ],
)  # fmt: skip
def test_an_address_inside_or_without_tls_is_refused(dee, settings, url):
    settings.HOOKS_MAY_BE_LOCAL = False
    with pytest.raises(InvalidInput) as refused:
        hooks.add_endpoint(by=dee, url=url)
    assert "url" in refused.value.fields


def test_a_name_that_leads_inside_later_is_not_posted_to(ours, receiver, dee, settings):
    hooks.send_test(endpoint=ours, by=dee)
    settings.HOOKS_MAY_BE_LOCAL = False
    HookEndpoint.objects.update(url="https://localhost/hook")
    tasks.send_hooks()
    assert last().result == "not_public"
    assert not receiver.got


# --- Replay --------------------------------------------------------------------------------------------------


def test_one_is_replayed_under_its_id(ours, receiver, dee, referral_in):
    referral_in("sent")
    tasks.send_hooks()
    hooks.replay(delivery=last(), by=dee)
    with pytest.raises(NotPossibleNow):
        hooks.replay(delivery=last(), by=dee)
    tasks.send_hooks()
    assert receiver.got[-1][1] == receiver.got[-2][1]
    assert receiver.got[-1][0]["webhook-id"] == receiver.got[-2][0]["webhook-id"]


def test_all_since_a_time_are_replayed_what_was_before_the_address_too(dee, receiver, referral_in):
    referral_in("accepted")
    endpoint = hooks.add_endpoint(by=dee, url=receiver.url)
    assert hooks.replay_since(endpoint=endpoint, by=dee, since=clock.now() - timedelta(hours=1)) == (4, None)
    tasks.send_hooks()
    first = kinds(receiver)
    assert first == ["referral.draft", "referral.send", "referral.acknowledge", "referral.accept"]
    hooks.replay_since(endpoint=endpoint, by=dee, since=clock.now() - timedelta(hours=1))
    tasks.send_hooks()
    assert kinds(receiver) == first * 2
    assert len({headers["webhook-id"] for headers, _body, _path in receiver.got}) == 4


@pytest.mark.parametrize("days", [-1, 91])
def test_a_replay_has_bounds(ours, dee, days):
    with pytest.raises(InvalidInput):
        hooks.replay_since(endpoint=ours, by=dee, since=clock.now() - timedelta(days=days))


def test_switched_off_it_hears_nothing_and_a_replay_makes_up_for_it(ours, receiver, dee, referral_in):
    hooks.switch(endpoint=ours, by=dee, on=False)
    referral_in("sent")
    tasks.send_hooks()
    assert not receiver.got
    with pytest.raises(NotPossibleNow):
        hooks.send_test(endpoint=HookEndpoint.objects.get(), by=dee)
    hooks.switch(endpoint=ours, by=dee, on=True)
    hooks.replay_since(endpoint=ours, by=dee, since=clock.now() - timedelta(hours=1))
    tasks.send_hooks()
    assert kinds(receiver) == ["referral.draft", "referral.send"]


# --- After any steps -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(6))
def test_after_random_steps_and_failures_what_was_received_is_what_happened(
    ours, receiver, person, offer, bo, dee, ash, seed
):
    dice = random.Random(seed)
    referral = factories.ReferralFactory(state="draft", service_user=person, offer=offer, worker=bo, admin=dee)
    start = clock.now()
    for number in range(25):
        receiver.mood = dice.choice([200, 200, 500, 404, "cuts"])
        with clock.at(start + timedelta(hours=number)):
            referral = Referral.objects.get(pk=referral.pk)
            _any_step(dice, referral, [ash, bo, dee])
            tasks.send_hooks()
    receiver.mood = 200
    for number in range(8):
        with clock.at(start + timedelta(hours=30 + 12 * number)):
            tasks.send_hooks()
    seen, received = set(), []
    for headers, body, _path in receiver.got:
        told = json.loads(body)
        assert headers["webhook-id"] == told["id"]
        if told["id"] not in seen:
            seen.add(told["id"])
            received.append((told["sequence"], told["type"], told["data"]["state"]))
    events = ReferralEvent.objects.filter(referral=referral).order_by("pk")
    assert [one[1:] for one in received] == [(f"referral.{one.step}", one.to_status) for one in events]
    assert received == sorted(received)
    assert len(received) > 3


def _any_step(dice, referral, people):
    """Whatever somebody may do now, but no end: at random."""
    ends = {"withdraw", "cancel", "close", "could_not_reach", "mark_error", "reroute", "decline"}
    by = dice.choice(people)
    pause = {"reason": "in_hospital", "review_on": clock.today() + timedelta(days=9)}
    try:
        possible = sorted(set(standing(referral, by).may_do(referral.status)) - ends)
        if possible and dice.random() < 0.8:
            step = dice.choice(possible)
            actions.act(referral=referral, action=step, by=by, evidence=factories.evidence_for(referral, step))
        else:
            actions.pause(referral=referral, by=by, **pause)
    except (InvalidInput, NotAllowed, NotPossibleNow):
        return


# --- Delete what you hold, bounds -------------------------------------------------------------------------


def made_in_error(referral, ash, dee):
    actions.propose_error(referral=referral, by=ash, words="The wrong one.", wrong_person=True)
    fresh = Referral.objects.get(pk=referral.pk)
    actions.act(referral=fresh, action="mark_error", by=dee, evidence={"words": "The wrong one."})
    return HookDelivery.objects.get(event__kind="referral.deleted")


def rings():
    return FollowUp.objects.open().filter(kind="ring_provider", key__startswith="hook-deleted:")


def test_a_notice_to_delete_waits_for_a_system_that_is_off_and_somebody_rings(theirs, referral_in, ash, dee, boss):
    referral = referral_in("sent")
    hooks.switch(endpoint=theirs.row, by=boss, on=False)
    notice = made_in_error(referral, ash, dee)
    sending.send_due()
    sending.send_due()
    assert (notice.fate, rings().get().team) == ("", ash.team)
    mail = Mail.objects.get(key__startswith="hook-deleted:")
    assert mail.to == boss.user.email
    assert referral.service_user.name not in mail.subject + mail.body
    hooks.switch(endpoint=theirs.row, by=boss, on=True)
    with clock.at(clock.now() + timedelta(minutes=1)):
        sending.send_due()
    notice.refresh_from_db()
    assert notice.fate == "delivered"
    assert not rings().exists()


def test_a_notice_to_delete_that_is_given_up_leaves_somebody_to_ring(theirs, referral_in, ash, dee):
    notice = made_in_error(referral_in("sent"), ash, dee)
    HookDelivery.objects.filter(pk=notice.pk).update(fate="given_up", settled_at=clock.now())
    sending.send_due()
    assert rings().get().due_on == clock.today()


def test_an_organisation_has_ten_systems_at_most(dee, receiver):
    for number in range(10):
        hooks.add_endpoint(by=dee, url=f"{receiver.url}/{number}")
    with pytest.raises(InvalidInput, match="Ten systems"):
        hooks.add_endpoint(by=dee, url=f"{receiver.url}/10")


def test_a_replay_stops_at_the_most_and_says_where_to_go_on(ours, dee, referral_in, monkeypatch):
    monkeypatch.setattr(announcing, "MOST", 3)
    monkeypatch.setattr(announcing, "BATCH", 2)
    referral_in("active")
    events = list(HookEvent.objects.order_by("pk"))
    HookDelivery.objects.all().delete()
    since = clock.now() - timedelta(hours=1)
    assert hooks.replay_since(endpoint=ours, by=dee, since=since) == (3, events[2].at)
    assert set(HookDelivery.objects.values_list("event", flat=True)) == {one.pk for one in events[:3]}
