"""What is looked at before an organisation's own words may be put in force: each finding with its place. Pure."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from accounts.wording import gettext_lazy as _
from referrals.giving_away import GIVES_AWAY, LINK, NUMBER, check_words, disguised, folded, named
from referrals.how_we_work import plain, sms
from referrals.how_we_work.fields import FIELDS, cases_of, fields_of, must_say, not_always_known
from referrals.how_we_work.rendering import MARKS, Choice, Field, Parsed, fill, parse

LONGEST = 4000
WARN_PARTS, REFUSE_PARTS = 2, 4


@dataclass(frozen=True)
class Finding:
    """`refuses`: the words may not be put in force with it. `line` counts from 1; 0 is the message as a whole."""

    code: str
    refuses: bool
    sentence: str
    line: int = 0
    quote: str = ""

    def __str__(self) -> str:
        if not self.line:
            return str(self.sentence)
        where = _("Line %(line)s, “%(quote)s”: %(what)s")
        return where % {"line": self.line, "quote": self.quote, "what": self.sentence}


@dataclass(frozen=True)
class Typed:
    """What was typed, and all that a check needs to know. `names`: of the service, organisation and teams."""

    body: str
    template: str
    channel: str
    names: tuple[str, ...]
    sample: Mapping[str, str]
    """A value a field, as an ordinary person's message has it."""

    @property
    def parsed(self) -> Parsed:
        return parse(self.body, fields_of(self.template))

    @property
    def own(self) -> str:
        """What the organisation wrote itself: fields and marks are blanked, so that places stay."""
        return MARKS.sub(lambda found: " " * len(found.group()), self.body)

    def filled(self, case: frozenset[str]) -> str:
        return fill(self.parsed, {name: self.sample[name] for name in case})

    def finding(self, code: str, sentence: str, start: int, end: int, *, refuses: bool = True) -> Finding:
        quote = " ".join(self.body[start:end].split())
        return Finding(code, refuses, sentence, self.body.count("\n", 0, start) + 1, quote[:60])


def check(typed: Typed) -> list[Finding]:
    """In the order of the text; what is about the whole comes last."""
    if not typed.body.strip():
        return [Finding("empty", True, _("Write the words of the message."))]
    if max(len(typed.body), len(folded(typed.body)[0])) > LONGEST:  # some characters stand for a whole sentence
        return [Finding("too_long", True, _("Use %(most)s characters or fewer.") % {"most": LONGEST})]
    found = {str(one): one for run in CHECKS for one in run(typed)}
    return sorted(found.values(), key=lambda one: (one.line == 0, not one.refuses, one.line))


def refusals(findings: Iterable[Finding]) -> list[Finding]:
    return [one for one in findings if one.refuses]


# --- Nothing that gives away ---------------------------------------------------------------------------------

TELLS = _("this would tell whoever finds it about care, or name this service. Take it out.")
NAMES = _("this names your organisation, a team or this service. Take it out.")
NO_LINKS = _("no message carries a link, an email address or anything like one. Give the phone number.")
LIKE_A_LINK = re.compile(
    r"\b[a-z0-9][\w-]+\.[a-z]{2,}(?:/\S*)?|\bdot\s+(?:com|org|net|uk|co|nhs|gov)\b|[\[(]\s*at\s*[\])]",
    re.IGNORECASE,
)


def _giving_away(typed: Typed) -> Iterator[Finding]:
    places = {hit.span() for hit in GIVES_AWAY.finditer(typed.own)} | set(disguised(typed.own))
    for start, end in sorted(places):
        yield typed.finding("gives_away", TELLS, start, end)
    for name in typed.names:
        for start, end in named(typed.own, name):
            yield typed.finding("names_service", NAMES, start, end)
    if not places and any(check_words(_bare(typed, case), names=typed.names) for case in _cases(typed)):
        yield Finding("gives_away", True, _("Put together, the words name the service, or tell of care."))


def _cases(typed: Typed) -> list[frozenset[str]]:
    return cases_of(typed.template)


def _bare(typed: Typed, case: frozenset[str]) -> str:
    """As it reads with a field's place kept empty: what stands in the fields is looked at before each sending."""
    return fill(typed.parsed, dict.fromkeys(case, "\u2060"))


def _links(typed: Typed) -> Iterator[Finding]:
    """Each with all that it hangs together with: one finding for www.example.org, not three."""
    hits = [hit.span() for pattern in (LINK, LIKE_A_LINK) for hit in pattern.finditer(typed.own)]
    words = [word.span() for word in re.finditer(r"\S+", typed.own)]
    for start, end in words:
        if any(start < last and first < end for first, last in hits):
            yield typed.finding("link", NO_LINKS, start, end)


def _strange_letters(typed: Typed) -> Iterator[Finding]:
    """A Cyrillic letter in an English word, or small capitals, is how a word is hidden from a check."""
    for word in re.finditer(r"[^\W\d_]+", typed.own):
        mixed = re.search(r"[a-z]", word.group(), re.IGNORECASE) and re.search(r"[\u0370-\u052f]", word.group())
        if mixed or re.search(r"[\u0250-\u02af\u1d00-\u1dbf\u2c60-\u2c7f\ua720-\ua7ff]", word.group()):
            sentence = _("a letter in this word is from another alphabet. Type it again.")
            yield typed.finding("strange_letters", sentence, *word.span())


def _numbers(typed: Typed) -> Iterator[Finding]:
    for hit in NUMBER.finditer(typed.own):
        sentence = _("is this a phone number? Put {{ phone }}, which is always the right one.")
        yield typed.finding("number", sentence, *hit.span(), refuses=False)


# --- Fields ---------------------------------------------------------------------------------------------------


def _slips(typed: Typed) -> Iterator[Finding]:
    for slip in typed.parsed.slips:
        yield typed.finding("field", slip.sentence, slip.start, slip.end)


def _missing(typed: Typed) -> Iterator[Finding]:
    """By filling it in for each case: a phone number in brackets that never stand is as good as none."""
    for case in _cases(typed):
        marked = fill(typed.parsed, {name: f"\u2060{name}\u2060" for name in case})
        for name in must_say(case):
            if f"\u2060{name}\u2060" not in marked:
                sentence = _("It does not always say %(what)s: put in {{ %(name)s }}.")
                yield Finding("missing", True, sentence % {"what": FIELDS[name], "name": name})


def _holes(typed: Typed) -> Iterator[Finding]:
    """A field that is not always known leaves a hole, unless brackets say what stands then."""
    loose = {part.name for part in typed.parsed.parts if isinstance(part, Field)}
    for name in not_always_known(typed.template):
        if name in loose:
            sentence = _("{{ %(name)s }} is not always known. Put the words around it in square brackets.")
            yield Finding("hole", True, sentence % {"name": name})
    for part in typed.parsed.parts:
        if isinstance(part, Choice):
            yield from _pointless(typed, part)


def _pointless(typed: Typed, choice: Choice) -> Iterator[Finding]:
    needed = [{word.name for word in way if isinstance(word, Field)} for way in choice.ways]
    always = frozenset.intersection(*_cases(typed))
    for at, fields in enumerate(needed):
        if fields and not any(fields <= case for case in _cases(typed)):
            sentence = _("these are never known together, so the words would never stand.")
            yield typed.finding("never", sentence, choice.start, choice.start + 40)
            return
        if at and any(earlier <= fields | always for earlier in needed[:at]):
            sentence = _("the words before | always stand, so those after it never would.")
            yield typed.finding("never", sentence, choice.start, choice.start + 40)
            return


# --- Length, tone and plain words -----------------------------------------------------------------------------


def _too_long(typed: Typed) -> Iterator[Finding]:
    if typed.channel != "text":
        return
    parts = max(sms.size(" ".join(typed.filled(case).split())).parts for case in _cases(typed))
    if parts > WARN_PARTS:
        sentence = _("It takes %(parts)s text messages; %(most)s are the most. Keep it to %(good)s.")
        words = sentence % {"parts": parts, "most": REFUSE_PARTS, "good": WARN_PARTS}
        yield Finding("too_long", parts > REFUSE_PARTS, words)


CHEERY = re.compile(
    r"have a (?:\w+ )?(?:day|week|weekend|one)|(?:best|warm(?:est)?|kind(?:est)?) (?:wishes|regards)|\bcheers\b"
    r"|take care\b|see you soon|looking forward|lots of love|\bx{2,}\b|\bhugs?\b|stay (?:safe|well|positive)|!"
    r"|[\U0001f300-\U0001faff\u2600-\u27bf]",
    re.IGNORECASE,
)


def _cheery(typed: Typed) -> Iterator[Finding]:
    for hit in CHEERY.finditer(typed.own):
        sentence = _("leave this out: the news may not be good for everybody who reads it.")
        yield typed.finding("cheery", sentence, *hit.span())


def _plain(typed: Typed) -> Iterator[Finding]:
    age = max(plain.reading_age(typed.filled(case)) for case in _cases(typed))
    if age > plain.WARN_ABOVE:
        sentence = _("About an age of %(age)s can read it. Aim for %(good)s; above %(most)s it cannot be used.")
        words = sentence % {"age": f"{age:g}", "good": plain.WARN_ABOVE, "most": plain.REFUSE_ABOVE}
        yield Finding("reading_age", age > plain.REFUSE_ABOVE, words)
    for place in plain.long_sentences(typed.own):
        sentence = _("this sentence is long. Make two of it.")
        yield typed.finding("long_sentence", sentence, place.start, place.end, refuses=False)
    for place, plainer in plain.hard_words(typed.own):
        sentence = _("a plainer word is: %(plainer)s.") % {"plainer": plainer}
        yield typed.finding("hard_word", sentence, place.start, place.end, refuses=False)


CHECKS: tuple[Callable[[Typed], Iterator[Finding]], ...] = (
    _slips,
    _giving_away,
    _links,
    _strange_letters,
    _numbers,
    _missing,
    _holes,
    _too_long,
    _cheery,
    _plain,
)
