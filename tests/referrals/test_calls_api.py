"""The call list by the API: the same rules as the pages, and the same reasons."""

import pytest

from referrals.models import CallAttempt, FollowUp
from tests.conftest import SignedIn
from tests.referrals.test_call_list import owe

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday_morning")]
CALLS = "/api/v1/calls/"


def post(api, body, **more):
    return api.post(CALLS, body, content_type="application/json", **more)


def test_list_and_write_down(as_ash, person, team, plan):
    owe(person, team)
    line = as_ash.get(CALLS, {"when": "now"}).json()["results"][0]
    assert (line["phone"], line["may_ring_now"], line["try_number"]) == ("07700 900123", True, 1)
    said = {"service_user": line["service_user"], "how": "call", "result": "reached",
            "told": [topic["key"] for topic in line["topics"]]}  # fmt: skip
    for _try in range(2):
        answer = post(as_ash, said, headers={"Idempotency-Key": "one"})
        assert answer.status_code == 201
    assert CallAttempt.objects.count() == 1
    assert FollowUp.objects.get().result == "spoke"
    assert as_ash.get(CALLS).json() == {"results": [], "next": ""}


def test_no_number_and_the_reason_where_the_plan_lets_nobody_ring(as_ash, person, team):
    owe(person, team)
    line = as_ash.get(CALLS).json()["results"][0]
    assert (line["phone"], line["may_ring_now"], line["why_not"]) == ("", False, "not_answered")
    refused = post(as_ash, {"service_user": str(person.pk), "how": "call", "result": "no_answer"})
    assert refused.status_code == 400
    assert list(refused.json()["errors"]) == ["why_then"]


def test_a_stranger_finds_nobody(as_cam, person, team, plan):
    owe(person, team)
    assert as_cam.get(CALLS).json()["results"] == []
    assert post(as_cam, {"service_user": str(person.pk), "how": "call", "result": "no_answer"}).status_code == 404
    assert SignedIn(as_cam.membership).get(CALLS, {"whom": "all"}).status_code == 400
