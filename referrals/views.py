"""Reading referrals: the worklist, one referral, and what is owed. Changes are made in the other view modules."""

from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts import audit, clock
from accounts.access import fetch, requires
from accounts.errors import Refused
from accounts.models import Membership
from accounts.permissions import Permission
from referrals import actions
from referrals import worklist as lists
from referrals.actions.stepping import RELATED
from referrals.models import FollowUp, Referral
from referrals.page import whole
from referrals.wording import day_words, name_for

OWED_PAGE = 50


def referral_of(request: Any, pk: UUID) -> Referral:
    """The referral, if the hat worn can see it; for a stranger there is none of that id (404)."""
    return cast(Referral, fetch(Referral.objects.select_related(*RELATED), request.membership, pk=pk))


def part_of(model: Any, request: Any, pk: UUID) -> Any:
    """An appointment, loan or note of a referral that the hat worn can see."""
    visible = Referral.objects.visible_to(request.membership)
    rows = model.objects.select_related(*(f"referral__{name}" for name in RELATED))
    found = rows.filter(pk=pk, referral__in=visible).first()
    if found is None:
        raise Http404
    return found


@require_safe
@requires(Permission.SEE_REFERRALS)
def worklist(request: Any) -> HttpResponse:
    return worklist_page(request, lists.Filters.read(request.GET, request.membership))


def worklist_page(request: Any, filters: lists.Filters, refusal: Refused | None = None) -> HttpResponse:
    """With a `refusal` of what was ticked: the same page again (400), ticks and choice as they were."""
    hat, today = request.membership, clock.today()
    rows, after = lists.page(hat, filters, today)
    counts = lists.counts(hat, filters, today)
    audit.record("see_worklist", by=hat, show=filters.show, shown=len(rows))
    return render(
        request,
        "referrals/worklist.html",
        {
            "lines": [lists.line(referral, hat, today) for referral in rows],
            **_navigation(hat, filters, counts),
            "next_page": filters.address(after=after) if after else "",
            "owed": _owed(request).filter(due_on__lte=today).count(),
            "today": today,
            "colleagues": lists.choices(hat) if rows and filters.show != "ended" else [],
            "refusal": refusal,
            "ticked": request.POST.getlist("referral"),
            "chosen": request.POST.get("to", ""),
        },
        status=refusal.http_status if refusal else 200,
    )


def _navigation(hat: Membership, filters: lists.Filters, counts: dict[str, int]) -> dict[str, Any]:
    """Every filter and list as a link that keeps the others."""

    def links(names: Iterable[str]) -> list[tuple[str, str, str, int]]:
        return [(name, lists.LISTS[name], filters.address(show=name), counts[name]) for name in names]

    return {
        "filters": filters,
        "title": lists.LISTS[filters.show],
        "nothing": lists.NOTHING[filters.show],
        "lists": links(lists.EVERYBODY),
        "team_lists": links(lists.COORDINATOR) if lists.coordinates(hat) else [],
        "workers": [(name, words, filters.address(worker=name)) for name, words in lists.WORKERS.items()],
        "urgent_too": filters.address(urgent="" if filters.urgent else "yes"),
    }


@require_safe
@requires(Permission.SEE_REFERRALS)
def detail(request: Any, pk: UUID) -> HttpResponse:
    referral = referral_of(request, pk)
    audit.record("view_referral", by=request.membership, subject=referral)
    return render(request, "referrals/detail.html", whole(referral, request.membership))


@require_POST
@requires(Permission.SEE_REFERRALS)
def open_it(request: Any, pk: UUID) -> HttpResponse:
    """The provider's button on what has just come in: acknowledges, then shows. See docs/decisions/0004."""
    referral = referral_of(request, pk)
    if referral.status == "sent":
        actions.act(referral=referral, action="acknowledge", by=request.membership)
    return redirect("referrals:detail", pk=referral.pk)


def _owed(request: Any) -> QuerySet[FollowUp]:
    return FollowUp.objects.visible_to(request.membership).open()


@require_safe
@requires(Permission.SEE_REFERRALS)
def owed(request: Any) -> HttpResponse:
    """What the team owes to people, the longest due first."""
    rows = _following(_owed(request), request.GET.get("after", ""))
    shown = list(rows.select_related("service_user", "referral", "team").order_by("due_on", "id")[: OWED_PAGE + 1])
    today = clock.today()
    more = f"{shown[OWED_PAGE - 1].due_on}.{shown[OWED_PAGE - 1].pk}" if len(shown) > OWED_PAGE else ""
    hat = request.membership
    audit.record("view_owed", by=hat, shown=len(shown[:OWED_PAGE]))
    lines = [
        (row, name_for(hat, row.service_user, row.referral), day_words(row.due_on, today))
        for row in shown[:OWED_PAGE]
    ]
    about = [row.referral_id for row, _name, _due in lines if row.referral_id]
    may_open = set(Referral.objects.visible_to(hat).filter(pk__in=about).values_list("pk", flat=True))
    found = {"lines": lines, "after": more, "today": today, "may_open": may_open}
    return render(request, "referrals/owed.html", found)


def _following(rows: QuerySet[FollowUp], after: str) -> QuerySet[FollowUp]:
    mark = lists.read_mark(after)
    if mark is None or mark[0] is None:
        return rows
    return rows.filter(Q(due_on__gt=mark[0]) | Q(due_on=mark[0], pk__gt=mark[1]))
