"""Where an outward postcode lies, how far it is from another, and whether a list of areas takes it in.

Pure. The table is our own (see its header): good to about 1 km, enough to rank by and no more.
"""

import csv
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from math import asin, cos, radians, sin, sqrt
from pathlib import Path
from string import ascii_uppercase, digits
from typing import NamedTuple

TABLE = Path(__file__).parent / "data" / "outward_codes.csv"
EARTH_RADIUS_KM = 6371.0
REMEMBERED = 4096  # answers kept a function: every pair of districts in use, without growing for ever

_OUTWARD = re.compile(r"([A-Z]{1,2}[0-9][0-9A-Z]?)(?:[0-9][A-Z]{2})?")
_AREA_LETTERS = re.compile(r"[A-Za-z]{1,2}")


class Point(NamedTuple):
    """Degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True)
class Place:
    """A postcode district: its centre in degrees, and the boroughs it touches, folded for comparing."""

    outward: str
    point: Point
    boroughs: frozenset[str]


@cache
def places() -> dict[str, Place]:
    """The whole table, by outward code."""
    with TABLE.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(line for line in lines if not line.startswith("#"))
        return {row["outward"]: _place(row) for row in rows}


def _place(row: dict[str, str]) -> Place:
    boroughs = frozenset(_fold(name) for name in row["boroughs"].split(";"))
    return Place(row["outward"], Point(float(row["latitude"]), float(row["longitude"])), boroughs)


@lru_cache(maxsize=REMEMBERED)
def outward_code(postcode: str | None) -> str | None:
    """Gives "SE5" for "se5 8xx", "SE58XX" and "SE5", and None for what is not shaped like a postcode.

    The trap: without their spaces "SE158XX" is in SE15 and "SE18XX" in SE1, so read the end first.
    """
    squeezed = "".join((postcode or "").split()).upper()
    match = _OUTWARD.fullmatch(squeezed)
    return match[1] if match else None


@lru_cache(maxsize=REMEMBERED)
def locate(postcode: str | None) -> Place | None:
    """The district of a full postcode or an outward code; None where we do not know it.

    Central districts are divided by a last letter (EC1A, SW1P); the table holds the undivided district.
    """
    outward = outward_code(postcode)
    if outward is None:
        return None
    return places().get(outward) or places().get(_undivided(outward))


def _undivided(outward: str) -> str:
    return outward.rstrip(ascii_uppercase)


@lru_cache(maxsize=REMEMBERED)
def distance_km(start: str | None, end: str | None) -> float | None:
    """Between the centres of two districts, in a straight line; None where either is not known."""
    here, there = locate(start), locate(end)
    return km_between(here.point, there.point) if here and there else None


def km_between(here: Point, there: Point) -> float:
    """Kilometres in a straight line."""
    north, east = radians(there.latitude - here.latitude), radians(there.longitude - here.longitude)
    shrink = cos(radians(here.latitude)) * cos(radians(there.latitude))
    return 2 * EARTH_RADIUS_KM * asin(sqrt(sin(north / 2) ** 2 + shrink * sin(east / 2) ** 2))


@lru_cache(maxsize=REMEMBERED)
def covers(areas: frozenset[str], outward: str | None) -> bool | None:
    """Whether `areas` takes in the district `outward`: yes, no, or None where it cannot be told.

    An area is an outward code ("SE5"), the letters before its number ("SE"), or a borough ("Southwark").
    It cannot be told when the person's district is not known, when the district only partly lies in a
    borough named, or when an area is written some other way ("around the High Street").
    """
    district = outward_code(outward)
    if district is None:
        return None
    answers = {_takes_in(area, district) for area in areas}
    if True in answers or _every_borough_named(areas, district):
        return True
    return None if None in answers else False


def _takes_in(area: str, district: str) -> bool | None:
    if _AREA_LETTERS.fullmatch(area.strip()):
        return _undivided(district).rstrip(digits) == area.strip().upper()
    named = outward_code(area)
    return _same_district(named, district) if named else _borough_takes_in(_fold(area), locate(district))


def _same_district(named: str, district: str) -> bool | None:
    """EC1 takes in EC1A; EC1A may or may not be what somebody means by EC1."""
    if named in (district, _undivided(district)):
        return True
    return None if _undivided(named) == district else False


def _borough_takes_in(borough: str, place: Place | None) -> bool | None:
    if place is None or borough not in known_boroughs():
        return None
    if borough not in place.boroughs:
        return False
    return True if len(place.boroughs) == 1 else None


def _every_borough_named(areas: frozenset[str], district: str) -> bool:
    place = locate(district)
    return place is not None and place.boroughs <= {_fold(area) for area in areas}


@cache
def known_boroughs() -> frozenset[str]:
    """Every borough in the table, folded for comparing."""
    return frozenset(borough for place in places().values() for borough in place.boroughs)


def _fold(name: str) -> str:
    return " ".join(name.split()).casefold()
