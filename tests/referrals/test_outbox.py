"""The outbox: what went and will go, seen only by those it concerns, and letters that somebody posts."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import AuditEvent
from people import actions as people
from referrals import letters, obligations, sending
from referrals.models import FollowUp, Reminder
from tests.conftest import SignedIn
from tests.factories import ConsentFactory, ContactPlanFactory
from tests.referrals.reaching import WEDNESDAY, Network, event_of, message_to, referral_to

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday_morning")]
LIST = reverse("referrals:outbox")


@pytest.fixture
def letter(person, offer, ash, bo):
    """Bo's news for the person, by letter, taken in by the embedded outbox."""
    ContactPlanFactory(service_user=person, preferred="letter", allowed=["letter", "text"])
    ConsentFactory(service_user=person)
    referral = referral_to(offer, person, ash, shared={"name": person.name}, named_worker=bo)
    obligations.tell_person(referral=referral, event=event_of(referral, bo), template="accepted", by=bo)
    sending.send_due()
    return Reminder.objects.get()


def page(letter):
    return reverse("referrals:outbox_message", args=[letter.pk])


def text_of(response):
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize("who", ["as_bo", "as_dee"])
def test_the_list_says_whom_what_how_and_where_it_stands(letter, person, who, request):
    text = text_of(request.getfixturevalue(who).get(LIST))
    assert person.name in text
    assert "there is a place for them" in text
    assert "Letter" in text
    assert "To print and post" in text


def test_strangers_see_nothing(letter, as_cam, person, ash):
    stranger = as_cam.membership
    stranger.role = "admin"
    stranger.save()
    assert person.name not in text_of(as_cam.get(LIST))
    assert as_cam.get(page(letter)).status_code == 404
    assert as_cam.post(page(letter), {"what": "posted"}).status_code == 404
    assert Reminder.objects.get().status == "sent"


def test_another_provider_sees_nothing(letter, person, bo):
    bo.team.organisation = type(bo.team.organisation).objects.create(name="Elsewhere", kind="provider")
    bo.team.save()
    letter.referral.provider_team = None
    letter.referral.save()
    assert person.name not in text_of(SignedIn(bo).get(LIST))


def printed(letter, browser):
    """Its run, made from its own page as a worker makes it."""
    run = browser.post(reverse("referrals:make_letter_run"), {"letter": [str(letter.pk)]}).url
    assert browser.post(f"{run}letters.pdf").status_code == 200
    return run


def test_a_letter_in_its_run_is_shown_whole_with_the_address_and_the_number_to_ring(letter, as_bo):
    printed(letter, as_bo)
    text = text_of(as_bo.get(page(letter)))
    assert "Hello Robin," in text
    assert "Bo will get in touch with you soon." in text
    assert "1 Example Road" in text
    assert '<p class="dx-letter__phone">020 7946 0100</p>' in text


def test_a_provider_sees_no_address_on_what_is_not_its_own(letter, as_bo, team):
    FollowUp.objects.update(team=team)
    assert "1 Example Road" not in text_of(as_bo.get(page(letter)))


def test_a_no_hides_the_address_from_the_provider_at_once(letter, as_bo, as_dee, person, ash):
    printed(letter, as_bo)
    assert "Example Road" in text_of(as_bo.get(page(letter)))
    people.record_consent(service_user=person, choice="no", how="phone", wording="sharing-1", by=ash)
    shown = text_of(as_bo.get(page(letter)))

    assert "Example Road" not in shown
    assert "Do not post this." in shown
    assert "Put this letter into a run" not in shown
    assert "Example Road" in text_of(as_dee.get(page(letter)))


def test_reading_is_written_down(letter, as_bo, bo):
    as_bo.get(LIST)
    as_bo.get(page(letter))
    seen = AuditEvent.objects.filter(membership=bo, action__startswith="view_")
    assert list(seen.values_list("action", flat=True)) == ["view_outbox", "view_message"]


def test_its_page_neither_prints_nor_marks_a_letter_and_leads_to_a_run(letter, as_bo, person, ash):
    people.update(service_user=person, version=person.version, by=ash, address="9 Refuge Road\nLondon")
    assert "1 Example Road" not in text_of(as_bo.get(page(letter)))
    assert as_bo.post(page(letter), {"what": "posted"}).status_code == 400
    run = printed(letter, as_bo)
    assert "9 Refuge Road" in text_of(as_bo.get(page(letter)))
    as_bo.post(f"{run}posted/", {"posted_on": "25 11 2026", "last_collection": "yes"})
    assert FollowUp.objects.get().result == "letter_posted"


def test_only_the_organisation_that_has_the_person_to_tell_posts(letter, as_dee, person):
    assert "Put this letter into a run" not in text_of(as_dee.get(page(letter)))
    assert person.name not in text_of(as_dee.get(LIST, {"show": "to_post"}))
    run = as_dee.post(reverse("referrals:make_letter_run"), {"letter": [str(letter.pk)]})
    assert run.status_code == 409
    assert Reminder.objects.get().status == "sent"


def test_whoever_has_to_post_a_letter_finds_it(letter, as_bo, person):
    assert person.name in text_of(as_bo.get(LIST, {"show": "to_post"}))


def test_a_clinician_posts_the_letters_of_the_own_team(letter, as_ash, team):
    FollowUp.objects.update(team=team)
    assert "Put this letter into a run" in text_of(as_ash.get(page(letter)))


def test_a_letter_that_came_back_is_owed_again(letter, as_bo, bo):
    letters.mark_posted(reminder=letter, by=bo)
    text = text_of(as_bo.post(page(letter), {"what": "returned"}, follow=True))
    assert "The letter came back" in text
    owed = FollowUp.objects.open().values_list("kind", flat=True)
    assert sorted(owed) == ["check_address", "message_failed", "tell_person"]


def test_an_unknown_word_changes_nothing(letter, as_bo):
    assert as_bo.post(page(letter), {"what": "burnt"}).status_code == 400
    assert Reminder.objects.get().status == "sent"


def test_before_it_goes_a_message_shows_what_it_will_say(person, offer, ash, bo, as_bo):
    ContactPlanFactory(service_user=person)
    referral = referral_to(offer, person, ash, shared={"name": person.name})
    obligations.tell_person(referral=referral, event=event_of(referral, bo), template="accepted", by=bo)
    text = text_of(as_bo.get(page(Reminder.objects.get())))
    assert "What it will say" in text
    assert "Good news: there is a place for you." in text


@pytest.mark.parametrize(
    ("show", "answer", "there"),
    [
        ("to_post", "ok", False),
        ("waiting", "lost", True),
        ("failed", "rejected", True),
        ("not_known", "ok", False),
        ("nonsense", "ok", True),
    ],
)
def test_the_lists_sort_by_fate(person, as_dee, show, answer, there):
    ContactPlanFactory(service_user=person, allowed=["text"])
    message_to(person)
    sending.send_due(drivers=Network(answer))
    assert (person.name in text_of(as_dee.get(LIST, {"show": show}))) == there


def test_an_empty_list_says_what_will_appear(as_dee):
    assert "appears here" in text_of(as_dee.get(LIST))


def test_pages_follow_on_without_a_gap_and_a_broken_mark_is_harmless(person, as_dee):
    for number in range(30):
        message_to(person, due_at=WEDNESDAY + timedelta(days=number))
    first = as_dee.get(LIST).context
    second = as_dee.get(LIST, {"before": first["before"]}).context
    shown = [line.reminder.pk for line in (*first["lines"], *second["lines"])]
    assert len(shown) == len(set(shown)) == 30
    assert shown == sorted(shown, reverse=True)
    assert len(as_dee.get(LIST, {"before": "nonsense"}).context["lines"]) == 25


def test_the_list_asks_the_database_the_same_number_of_times_however_long(
    person, as_dee, django_assert_max_num_queries
):
    for number in range(25):
        message_to(person, due_at=WEDNESDAY + timedelta(days=number))
    with django_assert_max_num_queries(9):
        as_dee.get(LIST)
