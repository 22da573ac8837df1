"""The provider without an account: a link for one referral, a code for each look, and a reference for the phone.

docs/decisions/ says what whoever holds a link can see and do, and when it stops.
"""
