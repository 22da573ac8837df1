"""One form for a call or a meeting: what came of it, who was told what, and what need not be sent any more."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.text import capfirst

from accounts import clock
from accounts.widgets import DayField, ServiceForm
from accounts.wording import gettext_lazy as _
from people.contact_plan import Plan, way_in_words
from people.forms import Clock, Typed, choose, tick
from people.london import at_london
from referrals.calls.listing import Topic
from referrals.forms import DAY_ERRORS, DAY_HINT
from referrals.messages import TEMPLATES, time_in_words
from referrals.models import CallAttempt, Reminder

How, Result = CallAttempt.How, CallAttempt.Result


class CallForm(ServiceForm):
    how = choose(_("How?"), How.choices, _("Say whether you rang or met them."))
    result = choose(
        _("What came of it?"),
        [],
        _("Say what came of it."),
        help_text=_(
            "“Please stop” pauses contact for everybody, takes back the messages and letters that are still "
            "to go, and asks the person’s own team what they want."
        ),
    )
    told = tick(_("What did you tell or ask them?"), [], _("Tick what is done. What is not ticked stays owed."))
    stop = tick(_("Stop what need not be sent any more"), [], _("Tick what the person has heard from you."))
    words = Typed(_("In a few words (optional)"), lines=2)
    day = DayField(
        label=_("Day (leave empty for today)"), help_text=DAY_HINT, required=False, error_messages=DAY_ERRORS
    )
    time = Clock(_("Time (leave empty for now)"))
    why_then = Typed(
        _("If the plan does not allow it: why was it done?"),
        _("Outside the hours, or in a way that was not agreed."),
    )

    def __init__(
        self, data: Any = None, *, plan: Plan, topics: list[Topic], queued: list[Reminder], **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.offer("result", [choice for choice in Result.choices if _may_say(choice[0], plan)])
        self.offer("told", [(topic.key, topic.what) for topic in topics])
        self.offer("stop", [(str(one.pk), _message(one)) for one in queued])
        for name, there in (("told", topics), ("stop", queued)):
            if not there:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("day") and cleaned.get("time") is None and "time" not in self.errors:
            self.add_error("time", _("Enter the time of day as well: the next try is at another one."))
        return cleaned

    def said(self) -> dict[str, Any]:
        """As `record` takes it."""
        typed = self.cleaned_data
        return {
            "how": typed["how"],
            "result": typed["result"],
            "told": typed.get("told", []),
            "stop": [UUID(pk) for pk in typed.get("stop", [])],
            "words": typed["words"],
            "why_then": typed["why_then"],
            "happened_at": self._moment(),
        }

    def _moment(self) -> datetime | None:
        hour = self.cleaned_data["time"]
        return None if hour is None else at_london(self.cleaned_data["day"] or clock.today(), hour)


def _may_say(result: str, plan: Plan) -> bool:
    """A voicemail is on offer only to somebody who is fine with one."""
    return result != Result.VOICEMAIL or plan.takes_voicemail


def _message(one: Reminder) -> str:
    return _("%(channel)s, %(when)s: %(news)s") % {
        "channel": capfirst(way_in_words(one.channel)),
        "when": time_in_words(one.due_at),
        "news": TEMPLATES[one.template],
    }
