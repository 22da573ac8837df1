"""Mail to staff and providers as rows. A person who is supported gets messages (models/contact.py) instead."""

from typing import Self

from django.db import models
from django.db.models import Q

from accounts import clock
from accounts.ids import new_id
from accounts.models import Membership, Team
from accounts.permissions import Role
from accounts.wording import gettext_lazy as _
from referrals.models.leased import Leased, LeasedQuerySet
from referrals.models.referral import Referral


class MailQuerySet(LeasedQuerySet):
    def visible_to(self, membership: Membership) -> Self:
        """For the admin of the organisation whose team it was sent for."""
        if membership.role != Role.ADMIN:
            return self.none()
        return self.filter(team__organisation_id=membership.organisation_id)


class Mail(Leased):
    """One e-mail to one address about one thing (`key`), from the moment it is owed until its fate is known.

    A secret one (a sign-in code) loses its words as soon as it needs them no more.
    """

    class Fate(models.TextChoices):
        SENT = "sent", _("Sent")
        KEPT = "kept", _("Kept here")
        FAILED = "failed", _("Did not go")
        STALE = "stale", _("Too late to be of use")
        CANCELLED = "cancelled", _("No longer needed")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.CharField(max_length=120, unique=True)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+", help_text="Who looks after it.")
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, null=True, related_name="mail")
    to = models.CharField(max_length=254, blank=True)
    subject = models.CharField(max_length=150)
    body = models.TextField(blank=True)
    secret = models.BooleanField(default=False)
    while_open = models.BooleanField(default=False, help_text="Of no use once the referral has ended.")
    queued_at = models.DateTimeField(default=clock.now, editable=False)
    useful_until = models.DateTimeField(null=True)
    fate = models.CharField(max_length=10, choices=Fate, blank=True)
    reason = models.CharField(max_length=20, blank=True, help_text="Why it did not go: a code.")
    asked_at = models.DateTimeField(
        null=True, editable=False, help_text="When the team was asked to see to it, because it had not gone."
    )

    objects = MailQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["due_at", "id"], condition=Q(settled_at=None), name="mail_due")]
        constraints = [
            models.CheckConstraint(
                condition=Q(claim=None, claimed_until=None) | Q(claim__isnull=False, claimed_until__isnull=False),
                name="mail_lease_has_end",
            ),
            models.CheckConstraint(
                condition=Q(fate="", settled_at=None) | ~Q(fate="") & Q(settled_at__isnull=False, claim=None),
                name="mail_settled_has_fate",
            ),
            models.CheckConstraint(
                condition=~Q(fate__in=["failed", "stale", "cancelled"]) | ~Q(reason=""),
                name="mail_not_sent_has_reason",
                violation_error_message=_("An email that did not go says why."),
            ),
        ]

    def __str__(self) -> str:
        return self.subject


class MailAttempt(models.Model):
    """One try to hand an e-mail over, recorded before it is made. No end: the process died meanwhile."""

    id = models.BigAutoField(primary_key=True)
    mail = models.ForeignKey(Mail, on_delete=models.CASCADE, related_name="attempts")
    started_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=20, blank=True, help_text="accepted, refused, not_reached, set_aside.")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.result or "under way"
