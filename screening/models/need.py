"""The needs that screenings raised, and what was decided about them."""

from django.db import models
from django.db.models import Q

from accounts import clock
from accounts.append_only import AppendOnly
from accounts.ids import new_id
from accounts.models import Membership
from accounts.wording import gettext_lazy as _
from people.models import ServiceUser, seen_by
from screening.models.screening import COUNTS, Screening


class NeedQuerySet(models.QuerySet):
    def visible_to(self, membership: Membership) -> "NeedQuerySet":
        return self.filter(seen_by(membership, "service_user__"))

    def counting(self) -> "NeedQuerySet":
        """Those of screenings that count."""
        return self.filter(screening__status__in=COUNTS)

    def open(self) -> "NeedQuerySet":
        return self.counting().filter(resolved_at=None, carried_to=None)


class Need(models.Model):
    """One concrete thing that answers raised, and what the person decided about it.

    A later screening that raises the same need carries it on: the earlier row points at the later one.
    A later screening that asked, and no longer raises it, resolves it. A correction takes its rows over, or closes
    those that only the error had raised, as raised in error: that is no help that worked. Nothing else closes one.
    """

    class Decision(models.TextChoices):
        UNDECIDED = "undecided", _("Not talked about yet")
        AGREED = "agreed", _("Agreed")
        NOT_NOW = "not_now", _("Not now")
        DECLINED = "declined", _("Declined")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    screening = models.ForeignKey(Screening, on_delete=models.CASCADE, related_name="needs")
    service_user = models.ForeignKey(ServiceUser, on_delete=models.CASCADE, related_name="needs")
    code = models.CharField(max_length=30)
    because = models.JSONField(default=list, help_text="Codes of the items whose answers raised it.")
    decision = models.CharField(max_length=10, choices=Decision, default=Decision.UNDECIDED)
    decided_at = models.DateTimeField(null=True, editable=False)
    decided_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    decision_reason = models.CharField(max_length=300, blank=True)
    ask_again_on = models.DateField(null=True, help_text="For “not now”: the day to ask again.")
    resolved_at = models.DateTimeField(null=True, editable=False)
    resolved_by_screening = models.ForeignKey(
        Screening, on_delete=models.PROTECT, null=True, related_name="needs_resolved"
    )
    raised_in_error = models.BooleanField(default=False)
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
                violation_error_message=_("A decision is recorded with who recorded it and when."),
            ),
            models.CheckConstraint(
                condition=~Q(decision="declined") | ~Q(decision_reason=""),
                name="need_declined_has_reason",
                violation_error_message=_("Say why the person declined, in their words if you can."),
            ),
            models.CheckConstraint(
                condition=Q(ask_again_on=None) | Q(decision="not_now"),
                name="need_asked_again_after_not_now",
                violation_error_message=_("Only what the person does not want now is asked again."),
            ),
            models.CheckConstraint(
                condition=Q(raised_in_error=False) | Q(resolved_at__isnull=False),
                name="need_raised_in_error_is_closed",
                violation_error_message=_("A need that was raised in error is closed by the correction."),
            ),
            models.CheckConstraint(
                condition=Q(resolved_at=None, resolved_by_screening=None)
                | Q(resolved_at__isnull=False, resolved_by_screening__isnull=False),
                name="need_resolved_by_a_screening",
                violation_error_message=_("A need is resolved by the screening that no longer raised it."),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_open(self) -> bool:
        return self.resolved_at is None and self.carried_to_id is None and self.screening.counts


class NeedDecision(AppendOnly):
    """Each decision about a need as it was made; the need itself holds the newest."""

    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="decisions")
    decision = models.CharField(max_length=10, choices=Need.Decision)
    reason = models.CharField(max_length=300, blank=True)
    ask_again_on = models.DateField(null=True)
    at = models.DateTimeField(default=clock.now, editable=False)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return self.get_decision_display()


class RuleChoice(AppendOnly):
    """Which of two suggestions the clinician chose, where the rule leaves it to them; the newest counts."""

    screening = models.ForeignKey(Screening, on_delete=models.CASCADE, related_name="choices")
    rule = models.CharField(max_length=20, help_text="The rule that leaves the choice.")
    chosen = models.CharField(max_length=20, help_text="That rule, or the other one.")
    at = models.DateTimeField(default=clock.now, editable=False)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.rule}: {self.chosen}"
