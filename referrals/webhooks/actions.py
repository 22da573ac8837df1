"""Setting up who listens: the one write path, for pages and the API."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from accounts import audit, clock
from accounts.errors import AlreadyChanged, InvalidInput, NotPossibleNow
from accounts.models import Membership, Organisation
from accounts.wording import gettext_lazy as _
from directory.fetching import NotFetched, may_be_posted_to
from referrals import doorbell
from referrals.models import HookDelivery, HookEndpoint
from referrals.webhooks import announcing, signing
from referrals.webhooks.kinds import KINDS

OLD_SECRET_FOR = timedelta(hours=24)
MOST_ENDPOINTS = 10
"""Of one organisation: each event is written once for each of them, in the transaction of the step."""
LOOK_BACK = timedelta(days=90)
"""How far back a replay goes at most."""


@transaction.atomic
def add_endpoint(*, by: Membership, url: str, description: str = "", kinds: Sequence[str] = ()) -> HookEndpoint:
    endpoint = HookEndpoint(
        organisation=by.organisation, created_by=by, salt=signing.new_salt(), **_checked(url, description, kinds)
    )
    _refuse_too_many(by)
    try:
        with transaction.atomic():
            endpoint.save(force_insert=True)
    except IntegrityError as error:
        raise InvalidInput.in_fields({"url": _("This address is set up already.")}) from error
    audit.record("add_webhook", by=by, subject=endpoint)
    return endpoint


def _refuse_too_many(by: Membership) -> None:
    Organisation.objects.select_for_update().get(pk=by.organisation_id)  # two at once are counted one by one
    if HookEndpoint.objects.filter(organisation=by.organisation_id).count() >= MOST_ENDPOINTS:
        raise InvalidInput.in_fields(
            {"url": _("Ten systems are set up already, which is the most. Change the address of one of them.")}
        )


@transaction.atomic
def change_endpoint(
    *, endpoint: HookEndpoint, by: Membership, version: int, url: str, description: str, kinds: Sequence[str]
) -> None:
    row = HookEndpoint.objects.filter(pk=endpoint.pk, version=version)
    new = _checked(url, description, kinds)
    try:
        with transaction.atomic():
            changed = row.update(version=version + 1, **new)
    except IntegrityError as error:
        raise InvalidInput.in_fields({"url": _("This address is set up already.")}) from error
    if not changed:
        raise AlreadyChanged(_("Somebody else has changed this. Nothing of yours was saved."), state="changed")
    audit.record("change_webhook", by=by, subject=endpoint, moved=new["url"] != endpoint.url)


def _checked(url: str, description: str, kinds: Sequence[str]) -> dict[str, Any]:
    wrong: dict[str, object] = {}
    url, description = url.strip(), description.strip()
    try:
        may_be_posted_to(url)
    except NotFetched:
        wrong["url"] = _("Enter an address that starts with https:// and is open to the internet.")
    if len(url) > 500:
        wrong["url"] = _("Use 500 characters or fewer.")
    if len(description) > 200:
        wrong["description"] = _("Use 200 characters or fewer.")
    if set(kinds) - set(KINDS):
        wrong["kinds"] = _("Choose from the list.")
    if wrong:
        raise InvalidInput.in_fields(wrong)
    return {"url": url, "description": description, "kinds": sorted(set(kinds))}


@transaction.atomic
def switch(*, endpoint: HookEndpoint, by: Membership, on: bool) -> None:
    """Off: what it is owed waits. On: it goes on from there; what happened meanwhile is for a replay."""
    HookEndpoint.objects.filter(pk=endpoint.pk).update(
        active=on, switched_off_at=None, failures=0, failing_since=None, resume_at=None
    )
    audit.record("switch_webhook", by=by, subject=endpoint, on=on)
    doorbell.ring_on_commit(doorbell.SEND_HOOKS)


@transaction.atomic
def rotate(*, endpoint: HookEndpoint, by: Membership) -> None:
    """A new secret at once; for a day the old one signs beside it."""
    salt, until = signing.new_salt(), clock.now() + OLD_SECRET_FOR
    row = HookEndpoint.objects.filter(pk=endpoint.pk, salt=endpoint.salt)
    if not row.update(salt=salt, old_salt=endpoint.salt, old_until=until, secret_shown_at=None):
        raise AlreadyChanged(_("Somebody else has just changed the secret."), state="changed")
    audit.record("rotate_webhook_secret", by=by, subject=endpoint)


@transaction.atomic
def show_secret(*, endpoint: HookEndpoint, by: Membership) -> str:
    """Once. Whoever lost it changes it."""
    row = HookEndpoint.objects.filter(pk=endpoint.pk, salt=endpoint.salt, secret_shown_at=None)
    if not row.update(secret_shown_at=clock.now()):
        raise NotPossibleNow(_("The secret has been shown already. If it is lost, change it."), state="shown")
    audit.record("show_webhook_secret", by=by, subject=endpoint)
    return signing.secret_from(endpoint.salt)


@transaction.atomic
def send_test(*, endpoint: HookEndpoint, by: Membership) -> HookDelivery:
    if not endpoint.active:
        raise NotPossibleNow(_("Switch it on first."), state="off")
    delivery = HookDelivery.objects.create(endpoint=endpoint)
    audit.record("test_webhook", by=by, subject=endpoint)
    doorbell.ring_on_commit(doorbell.SEND_HOOKS)
    return delivery


def replay_since(*, endpoint: HookEndpoint, by: Membership, since: datetime) -> tuple[int, datetime | None]:
    """How many events are owed again, under the ids that they had; and the time at which it stopped, if it did."""
    if not clock.now() - LOOK_BACK <= since <= clock.now():
        raise InvalidInput.in_fields({"since": _("Enter a time in the last 90 days.")})
    with transaction.atomic():
        audit.record("replay_webhook", by=by, subject=endpoint, since=since.isoformat())
    return announcing.owe_since(endpoint, since)


@transaction.atomic
def replay(*, delivery: HookDelivery, by: Membership) -> None:
    settled = HookDelivery.objects.filter(pk=delivery.pk).exclude(settled_at=None)
    if not settled.update(fate="", settled_at=None, tries=0, due_at=clock.now()):
        raise NotPossibleNow(_("It is still on its way."), state="waiting")
    audit.record("replay_webhook", by=by, subject=delivery.endpoint, events=1)
    doorbell.ring_on_commit(doorbell.SEND_HOOKS)
