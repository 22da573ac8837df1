"""A referral is open and shared, and the person's consent no longer covers it: whoever referred is asked.

Consent that is withdrawn on its page ends the referrals that rest on it. A correction, a screening recorded in
error, a merge or a day that has passed may take consent away as well, and nobody said that help should stop: so
nothing ends by itself.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from accounts import clock, set_aside
from accounts.set_aside import What
from accounts.wording import gettext_lazy as _
from people.consenting import Statement, in_force
from people.models import Consent
from referrals.deaths import none_recorded
from referrals.lifecycle import Status
from referrals.models import FollowUp, Referral
from referrals.obligations.owed import Kind, close, owe


def ask_after_lost_consent(limit: int) -> int:
    """How many were asked, up to `limit`, or need not be any more."""
    lost = _lost()
    owed = FollowUp.objects.open().filter(kind=Kind.ASK_AGAIN, key__startswith="consent:")
    closed = close(owed.exclude(referral__in=lost), "consent_again")
    known = set(FollowUp.objects.filter(kind=Kind.ASK_AGAIN, key__in=lost.values()).values_list("key", flat=True))
    waiting = set(owed.values_list("referral", flat=True))
    resting = set(set_aside.resting(What.LOST_CONSENT))
    new = [pk for pk, key in lost.items() if key not in known and pk not in waiting and str(pk) not in resting]
    found = Referral.objects.filter(pk__in=new[:limit]).select_related("service_user", "referring_team")
    asked = set_aside.each(
        What.LOST_CONSENT,
        found,
        lambda referral: _ask(referral, lost[referral.pk]),
        organisation_id=lambda referral: referral.referring_team.organisation_id,
    )
    return closed + asked


def _lost() -> dict[UUID, str]:
    """Each such referral, and the key of what took its consent away: what is said again later is asked again."""
    shared = Referral.objects.open().filter(none_recorded()).exclude(status=Status.DRAFT)
    said = _said_by(shared.values("service_user"))
    today, lost = clock.today(), {}
    for pk, person, provider in shared.values_list("pk", "service_user", "provider").order_by("pk"):
        about = [one for one in said[person] if one.provider in (None, provider)]
        if in_force(about, today) is None:
            lost[pk] = _key(pk, about)
    return lost


def _said_by(service_users: QuerySet[Any, Any]) -> dict[UUID, list[Statement]]:
    said = defaultdict(list)
    for consent in Consent.objects.filter(service_user__in=service_users).order_by("given_at", "id"):
        said[consent.service_user_id].append(consent.statement)
    return said


def _key(referral_id: UUID, statements: Iterable[Statement]) -> str:
    last = max((one.said_at for one in statements), default=None)
    return f"consent:{referral_id}:{last:%Y%m%d%H%M%S%f}" if last else f"consent:{referral_id}"


def _ask(referral: Referral, key: str) -> int:
    owe(
        kind=Kind.ASK_AGAIN,
        key=key,
        service_user=referral.service_user,
        referral=referral,
        team=referral.referring_team,
        what=_("The person’s consent no longer covers this referral: ask them, or withdraw it."),
        due_on=clock.today(),
    )
    return 1
