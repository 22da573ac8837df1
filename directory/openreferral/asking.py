"""What the profile lets readers ask of a list: words, terms, ages, days and times, and places near a postcode; and
the pages that it answers with.

Pure. An offer of which the asked-for fact is not recorded is not among the answers: nobody said that it is so.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from accounts.errors import InvalidInput
from accounts.wording import gettext_lazy as _
from directory.openreferral import terms
from directory.openreferral.cleaning import Object
from directory.openreferral.formats import BYDAY, clock
from directory.places import Point, covers, km_between, locate, outward_code

PER_PAGE = 50
MOST_PER_PAGE = 200
FARTHEST = 1_000_000  # metres
MOST_WORDS = 10

Asked = Mapping[str, str]
Test = Callable[[Object], bool]
BAD = {
    "search": _("Search for up to 10 different words."),
    "page": _("Give page as a whole number from 1."),
    "per_page": _("Give per_page as a whole number from 1."),
    "minimum_age": _("Give minimum_age as a number of years."),
    "maximum_age": _("Give maximum_age as a number of years."),
    "start_time": _("Give start_time as hours and minutes, like 09:30."),
    "end_time": _("Give end_time as hours and minutes, like 17:00."),
    "day": _("Give day as one of MO, TU, WE, TH, FR, SA and SU."),
    "postcode": _("Give postcode as a UK postcode that is known here."),
    "proximity": _("Give proximity as a number of metres, together with a postcode."),
}


def _bad(name: str) -> InvalidInput:
    return InvalidInput(str(BAD[name]), fields={name: str(BAD[name])})


def _number(asked: Asked, name: str, *, low: int, high: int) -> int | None:
    typed = asked.get(name, "").strip()
    if not typed:
        return None
    if not (typed.isascii() and typed.isdigit() and len(typed) < 10 and low <= int(typed) <= high):
        raise _bad(name)
    return int(typed)


# --- Pages --------------------------------------------------------------------------------------------------


class Paging(NamedTuple):
    page: int
    per_page: int


def paging(asked: Asked) -> Paging:
    """A larger page than MOST_PER_PAGE is cut to that: `size` says so."""
    page = _number(asked, "page", low=1, high=10**8) or 1
    per_page = _number(asked, "per_page", low=1, high=10**8) or PER_PAGE
    return Paging(page, min(per_page, MOST_PER_PAGE))


def page_of(found: list[Object], asked: Paging) -> Object:
    total = -(-len(found) // asked.per_page)
    start = (asked.page - 1) * asked.per_page
    contents = found[start : start + asked.per_page]
    return {
        "total_items": len(found),
        "total_pages": total,
        "page_number": asked.page,
        "size": len(contents),
        "first_page": asked.page == 1,
        "last_page": asked.page >= total,
        "empty": not contents,
        "contents": contents,
    }


# --- Services -----------------------------------------------------------------------------------------------


def services(asked: Asked, texts: Mapping[str, str]) -> Test:
    """Whether a whole service is asked for; `texts` has each by id as `text` writes it. InvalidInput for a value
    that says nothing."""
    tests = [test for test in (_words(asked, texts), _terms(asked), _ages(asked), _times(asked)) if test]
    return lambda service: all(test(service) for test in tests)


def _words(asked: Asked, texts: Mapping[str, str]) -> Test | None:
    words = {*asked.get("search", "").casefold().split()}
    if len(words) > MOST_WORDS:
        raise _bad("search")
    return (lambda service: all(word in texts[service["id"]] for word in words)) if words else None


def text(service: Object) -> str:
    """What words are looked for in; everybody may ask, so that it is written once and not with each question."""
    names = [term.get("name", "") for term in _terms_of(service)]
    about = service.get("organization", {}).get("name", "")
    return " ".join([service["name"], service.get("description", ""), about, *names]).casefold()


def _terms_of(service: Object) -> Iterable[Object]:
    return [one["taxonomy_term"] for one in service.get("attributes", []) if "taxonomy_term" in one]


def _terms(asked: Asked) -> Test | None:
    term, taxonomy = (asked.get(name, "").strip().lower() for name in ("taxonomy_term_id", "taxonomy_id"))
    if not (term or taxonomy):
        return None

    def test(service: Object) -> bool:
        return any(term in ("", one["id"]) and taxonomy in ("", taxonomy_id(one)) for one in _terms_of(service))

    return test


def taxonomy_id(term: Object) -> str:
    """Of the taxonomy that the term says it is from; made from the taxonomy's name where it gives no id."""
    if "taxonomy_id" in term:
        return str(term["taxonomy_id"])
    return terms.made_id("taxonomy", term["taxonomy"]) if "taxonomy" in term else ""


def _ages(asked: Asked) -> Test | None:
    lowest = _number(asked, "minimum_age", low=0, high=150)
    highest = _number(asked, "maximum_age", low=0, high=150)
    if lowest is None and highest is None:
        return None

    def test(service: Object) -> bool:
        low, high = service.get("minimum_age"), service.get("maximum_age")
        at_least = lowest is None or (low is not None and low >= lowest)
        return at_least and (highest is None or (high is not None and high <= highest))

    return test


def _times(asked: Asked) -> Test | None:
    opens, closes = (_clock(asked, name) for name in ("start_time", "end_time"))
    day = asked.get("day", "").strip().upper()[:2]
    if day and not BYDAY.fullmatch(day):
        raise _bad("day")
    if not (opens or closes or day):
        return None

    def test(schedule: Object) -> bool:
        return (
            (not opens or schedule.get("opens_at", "") >= opens)
            and (not closes or "" < schedule.get("closes_at", "") <= closes)
            and (not day or day in [one[-2:] for one in schedule.get("byday", "").split(",")])
        )

    return lambda service: any(test(schedule) for schedule in service.get("schedules", []))


def _clock(asked: Asked, name: str) -> str:
    typed = asked.get(name, "").strip()
    read = clock(typed)[0] if typed else ""
    if read is None:
        raise _bad(name)
    return str(read)


# --- Places ------------------------------------------------------------------------------------------------


def places(asked: Asked, texts: Mapping[str, str]) -> Test:
    """Whether one place of a service is asked for: by what its service is, and by where it is."""
    test, near = services(asked, texts), _near(asked)
    return lambda place: test(place["service"]) and near(place)


def _near(asked: Asked) -> Test:
    postcode = asked.get("postcode", "").strip()
    metres = _number(asked, "proximity", low=0, high=FARTHEST)
    if not postcode:
        if metres is not None:
            raise _bad("proximity")
        return lambda place: True
    district = locate(postcode)
    if district is None:
        raise _bad("postcode")
    if metres is None:
        return lambda place: _covered(place["service"], postcode)
    return lambda place: _within(place.get("location", {}), district.point, metres)


def _covered(service: Object, postcode: str) -> bool:
    """Where it cannot be told whether an area takes the postcode in, the reader is let decide."""
    areas = frozenset(area["name"] for area in service.get("service_areas", []) if "name" in area)
    return not areas or covers(areas, outward_code(postcode)) is not False


def _within(location: Object, middle: Point, metres: int) -> bool:
    latitude, longitude = location.get("latitude"), location.get("longitude")
    if latitude is None or longitude is None or abs(latitude) > 90:
        return False
    return km_between(middle, Point(latitude, longitude)) * 1000 <= metres
