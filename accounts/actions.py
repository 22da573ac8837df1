"""The one write path of accounts: organisations, teams, users, memberships and tokens."""

from datetime import timedelta

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts import audit, clock, tokens
from accounts.errors import InvalidInput, NotPossibleNow
from accounts.models import ApiToken, Membership, Organisation, Team, User
from accounts.permissions import Role
from accounts.wording import gettext_lazy as _


@transaction.atomic
def add_organisation(
    *, name: str, kind: str, by: Membership | None, phone: str = "", sender_name: str = ""
) -> Organisation:
    """`by` is None only when the installation is set up from the command line."""
    organisation = Organisation.objects.create(name=name, kind=kind, phone=phone, sender_name=sender_name)
    audit.record("add_organisation", by=by, subject=organisation, organisation=organisation)
    return organisation


@transaction.atomic
def add_team(*, organisation: Organisation, name: str, by: Membership | None, phone: str = "") -> Team:
    team = Team.objects.create(organisation=organisation, name=name, phone=phone)
    audit.record("add_team", by=by, subject=team, organisation=organisation)
    return team


@transaction.atomic
def add_user(*, email: str, name: str, by: Membership | None, password: str | None = None) -> User:
    """Without a password nobody can sign in until one is set."""
    user = User(email=email.strip().lower(), name=name)
    if password is None:
        user.set_unusable_password()
    else:
        user.set_password(password)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:
        raise InvalidInput(
            _("Somebody already signs in with this email address."),
            fields={"email": _("Somebody already signs in with this email address.")},
        ) from error
    audit.record("add_user", by=by, subject=user)
    return user


@transaction.atomic
def password_link(*, user: User, by: Membership | None) -> str:
    """The path of a page where its reader chooses this user's password: once, within PASSWORD_RESET_TIMEOUT.

    It opens no session and skips no second factor. Nobody but the user ever knows the password.
    """
    token = default_token_generator.make_token(user)
    audit.record("make_password_link", by=by, subject=user)
    return reverse("account_reset_password_from_key", args=[user_pk_to_url_str(user), token])


@transaction.atomic
def end_user(*, user: User, by: Membership | None) -> None:
    """The user can no longer sign in; open sessions and tokens are dead from the next request on."""
    if not User.objects.filter(pk=user.pk, is_active=True).update(is_active=False):
        raise NotPossibleNow(_("This person can already no longer sign in."))
    audit.record("end_user", by=by, subject=user)


@transaction.atomic
def add_membership(
    *, user: User, team: Team, role: Role, by: Membership | None, is_lead: bool = False
) -> Membership:
    membership = Membership.objects.create(user=user, team=team, role=role, is_lead=is_lead)
    audit.record("add_membership", by=by, subject=membership, organisation=team.organisation, role=role.value)
    return membership


@transaction.atomic
def end_membership(*, membership: Membership, by: Membership) -> None:
    """Ends at once: the next request of a signed-in user no longer wears it, and its tokens are dead."""
    now = clock.now()
    ended = Membership.objects.filter(pk=membership.pk, ended_at=None).update(ended_at=now)
    if not ended:
        raise NotPossibleNow(_("This membership has already ended."))
    ApiToken.objects.filter(membership=membership, revoked_at=None).update(revoked_at=now)
    audit.record("end_membership", by=by, subject=membership)


@transaction.atomic
def issue_token(*, membership: Membership, name: str, by: Membership, days: int = 365) -> tuple[ApiToken, str]:
    """The row, and the token itself, which is shown this once and kept nowhere."""
    secret = tokens.new_token()
    token = ApiToken.objects.create(
        membership=membership,
        name=name,
        digest=tokens.digest(secret),
        expires_at=clock.now() + timedelta(days=days),
    )
    audit.record("issue_token", by=by, subject=token)
    return token, secret


@transaction.atomic
def revoke_token(*, token: ApiToken, by: Membership) -> None:
    if not ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=clock.now()):
        raise NotPossibleNow(_("This token was already revoked."))
    audit.record("revoke_token", by=by, subject=token)
