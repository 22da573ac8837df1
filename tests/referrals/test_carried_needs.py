"""A need that a later questionnaire carries on: its first reasons still say whether a provider may know of it."""

from datetime import timedelta

import pytest

from accounts import clock
from referrals.sharing import is_sensitive, shareable_titles
from screening import actions
from screening.models import Need
from tests.factories import ScreeningFactory
from tests.referrals.planning import PLANS, page_of, words
from tests.screening.examples import CASES
from tests.screening.test_review import REVIEW, WENT_WELL

pytestmark = pytest.mark.django_db

LONELY = {**CASES["no-barriers"], "OC2": ["lonely"]}
"""The review asks nothing about OC2, and raises LONELY for a reason of its own."""


@pytest.fixture
def lonely(person, ash):
    with clock.at(clock.now() - timedelta(weeks=12)):
        ScreeningFactory(service_user=person, answers=LONELY, submitted=True)
    met = {**WENT_WELL, "FU2": "changed", "FA1": ["meet"]}
    actions.record(service_user=person, answers=met, by=ash, asked=REVIEW, submit=True)
    return Need.objects.open().select_related("screening").get(service_user=person, code="LONELY")


def test_a_reason_that_only_the_earlier_questionnaire_asks_about_is_judged_by_that_one(lonely):
    assert "OC2" in lonely.because
    assert not is_sensitive(lonely)
    lonely.because = [*lonely.because, "OC3"]
    assert is_sensitive(lonely), "OC3 is asked in private, and the review does not ask it"


def test_a_reason_that_no_questionnaire_knows_is_kept_from_the_provider(lonely):
    lonely.because = [*lonely.because, "ZZ9"]
    assert is_sensitive(lonely)
    assert shareable_titles([lonely]) == []


def test_the_plan_and_the_clinic_list_of_such_a_person_are_there(as_ash, lonely):
    words(as_ash.get(page_of(lonely.service_user)))
    words(as_ash.get(PLANS))
