"""Writes down one change of what an organisation set, so that of two at once the second is told."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from accounts import audit
from accounts.errors import AlreadyChanged
from accounts.models import Membership, Organisation
from accounts.wording import gettext_lazy as _
from referrals.models import SettingChange

SHOWN = 50


def version_of(organisation: Organisation, area: str, what: str = "") -> int:
    """How often it was changed; 0 for what is as it came."""
    rows = SettingChange.objects.filter(organisation=organisation, area=area, what=what)
    return rows.aggregate(newest=Max("number"))["newest"] or 0


def versions_of(organisation: Organisation, area: str) -> dict[str, int]:
    """Of every thing in the area that was ever changed."""
    rows = SettingChange.objects.filter(organisation=organisation, area=area).order_by()
    return dict(rows.values_list("what").annotate(newest=Max("number")))


def history(organisation: Organisation, area: str, what: str | None = None) -> list[SettingChange]:
    """Newest first; of one thing only, where it is named."""
    rows = SettingChange.objects.filter(organisation=organisation, area=area).select_related(
        "by__user", "organisation"
    )
    return list((rows if what is None else rows.filter(what=what))[:SHOWN])


def record(
    *,
    by: Membership,
    area: str,
    what: str,
    seen: int,
    done: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> None:
    """To be called in the change's own transaction, before it: AlreadyChanged if `seen` is not the newest."""
    if seen != version_of(by.organisation, area, what):
        raise AlreadyChanged(_CHANGED)
    try:
        with transaction.atomic():
            SettingChange.objects.create(
                organisation=by.organisation,
                area=area,
                what=what,
                number=seen + 1,
                done=done,
                before=dict(before),
                after=dict(after),
                by=by,
            )
    except IntegrityError as error:
        raise AlreadyChanged(_CHANGED) from error
    audit.record(f"set_{area}", by=by, subject=by.organisation, what=what, done=done)


_CHANGED = _("Somebody else changed this meanwhile. Read it as it is now; what you typed is still here.")
