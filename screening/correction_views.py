"""The page on which a submitted screening begins to be corrected."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts import audit
from accounts.access import get_and_post, requires
from accounts.errors import InvalidInput, NotPossibleNow
from accounts.permissions import Permission
from accounts.widgets import posted
from screening import actions
from screening.forms import CorrectForm
from screening.pages import about, check_url, result_url, screening_of


@get_and_post
@requires(Permission.SCREEN)
def correct(request: Any, pk: UUID) -> HttpResponse:
    """Asks what was wrong, in words, and leads to the answers. One that is being corrected says by whom."""
    screening = screening_of(request, pk)
    form, status = CorrectForm(posted(request)), 200
    if request.method == "POST" and form.is_valid():
        try:
            draft = actions.correct(screening=screening, by=request.membership, **form.cleaned_data)
            return redirect(check_url(draft))
        except InvalidInput as refused:
            form.refuse(refused)
        except NotPossibleNow as refused:
            status = refused.http_status
            screening.refresh_from_db()
    if not screening.counts:
        return redirect(result_url(screening))
    audit.record("view_screening", by=request.membership, subject=screening, section="correct")
    context = about(screening, form=form, open=screening.correction)
    return render(request, "screening/correct.html", context, status=status)
