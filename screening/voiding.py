"""A screening that was recorded in error: the part of the write path that takes back what followed from it."""

from django.db import transaction

from accounts import audit, clock
from accounts.errors import AlreadyChanged, InvalidInput, NotPossibleNow
from accounts.models import Membership
from accounts.wording import gettext_lazy as _
from people.facts import words
from screening import consequences, corrected_contact, correcting, sitting
from screening.models import Screening


@transaction.atomic
def void(*, screening: Screening, reason: str, by: Membership) -> Screening:
    """Recorded in error: kept, but it counts for nothing. Needs that it closed or carried stand as before; the
    contact plan and consent that came from it no longer let anybody be contacted or told. What it had corrected
    counts again."""
    reason = words("reason", reason, 1000)
    if not reason:
        sentence = _("Say why the screening was recorded in error.")
        raise InvalidInput(sentence, fields={"reason": sentence})
    voided = {"status": Screening.Status.VOID, "voided_at": clock.now(), "voided_by": by, "void_reason": reason}
    fresh = Screening.objects.select_related("service_user", "corrects").get(pk=screening.pk)
    if fresh.status == Screening.Status.VOID:
        raise NotPossibleNow(_("This screening is void already."), state=fresh.status)
    if fresh.status == Screening.Status.SUPERSEDED:
        raise NotPossibleNow(
            _("This screening was corrected, and counts for nothing already."), state=fresh.status
        )
    if not Screening.objects.filter(pk=fresh.pk, status=fresh.status).update(**voided):
        raise AlreadyChanged(sitting.CHANGED)
    if fresh.submitted_at:
        if fresh.corrects:
            correcting.give_back(fresh)
        consequences.replay_needs(fresh.service_user_id)
        corrected_contact.forget_plan(fresh, by)
        consequences.withdraw_consents(fresh, by)
    audit.record("void_screening", by=by, subject=fresh)
    fresh.refresh_from_db()
    return fresh
