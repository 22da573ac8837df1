"""API tokens: what is handed out once, and the digest by which it is known again."""

import hashlib
import secrets

PREFIX = "dx_"


def new_token() -> str:
    return PREFIX + secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """SHA-256 suffices: the token is 256 random bits, so there is nothing to guess slowly."""
    return hashlib.sha256(token.encode()).hexdigest()
