"""A backup from before a hundred messages were sent is put back: nobody gets theirs a second time."""

import shutil

import pytest
from django.db import connection

from tests.referrals.own_database import database_of_its_own, run

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        connection.vendor == "postgresql" and not (shutil.which("pg_dump") and shutil.which("pg_restore")),
        reason="needs pg_dump and pg_restore",
    ),
]
SCRIPT = "tests.referrals.restore_run"


@pytest.fixture
def database_url(tmp_path):
    with database_of_its_own(tmp_path) as url:
        yield url


def test_what_was_sent_before_the_restore_is_not_sent_again(database_url, tmp_path):
    report = run(SCRIPT, database_url, tmp_path, 100)
    assert report["owed again after the restore"] == 100, "else this shows nothing"
    assert report == {
        "sent before": 100,
        "owed again after the restore": 100,
        "sent in all": 100,
        "taken in": 100,
        "sent twice": 0,
        "still owed": 0,
        "audit rows the same": True,
    }


def test_the_check_finds_a_sender_that_asks_nobody(database_url, tmp_path):
    assert run(SCRIPT, database_url, tmp_path, 10, "--forgetful")["sent twice"] == 10
