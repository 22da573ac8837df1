"""The person went home with a plan: written down once, and news that was read together is owed no more."""

from datetime import timedelta

import pytest

from accounts import clock
from accounts.models import AuditEvent
from referrals import actions
from referrals.models import FollowUp, GivenPlan
from tests.factories import ContactPlanFactory, ReferralFactory
from tests.referrals.planning import (
    give_url,
    page_of,
    words,
)

pytestmark = pytest.mark.django_db


def test_that_the_person_has_it_is_written_down_once(as_ash, screened):
    sent = {"form": "easy_read", "how": "handed", "once": "the-same"}
    for _ in range(2):
        assert as_ash.post(give_url(screened), sent).url == f"{page_of(screened)}?form=easy_read"
    given = GivenPlan.objects.get()
    assert (given.form, given.how, given.given_by) == ("easy_read", "handed", as_ash.membership)
    assert "Given by hand, and read together. Easy Read, by Ash Amadi." in words(as_ash.get(page_of(screened)))
    assert AuditEvent.objects.get(action="give_plan").details == {"form": "easy_read", "how": "handed"}


@pytest.mark.parametrize("sent", [{}, {"form": "braille", "how": "handed"}, {"form": "large", "how": "posted"}])
def test_half_said_changes_nothing(as_ash, screened, sent):
    assert as_ash.post(give_url(screened), sent).status_code == 400
    assert not GivenPlan.objects.exists()


@pytest.fixture
def sent(screened, offer):
    return ReferralFactory(sent=True, service_user=screened, offer=offer)


def owed_to_tell(referral):
    return FollowUp.objects.filter(referral=referral, kind="tell_person")


def test_a_plan_read_together_tells_the_news_that_is_on_it(sent, screened, ash):
    assert owed_to_tell(sent).open().exists()
    actions.give_plan(service_user=screened, form="standard", how="handed", by=ash)
    told = owed_to_tell(sent).get()
    assert (told.result, told.done_by) == ("told_with_plan", ash)


def test_a_plan_in_the_post_alone_tells_nobody(sent, screened, ash):
    ContactPlanFactory(service_user=screened)
    actions.give_plan(service_user=screened, form="letter", how="posted", by=ash)
    assert owed_to_tell(sent).open().exists()


def test_news_that_is_not_on_the_plan_is_still_owed(screened, offer, ash):
    cancelled = ReferralFactory(cancelled=True, service_user=screened, offer=offer)
    actions.give_plan(service_user=screened, form="standard", how="handed", by=ash)
    assert owed_to_tell(cancelled).open().exists()


def test_a_day_to_remind_of_is_still_owed(screened, offer, ash, bo):
    ContactPlanFactory(service_user=screened, allowed=["call"], automatic=False, preferred="call", fallback="")
    referral = ReferralFactory(active=True, service_user=screened, offer=offer, fallback_channel="referrer")
    actions.book(referral=referral, starts_at=clock.now() + timedelta(days=9), where="Library", by=bo)
    FollowUp.objects.filter(referral=referral).update(team=ash.team)
    actions.give_plan(service_user=screened, form="standard", how="handed", by=ash)
    assert [row.key.split(":")[2] for row in owed_to_tell(referral).open()] == ["remind", "remind"]


def test_if_the_audit_fails_nothing_was_given(screened, ash, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("no audit")

    monkeypatch.setattr("referrals.actions.plans.audit.record", broken)
    with pytest.raises(RuntimeError):
        actions.give_plan(service_user=screened, form="standard", how="handed", by=ash)
    assert not GivenPlan.objects.exists()
