"""What each list of referrals holds: one condition a list, from which its rows, its number and its tests come."""

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Membership
from accounts.permissions import Role
from referrals.lifecycle import OPEN, ActionWith, Status
from referrals.models import FollowUp, Reminder

OPEN_STATES = sorted(status.value for status in OPEN)
IS_OPEN = Q(status__in=OPEN_STATES)
WITH_PROVIDER = sorted(status.value for status in OPEN - {Status.DRAFT, Status.DECLINED})
ESCALATED = [FollowUp.Kind.COORDINATE, FollowUp.Kind.STUCK]

EVERYBODY = ("mine", "overdue", "today", "later", "others", "ended")
COORDINATOR = ("declined", "silent", "stuck", "not_known", "unassigned", "paused", "left")


def coordinates(membership: Membership) -> bool:
    """Team leads, for their own team, and admins, for their organisation."""
    return membership.is_lead or membership.role == Role.ADMIN


def is_my_move(membership: Membership) -> Q:
    """The referrer's moves of the team's own referrals, what a provider without account must be rung about,
    and the provider's moves where the team is the provider. An admin watches over all of the organisation."""
    if membership.role == Role.ADMIN:
        return IS_OPEN
    ours = _referred(membership)
    for_them = Q(action_with=ActionWith.PROVIDER, provider_team=None)
    provided = Q(provider=membership.organisation_id, action_with=ActionWith.PROVIDER)
    return ours & (Q(action_with=ActionWith.REFERRER) | for_them) | provided


def _referred(membership: Membership) -> Q:
    if membership.role == Role.ADMIN:
        return Q(referring_team__organisation=membership.organisation_id)
    return Q(referring_team=membership.team_id) | Q(created_by__team=membership.team_id)


def _provided(membership: Membership) -> Q:
    """Where the provider still has a part in it, and an account to have it with."""
    ours = (
        Q(provider=membership.organisation_id, provider_team__isnull=False)
        if membership.role == Role.ADMIN
        else Q(provider_team=membership.team_id)
    )
    return ours & Q(sent_at__isnull=False, status__in=WITH_PROVIDER)


def has_nobody(membership: Membership) -> Q:
    """Nobody of the reader's own side looks after it."""
    return _referred(membership) & Q(kept_by=None) | _provided(membership) & Q(named_worker=None)


def sieves(membership: Membership, today: date) -> dict[str, Q]:
    """Name of the list → what is on it. Those of a coordinator only for somebody who is one."""
    mine = IS_OPEN & is_my_move(membership)
    lists = {
        "mine": mine,
        "overdue": mine & Q(due_on__lt=today),
        "today": mine & Q(due_on=today),
        "later": mine & Q(due_on__gt=today),
        "others": IS_OPEN & ~is_my_move(membership),
        "ended": ~IS_OPEN,
    }
    return {**lists, **_coordinated(membership, today)} if coordinates(membership) else lists


def _coordinated(membership: Membership, today: date) -> dict[str, Q]:
    referred, provided = _referred(membership), _provided(membership)
    ours = IS_OPEN & (referred | provided)
    return {
        "declined": IS_OPEN & referred & Q(status=Status.DECLINED),
        "silent": IS_OPEN & referred & Q(action_with=ActionWith.PROVIDER, due_on__lt=today),
        "stuck": ours & Q(pk__in=_about(FollowUp.objects.open().filter(kind__in=ESCALATED))),
        "not_known": ours & Q(pk__in=_about(Reminder.objects.filter(status=Reminder.Status.NOT_KNOWN))),
        "unassigned": IS_OPEN & has_nobody(membership),
        "paused": ours & Q(service_user__paused_at__isnull=False, service_user__pause_review_on__lte=today),
        "left": IS_OPEN & (referred & _has_left("kept_by") | ours & _nobody_moves()
                           | provided & _has_left("named_worker")),
    }  # fmt: skip


def _about(rows: QuerySet) -> QuerySet:
    return rows.filter(referral__isnull=False).values("referral")


def _has_left(owner: str) -> Q:
    return Q(**{f"{owner}__isnull": False}) & (
        Q(**{f"{owner}__ended_at__isnull": False}) | Q(**{f"{owner}__user__is_active": False})
    )


def _nobody_moves() -> Q:
    """It is the move of a provider at which nobody works any more."""
    staff = Membership.objects.current().filter(team__organisation=OuterRef("provider"))
    return Q(~Exists(staff), action_with=ActionWith.PROVIDER, provider_team__isnull=False)
