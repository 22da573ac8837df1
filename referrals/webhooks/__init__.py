"""Referral events for the systems of organisations that may see the referral: signed, replayable, at least once.

Order: numbered as they happened; for one referral the next leaves once the one before is taken or given up.
See docs/webhooks.md.
"""
