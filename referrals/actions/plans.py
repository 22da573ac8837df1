"""Plans on paper: every print is written down, and so is that a person went home with one."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.access import check
from accounts.errors import InvalidInput, NotPossibleNow
from accounts.models import Membership
from accounts.permissions import Permission
from people.models import ServiceUser
from referrals import obligations
from referrals.models import FollowUp, GivenPlan
from referrals.printing import papers
from referrals.printing.papers import Paper
from referrals.printing.plan import Plan

TOLD = "told_with_plan"


@transaction.atomic
def print_plans(*, prints: Sequence[Paper], form: str, by: Membership) -> bytes:
    """The PDF, audited for each person on it; NotPossibleNow, and no audit row, where one of them is refused."""
    check(by, Permission.PRINT_PLANS)
    pdf = papers.pdf_of(prints, form)
    for one in prints:
        audit.record("print_plan", by=by, subject=one.person, form=form, at_once=len(prints))
    return pdf


@transaction.atomic
def give_plan(*, service_user: ServiceUser, form: str, how: str, by: Membership) -> GivenPlan:
    """The person has it. Given by hand and read together, it is also how they were told the news on it."""
    check(by, Permission.PRINT_PLANS)
    _check(form, how)
    paper = papers.of(service_user, form)
    if paper.refused or paper.plan is None:
        raise NotPossibleNow(paper.refused)
    given = GivenPlan.objects.create(service_user=service_user, form=form, how=how, given_by=by)
    audit.record("give_plan", by=by, subject=service_user, form=form, how=how)
    if how == GivenPlan.How.HANDED:
        _told(service_user, paper.plan, by)
    return given


def _check(form: str, how: str) -> None:
    wrong = {}
    if form not in GivenPlan.Form:
        wrong["form"] = _("Choose the form that the person has.")
    if how not in GivenPlan.How:
        wrong["how"] = _("Say whether it was given by hand or posted.")
    elif how == GivenPlan.How.POSTED and form != GivenPlan.Form.LETTER:
        wrong["how"] = _("Only the letter form goes into the post: the others have no address for the window.")
    if wrong:
        raise InvalidInput(" ".join(wrong.values()), fields=wrong)


def _told(service_user: ServiceUser, plan: Plan, by: Membership) -> None:
    """What stands on the plan is news no more. A call that reminds of a day to come is still owed."""
    on_it = [item.referral for item in plan.items if item.referral]
    owed = (
        FollowUp.objects.visible_to(by)
        .open()
        .filter(service_user=service_user, kind=FollowUp.Kind.TELL_PERSON, referral__in=on_it)
    )
    for follow_up in (
        owed.exclude(key__contains=":remind:")
        .exclude(key__startswith="post:")
        .select_related("team__organisation")
    ):
        obligations.settle(follow_up=follow_up, result=TOLD, by=by)
