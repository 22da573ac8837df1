"""A handed-over screen: what locks it, what ends the lock, and what is written down about both."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.backends.base import UpdateError
from django.test import Client

from accounts import clock
from accounts.actions import end_user
from accounts.models import AuditEvent
from people.models import ServiceUser
from tests.accounts.conftest import code_of
from tests.conftest import SignedIn
from tests.factories import PASSWORD, ScreeningFactory

pytestmark = pytest.mark.django_db

HERE = "/screenings/handed-over/"
LEAVE = "/me/take-back/"
QUESTION = f"{HERE}questions/7/"  # AC1


@pytest.fixture
def draft(person):
    return ScreeningFactory(service_user=person)


@pytest.fixture
def handed(as_ash, draft):
    as_ash.post(f"/screenings/{draft.pk}/hand-over/")
    return as_ash


def leave(client, password=PASSWORD, **more):
    return client.post(LEAVE, {"password": password, **more})


def text(response):
    return response.content.decode()


# --- The lock


def test_handing_over_is_audited_with_who_and_which_screening(ash, handed, draft):
    row = AuditEvent.objects.get(action="hand_over_screen")
    assert (row.membership, row.subject_id) == (ash, str(draft.pk))


def test_other_sessions_of_the_same_clinician_go_on(ash, handed, person):
    assert SignedIn(ash).get(f"/people/{person.pk}/").status_code == 200


def test_request_under_way_elsewhere_cannot_save_the_session_without_the_lock(as_ash, draft):
    """Another tab's request has read the session before the hand-over, and writes it after."""
    under_way = as_ash.session
    under_way.get("membership")
    as_ash.post(f"/screenings/{draft.pk}/hand-over/")
    under_way["message"] = "from before"
    with pytest.raises(UpdateError):
        under_way.save()
    assert as_ash.get("/people/").url == HERE


def test_somebody_elses_screening_cannot_be_handed_over(as_cam, draft):
    assert as_cam.post(f"/screenings/{draft.pk}/hand-over/").status_code == 404
    assert as_cam.get("/directory/").status_code == 200


def test_pages_of_the_person_lead_home_where_nothing_is_handed_over(as_ash):
    for path in (HERE, QUESTION, f"{HERE}end/", LEAVE):
        assert as_ash.get(path).url == "/"


def test_a_refusal_or_fault_on_the_persons_pages_shows_no_menu_and_no_name(handed, ash, nia, person, monkeypatch):
    ServiceUser.objects.update(team=nia.team)
    gone = handed.get(QUESTION)
    assert gone.status_code == 404
    monkeypatch.setattr("screening.handover_views.question_page", lambda *args: 1 / 0)
    handed.raise_request_exception = False
    ServiceUser.objects.update(team=ash.team)
    broken = handed.get(QUESTION)
    assert broken.status_code == 500
    for response in (gone, broken):
        assert "This did not work." in text(response)
        assert "nhsuk-header" not in text(response)
        assert ash.user.name not in text(response)


def test_a_form_without_its_token_shows_no_menu_either(ash, draft):
    client = Client(enforce_csrf_checks=True)
    client.force_login(ash.user)
    session = client.session
    session["handed_over"] = {
        "page": HERE,
        "after": "/",
        "about": str(draft.pk),
        "seen": clock.now().isoformat(),
    }
    session.save()
    refused = client.post(QUESTION, {"go": "next"})
    assert refused.status_code == 403
    assert "nhsuk-header" not in text(refused)


# --- Leaving it


def test_the_right_password_returns_to_the_section_where_the_person_stopped(ash, handed, draft):
    handed.get(QUESTION)
    response = leave(handed)

    assert response.url == f"/screenings/{draft.pk}/sections/getting-online/#q-AC1"
    assert handed.get("/people/").status_code == 200
    assert AuditEvent.objects.get(action="take_back_screen").details["about"] == str(draft.pk)


@pytest.mark.parametrize("password", ["wrong", PASSWORD.upper(), f"{PASSWORD} ", ""])
def test_anything_but_the_right_password_leaves_it_locked(handed, password):
    response = leave(handed, password)

    assert response.status_code == 400
    assert handed.get("/people/").url == HERE


def test_failed_attempt_is_audited(ash, handed):
    leave(handed, "wrong")
    assert AuditEvent.objects.get(action="take_back_failed").membership == ash


def test_somebody_elses_password_does_not_open_it(handed, cam):
    cam.user.set_password("another person's own words")
    cam.user.save()
    leave(handed, "another person's own words")
    assert handed.get("/people/").url == HERE


def test_six_wrong_passwords_stop_even_the_right_one_for_a_while(handed):
    for _ in range(6):
        leave(handed, "wrong")
    response = leave(handed)

    assert "Too many tries." in text(response)
    assert handed.get("/people/").url == HERE


def test_tries_on_the_screen_count_as_tries_to_sign_in(ash, handed, sign_in):
    for _ in range(6):
        leave(handed, "wrong")
    assert "Too many tries." in text(sign_in(ash.user.email))


def test_signing_out_leads_to_the_sign_in_page_and_leaves_no_session(handed):
    assert handed.post(LEAVE, {"sign_out": "1"}).url == "/account/login/"
    assert handed.get("/people/").url.startswith("/account/login/")


@pytest.fixture
def second_step(ash, app_of, settings, handed):
    """Ash's app, outside demo mode; the session has passed it."""
    with time_machine.travel("2026-11-24 10:00:05+00:00", tick=False):
        yield app_of(ash.user)


def test_with_a_second_step_the_password_alone_does_not_open_it(handed, second_step):
    assert leave(handed).status_code == 400
    assert leave(handed, code="000000").status_code == 400
    assert handed.session["handed_over"]


def test_password_and_code_together_open_it(handed, second_step):
    assert leave(handed, code=code_of(second_step)).status_code == 302
    assert "handed_over" not in handed.session


def test_a_wrong_password_and_a_wrong_code_are_told_alike(handed, second_step):
    """Whoever holds the screen must not learn that the password was right."""
    one = text(leave(handed, "wrong", code=code_of(second_step)))
    other = text(leave(handed, code="000000"))
    for said in (one, other):
        assert "That did not work. Check what you typed and try again." in said
        assert "not right" not in said


def test_a_wrong_password_does_not_use_up_the_code(handed, second_step):
    leave(handed, "wrong", code=code_of(second_step))
    assert leave(handed, code=code_of(second_step)).status_code == 302


def test_a_session_that_owes_a_second_step_can_still_be_taken_back(settings, handed):
    """It was removed in another session meanwhile: setting it up again comes next."""
    settings.SECOND_FACTOR_REQUIRED = True
    assert handed.get(QUESTION).status_code == 200
    assert leave(handed).status_code == 302
    assert handed.get("/people/").url == "/account/second-step/app/"


# --- Nobody touches it


def later(minutes):
    return clock.at(clock.now() + timedelta(minutes=minutes))


def test_after_twenty_minutes_the_questions_are_hidden_too(handed):
    with later(19):
        assert handed.get(QUESTION).status_code == 200
    with later(38):
        assert handed.get(QUESTION).status_code == 200, "each request begins the time again"
    with later(58):
        assert handed.get(QUESTION).url == LEAVE
        page = text(handed.get(LEAVE))
        assert "This screen is locked. Please give it back." in page
        assert "Go back" not in page


def test_touching_it_again_does_not_bring_the_questions_back(handed):
    for minutes in (20, 21):
        with later(minutes):
            assert handed.post(QUESTION, {"go": "next"}).url == LEAVE


def test_requests_that_lead_nowhere_do_not_keep_it_awake(handed):
    with later(19):
        handed.get("/people/")
        handed.get("/api/v1/service-users/")
    with later(20):
        assert handed.get(QUESTION).url == LEAVE


def test_the_right_password_opens_it_after_any_time(handed, draft):
    handed.get(QUESTION)
    with later(300):
        assert leave(handed).url == f"/screenings/{draft.pk}/sections/getting-online/#q-AC1"


def test_who_left_the_service_meanwhile_does_not_leave_the_browser_locked(handed, ash, dee):
    end_user(user=ash.user, by=dee)
    assert handed.get("/").url.startswith("/account/login/")
    assert handed.get("/account/login/").status_code == 200
