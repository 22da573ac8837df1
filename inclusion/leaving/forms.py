"""Who takes what over: one question for each kind that there is any of."""

from typing import Any

from django import forms

from accounts.errors import Refused
from accounts.models import Membership
from accounts.wording import gettext_lazy as _
from inclusion.leaving.holdings import GIVEN_ON, colleagues

TO_QUEUE = "queue"


class LeavingForm(forms.Form):
    def __init__(self, *args: Any, leaver: Membership, kinds: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.colleagues: dict[str, dict[str, Membership]] = {}
        for name in kinds:
            kind = GIVEN_ON[name]
            known = {str(one.pk): one for one in colleagues(leaver, kind.side)}
            self.colleagues[name] = known
            self.fields[name] = forms.ChoiceField(
                label=kind.title,
                choices=[
                    ("", _("Choose")),
                    *((pk, f"{one.user.name}, {one.team}") for pk, one in known.items()),
                    (TO_QUEUE, _("Back to the team, with nobody named")),
                ],
                error_messages={
                    "required": _("Choose who looks after these from now on."),
                    "invalid_choice": _("Choose somebody who works in this team now."),
                },
            )

    def to(self) -> dict[str, Membership | None]:
        return {name: known.get(self.cleaned_data[name]) for name, known in self.colleagues.items()}

    def refuse(self, refusal: Refused) -> None:
        for name, sentence in refusal.fields.items():
            self.add_error(name if name in self.fields else None, sentence)
        if not refusal.fields:
            self.add_error(None, refusal.message)
