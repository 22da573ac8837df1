"""A page of questions, shown and saved; and all questions of a questionnaire as HTML."""

from itertools import cycle
from typing import Any

from django.urls import reverse

from accounts import actions as accounts
from accounts.models import Membership, Organisation
from accounts.permissions import Role
from inclusion.benchmarks.browser import Browser
from inclusion.benchmarks.meter import Operation
from inclusion.benchmarks.stock_forms import form_of
from people import actions as people
from screening import actions
from screening.fieldsets import fieldset
from screening.models import Screening
from screening.questionnaire import Item, Questionnaire, Section
from screening.reading import as_shown
from screening.sitting import definition_of
from screening.terms import Kind


def clinician() -> Membership:
    trust = accounts.add_organisation(
        name="Benchmark NHS Trust", kind=Organisation.Kind.HEALTH, phone="020 7946 0100", sender_name="Us", by=None
    )
    team = accounts.add_team(organisation=trust, name="Benchmark team", phone="020 7946 0101", by=None)
    user = accounts.add_user(email="bench@example.org", name="Ben Chmark", by=None)
    return accounts.add_membership(user=user, team=team, role=Role.CLINICIAN, by=None)


def draft(by: Membership, name: str) -> Screening:
    person = people.add(by=by, name=name, date_of_birth="3 April 1961")
    return actions.start(service_user=person, by=by)


def longest(asked: Questionnaire) -> Section:
    """The section with the most boxes to tick."""
    return max(
        asked.sections, key=lambda one: sum(len(item.options) * max(1, len(item.rows)) for item in one.items)
    )


def two_ways(item: Item) -> tuple[Any, Any]:
    """Two different answers to a question, in the instrument's form."""
    first, second = item.options[0].code, item.options[1].code
    if item.rows:
        return {row.code: first for row in item.rows}, {row.code: second for row in item.rows}
    return ([first], [second]) if item.kind == Kind.MULTI else (first, second)


def boxes(item: Item, answer: Any) -> dict[str, Any]:
    """The fields that a browser sends for an answer, whichever of the two pages it came from."""
    if item.rows:
        return {f"{item.code}-{row}": code for row, code in answer.items()}
    return {item.code: answer}


class Saving:
    """Saves a page again and again, each time with other answers, as the one who opened it last."""

    def __init__(self, browser: Browser, route: str, screening: Screening, section: str) -> None:
        self.post, self.path = browser.post, reverse(route, args=[screening.pk, section])
        self.version = screening.version
        items = [item for item in definition_of(screening).section(section).items if item.skip_if is None]
        ways = zip(*([(item, way) for way in two_ways(item)] for item in items), strict=True)
        self.ways = cycle([dict_of_boxes(way) for way in ways])
        self.shown = {item.code: "null" for item in items}

    def __call__(self) -> None:
        fields, shown = next(self.ways)
        was = {f"was-{code}": text for code, text in self.shown.items()}
        self.post(self.path, {"version": self.version, **was, **fields})
        self.version, self.shown = self.version + 1, shown


def dict_of_boxes(way: tuple[tuple[Item, Any], ...]) -> tuple[dict[str, Any], dict[str, str]]:
    fields = {name: value for item, answer in way for name, value in boxes(item, answer).items()}
    return fields, {item.code: as_shown(answer) for item, answer in way}


def operations() -> list[Operation]:
    by = clinician()
    screening, browser = draft(by, "Dora Draft"), Browser(by)
    asked = definition_of(screening)
    section = longest(asked).code
    paths = {
        route: reverse(route, args=[screening.pk, section]) for route in ("screening:section", "stock_section")
    }
    form = form_of(tuple(asked.items))
    return [
        Operation(
            "a page of questions shown",
            lambda: browser.get(paths["screening:section"]),
            lambda: browser.get(paths["stock_section"]),
            goal=4.0,
        ),
        Operation(
            "a page of questions saved",
            Saving(browser, "screening:section", draft(by, "Sid Saved"), section),
            Saving(browser, "stock_section", draft(by, "Una Usual"), section),
        ),
        Operation(
            f"{len(asked.items)} questions as HTML",
            lambda: [fieldset(asked, item, was=None, chosen=None) for item in asked.items],
            lambda: form().as_div(),
        ),
    ]
