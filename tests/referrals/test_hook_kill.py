"""The worker that posts events dies by -9 at random instants: none is lost, and a double has its first id."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings

pytestmark = pytest.mark.slow


def test_thirty_kills_lose_no_event(tmp_path):
    seed = os.environ.get("KILL_SEED", "7")
    command = [sys.executable, "-m", "tests.referrals.hook_kill_run", "30", "200", seed]
    env = {**os.environ, "DATABASE_URL": f"sqlite:///{tmp_path / 'kill.sqlite3'}"}
    done = subprocess.run(
        command, env=env, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=200, check=False
    )
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout.splitlines()[-1])
    assert (report["lost"], report["unknown"], report["not_taken"]) == (0, 0, 0), report
    assert report["bodies"] == report["events"] == 200, report
