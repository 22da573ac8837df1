"""The forms of referrals that are not steps: making one, contacts, appointments, loans, notes, follow-ups."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils.text import capfirst

from accounts import clock
from accounts.errors import Refused
from accounts.widgets import DayField, ServiceForm
from accounts.wording import gettext_lazy as _
from directory import kinds
from directory.models import SupportOffer
from people.contact_plan import WAYS, Plan
from people.forms import Clock, Typed, choose, tick
from people.london import at_london
from people.models import Consent
from referrals.actions.making import WISHED
from referrals.gathering import THROUGH_US
from referrals.models import ContactAttempt, FollowUp, Loan
from referrals.prefill import adjustments_known
from referrals.results import SEEN, STAYS_PAUSED, results_of
from referrals.sharing import title_of
from screening.models import Need

DAY_HINT = _("For example, 31 3 2027.")
DAY_ERRORS = {"required": _("Enter a day."), "invalid": _("Enter a day, like 31 3 2027.")}
NOON = time(12)
NO_ADJUSTMENTS = "none"


def _ways(plan: Plan) -> list[tuple[str, str]]:
    """Only what is safe can be chosen; that the provider rings the referring team always is."""
    safe = [(str(way), capfirst(words)) for way, words in WAYS.items() if way in plan.open_channels]
    return [("", _("Not said")), *safe, (THROUGH_US, _("Through us: the provider rings our team"))]


class WishForm(ServiceForm):
    """What a referral says. The person is there: it is filled in together."""

    asked_for = Typed(_("What is asked of the provider"), _("They read this. Plain words."), lines=3)
    goal = Typed(_("The person’s own goal"), _("In their words. The first lesson is built on it."), lines=2)
    preferred_channel = forms.ChoiceField(label=_("How the provider reaches the person"), required=False)
    fallback_channel = forms.ChoiceField(label=_("If that does not work"), required=False)
    adjustments = tick(_("Adjustments that the person needs"), [], _("Tick “None needed” if none are."))
    warm_handover = forms.BooleanField(
        label=_("Warm handover: somebody goes along to the first meeting"), required=False
    )
    urgent = forms.BooleanField(label=_("Urgent"), required=False)
    safeguarding = forms.BooleanField(
        label=_("There is a safeguarding plan: ring us before the first contact"), required=False
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)

    def __init__(self, data: Any = None, *, plan: Plan, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        for name in ("preferred_channel", "fallback_channel"):
            self.offer(name, _ways(plan))
        titles = [(code, kinds.TITLES.get(code, code)) for code in sorted(adjustments_known())]
        self.offer("adjustments", [*titles, (NO_ADJUSTMENTS, _("None needed"))])

    def clean_adjustments(self) -> tuple[str, ...] | None:
        """Nothing ticked is nothing said; "none needed" is an answer."""
        ticked = self.cleaned_data["adjustments"]
        if NO_ADJUSTMENTS in ticked and len(ticked) > 1:
            raise forms.ValidationError(_("Tick adjustments or “None needed”, not both."))
        return () if ticked == [NO_ADJUSTMENTS] else tuple(ticked) or None

    def wish(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in WISHED}

    @staticmethod
    def begin(wish: Any, version: int = 0) -> dict[str, Any]:
        """What the boxes show for a wish, or for a draft, which has the same fields."""
        begun = {name: getattr(wish, name) for name in WISHED}
        ticked = begun["adjustments"]
        begun["adjustments"] = [NO_ADJUSTMENTS] if ticked is not None and not ticked else list(ticked or ())
        return {**begun, "version": version}


class ReferForm(WishForm):
    needs = tick(_("Needs that this is for"), [], _("Agreed with the person."))
    said_yes = forms.BooleanField(required=False)
    how = forms.ChoiceField(
        label=_("How did they say so?"), choices=Consent.How.choices, widget=forms.RadioSelect, required=False
    )

    def __init__(self, data: Any = None, *, needs: list[Need], ask_consent_of: str = "", **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.by_id = {str(need.pk): need for need in needs}
        self.offer("needs", [(pk, title_of(need)) for pk, need in self.by_id.items()])
        if ask_consent_of:
            self.fields["said_yes"].label = _("The person said yes to telling %(provider)s about them") % {
                "provider": ask_consent_of
            }
        else:
            del self.fields["said_yes"], self.fields["how"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("said_yes") and not cleaned.get("how"):
            self.add_error("how", _("Say how they said so."))
        if "needs" in cleaned and not cleaned["needs"]:
            self.add_error("needs", _("Choose at least one need."))
        return cleaned

    def chosen_needs(self) -> list[Need]:
        return [self.by_id[pk] for pk in self.cleaned_data["needs"]]


class Moment(ServiceForm):
    """A day and a London time, in two boxes."""

    day = DayField(label=_("Day"), help_text=DAY_HINT, error_messages=DAY_ERRORS)
    time = Clock(_("Time"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "time" in cleaned and cleaned["time"] is None and "time" not in self.errors:
            self.add_error("time", _("Enter a time, like 10:00 or 4.30pm."))
        return cleaned

    def moment(self) -> datetime:
        return at_london(self.cleaned_data["day"], self.cleaned_data["time"])


class ContactForm(ServiceForm):
    channel = choose(_("How did you try?"), ContactAttempt.Channel.choices, _("Choose how you tried."))
    result = choose(_("What came of it?"), ContactAttempt.Result.choices, _("Choose what came of it."))
    told = forms.BooleanField(label=_("I told the person the latest news about this referral"), required=False)
    words = Typed(_("Anything to add (optional)"), "", lines=2)
    day = DayField(
        label=_("Day (leave empty for today)"), help_text=DAY_HINT, required=False, error_messages=DAY_ERRORS
    )
    time = Clock(_("Time (leave empty for now)"))

    def moment(self) -> datetime | None:
        """None for now. An earlier day without a time is that day at noon."""
        day, hour = self.cleaned_data["day"] or clock.today(), self.cleaned_data["time"]
        return None if hour is None and day == clock.today() else at_london(day, hour or NOON)


class BookForm(Moment):
    minutes = forms.IntegerField(
        label=_("How many minutes"),
        initial=30,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "width": 3}),
        error_messages={
            "required": _("Enter how long it takes."),
            "invalid": _("Enter a number of minutes, like 45."),
        },
    )
    where = Typed(_("Where"), _("A place, or “by phone”. The person reads this."))
    bring = Typed(_("What to bring (optional)"), _("The person reads this."))


class RearrangeForm(Moment):
    where = Typed(_("Where"), _("If it is somewhere else than before."))
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class OutcomeForm(ServiceForm):
    """What came of an appointment; only what can be said now is on offer."""

    outcome = choose(_("What came of it?"), [], _("Choose what came of it."))
    reason = Typed(_("Why (needed if we cancelled)"), _("The person may be told."))
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, data: Any = None, *, outcomes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.offer("outcome", outcomes)


class LoanForm(ServiceForm):
    item = choose(_("What is lent?"), Loan.Item.choices, _("Choose what is lent."))
    label = Typed(_("Which one"), _("Make, model, asset number."))


class MoveLoanForm(ServiceForm):
    signed_or_witnessed = Typed(_("Signed or witnessed by"), _("Who signed for it, or who saw it handed over."))
    ends_on = DayField(label=_("The loan ends on"), help_text=DAY_HINT, required=False, error_messages=DAY_ERRORS)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, data: Any = None, *, asked: set[str], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        for name in {"signed_or_witnessed", "ends_on"} - asked:
            del self.fields[name]


class NoteForm(ServiceForm):
    text = Typed(_("Note"), _("Both teams can read it. It is signed, dated and never changed."), lines=6)


class WaitForm(ServiceForm):
    expected_on = DayField(label=_("A place is expected on"), help_text=DAY_HINT, error_messages=DAY_ERRORS)


class ErrorForm(ServiceForm):
    words = Typed(_("What went wrong"), lines=3)
    wrong_person = forms.BooleanField(label=_("It was about the wrong person"), required=False)


class FollowUpForm(ServiceForm):
    result = choose(_("What came of it?"), [], _("Choose what came of it."))
    review_on = DayField(
        label=_("If it stays paused, when will somebody look at this again?"),
        help_text=_("A day in the next 12 months. For example, 31 3 2027."),
        required=False,
        error_messages=DAY_ERRORS,
    )
    words = Typed(_("In a few words"), _("Needed if it is no longer needed, or nobody was reached."), lines=2)

    def __init__(self, data: Any = None, *, follow_up: FollowUp) -> None:
        super().__init__(data)
        results = results_of(follow_up.kind)
        self.offer("result", list(results.items()))
        if STAYS_PAUSED in results:
            self.fields["words"].help_text = ""
        else:
            del self.fields["review_on"]
        if follow_up.kind == FollowUp.Kind.INCIDENT:
            self.fields["words"].help_text = _("Needed if it did not happen.")
        if list(results) == [SEEN]:  # nothing to choose and nothing to say: the button is all
            self.fields["result"].widget = forms.HiddenInput()
            self.fields["result"].initial = SEEN
            del self.fields["words"]


class WithdrawConsentForm(ServiceForm):
    how = Typed(_("How did the person say so?"), _("For example: by phone, to Ash, this morning."))


class WithdrawOfferForm(ServiceForm):
    """`version` says which listing was looked at."""

    reason = forms.ChoiceField(
        label=_("Why does it end?"),
        choices=[
            choice
            for choice in SupportOffer.Withdrawn.choices
            if choice[0] != SupportOffer.Withdrawn.GONE_FROM_FEED
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose why the offer ends.")},
    )
    goes_on = forms.TypedChoiceField(
        label=_("What becomes of the people already referred?"),
        choices=[
            ("True", _("They are seen to the end")),
            ("False", _("They need something else")),
        ],
        coerce=lambda value: value == "True",
        empty_value=None,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say what becomes of the people already referred.")},
    )
    words = forms.CharField(
        label=_("Anything for referrers to know (optional)"),
        help_text=_("Do not name a person: everybody who can see the directory reads this."),
        max_length=300,
        required=False,
        error_messages={"max_length": _("Use 300 characters or fewer.")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, any_open: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.any_open = any_open
        if not any_open:
            del self.fields["goes_on"]

    def over(self, version: int, refusal: Refused) -> "WithdrawOfferForm":
        """The same typing over the listing as it is now."""
        data = {**{name: self.data.get(name) for name in self.fields}, "version": version}
        form = WithdrawOfferForm(data, any_open=self.any_open)
        form.full_clean()
        form.refuse(refusal)
        return form
