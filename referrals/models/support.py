"""What is done with the person during a referral: contacts, appointments, loans and notes."""

from django.db import models
from django.db.models import F, Q

from accounts import clock
from accounts.append_only import AppendOnly
from accounts.ids import new_id
from accounts.models import Membership
from accounts.wording import gettext_lazy as _
from referrals.models.partner import PartnerLink
from referrals.models.referral import Referral
from referrals.support_steps import AppointmentStatus, LoanStatus


class ContactAttempt(AppendOnly):
    """A try to reach the person, by whatever way. Only a contact both ways counts as reached."""

    class Channel(models.TextChoices):
        CALL = "call", _("Phone call")
        TEXT = "text", _("Text message")
        LETTER = "letter", _("Letter")
        EMAIL = "email", _("Email")
        VISIT = "visit", _("Visit or meeting")
        VIA = "via", _("Through someone they trust")

    class Result(models.TextChoices):
        SPOKE = "spoke", _("Spoke with the person")
        MET = "met", _("Met the person")
        REPLIED = "replied", _("The person replied")
        NO_ANSWER = "no_answer", _("No answer")
        VOICEMAIL = "voicemail", _("Left a voicemail")
        SENT = "sent", _("Sent, no reply yet")
        WRONG_NUMBER = "wrong_number", _("Wrong or dead number")

    REACHED = (Result.SPOKE, Result.MET, Result.REPLIED)

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="contact_attempts")
    channel = models.CharField(max_length=10, choices=Channel)
    result = models.CharField(max_length=20, choices=Result)
    happened_at = models.DateTimeField(default=clock.now)
    words = models.CharField(max_length=300, blank=True)
    recorded_at = models.DateTimeField(default=clock.now, editable=False)
    recorded_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["happened_at", "id"]

    def __str__(self) -> str:
        return f"{self.get_channel_display()}: {self.get_result_display()}"

    @property
    def reached(self) -> bool:
        return self.result in self.REACHED


class Appointment(models.Model):
    """A time agreed with the person. Missing one never changes a referral; a new time is a new row."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="appointments")
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(default=30)
    where = models.CharField(max_length=300)
    bring = models.CharField(max_length=300, blank=True)
    status = models.CharField(max_length=25, default="booked")
    version = models.PositiveIntegerField(default=1, editable=False)
    reason = models.CharField(max_length=300, blank=True)
    rearranged_from = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="rearranged_to"
    )
    created_at = models.DateTimeField(default=clock.now, editable=False)
    created_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    outcome_at = models.DateTimeField(null=True, editable=False)
    outcome_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    outcome_link = models.ForeignKey(
        PartnerLink,
        on_delete=models.RESTRICT,
        null=True,
        editable=False,
        related_name="+",
        help_text="Whose word it was, where a provider said so through its link: nobody of staff did.",
    )

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome_at=None, outcome_by=None, outcome_link=None, status="booked")
                | ~Q(status="booked")
                & Q(outcome_at__isnull=False)
                & (
                    Q(outcome_by__isnull=False, outcome_link=None) | Q(outcome_by=None, outcome_link__isnull=False)
                ),
                name="appointment_outcome_has_time_and_person",
                violation_error_message=_("What came of an appointment is recorded with who and when."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["attended", "late", "did_not_attend"])
                | Q(outcome_at__gte=F("starts_at")),
                name="appointment_no_outcome_before_it_starts",
                violation_error_message=_("This appointment has not started yet."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%d %b %Y %H:%M}"

    @property
    def status_words(self) -> str:
        return AppointmentStatus(self.status).label.lower()


class Loan(models.Model):
    """A device, SIM or data lent or given. Its end is a person's call beforehand, never a switch-off."""

    class Item(models.TextChoices):
        DEVICE = "device", _("Device")
        SIM = "sim", _("SIM or data")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="loans")
    item = models.CharField(max_length=10, choices=Item)
    label = models.CharField(max_length=100, help_text="Which one: make, model, asset number.")
    status = models.CharField(max_length=12, default="reserved")
    version = models.PositiveIntegerField(default=1, editable=False)
    reserved_at = models.DateTimeField(default=clock.now, editable=False)
    reserved_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    handed_over_on = models.DateField(null=True, blank=True)
    signed_or_witnessed = models.CharField(max_length=200, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["reserved_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(handed_over_on=None) | Q(ends_on__isnull=False) & ~Q(signed_or_witnessed=""),
                name="loan_handed_over_has_end_and_witness",
                violation_error_message=_("Say who signed or witnessed, and when the loan ends."),
            )
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def status_words(self) -> str:
        return LoanStatus(self.status).label.lower()


class CaseNote(AppendOnly):
    """Dated, signed text. A correction is a new note that points at the old one; both stay readable."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="notes")
    text = models.TextField()
    corrects = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    written_at = models.DateTimeField(default=clock.now, editable=False)
    written_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["written_at", "id"]

    def __str__(self) -> str:
        return f"Note of {self.written_at:%d %b %Y}"
