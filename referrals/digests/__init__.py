"""The morning email to staff: how much is due, by the same lists as the pages, and nothing about anybody."""

from referrals.digests.actions import choose, queue_digests

__all__ = ["choose", "queue_digests"]
