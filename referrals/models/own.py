"""What an organisation sets for itself: words of its messages, its reasons, and the history of all of it."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import Q

from accounts import clock
from accounts.append_only import AppendOnly, AppendOnlyQuerySet
from accounts.ids import new_id
from accounts.models import Membership, Organisation
from accounts.wording import gettext_lazy as _


class InForce(dict[tuple[Any, str, str], str]):
    """Words in force, by organisation, message and channel."""

    def body(self, organisation: Organisation, template: str, channel: str) -> str:
        """ "" where the shipped ones are. An email says what a letter says, unless it has words of its own."""
        wanted = [channel, "letter"] if channel == "email" else [channel]
        return next((found for one in wanted if (found := self.get((organisation.pk, template, one)))), "")


class MessageWordsQuerySet(models.QuerySet):
    def visible_to(self, membership: Membership) -> "MessageWordsQuerySet":
        return self.filter(organisation_id=membership.organisation_id)

    def in_force_of(self, organisations: Iterable[Any]) -> InForce:
        rows = self.filter(organisation_id__in=list(organisations), state=MessageWords.State.IN_FORCE)
        return InForce(
            ((organisation, template, channel), body)
            for organisation, template, channel, body in rows.values_list(
                "organisation_id", "template", "channel", "body"
            )
        )

    def in_force_for(self, organisation: Organisation, template: str, channel: str) -> str:
        """The organisation's own words; "" where the shipped ones are in force."""
        return self.filter(template=template).in_force_of([organisation.pk]).body(organisation, template, channel)


class MessageWords(models.Model):
    """One version of an organisation's own words for one message by one channel.

    At most one is a draft and one in force; those that were in force stay readable.
    """

    class Channel(models.TextChoices):
        TEXT = "text", _("Text message")
        LETTER = "letter", _("Letter")
        EMAIL = "email", _("Email")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        IN_FORCE = "in_force", _("In force")
        ENDED = "ended", _("No longer in force")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="message_words")
    template = models.CharField(max_length=40)
    channel = models.CharField(max_length=10, choices=Channel)
    body = models.TextField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    written_at = models.DateTimeField(default=clock.now)
    written_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    in_force_at = models.DateTimeField(null=True)
    in_force_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")

    objects = MessageWordsQuerySet.as_manager()

    class Meta:
        ordering = ["-in_force_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                "organisation",
                "template",
                "channel",
                condition=Q(state="in_force"),
                name="message_words_in_force_once",
                violation_error_message=_("Only one version of a message is in force."),
            ),
            models.UniqueConstraint(
                "organisation",
                "template",
                "channel",
                condition=Q(state="draft"),
                name="message_words_one_draft",
                violation_error_message=_("There is a draft of this message already."),
            ),
            models.CheckConstraint(
                condition=Q(state="draft", in_force_at=None, ended_at=None)
                | Q(state="in_force", in_force_at__isnull=False, ended_at=None)
                | Q(state="ended", in_force_at__isnull=False, ended_at__isnull=False),
                name="message_words_state_has_its_times",
                violation_error_message=_("Words in force have a time from which, and ended ones until when."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template} ({self.get_channel_display()})"


class SettingChangeQuerySet(AppendOnlyQuerySet):
    def visible_to(self, membership: Membership) -> "SettingChangeQuerySet":
        return self.filter(organisation_id=membership.organisation_id)


class SettingChange(AppendOnly):
    """One change of what an organisation set for itself: for its own staff to read.

    `number` counts the changes of one thing, so that of two at the same instant one is refused. `before` and
    `after` map a field to its value.
    """

    class Area(models.TextChoices):
        CLOCKS = "clocks", _("Clocks")
        REASONS = "reasons", _("Reasons")
        MESSAGES = "messages", _("Messages")

    class Done(models.TextChoices):
        CHANGED = "changed", _("Changed")
        ADDED = "added", _("Added")
        RETIRED = "retired", _("Retired")
        BROUGHT_BACK = "brought_back", _("Brought back")
        DRAFTED = "drafted", _("Draft written")
        PUT_IN_FORCE = "put_in_force", _("Put in force")
        THROWN_AWAY = "thrown_away", _("Draft thrown away")
        BACK_TO_SHIPPED = "back_to_shipped", _("Back to the usual words")

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="setting_changes")
    area = models.CharField(max_length=10, choices=Area)
    what = models.CharField(max_length=60, blank=True, help_text="Which reason or message; clocks are one thing.")
    number = models.PositiveIntegerField()
    done = models.CharField(max_length=20, choices=Done)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    at = models.DateTimeField(default=clock.now, editable=False)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")

    objects = SettingChangeQuerySet.as_manager()  # type: ignore[misc]  # more than the base's, never less

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                "organisation",
                "area",
                "what",
                "number",
                name="setting_change_one_after_the_other",
                violation_error_message=_("Somebody else has changed this."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.area} {self.what} {self.number}"


class ReasonCodeQuerySet(models.QuerySet):
    def visible_to(self, membership: Membership) -> "ReasonCodeQuerySet":
        return self.filter(organisation_id=membership.organisation_id)


class ReasonCode(models.Model):
    """A reason that an organisation adds to the usual ones, or a usual one as it has it, or retired it."""

    class Step(models.TextChoices):
        DECLINE = "decline", _("Decline")
        CANCEL = "cancel", _("Cancel")
        REOPEN = "reopen", _("Reopen")

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="reason_codes")
    step = models.CharField(max_length=10, choices=Step)
    code = models.CharField(max_length=40)
    label = models.CharField(max_length=100)
    needs_words = models.BooleanField(default=False)
    ask = models.CharField(
        max_length=120, blank=True, help_text="What to write down with it; empty: the usual question."
    )
    next_action = models.CharField(
        max_length=20, blank=True, help_text="What the referrer does next, for a reason to decline."
    )
    park_days = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Days before the provider is asked again for the person; empty: as usual."
    )
    silent = models.BooleanField(default=False, help_text="Nothing is sent to the person after this.")
    hidden = models.BooleanField(default=False, help_text="Retired: old records keep showing it.")

    objects = ReasonCodeQuerySet.as_manager()

    class Meta:
        ordering = ["label"]
        constraints = [
            models.UniqueConstraint("organisation", "step", "code", name="reason_code_once_an_organisation"),
            models.CheckConstraint(
                condition=~Q(step="decline") | ~Q(next_action=""),
                name="reason_to_decline_has_next_action",
                violation_error_message=_("Every reason to decline says what happens next."),
            ),
            models.CheckConstraint(
                condition=Q(step="cancel", code="died") | Q(silent=False),
                name="reason_silent_only_when_died",
                violation_error_message=_("Only after “The person died” is the person not told."),
            ),
            models.CheckConstraint(
                condition=Q(step="decline") | Q(park_days=None) | Q(park_days=0),
                name="reason_parks_only_for_a_decline",
                violation_error_message=_("Only a reason to decline says when to ask again."),
            ),
        ]

    def __str__(self) -> str:
        return self.label
