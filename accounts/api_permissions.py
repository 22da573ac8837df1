"""The API's door: the same permissions as the pages. Apart from viewsets: DRF imports this while it starts."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.access import check
from accounts.permissions import Permission


class HoldsPermission(BasePermission):
    """Asks the view for `permission_for(action)`; a view that names none is refused (default deny)."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if not request.user or not request.user.is_authenticated:
            return False
        if not hasattr(view, "permission_for"):  # the schema and its page: open to whoever is signed in
            check(request.membership, Permission.SIGNED_IN)
            return True
        permission = view.permission_for(getattr(view, "action", None))
        if permission is None:
            return False
        check(request.membership, permission)
        return True
