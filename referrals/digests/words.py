"""What the morning email says: numbers and kinds, and where to sign in. Read on the way, it says no more."""

from collections.abc import Iterator
from datetime import date

from django.conf import settings
from django.db.models import Count
from django.urls import reverse

from accounts.models import Membership
from accounts.permissions import Permission, Role
from accounts.wording import gettext_lazy as _
from accounts.wording import ngettext
from referrals import worklist
from referrals.models import FollowUp


def letter(membership: Membership, today: date) -> tuple[str, str] | None:
    """(subject, body); None where nothing is due."""
    lines = [(str(kind), number) for kind, number in waiting(membership, today) if number]
    if not lines:
        return None
    total = sum(number for _kind, number in lines)
    subject = ngettext("%(number)s thing waits for you", "%(number)s things wait for you", total)
    return subject % {"number": total}, "\n\n".join(map(str, _paragraphs(membership, lines)))


def waiting(membership: Membership, today: date) -> Iterator[tuple[str, int]]:
    """(kind, how many) due or overdue. An admin hears of what nobody else has moved."""
    role = Role(membership.role)
    if role is not Role.ADMIN and membership.may(Permission.SEE_REFERRALS):
        counts = worklist.counts(membership, worklist.Filters(), today)
        yield _("Referrals overdue"), counts["overdue"]
        yield _("Referrals due today"), counts["today"]
    owed = FollowUp.objects.visible_to(membership).open().filter(due_on__lte=today)
    if role is Role.ADMIN:
        owed = owed.filter(kind=FollowUp.Kind.STUCK)
    numbers = dict(owed.order_by().values_list("kind").annotate(Count("pk")))
    yield from ((kind.label, numbers.get(kind, 0)) for kind in FollowUp.Kind)


def _paragraphs(membership: Membership, lines: list[tuple[str, int]]) -> Iterator[str]:
    role = membership.get_role_display().lower()
    yield _("This is due today or overdue. You see it when you work as %(role)s.") % {"role": role}
    yield "\n".join(f"- {kind}: {number}" for kind, number in lines)
    yield _("Sign in to see it: %(address)s") % {"address": f"{settings.PUBLIC_URL}{reverse('account_login')}"}
    yield _(
        "You get this on working mornings when something is due. It names nobody, so that whoever else sees your "
        "email learns nothing. To stop it, sign in, choose your name at the top of the page, then “Morning email”."
    )
