"""The forms of referrals that are not steps: making one, contacts, appointments, loans, notes, follow-ups."""

from datetime import datetime, time
from typing import Any

from django import forms

from accounts import clock
from accounts.widgets import DayField, ServiceForm
from directory import kinds
from people.contact_plan import WAYS, Plan
from people.forms import Clock, Typed, choose, tick
from people.london import at_london
from people.models import Consent
from referrals.actions.making import WISHED
from referrals.gathering import THROUGH_US
from referrals.models import ContactAttempt, FollowUp, Loan
from referrals.prefill import adjustments_known
from referrals.results import results_of
from referrals.sharing import title_of
from screening.models import Need

DAY_HINT = "For example, 31 3 2027."
DAY_ERRORS = {"required": "Enter a day.", "invalid": "Enter a day, like 31 3 2027."}
NOON = time(12)
NO_ADJUSTMENTS = "none"


def _ways(plan: Plan) -> list[tuple[str, str]]:
    """Only what is safe can be chosen; that the provider rings the referring team always is."""
    safe = [(str(way), words[0].upper() + words[1:]) for way, words in WAYS.items() if way in plan.open_channels]
    return [("", "Not said"), *safe, (THROUGH_US, "Through us: the provider rings our team")]


class WishForm(ServiceForm):
    """What a referral says. The person is there: it is filled in together."""

    asked_for = Typed("What is asked of the provider", "They read this. Plain words.", lines=3)
    goal = Typed("The person’s own goal", "In their words. The first lesson is built on it.", lines=2)
    preferred_channel = forms.ChoiceField(label="How the provider reaches the person", required=False)
    fallback_channel = forms.ChoiceField(label="If that does not work", required=False)
    adjustments = tick("Adjustments that the person needs", [], "Tick “None needed” if none are.")
    warm_handover = forms.BooleanField(
        label="Warm handover: somebody goes along to the first meeting", required=False
    )
    urgent = forms.BooleanField(label="Urgent", required=False)
    safeguarding = forms.BooleanField(
        label="There is a safeguarding plan: ring us before the first contact", required=False
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)

    def __init__(self, data: Any = None, *, plan: Plan, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        for name in ("preferred_channel", "fallback_channel"):
            self.offer(name, _ways(plan))
        titles = [(code, kinds.TITLES.get(code, code)) for code in sorted(adjustments_known())]
        self.offer("adjustments", [*titles, (NO_ADJUSTMENTS, "None needed")])

    def clean_adjustments(self) -> tuple[str, ...] | None:
        """Nothing ticked is nothing said; "none needed" is an answer."""
        ticked = self.cleaned_data["adjustments"]
        if NO_ADJUSTMENTS in ticked and len(ticked) > 1:
            raise forms.ValidationError("Tick adjustments or “None needed”, not both.")
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
    needs = tick("Needs that this is for", [], "Agreed with the person.")
    said_yes = forms.BooleanField(required=False)
    how = forms.ChoiceField(
        label="How did they say so?", choices=Consent.How.choices, widget=forms.RadioSelect, required=False
    )

    def __init__(self, data: Any = None, *, needs: list[Need], ask_consent_of: str = "", **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.by_id = {str(need.pk): need for need in needs}
        self.offer("needs", [(pk, title_of(need)) for pk, need in self.by_id.items()])
        if ask_consent_of:
            self.fields["said_yes"].label = f"The person said yes to telling {ask_consent_of} about them"
        else:
            del self.fields["said_yes"], self.fields["how"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("said_yes") and not cleaned.get("how"):
            self.add_error("how", "Say how they said so.")
        if "needs" in cleaned and not cleaned["needs"]:
            self.add_error("needs", "Choose at least one need.")
        return cleaned

    def chosen_needs(self) -> list[Need]:
        return [self.by_id[pk] for pk in self.cleaned_data["needs"]]


class Moment(ServiceForm):
    """A day and a London time, in two boxes."""

    day = DayField(label="Day", help_text=DAY_HINT, error_messages=DAY_ERRORS)
    time = Clock("Time")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "time" in cleaned and cleaned["time"] is None and "time" not in self.errors:
            self.add_error("time", "Enter a time, like 10:00 or 4.30pm.")
        return cleaned

    def moment(self) -> datetime:
        return at_london(self.cleaned_data["day"], self.cleaned_data["time"])


class ContactForm(ServiceForm):
    channel = choose("How did you try?", ContactAttempt.Channel.choices, "Choose how you tried.")
    result = choose("What came of it?", ContactAttempt.Result.choices, "Choose what came of it.")
    told = forms.BooleanField(label="I told the person the latest news about this referral", required=False)
    words = Typed("Anything to add (optional)", "", lines=2)
    day = DayField(
        label="Day (leave empty for today)", help_text=DAY_HINT, required=False, error_messages=DAY_ERRORS
    )
    time = Clock("Time (leave empty for now)")

    def moment(self) -> datetime | None:
        """None for now. An earlier day without a time is that day at noon."""
        day, hour = self.cleaned_data["day"] or clock.today(), self.cleaned_data["time"]
        return None if hour is None and day == clock.today() else at_london(day, hour or NOON)


class BookForm(Moment):
    minutes = forms.IntegerField(
        label="How many minutes",
        initial=30,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "width": 3}),
        error_messages={"required": "Enter how long it takes.", "invalid": "Enter a number of minutes, like 45."},
    )
    where = Typed("Where", "A place, or “by phone”. The person reads this.")
    bring = Typed("What to bring (optional)", "The person reads this.")


class RearrangeForm(Moment):
    where = Typed("Where", "If it is somewhere else than before.")
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class OutcomeForm(ServiceForm):
    """What came of an appointment; only what can be said now is on offer."""

    outcome = choose("What came of it?", [], "Choose what came of it.")
    reason = Typed("Why (needed if we cancelled)", "The person may be told.")
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, data: Any = None, *, outcomes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.offer("outcome", outcomes)


class LoanForm(ServiceForm):
    item = choose("What is lent?", Loan.Item.choices, "Choose what is lent.")
    label = Typed("Which one", "Make, model, asset number.")


class MoveLoanForm(ServiceForm):
    signed_or_witnessed = Typed("Signed or witnessed by", "Who signed for it, or who saw it handed over.")
    ends_on = DayField(label="The loan ends on", help_text=DAY_HINT, required=False, error_messages=DAY_ERRORS)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, data: Any = None, *, asked: set[str], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        for name in {"signed_or_witnessed", "ends_on"} - asked:
            del self.fields[name]


class NoteForm(ServiceForm):
    text = Typed("Note", "Both teams can read it. It is signed, dated and never changed.", lines=6)


class WaitForm(ServiceForm):
    expected_on = DayField(label="A place is expected on", help_text=DAY_HINT, error_messages=DAY_ERRORS)


class ErrorForm(ServiceForm):
    words = Typed("What went wrong", lines=3)
    wrong_person = forms.BooleanField(label="It was about the wrong person", required=False)


class FollowUpForm(ServiceForm):
    result = choose("What came of it?", [], "Choose what came of it.")
    words = Typed("In a few words", "Needed if it is no longer needed, or nobody was reached.", lines=2)

    def __init__(self, data: Any = None, *, follow_up: FollowUp) -> None:
        super().__init__(data)
        self.offer("result", list(results_of(follow_up.kind).items()))


class WithdrawConsentForm(ServiceForm):
    how = Typed("How did the person say so?", "For example: by phone, to Ash, this morning.")
