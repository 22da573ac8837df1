"""A spreadsheet that was uploaded: its rows are kept from the trial to the doing, so that both read the same."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.ids import new_id
from accounts.models import Membership


class SheetQuerySet(models.QuerySet):
    def visible_to(self, membership: Membership) -> "SheetQuerySet":
        return self.filter(uploaded_by=membership)


class Sheet(models.Model):
    """`rows` are pairs of a line's number and its cells; they go once they were applied. Its uploader's alone."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    file_name = models.CharField(max_length=200, blank=True)
    rows = models.JSONField(default=list)
    uploaded_at = models.DateTimeField(default=clock.now)
    uploaded_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    applied_at = models.DateTimeField(null=True)
    result = models.JSONField(default=dict, help_text="Counts: added, changed, same.")

    objects = SheetQuerySet.as_manager()

    class Meta:
        ordering = ["-uploaded_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(applied_at=None) | models.Q(rows=[]),
                name="applied_sheet_keeps_no_rows",
                violation_error_message=_("A spreadsheet that was applied keeps no rows."),
            )
        ]

    def __str__(self) -> str:
        return self.file_name
