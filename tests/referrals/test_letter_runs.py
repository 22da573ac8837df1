"""Letters in runs: each in one run at the most, looked at again whenever it is printed or marked, and never
forgotten."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts import clock
from accounts.errors import AlreadyChanged, InvalidInput, NotPossibleNow
from accounts.models import AuditEvent
from people import actions as people
from people.contact_plan import Plan
from referrals import actions
from referrals.models import BatchLetter, FollowUp, LetterBatch, Reminder
from referrals.post import references, returned, runs, waiting
from referrals.post.chasing import chase
from tests.conftest import SignedIn
from tests.factories import ContactPlanFactory, MembershipFactory
from tests.referrals.posting import letters_for, text_of
from tests.referrals.reaching import WEDNESDAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday_morning")]


@pytest.fixture
def three(offer, ash, bo):
    return letters_for(3, offer, ash, bo)


@pytest.fixture
def run(three, bo):
    batch = made(three, bo)
    runs.print_run(batch=batch, by=bo)
    return batch


def made(letters, by, **more):
    return runs.make(chosen=[one.pk for one in letters], by=by, **{"both_sides": False, **more})


def mark(batch, by, **more):
    said = {"posted_on": clock.today(), "last_collection": True, **more}
    return runs.mark_posted(batch=batch, by=by, **said)


def states(batch):
    return [one.status for one in batch.letters.order_by("place")]


def pause(letter, by):
    people.pause(
        service_user=letter.service_user, reason="in_hospital", review_on=clock.today() + timedelta(days=9), by=by
    )


# --- The life of a run --------------------------------------------------------------------------------------


def test_the_person_counts_as_told_when_the_run_is_marked_and_not_before(three, bo):
    batch = made(three, bo)
    assert states(batch) == ["printed"] * 3
    runs.print_run(batch=batch, by=bo)
    assert FollowUp.objects.open().count() == 3
    marked = mark(batch, bo)
    assert (marked.posted, marked.taken_out) == (3, [])
    assert states(batch) == ["posted"] * 3
    assert set(FollowUp.objects.values_list("result", flat=True)) == {"letter_posted"}
    batch.refresh_from_db()
    assert (batch.posted_by, batch.posted_on, batch.last_collection) == (bo, clock.today(), True)


def test_a_letter_in_a_run_waits_no_more_and_is_in_no_other(three, bo):
    made(three, bo)
    assert waiting.count(bo) == 0
    with pytest.raises(NotPossibleNow, match="Somebody else has just"):
        made(three, bo)
    assert LetterBatch.objects.count() == 1


def test_only_the_chosen_go_into_the_run(three, bo):
    batch = made(three[1:], bo)
    assert [one.reminder_id for one in batch.letters.all()] == [one.pk for one in three[1:]]
    assert waiting.count(bo) == 1


@pytest.mark.parametrize("number", [0, runs.AT_ONCE + 1])
def test_a_run_has_one_letter_at_least_and_no_endless_pile(three, bo, number):
    with pytest.raises(InvalidInput):
        made(three[:1] * number, bo)


def test_nobody_posts_what_was_not_printed(three, bo):
    with pytest.raises(NotPossibleNow, match="Print the letters first"):
        mark(made(three, bo), bo)


def test_a_run_is_marked_once(run, bo):
    mark(run, bo)
    with pytest.raises(AlreadyChanged):
        mark(run, bo)


@pytest.mark.parametrize("days", [1, -1])
def test_a_run_is_posted_neither_tomorrow_nor_before_it_was_made(run, bo, days):
    with pytest.raises(InvalidInput):
        mark(run, bo, posted_on=clock.today() + timedelta(days=days))
    assert states(run) == ["printed"] * 3


# --- Not allowed any more -----------------------------------------------------------------------------------


def tightened(letter, ash, bo):
    row = letter.service_user.contact_plans.get()
    people.change_contact_plan(service_user=letter.service_user, plan=Plan(answered=True), seen=row.number, by=ash)


def not_automatic(letter, ash, bo):
    ContactPlanFactory(service_user=letter.service_user, allowed=["letter"], automatic=False)


def paused(letter, ash, bo):
    pause(letter, ash)


def withdrawn(letter, ash, bo):
    consent = letter.service_user.consents.get()
    actions.withdraw_consent(consent=consent, how="By phone", by=ash)


def no_longer_shared(letter, ash, bo):
    people.record_consent(service_user=letter.service_user, choice="no", how="phone", wording="sharing-1", by=ash)


def told(letter, ash, bo):
    actions.complete_follow_up(follow_up=letter.follow_up, result="told_call", by=bo)


def moved(letter, ash, bo):
    person = letter.service_user
    people.update(service_user=person, version=person.version, by=ash, address="9 Other Road\nLondon")


def no_address(letter, ash, bo):
    person = letter.service_user
    people.update(service_user=person, version=person.version, by=ash, address="", postcode="")


EVENTS = {
    tightened: "the contact plan does not allow it",
    not_automatic: "automatic messages are off for this person",
    paused: "contact is paused",
    withdrawn: "",
    no_longer_shared: "the person does not want details shared any more",
    told: "the person has been told",
    moved: "the address has changed",
    no_address: "there is no number or address for it",
}


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)
@pytest.mark.parametrize("moment", ["making", "printing", "marking"])
def test_a_letter_that_may_not_go_any_more_drops_out_with_its_reason(three, ash, bo, event, moment):
    first = three[0]
    if moment == "making":
        if event is moved:
            pytest.skip("until it is printed, the letter simply takes the new address")
        event(first, ash, bo)
    batch = runs.make(chosen=[one.pk for one in three], both_sides=False, by=bo)
    if moment == "printing":
        event(first, ash, bo)
    runs.print_run(batch=batch, by=bo)
    if moment == "marking":
        event(first, ash, bo)
    assert mark(batch, bo).posted == 2
    assert states(batch)[-2:] == ["posted", "posted"]
    if letter := batch.letters.filter(reminder=first).first():
        assert letter.status == "dropped"
        assert EVENTS[event][1:] in text_of(SignedIn(bo).get(reverse("referrals:letter_run", args=[batch.pk])))
    first.refresh_from_db()
    assert first.status != "delivered"
    assert (first.status == "sent") == (event is moved)


@pytest.mark.parametrize("event", [tightened, paused, no_longer_shared, no_address], ids=lambda one: one.__name__)
def test_whoever_is_not_told_after_all_is_owed_it_still(three, ash, bo, event):
    event(three[0], ash, bo)
    runs.make(chosen=[one.pk for one in three], both_sides=False, by=bo)
    three[0].refresh_from_db()
    assert three[0].sent_on is None
    assert (
        FollowUp.objects.open().filter(kind="message_failed", key=f"reminder:{three[0].pk}", team=bo.team).exists()
    )


def test_an_address_that_changed_is_printed_anew_in_another_run(run, three, ash, bo):
    moved(three[0], ash, bo)
    mark(run, bo)
    assert waiting.count(bo) == 1
    again = made(three[:1], bo)
    assert "9 Other Road" in again.letters.get().to


def test_a_run_of_which_nothing_is_left_says_so(run, three, bo):
    for letter in three:
        told(letter, None, bo)
    response = SignedIn(bo).post(reverse("referrals:print_letter_run", args=[run.pk]))
    assert "Nothing is left to print" in text_of(response, 409)
    assert states(run) == ["dropped"] * 3


# --- Single letters -----------------------------------------------------------------------------------------


def test_a_spoiled_letter_waits_to_be_printed_again(run, bo):
    runs.not_posted(letter=run.letters.first(), reason="misprint", by=bo)
    assert states(run) == ["spoiled", "printed", "printed"]
    assert waiting.count(bo) == 1
    assert mark(run, bo).posted == 2


def test_a_letter_that_should_not_go_becomes_somebodys_to_tell(run, three, bo):
    with pytest.raises(InvalidInput):
        runs.not_posted(letter=run.letters.first(), reason="should_not_go", by=bo)
    runs.not_posted(letter=run.letters.first(), reason="should_not_go", words="She rang", by=bo)
    assert FollowUp.objects.open().filter(key=f"reminder:{three[0].pk}").exists()
    with pytest.raises(AlreadyChanged):
        runs.not_posted(letter=run.letters.first(), reason="lost", by=bo)


def test_every_print_is_kept(run, bo):
    runs.print_run(batch=run, by=bo, letter=run.letters.last())
    runs.print_run(batch=run, by=bo)
    assert list(run.prints.values_list("letters", flat=True)) == [3, 1, 3]
    assert AuditEvent.objects.filter(action="print_letters").count() == 3


def test_the_outbox_sends_whoever_marks_one_letter_to_its_run(run, three, bo):
    page = reverse("referrals:outbox_message", args=[three[0].pk])
    assert run.code in text_of(SignedIn(bo).get(page))
    assert SignedIn(bo).post(page, {"what": "returned"}).status_code == 409


# --- Came back ----------------------------------------------------------------------------------------------


def come_back(letter, by, reason="gone_away", **more):
    said = {"returned_on": clock.today(), "reason": reason, "reference": letter.reference, **more}
    return returned.came_back(by=by, **said)


@pytest.mark.parametrize("typed", [str.lower, references.printed, lambda text: f" {text[:4]}-{text[4:].lower()} "])
def test_a_returned_letter_is_found_however_its_reference_is_typed(run, three, bo, typed):
    mark(run, bo)
    letter = run.letters.first()
    come_back(letter, bo, reference=typed(letter.reference))
    letter.refresh_from_db()
    assert (letter.status, letter.returned_reason) == ("returned", "gone_away")
    assert FollowUp.objects.open().filter(key=f"reminder:{three[0].pk}", kind="message_failed").exists()
    assert FollowUp.objects.get(pk=three[0].follow_up_id).done_at is None


def test_no_other_letter_goes_to_an_address_that_came_back_until_somebody_has_checked_it(run, offer, ash, bo):
    mark(run, bo)
    letter = run.letters.first()
    come_back(letter, bo)
    check = FollowUp.objects.open().get(kind="check_address", team=ash.team)
    other = Reminder.objects.create(
        dedupe_key="another", service_user=letter.reminder.service_user, referral=letter.reminder.referral,
        template="accepted", channel="letter", due_at=clock.now(), status="sent", sent_at=clock.now(),
    )  # fmt: skip
    assert runs.letters.why_not(other, clock.now()) == "bad_address"
    actions.complete_follow_up(follow_up=check, result="address_right", by=ash)
    assert runs.letters.why_not(other, clock.now()) == ""


def test_a_refused_letter_leaves_no_doubt_about_the_address(run, bo):
    mark(run, bo)
    come_back(run.letters.first(), bo, reason="refused")
    assert not FollowUp.objects.filter(kind="check_address").exists()


def test_what_came_back_is_written_down_once_and_only_once_it_was_posted(run, bo):
    with pytest.raises(NotPossibleNow, match="not marked as posted"):
        come_back(run.letters.first(), bo)
    mark(run, bo)
    come_back(run.letters.first(), bo)
    with pytest.raises(AlreadyChanged):
        come_back(run.letters.first(), bo)


def test_nobody_finds_another_organisations_letter(run, bo, cam):
    mark(run, bo)
    with pytest.raises(InvalidInput, match="No letter of yours"):
        come_back(run.letters.first(), cam)
    other = MembershipFactory(team__organisation=bo.organisation, role="support_worker")
    come_back(run.letters.first(), other)


# --- Not forgotten ------------------------------------------------------------------------------------------


def test_a_run_that_lies_for_two_working_days_is_somebodys_follow_up(run, bo):
    assert chase() == 0
    with clock.at(WEDNESDAY + timedelta(days=1)):
        assert chase() == 0
    with clock.at(WEDNESDAY + timedelta(days=2)):
        assert (chase(), chase()) == (1, 0)
        owed = FollowUp.objects.open().get(kind="letters_waiting", team=bo.team)
        assert run.code in owed.what
        mark(run, bo)
    owed.refresh_from_db()
    assert owed.done_at is not None


# --- Pages --------------------------------------------------------------------------------------------------


def test_all_or_some_by_the_page_and_a_double_click_makes_one_run(three, bo):
    page = SignedIn(bo)
    make = reverse("referrals:make_letter_run")
    first = page.post(make, {"all": "1", "once": "abc"})
    assert page.post(make, {"all": "1", "once": "abc"}).url == first.url
    assert LetterBatch.objects.get().letters.count() == 3


def test_nothing_ticked_is_said_and_what_was_ticked_stays(three, bo):
    response = SignedIn(bo).post(
        reverse("referrals:make_letter_run"), {"letter": ["nonsense"], "both_sides": "on"}
    )
    text = text_of(response, 400)
    assert "Choose at least one letter." in text
    assert 'id="both-sides" checked' in text


def test_the_whole_way_by_the_pages(three, bo):
    page = SignedIn(bo)
    run_page = page.post(reverse("referrals:make_letter_run"), {"letter": [str(three[0].pk)]}).url
    assert "Open the letters to print" in text_of(page.get(run_page))
    pdf = page.post(f"{run_page}letters.pdf")
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf["Cache-Control"] == "no-store"
    assert "Say whether it was in time." in text_of(
        page.post(f"{run_page}posted/", {"posted_on": "25 11 2026"}), 400
    )
    done = page.post(f"{run_page}posted/", {"posted_on": "25 11 2026", "last_collection": "no"}, follow=True)
    assert "1 letter is marked as posted." in text_of(done)
    assert "After the last collection" in text_of(done)
    reference = BatchLetter.objects.get().reference
    back = {"reference": reference.lower(), "returned_on": "25 11 2026", "reason": "other"}
    form = reverse("referrals:letter_came_back")
    assert "Say why in a few words." in text_of(page.post(form, back), 400)
    assert "Came back" in text_of(page.post(form, {**back, "words": "Torn"}, follow=True))


def test_other_teams_see_no_run(run, as_cam, as_nia):
    for other in (as_cam, as_nia):
        assert other.get(reverse("referrals:letter_run", args=[run.pk])).status_code == 404
        assert other.post(reverse("referrals:print_letter_run", args=[run.pk])).status_code == 404
