"""What must hold before the service starts: each check passes, or stops with one sentence that says what to do."""

import errno
import fcntl
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, transaction

from inclusion import environment


def address() -> tuple[str, int]:
    """HOST and PORT."""
    return environment.text("HOST", "127.0.0.1"), environment.whole_number("PORT", 8000, low=1, high=65535)


def display(host: str, port: int) -> str:
    """As in a web address: an IPv6 host stands in brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def check_address_is_free(host: str, port: int) -> None:
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (OSError, UnicodeError):
        raise ImproperlyConfigured(f"HOST must be an address of this machine, not {host!r}.") from None
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(where)
        except OSError as error:
            raise ImproperlyConfigured(_why_not_bound(error, host, port)) from None


def _why_not_bound(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is in use. Stop what uses it, or choose another with PORT, for example PORT=8001."
    if error.errno == errno.EACCES:
        return f"Port {port} is kept for the system. Choose one from 1024 up with PORT."
    return f"HOST must be an address of this machine, not {host!r}."


def check_database() -> None:
    """Reachable and, for a SQLite file, writable: opening a transaction there takes the write lock."""
    try:
        with transaction.atomic():
            pass
    except DatabaseError as error:
        reason = str(error).strip().splitlines()[0]
        raise ImproperlyConfigured(
            f"The database cannot be used: {reason}. Start it or correct DATABASE_URL; "
            "without DATABASE_URL the service keeps a file of its own."
        ) from None


def check_redis() -> None:
    if not settings.REDIS_URL:
        return
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=2, socket_timeout=2) as server:
            server.ping()
    except (redis.RedisError, ValueError) as error:
        raise ImproperlyConfigured(
            f"Redis cannot be used: {str(error).rstrip('.')}. Start it or correct REDIS_URL; "
            "without REDIS_URL the service keeps a queue of its own."
        ) from None


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Two servers that prepare the same data at the same moment take turns."""
    settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
    with (settings.VAR_DIR / "prepare.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def empty_embedded_queue() -> None:
    """Nothing is lost with it: rows are the jobs, and all that is due is rung for at start.

    A kill can leave a half-written file there, on which the worker would fail at every start.
    """
    if settings.REDIS_URL:
        return
    options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    for folder in {options["data_folder_in"], options["control_folder"]}:
        for file in Path(folder).iterdir():
            file.unlink(missing_ok=True)
