"""What was arranged for a need, for the pages of apps below: they know needs, and nothing of referrals."""

from collections.abc import Iterable

from django import template

from accounts.models import Membership
from referrals.lifecycle import Status
from referrals.models import Referral
from referrals.reasons import OUTCOME
from screening.models import Need

register = template.Library()
OUTCOMES = {reason.code: reason.label for reason in OUTCOME}


@register.simple_tag
def helped_with(needs: Iterable[Need], membership: Membership) -> list[tuple[Referral, str]]:
    """Referrals for any of these rows that were sent, the oldest first, each with what came of it in words."""
    sent = Referral.objects.counted().visible_to(membership).exclude(status=Status.DRAFT)
    rows = sent.filter(needs__in=list(needs)).distinct().order_by("sent_at", "pk")
    return [(row, _came_of_it(row)) for row in rows.select_related("offer", "provider")]


def _came_of_it(referral: Referral) -> str:
    outcome = referral.outcomes.last()
    said = OUTCOMES.get(outcome.outcome) if outcome else None
    return str(said or referral.get_status_display())
