"""Copies whole lives inside the database: each row of a life with new ids, other days, another team and name.

What to copy is read from the models, so that a new column is copied as it is. Left as the first life has it: what
JSON holds (but for the answers' times and the name that a provider is told), and ids inside it. Not copied: the
audit, what waits to be told to other systems and providers (events, mails, links), and the embedded outbox.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.db.models import Model

from accounts.models import Membership, Organisation, Team
from people.models import Consent, ContactPlan, ServiceUser
from referrals.models import (
    Appointment,
    Attempt,
    CaseNote,
    ContactAttempt,
    FollowUp,
    NeedOutcome,
    Outcome,
    Referral,
    ReferralEvent,
    Reminder,
)
from screening.models import Need, NeedDecision, RuleChoice, Screening

PERSON: dict[type[Model], str] = {
    ServiceUser: "id",
    ContactPlan: "service_user_id",
    Consent: "service_user_id",
    Screening: "service_user_id",
    Need: "service_user_id",
    NeedDecision: "need_id",
    RuleChoice: "screening_id",
    Referral: "service_user_id",
    Referral.needs.through: "referral_id",
    ReferralEvent: "referral_id",
    Outcome: "referral_id",
    NeedOutcome: "referral_id",
    FollowUp: "service_user_id",
    ContactAttempt: "referral_id",
    Appointment: "referral_id",
    CaseNote: "referral_id",
    Reminder: "service_user_id",
    Attempt: "reminder_id",
}
"""What is copied, in the order of their foreign keys, and the column that leads to the person."""
BY_TABLE = {model._meta.db_table: model for model in PERSON}
TABLES = list(BY_TABLE)

OWN_TO_A_COPY = {"dedupe_key": "p.{0} || c.tail", "key": "p.{0} || c.tail"}
"""Unique in the whole table, whatever they say."""
OF_THE_PERSON = ("name", "preferred_name", "search_name", "date_of_birth", "nhs_number", "local_number")


@dataclass(frozen=True)
class Home:
    """Where the first lives are at home; a copy is at home in another team."""

    member: Membership
    team: Team
    organisation: Organisation


class Dialect:
    """What one server writes differently from the other."""

    def __init__(self) -> None:
        self.postgresql = connection.vendor == "postgresql"
        self.uuid = "uuid" if self.postgresql else "char(32)"
        self.number = "bigint" if self.postgresql else "integer"
        self.json = "jsonb" if self.postgresql else "text"
        self.date = "date"

    def key(self, pk: UUID) -> Any:
        return pk if self.postgresql else pk.hex

    def literal(self, pk: UUID) -> str:
        return f"'{pk}'::uuid" if self.postgresql else f"'{pk.hex}'"

    def new_id(self, column: str) -> str:
        """As late as its first was early: the time in front is moved, the number of the copy stands at the end."""
        if self.postgresql:
            return f"(lpad(to_hex(p.{column}_ms + c.ms), 12, '0') || p.{column}_mid || c.tail)::uuid"
        return f"printf('%012x', p.{column}_ms + c.ms) || p.{column}_mid || c.tail"

    def moment(self, column: str) -> str:
        return (
            f"p.{column} + c.days * interval '1 day'"
            if self.postgresql
            else f"strftime('%Y-%m-%d %H:%M:%f', p.{column}, c.days || ' days')"
        )

    def day(self, column: str) -> str:
        return f"p.{column} + c.days" if self.postgresql else f"date(p.{column}, c.days || ' days')"

    def named(self, column: str) -> str:
        """What a provider is told, about the copy's own name."""
        return (
            f"jsonb_set(p.{column}, '{{name}}', to_jsonb(c.name), false)"
            if self.postgresql
            else f"json_replace(p.{column}, '$.name', c.name)"
        )


class Copies:
    """First `prepare`, then `copy` for as many as there are, then `tidy`."""

    def __init__(self, home: Home) -> None:
        self.home, self.sql = home, Dialect()

    def prepare(self, people: dict[UUID, int]) -> None:
        """The rows of these lives, by the number of the life, beside the tables themselves."""
        self._make_table("bench_life", {"person": self.sql.uuid, "life": "integer"})
        fill("bench_life", ["person", "life"], ((self.sql.key(pk), life) for pk, life in people.items()))
        for model in PERSON:
            self._set_aside(model)
        self._make_table("bench_copy", self._of_a_copy())
        self._make_table(
            "bench_answers", {"screening": self.sql.uuid, "days": "integer", "responses": self.sql.json}
        )

    def _of_a_copy(self) -> dict[str, str]:
        """What differs from copy to copy; the days and milliseconds that it lies earlier are negative."""
        text = dict.fromkeys(OF_THE_PERSON, "text")
        where = dict.fromkeys(("team_id", "organisation_id", "member_id"), self.sql.uuid)
        numbers = {"life": "integer", "days": "integer", "ms": self.sql.number, "tail": "char(12)"}
        return {**numbers, **where, **text, "date_of_birth": "date"}

    def _make_table(self, name: str, columns: dict[str, str]) -> None:
        listed = ", ".join(f"{column} {kind}" for column, kind in columns.items())
        execute(f"DROP TABLE IF EXISTS {name}", f"CREATE TABLE {name} ({listed})")

    def _set_aside(self, model: type[Model]) -> None:
        """With each id taken apart into its milliseconds and what stays of the rest."""
        table = model._meta.db_table
        aside = f"bench_{table}"
        execute(
            f"DROP TABLE IF EXISTS {aside}",
            f"CREATE TABLE {aside} AS SELECT t.*, life.life FROM {table} t {_to_person(model)}",
        )
        for column in _keys(model):
            execute(
                f"ALTER TABLE {aside} ADD COLUMN {column}_ms {self.sql.number}",
                f"ALTER TABLE {aside} ADD COLUMN {column}_mid varchar(8)",
            )
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT DISTINCT {column} FROM {aside} WHERE {column} IS NOT NULL")
                parts = [(*_apart(pk), pk) for (pk,) in cursor.fetchall()]
                cursor.executemany(
                    f"UPDATE {aside} SET {column}_ms = %s, {column}_mid = %s WHERE {column} = %s", parts
                )

    def copy(self, table: str) -> None:
        model = BY_TABLE[table]
        columns = {f'"{field.column}"': self._value(model, field) for field in _copied(model)}
        more = " JOIN bench_answers a ON a.screening = p.id AND a.days = c.days" if model is Screening else ""
        execute(
            f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(columns.values())} "
            f"FROM bench_copy c JOIN bench_{table} p ON p.life = c.life{more}"
        )

    def _value(self, model: type[Model], field: models.Field) -> str:
        column, sql = str(field.column), self.sql
        if model is ServiceUser and column in OF_THE_PERSON:
            return f"c.{column}"
        if model is ServiceUser and column == "organisation_id":
            return "c.organisation_id"
        if model is Screening and column == "responses":
            return "a.responses"
        if model is Referral and column == "shared":
            return sql.named(column)
        if column in OWN_TO_A_COPY:
            return OWN_TO_A_COPY[column].format(column)
        if column in _keys(model):
            return sql.new_id(column)
        at_home = {Team: (self.home.team, "c.team_id"), Membership: (self.home.member, "c.member_id")}
        if field.related_model in at_home:
            here, there = at_home[field.related_model]
            return f"CASE WHEN p.{column} = {sql.literal(here.pk)} THEN {there} ELSE p.{column} END"
        if isinstance(field, models.DateTimeField):
            return sql.moment(column)
        return sql.day(column) if isinstance(field, models.DateField) else f'p."{column}"'

    def tidy(self) -> None:
        beside = ["bench_life", "bench_copy", "bench_answers", *(f"bench_{table}" for table in TABLES)]
        execute(*(f"DROP TABLE IF EXISTS {table}" for table in beside))


def _copied(model: type[Model]) -> list[models.Field]:
    """All columns but for numbers that the database gives."""
    return [field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField)]


def _keys(model: type[Model]) -> list[str]:
    """Columns that hold the id of something that is copied."""
    return [
        str(field.column)
        for field in _copied(model)
        if (field.primary_key and isinstance(field, models.UUIDField)) or field.related_model in PERSON
    ]


def _to_person(model: type[Model]) -> str:
    column = PERSON[model]
    if column in {"id", "service_user_id"}:
        return f"JOIN bench_life life ON life.person = t.{column}"
    model_of = {"need_id": Need, "screening_id": Screening, "referral_id": Referral, "reminder_id": Reminder}
    between = f"JOIN {model_of[column]._meta.db_table} b ON b.id = t.{column}"
    return f"{between} JOIN bench_life life ON life.person = b.service_user_id"


def _apart(pk: Any) -> tuple[int, str]:
    """Milliseconds, and eight digits: the version with its fraction, the variant with three random ones."""
    digits = str(pk).replace("-", "")
    return int(digits[:12], 16), digits[12:20]


def execute(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def fill(table: str, columns: list[str], rows: Iterable[tuple]) -> None:
    """By COPY where there is one."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN", Lines(rows))
        return
    places = ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        rows = iter(rows)
        while batch := list(islice(rows, 5000)):
            cursor.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})", batch)


class Lines:
    """Rows as the text that COPY reads, a piece at a time."""

    def __init__(self, rows: Iterable[tuple]) -> None:
        self.lines = map(_line, rows)

    def read(self, size: int = -1) -> str:
        return "".join(islice(self.lines, 200))


ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def _line(row: tuple) -> str:
    return "\t".join("\\N" if value is None else str(value).translate(ESCAPES) for value in row) + "\n"
