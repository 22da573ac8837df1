"""Two people who print at the same instant: no letter is in two runs. Needs PostgreSQL."""

import pytest
from django.db import connection

from accounts.errors import NotPossibleNow
from referrals.models import BatchLetter, LetterBatch
from referrals.post import runs
from tests.factories import MembershipFactory
from tests.referrals.posting import letters_for
from tests.referrals.test_race import ROUNDS, at_once

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("wednesday_morning"),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL"),
]


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_of_two_racing_runs_each_letter_is_in_one(offer, ash, bo, round_):
    chosen = [one.pk for one in letters_for(6, offer, ash, bo)]
    other = MembershipFactory(team=bo.team, role="support_worker")

    def make(by, letters):
        return lambda: runs.make(chosen=letters, both_sides=False, by=by)

    results = at_once(make(bo, chosen[:4]), make(other, chosen[2:]))
    assert not [one for one in results if isinstance(one, Exception) and not isinstance(one, NotPossibleNow)]
    printed = list(BatchLetter.objects.printed().values_list("reminder", flat=True))
    assert sorted(printed) == sorted(set(printed)) == sorted(chosen)


def test_of_two_runs_of_the_very_same_letters_one_is_refused(offer, ash, bo):
    chosen = [one.pk for one in letters_for(3, offer, ash, bo)]
    make = lambda: runs.make(chosen=chosen, both_sides=False, by=bo)  # noqa: E731
    results = at_once(make, make)
    assert sorted(type(one).__name__ for one in results) == ["LetterBatch", "NotPossibleNow"]
    assert LetterBatch.objects.count() == 1
