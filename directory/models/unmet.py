"""What was missing: an agreed need for which nothing local fitted."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.ids import new_id
from accounts.models import Membership, Team
from accounts.permissions import Role
from screening.models import Need


class UnmetNeedQuerySet(models.QuerySet):
    def visible_to(self, membership: Membership) -> "UnmetNeedQuerySet":
        if membership.role == Role.ADMIN:
            return self.filter(team__organisation_id=membership.organisation_id)
        return self.filter(team_id=membership.team_id)


class UnmetNeed(models.Model):
    """An agreed need for which nothing local fitted on that day: recorded, never hidden."""

    class Reason(models.TextChoices):
        NO_OFFER_OF_KIND = "no_offer_of_kind", _("No offer of this kind")
        NONE_ELIGIBLE = "none_eligible", _("None that the person may use")
        NONE_NEAR = "none_near", _("None near enough")
        NONE_WITH_ROOM = "none_with_room", _("None with room")
        NONE_IN_FORMAT = "none_in_format", _("None in the format asked for")
        NOT_WANTED = "not_wanted", _("None that the person wanted")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="unmet")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    area = models.CharField(max_length=4, blank=True, help_text="Outward postcode; empty: not known.")
    reason = models.CharField(max_length=20, choices=Reason)
    words = models.CharField(max_length=300, blank=True)
    recorded_on = models.DateField(default=clock.today)
    recorded_at = models.DateTimeField(default=clock.now, editable=False)
    recorded_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")

    objects = UnmetNeedQuerySet.as_manager()

    class Meta:
        ordering = ["-recorded_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                "need",
                "kind",
                "recorded_on",
                name="unmet_need_once_a_day",
                violation_error_message=_("This unmet need was already recorded today."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.get_reason_display()}"
