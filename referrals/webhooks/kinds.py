"""Which events there are, by name.

Pure.
"""

from accounts.wording import gettext_lazy as _
from referrals.lifecycle import STEPS

DELETED = "referral.deleted"
TEST = "test"
KINDS: dict[str, str] = {
    **{f"referral.{name}": step.label for name, step in STEPS.items() if name != "mark_error"},
    "referral.revise": _("Change a draft"),
    "referral.propose_error": _("Say that this was made in error"),
    "referral.keep_waiting": _("Look at the wait again"),
    "referral.assign": _("Given to somebody else to look after"),
    "referral.ask_safety": _("A clinician is asked about any safety concern"),
    "referral.answer_safety": _("The clinician answered"),
    "referral.lift_park": _("May be asked again before the day"),
    "referral.person_said": _("The person said what came of it"),
    "referral.pause": _("Pause contact"),
    "referral.resume": _("Contact goes on"),
    "appointment.booked": _("Appointment booked"),
    "appointment.changed": _("Appointment changed, or what came of it"),
    DELETED: _("Made in error: delete what you hold"),
}
"""Kind → words. `referral.deleted` goes to everybody who knew of the referral, whatever they chose."""


def kind_of(step: str) -> str:
    return DELETED if step == "mark_error" else f"referral.{step}"
