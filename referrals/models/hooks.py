"""Events for other systems: the outbox that every step writes to, who listens, and what was sent to whom."""

from typing import Self

from django.db import models
from django.db.models import Q

from accounts import clock
from accounts.ids import new_id
from accounts.models import Membership, Organisation
from accounts.permissions import Role
from accounts.wording import gettext_lazy as _
from referrals.models.leased import Leased, LeasedQuerySet
from referrals.models.referral import Referral, ReferralEvent


class HookEvent(models.Model):
    """What happened to a referral, written in its very transaction. `id` is the sequence number.

    Thin on purpose: no name and no words, and how the referral stood right after.
    """

    id = models.BigAutoField(primary_key=True)
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="hook_events")
    event = models.OneToOneField(ReferralEvent, on_delete=models.CASCADE, null=True, related_name="hook_event")
    kind = models.CharField(max_length=40)
    at = models.DateTimeField(default=clock.now)
    state = models.CharField(max_length=20)
    action_with = models.CharField(max_length=12, blank=True)
    due_on = models.DateField(null=True)
    for_provider = models.BooleanField(help_text="Whether the provider could see it then.")

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["at"], name="hook_event_at")]

    def __str__(self) -> str:
        return self.kind


class HookEndpointQuerySet(models.QuerySet):
    def visible_to(self, membership: Membership) -> Self:
        if membership.role != Role.ADMIN:
            return self.none()
        return self.filter(organisation_id=membership.organisation_id)


class HookEndpoint(models.Model):
    """Where an organisation's own system listens. The secret is made from `salt` and the service's key."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    url = models.CharField(max_length=500)
    description = models.CharField(max_length=200, blank=True)
    kinds = models.JSONField(default=list, help_text="Which events; an empty list means all of them.")
    active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    created_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    salt = models.CharField(max_length=64)
    old_salt = models.CharField(max_length=64, blank=True)
    old_until = models.DateTimeField(null=True, help_text="Until then the secret before this one signs, too.")
    secret_shown_at = models.DateTimeField(null=True)
    resume_at = models.DateTimeField(null=True, help_text="Left alone until then, because it did not answer.")
    failures = models.PositiveIntegerField(default=0, help_text="In a row.")
    failing_since = models.DateTimeField(null=True)
    switched_off_at = models.DateTimeField(null=True, help_text="By the system, because it failed for days.")

    objects = HookEndpointQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                "organisation",
                "url",
                name="hook_endpoint_once_an_organisation",
                violation_error_message=_("This address is set up already."),
            ),
            models.CheckConstraint(
                condition=Q(old_salt="", old_until=None) | ~Q(old_salt="") & Q(old_until__isnull=False),
                name="hook_old_secret_has_end",
            ),
        ]

    def __str__(self) -> str:
        return self.description or self.url


class HookDeliveryQuerySet(LeasedQuerySet):
    def visible_to(self, membership: Membership) -> Self:
        return self.filter(endpoint__in=HookEndpoint.objects.visible_to(membership))


class HookDelivery(Leased):
    """One event on its way to one endpoint. `id` is the webhook-id: every repeat carries it, so that a receiver
    drops doubles. No event: a test that somebody asked for."""

    class Fate(models.TextChoices):
        DELIVERED = "delivered", _("Taken")
        GIVEN_UP = "given_up", _("Given up")
        CANCELLED = "cancelled", _("No longer theirs to know")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    endpoint = models.ForeignKey(HookEndpoint, on_delete=models.CASCADE, related_name="deliveries")
    event = models.ForeignKey(HookEvent, on_delete=models.CASCADE, null=True, related_name="deliveries")
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now, editable=False)
    fate = models.CharField(max_length=10, choices=Fate, blank=True)
    code = models.PositiveSmallIntegerField(null=True, help_text="What the other side answered last.")
    took_ms = models.PositiveIntegerField(null=True)
    result = models.CharField(max_length=20, blank=True, help_text="How the last try went: a code.")
    tried_at = models.DateTimeField(null=True, help_text="When the last try began, written before it was made.")

    objects = HookDeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(settled_at=None), name="hook_due"),
            models.Index(
                fields=["endpoint", "referral", "event"], condition=Q(settled_at=None), name="hook_in_order"
            ),
        ]
        constraints = [
            models.UniqueConstraint("endpoint", "event", name="hook_event_once_an_endpoint"),
            models.CheckConstraint(
                condition=Q(fate="", settled_at=None) | ~Q(fate="") & Q(settled_at__isnull=False, claim=None),
                name="hook_settled_has_fate",
            ),
        ]

    def __str__(self) -> str:
        return self.event.kind if self.event else "test"
