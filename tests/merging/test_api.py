"""Two records of one person by the API: the pages' own rules and words."""

import pytest

from people.models import Merge

pytestmark = pytest.mark.django_db


def sent(kept, other, **more):
    return {
        "kept": str(kept.pk),
        "kept_version": kept.version,
        "other": str(other.pk),
        "other_version": other.version,
        "reason": "Same NHS letter",
        **more,
    }


def call(client, path, body=None):
    response = client.post(f"/api/v1/merges/{path}", body or {}, content_type="application/json")
    return response.status_code, response.json()


def test_api_joins_and_undoes_by_the_same_rules(as_ash, kept, other):
    status, row = call(as_ash, "", sent(kept, other, facts={"name": "other"}))
    kept.refresh_from_db()

    assert (status, kept.name, row["cannot_be_undone"]) == (201, "Robyn Rivers", "")
    listed = as_ash.get("/api/v1/merges/").json()["results"]
    assert [one["other"] for one in listed] == [str(other.pk)]
    status, row = call(as_ash, f"{row['id']}/undo/", {"reason": "Two people"})
    assert (status, row["undo_reason"]) == (200, "Two people")
    assert call(as_ash, f"{row['id']}/undo/", {"reason": "Two people"})[0] == 409


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"reason": " "}, 400),
        ({"kept_version": 9}, 409),
        ({"facts": {"name": "mine"}}, 400),
        ({"facts": {"shoe_size": "kept"}}, 400),
        ({"facts": {"name": "both"}}, 400),
        ({"unknown": 1}, 400),
    ],
)
def test_api_refuses_what_the_page_refuses(as_ash, kept, other, change, status):
    assert call(as_ash, "", {**sent(kept, other), **change})[0] == status
    assert not Merge.objects.exists()


def test_api_names_the_kept_record_where_the_other_one_is_asked_for(as_ash, joined, kept, other):
    for path, body in (
        (f"service-users/{other.pk}/", None),
        (f"service-users/{other.pk}/consents/", {"choice": "yes", "how": "spoken", "wording": "x"}),
        ("screenings/", {"service_user": str(other.pk), "definition": "getting-online", "answers": {}}),
    ):
        url = f"/api/v1/{path}"
        response = as_ash.post(url, body, content_type="application/json") if body else as_ash.get(url)
        assert response.status_code == 409, response.content
        assert response.json()["same_person_as"] == str(kept.pk)


def test_api_answers_a_stranger_as_if_there_were_nobody(as_cam, kept, other, joined):
    assert call(as_cam, "", sent(kept, other))[0] == 404
    assert as_cam.get(f"/api/v1/merges/{joined.pk}/").status_code == 404
    assert as_cam.get(f"/api/v1/service-users/{other.pk}/").status_code == 404
