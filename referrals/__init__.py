"""From referral to outcome."""
