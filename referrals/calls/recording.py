"""A try to ring or meet a person, written down with all that follows: who was told what, and when to try again."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from accounts import audit, clock
from accounts.errors import InvalidInput, NotAllowed
from accounts.models import Membership
from accounts.permissions import Role
from accounts.wording import gettext_lazy as _
from people import actions as people
from people.models import ServiceUser
from referrals import actions, reach, reminders
from referrals.actions.contacts import NOT_YET
from referrals.actions.recording import when
from referrals.actions.stepping import RELATED
from referrals.calls import owed, slots, tries
from referrals.calls.known import known
from referrals.calls.listing import Topic, all_referrals, topics_of
from referrals.followup import add_working_days
from referrals.models import CallAttempt, CallTopic, ContactAttempt, FollowUp, Referral, Reminder
from referrals.obligations.doubted import doubt_number, doubt_whose_phone
from referrals.obligations.owed import close, owe
from referrals.obligations.pauses import look_again
from referrals.partner.pausing import providers_hear

How, Result = CallAttempt.How, CallAttempt.Result
NOT_NOW_REST = timedelta(days=7)
"""Whoever says "not now" is left in peace for so long, unless they said another day."""
LEFT_ALONE = timedelta(days=14)
"""Whoever asks us to stop hears from nobody for so long; then their team looks at it again."""

AS_CONTACT = {
    Result.REACHED: ContactAttempt.Result.SPOKE,
    Result.NOT_NOW: ContactAttempt.Result.SPOKE,
    Result.STOP: ContactAttempt.Result.SPOKE,
    Result.NO_ANSWER: ContactAttempt.Result.NO_ANSWER,
    Result.SOMEBODY_ELSE: ContactAttempt.Result.NO_ANSWER,
    Result.VOICEMAIL: ContactAttempt.Result.VOICEMAIL,
    Result.WRONG_NUMBER: ContactAttempt.Result.WRONG_NUMBER,
}
TOLD = {How.CALL: "told_call", How.IN_PERSON: "told_in_person", How.WITH_PLAN: "told_with_plan"}


@dataclass(frozen=True)
class Next:
    """What follows from nobody being reached: another try, or somebody chooses another way, and why."""

    again: slots.Try | None = None
    other_way: str = ""


@transaction.atomic
def record(
    *,
    service_user: ServiceUser,
    how: str,
    result: str,
    by: Membership,
    told: Collection[str] = (),
    stop: Collection[UUID] = (),
    happened_at: datetime | None = None,
    words: str = "",
    why_then: str = "",
) -> CallAttempt:
    """`told`: keys of the topics that the person heard. `stop`: queued messages that are no longer needed.

    What was owed already by then is left alone: a colleague, or a receipt, was first.
    """
    if by.role == Role.ADMIN:
        raise NotAllowed(_("This is for the clinicians and support workers who work with the person."))
    at, words, why_then = when(happened_at), words.strip()[:300], why_then.strip()[:300]
    topics = topics_of([service_user], by)[service_user.pk]
    _check(service_user, how, result, told, at, why_then, by)
    follows = _what_follows(service_user, result, at, by)
    attempt = CallAttempt.objects.create(
        service_user=service_user,
        team=by.team,
        how=how,
        result=result,
        happened_at=at,
        words=words,
        why_then=why_then,
        next_on=follows.again.day if follows.again else None,
        next_part=follows.again.part if follows.again else "",
        recorded_by=by,
    )
    audit.record("record_call", by=by, subject=service_user, how=how, result=result, told=len(told))
    _write_topics(attempt, topics, told)
    _settle(attempt, topics, told)
    _stop(service_user, stop, result, by)
    _about_the_number(attempt)
    _go_on(attempt, follows)
    return attempt


def _go_on(attempt: CallAttempt, follows: Next) -> None:
    if attempt.result == Result.STOP:
        _leave_alone(attempt)
    elif follows.other_way:
        _choose_other_way(attempt, follows.other_way)
    elif attempt.spoke:
        by = attempt.recorded_by
        close(owed.choosing(by).filter(service_user=attempt.service_user), "reached", by=by)


# --- Is it as it can have been? -----------------------------------------------------------------------------


def _check(
    person: ServiceUser,
    how: str,
    result: str,
    told: Collection[str],
    at: datetime,
    why_then: str,
    by: Membership,
) -> None:
    wrong: dict[str, object] = {}
    if how not in How:
        wrong["how"] = _("Say whether you rang or met them.")
    if result not in Result:
        wrong["result"] = _("Say what came of it.")
    if not wrong:
        wrong |= _spoken(how, result, told)
        if how == How.CALL and not why_then and not _was_allowed(person, result, at, by):
            wrong["why_then"] = _("The contact plan did not allow this. Say why it was done.")
    if wrong:
        raise InvalidInput.in_fields(wrong)


def _spoken(how: str, result: str, told: Collection[str]) -> dict[str, object]:
    if result in CallAttempt.SPOKE:
        return {}
    if how != How.CALL:
        return {"result": _("In person means that you met. If nobody was there, write a note instead.")}
    if told:
        return {"told": _("Nobody was told if the person was not reached. A voicemail does not count.")}
    return {}


def _was_allowed(person: ServiceUser, result: str, at: datetime, by: Membership) -> bool:
    plan = reach.plan_of(person)
    if known([person], all_referrals([person], by), by)[person.pk].verdict.reason == "unshared":
        return False
    in_time = slots.may_ring(plan, at, paused=person.paused_at is not None)
    return bool(in_time) and (result != Result.VOICEMAIL or plan.takes_voicemail)


# --- What follows -------------------------------------------------------------------------------------------


def _what_follows(person: ServiceUser, result: str, at: datetime, by: Membership) -> Next:
    plan, now = reach.plan_of(person), clock.now()
    if result in (Result.REACHED, Result.STOP):
        return Next()
    if result == Result.NOT_NOW:
        return Next(again=slots.next_try(plan, [], now + NOT_NOW_REST))
    if result == Result.WRONG_NUMBER:
        return Next(other_way=_("The number is wrong. Find the right one, or choose a letter or a visit."))
    tried = [one.at for one in tries.in_a_row([person], by).get(person.pk, [])] + [at]
    again = slots.next_try(plan, tried, now)
    if len(tried) >= slots.TRIES or again is None:
        return Next(
            other_way=_("Not reached in %(number)s calls. Choose a letter or a visit.") % {"number": len(tried)}
        )
    return Next(again=again)


def _choose_other_way(attempt: CallAttempt, why: str) -> None:
    owe(
        kind=FollowUp.Kind.CHOOSE_WAY,
        key=f"call:{attempt.pk}",
        service_user=attempt.service_user,
        referral=_referral_of(attempt),
        team=attempt.team,
        what=str(why),
        due_on=add_working_days(clock.today(), 1),
    )


def _about_the_number(attempt: CallAttempt) -> None:
    """The person’s own team is asked: a provider may not even see the record that the number stands on."""
    if attempt.result == Result.WRONG_NUMBER:
        doubt_number(attempt.service_user, key=f"call:{attempt.pk}")
    if attempt.result == Result.SOMEBODY_ELSE:
        doubt_whose_phone(attempt.service_user, key=f"call:{attempt.pk}")


def _leave_alone(attempt: CallAttempt) -> None:
    """The person's own team asks what they want, and looks again when the pause is over; whoever paused contact
    before has set a day for that already."""
    person, by = attempt.service_user, attempt.recorded_by
    owe(
        kind=FollowUp.Kind.CHOOSE_WAY,
        key=f"call:{attempt.pk}",
        service_user=person,
        referral=None,
        team=person.team,
        what=_(
            "They asked us to stop. Their clinician asks what they want, and in which way; then do as they wish."
        ),
        due_on=add_working_days(clock.today(), 1),
    )
    if person.paused_at is None:
        review_on = clock.today() + LEFT_ALONE
        people.pause(service_user=person, reason=person.PauseReason.ASKED_TO_WAIT, review_on=review_on, by=by)
    look_again(person)
    providers_hear(person)


def _referral_of(attempt: CallAttempt) -> Referral | None:
    """So that a provider, who knows people by their referrals only, sees whom it is about."""
    topic = attempt.topics.exclude(contact=None).select_related("contact__referral").first()
    return topic.contact.referral if topic and topic.contact else None


def _write_topics(attempt: CallAttempt, topics: Sequence[Topic], told: Collection[str]) -> None:
    """On each referral that it was about as well: whether somebody was reached decides what may be done there."""
    about = [topic for topic in topics if topic.key in told or not attempt.spoke]
    contacts = {pk: _contact(attempt, referral) for pk, referral in _referrals(about, attempt.recorded_by).items()}
    CallTopic.objects.bulk_create(
        CallTopic(
            call=attempt,
            follow_up=topic.follow_up,
            contact=contacts.get(topic.referral.pk) if topic.referral else None,
            told=topic.key in told,
        )
        for topic in about
        if topic.follow_up or (topic.referral and topic.referral.pk in contacts)
    )


def _referrals(topics: Sequence[Topic], by: Membership) -> dict[UUID, Referral]:
    wanted = [topic.referral.pk for topic in topics if topic.referral and topic.referral.status not in NOT_YET]
    rows = Referral.objects.visible_to(by).filter(pk__in=wanted).select_related(*RELATED)
    return {referral.pk: referral for referral in rows}


def _contact(attempt: CallAttempt, referral: Referral) -> ContactAttempt:
    by_phone = attempt.how == How.CALL
    return actions.log_contact(
        referral=referral,
        channel=ContactAttempt.Channel.CALL if by_phone else ContactAttempt.Channel.VISIT,
        result=AS_CONTACT[Result(attempt.result)] if by_phone else ContactAttempt.Result.MET,
        happened_at=attempt.happened_at,
        words=attempt.words,
        by=attempt.recorded_by,
    )


def _settle(attempt: CallAttempt, topics: Sequence[Topic], told: Collection[str]) -> None:
    """One telling may settle the next: news that was owed, and the message about it that had failed."""
    for topic in topics:
        if topic.follow_up is None or topic.key not in told:
            continue
        still_open = FollowUp.objects.open().filter(pk=topic.follow_up.pk).first()
        if still_open is None:
            continue
        is_news = still_open.kind in owed.NEWS
        result = TOLD[How(attempt.how)] if is_news else "spoke"
        actions.complete_follow_up(
            follow_up=still_open, result=result, words=attempt.words, by=attempt.recorded_by
        )


def queued(person: ServiceUser, by: Membership) -> Any:
    """Messages to the person that are still to go, as far as the hat may see them."""
    rows = Reminder.objects.visible_to(by).filter(service_user=person, status=Reminder.Status.QUEUED)
    return rows.exclude(channel="").select_related("service_user", "referral").order_by("due_at", "pk")


def _stop(person: ServiceUser, stop: Collection[UUID], result: str, by: Membership) -> None:
    """What the person was just told, or asked us to stop with, need not be sent as well."""
    if result == Result.STOP:  # whoever sends it, and a letter that lies on a desk as well
        theirs = Q(service_user=person) | Q(service_user__merged_into=person)
        everything = Reminder.objects.filter(theirs).values_list("pk", flat=True)
        reminders.cancel(Reminder.objects.filter(pk__in=list(everything)), reason="asked_to_stop")
    elif found := [one.pk for one in queued(person, by) if one.pk in stop]:
        reminders.cancel(Reminder.objects.filter(pk__in=found), reason="told_already")
