"""gettext for modules that import no Django: the same names as in django.utils.translation.

Pure. By themselves the words are English. Once the roof has called `use(django.utils.translation)`, before
anything else is imported, `gettext_lazy` gives Django's own lazy text, which reads in the language of whoever
looks at it (docs/decisions/0010-translations.md).
"""

from collections.abc import Iterable
from typing import Any

_translation: Any = None


def use(translation: Any) -> None:
    """From now on words come from here; what was marked before stays English, so this is done first of all."""
    global _translation
    _translation = translation


def gettext_lazy(message: str) -> str:
    return _translation.gettext_lazy(message) if _translation else message


def pgettext_lazy(context: str, message: str) -> str:
    """For a word that is ambiguous alone; the context tells the translator which one it is."""
    return _translation.pgettext_lazy(context, message) if _translation else message


def ngettext(one: str, many: str, number: int) -> str:
    """At once, in the reader's language, since the number is known; put it in with `% {"number": number}`."""
    if _translation:
        return _translation.ngettext(one, many, number)
    return one if number == 1 else many


def either(words: Iterable[str]) -> str:
    """a, b or c."""
    return _listed(words, gettext_lazy("%(first)s or %(last)s"))


def together(words: Iterable[str]) -> str:
    """a, b and c."""
    return _listed(words, gettext_lazy("%(first)s and %(last)s"))


def _listed(words: Iterable[str], join: str) -> str:
    *before, last = [str(word) for word in words]
    return join % {"first": ", ".join(before), "last": last} if before else last
