"""Carries readings of feeds on: claims one, and goes step by step until it is done or time is up.

Each step is a transaction of its own that checks that it is still to be done, so that a worker may be killed
between any two, or two work at once after a lease ran out: nothing is lost, and nothing happens twice. Nothing is
fetched inside a transaction.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic
from typing import Any
from urllib.parse import quote

from celery.exceptions import SoftTimeLimitExceeded
from django.db import DatabaseError, transaction
from django.db.models import F, Q

from accounts import clock, set_aside
from accounts.errors import AlreadyChanged, InvalidInput
from accounts.set_aside import What
from directory import actions, fetching
from directory.fetching import NotFetched
from directory.importing import starting, taking
from directory.models import Feed, FeedReading, FeedService, SupportOffer
from directory.openreferral.cleaning import fingerprint
from directory.openreferral.documents import MOST_SERVICES, Page, page_in, service_in
from directory.openreferral.quirks import Quirks

log = logging.getLogger(__name__)

Stage, Fate = FeedReading.Stage, FeedService.Fate
Fetch = Callable[[str], bytes]

LEASE = timedelta(minutes=3)
"""Longer than a task may run: a worker that has not let go by then is dead."""
BUSY_FOR = 60
"""Seconds after which nothing new is begun; the next beat goes on from here."""
PER_PAGE = 100
MOST_PAGES = 500
MOST_TRIES = 3
A_FEW = 5
"""So many offers may be gone at once whatever share of the feed that is."""
MOST_TROUBLES = 5
REST = timedelta(minutes=1)
"""Before the next try, and so much longer with each; nobody holds the lease meanwhile."""
READ_AGAIN_AFTER = timedelta(hours=24)


def start_due(*, now: datetime) -> None:
    """Feeds with an address are read once a day, by nobody's hand."""
    rested = Q(last_tried_at=None) | Q(last_tried_at__lte=now - READ_AGAIN_AFTER)
    due = Feed.objects.filter(rested, is_active=True).exclude(url="")
    free = due.exclude(pk__in=set_aside.resting(What.FEED))
    set_aside.each(What.FEED, free, _start, organisation_id=lambda feed: feed.organisation_id)


def _start(feed: Feed) -> bool:
    if FeedReading.objects.going_on().filter(feed=feed).exists():
        return False
    starting.start_from_address(feed=feed, by=None)
    return True


def read_feeds(*, fetch: Fetch = fetching.fetch, busy_for: float = BUSY_FOR) -> int:
    """How many steps were made. Readings take turns, the one worked on longest ago first."""
    stop_at, steps = monotonic() + busy_for, 0
    known = set_aside.keys(What.READING)
    while monotonic() < stop_at and (reading := claim()):
        try:
            steps += set_aside.attempt(
                What.READING,
                reading,
                lambda reading: _go_on(reading, fetch, stop_at),
                organisation_id=reading.feed.organisation_id,
                known=known,
                in_transaction=False,
            )
        finally:
            _let_go(reading)
        if monotonic() >= stop_at or reading.ended_at is None:
            break
    return steps


def _go_on(reading: FeedReading, fetch: Fetch, stop_at: float) -> int:
    steps = 0
    while monotonic() < stop_at and step(reading, fetch):
        steps += 1
    return steps


def claim() -> FeedReading | None:
    """The one that was let go longest ago, so that none that stops its worker stops the others too."""
    now = clock.now()
    free = FeedReading.objects.free(now).exclude(pk__in=set_aside.resting(What.READING))
    free = free.select_related("feed__organisation")
    for reading in free.order_by(F("leased_until").asc(nulls_first=True), "started_at")[:20]:
        until = now + LEASE
        if FeedReading.objects.free(now).filter(pk=reading.pk).update(leased_until=until):
            reading.leased_until = until
            return reading
    return None


def _let_go(reading: FeedReading) -> None:
    """Free from now on; when that was says whose turn is next."""
    _mine(reading).update(leased_until=clock.now())


def _mine(reading: FeedReading) -> Any:
    """The row, if it still is in our hands: another worker took over when the lease ran out."""
    return FeedReading.objects.going_on().filter(pk=reading.pk, leased_until=reading.leased_until)


def step(reading: FeedReading, fetch: Fetch) -> bool:
    """One step. False when there is none to make: it has ended, or it is not in our hands any more."""
    if not _mine(reading).exists():
        return False
    steps = {Stage.LISTING: _list_page, Stage.TAKING: _take_next, Stage.CLOSING: _close_next}
    steps[Stage(reading.stage)](reading, fetch)
    reading.refresh_from_db(fields=["stage", "next_page", "troubles", "ended_at"])
    return reading.ended_at is None


def fail(reading: FeedReading, why: str) -> None:
    """What was read stays; nothing goes inactive."""
    _mine(reading).update(stage=Stage.FAILED, why_failed=why, ended_at=clock.now())


# --- The pages of the list --------------------------------------------------------------------------------


def _list_page(reading: FeedReading, fetch: Fetch) -> None:
    number = reading.next_page
    try:
        page = page_in(fetch(f"{_base(reading)}/services?page={number}&per_page={PER_PAGE}"))
    except NotFetched as error:
        _trouble(reading, error)
        return
    except InvalidInput:
        fail(reading, "not_services")
        return
    known = reading.services.count()
    if why := _what_is_wrong(reading, page, known):
        fail(reading, why)
        return
    with transaction.atomic():
        stage = Stage.TAKING if _is_last(page) else Stage.LISTING
        ours = _mine(reading).filter(next_page=number, stage=Stage.LISTING)
        if ours.update(next_page=number + 1, stage=stage, troubles=0):
            starting.add_services(reading, page.services, after=known)
            if stage == Stage.TAKING:
                starting.mark_repeats(reading)


def _base(reading: FeedReading) -> str:
    return reading.feed.url.rstrip("/").removesuffix("/services")


def _what_is_wrong(reading: FeedReading, page: Page, known: int) -> str:
    if reading.next_page > MOST_PAGES or known + len(page.services) > MOST_SERVICES:
        return "endless"
    if page.services and reading.next_page > 1 and not _is_news(reading, page):
        return "repeating"
    return "empty" if not page.services and not known else ""


def _is_news(reading: FeedReading, page: Page) -> bool:
    """A server that does not know pages answers each with the first; its services would be asked for for ever."""
    last = reading.services.order_by("-place").values_list("received", flat=True)[: len(page.services)]
    return [fingerprint(one) for one in reversed(last)] != [fingerprint(one) for one in page.services]


def _is_last(page: Page) -> bool:
    return not page.services or bool(page.last)


def _trouble(reading: FeedReading, error: NotFetched) -> None:
    """Once more later, a few times; what can never go well ends it at once."""
    passing = error.code in {"unreachable", "too_slow"} or error.status in {429, 500, 502, 503, 504}
    if not passing or reading.troubles + 1 >= MOST_TROUBLES:
        fail(reading, error.code)
        return
    rested = clock.now() + REST * (reading.troubles + 1)
    _mine(reading).update(troubles=reading.troubles + 1, leased_until=rested)


# --- The services ----------------------------------------------------------------------------------------


def _take_next(reading: FeedReading, fetch: Fetch) -> None:
    row = reading.services.filter(fate=Fate.WAITING).first()
    if row is None:
        _mine(reading).filter(stage=Stage.TAKING).update(stage=Stage.CLOSING)
        return
    received = row.received
    if not reading.file_name and row.external_id and not row.is_repeat:
        try:
            received = service_in(fetch(f"{_base(reading)}/services/{quote(row.external_id, safe='')}"))
        except (NotFetched, InvalidInput) as error:
            _not_fetched(reading, row, error)
            return
    _take(reading, row, received)


def _not_fetched(reading: FeedReading, row: FeedService, error: Exception) -> None:
    """What the list says is not enough to go by. The offer stays as it is; when nothing answers, all stop."""
    if isinstance(error, NotFetched) and error.code in {"unreachable", "too_slow", "not_public", "not_secure"}:
        _trouble(reading, error)
        return
    quirks = Quirks(row.external_id)
    quirks.add("$", "not_fetched", str(getattr(error, "status", "") or ""))
    with transaction.atomic():
        if taking.claim(row, Fate.REFUSED):
            taking.keep(row, quirks)


def _take(reading: FeedReading, row: FeedService, received: Any) -> None:
    """A service that cannot be saved is put aside, never in the way of the next.

    A try is counted before it is made: what kills the worker or takes all of its time has been tried, too.
    """
    if row.tries >= MOST_TRIES:
        taking.refuse(row, "")
        return
    FeedService.objects.filter(pk=row.pk, fate=Fate.WAITING).update(tries=F("tries") + 1)
    try:
        with transaction.atomic():
            taking.take(reading.feed, row, received)
        _mine(reading).exclude(troubles=0).update(troubles=0)
    except AlreadyChanged:  # somebody edits the offer at this moment
        _again(row)
    except InvalidInput as error:
        taking.refuse(row, error.message)
    except (DatabaseError, SoftTimeLimitExceeded):
        raise  # nothing can be written down now; it stays waiting
    except Exception:
        log.exception("service %s of reading %s could not be taken", row.pk, reading.pk)
        _again(row)


def _again(row: FeedService) -> None:
    """Unless that was the last try."""
    if row.tries + 1 >= MOST_TRIES:
        taking.refuse(row, "")


# --- The end ----------------------------------------------------------------------------------------------


def _close_next(reading: FeedReading, fetch: Fetch) -> None:
    """One offer that the feed no longer has; when there is none left, the reading is done."""
    listed = SupportOffer.objects.published().filter(feed=reading.feed)
    gone = listed.exclude(external_id__in=reading.services.exclude(fate=Fate.GONE).values("external_id"))
    if _are_too_many(reading, gone.count(), listed.count()):
        fail(reading, "many_gone")
        return
    if offer := gone.first():
        _end(reading, offer)
        return
    with transaction.atomic():
        if _mine(reading).filter(stage=Stage.CLOSING).update(stage=Stage.DONE, ended_at=clock.now()):
            counts = reading.counts
            Feed.objects.filter(pk=reading.feed_id).update(last_read_at=clock.now(), last_result=counts)
            reading.services.exclude(fate=Fate.REFUSED).update(received=None)


def _are_too_many(reading: FeedReading, gone: int, listed: int) -> bool:
    """Then it is likelier that this is the wrong file or half an answer, and a person is asked."""
    before = reading.services.filter(fate=Fate.GONE).count()
    return not reading.may_end_many and gone + before > max(A_FEW, (listed + before) / 2)


def _end(reading: FeedReading, offer: SupportOffer) -> None:
    with transaction.atomic():
        actions.withdraw_offer(
            offer=offer,
            version=offer.version,
            reason=SupportOffer.Withdrawn.GONE_FROM_FEED,
            by=None,
            source=SupportOffer.Source.FEED,
        )
        FeedService.objects.create(
            reading=reading,
            place=reading.services.count(),
            external_id=offer.external_id,
            name=offer.name,
            fate=Fate.GONE,
            offer=offer,
        )
