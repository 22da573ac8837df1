"""Web, worker and scheduler, two of each, killed with -9 at random instants while Notify misbehaves: short form.

The long form is `script/kill_test`; its figures stand in docs/dependability.md. Each fault that it must find is
planted once, for a check that cannot fail shows nothing.
"""

import os
from urllib.parse import urlsplit, urlunsplit

import pytest

from tests.referrals.kill_world import MUST_BE_NOUGHT
from tests.referrals.own_database import database_of_its_own, migrate, run

pytestmark = pytest.mark.slow
SCRIPT = "tests.referrals.kill_run"
SEED = os.environ.get("KILL_SEED", "7")


@pytest.fixture(scope="module")
def migrated(tmp_path_factory):
    with database_of_its_own(tmp_path_factory.mktemp("migrated")) as url:
        migrate(url)
        yield url


@pytest.fixture
def kill_run(migrated, tmp_path):
    """On the queue that the tests run on, and of Redis a number of its own: it is flushed."""
    redis = os.environ.get("REDIS_URL", "")
    env = {"REDIS_URL": urlunsplit(urlsplit(redis)._replace(path="/14"))} if redis else {}

    def go(messages, kills, *more, exit_codes=(0,)):
        with database_of_its_own(tmp_path, like=migrated) as url:
            sizes = ["--messages", messages, "--kills", kills, "--flushes", kills // 8, "--seed", SEED]
            return run(SCRIPT, url, "--folder", tmp_path / "run", *sizes, *more, exit_codes=exit_codes, **env)

    return go


def test_kills_lose_nothing_send_nothing_twice_and_nothing_against_a_plan(kill_run):
    report = kill_run(60, 24)
    assert not any(report[name] for name in MUST_BE_NOUGHT), report
    assert report["referrals accepted"] == 60
    assert report["taken in by Notify"] >= 48, report
    assert report["refused by the plan"] >= 6, report
    assert {report[f"killed {kind}"] for kind in ("web", "worker", "scheduler")} == {8}
    assert report["answered 201"] < sum(number for name, number in report.items() if name.startswith("answered"))


def test_it_finds_a_sender_that_repeats_without_a_look_up(kill_run):
    assert kill_run(40, 6, "--fault", "repeats", exit_codes=(1,))["sent twice"] > 0


def test_it_finds_a_sender_that_takes_what_it_began_for_sent(kill_run):
    assert kill_run(40, 6, "--fault", "gives-up", exit_codes=(1,))["lost"] > 0


def test_it_finds_a_sender_that_looks_at_no_plan(kill_run):
    assert kill_run(40, 6, "--fault", "ignores-plans", exit_codes=(1,))["sent against a plan"] > 0
