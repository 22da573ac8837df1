"""The things that steps ask for: each field with its label, its choices and the sentence that asks for it.

Pure. The table of steps says which step asks for which.
"""

from dataclasses import replace

from referrals import reasons
from referrals.evidence import Evidence, Kind

WORDS = Evidence("words", "In your own words", Kind.TEXT, reasons.SAY_MORE, required=False)
"""Stands beside every coded answer: some codes ask for it."""

OFFER = Evidence("offer", "Offer", Kind.OFFER, "Choose an offer.")
QUESTION = Evidence("question", "Question", Kind.TEXT, "Write what you need to know.")
ANSWER = Evidence("answer", "Answer", Kind.TEXT, "Write the answer.")
NAMED_WORKER = Evidence("named_worker", "Named worker", Kind.MEMBER, "Say who will work with the person.")
EXPECTED_ON = Evidence("expected_on", "A place is expected on", Kind.DATE, "Say when a place is expected.")
WHY_DECLINED = Evidence("reason_code", "Why not", Kind.CODE, "Say why you cannot help.", reasons.DECLINE)
PROPOSED_OFFER = Evidence("proposed_offer", "Another offer that may fit", Kind.OFFER, required=False)
NEW_OFFER = Evidence(
    "new_offer",
    "Another offer",
    Kind.OFFER,
    "Choose another offer, or say that none fits.",
    unless="no_offer_fits",
)
NO_OFFER_FITS = Evidence(
    "no_offer_fits", "No offer fits: record the unmet need", Kind.BOOLEAN, required=False, unless="new_offer"
)
SUCCESSFUL_CONTACT = Evidence(
    "successful_contact",
    "How the person was reached",
    Kind.CHOICE,
    "Say how you reached the person: a voicemail or a letter alone is not enough.",
    reasons.REACHED_BY,
    unless="contact_logged",
)
HANDOVER_PRESENT = Evidence(
    "handover_present",
    "Who was there at the handover",
    Kind.TEXT,
    "Say who was there: the person did not want to come alone.",
    only_if="warm_handover",
)
GIVEN = Evidence("given", "What was given", Kind.TEXT, "Say what was given: sessions, a device, a SIM.")
NEED_OUTCOMES = Evidence(
    "need_outcomes",
    "What came of each need",
    Kind.OUTCOMES,
    "Say for each need what came of it.",
    reasons.NEED_OUTCOME,
)
OUTCOME = Evidence("outcome", "Outcome", Kind.CHOICE, "Say what came of it.", reasons.OUTCOME)
WHOSE_WORD = Evidence("whose_word", "Whose word it is", Kind.CHOICE, "Say who told you.", reasons.WHOSE_WORD)
SAFETY_ANSWER = Evidence(
    "safety_answer",
    "Any safety concern? The clinician's answer",
    Kind.CHOICE,
    "Ask the clinician whether there is any safety concern.",
    reasons.SAFETY_ANSWER,
)
ANSWERED_BY = Evidence("answered_by", "Clinician who answered", Kind.MEMBER, "Say which clinician answered.")
HOW_SAID = Evidence("how_said", "How the person said so", Kind.CHOICE, "Say how they said so.", reasons.HOW_SAID)
WHY_CANCELLED = Evidence("reason_code", "Why", Kind.CODE, "Say why you take it back.", reasons.CANCEL)
WHY_REOPENED = Evidence("reason_code", "Why", Kind.CODE, "Say why it is opened again.", reasons.REOPEN)
WHY_AN_ERROR = replace(WORDS, label="What went wrong", ask="Say what went wrong.", required=True)
SECOND_PERSON = Evidence("second_person", "Second person", Kind.MEMBER, "Say who else looked at it and agreed.")
WRONG_PERSON = Evidence("wrong_person", "It was about the wrong person", Kind.BOOLEAN, required=False)
