"""A place on a waiting list, looked at again: the person still waits, and until when."""

from datetime import date

from django.db import transaction

from accounts import clock
from accounts.errors import InvalidInput, NotAllowed, NotPossibleNow
from accounts.models import Membership
from accounts.wording import gettext_lazy as _
from referrals import obligations
from referrals.actions.activity import CLOCKS
from referrals.actions.recording import Source, record
from referrals.actions.stepping import already_changed
from referrals.lifecycle import Side, Status, next_due
from referrals.models import Referral
from referrals.standing import working


@transaction.atomic
def keep_waiting(*, referral: Referral, expected_on: date, by: Membership, source: str = Source.SCREEN) -> None:
    """No step: the state stays, and the next look at it is due again."""
    me = working(referral, by)
    if not me.speaks_for_provider:
        raise NotAllowed(_("Only the provider can say how long the wait is."))
    if referral.status != Status.WAITING:
        raise NotPossibleNow(_("This is not on a waiting list."), state=referral.status)
    if expected_on <= clock.today():
        raise InvalidInput(_("Enter a day to come."), fields={"expected_on": _("Enter a day to come.")})
    owed = next_due(Status.WAITING, clock.now(), overrides=referral.referring_team.organisation.clocks)
    row = Referral.objects.filter(pk=referral.pk, version=referral.version, status=Status.WAITING)
    if owed is None or not row.update(version=referral.version + 1, expected_on=expected_on, due_on=owed.due_on):
        raise already_changed(referral, me)
    obligations.drop_follow_ups(referral=referral, kinds=CLOCKS, reason="moved_on")
    record(
        referral=referral,
        step="keep_waiting",
        to_status=Status.WAITING,
        by=by,
        side=Side.PROVIDER,
        source=source,
        evidence={"expected_on": expected_on},
    )
    referral.refresh_from_db()
