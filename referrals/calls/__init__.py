"""Calls that somebody has to make: whom, why, when it is all right to ring, and what came of each try."""
