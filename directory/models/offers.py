"""What a provider does, somewhere, for someone; and how each listing came to say what it says."""

from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.append_only import AppendOnly
from accounts.ids import new_id
from accounts.models import Membership, Organisation, Team
from directory.models.providers import Feed, Location, kept_by
from directory.weights import CONFIRM_AFTER_DAYS, HIDE_AFTER_DAYS


class SupportOfferQuerySet(models.QuerySet):
    def published(self) -> "SupportOfferQuerySet":
        return self.filter(withdrawn_at=None)

    def current(self, on: date) -> "SupportOfferQuerySet":
        """What may be found and matched: published, and confirmed not too long ago."""
        return self.published().exclude(_last_confirmed_before(on - timedelta(days=HIDE_AFTER_DAYS)))

    def hidden(self, on: date) -> "SupportOfferQuerySet":
        """Published, but unconfirmed for so long that nobody is shown it any more."""
        return self.published().filter(_last_confirmed_before(on - timedelta(days=HIDE_AFTER_DAYS)))

    def of_kind(self, kind: str) -> "SupportOfferQuerySet":
        """By the text of the list: the databases differ in JSON containment, and codes hold no quotes."""
        text = Cast("kinds", models.TextField())
        return self.alias(kinds_text=text).filter(kinds_text__contains=f'"{kind}"')

    def not_confirmed_since(self, day: date) -> "SupportOfferQuerySet":
        return self.filter(Q(verified_on=None) | Q(verified_on__lt=day))

    def to_confirm(self, on: date) -> "SupportOfferQuerySet":
        """Published, and due to be confirmed again; a new listing has as long as one just confirmed."""
        return self.published().filter(_last_confirmed_before(on - timedelta(days=CONFIRM_AFTER_DAYS)))

    def visible_to(self, membership: Membership) -> "SupportOfferQuerySet":
        """The directory is open to every health organisation; a provider sees what is its own."""
        if membership.organisation.kind == Organisation.Kind.HEALTH:
            return self
        return self.filter(provider_id=membership.organisation_id)

    def editable_by(self, membership: Membership) -> "SupportOfferQuerySet":
        """Those of the providers whose listings the membership keeps."""
        return self.filter(provider__in=kept_by(membership))


def _last_confirmed_before(day: date) -> Q:
    return Q(verified_on__lt=day) | Q(verified_on=None, listed_on__lt=day)


class SupportOffer(models.Model):
    """Something a provider does, somewhere, for someone. `kinds` and `formats` use the questionnaire's codes.

    Null and empty mean "not recorded" throughout, never "no". It changes only through `directory.actions`,
    by compare-and-swap on `version`, and each change leaves an `OfferChange`.
    """

    class Capacity(models.TextChoices):
        YES = "yes", _("Room now")
        WAITING_LIST = "waiting_list", _("Waiting list")
        FULL = "full", _("Full")
        NOT_KNOWN = "not_known", _("Not known")

    class Source(models.TextChoices):
        OWN = "own", _("Written here")
        FEED = "feed", _("From a feed")
        CSV = "csv", _("From a spreadsheet")

    class Withdrawn(models.TextChoices):
        ENDED = "ended", _("It has ended")
        MOVED = "moved", _("Somebody else does it now")
        DUPLICATE = "duplicate", _("It is listed twice")
        NOT_TRUE = "not_true", _("It was never as listed")
        GONE_FROM_FEED = "gone_from_feed", _("It is gone from the feed that it came from")
        OTHER = "other", _("Another reason")

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

    # What it is
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    kinds = models.JSONField(
        default=list, blank=True, help_text="Empty only from a feed, until somebody says what it is."
    )
    formats = models.JSONField(default=list, blank=True)

    # Where and when
    location = models.ForeignKey(Location, on_delete=models.PROTECT, null=True, blank=True, related_name="offers")
    serves = models.JSONField(
        default=list, blank=True, help_text="Outward postcodes, their letters, or boroughs; empty: anywhere."
    )
    remote = models.BooleanField(default=False, help_text="By phone or online.")
    at_home = models.BooleanField(default=False)
    schedule = models.CharField(max_length=200, blank=True, help_text="When, in words.")
    times = models.JSONField(
        default=list, blank=True, help_text="When, to compute with: see directory.opening. Empty: not recorded."
    )

    # For whom
    min_age = models.PositiveSmallIntegerField(null=True, blank=True)
    max_age = models.PositiveSmallIntegerField(null=True, blank=True)
    low_income_only = models.BooleanField(null=True, blank=True)
    benefits_only = models.BooleanField(null=True, blank=True)
    needs_diagnosis = models.BooleanField(
        null=True, blank=True, help_text="Whether it is only for people with a certain diagnosis."
    )
    languages = models.JSONField(default=list, blank=True)
    cost = models.CharField(max_length=100, blank=True, help_text='"free", or words; empty: not recorded.')
    warm_handover = models.BooleanField(
        null=True, blank=True, help_text="Whether somebody can go along the first time."
    )
    goes_along = models.CharField(max_length=200, blank=True, help_text="Who goes along, in words.")

    # Room and wait
    capacity = models.CharField(max_length=12, choices=Capacity, default=Capacity.NOT_KNOWN)
    wait_days = models.PositiveSmallIntegerField(null=True, blank=True, help_text="The provider's own word.")
    usual_wait_days = models.PositiveSmallIntegerField(
        null=True, editable=False, help_text="Middle of the waits of referrals made here."
    )
    usual_wait_of = models.PositiveIntegerField(default=0, editable=False, help_text="Of how many referrals.")
    usual_wait_on = models.DateField(null=True, editable=False, help_text="When that was worked out.")
    accepts_referrals = models.BooleanField(default=True)

    # For referrers; empty: as the provider's
    contact_name = models.CharField(max_length=200, blank=True)
    contact_phone = models.CharField(max_length=20, blank=True)
    contact_email = models.EmailField(blank=True)

    # Freshness, and where the listing came from
    listed_on = models.DateField(default=clock.today, editable=False)
    verified_on = models.DateField(null=True, blank=True)
    verified_by = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        help_text="Empty: never, or by the feed that it came from.",
    )
    source = models.CharField(max_length=4, choices=Source, default=Source.OWN, editable=False)
    feed = models.ForeignKey(Feed, on_delete=models.PROTECT, null=True, editable=False, related_name="offers")
    external_id = models.CharField(max_length=200, blank=True, editable=False)
    extra = models.JSONField(default=dict, editable=False, help_text="What a feed says that has no field here.")
    set_here = models.JSONField(
        default=list, editable=False, help_text="Fields that a person set here, which its feed no longer changes."
    )

    # The end
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawn_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    withdrawn_reason = models.CharField(max_length=14, choices=Withdrawn, blank=True, editable=False)
    withdrawn_words = models.CharField(max_length=300, blank=True, editable=False)
    goes_on = models.BooleanField(
        null=True, editable=False, help_text="Whether people already referred are seen to the end."
    )

    objects = SupportOfferQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        # The code of a violation is the field that the sentence belongs beside.
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "name"],
                condition=Q(withdrawn_at=None) & ~Q(source="feed"),
                name="offer_name_once_a_provider",
                violation_error_code="name",
                violation_error_message=_("This provider already has an offer of that name."),
            ),
            models.UniqueConstraint(
                fields=["feed", "external_id"],
                condition=~Q(external_id=""),
                name="offer_once_a_feed",
                violation_error_message=_("This feed has already given an offer under that id."),
            ),
            models.CheckConstraint(
                condition=Q(source="feed", feed__isnull=False) & ~Q(external_id="")
                | Q(source="csv")
                | Q(source="own", feed=None, external_id=""),
                name="offer_source_whole",
                violation_error_message=_("An offer from a feed has its feed and its id there."),
            ),
            models.CheckConstraint(
                condition=Q(external_id="") | Q(feed__isnull=False),
                name="offer_external_id_has_feed",
                violation_error_message=_("An id from elsewhere needs the feed it is from."),
            ),
            models.CheckConstraint(
                condition=Q(min_age=None) | Q(max_age=None) | Q(min_age__lte=F("max_age")),
                name="offer_ages_in_order",
                violation_error_code="max_age",
                violation_error_message=_("The lowest age must not be above the highest."),
            ),
            models.CheckConstraint(
                condition=Q(location__isnull=False) | Q(remote=True) | Q(at_home=True) | Q(source="feed"),
                name="offer_is_somewhere",
                violation_error_code="location",
                violation_error_message=_("Say where it is, or that it is by phone, online or at home."),
            ),
            models.CheckConstraint(
                condition=Q(capacity__in=["yes", "waiting_list", "full", "not_known"]),
                name="offer_capacity_known",
                violation_error_message=_("Choose how much room there is."),
            ),
            models.CheckConstraint(
                condition=Q(usual_wait_days=None) | Q(usual_wait_on__isnull=False, usual_wait_of__gt=0),
                name="offer_usual_wait_whole",
                violation_error_message=_("A usual wait says of how many referrals it is, and when."),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_reason="", withdrawn_by=None)
                | Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason=""),
                name="offer_withdrawn_has_reason",
                violation_error_message=_("Say why the offer ends."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_active(self) -> bool:
        return self.withdrawn_at is None

    def unconfirmed_days(self, on: date) -> int:
        """Days since it was last confirmed, or since it was listed if it never was."""
        return (on - (self.verified_on or self.listed_on)).days

    def is_late(self, on: date) -> bool:
        return self.unconfirmed_days(on) > CONFIRM_AFTER_DAYS

    def is_hidden(self, on: date) -> bool:
        return self.unconfirmed_days(on) > HIDE_AFTER_DAYS

    @property
    def lends(self) -> bool:
        """Whether it is of a kind that hands things over, which can be counted."""
        return not {"device", "own_handset", "data_sim"}.isdisjoint(self.kinds)

    @property
    def freshness(self) -> str:
        """ "hidden" or "late" today; "" where it was confirmed lately enough."""
        today = clock.today()
        return "hidden" if self.is_hidden(today) else "late" if self.is_late(today) else ""


class OfferChange(AppendOnly):
    """What changed in a listing, who changed it and when; for everyone who can see the offer.

    `fields` maps a field to [before, after]. Nobody in `by`: a feed, a spreadsheet, or a job.
    """

    class What(models.TextChoices):
        LISTED = "listed", _("Listed")
        EDITED = "edited", _("Changed")
        CONFIRMED = "confirmed", _("Confirmed")
        PAUSED = "paused", _("Marked as full")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        BROUGHT_BACK = "brought_back", _("Listed again")
        ASKED = "asked", _("Asked whether it is still true")
        HIDDEN = "hidden", _("Hidden: nobody has confirmed it")

    id = models.BigAutoField(primary_key=True)
    offer = models.ForeignKey(SupportOffer, on_delete=models.PROTECT, related_name="changes")
    what = models.CharField(max_length=12, choices=What)
    fields = models.JSONField(default=dict)
    version = models.PositiveIntegerField(help_text="Of the offer, after the change.")
    source = models.CharField(max_length=4, choices=SupportOffer.Source, default=SupportOffer.Source.OWN)
    at = models.DateTimeField(default=clock.now, editable=False)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["offer", "-at"], name="offer_change_of_offer")]

    def __str__(self) -> str:
        return f"{self.what} {self.at:%Y-%m-%d}"
