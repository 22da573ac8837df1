"""What went wrong for a person along the way: upset, a scam, debt, a lost device, contact that was not safe."""

from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts import clock
from accounts.append_only import AppendOnly, AppendOnlyQuerySet
from accounts.ids import new_id
from accounts.models import Membership
from accounts.wording import gettext_lazy as _
from people.models import ServiceUser, seen_by
from referrals.models.contact import FollowUp
from referrals.models.referral import Referral
from screening.models import Screening

ERROR = "recorded_in_error"


class IncidentQuerySet(AppendOnlyQuerySet):
    def visible_to(self, membership: Membership) -> "IncidentQuerySet":
        """The person's own team, and its admins; at a provider those alone that it told of itself, for what the
        person said in a review was said to their team."""
        referrals = Referral.objects.visible_to(membership)
        told = Q(recorded_by__team__organisation_id=membership.organisation_id, referral__in=referrals)
        return self.filter(seen_by(membership, "service_user__") | told)

    def counted(self) -> "IncidentQuerySet":
        """What lists and reports count: not what turned out not to have happened, nor what a review told of that
        was itself recorded in error."""
        errors = FollowUp.objects.filter(pk=OuterRef("follow_up"), result=ERROR)
        void = Screening.objects.filter(pk=OuterRef("screening"), status=Screening.Status.VOID)
        return self.filter(~Exists(errors), ~Exists(void))


class Incident(AppendOnly):
    """Never merely filed: each has a follow-up, which the person's own team owes until it says what was done.

    `referral`: in which it came to light; the follow-up does not hang on that, so that no end of one closes it.
    `screening`: the review whose answer told of it, in which case there are no words.
    """

    class Kind(models.TextChoices):
        DISTRESS = "distress", _("Upset by something online, on the phone or in the help")
        SCAM = "scam", _("Tricked, or money taken")
        DEBT = "debt", _("Owes money because of a phone or going online")
        DEVICE_LOSS = "device_loss", _("A phone or other device lost, broken or taken")
        CONTACT_BREACH = "contact_breach", _("A message was seen, or contact was not as agreed")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    service_user = models.ForeignKey(ServiceUser, on_delete=models.CASCADE, related_name="incidents")
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, null=True, related_name="incidents")
    screening = models.ForeignKey(Screening, on_delete=models.CASCADE, null=True, related_name="incidents")
    follow_up = models.OneToOneField(FollowUp, on_delete=models.RESTRICT, related_name="incident")
    kind = models.CharField(max_length=20, choices=Kind)
    happened_on = models.DateField(null=True, help_text="Empty: the day is not known.")
    what = models.TextField(blank=True, help_text="What happened.")
    done = models.TextField(blank=True, help_text="What was done about it at once.")
    recorded_at = models.DateTimeField(default=clock.now, editable=False)
    recorded_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")

    objects = IncidentQuerySet.as_manager()  # type: ignore[misc]  # more than the base's, never less

    class Meta:
        ordering = ["-recorded_at", "-id"]
        indexes = [models.Index(fields=["recorded_at"], name="incident_by_time")]
        constraints = [
            models.UniqueConstraint(
                "screening",
                "kind",
                name="incident_once_a_review",
                violation_error_message=_("This answer is recorded already."),
            ),
            models.CheckConstraint(
                condition=Q(screening__isnull=False) | ~Q(what=""),
                name="incident_says_what_happened",
                violation_error_message=_("Say what happened."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())
