"""What admins and commissioners ask."""
