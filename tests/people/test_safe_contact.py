"""No message leaves by a way, or at an hour, that the person did not agree to.

The oracle is written apart from the rule: it works out British summer time by hand and refuses for any reason it
finds, so a fault in one of the two shows as a disagreement.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.errors import InvalidInput
from people.contact_plan import AUTOMATIC, CHANNELS, Channel, Plan, describe, from_result, is_looser, tighten
from people.safe_contact import WAITING_HELPS, Verdict, may_contact, may_leave_voicemail, next_allowed_at

WEDNESDAY_NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
OPEN = Plan(allowed=CHANNELS, automatic=True, answered=True, voicemail=True)

minutes = st.integers(0, 24 * 60 - 1).map(lambda n: time(n // 60, n % 60))
hours = st.none() | st.tuples(minutes, minutes).filter(lambda pair: pair[0] < pair[1])
weekdays = st.none() | st.frozensets(st.integers(0, 6))
moments = st.integers(0, 3 * 365 * 24 * 60).map(
    lambda n: datetime(2026, 1, 1, tzinfo=UTC) + n * timedelta(minutes=1)
)
plans = st.builds(
    Plan,
    allowed=st.frozensets(st.sampled_from(sorted(CHANNELS))),
    automatic=st.booleans(),
    reason=st.none() | st.sampled_from(["safeguarding", "feels_watched"]),
    answered=st.booleans() | st.just(True),
    voicemail=st.none() | st.booleans(),
    hours=hours,
    weekdays=weekdays,
    may_name_service=st.booleans(),
    via_person=st.sampled_from(["", "Ida", "Tom"]),
)


def last_sunday(year: int, month: int) -> date:
    day = date(year, month, 31)
    return day - timedelta(days=(day.weekday() + 1) % 7)


@cache
def wall_clock(when: datetime) -> datetime:
    """London's clock worked out by hand: summer time from 01:00 UTC on March's last Sunday to October's."""
    naive = when.astimezone(UTC).replace(tzinfo=None)
    starts = datetime.combine(last_sunday(naive.year, 3), time(1))
    ends = datetime.combine(last_sunday(naive.year, 10), time(1))
    return naive + timedelta(hours=1) if starts <= naive < ends else naive


def oracle(plan, channel, when, automatic, paused=False, critical=False, today=0, week=0) -> bool:
    local = wall_clock(when)
    clock = local.hour * 3600 + local.minute * 60 + local.second + local.microsecond / 1e6
    silent = channel in {"letter", "in_person"}
    noes = [not plan.answered, channel not in plan.allowed, paused and not critical]
    if not silent and plan.weekdays is not None:
        noes.append(local.weekday() not in plan.weekdays)
    if not silent and plan.hours is not None:
        first, last = (c.hour * 3600 + c.minute * 60 for c in plan.hours)
        noes.append(clock < first or clock >= last)
    if automatic:
        noes += [not plan.automatic, channel in {"call", "in_person", "via"}, today > 0, week > 2]
        noes.append(channel != "letter" and (clock < 9 * 3600 or clock >= 20 * 3600 or local.isoweekday() == 7))
    return not any(noes)


@settings(max_examples=750, deadline=None)
@given(plans, moments, st.booleans(), st.booleans(), st.integers(0, 2), st.integers(0, 4))
def test_the_rule_agrees_with_an_oracle_for_every_channel(plan, when, paused, critical, today, week):
    """750 plans and moments, each by seven channels and two ways of sending: 10,500 cases."""
    for channel in Channel:
        for automatic in (True, False):
            verdict = may_contact(
                plan,
                channel,
                when,
                automatic=automatic,
                paused=paused,
                safety_critical=critical,
                sent_today=today,
                sent_this_week=week,
            )
            assert verdict.ok == oracle(plan, channel, when, automatic, paused, critical, today, week)
            assert verdict.ok == (not verdict.sentence)


def every_half_hour(first: datetime, last: datetime):
    for step in range(int((last - first) / timedelta(minutes=30))):
        yield first + step * timedelta(minutes=30)


def test_no_text_outside_the_day_in_any_half_hour_of_three_years():
    sent = 0
    for when in every_half_hour(datetime(2026, 1, 1, tzinfo=UTC), datetime(2029, 1, 1, tzinfo=UTC)):
        if may_contact(OPEN, Channel.TEXT, when, automatic=True):
            sent += 1
            assert time(9) <= wall_clock(when).time() < time(20)
            assert wall_clock(when).isoweekday() != 7
    working = sum((date(2026, 1, 1) + timedelta(days=n)).isoweekday() != 7 for n in range(365 + 365 + 366))
    assert sent == working * 22  # 11 hours on each day that is no Sunday: neither change of the clocks takes one


@pytest.mark.parametrize(
    ("when", "ok"),
    [
        (datetime(2027, 3, 27, 8, 59, tzinfo=UTC), False),
        (datetime(2027, 3, 27, 9, 0, tzinfo=UTC), True),  # the last Saturday of winter
        (datetime(2027, 3, 29, 8, 0, tzinfo=UTC), True),  # the first Monday of summer
        (datetime(2027, 3, 29, 19, 0, tzinfo=UTC), False),
        (datetime(2027, 10, 30, 18, 59, tzinfo=UTC), True),
        (datetime(2027, 10, 30, 19, 0, tzinfo=UTC), False),
        (datetime(2027, 11, 1, 8, 59, tzinfo=UTC), False),
        (datetime(2027, 11, 1, 19, 59, tzinfo=UTC), True),
    ],
)
def test_quiet_hours_follow_london_over_both_clock_changes(when, ok):
    assert may_contact(OPEN, Channel.TEXT, when, automatic=True).ok is ok


def test_a_person_who_was_never_asked_is_not_contacted_at_all():
    for channel in Channel:
        for automatic in (True, False):
            assert (
                may_contact(Plan.unknown(), channel, WEDNESDAY_NOON, automatic=automatic).reason == "not_answered"
            )


def test_channels_without_an_answer_about_safety_allow_nothing():
    plan = Plan(allowed=CHANNELS, automatic=True, answered=False)
    assert not any(may_contact(plan, channel, WEDNESDAY_NOON, automatic=False) for channel in Channel)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"channel": "pigeon"}, "channel_not_allowed"),
        ({"channel": "call"}, "needs_a_person"),
        ({"paused": True}, "paused"),
        ({"paused": True, "safety_critical": True}, ""),
        ({"when": datetime(2026, 11, 25, 20, tzinfo=UTC)}, "quiet_hours"),
        ({"when": datetime(2026, 11, 29, 12, tzinfo=UTC)}, "quiet_hours"),
        ({"when": datetime(2026, 11, 29, 12, tzinfo=UTC), "safety_critical": True}, "quiet_hours"),
        ({"sent_today": 1}, "enough_today"),
        ({"sent_this_week": 3}, "enough_this_week"),
        ({"sent_today": 1, "safety_critical": True}, "enough_today"),
        ({"sent_today": 9, "sent_this_week": 9, "automatic": False}, ""),
        ({"when": datetime(2026, 11, 29, 3, tzinfo=UTC), "channel": "letter"}, ""),
    ],
)
def test_the_reason_is_named(changes, reason):
    call = {"channel": "text", "when": WEDNESDAY_NOON, "automatic": True} | changes
    assert may_contact(OPEN, call.pop("channel"), call.pop("when"), **call).reason == reason


def test_a_refusal_never_gives_the_secret_reason_away():
    plan = Plan(allowed=CHANNELS, automatic=False, reason="safeguarding", answered=True)
    verdict = may_contact(plan, Channel.TEXT, WEDNESDAY_NOON, automatic=True)
    assert verdict.reason == "not_automatic"
    assert "safeguard" not in verdict.sentence + " ".join(describe(plan))


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        may_contact(OPEN, Channel.TEXT, datetime(2026, 11, 25, 12), automatic=True)  # noqa: DTZ001 - the very fault


@settings(max_examples=150, deadline=None)
@given(plans, moments)
def test_the_next_moment_is_allowed_and_none_before_it_is(plan, when):
    when = when.replace(second=0, microsecond=0)
    for channel in sorted(AUTOMATIC):
        at = next_allowed_at(plan, channel, when)
        if at is None:
            week = every_half_hour(when, when + timedelta(days=7))
            assert not any(oracle(plan, channel, moment, automatic=True) for moment in week)
            continue
        assert at >= when
        assert oracle(plan, channel, at, automatic=True)
        assert not any(oracle(plan, channel, moment, automatic=True) for moment in every_half_hour(when, at))
        assert at == when or not oracle(plan, channel, at - timedelta(minutes=1), automatic=True)


def test_a_message_of_saturday_night_waits_until_monday():
    saturday = datetime(2026, 11, 28, 21, tzinfo=UTC)
    assert next_allowed_at(OPEN, Channel.TEXT, saturday) == datetime(2026, 11, 30, 9, tzinfo=UTC)
    assert next_allowed_at(Plan.unknown(), Channel.TEXT, saturday) is None


def test_every_reason_that_passes_by_itself_is_one_that_the_rule_gives():
    assert {"outside_hours", "quiet_hours", "enough_today", "enough_this_week"} == WAITING_HELPS


def test_a_verdict_is_true_when_it_is_a_yes():
    assert Verdict()
    assert not Verdict("paused", "Contact is paused.")


# Voicemail


def test_a_voicemail_needs_a_call_now_and_a_yes():
    assert may_leave_voicemail(OPEN, WEDNESDAY_NOON)
    assert not may_leave_voicemail(OPEN, WEDNESDAY_NOON, paused=True)
    for voicemail in (None, False):
        assert not may_leave_voicemail(Plan(allowed=CHANNELS, answered=True, voicemail=voicemail), WEDNESDAY_NOON)
    assert not may_leave_voicemail(
        Plan(allowed=CHANNELS - {Channel.CALL}, answered=True, voicemail=True), WEDNESDAY_NOON
    )


# Loosening and tightening


def permits(plan, when):
    """All that may be done at a moment, by the oracle."""
    ways = {(c, a) for c in Channel for a in (True, False) if oracle(plan, c, when, a)}
    if ("call", False) in ways and plan.voicemail is True:
        ways.add("voicemail")
    if ways and plan.may_name_service:
        ways.add("names the service")
    return ways


WEEK = [datetime(2026, 11, 23, tzinfo=UTC) + timedelta(minutes=97 * n) for n in range(7 * 24 * 60 // 97)]


@settings(max_examples=150, deadline=None)
@given(plans, plans)
def test_whatever_only_the_new_plan_permits_makes_it_looser(old, new):
    if any(permits(new, when) - permits(old, when) for when in WEEK):
        assert is_looser(old, new)


@given(plans)
def test_a_plan_is_no_looser_than_itself(plan):
    assert not is_looser(plan, plan)


@given(plans)
def test_nothing_is_looser_than_the_plan_with_everything_and_all_is_looser_than_none(plan):
    everything = Plan(
        allowed=CHANNELS,
        automatic=True,
        answered=True,
        voicemail=True,
        may_name_service=True,
        via_person=plan.via_person,
    )
    assert not is_looser(everything, plan)
    assert is_looser(Plan.unknown(), plan) == bool(plan.answered and plan.allowed)


@pytest.mark.parametrize(
    "change",
    [
        {"allowed": frozenset({"text", "call", "letter"})},
        {"automatic": True},
        {"voicemail": True},
        {"hours": (time(10), time(16, 1))},
        {"hours": (time(9, 59), time(16))},
        {"hours": None},
        {"weekdays": frozenset({0, 1, 2, 3})},
        {"weekdays": None},
        {"may_name_service": True},
    ],
)
def test_each_single_loosening_is_seen(change):
    base = {
        "allowed": frozenset({"text", "call"}),
        "answered": True,
        "hours": (time(10), time(16)),
        "weekdays": frozenset({0, 1, 2}),
    }
    assert is_looser(Plan(**base), Plan(**(base | change)))
    assert not is_looser(Plan(**(base | change)), Plan(**base))


def test_another_go_between_is_a_loosening():
    ida = Plan(allowed=frozenset({"via"}), answered=True, via_person="Ida")
    assert is_looser(ida, Plan(allowed=frozenset({"via"}), answered=True, via_person="Tom"))


@settings(max_examples=150, deadline=None)
@given(
    plans,
    st.frozensets(st.sampled_from(sorted(CHANNELS))),
    hours,
    weekdays,
    st.booleans(),
    st.booleans(),
    st.booleans(),
)
def test_tightening_never_loosens_and_does_what_was_asked(
    plan, without, span, days, no_jobs, no_voicemail, nameless
):
    tighter = tighten(
        plan,
        without=without,
        hours=span,
        weekdays=days,
        stop_automatic=no_jobs,
        stop_voicemail=no_voicemail,
        stop_naming_service=nameless,
    )
    assert not is_looser(plan, tighter)
    asked = Plan(allowed=CHANNELS - without, automatic=True, answered=True, hours=span, weekdays=days)
    for when in WEEK[::5]:
        for channel in Channel:
            for automatic in (True, False):
                both = oracle(plan, channel, when, automatic) and oracle(asked, channel, when, automatic)
                expected = both and not (automatic and no_jobs)
                assert may_contact(tighter, channel, when, automatic=automatic).ok == expected
    assert not (no_voicemail and tighter.takes_voicemail)
    assert not (nameless and tighter.may_name_service)
    assert tighter.preferred in {"", *tighter.allowed}


def test_hours_that_have_none_in_common_leave_only_ways_without_hours():
    plan = Plan(allowed=CHANNELS, automatic=True, answered=True, hours=(time(10), time(12)), preferred="text")
    tighter = tighten(plan, hours=(time(12), time(14)))
    assert tighter.allowed == {"letter", "in_person"}
    assert tighter.preferred == ""


def test_a_plan_with_hours_backwards_or_an_unknown_channel_is_refused():
    with pytest.raises(InvalidInput):
        Plan(hours=(time(16), time(10)))
    with pytest.raises(InvalidInput):
        Plan(allowed=frozenset({"pigeon"}))


# From a screening

WAYS = ["text", "call", "letter"]


def scored(allowed, automatic=True, reason=None):
    return {"allowed": allowed, "automatic": automatic, "reason": reason}


def test_a_screening_where_all_ways_are_fine_gives_what_it_says():
    plan = from_result(scored(WAYS), {"best_contact": WAYS, "safe_contact": "fine"})
    assert plan == Plan(
        allowed=frozenset(WAYS), automatic=True, answered=True, voicemail=True, preferred="text", fallback="call"
    )


@pytest.mark.parametrize(
    "unanswered", [{}, {"safe_contact": {"state": "prefer_not"}}, {"safe_contact": {"state": "not_asked"}}]
)
def test_a_screening_without_an_answer_about_safety_allows_nothing(unanswered):
    plan = from_result(scored(WAYS, automatic=False, reason="not_asked"), {"best_contact": WAYS, **unanswered})
    assert not plan.answered
    assert not any(may_contact(plan, c, WEDNESDAY_NOON, automatic=a) for c in Channel for a in (True, False))


@pytest.mark.parametrize("said", ["avoid", "others_see", "checked", "private"])
def test_some_ways_are_not_safe_but_not_known_which_allows_none(said):
    """The score alone would let a text out here."""
    for which in ({}, {"avoid_channels": {"state": "dont_know"}}):
        plan = from_result(scored(WAYS), {"best_contact": WAYS, "safe_contact": said, **which})
        assert plan.answered
        assert plan.allowed == frozenset()
        assert (plan.automatic, plan.reason) == (False, "not_asked")


@pytest.mark.parametrize(
    ("answers", "voicemail"),
    [
        ({"safe_contact": "fine"}, True),
        ({"safe_contact": "fine", "watched_or_voices": "no"}, True),
        ({"safe_contact": "fine", "watched_or_voices": "some"}, False),
        ({"safe_contact": "avoid", "avoid_channels": ["email"]}, True),
        ({"safe_contact": "avoid", "avoid_channels": ["voicemail"]}, False),
        ({"safe_contact": "avoid"}, False),
        ({"safe_contact": "others_see", "avoid_channels": ["email"]}, False),
        ({"safe_contact": "checked", "avoid_channels": ["email"]}, False),
        ({}, False),
    ],
)
def test_a_voicemail_is_fine_only_where_it_was_asked_about_and_nobody_listens(answers, voicemail):
    assert from_result(scored(WAYS), {"best_contact": WAYS, **answers}).voicemail is voicemail
    assert from_result(scored(["text"]), {"best_contact": ["text"], **answers}).voicemail is False


answer = st.fixed_dictionaries(
    {},
    optional={
        "safe_contact": st.sampled_from(["fine", "avoid", "others_see", "checked", "private"]),
        "avoid_channels": st.frozensets(st.sampled_from(["call", "voicemail", "text", "letter"])).map(sorted),
        "watched_or_voices": st.sampled_from(["no", "some", "often", "now"]),
    },
)


@given(answer, st.sampled_from(["safe_contact", "avoid_channels"]))
def test_losing_an_answer_about_safety_never_loosens_the_plan(answers, lost):
    def plan(answers):
        ways = [way for way in WAYS if way not in answers.get("avoid_channels", [])]
        return from_result(scored(ways), {"best_contact": WAYS, **answers})

    fewer = {item: value for item, value in answers.items() if item != lost}
    if answers.get("safe_contact") != "fine":  # the follow-up is not asked then, and counts for nothing
        assert not is_looser(plan(answers), plan(fewer))


# In words


@pytest.mark.parametrize(
    ("plan", "first"),
    [
        (Plan(allowed=frozenset({"text"}), answered=True, hours=(time(10), time(16))), "Text only, 10am to 4pm."),
        (Plan(allowed=frozenset({"text", "call"}), answered=True), "Text or phone call."),
        (
            Plan(
                allowed=frozenset({"letter", "text", "via"}),
                answered=True,
                hours=(time(0), time(12, 30)),
                weekdays=frozenset({4, 0}),
            ),
            "Text, letter or through someone they trust, 12am to 12:30pm, Monday, Friday.",
        ),
        (Plan(allowed=frozenset(), answered=True), "No way of contact is safe at the moment: do not contact."),
        (Plan.unknown(), "Safe contact has not been asked about: do not contact."),
    ],
)
def test_a_plan_reads_as_a_worker_would_say_it(plan, first):
    assert describe(plan)[0] == first


@given(plans)
def test_a_plan_in_words_always_says_whether_a_voicemail_is_fine(plan):
    words = describe(plan)
    assert ("A voicemail is fine." in words) == plan.takes_voicemail
    assert ("Never a voicemail." in words) != plan.takes_voicemail
