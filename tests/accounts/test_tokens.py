"""API tokens: made on the command line, good for one membership, dead when it is."""

import datetime
import io

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from accounts import actions
from accounts.models import ApiToken, AuditEvent
from accounts.tokens import digest
from tests import factories

pytestmark = pytest.mark.django_db


def issue(*args):
    out = io.StringIO()
    call_command("issue_token", *args, stdout=out)
    return out.getvalue().strip()


def ask(secret, scheme="Bearer"):
    return Client().get("/api/v1/service-users/", headers={"Authorization": f"{scheme} {secret}"})


def test_command_prints_a_token_that_works(ash):
    secret = issue(ash.user.email)

    assert secret.startswith("dx_")
    assert ask(secret).status_code == 200
    token = ApiToken.objects.get()
    assert token.membership == ash
    assert AuditEvent.objects.get(action="issue_token").membership == ash


def test_only_the_digest_is_kept(ash):
    secret = issue(ash.user.email)

    token = ApiToken.objects.get()
    assert token.digest == digest(secret)
    assert secret not in str(vars(token))


def test_command_takes_the_address_in_any_case(ash):
    assert issue(ash.user.email.upper()).startswith("dx_")


def test_command_refuses_an_unknown_address():
    with pytest.raises(CommandError, match="has a role in a team"):
        issue("nobody@example.org")


def test_command_asks_which_team_and_takes_it(ash):
    other = factories.MembershipFactory(user=ash.user, team__name="Fern House team")
    with pytest.raises(CommandError, match="choose one with --team"):
        issue(ash.user.email)
    issue(ash.user.email, "--team", "Fern House team")

    assert ApiToken.objects.get().membership == other


def test_command_refuses_a_token_that_is_born_dead(ash):
    with pytest.raises(CommandError, match="1 or more"):
        issue(ash.user.email, "--days", "0")


def test_token_dies_with_its_membership(ash, dee):
    secret = issue(ash.user.email)
    actions.end_membership(membership=ash, by=dee)

    assert ask(secret).status_code == 401


def test_token_dies_with_its_user(ash, dee):
    secret = issue(ash.user.email)
    actions.end_user(user=ash.user, by=dee)

    assert ask(secret).status_code == 401


def test_expired_token_is_refused_in_words(ash):
    secret = issue(ash.user.email)
    ApiToken.objects.update(
        created_at=timezone.now() - datetime.timedelta(days=9),
        expires_at=timezone.now() - datetime.timedelta(seconds=1),
    )
    response = ask(secret)

    assert response.status_code == 401
    assert response.json()["detail"] == "This token is not known, has expired or was revoked."
    assert response["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("secret", ["", "dx_", "dx_nonsense", "\xff\xfe", "a" * 5000])
def test_wrong_token_is_refused(db, secret):
    assert ask(secret).status_code == 401


def test_token_under_another_scheme_is_no_token(ash):
    assert ask(issue(ash.user.email), scheme="Basic").status_code == 401


def test_token_works_as_its_membership_whatever_the_session_wears(ash, bo, as_bo):
    secret = issue(ash.user.email)
    response = as_bo.get("/api/v1/service-users/", headers={"Authorization": f"Bearer {secret}"})

    assert response.status_code == 200, "a support worker's session alone would be refused"


def test_use_is_noted_at_most_once_a_minute(ash, django_assert_max_num_queries):
    secret = issue(ash.user.email)
    ask(secret)
    first = ApiToken.objects.get().last_used_at
    ask(secret)

    assert first is not None
    assert ApiToken.objects.get().last_used_at == first


def test_password_link_command_prints_the_whole_address(ash):
    out = io.StringIO()
    call_command("password_link", ash.user.email, "--address", "https://getting-online.example.org/", stdout=out)

    assert out.getvalue().startswith("https://getting-online.example.org/account/password/choose/")
    assert AuditEvent.objects.filter(action="make_password_link").count() == 1


def test_password_link_command_refuses_an_unknown_address(db):
    with pytest.raises(CommandError, match="may sign in"):
        call_command("password_link", "nobody@example.org")
