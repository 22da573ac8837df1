"""Where measurements are made: never in the database that is in use, and never over records that are not ours."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from accounts.models import User
from inclusion.benchmarks.build import SIZES, build
from inclusion.benchmarks.caseload import uncounted
from inclusion.benchmarks.clones import execute
from people.models import ServiceUser

BUILT = "bench_built"
"""A table that only the builder makes: it names the size, once that is complete."""


class NotOurs(Exception):
    """The database that the large data set would go into holds records which were not made here."""


@contextmanager
def thrown_away() -> Iterator[None]:
    """An empty one on the server that DATABASE_URL names, or as a file beside the SQLite one."""
    before = connection.settings_dict["NAME"]
    _be_patient()
    connection.settings_dict["TEST"]["NAME"] = _name("")
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(before, verbosity=0)


@contextmanager
def kept(size: str, say: Callable[[str], object]) -> Iterator[None]:
    """The one of this size, built now where it is not there yet. It stays until `put_away`."""
    before = connection.settings_dict["NAME"]
    _be_patient()
    _open(_name(f"_{size}"))
    try:
        if not _is_built():
            _begin(say)
            with uncounted():
                build(SIZES[size], say)
            execute(f"INSERT INTO {BUILT} VALUES ('{size}')")
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


def put_away(size: str) -> None:
    """Only a database that this builder began."""
    before, name = connection.settings_dict["NAME"], _name(f"_{size}")
    _open(name)
    try:
        _refuse_what_is_not_ours()
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before
    _remove(name)


def _be_patient() -> None:
    """Five seconds a statement are for pages, not for building millions of rows."""
    if connection.vendor == "postgresql":
        connection.settings_dict["OPTIONS"]["options"] = "-c statement_timeout=0"


def _name(more: str) -> str:
    if connection.vendor == "sqlite":
        return str(settings.VAR_DIR / f"bench{more}.sqlite3")
    return f"{connection.settings_dict['NAME']}_bench{more}"


def _open(name: str) -> None:
    if connection.vendor == "postgresql":
        with connection._nodb_cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if not cursor.fetchone():
                cursor.execute(f"CREATE DATABASE {connection.ops.quote_name(name)}")
    connection.close()
    connection.settings_dict["NAME"] = name


def _tables() -> list[str]:
    return connection.introspection.table_names()


def _is_built() -> bool:
    if BUILT not in _tables():
        return False
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {BUILT}")
        return bool(cursor.fetchone()[0])


def _begin(say: Callable[[str], object]) -> None:
    """An empty database with our mark; what an interrupted run left behind is emptied first."""
    _refuse_what_is_not_ours()
    if BUILT in _tables():
        say("A run before this one was interrupted: from the beginning …")
        name = connection.settings_dict["NAME"]
        connection.close()
        _remove(name)
        _open(name)
    call_command("migrate", verbosity=0)
    execute(f"CREATE TABLE {BUILT} (size varchar(20))")


def _remove(name: str) -> None:
    connection.creation._destroy_test_db(name, verbosity=0)  # type: ignore[attr-defined]  # each backend's own


def _refuse_what_is_not_ours() -> None:
    tables = _tables()
    if BUILT in tables:
        return
    if any(model._meta.db_table in tables and model.objects.exists() for model in (User, ServiceUser)):
        raise NotOurs(
            f"The database {connection.settings_dict['NAME']} holds records that this did not make. Nothing was "
            "done. Name another one in DATABASE_URL, or remove that one yourself."
        )
