"""Links, codes and what stands for them in the database: what is handed out once, and how it is known again."""

import secrets
from datetime import datetime
from uuid import UUID

from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.tokens import digest

__all__ = ["code_digest", "digest", "is_code", "new_code", "new_token", "read_session", "sign_session"]

TOKEN_BYTES = 16
SALT = "referrals.partner"


def new_token() -> str:
    """128 random bits, as 22 characters that an address may hold."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def new_code() -> str:
    """Six digits."""
    return f"{secrets.randbelow(10**6):06d}"


def code_digest(of: UUID, code: str) -> str:
    """Keyed with the server's own secret: six digits would be guessed at once from a plain digest."""
    return salted_hmac(f"{SALT}.code", f"{of}:{code}", algorithm="sha256").hexdigest()


def is_code(of: UUID, code: str, kept: str) -> bool:
    return constant_time_compare(code_digest(of, code), kept)


def address_digest(address: str) -> str:
    """Where a request came from, for counting: an address as such is not kept."""
    return salted_hmac(f"{SALT}.address", address, algorithm="sha256").hexdigest()


def sign_session(code: UUID, seen: datetime) -> str:
    """What the cookie holds: the code that was used, and when a page was last asked for."""
    return signing.dumps([str(code), seen.isoformat()], salt=f"{SALT}.session")


def read_session(cookie: str) -> tuple[UUID, datetime] | None:
    """None for what was not signed here."""
    try:
        code, seen = signing.loads(cookie, salt=f"{SALT}.session")
        return UUID(code), datetime.fromisoformat(seen)
    except (signing.BadSignature, ValueError, TypeError):
        return None
