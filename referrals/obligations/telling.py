"""The person is told: a team owes it until a receipt or somebody's word, and a message goes where one may."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Model

from accounts import clock
from accounts.models import Membership, Team
from accounts.wording import gettext_lazy as _
from people.london import london_day
from people.models import ServiceUser
from people.safe_contact import Plan
from referrals import doorbell, reach, reminders
from referrals.deaths import DIED, has_died
from referrals.followup import Clock, add_working_days, clock_days, last_working_day
from referrals.lifecycle import Status
from referrals.messages import TEMPLATES
from referrals.models import Appointment, FollowUp, Referral, ReferralEvent, Reminder
from referrals.obligations.owed import Kind, close, owe

WORKS_WITH_PERSON = {Status.ACCEPTED, Status.ACTIVE, Status.DELIVERED}
BY_LETTER_IF_POSSIBLE = {"door_is_open"}
POST_TAKES = timedelta(days=3)


@transaction.atomic
def tell_person(
    *,
    referral: Referral,
    event: Model,
    template: str,
    by: Membership | None,
    appointment: Appointment | None = None,
) -> FollowUp:
    """The person is owed this news; a message is queued where the contact plan lets one go.

    `event` is the row that is the news (a ReferralEvent, an Appointment). Newer news of the referral's own
    steps takes the place of older news that was not told yet.
    """
    appointment = appointment or _appointment_of(referral, event, template)
    team = teller(referral, event)
    within = clock_days(Clock.TELL_PERSON, team.organisation.clocks)
    follow_up = owe(
        kind=Kind.TELL_PERSON,
        key=_key(event, template, appointment),
        service_user=referral.service_user,
        referral=referral,
        team=team,
        what=_("Tell the person: %(news)s.") % {"news": TEMPLATES[template]},
        due_on=_due_on(appointment, add_working_days(clock.today(), within)),
    )
    if has_died(referral.service_user):
        close(FollowUp.objects.filter(pk=follow_up.pk), DIED)
    elif follow_up.done_at is None:
        if not appointment:
            _replace_older(referral, follow_up)
        _queue(referral, follow_up, template, appointment)
    return follow_up


def _due_on(appointment: Appointment | None, usual: date) -> date:
    """Of an appointment ahead the person knows by the last working day before it; today, where that is past."""
    if appointment is None or appointment.starts_at <= clock.now():
        return usual
    before = last_working_day(london_day(appointment.starts_at) - timedelta(days=1))
    return min(usual, max(before, clock.today()))


def _appointment_of(referral: Referral, event: Model, template: str) -> Appointment | None:
    """The appointment that the news is about: the event itself, the one it names, else the newest."""
    if not template.startswith("appointment_"):
        return None
    if isinstance(event, Appointment):
        return event
    named = event.evidence.get("appointment") if isinstance(event, ReferralEvent) else None
    booked = Appointment.objects.filter(referral=referral)
    return (booked.filter(pk=named) if named else booked.order_by("-id")).first()


def _key(event: Model, template: str, appointment: Appointment | None) -> str:
    if appointment:  # with its state: that a new time is off after all is news again
        return f"appointment:{appointment.pk}:{template.removeprefix('appointment_')}:{appointment.status}"
    return f"{event._meta.model_name}:{event.pk}"


def teller(referral: Referral, event: Model | None = None) -> Team:
    """A provider with an account tells its own news once it works with the person; else the referring team.

    That it cannot help after all is told by the referring team, together with what comes next.
    """
    if referral.provider_team is None or referral.status == Status.DECLINED:
        return referral.referring_team
    if isinstance(event, ReferralEvent):
        between = {event.from_status, event.to_status} & WORKS_WITH_PERSON
        return referral.provider_team if between and event.side == "provider" else referral.referring_team
    return referral.provider_team if referral.status in WORKS_WITH_PERSON else referral.referring_team


def _replace_older(referral: Referral, newest: FollowUp) -> None:
    older = FollowUp.objects.filter(
        kind=Kind.TELL_PERSON, referral=referral, key__startswith="referralevent:", done_at=None
    ).exclude(pk=newest.pk)
    reminders.cancel(Reminder.objects.filter(follow_up__in=older), reason="newer_news")
    close(older, "newer_news")


def _queue(
    referral: Referral, follow_up: FollowUp, template: str, appointment: Appointment | None
) -> Reminder | None:
    """None where the plan, the person's own wish or a pause leaves it to a worker."""
    person = referral.service_user
    plan = reach.plan_of(person)
    first = ["letter"] if template in BY_LETTER_IF_POSSIBLE and "letter" in reach.ways(person, plan) else []
    if person.paused_at or (reach.wants_a_person(plan, referral.preferred_channel) and not first):
        return None
    useful_until = appointment.starts_at if appointment else None
    chosen = choose(
        person,
        plan,
        first=[*first, referral.preferred_channel, referral.fallback_channel],
        due_at=clock.now(),
        useful_until=useful_until,
    )
    if chosen is None or (appointment and _comes_too_late(person, chosen[1], appointment)):
        return None
    doorbell.ring_on_commit()
    return reminders.queue(
        dedupe_key=f"news:{follow_up.pk}",
        template=template,
        channel=chosen[0],
        due_at=chosen[1],
        service_user=person,
        referral=referral,
        appointment=appointment,
        follow_up=follow_up,
        useful_until=useful_until,
    )


def _comes_too_late(person: ServiceUser, moment: datetime, appointment: Appointment) -> bool:
    """Whether a message would first go on the day of the appointment, or be stopped today by one that went: then
    somebody rings at once. What can go this very hour goes."""
    now = clock.now()
    starts_on = london_day(appointment.starts_at)
    if Reminder.objects.filter(service_user=person, sent_on=london_day(moment)).exists():
        return london_day(moment) + timedelta(days=1) >= starts_on
    return moment > now + timedelta(hours=1) and london_day(moment) >= starts_on


def choose(
    person: ServiceUser,
    plan: Plan,
    *,
    first: list[str],
    due_at: datetime,
    useful_until: datetime | None,
    days_earlier: int = 0,
) -> tuple[str, datetime] | None:
    """The best channel that may carry a message in time, and when; a letter needs its days in the post.

    `days_earlier`: by so much it may go ahead of its time, where afterwards would be too late.
    """
    earlier = [due_at - timedelta(days=ahead) for ahead in range(1, days_earlier + 1)]
    starts = [due_at, *(start for start in earlier if start > clock.now())]
    for channel in reach.ways(person, plan, first):
        for start in starts:
            moment = reach.first_moment(plan, channel, start)
            if moment and in_time(channel, moment, useful_until):
                return channel, moment
    return None


def in_time(channel: str, moment: datetime, useful_until: datetime | None) -> bool:
    arrives = moment + POST_TAKES if channel == "letter" else moment
    return useful_until is None or arrives < useful_until
