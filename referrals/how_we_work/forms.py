"""The forms of "How we work": days on the clocks, and one reason. Messages have theirs beside their pages."""

from typing import Any

from django import forms
from django.utils.text import format_lazy

from accounts.errors import Refused
from accounts.widgets import ServiceForm, dress
from accounts.wording import gettext_lazy as _
from people.forms import Typed, choose
from referrals.how_we_work.clocks import Days, out_of_bounds
from referrals.how_we_work.reasons import MOST_PARK_DAYS, Step, Wanted
from referrals.reasons import NEXT_ACTIONS


class Seen(ServiceForm):
    """`version` says which state of the thing was looked at."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)

    def over(self, version: int, refusal: Refused) -> None:
        """The same typing over the thing as it is now, for whoever still means it after reading both."""
        typed: Any = self.data
        self.data = typed = typed.copy()
        typed["version"] = str(version)
        self.refuse(refusal)

    @property
    def seen(self) -> int:
        return self.cleaned_data["version"] or 0


def _number(label: str, hint: str, sentence: Any, least: int, most: int, **more: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        help_text=hint,
        min_value=least,
        max_value=most,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "width": 3}),
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), sentence),
        **more,
    )


class ClocksForm(Seen):
    """One box a clock."""

    def __init__(self, data: Any = None, *, days: list[Days], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        for one in days:
            hint = _("%(does)s From %(least)s to %(most)s working days; usually %(usual)s.") % {
                "does": one.does,
                "least": one.least,
                "most": one.most,
                "usual": one.usual,
            }
            box = _number(one.title, hint, out_of_bounds(one.clock), one.least, one.most, initial=one.days)
            dress(box)
            self.fields[one.clock.value] = box

    def days(self) -> dict[str, int]:
        return {name: number for name, number in self.cleaned_data.items() if name != "version"}


class ReasonForm(Seen):
    """One reason of one step; only what that step can say is asked."""

    label = Typed(_("The reason"), _("In a few words, as it stands in the list. Do not name a person."))
    needs_words = forms.BooleanField(label=_("Whoever chooses it has to write something with it"), required=False)
    ask = Typed(
        _("What to ask them (optional)"),
        _("For example: say which course. Empty: “Say in a few words what is meant.”"),
    )
    next_action = choose(
        _("What happens next?"),
        [(code.value, sentence) for code, (sentence, _person) in NEXT_ACTIONS.items()],
        _("Choose what happens next: a person who is declined is never left with nothing."),
    )
    park_days = _number(
        _("Days before the provider is asked again for this person (optional)"),
        _("0 or empty: at any time. The referrer reads the day."),
        format_lazy(_("Enter a number of days from 0 to {most}."), most=MOST_PARK_DAYS),
        0,
        MOST_PARK_DAYS,
        required=False,
    )
    hidden = forms.BooleanField(
        label=_("Retired: nobody can choose it any more"),
        help_text=_("Records that have it keep showing it."),
        required=False,
    )

    def __init__(self, data: Any = None, *, step: str, is_new: bool = False, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        not_asked = set() if step == Step.DECLINE else {"next_action", "park_days"}
        for name in not_asked | ({"hidden"} if is_new else set()):
            del self.fields[name]

    def wanted(self) -> Wanted:
        return Wanted(**{name: value for name, value in self.cleaned_data.items() if name != "version"})
