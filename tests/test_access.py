"""Every route × everybody who may try it: nobody signed in, each role, and the same roles elsewhere.

The table is in tests/access_rules.py. A route without a line there fails, and so does a line without a route.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from accounts.ids import new_id
from accounts.models import Membership
from accounts.permissions import Permission, Role, roles_with
from tests.access_rules import (
    CLINICIAN,
    EVERYBODY,
    NO_MARK,
    RULES,
    STAFF,
    Cast,
    Rule,
    both,
    get,
    offer,
    person,
)
from tests.conftest import SignedIn

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


# --- The routes --------------------------------------------------------------------


@dataclass(frozen=True)
class Route:
    name: str
    path: str
    view: Any

    @property
    def is_api(self) -> bool:
        return self.path.startswith("api/")

    @property
    def permissions(self) -> dict[str, Permission | None]:
        """Method → what the view itself asks for."""
        if actions_of := getattr(self.view, "actions", None):
            held = self.view.cls.permissions
            return {method.upper(): held.get(action) for method, action in actions_of.items()}
        return dict.fromkeys(METHODS, getattr(self.view, "permission", None))


def walk(resolver: Any, namespace: str = "", path: str = "") -> list[Route]:
    found = []
    for pattern in resolver.url_patterns:
        here = path + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            found += walk(pattern, inner, here)
        else:
            found.append(Route(f"{namespace}{pattern.name or ''}", here, pattern.callback))
    return found


ROUTES = {route.name: route for route in walk(get_resolver())}


# --- What is wrong --------------------------------------------------------------------


def answer(client: Client, method: str, url: str) -> tuple[int, str]:
    """Status, and where to or what is said. An empty JSON object is sent where there is a body."""
    body = {} if method in {"GET", "DELETE"} else {"data": "{}", "content_type": "application/json"}
    if method == "POST" and not url.startswith("/api/"):
        body = {"data": {}}
    response = getattr(client, method.lower())(url, **body)
    if getattr(response, "streaming", False):
        return response.status_code, b"".join(response.streaming_content).decode()
    return response.status_code, response.headers.get("Location", "") + response.content.decode(errors="replace")


def problems(cast: Cast, route: Route, rule: Rule) -> list[str]:
    """What the route does that the rule does not say, in words; nothing where all is well."""
    return [
        *_nobody(cast, route, rule),
        *(line for method in METHODS for line in _refused(cast, route, rule, method)),
        *(line for method in METHODS for line in _strangers(cast, route, rule, method)),
        *(line for method in METHODS for line in _allowed(cast, route, rule, method)),
    ]


def _url(cast: Cast, route: Route, rule: Rule, by: Membership) -> str:
    return reverse(route.name, kwargs=rule.about(cast, by))


def _nobody(cast: Cast, route: Route, rule: Rule) -> list[str]:
    url = _url(cast, route, rule, cast.ash)
    wrong = []
    for method in METHODS:
        status, where = answer(Client(), method, url)
        sent_to_sign_in = status == 302 and where.startswith("/account/login/")
        if not (status == 401 if route.is_api else sent_to_sign_in):
            wrong.append(f"{method} by nobody signed in: {status}")
    return wrong


def _refused(cast: Cast, route: Route, rule: Rule, method: str) -> list[str]:
    """Roles that may not, and methods that nobody may."""
    wrong = []
    for role in Role:
        if role in rule.who.get(method, "").split():
            continue
        by = cast.colleague(role)
        status, _ = answer(SignedIn(by), method, _url(cast, route, rule, by))
        expected = {403} if method in rule.who else {403, 404, 405}
        if status not in expected:
            wrong.append(f"{method} by a {role} colleague: {status}")
    return wrong


def _strangers(cast: Cast, route: Route, rule: Rule, method: str) -> list[str]:
    """The right role, but in another organisation or team: what is not theirs is not there."""
    wrong = []
    for who, by in _elsewhere(cast, rule, method):
        status, said = answer(SignedIn(by), method, _url(cast, route, rule, by))
        if cast.person.name in said:
            wrong.append(f"{method} by a {who} names the person")
        if (
            rule.private
            and status != 404
            and (status, said) != answer(SignedIn(by), method, _nowhere(cast, route, rule))
        ):
            wrong.append(f"{method} by a {who}: {status}")
    return wrong


def _elsewhere(cast: Cast, rule: Rule, method: str) -> list[tuple[str, Membership]]:
    roles = rule.who.get(method, "").split()
    found = [(f"{role} stranger", cast.stranger(role)) for role in roles]
    return [*found, ("clinician of another team", cast.nia)] if CLINICIAN in roles else found


def _nowhere(cast: Cast, route: Route, rule: Rule) -> str:
    """The same address for ids that nothing has: for a stranger there must be no telling the two apart."""
    about = rule.about(cast, cast.ash)
    made_up = {name: new_id() if isinstance(value, UUID) else value for name, value in about.items()}
    return reverse(route.name, kwargs=made_up)


def _allowed(cast: Cast, route: Route, rule: Rule, method: str) -> list[str]:
    """Whoever may gets through the door; what they then sent may still be wrong."""
    wrong = []
    for role in rule.who.get(method, "").split():
        by = cast.holder(role)
        status, _ = answer(SignedIn(by), method, _url(cast, route, rule, by))
        shut = {401, 405} | (set() if rule.by_side else {403}) | (set() if route.name in NO_MARK else {404})
        if status in shut or status >= 500:
            wrong.append(f"{method} by a {role}, who may: {status}")
    return wrong


# --- The tests --------------------------------------------------------------------


@pytest.fixture
def cast(ash, bo, dee, nia, cam, person, offer):
    person.name = "Marker Personsname"
    person.save()
    return Cast(ash, bo, dee, nia, cam, person, offer)


def test_every_route_has_a_name():
    assert "" not in ROUTES


def test_every_route_has_a_rule():
    assert sorted(set(ROUTES) - set(RULES)) == []


def test_every_rule_has_a_route():
    assert sorted(set(RULES) - set(ROUTES)) == []


@pytest.mark.parametrize("name", sorted(set(RULES) & set(ROUTES) - NO_MARK))
def test_view_asks_for_what_the_rule_says(name):
    """Said twice, once beside the code and once here: neither changes unseen."""
    asked = ROUTES[name].permissions
    for method, roles in RULES[name].who.items():
        assert asked[method] is not None, f"{method} {name} asks for no permission"
        assert {role.value for role in roles_with(asked[method])} == set(roles.split()), method


@pytest.mark.parametrize("name", sorted(name for name in set(RULES) & set(ROUTES) if not RULES[name].open))
def test_route_lets_in_whom_the_rule_says_and_nobody_else(cast, name):
    assert problems(cast, ROUTES[name], RULES[name]) == []


# The checker itself must see what is wrong: each of these rules is not what the route does.


@pytest.mark.parametrize(
    ("name", "wrong", "seen"),
    [
        ("people:detail", get(EVERYBODY, person), "GET by a support_worker, who may: 403"),
        ("people:detail", get(CLINICIAN, person), "GET by a admin colleague: 200"),
        ("people:edit", get(CLINICIAN, person), "POST by a clinician colleague: "),
        ("directory:offer", both(EVERYBODY, offer), "GET by a clinician stranger: 200"),
        ("account_login", both(EVERYBODY), "GET by nobody signed in: 200"),
        ("service-user-detail", get(STAFF, person), "PATCH by a clinician colleague: "),
    ],
)
def test_checker_sees_a_rule_that_is_wrong(cast, name, wrong, seen):
    assert any(line.startswith(seen) for line in problems(cast, ROUTES[name], wrong))
