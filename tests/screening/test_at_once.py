"""Several at the same instant: one of them wins, nobody's answers are lost, nothing is doubled.

Needs PostgreSQL: SQLite lets one write at a time, and the sequential tests beside the actions hold on both.
"""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from accounts.errors import Refused
from people.models import ContactPlan
from screening import actions, scoring
from screening.models import Need, Screening
from tests.factories import ScreeningFactory
from tests.screening.examples import CASES, GETTING_ONLINE

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL"),
]

MANY = 8


def at_once(*works):
    """What each gives, or the refusal that it met; all begin together."""
    start = Barrier(len(works))

    def run(work):
        start.wait()
        try:
            return work()
        except Refused as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


@pytest.fixture
def draft(person, ash):
    return ScreeningFactory(service_user=person, started_by=ash, answers=CASES["supported-home-never-online"])


def test_one_screening_is_submitted_once(draft, ash):
    outcomes = at_once(*[lambda: actions.submit(screening=draft, by=ash)] * MANY)
    assert {outcome.pk for outcome in outcomes} == {draft.pk}
    needs = scoring.score(GETTING_ONLINE, CASES["supported-home-never-online"]).needs
    assert Need.objects.count() == len(needs)
    assert ContactPlan.objects.count() == 1


def test_one_person_gets_one_draft(person, ash):
    drafts = at_once(*[lambda: actions.start(service_user=person, by=ash)] * MANY)
    assert len({draft.pk for draft in drafts}) == 1
    assert Screening.objects.count() == 1


def test_answers_to_different_questions_are_all_kept(person, ash):
    draft = actions.start(service_user=person, by=ash)
    codes = ["OC1", "AC1", "AC4", "AC6"]
    options = {code: GETTING_ONLINE.item(code).options[0].code for code in codes}
    at_once(
        *[
            lambda code=code: actions.save_answers(
                screening=draft, answers={code: options[code]}, version=1, by=ash
            )
            for code in codes
        ]
    )
    draft.refresh_from_db()
    assert actions.answers_of(draft.responses) == options


def test_of_different_answers_to_one_question_one_stands_and_the_others_are_handed_back(person, ash):
    draft = actions.start(service_user=person, by=ash)
    given = [option.code for option in GETTING_ONLINE.item("AC1").options]
    saved = at_once(
        *[
            lambda code=code: actions.save_answers(screening=draft, answers={"AC1": code}, version=1, by=ash)
            for code in given
        ]
    )
    draft.refresh_from_db()
    (won,) = [code for code, outcome in zip(given, saved, strict=True) if outcome.changed]
    assert draft.responses["AC1"]["value"] == won
    assert all(outcome.changed or outcome.conflicts[0].theirs == won for outcome in saved)


def test_one_screening_is_corrected_by_one(draft, ash):
    first = actions.submit(screening=draft, by=ash)
    outcomes = at_once(*[lambda: actions.correct(screening=first, reason="Wrong box", by=ash)] * MANY)
    begun = [outcome for outcome in outcomes if isinstance(outcome, Screening)]
    assert [one.pk for one in begun] == list(first.corrections.values_list("pk", flat=True))
    assert {outcome.http_status for outcome in outcomes if isinstance(outcome, Refused)} == {409}
    done = at_once(*[lambda: actions.submit(screening=begun[0], by=ash)] * MANY)
    assert {outcome.pk for outcome in done} == {begun[0].pk}
    assert list(Screening.objects.submitted()) == begun
    assert Need.objects.open().count() == begun[0].needs.count()
