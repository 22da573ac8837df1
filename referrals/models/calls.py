"""Calls to people and meetings about what is owed to them: one row a try, and what each was about."""

from django.db import models
from django.db.models import Q

from accounts import clock
from accounts.append_only import AppendOnly, AppendOnlyQuerySet
from accounts.ids import new_id
from accounts.models import Membership, Team
from accounts.permissions import Role
from accounts.wording import gettext_lazy as _
from people.models import ServiceUser
from referrals.models.contact import FollowUp
from referrals.models.support import ContactAttempt


class CallAttemptQuerySet(AppendOnlyQuerySet):
    def visible_to(self, membership: Membership) -> "CallAttemptQuerySet":
        """Whoever has the person to ring: the same that see what is owed."""
        if membership.role == Role.ADMIN:
            return self.filter(team__organisation_id=membership.organisation_id)
        return self.filter(team_id=membership.team_id)


class CallAttempt(AppendOnly):
    """One try to reach a person, about one thing or several, with or without a referral."""

    class How(models.TextChoices):
        CALL = "call", _("Phone call")
        IN_PERSON = "in_person", _("In person")
        WITH_PLAN = "with_plan", _("In person, with the printed plan")

    class Result(models.TextChoices):
        REACHED = "reached", _("Reached the person")
        NOT_NOW = "not_now", _("Reached the person: not now")
        STOP = "stop", _("Reached the person: please stop")
        NO_ANSWER = "no_answer", _("No answer")
        VOICEMAIL = "voicemail", _("Left a voicemail")
        SOMEBODY_ELSE = "somebody_else", _("Somebody else answered")
        WRONG_NUMBER = "wrong_number", _("Wrong or dead number")

    SPOKE = (Result.REACHED, Result.NOT_NOW, Result.STOP)

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    service_user = models.ForeignKey(ServiceUser, on_delete=models.CASCADE, related_name="call_attempts")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+", help_text="Whose call it was.")
    how = models.CharField(max_length=10, choices=How)
    result = models.CharField(max_length=15, choices=Result)
    happened_at = models.DateTimeField(default=clock.now)
    words = models.CharField(max_length=300, blank=True)
    why_then = models.CharField(max_length=300, blank=True, help_text="Why outside the hours, where it was.")
    next_on = models.DateField(null=True, blank=True, help_text="Day of the next try; empty: none is planned.")
    next_part = models.CharField(max_length=10, blank=True, help_text="Part of the day of the next try.")
    recorded_at = models.DateTimeField(default=clock.now, editable=False)
    recorded_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")

    objects = CallAttemptQuerySet.as_manager()  # type: ignore[misc]  # more than the base's, never less

    class Meta:
        ordering = ["happened_at", "id"]
        indexes = [models.Index(fields=["service_user", "-happened_at"], name="call_attempt_of_person")]
        constraints = [
            models.CheckConstraint(
                condition=Q(how="call") | Q(result__in=["reached", "not_now", "stop"]),
                name="call_attempt_in_person_met_them",
                violation_error_message=_("In person means that the person was met."),
            ),
            models.CheckConstraint(
                condition=Q(next_on=None, next_part="") | Q(next_on__isnull=False) & ~Q(next_part=""),
                name="call_attempt_next_whole",
                violation_error_message=_("The next try has a day and a part of the day."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_how_display()}: {self.get_result_display()}"

    @property
    def spoke(self) -> bool:
        return self.result in self.SPOKE


class CallTopic(AppendOnly):
    """One thing that a try was about, and whether the person was told. `contact` is the same try as the referral's
    own history has it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    call = models.ForeignKey(CallAttempt, on_delete=models.CASCADE, related_name="topics")
    follow_up = models.ForeignKey(FollowUp, on_delete=models.CASCADE, null=True, related_name="calls")
    contact = models.ForeignKey(ContactAttempt, on_delete=models.CASCADE, null=True, related_name="calls")
    told = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(follow_up__isnull=False) | Q(contact__isnull=False),
                name="call_topic_is_about_something",
                violation_error_message=_("Say what the call was about."),
            )
        ]

    def __str__(self) -> str:
        return str(self.follow_up or self.contact)
