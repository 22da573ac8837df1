"""Finds the services in a file or an answer: one service, a list of them, or a page of a list.

Pure. What is no such thing at all raises InvalidInput with a sentence for whoever chose the file.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from accounts.errors import InvalidInput
from accounts.wording import gettext_lazy as _
from directory.openreferral.cleaning import fingerprint
from directory.openreferral.reading import identity

MOST_SERVICES = 20_000
ENCODINGS = ("utf-8-sig", "cp1252")


class Page(NamedTuple):
    """`last` is what the page says of itself, or None where it does not say."""

    services: list[Any]
    number: int | None
    last: bool | None


def text_of(content: bytes) -> str:
    """UTF-8, with a byte order mark or without, or what Windows writes."""
    if b"\0" in content[:200]:
        raise _refused(_("The file is not text. Save it as UTF-8."))
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _refused(_("The file is not text in UTF-8 or Windows-1252. Save it as UTF-8."))


def page_in(content: bytes) -> Page:
    found = _parsed(text_of(content))
    inside = found.get("contents", found.get("services")) if isinstance(found, dict) else found
    if isinstance(found, dict) and inside is None and {"id", "name"} & found.keys():
        inside = [found]
    if not isinstance(inside, list):
        raise _refused(_("There are no services in it. Give a service, a list of services, or a page of one."))
    if len(inside) > MOST_SERVICES:
        raise _refused(_("There are more services in it than can be read at once."))
    return Page(inside, *_paging(found if isinstance(found, dict) else {}))


def service_in(content: bytes) -> Any:
    return _parsed(text_of(content))


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise _refused(_("This is not JSON: line %(line)s cannot be read."), line=error.lineno) from error
    except (RecursionError, ValueError) as error:  # ValueError: a number of thousands of digits
        raise _refused(_("The JSON is nested too deeply, or holds a number too long to read.")) from error


def _paging(about: Mapping[str, Any]) -> tuple[int | None, bool | None]:
    number, total, last = (about.get(name) for name in ("page_number", "total_pages", "last_page"))
    number = number if isinstance(number, int) else None
    if isinstance(last, bool):
        return number, last
    if isinstance(total, int) and number is not None:
        return number, number >= total
    return number, None


def _refused(sentence: str, **values: Any) -> InvalidInput:
    words = str(sentence) % values if values else str(sentence)
    return InvalidInput(words, fields={"file": words})


def repeats(services: Iterable[Any]) -> set[int]:
    """Places of services whose id another has, too, and that one changed later; in whatever order they stand."""
    best: dict[str, int] = {}
    out: set[int] = set()
    rows = list(services)
    for place, raw in enumerate(rows):
        key = identity(raw)
        if not key:
            continue
        if key in best:
            older = best[key] if _changed(raw) >= _changed(rows[best[key]]) else place
            out.add(older)
            place = best[key] if older == place else place
        best[key] = place
    return out


def _changed(raw: Mapping[str, Any]) -> tuple[str, str, str]:
    return str(raw.get("last_modified") or ""), str(raw.get("assured_date") or ""), fingerprint(raw)
