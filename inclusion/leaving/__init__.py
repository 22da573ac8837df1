"""Somebody leaves: what they look after is shown by kind and goes to others in one step; the membership ends."""
