"""The form of a step, built from what the step declares that it must bring. Nothing here knows a single step."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any

from django import forms

from accounts import clock
from accounts.permissions import Role
from accounts.widgets import DayField, ServiceForm, dress
from accounts.wording import gettext_lazy as _
from directory import kinds
from people.forms import Typed
from people.london import at_london
from referrals.actions.evidence import offers_instead, staff_of
from referrals.coded import reasons_for
from referrals.evidence import Evidence
from referrals.gathering import gather
from referrals.lifecycle import PARTNER_LINK, Facts, Kind, Side, Step
from referrals.models import Referral, ReferralEvent
from referrals.reasons import Reason, offered
from referrals.sharing import is_shareable, title_of
from referrals.standing import Standing

FILLED_BY_THE_ACTION = {"second_person"}
NOON = time(12)
"""Stands for a day of which nobody knows the hour."""
SOURCES = [ReferralEvent.Source.PHONED_IN, ReferralEvent.Source.LETTER]


@dataclass(frozen=True)
class Asking:
    """All that a field may depend on."""

    referral: Referral
    step: Step
    me: Standing
    facts: Facts
    reasons: Mapping[str, Reason]

    @classmethod
    def about(cls, referral: Referral, step: Step, me: Standing) -> "Asking":
        return cls(referral, step, me, gather(referral, step), reasons_for(referral, step.name) or {})

    @property
    def asked(self) -> list[Evidence]:
        return [one for one in self.step.evidence if self._is_asked(one)]

    def _is_asked(self, one: Evidence) -> bool:
        needless = one.only_if and not getattr(self.facts, one.only_if)
        stands_in = getattr(self.facts, one.unless, False) if one.unless else False
        return not needless and not stands_in and one.name not in FILLED_BY_THE_ACTION

    @property
    def is_phoned_in(self) -> bool:
        """A provider's step that somebody else types in."""
        typed_for_it = self.step.side is Side.PROVIDER and not self.me.provider_has_account
        return typed_for_it and self.me.role != PARTNER_LINK

    def choices(self, one: Evidence) -> list[Reason]:
        return offered(self.reasons.values() if one.kind is Kind.CODE and self.reasons else one.choices)


class StepForm(ServiceForm):
    """No field is required here: the step's own rule says what is missing, in its own words, beside the field."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, data: Any, *, about: Asking) -> None:
        super().__init__(data, initial={"version": about.referral.version, **_begun(about)})
        self.about = about
        for name, field in _fields(about):
            dress(field)
            self.fields[name] = field

    def evidence(self) -> dict[str, Any]:
        """What was typed, as the step reads it."""
        typed = self.cleaned_data
        plain = {one.name: typed.get(one.name) for one in self.about.asked if one.kind is not Kind.OUTCOMES}
        for one in self.about.asked:
            if one.kind is Kind.OUTCOMES:
                chosen = {need: typed.get(f"need_{need}") for need in self.about.facts.needs}
                plain[one.name] = {need: code for need, code in chosen.items() if code}
        return plain

    def how(self) -> dict[str, Any]:
        """By what way and when, where somebody types in what a provider said."""
        day = self.cleaned_data.get("happened_on")
        when = at_london(day, NOON) if day and day != clock.today() else None
        return {"source": self.cleaned_data.get("source") or ReferralEvent.Source.SCREEN, "happened_at": when}

    def typed(self) -> list[tuple[str, str]]:
        """Label and text of every box that somebody wrote in: on no page may their words be lost."""
        boxes = (self[name] for name, field in self.fields.items() if isinstance(field, Typed | DayField))
        return [(str(box.label), str(box.value())) for box in boxes if box.value()]

    def clean(self) -> dict[str, Any]:
        """Outcomes stand in a field for each need, so that the sentence can stand beside the one left out."""
        cleaned = super().clean() or {}
        for one in self.about.asked:
            if one.kind is Kind.OUTCOMES:
                for need in self.about.facts.needs:
                    if not cleaned.get(f"need_{need}"):
                        self.add_error(f"need_{need}", one.ask)
        return cleaned


def _begun(about: Asking) -> dict[str, Any]:
    """What is filled in already: the offer that the provider proposed when it declined."""
    declined = about.referral.events.filter(step="decline").order_by("-id").first()
    return {"new_offer": declined.evidence.get("proposed_offer", "")} if declined else {}


def _fields(about: Asking) -> Iterator[tuple[str, forms.Field]]:
    for one in about.asked:
        if one.kind is Kind.OUTCOMES:
            yield from _outcomes(one, about)
        else:
            yield one.name, BUILD[one.kind](one, about)
    if about.is_phoned_in:
        yield (
            "source",
            forms.ChoiceField(
                label=_("How did the provider say so?"),
                choices=[(source.value, source.label) for source in SOURCES],
                initial=SOURCES[0].value,
                widget=forms.RadioSelect,
            ),
        )
        yield (
            "happened_on",
            DayField(
                label=_("When (optional)"),
                help_text=_("Leave it empty for today. For example, 27 11 2026."),
                required=False,
            ),
        )


def _label(one: Evidence) -> str:
    is_optional = not one.required and not one.unless and one.name != "words"
    return _("%(label)s (optional)") % {"label": one.label} if is_optional else one.label


def _text(one: Evidence, about: Asking) -> forms.Field:
    return Typed(_label(one), _when_needed(one, about), lines=4)


def _when_needed(one: Evidence, about: Asking) -> str:
    """Words beside a coded answer are asked for by some codes only: which ones."""
    if one.required or one.name != "words":
        return ""
    asking = [str(reason.label) for coded in about.asked if coded.choices for reason in about.choices(coded)
              if reason.needs_words]  # fmt: skip
    return _("Needed with: %(asking)s.") % {"asking": "; ".join(asking)} if asking else ""


def _date(one: Evidence, about: Asking) -> forms.Field:
    return DayField(
        label=_label(one),
        help_text=_("For example, 31 3 2027."),
        required=False,
        error_messages={"invalid": _("Enter a day, like 31 3 2027.")},
    )


def _choice(one: Evidence, about: Asking) -> forms.Field:
    return forms.ChoiceField(
        label=_label(one),
        choices=[(reason.code, reason.label) for reason in about.choices(one)],
        widget=forms.RadioSelect,
        required=False,
        error_messages={"invalid_choice": _("Choose one from the list.")},
    )


def _boolean(one: Evidence, about: Asking) -> forms.Field:
    return forms.BooleanField(label=one.label, required=False)


def _member(one: Evidence, about: Asking) -> forms.Field:
    referral = about.referral
    if one.name == "named_worker" and referral.provider_team_id is None:
        return Typed(_label(one), _("Their name, as the provider says it."))
    if one.name == "named_worker":
        staff = staff_of(referral.provider_id, Role.SUPPORT_WORKER)
    else:
        staff = staff_of(referral.referring_team.organisation_id, Role.CLINICIAN)
    return _select(one, [(str(member.pk), f"{member.user.name}, {member.team}") for member in staff])


def _offer(one: Evidence, about: Asking) -> forms.Field:
    offers = offers_instead(about.referral)
    return _select(one, [(str(offer.pk), f"{offer.name}, {offer.provider}") for offer in offers])


def _select(one: Evidence, choices: list[tuple[str, str]]) -> forms.Field:
    return forms.ChoiceField(
        label=_label(one),
        choices=[("", _("Choose")), *choices],
        required=False,
        error_messages={"invalid_choice": _("Choose one from the list.")},
    )


def _outcomes(one: Evidence, about: Asking) -> Iterator[tuple[str, forms.Field]]:
    """A need that a provider may not know of has no name for it: it is called by the help asked for."""
    asked_for = kinds.TITLES.get(about.referral.kind, about.referral.kind)
    for need in about.referral.needs.select_related("screening"):
        hidden = about.me.is_provider_only and not is_shareable(need)
        field = _choice(one, about)
        field.label = f"{one.label}: {asked_for if hidden else title_of(need)}"
        yield f"need_{need.pk}", field


BUILD: dict[Kind, Callable[[Evidence, Asking], forms.Field]] = {
    Kind.TEXT: _text,
    Kind.DATE: _date,
    Kind.CODE: _choice,
    Kind.CHOICE: _choice,
    Kind.BOOLEAN: _boolean,
    Kind.MEMBER: _member,
    Kind.OFFER: _offer,
}
