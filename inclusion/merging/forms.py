"""The forms by which two records are said to be one person's, or two people's after all."""

from collections.abc import Sequence
from typing import Any

from django import forms

from accounts.widgets import ServiceForm, dress
from accounts.wording import gettext_lazy as _
from inclusion.merging.page import FIRST, SECOND, WHICH, in_words
from people.forms import PersonForm, Typed, choose
from people.models import ServiceUser
from people.same_person import BOTH, KEPT, OTHER, Difference

AS_CHOSEN = {KEPT: FIRST, OTHER: SECOND, BOTH: BOTH}
"""A choice of people/same_person.py with the first record as the kept one → what the form calls it."""


class SamePersonForm(ServiceForm):
    """One choice for each group of facts on which the two records differ: `fact_…`."""

    stays = choose(_("Which record stays?"), list(WHICH.items()), _("Choose the record that stays."))
    reason = Typed(
        _("How do you know?"), _("For example, the person said so, or one NHS letter names both."), lines=3
    )
    seen_first = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    seen_second = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(
        self, *args: Any, people: Sequence[ServiceUser], differ: Sequence[Difference], **kwargs: Any
    ) -> None:
        self.people, self.differ = people, differ
        first, second = people
        begin = {"stays": FIRST, "seen_first": first.version, "seen_second": second.version}
        super().__init__(*args, initial=begin, **kwargs)
        self.offer(
            "stays", [(which, f"{WHICH[which]}: {one.name}") for which, one in zip(WHICH, people, strict=True)]
        )
        for one in differ:
            self.fields[f"fact_{one.group}"] = _fact(one)
            dress(self.fields[f"fact_{one.group}"])

    @property
    def fact_fields(self) -> list[forms.BoundField]:
        return [self[f"fact_{one.group}"] for one in self.differ]

    def sides(self) -> tuple[ServiceUser, ServiceUser]:
        """(the record that stays, the other one)"""
        first, second = self.people
        return (first, second) if self.cleaned_data["stays"] == FIRST else (second, first)

    def choices(self) -> dict[str, str]:
        """Group of facts → kept, other or both."""
        kept = self.cleaned_data["stays"]
        typed = {one.group: self.cleaned_data[f"fact_{one.group}"] for one in self.differ}
        return {
            group: BOTH if choice == BOTH else KEPT if choice == kept else OTHER for group, choice in typed.items()
        }

    def seen(self) -> dict[Any, int]:
        first, second = self.people
        return {first.pk: self.cleaned_data["seen_first"], second.pk: self.cleaned_data["seen_second"]}

    def over(self, typed: Any) -> "SamePersonForm":
        """What was chosen, over the records as they are shown now."""
        first, second = self.people
        seen = {"seen_first": first.version, "seen_second": second.version}
        form = SamePersonForm({**typed.dict(), **seen}, people=self.people, differ=self.differ)
        form.is_valid()
        return form

    def refuse(self, refusal: Any) -> None:
        """A fact is refused under its own name, which here is that of its choice."""
        as_here = {f"fact_{group}": group for group in refusal.fields}
        refusal.fields = {
            name if name in self.fields else group: refusal.fields[group] for name, group in as_here.items()
        }
        super().refuse(refusal)


def _fact(one: Difference) -> forms.ChoiceField:
    words = {KEPT: in_words(one.kept), OTHER: in_words(one.other), BOTH: _("Both, one after the other")}
    return choose(
        _("Where they live") if one.group == "address" else str(PersonForm.base_fields[one.group].label),
        [(AS_CHOSEN[choice], words[choice] or _("Not recorded")) for choice in one.choices],
        _("Choose which is right."),
        initial=AS_CHOSEN[one.proposed],
    )


class TwoPeopleForm(ServiceForm):
    reason = Typed(_("How do you know?"), _("For example, both came in together."), lines=3)
