"""The call list: one line a person, with all that there is to ring about, and nobody who is not to be rung."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts import clock
from referrals.calls import owed
from referrals.models import FollowUp
from tests.conftest import SignedIn
from tests.factories import ConsentFactory, ContactPlanFactory, MembershipFactory, ServiceUserFactory
from tests.referrals.reaching import WEDNESDAY, message_to, referral_to, tell

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday_morning")]
LIST = reverse("referrals:call_list")


def text_of(response, status=200):
    assert response.status_code == status
    return " ".join(response.content.decode().split())


def owe(person, team, kind="review", what="Ask how things are going.", referral=None, due_on=None):
    return FollowUp.objects.create(
        kind=kind, key=f"{kind}:{FollowUp.objects.count()}", service_user=person, referral=referral, team=team,
        what=what, due_on=due_on or clock.today(),
    )  # fmt: skip


def test_one_person_is_one_line_with_all_there_is_to_say(as_ash, person, team, plan):
    owe(person, team, what="Ask how things are going.")
    owe(person, team, kind="ask_again", what="Ask again.")
    text = text_of(as_ash.get(LIST))
    assert text.count('dx-line"') == 1
    assert "Ask how things are going." in text
    assert "Ask again." in text
    assert "You may ring now." in text
    assert owed.count(as_ash.membership, clock.today()) == 1


def test_strangers_and_other_teams_see_nobody(as_cam, as_nia, person, team, plan):
    owe(person, team)
    for other in (as_cam, as_nia):
        assert person.name not in text_of(other.get(LIST))
        assert owed.count(other.membership, clock.today()) == 0


def test_news_on_its_way_by_message_is_no_call(referral, bo, ash, plan, as_bo):
    told = tell(referral, bo)
    assert owed.count(bo, clock.today()) == 1  # the first contact is still to come
    assert told.pk not in owed.follow_ups(bo, clock.today()).values_list("pk", flat=True)
    told.reminders.update(status="failed", reason="bounced")
    assert told.pk in owed.follow_ups(bo, clock.today()).values_list("pk", flat=True)


def test_what_is_due_later_is_not_on_the_list_yet(as_ash, person, team, plan):
    owe(person, team, due_on=clock.today() + timedelta(days=1))
    assert "There is nobody to ring." in text_of(as_ash.get(LIST))


def test_provider_reads_the_name_that_was_shared(as_bo, person, offer, ash, bo, plan):
    ConsentFactory(service_user=person)
    referral_to(offer, person, ash, shared={"name": "Robin as shared"})
    text = text_of(as_bo.get(LIST))
    assert "Robin as shared" in text
    assert "First contact about" in text
    assert "You may ring now." in text


def test_provider_without_consent_is_told_not_to_ring(as_bo, person, offer, ash, plan):
    referral_to(offer, person, ash, shared={"name": "Robin as shared"})
    assert "Do not ring" in text_of(as_bo.get(LIST))
    assert "Robin as shared" not in text_of(as_bo.get(LIST, {"when": "now"}))


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        ({"allowed": ["letter"], "preferred": "letter"}, "has not agreed to be reached in this way"),
        ({"answered": False, "automatic": False}, "Safe contact has not been asked about."),
        ({"hours_from": "14:00", "hours_to": "16:00"}, "You may ring from 2pm today."),
        ({"weekdays": [0]}, "You may ring from 9am on Monday."),
    ],
)
def test_the_line_says_when_to_ring_or_why_not(as_ash, person, team, plan, words):
    ContactPlanFactory(service_user=person, **plan)
    owe(person, team)
    assert words in text_of(as_ash.get(LIST))
    assert person.name not in text_of(as_ash.get(LIST, {"when": "now"}))


def test_pages_follow_on_without_a_gap_and_a_broken_mark_is_harmless(as_ash, ash, team):
    for number in range(30):
        one = ServiceUserFactory(created_by=ash)
        owe(one, team, due_on=clock.today() - timedelta(days=number % 3))
    first = as_ash.get(LIST).context
    second = as_ash.get(LIST, {"after": first["after"]}).context
    shown = [line.person.pk for line in (*first["lines"], *second["lines"])]
    assert len(shown) == len(set(shown)) == 30
    assert second["after"] == ""
    assert len(as_ash.get(LIST, {"after": "nonsense"}).context["lines"]) == 25


def test_mine_are_those_i_work_with(bo, offer, ash, person, plan, provider_team):
    other = ServiceUserFactory(created_by=ash)
    ContactPlanFactory(service_user=other)
    for one, worker in ((person, bo), (other, MembershipFactory(team=provider_team, role="support_worker"))):
        ConsentFactory(service_user=one)
        referral_to(offer, one, ash, shared={"name": one.name}, named_worker=worker)
    shown = SignedIn(bo).get(LIST, {"who": "mine"}).context["lines"]
    assert [line.known.name for line in shown] == [person.name]
    assert len(SignedIn(bo).get(LIST).context["lines"]) == 2


def test_a_review_is_asked_about_though_a_message_announced_it(as_ash, person, team, plan):
    message_to(person, follow_up=owe(person, team), due_at=WEDNESDAY)
    assert person.name in text_of(as_ash.get(LIST))


def test_the_list_asks_the_database_the_same_number_of_times_however_long(
    as_ash, ash, team, django_assert_max_num_queries
):
    for _number in range(20):
        one = ServiceUserFactory(created_by=ash)
        ContactPlanFactory(service_user=one)
        owe(one, team)
    with django_assert_max_num_queries(13):
        as_ash.get(LIST)
