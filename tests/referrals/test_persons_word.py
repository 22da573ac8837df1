"""The loop is closed by the person: by any way, also long after it was closed on somebody else's word."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts import clock
from accounts.errors import InvalidInput, NotAllowed, NotPossibleNow
from referrals import actions
from referrals.actions.persons_word import is_confirmed
from referrals.followup import add_working_days
from referrals.models import FollowUp
from reports.figures import Rate
from reports.periods import Month
from reports.scope import Scope
from tests.reports.asking import rate_of

pytestmark = pytest.mark.django_db

THEIRS = {"outcome": "partly_helped", "whose_word": "person", "heard_by": "letter_reply"}


@pytest.fixture
def closed(referral_in, ash):
    """On the provider's word only."""

    def build(whose_word="provider_only", outcome="helped"):
        referral = referral_in("delivered")
        evidence = {"outcome": outcome, "whose_word": whose_word}
        return actions.act(referral=referral, action="close", by=ash, evidence=evidence)

    return build


def asking(referral):
    return FollowUp.objects.open().filter(referral=referral, kind="ask_person")


def test_after_the_help_somebody_owes_it_to_the_person_to_ask(referral_in, ash):
    referral = referral_in("delivered")
    owed = asking(referral).get()
    assert owed.team == ash.team
    assert owed.due_on == referral.due_on == add_working_days(clock.today(), 20)
    for way in ("phone", "letter", "face to face", "next visit"):
        assert way in owed.what


def test_closing_on_the_persons_word_is_having_asked(closed):
    referral = closed("person")
    assert not asking(referral).exists()
    assert is_confirmed(referral) is True


def test_closed_on_the_providers_word_is_not_confirmed_and_the_person_is_still_to_be_asked(closed, as_ash):
    referral = closed()
    assert asking(referral).exists()
    assert is_confirmed(referral) is False
    page = as_ash.get(reverse("referrals:detail", args=[referral.pk])).content.decode()
    assert "Closed, not confirmed by the person" in page
    assert as_ash.get(f"/api/v1/referrals/{referral.pk}/").json()["confirmed"] is False


def test_nobody_is_asked_to_ask_somebody_who_died(closed):
    assert not asking(closed("provider_only", "died")).exists()


@pytest.mark.parametrize("who", ["ash", "bo"])
def test_either_side_may_write_the_word_down(request, closed, who):
    by, referral = request.getfixturevalue(who), closed()
    actions.record_persons_word(referral=referral, by=by, **THEIRS)
    assert [one.outcome for one in referral.outcomes.all()] == ["helped", "partly_helped"]
    assert is_confirmed(referral) is True
    assert not asking(referral).exists()
    referral.refresh_from_db()
    assert referral.status == "closed"


def test_a_carer_with_scope_may_say_it_and_words_say_who(closed, ash):
    said = {**THEIRS, "whose_word": "carer"}
    referral = closed()
    with pytest.raises(InvalidInput) as caught:
        actions.record_persons_word(referral=referral, by=ash, **said)
    assert "words" in caught.value.fields
    actions.record_persons_word(referral=referral, by=ash, words="Her son, about the phone.", **said)
    assert is_confirmed(referral) is True


@pytest.mark.parametrize("wrong", ["outcome", "whose_word", "heard_by"])
def test_what_is_missing_is_named(closed, ash, wrong):
    with pytest.raises(InvalidInput) as caught:
        actions.record_persons_word(referral=closed(), by=ash, **{**THEIRS, wrong: "provider_only"})
    assert set(caught.value.fields) == {wrong}


def test_a_referral_that_is_not_closed_is_closed_with_the_word_instead(referral_in, ash):
    with pytest.raises(NotPossibleNow) as caught:
        actions.record_persons_word(referral=referral_in("delivered"), by=ash, **THEIRS)
    assert "close" in caught.value.allowed


def test_strangers_and_admins_write_nothing(closed, cam, dee):
    referral = closed()
    for by in (cam, dee):
        with pytest.raises(NotAllowed):
            actions.record_persons_word(referral=referral, by=by, **THEIRS)


def test_reports_count_the_newest_word(closed, ash):
    referral = closed()
    now = clock.now()
    scope = Scope(ash.organisation, None, Month(now.year, now.month), now + timedelta(days=1))
    assert rate_of("closed_with_word", scope) == Rate(0, 1)
    actions.record_persons_word(referral=referral, by=ash, **THEIRS)
    assert rate_of("closed_with_word", scope) == Rate(1, 1)


def test_how_it_was_heard_is_kept_when_it_is_closed_with_it(referral_in, ash):
    evidence = {"outcome": "helped", "whose_word": "person", "heard_by": "phone"}
    referral = actions.act(referral=referral_in("delivered"), action="close", by=ash, evidence=evidence)
    assert referral.outcomes.get().heard_by == "phone"


def test_it_is_written_down_on_a_page(closed, as_ash):
    referral = closed()
    url = reverse("referrals:persons_word", args=[referral.pk])
    assert url in as_ash.get(reverse("referrals:detail", args=[referral.pk])).content.decode()
    assert as_ash.post(url, {}).status_code == 400
    assert as_ash.post(url, THEIRS).status_code == 302
    page = as_ash.get(reverse("referrals:detail", args=[referral.pk])).content.decode()
    assert "not confirmed" not in page
    assert "The person said what came of it" in page
    assert "On a reply slip or in a letter" in page


def test_it_is_written_down_by_the_api(closed, as_bo):
    referral = closed()
    url = f"/api/v1/referrals/{referral.pk}/their-word/"
    late = (clock.now() - timedelta(days=1)).isoformat()
    answer = as_bo.post(url, {**THEIRS, "happened_at": late}, content_type="application/json")
    assert answer.status_code == 201
    assert answer.json()["heard_by"] == "letter_reply"
    future = (clock.now() + timedelta(days=1)).isoformat()
    assert as_bo.post(url, {**THEIRS, "happened_at": future}, content_type="application/json").status_code == 400
