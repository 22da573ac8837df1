"""A draft that nobody sent for too long is deleted: its owner and team hear of it, and see to the need.

A draft was told to nobody, so no referral ends here; what was written in it stays in the notice.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.formats import date_format

from accounts import audit, set_aside
from accounts.models import Membership, Team
from accounts.set_aside import What
from accounts.wording import gettext_lazy as _
from directory import kinds
from people.london import london_day
from referrals import obligations
from referrals.actions.stepping import RELATED
from referrals.followup import Clock, add_working_days, clock_days
from referrals.lifecycle import Status
from referrals.models import FollowUp, Referral
from referrals.sharing import title_of

SOONEST = timedelta(days=1)
WITHIN = 1
"""Working days in which the team looks at the need again."""


def kept_until(draft: Referral) -> date:
    """The last day on which it is there."""
    days = clock_days(Clock.DRAFT_ENDS, draft.referring_team.organisation.clocks)
    return add_working_days(london_day(draft.created_at), days)


def owner_of(draft: Referral) -> Membership:
    """Whoever looks after it now, or else began it."""
    return draft.kept_by or draft.created_by


def old_drafts(now: datetime) -> Iterator[Referral]:
    """Those that are to go. One of somebody whose contact is paused is kept, like their place."""
    old = Referral.objects.filter(status=Status.DRAFT, created_at__lt=now - SOONEST)
    drafts = old.exclude(pk__in=set_aside.resting(What.CLOCK)).select_related(*RELATED)
    for draft in drafts.order_by("created_at", "id").iterator(chunk_size=500):
        if kept_until(draft) < london_day(now) and not draft.service_user.paused_at:
            yield draft


@transaction.atomic
def delete_draft(draft: Referral, now: datetime) -> bool:
    """False for one that is changed or sent at this very moment."""
    mine = Referral.objects.filter(pk=draft.pk, version=draft.version, status=Status.DRAFT)
    if not mine.update(version=draft.version + 1):
        return False
    _notice(draft, draft.referring_team, now, details=_written(draft))
    if owner_of(draft).team_id != draft.referring_team_id:
        _notice(draft, owner_of(draft).team, now, key=":owner")
    audit.record(
        "delete_draft",
        by=None,
        subject=draft,
        organisation=draft.referring_team.organisation,
        service_user=str(draft.service_user_id),
        offer=str(draft.offer_id),
        needs=[str(pk) for pk in draft.needs.values_list("pk", flat=True)],
    )
    mine.model._base_manager.filter(pk=draft.pk).delete()
    return True


def _notice(draft: Referral, team: Team, now: datetime, *, details: str = "", key: str = "") -> None:
    """Hangs on the person, not on the draft, which is gone."""
    words = {
        "owner": owner_of(draft).user.name[:60],
        "offer": draft.offer.name[:80],
        "provider": draft.provider.name[:60],
    }
    obligations.owe(
        kind=FollowUp.Kind.DRAFT_DELETED,
        key=f"draft:{draft.pk}{key}",
        service_user=draft.service_user,
        referral=None,
        team=team,
        what=_("The draft of %(owner)s to “%(offer)s”, %(provider)s, was deleted unsent. Is help still wanted?")
        % words,
        details=details,
        due_on=add_working_days(london_day(now), WITHIN),
    )


def _written(draft: Referral) -> str:
    needs = draft.needs.select_related("screening")
    said = {
        _("Started"): date_format(london_day(draft.created_at), "j F Y"),
        _("Kind of support"): kinds.TITLES.get(draft.kind, draft.kind),
        _("Needs"): "; ".join(str(title_of(need)) for need in needs),
        _("What was asked"): draft.asked_for,
        _("The person’s own goal"): draft.goal,
        _("Adjustments"): "; ".join(str(kinds.TITLES.get(code, code)) for code in draft.adjustments or ()),
    }
    return "\n".join(f"{label}: {words}" for label, words in said.items() if words)
