"""What is owed to a person and by whom, until it is done: news to tell, appointments to remind of, loans that end.

Called inside the transaction of whatever caused it, so that a step and what it makes owed stand or fall together.
"""

from referrals.obligations.appointments import drop_appointment_reminders, remind_of_appointment
from referrals.obligations.loans import hand_back_loans, loan_follow_ups
from referrals.obligations.owed import close, drop_follow_ups, drop_messages, owe, settle
from referrals.obligations.pauses import look_again
from referrals.obligations.reviews import reviews
from referrals.obligations.telling import tell_person

__all__ = [
    "close",
    "drop_appointment_reminders",
    "drop_follow_ups",
    "drop_messages",
    "hand_back_loans",
    "loan_follow_ups",
    "look_again",
    "owe",
    "remind_of_appointment",
    "reviews",
    "settle",
    "tell_person",
]
