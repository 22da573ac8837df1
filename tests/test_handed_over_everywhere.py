"""A handed-over session × every route there is: nothing but the person's pages, whatever is asked for and how."""

import re

import pytest
from django.urls import reverse

from accounts.models import AuditEvent
from tests.access_rules import RULES, Cast
from tests.conftest import SignedIn
from tests.test_access import ROUTES

pytestmark = pytest.mark.django_db

OPEN = {
    "accounts:take_back",
    "screening:handed_over",
    "screening:handed_over_question",
    "screening:give_back",
    "readyz",
}
"""What a handed-over session reaches; beside it only /healthz and the static files, which know no session."""


@pytest.fixture
def cast(ash, bo, dee, nia, cam, person, offer):
    person.name = "Marker Personsname"
    person.save()
    return Cast(ash, bo, dee, nia, cam, person, offer)


@pytest.fixture
def locked(cast):
    client = SignedIn(cast.ash)
    client.post(f"/screenings/{cast.draft.pk}/hand-over/")
    return client


def ask(client, method, url):
    return client.get(url) if method == "GET" else client.post(url, {})


def leaks(cast, response):
    """Whatever of the service, its user or the person an answer gives away."""
    said = b"".join(response.streaming_content) if response.streaming else response.content
    names = (cast.person.name, cast.person.nhs_number or "no number", cast.ash.user.name, "nhsuk-header")
    return [name for name in names if name.encode() in said]


def url_of(cast, name):
    arguments = re.findall(r"<(?:\w+:)?(\w+)>", ROUTES[name].path)
    about = RULES[name].about(cast, cast.ash) or dict.fromkeys(arguments, "any")
    return reverse(name, kwargs=about)


@pytest.mark.parametrize("name", sorted(ROUTES.keys() - OPEN))
def test_route_answers_with_the_handed_over_page_or_403(cast, locked, settings, name):
    url = url_of(cast, name)
    rows = AuditEvent.objects.count()
    for leads_to in ("/screenings/handed-over/", "/me/take-back/"):
        for method in ("GET", "POST"):
            response = ask(locked, method, url)
            if url.startswith("/api/"):
                assert response.status_code == 403
                assert response["Content-Type"] == "application/problem+json"
            else:
                assert (response.status_code, response.url) == (302, leads_to)
            assert leaks(cast, response) == []
        settings.HANDED_OVER_IDLE_SECONDS = 0  # and the same once nobody has touched the screen for too long
    assert AuditEvent.objects.count() == rows, "something was done all the same"


@pytest.mark.parametrize("name", sorted(OPEN))
def test_open_page_gives_nobody_away(cast, locked, settings, name):
    for method in ("GET", "POST"):
        assert leaks(cast, ask(locked, method, url_of(cast, name))) == []
    settings.HANDED_OVER_IDLE_SECONDS = 0
    for method in ("GET", "POST") if name in OPEN - {"accounts:take_back", "readyz"} else ():
        assert ask(locked, method, url_of(cast, name)).url == "/me/take-back/"


@pytest.mark.parametrize(
    "path", ["/no-such-page/", "/people", "/screenings/", "//", "/admin/", "/me/take-back", "/.well-known/x"]
)
def test_address_that_nothing_answers_leads_back_too(locked, path):
    assert locked.get(path).url == "/screenings/handed-over/"


def test_whether_the_service_is_alive_is_said_as_ever(locked):
    assert locked.get("/healthz").json() == {"status": "alive"}


def test_api_that_does_not_exist_is_403_too(locked):
    assert locked.get("/api/v1/no-such-thing/").status_code == 403


@pytest.mark.parametrize("method", ["put", "patch", "delete", "head", "options"])
def test_other_methods_are_no_way_round(cast, locked, method):
    assert getattr(locked, method)(f"/people/{cast.person.pk}/").status_code == 302
    assert getattr(locked, method)("/api/v1/service-users/").status_code == 403


def test_token_does_not_open_the_api_to_a_locked_session(cast, locked):
    response = locked.get("/api/v1/service-users/", headers={"Authorization": "Bearer dx_anything"})
    assert response.status_code == 403


def test_checker_sees_a_page_that_is_not_the_persons(cast):
    """Without the lock the same question finds the names, so it would find them with it."""
    assert leaks(cast, SignedIn(cast.ash).get(f"/people/{cast.person.pk}/")) != []
