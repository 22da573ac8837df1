"""The summary rows behind the reports, and what is needed to keep them true (docs/decisions/0018)."""

from django.db import models
from django.db.models.functions import Lower

from accounts import clock
from accounts.ids import new_id
from accounts.models import Membership, Organisation, Team
from accounts.wording import gettext_lazy as _


class Count(models.Model):
    """A step up or down of one figure on one day; a figure is the sum of its steps (reports/tallies.py).

    `scope`: the id of an organisation or of a team. Steps of months that are over stand on the first of the month.
    `edition`: which counting they belong to; two are kept side by side while everybody is counted anew.
    """

    id = models.BigAutoField(primary_key=True)
    edition = models.PositiveIntegerField()
    scope = models.UUIDField()
    code = models.CharField(max_length=120)
    day = models.DateField()
    n = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "scope", "code", "day"], name="count_one_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.day}: {self.n:+}"


class Counted(models.Model):
    """The facts of a person as last counted. No foreign key: they outlive the person until counted anew."""

    person = models.UUIDField(primary_key=True)
    team = models.UUIDField(db_index=True)
    facts = models.BinaryField()

    def __str__(self) -> str:
        return str(self.person)


class Mark(models.Model):
    """Something about a person changed. Written by the database itself (reports/triggers.py), in the transaction
    of the change; gone once the person is counted anew."""

    id = models.BigAutoField(primary_key=True)
    person = models.UUIDField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.person} {self.at:%Y-%m-%d %H:%M}"


class Edition(models.Model):
    """One counting of everybody, by one set of definitions.

    `reached`: everybody up to this id is counted; a rebuild that was stopped goes on from there.
    """

    class State(models.TextChoices):
        IN_THE_MAKING = "making", _("In the making")
        IN_USE = "in_use", _("In use")

    number = models.AutoField(primary_key=True)
    state = models.CharField(max_length=10, choices=State, default=State.IN_THE_MAKING)
    definitions = models.CharField(max_length=64, help_text="Of the code that counts.")
    began_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True)
    turns = models.PositiveBigIntegerField(default=0, help_text="One more with each change.")
    reached = models.UUIDField(null=True)
    people = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["state"], name="edition_one_of_each_state")]

    def __str__(self) -> str:
        return f"edition {self.number}, {self.state}"


class Restated(models.Model):
    """Figures of a month changed after it was over: records were corrected, joined or entered late."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    scope = models.UUIDField()
    month = models.DateField(help_text="Its first day.")
    at = models.DateTimeField(help_text="When that last happened.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "month"], name="restated_one_a_month")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.at:%Y-%m-%d}"


class Check(models.Model):
    """One look at whether what is kept still is what the records give (reports/checking.py). Figures by name only:
    how large they are is for whoever runs the service."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(default=clock.now)
    people = models.PositiveIntegerField(help_text="Who were looked at.")
    differences = models.PositiveIntegerField()
    triggers_missing = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}: {self.differences} differences"


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def visible_to(self, membership: Membership) -> "SavedViewQuerySet":
        """One's own, and those that colleagues share."""
        own = models.Q(saved_by__user=membership.user_id) | models.Q(is_shared=True)
        return self.filter(own, organisation=membership.organisation_id)


class SavedView(models.Model):
    """A choice that somebody comes back to. It moves with time: "last month" is another one each month."""

    class Span(models.TextChoices):
        LAST_MONTH = "last_month", _("Last month")
        THIS_MONTH = "this_month", _("This month, up to yesterday")
        LAST_QUARTER = "last_quarter", _("Last quarter")
        THIS_QUARTER = "this_quarter", _("This quarter, up to yesterday")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    page = models.CharField(max_length=40, help_text="Of reports/pages.py.")
    span = models.CharField(max_length=20, choices=Span)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    is_shared = models.BooleanField(default=False)
    saved_at = models.DateTimeField(default=clock.now, editable=False)
    saved_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                "saved_by",
                Lower("name"),
                name="saved_view_one_a_name",
                violation_error_message=_("You have saved a view of this name. Choose another name."),
            )
        ]

    def __str__(self) -> str:
        return self.name
