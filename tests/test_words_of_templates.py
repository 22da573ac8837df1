"""No template has bare words: all that a person reads or hears goes through translation."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.template.base import Lexer, TokenType

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "templates"
SCRIPTS = sorted((ROOT / "static" / "js").glob("*.js"))
SPOKEN = {"aria-label", "aria-description", "aria-roledescription", "alt", "placeholder", "title"}
UNREAD = {"script", "style"}
NOT_OURS = {"drf_spectacular"}  # the API's documentation, which is a technical text in English
LETTER = re.compile(r"[^\W\d_]")
ENTITY = re.compile(r"&\w+;")
# Filters whose argument is shown, and tags that hand words on to another template.
SHOWN = re.compile(r'\|(?:default|default_if_none|yesno|pluralize|add|join|cut):"([^"]*)"')
HANDED_ON = re.compile(r'\b\w+="([^"]*)"')


class Bare(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=False)
        self.found, self.inside = [], ""

    def handle_starttag(self, tag, attrs):
        self.inside = tag if tag in UNREAD else ""
        button = tag == "input" and dict(attrs).get("type") in {"submit", "button", "reset"}
        spoken = SPOKEN | {"value"} if button else SPOKEN
        self.found += [f"{name}={text}" for name, text in attrs if name in spoken and text and LETTER.search(text)]

    def handle_endtag(self, tag):
        self.inside = ""

    def handle_data(self, data):
        if not self.inside and len(data.strip()) > 1 and LETTER.search(data):  # one letter is a key to press
            self.found.append(" ".join(data.split()))


def bare(source):
    """Words of the template outside translation: text, spoken attributes, and literals that tags hand on."""
    markup, found, skip_to = [], [], ""
    for token in Lexer(source).tokenize():
        name = token.contents.split(" ")[0] if token.token_type == TokenType.BLOCK else ""
        if skip_to:
            skip_to = "" if name == skip_to else skip_to
        elif name in {"blocktranslate", "comment"}:
            skip_to = f"end{name}"
            found += words_in(SHOWN, token.contents)
        elif token.token_type == TokenType.TEXT:
            markup.append(token.contents)
        elif token.token_type == TokenType.VAR or name:
            markup.append("div" if markup and markup[-1].endswith(("<", "</")) else "")
            found += words_in(HANDED_ON if name == "include" else SHOWN, token.contents)
    parser = Bare()
    parser.feed("".join(markup))
    parser.close()
    return found + parser.found


def words_in(pattern, tag):
    texts = [text for text in pattern.findall(tag) if LETTER.search(text)]
    return [text for text in texts if not re.fullmatch(r"[?#&a-z0-9_=-]+", text)]  # codes, addresses


FILES = [path for path in TEMPLATES.rglob("*.*") if path.parent.name not in NOT_OURS]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_every_word_of_a_template_goes_through_translation(path):
    assert not bare(path.read_text())


PLANTED = [
    "<p>Hello</p>",
    "<p>{% if x %}Hello{% endif %}</p>",
    "Hello {{ name }}.",
    '<nav aria-label="Menu"></nav>',
    '<img alt="A bar">',
    '<input placeholder="Name">',
    '<input type="submit" value="Save">',
    '<span class="nhsuk-u-visually-hidden">Error:</span>',
    '{{ worker|default:"Someone" }}',
    '{{ count|pluralize:"y,Ies" }}',
    '{% include "components/submit.html" with text="Sign in" %}',
    '{% blocktranslate with who=name|default:"Someone" %}{{ who }}{% endblocktranslate %}',
    "{% translate 'Hello' %} and more",
]
SOUND = [
    '<p>{% translate "Hello" %}</p>',
    "<p>{% blocktranslate trimmed %}Hello <b>you</b>{% endblocktranslate %}, {{ name }}: 3</p>",
    '{% include "components/submit.html" with text=_("Sign in") id="waiting" url=here|add:"?show=all" %}',
    '<button name="do" value="send" class="nhsuk-button">{% translate "Send" %}</button>',
    '{{ day|date:"j F Y" }}&nbsp;{{ worker|default:_("Someone") }}',
    "<{{ heading }} class='dx'>{{ title }}</{{ heading }}>",
    "<script>const go = 1</script>{% comment %}Takes a form.{% endcomment %}{# Why #}",
]


@pytest.mark.parametrize("source", PLANTED)
def test_a_bare_word_is_found(source):
    assert bare(source)


@pytest.mark.parametrize("source", SOUND)
def test_what_is_translated_or_no_word_is_let_through(source):
    assert not bare(source)


SENTENCE = re.compile(r"""(["'`])[A-Z][a-z’]+ [^"'`]*\1""")


def in_script(source):
    """A script has no words of its own: they stand in the page, where they are translated."""
    return [match[0] for line in source.splitlines() if "//" not in line for match in SENTENCE.finditer(line)]


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_takes_its_words_from_the_page(path):
    assert not in_script(path.read_text())


def test_a_sentence_in_a_script_is_found():
    assert in_script('saved.textContent = "Not saved yet";')
    assert not in_script("saved.textContent = saved.dataset.notYet; // Not saved yet")
