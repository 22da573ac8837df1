"""An agreed need for which nothing local fitted is recorded, so that the gap counts."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit, clock
from accounts.errors import InvalidInput, NotPossibleNow
from accounts.models import Membership
from directory.models import UnmetNeed
from directory.places import outward_code
from screening.models import Need


@transaction.atomic
def record_unmet_need(*, need: Need, kind: str, reason: str, by: Membership, words: str = "") -> UnmetNeed:
    """Nothing local fitted. Once a day for a need and kind: a second click finds the first record."""
    if need.decision != Need.Decision.AGREED:
        raise NotPossibleNow(_("Only a need that the person agreed to can be recorded as unmet."))
    if reason not in UnmetNeed.Reason.values:
        sentence = _("Choose why nothing fits.")
        raise InvalidInput(sentence, fields={"reason": sentence})
    unmet, is_new = UnmetNeed.objects.get_or_create(
        need=need,
        kind=kind,
        recorded_on=clock.today(),
        defaults={
            "team": need.service_user.team,
            "area": outward_code(need.service_user.postcode) or "",
            "reason": reason,
            "words": words,
            "recorded_by": by,
        },
    )
    if is_new:
        audit.record("record_unmet_need", by=by, subject=unmet, reason=reason, kind=kind)
    return unmet
