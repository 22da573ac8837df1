"""Whoever is paused has exactly one open review of it, with a team and a day; whoever is not, has none."""

from datetime import timedelta

import pytest

from accounts import clock
from accounts.errors import AlreadyChanged, InvalidInput, NotAllowed
from people import actions as people
from people.models import ServiceUser
from referrals import actions, due
from referrals.models import FollowUp
from referrals.obligations.pauses import look_at_pauses
from referrals.tasks import run_clocks
from tests import factories
from tests.conftest import SignedIn
from tests.merging.records import merge, record, undo

pytestmark = pytest.mark.django_db

IN_TWO_WEEKS = timedelta(days=14)


def reviews():
    return FollowUp.objects.open().filter(kind="pause_review")


def pause(person, by, days=14):
    people.pause(service_user=person, reason="crisis", review_on=clock.today() + timedelta(days=days), by=by)


def everybody_is_looked_at():
    """Of each person the days on which their pause is looked at: their own day, once, by their own team."""
    paused = ServiceUser.objects.standing().filter(paused_at__isnull=False)
    wanted = sorted((person.pk, person.team_id, person.pause_review_on) for person in paused)
    assert sorted(reviews().values_list("service_user", "team", "due_on")) == wanted
    return len(wanted)


@pytest.fixture
def active(referral_in):
    return referral_in("active")


@pytest.fixture
def paused(active, bo):
    actions.pause(referral=active, reason="crisis", review_on=clock.today() + IN_TWO_WEEKS, by=bo)
    return active


@pytest.fixture
def review(paused):
    return reviews().get()


# --- However it began, and whatever ends ------------------------------------------------------------------


def test_a_pause_stands_without_its_referral(review, person):
    person.refresh_from_db()
    assert (review.referral, review.team, review.due_on) == (None, person.team, person.pause_review_on)


def test_a_referral_made_in_error_leaves_the_pause_looked_after(paused, ash, dee):
    actions.propose_error(referral=paused, words="The wrong offer.", wrong_person=False, by=ash)
    actions.act(
        referral=paused, action="mark_error", by=dee, evidence={"words": "The wrong offer.", "second_person": ash}
    )
    paused.refresh_from_db()
    assert paused.status == "entered_in_error"
    assert everybody_is_looked_at() == 1


@pytest.mark.parametrize("how_it_ends", ["withdraw", "cancel"])
def test_an_end_of_the_referral_leaves_the_pause_looked_after(referral_in, ash, bo, how_it_ends):
    referral = referral_in("acknowledged")
    actions.pause(referral=referral, reason="crisis", review_on=clock.today() + IN_TWO_WEEKS, by=ash)
    evidence = {"withdraw": {"how_said": "phone"}, "cancel": {"reason_code": "duplicate"}}[how_it_ends]
    actions.act(referral=referral, action=how_it_ends, by=ash, evidence=evidence)
    assert everybody_is_looked_at() == 1


def test_a_pause_on_the_persons_own_page_gets_its_review_by_the_job(person, ash):
    pause(person, ash)
    assert not reviews().exists()
    due.queue_due()
    assert everybody_is_looked_at() == 1
    assert due.queue_due() == 0


def test_contact_that_goes_on_from_the_persons_own_page_leaves_no_review(person, ash):
    pause(person, ash)
    due.queue_due()
    people.resume(service_user=person, by=ash)
    due.queue_due()
    assert everybody_is_looked_at() == 0


def test_a_second_pause_is_looked_at_on_its_own_day(person, ash):
    pause(person, ash, days=14)
    due.queue_due()
    people.resume(service_user=person, by=ash)
    pause(person, ash, days=7)
    due.queue_due()
    assert everybody_is_looked_at() == 1


def test_a_review_that_hangs_on_a_referral_from_before_is_freed_from_it(active, person, ash):
    pause(person, ash)
    FollowUp.objects.create(
        kind="pause_review",
        key="event:1",
        service_user=person,
        referral=active,
        team=person.team,
        what="Look again.",
        due_on=person.pause_review_on,
    )
    due.queue_due()
    assert reviews().get().referral is None


def test_nobody_is_asked_to_look_at_the_pause_of_somebody_who_died(referral_in, person, ash):
    pause(person, ash)
    referral = referral_in("sent")
    actions.act(referral=referral, action="cancel", by=ash, evidence={"reason_code": "died"})
    due.queue_due()
    assert not reviews().exists()


def test_a_death_that_was_a_mistake_gives_the_review_back(referral_in, person, ash, dee):
    pause(person, ash)
    due.queue_due()
    referral = referral_in("sent")
    actions.act(referral=referral, action="cancel", by=ash, evidence={"reason_code": "died"})
    assert not reviews().exists()
    referral.refresh_from_db()
    actions.propose_error(referral=referral, words="She lives.", wrong_person=False, by=ash)
    actions.act(
        referral=referral, action="mark_error", by=dee, evidence={"words": "She lives.", "second_person": ash}
    )
    due.queue_due()
    assert everybody_is_looked_at() == 1


# --- What comes of looking --------------------------------------------------------------------------------


def test_contact_that_may_go_on_goes_on(review, person, ash):
    actions.complete_follow_up(follow_up=review, result="goes_on", by=ash)
    person.refresh_from_db()
    assert person.paused_at is None
    assert everybody_is_looked_at() == 0


def test_a_pause_that_stays_has_another_day_and_the_last_look_stands(review, person, ash):
    day = clock.today() + timedelta(days=30)
    actions.complete_follow_up(
        follow_up=review, result="stays_paused", review_on=day, words="Still on the ward.", by=ash
    )
    person.refresh_from_db()
    assert (person.pause_review_on, person.pause_reason) == (day, "crisis")
    assert everybody_is_looked_at() == 1
    review.refresh_from_db()
    assert (review.result, review.words, review.done_by) == ("stays_paused", "Still on the ward.", ash)
    assert look_at_pauses(limit=9) == 0


@pytest.mark.parametrize(
    ("result", "days"), [("done", None), ("not_needed", None), ("stays_paused", None), ("stays_paused", 0),
                         ("stays_paused", 14), ("stays_paused", 400)],
)  # fmt: skip
def test_no_answer_leaves_a_pause_without_a_new_day(review, person, ash, result, days):
    day = None if days is None else clock.today() + timedelta(days=days)
    with pytest.raises(InvalidInput):
        actions.complete_follow_up(follow_up=review, result=result, review_on=day, words="Later.", by=ash)
    person.refresh_from_db()
    assert person.paused_at is not None
    assert everybody_is_looked_at() == 1


def test_an_old_page_does_not_end_a_pause_that_came_after_it(review, person, ash):
    people.resume(service_user=person, by=ash)
    pause(person, ash, days=7)
    with pytest.raises(AlreadyChanged):
        actions.complete_follow_up(follow_up=review, result="goes_on", by=ash)
    person.refresh_from_db()
    assert person.paused_at is not None


def test_a_pause_that_has_ended_cannot_be_made_longer(review, person, ash):
    people.resume(service_user=person, by=ash)
    day = clock.today() + timedelta(days=30)
    with pytest.raises(AlreadyChanged):
        actions.complete_follow_up(follow_up=review, result="stays_paused", review_on=day, by=ash)
    actions.complete_follow_up(follow_up=review, result="goes_on", by=ash)
    assert everybody_is_looked_at() == 0


def test_an_admin_does_not_let_contact_go_on(review, dee):
    with pytest.raises(NotAllowed):
        actions.complete_follow_up(follow_up=review, result="goes_on", by=dee)


def test_the_page_asks_for_the_day_beside_its_field(review, person, as_ash):
    url = f"/referrals/owed/{review.pk}/"
    page = as_ash.post(url, {"result": "stays_paused"})
    assert page.status_code == 400
    assert page.context["form"].errors["review_on"]
    day = clock.today() + timedelta(days=20)
    typed = {"result": "stays_paused", "review_on": f"{day:%-d %-m %Y}"}
    assert as_ash.post(url, typed).status_code == 302
    person.refresh_from_db()
    assert person.pause_review_on == day


def test_only_a_pause_is_asked_for_a_day(person, as_ash):
    other = FollowUp.objects.create(
        kind="ask_again", key="x", service_user=person, team=person.team, what="Ask.", due_on=clock.today()
    )
    assert "review_on" not in as_ash.get(f"/referrals/owed/{other.pk}/").context["form"].fields


def test_the_api_takes_the_day(review, person, as_ash):
    day = clock.today() + timedelta(days=20)
    url = f"/api/v1/follow-ups/{review.pk}/complete/"
    refused = as_ash.post(url, {"result": "stays_paused"}, content_type="application/json")
    assert refused.status_code == 400
    body = {"result": "stays_paused", "review_on": day.isoformat()}
    assert as_ash.post(url, body, content_type="application/json").status_code == 200
    person.refresh_from_db()
    assert person.pause_review_on == day


# --- Records that are joined, and a team that empties -----------------------------------------------------


@pytest.mark.parametrize("who", ["kept", "other", "both"])
def test_joined_records_have_one_pause_that_is_looked_at_once(ash, who):
    records = {"kept": record(ash), "other": record(ash, name="Robyn Rivers")}
    for number, name in enumerate(records):
        if who in (name, "both"):
            pause(records[name], ash, days=10 + number)
    due.queue_due()
    joined = merge(records["kept"], records["other"], ash)
    due.queue_due()
    assert everybody_is_looked_at() == 1
    undo(joined, ash)
    due.queue_due()
    assert everybody_is_looked_at() == 2, "which of the two was to be left alone is not known"
    assert due.queue_due() == 0


def test_a_pause_in_a_team_that_has_emptied_comes_to_the_admin(review, ash, dee):
    type(ash).objects.filter(pk=ash.pk).update(ended_at=clock.now())
    with clock.at(clock.now() + timedelta(days=15)):
        run_clocks()
    assert FollowUp.objects.open().filter(kind="stuck", key=f"owed:{review.pk}").exists()
    assert everybody_is_looked_at() == 1


def test_the_person_is_found_by_their_team_even_where_a_provider_paused_them(review, as_ash, bo):
    assert as_ash.get("/referrals/owed/").status_code == 200
    assert review.what in as_ash.get("/referrals/owed/").content.decode()
    assert SignedIn(bo).get(f"/referrals/owed/{review.pk}/").status_code == 404


def test_many_are_put_right_a_page_at_a_time(ash):
    for _number in range(5):
        pause(factories.ServiceUserFactory(team=ash.team, created_by=ash), ash)
    assert due.queue_due(limit=3) == 3
    assert due.queue_due(limit=3) == 2
    assert everybody_is_looked_at() == 5
