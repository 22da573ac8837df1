"""What must hold in a world of referrals after whatever anybody did: each check by its name.

A world has `now`, `seen` (what history held before), `deleted` (drafts too old) and a `judge` (judging.py).
"""

import itertools
from collections import Counter

from django.db.models import F, Q

from accounts.models import AuditEvent, Membership
from people.london import london_day
from people.models import ServiceUser
from referrals.deaths import none_recorded
from referrals.fates import NEWS_OF_THE_END
from referrals.followup import CLOCK_DAYS, add_working_days, is_working_day
from referrals.lifecycle import ENDED, OPEN, STATES, STEPS, Status
from referrals.models import CaseNote, ContactAttempt, FollowUp, Loan, Outcome, Referral, ReferralEvent, Reminder
from referrals.support_steps import LoanStatus

HISTORY = (ReferralEvent, ContactAttempt, CaseNote, Outcome, AuditEvent)
TELLING = {name for name, step in STEPS.items() if step.message}
HEARD = ("told", "delivered", "letter_posted", "not_needed")
"""How what was owed came to its end: by a person's word, a receipt, the post, or somebody's reason."""
EXACT = {Status.DRAFT, Status.SENT, Status.MORE_INFO, Status.ACCEPTED, Status.DELIVERED, Status.DECLINED}
"""States whose day nothing but the step moves."""
CHECKS = {}


def check(function):
    CHECKS[function.__name__] = function
    return function


@check
def an_open_referral_has_one_owner_one_clock_and_one_day(_world):
    """1. Also: whoever is named works there today."""
    here = set(Membership.objects.current().values_list("pk", flat=True))
    for referral in Referral.objects.filter(status__in=OPEN):
        meant = STATES[Status(referral.status)]
        assert referral.action_with == meant.whose_move, referral.status
        assert referral.due_on is not None
        assert referral.clock == meant.clock or referral.clock == "same_day", (referral.status, referral.clock)
        assert {referral.named_worker_id, referral.kept_by_id} - {None} <= here
    assert not Referral.objects.filter(status__in=ENDED).exclude(action_with="", due_on=None).exists()


@check
def nothing_left_against_a_plan_a_pause_or_consent(world):
    """2. As a judge of its own saw it in the moment of each hand-over."""
    assert world.judge.faults == []


@check
def an_ended_referral_has_no_message_left_but_the_news_of_its_end(_world):
    """3."""
    left = Reminder.objects.owed().filter(referral__status__in=ENDED)
    assert not left.exclude(template__in=NEWS_OF_THE_END).exists()
    assert not left.filter(referral__status__in=[Status.WITHDRAWN, Status.ENTERED_IN_ERROR]).exists()


@check
def the_states_are_what_the_events_say(_world):
    """5 and 6: one event a change of state, each from where the last one led, and the sums agree."""
    rows = ReferralEvent.objects.order_by("referral_id", "id")
    told = {}
    for pk, events in itertools.groupby(
        rows.values_list("referral_id", "from_status", "to_status"), lambda row: row[0]
    ):
        states = [row[1:] for row in events]
        assert states[0][0] == ""
        assert all(one[1] == other[0] for one, other in itertools.pairwise(states)), states
        told[pk] = states[-1][1]
    assert told == dict(Referral.objects.values_list("pk", "status"))
    assert Counter(told.values()) == Counter(Referral.objects.values_list("status", flat=True))


@check
def history_never_shrinks_and_never_changes(world):
    """7. What a draft too old takes along is known to the world."""
    for model in HISTORY:
        count = model.objects.count()
        assert count >= world.seen.get(model, 0), model
        world.seen[model] = count
    events = {event["id"]: event for event in ReferralEvent.objects.values()}
    before = world.seen.get("events", {})
    assert all(event == events[pk] for pk, event in before.items() if event["referral_id"] not in world.deleted)
    world.seen["events"] = events


@check
def each_event_has_its_audit_row(_world):
    """7. In the same transaction, by the same person."""
    written = Counter(ReferralEvent.objects.values_list("step", flat=True))
    audited = Counter(AuditEvent.objects.filter(action__startswith="referral_").values_list("action", flat=True))
    assert all(audited[f"referral_{step}"] >= number for step, number in written.items())


@check
def what_is_owed_has_a_team_with_people_in_it(_world):
    """8. The person's own, or one that has a part in the referral."""
    staffed = Membership.objects.current().values("team")
    owed = FollowUp.objects.open()
    assert not owed.exclude(team__in=staffed).exists()
    parts = (
        Q(team=F("service_user__team"))
        | Q(team=F("referral__referring_team"))
        | Q(team=F("referral__created_by__team"))
        | Q(team=F("referral__provider_team"))
    )
    strangers = owed.exclude(parts)
    assert not strangers.exclude(kind=FollowUp.Kind.DRAFT_DELETED).exists(), strangers.values("kind", "key")


@check
def every_decline_has_its_next_step(_world):
    """9."""
    for referral in Referral.objects.filter(status=Status.DECLINED):
        owed = FollowUp.objects.open().filter(kind="next_step", referral=referral)
        assert [one.team_id for one in owed] == [referral.referring_team_id]


@check
def the_person_was_told_or_is_owed_it(_world):
    """10. Of the latest thing that matters to them, and of every decline."""
    rows = Referral.objects.exclude(status__in=[Status.DRAFT, Status.REROUTED, Status.WITHDRAWN])
    rows = rows.exclude(status=Status.ENTERED_IN_ERROR).exclude(sent_at=None)
    for referral in rows:
        news = referral.events.filter(step__in=TELLING).order_by("-id").first()
        owed = FollowUp.objects.filter(kind="tell_person", key=f"referralevent:{news.pk}").first()
        if owed is None:
            assert _says_that_nobody_writes(news), news
            continue
        assert owed.done_at is None or owed.result.startswith(HEARD), owed.result


def _says_that_nobody_writes(news):
    """They said so themselves, or died."""
    return news.step in ("close", "cancel") and (
        news.evidence.get("whose_word") == "person" or "died" in {news.reason_code, news.evidence.get("outcome")}
    )


@check
def what_did_not_arrive_is_somebodys(_world):
    """10. A message that failed, or that nobody knows of, has its follow-up; it is never a line in a log."""
    lost = Reminder.objects.filter(status__in=["failed", "not_known"])
    asked = set(FollowUp.objects.filter(key__startswith="reminder:").values_list("key", flat=True))
    assert {f"reminder:{pk}" for pk in lost.values_list("pk", flat=True)} <= asked


@check
def a_state_is_only_reached_by_the_table(_world):
    """11."""
    moved = ReferralEvent.objects.exclude(from_status=F("to_status")).exclude(from_status="")
    for step, source, target in moved.values_list("step", "from_status", "to_status"):
        assert source in STEPS[step].sources, (step, source)
        assert target == STEPS[step].target, (step, target)


@check
def a_day_is_a_working_day_counted_from_the_last_step(_world):
    """12."""
    for referral in Referral.objects.filter(status__in=OPEN):
        assert is_working_day(referral.due_on), (referral.status, referral.due_on)
        if referral.status not in EXACT:
            continue
        event = referral.events.exclude(from_status=F("to_status")).order_by("-id").first()
        counted = add_working_days(london_day(event.happened_at), CLOCK_DAYS[referral.clock])
        assert referral.due_on == counted, (referral.status, referral.due_on, counted)


@check
def there_is_one_open_referral_an_offer(_world):
    open_ones = list(Referral.objects.open().values_list("service_user", "offer"))
    assert len(open_ones) == len(set(open_ones))


@check
def no_more_than_one_message_a_day_and_three_a_week(_world):
    days = Reminder.objects.exclude(sent_on=None).order_by("sent_on")
    by_person = {}
    for person, day in days.values_list("service_user", "sent_on"):
        by_person.setdefault(person, []).append(day)
    for found in by_person.values():
        assert len(found) == len(set(found))
        for day in found:
            assert sum(0 <= (other - day).days < 7 for other in found) <= 3, found


@check
def whoever_is_paused_is_looked_at_once_on_the_day(_world):
    """However the referrals of the living end meanwhile."""
    for person in ServiceUser.objects.standing().filter(none_recorded("pk"), paused_at__isnull=False):
        owed = FollowUp.objects.open().filter(kind="pause_review", service_user=person)
        assert [(one.team_id, one.due_on) for one in owed] == [(person.team_id, person.pause_review_on)]


@check
def what_is_put_aside_is_for_work_that_goes_on(_world):
    """A device that waits for a person whose referral has ended waits for nobody."""
    aside = Loan.objects.filter(status=LoanStatus.RESERVED)
    assert not aside.exclude(referral__status__in=[Status.ACCEPTED, Status.ACTIVE, Status.DELIVERED]).exists()
