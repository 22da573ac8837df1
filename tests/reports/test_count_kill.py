"""Those who count are killed with -9 at random instants while records change: figures are the live count after."""

import pytest

from tests.referrals.own_database import database_of_its_own, migrate, run

pytestmark = pytest.mark.slow
SCRIPT = "tests.reports.count_kill_run"


@pytest.fixture
def own(tmp_path):
    with database_of_its_own(tmp_path) as url:
        migrate(url)
        yield url


def test_figures_are_the_live_count_after_every_kill(own, tmp_path):
    report = run(SCRIPT, own, "--folder", tmp_path / "run")
    assert (report["differing"], report["found by the check"]) == (0, 0)
    assert report["rebuilt"] > 0


def test_marks_that_go_before_the_count_would_be_found(own, tmp_path):
    report = run(SCRIPT, own, "--folder", tmp_path / "run", "--fault", "forgets-first", exit_codes=(1,))
    assert report["differing"] > 0
    assert report["found by the check"] > 0
