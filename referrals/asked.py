"""The things that steps ask for: each field with its label, its choices and the sentence that asks for it.

Pure. The table of steps says which step asks for which.
"""

from dataclasses import replace

from accounts.wording import gettext_lazy as _
from referrals import reasons
from referrals.evidence import Evidence, Kind

WORDS = Evidence("words", _("In your own words"), Kind.TEXT, reasons.SAY_MORE, required=False)
"""Stands beside every coded answer: some codes ask for it."""

OFFER = Evidence("offer", _("Offer"), Kind.OFFER, _("Choose an offer."))
QUESTION = Evidence("question", _("Question"), Kind.TEXT, _("Write what you need to know."))
ANSWER = Evidence("answer", _("Answer"), Kind.TEXT, _("Write the answer."))
NAMED_WORKER = Evidence("named_worker", _("Named worker"), Kind.MEMBER, _("Say who will work with the person."))
EXPECTED_ON = Evidence("expected_on", _("A place is expected on"), Kind.DATE, _("Say when a place is expected."))
WHY_DECLINED = Evidence("reason_code", _("Why not"), Kind.CODE, _("Say why you cannot help."), reasons.DECLINE)
PROPOSED_OFFER = Evidence("proposed_offer", _("Another offer that may fit"), Kind.OFFER, required=False)
NEW_OFFER = Evidence(
    "new_offer",
    _("Another offer"),
    Kind.OFFER,
    _("Choose another offer, or say that none fits."),
    unless="no_offer_fits",
)
NO_OFFER_FITS = Evidence(
    "no_offer_fits", _("No offer fits: record the unmet need"), Kind.BOOLEAN, required=False, unless="new_offer"
)
SUCCESSFUL_CONTACT = Evidence(
    "successful_contact",
    _("How the person was reached"),
    Kind.CHOICE,
    _("Say how you reached the person: a voicemail or a letter alone is not enough."),
    reasons.REACHED_BY,
    unless="contact_logged",
)
HANDOVER_PRESENT = Evidence(
    "handover_present",
    _("Who was there at the handover"),
    Kind.TEXT,
    _("Say who was there: the person did not want to come alone."),
    only_if="warm_handover",
)
GIVEN = Evidence("given", _("What was given"), Kind.TEXT, _("Say what was given: sessions, a device, a SIM."))
NEED_OUTCOMES = Evidence(
    "need_outcomes",
    _("What came of each need"),
    Kind.OUTCOMES,
    _("Say for each need what came of it."),
    reasons.NEED_OUTCOME,
)
OUTCOME = Evidence("outcome", _("Outcome"), Kind.CHOICE, _("Say what came of it."), reasons.OUTCOME)
WHOSE_WORD = Evidence("whose_word", _("Whose word it is"), Kind.CHOICE, _("Say who told you."), reasons.WHOSE_WORD)
HEARD_BY = Evidence(
    "heard_by", _("How they told you"), Kind.CHOICE, _("Say how they told you."), reasons.HEARD_BY, required=False
)
HOW_SAID = Evidence(
    "how_said", _("How the person said so"), Kind.CHOICE, _("Say how they said so."), reasons.HOW_SAID
)
WHY_CANCELLED = Evidence("reason_code", _("Why"), Kind.CODE, _("Say why you take it back."), reasons.CANCEL)
WHY_REOPENED = Evidence("reason_code", _("Why"), Kind.CODE, _("Say why it is opened again."), reasons.REOPEN)
WHY_AN_ERROR = replace(WORDS, label=_("What went wrong"), ask=_("Say what went wrong."), required=True)
SECOND_PERSON = Evidence(
    "second_person", _("Second person"), Kind.MEMBER, _("Say who else looked at it and agreed.")
)
WRONG_PERSON = Evidence("wrong_person", _("It was about the wrong person"), Kind.BOOLEAN, required=False)
