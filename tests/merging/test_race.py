"""Two at the same instant join, undo or write to the same records: one wins, and no row is left behind.

Needs PostgreSQL: SQLite lets one write at a time, and the sequential tests beside this one hold on both.
"""

import pytest
from django.db import connection

from accounts.errors import NotPossibleNow
from inclusion import tasks
from inclusion.merging import actions
from people import actions as people
from people.models import Consent, Merge, ServiceUser
from screening import actions as screening_actions
from screening.models import Screening
from tests.merging.records import merge
from tests.referrals.test_race import at_once

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL"),
]
ROUNDS = range(5)


def joining(kept, other, by):
    mine = [ServiceUser.objects.get(pk=one.pk) for one in (kept, other)]
    seen = {one.pk: one.version for one in mine}
    return lambda: actions.merge(kept=mine[0], other=mine[1], seen=seen, choices={}, reason="Same", by=by)


@pytest.mark.parametrize("round_", ROUNDS)
def test_of_two_who_join_the_same_records_either_way_round_one_wins(ash, kept, other, round_):
    results = at_once(joining(kept, other, ash), joining(other, kept, ash))
    won = [result for result in results if isinstance(result, Merge)]
    lost = [result for result in results if not isinstance(result, Merge)]

    assert len(won) == 1
    assert all(isinstance(error, NotPossibleNow) for error in lost), lost
    assert ServiceUser.objects.standing().count() == 1
    assert ServiceUser.objects.get(pk=won[0].other_id).merged_into_id == won[0].kept_id


@pytest.mark.parametrize("round_", ROUNDS)
def test_of_two_undos_one_wins(ash, kept, other, round_):
    row = merge(kept, other, ash)

    def undoing():
        mine = Merge.objects.select_related("kept", "other").get(pk=row.pk)
        return lambda: actions.undo(row=mine, reason="Two", by=ash)

    results = at_once(undoing(), undoing())
    assert sorted(isinstance(result, NotPossibleNow) for result in results) == [False, True], results
    assert ServiceUser.objects.standing().count() == 2


@pytest.mark.parametrize("round_", ROUNDS)
def test_what_is_written_to_the_other_record_meanwhile_is_gathered(ash, kept, other, round_):
    mine = ServiceUser.objects.get(pk=other.pk)
    results = at_once(
        joining(kept, other, ash),
        lambda: people.record_consent(service_user=mine, choice="no", how="phone", wording="sharing-1", by=ash),
        lambda: screening_actions.start(service_user=mine, by=ash),
    )
    assert [type(result) for result in results] == [Merge, Consent, Screening], results
    tasks.gather_late()

    assert Consent.objects.get().service_user == kept
    assert Screening.objects.get().service_user == kept
