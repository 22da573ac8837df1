"""What sending costs by hand: the steps of referrals/sending.py in the same portions, one statement each, with
nothing that only a case needs which this run does not hold."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction

from accounts import clock
from referrals.giving_away import check_words
from referrals.sending import LEASE, MOUTHFUL

AT_ONCE = 4
WORDS = "Hello {name}. It is nearly time to ask how things are going. Your support team, 020 7946 0100"

CLAIM = """UPDATE referrals_reminder SET status = 'claimed', claim = %s, claimed_until = %s
    WHERE id IN (SELECT id FROM referrals_reminder WHERE status = 'queued' AND due_at <= %s
        ORDER BY due_at, id LIMIT 200 {lock}) RETURNING id"""
RENEW = "UPDATE referrals_reminder SET claimed_until = %s WHERE id IN ({ids}) AND claim = %s"
CHECK = """SELECT message.id, person.name, person.phone, person.organisation_id, person.paused_at, person.version,
        plan.number, plan.allowed, plan.automatic,
        (SELECT count(*) FROM referrals_reminder other
            WHERE other.service_user_id = person.id AND other.sent_on > %s AND other.id <> message.id),
        EXISTS (SELECT 1 FROM referrals_referral JOIN referrals_outcome
            ON referrals_outcome.referral_id = referrals_referral.id
            WHERE referrals_referral.service_user_id = person.id AND referrals_outcome.outcome = 'died'),
        EXISTS (SELECT 1 FROM referrals_followup asked
            WHERE asked.service_user_id = person.id AND asked.kind = 'check_number')
    FROM referrals_reminder message
    JOIN people_serviceuser person ON person.id = message.service_user_id
    JOIN people_contactplan plan ON plan.service_user_id = person.id AND plan.number =
        (SELECT max(number) FROM people_contactplan newest WHERE newest.service_user_id = person.id)
    WHERE message.id IN ({ids}) AND message.claim = %s"""
BEGIN = "UPDATE referrals_reminder SET sent_on = %s, tries = tries + 1 WHERE id IN ({ids}) AND claim = %s"
ATTEMPT = "INSERT INTO referrals_attempt (reminder_id, started_at, result) VALUES {rows} RETURNING id"
END = "UPDATE referrals_attempt SET ended_at = %s, result = 'accepted' WHERE id IN ({ids}) AND ended_at IS NULL"
SENT = """UPDATE referrals_reminder SET status = 'sent', sent_at = %s, claim = NULL, claimed_until = NULL
    WHERE id IN ({ids}) AND claim = %s"""
AUDIT = """INSERT INTO accounts_auditevent
    (at, organisation_id, action, subject_type, subject_id, details) VALUES {rows}"""
DETAILS = '{"channel": "text", "template": "review_due"}'


class Twin:
    def __init__(self) -> None:
        self.claim = self.key(uuid4())

    @staticmethod
    def key(pk: Any) -> Any:
        return pk if connection.features.has_native_uuid_field else pk.hex

    @staticmethod
    def now() -> Any:
        return connection.ops.adapt_datetimefield_value(clock.now())

    def run(self, statement: str, *before: Any, ids: Sequence[Any] = (), after: Iterable[Any] = ()) -> list[Any]:
        with connection.cursor() as cursor:
            places = ", ".join(["%s"] * len(ids))
            cursor.execute(statement.replace("{ids}", places), [*before, *ids, *after])
            return cursor.fetchall() if cursor.description else []

    def add(self, statement: str, rows: Sequence[Sequence[Any]]) -> list[Any]:
        one = f"({', '.join(['%s'] * len(rows[0]))})"
        values = [value for row in rows for value in row]
        return self.run(statement.replace("{rows}", ", ".join([one] * len(rows))), *values)

    def send_all(self) -> int:
        sent, lock = 0, "FOR UPDATE SKIP LOCKED" if connection.vendor == "postgresql" else ""
        until = connection.ops.adapt_datetimefield_value(clock.now() + LEASE)
        while claimed := self.run(CLAIM.format(lock=lock), self.claim, until, self.now()):
            ids = [row[0] for row in claimed]
            for at in range(0, len(ids), MOUTHFUL):
                sent += self.mouthful(ids[at : at + MOUTHFUL])
        return sent

    def mouthful(self, ids: Sequence[Any]) -> int:
        today = connection.ops.adapt_datefield_value(clock.today())
        with transaction.atomic():
            until = connection.ops.adapt_datetimefield_value(clock.now() + LEASE)
            self.run(RENEW, until, ids=ids, after=[self.claim])
            seen = {row[0]: row for row in self.look(ids) if _may_go(row)}
            words = {pk: WORDS.format(name=row[1].split()[0]) for pk, row in seen.items()}
            going = [pk for pk in seen if not check_words(words[pk])]
            self.run(BEGIN, today, ids=going, after=[self.claim])
            attempts = self.add(ATTEMPT, [(pk, self.now(), "") for pk in going])
        for at in range(0, len(going), AT_ONCE):
            some = going[at : at + AT_ONCE]
            if [row for row in self.look(some) if row != seen[row[0]]]:
                raise RuntimeError("nobody changes anything here")
        with transaction.atomic():
            self.run(END, self.now(), ids=[row[0] for row in attempts])
            self.run(SENT, self.now(), ids=going, after=[self.claim])
            kind = ("send_message", "referrals.Reminder")
            self.add(AUDIT, [(self.now(), seen[pk][3], *kind, str(UUID(str(pk))), DETAILS) for pk in going])
        return len(going)

    def look(self, ids: Sequence[Any]) -> list[Any]:
        since = connection.ops.adapt_datefield_value(clock.today())
        return self.run(CHECK, since, ids=ids, after=[self.claim])


def _may_go(row: Sequence[Any]) -> bool:
    _id, _name, phone, _of, paused, _version, _number, allowed, automatic, lately, died, doubted = row
    return bool("text" in allowed and automatic and phone) and not (paused or lately or died or doubted)
