"""Letters by the API: the same rules as the pages, and the same reasons."""

import pytest

from referrals.models import BatchLetter, LetterBatch
from tests.conftest import SignedIn
from tests.referrals.posting import letters_for

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday_morning")]
RUNS = "/api/v1/letter-runs/"


@pytest.fixture
def api(offer, ash, bo):
    letters_for(2, offer, ash, bo)
    return SignedIn(bo)


def post(api, url, body, **more):
    return api.post(url, body, content_type="application/json", **more)


def test_list_make_print_mark_and_returned(api):
    waiting = api.get("/api/v1/letters/").json()["results"]
    assert {one["template"] for one in waiting} == {"accepted"}
    made = post(api, RUNS, {"letters": [one["id"] for one in waiting]}).json()
    assert [one["status"] for one in made["letters"]] == ["printed", "printed"]
    assert api.get("/api/v1/letters/").json()["results"] == []
    run = f"{RUNS}{made['id']}/"
    pdf = post(api, f"{run}print/", {})
    assert (pdf.status_code, pdf["Content-Type"]) == (200, "application/pdf")
    spoiled = post(api, f"{run}not-posted/", {"letter": made["letters"][1]["id"], "reason": "damaged"})
    assert spoiled.json()["status"] == "spoiled"
    posted = post(api, f"{run}posted/", {"posted_on": "2026-11-25", "last_collection": True}).json()
    assert [one["status"] for one in posted["letters"]] == ["posted", "spoiled"]
    back = {"reference": made["letters"][0]["reference"].lower(), "returned_on": "2026-11-25", "reason": "refused"}
    assert post(api, "/api/v1/letters/returned/", back).status_code == 201
    assert post(api, "/api/v1/letters/returned/", back).status_code == 409
    assert api.get(run).json()["letters"][0]["returned_reason"] == "refused"


def test_the_same_key_makes_one_run(api):
    letters = [one["id"] for one in api.get("/api/v1/letters/").json()["results"]]
    first, second = (
        post(api, RUNS, {"letters": letters}, headers={"Idempotency-Key": "one"}).json() for _try in range(2)
    )
    assert first == second
    assert LetterBatch.objects.count() == 1


def test_what_is_wrong_is_said_at_its_field(api):
    assert "letters" in post(api, RUNS, {"letters": []}).json()["errors"]
    wrong = post(api, "/api/v1/letters/returned/", {"reference": "AAAA", "returned_on": "2026-11-25",
                                                    "reason": "refused"})  # fmt: skip
    assert wrong.status_code == 400
    assert "reference" in wrong.json()["errors"]
    assert not BatchLetter.objects.exists()
