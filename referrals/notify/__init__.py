"""GOV.UK Notify as a way out: what we ask of it, what it says, and a simulator that stands in for it."""

CARRIER = "notify"
