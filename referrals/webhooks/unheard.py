"""“Delete what you hold” did not get through: somebody rings the provider, and its admins are mailed.

Found from how the deliveries stand, not from the try that failed: whoever dies in between loses nothing.
"""

from datetime import timedelta

from django.db.models import Q

from accounts import clock, set_aside
from accounts.set_aside import What
from accounts.wording import gettext_lazy as _
from referrals import obligations
from referrals.models import FollowUp, HookDelivery
from referrals.models.contact import FollowUpQuerySet
from referrals.webhooks.health import mail_admins
from referrals.webhooks.kinds import DELETED

LOOK_BACK = timedelta(days=90)


def tell_of_unheard() -> int:
    """How many were told of: given up, or owed to a system that is switched off."""
    unheard = Q(fate=HookDelivery.Fate.GIVEN_UP) | Q(fate="", endpoint__active=False)
    rows = HookDelivery.objects.filter(unheard, event__kind=DELETED, created_at__gte=clock.now() - LOOK_BACK)
    keys = {_key(pk): pk for pk in rows.values_list("pk", flat=True)}
    if not keys:
        return 0
    told = _follow_ups().filter(key__in=keys).values_list("key", flat=True)
    new = rows.filter(pk__in=[keys[key] for key in keys.keys() - set(told)])
    free = new.exclude(pk__in=set_aside.resting(What.CLOCK)).select_related(
        "endpoint", "referral__provider", "referral__referring_team", "referral__service_user"
    )
    return set_aside.each(What.CLOCK, free, _tell, organisation_id=lambda one: one.endpoint.organisation_id)


def heard(delivery: HookDelivery) -> None:
    """It was taken after all: nobody need ring any more."""
    obligations.close(_follow_ups().filter(key=_key(delivery.pk)), "delivered")


def _key(delivery_id: object) -> str:
    return f"hook-deleted:{delivery_id}"


def _follow_ups() -> FollowUpQuerySet:
    return FollowUp.objects.filter(kind=FollowUp.Kind.RING_PROVIDER)


def _tell(delivery: HookDelivery) -> int:
    """The referrer's own system may fail too: then the referrer sees to it that it forgets."""
    referral = delivery.referral
    if referral is None:
        return 0
    ours = delivery.endpoint.organisation_id == referral.referring_team.organisation_id
    holder = referral.referring_team.organisation if ours else referral.provider
    obligations.owe(
        kind=FollowUp.Kind.RING_PROVIDER,
        key=_key(delivery.pk),
        service_user=referral.service_user,
        referral=referral,
        team=referral.referring_team,
        what=_("A system of %(holder)s was not told that this was made in error: ask them to delete it.")
        % {"holder": str(holder)[:120]},
        due_on=clock.today(),
    )
    mail_admins(
        delivery.endpoint,
        key=_key(delivery.pk),
        subject=_("Delete a referral that was made in error"),
        body=_(
            "One of your systems could not be told to delete what it holds about a referral that was made in "
            "error. Sign in as admin, open Outbox, then “Events for other systems”: the event is there, and can "
            "be sent again. If that does not work, delete the referral in your system by hand."
        ),
    )
    return 1
