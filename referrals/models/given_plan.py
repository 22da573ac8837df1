"""The plans on paper that people took home: in which form, when, and from whom."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.append_only import AppendOnly
from accounts.ids import new_id
from accounts.models import Membership
from people.models import ServiceUser


class GivenPlan(AppendOnly):
    """A plan that was put into the person's hand, or into the post. What stood on it is the record of that day."""

    class Form(models.TextChoices):
        STANDARD = "standard", _("Standard")
        LARGE = "large", _("Large print")
        EASY_READ = "easy_read", _("Easy Read")
        FOLDED = "folded", _("Folded to A5")
        LETTER = "letter", _("Letter")

    class How(models.TextChoices):
        HANDED = "handed", _("Given by hand, and read together")
        POSTED = "posted", _("Put into the post")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    service_user = models.ForeignKey(ServiceUser, on_delete=models.CASCADE, related_name="plans_given")
    form = models.CharField(max_length=10, choices=Form)
    how = models.CharField(max_length=10, choices=How)
    given_at = models.DateTimeField(default=clock.now, editable=False)
    given_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-given_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(how="handed") | models.Q(form="letter"),
                name="given_plan_posted_is_a_letter",
                violation_error_message=_("Only the letter form goes into the post."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_form_display()}, {self.given_at:%d %b %Y}"
