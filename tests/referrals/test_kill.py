"""Workers killed with -9 at random instants: every message is handed over, and none of them twice."""

import json
import os
import subprocess
import sys
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg2
import pytest
from django.conf import settings

pytestmark = pytest.mark.slow
SEED = os.environ.get("KILL_SEED", "7")


@pytest.fixture(scope="module")
def database_url(tmp_path_factory):
    """An empty database of its own, on the engine that the tests run on."""
    given = os.environ.get("DATABASE_URL", "")
    if not given.startswith("postgres"):
        yield f"sqlite:///{tmp_path_factory.mktemp('kill') / 'kill.sqlite3'}"
        return
    name = f"kill_{uuid4().hex}"
    server = psycopg2.connect(urlunsplit(urlsplit(given)._replace(path="/postgres")))
    server.autocommit = True
    with server.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    yield urlunsplit(urlsplit(given)._replace(path=f"/{name}"))
    with server.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
    server.close()


def run(database_url, folder, kills, messages, *flags):
    command = [
        sys.executable,
        "-m",
        "tests.referrals.kill_run",
        str(folder),
        str(kills),
        str(messages),
        SEED,
        *flags,
    ]
    env = {**os.environ, "DATABASE_URL": database_url}
    done = subprocess.run(
        command, env=env, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=400, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_forty_kills_lose_nothing_and_send_nothing_twice(database_url, tmp_path):
    report = run(database_url, tmp_path, 40, 240)
    assert report["queued"] >= 240
    assert (report["lost"], report["twice"], report["unknown"]) == (0, 0, 0), report
    assert (report["owed"], report["sent"]) == (0, report["queued"]), report
    assert (report["unfinished"], report["follow_ups"]) == (0, 0), report
    assert report["interrupted"] > 0, f"no kill fell between hand-over and record: {report}"


def test_the_check_finds_a_repeat_without_a_look_up(database_url, tmp_path):
    report = run(database_url, tmp_path, 15, 60, "--forgetful")
    assert report["twice"] > 0, report
