"""What was said last can make an agreed offer wait, and paper itself a risk."""

from datetime import timedelta

import pytest

from accounts import clock
from people.models import ContactPlan
from screening import actions
from tests.factories import ContactPlanFactory, ReferralFactory, ScreeningFactory
from tests.referrals.planning import PLANS, page_of, pdf_url, text_of, words
from tests.screening.examples import CASES
from tests.screening.test_review import REVIEW, WENT_WELL

pytestmark = pytest.mark.django_db

HANDSET = {**CASES["supported-home-never-online"], "CT2": "fine", "AC2": ["basic"], "AC2a": "share"}
CHECKED = {"CT2": "checked", "CT2a": ["text"]}
ON_PAPER, TO_STAFF = "A phone of my own", "Left off, because the last answers say to wait with it: A phone of one"


@pytest.fixture
def agreed(person, ash):
    """A phone of their own was agreed five days ago."""
    with clock.at(clock.now() - timedelta(days=5)):
        screening = ScreeningFactory(service_user=person, started_by=ash, answers=HANDSET, submitted=True)
        actions.decide(screening=screening, rule="R07", decision="agreed", by=ash)
    return person


@pytest.fixture
def said(as_ash):
    def look(person):
        return words(as_ash.get(page_of(person))), text_of(as_ash.get(pdf_url(person)).content)

    return look


def test_an_offer_stands_while_nothing_holds_it(agreed, said):
    page, pdf = said(agreed)
    assert ON_PAPER in pdf
    assert TO_STAFF not in page


def test_an_offer_that_the_next_screening_holds_is_left_off_and_staff_are_told(agreed, ash, said):
    later = ScreeningFactory(service_user=agreed, started_by=ash, answers={**HANDSET, **CHECKED}, submitted=True)
    assert "safeguarding" in [one["hold"] for one in later.result["suggestions"] if one["rule"] == "R07"]
    page, pdf = said(agreed)
    assert ON_PAPER not in page + pdf
    assert TO_STAFF in page


@pytest.mark.parametrize("left_out", ["AC2", "AC2a"])
def test_it_is_held_too_where_the_need_was_not_asked_about_again(agreed, ash, said, left_out):
    answers = {code: answer for code, answer in {**HANDSET, **CHECKED}.items() if code != left_out}
    ScreeningFactory(service_user=agreed, started_by=ash, answers=answers, submitted=True)
    assert ON_PAPER not in said(agreed)[1]


def test_a_later_sitting_that_does_not_ask_frees_nothing_and_one_that_does_frees_it(agreed, ash, said):
    def later(days, **answers):
        with clock.at(clock.now() - timedelta(days=days)):
            ScreeningFactory(service_user=agreed, started_by=ash, answers=answers, submitted=True)

    later(3, **HANDSET | CHECKED)
    later(2, **{code: answer for code, answer in HANDSET.items() if code != "CT2"})
    assert ON_PAPER not in said(agreed)[1]
    later(1, **HANDSET)
    assert ON_PAPER in said(agreed)[1]


def test_a_referral_for_what_is_held_is_left_off(agreed, ash, offer, said):
    offer.kinds = ["own_handset"]
    offer.save()
    agreed.needs.exclude(code="DEVICE_SHARED").delete()
    ContactPlanFactory(service_user=agreed)
    ReferralFactory(sent=True, service_user=agreed, offer=offer)
    assert ON_PAPER in said(agreed)[1]
    ScreeningFactory(service_user=agreed, started_by=ash, answers={**HANDSET, **CHECKED}, submitted=True)
    page, pdf = said(agreed)
    assert ON_PAPER not in pdf
    assert TO_STAFF in page


def test_a_review_holds_as_a_screening_does(agreed, ash, said):
    actions.record(service_user=agreed, answers={**WENT_WELL, **CHECKED}, by=ash, asked=REVIEW, submit=True)
    assert ON_PAPER not in said(agreed)[1]


# --- Is paper safe? -----------------------------------------------------------------------------------------

ASK = "Ask in private first"


@pytest.mark.parametrize(
    ("plan", "asked"),
    [
        ({"automatic": False, "automatic_reason": "safeguarding"}, True),
        ({"automatic": False, "automatic_reason": "message_seen"}, True),
        ({"automatic": False, "automatic_reason": "not_asked"}, True),
        ({"automatic": False, "answered": False}, True),
        ({"automatic": False, "automatic_reason": "staff"}, False),
        ({}, False),
    ],
    ids=str,
)
def test_where_others_may_see_it_staff_ask_in_private_before_they_print(agreed, as_ash, plan, asked):
    ContactPlanFactory(service_user=agreed, **plan)
    page = words(as_ash.get(page_of(agreed)))
    assert (ASK in page) == (ASK in words(as_ash.get(PLANS))) == asked
    assert ASK not in page[page.index("<article") :], "it stands on no paper"


def test_what_a_partial_screening_says_counts_although_the_plan_keeps_its_older_reason(agreed, ash, as_ash):
    ContactPlanFactory(service_user=agreed, allowed=["call"], automatic=False, automatic_reason="no_channel")
    assert ASK not in words(as_ash.get(page_of(agreed)))
    ScreeningFactory(service_user=agreed, started_by=ash, answers={"CT1": ["letter"], **CHECKED}, submitted=True)
    assert ContactPlan.objects.current_for(agreed).automatic_reason == "no_channel"
    assert ASK in words(as_ash.get(page_of(agreed)))
