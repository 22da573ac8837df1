"""A service in this house's own terms: what a feed's record says of it, and what an offer here says.

Pure. Empty and None mean "not recorded".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderValues:
    id: str = ""
    name: str = ""
    description: str = ""
    email: str = ""
    website: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceValues:
    """`address` has a line each; coordinates in degrees, both or neither."""

    id: str = ""
    name: str = ""
    address: str = ""
    postcode: str = ""
    latitude: float | None = None
    longitude: float | None = None
    step_free: bool | None = None
    hearing_support: bool | None = None
    sight_support: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceValues:
    """`kinds` are codes of directory.kinds, `times` as in directory.opening. `cost` is "free", words, or empty.
    `active` is False for a service that its feed calls inactive, closed or defunct."""

    name: str = ""
    description: str = ""
    active: bool = True
    kinds: tuple[str, ...] = ()
    serves: tuple[str, ...] = ()
    remote: bool = False
    languages: tuple[str, ...] = ()
    schedule: str = ""
    times: tuple[Mapping[str, Any], ...] = ()
    cost: str = ""
    min_age: int | None = None
    max_age: int | None = None
    low_income_only: bool | None = None
    benefits_only: bool | None = None
    contact_name: str = ""
    contact_phone: str = ""
    contact_email: str = ""
    verified_on: date | None = None
    provider: ProviderValues = ProviderValues()
    place: PlaceValues | None = None
