"""Who was not reached about several things is not rung again because one of them is over."""

from referrals import obligations
from referrals.models import CallTopic, FollowUp, Referral

CHOOSE_WAY = FollowUp.Kind.CHOOSE_WAY


def leave_to_the_rest(referral: Referral) -> None:
    """After what was owed about this referral is closed: another way is still to be chosen where the calls were
    about something else too."""
    for choosing in FollowUp.objects.open().filter(referral=referral, kind=CHOOSE_WAY):
        topics = CallTopic.objects.filter(call=choosing.key.removeprefix("call:"))
        still_owed = FollowUp.objects.open().filter(calls__in=topics).order_by("due_on", "pk")
        one = still_owed.first()
        if one is None:
            obligations.close(FollowUp.objects.filter(pk=choosing.pk), referral.status)
        elif one.referral_id:
            FollowUp.objects.filter(pk=choosing.pk).update(referral=one.referral_id)
