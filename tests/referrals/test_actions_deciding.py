"""The provider decides: its clocks, its questions, and what comes after a decline."""

from datetime import timedelta

import pytest

from accounts import clock
from accounts.errors import InvalidInput, NotPossibleNow
from directory.models import UnmetNeed
from referrals import actions
from referrals.followup import add_working_days
from referrals.models import FollowUp, Referral, Reminder
from tests import factories
from tests.factories import ReferralFactory

pytestmark = pytest.mark.django_db


def test_decision_clock_stands_still_while_a_question_is_open(referral_in, ash, bo):
    referral = referral_in("acknowledged")
    assert referral.due_on == add_working_days(clock.today(), 5)
    with clock.at(clock.now() + timedelta(days=1)):
        before = referral.due_on
        asked = actions.act(referral=referral, action="ask", by=bo, evidence={"question": "Which days?"})
        assert (asked.action_with, asked.clock) == ("referrer", "answer")
        left = asked.clock_left
    with clock.at(clock.now() + timedelta(days=30)):
        answered = actions.act(referral=asked, action="answer", by=ash, evidence={"answer": "Tuesdays"})
        assert answered.due_on == add_working_days(clock.today(), left)
        assert answered.clock_left is None
        assert answered.due_on > before


def test_question_before_acknowledging_leaves_the_whole_decision_clock(referral_in, ash, bo):
    asked = actions.act(referral=referral_in("sent"), action="ask", by=bo, evidence={"question": "Which days?"})
    assert asked.acknowledged_at
    assert asked.clock_left == 5


def test_accepting_names_the_worker_and_tells_the_person(referral_in, bo):
    referral = referral_in("accepted")
    assert referral.named_worker == bo
    told = FollowUp.objects.open().get(kind="tell_person", referral=referral)
    assert told.team == bo.team
    assert Reminder.objects.get(follow_up=told).template == "accepted"
    assert Reminder.objects.get(template="referral_sent").status == "cancelled"


@pytest.mark.parametrize(("kind", "days"), [("device", 5), ("basics", 0)])
def test_first_contact_about_food_or_heating_is_due_the_same_day(person, offer, bo, kind, days):
    offer.kinds = [kind]
    offer.save()
    referral = ReferralFactory(accepted=True, service_user=person, offer=offer, worker=bo)
    assert referral.due_on == add_working_days(clock.today(), days)


def test_worker_of_another_organisation_cannot_be_named(referral_in, bo, ash):
    with pytest.raises(InvalidInput) as refusal:
        actions.act(referral=referral_in("acknowledged"), action="accept", by=bo, evidence={"named_worker": ash})
    assert "named_worker" in refusal.value.fields


def test_organisation_can_set_its_own_clocks(referral_in, trust):
    trust.clocks = {"acknowledge": 4}
    trust.save()
    assert referral_in("sent").due_on == add_working_days(clock.today(), 4)


def test_decline_gives_the_referrer_the_next_step_and_tells_the_person(referral_in):
    referral = referral_in("declined")
    assert (referral.action_with, referral.ended_at) == ("referrer", None)
    owed = FollowUp.objects.open().get(kind="next_step", referral=referral)
    assert owed.team == referral.referring_team
    assert "Choose another offer" in owed.what
    assert Reminder.objects.get(template="declined_next_step").status == "queued"


def test_decline_reason_that_asks_for_words_is_refused_without(referral_in, bo):
    referral = referral_in("acknowledged")
    with pytest.raises(InvalidInput) as refusal:
        actions.act(referral=referral, action="decline", by=bo, evidence={"reason_code": "not_eligible"})
    assert refusal.value.fields == {"words": "Say which criterion."}


def test_rerouting_makes_a_linked_draft_and_keeps_the_need(referral_in, offer, ash):
    referral = referral_in("declined")
    other = factories.SupportOfferFactory(kinds=["device"])
    gone = actions.act(referral=referral, action="reroute", by=ash, evidence={"new_offer": other})
    draft = gone.rerouted_to
    assert (gone.status, draft.status, draft.offer) == ("rerouted", "draft", other)
    assert list(draft.needs.all()) == list(referral.needs.all())
    assert not FollowUp.objects.open().filter(kind="next_step").exists()
    assert Reminder.objects.get(template="declined_next_step").status == "queued"


def test_rerouting_to_nowhere_records_the_unmet_need(referral_in):
    referral = referral_in("rerouted")
    unmet = UnmetNeed.objects.get()
    assert (unmet.need, unmet.kind) == (referral.needs.get(), referral.kind)


@pytest.mark.parametrize("change", [{"ended": True}, {"kinds": ["housing"]}, {"capacity": "full"}])
def test_rerouting_to_an_offer_that_does_not_fit_is_refused(referral_in, ash, change):
    referral = referral_in("declined")
    other = factories.SupportOfferFactory(**{"kinds": ["device"], **change})
    with pytest.raises((InvalidInput, NotPossibleNow)):
        actions.act(referral=referral, action="reroute", by=ash, evidence={"new_offer": other})
    referral.refresh_from_db()
    assert referral.status == "declined"
    assert Referral.objects.count() == 1
