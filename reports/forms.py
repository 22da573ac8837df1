"""Which report: a month and, if one likes, a team. Fixed choices only, so that no two views can be subtracted."""

from typing import Any

from django import forms

from accounts import clock
from accounts.models import Organisation, Team
from accounts.widgets import ServiceForm
from reports.periods import Month, latest_months

MONTHS = 24


class ReportForm(ServiceForm):
    month = forms.TypedChoiceField(
        label="Month", coerce=Month.read, error_messages={"invalid_choice": "Choose a month from the list."}
    )
    team = forms.ModelChoiceField(
        label="Team",
        queryset=Team.objects.none(),
        empty_label="Whole organisation",
        required=False,
        error_messages={"invalid_choice": "Choose a team from the list."},
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        running, *over = latest_months(clock.today(), MONTHS)
        months = [(str(month), month.title) for month in over]
        self.offer("month", [(str(running), f"{running.title}, so far"), *months])
        self.offer("team", Team.objects.filter(organisation=organisation))
