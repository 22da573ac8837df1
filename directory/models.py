"""The support that exists: who provides it, where, for whom, with how much room; and what was missing."""

from datetime import date

from django.db import models
from django.db.models import Q

from accounts import clock
from accounts.ids import new_id
from accounts.models import Membership, Organisation, Team
from accounts.permissions import Role
from screening.models import Need


class ProviderProfile(models.Model):
    """How referrers reach a provider, and whether it works here itself or acts through staff who phone it."""

    organisation = models.OneToOneField(Organisation, on_delete=models.CASCADE, related_name="profile")
    phone = models.CharField(max_length=20)
    email = models.EmailField(blank=True)
    website = models.URLField(blank=True)
    description = models.TextField(blank=True)

    def __str__(self) -> str:
        return str(self.organisation)


class Location(models.Model):
    """A place where support is given. Null means not recorded: ask, never assume."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="locations")
    name = models.CharField(max_length=200)
    address = models.TextField(blank=True)
    postcode = models.CharField(max_length=8)
    step_free = models.BooleanField(null=True, blank=True)
    hearing_support = models.BooleanField(null=True, blank=True)
    sight_support = models.BooleanField(null=True, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return f"{self.name}, {self.postcode}"


class SupportOfferQuerySet(models.QuerySet):
    def published(self) -> "SupportOfferQuerySet":
        return self.filter(withdrawn_at=None)

    def not_confirmed_since(self, day: date) -> "SupportOfferQuerySet":
        return self.filter(Q(verified_on=None) | Q(verified_on__lt=day))

    def visible_to(self, membership: Membership) -> "SupportOfferQuerySet":
        """The directory is open to every health organisation; a provider sees what is its own."""
        if membership.organisation.kind == Organisation.Kind.HEALTH:
            return self
        return self.filter(provider_id=membership.organisation_id)


class SupportOffer(models.Model):
    """Something a provider does, somewhere, for someone. `kinds` and `formats` use the questionnaire's codes."""

    class Capacity(models.TextChoices):
        YES = "yes", "Room now"
        WAITING_LIST = "waiting_list", "Waiting list"
        FULL = "full", "Full"
        NOT_KNOWN = "not_known", "Not known"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="offers")
    team = models.ForeignKey(
        Team,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="offers",
        help_text="Whose queue referrals go to; empty: the provider has no account, and is phoned.",
    )
    location = models.ForeignKey(Location, on_delete=models.PROTECT, null=True, blank=True, related_name="offers")
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    kinds = models.JSONField(default=list)
    formats = models.JSONField(default=list)
    serves = models.JSONField(
        default=list, blank=True, help_text="Outward postcodes, their letters, or boroughs; empty: anywhere."
    )
    remote = models.BooleanField(default=False, help_text="By phone or online.")
    at_home = models.BooleanField(default=False)
    languages = models.JSONField(default=list, blank=True)
    schedule = models.CharField(max_length=200, blank=True)
    cost = models.CharField(max_length=100, blank=True, help_text='"free", or words; empty: not recorded.')
    min_age = models.PositiveSmallIntegerField(null=True, blank=True)
    max_age = models.PositiveSmallIntegerField(null=True, blank=True)
    low_income_only = models.BooleanField(null=True, blank=True)
    benefits_only = models.BooleanField(null=True, blank=True)
    capacity = models.CharField(max_length=12, choices=Capacity, default=Capacity.NOT_KNOWN)
    wait_days = models.PositiveSmallIntegerField(null=True, blank=True)
    warm_handover = models.BooleanField(default=False)
    accepts_referrals = models.BooleanField(default=True)
    verified_on = models.DateField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = SupportOfferQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                "provider",
                "name",
                name="offer_name_once_a_provider",
                violation_error_message="This provider already has an offer of that name.",
            ),
            models.CheckConstraint(
                condition=Q(min_age=None) | Q(max_age=None) | Q(min_age__lte=models.F("max_age")),
                name="offer_ages_in_order",
                violation_error_message="The lowest age must not be above the highest.",
            ),
            models.CheckConstraint(
                condition=Q(location__isnull=False) | Q(remote=True) | Q(at_home=True),
                name="offer_is_somewhere",
                violation_error_message="Say where it is, or that it is by phone, online or at home.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class UnmetNeedQuerySet(models.QuerySet):
    def visible_to(self, membership: Membership) -> "UnmetNeedQuerySet":
        if membership.role == Role.ADMIN:
            return self.filter(team__organisation_id=membership.organisation_id)
        return self.filter(team_id=membership.team_id)


class UnmetNeed(models.Model):
    """An agreed need for which nothing local fitted on that day: recorded, never hidden."""

    class Reason(models.TextChoices):
        NO_OFFER_OF_KIND = "no_offer_of_kind", "No offer of this kind"
        NONE_ELIGIBLE = "none_eligible", "None that the person may use"
        NONE_NEAR = "none_near", "None near enough"
        NONE_WITH_ROOM = "none_with_room", "None with room"
        NONE_IN_FORMAT = "none_in_format", "None in the format asked for"
        NOT_WANTED = "not_wanted", "None that the person wanted"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="unmet")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    area = models.CharField(max_length=4, blank=True, help_text="Outward postcode; empty: not known.")
    reason = models.CharField(max_length=20, choices=Reason)
    words = models.CharField(max_length=300, blank=True)
    recorded_on = models.DateField(default=clock.today)
    recorded_at = models.DateTimeField(default=clock.now, editable=False)
    recorded_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")

    objects = UnmetNeedQuerySet.as_manager()

    class Meta:
        ordering = ["-recorded_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                "need",
                "kind",
                "recorded_on",
                name="unmet_need_once_a_day",
                violation_error_message="This unmet need was already recorded today.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.get_reason_display()}"
