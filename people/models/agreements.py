"""What was agreed with a person: how to reach them, and what may be shared with whom."""

from collections.abc import Iterable
from datetime import date
from typing import cast
from uuid import UUID

from django.db import models
from django.db.models import F, Q

from accounts import clock
from accounts.append_only import AppendOnly, AppendOnlyQuerySet
from accounts.ids import new_id
from accounts.models import Membership, Organisation
from accounts.wording import gettext_lazy as _
from people.consenting import Statement, in_force
from people.contact_plan import Plan
from people.models.service_user import ServiceUser, seen_by


class ContactPlanQuerySet(AppendOnlyQuerySet):
    def current_for(self, service_user: ServiceUser) -> "ContactPlan | None":
        return cast("ContactPlan | None", self.filter(service_user=service_user).order_by("-number").first())

    def current_of(self, people: Iterable[ServiceUser]) -> dict[UUID, "ContactPlan"]:
        """The newest plan of each, by the person's id; those who were never asked are left out."""
        rows = cast("Iterable[ContactPlan]", self.filter(service_user__in=list(people)).order_by("number"))
        return {row.service_user_id: row for row in rows}  # of one person the last, which is the newest

    def visible_to(self, membership: Membership) -> "ContactPlanQuerySet":
        return self.filter(seen_by(membership, "service_user__"))


class ContactPlan(AppendOnly):
    """How, when and through whom it is safe to reach someone. The newest row counts; no row means no contact.

    Each plan follows the one that its maker saw: of two made from the same one, the second is refused by
    the constraint on `number`.
    """

    class Source(models.TextChoices):
        SCREENING = "screening", _("A screening")
        STAFF = "staff", _("Changed by staff")
        MERGE = "merge", _("Two records of one person")

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
                violation_error_message=_("Somebody else has just changed this contact plan."),
            ),
            models.CheckConstraint(
                condition=Q(answered=True) | Q(automatic=False),
                name="contact_plan_unanswered_is_not_automatic",
                violation_error_message=_(
                    "Nothing is sent automatically until safe contact has been asked about."
                ),
            ),
            models.CheckConstraint(
                condition=Q(hours_from=None, hours_to=None) | Q(hours_from__lt=F("hours_to")),
                name="contact_plan_hours_in_order",
                violation_error_message=_("The hours must run from earlier to later."),
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
        return self.filter(seen_by(membership, "service_user__"))


class Consent(models.Model):
    """Dated evidence of what a person said about sharing: whose words, which wording, for whom, until when.

    "Ask me each time" alone lets nobody be told: each provider needs a row of its own that names it.
    """

    class Choice(models.TextChoices):
        YES = "yes", _("Yes")
        ASK_EACH = "ask_each", _("Yes, but ask me each time")
        NO = "no", _("Not now")

    class How(models.TextChoices):
        SPOKEN = "spoken", _("Said so, face to face")
        PHONE = "phone", _("Said so, by phone")
        SIGNED = "signed", _("Signed on paper")

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
                violation_error_message=_("Say who recorded the withdrawal and how the person said so."),
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
            provider=self.provider_id,
            given_at=self.given_at,
            expires_on=self.expires_on,
            withdrawn_at=self.withdrawn_at,
        )
