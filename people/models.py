"""The service users, how they may be reached, and what they agreed to share."""

from datetime import date
from typing import cast

from django.db import models
from django.db.models import F, Q

from accounts import clock
from accounts.append_only import AppendOnly, AppendOnlyQuerySet
from accounts.ids import new_id
from accounts.models import Membership, Organisation, Team
from accounts.permissions import Role
from people.consenting import Statement, in_force
from people.contact_plan import Plan


class ServiceUserQuerySet(models.QuerySet):
    def visible_to(self, membership: Membership) -> "ServiceUserQuerySet":
        """A clinician's team's caseload; an admin's organisation. A support worker sees a person only
        through a referral, which carries what was agreed to be shared."""
        if membership.role == Role.CLINICIAN:
            return self.filter(team_id=membership.team_id)
        if membership.role == Role.ADMIN:
            return self.filter(team__organisation_id=membership.organisation_id)
        return self.none()

    def on_caseload(self, day: date) -> "ServiceUserQuerySet":
        return self.filter(on_caseload_since__lte=day).filter(
            Q(left_caseload_on=None) | Q(left_caseload_on__gt=day)
        )


class ServiceUser(models.Model):
    """The person supported. No login, no password; every field is missing until somebody knows it."""

    class PauseReason(models.TextChoices):
        IN_HOSPITAL = "in_hospital", "In hospital"
        CRISIS = "crisis", "In a crisis"
        ASKED_TO_WAIT = "asked_to_wait", "Asked us to wait"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="service_users")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="service_users")
    version = models.PositiveIntegerField(
        default=1, editable=False, help_text="One more with each change of the facts below."
    )

    name = models.CharField("full name", max_length=200)
    preferred_name = models.CharField(max_length=200, blank=True)
    pronouns = models.CharField(max_length=40, blank=True)
    date_of_birth = models.DateField(null=True, blank=True)
    nhs_number = models.CharField("NHS number", max_length=10, null=True, blank=True)
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
                name="service_user_nhs_number_once",
                violation_error_message="Somebody with this NHS number is already recorded.",
            ),
            models.UniqueConstraint(
                "organisation",
                "local_number",
                name="service_user_local_number_once",
                violation_error_message="Somebody with this local number is already recorded.",
            ),
            models.CheckConstraint(
                condition=Q(nhs_number=None) | Q(nhs_number__regex=r"^[0-9]{10}$"),
                name="service_user_nhs_number_ten_digits",
                violation_error_message="An NHS number has 10 digits.",
            ),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="service_user_has_a_name",
                violation_error_message="Enter a name.",
            ),
            models.CheckConstraint(
                condition=Q(paused_at=None, paused_by=None, pause_reason="", pause_review_on=None)
                | Q(paused_at__isnull=False, paused_by__isnull=False, pause_review_on__isnull=False)
                & ~Q(pause_reason=""),
                name="service_user_pause_whole",
                violation_error_message="A pause needs a reason and a day to look at it again.",
            ),
            models.CheckConstraint(
                condition=Q(left_caseload_on=None) | Q(left_caseload_on__gte=F("on_caseload_since")),
                name="service_user_leaves_after_joining",
                violation_error_message="A person cannot leave the caseload before joining it.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def called(self) -> str:
        """What staff and messages call the person."""
        return self.preferred_name or self.name


class ContactPlanQuerySet(AppendOnlyQuerySet):
    def current_for(self, service_user: ServiceUser) -> "ContactPlan | None":
        return cast("ContactPlan | None", self.filter(service_user=service_user).order_by("-number").first())

    def visible_to(self, membership: Membership) -> "ContactPlanQuerySet":
        return self.filter(service_user__in=ServiceUser.objects.visible_to(membership))


class ContactPlan(AppendOnly):
    """How, when and through whom it is safe to reach someone. The newest row counts; no row means no contact.

    Each plan follows the one that its maker saw: of two made from the same one, the second is refused by
    the constraint on `number`.
    """

    class Source(models.TextChoices):
        SCREENING = "screening", "A screening"
        STAFF = "staff", "Changed by staff"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    service_user = models.ForeignKey(ServiceUser, on_delete=models.CASCADE, related_name="contact_plans")
    number = models.PositiveIntegerField(help_text="1 for the person's first plan.")
    answered = models.BooleanField(help_text="The person was asked about safe contact and answered.")
    allowed = models.JSONField(default=list, help_text="Channels the person named, less those to avoid.")
    automatic = models.BooleanField(help_text="Messages may be sent without a person looking first.")
    automatic_reason = models.CharField(max_length=40, blank=True, help_text="Why not, as a code.")
    voicemail = models.BooleanField(null=True, help_text="May a voicemail be left? Null: not asked, so no.")
    hours_from = models.TimeField(null=True, blank=True)
    hours_to = models.TimeField(null=True, blank=True)
    weekdays = models.JSONField(null=True, blank=True, help_text="Monday is 0. Null: any day.")
    preferred = models.CharField(max_length=20, blank=True)
    fallback = models.CharField(max_length=20, blank=True)
    may_name_service = models.BooleanField(default=False)
    via_person = models.CharField(max_length=200, blank=True, help_text="Somebody the person trusts.")
    source = models.CharField(max_length=20, choices=Source)
    source_id = models.CharField(max_length=40, blank=True)
    reason = models.TextField(blank=True)
    made_at = models.DateTimeField(default=clock.now, editable=False)
    made_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")

    objects = ContactPlanQuerySet.as_manager()  # type: ignore[misc]  # more than the base's, never less

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "service_user",
                "number",
                name="contact_plan_follows_the_last",
                violation_error_message="Somebody else has just changed this contact plan.",
            ),
            models.CheckConstraint(
                condition=Q(answered=True) | Q(automatic=False),
                name="contact_plan_unanswered_is_not_automatic",
                violation_error_message="Nothing is sent automatically until safe contact has been asked about.",
            ),
            models.CheckConstraint(
                condition=Q(hours_from=None, hours_to=None) | Q(hours_from__lt=F("hours_to")),
                name="contact_plan_hours_in_order",
                violation_error_message="The hours must run from earlier to later.",
            ),
        ]

    def __str__(self) -> str:
        return f"Contact plan of {self.made_at:%d %b %Y}"

    @property
    def plan(self) -> Plan:
        return Plan(
            allowed=frozenset(self.allowed),
            automatic=self.automatic,
            reason=self.automatic_reason or None,
            answered=self.answered,
            voicemail=self.voicemail,
            hours=(self.hours_from, self.hours_to) if self.hours_from and self.hours_to else None,
            weekdays=None if self.weekdays is None else frozenset(self.weekdays),
            may_name_service=self.may_name_service,
            preferred=self.preferred,
            fallback=self.fallback,
            via_person=self.via_person,
        )


class ConsentQuerySet(models.QuerySet["Consent"]):
    def in_force(self, *, service_user: ServiceUser, provider: Organisation, day: date) -> "ConsentQuerySet":
        """The one row, if any, that lets `provider` be told about the person on `day`."""
        rows = self.filter(Q(provider=provider) | Q(provider=None), service_user=service_user)
        standing = in_force([row.statement for row in rows.order_by("given_at", "id")], day)
        return self.filter(pk=standing.id) if standing else self.none()

    def visible_to(self, membership: Membership) -> "ConsentQuerySet":
        return self.filter(service_user__in=ServiceUser.objects.visible_to(membership))


class Consent(models.Model):
    """Dated evidence of what a person said about sharing: whose words, which wording, for whom, until when.

    "Ask me each time" alone lets nobody be told: each provider needs a row of its own that names it.
    """

    class Choice(models.TextChoices):
        YES = "yes", "Yes"
        ASK_EACH = "ask_each", "Yes, but ask me each time"
        NO = "no", "Not now"

    class How(models.TextChoices):
        SPOKEN = "spoken", "Said so, face to face"
        PHONE = "phone", "Said so, by phone"
        SIGNED = "signed", "Signed on paper"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    service_user = models.ForeignKey(ServiceUser, on_delete=models.CASCADE, related_name="consents")
    choice = models.CharField(max_length=10, choices=Choice)
    provider = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Empty: any provider.",
    )
    how = models.CharField(max_length=10, choices=How)
    wording = models.CharField(max_length=60, help_text="Definition and version whose words were used.")
    given_at = models.DateTimeField(default=clock.now)
    recorded_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    expires_on = models.DateField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_how = models.CharField(max_length=200, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["service_user", "-given_at"], name="consent_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None, withdrawn_how="")
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_how=""),
                name="consent_withdrawal_whole",
                violation_error_message="Say who recorded the withdrawal and how the person said so.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_choice_display()}, {self.given_at:%d %b %Y}"

    @property
    def statement(self) -> Statement:
        return Statement(
            id=self.pk,
            choice=self.choice,
            names_provider=self.provider_id is not None,
            given_at=self.given_at,
            expires_on=self.expires_on,
            withdrawn_at=self.withdrawn_at,
        )
