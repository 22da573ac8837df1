"""Readings of a feed: each a row that is the job, with its services one by one and what was odd in them."""

from datetime import datetime

from django.db import models
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.ids import new_id
from accounts.models import Membership
from directory.models.offers import SupportOffer
from directory.models.providers import Feed
from directory.openreferral.quirks import WORDS


class FeedReadingQuerySet(models.QuerySet):
    def visible_to(self, membership: Membership) -> "FeedReadingQuerySet":
        return self.filter(feed__organisation_id=membership.organisation_id)

    def going_on(self) -> "FeedReadingQuerySet":
        return self.filter(ended_at=None)

    def free(self, now: datetime) -> "FeedReadingQuerySet":
        """Going on, and in no worker's hands; a worker that was killed lets go when its lease ends."""
        return self.going_on().filter(Q(leased_until=None) | Q(leased_until__lte=now))


class FeedReading(models.Model):
    """One reading of a feed from its first page to the last offer; at most one of a feed goes on at a time.

    It goes through LISTING (pages of an address), TAKING (service by service) and CLOSING (what is gone).
    Only a reading that came so far makes an offer inactive. Nobody in `started_by`: by the clock or a command.
    """

    class Stage(models.TextChoices):
        LISTING = "listing", _("Reading the list")
        TAKING = "taking", _("Reading the services")
        CLOSING = "closing", _("Looking for what is gone")
        DONE = "done", _("Finished")
        FAILED = "failed", _("Stopped")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    feed = models.ForeignKey(Feed, on_delete=models.PROTECT, related_name="readings")
    stage = models.CharField(max_length=8, choices=Stage, default=Stage.LISTING)
    file_name = models.CharField(max_length=200, blank=True, help_text="Empty: read from the feed's address.")
    next_page = models.PositiveIntegerField(default=1)
    troubles = models.PositiveSmallIntegerField(default=0, help_text="Times in a row that nothing was fetched.")
    leased_until = models.DateTimeField(null=True)
    may_end_many = models.BooleanField(
        default=False, help_text="A person said that it is right that most of the feed's offers are gone."
    )
    started_at = models.DateTimeField(default=clock.now)
    started_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    why_failed = models.CharField(max_length=20, blank=True, help_text="A code of directory.importing.wording.")

    objects = FeedReadingQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["feed"],
                condition=Q(ended_at=None),
                name="one_reading_of_a_feed_at_a_time",
                violation_error_message=_("This feed is being read already."),
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, stage__in=["listing", "taking", "closing"], why_failed="")
                | Q(ended_at__isnull=False, stage="done", why_failed="")
                | Q(ended_at__isnull=False, stage="failed") & ~Q(why_failed=""),
                name="reading_ends_with_its_stage",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.feed} {self.started_at:%Y-%m-%d %H:%M}"

    @property
    def counts(self) -> dict[str, int]:
        """Services by what became of them."""
        return dict(self.services.order_by().values_list("fate").annotate(Count("pk")))


class FeedService(models.Model):
    """One service in one reading, and what became of it. What was received stays until it was read."""

    class Fate(models.TextChoices):
        WAITING = "waiting", _("Still to be read")
        ADDED = "added", _("Added")
        CHANGED = "changed", _("Changed")
        SAME = "same", _("As before")
        BACK = "back", _("Listed again")
        ENDED = "ended", _("Not offered, says the feed")
        GONE = "gone", _("Gone from the feed")
        REFUSED = "refused", _("Left out")

    id = models.BigAutoField(primary_key=True)
    reading = models.ForeignKey(FeedReading, on_delete=models.CASCADE, related_name="services")
    place = models.PositiveIntegerField(help_text="Its place in the feed, from 0.")
    external_id = models.CharField(max_length=200, blank=True)
    name = models.CharField(max_length=200, blank=True)
    received = models.JSONField(default=None, null=True)
    is_repeat = models.BooleanField(default=False, help_text="Another of the same id was changed later.")
    was_cleaned = models.BooleanField(default=False, help_text="Characters that are no text were taken out.")
    tries = models.PositiveSmallIntegerField(default=0)
    fate = models.CharField(max_length=8, choices=Fate, default=Fate.WAITING)
    offer = models.ForeignKey(SupportOffer, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(fields=["reading", "place"], name="one_service_at_a_place"),
        ]
        indexes = [models.Index(fields=["reading", "fate", "place"], name="service_of_reading_by_fate")]

    def __str__(self) -> str:
        return self.name or self.external_id


class FeedQuirk(models.Model):
    """Something odd in a service as it was received: where, what, and the value, cut short."""

    id = models.BigAutoField(primary_key=True)
    service = models.ForeignKey(FeedService, on_delete=models.CASCADE, related_name="quirks")
    path = models.CharField(max_length=300)
    code = models.CharField(max_length=30)
    value = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["service__place", "id"]
        indexes = [models.Index(fields=["code"], name="feed_quirk_by_code")]

    def __str__(self) -> str:
        return f"{self.path}: {self.code}"

    @property
    def words(self) -> str:
        return str(WORDS.get(self.code, self.code))
