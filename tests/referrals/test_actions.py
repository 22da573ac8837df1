"""Each step of the table as it is taken: the event, the audit row, the guard against a stale page."""

import itertools
from datetime import timedelta

import pytest

from accounts import clock
from accounts.errors import AlreadyChanged, InvalidInput, NotAllowed, NotPossibleNow
from accounts.models import AuditEvent
from people.models import Consent
from referrals import actions
from referrals.followup import add_working_days
from referrals.lifecycle import Status
from referrals.models import FollowUp, Referral, ReferralEvent, Reminder
from tests import factories
from tests.factories import WAY_TO, ReferralFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", WAY_TO)
def test_every_state_can_be_reached_through_the_actions(referral_in, state):
    referral = referral_in(state)
    assert referral.status == state
    assert referral.is_open == bool(referral.action_with) == bool(referral.due_on)
    assert list(referral.events.values_list("to_status", flat=True))[-1] == state


@pytest.mark.parametrize("state", WAY_TO)
def test_every_step_leaves_one_event_and_one_audit_row(referral_in, state):
    referral = referral_in(state)
    taken = ["draft", *WAY_TO[state]]
    assert list(referral.events.values_list("step", flat=True)) == taken
    audited = AuditEvent.objects.filter(subject_id=str(referral.pk), action__startswith="referral_")
    assert sorted(audited.values_list("action", flat=True)) == sorted(f"referral_{step}" for step in taken)


def test_states_link_up_in_the_events(referral_in):
    events = list(referral_in("closed").events.order_by("id"))
    assert events[0].from_status == ""
    assert all(after.from_status == before.to_status for before, after in itertools.pairwise(events))


# --- Send -------------------------------------------------------------------------------------------------


def test_sending_takes_what_was_agreed_and_tells_the_person(referral_in):
    referral = referral_in("sent")
    assert referral.sent_at
    assert referral.consent
    assert (referral.preferred_channel, referral.fallback_channel) == ("text", "letter")
    assert referral.action_with == "provider"
    assert referral.due_on == add_working_days(clock.today(), 2)
    told = FollowUp.objects.get(kind="tell_person", referral=referral)
    assert told.team == referral.referring_team
    assert Reminder.objects.filter(follow_up=told, template="referral_sent").exists()


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda r: Consent.objects.update(choice="no"), "Ask the person whether this provider may be told"),
        (lambda r: factories.ContactPlanFactory(service_user=r.service_user, answered=False, automatic=False),
         "how it is safe to contact them"),
        (lambda r: Referral.objects.filter(pk=r.pk).update(adjustments=None), "which adjustments"),
        (lambda r: type(r.offer).objects.update(accepts_referrals=False), "not taking referrals"),
        (lambda r: r.needs.update(decision="undecided", decided_at=None, decided_by=None), "Agree the need"),
        (lambda r: factories.ContactPlanFactory(
            service_user=r.service_user, allowed=["call"], automatic=False, preferred="call", fallback=""),
         "if that does not work"),
    ],
    ids=["consent", "plan", "adjustments", "offer", "need", "fallback"],
)  # fmt: skip
def test_nothing_is_sent_while_something_is_missing(referral_in, ash, spoil, sentence):
    draft = referral_in("draft")
    spoil(draft)
    draft = Referral.objects.get(pk=draft.pk)
    with pytest.raises(NotPossibleNow, match=sentence) as refusal:
        actions.act(referral=draft, action="send", by=ash)
    assert refusal.value.state == "draft"
    draft.refresh_from_db()
    assert (draft.status, draft.version, draft.sent_at) == ("draft", 1, None)
    assert not FollowUp.objects.filter(kind="tell_person").exists()


def test_a_person_with_one_safe_way_is_reached_through_the_team_that_knows_them(referral_in, ash):
    draft = referral_in("draft")
    factories.ContactPlanFactory(
        service_user=draft.service_user, allowed=["in_person"], automatic=False, preferred="in_person", fallback=""
    )
    actions.revise(referral=draft, version=1, by=ash, fallback_channel="referrer")
    sent = actions.act(referral=draft, action="send", by=ash)
    assert (sent.preferred_channel, sent.fallback_channel) == ("in_person", "referrer")


def test_second_open_referral_to_the_same_offer_is_refused(referral_in, ash):
    first = referral_in("sent")
    with pytest.raises(NotPossibleNow, match="open referral to this offer already"):
        actions.refer(
            service_user=first.service_user, offer=first.offer, needs=first.needs.all(), kind="device", by=ash
        )


def test_stranger_and_colleague_of_another_team_cannot_refer(person, offer, cam, nia):
    need = factories.NeedFactory(
        screening=factories.ScreeningFactory(service_user=person, submitted=True), agreed=True
    )
    for by in (cam, nia):
        with pytest.raises(NotAllowed):
            actions.refer(service_user=person, offer=offer, needs=[need], kind="device", by=by)
    assert not Referral.objects.exists()


# --- A provider without an account --------------------------------------------------------------------------


def test_word_of_a_provider_without_account_is_recorded_as_phoned_in(person, ash):
    offer = factories.SupportOfferFactory(team=None)
    referral = ReferralFactory(closed=True, service_user=person, offer=offer)
    provider_said = referral.events.filter(step__in=["acknowledge", "accept", "start", "deliver"])
    assert set(provider_said.values_list("source", "side", "by")) == {("phoned_in", "provider", ash.pk)}
    assert referral.events.get(step="send").source == "screen"
    assert referral.events.get(step="accept").evidence["named_worker"] == "Robin at the provider"


def test_clinician_cannot_speak_for_a_provider_that_has_an_account(referral_in, ash):
    with pytest.raises(NotAllowed):
        actions.act(referral=referral_in("sent"), action="acknowledge", by=ash)


# --- Races, stale pages, and all or nothing -----------------------------------------------------------------


def test_step_from_a_stale_page_changes_nothing_and_says_what_may_be_done(referral_in, ash, bo):
    referral = referral_in("sent")
    stale = Referral.objects.get(pk=referral.pk)
    actions.act(referral=referral, action="decline", by=bo, evidence={"reason_code": "full"})
    with pytest.raises(AlreadyChanged) as refusal:
        actions.act(referral=stale, action="cancel", by=ash, evidence={"reason_code": "duplicate"})
    assert refusal.value.state == "declined"
    assert refusal.value.allowed == ["reroute", "withdraw"]
    assert ReferralEvent.objects.filter(referral=referral, step="cancel").count() == 0


def test_step_for_a_version_that_is_gone_is_refused(referral_in, bo):
    referral = referral_in("acknowledged")
    with pytest.raises(AlreadyChanged):
        actions.act(referral=referral, action="acknowledge", by=bo, version=referral.version - 1)


def test_step_and_what_follows_stand_or_fall_together(referral_in, bo, monkeypatch):
    referral = referral_in("acknowledged")
    owed = FollowUp.objects.count()

    def fail(**_):
        raise RuntimeError("the last thing to happen")

    monkeypatch.setattr("referrals.obligations.tell_person", fail)
    with pytest.raises(RuntimeError):
        actions.act(referral=referral, action="decline", by=bo, evidence={"reason_code": "full"})
    referral.refresh_from_db()
    assert referral.status == "acknowledged"
    assert not referral.events.filter(step="decline").exists()
    assert FollowUp.objects.count() == owed
    assert not AuditEvent.objects.filter(action="referral_decline").exists()


def test_what_happened_cannot_lie_in_the_future(referral_in, bo):
    with pytest.raises(InvalidInput):
        actions.act(
            referral=referral_in("sent"),
            action="acknowledge",
            by=bo,
            happened_at=clock.now() + timedelta(hours=1),
        )


def test_what_happened_earlier_keeps_both_times(referral_in, bo):
    earlier = clock.now() - timedelta(days=1)
    referral = referral_in("sent")
    actions.act(referral=referral, action="acknowledge", by=bo, happened_at=earlier)
    event = referral.events.get(step="acknowledge")
    assert event.happened_at == earlier < event.recorded_at


def test_unknown_step_is_refused_with_the_names_of_those_there_are(referral_in, bo):
    with pytest.raises(InvalidInput):
        actions.act(referral=referral_in("sent"), action="delete", by=bo)
    with pytest.raises(InvalidInput):
        actions.act(referral=Referral.objects.get(), action="draft", by=bo)


def test_state_has_no_other_values():
    assert {Status(status) for status in WAY_TO} == set(Status)
