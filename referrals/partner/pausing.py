"""Whoever helps a person hears that contact is paused, and that it goes on: whichever way that began or ended.

At once where a pause is set or ends on a referral, by a call or at its review; the job that looks for what is due
finds the rest, and referrals that were sent to a provider meanwhile.
"""

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat, Substr

from accounts import set_aside
from accounts.models import Membership
from accounts.permissions import Role
from accounts.set_aside import What
from people.models import ServiceUser
from referrals.deaths import none_recorded
from referrals.lifecycle import Side
from referrals.models import FollowUp, PartnerLink, Referral, ReferralEvent
from referrals.partner.news import GOES_ON, HEARD_BY, PAUSED, RELATED, WITH_PROVIDER, tell, unsay

NO_LONGER = "resumed"


def providers_hear(person: ServiceUser) -> None:
    """As the pause of this person is now."""
    for referral in _untold().filter(service_user=person):
        _say(referral)
    for row in _unanswered().filter(service_user=person):
        _take_back(row)


def let_providers_hear(limit: int) -> int:
    """How many were told, up to `limit` of each."""
    resting = set_aside.resting(What.PAUSE)
    return set_aside.each(
        What.PAUSE,
        _untold().exclude(pk__in=resting)[:limit],
        _say,
        organisation_id=lambda referral: referral.referring_team.organisation_id,
    ) + set_aside.each(
        What.PAUSE,
        _unanswered().exclude(pk__in=resting)[:limit],
        _take_back,
        organisation_id=lambda row: row.referral.referring_team.organisation_id,
    )


def _say(referral: Referral) -> int:
    tell(referral, PAUSED, f"{referral.pk}:{referral.service_user.paused_at:%Y%m%d%H%M%S%f}")
    return 1


def _take_back(row: FollowUp) -> int:
    if row.referral is not None:
        unsay(row, row.referral, NO_LONGER)
    return 1


def _untold() -> QuerySet[Referral, Referral]:
    """Of paused people; not where the provider's own team paused them, or does not know of the referral yet."""
    about: dict[str, Any] = {"referral": OuterRef("pk")}
    workers = Membership.objects.current().filter(role=Role.SUPPORT_WORKER, team=OuterRef("provider_team"))
    answered = ReferralEvent.objects.filter(side=Side.PROVIDER, **about)
    opened = PartnerLink.objects.filter(opened_at__isnull=False, **about)
    told = FollowUp.objects.filter(
        kind__in=HEARD_BY,
        key__startswith=PAUSED.prefix,
        opened_at__gte=OuterRef("service_user__paused_at"),
        **about,
    )
    own = Q(provider_team__isnull=False, provider_team=F("service_user__paused_by__team"))
    rows = Referral.objects.filter(
        Exists(workers) | Exists(answered) | Exists(opened),
        ~Exists(told),
        ~own,
        none_recorded(),
        status__in=WITH_PROVIDER,
        service_user__paused_at__isnull=False,
    )
    return rows.select_related(*RELATED).order_by("pk")


def _unanswered() -> QuerySet[FollowUp, FollowUp]:
    """They were told of a pause that is over, and not yet that it is."""
    rows = FollowUp.objects.filter(kind__in=HEARD_BY, key__startswith=PAUSED.prefix)
    rows = rows.annotate(answer=Concat(Value(GOES_ON.prefix), Substr("key", len(PAUSED.prefix) + 1)))
    answered = FollowUp.objects.filter(kind__in=HEARD_BY, key=OuterRef("answer"))
    over = rows.exclude(kind=FollowUp.Kind.FOR_PROVIDER, result__in=[NO_LONGER, "moved_on"]).filter(
        ~Exists(answered),
        none_recorded(),
        service_user__paused_at=None,
        referral__status__in=WITH_PROVIDER,
    )
    return over.select_related(*(f"referral__{name}" for name in RELATED)).order_by("pk")
