"""Who our users are, what they may do, and what they did."""
