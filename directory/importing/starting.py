"""Starts and stops the reading of a feed. `by` is None only for the clock and for commands."""

import re
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from accounts import audit, clock
from accounts.errors import InvalidInput, NotAllowed, NotPossibleNow
from accounts.models import Membership, Organisation
from directory.fetching import NotFetched, origin
from directory.importing import doorbell
from directory.models import Feed, FeedReading, FeedService
from directory.openreferral.cleaning import TooDeep, storable
from directory.openreferral.documents import page_in, repeats
from directory.openreferral.reading import identity

Stage = FeedReading.Stage
MOST_BYTES = 16 * 1024 * 1024
BATCH = 500


@transaction.atomic
def add_feed(*, organisation: Organisation, name: str, by: Membership | None, url: str = "") -> Feed:
    """Only a command gives a `url`: which server this one asks is for whoever runs it to decide."""
    if by and organisation.kind != Organisation.Kind.HEALTH:
        raise NotAllowed(_("Only a health organisation reads other directories."))
    if url:
        _check_url(url)
    if Feed.objects.filter(organisation=organisation, name=name).exists():
        sentence = _("There is already a feed of that name.")
        raise InvalidInput(sentence, fields={"name": sentence})
    feed = Feed.objects.create(organisation=organisation, name=name, url=url, created_by=by)
    audit.record("add_feed", by=by, subject=feed, organisation=organisation)
    return feed


def _check_url(url: str) -> None:
    try:
        origin(url)
    except NotFetched as error:
        raise InvalidInput(error.words, fields={"url": error.words}) from error
    if "?" in url or "#" in url:
        sentence = _("Give the address that ends before /services, without a question mark.")
        raise InvalidInput(sentence, fields={"url": sentence})


def start_from_address(*, feed: Feed, by: Membership | None) -> FeedReading:
    if not feed.url:
        raise NotPossibleNow(_("This feed has no address. Choose a file."))
    return _start(feed, by, stage=Stage.LISTING)


def start_from_file(*, feed: Feed, content: bytes, file_name: str, by: Membership | None) -> FeedReading:
    """`content` is JSON: a service, a list of services, or a page of a list. Its services are kept until read."""
    if len(content) > MOST_BYTES:
        sentence = _("The file is larger than %(size)s MB.") % {"size": MOST_BYTES // 1024**2}
        raise InvalidInput(sentence, fields={"file": sentence})
    services = page_in(content).services
    if not services:
        sentence = _("There are no services in the file.")
        raise InvalidInput(sentence, fields={"file": sentence})
    return _start(feed, by, stage=Stage.TAKING, file_name=_plain_name(file_name), services=services)


def _plain_name(file_name: str) -> str:
    return re.sub(r"[^\w .()-]", "", file_name.replace("\\", "/").rpartition("/")[2])[:200] or "file"


def _start(
    feed: Feed, by: Membership | None, *, stage: str, file_name: str = "", services: list[Any] | None = None
) -> FeedReading:
    try:
        with transaction.atomic():
            reading = FeedReading.objects.create(feed=feed, stage=stage, file_name=file_name, started_by=by)
            add_services(reading, services or [])
            mark_repeats(reading)
            Feed.objects.filter(pk=feed.pk).update(last_tried_at=clock.now())
            audit.record("start_reading_feed", by=by, subject=reading, organisation=feed.organisation)
            transaction.on_commit(doorbell.ring)
    except IntegrityError as error:
        raise NotPossibleNow(_("This feed is being read already. Wait until that has finished.")) from error
    return reading


def add_services(reading: FeedReading, services: list[Any], *, after: int = 0) -> None:
    """Rows for what was received, from place `after` on; each is read later, in a transaction of its own."""
    rows = [_row(reading, after + place, raw) for place, raw in enumerate(services)]
    FeedService.objects.bulk_create(rows, batch_size=BATCH)


def mark_repeats(reading: FeedReading) -> None:
    """Of services with one id all but one stay out, else they would take turns at each reading."""
    often = reading.services.exclude(external_id="").order_by().values("external_id").annotate(n=Count("pk"))
    ids = often.filter(n__gt=1).values("external_id")
    rows = list(reading.services.filter(external_id__in=ids))
    out = [rows[place].pk for place in repeats([row.received for row in rows])]
    reading.services.filter(pk__in=out).update(is_repeat=True)


def _row(reading: FeedReading, place: int, raw: Any) -> FeedService:
    name = str(raw.get("name") or "") if isinstance(raw, dict) else ""
    kept, was_cleaned = _kept(raw)
    return FeedService(
        reading=reading,
        place=place,
        external_id=identity(raw),
        name=storable(name)[0].strip()[:200],
        received=kept,
        was_cleaned=was_cleaned,
    )


def _kept(raw: Any) -> tuple[Any, bool]:
    """As it came, less what no database keeps. What nests for ever is no service, and only words say so."""
    try:
        return storable(raw)
    except TooDeep:
        return "nested too deeply", False


@transaction.atomic
def go_on_and_end_many(*, reading: FeedReading, by: Membership) -> None:
    """It is the right file: what is not in it has ended."""
    asked = FeedReading.objects.filter(pk=reading.pk, stage=Stage.FAILED, why_failed="many_gone")
    latest = FeedReading.objects.filter(feed=reading.feed).first()
    fields = {"stage": Stage.CLOSING, "why_failed": "", "ended_at": None, "leased_until": None}
    if latest != reading or not asked.update(may_end_many=True, **fields):
        raise NotPossibleNow(_("This reading does not wait for an answer any more."))
    audit.record("end_many_offers", by=by, subject=reading)
    transaction.on_commit(doorbell.ring)


@transaction.atomic
def stop(*, reading: FeedReading, by: Membership) -> None:
    """What was read stays; what was not stays as it was before."""
    going = FeedReading.objects.going_on().filter(pk=reading.pk)
    if not going.update(stage=Stage.FAILED, why_failed="stopped_here", ended_at=clock.now(), leased_until=None):
        raise NotPossibleNow(_("This reading has ended already."))
    audit.record("stop_reading_feed", by=by, subject=reading)
