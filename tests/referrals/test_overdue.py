"""What is owed to a person and lies undone is asked about by others, until it is settled."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from accounts import clock
from accounts.models import Membership
from people import actions as people
from referrals import actions, obligations
from referrals.actions.overdue import ask_about_owed
from referrals.followup import add_working_days
from referrals.models import FollowUp
from tests.factories import ServiceUserFactory

pytestmark = pytest.mark.django_db

LONDON = ZoneInfo("Europe/London")


def noon(day):
    return datetime(day.year, day.month, day.day, 12, tzinfo=LONDON)


@pytest.fixture
def telling(referral_in, bo):
    """Bo's team has news to tell; the referral's own clock runs elsewhere."""
    referral = referral_in("active")
    FollowUp.objects.all().delete()
    return obligations.owe(
        kind="tell_person",
        key="test:1",
        service_user=referral.service_user,
        referral=referral,
        team=bo.team,
        what="Tell the person.",
        due_on=clock.today(),
    )


def asked(owed):
    rows = FollowUp.objects.open().filter(key=f"owed:{owed.pk}")
    return sorted((row.kind, row.team) for row in rows)


def late_by(owed, working_days):
    day = add_working_days(owed.due_on, working_days) if working_days else owed.due_on
    with clock.at(noon(day)):
        ask_about_owed(day)
    return asked(owed)


def test_at_twice_its_time_the_coordinator_and_at_three_times_the_admin_is_asked(telling, ash, dee):
    assert late_by(telling, 0) == late_by(telling, 2) == []
    assert late_by(telling, 3) == late_by(telling, 4) == [("coordinate", ash.team)]
    assert late_by(telling, 5) == late_by(telling, 9) == [("coordinate", ash.team), ("stuck", ash.team)]
    assert FollowUp.objects.visible_to(dee).open().filter(kind="stuck").exists()


def test_without_a_referral_the_persons_own_team_is_asked(person, ash):
    owed = obligations.owe(
        kind="check_address", key="test:2", service_user=person, referral=None, team=ash.team,
        what="Check the address.", due_on=clock.today(),
    )  # fmt: skip
    assert late_by(owed, 3) == [("coordinate", person.team)]


def test_an_organisations_own_number_of_days_counts(telling, provider, ash):
    provider.clocks = {"tell_person": 5}
    provider.save()
    assert late_by(telling, 5) == []
    assert late_by(telling, 6) == [("coordinate", ash.team)]


def test_once_it_is_settled_nobody_is_asked_any_more(telling, bo):
    late_by(telling, 5)
    actions.complete_follow_up(follow_up=telling, result="told_call", by=bo)
    assert asked(telling) == []
    assert late_by(telling, 6) == []
    assert set(FollowUp.objects.filter(key=f"owed:{telling.pk}").values_list("result", flat=True)) == {"settled"}


def test_what_is_no_longer_needed_is_not_asked_about_either(telling):
    late_by(telling, 5)
    obligations.close(FollowUp.objects.filter(pk=telling.pk), "newer_news")
    assert late_by(telling, 6) == []


def test_a_contact_that_did_not_settle_it_closes_it_until_the_next_run_only(telling, ash):
    late_by(telling, 3)
    FollowUp.objects.filter(key=f"owed:{telling.pk}").update(done_at=clock.now(), result="moved_on")
    assert late_by(telling, 4) == [("coordinate", ash.team)]


def test_said_to_be_done_it_is_asked_again_after_the_same_time(telling, ash):
    late_by(telling, 3)
    with clock.at(noon(add_working_days(telling.due_on, 3))):
        ask = FollowUp.objects.get(key=f"owed:{telling.pk}")
        actions.complete_follow_up(follow_up=ask, result="done", by=ash)
    assert late_by(telling, 4) == []
    assert ("stuck", ash.team) in late_by(telling, 6)


def test_a_team_in_which_nobody_works_is_not_waited_for(telling, bo, ash):
    Membership.objects.filter(team=bo.team).update(ended_at=clock.now())
    assert late_by(telling, 0) == [("coordinate", ash.team)]
    assert bo.team.name in FollowUp.objects.get(kind="coordinate").what


def test_where_nobody_works_in_the_referring_team_either_the_admin_is_asked(telling, bo, ash, dee):
    Membership.objects.filter(team__in=[bo.team, ash.team]).exclude(pk=dee.pk).update(ended_at=clock.now())
    assert late_by(telling, 0) == [("stuck", ash.team)]


def test_during_a_pause_nobody_is_pressed_until_the_pause_is_overdue_itself(telling, ash):
    person = telling.service_user
    until = telling.due_on + timedelta(days=14)
    people.pause(service_user=person, reason="in_hospital", review_on=until, by=ash)
    assert late_by(telling, 5) == []
    assert late_by(telling, 15) == [("stuck", ash.team)]


def test_many_cost_no_more_queries_than_few(offer, ash, django_assert_max_num_queries):
    for number in range(40):
        obligations.owe(
            kind="message_failed", key=f"test:{number}", service_user=ServiceUserFactory(team=ash.team),
            referral=None, team=ash.team, what="Ring.", due_on=clock.today(),
        )  # fmt: skip
    day = add_working_days(clock.today(), 3)
    with clock.at(noon(day)):
        assert ask_about_owed(day) == 40
        with django_assert_max_num_queries(8):
            assert ask_about_owed(day) == 0
