"""The plans of a whole clinic list in one go: in its order, each written down, and nobody left out unsaid."""

import pytest

from accounts.models import AuditEvent
from tests.factories import ContactPlanFactory, ScreeningFactory, ServiceUserFactory
from tests.referrals.planning import (
    ANSWERS,
    PLANS,
    prints_of,
    text_of,
    words,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinic(ash):
    """Three people with plans, in the order of the list."""
    people = [ServiceUserFactory(created_by=ash, name=f"{name} Example", search_name=name.lower())
              for name in ("Ada", "Ben", "Col")]  # fmt: skip
    for one in people:
        ScreeningFactory(service_user=one, answers=ANSWERS, submitted=True)
    return people


def ticked(people, form="standard"):
    return {"person": [str(one.pk) for one in people], "form": form}


def test_a_clinic_list_is_one_pdf_in_the_order_of_the_list_and_each_is_written_down(as_ash, clinic):
    response = as_ash.post(PLANS, ticked(reversed(clinic)))
    said = text_of(response.content)
    assert [said.index(f"The name I like: {name}") for name in ("Ada", "Ben", "Col")] == sorted(
        said.index(f"The name I like: {name}") for name in ("Ada", "Ben", "Col")
    )
    assert response["Content-Disposition"] == 'inline; filename="plans.pdf"'
    assert [prints_of(one).get().details["at_once"] for one in clinic] == [3, 3, 3]


def test_who_cannot_be_printed_is_named_with_the_reason_and_the_rest_stay_ticked(as_ash, clinic):
    type(clinic[1]).objects.filter(pk=clinic[1].pk).update(preferred_name="ⴰⵎⵖⴰⵔ")
    said = words(as_ash.post(PLANS, ticked(clinic)), 409)
    assert "1 plan cannot be printed" in said
    assert "Ben Example</bdi></a>: The character “ⴰ”" in said
    boxes = [part.split(">")[0] for part in said.split('name="person" value="')[1:]]
    assert [("checked" in box) for box in boxes] == [True, False, True]
    assert not AuditEvent.objects.filter(action="print_plan").exists()


def test_a_letter_for_the_whole_list_names_who_must_have_none(as_ash, clinic):
    ContactPlanFactory(service_user=clinic[2], allowed=["call"])
    said = words(as_ash.post(PLANS, ticked(clinic, "letter")), 409)
    assert "Col Example</bdi></a>: The person has not agreed to be reached in this way." in said
    assert text_of(as_ash.post(PLANS, ticked(clinic[:2], "letter")).content).count("Here is the plan") == 2


def test_somebody_without_a_screening_is_on_the_list_with_the_reason_and_no_box(as_ash, person, clinic):
    said = words(as_ash.get(PLANS))
    assert said.count('name="person"') == 3
    assert f"{person.name}</bdi></strong><br>There is no finished screening yet" in said


@pytest.mark.parametrize("who", ["nobody", "a stranger"])
def test_nobody_ticked_is_said(as_ash, who, cam):
    people = [] if who == "nobody" else [ServiceUserFactory(created_by=cam)]
    assert "Tick at least one person." in words(as_ash.post(PLANS, ticked(people)), 400)


def test_more_than_sixty_at_once_are_refused(as_ash, ash):
    people = [ServiceUserFactory(created_by=ash) for _ in range(61)]
    assert "Tick 60 people at the most." in words(as_ash.post(PLANS, ticked(people)), 400)


def test_the_list_goes_on_after_sixty(as_ash, ash):
    for _ in range(61):
        ServiceUserFactory(created_by=ash)
    said = words(as_ash.get(PLANS))
    following = said.split("?after=")[1].split('"')[0]
    assert words(as_ash.get(f"{PLANS}?after={following}")).count("There is no finished screening") == 1
    assert as_ash.get(f"{PLANS}?after=nobody").status_code == 404


def test_a_long_list_asks_the_database_as_often_as_a_short_one(
    as_ash, clinic, ash, django_assert_max_num_queries, offer
):
    with django_assert_max_num_queries(20) as short:
        as_ash.get(PLANS)
    for _ in range(5):
        one = ServiceUserFactory(created_by=ash)
        ScreeningFactory(service_user=one, answers=ANSWERS, submitted=True)
    with django_assert_max_num_queries(len(short)):
        as_ash.get(PLANS)


def test_an_empty_caseload_says_what_will_be_here(as_ash):
    assert "Nobody is on this list yet." in words(as_ash.get(PLANS))
