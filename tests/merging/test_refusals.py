"""What a person must finish first, who may not, and how long an undo is possible."""

from datetime import timedelta

import pytest

from accounts import clock
from accounts.errors import AlreadyChanged, InvalidInput, NotPossibleNow
from inclusion.merging import actions as merging
from people import actions as people
from people.models import Merge, ServiceUser
from referrals.models import Referral
from tests import factories
from tests.merging.records import fresh, merge, record, undo

pytestmark = pytest.mark.django_db


def test_two_drafts_are_refused_with_the_reason_and_nothing_is_changed(ash, kept, other):
    for one in (kept, other):
        factories.ScreeningFactory(service_user=one, started_by=ash)
    with pytest.raises(NotPossibleNow, match="being filled in"):
        merge(kept, other, ash)

    assert not Merge.objects.exists()
    other.refresh_from_db()
    assert other.merged_into is None


def test_two_open_referrals_to_one_offer_are_refused_by_its_name(ash, kept, other, offer):
    for one in (kept, other):
        factories.ReferralFactory(sent=True, service_user=one, offer=offer)
    with pytest.raises(NotPossibleNow, match=offer.name):
        merge(kept, other, ash)


def test_an_ended_referral_to_the_same_offer_is_no_obstacle(ash, kept, other, offer):
    factories.ReferralFactory(cancelled=True, service_user=kept, offer=offer)
    theirs = factories.ReferralFactory(sent=True, service_user=other, offer=offer)
    merge(kept, other, ash)

    assert Referral.objects.get(pk=theirs.pk).service_user == kept


def test_a_record_is_not_joined_to_itself_or_to_another_organisations(ash, cam, kept):
    theirs = factories.ServiceUserFactory(created_by=cam)
    with pytest.raises(InvalidInput):
        merge(kept, kept, ash)
    with pytest.raises(InvalidInput):
        merge(kept, theirs, ash)


def test_a_reason_is_needed_both_ways(ash, kept, other):
    with pytest.raises(InvalidInput) as refused:
        merging.merge(kept=kept, other=other, seen={kept.pk: 1, other.pk: 1}, choices={}, reason=" ", by=ash)
    assert "reason" in refused.value.fields
    row = merge(kept, other, ash)
    with pytest.raises(InvalidInput):
        merging.undo(row=row, reason="", by=ash)


def test_record_that_somebody_changed_meanwhile_is_looked_at_again(ash, kept, other):
    people.update(service_user=other, version=1, by=ash, name="Somebody Else")
    with pytest.raises(AlreadyChanged):
        merging.merge(kept=kept, other=other, seen={kept.pk: 1, other.pk: 1}, choices={}, reason="Same", by=ash)


def test_merge_the_other_way_round_comes_too_late(ash, kept, other):
    seen = {kept.pk: kept.version, other.pk: other.version}
    merge(kept, other, ash)
    stale = ServiceUser(pk=other.pk, organisation=ash.organisation, **{f: getattr(other, f) for f in ("name",)})
    with pytest.raises(AlreadyChanged):
        merging.merge(kept=stale, other=ServiceUser.objects.get(pk=kept.pk), seen=seen, choices={}, reason="Same",
                      by=ash)  # fmt: skip


def test_unknown_choice_is_refused(ash, kept, other):
    with pytest.raises(InvalidInput):
        merge(kept, other, ash, name="both")


def test_records_joined_one_after_the_other_all_lead_to_the_last_and_come_apart_in_turn(ash, kept, other):
    third = record(ash, name="Robin Rivers-Lee")
    first = merge(kept, other, ash)
    second = merge(third, kept, ash)

    for one in (kept, other):
        one.refresh_from_db()
        assert one.merged_into == third
    with pytest.raises(NotPossibleNow, match="itself joined"):
        undo(first, ash)
    undo(second, ash)
    fresh(kept, other)
    assert (kept.merged_into, other.merged_into) == (None, kept)
    undo(first, ash)
    assert set(ServiceUser.objects.visible_to(ash)) == {kept, other, third}


def test_last_record_joined_comes_off_first(ash, kept, other):
    third = record(ash, name="Robin Rivers-Lee")
    first = merge(kept, other, ash)
    merge(kept, third, ash)

    with pytest.raises(NotPossibleNow, match="last one goes back first"):
        undo(first, ash)


def test_undo_is_possible_for_thirty_days_and_once(ash, kept, other):
    row = merge(kept, other, ash)
    with clock.at(row.made_at + timedelta(days=30, minutes=1)), pytest.raises(NotPossibleNow, match="30 days"):
        undo(row, ash)
    with clock.at(row.made_at + timedelta(days=30, minutes=-1)):
        undo(row, ash)
    with pytest.raises(AlreadyChanged):
        undo(row, ash)


def test_undone_pair_can_be_joined_again(ash, kept, other):
    undo(merge(kept, other, ash), ash)
    merge(other, kept, ash)

    assert Merge.objects.count() == 2
