"""Forms about letting a person go, what they say of it later, and asking elsewhere."""

from typing import Any

from django import forms

from accounts.widgets import ServiceForm
from accounts.wording import gettext_lazy as _
from directory.models import SupportOffer
from people.forms import Typed, choose, tick
from people.models import Consent
from referrals.actions.persons_word import HEARD_BY, OUTCOMES, THEIR_WORD
from referrals.actions.safety import clinicians_of
from referrals.models import Referral
from screening.models import Need


class SafetyForm(ServiceForm):
    clinician = choose(_("Which clinician is asked?"), [], _("Choose a clinician of the team that referred."))

    def __init__(self, data: Any = None, *, referral: Referral) -> None:
        super().__init__(data)
        self.by_id = {str(one.pk): one for one in clinicians_of(referral)}
        self.offer("clinician", [(pk, one.user.name) for pk, one in self.by_id.items()])


class PersonsWordForm(ServiceForm):
    outcome = choose(_("What do they say came of it?"), OUTCOMES.items(), _("Say what came of it."))
    whose_word = choose(_("Whose word is it?"), THEIR_WORD.items(), _("Say who told you."))
    heard_by = choose(_("How did you hear it?"), HEARD_BY.items(), _("Say how you heard it."))
    words = Typed(
        _("In their own words (optional)"),
        _("From a carer: who, and what they may speak about. If digital is not wanted: what was set instead."),
        lines=3,
    )


class LiftParkForm(ServiceForm):
    words = Typed(
        _("Why are they asked again now?"), _("For example: they rang, and have room after all."), lines=3
    )


class ReferOnForm(ServiceForm):
    """By whoever works with the person: to another offer, for needs that the person has agreed to."""

    offer_to = choose(_("Which offer?"), [], _("Choose an offer."))
    needs = tick(_("Needs that this is for"), [], _("Agreed with the person."))
    asked_for = Typed(_("What is asked of them"), _("They read this. Plain words."), lines=3)
    goal = Typed(_("The person’s own goal"), _("In their words."), lines=2)
    said_yes = forms.BooleanField(
        label=_("The person said yes to telling this provider about them"),
        help_text=_("Leave it open if they have not been asked: the clinic then asks them, and sends it."),
        required=False,
    )
    how = forms.ChoiceField(
        label=_("How did they say so?"), choices=Consent.How.choices, widget=forms.RadioSelect, required=False
    )

    def __init__(
        self, data: Any = None, *, offers: list[SupportOffer], needs: dict[str, tuple[Need, str]], goal: str
    ) -> None:
        super().__init__(data, initial={"goal": goal, "needs": list(needs)})
        self.offers = {str(offer.pk): offer for offer in offers}
        self.by_id = {pk: need for pk, (need, _title) in needs.items()}
        self.offer("offer_to", [(pk, f"{offer.name}, {offer.provider}") for pk, offer in self.offers.items()])
        self.offer("needs", [(pk, title) for pk, (_need, title) in needs.items()])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("said_yes") and not cleaned.get("how"):
            self.add_error("how", _("Say how they said so."))
        if "needs" in cleaned and not cleaned["needs"]:
            self.add_error("needs", _("Choose at least one need."))
        return cleaned

    def chosen_needs(self) -> list[Need]:
        return [self.by_id[pk] for pk in self.cleaned_data["needs"]]

    def chosen_offer(self) -> SupportOffer:
        return self.offers[self.cleaned_data["offer_to"]]
