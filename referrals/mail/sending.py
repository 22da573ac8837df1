"""Hands e-mails over: claim, look again, write the attempt down, hand over, write down what came of it.

SMTP cannot be asked whether it took a message. Whoever dies between the server's answer and the row's leaves one
that goes twice: both carry the row's id as Message-ID, by which a mailbox may drop the second.
"""

import logging
from datetime import timedelta
from email.utils import parseaddr
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException
from time import monotonic

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import DatabaseError
from django.db.models import F

from accounts import clock
from referrals.mail import fates
from referrals.models import Mail, MailAttempt

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=120)
"""Outlasts a hand-over, whose every answer is waited for at most EMAIL_TIMEOUT seconds."""
WAITS = [timedelta(minutes=minutes) for minutes in (1, 3, 5, 15, 60, 120, 240, 480)]
"""After the first try, the second …: some 15 hours in all. A person is asked after ten minutes."""
BUSY_FOR = 45  # seconds: the task ends well within its time limit, and the next one goes on
BATCH = 5


def send_due(*, limit: int = 200) -> int:
    """How many were dealt with, sent or not."""
    done, stop_at = 0, monotonic() + BUSY_FOR
    while done < limit and monotonic() < stop_at:
        claimed = Mail.objects.select_related("referral__service_user", "team").take(
            now=clock.now(), batch=BATCH, lease=LEASE
        )
        if not claimed:
            break
        for mail in claimed:
            _deal_with(mail)
        done += len(claimed)
    fates.ask_about_late(clock.now())
    return done


def _deal_with(mail: Mail) -> None:
    if mail.useful_until and clock.now() >= mail.useful_until:
        fates.give_up(mail, Mail.Fate.STALE, "too_late")
    elif mail.while_open and mail.referral and not mail.referral.is_open:
        fates.settle(mail, Mail.Fate.CANCELLED, "referral_ended")
    elif mail.tries > len(WAITS):
        fates.give_up(mail, Mail.Fate.FAILED, "not_reached")
    else:
        _try(mail)


def _try(mail: Mail) -> None:
    if not mail.change(claimed_until=clock.now() + LEASE, tries=F("tries") + 1):
        return  # the lease ended while others were dealt with
    attempt = MailAttempt.objects.create(mail=mail)
    result = _hand_over(mail)
    MailAttempt.objects.filter(pk=attempt.pk).update(ended_at=clock.now(), result=result)
    if result == "accepted":
        fates.gone(mail)
    elif result == "refused" or mail.tries >= len(WAITS):
        fates.give_up(mail, Mail.Fate.FAILED, result)
    else:
        mail.let_go(due_at=clock.now() + WAITS[mail.tries])


def _hand_over(mail: Mail) -> str:
    """accepted, refused (for good), not_reached or set_aside."""
    try:
        return "accepted" if message_of(mail).send() else "not_reached"
    except SMTPRecipientsRefused as error:
        codes = [code for code, _answer in error.recipients.values()]
        return "refused" if all(code >= 500 for code in codes) else "not_reached"
    except SMTPResponseException as error:
        log.warning("mail %s: the server answered %s", mail.pk, error.smtp_code)
        return "not_reached"
    except (SMTPException, OSError) as error:
        log.warning("mail %s: %s", mail.pk, type(error).__name__)
        return "not_reached"
    except (DatabaseError, SoftTimeLimitExceeded):
        raise  # nothing can be written down now; the lease will end
    except Exception as error:
        log.error("mail %s could not be put together: %s", mail.pk, type(error).__name__)
        return "set_aside"


def message_of(mail: Mail) -> EmailMessage:
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    return EmailMessage(
        subject=mail.subject,
        body=mail.body,
        to=[mail.to],
        headers={"Message-ID": f"<{mail.pk}@{domain}>", "Auto-Submitted": "auto-generated"},
        connection=get_connection(),
    )
