"""What every API view shares: the same permissions and scope as the pages, said once."""

from django.db.models import QuerySet
from rest_framework.viewsets import GenericViewSet

from accounts.permissions import Permission


class ScopedViewSet(GenericViewSet):
    """`permissions` maps each action to what it needs; rows come only through `visible_to(membership)`."""

    permissions: dict[str, Permission] = {}

    def permission_for(self, action: str | None) -> Permission | None:
        if action in (None, "metadata"):
            return Permission.SIGNED_IN
        return self.permissions.get(action)

    def get_queryset(self) -> QuerySet:
        queryset = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return queryset.none()
        return queryset.visible_to(self.request.membership)
