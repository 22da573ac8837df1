"""A call, written down: who was told what, when to try again, and no number where the plan lets nobody ring."""

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse

from accounts import clock
from accounts.errors import InvalidInput, NotAllowed
from accounts.models import AuditEvent
from people.london import LONDON
from referrals import actions
from referrals.calls import listing, owed, seen
from referrals.calls.recording import queued, record
from referrals.models import CallAttempt, ContactAttempt, FollowUp, Referral
from tests.conftest import SignedIn
from tests.factories import ConsentFactory, ContactPlanFactory
from tests.referrals.reaching import WEDNESDAY, message_to, read, referral_to, tell
from tests.referrals.test_call_list import owe, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday_morning")]
NUMBER = "07700 900123"


@pytest.fixture
def accepted(person, offer, ash, bo):
    """Bo has to make first contact, and to tell the news that no message may carry."""
    ContactPlanFactory(service_user=person, allowed=["call"], preferred="call", automatic=False)
    ConsentFactory(service_user=person)
    since = WEDNESDAY - timedelta(days=1)
    referral = referral_to(offer, person, ash, shared={"name": person.name}, named_worker=bo, accepted_at=since)
    tell(referral, bo)
    return referral


def page(person):
    return reverse("referrals:call", args=[person.pk])


def keys(person, by):
    return [topic.key for topic in listing.topics_of([person], by)[person.pk]]


def ring(person, by, result="no_answer", **more):
    return record(service_user=person, by=by, **{"how": "call", "result": result, **more})


# --- Reached ------------------------------------------------------------------------------------------------


def test_one_call_settles_all_that_was_told(accepted, person, bo):
    assert len(keys(person, bo)) == 2
    ring(person, bo, "reached", told=keys(person, bo))
    assert keys(person, bo) == []
    assert FollowUp.objects.get().result == "told_call"
    assert Referral.objects.get().first_contact_at is not None
    assert ContactAttempt.objects.get().result == "spoke"
    assert owed.count(bo, clock.today()) == 0


def test_what_was_not_ticked_stays_owed(accepted, person, bo):
    told = FollowUp.objects.get()
    ring(person, bo, "reached", told=[str(told.pk)])
    assert keys(person, bo) == []  # the first contact was made by the same call
    other = owe(person, bo.team, referral=accepted, kind="loan_ends", what="The tablet goes back.")
    another = owe(person, bo.team, referral=accepted, kind="missed_once", what="Ask what got in the way.")
    ring(person, bo, "reached", told=[str(other.pk)])
    assert keys(person, bo) == [str(another.pk)]
    other.refresh_from_db()
    assert other.result == "spoke"


@pytest.mark.parametrize(("how", "result"), [("in_person", "told_in_person"), ("with_plan", "told_with_plan")])
def test_in_person_is_the_same_form(accepted, person, bo, how, result):
    ring(person, bo, "reached", how=how, told=keys(person, bo))
    assert FollowUp.objects.get().result == result
    assert (ContactAttempt.objects.get().channel, ContactAttempt.objects.get().result) == ("visit", "met")


def test_a_review_call_without_a_referral_is_written_down(person, team, ash, plan):
    review = owe(person, team)
    attempt = ring(person, ash, "no_answer", words="Rang for a minute")
    assert attempt.topics.get().follow_up == review
    assert not ContactAttempt.objects.exists()
    assert "Rang for a minute" in text_of(SignedIn(ash).get(page(person)))


def test_the_next_message_about_it_is_stopped(person, team, ash, plan):
    review = owe(person, team)
    message, other = message_to(person, follow_up=review), message_to(person)
    assert list(queued(person, ash)) == [message, other]
    ring(person, ash, "reached", told=[str(review.pk)], stop=[message.pk])
    assert (read(message).status, read(message).reason) == ("cancelled", "told_already")
    assert read(other).status == "queued"


def test_please_stop_stops_every_message_and_asks_somebody_to_decide(person, team, ash, plan):
    owe(person, team)
    message = message_to(person)
    ring(person, ash, "stop")
    assert (read(message).status, read(message).reason) == ("cancelled", "asked_to_stop")
    assert "asked us to stop" in FollowUp.objects.open().get(kind="choose_way").what
    assert owed.count(ash, clock.today()) == 0


def test_not_now_leaves_them_in_peace_for_a_week(person, team, ash, plan):
    owe(person, team)
    attempt = ring(person, ash, "not_now")
    assert attempt.next_on >= clock.today() + timedelta(days=7)
    assert owed.count(ash, clock.today()) == 0
    with clock.at(WEDNESDAY + timedelta(days=9)):
        assert owed.count(ash, clock.today()) == 1


# --- Not reached --------------------------------------------------------------------------------------------


def test_the_next_try_is_at_another_time_on_another_working_day(person, team, ash, plan):
    owe(person, team)
    first = ring(person, ash)
    assert (first.next_on, first.next_part) == (date(2026, 11, 26), "afternoon")
    with clock.at(datetime(2026, 11, 27, 14, tzinfo=LONDON)):
        second = ring(person, ash)
        assert (second.next_on, second.next_part) == (date(2026, 11, 30), "evening")
        text = text_of(SignedIn(ash).get(page(person)))
    assert "Try 3 of 3" in text
    assert "Tried in the morning and in the afternoon. Try in the evening next." in text


def test_after_three_somebody_chooses_another_way_and_nobody_rings_meanwhile(person, team, ash, plan):
    owe(person, team)
    for days in range(3):
        with clock.at(WEDNESDAY + timedelta(days=days)):
            last = ring(person, ash)
    assert last.next_on is None
    choose = FollowUp.objects.open().get(kind="choose_way", team=team)
    assert choose.what == "Not reached in 3 calls. Choose a letter or a visit."
    with clock.at(WEDNESDAY + timedelta(days=5)):
        assert owed.count(ash, clock.today()) == 0
        actions.complete_follow_up(follow_up=choose, result="call_again", by=ash)
        line = seen.line_of(ash, person.pk)
        assert (line.number, owed.count(ash, clock.today())) == (1, 1)


def test_tries_on_the_referrals_own_page_count_as_well(accepted, person, bo):
    actions.log_contact(referral=accepted, channel="call", result="no_answer", by=bo)
    assert seen.line_of(bo, person.pk).number == 2
    ring(person, bo)
    assert seen.line_of(bo, person.pk).number == 3  # what the call list writes there is not counted twice


def test_a_wrong_number_is_not_tried_again(person, team, ash, plan):
    owe(person, team)
    ring(person, ash, "wrong_number")
    assert "The number is wrong." in FollowUp.objects.open().get(kind="choose_way").what


def test_nobody_was_told_who_was_not_reached(accepted, person, bo):
    for wrong in ({"result": "voicemail"}, {"result": "no_answer"}):
        with pytest.raises(InvalidInput):
            ring(person, bo, told=keys(person, bo), **wrong)
    with pytest.raises(InvalidInput):
        ring(person, bo, how="in_person", result="no_answer")
    assert not CallAttempt.objects.exists()


# --- Against the plan ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rings_at", "more"),
    [
        (datetime(2026, 11, 24, 21, 0, tzinfo=LONDON), {}),
        (datetime(2026, 11, 22, 12, 0, tzinfo=LONDON), {}),
        (datetime(2026, 11, 25, 9, 30, tzinfo=LONDON), {"hours_from": "14:00", "hours_to": "16:00"}),
        (WEDNESDAY, {"allowed": ["letter"]}),
        (WEDNESDAY, {"voicemail": False, "result": "voicemail"}),
    ],
)
def test_against_the_plan_only_with_a_reason_that_is_kept(person, team, ash, rings_at, more):
    result = {"result": more.pop("result", "no_answer")}
    ContactPlanFactory(service_user=person, **more)
    owe(person, team)
    with pytest.raises(InvalidInput, match="did not allow this"):
        ring(person, ash, happened_at=rings_at, **result)
    attempt = ring(person, ash, happened_at=rings_at, why_then="They asked me to", **result)
    assert attempt.why_then == "They asked me to"


def test_an_admin_sees_the_list_and_rings_nobody(person, team, dee, plan):
    owe(person, team)
    with pytest.raises(NotAllowed):
        ring(person, dee)
    assert "Calls are made and written down by" in text_of(SignedIn(dee).get(page(person)))


# --- The page -----------------------------------------------------------------------------------------------


def paused(person):
    type(person).objects.filter(pk=person.pk).update(
        paused_at=clock.now(), paused_by=person.created_by, pause_reason="crisis", pause_review_on=clock.today()
    )


def test_the_number_is_shown_while_the_person_may_be_rung(accepted, person, bo):
    text = text_of(SignedIn(bo).get(page(person)))
    assert NUMBER in text
    assert "Never leave a voicemail: hang up." in text
    assert "Do not say which service is calling." in text
    assert 'value="voicemail"' not in text


@pytest.mark.parametrize(
    "plan",
    [
        {"allowed": ["letter", "text"], "preferred": "text"},
        {"answered": False, "automatic": False},
        {"hours_from": "14:00", "hours_to": "16:00"},
        {"weekdays": [5]},
    ],
)
def test_no_number_where_the_plan_lets_nobody_ring_now(accepted, person, bo, ash, team, plan):
    owe(person, team)
    ContactPlanFactory(service_user=person, **plan)
    for who in (ash, bo):
        text = text_of(SignedIn(who).get(page(person)))
        assert NUMBER not in text
        assert "What to say" not in text


@pytest.mark.parametrize("moment", ["2026-11-25T20:00", "2026-11-25T08:59", "2026-11-29T12:00"])
def test_no_number_at_quiet_hours(accepted, person, bo, moment):
    with clock.at(datetime.fromisoformat(moment).replace(tzinfo=LONDON)):
        assert NUMBER not in text_of(SignedIn(bo).get(page(person)))


def test_no_number_while_contact_is_paused(accepted, person, bo):
    paused(person)
    assert NUMBER not in text_of(SignedIn(bo).get(page(person)))


def test_no_number_for_a_provider_without_consent(accepted, person, bo):
    person.consents.update(choice="no")
    text = text_of(SignedIn(bo).get(page(person)))
    assert NUMBER not in text
    assert "Do not ring" in text


def test_by_the_page_words_stay_where_something_is_missing(accepted, person, bo):
    on = SignedIn(bo)
    told = keys(person, bo)
    text = text_of(on.post(page(person), {"how": "call", "told": told, "words": "Spoke for long"}), 400)
    assert "Say what came of it." in text
    assert "Spoke for long" in text
    said = {"how": "call", "result": "reached", "told": told, "once": "abc"}
    first = on.post(page(person), said)
    assert first.url == on.post(page(person), said).url == reverse("referrals:call_list")
    assert CallAttempt.objects.count() == 1
    assert "What you ticked is settled." in text_of(on.get(first.url))


def test_strangers_find_nobody(accepted, person, as_cam, as_nia):
    for other in (as_cam, as_nia):
        assert other.get(page(person)).status_code == 404


def test_whoever_comes_second_still_writes_down_the_call(accepted, person, bo):
    told = keys(person, bo)
    ring(person, bo, "reached", told=told)
    assert "Nothing is owed to them any more" in text_of(SignedIn(bo).get(page(person)))
    ring(person, bo, "reached", told=told)
    assert CallAttempt.objects.count() == 2


def test_reading_and_writing_are_in_the_audit(accepted, person, bo):
    SignedIn(bo).get(page(person))
    ring(person, bo, words="secret words")
    events = AuditEvent.objects.filter(membership=bo, action__in=["view_call", "record_call"])
    assert events.count() == 2
    assert "secret" not in str(list(events.values_list("details", flat=True)))
