"""Who our users are, which hats they may wear, and what they did."""

from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.functional import cached_property

from accounts import clock
from accounts.append_only import AppendOnly, AppendOnlyQuerySet
from accounts.ids import new_id
from accounts.permissions import LEAD_PERMISSIONS, Permission, Role, may
from accounts.trouble import SetAside as SetAside  # the models of one app, in two files
from accounts.wording import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """Someone who signs in. A service user is never one of these."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(_("email address"), unique=True)
    name = models.CharField(max_length=200)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique_whatever_the_case",
                violation_error_message=_("Somebody already signs in with this email address."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @cached_property
    def hats(self) -> "list[Membership]":
        """The memberships held now, oldest first."""
        return list(Membership.objects.held_by(self.pk))


class Organisation(models.Model):
    """A health organisation or a provider of support; of one kind, so that code never asks which class."""

    class Kind(models.TextChoices):
        HEALTH = "health", _("Health organisation")
        PROVIDER = "provider", _("Provider of support")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=10, choices=Kind)
    phone = models.CharField(
        max_length=20, blank=True, help_text="Printed on letters and plans: the number a person can ring."
    )
    sender_name = models.CharField(
        max_length=40, blank=True, help_text="How messages are signed. Must not name a clinical service."
    )
    clocks = models.JSONField(
        default=dict, blank=True, help_text='Working days that differ from the usual, as {"acknowledge": 3}.'
    )

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["health", "provider"]),
                name="organisation_kind_known",
                violation_error_message=_("An organisation is a health organisation or a provider."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """People inside an organisation who share a caseload or a queue."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="teams")
    name = models.CharField(max_length=200)
    phone = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                "organisation",
                "name",
                name="team_name_unique_in_organisation",
                violation_error_message=_("This organisation already has a team of that name."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet):
    def current(self) -> "MembershipQuerySet":
        return self.filter(ended_at=None, user__is_active=True)

    def held_by(self, user_id: object) -> "MembershipQuerySet":
        return self.current().filter(user=user_id).select_related("user", "team__organisation")

    def visible_to(self, membership: "Membership") -> "MembershipQuerySet":
        return self.filter(team__organisation_id=membership.organisation_id)


class Membership(models.Model):
    """A user's role in a team: the hat that is worn while working, and the `by` of every action."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=[(role.value, role.label) for role in Role])
    is_lead = models.BooleanField(_("team lead"), default=False)
    started_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    if TYPE_CHECKING:
        user_id: object
        team_id: object

    class Meta:
        ordering = ["started_at", "id"]
        constraints = [
            models.UniqueConstraint(
                "user",
                "team",
                "role",
                condition=Q(ended_at=None),
                name="membership_current_once",
                violation_error_message=_("This person already has this role in this team."),
            ),
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in Role]),
                name="membership_role_known",
                violation_error_message=_("The role must be clinician, support worker or admin."),
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")),
                name="membership_ends_after_it_starts",
                violation_error_message=_("A membership cannot end before it starts."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {Role(self.role).label.lower()}, {self.team}"

    @property
    def organisation_id(self):
        return self.team.organisation_id

    @property
    def organisation(self) -> Organisation:
        return self.team.organisation

    def may(self, permission: Permission) -> bool:
        leads = self.is_lead and permission in LEAD_PERMISSIONS
        return self.ended_at is None and (leads or may(self.role, permission))


class ApiTokenQuerySet(models.QuerySet):
    def alive(self) -> "ApiTokenQuerySet":
        """Not revoked, not expired, and its membership still held."""
        return self.filter(
            revoked_at=None,
            expires_at__gt=clock.now(),
            membership__ended_at=None,
            membership__user__is_active=True,
        )

    def visible_to(self, membership: "Membership") -> "ApiTokenQuerySet":
        """One's own, whichever of one's hats they are bound to."""
        return self.filter(membership__user_id=membership.user_id)


class ApiToken(models.Model):
    """A key for another system, bound to one membership. Only its SHA-256 is kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")),
                name="token_expires_after_it_is_made",
                violation_error_message=_("A token must expire after it is made."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class AuditEventQuerySet(AppendOnlyQuerySet):
    def visible_to(self, membership: Membership) -> "AuditEventQuerySet":
        return self.filter(organisation_id=membership.organisation_id)


class AuditEvent(AppendOnly):
    """Who did or looked at what, written in the same transaction; for investigators, never for screens."""

    at = models.DateTimeField(default=clock.now, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    action = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=40, blank=True)
    subject_id = models.CharField(max_length=40, blank=True)
    details = models.JSONField(default=dict, help_text="Codes and ids only: no names, answers or free text.")

    objects = AuditEventQuerySet.as_manager()  # type: ignore[misc]  # more than the base's, never less

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "-at"], name="audit_by_organisation"),
            models.Index(fields=["subject_type", "subject_id", "-at"], name="audit_by_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action}"


class IdempotencyKey(models.Model):
    """The first answer to a create, given again to every repeat of the same key by the same membership."""

    id = models.BigAutoField(primary_key=True)
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=100)
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of method, path and body.")
    status = models.PositiveSmallIntegerField()
    body = models.JSONField(null=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint("membership", "key", name="idempotency_key_once_a_membership")]

    def __str__(self) -> str:
        return self.key


class Heartbeat(models.Model):
    """When a process last showed that it is alive; `/readyz` and the admin's home read it."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
