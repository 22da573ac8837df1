"""What a line of a list says of a person: whom it is about, and what to know before anybody is contacted."""

import pytest

from tests import factories

pytestmark = pytest.mark.django_db


def found(client, text="robin"):
    return client.post("/people/find/", {"q": text}).content.decode()


def make(ash, **more):
    return factories.ServiceUserFactory(created_by=ash, name="Robin Example", search_name="robin example", **more)


def test_line_tells_two_people_apart(as_ash, ash):
    make(ash, postcode="SE5 8AZ", local_number="RV5123", preferred_name="Bobbie")
    make(ash, no_fixed_address=True, postcode="N1 9GU")
    shown = found(as_ash)

    for words in ("Lives in SE5", "RV5123", "Bobbie", "No fixed address"):
        assert words in shown
    for unsaid in ("8AZ", "N1", "Example Road"):
        assert unsaid not in shown


def test_line_marks_pause_interpreter_needs_and_contact_limits_in_words(as_ash, ash):
    person = make(ash, paused=True, interpreter_language="Polish", communication_needs="BSL")
    factories.ContactPlanFactory(service_user=person, allowed=["text", "call"])
    factories.ContactPlanFactory(service_user=person, allowed=["text"])
    shown = found(as_ash)

    for words in ("Contact paused until", "Polish", "Communication needs", "Contact: text only"):
        assert words in shown


def test_nobody_who_was_never_asked_looks_safe_to_contact(as_ash, ash):
    make(ash)

    assert "Do not contact: not asked about" in found(as_ash)
    assert "Do not contact: not asked about" in as_ash.get("/people/").content.decode()


def test_likely_duplicate_is_shown_with_all_that_tells_it_apart(as_ash, ash):
    make(ash, local_number="RV5123")
    page = as_ash.post("/people/add/", {"name": "Robyn Example", "date_of_birth": "4 5 1971"}).content.decode()

    assert "Is it one of these people?" in page
    for words in ("RV5123", "Lives in SE5", "4 May 1971"):
        assert words in page


def test_finding_costs_the_same_however_many_are_found(as_ash, ash, django_assert_max_num_queries):
    for _ in range(15):
        factories.ContactPlanFactory(service_user=make(ash))
    with django_assert_max_num_queries(12):
        assert "15 found" in found(as_ash)


def test_strip_says_in_words_how_to_talk_with_and_reach_the_person(as_ash, ash):
    person = make(
        ash,
        paused=True,
        pronouns="they/them",
        preferred_name="Bobbie",
        interpreter_language="Polish",
        communication_needs="Large print",
    )
    factories.ContactPlanFactory(service_user=person, allowed=["letter"], preferred="letter")
    for path in ("", "edit/", "contact-plan/", "consents/add/", "pause/", "same-person/"):
        page = as_ash.get(f"/people/{person.pk}/{path}").content.decode()
        strip = page[page.index('class="dx-strip"') : page.index("</section>")]
        for words in ("Bobbie", "they/them", "Polish", "Large print", "Contact paused until", "Letter only."):
            assert words in strip, path


def test_no_fixed_address_and_who_takes_letters_in_are_on_the_persons_page(as_ash, ash):
    person = make(ash, no_fixed_address=True, care_of="Brook Lane day centre")
    page = as_ash.get(f"/people/{person.pk}/").content.decode()

    assert "No fixed address" in page
    assert "Brook Lane day centre" in page
