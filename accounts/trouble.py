"""What jobs could not deal with, as rows: kept out of the way of the rest, and in sight of an admin."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q

from accounts.wording import gettext_lazy as _


class SetAsideQuerySet(models.QuerySet):
    def visible_to(self, membership: Any) -> "SetAsideQuerySet":
        """Of one's own organisation, and of none: a job's own trouble is every admin's."""
        return self.filter(Q(organisation=None) | Q(organisation_id=membership.organisation_id))

    def resting(self, what: str, now: datetime) -> "SetAsideQuerySet":
        """Not to be tried now: later, or never until somebody says so."""
        return self.filter(Q(next_at=None) | Q(next_at__gt=now), what=what)

    def needing_a_person(self) -> "SetAsideQuerySet":
        return self.filter(next_at=None)


class SetAside(models.Model):
    """One item that one job could not deal with. Gone once it was dealt with after all.

    `key` is the id of the item's row, `error` the name of the error's class: its words may name somebody.
    Without `next_at` it is not tried again until a person asks for it.
    """

    class What(models.TextChoices):
        MESSAGE = "message", _("A message to a person")
        RECEIPT = "receipt", _("What became of a message")
        SCREENING = "screening", _("What follows a screening")
        VOID_SCREENING = "void", _("What a screening recorded in error had ahead")
        REVIEW = "review", _("What a review settles")
        HARM = "harm", _("Harm that a review told of")
        ANNOUNCEMENT = "announcement", _("News that a review is coming")
        ASK_AGAIN = "ask_again", _("Asking again after “not now”")
        ENDED_OFFER = "ended_offer", _("Asking about an offer that has ended")
        LOST_CONSENT = "lost_consent", _("Asking about consent")
        PAUSE = "pause", _("Who looks at a pause again")
        CLOCK = "clock", _("A referral’s clock")
        LOAN = "loan", _("The end of a loan")
        WAIT = "wait", _("How long an offer’s wait really was")
        LISTING = "listing", _("Asking whether a listing is still true")
        FEED = "feed", _("Starting to read another directory")
        READING = "reading", _("Reading another directory")
        MERGE = "merge", _("Rows that came late to a record")
        PARTNER = "partner", _("What a provider asked for at its link")
        LINK = "link", _("A link that no longer opens")

    class Reason(models.TextChoices):
        TOO_SLOW = "too_slow", _("It took too long")
        DATA = "data", _("The database refused it")
        REFUSED = "refused", _("The rules refused it")
        ERROR = "error", _("The program did not know what to do")

    what = models.CharField(max_length=20, choices=What)
    key = models.CharField(max_length=40)
    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.CASCADE, null=True, related_name="+"
    )
    reason = models.CharField(max_length=10, choices=Reason)
    error = models.CharField(max_length=60)
    tries = models.PositiveSmallIntegerField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True)

    objects = SetAsideQuerySet.as_manager()

    class Meta:
        ordering = ["-last_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                "what",
                "key",
                name="set_aside_once_an_item",
                violation_error_message=_("This is set aside already."),
            ),
            models.CheckConstraint(
                condition=Q(tries__gte=1),
                name="set_aside_was_tried",
                violation_error_message=_("What is set aside was tried at least once."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.key}"
