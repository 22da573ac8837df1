"""What every API view shares: the same permissions and scope as the pages, and input that is taken at its word."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import serializers
from rest_framework.viewsets import GenericViewSet

from accounts.permissions import Permission
from accounts.wording import gettext_lazy as _

PAGING = {"cursor", "page_size"}


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

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        """A filter that is misspelt must not answer with everything."""
        if self.action == "list":
            filters = DjangoFilterBackend().get_filterset_class(self, queryset)
            known = PAGING | set(filters.base_filters if filters else ())
            if unknown := set(self.request.query_params) - known:
                raise serializers.ValidationError(dict.fromkeys(sorted(unknown), _("There is no such filter.")))
        return super().filter_queryset(queryset)


class StrictSerializer(serializers.Serializer):
    """A field that is misspelt must not be dropped in silence."""

    def to_internal_value(self, data: Any) -> Any:
        unknown = sorted(set(map(str, data)) - set(self.fields)) if isinstance(data, Mapping) else []
        if unknown:
            raise serializers.ValidationError(dict.fromkeys(unknown, _("There is no such field.")))
        return super().to_internal_value(data)


def read(serializer: type[StrictSerializer], request: Any) -> Any:
    """The serializer with what was sent, checked; a 400 with a sentence a field for what cannot be taken."""
    given = serializer(data=request.data)
    given.is_valid(raise_exception=True)
    return given


class StrictText(serializers.CharField):
    """Text and nothing else: 0 is no name. Spaces stay, for the rule behind to tidy as it does for pages."""

    default_error_messages = {"invalid": _("This must be text.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"trim_whitespace": False, **kwargs})

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class StrictTruth(serializers.BooleanField):
    default_error_messages = {"invalid": _("This must be true or false.")}

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid")
        return data


class StrictNumber(serializers.IntegerField):
    """A whole number that fits the database."""

    default_error_messages = {"invalid": _("This must be a whole number.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"min_value": 0, "max_value": 2**31 - 1, **kwargs})

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return super().to_internal_value(data)
