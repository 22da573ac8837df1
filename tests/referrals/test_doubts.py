"""A number or an address in doubt is not used until the person's own team has said; a death ends all contact."""

from datetime import timedelta

import pytest

from accounts import clock
from people import actions as people
from referrals import actions, fates, reach
from referrals.calls import listing, owed
from referrals.calls.recording import record
from referrals.deaths import has_died
from referrals.due import queue_due
from referrals.models import Appointment, FollowUp, Referral, Reminder
from tests.factories import ConsentFactory, MembershipFactory, ScreeningFactory, SupportOfferFactory
from tests.referrals.reaching import (
    MINUTE,
    WEDNESDAY,
    Network,
    appointment_of,
    message_to,
    read,
    referral_to,
    tell,
)
from tests.referrals.reaching import send as send_now

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday_morning", "plan")]


def call(person, by, result, **more):
    return record(service_user=person, by=by, how="call", result=result, **more)


def review_of(person, team):
    return FollowUp.objects.create(
        kind="review", key="screening:x:4w", service_user=person, team=team, what="Review", due_on=clock.today()
    )


def lines(by):
    return listing.page(by, listing.Filters())[0]


def kinds(**which):
    return set(FollowUp.objects.open().filter(**which).values_list("kind", flat=True))


@pytest.fixture
def news(person, offer, ash, bo):
    """Bo's team works with the person; a text that says so is queued."""
    ConsentFactory(service_user=person)
    since = WEDNESDAY - timedelta(days=1)
    referral = referral_to(offer, person, ash, shared={"name": person.name}, named_worker=bo, accepted_at=since)
    tell(referral, bo)
    return referral


def channels_after(minutes=2):
    network = Network()
    send_now(network, after=minutes * MINUTE)
    return [message.channel for message in network.taken]


@pytest.mark.parametrize("result", ["wrong_number", "somebody_else"])
def test_no_text_goes_to_a_phone_that_another_answers_until_a_worker_says_it_is_theirs(
    news, person, ash, bo, result
):
    call(person, bo, result)
    check = FollowUp.objects.open().get(kind="check_number")
    assert (check.team, check.referral) == (ash.team, None)
    assert channels_after() == ["letter"]
    actions.complete_follow_up(follow_up=check, result="number_right", by=ash)
    assert reach.address_of(person, "text") == person.phone


def test_a_wrong_number_is_shown_to_nobody_and_another_number_is(news, person, ash):
    review_of(person, ash.team)
    [before] = lines(ash)
    call(person, ash, "wrong_number")
    FollowUp.objects.filter(kind="choose_way").update(done_at=clock.now(), result="call_again")
    [line] = lines(ash)
    assert (before.known.number, line.known.number) == ("07700 900123", "")
    assert "Check the number first" in line.slot
    people.update(service_user=person, version=person.version, by=ash, phone="07700 900777")
    assert lines(ash)[0].known.number == "07700 900777"


def test_the_network_says_so_and_the_next_news_goes_another_way(news, person):
    network = Network()
    send_now(network)
    fates.receive(reference=network.taken[0].reference, fate="failed", reason="bad_address")
    assert FollowUp.objects.open().get(kind="check_number").details == person.phone
    assert reach.address_of(person, "text") == ""


def test_a_letter_that_came_back_by_any_carrier_makes_its_address_doubtful(person, ash):
    letter = message_to(person, channel="letter")
    send_now(Network())
    Reminder.objects.filter(pk=letter.pk).update(carrier="notify")
    fates.receive(reference=letter.pk, fate="returned")
    check = FollowUp.objects.open().get(kind="check_address")
    assert reach.address_of(person, "letter") == ""
    assert "letter" not in reach.ways(person, reach.plan_of(person))
    actions.complete_follow_up(follow_up=check, result="address_right", by=ash)
    assert reach.address_of(person, "letter") != ""


def test_please_stop_pauses_the_person_and_takes_back_what_others_were_to_send(news, person, ash, bo):
    clinics = message_to(person, due_at=WEDNESDAY + timedelta(days=1), follow_up=review_of(person, ash.team))
    call(person, bo, "stop")
    person.refresh_from_db()
    assert (person.pause_reason, person.pause_review_on) == ("asked_to_wait", clock.today() + timedelta(days=14))
    assert (read(clinics).status, read(clinics).reason) == ("cancelled", "asked_to_stop")
    assert {"choose_way", "pause_review"} <= kinds(team=ash.team)
    assert channels_after() == []


def test_not_now_does_not_hide_what_came_up_afterwards(news, person, ash):
    review_of(person, ash.team)
    call(person, ash, "not_now")
    assert owed.count(ash, clock.today()) == 0
    with clock.at(WEDNESDAY + timedelta(days=1)):
        FollowUp.objects.create(
            kind="missed_twice", key="a:1", service_user=person, team=ash.team, what="x", due_on=clock.today()
        )
        assert owed.count(ash, clock.today()) == 1
        assert not lines(ash)[0].later


def test_another_way_is_still_chosen_when_one_of_two_things_is_over(news, person, ash, bo):
    FollowUp.objects.create(
        kind="loan_ends", key="loan:1", service_user=person, referral=news, team=bo.team, what="x",
        due_on=clock.today(),
    )  # fmt: skip
    call(person, bo, "wrong_number")
    close(news, bo, "helped")
    assert "loan_ends" in kinds(team=ash.team), "whoever referred looks after it from now on"
    assert "choose_way" in kinds(team=bo.team)


def close(referral, by, outcome):
    Referral.objects.filter(pk=referral.pk).update(status="delivered")
    evidence = {"outcome": outcome, "whose_word": "provider_only"}
    actions.act(referral=Referral.objects.get(pk=referral.pk), action="close", by=by, evidence=evidence)


@pytest.fixture
def died(news, person, offer, ash, bo):
    """Recorded at the end of one of two referrals; the other has a meeting to come."""
    review_of(person, ash.team)
    other = referral_to(SupportOfferFactory(provider=offer.provider, team=offer.team), person, ash)
    appointment_of(news, bo, WEDNESDAY + timedelta(days=3))
    close(other, bo, "died")
    return other


def test_after_a_death_nobody_is_asked_to_reach_the_person(died, news, person, ash, bo):
    assert has_died(person)
    assert kinds() == {"they_died"}
    assert FollowUp.objects.open().get().team == ash.team
    assert channels_after() == []
    assert Appointment.objects.get(referral=news).status == "cancelled_by_service"
    assert [line.known.number for line in [*lines(ash), *lines(bo)] if line.known.number] == []
    assert "They have died" in lines(bo)[0].slot
    ScreeningFactory(service_user=person, submitted=True)
    queue_due()
    assert kinds() == {"they_died"}


def test_a_death_recorded_by_mistake_is_undone(died, person, ash):
    boss = MembershipFactory(team=ash.team, role="admin")
    actions.propose_error(referral=Referral.objects.get(pk=died.pk), by=ash, words="Somebody else")
    wrong = Referral.objects.get(pk=died.pk)
    actions.act(referral=wrong, action="mark_error", by=boss, evidence={"words": "Somebody else"})
    assert not has_died(person)
    assert {"review", "tell_person"} <= kinds()
    assert "they_died" not in kinds()
