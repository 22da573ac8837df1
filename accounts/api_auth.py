"""Who an API request is from: a bearer token, or the session of someone signed in with both factors.

Kept apart from every module that imports views: DRF imports this while it starts.
"""

from rest_framework.authentication import BaseAuthentication, SessionAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts import clock, second_step
from accounts.models import ApiToken, User
from accounts.tokens import digest
from accounts.wording import gettext_lazy as _


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer dx_…`; the request then wears the membership that the token is bound to."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _space, value = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != "bearer":
            return None
        now = clock.now()
        token = (
            ApiToken.objects.alive()
            .filter(digest=digest(value.strip()))
            .select_related("membership__user", "membership__team__organisation")
            .first()
        )
        if token is None:
            raise AuthenticationFailed(_("This token is not known, has expired or was revoked."))
        # One write a minute is enough to show when it was last used.
        if token.last_used_at is None or (now - token.last_used_at).total_seconds() > 60:
            ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
        request._request.membership = token.membership
        return token.membership.user, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


class SignedInAuthentication(SessionAuthentication):
    def authenticate(self, request: Request):
        found = super().authenticate(request)
        if found and second_step.is_owed(request._request):
            raise AuthenticationFailed(_("Set up a second step for signing in first."))
        return found
