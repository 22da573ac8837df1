"""Contact and consent when two records become one: what is uncertain is a no, for both."""

from datetime import time, timedelta

import pytest

from accounts import clock
from inclusion import tasks
from people import actions as people
from people.actions import plan_of
from people.contact_plan import Plan
from people.models import Consent, ContactPlan
from referrals import reach
from referrals.gathering import consent_for
from referrals.models import Referral, Reminder
from tests import factories
from tests.merging.records import fresh, merge, undo
from tests.test_journey import ANSWERS, a_quiet_tuesday

pytestmark = pytest.mark.django_db


Source = ContactPlan.Source


def test_only_what_both_plans_allow_is_allowed_and_stays_so_for_both(ash, kept, other):
    factories.ContactPlanFactory(
        service_user=kept, allowed=["text", "letter"], hours_from=time(9), hours_to=time(12)
    )
    factories.ContactPlanFactory(service_user=other, allowed=["text", "call"], automatic=False, voicemail=True)
    row = merge(kept, other, ash)

    plan = plan_of(kept)
    assert (plan.allowed, plan.automatic, plan.hours) == ({"text"}, False, (time(9), time(12)))
    assert plan_of(other) == plan
    one, two = undo(row, ash)
    assert plan_of(one) == plan_of(two) == plan


def test_plan_that_one_record_never_had_allows_nothing(ash, kept, other):
    factories.ContactPlanFactory(service_user=kept, source=Source.SCREENING)
    merge(kept, other, ash)

    assert plan_of(kept).open_channels == plan_of(other).open_channels == frozenset()


def test_what_staff_took_away_on_either_record_no_form_gives_back(ash, kept, other):
    factories.ContactPlanFactory(service_user=kept, source=Source.SCREENING, allowed=["text", "letter"])
    factories.ContactPlanFactory(service_user=other, source=Source.STAFF, allowed=["letter"], preferred="letter")
    merge(kept, other, ash)
    factories.ScreeningFactory(
        service_user=kept, started_by=ash, submitted=True, answers={"CT1": ["text", "letter"], "CT2": "fine"}
    )

    assert "text" not in plan_of(kept).open_channels


def test_person_who_is_asked_again_may_be_reached_as_they_say(ash, kept, other):
    factories.ContactPlanFactory(service_user=kept, source=Source.SCREENING, allowed=["text", "letter"])
    merge(kept, other, ash)
    factories.ScreeningFactory(service_user=kept, started_by=ash, submitted=True, answers=ANSWERS)

    assert plan_of(kept).open_channels == set(ANSWERS["CT1"])


def test_plan_made_stricter_since_is_the_plan_of_both_after_the_undo(ash, kept, other):
    for one in (kept, other):
        factories.ContactPlanFactory(service_user=one, allowed=["text", "letter"])
    row = merge(kept, other, ash)
    stricter = Plan(allowed=frozenset({"letter"}), answered=True, reason="staff", preferred="letter")
    seen = ContactPlan.objects.current_for(kept).number
    people.change_contact_plan(service_user=kept, plan=stricter, seen=seen, by=ash)
    one, two = undo(row, ash)

    assert plan_of(one).allowed == plan_of(two).allowed == {"letter"}


def test_plan_or_pause_written_in_the_very_moment_counts(ash, kept, other):
    for one in (kept, other):
        factories.ContactPlanFactory(service_user=one, allowed=["text", "letter"])
    merge(kept, other, ash)
    factories.ContactPlanFactory(service_user=other, allowed=["letter"], preferred="letter")
    people.pause(service_user=other, reason="crisis", review_on=clock.today() + timedelta(days=7), by=ash)
    tasks.gather_late()
    fresh(kept)

    assert plan_of(kept).allowed == {"letter"}
    assert kept.pause_reason == "crisis"


def test_gathering_takes_nothing_back_that_the_person_said_since(ash, kept, other):
    for one in (kept, other):
        factories.ContactPlanFactory(service_user=one, allowed=["letter"], preferred="letter")
    merge(kept, other, ash)
    factories.ContactPlanFactory(service_user=kept, allowed=["text", "letter"])
    tasks.gather_late()

    assert plan_of(kept).allowed == {"text", "letter"}


def test_pause_on_either_record_pauses_the_one(ash, kept, other):
    people.pause(
        service_user=other, reason="crisis", review_on=clock.today() + timedelta(days=7), by=ash
    )  # fmt: skip
    row = merge(kept, other, ash)
    kept.refresh_from_db()

    assert kept.pause_reason == "crisis"
    one, two = undo(row, ash)
    assert one.paused_at == two.paused_at is not None


def test_messages_of_one_day_stay_where_they_left_and_still_count(ash, kept, other):
    tuesday = a_quiet_tuesday()
    sent = {"status": Reminder.Status.SENT, "sent_at": tuesday, "sent_on": tuesday.date(), "due_at": tuesday}
    ours, theirs = (
        Reminder.objects.create(dedupe_key=str(one.pk), service_user=one, template="x", channel="text", **sent)
        for one in (kept, other)
    )
    merge(kept, other, ash)
    fresh(theirs)

    assert theirs.service_user == other
    assert set(Reminder.objects.visible_to(ash)) == {ours, theirs}
    waiting = Reminder(service_user=kept, channel="text", template="x", due_at=tuesday)
    plan = Plan(allowed=frozenset({"text"}), automatic=True, answered=True)
    Reminder.objects.filter(pk=ours.pk).update(sent_on=None)
    lately = reach.sent_lately([kept.pk], tuesday.date())[kept.pk]
    assert reach.verdict(waiting, plan, tuesday, lately).reason == "enough_today"


def test_later_no_on_the_other_record_stops_sharing_at_once(ash, kept, other, offer, bo):
    referral = factories.ReferralFactory(active=True, service_user=kept, offer=offer, worker=bo)
    factories.ConsentFactory(service_user=other, choice=Consent.Choice.NO)
    assert consent_for(referral) is not None
    row = merge(kept, other, ash)

    assert consent_for(Referral.objects.get(pk=referral.pk)) is None
    undo(row, ash)
    assert consent_for(Referral.objects.get(pk=referral.pk)) is not None


def test_no_said_since_counts_for_both_after_the_undo(ash, kept, other, offer, bo):
    referral = factories.ReferralFactory(active=True, service_user=other, offer=offer, worker=bo)
    row = merge(kept, other, ash)
    people.record_consent(service_user=kept, choice="no", how="spoken", wording="sharing-1", by=ash)
    undo(row, ash)

    assert consent_for(Referral.objects.get(pk=referral.pk)) is None


def test_consent_taken_back_since_counts_for_both_after_the_undo(ash, kept, other, offer, bo):
    ours = factories.ReferralFactory(active=True, service_user=kept, offer=offer, worker=bo)
    factories.ConsentFactory(service_user=other)
    row = merge(kept, other, ash)
    moved = Consent.objects.exclude(pk=ours.consent_id).get()
    people.withdraw_consent(consent=moved, how="Rang us", by=ash)
    undo(row, ash)

    assert consent_for(Referral.objects.get(pk=ours.pk)) is None
