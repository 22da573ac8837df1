"""What a way out said about a message that it carries: each status once, however often it was said."""

from django.db import models

from accounts import clock
from accounts.wording import gettext_lazy as _
from referrals.models.contact import Reminder


class Receipt(models.Model):
    """`said` is the carrier's own word (referrals/notify/statuses.py); `at` is when it says that this happened."""

    class How(models.TextChoices):
        TOLD = "told", _("it told us")
        ASKED = "asked", _("we asked")

    id = models.BigAutoField(primary_key=True)
    reminder = models.ForeignKey(Reminder, on_delete=models.CASCADE, related_name="receipts")
    said = models.CharField(max_length=30)
    at = models.DateTimeField(null=True, editable=False)
    heard_at = models.DateTimeField(default=clock.now, editable=False)
    how = models.CharField(max_length=5, choices=How)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                "reminder",
                "said",
                name="receipt_once_a_status",
                violation_error_message=_("This was said about the message before."),
            )
        ]

    def __str__(self) -> str:
        return self.said
