"""Messages of one day stay where they left from, and yet obey what is said to the record that was kept."""

from datetime import timedelta

import pytest

from accounts import clock
from people import actions as people
from people.contact_plan import Plan
from people.models import ContactPlan
from people.same_person import KEPT
from referrals import letters, sending
from referrals.models import FollowUp, Reminder
from referrals.post import runs
from tests.factories import ConsentFactory, ContactPlanFactory, SupportOfferFactory
from tests.merging.records import fresh, merge, record, undo
from tests.referrals.reaching import MINUTE, WEDNESDAY, Network, referral_to, send, tell

pytestmark = pytest.mark.django_db
HOME = {"address": "1 Example Road\nLondon", "postcode": "SE5 8AZ"}


@pytest.fixture(autouse=True)
def wednesday_morning():
    with clock.at(WEDNESDAY):
        yield


def two_with_news(by, channel, offer, bo):
    """Two records of one person, each with news of today by this channel."""
    other_offer = SupportOfferFactory(provider=offer.provider, team=offer.team)
    found = []
    for number, of in ((0, offer), (1, other_offer)):
        one = record(by, phone=f"+44770090012{3 + number}", **HOME)
        ContactPlanFactory(service_user=one, preferred=channel, allowed=[channel])
        ConsentFactory(service_user=one)
        tell(referral_to(of, one, by, shared={"name": one.name}, named_worker=bo), bo)
        found.append(one)
    return found


def pause(person, by):
    person.refresh_from_db()
    review_on = clock.today() + timedelta(days=9)
    people.pause(service_user=person, reason="in_hospital", review_on=review_on, by=by)


def tighten(person, by):
    seen = ContactPlan.objects.current_for(person).number
    people.change_contact_plan(service_user=person, plan=Plan(answered=True), seen=seen, by=by)


def move_house(person, by):
    person.refresh_from_db()
    people.update(service_user=person, version=person.version, by=by, address="9 Other Road\nLondon")


def left_with(other):
    return Reminder.objects.select_related(*letters.RELATED).get(service_user=other)


@pytest.mark.parametrize(
    ("event", "reason"), [(pause, "paused"), (tighten, "channel_not_allowed")], ids=["pause", "plan"]
)
@pytest.mark.parametrize("first", ["event", "merge"])
def test_letter_left_behind_obeys_the_kept_record(ash, bo, offer, event, reason, first):
    kept, other = two_with_news(ash, "letter", offer, bo)
    sending.send_due()
    if first == "event":
        event(kept, ash)
    merge(kept, other, ash, phone=KEPT)
    if first == "merge":
        event(kept, ash)

    assert letters.why_not(left_with(other), clock.now()) == reason


@pytest.mark.parametrize("moment", ["making", "printing", "marking"])
def test_merge_and_pause_at_any_moment_of_a_run_take_both_letters_out(ash, bo, offer, moment):
    kept, other = two_with_news(ash, "letter", offer, bo)
    sending.send_due()
    waiting = list(Reminder.objects.values_list("pk", flat=True))

    def now_is(this):
        if this == moment:
            merge(kept, other, ash, phone=KEPT)
            pause(kept, ash)

    now_is("making")
    batch = runs.make(chosen=waiting, both_sides=False, by=bo)
    now_is("printing")
    runs._take_out_of(batch, clock.now(), bo)  # what printing looks at, without setting the paper
    batch.prints.create(letters=2, printed_by=bo)
    now_is("marking")
    assert runs.mark_posted(batch=batch, posted_on=clock.today(), last_collection=True, by=bo).posted == 0
    owed = FollowUp.objects.open().filter(kind="message_failed")
    assert {one.service_user_id for one in owed} == {kept.pk}


def test_letter_left_behind_is_printed_to_the_kept_records_address(ash, bo, offer):
    kept, other = two_with_news(ash, "letter", offer, bo)
    sending.send_due()
    merge(kept, other, ash, phone=KEPT)
    move_house(kept, ash)
    batch = runs.make(chosen=[left_with(other).pk], both_sides=False, by=bo)

    assert "9 Other Road" in batch.letters.get().to


@pytest.mark.parametrize("event", [pause, tighten])
def test_text_that_waits_for_its_next_try_goes_against_nothing_said_since(ash, bo, offer, event):
    kept, other = two_with_news(ash, "text", offer, bo)
    net = Network("ok", "lost")
    send(net, after=2 * MINUTE)
    merge(kept, other, ash, phone=KEPT)
    event(kept, ash)
    before = len(net.taken)
    for minutes in (5, 10, 30, 24 * 60):
        send(net, after=minutes * MINUTE)

    assert len(net.taken) == before


def test_pause_of_the_kept_record_is_the_others_until_the_undo(ash):
    kept, other = record(ash), record(ash)
    pause(kept, ash)
    row = merge(kept, other, ash)
    fresh(other)
    assert other.paused_at == kept.paused_at is not None
    people.resume(service_user=fresh(kept)[0], by=ash)

    assert undo(row, ash)[1].paused_at is None
