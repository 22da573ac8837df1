"""No answer to a sensitive question leaves a trace on paper or page, whatever it was; a leak would be found."""

from dataclasses import replace

import pytest

from accounts import clock
from people.models import ContactPlan
from referrals.printing import gathering, paper, papers, plan
from screening import questionnaire
from screening.terms import When
from tests.factories import ContactPlanFactory, ScreeningFactory, ServiceUserFactory
from tests.referrals.planning import text_of, words_of
from tests.screening.examples import GETTING_ONLINE

pytestmark = pytest.mark.django_db

REVIEW = questionnaire.latest("review-12-weeks")
OTHERS = {
    "CT1": ["call", "letter"],
    "FA1": ["people"],
    "FA2": "lot",
    "FA3": ["one"],
    "AC2": ["none"],
    "AC1": "daily",
}
"""Answers that raise few needs, so that one more would show among the three."""

SENSITIVE = {
    "CT2": [{"CT2": code} for code in ("fine", "others_see", "checked", "private")],
    "CT2a": [{"CT2": "avoid", "CT2a": [code]} for code in ("call", "voicemail", "text", "letter", "email", "app")],
    "MH3": [{"MH3": code} for code in ("no", "now")],
    "MH3a": [{"MH3": "often", "MH3a": [code]} for code in ("in_person", "call", "letter", "via", "none")],
    "OC3": [{"OC3": code} for code in ("yes", "does_it", "no", "not_known", "uneasy")],
}
CASES = [answers for found in SENSITIVE.values() for answers in found]
MARKERS = (
    "watched", "voices", "safeguard", "checks", "controls", "private conversation", "distress", "at ease",
    "someone i do not know", "avoid", "overhear", "no one",
)  # fmt: skip


def paper_of(ash, answers, undecided=()):
    """The plan of somebody who answered so and agreed to everything but needs with these codes, with one way of
    contact whatever was said."""
    person = ServiceUserFactory(created_by=ash, name="Robin Example", preferred_name="Robin")
    ScreeningFactory(service_user=person, answers={**OTHERS, **answers}, submitted=True)
    agreed = person.needs.exclude(code__in=undecided)
    agreed.update(decision="agreed", decided_at=clock.now(), decided_by=ash)
    ContactPlanFactory(service_user=person, allowed=["call", "letter"], preferred="call", fallback="")
    person = type(person).objects.select_related(*gathering.RELATED).get(pk=person.pk)
    return papers.of(person)


def leaks(ash, answers):
    """What differs from the plan of somebody who was never asked, and who never agreed to what the answers hold
    back; and words that would tell."""
    with_them = paper_of(ash, answers)
    suggested = with_them.person.screenings.get().result["suggestions"]
    held = [code for one in suggested if one["when"] == When.HELD for code in one["needs"]]
    without = paper_of(ash, {}, undecided=held)
    pdf = text_of(papers.pdf_of([with_them], "standard"))
    found = [word for word in MARKERS if word in (pdf + words_of(with_them.sheet)).lower()]
    return found + ([] if words_of(with_them.sheet) == words_of(without.sheet) else ["it differs"])


def test_every_sensitive_question_is_tried():
    assert set(SENSITIVE) == {item.code for item in GETTING_ONLINE.items if item.sensitive}
    assert {"FU6"} == {item.code for item in REVIEW.items if item.sensitive} - set(SENSITIVE)


@pytest.mark.parametrize("harm", ["upset", "scam", "debt", "loss", "seen", "none"])
def test_harm_told_at_a_review_leaves_no_trace(ash, harm):
    made = paper_of(ash, {})
    before = words_of(made.sheet)
    ScreeningFactory(service_user=made.person, definition=REVIEW.id, answers={"FU6": [harm]}, submitted=True)
    made.person.needs.update(decision="agreed", decided_at=clock.now(), decided_by=ash)
    ContactPlanFactory(service_user=made.person, allowed=["call", "letter"], preferred="call", fallback="")
    assert made.person.needs.filter(screening__definition=REVIEW.id).exists() == (harm != "none")
    assert words_of(papers.of(made.person).sheet) == before


@pytest.mark.parametrize("answers", CASES, ids=str)
def test_an_answer_to_a_sensitive_question_leaves_no_trace(ash, answers):
    assert leaks(ash, answers) == []


def test_other_answers_do_show(ash):
    assert leaks(ash, {"KN3": "no"}) == ["it differs"]


@pytest.mark.parametrize(
    ("where", "name", "faulty"),
    [
        (gathering, "is_sensitive", lambda need: False),
        (plan, "_belongs", lambda one: one.agreed and one.stage > plan.SAFETY),
    ],
)
def test_a_plan_that_forgets_what_is_sensitive_is_found(ash, monkeypatch, where, name, faulty):
    monkeypatch.setattr(where, name, faulty)
    assert [answers for answers in CASES if leaks(ash, answers)]


def test_a_plan_that_forgets_the_safety_stage_is_found(ash, monkeypatch):
    monkeypatch.setattr(gathering, "is_sensitive", lambda need: False)
    monkeypatch.setattr(plan, "SAFETY", 0)
    assert [answers for answers in CASES if leaks(ash, answers)]


@pytest.mark.parametrize("form", list(paper.SIZES))
def test_surname_birth_and_numbers_are_on_no_form_but_the_address_of_a_letter(ash, form):
    made = paper_of(ash, {})
    made.person.local_number, made.person.address = "MARKERLOCAL", "1 Markerstreet"
    said = text_of(paper.plans([made.sheet], form))
    for private in ("Example", made.person.nhs_number, "1971", "MARKERLOCAL", "Markerstreet", "07700"):
        assert private not in said


def test_only_the_newest_contact_plan_counts(ash):
    made = paper_of(ash, {})
    assert "Someone will phone me." in words_of(made.sheet)
    ContactPlanFactory(service_user=made.person, allowed=["letter"], preferred="letter")
    assert ContactPlan.objects.filter(service_user=made.person).count() > 1
    after = words_of(papers.of(made.person).sheet)
    assert "phone me" not in after
    assert "Someone will send me a letter." in after


def test_a_need_of_two_causes_one_of_them_sensitive_stays_off(ash):
    made = paper_of(ash, {})
    need = made.person.needs.get(code="DEVICE")
    assert "A phone, tablet or computer to use" in words_of(made.sheet)
    need.because = ["AC2", "OC3"]
    need.save()
    assert "A phone, tablet or computer to use" not in words_of(papers.of(made.person).sheet)


def test_the_marker_words_are_words_that_would_be_found(ash):
    made = paper_of(ash, {})
    spoilt = replace(made.sheet, title="They feel watched")
    assert "watched" in text_of(paper.plans([spoilt], "standard")).lower()
