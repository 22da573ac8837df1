"""The pages of the exchange: an admin reads a file in, sees how far it is and what was odd, and takes it away."""

import csv
import io
import json
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from accounts.models import AuditEvent
from directory.importing import running, starting
from directory.models import Feed, FeedReading, SupportOffer
from tests import factories
from tests.conftest import SignedIn
from tests.directory import messy_feed

pytestmark = pytest.mark.django_db

BASE = "/directory/exchange/"


def page(response, status=200):
    assert response.status_code == status
    return unescape(response.content.decode())


def upload(client, services, *, name="Council directory", feed="new", **more):
    content = services if isinstance(services, bytes) else json.dumps(services).encode()
    file = SimpleUploadedFile("services.json", content)
    return client.post(f"{BASE}file/", {"feed": feed, "name": name, "file": file, **more}, follow=True)


def test_an_admin_reads_a_file_and_sees_what_became_of_it_and_what_was_odd(as_dee, dee):
    services, _ = messy_feed.feed()
    shown = page(upload(as_dee, services))
    assert f"0 of {len(services)} services read" in shown
    running.read_feeds()
    reading = FeedReading.objects.get()
    shown = page(as_dee.get(f"{BASE}readings/{reading.pk}/"))
    assert "Added" in shown
    assert "Page 1 of 2" in shown
    shown = page(as_dee.get(f"{BASE}readings/{reading.pk}/?code=bad_email"))
    assert "This is not an email address. It is kept, and not used." in shown
    assert shown.count("$.email") == 1
    assert AuditEvent.objects.filter(action="start_reading_feed", membership=dee).count() == 1
    assert "Council directory" in page(as_dee.get(BASE))


def test_oddities_are_taken_away_safe_to_open(as_dee):
    upload(as_dee, [messy_feed.base(1) | {"name": "=HYPERLINK(1)", "email": "@cmd"}])
    running.read_feeds()
    response = as_dee.get(f"{BASE}readings/{FeedReading.objects.get().pk}/oddities.csv")
    rows = list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))
    assert rows[0] == ["Service", "Its id", "Place", "Code", "What is odd", "Value"]
    assert rows[1][0] == "'=HYPERLINK(1)"
    assert rows[1][3:] == ["bad_email", "This is not an email address. It is kept, and not used.", "'@cmd"]
    assert AuditEvent.objects.filter(action="export_feed_quirks").count() == 1


@pytest.mark.parametrize(
    ("services", "name", "sentence"),
    [
        (b"", "A", "The file is empty."),
        (b"{", "A", "This is not JSON: line 1 cannot be read."),
        (b"[]", "A", "There are no services in the file."),
        ([messy_feed.base(1)], "", "Give the new directory a name."),
    ],
)
def test_what_cannot_be_read_is_said_beside_its_field_and_leaves_nothing(as_dee, services, name, sentence):
    assert sentence in page(upload(as_dee, services, name=name))
    assert not Feed.objects.exists()


def test_a_second_file_of_the_same_directory_goes_by_its_name(as_dee):
    upload(as_dee, [messy_feed.base(1)])
    running.read_feeds()
    feed = Feed.objects.get()
    upload(as_dee, [messy_feed.base(2)], feed=str(feed.pk), name="")
    running.read_feeds()
    assert SupportOffer.objects.filter(feed=feed, withdrawn_reason="gone_from_feed").count() == 1
    assert "There is already a feed of that name." in page(upload(as_dee, [messy_feed.base(1)]))


def test_a_reading_is_stopped_from_its_page(as_dee):
    upload(as_dee, [messy_feed.base(1)])
    reading = FeedReading.objects.get()
    shown = page(as_dee.post(f"{BASE}readings/{reading.pk}/stop/", follow=True))
    assert "Somebody here stopped it." in shown
    assert page(as_dee.post(f"{BASE}readings/{reading.pk}/stop/"), status=409)


def test_a_feed_with_an_address_is_read_when_asked(as_dee, trust):
    call_command("add_feed", "Remote", "https://directory.example.org/or", organisation=trust.name, verbosity=0)
    feed = Feed.objects.get()
    assert "Read it now" in page(as_dee.get(BASE))
    shown = page(as_dee.post(f"{BASE}feeds/{feed.pk}/read/", follow=True))
    assert "Reading the list" in shown
    assert "See how far it is" in page(as_dee.get(BASE))


def test_an_admin_of_another_organisation_sees_none_of_it(as_dee):
    upload(as_dee, [messy_feed.base(1)])
    reading = FeedReading.objects.get()
    stranger = SignedIn(factories.MembershipFactory(role="admin"))
    for path in (f"readings/{reading.pk}/", f"readings/{reading.pk}/oddities.csv"):
        assert stranger.get(f"{BASE}{path}").status_code == 404
    assert "Council directory" not in page(stranger.get(BASE))


def test_a_providers_admin_reads_no_directories(provider_team):
    admin = SignedIn(factories.MembershipFactory(team=provider_team, role="admin"))
    assert "Read a file" not in page(admin.get(BASE))
    assert page(upload(admin, [messy_feed.base(1)]), status=403)


@pytest.mark.parametrize(
    "url", ["http://example.org/", "https://user:pw@example.org/", "https://example.org/?a=1"]
)
def test_an_address_that_would_not_be_fetched_is_not_added(trust, url):
    with pytest.raises(CommandError):
        call_command("add_feed", "Remote", url, organisation=trust.name)
    assert not Feed.objects.exists()


def test_the_command_reads_a_file_to_the_end(trust, tmp_path, capsys):
    file = tmp_path / "services.json"
    file.write_text(json.dumps([messy_feed.base(1), {"id": "2"}]))
    for _ in range(2):
        call_command("import_directory", str(file), name="Council", organisation=trust.name)
    assert capsys.readouterr().out.split("\n")[:3] == ["added: 1", "refused: 1", "oddities: 3"]
    with pytest.raises(CommandError):
        call_command("import_directory", str(tmp_path / "none"), name="Council", organisation=trust.name)


def test_the_task_carries_readings_on(trust):
    from directory.tasks import read_feeds

    feed = starting.add_feed(organisation=trust, name="Council", by=None)
    content = json.dumps([messy_feed.base(1)]).encode()
    starting.start_from_file(feed=feed, content=content, file_name="x", by=None)
    read_feeds()
    assert FeedReading.objects.get().stage == "done"
