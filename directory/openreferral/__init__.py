"""Open Referral UK 3.0 and plain values: tolerant on the way in, strict on the way out. Pure.

profile → quirks → cleaning (any JSON to the profile's own form) → reading (to values) → writing (and back).
"""
