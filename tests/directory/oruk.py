"""The profile's own schemas and examples, for the tests of the directory's exchange."""

import json
from functools import cache
from pathlib import Path

from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

DATA = Path(__file__).parent / "data" / "oruk"
PAGE = {
    "total_items": int,
    "total_pages": int,
    "page_number": int,
    "size": int,
    "first_page": bool,
    "last_page": bool,
    "empty": bool,
}


def example(name):
    return json.loads((DATA / name).read_text(encoding="utf-8"))


def less_people(raw):
    """An example as it may go out again: its contacts and its assurer unnamed."""
    contacts = [
        {name: value for name, value in one.items() if name not in {"name", "email"}} for one in raw["contacts"]
    ]
    return {name: value for name, value in raw.items() if name != "assurer_email"} | {"contacts": contacts}


@cache
def validator(schema):
    checker = FormatChecker()
    # Without their libraries these formats would pass unseen.
    assert {"uuid", "uri", "email", "date-time", "date", "time"} <= checker.checkers.keys()
    term = Resource.from_contents(example("schema/taxonomy_term.json"), default_specification=DRAFT202012)
    named = Registry().with_resource("taxonomy_term.json", term)  # the one file that another names
    return Draft202012Validator(example(f"schema/{schema}.json"), format_checker=checker, registry=named)


def faults(schema, document):
    """What the schema says is wrong, and every null and empty value wherever it stands."""
    found = [f"{error.json_path}: {error.message}"[:200] for error in validator(schema).iter_errors(document)]
    return found + [f"{path}: empty" for path in empties(document)]


def empties(value, path="$"):
    if value is None or value in ("", [], {}):
        yield path
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, one in inside:
        yield from empties(one, f"{path}.{name}")


def is_page(page):
    """The envelope has what the profile says, of the right types, and adds up."""
    return (
        {name: type(page[name]) for name in PAGE} == PAGE
        and page["size"] == len(page["contents"])
        and page["empty"] == (not page["contents"])
        and page["first_page"] == (page["page_number"] == 1)
        and page["last_page"] == (page["page_number"] >= page["total_pages"])
    )
