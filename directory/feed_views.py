"""Other directories read into this one: the feeds, starting a reading, its progress, and what was odd in it."""

import csv
from collections.abc import Iterator
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import audit
from accounts.access import fetch, get_and_post, requires
from accounts.errors import NotAllowed, Refused
from accounts.idempotency import once
from accounts.models import Membership, Organisation
from accounts.permissions import Permission
from accounts.spreadsheets import BYTE_ORDER_MARK, Echo, safe
from directory.feed_forms import FeedFileForm, QuirksForm
from directory.importing import starting
from directory.importing.wording import WHY
from directory.models import Feed, FeedQuirk, FeedReading, FeedService

PER_PAGE = 50
READINGS_SHOWN = 20


def _health(membership: Membership) -> Membership:
    if membership.organisation.kind != Organisation.Kind.HEALTH:
        raise NotAllowed(_("Only a health organisation reads other directories."))
    return membership


@require_safe
@requires(Permission.EXCHANGE_DIRECTORY)
def feeds(request: Any) -> HttpResponse:
    by = request.membership
    rows = Feed.objects.visible_to(by)
    readings = FeedReading.objects.visible_to(by).select_related("feed", "started_by__user")[:READINGS_SHOWN]
    going = {reading.feed_id: reading for reading in FeedReading.objects.visible_to(by).going_on()}
    return render(
        request,
        "directory/feeds.html",
        {
            "feeds": [(feed, going.get(feed.pk)) for feed in rows],
            "readings": [(reading, _became_of(reading)) for reading in readings],
            "may_read": by.organisation.kind == Organisation.Kind.HEALTH,
        },
    )


def _became_of(reading: FeedReading) -> list[tuple[str, int]]:
    """Services by what became of them, in the order of the list of fates."""
    counts = reading.counts
    return [(str(fate.label), counts[fate]) for fate in FeedService.Fate if counts.get(fate)]


@get_and_post
@requires(Permission.EXCHANGE_DIRECTORY)
@once
def read_file(request: Any) -> HttpResponse:
    by = _health(request.membership)
    by_file = Feed.objects.visible_to(by).filter(url="")
    form = FeedFileForm(*_sent(request), feeds=by_file)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("exchange:reading", pk=_start(form, by).pk)
        except Refused as refusal:
            form.refuse(refusal)
    return render(request, "directory/feed_file.html", {"form": form})


def _sent(request: Any) -> tuple[Any, ...]:
    return (request.POST, request.FILES) if request.method == "POST" else ()


@transaction.atomic
def _start(form: FeedFileForm, by: Membership) -> FeedReading:
    """A file that cannot be read leaves no feed without readings behind."""
    file = form.cleaned_data["file"]
    organisation, name = by.organisation, form.cleaned_data["name"]
    feed = form.chosen or starting.add_feed(organisation=organisation, name=name, by=by)
    content = file.read(starting.MOST_BYTES + 1)
    return starting.start_from_file(feed=feed, content=content, file_name=file.name or "", by=by)


@require_POST
@requires(Permission.EXCHANGE_DIRECTORY)
def read_address(request: Any, pk: UUID) -> HttpResponse:
    feed = cast(Feed, fetch(Feed.objects.all(), request.membership, pk=pk))
    started = starting.start_from_address(feed=feed, by=request.membership)
    return redirect("exchange:reading", pk=started.pk)


def _fetched(request: Any, pk: UUID) -> FeedReading:
    rows = FeedReading.objects.select_related("feed", "started_by__user")
    return cast(FeedReading, fetch(rows, request.membership, pk=pk))


def _quirks(reading: FeedReading) -> "QuerySet[FeedQuirk]":
    return FeedQuirk.objects.filter(service__reading=reading).select_related("service")


@require_safe
@requires(Permission.EXCHANGE_DIRECTORY)
def reading(request: Any, pk: UUID) -> HttpResponse:
    row = _fetched(request, pk)
    quirks = _quirks(row)
    often = quirks.order_by().values_list("code").annotate(n=Count("pk")).order_by("-n", "code")
    counts: dict[str, int] = dict(often)
    form = QuirksForm(request.GET, counts=counts)
    code = form.cleaned_data["code"] if form.is_valid() else ""
    found = Paginator(quirks.filter(code=code) if code else quirks, PER_PAGE)
    became = _became_of(row)
    waiting = row.counts.get(FeedService.Fate.WAITING, 0)
    return render(
        request,
        "directory/reading.html",
        {
            "reading": row,
            "became": became,
            "total": sum(number for _label, number in became),
            "read": sum(number for _label, number in became) - waiting,
            "why": WHY.get(row.why_failed, row.why_failed),
            "form": form,
            "code": code,
            "page": found.get_page(request.GET.get("page")),
        },
    )


@require_POST
@requires(Permission.EXCHANGE_DIRECTORY)
def stop(request: Any, pk: UUID) -> HttpResponse:
    starting.stop(reading=_fetched(request, pk), by=request.membership)
    messages.success(request, _("Stopped. What was read stays; the rest is as it was before."))
    return redirect("exchange:reading", pk=pk)


@require_POST
@requires(Permission.EXCHANGE_DIRECTORY)
def end_many(request: Any, pk: UUID) -> HttpResponse:
    starting.go_on_and_end_many(reading=_fetched(request, pk), by=request.membership)
    messages.success(request, _("What is not in it any more is being marked as ended."))
    return redirect("exchange:reading", pk=pk)


@require_safe
@requires(Permission.EXCHANGE_DIRECTORY)
def quirks_csv(request: Any, pk: UUID) -> Any:
    """For whoever keeps the feed, so that it can be put right there."""
    row = _fetched(request, pk)
    audit.record("export_feed_quirks", by=request.membership, subject=row)
    return StreamingHttpResponse(
        _lines(row),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="oddities-{row.started_at:%Y-%m-%d}.csv"'},
    )


def _lines(row: FeedReading) -> Iterator[str]:
    writer = csv.writer(Echo())
    yield BYTE_ORDER_MARK
    yield writer.writerow([_("Service"), _("Its id"), _("Place"), _("Code"), _("What is odd"), _("Value")])
    for quirk in _quirks(row).iterator(chunk_size=500):
        service = quirk.service
        cells = [service.name, service.external_id, quirk.path, quirk.code, quirk.words, quirk.value]
        yield writer.writerow([safe(cell) for cell in cells])
