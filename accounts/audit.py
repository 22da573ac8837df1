"""Writes one audit row, in the caller's transaction: if the act is rolled back, so is its record."""

from typing import Any

from django.db import models

from accounts.models import AuditEvent, Membership, Organisation, User


def record(
    action: str,
    *,
    by: Membership | None,
    subject: models.Model | None = None,
    organisation: Organisation | None = None,
    actor: User | None = None,
    **details: Any,
) -> AuditEvent:
    """`by` is None only for the system and for sign-in. `details`: codes, ids and counts, never words typed."""
    return AuditEvent.objects.create(
        action=action,
        organisation=organisation or (by.organisation if by else None),
        actor=actor or (by.user if by else None),
        membership=by,
        subject_type=subject._meta.label if subject else "",
        subject_id=str(subject.pk) if subject else "",
        details=details,
    )
