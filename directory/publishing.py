"""The directory as Open Referral UK, as everybody may read it: current offers, whole, and nothing about people."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Count, Max, Sum
from django.utils import translation

from accounts import clock
from directory.models import Location, ProviderProfile, SupportOffer
from directory.openreferral import reading, terms, writing
from directory.openreferral.asking import taxonomy_id, text
from directory.openreferral.cleaning import Object
from directory.openreferral.formats import UUID
from directory.openreferral.quirks import Quirks
from directory.openreferral.values import PlaceValues, ProviderValues, ServiceValues

OLD_AFTER = timedelta(minutes=5)
"""A catalogue is made anew when an offer changed, and at this age whatever happened: places and providers change,
too, and offers grow too old to be shown."""


class Catalogue(NamedTuple):
    """All that is published, by id and in the order of lists; whole services, and each of their places.
    `texts` has what words are looked for in, by a service's id."""

    services: dict[str, Object]
    places: dict[str, Object]
    terms: dict[str, Object]
    taxonomies: dict[str, Object]
    texts: dict[str, str]


class _Kept(NamedTuple):
    of: Any
    made_at: datetime
    catalogue: Catalogue


_kept: _Kept | None = None


def catalogue() -> Catalogue:
    """The directory is small and changes seldom: a process keeps it whole and asks only whether it changed."""
    global _kept
    now = clock.now()
    state = SupportOffer.objects.aggregate(Count("pk"), Sum("version"))
    if _kept is None or _kept.of != state or not timedelta() <= now - _kept.made_at < OLD_AFTER:
        _kept = _Kept(state, now, make())
    return _kept.catalogue


def make() -> Catalogue:
    feed_of = {str(pk): feed for pk, feed in SupportOffer.objects.values_list("pk", "feed")}
    services: dict[str, Object] = {}
    with translation.override(settings.LANGUAGE_CODE):  # it is kept for every reader
        for document in documents(SupportOffer.objects.current(clock.today()), taken=feed_of.keys()):
            services.setdefault(document["id"], document)
    places: dict[str, Object] = {}
    found: dict[str, Object] = {}
    # No feed says what ours are: of two places or terms with one id the one written here stands.
    for full in sorted(services.values(), key=lambda full: feed_of.get(full["id"], full) is not None):
        for one in writing.at_locations(full):
            places.setdefault(one["id"], one)
        for key, term in writing.term_ids(full).items():
            found.setdefault(key, term)
    texts = {key: text(full) for key, full in services.items()}
    return Catalogue(services, places, found, _taxonomies(found.values()), texts)


def documents(offers: Any, *, taken: Collection[str] = ()) -> Iterator[Object]:
    """Whole services, the earliest listed first. A service that two feeds have has one id, and stands once."""
    rows = offers.select_related("provider__profile", "location", "feed").annotate(changed_at=Max("changes__at"))
    for offer in rows.order_by("name", "pk"):
        yield document(offer, taken=taken)


def public_id(offer: SupportOffer, *, taken: Collection[str] = ()) -> str:
    """The id that the offer's own feed gives it, else ours; `taken` are our ids, which no feed gives to others."""
    given = offer.external_id.lower()
    return given if UUID.fullmatch(given) and given not in taken else str(offer.pk)


def document(offer: Any, *, taken: Collection[str] = ()) -> Object:
    modified = (offer.changed_at or clock.now()).isoformat(timespec="seconds")
    record, ours = _record(offer), set(offer.set_here)
    if offer.verified_by_id:
        ours.add("verified_on")
    own_id = public_id(offer, taken=taken)
    return writing.service(own_id, values_of(offer), modified=modified, record=record, ours=ours)


def _record(offer: SupportOffer) -> Object | None:
    """What its feed said last, in clean form; None for an offer that no feed knows."""
    received = offer.extra.get("record") if offer.feed_id else None
    if not isinstance(received, dict):
        return None
    return reading.clean_record(received, Quirks(), terms.namespace_of(str(offer.feed_id)))


def values_of(offer: SupportOffer) -> ServiceValues:
    """`offer` with its provider and place; without whom a referrer would ask for."""
    return ServiceValues(
        name=offer.name,
        description=offer.description,
        active=offer.is_active,
        kinds=tuple(offer.kinds),
        serves=tuple(offer.serves),
        remote=offer.remote,
        languages=tuple(offer.languages),
        schedule=offer.schedule,
        times=tuple(offer.times),
        cost=offer.cost,
        min_age=offer.min_age,
        max_age=offer.max_age,
        low_income_only=offer.low_income_only,
        benefits_only=offer.benefits_only,
        verified_on=offer.verified_on,
        provider=_provider(offer),
        place=_place(offer.location) if offer.location else None,
    )


def _provider(offer: SupportOffer) -> ProviderValues:
    about = getattr(offer.provider, "profile", None) or ProviderProfile()
    return ProviderValues(
        id=str(offer.provider_id),
        name=offer.provider.name,
        description=about.description,
        email=about.email,
        website=about.website,
        phone=about.phone,
    )


def _place(location: Location) -> PlaceValues:
    names = "name address postcode latitude longitude step_free hearing_support sight_support".split()
    return PlaceValues(id=str(location.pk), **{name: getattr(location, name) for name in names})


def _taxonomies(found: Iterable[Object]) -> dict[str, Object]:
    taxonomies: dict[str, Object] = {}
    for term in found:
        if key := taxonomy_id(term):
            name = term.get("taxonomy", key)
            taxonomies.setdefault(key, {"id": key, "name": name, "description": name})
    return taxonomies
