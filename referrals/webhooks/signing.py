"""Signatures by the Standard Webhooks specification: HMAC-SHA256 of id, time and body, in base64, as v1."""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime

from django.utils.crypto import salted_hmac

from referrals.models import HookEndpoint

PREFIX = "whsec_"


def new_salt() -> str:
    return secrets.token_hex(32)


def secret_from(salt: str) -> str:
    """What the receiver is given. Not in the database: without SECRET_KEY a copy of that signs nothing."""
    digest = salted_hmac("referrals.webhooks", salt, algorithm="sha256").digest()
    return PREFIX + base64.b64encode(digest).decode()


def secrets_of(endpoint: HookEndpoint, now: datetime) -> list[str]:
    """The newest first; after a rotation the one before is good for a while, too."""
    old = [endpoint.old_salt] if endpoint.old_until and now < endpoint.old_until else []
    return [secret_from(salt) for salt in (endpoint.salt, *old)]


def headers_of(endpoint: HookEndpoint, message_id: str, now: datetime, body: bytes) -> dict[str, str]:
    stamp = str(int(now.timestamp()))
    marks = (signature(secret, message_id, stamp, body) for secret in secrets_of(endpoint, now))
    return {
        "webhook-id": message_id,
        "webhook-timestamp": stamp,
        "webhook-signature": " ".join(marks),
        "Content-Type": "application/json",
    }


def signature(secret: str, message_id: str, stamp: str, body: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    whole = b".".join([message_id.encode(), stamp.encode(), body])
    return "v1," + base64.b64encode(hmac.new(key, whole, hashlib.sha256).digest()).decode()
