"""The door of every page: which permission it asks for, and the scope that everything is fetched through."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from accounts.errors import NotAllowed
from accounts.models import Membership
from accounts.permissions import Permission, roles_with
from accounts.wording import either
from accounts.wording import gettext_lazy as _

View = Callable[..., HttpResponse]

# For every page with a form: Django's own form views would take PUT for POST.
get_and_post = require_http_methods(["GET", "HEAD", "POST"])


def check(membership: Membership | None, permission: Permission) -> Membership:
    """The membership, if it holds the permission; else NotAllowed, saying which roles do."""
    if membership is None:
        raise NotAllowed(_("You have no role in a team at the moment. Ask your admin to give you one."))
    if not membership.may(permission):
        roles = either(role.label.lower() for role in roles_with(permission))
        raise NotAllowed(
            _(
                "You are working as %(role)s. This is for the role of %(roles)s. Change "
                "role at the top of the page, or ask your admin."
            )
            % {"role": membership.get_role_display().lower(), "roles": roles}
        )
    return membership


def requires(permission: Permission) -> Callable[[View], View]:
    """Marks a page with its permission; tests/test_access.py fails for a page that has no mark."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            check(request.membership, permission)  # type: ignore[attr-defined]  # set by the middleware
            return view(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]  # read by the access tests
        return guarded

    return decorate


def fetch(queryset: QuerySet, membership: Membership, **lookup: Any) -> Model:
    """One row of those the membership can see; a stranger's row does not exist for it (404, never 403)."""
    try:
        return queryset.visible_to(membership).get(**lookup)  # type: ignore[attr-defined]  # our querysets
    except (queryset.model.DoesNotExist, ValueError, ValidationError) as error:
        raise Http404 from error
