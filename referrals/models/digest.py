"""The morning email of one member of staff in one role: wanted or not, and the day that was last looked at."""

from django.db import models

from accounts.models import Membership


class Digest(models.Model):
    id = models.BigAutoField(primary_key=True)
    membership = models.OneToOneField(Membership, on_delete=models.PROTECT, related_name="digest")
    wanted = models.BooleanField(default=True)
    looked_on = models.DateField(null=True, help_text="The last day for which it was decided whether one goes.")

    def __str__(self) -> str:
        return "wanted" if self.wanted else "not wanted"
