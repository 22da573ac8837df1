"""What became of a clinician's referrals: the latest step of each, whether the person knows, and how it ended."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Max

from accounts.models import Membership
from accounts.wording import gettext_lazy as _
from people.london import london_day
from referrals.letters import POSTED
from referrals.models import FollowUp, Outcome, Referral, ReferralEvent
from referrals.reasons import OUTCOME
from referrals.results import TOLD
from referrals.timeline import what_happened
from referrals.wording import day_words

HEARD = {*TOLD, "delivered", POSTED}
"""Results of a follow-up after which the person knows: a receipt, a letter posted, or somebody's word."""
OUTCOMES = {reason.code: reason.label for reason in OUTCOME}


@dataclass(frozen=True)
class Became:
    referral: Referral
    latest: str
    told: str
    outcome: str


def of_referrals(membership: Membership, today: date, *, limit: int) -> list[Became]:
    """Those that the reader looks after and has sent, the latest news first. Four queries, however many."""
    rows = (
        Referral.objects.visible_to(membership)
        .counted()
        .filter(kept_by__user=membership.user_id, sent_at__isnull=False)
        .select_related("service_user", "offer", "provider")
        .annotate(news=Max("events__id"))
        .order_by("-news")
    )
    shown = list(rows[:limit])
    ids = [row.pk for row in shown]
    events = {event.pk: event for event in ReferralEvent.objects.filter(pk__in=[row.news for row in shown])}
    news = FollowUp.objects.filter(referral__in=ids, kind=FollowUp.Kind.TELL_PERSON)
    told = _last(news.exclude(result="newer_news").order_by("opened_at", "id"))
    ended = _last(Outcome.objects.filter(referral__in=ids).order_by("recorded_at", "id"))
    return [
        Became(
            row,
            _latest(events[row.news], today),
            _told(told.get(row.pk), today),
            OUTCOMES.get(ended[row.pk].outcome, "") if row.pk in ended and not row.is_open else "",
        )
        for row in shown
    ]


def _last(rows: Iterable[Any]) -> dict[UUID, Any]:
    return {row.referral_id: row for row in rows}


def _latest(event: ReferralEvent, today: date) -> str:
    return f"{what_happened(event)}, {day_words(london_day(event.happened_at), today)}"


def _told(news: FollowUp | None, today: date) -> str:
    if news is None:
        return _("Nothing to tell the person.")
    if news.done_at is None:
        return _("The person has not been told yet.")
    if news.result in HEARD:
        return _("The person was told %(day)s.") % {"day": day_words(london_day(news.done_at), today)}
    return _("There is nothing more to tell the person.")
