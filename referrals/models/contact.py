"""Reaching the person: what is owed and by whom, each message as a row before it is a message, and the outbox."""

from django.db import models
from django.db.models import Q

from accounts import clock
from accounts.ids import new_id
from accounts.models import Membership, Team
from accounts.permissions import Role
from accounts.wording import gettext_lazy as _
from people.models import ServiceUser, seen_by
from referrals.models.referral import Referral


class FollowUpQuerySet(models.QuerySet):
    def visible_to(self, membership: Membership) -> "FollowUpQuerySet":
        if membership.role == Role.ADMIN:
            return self.filter(team__organisation_id=membership.organisation_id)
        return self.filter(team_id=membership.team_id)

    def open(self) -> "FollowUpQuerySet":
        return self.filter(done_at=None)


class FollowUp(models.Model):
    """Something owed to a person, with a team that owns it and a day, until it is done or no longer needed.

    `key` names the very thing it is about (an event, a message, a loan), so that asking twice opens one.
    """

    class Kind(models.TextChoices):
        TELL_PERSON = "tell_person", _("Tell the person")
        NUDGE = "nudge", _("A clock has run out")
        COORDINATE = "coordinate", _("Stuck: a coordinator is needed")
        STUCK = "stuck", _("Stuck for long: the admin is needed")
        NEXT_STEP = "next_step", _("Declined: choose the next step")
        MESSAGE_FAILED = "message_failed", _("A message did not arrive")
        NOT_KNOWN = "not_known", _("Not known whether sent")
        ASK_WHAT_GOT_IN_THE_WAY = "missed_once", _("Missed a session: ask what got in the way")
        CLINICIAN_CHECK = "missed_twice", _("Check on the person")
        OFFER_ENDED = "offer_ended", _("An offer has ended: choose what next")
        LOAN_ENDS = "loan_ends", _("A loan or SIM ends")
        ASK_AGAIN = "ask_again", _("Ask again")
        REVIEW = "review", _("Review")
        SCREENING_DUE = "screening_due", _("Screening due")
        MAIL_FAILED = "mail_failed", _("An email to a provider did not go")
        LETTERS_WAITING = "letters_waiting", _("Letters are printed and not posted")
        CHECK_ADDRESS = "check_address", _("A letter came back: check the address")
        CHECK_NUMBER = "check_number", _("A phone number is in doubt: check it")
        LETTER_WENT = "letter_went", _("A letter went that should not have: does it do harm?")
        CHOOSE_WAY = "choose_way", _("Not reached by phone: choose another way")
        PAUSE_REVIEW = "pause_review", _("Look at the pause again")
        RING_PROVIDER = "ring_provider", _("Nothing reaches the provider: ring them")
        FOR_PROVIDER = "for_provider", _("The provider is told: contact ends, waits or goes on")
        ASK_PERSON = "ask_person", _("Ask the person whether it helped")
        SAFETY_QUESTION = "safety_question", _("Any safety concern? A clinician answers")
        INCIDENT = "incident", _("Something went wrong: see that it is put right")
        THEY_DIED = "they_died", _("The person died: end what still runs")
        DRAFT_DELETED = "draft_deleted", _("A draft was deleted: the need is without a referral")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=20, choices=Kind)
    key = models.CharField(max_length=80)
    service_user = models.ForeignKey(ServiceUser, on_delete=models.CASCADE, related_name="follow_ups")
    referral = models.ForeignKey(
        Referral, on_delete=models.CASCADE, null=True, blank=True, related_name="follow_ups"
    )
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="follow_ups")
    what = models.CharField(max_length=300, help_text="What to do, in one sentence.")
    due_on = models.DateField()
    opened_at = models.DateTimeField(default=clock.now, editable=False)
    done_at = models.DateTimeField(null=True, editable=False)
    done_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    result = models.CharField(max_length=40, blank=True)
    words = models.CharField(max_length=300, blank=True)
    details = models.TextField(blank=True, help_text="What it is about, where no other record says so any more.")

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "id"]
        indexes = [
            models.Index(fields=["team", "due_on"], condition=Q(done_at=None), name="follow_up_open"),
            models.Index(fields=["kind", "due_on"], condition=Q(done_at=None), name="follow_up_open_by_kind"),
        ]
        constraints = [
            models.UniqueConstraint("kind", "key", name="follow_up_once_a_thing"),
            models.CheckConstraint(
                condition=Q(done_at=None, result="") | Q(done_at__isnull=False) & ~Q(result=""),
                name="follow_up_done_has_result",
                violation_error_message=_("Say what came of it."),
            ),
        ]

    def __str__(self) -> str:
        return self.what


class ReminderQuerySet(models.QuerySet):
    def visible_to(self, membership: Membership) -> "ReminderQuerySet":
        return self.filter(
            Q(referral__in=Referral.objects.visible_to(membership)) | seen_by(membership, "service_user__")
        )

    def owed(self) -> "ReminderQuerySet":
        return self.filter(status__in=[Reminder.Status.QUEUED, Reminder.Status.CLAIMED])

    def to_post_by(self, membership: Membership) -> "ReminderQuerySet":
        """Letters that wait on paper for somebody of this organisation: whoever has the person to tell posts.

        One that a carrier took is printed and posted there.
        """
        ours = membership.organisation_id
        owner = (
            Q(follow_up__team__organisation=ours)
            | Q(follow_up=None, referral__referring_team__organisation=ours)
            | Q(follow_up=None, referral=None, service_user__team__organisation=ours)
        )
        return self.visible_to(membership).filter(owner, ON_PAPER)


class Reminder(models.Model):
    """One message to one person about one thing, from the moment it is owed until its fate is known.

    Unique on what, whom and when (`dedupe_key`). `id` is the reference under which the channel knows it.
    A claim is a lease: `claimed_until` passes, and the reference is looked up before anything is repeated.
    """

    class Status(models.TextChoices):
        QUEUED = "queued", _("To be sent")
        CLAIMED = "claimed", _("Being sent")
        SENT = "sent", _("Handed over")
        DELIVERED = "delivered", _("Arrived")
        FAILED = "failed", _("Did not arrive")
        REFUSED = "refused", _("Not allowed")
        STALE = "stale", _("Too late to be of use")
        CANCELLED = "cancelled", _("No longer needed")
        NOT_KNOWN = "not_known", _("Not known whether sent")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dedupe_key = models.CharField(max_length=120, unique=True)
    service_user = models.ForeignKey(ServiceUser, on_delete=models.CASCADE, related_name="reminders")
    referral = models.ForeignKey(
        Referral, on_delete=models.CASCADE, null=True, blank=True, related_name="reminders"
    )
    appointment = models.ForeignKey(
        "referrals.Appointment", on_delete=models.CASCADE, null=True, blank=True, related_name="reminders"
    )
    follow_up = models.ForeignKey(
        FollowUp, on_delete=models.SET_NULL, null=True, blank=True, related_name="reminders"
    )
    template = models.CharField(max_length=40)
    channel = models.CharField(max_length=10)
    status = models.CharField(max_length=10, choices=Status, default=Status.QUEUED)
    reason = models.CharField(max_length=40, blank=True, help_text="Why refused, failed or cancelled: a code.")
    due_at = models.DateTimeField()
    useful_until = models.DateTimeField(null=True, blank=True)
    queued_at = models.DateTimeField(default=clock.now, editable=False)
    claim = models.UUIDField(null=True, editable=False, help_text="Who holds the lease.")
    claimed_until = models.DateTimeField(null=True, editable=False)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_on = models.DateField(
        null=True, editable=False, help_text="Day in London on which it was, or perhaps was, handed over."
    )
    sent_at = models.DateTimeField(null=True, editable=False)
    settled_at = models.DateTimeField(null=True, editable=False)
    carrier = models.CharField(
        max_length=10, blank=True, editable=False, help_text="Who took it, or perhaps did; empty: our own outbox."
    )
    asked_at = models.DateTimeField(
        null=True, editable=False, help_text="When the carrier was last asked what became of it."
    )

    objects = ReminderQuerySet.as_manager()

    class Meta:
        ordering = ["due_at", "id"]
        indexes = [
            # One state each: SQLite uses a partial index only for the very condition that a query asks for.
            models.Index(fields=["due_at", "id"], condition=Q(status="queued"), name="reminder_queued"),
            models.Index(fields=["claimed_until"], condition=Q(status="claimed"), name="reminder_claimed"),
            models.Index(fields=["asked_at", "sent_at"], condition=Q(status="sent"), name="reminder_awaits_word"),
        ]
        constraints = [
            models.UniqueConstraint(
                "service_user",
                "sent_on",
                name="reminder_one_a_day_a_person",
                violation_error_message=_("This person has already been sent a message today."),
            ),
            models.CheckConstraint(
                condition=Q(status="claimed", claim__isnull=False, claimed_until__isnull=False)
                | ~Q(status="claimed") & Q(claim=None, claimed_until=None),
                name="reminder_claimed_has_lease",
                violation_error_message=_("A message that is being sent has a lease, and no other has one."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["sent", "delivered"]) | Q(sent_at__isnull=False),
                name="reminder_sent_has_time",
                violation_error_message=_("A message that was handed over has the time that it was."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["failed", "refused", "cancelled"]) | ~Q(reason=""),
                name="reminder_not_sent_has_reason",
                violation_error_message=_("A message that was not sent says why."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template} by {self.channel}"


ON_PAPER = Q(status=Reminder.Status.SENT, channel="letter", carrier="")
"""A letter that lies here, printed or to be printed, and that nobody has posted yet."""


class Attempt(models.Model):
    """One try to hand a message over, recorded before it is made. No end: the process died meanwhile."""

    id = models.BigAutoField(primary_key=True)
    reminder = models.ForeignKey(Reminder, on_delete=models.CASCADE, related_name="attempts")
    started_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=20, blank=True, help_text="accepted, refused, not_reached, found.")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None, result="") | Q(ended_at__isnull=False) & ~Q(result=""),
                name="attempt_ended_has_result",
            )
        ]

    def __str__(self) -> str:
        return self.result or "under way"


class OutboxMessage(models.Model):
    """What the embedded channel took in, in place of a real one: each hand-over is a row, repeats included."""

    id = models.BigAutoField(primary_key=True)
    reference = models.UUIDField(db_index=True)
    service_user = models.ForeignKey(ServiceUser, on_delete=models.CASCADE, related_name="+")
    channel = models.CharField(max_length=10)
    to = models.CharField(max_length=400)
    body = models.TextField()
    accepted_at = models.DateTimeField(default=clock.now, editable=False)
    settled_as = models.CharField(max_length=10, blank=True, help_text="delivered or failed, once known.")

    class Meta:
        ordering = ["-accepted_at", "-id"]

    def __str__(self) -> str:
        return f"{self.channel} {self.accepted_at:%d %b %Y %H:%M}"
