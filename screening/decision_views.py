"""What the person decides about a suggestion, and what the clinician chooses where a rule leaves it to them."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.access import requires
from accounts.errors import InvalidInput
from accounts.permissions import Permission
from screening import actions
from screening.forms import AskAgainForm
from screening.models import Need, Screening
from screening.pages import result_url, screening_of
from screening.result_views import show


@require_POST
@requires(Permission.AGREE_NEEDS)
def decide(request: Any, pk: UUID, rule: str) -> HttpResponse:
    screening = screening_of(request, pk)
    decision = request.POST.get("decision", "")
    try:
        actions.decide(
            screening=screening,
            rule=rule,
            decision=decision,
            reason=request.POST.get("reason", "") if decision == Need.Decision.DECLINED else "",
            ask_again_on=_ask_again_on(request) if decision == Need.Decision.NOT_NOW else None,
            by=request.membership,
        )
    except InvalidInput as refused:
        return _refused(request, screening, rule, refused)
    return redirect(f"{result_url(screening)}#{rule}")


def _ask_again_on(request: Any) -> date | None:
    form = AskAgainForm(request.POST)
    if not form.is_valid():
        sentence = str(form.errors["ask_again_on"][0])
        raise InvalidInput(sentence, fields={"ask_again_on": sentence})
    day: date | None = form.cleaned_data["ask_again_on"]
    return day


def _refused(request: Any, screening: Screening, rule: str, refused: InvalidInput) -> HttpResponse:
    """The whole page again, with what is wrong beside the suggestion and nothing typed lost."""
    if screening.result is None:
        raise refused
    return show(
        request, screening, status=400, refused_rule=rule, refused=refused, refused_at=_place(rule, refused)
    )


def _place(rule: str, refused: InvalidInput) -> str:
    field = next((name for name in refused.fields if name in {"reason", "ask_again_on"}), "")
    return f"{rule}-{field}" if field else rule


@require_POST
@requires(Permission.AGREE_NEEDS)
def choose(request: Any, pk: UUID, rule: str) -> HttpResponse:
    screening = screening_of(request, pk)
    try:
        actions.choose_rule(
            screening=screening, rule=rule, chosen=request.POST.get("chosen", ""), by=request.membership
        )
    except InvalidInput as refused:
        return _refused(request, screening, rule, refused)
    return redirect(f"{result_url(screening)}#{rule}")
