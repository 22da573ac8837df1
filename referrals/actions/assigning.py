"""Who looks after a referral: given to a colleague, or back to the team's queue, one at a time or many at once."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts import clock
from accounts.errors import InvalidInput, NotAllowed, NotPossibleNow, Refused
from accounts.models import Membership
from accounts.permissions import Role
from accounts.wording import gettext_lazy as _
from referrals import obligations
from referrals.actions.recording import Source, record
from referrals.actions.stepping import already_changed
from referrals.followup import Clock, add_working_days, clock_days
from referrals.lifecycle import Side, Status
from referrals.models import FollowUp, Referral
from referrals.standing import Standing, standing

COLUMN = {Side.PROVIDER: "named_worker", Side.REFERRER: "kept_by"}
NOT_WITH_PROVIDER = {Status.DRAFT, Status.DECLINED}
PERSON_KNOWS = {Status.ACCEPTED, Status.ACTIVE}
"""States in which the person was told that somebody will help: another one is news to them."""


def side_of(me: Standing, status: str) -> Side:
    """Whose worker is meant, for somebody with this standing; a team that refers to itself works what it took."""
    if me.side is not Side.EITHER:
        return me.side
    return Side.REFERRER if status in NOT_WITH_PROVIDER or status == Status.DELIVERED else Side.PROVIDER


def colleagues(referral: Referral, side: Side) -> QuerySet[Membership]:
    """Who may be chosen: those who work on that side now."""
    staff = Membership.objects.current()
    if side is Side.PROVIDER:
        return staff.filter(team__organisation_id=referral.provider_id, role=Role.SUPPORT_WORKER)
    teams = Q(team=referral.referring_team_id) | Q(team=referral.created_by.team_id)
    return staff.filter(teams).exclude(role=Role.ADMIN)


def assign(
    *,
    referral: Referral,
    to: Membership | None,
    by: Membership,
    version: int | None = None,
    side: Side | None = None,
    source: str = Source.SCREEN,
) -> bool:
    """False where it is with them already. `to` None: back to the queue of the team.

    Raises NotAllowed for the other side's worker, NotPossibleNow once it has ended or where the provider has no
    part in it, InvalidInput for somebody who does not work there now, AlreadyChanged; then nothing has changed.
    """
    me = standing(referral, by)
    side = side or side_of(me, referral.status)
    if me.side not in (side, Side.EITHER):
        raise NotAllowed(_("Only their own team can say who works with it there."))
    with transaction.atomic():
        _check(referral, to, side)
        if getattr(referral, f"{COLUMN[side]}_id") == (to.pk if to else None):
            return False
        if version not in (None, referral.version):
            raise already_changed(referral, me)
        _write(referral, to, by, me, side, source)
    return True


def _check(referral: Referral, to: Membership | None, side: Side) -> None:
    if not referral.is_open:
        raise NotPossibleNow(_("This has ended. There is nothing to look after."), state=referral.status)
    if to is None:
        return
    if side is Side.PROVIDER and (referral.status in NOT_WITH_PROVIDER or referral.provider_team_id is None):
        raise NotPossibleNow(_("The provider has nothing to do with it now."), state=referral.status)
    # Writes nothing new, but locks the row: an end of the membership at this moment waits, and then finds this.
    held = colleagues(referral, side).filter(pk=to.pk).values("pk")
    if not Membership.objects.filter(pk__in=held, ended_at=None).update(ended_at=None):
        sentence = _("Choose somebody who works in this team now.")
        raise InvalidInput(sentence, fields={"to": sentence})


def _write(
    referral: Referral, to: Membership | None, by: Membership, me: Standing, side: Side, source: str
) -> None:
    row = Referral.objects.filter(pk=referral.pk, version=referral.version, status=referral.status)
    if not row.update(version=referral.version + 1, **{COLUMN[side]: to}):
        raise already_changed(referral, me)
    event = record(
        referral=referral,
        step="assign",
        to_status=referral.status,
        by=by,
        side=side,
        source=source,
        evidence={COLUMN[side]: to},
    )
    referral.version += 1
    setattr(referral, COLUMN[side], to)
    if side is Side.PROVIDER and referral.status in PERSON_KNOWS:
        _tell(referral, to, event.pk)


def _tell(referral: Referral, to: Membership | None, event: int) -> None:
    """Somebody else will ring or come: the person hears it from a person first. A queue alone is no news."""
    told = FollowUp.objects.filter(referral=referral, kind=FollowUp.Kind.TELL_PERSON, key__startswith="assign:")
    obligations.close(told, "newer_news")
    team = referral.provider_team
    if to is None or team is None:
        return
    within = clock_days(Clock.TELL_PERSON, team.organisation.clocks)
    obligations.owe(
        kind=FollowUp.Kind.TELL_PERSON,
        key=f"assign:{event}",
        service_user=referral.service_user,
        referral=referral,
        team=team,
        what=(_("Tell the person: %(worker)s works with them from now on.") % {"worker": to.user.name})[:300],
        due_on=add_working_days(clock.today(), within),
    )


def hand_over(
    *, referral: Referral, to: Membership | None, side: Side, by: Membership, source: str = Source.SCREEN
) -> None:
    """What somebody leaves behind, given on by whoever looks after the team: `by` need not work with it.

    To the queue where the provider has nothing to do with it now. Refused as `assign` is.
    """
    if side is Side.PROVIDER and referral.status in NOT_WITH_PROVIDER:
        to = None
    me = Standing(side, by.role, by.is_lead, referral.provider_team_id is not None)
    with transaction.atomic():
        _check(referral, to, side)
        _write(referral, to, by, me, side, source)


@dataclass(frozen=True)
class Given:
    """What became of one of many: moved, with them already (neither), or why not."""

    referral: Referral
    moved: bool
    reason: str = ""


def assign_many(
    *,
    referrals: Iterable[Referral],
    to: Membership | None,
    by: Membership,
    side: Side | None = None,
    source: str = Source.SCREEN,
) -> list[Given]:
    """Each on its own: one that cannot be moved keeps no other from it. Twice changes nothing the second time."""
    return [_one_of_many(referral, to, by, side, source) for referral in referrals]


def _one_of_many(
    referral: Referral, to: Membership | None, by: Membership, side: Side | None, source: str
) -> Given:
    try:
        return Given(referral, assign(referral=referral, to=to, by=by, side=side, source=source))
    except Refused as refusal:
        return Given(referral, False, refusal.message)
