"""Small tags that every page uses; loaded for all templates by settings."""

import uuid
from typing import Any

from django import template
from django.forms import BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.idempotency import FORM_FIELD
from accounts.models import Membership
from accounts.permissions import Permission

register = template.Library()


@register.simple_tag
def once() -> SafeString:
    """The hidden field that makes a double click on a form that creates something harmless."""
    return format_html('<input type="hidden" name="{}" value="{}">', FORM_FIELD, uuid.uuid4())


@register.filter
def may(membership: Membership | None, permission: Permission) -> bool:
    return membership is not None and membership.may(permission)


@register.filter
def get(mapping: dict, key: Any) -> Any:
    """`mapping[key]`, or None: templates cannot say this."""
    return mapping.get(key)


@register.filter
def nhs_number(digits: str | None) -> str:
    """`9990839549` as it is read out: 999 083 9549."""
    return f"{digits[:3]} {digits[3:6]} {digits[6:]}" if digits else ""


@register.filter
def first_id(field: BoundField) -> str:
    """The element that an error summary's link must reach; a group of choices has none under its own id."""
    grouped = field.widget_type in {"radioselect", "checkboxselectmultiple"}
    return f"{field.auto_id}_0" if grouped else field.auto_id


@register.filter
def describedby(field: BoundField) -> str:
    """The hint's and the error's ids, for a screen reader; Django names them so where a field is one input."""
    parts = [f"{field.auto_id}_helptext"] if field.help_text else []
    if field.errors:
        parts.append(f"{field.auto_id}_error")
    return " ".join(parts)
