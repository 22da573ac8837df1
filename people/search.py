"""One box that finds people: an NHS number, a local number, names in any order, a date of birth, or several.

The same on SQLite and PostgreSQL: folded names are stored, and words are matched from their beginning.
"""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q, QuerySet

from accounts.errors import InvalidInput
from accounts.models import Membership
from people import identifiers
from people.facts import clean
from people.identifiers import bare
from people.models import ServiceUser
from people.names import fold, similar

MOST = 20
LONGEST = 200
WORDS_OF_A_DATE = 3
LIKE_AN_NHS_NUMBER = 9  # digits: one may have been left out


@dataclass(frozen=True)
class Found:
    people: list[ServiceUser] = field(default_factory=list)
    kind: str = "nothing"
    """What they were found by: number, name, similar name, or nothing. A code, fit for the audit."""
    more: bool = False
    hint: str = ""
    """What is wrong with the number typed, as a sentence."""


def find(membership: Membership, text: str, today: date) -> Found:
    """The people whom the membership can see and whom `text` may mean, at most MOST of them."""
    text = clean("text", text)[:LONGEST]
    scope = ServiceUser.objects.visible_to(membership).select_related("team")
    if found := list(scope.filter(_numbers(text))[:MOST]):
        return Found(found, "number")
    born, words = split(text, today)
    if not (born or words):
        return Found()
    rows = with_words(scope.filter(date_of_birth=born) if born else scope, words)
    if found := list(rows[: MOST + 1]):
        return Found(found[:MOST], "name", more=len(found) > MOST)
    found = _similar(scope.filter(Q(date_of_birth=born) | Q(date_of_birth=None)) if born else scope, words)
    return Found(found, "similar name" if found else "nothing", hint=_hint(text))


def _numbers(text: str) -> Q:
    """Either number, exactly. Empty text is nobody's: a number that is not known is null."""
    digits = bare(text).translate(identifiers.DASHES)
    return Q(local_number=bare(text).upper()) | Q(nhs_number=digits)


def split(text: str, today: date) -> tuple[date | None, list[str]]:
    """The date of birth in `text`, if there is one, and the folded words of a name around it."""
    typed = text.split()
    spans = [(i, i + n) for n in range(WORDS_OF_A_DATE, 0, -1) for i in range(len(typed) - n + 1)]
    for start, end in spans:
        try:
            born = identifiers.date_of_birth(" ".join(typed[start:end]), today)
        except InvalidInput:
            continue
        return born, fold(" ".join(typed[:start] + typed[end:])).split()
    return None, fold(text).split()


def with_words(people: QuerySet[ServiceUser], words: list[str]) -> QuerySet[ServiceUser]:
    """Those in whose names each word begins a word; all of them where there is none."""
    for word in words:
        people = people.filter(Q(search_name__startswith=word) | Q(search_name__contains=f" {word}"))
    return people


def _similar(people: QuerySet[ServiceUser], words: list[str]) -> list[ServiceUser]:
    """Misspelt names. Reads every name in scope: a team's list is some hundreds long."""
    if not words:
        return []
    wanted = " ".join(words)
    names = people.values_list("pk", "search_name")
    found = [pk for pk, name in names.iterator() if similar(wanted, name)]
    return list(people.filter(pk__in=found[:MOST]))


def _hint(text: str) -> str:
    digits = bare(text).translate(identifiers.DASHES)
    if not (digits.isdigit() and len(digits) >= LIKE_AN_NHS_NUMBER):
        return ""
    try:
        identifiers.nhs_number(digits)
    except InvalidInput as refused:
        return refused.message
    return ""
