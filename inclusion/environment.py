"""Reads the environment, typed and loudly: a bad value stops the start with one line that says what to do."""

import os
import re
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
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


KEPT = "referrals.mail.kept.Kept"
SMTP = {"smtp": 25, "smtp+tls": 587, "smtp+ssl": 465}


def public_url(*, demo: bool) -> str:
    public = text("PUBLIC_URL", "http://127.0.0.1:8000" if demo else "").rstrip("/")
    if public and not (public.startswith("https://") or (demo and public.startswith("http://"))):
        raise ImproperlyConfigured("PUBLIC_URL must be where people open the service: https://HOST.")
    return public


def mail(*, demo: bool) -> dict[str, Any]:
    """Django's settings for EMAIL_URL and MAIL_FROM; without EMAIL_URL mail is kept on a page for admins."""
    url, sender = text("EMAIL_URL"), text("MAIL_FROM")
    if not url:
        sender = sender or "Getting online <no-reply@example.org>"
        return {"EMAIL_BACKEND": KEPT, "DEFAULT_FROM_EMAIL": sender}
    if not sender or "@" not in sender or not public_url(demo=demo):
        raise ImproperlyConfigured("With EMAIL_URL set MAIL_FROM (an address) and PUBLIC_URL (https://HOST), too.")
    return {**_smtp(url, demo), "DEFAULT_FROM_EMAIL": sender}


def _smtp(url: str, demo: bool) -> dict[str, Any]:
    parts = urlsplit(url)
    local = parts.hostname in {"localhost", "127.0.0.1", "::1"}
    if parts.scheme not in SMTP or not parts.hostname or (parts.scheme == "smtp" and not (local or demo)):
        raise ImproperlyConfigured(
            "EMAIL_URL must be smtp+tls://USER:PASSWORD@HOST:587 or smtp+ssl://USER:PASSWORD@HOST:465; "
            "smtp:// without encryption only to this machine."
        )
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or SMTP[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_USE_SSL": parts.scheme == "smtp+ssl",
        "EMAIL_TIMEOUT": 10,
    }


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
    config["CONN_MAX_AGE"] = 60  # opening one for every page costs more than most of its queries
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
    config["OPTIONS"] = {"connect_timeout": 2, "tcp_user_timeout": 3000}
    if boolean("DATABASE_POOLED", False):
        # A pooler hands the next transaction to another connection: nothing may outlive one. The limits on time
        # are then the role's own (docs/scaling.md).
        config["DISABLE_SERVER_SIDE_CURSORS"] = True
    else:
        config["OPTIONS"]["options"] = (
            f"-c statement_timeout={patience} -c lock_timeout={patience * 4 // 5} "
            f"-c idle_in_transaction_session_timeout={patience * 3}"
        )
    return config


@dataclass(frozen=True)
class Notify:
    """How GOV.UK Notify is reached; without a key it is not, and nothing else is set.

    `templates`: channel → id of the template that passes our words through. `simulator`: the port of a stand-in
    for Notify on this machine, that `manage.py serve` starts; 0 for none.
    """

    api_key: str = field(default="", repr=False)
    base_url: str = ""
    templates: dict[str, str] = field(default_factory=dict)
    receipts_token: str = field(default="", repr=False)
    simulator: int = 0


def notify(*, demo: bool) -> Notify:
    """From NOTIFY_…; docs/notify.md says what each is for."""
    simulator = whole_number("NOTIFY_SIMULATOR", 0, low=0, high=65535)
    if simulator:
        return _simulated_notify(simulator, demo=demo)
    names = {channel: f"NOTIFY_{channel.upper()}_TEMPLATE" for channel in ("text", "email", "letter")}
    templates = {channel: text(name).lower() for channel, name in names.items() if text(name)}
    key, token = text("NOTIFY_API_KEY"), text("NOTIFY_RECEIPTS_TOKEN")
    if not key:
        if templates or token:
            raise ImproperlyConfigured("NOTIFY_… is set, but not NOTIFY_API_KEY: set it, or none of them.")
        return Notify()
    if not re.fullmatch(rf"(.+-)?{UUID}-{UUID}", key, re.IGNORECASE):
        raise ImproperlyConfigured(
            "NOTIFY_API_KEY is not whole: copy it again from Notify, “API integration”. It ends in two long ids."
        )
    for channel in ("text", "email"):
        if channel not in templates:
            raise ImproperlyConfigured(f"Set {names[channel]} to the id of the {channel} template at Notify.")
    for channel, template in templates.items():
        if not re.fullmatch(UUID, template):
            raise ImproperlyConfigured(f"{names[channel]} must be a template's id, as Notify shows it.")
    if token and len(token) < 20:
        raise ImproperlyConfigured("NOTIFY_RECEIPTS_TOKEN must be at least 20 random characters.")
    return Notify(key, _notify_url(), templates, token)


def _notify_url() -> str:
    """https, or a stand-in on this very machine: a key must not cross a network in the clear."""
    url = text("NOTIFY_BASE_URL", "https://api.notifications.service.gov.uk")
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or parts.scheme not in ("https", "http") or parts.username or parts.path.strip("/") or parts.query:
        raise ImproperlyConfigured("NOTIFY_BASE_URL must be like https://api.notifications.service.gov.uk.")
    if parts.scheme == "http" and host not in LOOPBACK:
        raise ImproperlyConfigured(
            "NOTIFY_BASE_URL must begin with https://: the key would be readable on the way."
        )
    return url


def _simulated_notify(port: int, *, demo: bool) -> Notify:
    """Texts and emails by the simulator; letters are printed here, unless a letter template is named."""
    if not demo:
        raise ImproperlyConfigured("NOTIFY_SIMULATOR is for the demo: it sends nothing to anybody. Leave it out.")
    if text("NOTIFY_API_KEY"):
        raise ImproperlyConfigured("Set NOTIFY_SIMULATOR or NOTIFY_API_KEY, not both.")
    letters = {"letter": SIMULATED["letter"]} if text("NOTIFY_LETTER_TEMPLATE") else {}
    return Notify(
        api_key=SIMULATED["key"],
        base_url=f"http://127.0.0.1:{port}",
        templates={"text": SIMULATED["text"], "email": SIMULATED["email"], **letters},
        receipts_token=SIMULATED["token"],
        simulator=port,
    )


SIMULATED = {
    "key": "simulator-00000000-0000-4000-8000-000000000001-00000000-0000-4000-8000-000000000002",
    "text": "00000000-0000-4000-8000-00000000000a",
    "email": "00000000-0000-4000-8000-00000000000b",
    "letter": "00000000-0000-4000-8000-00000000000c",
    "token": "only-for-the-demo-on-this-machine",
}
"""No secrets: they open nothing but the simulator, which never runs but in a demo."""
