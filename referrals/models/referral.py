"""The referral: one person, one offer; its events and its outcome."""

from django.db import models
from django.db.models import Q

from accounts.append_only import AppendOnly
from accounts.clock import now
from accounts.ids import new_id
from accounts.models import Membership, Organisation, Team
from accounts.permissions import Role
from accounts.wording import gettext_lazy as _
from accounts.wording import pgettext_lazy
from directory.models import SupportOffer
from people.models import Consent, ServiceUser
from referrals.lifecycle import OPEN, Status
from referrals.states import STATUS_CHOICES
from screening.models import Need

_OPEN = sorted(status.value for status in OPEN)


def seen_by_organisation(organisation_id: object) -> Q:
    """The referrer's organisation, and the provider's once it has been sent. What was entered in error was perhaps
    about the wrong person: the provider never sees it again."""
    sent = ~Q(sent_at=None) & ~Q(status=Status.ENTERED_IN_ERROR)
    return Q(referring_team__organisation_id=organisation_id) | Q(provider_id=organisation_id) & sent


class ReferralQuerySet(models.QuerySet):
    def visible_to(self, membership: Membership) -> "ReferralQuerySet":
        """The referring team (its organisation for an admin), and the provider once it has been sent.

        What was entered in error was perhaps about the wrong person: the provider never sees it again.
        """
        sent = ~Q(sent_at=None) & ~Q(status=Status.ENTERED_IN_ERROR)
        if membership.role == Role.CLINICIAN:
            return self.filter(referring_team_id=membership.team_id)
        if membership.role == Role.ADMIN:
            return self.filter(seen_by_organisation(membership.organisation_id))
        return self.filter(
            Q(provider_id=membership.organisation_id) & sent | Q(created_by__team_id=membership.team_id)
        )

    def open(self) -> "ReferralQuerySet":
        return self.filter(status__in=_OPEN)

    def counted(self) -> "ReferralQuerySet":
        """What lists and reports count: never what was entered in error."""
        return self.exclude(status=Status.ENTERED_IN_ERROR)


class Referral(models.Model):
    """A request that a provider help with agreed needs.

    `status`, `action_with` and `due_on` change only through `referrals.actions`, by compare-and-swap on
    `version`. `shared` is the snapshot of what the person agreed the provider may know.
    """

    class ActionWith(models.TextChoices):
        REFERRER = "referrer", _("The referrer")
        PROVIDER = "provider", _("The provider")
        COORDINATOR = "coordinator", _("A coordinator")
        PERSON = "person", _("The person")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    service_user = models.ForeignKey(ServiceUser, on_delete=models.CASCADE, related_name="referrals")
    referring_team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="referrals_made")
    offer = models.ForeignKey(SupportOffer, on_delete=models.PROTECT, related_name="referrals")
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="referrals_received")
    provider_team = models.ForeignKey(
        Team,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="referrals_received",
        help_text="Whose queue it is in; empty: a provider without an account, whose word staff record.",
    )
    needs = models.ManyToManyField(Need, related_name="referrals")
    previous = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="rerouted_to"
    )

    status = models.CharField(max_length=20, choices=STATUS_CHOICES)
    version = models.PositiveIntegerField(default=1, editable=False)
    action_with = models.CharField(max_length=12, choices=ActionWith, blank=True)
    due_on = models.DateField(null=True, blank=True)
    clock = models.CharField(max_length=20, blank=True, help_text="Which clock `due_on` belongs to.")
    clock_left = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Working days left on the decision clock while it is stopped."
    )

    kind = models.CharField(max_length=40, help_text="The support code that was asked for.")
    asked_for = models.TextField(blank=True, help_text="What is asked of the provider, in plain words.")
    goal = models.CharField(max_length=300, blank=True, help_text="The person's own goal.")
    shared = models.JSONField(default=dict, help_text="What the provider is told of the person.")
    adjustments = models.JSONField(
        null=True, blank=True, help_text="Adjustment support codes that travel along; null: not said yet."
    )
    preferred_channel = models.CharField(max_length=20, blank=True)
    fallback_channel = models.CharField(max_length=20, blank=True)
    warm_handover = models.BooleanField(default=False)
    urgent = models.BooleanField(default=False)
    safeguarding = models.BooleanField(default=False)
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, null=True, blank=True, related_name="referrals")
    named_worker = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="referrals_worked"
    )
    kept_by = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="referrals_kept",
        help_text="Who looks after it on the referrer's side; empty: the team, until somebody is chosen.",
    )
    expected_on = models.DateField(null=True, blank=True, help_text="When a place is expected, if waiting.")

    created_at = models.DateTimeField(default=now, editable=False)
    created_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    first_contact_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "id"]
        indexes = [
            models.Index(fields=["provider", "status", "due_on"], name="referral_provider_queue"),
            models.Index(fields=["referring_team", "status", "due_on"], name="referral_referrer_list"),
            models.Index(fields=["service_user", "-id"], name="referral_of_person"),
            models.Index(fields=["due_on", "id"], condition=Q(status__in=_OPEN), name="referral_overdue"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=sorted(s.value for s in Status)),
                name="referral_status_known",
                violation_error_message=_("This is not a state that a referral can be in."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=_OPEN, due_on__isnull=False) & ~Q(action_with="")
                | ~Q(status__in=_OPEN) & Q(due_on=None, action_with=""),
                name="referral_open_has_owner_and_day",
                violation_error_message=_("An open referral has somebody whose move it is, and a day."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=_OPEN, ended_at=None) | ~Q(status__in=_OPEN) & Q(ended_at__isnull=False),
                name="referral_ended_has_time",
                violation_error_message=_("A referral that has ended has the time that it did."),
            ),
            models.UniqueConstraint(
                "service_user",
                "offer",
                condition=Q(status__in=_OPEN),
                name="referral_open_once_an_offer",
                violation_error_message=_("This person already has an open referral to this offer."),
            ),
        ]

    def __str__(self) -> str:
        return f"Referral to {self.offer}"

    @property
    def is_open(self) -> bool:
        return self.status in _OPEN


class ReferralEvent(AppendOnly):
    """One step as it was taken: from, to, who, when it happened, when it was recorded, why, and by what way."""

    class Source(models.TextChoices):
        SCREEN = "screen", pgettext_lazy("where it was written down", "Screen")
        API = "api", _("API")
        PARTNER_LINK = "partner_link", _("Partner link")
        PHONED_IN = "phoned_in", _("Phoned in")
        LETTER = "letter", _("Letter reply")
        JOB = "job", _("Job")

    id = models.BigAutoField(primary_key=True)
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="events")
    step = models.CharField(max_length=20)
    from_status = models.CharField(max_length=20, blank=True)
    to_status = models.CharField(max_length=20)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    role = models.CharField(max_length=20, blank=True)
    side = models.CharField(max_length=10, blank=True)
    happened_at = models.DateTimeField(default=now)
    recorded_at = models.DateTimeField(default=now, editable=False)
    reason_code = models.CharField(max_length=40, blank=True)
    words = models.TextField(blank=True)
    evidence = models.JSONField(default=dict)
    source = models.CharField(max_length=12, choices=Source, default=Source.SCREEN)
    link = models.ForeignKey(
        "referrals.PartnerLink",
        on_delete=models.RESTRICT,
        null=True,
        related_name="events",
        help_text="By whose holder the step was taken, where nobody was signed in.",
    )

    class Meta:
        ordering = ["recorded_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(by__isnull=False, link=None)
                | Q(by=None, source="job", link=None)
                | Q(by=None, source="partner_link", link__isnull=False),
                name="referral_event_has_somebody",
                violation_error_message=_(
                    "Only a job acts without a person, or a link for the provider it is of."
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.step}: {self.from_status} → {self.to_status}"


class Outcome(AppendOnly):
    """What came of a referral, and whose word that is. "Closed" and "the person says it helped" are two facts.

    A reopened referral keeps its earlier outcome; the newest counts.
    """

    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="outcomes")
    outcome = models.CharField(max_length=30)
    whose_word = models.CharField(max_length=20)
    heard_by = models.CharField(
        max_length=20, blank=True, help_text="How that word came: by phone, on a reply slip, face to face."
    )
    words = models.TextField(blank=True)
    recorded_at = models.DateTimeField(default=now, editable=False)
    recorded_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["recorded_at", "id"]

    def __str__(self) -> str:
        return self.outcome


class NeedOutcome(AppendOnly):
    """What the provider says it gave for one need. The need stays open until a review or the person says so."""

    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="need_outcomes")
    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="outcomes")
    outcome = models.CharField(max_length=30)
    recorded_at = models.DateTimeField(default=now, editable=False)
    recorded_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, related_name="+", help_text="Empty: by a partner link."
    )

    class Meta:
        ordering = ["recorded_at", "id"]

    def __str__(self) -> str:
        return self.outcome
