"""Letters printed and posted in runs: who printed which in which order, what was posted, and what came back."""

from typing import Any

from django.db import models
from django.db.models import Q

from accounts import clock
from accounts.append_only import AppendOnly
from accounts.ids import new_id
from accounts.models import Membership, Organisation, Team
from accounts.permissions import Role
from accounts.wording import gettext_lazy as _
from referrals.models.contact import Reminder


class LetterBatchQuerySet(models.QuerySet["LetterBatch"]):
    def visible_to(self, membership: Membership) -> "LetterBatchQuerySet":
        """Whoever prints sees to the post: those of the maker's team who see as much as the maker, and admins.

        A run of an admin holds letters of every team, and one of a clinician some that a support worker may not
        see: only the same role in the same team has the same reach.
        """
        if membership.role == Role.ADMIN:
            return self.filter(organisation_id=membership.organisation_id)
        return self.filter(team_id=membership.team_id, made_by__role=membership.role)

    def open(self) -> "LetterBatchQuerySet":
        printed = BatchLetter.objects.filter(batch=models.OuterRef("pk"), status=BatchLetter.Status.PRINTED)
        return self.filter(models.Exists(printed))


class LetterBatch(models.Model):
    """One run of letters, printed together and posted together. `code` stands on its cover sheet."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="letter_batches")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="letter_batches")
    code = models.CharField(max_length=12, unique=True)
    both_sides = models.BooleanField(help_text="Printed on both sides: each letter begins on a sheet of its own.")
    made_at = models.DateTimeField(default=clock.now, editable=False)
    made_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    posted_on = models.DateField(null=True, editable=False)
    last_collection = models.BooleanField(null=True, help_text="Posted before that day's last collection.")
    posted_at = models.DateTimeField(null=True, editable=False, help_text="When somebody said so.")
    posted_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")

    objects = LetterBatchQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["team", "-id"], name="letter_batch_of_team")]
        constraints = [
            models.CheckConstraint(
                condition=Q(posted_at=None, posted_by=None, posted_on=None, last_collection=None)
                | Q(
                    posted_at__isnull=False,
                    posted_by__isnull=False,
                    posted_on__isnull=False,
                    last_collection__isnull=False,
                ),
                name="letter_batch_posted_whole",
                violation_error_message=_("Say who posted the run, on which day, and for which collection."),
            )
        ]

    def __str__(self) -> str:
        return self.code


class BatchLetterQuerySet(models.QuerySet["BatchLetter"]):
    def visible_to(self, membership: Membership) -> "BatchLetterQuerySet":
        return self.filter(batch__in=LetterBatch.objects.visible_to(membership))

    def printed(self) -> "BatchLetterQuerySet":
        return self.filter(status=BatchLetter.Status.PRINTED)


class BatchLetter(models.Model):
    """One letter in a run. `to` and `body` are what stands on the paper; `reference` names it, and nobody."""

    class Status(models.TextChoices):
        PRINTED = "printed", _("Not posted yet")
        POSTED = "posted", _("Posted")
        SPOILED = "spoiled", _("Spoiled: print again")
        NOT_SENT = "not_sent", _("Not sent")
        DROPPED = "dropped", _("Taken out: do not post")
        RETURNED = "returned", _("Came back")

    class Returned(models.TextChoices):
        NOT_KNOWN_HERE = "not_known_here", _("Not known at this address")
        GONE_AWAY = "gone_away", _("Gone away")
        REFUSED = "refused", _("Refused")
        OTHER = "other", _("Something else (say what)")

    DOUBTFUL = (Returned.NOT_KNOWN_HERE, Returned.GONE_AWAY)

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    batch = models.ForeignKey(LetterBatch, on_delete=models.CASCADE, related_name="letters")
    reminder = models.ForeignKey(Reminder, on_delete=models.CASCADE, related_name="on_paper")
    place = models.PositiveSmallIntegerField(help_text="In the order of the run, from 1.")
    reference = models.CharField(max_length=12, unique=True)
    to = models.CharField(max_length=400)
    body = models.TextField()
    large_print = models.BooleanField(default=False)
    status = models.CharField(max_length=10, choices=Status, default=Status.PRINTED)
    reason = models.CharField(max_length=40, blank=True, help_text="Why it was not posted: a code.")
    words = models.CharField(max_length=300, blank=True)
    settled_at = models.DateTimeField(null=True, editable=False)
    settled_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    returned_on = models.DateField(null=True, editable=False)
    returned_reason = models.CharField(max_length=20, blank=True, choices=Returned)

    objects = BatchLetterQuerySet.as_manager()

    class Meta:
        ordering = ["batch", "place"]
        constraints = [
            models.UniqueConstraint(
                "reminder",
                condition=Q(status__in=["printed", "posted"]),
                name="batch_letter_in_one_run",
                violation_error_message=_("This letter is in another run already."),
            ),
            models.UniqueConstraint(
                "batch",
                "place",
                name="batch_letter_place_once",
                violation_error_message=_("Two letters of a run cannot have one place."),
            ),
            models.CheckConstraint(
                condition=Q(status="printed", settled_at=None, settled_by=None)
                | ~Q(status="printed") & Q(settled_at__isnull=False, settled_by__isnull=False),
                name="batch_letter_settled_has_who_and_when",
                violation_error_message=_("What became of a letter is recorded with who and when."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["spoiled", "not_sent", "dropped"]) | ~Q(reason=""),
                name="batch_letter_not_posted_has_reason",
                violation_error_message=_("Say why the letter was not posted."),
            ),
            models.CheckConstraint(
                condition=Q(status="returned", returned_on__isnull=False) & ~Q(returned_reason="")
                | ~Q(status="returned") & Q(returned_on=None, returned_reason=""),
                name="batch_letter_returned_whole",
                violation_error_message=_("Say on which day the letter came back, and why."),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def settle(self, status: str, *, by: Membership, only_from: str = "printed", **fields: Any) -> bool:
        """By a conditional update; False where somebody else was first."""
        rows = BatchLetter.objects.filter(pk=self.pk, status=only_from)
        changed = rows.update(status=status, settled_at=clock.now(), settled_by=by, **fields)
        self.refresh_from_db()
        return changed == 1


class LetterPrint(AppendOnly):
    """Each time that a run, or one letter of it, was printed; all but the first are reprints."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    batch = models.ForeignKey(LetterBatch, on_delete=models.CASCADE, related_name="prints")
    letter = models.ForeignKey(
        BatchLetter, on_delete=models.CASCADE, null=True, related_name="prints", help_text="Empty: the whole run."
    )
    letters = models.PositiveSmallIntegerField(help_text="How many letters came out.")
    printed_at = models.DateTimeField(default=clock.now, editable=False)
    printed_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.letters} letters, {self.printed_at:%d %b %Y %H:%M}"
