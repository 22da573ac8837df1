"""Rows that are work: claimed by a conditional update, held by a lease, settled once."""

from datetime import datetime, timedelta
from typing import Any, Self
from uuid import uuid4

from django.db import models, transaction
from django.db.models import Q

from accounts import clock


class LeasedQuerySet(models.QuerySet):
    def free(self, now: datetime) -> Self:
        """Due and nobody's; or somebody's who has not been heard of since the lease ended."""
        unclaimed = Q(claim=None) | Q(claimed_until__lte=now)
        return self.filter(unclaimed, settled_at=None, due_at__lte=now)

    def take(self, *, now: datetime, batch: int, lease: timedelta) -> list[Any]:
        """Up to `batch` rows that are the caller's own until the lease ends, the longest due first.

        The guard is the condition in the update: of two callers the later one changes no row. Skipping rows that
        another holds a lock on is only quicker (PostgreSQL; SQLite ignores it).
        """
        token = uuid4()
        rows = self.model._default_manager
        with transaction.atomic():
            free = self.free(now).order_by("due_at", "pk").select_for_update(skip_locked=True)
            found = list(free.values_list("pk", flat=True)[:batch])
            free_still = rows.filter(pk__in=found).free(now)  # type: ignore[attr-defined]  # one of ours
            if not found or not free_still.update(claim=token, claimed_until=now + lease):
                return []
        return list(self.filter(pk__in=found, claim=token).order_by("due_at", "pk"))


class Leased(models.Model):
    """Work that is due at `due_at` until it is settled. `claim` says who holds the lease."""

    due_at = models.DateTimeField(default=clock.now)
    claim = models.UUIDField(null=True, editable=False)
    claimed_until = models.DateTimeField(null=True, editable=False)
    tries = models.PositiveSmallIntegerField(default=0)
    settled_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        abstract = True

    def change(self, **fields: Any) -> bool:
        """False, and nothing changed, once the lease went to somebody else or the row is settled."""
        held = type(self)._default_manager.filter(pk=self.pk, claim=self.claim, settled_at=None)
        return held.exclude(claim=None).update(**fields) == 1

    def let_go(self, **fields: Any) -> bool:
        return self.change(claim=None, claimed_until=None, **fields)
