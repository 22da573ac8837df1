"""Which report: a month and, if one likes, a team. Fixed choices only, so that no two views can be subtracted."""

from django import forms
from django.utils import timezone

from accounts.models import Organisation, Team
from accounts.widgets import ServiceForm
from reports.periods import Month, latest_months

MONTHS = 24


class ReportForm(ServiceForm):
    month = forms.ChoiceField(label="Month", error_messages={"invalid_choice": "Choose a month from the list."})
    team = forms.ModelChoiceField(
        label="Team",
        queryset=Team.objects.none(),
        empty_label="Whole organisation",
        required=False,
        error_messages={"invalid_choice": "Choose a team from the list."},
    )

    def __init__(self, *args, organisation: Organisation, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        months = latest_months(timezone.localdate(), MONTHS)
        self.fields["month"].choices = [(str(month), month.title) for month in months]
        self.fields["team"].queryset = Team.objects.filter(organisation=organisation)

    def clean_month(self) -> Month:
        return Month.read(self.cleaned_data["month"]) or Month.of(timezone.localdate())
