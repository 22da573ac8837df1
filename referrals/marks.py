"""Has anything that counts for a message changed since it was looked at? One statement by hand, for some messages.

This is where the plain way is left for a figure: it is asked before every hand-over (docs/decisions/0017), and the
same questions through the ORM cost 10.7 ms of processor time for four messages, here 0.9 (docs/performance.md). It
decides nothing: whatever differs from what it was makes the sender look at that message anew, by the rules.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from referrals.reach import WEEK

Marks = tuple[Any, ...]

STATEMENT = """
SELECT message.id, message.status, message.claim, message.useful_until,
    person.version, person.paused_at, own.version, own.merged_into_id,
    referral.status, referral.version, appointment.status, follow_up.done_at,
    (SELECT max(plan.number) FROM people_contactplan plan WHERE plan.service_user_id = person.id),
    (SELECT count(*) FROM referrals_reminder other
        WHERE other.sent_on > %s AND other.id <> message.id AND other.service_user_id IN
            (SELECT id FROM people_serviceuser WHERE id = person.id OR merged_into_id = person.id)),
    (SELECT count(*) || ' ' || count(asked.done_at) FROM referrals_followup asked
        WHERE asked.service_user_id = person.id AND asked.kind IN ('check_number', 'check_address')),
    (SELECT sum(theirs.version) || ' ' || count(CASE WHEN theirs.status IN ('closed', 'cancelled') THEN 1 END)
        || ' ' || count(outcome.id) FROM referrals_referral theirs
        LEFT JOIN referrals_outcome outcome ON outcome.referral_id = theirs.id
        WHERE theirs.service_user_id = person.id)
FROM referrals_reminder message
JOIN people_serviceuser own ON own.id = message.service_user_id
JOIN people_serviceuser person ON person.id = COALESCE(own.merged_into_id, own.id)
LEFT JOIN referrals_referral referral ON referral.id = message.referral_id
LEFT JOIN referrals_appointment appointment ON appointment.id = message.appointment_id
LEFT JOIN referrals_followup follow_up ON follow_up.id = message.follow_up_id
WHERE message.id IN ({places})
"""
"""The claim and the state of the message; the kept record's facts, pause and newest plan, and what joins the two;
the referral, the appointment and what is owed; what went out lately; doubts about a number or an address; and
whatever says that the person died."""


def of(messages: Iterable[UUID], today: date) -> dict[UUID, Marks]:
    """By the message's id: to be compared with what this gave before, and with nothing else."""
    keys = {pk if connection.features.has_native_uuid_field else pk.hex: pk for pk in messages}
    statement = STATEMENT.format(places=", ".join(["%s"] * len(keys)))
    since = connection.ops.adapt_datefield_value(today - WEEK)
    with connection.cursor() as cursor:
        cursor.execute(statement, [since, *keys])
        return {keys[row[0]]: row for row in cursor.fetchall()}
