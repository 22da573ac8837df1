"""A draft is nudged after 7 working days and deleted after 30; what was in it, and the need, are not lost."""

from datetime import datetime, time, timedelta

import pytest

from accounts import clock
from accounts.models import AuditEvent
from people.london import LONDON, london_day
from referrals import actions
from referrals.followup import add_working_days
from referrals.models import FollowUp, Referral, ReferralEvent
from screening.models import Need
from tests import factories

pytestmark = pytest.mark.django_db


def after(draft, working_days):
    day = add_working_days(london_day(draft.created_at), working_days)
    now = datetime.combine(day, time(9), tzinfo=LONDON)
    with clock.at(now):
        return actions.run_clocks(now=now)


@pytest.fixture
def draft(referral_in):
    return referral_in("draft", asked_for="Set up the phone together.", goal="Ring my son")


def test_owner_is_nudged_after_seven_working_days_by_name(draft, ash):
    assert after(draft, 7) == 0
    assert after(draft, 8) == 1
    nudge = FollowUp.objects.open().get(kind="nudge")
    assert nudge.team == ash.team
    assert ash.user.name in nudge.what
    assert "deleted" in nudge.what


def test_it_is_there_for_thirty_working_days_and_gone_on_the_next(draft):
    after(draft, 30)
    assert Referral.objects.filter(pk=draft.pk).exists()
    after(draft, 31)
    assert not Referral.objects.filter(pk=draft.pk).exists()
    assert not ReferralEvent.objects.filter(referral_id=draft.pk).exists()


def test_what_was_in_it_stays_in_the_notice_and_in_the_audit(draft, ash, person):
    need = draft.needs.get()
    after(draft, 31)
    notice = FollowUp.objects.open().get(kind="draft_deleted")
    assert (notice.team, notice.service_user, notice.referral) == (ash.team, person, None)
    assert ash.user.name in notice.what
    for words in ("Set up the phone together.", "Ring my son"):
        assert words in notice.details
    event = AuditEvent.objects.get(action="delete_draft")
    assert event.details["needs"] == [str(need.pk)]
    assert event.membership is None
    assert "Ring my son" not in str(event.details)


def test_the_need_is_without_a_referral_again_and_can_be_referred(draft, ash, offer, person):
    need = draft.needs.get()
    after(draft, 31)
    assert not Referral.objects.filter(needs=need).exists()
    assert need in Need.objects.open()
    again = actions.refer(service_user=person, offer=offer, needs=[need], kind=offer.kinds[0], by=ash)
    assert again.status == "draft"


def test_clinician_reads_the_notice_on_its_page(draft, as_ash):
    after(draft, 31)
    notice = FollowUp.objects.get(kind="draft_deleted")
    page = as_ash.get(f"/referrals/owed/{notice.pk}/")
    assert "Set up the phone together." in page.content.decode()
    assert as_ash.post(f"/referrals/owed/{notice.pk}/", {"result": "done"}).status_code == 302


def test_twice_or_late_it_is_one_notice(draft):
    after(draft, 80)
    after(draft, 90)
    assert FollowUp.objects.filter(kind="draft_deleted").count() == 1


def test_what_was_sent_in_time_stays(draft, ash):
    actions.act(referral=draft, action="send", by=ash)
    after(draft, 60)
    assert Referral.objects.filter(pk=draft.pk, status="sent").exists()


def test_while_contact_is_paused_the_draft_is_kept(draft, ash):
    from people import actions as people

    people.pause(service_user=draft.service_user, reason="in_hospital", by=ash,
                 review_on=clock.today() + timedelta(days=90))  # fmt: skip
    after(draft, 40)
    assert Referral.objects.filter(pk=draft.pk).exists()


def test_a_provider_whose_worker_wrote_it_hears_too_without_what_was_in_it(referral_in, bo, ash, person):
    active = referral_in("active")
    elsewhere = factories.SupportOfferFactory()
    draft = actions.refer(
        service_user=person, offer=elsewhere, needs=list(active.needs.all()), kind=elsewhere.kinds[0], by=bo,
        goal="Ring my son",
    )  # fmt: skip
    after(draft, 31)
    theirs = FollowUp.objects.get(kind="draft_deleted", team=bo.team)
    assert bo.user.name in theirs.what
    assert theirs.details == ""
    assert "Ring my son" in FollowUp.objects.get(kind="draft_deleted", team=ash.team).details


def test_an_organisation_may_set_its_own_days(draft, ash):
    organisation = ash.team.organisation
    organisation.clocks = {"draft_ends": 5}
    organisation.save()
    after(draft, 6)
    assert not Referral.objects.filter(pk=draft.pk).exists()
