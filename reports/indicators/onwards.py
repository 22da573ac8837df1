"""Referrals: acknowledged, begun and closed in time, where they are, and how long people waited."""

from datetime import date, datetime, timedelta

from people.london import london_day
from reports.facts import Referral
from reports.indicator import share
from reports.sight import Sight
from reports.spans import Counts, Point, Span, earliest, up_on

ACKNOWLEDGE_DAYS = 14
START_DAYS = 42
LOOP_DAYS = 84
WAIT_DAYS = 90
WAITED, WAITING, ENDED = "days", "waiting", "ended"
NOT_ENDED = "open:"


def acknowledged(sight: Sight) -> Counts:
    for one in sight.referrals:
        if one.sent_at:
            yield from _within(one.sent_at, one.acknowledged_at, ACKNOWLEDGE_DAYS)


def started(sight: Sight) -> Counts:
    for one in sight.referrals:
        if one.sent_at:
            yield from _within(one.sent_at, one.first_contact_at, START_DAYS)


def _within(sent_at: datetime, happened_at: datetime | None, days: int) -> Counts:
    return share(part=_is_within(sent_at, happened_at, days), one=Point("", up_on(sent_at, days)))


def _is_within(sent_at: datetime, happened_at: datetime | None, days: int) -> bool:
    return happened_at is not None and happened_at <= sent_at + timedelta(days=days)


def loop_closed(sight: Sight) -> Counts:
    """A referral that was opened again has not ended."""
    for one in sight.referrals:
        if one.sent_at:
            yield from share(part=_ended_in_time(one), one=Point("", up_on(one.sent_at, LOOP_DAYS)))


def loop_outcomes(sight: Sight) -> Counts:
    """Of the same referrals: how they ended, and why."""
    for one in sight.referrals:
        if one.sent_at:
            yield Point(one.ended_as if _ended_in_time(one) else NOT_ENDED, up_on(one.sent_at, LOOP_DAYS))


def _ended_in_time(referral: Referral) -> bool:
    if not (referral.sent_at and referral.ended_as):
        return False
    return _is_within(referral.sent_at, referral.ended_at, LOOP_DAYS)


def warm_handover(sight: Sight) -> Counts:
    for one in sight.referrals:
        if one.warm and one.sent_at:
            in_time = _is_within(one.sent_at, one.first_contact_at, START_DAYS)
            yield from share(part=one.handed_over and in_time, one=Point("", up_on(one.sent_at, START_DAYS)))


def started_with_handover(sight: Sight) -> Counts:
    """By what was planned: whether it was given is known only of those that have begun."""
    return _started_of(sight, warm=True)


def started_without_handover(sight: Sight) -> Counts:
    return _started_of(sight, warm=False)


def _started_of(sight: Sight, *, warm: bool) -> Counts:
    for one in sight.referrals:
        if one.warm == warm and one.sent_at:
            yield from _within(one.sent_at, one.first_contact_at, START_DAYS)


def closed_with_word(sight: Sight) -> Counts:
    for one in sight.referrals:
        if one.closed and one.ended_at:
            yield from share(part=one.word == "person", one=Point("", london_day(one.ended_at)))


def states(sight: Sight) -> Counts:
    for one in sight.referrals:
        days = [london_day(at) for at, _state in one.states]
        ends: list[date | None] = [*days[1:], None]
        for (_at, state), start, end in zip(one.states, days, ends, strict=False):
            yield Span(state, start, end)


def waits(sight: Sight) -> Counts:
    """Of those sent in the last 90 days: the days that the person waited, still waiting, or ended before that."""
    for one in sight.referrals:
        if one.sent_at:
            yield from _wait(one, london_day(one.sent_at), up_on(one.sent_at, WAIT_DAYS))


def _wait(referral: Referral, sent: date, forgotten: date) -> Counts:
    reached = london_day(referral.first_contact_at) if referral.first_contact_at else None
    ended = london_day(referral.ended_at) if referral.ended_at else None
    yield Span(WAITING, sent, earliest(reached, ended, forgotten))
    if ended:
        yield Span(ENDED, max(sent, ended), earliest(reached, forgotten))
    if reached:
        yield Span(f"{WAITED}:{(reached - sent).days}", max(sent, reached), forgotten)
