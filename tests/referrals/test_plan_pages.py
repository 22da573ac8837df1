"""Printing one plan: who may, what is written down, what is refused and how that is said; and letters."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts import clock
from accounts.models import AuditEvent
from referrals import due
from referrals.models import FollowUp
from tests.factories import ContactPlanFactory, ScreeningFactory, ServiceUserFactory
from tests.referrals.planning import (
    ANSWERS,
    give_url,
    page_of,
    pdf_url,
    prints_of,
    text_of,
    words,
)

pytestmark = pytest.mark.django_db


def test_the_page_shows_the_plan_and_writes_down_that_it_was_looked_at(as_ash, screened):
    said = words(as_ash.get(page_of(screened)))
    for part in ("My plan", "The name I like: Kay", "A phone, tablet or computer to use", "My small steps"):
        assert part in said
    assert AuditEvent.objects.get(action="view_plan").subject_id == str(screened.pk)


@pytest.mark.parametrize("form", ["standard", "large", "easy_read", "folded", "letter"])
def test_each_form_comes_as_pdf_with_a_name_that_is_nobodys(as_ash, screened, form):
    response = as_ash.get(pdf_url(screened, form))
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'inline; filename="my-plan.pdf"'
    assert response["Cache-Control"] == "no-store"
    assert "A phone, tablet or computer to use" in text_of(response.content)
    assert prints_of(screened).get().details == {"form": form, "at_once": 1}


def test_a_form_that_there_is_not_is_not_found(as_ash, screened):
    assert as_ash.get(pdf_url(screened, "braille")).status_code == 404


def test_page_and_paper_say_the_same_in_the_same_order(as_ash, screened):
    page, pdf = words(as_ash.get(page_of(screened))), text_of(as_ash.get(pdf_url(screened)).content)
    article = page[page.index("<article") :]
    places = [(article.index(part), pdf.index(part)) for part in ("My goal", "What we agreed", "My small steps",
              "If nothing happens", "020 7946 0101", "Next date")]  # fmt: skip
    assert places == sorted(places)


def test_nothing_to_print_before_a_screening_is_finished(as_ash, person):
    assert "There is no finished screening yet" in words(as_ash.get(page_of(person)))
    assert "There is no finished screening yet" in words(as_ash.get(pdf_url(person)), 409)
    assert not prints_of(person).exists()


@pytest.mark.parametrize("who", ["as_bo", "as_dee"])
def test_only_clinicians_print_plans(who, request, screened):
    client = request.getfixturevalue(who)
    assert client.get(page_of(screened)).status_code == 403
    assert client.get(pdf_url(screened)).status_code == 403


@pytest.mark.parametrize("who", ["as_nia", "as_cam"])
def test_a_stranger_finds_no_plan(who, request, screened):
    client = request.getfixturevalue(who)
    assert client.get(page_of(screened)).status_code == 404
    assert client.get(pdf_url(screened)).status_code == 404


def test_a_name_that_cannot_be_printed_is_said_on_the_page_and_nothing_is_written_down(as_ash, screened):
    screened.preferred_name = "ⴰⵎⵖⴰⵔ"
    screened.save()
    said = words(as_ash.get(pdf_url(screened)), 409)
    assert "The character “ⴰ” (U+2D30) cannot be printed" in said
    assert "The name I like: ⴰⵎⵖⴰⵔ" in said, "the page is there to be printed instead"
    assert not prints_of(screened).exists()


def test_own_words_are_on_the_plan(as_ash, screened):
    screened.screenings.update(goal_in_words="See my sister in Ghana")
    assert "“See my sister in Ghana”" in words(as_ash.get(page_of(screened)))
    assert "“See my sister in Ghana”" in text_of(as_ash.get(pdf_url(screened)).content)


def test_staff_are_told_what_was_left_off(as_ash, screened):
    screened.screenings.update(goal_in_words="Write to my psychiatrist")
    said = words(as_ash.get(page_of(screened)))
    assert "Left off, because the words could tell others about care: the goal in the person’s words." in said
    assert "psychiatrist" not in said


def test_a_declined_need_is_not_on_the_plan(as_ash, screened, ash):
    need = screened.needs.get(code="DEVICE")
    need.decision, need.decision_reason = "declined", "I have one now"
    need.save()
    assert "What we agreed" in words(as_ash.get(page_of(screened)))
    assert "tablet or computer" not in text_of(as_ash.get(pdf_url(screened)).content)


def test_pages_lead_to_the_plan(as_ash, screened):
    for url in (
        reverse("people:detail", args=[screened.pk]),
        reverse("screening:result", args=[screened.screenings.get().pk]),
    ):
        assert page_of(screened) in words(as_ash.get(url))
    assert reverse("referrals:plans") in words(as_ash.get(reverse("people:caseload")))


def test_the_api_says_what_the_page_says(as_ash, as_bo, as_nia, screened):
    url = f"/api/v1/plans/{screened.pk}/"
    said = as_ash.get(url).json()
    page = words(as_ash.get(page_of(screened)))
    assert [part["title"] for part in said["sections"]][:2] == ["My goal", "What we agreed"]
    assert (said["called"], said["left_off"]) == ("Kay", [])
    for part in said["sections"]:
        assert all(line["text"] in page for lines in part["groups"] for line in lines)
    assert AuditEvent.objects.filter(action="view_plan", details__form="api").count() == 1
    assert [as_bo.get(url).status_code, as_nia.get(url).status_code] == [403, 404]


def test_the_api_makes_no_plan_out_of_nothing(as_ash, person):
    response = as_ash.get(f"/api/v1/plans/{person.pk}/")
    assert response.status_code == 409
    assert response.json()["detail"] == "There is no finished screening yet, so there is nothing to print."


def test_the_next_review_is_the_next_date_before_the_job_and_after(as_ash, screened):
    day = clock.today() + timedelta(weeks=4)
    about = f"About {day:%A} {day.day} {day:%B}"
    assert about in words(as_ash.get(page_of(screened)))
    due.queue_due()
    assert about in words(as_ash.get(page_of(screened)))
    FollowUp.objects.filter(kind="review", due_on=day).update(done_at=clock.now(), result="spoke")
    said = words(as_ash.get(page_of(screened)))
    assert about not in said
    assert "Someone will ask me how it goes." in said


# --- Letters ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"allowed": ["call"]}, "The person has not agreed to be reached in this way."),
        ({"answered": False, "automatic": False}, "Safe contact has not been asked about."),
        ({"address": ""}, "There is no address for letters"),
        ({"no_fixed_address": True}, "There is no address for letters"),
    ],
)
def test_a_letter_that_may_not_go_is_refused_with_the_reason(as_ash, screened, change, sentence):
    plan = {name: change[name] for name in change if name in ("allowed", "answered", "automatic")}
    type(screened).objects.filter(pk=screened.pk).update(**{k: v for k, v in change.items() if k not in plan})
    if plan:
        ContactPlanFactory(service_user=screened, **plan)
    assert sentence in words(as_ash.get(page_of(screened)))
    assert sentence in words(as_ash.get(pdf_url(screened, "letter")), 409)
    assert sentence in words(as_ash.post(give_url(screened), {"form": "letter", "how": "posted"}), 409)


def test_no_letter_goes_while_contact_is_paused(as_ash, ash):
    paused = ServiceUserFactory(created_by=ash, paused=True)
    ScreeningFactory(service_user=paused, answers=ANSWERS, submitted=True)
    assert "Contact is paused." in words(as_ash.get(pdf_url(paused, "letter")), 409)


def test_a_letter_goes_care_of_somebody_where_there_is_no_fixed_address(as_ash, screened):
    screened.no_fixed_address, screened.care_of = True, "The Day Centre"
    screened.save()
    said = text_of(as_ash.get(pdf_url(screened, "letter")).content)
    assert f"{screened.name} c/o The Day Centre 1 Example Road London SE5 8AZ" in said
    assert "Lambourne" not in said
    assert "Brook Lane" not in said
