"""Loads tables without their indexes and foreign keys, which are made again afterwards: each is then checked once.

On PostgreSQL two at a time, a table each, as there are two processors.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter

from django.db import connection

from inclusion.benchmarks.clones import TABLES, Copies, execute

Say = Callable[[str], object]
AT_ONCE = 2
SLOW = 20.0
"""Seconds; what takes longer is told."""

KEYS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), contype::text FROM pg_constraint
WHERE contype IN ('f', 'u', 'p')
AND (conrelid = ANY(%s::regclass[]) OR contype = 'f' AND confrelid = ANY(%s::regclass[]))
ORDER BY contype = 'f' DESC, contype = 'u' DESC
"""
INDEXES = """
SELECT indrelid::regclass::text, indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
WHERE indrelid = ANY(%s::regclass[])
"""
FOR_LOADING = ("SET synchronous_commit = off", "SET maintenance_work_mem = '1GB'", "SET work_mem = '256MB'")


def load(copies: Copies, say: Say) -> None:
    if connection.vendor == "sqlite":
        with connection.constraint_checks_disabled():
            for table in TABLES:
                copies.copy(table)
        connection.check_constraints(TABLES)
        execute("ANALYZE")
        return
    ours, foreign = _take_down()

    def fill(table: str) -> None:
        copies.copy(table)
        execute(*ours[table])

    _each(fill, TABLES, say)
    say("foreign keys …")
    for table, name, definition in foreign:
        execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition} NOT VALID")
    _each(lambda key: execute(f"ALTER TABLE {key[0]} VALIDATE CONSTRAINT {key[1]}"), foreign, say)
    _each(lambda table: execute(f"ANALYZE {table}"), TABLES, say)


def _each(work: Callable, things: Iterable, say: Say) -> None:
    def timed(thing: object) -> None:
        start = perf_counter()
        try:
            execute(*FOR_LOADING)
            work(thing)
        finally:
            connection.close()  # this thread's own
        if (took := perf_counter() - start) > SLOW:
            say(f"  {took:.0f} s: {thing}")

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(timed, things))


def _take_down() -> tuple[dict[str, list[str]], list[tuple[str, str, str]]]:
    """By table the statements that make its own keys and indexes again; and all foreign keys."""
    ours: dict[str, list[str]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(KEYS, [TABLES, TABLES])
        keys = cursor.fetchall()
        for table, name, definition, kind in keys:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
            if kind != "f":
                ours[table].insert(0, f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
        cursor.execute(INDEXES, [TABLES])
        for table, name, definition in cursor.fetchall():
            cursor.execute(f"DROP INDEX {name}")
            ours[table].append(definition)
    return ours, [(table, name, definition) for table, name, definition, kind in keys if kind == "f"]
