"""Signing in and out: who gets in, who is turned away and with which words, and what the audit keeps."""

import pytest
from django.contrib.sessions.models import Session
from django.template.loader import get_template
from django.urls import NoReverseMatch, reverse

from accounts import actions
from accounts.models import AuditEvent, Membership
from accounts.permissions import Role
from accounts.sign_in_urls import urlpatterns
from tests import factories

pytestmark = pytest.mark.django_db


def test_right_password_opens_a_session_in_the_oldest_role(ash, client, sign_in):
    response = sign_in(ash.user.email)

    assert response.status_code == 302
    assert client.session["membership"] == str(ash.pk)
    assert AuditEvent.objects.get(action="sign_in").membership == ash


def test_email_address_is_taken_in_any_case(ash, client, sign_in):
    assert sign_in(ash.user.email.upper()).status_code == 302


def test_signing_in_makes_a_new_session_id(ash, client, sign_in):
    client.get("/account/login/")
    client.session.save()
    before = client.session.session_key
    sign_in(ash.user.email)

    assert client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()


def test_wrong_password_and_unknown_address_get_the_same_words(ash, sign_in):
    wrong = sign_in(ash.user.email, "not the password at all")
    unknown = sign_in("nobody@example.org", "not the password at all")

    sentence = "The email address or the password is not right. Check both and try again."
    assert sentence in wrong.content.decode()
    assert sentence in unknown.content.decode()
    assert wrong.status_code == unknown.status_code == 200


def test_failed_sign_in_is_audited_without_what_was_typed(ash, sign_in):
    sign_in(ash.user.email, "hunter2 hunter2 hunter2")
    sign_in("my-secret-typed-in-the-wrong-box", "x")
    sign_in("nobody@example.org", "x")

    known, unknown = AuditEvent.objects.filter(action="sign_in_failed").order_by("pk")
    assert (known.actor, known.organisation, known.details) == (ash.user, ash.organisation, {})
    assert (unknown.actor, unknown.subject_id, unknown.details) == (None, "", {})


def test_empty_sign_in_says_what_to_enter(sign_in):
    page = sign_in("", "").content.decode()

    assert "Enter your email address." in page
    assert "Enter your password." in page
    assert 'href="#id_login"' in page
    assert "Error: Sign in" in page


def test_seventh_wrong_try_is_refused_even_with_the_right_password(ash, sign_in):
    for _ in range(6):
        sign_in(ash.user.email, "not the password at all")
    response = sign_in(ash.user.email)

    assert "Too many tries. Wait 10 minutes, then try again." in response.content.decode()
    assert not AuditEvent.objects.filter(action="sign_in").exists()


def test_somebody_elsewhere_cannot_lock_a_clinician_out(ash, sign_in):
    for _ in range(6):
        sign_in(ash.user.email, "not the password at all", REMOTE_ADDR="198.51.100.7")

    assert sign_in(ash.user.email, REMOTE_ADDR="203.0.113.5").status_code == 302


def test_one_persons_wrong_tries_do_not_lock_their_colleagues_out(ash, dee, sign_in):
    for _ in range(6):
        sign_in(ash.user.email, "not the password at all")

    assert sign_in(dee.user.email).status_code == 302


def test_sixty_first_try_in_a_minute_is_slowed_down_in_words(sign_in):
    for _ in range(60):
        assert sign_in("", "").status_code == 200
    response = sign_in("", "")

    assert response.status_code == 429
    assert "Wait a few minutes" in response.content.decode()


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
@pytest.mark.parametrize("page", ["login", "logout", "reauthenticate", "password/change", "second-step/app"])
def test_sign_in_pages_answer_get_and_post_only(as_ash, method, page):
    assert getattr(as_ash, method)(f"/account/{page}/").status_code == 405


def test_sign_in_leads_only_to_this_service(ash, client, sign_in):
    client.get("/account/login/")
    response = client.post(
        "/account/login/",
        {"login": ash.user.email, "password": factories.PASSWORD, "next": "https://evil.example.com/"},
    )
    assert response.url == "/"


def test_signing_out_needs_a_post_and_kills_the_session_at_the_server(ash, client, sign_in):
    sign_in(ash.user.email)
    key = client.session.session_key
    assert client.get("/account/logout/").status_code == 200
    assert Session.objects.filter(session_key=key).exists()

    client.post("/account/logout/")

    assert not Session.objects.filter(session_key=key).exists()
    assert AuditEvent.objects.get(action="sign_out").membership == ash
    assert client.get("/me/").status_code == 302


def test_nobody_signs_up_or_changes_an_address_by_themselves(client):
    for name in ("account_signup", "account_email", "account_reset_password", "account_set_password"):
        with pytest.raises(NoReverseMatch):
            reverse(name)
    assert client.get("/account/signup/").status_code == 404


def test_user_made_inactive_is_out_at_the_next_request(ash, dee, as_ash):
    assert as_ash.get("/me/").status_code == 200
    actions.end_user(user=ash.user, by=dee)

    assert as_ash.get("/me/").url.startswith("/account/login/")


def test_session_ends_when_the_role_it_works_in_is_taken_away(ash, dee, as_ash):
    factories.MembershipFactory(user=ash.user, team=ash.team, role=Role.ADMIN)
    actions.end_membership(membership=ash, by=dee)

    assert as_ash.get("/me/").url.startswith("/account/login/")
    assert "_auth_user_id" not in as_ash.session


def test_changed_role_applies_at_the_next_request(ash, as_ash):
    Membership.objects.filter(pk=ash.pk).update(role=Role.SUPPORT_WORKER)

    assert "Support worker" in as_ash.get("/me/").content.decode()


def test_leaver_learns_only_after_the_right_password(ash, dee, client, sign_in):
    actions.end_membership(membership=ash, by=dee)

    wrong = sign_in(ash.user.email, "not the password at all")
    assert wrong.status_code == 200
    right = sign_in(ash.user.email)
    assert right.url == "/account/inactive/"
    assert "You have no role in a team here" in client.get(right.url).content.decode()
    assert "_auth_user_id" not in client.session


def test_new_password_ends_the_other_sessions(ash, as_ash, client, sign_in):
    sign_in(ash.user.email)
    response = client.post(
        "/account/password/change/",
        {
            "oldpassword": factories.PASSWORD,
            "password1": "teapot lantern gravel moth",
            "password2": "teapot lantern gravel moth",
        },
    )
    assert response.url == "/me/"
    assert client.get("/me/").status_code == 200
    assert as_ash.get("/me/").url.startswith("/account/login/")
    assert AuditEvent.objects.filter(action="set_password", actor=ash.user).count() == 1


@pytest.mark.parametrize("password", ["short", "correct horse", "aaaaaaaaaaaaaa"])
def test_short_password_is_refused_in_words(as_ash, password):
    page = as_ash.post(
        "/account/password/change/",
        {"oldpassword": factories.PASSWORD, "password1": password, "password2": password},
    ).content.decode()
    assert "at least 15 characters" in page


def test_wrong_old_password_changes_nothing(ash, as_ash):
    page = as_ash.post(
        "/account/password/change/",
        {"oldpassword": "no", "password1": "teapot lantern gravel", "password2": "teapot lantern gravel"},
    ).content.decode()
    assert "That is not your password now." in page
    ash.user.refresh_from_db()
    assert ash.user.check_password(factories.PASSWORD)


def test_every_page_of_signing_in_is_ours(as_ash):
    """A page that falls back to allauth's own template would be unstyled, and its words would be strange."""
    for pattern in urlpatterns:
        view_class = pattern.callback.__dict__.get("view_class")
        template = view_class.template_name
        assert get_template(template).origin.name.endswith(f"/templates/{template}")
        assert "site-packages" not in get_template(template).origin.name, template


def test_link_lets_a_new_user_choose_a_password_once(ash, dee, client, sign_in):
    new = actions.add_user(email="new@example.org", name="Noor New", by=dee)
    actions.add_membership(user=new, team=ash.team, role=Role.CLINICIAN, by=dee)
    link = actions.password_link(user=new, by=dee)

    page = client.get(link, follow=True)
    assert link not in page.redirect_chain[-1][0], "the key must not stand in an address that is kept"
    words = {"password1": "teapot lantern gravel moth", "password2": "teapot lantern gravel moth"}
    done = client.post(page.redirect_chain[-1][0], words, follow=True)
    assert "Your password is chosen" in done.content.decode()
    assert "_auth_user_id" not in client.session, "choosing a password opens no session"

    assert sign_in("new@example.org", words["password1"]).status_code == 302
    assert "This link no longer works" in client.get(link, follow=True).content.decode()


def test_made_up_link_says_to_ask_the_admin(client, db):
    page = client.get("/account/password/choose/abc-def/").content.decode()
    assert "Ask your admin for a new one" in page
