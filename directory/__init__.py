"""The support that exists, and what suits whom."""
