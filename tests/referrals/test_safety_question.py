"""Nobody is let go as out of reach before a clinician who knows them has answered: any safety concern?"""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts import clock
from accounts.errors import AlreadyChanged, InvalidInput, NotAllowed, NotPossibleNow
from referrals import actions
from referrals.models import FollowUp, ReferralEvent
from tests import factories
from tests.factories import ReferralFactory

pytestmark = pytest.mark.django_db

TRIES = ((4, "call"), (3, "call"), (2, "letter"))


def try_enough(referral, by):
    for days_ago, channel in TRIES:
        with clock.at(clock.now() - timedelta(days=days_ago)):
            actions.log_contact(referral=referral, channel=channel, result="no_answer", by=by)


@pytest.fixture
def out_of_reach(referral_in, bo):
    with clock.at(clock.now() - timedelta(days=10)):
        referral = referral_in("accepted")
    try_enough(referral, bo)
    return referral


def close(referral, by):
    return actions.act(referral=referral, action="could_not_reach", by=by)


def test_without_an_answer_nobody_is_let_go(out_of_reach, bo):
    with pytest.raises(NotPossibleNow, match="Ask the clinician first"):
        close(out_of_reach, bo)


def test_while_unanswered_the_step_says_who_was_asked_and_when(out_of_reach, bo, ash, as_bo):
    actions.ask_safety(referral=out_of_reach, clinician=ash, by=bo)
    with pytest.raises(NotPossibleNow, match=rf"{ash.user.name} was asked on \d+ \w+.*no answer yet"):
        close(out_of_reach, bo)
    page = as_bo.get(reverse("referrals:step", args=[out_of_reach.pk, "could_not_reach"])).content.decode()
    assert f"{ash.user.name} was asked on" in page


def test_the_question_is_owed_by_the_named_clinicians_team_within_a_day(out_of_reach, bo, ash):
    question = actions.ask_safety(referral=out_of_reach, clinician=ash, by=bo)
    assert (question.kind, question.team) == ("safety_question", ash.team)
    assert ash.user.name in question.what
    assert question in FollowUp.objects.visible_to(ash).open()


@pytest.mark.parametrize("answer", ["no_concern", "concern_taken_on"])
def test_the_clinicians_answer_is_what_the_step_needs(out_of_reach, bo, ash, answer):
    question = actions.ask_safety(referral=out_of_reach, clinician=ash, by=bo)
    actions.complete_follow_up(follow_up=question, result=answer, by=ash, words="Known to be at her sister's.")
    assert close(out_of_reach, bo).status == "closed"
    event = ReferralEvent.objects.get(step="answer_safety")
    assert event.evidence == {"safety_answer": answer, "answered_by": str(ash.pk)}


def test_the_provider_never_reads_the_clinicians_words(out_of_reach, bo, ash, as_bo):
    question = actions.ask_safety(referral=out_of_reach, clinician=ash, by=bo)
    actions.complete_follow_up(follow_up=question, result="concern_taken_on", by=ash, words="MARKER of the ward")
    assert "MARKER" not in as_bo.get(reverse("referrals:detail", args=[out_of_reach.pk])).content.decode()
    assert "MARKER" not in as_bo.get(f"/api/v1/referrals/{out_of_reach.pk}/").content.decode()


def test_nobody_but_a_clinician_of_that_team_answers(out_of_reach, bo, ash, dee, nia):
    question = actions.ask_safety(referral=out_of_reach, clinician=ash, by=bo)
    for by in (bo, dee, nia):
        with pytest.raises(NotAllowed):
            actions.complete_follow_up(follow_up=question, result="no_concern", by=by)
    question.refresh_from_db()
    assert question.done_at is None


def test_a_colleague_of_the_named_one_may_answer_and_only_once(out_of_reach, bo, ash):
    colleague = factories.MembershipFactory(team=ash.team, role="clinician")
    question = actions.ask_safety(referral=out_of_reach, clinician=ash, by=bo)
    actions.answer_safety(follow_up=question, answer="no_concern", by=colleague)
    with pytest.raises(AlreadyChanged):
        actions.answer_safety(follow_up=question, answer="concern_taken_on", by=ash)


def test_it_is_asked_once_at_a_time_and_of_the_right_people(out_of_reach, bo, ash, nia):
    with pytest.raises(InvalidInput):
        actions.ask_safety(referral=out_of_reach, clinician=nia, by=bo)
    with pytest.raises(NotAllowed):
        actions.ask_safety(referral=out_of_reach, clinician=ash, by=ash)
    actions.ask_safety(referral=out_of_reach, clinician=ash, by=bo)
    with pytest.raises(NotPossibleNow, match="already"):
        actions.ask_safety(referral=out_of_reach, clinician=ash, by=bo)


def test_an_answer_from_before_the_person_was_reached_does_not_count(out_of_reach, bo, ash):
    with clock.at(clock.now() - timedelta(days=1)):
        question = actions.ask_safety(referral=out_of_reach, clinician=ash, by=bo)
        actions.answer_safety(follow_up=question, answer="no_concern", by=ash)
    actions.log_contact(referral=out_of_reach, channel="call", result="spoke", by=bo)
    with clock.at(clock.now() + timedelta(days=9)):
        try_enough(out_of_reach, bo)
        with pytest.raises(NotPossibleNow, match="Ask the clinician first"):
            close(out_of_reach, bo)


def test_a_provider_without_an_account_is_held_to_the_same(person, ash, as_ash):
    with clock.at(clock.now() - timedelta(days=10)):
        referral = ReferralFactory(
            accepted=True, service_user=person, offer=factories.SupportOfferFactory(team=None)
        )
    with pytest.raises(NotPossibleNow, match=r"three times.*two different ways.*Write a letter"):
        close(referral, ash)
    try_enough(referral, ash)
    with pytest.raises(NotPossibleNow, match="Ask the clinician first"):
        close(referral, ash)
    question = actions.ask_safety(referral=referral, clinician=ash, by=ash)
    actions.answer_safety(follow_up=question, answer="no_concern", by=ash)
    closed = close(referral, ash)
    assert closed.outcomes.get().outcome == "could_not_reach"
    assert closed.events.get(step="could_not_reach").source == "phoned_in"


def test_it_is_asked_and_answered_on_pages(out_of_reach, as_bo, as_ash, ash, bo):
    url = reverse("referrals:ask_safety", args=[out_of_reach.pk])
    assert url in as_bo.get(reverse("referrals:step", args=[out_of_reach.pk, "could_not_reach"])).content.decode()
    assert as_bo.post(url, {}).status_code == 400
    assert as_bo.post(url, {"clinician": str(ash.pk)}).status_code == 302
    question = FollowUp.objects.get(kind="safety_question")
    answer = reverse("referrals:follow_up", args=[question.pk])
    assert "No concern" in as_ash.get(answer).content.decode()
    assert as_ash.post(answer, {"result": "no_concern"}).status_code == 302
    assert close(out_of_reach, bo).status == "closed"


def test_it_is_asked_and_answered_by_the_api(out_of_reach, as_bo, as_ash, ash):
    url = f"/api/v1/referrals/{out_of_reach.pk}/safety-questions/"
    asked = as_bo.post(url, {"clinician": str(ash.pk)}, content_type="application/json")
    assert asked.status_code == 201
    done = f"/api/v1/follow-ups/{asked.json()['id']}/complete/"
    assert as_ash.post(done, {"result": "no_concern"}, content_type="application/json").status_code == 200
    assert FollowUp.objects.get(kind="safety_question").result == "no_concern"
