"""Which taxonomy terms say what kind of support a service gives, or whom it is for: a small table to edit.

Pure. The table is data/openreferral_terms.csv; a term is looked up by its address, its code and its name.
"""

import csv
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from directory.kinds import TITLES

TABLE = Path(__file__).parent.parent / "data" / "openreferral_terms.csv"
OWN = "getting-online"
NAMESPACE = uuid5(NAMESPACE_URL, "urn:getting-online:openreferral")
TAXONOMY_ID = str(uuid5(NAMESPACE, "taxonomy:kinds"))
TAXONOMY = "Kinds of support"

Term = dict[str, Any]


def fold(text: str) -> str:
    return " ".join(text.replace("_", " ").replace("-", " ").split()).casefold()


@cache
def table() -> Mapping[str, tuple[str, str]]:
    """Folded term → (field of an offer, what it says there)."""
    with TABLE.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(line for line in lines if not line.startswith("#"))
        return {fold(row["term"]): (row["field"], row["value"]) for row in rows}


def names_of(term: Term) -> list[str]:
    """Every way in which the term may stand in the table."""
    given = [str(term[name]) for name in ("term_uri", "term", "name") if term.get(name)]
    return [fold(name) for name in given] + [fold(name.rpartition(":")[2]) for name in given if ":" in name]


def meaning(term: Term) -> tuple[str, str] | None:
    """The field of an offer that the term sets, and the value; None for a term that the table does not have."""
    own = term.get("taxonomy_id") == TAXONOMY_ID and term.get("term")
    if own in TITLES:
        return "kinds", str(own)
    return next((table()[name] for name in names_of(term) if name in table()), None)


def own_term(kind: str) -> Term:
    """A kind of support as a taxonomy term."""
    return {
        "id": own_term_id(kind),
        "name": str(TITLES[kind]),
        "description": str(TITLES[kind]),
        "taxonomy": TAXONOMY,
        "taxonomy_id": TAXONOMY_ID,
        "term": kind,
    }


def own_term_id(kind: str) -> str:
    return made_id("term", kind)


def made_id(*parts: str) -> str:
    """An id made from what it names: the same each time."""
    return str(uuid5(NAMESPACE, ":".join(parts)))


def namespace_of(feed: str) -> UUID:
    """Ids made up for a feed's records differ from every other feed's."""
    return uuid5(NAMESPACE, f"feed:{feed}")


def sets(terms: Iterable[Term]) -> tuple[list[str], set[str]]:
    """(kinds of support, other fields set to yes) that the terms say."""
    found = [said for said in map(meaning, terms) if said]
    kinds = [value for field, value in found if field == "kinds"]
    return list(dict.fromkeys(kinds)), {field for field, value in found if field != "kinds"}
