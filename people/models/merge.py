"""Two records of one person: who said so, why, what moved to the one that was kept, and whether it was undone."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q

from accounts import clock
from accounts.ids import new_id
from accounts.models import Membership
from accounts.wording import gettext_lazy as _
from people.models.service_user import ServiceUser, seen_by

UNDO_DAYS = 30


class MergeQuerySet(models.QuerySet["Merge"]):
    def visible_to(self, membership: Membership) -> "MergeQuerySet":
        return self.filter(seen_by(membership, "kept__"))

    def standing(self) -> "MergeQuerySet":
        return self.filter(undone_at=None)


class Merge(models.Model):
    """`moved`: what moved, as people/moving.py writes it. `facts`: each fact of the kept record that changed with
    it, as [before, after]. Both are what an undo goes by, and are never worked out again.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kept = models.ForeignKey(ServiceUser, on_delete=models.CASCADE, related_name="merges")
    other = models.ForeignKey(ServiceUser, on_delete=models.CASCADE, related_name="merges_away")
    reason = models.CharField(max_length=1000)
    moved = models.JSONField(default=list)
    facts = models.JSONField(default=dict)
    made_at = models.DateTimeField(default=clock.now, editable=False)
    made_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True, editable=False)
    undone_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    undo_reason = models.CharField(max_length=1000, blank=True)

    objects = MergeQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                "other",
                condition=Q(undone_at=None),
                name="merge_once_at_a_time",
                violation_error_message=_("This record was joined to another one already."),
            ),
            models.CheckConstraint(
                condition=~Q(kept=F("other")),
                name="merge_of_two_records",
                violation_error_message=_("Choose another record than this one."),
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="merge_has_a_reason",
                violation_error_message=_("Say how you know that they are the same person."),
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None, undo_reason="")
                | Q(undone_at__isnull=False, undone_by__isnull=False) & ~Q(undo_reason=""),
                name="merge_undone_whole",
                violation_error_message=_("An undo is recorded with who did it, when and why."),
            ),
        ]

    def __str__(self) -> str:
        return f"Same person, {self.made_at:%d %b %Y}"

    @property
    def undo_until(self) -> datetime:
        return self.made_at + timedelta(days=UNDO_DAYS)
