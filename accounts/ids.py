"""Identifiers: UUIDs of version 7 (RFC 9562), which sort by the time they were made and cannot be guessed."""

import secrets
import uuid

from accounts import clock


def new_id() -> uuid.UUID:
    """48 bits of milliseconds, 12 bits of the fraction (method 3 of the RFC), 62 random bits.

    Time-ordered keys keep index inserts at one end, and the newest row is the one with the highest id.
    """
    milliseconds, rest = divmod(clock.nanoseconds(), 1_000_000)
    fraction = rest * 4096 // 1_000_000
    return uuid.UUID(
        int=(milliseconds & (1 << 48) - 1) << 80 | 0x7 << 76 | fraction << 64 | 0b10 << 62 | secrets.randbits(62)
    )
