"""From the clinic form to needs."""
