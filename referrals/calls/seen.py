"""One person as the call page shows them: only to whoever has, or had, something to tell them."""

from uuid import UUID

from django.db.models import Q

from accounts import clock
from accounts.models import Membership
from accounts.permissions import Permission
from accounts.wording import gettext_lazy as _
from people.models import ServiceUser
from referrals.calls import listing, owed, slots, tries
from referrals.models import CallAttempt, FollowUp, Referral


def people(membership: Membership) -> Q:
    """What the team owes or owed, the referrals that it can see, and the own caseload."""
    owing = FollowUp.objects.visible_to(membership).values("service_user")
    referred = Referral.objects.visible_to(membership).values("service_user")
    wanted = Q(pk__in=owing) | Q(pk__in=referred)
    if membership.may(Permission.SEE_SERVICE_USERS):
        wanted |= Q(pk__in=ServiceUser.objects.visible_to(membership).values("pk"))
    return wanted


def line_of(membership: Membership, pk: UUID) -> listing.Line | None:
    """None for whoever is a stranger to the person."""
    person = owed.with_next_try(
        ServiceUser.objects.standing().filter(people(membership), pk=pk), membership
    ).first()
    if person is None:
        return None
    return listing.lines_of([person], membership, also_settled=True)[0]


def earlier(person: ServiceUser, membership: Membership) -> list[tries.Tried]:
    """The newest first."""
    return tries.of([person], membership).get(person.pk, [])[::-1]


def what_comes(attempt: CallAttempt) -> str:
    if attempt.next_on:
        return _("Next try %(day)s, %(part)s.") % {
            "day": slots.day_in_words(attempt.next_on, clock.today()),
            "part": slots.WORDS[slots.Part(attempt.next_part)],
        }
    if attempt.result == CallAttempt.Result.REACHED:
        return _("What you ticked is settled.")
    if attempt.result == CallAttempt.Result.STOP:
        return _("Contact is paused for everybody. The person’s own team is asked what they want.")
    if attempt.result == CallAttempt.Result.WRONG_NUMBER:
        return _("Nobody rings or texts this number until the person’s own team has checked it.")
    return _("Somebody of your team is asked to choose another way.")
