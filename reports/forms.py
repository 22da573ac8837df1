"""Which report: a month or quarter and, if one likes, a team. Fixed choices only, so that no two subtract."""

from typing import Any

from django import forms

from accounts import clock
from accounts.models import Organisation, Team
from accounts.widgets import ServiceForm
from accounts.wording import gettext_lazy as _
from directory import weight_table
from reports import pages, periods
from reports.models import SavedView
from reports.periods import Month, Period, Quarter
from screening import questionnaire

MONTHS, QUARTERS = 24, 8


def _team() -> forms.ModelChoiceField:
    """Each form offers the teams of its organisation in it."""
    return forms.ModelChoiceField(
        label=_("Team"),
        queryset=Team.objects.none(),
        empty_label=_("Whole organisation"),
        required=False,
        error_messages={"invalid_choice": _("Choose a team from the list.")},
    )


class ReportForm(ServiceForm):
    period = forms.TypedChoiceField(
        label=_("Month or quarter"),
        coerce=periods.read,
        error_messages={"invalid_choice": _("Choose a month or a quarter from the list.")},
    )
    team = _team()

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = clock.today()
        months, quarters = _choices(Month.of(today), MONTHS), _choices(Quarter.of(today), QUARTERS)
        self.offer("period", [(_("Months"), months), (_("Quarters"), quarters)])
        self.offer("team", Team.objects.filter(organisation=organisation))


def asked_for(request: Any) -> ReportForm:
    """Filled from the address, so that a report can be bookmarked; last month where none is asked for."""
    asked = request.GET.copy()
    asked.setdefault("period", asked.get("month", str(Month.of(clock.today()).previous())))
    return ReportForm(asked, organisation=request.membership.organisation)


def _choices(running: Period, how_many: int) -> list[tuple[str, str]]:
    """The running one and those before it."""
    _running, *over = periods.latest(running, how_many)
    return [(str(running), running.so_far), *((str(period), period.title) for period in over)]


class SavedViewForm(ServiceForm):
    name = forms.CharField(
        label=_("Name"),
        max_length=80,
        help_text=_("So that you know it again, such as “Board, each quarter”."),
        error_messages={"required": _("Give the view a name.")},
    )
    page = forms.ChoiceField(label=_("Page of the report"), error_messages={"required": _("Choose a page.")})
    span = forms.ChoiceField(
        label=_("Month or quarter"),
        choices=SavedView.Span.choices,
        help_text=_("It moves on by itself."),
        error_messages={"required": _("Choose a month or a quarter.")},
    )
    team = _team()
    is_shared = forms.BooleanField(label=_("My colleagues who see reports find it, too"), required=False)

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("page", list(pages.TITLES.items()))
        self.offer("team", Team.objects.filter(organisation=organisation))


class WhatIfForm(ServiceForm):
    """Either a table of weights or a version of a questionnaire, and whose people to look at."""

    what = forms.ChoiceField(
        label=_("What would be another?"),
        choices=[
            ("weights", _("How offers are ranked: the table of weights")),
            ("definition", _("What is suggested: a version of a questionnaire")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what to try.")},
    )
    weights = forms.CharField(
        label=_("Table of weights"),
        help_text=_(
            "JSON. A line a criterion, with three numbers: where it fits, where it does not, and where it is "
            "not known. What you leave out stays as it is."
        ),
        required=False,
        widget=forms.Textarea({"rows": 20, "spellcheck": "false"}),
    )
    definition = forms.ChoiceField(
        label=_("Version of a questionnaire"),
        required=False,
        error_messages={"invalid_choice": _("Choose a version from the list.")},
    )
    team = _team()

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.versions = {f"{one.id} {one.version}": one for one in questionnaire.all_loaded()}
        self.offer("definition", [("", _("Choose a version")), *((name, name) for name in self.versions)])
        self.offer("team", Team.objects.filter(organisation=organisation))

    def clean(self) -> dict[str, Any]:
        """`rule` is what is tried: the table, or the questionnaire."""
        given = super().clean() or {}
        what = given.get("what")
        if what == "weights":
            try:
                given["rule"] = weight_table.read(given.get("weights") or "")
            except ValueError as wrong:
                self.add_error("weights", str(wrong))
        elif what == "definition":
            given["rule"] = self.versions.get(given.get("definition") or "")
            if given["rule"] is None and "definition" not in self.errors:
                self.add_error("definition", _("Choose a version from the list."))
        return given
