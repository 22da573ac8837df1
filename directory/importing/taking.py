"""Takes one service of a feed into the directory: its provider, its place and its offer, in one transaction.

What a person set here stays (SupportOffer.set_here); of a provider and a place, which remember no such thing, a
field follows the feed only while it still says what the feed last said. Either is reported as a conflict.
"""

from collections.abc import Mapping
from dataclasses import fields as fields_of
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from accounts import clock
from accounts.actions import add_organisation
from accounts.models import Organisation
from directory import actions
from directory.models import Feed, FeedQuirk, FeedService, Location, ProviderProfile, SupportOffer
from directory.models.providers import kept_for
from directory.openreferral import reading, terms
from directory.openreferral.cleaning import fingerprint
from directory.openreferral.quirks import Quirks
from directory.openreferral.reading import Service
from directory.openreferral.values import PlaceValues, ProviderValues, ServiceValues
from directory.weights import HIDE_AFTER_DAYS

Fate = FeedService.Fate
FEED = SupportOffer.Source.FEED
READER = 1
"""Raise it when services that did not change are to be read anew, because they are now read better."""
PROFILE = ("phone", "email", "website", "description")
PLAIN = (
    "name description remote schedule cost min_age max_age low_income_only benefits_only kinds serves languages "
    "times contact_name contact_phone contact_email"
).split()


def claim(row: FeedService, fate: str, **more: Any) -> bool:
    """Whether the service was still waiting, and now is not; in the transaction of what is done with it."""
    return bool(FeedService.objects.filter(pk=row.pk, fate=Fate.WAITING).update(fate=fate, **more))


def keep(row: FeedService, quirks: Quirks) -> None:
    rows = [
        FeedQuirk(service=row, path=quirk.path[:300], code=quirk.code, value=quirk.value)
        for quirk in quirks.listed
    ]
    FeedQuirk.objects.bulk_create(rows)


def refuse(row: FeedService, why: str) -> None:
    quirks = Quirks(row.external_id)
    quirks.add("$", "not_saved", why)
    if claim(row, Fate.REFUSED):
        keep(row, quirks)


def take(feed: Feed, row: FeedService, received: Any) -> None:
    """In the caller's transaction. AlreadyChanged where somebody edits the offer at this moment."""
    quirks = Quirks(row.external_id)
    if row.is_repeat:
        quirks.add("$.id", "duplicate_id", row.external_id)
    if row.was_cleaned:
        quirks.add("$", "characters")
    service = None if row.is_repeat else reading.read(received, quirks, terms.namespace_of(str(feed.pk)))
    if service is None:
        if claim(row, Fate.REFUSED):
            keep(row, quirks)
        return
    if not claim(row, Fate.SAME, external_id=service.external_id, name=service.values.name):
        return
    fate, offer = _list(feed, _with_day_looked_at(service, quirks), quirks)
    FeedService.objects.filter(pk=row.pk).update(fate=fate, offer=offer)
    keep(row, quirks)


def _with_day_looked_at(service: Service, quirks: Quirks) -> Service:
    checked, today = service.values.verified_on, clock.today()
    if checked and checked > today:
        quirks.add("$.assured_date", "date_to_come", checked.isoformat())
        return service._replace(values=replace(service.values, verified_on=None))
    if checked and (today - checked).days > HIDE_AFTER_DAYS:
        quirks.add("$.assured_date", "long_ago", checked.isoformat())
    return service


def _list(feed: Feed, service: Service, quirks: Quirks) -> tuple[str, SupportOffer | None]:
    offer = SupportOffer.objects.filter(feed=feed, external_id=service.external_id).first()
    if offer is None:
        return _add(feed, service, quirks)
    before = _before(feed, offer)
    changed = False
    if offer.extra.get("fingerprint") != _fingerprint(service):
        changed = _change(feed, offer, service, before, quirks)
    return _listed_or_not(offer, service.values, quirks) or (Fate.CHANGED if changed else Fate.SAME), offer


def _fingerprint(service: Service) -> str:
    """Of what it says and of how it is read: an edited table of terms reads the same record anew."""
    return fingerprint([READER, sorted(map(list, terms.table().items())), service.received])


def _extra(service: Service) -> dict[str, Any]:
    return {"record": service.received, "fingerprint": _fingerprint(service)}


def _before(feed: Feed, offer: SupportOffer) -> ServiceValues:
    """What the feed said last time."""
    found = reading.read(offer.extra.get("record"), Quirks(), terms.namespace_of(str(feed.pk)))
    return found.values if found else ServiceValues()


def _add(feed: Feed, service: Service, quirks: Quirks) -> tuple[str, SupportOffer | None]:
    provider = _find_or_add_provider(feed, service.values.provider)
    if not kept_for(feed.organisation).filter(pk=provider.pk).exists():
        quirks.add("$.organization", "keeps_own", provider.name)
        return Fate.REFUSED, None
    details = _details(service.values)
    offer = actions.publish_offer(
        provider=provider,
        by=None,
        source=FEED,
        feed=feed,
        external_id=service.external_id,
        location=_place(feed, provider, service.values, None, quirks),
        verified_on=service.values.verified_on,
        extra=_extra(service),
        **details,
    )
    return _listed_or_not(offer, service.values, quirks) or Fate.ADDED, offer


def _details(values: ServiceValues) -> dict[str, Any]:
    return {name: list(value) if isinstance(value := getattr(values, name), tuple) else value for name in PLAIN}


def _change(feed: Feed, offer: SupportOffer, service: Service, before: ServiceValues, quirks: Quirks) -> bool:
    values = service.values
    if values.provider.id == before.provider.id:
        _describe(feed, values.provider, before.provider, quirks)
    elif before.provider.id:
        quirks.add("$.organization", "conflict", values.provider.name)
    details = _details(values) | {"location": _place(feed, offer.provider, values, before.place, quirks)}
    if values.verified_on and (offer.verified_on is None or values.verified_on > offer.verified_on):
        details |= {"verified_on": values.verified_on, "verified_by": None}
    for name in sorted({*offer.set_here} & {*PLAIN}):
        said, now = getattr(values, name), getattr(before, name)
        if said != now and details[name] != getattr(offer, name):
            quirks.add(f"$.{name}", "conflict", said)
    return actions.edit_offer(
        offer=offer, version=offer.version, by=None, source=FEED, extra=_extra(service), **details
    )


def _listed_or_not(offer: SupportOffer, values: ServiceValues, quirks: Quirks) -> str:
    """The feed's word ends an offer and brings it back; a person's word that it has ended stands."""
    if offer.is_active and not values.active:
        actions.withdraw_offer(
            offer=offer,
            version=offer.version,
            reason=SupportOffer.Withdrawn.OTHER,
            words=_("Its own directory says that it is not running now."),
            by=None,
            source=FEED,
        )
        return Fate.ENDED
    if offer.is_active or not values.active:
        return ""
    if offer.withdrawn_by_id:
        quirks.add("$.status", "conflict", "active")
        return ""
    actions.bring_back_offer(offer=offer, version=offer.version, by=None, source=FEED)
    return Fate.BACK


# --- Its provider and its place --------------------------------------------------------------------------------


def _profile(feed: Feed, about: ProviderValues) -> ProviderProfile | None:
    found = ProviderProfile.objects.filter(feed=feed, external_id=about.id)
    return found.select_related("organisation").first()


def _describe(feed: Feed, now: ProviderValues, before: ProviderValues, quirks: Quirks) -> None:
    profile = _profile(feed, now)
    if before.name not in ("", now.name):
        quirks.add("$.organization.name", "renamed", now.name)
    changes = _following(profile, now, before, PROFILE, "$.organization", quirks) if profile else {}
    if profile and changes:
        actions.describe_provider(organisation=profile.organisation, by=None, **changes)


def _find_or_add_provider(feed: Feed, about: ProviderValues) -> Organisation:
    """A provider that is known here by the same name is the same, and its details are its own to keep."""
    if profile := _profile(feed, about):
        return profile.organisation
    found = Organisation.objects.filter(name__iexact=about.name).first()
    if found and found.kind == Organisation.Kind.PROVIDER:
        return found
    name = f"{about.name[:190]} (support)" if found else about.name
    provider = add_organisation(name=name, kind=Organisation.Kind.PROVIDER, phone=about.phone, by=None)
    details = {field: getattr(about, field) for field in PROFILE}
    actions.describe_provider(
        organisation=provider, by=None, feed=feed, external_id=about.id, kept_by=feed.organisation, **details
    )
    return provider


def _place(
    feed: Feed, provider: Organisation, values: ServiceValues, before: PlaceValues | None, quirks: Quirks
) -> Location | None:
    """A library where two providers work is two places here: each provider keeps its own."""
    now = values.place
    if now is None:
        return None
    key = f"{now.id}@{values.provider.id}"
    place = Location.objects.filter(feed=feed, external_id=key, organisation=provider).first()
    names = [field.name for field in fields_of(now) if field.name != "id"]
    if place is None:
        details = {name: getattr(now, name) for name in names}
        return actions.add_location(organisation=provider, by=None, feed=feed, external_id=key, **details)
    old = before if before and before.id == now.id else now
    changes = _following(place, now, old, names, "$.service_at_locations[0].location", quirks)
    return actions.edit_location(location=place, by=None, **changes) if changes else place


def _following(row: Any, now: Any, before: Any, names: Any, path: str, quirks: Quirks) -> Mapping[str, Any]:
    """The fields to change so that `row` says what the feed says now."""
    changes = {}
    for name in names:
        said, was, here = getattr(now, name), getattr(before, name), getattr(row, name)
        if said == here:
            continue
        if here == was:
            changes[name] = said
        elif said != was:
            quirks.add(f"{path}.{name}", "conflict", said)
    return changes
