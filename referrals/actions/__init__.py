"""The one write path of referrals: each step of the table, and all that is done with the person meanwhile.

Every function is keyword-only, says who acts (`by`) and is one transaction with its event, audit row and what
it makes owed. Pages, API, jobs and the demo data call these and nothing else.
"""

from referrals.actions.appointments import book, rearrange, record_appointment
from referrals.actions.assigning import assign, assign_many, hand_over
from referrals.actions.at_once import refer_and_send
from referrals.actions.clocks import run_clocks
from referrals.actions.consents import withdraw_consent
from referrals.actions.contacts import log_contact
from referrals.actions.follow_ups import complete_follow_up
from referrals.actions.loans import move_loan, reserve_loan
from referrals.actions.making import refer, revise
from referrals.actions.notes import add_note, correct_note
from referrals.actions.offers import withdraw_offer
from referrals.actions.parks import lift_park
from referrals.actions.pauses import pause, resume
from referrals.actions.persons_word import record_persons_word
from referrals.actions.plans import give_plan, print_plans
from referrals.actions.safety import answer_safety, ask_safety
from referrals.actions.stepping import act, propose_error
from referrals.actions.waiting import keep_waiting

__all__ = [
    "act",
    "add_note",
    "answer_safety",
    "ask_safety",
    "assign",
    "assign_many",
    "book",
    "complete_follow_up",
    "correct_note",
    "give_plan",
    "hand_over",
    "keep_waiting",
    "lift_park",
    "log_contact",
    "move_loan",
    "pause",
    "print_plans",
    "propose_error",
    "rearrange",
    "record_appointment",
    "record_persons_word",
    "refer",
    "refer_and_send",
    "reserve_loan",
    "resume",
    "revise",
    "run_clocks",
    "withdraw_consent",
    "withdraw_offer",
]
