"""Feeds read into the directory: nothing crashes, nothing happens twice, nothing of ours is lost."""

import json
from contextlib import suppress
from urllib.parse import parse_qs, urlsplit

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db.models import Max

from accounts import clock
from accounts.errors import InvalidInput, NotPossibleNow
from directory import actions, publishing
from directory.fetching import NotFetched
from directory.importing import running, starting, taking
from directory.models import Feed, FeedQuirk, FeedReading, FeedService, SupportOffer
from directory.openreferral.quirks import MOST, REFUSED
from tests import factories
from tests.directory import messy_feed
from tests.directory.oruk import example

pytestmark = pytest.mark.django_db

Fate = FeedService.Fate
Withdrawn = SupportOffer.Withdrawn


@pytest.fixture
def feed(trust, dee):
    return starting.add_feed(organisation=trust, name="Council directory", by=dee)


def read(feed, services, *, by=None):
    """A file with these services, read to the end."""
    content = json.dumps(services).encode()
    reading = starting.start_from_file(feed=feed, content=content, file_name="services.json", by=by)
    running.read_feeds()
    reading.refresh_from_db()
    assert reading.stage == "done", reading.why_failed
    return reading


def service(number=1, **changes):
    raw = messy_feed.base(number) | changes
    return {name: value for name, value in raw.items() if value is not None}


def offer_of(feed, number=1):
    return SupportOffer.objects.get(feed=feed, external_id=messy_feed.base(number)["id"])


# --- What comes in ----------------------------------------------------------------------------------------


def test_a_messy_feed_is_read_whole_and_every_oddity_reported_exactly(feed):
    services, expected = messy_feed.feed()
    reading = read(feed, services)
    said = {
        row.place: [(quirk.path, quirk.code) for quirk in row.quirks.all()]
        for row in reading.services.prefetch_related("quirks")
    }
    assert said == expected
    out = {place for place, found in expected.items() if REFUSED & {code for _, code in found}}
    assert set(reading.services.filter(fate=Fate.REFUSED).values_list("place", flat=True)) == out
    assert SupportOffer.objects.filter(feed=feed).count() == len(services) - len(out)
    assert len({code for found in expected.values() for _, code in found}) >= 40


def test_a_service_of_a_known_kind_is_an_offer_like_others_and_of_none_is_listed_only(feed):
    read(feed, [service(1), service(2, attributes=None)])
    known, unknown = offer_of(feed, 1), offer_of(feed, 2)
    assert (known.kinds, known.source, known.location.postcode) == (["befriending"], "feed", "SE5 8AZ")
    assert known.provider.profile.kept_by == feed.organisation
    assert unknown.kinds == []
    assert unknown.is_active


def test_providers_and_places_that_services_share_are_there_once(feed):
    read(feed, [service(1), service(2)])
    assert offer_of(feed, 1).provider == offer_of(feed, 2).provider
    assert offer_of(feed, 1).location == offer_of(feed, 2).location


def test_a_provider_known_by_name_is_the_same_and_keeps_its_own_details(feed, provider):
    provider.name = "EXAMPLE Organization Inc."
    provider.save()
    actions.describe_provider(organisation=provider, by=None, phone="020 7946 0000")
    read(feed, [service(1)])
    assert offer_of(feed).provider == provider
    provider.profile.refresh_from_db()
    assert provider.profile.phone == "020 7946 0000"


def test_no_feed_lists_offers_of_a_provider_that_somebody_else_keeps(feed, bo, provider):
    """A referrer would write to whomever the feed names."""
    elsewhere = factories.OrganisationFactory(kind="provider")
    actions.describe_provider(organisation=elsewhere, by=None, kept_by=factories.OrganisationFactory())
    for number, organisation in enumerate((bo.organisation, elsewhere)):
        about = messy_feed.base(number)["organization"] | {"name": organisation.name}
        reading = read(feed, [service(number, organization=about, email="planted@example.org")])
        [quirk] = FeedQuirk.objects.filter(service__reading=reading, code="keeps_own")
        assert (quirk.value, reading.counts) == (organisation.name, {Fate.REFUSED: 1})
    assert not SupportOffer.objects.filter(feed=feed).exists()


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"a": 1}', b"\x00\x01", b"[" * 100_000, b'"x"'])
def test_what_is_no_feed_is_refused_with_a_sentence_and_leaves_nothing(feed, dee, content):
    with pytest.raises(InvalidInput) as refusal:
        starting.start_from_file(feed=feed, content=content, file_name="x", by=dee)
    assert refusal.value.fields["file"]
    assert not FeedReading.objects.exists()


# --- Again --------------------------------------------------------------------------------------------------


def test_the_second_reading_of_the_same_feed_changes_nothing(feed):
    services, _ = messy_feed.feed()
    read(feed, services)
    before = list(SupportOffer.objects.order_by("pk").values())
    reading = read(feed, list(reversed(services)))
    assert list(SupportOffer.objects.order_by("pk").values()) == before
    assert set(reading.counts) == {Fate.SAME, Fate.REFUSED}


def test_what_the_feed_changes_is_changed_here(feed):
    read(feed, [service(1, fees=None)])
    reading = read(feed, [service(1, name="New name", minimum_age=16, schedules=None)])
    assert reading.counts == {Fate.CHANGED: 1}
    offer = offer_of(feed)
    assert (offer.name, offer.min_age, offer.schedule) == ("New name", 16, "")


def test_an_offer_gone_from_the_feed_becomes_inactive_with_a_reason_and_comes_back_with_it(feed):
    read(feed, [service(1), service(2)])
    reading = read(feed, [service(2)])
    assert reading.counts == {Fate.SAME: 1, Fate.GONE: 1}
    assert offer_of(feed, 1).withdrawn_reason == Withdrawn.GONE_FROM_FEED
    assert offer_of(feed, 2).is_active
    assert read(feed, [service(1), service(2)]).counts == {Fate.SAME: 1, Fate.BACK: 1}
    assert offer_of(feed, 1).is_active


def test_a_service_its_feed_calls_closed_is_not_offered(feed):
    assert read(feed, [service(1, status="temporarily closed")]).counts == {Fate.ENDED: 1}
    assert not offer_of(feed).is_active
    assert read(feed, [service(1)]).counts == {Fate.BACK: 1}
    assert offer_of(feed).is_active


def test_a_broken_record_leaves_the_offer_that_was_there_as_it_was(feed):
    read(feed, [service(1)])
    reading = read(feed, [service(1, name="")])
    assert reading.counts == {Fate.REFUSED: 1}
    assert offer_of(feed).is_active
    assert offer_of(feed).name == "Service 1"


def test_when_most_of_a_feed_is_gone_a_person_is_asked_first(feed, dee):
    """It may be the wrong file, or half of one."""
    everything = [service(number) for number in range(12)]
    read(feed, everything)
    content = json.dumps(everything[:3]).encode()
    reading = starting.start_from_file(feed=feed, content=content, file_name="x", by=dee)
    running.read_feeds()
    reading.refresh_from_db()
    assert (reading.stage, reading.why_failed) == ("failed", "many_gone")
    assert SupportOffer.objects.published().filter(feed=feed).count() == 12
    starting.go_on_and_end_many(reading=reading, by=dee)
    running.read_feeds()
    assert FeedReading.objects.get(pk=reading.pk).counts == {Fate.SAME: 3, Fate.GONE: 9}
    with pytest.raises(NotPossibleNow):
        starting.go_on_and_end_many(reading=reading, by=dee)


def test_another_feeds_offers_are_left_alone(feed, trust, dee):
    read(feed, [service(1)])
    other = starting.add_feed(organisation=trust, name="Another", by=dee)
    read(other, [service(2)])
    assert offer_of(feed, 1).is_active


# --- What was set here ---------------------------------------------------------------------------------------


def conflicts(reading):
    return sorted(
        FeedQuirk.objects.filter(service__reading=reading, code="conflict").values_list("path", flat=True)
    )


def test_what_a_person_set_here_is_not_overwritten_and_said_so(feed, dee):
    read(feed, [service(1)])
    offer = offer_of(feed)
    actions.edit_offer(offer=offer, version=offer.version, by=dee, name="Our name", kinds=["device"])
    assert conflicts(read(feed, [service(1)])) == []
    reading = read(feed, [service(1, name="Their name", minimum_age=20)])
    offer.refresh_from_db()
    assert (offer.name, offer.kinds, offer.min_age) == ("Our name", ["device"], 20)
    assert conflicts(reading) == ["$.name"]


def test_what_a_person_ended_stays_ended(feed, dee):
    read(feed, [service(1)])
    offer = offer_of(feed)
    actions.withdraw_offer(offer=offer, version=offer.version, reason=Withdrawn.DUPLICATE, by=dee)
    assert conflicts(read(feed, [service(1)])) == ["$.status"]
    assert not offer_of(feed).is_active


def test_a_providers_details_follow_the_feed_until_somebody_changes_them(feed, dee):
    def about(**changes):
        return service(1, organization=messy_feed.base(1)["organization"] | changes)

    read(feed, [about()])
    read(feed, [about(email="new@example.org")])
    provider = offer_of(feed).provider
    assert provider.profile.email == "new@example.org"
    actions.describe_provider(organisation=provider, by=dee, email="ours@example.org")
    reading = read(feed, [about(email="newest@example.org")])
    provider.profile.refresh_from_db()
    assert provider.profile.email == "ours@example.org"
    assert conflicts(reading) == ["$.organization.email"]


def test_a_provider_renamed_in_its_feed_keeps_its_name_here_and_goes_out_with_the_new_one(feed):
    read(feed, [service(1)])
    renamed = service(1, organization=messy_feed.base(1)["organization"] | {"name": "New name"})
    reading = read(feed, [renamed])
    assert FeedQuirk.objects.filter(service__reading=reading, code="renamed").count() == 1
    offer = SupportOffer.objects.annotate(changed_at=Max("changes__at")).get(feed=feed)
    assert offer.provider.name == "Example Organization Inc."
    assert publishing.document(offer)["organization"]["name"] == "New name"


def test_a_word_given_here_later_than_the_feeds_stands(feed, dee):
    read(feed, [service(1, assured_date="2024-01-01")])
    offer = offer_of(feed)
    actions.still_true(offer=offer, version=offer.version, by=dee)
    read(feed, [service(1, assured_date="2024-02-01")])
    offer.refresh_from_db()
    assert (offer.verified_on, offer.verified_by) == (clock.today(), dee)


# --- One at a time, whoever is killed -----------------------------------------------------------------------


class Killed(BaseException):
    """What no code of ours catches, as little as it catches SIGKILL."""


def test_a_worker_killed_anywhere_loses_nothing_and_does_nothing_twice(feed, monkeypatch):
    services = [service(number) for number in range(8)]
    content = json.dumps(services).encode()
    starting.start_from_file(feed=feed, content=content, file_name="x", by=None)
    taken, killed = taking.take, []

    def sometimes(feed, row, received):
        taken(feed, row, received)
        if len(killed) < 6 and row.pk not in killed:
            killed.append(row.pk)
            raise Killed

    monkeypatch.setattr(taking, "take", sometimes)
    monkeypatch.setattr(running, "_let_go", lambda reading: None)  # the dead let nothing go
    monkeypatch.setattr(running, "LEASE", running.LEASE * 0)
    while FeedReading.objects.going_on().exists():
        try:
            running.read_feeds()
        except Killed:
            continue
    assert len(killed) == 6
    assert SupportOffer.objects.filter(feed=feed).count() == 8
    assert FeedReading.objects.get().counts == {Fate.ADDED: 8}


def test_a_service_that_kills_its_workers_stops_no_other_feed_and_is_put_aside_at_last(feed, trust, monkeypatch):
    other = starting.add_feed(organisation=trust, name="Another", by=None)
    for one, services in ((feed, [service(1), service(2)]), (other, [service(3)])):
        starting.start_from_file(feed=one, content=json.dumps(services).encode(), file_name="x", by=None)
    taken, killed = taking.take, []

    def heavy(feed, row, received):
        taken(feed, row, received)
        if row.name == "Service 1":
            killed.append(row.pk)
            raise SoftTimeLimitExceeded

    monkeypatch.setattr(taking, "take", heavy)
    with pytest.raises(SoftTimeLimitExceeded):
        running.read_feeds()
    running.read_feeds(busy_for=0.01)
    assert offer_of(other, 3).is_active
    for _ in range(running.MOST_TRIES):
        with suppress(SoftTimeLimitExceeded):
            running.read_feeds()
    assert len(killed) == running.MOST_TRIES
    assert feed.readings.get().counts == {Fate.REFUSED: 1, Fate.ADDED: 1}


def test_of_a_service_odd_in_very_many_ways_a_few_are_listed_and_the_rest_counted(feed):
    reading = read(feed, [service(1, contacts=[7] * 5000)])
    quirks = FeedQuirk.objects.filter(service__reading=reading).order_by("pk")
    assert quirks.count() == MOST + 1
    assert (quirks.last().code, quirks.last().value) == ("more", str(5000 - MOST))
    assert offer_of(feed).is_active
    assert read(feed, [service(1, contacts=[7] * 5000, name="")]).counts == {Fate.REFUSED: 1}


def test_while_one_worker_holds_a_reading_another_leaves_it(feed):
    starting.start_from_file(feed=feed, content=json.dumps([service()]).encode(), file_name="x", by=None)
    held = running.claim()
    assert running.read_feeds() == 0
    FeedReading.objects.update(leased_until=clock.now())
    assert running.read_feeds() > 0
    assert running.step(held, None) is False


def test_a_feed_is_read_by_one_reading_at_a_time(feed, dee):
    content = json.dumps([service()]).encode()
    starting.start_from_file(feed=feed, content=content, file_name="x", by=dee)
    with pytest.raises(NotPossibleNow):
        starting.start_from_file(feed=feed, content=content, file_name="x", by=dee)


def test_a_service_that_makes_trouble_is_put_aside_and_the_rest_goes_on(feed, monkeypatch, caplog):
    published = actions.publish_offer

    def trouble(**details):
        if details["name"] == "Service 1":
            raise RuntimeError
        return published(**details)

    monkeypatch.setattr(actions, "publish_offer", trouble)
    assert read(feed, [service(1), service(2)]).counts == {Fate.REFUSED: 1, Fate.ADDED: 1}
    assert "could not be taken" in caplog.text


# --- From an address ------------------------------------------------------------------------------------------


class Server:
    """Another directory: pages of a list, and each service whole."""

    def __init__(self, services, per_page=2):
        self.services, self.per_page, self.asked, self.down = services, per_page, [], set()

    def __call__(self, url):
        self.asked.append(url)
        _, _, page = urlsplit(url).path.rpartition("/")
        if url in self.down or page in self.down:
            raise NotFetched("refused", 404)
        if page != "services":
            return json.dumps(next(one for one in self.services if one["id"] == page)).encode()
        number = int(parse_qs(urlsplit(url).query)["page"][0])
        part = self.services[(number - 1) * self.per_page : number * self.per_page]
        return json.dumps(self.envelope(number, [{"id": one["id"], "name": one["name"]} for one in part])).encode()

    def envelope(self, number, contents):
        pages = -(-len(self.services) // self.per_page)
        return {"page_number": number, "total_pages": pages, "contents": contents}


@pytest.fixture
def remote(trust, dee):
    return starting.add_feed(
        organisation=trust, name="Remote", by=dee, url="https://directory.example.org/openreferral"
    )


def fetched(remote, server):
    reading = starting.start_from_address(feed=remote, by=None)
    running.read_feeds(fetch=server)
    reading.refresh_from_db()
    return reading


def test_an_address_is_read_page_by_page_and_service_by_service(remote):
    server = Server([service(number) for number in range(5)])
    assert fetched(remote, server).counts == {Fate.ADDED: 5}
    assert offer_of(remote, 4).location.postcode == "SE5 8AZ"
    assert len(server.asked) == 3 + 5
    assert {urlsplit(url)[:2] for url in server.asked} == {("https", "directory.example.org")}
    assert fetched(remote, server).counts == {Fate.SAME: 5}
    remote.refresh_from_db()
    assert remote.last_result == {"same": 5}


def test_a_service_that_cannot_be_fetched_stays_as_it_was(remote):
    server = Server([service(1), service(2)])
    fetched(remote, server)
    server.down.add(service(1)["id"])
    assert fetched(remote, server).counts == {Fate.REFUSED: 1, Fate.SAME: 1}
    assert offer_of(remote, 1).is_active


def lost(url):
    raise NotFetched("unreachable")


@pytest.mark.parametrize("after", [0, 1, 3])
def test_a_feed_that_breaks_off_makes_nothing_inactive(remote, after, monkeypatch):
    server = Server([service(1), service(2), service(3)])
    fetched(remote, server)
    monkeypatch.setattr(running, "REST", running.REST * 0)
    server.services = [*server.services[:1], service(4), service(5)]
    calls = []

    def breaking(url):
        calls.append(url)
        return server(url) if len(calls) <= after else lost(url)

    reading = starting.start_from_address(feed=remote, by=None)
    while FeedReading.objects.going_on().exists():
        running.read_feeds(fetch=breaking)
    reading.refresh_from_db()
    assert (reading.stage, reading.why_failed) == ("failed", "unreachable")
    assert all(offer_of(remote, number).is_active for number in (1, 2, 3))


class Endless(Server):
    def envelope(self, number, contents):
        return {"contents": [{"id": str(number), "name": "Another"}]}


class SameAgain(Server):
    def envelope(self, number, contents):
        return {"contents": [{"id": "1", "name": "The same"}]}


class Nothing(Server):
    def envelope(self, number, contents):
        return {"contents": [], "last_page": True}


class Page(Server):
    def envelope(self, number, contents):
        return "<html>"


@pytest.mark.parametrize(
    ("server", "why"), [(Endless, "endless"), (SameAgain, "repeating"), (Nothing, "empty"), (Page, "not_services")]
)
def test_a_list_that_is_none_ends_the_reading_and_makes_nothing_inactive(remote, server, why, monkeypatch):
    monkeypatch.setattr(running, "MOST_PAGES", 20)
    fetched(remote, Server([service(1)]))
    reading = fetched(remote, server([]))
    assert (reading.stage, reading.why_failed) == ("failed", why)
    assert offer_of(remote, 1).is_active


def test_feeds_with_an_address_are_read_once_a_day(remote, feed):
    running.start_due(now=clock.now())
    running.start_due(now=clock.now())
    assert [reading.feed for reading in FeedReading.objects.all()] == [remote]
    running.read_feeds(fetch=Server([service(1)]))
    running.start_due(now=clock.now())
    assert FeedReading.objects.count() == 1
    running.start_due(now=clock.now() + running.READ_AGAIN_AFTER)
    assert FeedReading.objects.count() == 2


def test_a_reading_can_be_stopped_and_what_was_there_stays(feed, dee):
    read(feed, [service(1), service(2)])
    reading = starting.start_from_file(feed=feed, content=json.dumps([service(2)]).encode(), file_name="x", by=dee)
    starting.stop(reading=reading, by=dee)
    running.read_feeds()
    assert offer_of(feed, 1).is_active
    with pytest.raises(NotPossibleNow):
        starting.stop(reading=reading, by=dee)


def test_the_examples_of_the_profile_come_in(feed):
    read(feed, example("mock/service_full.json"))
    assert Feed.objects.get(pk=feed.pk).last_result == {"added": 1}
    assert str(SupportOffer.objects.get(feed=feed).external_id) == example("mock/service_full.json")["id"]
