"""A letter in the post before anybody knew that it should not go: it counts as out, and somebody looks."""

import pytest
from django.urls import reverse

from accounts import clock
from accounts.errors import InvalidInput
from referrals.models import BatchLetter, FollowUp, Reminder
from referrals.post import returned, runs, waiting
from tests.conftest import SignedIn
from tests.referrals.posting import letters_for, text_of
from tests.referrals.reaching import message_to
from tests.referrals.test_letter_runs import come_back, mark, moved, paused, tightened, withdrawn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday_morning")]


@pytest.fixture
def letter(offer, ash, bo):
    return letters_for(1, offer, ash, bo)[0]


@pytest.fixture
def paper(letter, bo):
    batch = runs.make(chosen=[letter.pk], both_sides=False, by=bo)
    runs.print_run(batch=batch, by=bo)
    return batch.letters.get()


def out(paper, by):
    mark(paper.batch, by, in_post=[paper.pk])
    paper.refresh_from_db()
    return Reminder.objects.get()


def look():
    return FollowUp.objects.open().get(kind="letter_went")


@pytest.mark.parametrize("event", [paused, tightened], ids=lambda one: one.__name__)
def test_a_message_that_still_counted_has_told_the_person(letter, paper, ash, bo, event):
    event(letter, ash, bo)
    message = out(paper, bo)
    assert (paper.status, message.status) == ("posted", "delivered")
    assert paper.reason
    assert message.sent_on == clock.today()
    assert FollowUp.objects.get(pk=letter.follow_up_id).result == "letter_posted"
    assert "look whether that does harm" in look().what
    assert look().team == letter.service_user.team


def test_a_letter_to_the_old_address_told_nobody(letter, paper, ash, bo):
    moved(letter, ash, bo)
    message = out(paper, bo)
    assert (paper.status, paper.reason) == ("posted", "moved")
    assert (message.status, message.reason, message.sent_on) == ("failed", "bad_address", clock.today())
    assert FollowUp.objects.open().filter(kind="message_failed", key=f"reminder:{message.pk}").exists()
    assert look().team == letter.service_user.team


def test_a_message_that_was_stopped_is_known_to_have_gone(letter, paper, ash, bo):
    withdrawn(letter, ash, bo)
    stopped = Reminder.objects.get()
    assert (stopped.status, stopped.sent_on) == ("cancelled", None)
    message = out(paper, bo)
    assert (message.status, message.sent_on) == ("delivered", clock.today())
    assert message.reason == stopped.reason == paper.reason
    assert look()


def test_the_day_stays_with_the_message_that_took_it_meanwhile(letter, paper, ash, bo):
    withdrawn(letter, ash, bo)
    other = message_to(letter.service_user)
    Reminder.objects.filter(pk=other.pk).update(sent_on=clock.today())
    mark(paper.batch, bo, in_post=[paper.pk])
    message = Reminder.objects.get(pk=letter.pk)
    assert (message.status, message.sent_on) == ("delivered", None)


def test_what_is_not_said_to_be_out_is_taken_out(letter, paper, ash, bo):
    paused(letter, ash, bo)
    assert mark(paper.batch, bo).posted == 0
    paper.refresh_from_db()
    assert paper.status == "dropped"
    assert not FollowUp.objects.filter(kind="letter_went").exists()


def test_only_letters_of_the_run_are_said_to_be_out(letter, paper, bo):
    with pytest.raises(InvalidInput, match="not in the run"):
        mark(paper.batch, bo, in_post=[letter.pk])
    assert Reminder.objects.get().status == "sent"


def test_the_page_asks_about_each_letter_that_would_drop_out(letter, paper, ash, bo):
    page, run = SignedIn(bo), reverse("referrals:letter_run", args=[paper.batch_id])
    assert "It is in the post already" not in text_of(page.get(run))
    paused(letter, ash, bo)
    said = {"posted_on": "25 11 2026", "last_collection": "yes"}
    asked = text_of(page.post(f"{run}posted/", said), 409)
    assert "It is in the post already" in asked
    assert "Contact is paused." in asked
    assert Reminder.objects.get().status == "sent"
    done = page.post(f"{run}posted/", {**said, "asked": [str(paper.pk)], "in_post": [str(paper.pk)]}, follow=True)
    assert "1 letter is marked as posted." in text_of(done)
    assert look()


def test_the_page_takes_out_what_was_asked_about_and_not_ticked(letter, paper, ash, bo):
    paused(letter, ash, bo)
    run = reverse("referrals:letter_run", args=[paper.batch_id])
    said = {"posted_on": "25 11 2026", "last_collection": "yes", "asked": [str(paper.pk)]}
    assert "Do not post them" in text_of(SignedIn(bo).post(f"{run}posted/", said, follow=True))
    assert BatchLetter.objects.get().status == "dropped"


def test_other_systems_say_it_too(letter, paper, ash, bo):
    paused(letter, ash, bo)
    body = {"posted_on": "2026-11-25", "last_collection": True, "in_post": [str(paper.pk)]}
    url = f"/api/v1/letter-runs/{paper.batch_id}/posted/"
    answer = SignedIn(bo).post(url, body, content_type="application/json")
    assert [one["status"] for one in answer.json()["letters"]] == ["posted"]
    assert look()


# --- Came back ----------------------------------------------------------------------------------------------


def test_what_nobody_is_owed_any_more_is_not_owed_because_it_came_back(letter, paper, ash, bo):
    withdrawn(letter, ash, bo)
    out(paper, bo)
    back = come_back(paper, bo)
    assert (back.status, Reminder.objects.get().reason) == ("returned", "returned")
    assert not returned.is_owed(back)
    assert Reminder.objects.count() == 1
    assert FollowUp.objects.open().filter(kind="check_address").exists()


def test_a_letter_that_told_the_person_is_owed_again(letter, paper, ash, bo):
    paused(letter, ash, bo)
    out(paper, bo)
    assert returned.is_owed(come_back(paper, bo, reason="refused"))


def test_a_letter_that_was_taken_out_and_went_all_the_same_can_come_back(letter, paper, ash, bo):
    withdrawn(letter, ash, bo)
    mark(paper.batch, bo)
    assert come_back(paper, bo).status == "returned"
    assert FollowUp.objects.open().filter(kind="check_address").exists()


@pytest.mark.parametrize("reason", ["lost", "wrong_words"])
def test_so_can_one_that_was_said_not_to_be_posted(letter, paper, bo, reason):
    runs.not_posted(letter=paper, reason=reason, by=bo)
    assert come_back(paper, bo, reason="refused").status == "returned"


def test_the_paper_that_took_its_place_goes_on(letter, paper, ash, bo):
    moved(letter, ash, bo)
    mark(paper.batch, bo)
    again = runs.make(chosen=[one.pk for one in waiting.waiting(bo)], both_sides=False, by=bo)
    runs.print_run(batch=again, by=bo)
    come_back(paper, bo)
    assert mark(again, bo).posted == 1
    assert Reminder.objects.get().status == "delivered"
