"""The paper plan on screen and as PDF, the plans of a clinic list in one go, and appointment cards."""

from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts import audit, clock
from accounts.access import fetch, get_and_post, requires
from accounts.errors import InvalidInput, NotPossibleNow, Refused
from accounts.idempotency import once
from accounts.permissions import Permission
from people.actions import plan_of
from people.contact_plan import describe
from people.models import ServiceUser
from referrals import actions
from referrals.models import GivenPlan
from referrals.printing import gathering, meetings, paper, papers
from referrals.printing.papers import AT_ONCE, Paper
from referrals.views import referral_of

ON_SCREEN = (paper.STANDARD, paper.LARGE, paper.EASY_READ)
"""Forms that a browser can print; folding and windows need the exact paper."""

LEFT_OFF = {
    "goal": gettext_lazy("the goal in the person’s words"),
    "place": gettext_lazy("the place of a meeting"),
    "bring": gettext_lazy("what to bring"),
}


def person_of(request: Any, pk: UUID) -> ServiceUser:
    people = ServiceUser.objects.select_related(*gathering.RELATED)
    return cast(ServiceUser, fetch(people, request.membership, pk=pk))


def _form(asked: str, known: Sequence[str] = tuple(paper.SIZES)) -> str:
    return asked if asked in known else paper.STANDARD


@require_safe
@requires(Permission.PRINT_PLANS)
def plan(request: Any, pk: UUID) -> HttpResponse:
    """The plan as a page that prints as it looks, the other forms of it, and who has had one."""
    return _page(request, person_of(request, pk), _form(request.GET.get("form", ""), ON_SCREEN))


def _page(request: Any, person: ServiceUser, form: str, refused: Refused | None = None) -> HttpResponse:
    """`refused`: why what was asked for could not be done."""
    one = papers.of(person, form)
    audit.record("view_plan", by=request.membership, subject=person, form=form)
    context = {
        "person": person,
        "contact_words": describe(plan_of(person)),
        "paper": one,
        "form": form,
        "forms": [(code, GivenPlan.Form(code).label) for code in ON_SCREEN],
        "left_off": [LEFT_OFF[what] for what in one.plan.left_off] if one.plan else [],
        "given": person.plans_given.select_related("given_by__user"),
        "refused": refused,
    }
    return render(request, "referrals/plan.html", context, status=refused.http_status if refused else 200)


@require_safe
@requires(Permission.PRINT_PLANS)
def plan_pdf(request: Any, pk: UUID, form: str) -> HttpResponse:
    if form not in paper.SIZES:
        raise Http404
    person = person_of(request, pk)
    try:
        pdf = actions.print_plans(prints=[papers.of(person, form)], form=form, by=request.membership)
    except NotPossibleNow as refused:
        return _page(request, person, _form(form, ON_SCREEN), refused)
    return _as_pdf(pdf, "my-plan.pdf")


def _as_pdf(pdf: bytes, name: str) -> HttpResponse:
    """A file name that says nobody's name: it stays in the downloads of a shared machine."""
    response = HttpResponse(pdf, content_type=paper.PDF)
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@requires(Permission.PRINT_PLANS)
@once
def give_plan(request: Any, pk: UUID) -> HttpResponse:
    person = person_of(request, pk)
    form, how = request.POST.get("form", ""), request.POST.get("how", "")
    try:
        actions.give_plan(service_user=person, form=form, how=how, by=request.membership)
    except (InvalidInput, NotPossibleNow) as refused:
        return _page(request, person, _form(form, ON_SCREEN), refused)
    messages.success(request, _("Written down: the person has this plan."))
    return redirect(f"{reverse('referrals:plan', args=[person.pk])}?form={_form(form, ON_SCREEN)}")


# --- A clinic list ------------------------------------------------------------------------------------------


@get_and_post
@requires(Permission.PRINT_PLANS)
def plans(request: Any) -> HttpResponse:
    """One PDF in the order of the list. Who cannot be printed is named with the reason; the rest stay ticked."""
    form = _form(request.POST.get("form", ""))
    if request.method != "POST":
        return _list(request, form)
    chosen = _chosen(request)
    if not 0 < len(chosen) <= AT_ONCE:
        too_many = _("Tick %(number)s people at the most.") % {"number": AT_ONCE}
        sentence = too_many if chosen else _("Tick at least one person.")
        return _list(request, form, problem=sentence, ticked=[person.pk for person in chosen], status=400)
    prints = papers.of_all(chosen, form)
    try:
        return _as_pdf(actions.print_plans(prints=prints, form=form, by=request.membership), "plans.pdf")
    except NotPossibleNow:
        faulty = papers.with_faults(prints, form)
        fine = {one.person.pk for one in prints} - {one.person.pk for one in faulty}
        return _list(request, form, faulty=faulty, ticked=fine, status=409)


def _people(request: Any) -> Any:
    people = ServiceUser.objects.visible_to(request.membership).on_caseload(clock.today())
    return people.select_related(*gathering.RELATED).order_by("search_name", "id")


def _chosen(request: Any) -> list[ServiceUser]:
    """Those ticked that the hat worn can see, in the order of the list; what is no id is nobody's."""
    ids = []
    for text in request.POST.getlist("person"):
        try:
            ids.append(UUID(text))
        except ValueError:
            continue
    return list(_people(request).filter(pk__in=ids[: AT_ONCE + 1]))


def _list(
    request: Any,
    form: str,
    *,
    problem: str = "",
    faulty: Sequence[Paper] = (),
    ticked: Any = (),
    status: int = 200,
) -> HttpResponse:
    """A page of the caseload; `after` as for the caseload itself."""
    people = _people(request)
    if after := request.GET.get("after"):
        people = _following(people, request.membership, after)
    shown = list(people[: AT_ONCE + 1])
    audit.record("see_caseload", by=request.membership, shown=len(shown[:AT_ONCE]))
    context = {
        "lines": papers.of_all(shown[:AT_ONCE]),
        "more": len(shown) > AT_ONCE,
        "after": after,
        "form": form,
        "forms": GivenPlan.Form.choices,
        "problem": problem,
        "faulty": faulty,
        "not_printed": ngettext("%(n)s plan cannot be printed", "%(n)s plans cannot be printed", len(faulty))
        % {"n": len(faulty)},
        "ticked": set(ticked),
    }
    return render(request, "referrals/plans.html", context, status=status)


def _following(people: Any, membership: Any, after: str) -> Any:
    try:
        last = cast(ServiceUser, fetch(ServiceUser.objects.all(), membership, pk=UUID(after)))
    except ValueError:
        raise Http404 from None
    return people.filter(search_name__gte=last.search_name).exclude(search_name=last.search_name, pk__lte=last.pk)


# --- Appointment cards --------------------------------------------------------------------------------------


@require_safe
@requires(Permission.SEE_REFERRALS)
def card(request: Any, pk: UUID) -> HttpResponse:
    """A card for each meeting that is still to come."""
    referral = referral_of(request, pk)
    pdf = paper.cards(meetings.cards_of(referral, request.membership))
    audit.record("print_card", by=request.membership, subject=referral)
    return _as_pdf(pdf, "my-meeting.pdf")
