"""The directory as a spreadsheet: taken away, uploaded, tried out, and then applied."""

from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from accounts import audit, clock
from accounts.access import fetch, get_and_post, requires
from accounts.errors import InvalidInput, Refused
from accounts.idempotency import once
from accounts.permissions import Permission
from accounts.widgets import ServiceForm
from accounts.wording import gettext_lazy as _
from directory.models import Sheet
from directory.spreadsheet import applying, files

SHOWN = 200


class SheetForm(ServiceForm):
    file = forms.FileField(
        label=_("The spreadsheet, saved as CSV"),
        help_text=format_lazy(
            _(
                "Begin with an export: the first row names the columns. Up to {most} rows at a time. "
                "Nothing is changed yet."
            ),
            most=files.MOST_ROWS,
        ),
        error_messages={
            "required": _("Choose a file."),
            "empty": _("The file is empty."),
            "invalid": _("Choose a file."),
            "missing": _("Choose a file."),
        },
    )


@require_safe
@requires(Permission.EXCHANGE_DIRECTORY)
def export(request: Any) -> Any:
    """The offers that one keeps, whole, so that nothing is read after the first line has left."""
    rows = [applying.cells_of(offer) for offer in applying.offers_of(request.membership)]
    audit.record("export_directory_sheet", by=request.membership, rows=len(rows))
    return StreamingHttpResponse(
        files.written(rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="directory-{clock.today()}.csv"'},
    )


@get_and_post
@requires(Permission.EXCHANGE_DIRECTORY)
@once
def upload(request: Any) -> HttpResponse:
    form = SheetForm(request.POST, request.FILES) if request.method == "POST" else SheetForm()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        content = file.read(files.MOST_BYTES + 1)
        try:
            sheet = applying.upload(content=content, file_name=file.name or "", by=request.membership)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return redirect("exchange:sheet", pk=sheet.pk)
    return render(request, "directory/sheet_upload.html", {"form": form})


@get_and_post
@requires(Permission.EXCHANGE_DIRECTORY)
def sheet(request: Any, pk: UUID) -> HttpResponse:
    """What it would do, row by row where something is wrong; and doing it."""
    row = cast(Sheet, fetch(Sheet.objects.all(), request.membership, pk=pk))
    if request.method == "POST":
        try:
            applying.apply(row, by=request.membership)
        except InvalidInput as refusal:
            applying.look_again(row, by=request.membership)
            messages.warning(request, refusal.message)
        else:
            messages.success(request, gettext("Done. The directory says what the spreadsheet says."))
        return redirect("exchange:sheet", pk=pk)
    if not row.result:  # uploaded before what comes of it was kept
        applying.look_again(row, by=request.membership)
    context = {"sheet": row, "outcome": applying.seen(row), "shown": SHOWN}
    return render(request, "directory/sheet.html", context)
