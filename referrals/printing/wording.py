"""A plan in the person's own voice, one idea a line, each with its picture; page and paper print the same lines.

Readable at 9. Names and what staff typed stand between marks that keep their direction to themselves.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from people.london import in_london
from referrals.printing.plan import Item, Meeting, Plan, State
from referrals.printing.support import GOALS, WAY_PICTURES, help_with

TITLE, PLAIN, PHONE, WRITE, STEP = "title", "plain", "phone", "write", "step"
"""How a line looks: a thing that was agreed, a sentence, a number to ring, a line to write on, one to tick."""


ONLINE = {"email", "app", ""}
APART, TOGETHER = "\u2068", "\u2069"


@dataclass(frozen=True)
class Line:
    text: str
    picture: str = ""
    look: str = PLAIN

    @property
    def plain_text(self) -> str:
        """Without the marks that keep directions apart."""
        return self.text.replace(APART, "").replace(TOGETHER, "")

    @property
    def image(self) -> str:
        return f"img/easy_read/{self.picture}.svg"


@dataclass(frozen=True)
class Section:
    """`groups` are lines that stay together."""

    title: str
    groups: list[list[Line]]


@dataclass(frozen=True)
class Sheet:
    title: str
    called: str
    called_words: str
    greeting: str
    """On top of a letter only."""
    made_words: str
    sections: list[Section] = field(default_factory=list)
    language: str = "en"


def sheet(plan: Plan) -> Sheet:
    sections = [_goal(plan), _agreed(plan), _steps(plan), _if_nothing(plan), _next(plan)]
    made_words = _("Made on %(day)s") % {"day": date_format(plan.made_on, "j F Y")}
    found = [section for section in sections if section]
    return _with_name(plan.called, title=_("My plan"), sections=found, made_words=made_words)


def _with_name(called: str, *, title: str, sections: list[Section], made_words: str = "") -> Sheet:
    return Sheet(
        title=title,
        called=called,
        called_words=_("The name I like: %(name)s") % {"name": apart(called)},
        greeting=_("Hello %(name)s. Here is the plan that we made.") % {"name": apart(called)},
        made_words=made_words,
        sections=sections,
        language=(get_language() or "en").split("-")[0],
    )


def apart(text: str) -> str:
    """Text in whatever script, kept from turning round the sentence about it."""
    return f"{APART}{text}{TOGETHER}"


def day(when: date) -> str:
    return date_format(when, "l j F")


def day_and_time(when: datetime) -> str:
    local = in_london(when)
    minutes = f":{local:%M}" if local.minute else ""
    clock = f"{local.hour % 12 or 12}{minutes}{_('am') if local.hour < 12 else _('pm')}"
    return _("%(day)s at %(time)s") % {"day": day(local.date()), "time": clock}


def card(*, called: str, meeting: Meeting, who: str, phone: str) -> Sheet:
    """An appointment to put on the fridge or in a pocket."""
    ring = Line(phone, "phone", PHONE) if phone else Line(_("The number is:"), "phone", WRITE)
    cannot = Line(_("If I cannot come, I ring:"), "call_us")
    return _with_name(
        called, title=_("My meeting"), sections=[Section("", [[*_meeting(meeting, who), cannot, ring]])]
    )


# --- Section by section -------------------------------------------------------------------------------------


def _goal(plan: Plan) -> Section:
    if plan.goal:
        lines = [[Line(f"“{apart(plan.goal)}”", "goal")]]
    else:
        known = [GOALS[code] for code in plan.goals if code in GOALS]
        lines = [[Line(str(words), picture)] for picture, words in known]
    return Section(_("My goal"), lines or [[Line(_("I want to:"), "goal", WRITE)]])


def _agreed(plan: Plan) -> Section:
    groups = [list(_item(item)) for item in plan.items]
    if not groups:
        groups = [[Line(_("We talked."), "person"), Line(_("I can ask for help any time."), "helper")]]
    if plan.more:
        groups.append([Line(_("We talked about more. We will come back to it."), "share")])
    return Section(_("What we agreed"), groups)


def _item(item: Item) -> Iterator[Line]:
    asked_for = help_with(item.support)
    yield Line(str(asked_for.words), asked_for.picture, TITLE)
    if item.meeting:
        yield from _meeting(item.meeting, item.who)
    else:
        yield from _what_comes(item)
    if item.provider:
        yield Line(_("This is with %(provider)s.") % {"provider": apart(item.provider)}, "group")


def _what_comes(item: Item) -> Iterator[Line]:
    if item.state is State.AGREED:
        yield from _from_now_on(item)
        return
    if item.state is State.HELPED:
        yield Line(_("This has begun."), "tick")
    if item.state is State.ASKED:
        yield Line(_("We have asked for this."), "tick")
    if item.state is State.LOOK:
        yield Line(_("We will look for this together."), "look_up")
    if item.state is State.WAIT:
        yield Line(_("There is a wait. I am on the list."), "wait")
    yield _contact(item)
    yield _by(item)


def _by(item: Item) -> Line:
    """The day, or a line to write it on: a day that nobody promised is not made up."""
    if item.by is None:
        return Line(_("By this day:"), "calendar", WRITE)
    if item.state is State.WAIT:
        return Line(_("It may take until %(month)s.") % {"month": date_format(item.by, "F Y")}, "calendar")
    return Line(_("By %(day)s.") % {"day": day(item.by)}, "calendar")


def _from_now_on(item: Item) -> Iterator[Line]:
    if sentence := help_with(item.support).sentence:
        yield Line(str(sentence), "tick")
    if item.support == "offline_route" and item.way not in ONLINE:
        yield _contact(item)
    if item.by:
        yield Line(_("We will ask again about %(day)s.") % {"day": day(item.by)}, "calendar")


def _contact(item: Item) -> Line:
    who = apart(item.who) if item.who else ""
    named = {
        "call": _("%(who)s will phone me."),
        "text": _("%(who)s will text me."),
        "letter": _("%(who)s will send me a letter."),
        "email": _("%(who)s will email me."),
        "app": _("%(who)s will message me in the app."),
        "in_person": _("%(who)s will tell me when we meet."),
        "via": _("%(who)s will tell someone I trust."),
        "": _("%(who)s and I will talk when we meet."),
    }
    unnamed = {
        "call": _("Someone will phone me."),
        "text": _("Someone will text me."),
        "letter": _("Someone will send me a letter."),
        "email": _("Someone will email me."),
        "app": _("Someone will message me in the app."),
        "in_person": _("Someone will tell me when we meet."),
        "via": _("Someone will tell a person I trust."),
        "": _("We will talk about it when we meet."),
    }
    words = named[item.way] % {"who": who} if who else unnamed[item.way]
    return Line(words, WAY_PICTURES[item.way])


def _meeting(meeting: Meeting, who: str = "") -> Iterator[Line]:
    if who:
        yield Line(_("I will meet %(who)s.") % {"who": apart(who)}, "person")
    yield Line(_("When: %(when)s") % {"when": day_and_time(meeting.starts_at)}, "calendar")
    yield _write_or_say(_("Where:"), meeting.where, "drop_in")
    if meeting.bring:
        yield _write_or_say(_("I bring:"), meeting.bring, "bring")


def _write_or_say(label: str, text: str, picture: str) -> Line:
    return Line(f"{label} {apart(text)}", picture) if text else Line(label, picture, WRITE)


def _steps(plan: Plan) -> Section | None:
    if not plan.small_steps:
        return None
    first = Line(_("One small step on each line. I tick it when it is done."), "small_steps")
    return Section(_("My small steps"), [[first, *(Line("", "", STEP) for _number in range(3))]])


def _if_nothing(plan: Plan) -> Section:
    lines = [Line(_if_words(plan), "call_us")]
    if plan.phone:
        lines.append(Line(plan.phone, "phone", PHONE))
    else:
        lines.append(Line(_("The number is:"), "phone", WRITE))
    if plan.sender:
        lines.append(Line(_("Who I ring: %(name)s") % {"name": apart(plan.sender)}, "helper"))
    if plan.items:
        lines.append(Line(_("I can say: “What is going on with my plan?”"), "question"))
    return Section(_("If nothing happens") if plan.items else _("If I want help"), [lines])


def _if_words(plan: Plan) -> str:
    if plan.hears_by:
        return _("No news by %(day)s? Then I can ring this number.") % {"day": day(plan.hears_by)}
    return _("No news? Then I can ring this number.") if plan.items else _("I can ring this number any time.")


def _next(plan: Plan) -> Section:
    if plan.meeting:
        lines = [Line(day_and_time(plan.meeting.starts_at), "calendar", TITLE)]
    elif plan.review_on:
        about = _("About %(day)s") % {"day": day(plan.review_on)}
        lines = [Line(about, "calendar", TITLE), Line(_("Someone will ask me how it goes."), "question")]
    else:
        lines = [Line(_("We meet again on:"), "calendar", WRITE)]
    return Section(_("Next date"), [lines])
