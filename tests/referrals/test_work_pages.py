"""The small pages of the work with a person: each saves, each says what is wrong beside its field."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts import clock
from referrals import actions
from referrals.models import FollowUp

pytestmark = pytest.mark.django_db


def day(ahead):
    return (clock.today() + timedelta(days=ahead)).strftime("%d %m %Y")


def url(name, *args):
    return reverse(f"referrals:{name}", args=args)


@pytest.fixture
def active(referral_in):
    return referral_in("active")


PAGES = {
    "contact": ({"channel": "call", "result": "spoke"}, {"channel": "call"}, "Choose what came of it."),
    "book": (
        {"day": "31 12 2099", "time": "2.30pm", "minutes": "45", "where": "The hub"},
        {"day": "31 12 2099", "time": "teatime", "minutes": "45", "where": "The hub"},
        "Enter a time, like 10:00 or 4.30pm.",
    ),
    "lend": ({"item": "sim", "label": "SIM 12"}, {"item": "sim", "label": ""}, "Say which one"),
    "note": ({"text": "Met at the hub."}, {"text": "  "}, "Write the note."),
    "propose_error": ({"words": "Wrong person"}, {"words": ""}, "Say what went wrong."),
}


@pytest.mark.parametrize("name", PAGES)
def test_page_saves_what_is_right_and_explains_what_is_wrong(active, as_bo, as_ash, name):
    right, wrong, sentence = PAGES[name]
    browser = as_ash if name == "propose_error" else as_bo
    where = url(name, active.pk)
    assert browser.get(where).status_code == 200
    refused = browser.post(where, wrong)
    assert refused.status_code == 400
    assert sentence in refused.content.decode()
    saved = browser.post(where, right)
    assert saved.status_code == 302, saved.content.decode()
    assert saved.url == url("detail", active.pk)


@pytest.mark.parametrize("name", ["contact", "book", "lend", "note"])
def test_double_click_saves_once(active, as_bo, name):
    right = {**PAGES[name][0], "once": "k"}
    counts = []
    for _ in range(2):
        as_bo.post(url(name, active.pk), right)
        rows = (active.contact_attempts, active.appointments, active.loans, active.notes)
        counts.append(sum(row.count() for row in rows))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("name", [*PAGES, "pause"])
def test_stranger_finds_no_page(active, as_cam, as_nia, name):
    assert as_cam.get(url(name, active.pk)).status_code == 404
    assert as_nia.post(url(name, active.pk), {}).status_code == 404


def test_contact_of_an_earlier_day_without_a_time_is_that_day(active, as_bo):
    as_bo.post(url("contact", active.pk), {"channel": "letter", "result": "sent", "day": day(-2)})
    assert clock.today() - active.contact_attempts.get().happened_at.date() == timedelta(days=2)


def test_appointment_is_given_a_new_time_and_an_outcome(active, as_bo, bo):
    booked = actions.book(referral=active, starts_at=clock.now() + timedelta(days=3), where="Hub", by=bo)
    assert "Came" not in as_bo.get(url("appointment", booked.pk)).content.decode()
    moved = as_bo.post(url("rearrange", booked.pk), {"day": day(5), "time": "10:00", "version": booked.version})
    assert moved.status_code == 302
    new = active.appointments.get(status="booked")
    stale = as_bo.post(url("rearrange", booked.pk), {"day": day(6), "time": "10:00", "version": booked.version})
    assert stale.status_code == 409
    outcome = {"outcome": "cancelled_by_service", "version": new.version}
    refused = as_bo.post(url("appointment", new.pk), outcome)
    assert "Say why, so that the person can be told." in refused.content.decode()
    assert as_bo.post(url("appointment", new.pk), {**outcome, "reason": "Trainer is ill"}).status_code == 302


def test_loan_is_handed_over_on_its_page(active, as_bo, bo):
    loan = actions.reserve_loan(referral=active, item="device", label="Tablet 7", by=bo)
    hand_over = url("move_loan", loan.pk, "hand_over")
    assert as_bo.get(hand_over).status_code == 200
    assert as_bo.get(url("move_loan", loan.pk, "renew")).status_code == 409
    typed = {"signed_or_witnessed": "R. Example", "ends_on": day(90), "version": loan.version}
    assert "Say who signed" in as_bo.post(hand_over, {**typed, "signed_or_witnessed": ""}).content.decode()
    assert as_bo.post(hand_over, typed).status_code == 302
    loan.refresh_from_db()
    assert loan.status == "handed_over"


def test_note_is_corrected_beside_the_old_one(active, as_bo, bo):
    note = actions.add_note(referral=active, text="Tuesday", by=bo)
    page = as_bo.get(url("correct_note", note.pk)).content.decode()
    assert "The old note stays as it is" in page
    assert as_bo.post(url("correct_note", note.pk), {"text": "Wednesday"}).status_code == 302
    words = as_bo.get(url("detail", active.pk)).content.decode()
    assert "Tuesday" in words
    assert "Wednesday" in words


def test_pause_and_resume_on_the_page(active, as_bo):
    assert as_bo.get(url("pause", active.pk)).status_code == 200
    assert as_bo.post(url("pause", active.pk), {"reason": "crisis", "review_on": day(7)}).status_code == 302
    shown = as_bo.get(url("detail", active.pk)).content.decode()
    assert "Contact is paused until" in shown
    assert "crisis" not in shown.lower()
    assert as_bo.post(url("resume", active.pk)).status_code == 302


def test_wait_is_looked_at_again_on_its_page(referral_in, as_bo):
    referral = referral_in("waiting")
    where = url("keep_waiting", referral.pk)
    assert as_bo.get(where).status_code == 200
    assert "Enter a day to come." in as_bo.post(where, {"expected_on": day(-1)}).content.decode()
    assert as_bo.post(where, {"expected_on": day(50)}).status_code == 302


def test_what_is_owed_is_listed_and_done(referral_in, as_ash, as_bo, person):
    referral_in("declined")
    listed = as_ash.get(url("owed")).content.decode()
    assert "Choose another offer" in listed
    assert person.name in listed
    owed = FollowUp.objects.open().get(kind="next_step")
    assert as_bo.get(url("follow_up", owed.pk)).status_code == 404
    where = as_ash.get(url("follow_up", owed.pk))
    assert where.url == url("step", owed.referral_id, "reroute")
    assert as_ash.post(url("follow_up", owed.pk), {"result": "done"}).status_code == 409
    assert FollowUp.objects.open().filter(pk=owed.pk).exists()
    told = FollowUp.objects.open().get(kind="tell_person")
    assert as_ash.get(url("follow_up", told.pk)).status_code == 200
    assert "Say more" in as_ash.post(url("follow_up", told.pk), {"result": "not_needed"}).content.decode()
    assert as_ash.post(url("follow_up", told.pk), {"result": "told_call"}).status_code == 302
    assert as_ash.get(url("follow_up", told.pk)).status_code == 409


def test_error_is_proposed_by_one_and_agreed_by_another(referral_in, as_ash, as_dee):
    referral = referral_in("sent")
    as_ash.post(url("propose_error", referral.pk), {"words": "Two people of one name", "wrong_person": "on"})
    assert "Look at it and agree" not in as_ash.get(url("detail", referral.pk)).content.decode()
    assert "Look at it and agree" in as_dee.get(url("detail", referral.pk)).content.decode()
    page = as_dee.get(url("step", referral.pk, "mark_error")).content.decode()
    assert "Two people of one name" in page
    as_dee.post(url("step", referral.pk, "mark_error"), {"version": referral.version, "words": ""})
    referral.refresh_from_db()
    assert referral.status == "entered_in_error"


def test_what_is_owed_says_about_whom_also_to_a_provider(as_bo, bo, person, referral_in):
    referral = referral_in("accepted")
    owed = FollowUp.objects.open().filter(referral=referral, team=bo.team).first()
    shown = as_bo.get(reverse("referrals:follow_up", args=[owed.pk])).content.decode()
    assert referral.shared["name"] in shown
    assert person.nhs_number not in shown
