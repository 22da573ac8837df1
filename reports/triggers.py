"""The database itself marks whoever a change is about, in the transaction of the change: no code can forget to.

For each table that facts are read from (reports/gathering.py), on SQLite and PostgreSQL alike. SQLite drops a
table's triggers when a migration rebuilds it, so they are looked at after every `migrate` and made where missing.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connections

PREFIX = "reports_mark_"
NOW = {"postgresql": "now()", "sqlite": "strftime('%Y-%m-%d %H:%M:%f', 'now')"}


@dataclass(frozen=True)
class Watched:
    """`person`: SQL for the person's id, of the row {row}; nothing where the row leads to nobody any more.
    `columns`: whose change is marked; none where rows are only added. `when`: a condition on {row}."""

    table: str
    person: str
    columns: tuple[str, ...] = ()
    when: str = ""


def _through(table: str, foreign_key: str) -> str:
    return f"SELECT service_user_id FROM {table} WHERE id = {{row}}.{foreign_key}"  # noqa: S608 - our own words


WATCHED = [
    Watched(
        "people_serviceuser",
        "SELECT {row}.id",
        (
            "organisation_id",
            "team_id",
            "date_of_birth",
            "on_caseload_since",
            "left_caseload_on",
            "merged_into_id",
            "interpreter_language",
            "communication_needs",
        ),
    ),
    Watched(
        "screening_screening",
        "SELECT {row}.service_user_id",
        (
            "service_user_id",
            "team_id",
            "started_at",
            "submitted_at",
            "status",
            "result",
            "corrects_id",
            "answered_by",
            "goal_in_words",
        ),
    ),
    Watched(
        "screening_need",
        "SELECT {row}.service_user_id",
        (
            "service_user_id",
            "screening_id",
            "decision",
            "decided_at",
            "raised_in_error",
            "resolved_by_screening_id",
            "carried_to_id",
        ),
    ),
    Watched("screening_needdecision", _through("screening_need", "need_id")),
    Watched(
        "directory_unmetneed",
        _through("screening_need", "need_id"),
        ("need_id", "team_id", "area", "kind", "reason", "recorded_on"),
    ),
    Watched(
        "referrals_referral",
        "SELECT {row}.service_user_id",
        (
            "service_user_id",
            "referring_team_id",
            "status",
            "sent_at",
            "acknowledged_at",
            "first_contact_at",
            "ended_at",
            "warm_handover",
        ),
    ),
    Watched("referrals_referralevent", _through("referrals_referral", "referral_id")),
    Watched("referrals_outcome", _through("referrals_referral", "referral_id")),
    Watched("people_contactplan", "SELECT {row}.service_user_id"),
    Watched(
        "people_fairnessanswers",
        "SELECT {row}.service_user_id",
        (
            "service_user_id",
            "gender",
            "gender_since_birth",
            "ethnic_group",
            "main_language",
            "disability",
            "diagnosis_group",
            "living_situation",
            "deprivation_quintile",
        ),
    ),
    Watched(
        "referrals_reminder",
        "SELECT {row}.service_user_id",
        ("service_user_id", "status", "channel", "carrier", "sent_at"),
        when="{row}.sent_at IS NOT NULL",
    ),
    Watched(
        "referrals_followup",
        "SELECT {row}.service_user_id",
        ("service_user_id", "team_id", "kind", "key", "due_on", "result", "done_at"),
        when="{row}.kind IN ('review', 'incident')",
    ),
    Watched("referrals_incident", "SELECT {row}.service_user_id", ("service_user_id", "kind", "happened_on")),
    Watched(
        "referrals_loan",
        _through("referrals_referral", "referral_id"),
        ("referral_id", "handed_over_on"),
        when="{row}.handed_over_on IS NOT NULL",
    ),
]


def statements(vendor: str) -> Iterator[tuple[str, str, str]]:
    """(name, table, SQL) of each trigger. The name ends in a digest of the SQL: a changed one is another."""
    for watched in WATCHED:
        for event, rows in (("INSERT", ["NEW"]), ("DELETE", ["OLD"]), ("UPDATE", ["OLD", "NEW"])):
            if event != "UPDATE" or watched.columns:
                body = _body(watched, vendor, event, rows)
                digest = hashlib.sha256(body.encode()).hexdigest()[:8]
                name = f"{PREFIX}{watched.table}_{event.lower()}_{digest}"
                yield name, watched.table, _trigger(vendor, name, body)


def _body(watched: Watched, vendor: str, event: str, rows: list[str]) -> str:
    differs = "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"
    conditions = [f"({' OR '.join(watched.when.format(row=row) for row in rows)})"] if watched.when else []
    of = ""
    if event == "UPDATE":
        of = f" OF {', '.join(watched.columns)}"
        changed = (f"OLD.{column} {differs} NEW.{column}" for column in watched.columns)
        conditions.append(f"({' OR '.join(changed)})")
    when = f" WHEN ({' AND '.join(conditions)})" if conditions else ""
    people = " UNION ".join(watched.person.format(row=row) for row in rows)
    insert = f"INSERT INTO reports_mark (person, at) SELECT one.*, {NOW[vendor]} FROM ({people}) AS one"  # noqa: S608 - our own words
    return f"{event}{of} ON {watched.table} FOR EACH ROW{when}|{insert}"


def _trigger(vendor: str, name: str, body: str) -> str:
    head, insert = body.split("|")
    if vendor == "sqlite":
        return f"CREATE TRIGGER {name} AFTER {head} BEGIN {insert}; END"
    return (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {insert}; RETURN NULL; END $$; "
        f"CREATE TRIGGER {name} AFTER {head} EXECUTE FUNCTION {name}()"
    )


def install(using: str) -> None:
    """Makes those that are missing, and takes away what an earlier version made."""
    connection = connections[using]
    wanted = {name: sql for name, _table, sql in statements(connection.vendor)}
    there = dict(installed(using))
    with connection.cursor() as cursor:
        for name in there.keys() - wanted.keys():
            cursor.execute(_removal(connection.vendor, name, there[name]))
        for name in wanted.keys() - there.keys():
            cursor.execute(wanted[name])


def remove(using: str) -> None:
    """All of them, for loading rows that are counted afterwards, together."""
    connection = connections[using]
    there = installed(using)
    with connection.cursor() as cursor:
        for name, table in there:
            cursor.execute(_removal(connection.vendor, name, table))


LISTED = {
    "sqlite": "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s",
    "postgresql": "SELECT tgname, tgrelid::regclass::text FROM pg_trigger "
    "WHERE NOT tgisinternal AND tgname LIKE %s",
}


def installed(using: str) -> list[tuple[str, str]]:
    """Name and table of each of them."""
    with connections[using].cursor() as cursor:
        cursor.execute(LISTED[connections[using].vendor], [f"{PREFIX}%"])
        return [(name, table) for name, table in cursor.fetchall()]


def missing(using: str) -> list[str]:
    """Names of those that should be there: without them figures go stale."""
    there = {name for name, _table in installed(using)}
    return [name for name, _table, _sql in statements(connections[using].vendor) if name not in there]


def _removal(vendor: str, name: str, table: str) -> str:
    if vendor == "sqlite":
        return f"DROP TRIGGER {name}"
    return f"DROP TRIGGER {name} ON {table}; DROP FUNCTION {name}()"
