"""Screenings with their responses, frozen when submitted."""

from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.ids import new_id
from accounts.models import Membership, Team
from people.models import ServiceUser, seen_by
from screening import questionnaire


def whole(through: str = "") -> Q:
    """What it takes for somebody to count as screened: a screening that was finished, in full or the short form.

    One that stopped because of distress is not whole, and a review of how things went is no screening. `through`:
    the path to the screening, such as "screenings__".
    """
    screenings = {"status": Screening.Status.SUBMITTED, "definition__in": questionnaire.screening_ids()}
    return Q(**{f"{through}{name}": value for name, value in screenings.items()})


class ScreeningQuerySet(models.QuerySet):
    def visible_to(self, membership: Membership) -> "ScreeningQuerySet":
        return self.filter(seen_by(membership, "service_user__"))

    def drafts(self) -> "ScreeningQuerySet":
        return self.filter(status=Screening.Status.DRAFT)

    def submitted(self) -> "ScreeningQuerySet":
        """The screenings that count, anywhere: with a result, neither corrected since nor recorded in error."""
        return self.filter(status__in=COUNTS)

    def whole(self) -> "ScreeningQuerySet":
        return self.filter(whole())

    def before(self, screening: "Screening") -> "ScreeningQuerySet":
        """Those of the same person that count and were submitted before `screening`, the newest first."""
        return self._of_person(screening).filter(submitted_at__lt=screening.submitted_at).order_by("-submitted_at")

    def after(self, screening: "Screening") -> "ScreeningQuerySet":
        """Those that were submitted after it, the oldest first."""
        return self._of_person(screening).filter(submitted_at__gt=screening.submitted_at).order_by("submitted_at")

    def _of_person(self, screening: "Screening") -> "ScreeningQuerySet":
        return self.submitted().filter(service_user=screening.service_user_id)


class Screening(models.Model):
    """One sitting with one version of a questionnaire; kept with that version for ever.

    `responses` maps an item's code to {"value": …} or {"state": …, "reason": …}, each with "at" (ISO time) and
    "v" (the version of the screening that it came with); screening/responses.py reads and merges them.
    `result` is what `scoring.score` gave when it was submitted, and is never worked out again.

    A correction is a row of its own with the dates of the sitting that it `corrects`: once it is submitted, it
    counts in the other's place, and the other is superseded.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Being filled in")
        SUBMITTED = "submitted", _("Submitted")
        PAUSED = "paused", _("Stopped: distress now")
        SUPERSEDED = "superseded", _("Corrected since")
        VOID = "void", _("Recorded in error")

    class Form(models.TextChoices):
        FULL = "full", _("All questions")
        SHORT = "short", _("Short form")

    class AnsweredBy(models.TextChoices):
        PERSON = "person", _("The person")
        WITH_HELP = "with_help", _("The person, with help")
        FROM_PAPER = "from_paper", _("Staff, from paper")

    class How(models.TextChoices):
        FACE_TO_FACE = "face_to_face", _("Face to face")
        PHONE = "phone", _("Phone")
        VIDEO = "video", _("Video")

    class Interpreter(models.TextChoices):
        """Nothing recorded is "", and never reads as "none was needed"."""

        NONE = "none", _("No interpreter")
        HELPED = "helped", _("An interpreter helped")
        ABSENT = "absent", _("Wanted, but not there")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    service_user = models.ForeignKey(ServiceUser, on_delete=models.CASCADE, related_name="screenings")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="screenings")
    definition = models.CharField(max_length=60)
    definition_version = models.CharField(max_length=20)
    form = models.CharField(max_length=10, choices=Form, default=Form.FULL)
    answered_by = models.CharField(max_length=12, choices=AnsweredBy, default=AnsweredBy.PERSON)
    how = models.CharField(max_length=12, choices=How, default=How.FACE_TO_FACE)
    helped_by = models.CharField(max_length=200, blank=True, help_text="Who helped the person, in words.")
    interpreter = models.CharField(max_length=10, choices=Interpreter, blank=True)
    interpreter_language = models.CharField(max_length=60, blank=True)
    on_paper_on = models.DateField(null=True, blank=True, help_text="The day that a paper form was filled in.")
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    version = models.PositiveIntegerField(default=1, editable=False)
    responses = models.JSONField(default=dict)
    goal_in_words = models.CharField(max_length=300, blank=True, help_text="The person's own words, never logged.")
    goal_version = models.PositiveIntegerField(
        default=0, editable=False, help_text="The version of the screening that the words came with."
    )
    result = models.JSONField(null=True, editable=False)
    scoring_version = models.CharField(max_length=20, blank=True, editable=False)
    started_at = models.DateTimeField(default=clock.now)
    started_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(null=True, editable=False)
    submitted_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    voided_at = models.DateTimeField(null=True, editable=False)
    voided_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    void_reason = models.TextField(blank=True)
    corrects = models.ForeignKey(
        "self", on_delete=models.RESTRICT, null=True, editable=False, related_name="corrections"
    )
    correction_reason = models.CharField(max_length=300, blank=True)
    corrected_at = models.DateTimeField(null=True, editable=False, help_text="When the correction was submitted.")

    objects = ScreeningQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "-id"]
        indexes = [
            models.Index(fields=["service_user", "-submitted_at"], name="screening_newest"),
            models.Index(fields=["team", "submitted_at"], name="screening_by_team"),
            models.Index(fields=["submitted_at"], name="screening_by_time"),
            models.Index(fields=["voided_at"], condition=Q(status="void"), name="screening_void_by_time"),
        ]
        constraints = [
            models.UniqueConstraint(
                "service_user",
                "definition",
                condition=Q(status="draft", corrects=None),
                name="screening_one_draft_a_person",
                violation_error_message=_("This person already has a screening that is being filled in."),
            ),
            models.CheckConstraint(
                condition=Q(status="draft", submitted_at=None, submitted_by=None, result=None)
                | Q(
                    status__in=["submitted", "paused", "superseded"],
                    submitted_at__isnull=False,
                    submitted_by__isnull=False,
                    result__isnull=False,
                )
                & ~Q(scoring_version="")
                | Q(status="void"),
                name="screening_submitted_has_result",
                violation_error_message=_("A submitted screening has a result, a time and a person."),
            ),
            models.CheckConstraint(
                condition=Q(status="void", voided_at__isnull=False, voided_by__isnull=False) & ~Q(void_reason="")
                | ~Q(status="void") & Q(voided_at=None, voided_by=None, void_reason=""),
                name="screening_void_has_reason",
                violation_error_message=_("Say why the screening was recorded in error."),
            ),
            models.UniqueConstraint(
                "corrects",
                condition=~Q(status="void"),
                name="screening_corrected_once",
                violation_error_message=_("Somebody is correcting this screening already, or has corrected it."),
            ),
            models.CheckConstraint(
                condition=Q(corrects=None, correction_reason="", corrected_at=None)
                | Q(corrects__isnull=False) & ~Q(correction_reason="") & ~Q(corrects=F("id")),
                name="screening_correction_has_reason",
                violation_error_message=_("Say what was wrong."),
            ),
            models.CheckConstraint(
                condition=Q(corrects=None)
                | Q(status="draft", corrected_at=None)
                | Q(status__in=["submitted", "paused", "superseded"], corrected_at__isnull=False)
                | Q(status="void"),
                name="screening_correction_has_its_time",
                violation_error_message=_("A correction that was submitted has its time."),
            ),
            models.CheckConstraint(
                condition=Q(helped_by="") | Q(answered_by="with_help"),
                name="screening_helper_only_with_help",
                violation_error_message=_("Say who helped only where the person had help."),
            ),
            models.CheckConstraint(
                condition=Q(interpreter="helped") & ~Q(interpreter_language="")
                | Q(interpreter="absent")
                | Q(interpreter__in=["", "none"], interpreter_language=""),
                name="screening_interpreter_has_language",
                violation_error_message=_("Say which language the interpreter spoke."),
            ),
        ]

    def __str__(self) -> str:
        return f"Screening of {self.started_at:%d %b %Y}"

    @property
    def is_draft(self) -> bool:
        return self.status == self.Status.DRAFT

    @property
    def counts(self) -> bool:
        return self.status in COUNTS

    @property
    def correction(self) -> "Screening | None":
        """The one that corrects this one, finished or still open."""
        return self.corrections.exclude(status=self.Status.VOID).select_related("started_by__user").first()

    @property
    def versions(self) -> list[UUID]:
        """Its own id and those of what it corrects: what was made owed by the first is owed by the last."""
        earlier = self.corrects.versions if self.corrects else []
        return [self.pk, *earlier]


COUNTS = (Screening.Status.SUBMITTED, Screening.Status.PAUSED)
