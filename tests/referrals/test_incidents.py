"""What goes wrong for a person is written down once, owed by their team, and read by whoever it was told to."""

import datetime
import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts import clock
from accounts.append_only import AppendOnlyError
from accounts.errors import InvalidInput, NotAllowed, NotPossibleNow
from accounts.models import AuditEvent
from inclusion.timeline import happenings
from people.models import ServiceUser
from referrals import actions, due
from referrals.actions.overdue import ask_about_owed
from referrals.followup import add_working_days
from referrals.incidents.actions import record_incident
from referrals.models import FollowUp, Incident, Referral
from referrals.timeline import timeline
from screening import actions as screenings
from tests import factories
from tests.merging.records import merge, record, undo
from tests.screening.test_review import REVIEW, WENT_WELL

pytestmark = pytest.mark.django_db

SCAM = {"kind": "scam", "what": "Paid a man who rang about a parcel."}


@pytest.fixture
def bos(referral_in, bo):
    """Told by Bo, in a referral that is under way."""
    referral = referral_in("active")
    return record_incident(service_user=referral.service_user, referral=referral, by=bo, **SCAM)


def told(person, by, **more):
    return record_incident(service_user=person, by=by, **{**SCAM, **more})


def settle(incident, by, result="put_right", words=""):
    actions.complete_follow_up(follow_up=incident.follow_up, result=result, words=words, by=by)


# --- Written down, and owed


def test_each_is_owed_by_the_persons_team_until_somebody_says_what_came_of_it(ash, person):
    incident = told(person, ash)

    owed = incident.follow_up
    assert (owed.kind, owed.team, owed.done_at) == ("incident", person.team, None)
    assert owed.due_on == add_working_days(clock.today(), 1)
    settle(incident, ash)
    owed.refresh_from_db()
    assert owed.result == "put_right"


def test_what_is_owed_says_nothing_of_what_happened(ash, person):
    assert "parcel" not in told(person, ash).follow_up.what


def test_one_told_by_a_provider_is_owed_by_the_persons_team(bos, ash, bo):
    assert list(FollowUp.objects.visible_to(ash).filter(kind="incident")) == [bos.follow_up]
    assert not FollowUp.objects.visible_to(bo).filter(kind="incident").exists()


def test_no_end_of_the_referral_closes_what_is_owed(bos, ash):
    referral = Referral.objects.get(pk=bos.referral_id)
    actions.act(referral=referral, action="withdraw", by=ash, evidence={"how_said": "phone"})

    bos.follow_up.refresh_from_db()
    assert bos.follow_up.done_at is None


def test_one_that_lies_undone_is_asked_about(ash, person):
    incident = told(person, ash)
    ask_about_owed(add_working_days(incident.follow_up.due_on, 9))

    assert FollowUp.objects.filter(key=f"owed:{incident.follow_up.pk}").exists()


def test_what_is_written_is_not_changed(ash, person):
    incident = told(person, ash)
    incident.what = "Something else"
    with pytest.raises(AppendOnlyError):
        incident.save()


def test_audit_says_that_it_was_recorded_and_not_what(ash, person):
    incident = told(person, ash)

    event = AuditEvent.objects.get(action="record_incident")
    assert (event.subject_id, event.details) == (str(incident.pk), {"from_review": False})


@pytest.mark.parametrize(
    "wrong", [{"kind": "rain"}, {"what": "  "}, {"happened_on": datetime.date(2999, 1, 1)}, {"what": "x" * 2001}]
)
def test_what_is_missing_or_wrong_is_refused_beside_its_field(ash, person, wrong):
    with pytest.raises(InvalidInput) as refused:
        told(person, ash, **wrong)

    assert set(refused.value.fields) == set(wrong)
    assert not Incident.objects.exists()
    assert not FollowUp.objects.filter(kind="incident").exists()


def test_admin_and_stranger_tell_nothing_in_a_referral(referral_in, dee, cam):
    referral = referral_in("active")
    for by in (dee, cam):
        with pytest.raises(NotAllowed):
            told(referral.service_user, by, referral=referral)


def test_a_referral_made_in_error_takes_no_more(referral_in, ash):
    referral = referral_in("entered_in_error")
    with pytest.raises(NotPossibleNow):
        told(referral.service_user, ash, referral=referral)


def test_the_database_refuses_one_without_words_or_somebody_who_owes_it(ash, person):
    owed = told(person, ash).follow_up
    for wrong in ({"follow_up": owed, "what": "x"}, {"what": "x"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Incident.objects.create(service_user=person, kind="scam", recorded_by=ash, **wrong)


# --- What is counted


def test_one_that_did_not_happen_is_not_counted(ash, person):
    real, error = told(person, ash), told(person, ash)
    with pytest.raises(InvalidInput):
        settle(error, ash, "recorded_in_error")
    settle(error, ash, "recorded_in_error", "It was another person")

    assert list(Incident.objects.counted()) == [real]


# --- From a review


@pytest.fixture
def reviewed(ash, person):
    def review(*harm, **more):
        answers = {**WENT_WELL, "FU6": list(harm) or ["none"]}
        return screenings.record(service_user=person, answers=answers, by=ash, asked=REVIEW, submit=True, **more)

    return review


def kinds():
    return sorted(Incident.objects.values_list("kind", flat=True))


def test_review_that_tells_of_harm_makes_one_of_each_kind_once(reviewed, ash):
    review = reviewed("upset", "scam", "debt", "loss", "seen")
    due.queue_due()
    due.queue_due()

    assert kinds() == sorted(Incident.Kind.values)
    incident = Incident.objects.first()
    assert (incident.screening, incident.recorded_by, incident.happened_on) == (review, ash, None)
    assert FollowUp.objects.open().filter(kind="incident").count() == 5


def test_review_without_harm_makes_none(reviewed):
    reviewed()
    due.queue_due()

    assert kinds() == []


def test_correction_tells_of_what_is_new_alone(reviewed, ash):
    review = reviewed("scam")
    due.queue_due()
    draft = screenings.correct(screening=review, reason="Ticked too little", by=ash)
    answers = {"FU6": ["scam", "loss"]}
    saved = screenings.save_answers(screening=draft, answers=answers, version=draft.version, by=ash)
    screenings.submit(screening=saved.screening, by=ash)
    due.queue_due()

    assert kinds() == ["device_loss", "scam"]


def test_what_a_void_review_told_of_is_not_counted(reviewed, ash):
    review = reviewed("scam")
    due.queue_due()
    screenings.void(screening=review, reason="Another person's", by=ash)

    assert Incident.objects.count() == 1
    assert not Incident.objects.counted().exists()


def test_review_of_long_ago_is_left_alone(reviewed):
    with clock.at(clock.now() - due.LOOK_BACK - timedelta(days=1)):
        reviewed("scam")
    due.queue_due()

    assert kinds() == []


# --- Who reads what


def test_provider_reads_what_it_told_and_nothing_that_the_team_was_told(bos, reviewed, ash, bo, dee, cam, nia):
    mine = told(bos.service_user, ash, referral=bos.referral)
    reviewed("upset")
    due.queue_due()

    assert list(Incident.objects.visible_to(bo)) == [bos]
    assert (
        set(Incident.objects.visible_to(ash))
        == set(Incident.objects.visible_to(dee))
        == set(Incident.objects.all())
    )
    assert mine in Incident.objects.visible_to(ash)
    for stranger in (cam, nia):
        assert not Incident.objects.visible_to(stranger).exists()


def test_referrals_history_shows_the_provider_its_own_alone(bos, ash):
    told(bos.service_user, ash, referral=bos.referral, what="MARKER said to the team")
    shown = {side: str(timeline(bos.referral, for_provider=side)) for side in (True, False)}

    assert "parcel" in shown[True]
    assert "MARKER" not in shown[True]
    assert "MARKER" in shown[False]


def test_persons_timeline_leads_to_it(bos, person):
    one = next(one for one in happenings(person, Referral.objects.all()) if one.url.endswith(f"{bos.pk}/"))

    assert (one.what, one.about) == ("Went wrong", "Tricked, or money taken")


# --- Pages


def page(response, status=200):
    assert response.status_code == status
    return response.content.decode()


def test_recorded_from_the_persons_page_and_read(as_ash, person):
    path = f"/referrals/incidents/of/{person.pk}/add/"
    assert f'href="{path}"' in page(as_ash.get(f"/people/{person.pk}/"))
    page(as_ash.get(path))
    page(as_ash.post(path, {**SCAM, "happened_on": "1 3 2026", "done": "Rang the bank."}, follow=True))

    incident = Incident.objects.get()
    shown = page(as_ash.get(f"/referrals/incidents/{incident.pk}/"))
    for words in ("about a parcel", "1 March 2026", "Rang the bank.", "Say what came of it"):
        assert words in shown


def test_refused_with_what_was_typed_kept(as_ash, person):
    shown = page(as_ash.post(f"/referrals/incidents/of/{person.pk}/add/", {"done": "Rang the bank."}), 400)

    assert "Choose what went wrong." in shown
    assert "Rang the bank." in shown
    assert not Incident.objects.exists()


def test_recorded_from_the_referrals_page_by_the_provider_who_reads_no_more_of_the_person(as_bo, referral_in):
    referral = referral_in("active")
    ServiceUser.objects.filter(pk=referral.service_user_id).update(name="MARKER Name", preferred_name="")
    path = f"/referrals/{referral.pk}/incidents/add/"
    assert f'href="{path}"' in page(as_bo.get(f"/referrals/{referral.pk}/"))
    page(as_bo.post(path, SCAM, follow=True))

    incident = Incident.objects.get()
    shown = page(as_bo.get(f"/referrals/incidents/{incident.pk}/"))
    assert "about a parcel" in shown
    assert "MARKER" not in shown
    assert "Say what came of it" not in shown


def test_what_is_owed_leads_to_it_and_back(as_ash, ash, person):
    incident = told(person, ash)
    shown = page(as_ash.get(f"/referrals/owed/{incident.follow_up.pk}/"))

    assert f'href="/referrals/incidents/{incident.pk}/"' in shown
    assert "Passed on to safeguarding" in shown
    assert "Needed if it did not happen." in shown
    settle(incident, ash, "safeguarding", "Told the lead")
    assert "Told the lead" in page(as_ash.get(f"/referrals/incidents/{incident.pk}/"))


def test_one_from_a_review_says_to_ask_and_leads_to_the_review(as_ash, reviewed):
    review = reviewed("scam")
    due.queue_due()
    shown = page(as_ash.get(f"/referrals/incidents/{Incident.objects.get().pk}/"))

    assert "Ask them what happened." in shown
    assert f'href="/screenings/{review.pk}/"' in shown


# --- API


def post(client, **data):
    return client.post("/api/v1/incidents/", json.dumps(data), content_type="application/json")


def test_api_records_and_reads(as_ash, person):
    response = post(as_ash, service_user=str(person.pk), **SCAM)

    assert response.status_code == 201
    body = as_ash.get(f"/api/v1/incidents/{response.json()['id']}/").json()
    assert (body["kind"], body["came_of_it"], body["happened_on"]) == ("scam", "", None)
    listed = as_ash.get(f"/api/v1/incidents/?service_user={person.pk}").json()["results"]
    assert [row["id"] for row in listed] == [body["id"]]


def test_api_takes_the_referral_from_either_side_and_never_both_names(as_bo, as_ash, referral_in):
    referral = referral_in("active")
    assert post(as_bo, referral=str(referral.pk), **SCAM).status_code == 201
    assert post(as_bo, service_user=str(referral.service_user_id), **SCAM).status_code == 403
    both = post(as_ash, referral=str(referral.pk), service_user=str(referral.service_user_id), **SCAM)
    assert both.status_code == post(as_ash, **SCAM).status_code == 400
    assert Incident.objects.get().service_user == referral.service_user


def test_api_knows_no_strangers(as_cam, person, bos):
    assert post(as_cam, service_user=str(person.pk), **SCAM).status_code == 404
    assert post(as_cam, referral=str(bos.referral_id), **SCAM).status_code == 404
    assert as_cam.get(f"/api/v1/incidents/{bos.pk}/").status_code == 404


# --- Two records of one person


def test_merge_takes_them_along_and_an_undo_gives_them_back(ash):
    kept, other = record(ash), record(ash)
    incident = told(other, ash)
    row = merge(kept, other, ash)

    assert [one.service_user for one in Incident.objects.all()] == [kept]
    undo(row, ash)
    assert [one.service_user for one in Incident.objects.all()] == [other]
    assert FollowUp.objects.get(pk=incident.follow_up_id).service_user == other


def test_one_told_meanwhile_in_a_referral_goes_back_with_the_referral(ash):
    kept, other = record(ash), record(ash)
    referral = factories.ReferralFactory(sent=True, service_user=other)
    row = merge(kept, other, ash)
    referral.refresh_from_db()
    incident = told(kept, ash, referral=referral)
    undo(row, ash)

    assert Incident.objects.get(pk=incident.pk).service_user == other
    assert FollowUp.objects.get(pk=incident.follow_up_id).service_user == other
