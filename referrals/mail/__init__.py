"""Mail to staff and to providers: a row before it is an e-mail, and somebody's follow-up if it does not go.

Never to a person who is supported: that is for the contact engine (sending.py), which asks their plan.
"""

from referrals.mail.queueing import cancel_mail, queue_mail, tells_who, try_again

__all__ = ["cancel_mail", "queue_mail", "tells_who", "try_again"]
