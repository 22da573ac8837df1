"""A way out that takes messages in, as our outbox does, and judges each by rules of its own."""

from datetime import time, timedelta

from accounts import clock
from people.london import in_london, london_day
from people.models import Consent, ServiceUser
from people.safe_contact import AUTOMATIC, Plan
from referrals.channels import NotReached, Rejected
from referrals.channels.outbox import Outbox
from referrals.models import Reminder


class Judge(Outbox):
    """`answers` to the next hand-overs: "ok", "cut" (taken in, and the line cut), "lost", "rejected"."""

    def __init__(self):
        self.answers, self.faults = [], []

    def __call__(self, _name):
        return self

    def send(self, message):
        self.look_at(message)
        answer = self.answers.pop(0) if self.answers else "ok"
        if answer == "rejected":
            raise Rejected("bad_address")
        if answer == "lost":
            raise NotReached
        super().send(message)
        if answer == "cut":
            raise NotReached

    def look_at(self, message):
        """The rows are read anew: what the sender thinks it knows does not count."""
        person = ServiceUser.objects.get(pk=message.service_user_id)
        reminder = Reminder.objects.select_related("referral").get(pk=message.reference)
        row = person.contact_plans.order_by("-number").first()
        plan, now = row.plan if row else Plan.unknown(), clock.now()
        today, local, by_clock = london_day(now), in_london(now), message.channel != "letter"
        lately = person.reminders.filter(sent_on__gt=today - timedelta(days=7)).exclude(pk=message.reference)
        kept = {
            "asked": plan.answered,
            "channel": message.channel in plan.allowed & AUTOMATIC,
            "automatic": plan.automatic,
            "pause": person.paused_at is None,
            "night": not by_clock or time(9) <= local.time() < time(20),
            "sunday": not by_clock or local.weekday() != 6,
            "day": not by_clock or plan.weekdays is None or local.weekday() in plan.weekdays,
            "hour": not by_clock or not plan.hours or plan.hours[0] <= local.time() < plan.hours[1],
            "one a day": not lately.filter(sent_on=today).exists(),
            "three a week": lately.count() < 3,
            "consent": not _taken_back(reminder),
        }
        self.faults += [(rule, message.channel) for rule, holds in kept.items() if not holds]


def _taken_back(reminder):
    """Nothing is said about a referral that ended because its consent was taken back."""
    referral = reminder.referral
    withdrawn = Consent.objects.filter(service_user=reminder.service_user_id, withdrawn_at__isnull=False)
    return referral is not None and referral.status == "withdrawn" and withdrawn.exists()
