"""A made-up language that shows what was never translated: every text is in marks, with accents, a third longer.

`marked` is a fixture; it takes the place of English, so that pages need no setting to be in it.
"""

import re
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.urls import get_resolver
from django.utils.translation import trans_real

from directory.models import Location, SupportOffer
from people.models import ServiceUser
from referrals.how_we_work.shipped import _written
from screening import fieldsets, questionnaire, section_list, translation

OPEN, CLOSE = "⟦", "⟧"
ACCENTS = str.maketrans("aeiouAEIOU", "àéîöûÀÉÎÖÛ")
KEPT = re.compile(r"(%\(\w+\)[sd]|%%|%[sd]|<[^>]*>|&\w+;|\{\w*\})")
CHOICES = re.compile(r"[\w :]+(,[\w :]+)+")  # what `yesno` takes
SPOKEN = {"aria-label", "aria-description", "aria-roledescription", "alt", "placeholder", "title"}


def mark(text):
    if CHOICES.fullmatch(text) and ", " not in text:
        return ",".join(mark(part) for part in text.split(","))
    accented = "".join(
        part if KEPT.fullmatch(part) else part.translate(ACCENTS) for part in KEPT.split(text) if part
    )
    return f"{OPEN}{accented}{' ·' * (len(text) // 6)}{CLOSE}"


class Marked(trans_real.DjangoTranslation):
    """Instead of a catalogue: whatever is looked up is there."""

    def __init__(self, language):
        self._language = language

    def __hash__(self):
        return id(self)

    def language(self):
        return self._language

    def to_language(self):
        return self._language

    def gettext(self, message):
        return mark(message.split(trans_real.CONTEXT_SEPARATOR)[-1]) if message else ""

    def ngettext(self, one, many, number):
        return self.gettext(one if number == 1 else many)


def forget():
    for cached in (questionnaire.get, questionnaire.latest, fieldsets._rendered, section_list._rendered, _written):
        cached.cache_clear()


@pytest.fixture
def marked(monkeypatch):
    get_resolver().url_patterns  # noqa: B018 - all forms are made before, as in a server that started in English
    language = settings.LANGUAGE_CODE
    plain = questionnaire.load_all()
    words = {
        (one.id, one.version, language): translation.translated(
            one, {place: mark(text) for place, text in translation.texts(one).items()}, language
        )
        for one in plain
    }
    marks = Marked(language)
    monkeypatch.setattr(questionnaire, "_translations", lambda folder: words)
    monkeypatch.setitem(trans_real._translations, language, marks)
    monkeypatch.setattr(trans_real, "_default", marks)
    trans_real.activate(language)
    forget()
    yield
    monkeypatch.undo()
    trans_real.deactivate()
    forget()


class Spoken(HTMLParser):
    """What a page says outside the marks: its text, and what a screen reader reads besides.

    A text may hold elements, so its marks stay open from one piece of text to the next.
    """

    def __init__(self):
        super().__init__()
        self.bare, self.depth, self.inside = [], 0, ""

    def handle_starttag(self, tag, attrs):
        self.inside = tag if tag in {"script", "style", "code", "textarea"} else ""
        self.bare += [(unmarked(text)[0], text) for name, text in attrs if name in SPOKEN and text]

    def handle_endtag(self, tag):
        self.inside = ""

    def handle_data(self, data):
        if not self.inside and data.strip():
            bare, self.depth = unmarked(data, self.depth)
            self.bare.append((bare, " ".join(data.split())))


def outside(html, data):
    """Words of the page that are neither in marks nor, whole, among `data`; longest of those first."""
    parser = Spoken()
    parser.feed(html)
    parser.close()
    left = []
    assert parser.depth == 0, "a text was cut short"
    for bare, text in parser.bare:
        for known in data:
            bare = re.sub(rf"(?<!\w){re.escape(known)}(?!\w)", " ", bare)
        if re.search(r"[^\W\d_]{2,}", bare):
            left.append(f"{bare.strip()}   in: {text}")
    return left


def unmarked(text, depth=0):
    """What of the text is outside the marks, and how deep inside them it ends."""
    kept = []
    for letter in text:
        depth += (letter == OPEN) - (letter == CLOSE)
        kept.append(letter if depth == 0 and letter != CLOSE else " ")
    return "".join(kept), depth


TYPED = {
    ServiceUser: "name preferred_name pronouns email address postcode local_number interpreter_language "
    "communication_needs care_of",
    SupportOffer: "name description schedule cost",
    Location: "name address postcode",
}


def typed(*more):
    """What people typed in, which no catalogue has: names, addresses, words of offers."""
    from accounts.models import Organisation, Team, User

    fields = {**TYPED, Organisation: "name phone sender_name", Team: "name phone", User: "name email"}
    found = {settings.SERVICE_NAME, *more}
    for model, names in fields.items():
        for row in model.objects.values_list(*names.split()):
            found |= {line for text in row if text for line in text.splitlines()}
    return sorted(found - {""}, key=len, reverse=True)
