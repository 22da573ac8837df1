"""Setting up who listens, on the pages and over the API."""

import json
import re
from datetime import timedelta

import pytest

from accounts import clock
from accounts.actions import issue_token
from accounts.models import AuditEvent
from people.london import in_london
from referrals import tasks
from referrals.models import HookDelivery, HookEndpoint
from tests import factories
from tests.conftest import SignedIn
from tests.referrals.hook_receiver import Receiver, documented_verify

pytestmark = pytest.mark.django_db
LIST, API = "/referrals/events/", "/api/v1/webhook-endpoints/"


@pytest.fixture(autouse=True)
def local(settings):
    settings.HOOKS_MAY_BE_LOCAL = True


@pytest.fixture
def receiver():
    with Receiver() as running:
        yield running


@pytest.fixture
def page(as_dee, receiver):
    return as_dee.post(f"{LIST}add/", {"url": receiver.url, "description": "Case system"}).url


def text_of(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_from_an_empty_page_to_a_test_event_that_verifies(as_dee, receiver):
    assert "No system listens yet" in text_of(as_dee.get(LIST))
    page = as_dee.post(f"{LIST}add/", {"url": receiver.url, "description": "Case system"}).url
    shown = as_dee.post(f"{page}secret/")
    secret = re.search(r"whsec_[\w+/=]+", shown.content.decode())[0]
    assert "no-store" in shown["Cache-Control"]
    assert "whsec_" not in text_of(as_dee.get(page))
    assert as_dee.post(f"{page}secret/").status_code == 409
    as_dee.post(f"{page}do/test/")
    tasks.send_hooks()
    headers, body, _path = receiver.got[0]
    assert documented_verify()(secret, {name.lower(): value for name, value in headers.items()}, body)
    assert re.search(r"Test Taken .* Answered 200 after \d+ ms", text_of(as_dee.get(page)))


def test_a_wrong_address_is_said_beside_the_field_and_what_was_typed_stays(as_dee, settings):
    settings.HOOKS_MAY_BE_LOCAL = False
    response = as_dee.post(f"{LIST}add/", {"url": "http://10.0.0.1/", "description": "Our system"})
    assert response.status_code == 400
    assert "starts with https://" in text_of(response)
    assert b"Our system" in response.content
    assert not HookEndpoint.objects.exists()


def test_a_double_click_adds_one(as_dee, receiver):
    typed = {"url": receiver.url, "once": "k1"}
    assert as_dee.post(f"{LIST}add/", typed).url == as_dee.post(f"{LIST}add/", typed).url
    assert HookEndpoint.objects.count() == 1
    assert as_dee.post(f"{LIST}add/", {"url": receiver.url}).status_code == 400


def test_two_who_change_it_at_once_lose_nothing(as_dee, page, receiver):
    typed = {"url": receiver.url, "description": "First", "kinds": ["referral.accept"], "version": 1}
    assert as_dee.post(f"{page}change/", typed).status_code == 302
    second = as_dee.post(f"{page}change/", {**typed, "description": "Second"})
    assert second.status_code == 409
    assert b"Second" in second.content
    assert HookEndpoint.objects.get().description == "First"


def test_off_and_on_and_a_button_that_is_not_there(as_dee, page):
    as_dee.post(f"{page}do/off/")
    assert "Off" in text_of(as_dee.get(page))
    assert as_dee.post(f"{page}do/test/").status_code == 409
    as_dee.post(f"{page}do/on/")
    assert HookEndpoint.objects.get().active
    assert as_dee.post(f"{page}do/explode/").status_code == 400


def test_replays_from_the_page(as_dee, page, receiver, referral_in):
    referral_in("sent")
    tasks.send_hooks()
    since = in_london(clock.now() - timedelta(hours=1))
    response = as_dee.post(f"{page}replay/", {"day": f"{since:%d %m %Y}", "time": f"{since:%H:%M}"}, follow=True)
    assert "2 events are sent again." in text_of(response)
    tasks.send_hooks()
    assert len(receiver.got) == 4
    one = HookDelivery.objects.first()
    as_dee.post(f"{LIST}deliveries/{one.pk}/replay/")
    tasks.send_hooks()
    assert receiver.got[-1][0]["webhook-id"] == str(one.pk)
    assert as_dee.post(f"{page}replay/", {"day": "1 1 2020", "time": "10:00"}).status_code == 400


def test_a_failure_is_said_in_words(as_dee, page, receiver, settings):
    as_dee.post(f"{page}do/test/")
    HookEndpoint.objects.update(url="https://localhost/x")
    settings.HOOKS_MAY_BE_LOCAL = False
    tasks.send_hooks()
    shown = text_of(as_dee.get(page))
    assert "private network" in shown
    assert "Does not answer" in shown


def test_every_change_is_audited(as_dee, dee, page):
    as_dee.post(f"{page}secret/")
    for what in ("rotate", "test", "off", "on"):
        as_dee.post(f"{page}do/{what}/")
    done = list(AuditEvent.objects.filter(membership=dee).values_list("action", flat=True).order_by("pk"))
    assert done == ["add_webhook", "show_webhook_secret", "rotate_webhook_secret", "test_webhook",
                    "switch_webhook", "switch_webhook"]  # fmt: skip


def test_another_organisation_s_admin_finds_nothing(page, cam):
    other = SignedIn(factories.MembershipFactory(team=cam.team, role="admin"))
    assert other.get(page).status_code == 404
    assert "Case system" not in text_of(other.get(LIST))


@pytest.fixture
def api(client, dee):
    _row, token = issue_token(membership=dee, name="key", by=dee)

    def call(method, path="", **body):
        return client.generic(
            method,
            API + path,
            json.dumps(body),
            content_type="application/json",
            headers={"Authorization": f"Bearer {token}"},
        )

    return call


def test_the_api_does_the_same(api, receiver, referral_in):
    made = api("POST", url=receiver.url, kinds=["referral.accept"])
    assert made.status_code == 201
    secret, pk = made.json()["secret"], made.json()["endpoint"]["id"]
    assert secret not in api("GET", f"{pk}/").content.decode()
    assert api("POST", url=receiver.url).status_code == 400
    referral_in("accepted")
    assert api("POST", f"{pk}/test/").status_code == 202
    tasks.send_hooks()
    assert {one["type"] for one in api("GET", f"{pk}/deliveries/").json()} == {"referral.accept", "test"}
    assert api("POST", f"{pk}/rotate/").json()["secret"] != secret
    since = (clock.now() - timedelta(hours=1)).isoformat()
    assert api("POST", f"{pk}/replay/", since=since).json() == {"events": 1, "stopped_at": None}
    changed = api("PATCH", f"{pk}/", version=1, active=False, kinds=[])
    assert (changed.json()["active"], changed.json()["version"]) == (False, 2)
    assert api("PATCH", f"{pk}/", version=1, active=True).status_code == 409
    assert api("POST", f"{pk}/test/").status_code == 409


@pytest.mark.parametrize(
    "body", [{}, {"url": "ftp://x"}, {"url": "https://e.org", "kinds": ["no"]}, {"urls": "x"}]
)
def test_the_api_says_what_is_wrong(api, body):
    assert api("POST", **body).status_code == 400
