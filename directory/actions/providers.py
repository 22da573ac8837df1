"""Who provides support, and where. `by` is None only for a feed, and when the directory is filled from a file."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.actions import add_organisation
from accounts.errors import InvalidInput, NotAllowed
from accounts.models import Membership, Organisation
from accounts.permissions import Role
from directory.actions.checking import check_fields
from directory.models import Location, ProviderProfile
from directory.models.providers import kept_by
from people.identifiers import postcode as whole_postcode


def check_keeps(organisation: Organisation, by: Membership | None) -> None:
    """NotAllowed unless `by` keeps the organisation's listings."""
    if by and not kept_by(by).filter(pk=organisation.pk).exists():
        raise NotAllowed(
            _("%(provider)s keeps its own listings. Tell it what should change.") % {"provider": organisation}
        )


@transaction.atomic
def add_provider(*, name: str, by: Membership, **details: Any) -> ProviderProfile:
    """A provider without an account; its listings are kept by the organisation of `by`."""
    if by.role != Role.ADMIN or by.organisation.kind != Organisation.Kind.HEALTH:
        raise NotAllowed(_("Only an admin of a health organisation can add a provider."))
    name = " ".join(name.split())
    if not name or Organisation.objects.filter(name__iexact=name).exists():
        sentence = _("There is already a provider of that name.") if name else _("Enter the provider’s name.")
        raise InvalidInput(sentence, fields={"name": sentence})
    _check_phone(details.get("phone", ""))
    kind = Organisation.Kind.PROVIDER
    organisation = add_organisation(name=name, kind=kind, phone=details.get("phone", ""), by=by)
    profile = ProviderProfile(organisation=organisation, kept_by=by.organisation)
    _set(profile, details)
    audit.record("add_provider", by=by, subject=profile)
    return profile


def _check_phone(phone: str) -> None:
    """Without an account there is no other way to reach it."""
    if not phone.strip():
        sentence = _("Enter a phone number: referrers have no other way to reach it.")
        raise InvalidInput(sentence, fields={"phone": sentence})


@transaction.atomic
def describe_provider(*, organisation: Organisation, by: Membership | None, **details: Any) -> ProviderProfile:
    check_keeps(organisation, by)
    profile = ProviderProfile.objects.filter(organisation=organisation).first()
    profile = profile or ProviderProfile(organisation=organisation)
    _set(profile, details)
    audit.record("describe_provider", by=by, subject=profile, organisation=None if by else organisation)
    return profile


@transaction.atomic
def add_location(*, organisation: Organisation, postcode: str, by: Membership | None, **details: Any) -> Location:
    """Only a place from a feed may be without a postcode."""
    check_keeps(organisation, by)
    location = Location(organisation=organisation)
    _set(location, {"postcode": _postcode(postcode, details.get("feed")), **details})
    audit.record("add_location", by=by, subject=location, organisation=None if by else organisation)
    return location


@transaction.atomic
def edit_location(*, location: Location, by: Membership | None, **details: Any) -> Location:
    check_keeps(location.organisation, by)
    if "postcode" in details:
        details["postcode"] = _postcode(details["postcode"], location.feed)
    _set(location, details)
    audit.record("edit_location", by=by, subject=location, organisation=None if by else location.organisation)
    return location


def _postcode(typed: str, feed: Any) -> str:
    return "" if feed and not typed else whole_postcode(typed)


def _set(row: ProviderProfile | Location, details: dict[str, Any]) -> None:
    for name, value in details.items():
        setattr(row, name, value)
    check_fields(row, details)
    row.save()
