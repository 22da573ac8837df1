"""The page for whoever sets Notify up says what the code does: every status, setting and fault."""

from pathlib import Path

from django.conf import settings

from referrals.management.commands.notify_simulator import FAULTS
from referrals.notify import driver, receiving, statuses
from referrals.notify.recipients import OUTCOMES
from referrals.reminders import LEASE

PAGE = (Path(settings.BASE_DIR) / "docs" / "notify.md").read_text()


def row(channel, said, means):
    then = {"delivered": "counts as told", "sent": "goes on waiting"}
    return f"| {channel} | `{said}` | {means.words} | {then.get(means.fate, f'fails as `{means.reason}`')} |"


def test_every_status_has_its_row_and_no_row_is_made_up():
    rows = {
        row(channel, said, means) for channel, table in statuses.STATUSES.items() for said, means in table.items()
    }
    found = {line for line in PAGE.splitlines() if line.startswith(("| text |", "| email |", "| letter |"))}
    assert found == rows


def test_every_setting_is_there():
    names = (
        "API_KEY",
        "TEXT_TEMPLATE",
        "EMAIL_TEMPLATE",
        "LETTER_TEMPLATE",
        "RECEIPTS_TOKEN",
        "BASE_URL",
        "SIMULATOR",
    )
    assert [name for name in names if f"`NOTIFY_{name}`" not in PAGE] == []


def test_the_numbers_are_those_of_the_code():
    assert f"within {driver.TIMEOUT} seconds" in PAGE
    assert f"lease of {LEASE.total_seconds():.0f} seconds" in PAGE
    assert f"over {driver.LONGEST_TEXT} characters" in PAGE
    assert f"{receiving.LONGEST:,} bytes" in PAGE


def test_the_faults_in_the_example_are_known_and_the_test_recipients_named():
    assert {"cut", "hang", "error", "busy"} <= set(FAULTS)
    assert all(who.replace("07700", "07700 ") in PAGE for who in OUTCOMES)
