"""The person supported: who they are, where they are reached, and whether contact is paused."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from accounts import clock
from accounts.ids import new_id
from accounts.models import Membership, Organisation, Team
from accounts.permissions import Role
from accounts.wording import gettext_lazy as _


def seen_by(membership: Membership, through: str = "") -> Q:
    """A clinician's team's caseload; an admin's organisation. A support worker sees a person only through a
    referral, which carries what was agreed to be shared. `through`: the lookup that leads to the person."""
    if membership.role == Role.CLINICIAN:
        return Q(**{f"{through}team": membership.team_id})
    if membership.role == Role.ADMIN:
        return Q(**{f"{through}team__organisation": membership.organisation_id})
    return Q(pk__in=[])


class ServiceUserQuerySet(models.QuerySet):
    def standing(self) -> "ServiceUserQuerySet":
        """Leaves out records whose person has another one that was kept (docs/decisions/0008)."""
        return self.filter(merged_into=None)

    def visible_to(self, membership: Membership) -> "ServiceUserQuerySet":
        return self.in_sight_of(membership).standing()

    def in_sight_of(self, membership: Membership) -> "ServiceUserQuerySet":
        """With the records that were not kept."""
        return self.filter(seen_by(membership))

    def on_caseload(self, day: date) -> "ServiceUserQuerySet":
        still_there = Q(left_caseload_on=None) | Q(left_caseload_on__gt=day)
        return self.standing().filter(still_there, on_caseload_since__lte=day)


class ServiceUser(models.Model):
    """The person supported. No login, no password; every field is missing until somebody knows it."""

    class PauseReason(models.TextChoices):
        IN_HOSPITAL = "in_hospital", _("In hospital")
        CRISIS = "crisis", _("In a crisis")
        ASKED_TO_WAIT = "asked_to_wait", _("Asked us to wait")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="service_users")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="service_users")
    version = models.PositiveIntegerField(
        default=1, editable=False, help_text="One more with each change of the facts below."
    )

    name = models.CharField(_("full name"), max_length=200)
    preferred_name = models.CharField(max_length=200, blank=True)
    pronouns = models.CharField(max_length=40, blank=True)
    date_of_birth = models.DateField(null=True, blank=True)
    nhs_number = models.CharField(_("NHS number"), max_length=10, null=True, blank=True)
    local_number = models.CharField(max_length=40, null=True, blank=True)
    search_name = models.CharField(max_length=500, editable=False, help_text="Names, unaccented and lower.")

    phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)
    address = models.TextField(blank=True)
    postcode = models.CharField(max_length=8, blank=True)
    no_fixed_address = models.BooleanField(default=False)
    care_of = models.CharField(
        max_length=200, blank=True, help_text="Who takes in letters, where there is no fixed address."
    )
    interpreter_language = models.CharField(max_length=60, blank=True)
    communication_needs = models.TextField(blank=True)

    on_caseload_since = models.DateField(default=clock.today)
    left_caseload_on = models.DateField(null=True, blank=True)

    paused_at = models.DateTimeField(null=True, blank=True)
    paused_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    pause_reason = models.CharField(max_length=40, blank=True, choices=PauseReason)
    pause_review_on = models.DateField(null=True, blank=True)

    merged_into = models.ForeignKey(
        "self",
        on_delete=models.CASCADE,
        null=True,
        editable=False,
        related_name="merged_from",
        help_text="The record of the same person that was kept; what hung on this one hangs there.",
    )

    created_at = models.DateTimeField(default=clock.now, editable=False)
    created_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")

    objects = ServiceUserQuerySet.as_manager()

    class Meta:
        ordering = ["search_name", "id"]
        indexes = [
            models.Index(fields=["team", "search_name", "id"], name="service_user_caseload"),
            models.Index(fields=["organisation", "date_of_birth"], name="service_user_birth"),
        ]
        constraints = [
            models.UniqueConstraint(
                "organisation",
                "nhs_number",
                condition=Q(merged_into=None),
                name="service_user_nhs_number_once",
                violation_error_message=_("Somebody with this NHS number is already recorded."),
            ),
            models.UniqueConstraint(
                "organisation",
                "local_number",
                condition=Q(merged_into=None),
                name="service_user_local_number_once",
                violation_error_message=_("Somebody with this local number is already recorded."),
            ),
            models.CheckConstraint(
                condition=Q(nhs_number=None) | Q(nhs_number__regex=r"^[0-9]{10}$"),
                name="service_user_nhs_number_ten_digits",
                violation_error_message=_("An NHS number has 10 digits."),
            ),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="service_user_has_a_name",
                violation_error_message=_("Enter a name."),
            ),
            models.CheckConstraint(
                condition=~Q(merged_into=F("id")),
                name="service_user_is_not_merged_into_itself",
                violation_error_message=_("One record cannot be kept in place of itself."),
            ),
            models.CheckConstraint(
                condition=Q(paused_at=None, paused_by=None, pause_reason="", pause_review_on=None)
                | Q(paused_at__isnull=False, paused_by__isnull=False, pause_review_on__isnull=False)
                & ~Q(pause_reason=""),
                name="service_user_pause_whole",
                violation_error_message=_("A pause needs a reason and a day to look at it again."),
            ),
            models.CheckConstraint(
                condition=Q(left_caseload_on=None) | Q(left_caseload_on__gte=F("on_caseload_since")),
                name="service_user_leaves_after_joining",
                violation_error_message=_("A person cannot leave the caseload before joining it."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def called(self) -> str:
        """What staff and messages call the person."""
        return self.preferred_name or self.name
