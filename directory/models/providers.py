"""Who provides support and where; and the feeds of other directories that listings are read from."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.ids import new_id
from accounts.models import Membership, Organisation
from accounts.permissions import Role
from directory.places import Point, locate


def kept_by(membership: Membership) -> "models.QuerySet[Organisation]":
    """The organisations whose listings the membership may edit: its own; and for an admin of a health organisation
    also providers that nobody signs in for, unless another organisation keeps them."""
    own = Q(pk=membership.organisation_id)
    is_health = membership.organisation.kind == Organisation.Kind.HEALTH
    if not is_health or membership.role != Role.ADMIN:
        return Organisation.objects.filter(own)
    return Organisation.objects.filter(own | _silent(membership.organisation))


def kept_for(organisation: Organisation) -> "models.QuerySet[Organisation]":
    """The providers that a health organisation may keep listings for, as a feed does."""
    return Organisation.objects.filter(_silent(organisation))


def _silent(keeper: Organisation) -> Q:
    signs_in = Membership.objects.current().filter(team__organisation=models.OuterRef("pk"))
    free = Q(profile__kept_by=None) | Q(profile__kept_by=keeper)
    return Q(kind=Organisation.Kind.PROVIDER) & ~models.Exists(signs_in) & free


class FeedQuerySet(models.QuerySet):
    def visible_to(self, membership: Membership) -> "FeedQuerySet":
        return self.filter(organisation_id=membership.organisation_id)


class Feed(models.Model):
    """Another directory that listings come from, read at an address or handed over as files.

    `organisation` is the health organisation that reads it, and keeps what came from it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="feeds")
    name = models.CharField(max_length=200)
    url = models.URLField(max_length=500, blank=True, help_text="Empty: read from files.")
    is_active = models.BooleanField(default=True, help_text="Read again by itself.")
    last_tried_at = models.DateTimeField(null=True, editable=False)
    last_read_at = models.DateTimeField(null=True, editable=False, help_text="When it was last read whole.")
    last_result = models.JSONField(
        default=dict, editable=False, help_text="Counts, and sentences about what could not be taken."
    )
    created_at = models.DateTimeField(default=clock.now, editable=False)
    created_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")

    objects = FeedQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                "organisation",
                "name",
                name="feed_name_once_an_organisation",
                violation_error_message=_("There is already a feed of that name."),
            )
        ]

    def __str__(self) -> str:
        return self.name


def _known_by_feed(name: str) -> list[models.BaseConstraint]:
    """What came from a feed is found again there by its id, which means nothing without the feed."""
    return [
        models.UniqueConstraint(
            fields=["feed", "external_id"],
            condition=~Q(external_id=""),
            name=f"{name}_once_a_feed",
            violation_error_message=_("This feed has already given something under that id."),
        ),
        models.CheckConstraint(
            condition=Q(external_id="") | Q(feed__isnull=False),
            name=f"{name}_external_id_has_feed",
            violation_error_message=_("An id from elsewhere needs the feed it is from."),
        ),
    ]


class ProviderProfile(models.Model):
    """How referrers reach a provider, and whether it works here itself or acts through staff who phone it."""

    organisation = models.OneToOneField(Organisation, on_delete=models.CASCADE, related_name="profile")
    phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)
    website = models.URLField(max_length=500, blank=True)
    description = models.TextField(blank=True)
    kept_by = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="providers_kept",
        help_text="Whose admins keep its listings while it has no account; empty: any health organisation's.",
    )
    feed = models.ForeignKey(Feed, on_delete=models.PROTECT, null=True, blank=True, related_name="providers")
    external_id = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = _known_by_feed("provider")

    def __str__(self) -> str:
        return str(self.organisation)


class Location(models.Model):
    """A place where support is given. Null means not recorded: ask, never assume."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="locations")
    name = models.CharField(max_length=200)
    address = models.TextField(blank=True)
    postcode = models.CharField(max_length=8, blank=True, help_text="Empty only where a feed does not say.")
    latitude = models.FloatField(null=True, blank=True, help_text="Degrees; empty: by the postcode's district.")
    longitude = models.FloatField(null=True, blank=True)
    step_free = models.BooleanField(null=True, blank=True)
    hearing_support = models.BooleanField(null=True, blank=True)
    sight_support = models.BooleanField(null=True, blank=True)
    feed = models.ForeignKey(Feed, on_delete=models.PROTECT, null=True, blank=True, related_name="locations")
    external_id = models.CharField(max_length=200, blank=True)
    extra = models.JSONField(default=dict, blank=True, help_text="What a feed says that has no field here.")

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            *_known_by_feed("location"),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None)
                | Q(latitude__isnull=False, longitude__isnull=False)
                & Q(latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180),
                name="location_on_the_globe",
                violation_error_message=_("Latitude is from -90 to 90 and longitude from -180 to 180 degrees."),
            ),
            models.CheckConstraint(
                condition=~Q(postcode="") | Q(feed__isnull=False),
                name="location_has_a_postcode",
                violation_error_message=_("Enter a postcode."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.postcode}" if self.postcode else self.name

    @property
    def point(self) -> Point | None:
        """Where it is: as recorded, else the middle of its postcode's district; None where that is not known."""
        if self.latitude is not None and self.longitude is not None:
            return Point(self.latitude, self.longitude)
        district = locate(self.postcode)
        return district.point if district else None
