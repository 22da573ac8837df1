"""What a person says about themselves so that fairness can be checked. Kept apart from who they are."""

from django.db import models
from django.db.models import Q

from accounts import clock
from accounts.models import Membership
from accounts.wording import gettext_lazy as _
from people.groups import CHOICES, QUINTILES
from people.models.service_user import ServiceUser


def _code(name: str) -> models.CharField:
    return models.CharField(max_length=20, blank=True, choices=list(CHOICES[name].items()))


class FairnessAnswers(models.Model):
    """No row, "" and null: not recorded. “Prefers not to say” is an answer, and is not asked again.

    For tallies alone: no provider, letter, message or match ever reads this, which is why it is not on the
    person's own row. `deprivation_quintile` is of where the person lived when it was set.
    """

    service_user = models.OneToOneField(ServiceUser, on_delete=models.CASCADE, related_name="fairness")
    version = models.PositiveIntegerField(default=1, editable=False)
    gender = _code("gender")
    gender_since_birth = _code("gender_since_birth")
    ethnic_group = _code("ethnic_group")
    main_language = _code("main_language")
    disability = _code("disability")
    diagnosis_group = _code("diagnosis_group")
    living_situation = _code("living_situation")
    deprivation_quintile = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Of the neighbourhood: 1 for the most deprived fifth, 5 for the least."
    )
    recorded_at = models.DateTimeField(default=clock.now, editable=False)
    recorded_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, related_name="+", help_text="Empty: a list was read in."
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(deprivation_quintile=None) | Q(deprivation_quintile__in=list(QUINTILES)),
                name="fairness_quintile_one_to_five",
                violation_error_message=_("A quintile is a number from 1 to 5."),
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{name}__in": ["", *codes]}),
                    name=f"fairness_{name}_known",
                    violation_error_message=_("Choose one of the answers, or leave it as not recorded."),
                )
                for name, codes in CHOICES.items()
            ),
        ]

    def __str__(self) -> str:
        return f"Fairness answers, version {self.version}"
