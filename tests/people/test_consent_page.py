"""Consent on a person's page: dated evidence, each piece with whether it still stands."""

from datetime import timedelta

import pytest

from accounts import clock
from people import actions
from people.consent_page import WORDING, WORDINGS, said_by
from tests import factories

pytestmark = pytest.mark.django_db


def say(person, ash, choice, **more):
    return actions.record_consent(service_user=person, choice=choice, how="phone", wording=WORDING, by=ash, **more)


def shown(client, person):
    return " ".join(client.get(f"/people/{person.pk}/").content.decode().split())


def test_evidence_is_shown_whole(as_ash, ash, person, provider):
    until = clock.today() + timedelta(days=30)
    consent = say(person, ash, "yes", provider=provider, expires_on=until)
    page = shown(as_ash, person)

    for words in (
        "Riverside Connect",
        "Said so, by phone",
        "Recorded by Ash Amadi",
        f"Until {until.day} {until:%B %Y}",
        f"Asked as: {WORDINGS[WORDING]}",
    ):
        assert words in page
    actions.withdraw_consent(consent=consent, how="Rang the clinic", by=ash)
    page = shown(as_ash, person)
    assert "recorded by Ash Amadi: <bdi>Rang the clinic</bdi>" in page
    assert "Withdrawn, so it lets nothing be shared." in page


def test_later_no_is_told_at_the_earlier_yes(as_ash, ash, person, provider):
    say(person, ash, "yes")
    say(person, ash, "yes", provider=provider)
    say(person, ash, "no")
    no, *before = said_by(person)

    assert (no.stands, no.row.choice) == (True, "no")
    assert [one.stands for one in before] == [False, False]
    assert all("The person said no on" in one.why for one in before)
    assert shown(as_ash, person).count("No longer stands") == 2


def test_what_has_run_out_no_longer_stands(ash, person):
    say(person, ash, "yes", expires_on=clock.today() + timedelta(days=2))
    with clock.at(clock.now() + timedelta(days=2)):
        assert said_by(person)[0].stands
    with clock.at(clock.now() + timedelta(days=3)):
        assert "run out" in said_by(person)[0].why


def test_ask_me_each_time_says_that_it_lets_nothing_be_shared_alone(ash, person):
    say(person, ash, "ask_each")

    assert "by itself this lets nothing be shared" in said_by(person)[0].why


def test_only_what_stands_and_is_a_yes_can_be_withdrawn(ash, person):
    for choice in ("no", "yes"):
        say(person, ash, choice)
    yes, no = said_by(person)

    assert (yes.can_be_withdrawn, no.can_be_withdrawn) == (True, False)
    actions.withdraw_consent(consent=yes.row, how="Said so", by=ash)
    assert not said_by(person)[0].can_be_withdrawn


def test_words_of_a_questionnaire_are_named_by_its_version(ash, person):
    factories.ConsentFactory(service_user=person, recorded_by=ash, wording="getting-online 1.0.0")

    assert said_by(person)[0].wording == "the question of getting-online 1.0.0"


def test_history_costs_the_same_however_long(ash, person, django_assert_num_queries):
    for _ in range(10):
        say(person, ash, "yes")
    with django_assert_num_queries(1):
        assert [one.row.recorded_by.user for one in said_by(person)] == [ash.user] * 10
