"""Leaves out tests whose browser or server is not at hand, and says so in plain words; or fails them, if required.

Tests say what they need by marker (`browser`, `postgres`, `redis`). REQUIRE=browser,postgres,redis, or
REQUIRE_ALL=1, turns a test left out for want of that into a failure.
"""

import os
import shutil
from collections import Counter

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")
MARKERS = ("browser", "postgres", "redis")


def chromium() -> str | None:
    """Path of the Chromium to drive: CHROMIUM, or the first of the usual names that is installed."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def missing() -> dict[str, str]:
    """Marker → why such tests cannot run here; empty when all can."""
    reasons = {
        "browser": "" if chromium() else "no Chromium found: install it, or set CHROMIUM to its path",
        "postgres": ""
        if os.environ.get("DATABASE_URL", "").startswith("postgres")
        else "DATABASE_URL does not name a PostgreSQL database",
        "redis": "" if os.environ.get("REDIS_URL") else "REDIS_URL is not set",
    }
    return {marker: reason for marker, reason in reasons.items() if reason}


def required() -> set[str]:
    if os.environ.get("REQUIRE_ALL") == "1":
        return set(MARKERS)
    return {word.strip() for word in os.environ.get("REQUIRE", "").split(",")} & set(MARKERS)


def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker, reason in missing().items():
        if item.get_closest_marker(marker):
            pytest.skip(reason)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item):
    report = yield
    wanted = [marker for marker in required() if item.get_closest_marker(marker)]
    if wanted and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{' and '.join(wanted)} required, but this test was left out: {report.longrepr[2]}"
    return report


def kind_and_reason(report) -> tuple[str, str]:
    kind = next((f"{marker} " for marker in MARKERS if marker in report.keywords), "")
    return kind, report.longrepr[2].removeprefix("Skipped: ")


def left_out(reports) -> list[str]:
    """One line a reason: how many tests of which kind did not run."""
    counted = Counter(map(kind_and_reason, reports))
    return [
        f"Left out: {number} {kind}{'test' if number == 1 else 'tests'} ({reason})"
        for (kind, reason), number in sorted(counted.items())
    ]


def pytest_terminal_summary(terminalreporter) -> None:
    lines = left_out(terminalreporter.stats.get("skipped", []))
    terminalreporter.write_line("")
    for line in lines or ["Left out: nothing"]:
        terminalreporter.write_line(line)
