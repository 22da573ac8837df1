"""One step: the membership ends, and nothing that was open has its name on it any more."""

from collections.abc import Mapping

from django.db import transaction

from accounts import audit
from accounts.actions import end_membership
from accounts.errors import InvalidInput, NotAllowed
from accounts.models import Membership
from accounts.permissions import Role
from accounts.wording import gettext_lazy as _
from inclusion.leaving.holdings import GIVEN_ON, colleagues, referrals
from referrals.actions import hand_over
from referrals.actions.stepping import RELATED
from referrals.models import ReferralEvent


def check_may_end(by: Membership, leaver: Membership) -> None:
    """NotAllowed for oneself, for another team's people, and for an admin unless `by` is one."""
    if by.user_id == leaver.user_id:
        raise NotAllowed(_("You cannot end your own membership. Ask another admin or team lead."))
    if by.role == Role.ADMIN:
        return
    if by.team_id != leaver.team_id or leaver.role == Role.ADMIN:
        raise NotAllowed(_("A team lead ends memberships of their own team, and never an admin’s."))


def may_end(by: Membership, leaver: Membership) -> bool:
    try:
        check_may_end(by, leaver)
    except NotAllowed:
        return False
    return True


@transaction.atomic
def leave(
    *,
    leaver: Membership,
    to: Mapping[str, Membership | None],
    by: Membership,
    source: str = ReferralEvent.Source.SCREEN,
) -> dict[str, int]:
    """How many of each kind went on. `to`: kind → colleague, or None for the team's queue.

    Raises NotAllowed, InvalidInput where a kind that there is has no answer, NotPossibleNow where the membership
    has ended already or a referral was changed at this very moment; then nothing has changed.
    """
    check_may_end(by, leaver)
    end_membership(membership=leaver, by=by)  # first: from here on nothing new can be given to them
    moved = {}
    for kind in GIVEN_ON.values():
        rows = list(referrals(leaver, kind.name).select_related(*RELATED))
        if rows and kind.name not in to:
            sentence = _("Choose who looks after these from now on.")
            raise InvalidInput(sentence, fields={kind.name: sentence})
        chosen = to.get(kind.name)
        if chosen is not None and not colleagues(leaver, kind.side).filter(pk=chosen.pk).exists():
            sentence = _("Choose somebody who works in this team now.")
            raise InvalidInput(sentence, fields={kind.name: sentence})
        for referral in rows:
            hand_over(referral=referral, to=chosen, side=kind.side, by=by, source=source)
        moved[kind.name] = len(rows)
    audit.record("hand_over_work", by=by, subject=leaver, moved=moved)
    return moved
