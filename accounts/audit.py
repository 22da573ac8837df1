"""Writes one audit row, in the caller's transaction: if the act is rolled back, so is its record."""

from collections.abc import Iterable
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


def record_each(
    action: str, *, by: Membership | None, about: Iterable[tuple[models.Model, Organisation, dict[str, Any]]]
) -> None:
    """The same act on many things, with one statement: a row for each thing, its organisation and its details."""
    AuditEvent.objects.bulk_create(
        AuditEvent(
            action=action,
            organisation=organisation,
            actor=by.user if by else None,
            membership=by,
            subject_type=subject._meta.label,
            subject_id=str(subject.pk),
            details=details,
        )
        for subject, organisation, details in about
    )
