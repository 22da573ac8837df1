"""A listener that does not answer is left alone for a while; after days it is off, and its admins are told."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F

from accounts import audit, clock
from accounts.models import Membership
from accounts.permissions import Role
from accounts.wording import gettext_lazy as _
from people.london import london_day
from referrals.mail import queue_mail
from referrals.models import HookEndpoint

OFF_AFTER = timedelta(days=5)
PAUSES = [timedelta(seconds=seconds) for seconds in (0, 30, 120, 300, 900)]
"""After so many failures in a row; after more than that as after the last."""


def answered(endpoint: HookEndpoint) -> None:
    HookEndpoint.objects.filter(pk=endpoint.pk).update(failures=0, failing_since=None, resume_at=None)


@transaction.atomic
def failed(endpoint: HookEndpoint, *, gone: bool = False) -> None:
    """`gone`: it says itself that it will never listen again."""
    now = clock.now()
    row = HookEndpoint.objects.filter(pk=endpoint.pk)
    row.update(failures=F("failures") + 1)
    row.filter(failing_since=None).update(failing_since=now)
    endpoint.refresh_from_db()
    pause = PAUSES[min(endpoint.failures, len(PAUSES) - 1)]
    row.update(resume_at=now + pause)
    endpoint.resume_at = now + pause
    too_long = endpoint.failing_since is not None and now - endpoint.failing_since >= OFF_AFTER
    if (gone or too_long) and row.filter(active=True).update(active=False, switched_off_at=now):
        _tell_admins(endpoint)


def _tell_admins(endpoint: HookEndpoint) -> None:
    audit.record("switch_off_webhook", by=None, subject=endpoint, organisation=endpoint.organisation)
    mail_admins(
        endpoint,
        key=f"hook-off:{endpoint.pk}",
        subject=_("A connection to another system was switched off"),
        body=_(
            "One of your systems has not taken events about referrals for days, so none are sent to it "
            "any more. Nothing is lost: sign in as admin, open Outbox, then “Events for other systems”, "
            "switch it on again once it works, and replay what it missed."
        ),
    )


def mail_admins(endpoint: HookEndpoint, *, key: str, subject: object, body: object) -> None:
    """Once a day about the same `key`."""
    admins = Membership.objects.current().filter(team__organisation=endpoint.organisation_id, role=Role.ADMIN)
    for admin in admins.select_related("user", "team"):
        queue_mail(
            key=f"{key}:{admin.pk}:{london_day(clock.now())}",
            to=admin.user.email,
            subject=str(subject),
            body=str(body),
            team=admin.team,
        )
