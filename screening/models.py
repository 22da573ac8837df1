"""Screenings with their responses, frozen when submitted, and the needs they raised."""

from django.db import models
from django.db.models import Q

from accounts import clock
from accounts.append_only import AppendOnly
from accounts.ids import new_id
from accounts.models import Membership, Team
from people.models import ServiceUser


class ScreeningQuerySet(models.QuerySet):
    def visible_to(self, membership: Membership) -> "ScreeningQuerySet":
        return self.filter(service_user__in=ServiceUser.objects.visible_to(membership))

    def drafts(self) -> "ScreeningQuerySet":
        return self.filter(status=Screening.Status.DRAFT)

    def submitted(self) -> "ScreeningQuerySet":
        """Screenings with a result: finished, or stopped because of distress now."""
        return self.filter(status__in=[Screening.Status.SUBMITTED, Screening.Status.PAUSED])


class Screening(models.Model):
    """One sitting with one version of a questionnaire; kept with that version for ever.

    `responses` maps an item's code to {"value": …} or {"state": …, "reason": …}, each with "at" (ISO time) and
    "v" (the version of the screening that it came with); screening/responses.py reads and merges them.
    `result` is what `scoring.score` gave when it was submitted, and is never worked out again.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", "Being filled in"
        SUBMITTED = "submitted", "Submitted"
        PAUSED = "paused", "Stopped: distress now"
        VOID = "void", "Recorded in error"

    class Form(models.TextChoices):
        FULL = "full", "All questions"
        SHORT = "short", "Short form"

    class AnsweredBy(models.TextChoices):
        PERSON = "person", "The person"
        WITH_HELP = "with_help", "The person, with help"
        FROM_PAPER = "from_paper", "Staff, from paper"

    class How(models.TextChoices):
        FACE_TO_FACE = "face_to_face", "Face to face"
        PHONE = "phone", "Phone"
        VIDEO = "video", "Video"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    service_user = models.ForeignKey(ServiceUser, on_delete=models.CASCADE, related_name="screenings")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="screenings")
    definition = models.CharField(max_length=60)
    definition_version = models.CharField(max_length=20)
    form = models.CharField(max_length=10, choices=Form, default=Form.FULL)
    answered_by = models.CharField(max_length=12, choices=AnsweredBy, default=AnsweredBy.PERSON)
    how = models.CharField(max_length=12, choices=How, default=How.FACE_TO_FACE)
    on_paper_on = models.DateField(null=True, blank=True, help_text="The day that a paper form was filled in.")
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    version = models.PositiveIntegerField(default=1, editable=False)
    responses = models.JSONField(default=dict)
    result = models.JSONField(null=True, editable=False)
    scoring_version = models.CharField(max_length=20, blank=True, editable=False)
    started_at = models.DateTimeField(default=clock.now)
    started_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(null=True, editable=False)
    submitted_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    voided_at = models.DateTimeField(null=True, editable=False)
    voided_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    void_reason = models.TextField(blank=True)

    objects = ScreeningQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "-id"]
        indexes = [
            models.Index(fields=["service_user", "-submitted_at"], name="screening_newest"),
            models.Index(fields=["team", "submitted_at"], name="screening_by_team"),
        ]
        constraints = [
            models.UniqueConstraint(
                "service_user",
                "definition",
                condition=Q(status="draft"),
                name="screening_one_draft_a_person",
                violation_error_message="This person already has a screening that is being filled in.",
            ),
            models.CheckConstraint(
                condition=Q(status="draft", submitted_at=None, submitted_by=None, result=None)
                | Q(
                    status__in=["submitted", "paused"],
                    submitted_at__isnull=False,
                    submitted_by__isnull=False,
                    result__isnull=False,
                )
                & ~Q(scoring_version="")
                | Q(status="void"),
                name="screening_submitted_has_result",
                violation_error_message="A submitted screening has a result, a time and a person.",
            ),
            models.CheckConstraint(
                condition=Q(status="void", voided_at__isnull=False, voided_by__isnull=False) & ~Q(void_reason="")
                | ~Q(status="void") & Q(voided_at=None, voided_by=None, void_reason=""),
                name="screening_void_has_reason",
                violation_error_message="Say why the screening was recorded in error.",
            ),
        ]

    def __str__(self) -> str:
        return f"Screening of {self.started_at:%d %b %Y}"

    @property
    def is_draft(self) -> bool:
        return self.status == self.Status.DRAFT


class NeedQuerySet(models.QuerySet):
    def visible_to(self, membership: Membership) -> "NeedQuerySet":
        return self.filter(service_user__in=ServiceUser.objects.visible_to(membership))

    def open(self) -> "NeedQuerySet":
        return self.filter(resolved_at=None, carried_to=None).exclude(screening__status=Screening.Status.VOID)


class Need(models.Model):
    """One concrete thing that answers raised, and what the person decided about it.

    A later screening that raises the same need carries it on: the earlier row points at the later one.
    A later screening that asked, and no longer raises it, resolves it. Nothing else closes a need.
    """

    class Decision(models.TextChoices):
        UNDECIDED = "undecided", "Not talked about yet"
        AGREED = "agreed", "Agreed"
        NOT_NOW = "not_now", "Not now"
        DECLINED = "declined", "Declined"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    screening = models.ForeignKey(Screening, on_delete=models.CASCADE, related_name="needs")
    service_user = models.ForeignKey(ServiceUser, on_delete=models.CASCADE, related_name="needs")
    code = models.CharField(max_length=30)
    because = models.JSONField(default=list, help_text="Codes of the items whose answers raised it.")
    decision = models.CharField(max_length=10, choices=Decision, default=Decision.UNDECIDED)
    decided_at = models.DateTimeField(null=True, editable=False)
    decided_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    decision_reason = models.CharField(max_length=300, blank=True)
    resolved_at = models.DateTimeField(null=True, editable=False)
    resolved_by_screening = models.ForeignKey(
        Screening, on_delete=models.PROTECT, null=True, related_name="needs_resolved"
    )
    carried_to = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="carried_from")

    objects = NeedQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["service_user", "code"], name="need_by_person")]
        constraints = [
            models.UniqueConstraint("screening", "code", name="need_once_a_screening"),
            models.CheckConstraint(
                condition=Q(decision="undecided", decided_at=None, decided_by=None)
                | ~Q(decision="undecided") & Q(decided_at__isnull=False, decided_by__isnull=False),
                name="need_decision_has_time_and_person",
                violation_error_message="A decision is recorded with who recorded it and when.",
            ),
            models.CheckConstraint(
                condition=~Q(decision="declined") | ~Q(decision_reason=""),
                name="need_declined_has_reason",
                violation_error_message="Say why the person declined, in their words if you can.",
            ),
            models.CheckConstraint(
                condition=Q(resolved_at=None, resolved_by_screening=None)
                | Q(resolved_at__isnull=False, resolved_by_screening__isnull=False),
                name="need_resolved_by_a_screening",
                violation_error_message="A need is resolved by the screening that no longer raised it.",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class NeedDecision(AppendOnly):
    """Each decision about a need as it was made; the need itself holds the newest."""

    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="decisions")
    decision = models.CharField(max_length=10, choices=Need.Decision)
    reason = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(default=clock.now, editable=False)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return self.get_decision_display()
