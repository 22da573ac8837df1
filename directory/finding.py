"""Finding support without a screening: by words, kind, district, open now and room now; nothing about a person.

A whole postcode may say where a person lives, so what is looked for goes by outward code.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from directory import opening
from directory.kinds import TITLES
from directory.models import SupportOffer
from directory.models.offers import SupportOfferQuerySet
from directory.places import km_between, locate, outward_code
from people.names import apart, fold

IN_ITS_TEXT = 10
"""How much farther a word is that only stands in what is said about the offer, and not in its name."""


@dataclass(frozen=True)
class Asked:
    words: str = ""
    kind: str = ""
    near: str = ""
    open_now: bool = False
    room_now: bool = False


@dataclass(frozen=True)
class Found:
    """`km` from the middle of the district asked about; None where either end is not known, or none was asked."""

    offer: SupportOffer
    km: float | None
    is_open: bool | None


def narrowed(offers: SupportOfferQuerySet, asked: Asked) -> SupportOfferQuerySet:
    """What the database can leave out by itself, so that a long directory is not read whole."""
    offers = offers.of_kind(asked.kind) if asked.kind else offers
    return offers.filter(capacity=SupportOffer.Capacity.YES) if asked.room_now else offers


def find(offers: Iterable[SupportOffer], asked: Asked, at: datetime) -> list[Found]:
    """Best first: by words where there are some, then the nearest, then by name. `at` is the time in London.

    `offers` come with their provider and location. Without known times an offer is not "open now".
    """
    offers = [offer for offer in offers if not asked.kind or asked.kind in offer.kinds]
    if asked.room_now:
        offers = [offer for offer in offers if offer.capacity == SupportOffer.Capacity.YES]
    likeness = _likeness(fold(asked.words), offers)
    found = [
        (likeness[offer.pk], Found(offer, _km(offer, asked.near), opening.is_open(offer.times, at)))
        for offer in offers
        if offer.pk in likeness
    ]
    if asked.open_now:
        found = [pair for pair in found if pair[1].is_open]
    found.sort(key=lambda pair: (pair[0], *_nearness(pair[1]), pair[1].offer.name, str(pair[1].offer.pk)))
    return [one for _, one in found]


def _nearness(one: Found) -> tuple[bool, float]:
    return one.km is None, one.km or 0.0


def _km(offer: SupportOffer, near: str) -> float | None:
    home = locate(near)
    if home is None or offer.location is None or (there := offer.location.point) is None:
        return None
    if outward_code(offer.location.postcode) == home.outward:
        there = home.point
    return round(km_between(home.point, there), 1)


def _likeness(typed: str, offers: list[SupportOffer]) -> dict[Any, int]:
    """How far each offer is from what was typed, by id: 0 is nearest; those without a likeness are left out.

    Every word that was typed must be there: begun, whole or misspelt. Each word of the directory is compared once,
    however many offers use it.
    """
    texts = {offer.pk: (_words(offer.name), _words(_text(offer))) for offer in offers}
    vocabulary = {word for names, about in texts.values() for word in (*names, *about)}
    like = [_alike(word, vocabulary) for word in typed.split()]
    far = {pk: [_far(words, names, about) for words in like] for pk, (names, about) in texts.items()}
    return {pk: sum(steps) for pk, steps in far.items() if None not in steps}  # type: ignore[arg-type]


def _alike(typed: str, vocabulary: Iterable[str]) -> dict[str, int]:
    """Words that may be meant, and how far each is."""
    found = {}
    for word in vocabulary:
        if word.startswith(typed):
            found[word] = 0
        elif (far := apart(typed, word)) is not None:
            found[word] = far
    return found


def _far(like: dict[str, int], names: frozenset[str], about: frozenset[str]) -> int | None:
    in_name = [like[word] for word in like.keys() & names]
    in_text = [like[word] + IN_ITS_TEXT for word in like.keys() & about]
    return min(in_name + in_text, default=None)


def _text(offer: SupportOffer) -> str:
    place = offer.location
    kinds = " ".join(str(TITLES.get(kind, "")) for kind in offer.kinds)
    where = f"{place.name} {place.postcode}" if place else ""
    return " ".join((offer.provider.name, offer.description, kinds, where, *offer.languages))


@lru_cache(maxsize=20_000)
def _words(text: str) -> frozenset[str]:
    return frozenset(fold(text).split())
