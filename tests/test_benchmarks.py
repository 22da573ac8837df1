"""The benchmark measures what it says: its twin asks and keeps the same, and neither side is a page of errors."""

import io
import re
from datetime import date, time

import pytest
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import override_settings
from django.urls import reverse

from accounts import clock
from accounts.models import AuditEvent
from inclusion.benchmarks import due_scan, matching, meter, sending
from inclusion.benchmarks.browser import Browser, Failed
from people.london import at_london
from referrals.models import Attempt, Reminder
from screening import actions
from screening.sitting import definition_of
from tests.screening.filling import Inputs

pytestmark = pytest.mark.django_db

with_twins = override_settings(ROOT_URLCONF="inclusion.benchmarks.urls", ALLOWED_HOSTS=["localhost"])


@pytest.fixture(autouse=True)
def _one_connection():
    """Else a request ends with its connection closed, in the middle of the test's own transaction."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def draft(ash, person):
    return actions.start(service_user=person, by=ash)


@with_twins
def test_the_twin_offers_every_answer_that_the_page_offers(draft, ash):
    browser = Browser(ash)
    for section in definition_of(draft).sections:
        pages = [
            Inputs(browser.get(reverse(route, args=[draft.pk, section.code])).decode())
            for route in ("screening:section", "stock_section")
        ]
        ours, twin = ({box for box in page.boxes if not box[1].startswith("~")} for page in pages)
        assert ours == twin, section.code


@with_twins
def test_the_twin_keeps_what_was_ticked(draft, ash):
    section = definition_of(draft).sections[0]
    item = section.items[0]
    path = reverse("stock_section", args=[draft.pk, section.code])
    Browser(ash).post(path, {item.code: [item.options[0].code]})
    draft.refresh_from_db()
    assert draft.responses[item.code]["value"] == [item.options[0].code]


@with_twins
def test_a_page_that_fails_is_not_measured(draft, cam):
    with pytest.raises(Failed, match="404"):
        Browser(cam).get(reverse("screening:section", args=[draft.pk, definition_of(draft).sections[0].code]))


@with_twins
def test_the_pages_ask_the_database_no_more_than_they_did(db):
    from inclusion.benchmarks.screening_pages import operations

    asked = {one.name: meter.compare(one, rounds=1, times=1).queries for one in operations()}
    assert asked["a page of questions shown"] <= 5
    assert asked["a page of questions saved"] <= 8


def test_the_matching_twin_puts_the_same_offers_first(db, monkeypatch):
    monkeypatch.setattr(matching, "OFFERS", 300)
    today = date(2026, 11, 24)
    offers = matching.directory(today)
    ours = matching.recommend(matching.KIND, offers, matching.ASKS_FOR_MUCH, on=today).recommended
    twin = matching.one_by_one(offers, today)
    assert len(ours) > 10
    assert sorted(round(-score, 6) for score, _ in twin) == sorted(one.score for one in ours)
    assert {name for _, name in twin} == {one.offer.name for one in ours}


def test_the_command_reports_each_page_beside_its_twin(monkeypatch):
    """In the tests' own database: one of its own is made only when it runs by itself."""
    from contextlib import nullcontext

    from inclusion.management.commands import bench

    monkeypatch.setattr(bench, "thrown_away", nullcontext)
    monkeypatch.setattr(matching, "OFFERS", 300)
    told = io.StringIO()
    with with_twins:
        call_command("bench", rounds=1, times=2, stdout=told)
    header, _, *lines = told.getvalue().splitlines()
    assert "medians of 1 rounds of 2 calls" in header
    assert [line[:28].strip() for line in lines] == [
        "a page of questions shown",
        "a page of questions saved",
        "29 questions as HTML",
        "300 offers for one person",
    ]


def test_a_claim_reads_no_more_of_a_larger_table(person, monkeypatch):
    """What makes it flat is the plan: no reading of the table as a whole, no sorting of all that is due."""
    from inclusion.benchmarks import due_scan

    monkeypatch.setattr(due_scan, "tidy", lambda: None)  # not inside a test's transaction
    due_scan.add_rows(person, 1, 3000)
    found = due_scan.plan()
    assert "reminder_queued" in found, found
    assert "Seq Scan" not in found, found
    assert "SCAN referrals_reminder" not in found, found


def test_the_due_benchmark_reports_both_sizes_and_the_plan(db, monkeypatch):
    from contextlib import nullcontext

    from inclusion.management.commands import bench

    monkeypatch.setattr(bench, "thrown_away", nullcontext)
    monkeypatch.setattr(bench.due_scan, "tidy", lambda: None)
    told = io.StringIO()
    call_command("bench", "due", few=200, many=400, stdout=told)
    assert re.search(r"200 rows: [\d.]+ ms.*\n +400 rows: [\d.]+ ms", told.getvalue())
    assert re.search(r"^ratio [\d.]+ \(processor time\)$", told.getvalue(), re.M)


def test_the_sending_twin_leaves_the_rows_that_ours_leaves(db):
    person, left = due_scan.somebody(), []
    with clock.at(at_london(date(2026, 11, 25), time(10))):
        for key, send in (("ours", sending.ours), ("twin", sending.twin)):
            sending._rate(60, key, person, send)
            rows = Reminder.objects.filter(dedupe_key__startswith=key)
            audited = AuditEvent.objects.filter(subject_id__in=[str(row.pk) for row in rows])
            left.append(
                {
                    "messages": set(rows.values_list("status", "tries", "sent_on", "claim")),
                    "attempts": list(Attempt.objects.filter(reminder__in=rows).values_list("result", flat=True)),
                    "audit": list(audited.values_list("action", "subject_type", "organisation", "details")),
                }
            )
    assert left[0] == left[1]
    assert len(left[0]["audit"]) == len(left[0]["attempts"]) == 60
