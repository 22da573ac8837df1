"""One box that finds people: an NHS number, a local number, names in any order, a date of birth, or several.

The same on SQLite and PostgreSQL: folded names are stored, and words are matched from their beginning.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q, QuerySet

from accounts.errors import InvalidInput
from accounts.models import Membership
from people import identifiers
from people.facts import clean
from people.identifiers import bare
from people.models import ServiceUser
from people.names import fold, likeness

MOST = 20
FEW = 5
"""Where so few are called exactly what was typed, others whose name is like it are shown below them."""
LONGEST = 200
WORDS_OF_A_DATE = 3
NHS_DIGITS = 10
TITLES = {"mr", "mrs", "ms", "miss", "mx", "dr"}
"""What people say before a name, and no record holds."""


@dataclass(frozen=True)
class Found:
    people: list[ServiceUser] = field(default_factory=list)
    kind: str = "nothing"
    """What they were found by: number, name, similar name, or nothing. A code, fit for the audit."""
    more: bool = False
    hint: str = ""
    """What is wrong with the number typed, as a sentence."""
    alike: list[ServiceUser] = field(default_factory=list)
    """Others whose name is like the one typed, where few are called exactly that."""

    @property
    def everybody(self) -> list[ServiceUser]:
        return [*self.people, *self.alike]


def find(membership: Membership, text: str, today: date) -> Found:
    """The people whom the membership can see and whom `text` may mean, at most MOST of them.

    Of two records of one person the kept one is found, by what stands on either.
    """
    text = clean("text", text)[:LONGEST]
    scope = ServiceUser.objects.in_sight_of(membership).select_related("team", "merged_into__team")
    if found := kept(scope.filter(_numbers(text))[:MOST]):
        return Found(found, "number")
    born, words = split(text, today)
    if not (born or words):
        return Found()
    rows = with_words(scope.filter(date_of_birth__in=born) if born else scope, words)
    found = kept(rows[: MOST + 1])
    if len(found) > FEW:
        return Found(found[:MOST], "name", more=len(found) > MOST)
    may_be = scope.filter(Q(date_of_birth__in=born) | Q(date_of_birth=None)) if born else scope
    alike, more = _similar(may_be, words)
    if found:
        return Found(found, "name", alike=[person for person in alike if person not in found])
    return Found(alike, "similar name" if alike else "nothing", more, hint=_hint(text))


def kept(people: Iterable[ServiceUser]) -> list[ServiceUser]:
    """Each person once, by the record that was kept. `people` with `merged_into`."""
    return list(dict.fromkeys(person.merged_into or person for person in people))


def _numbers(text: str) -> Q:
    """Either number, exactly. Empty text is nobody's: a number that is not known is null."""
    return Q(local_number=bare(text).upper()) | Q(nhs_number=_ten_digits(text) or bare(text))


def _ten_digits(text: str) -> str:
    """The NHS number in `text`, whatever stands around it; "" where there are not ten digits in all."""
    digits = "".join(c for c in text if c.isascii() and c.isdigit())
    return digits if len(digits) == NHS_DIGITS else ""


def split(text: str, today: date) -> tuple[list[date], list[str]]:
    """The days of birth that `text` may name, and the folded words of a name around them."""
    typed = [word for word in text.replace(",", " ").split() if fold(word) not in TITLES]
    spans = [(i, i + n) for n in range(WORDS_OF_A_DATE, 0, -1) for i in range(len(typed) - n + 1)]
    for start, end in spans:
        if born := identifiers.possible_dates_of_birth(" ".join(typed[start:end]), today):
            return born, fold(" ".join(typed[:start] + typed[end:])).split()
    return [], fold(" ".join(typed)).split()


def with_words(people: QuerySet[ServiceUser], words: list[str]) -> QuerySet[ServiceUser]:
    """Those in whose names each word begins a word; all of them where there is none."""
    for word in words:
        people = people.filter(Q(search_name__startswith=word) | Q(search_name__contains=f" {word}"))
    return people


def _similar(people: QuerySet[ServiceUser], words: list[str]) -> tuple[list[ServiceUser], bool]:
    """Misspelt names, the likest first, and whether there are more. Reads every name in scope."""
    if not words:
        return [], False
    typed = " ".join(words)
    names = people.order_by().values_list("search_name", "pk")
    near = sorted((far, name, pk) for name, pk in names.iterator() if (far := likeness(typed, name)) is not None)
    order = {pk: place for place, (_, _, pk) in enumerate(near[:MOST])}
    found = sorted(people.filter(pk__in=order), key=lambda person: order[person.pk])
    return kept(found), len(near) > MOST


def _hint(text: str) -> str:
    digits = bare(text).translate(identifiers.DASHES)
    if not (digits.isdigit() and len(digits) >= NHS_DIGITS - 1):  # one may have been left out
        return ""
    try:
        identifiers.nhs_number(digits)
    except InvalidInput as refused:
        return refused.message
    return ""
