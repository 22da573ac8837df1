"""One person's page across the apps: what is open, what happened, and nothing that is not theirs to see."""

from datetime import datetime

import pytest
from django.urls import reverse

from accounts import clock
from accounts.models import AuditEvent
from people.actions import record_consent
from people.london import LONDON
from referrals import actions as referrals
from screening import actions
from tests.factories import ContactPlanFactory, ReferralFactory, ScreeningFactory, ServiceUserFactory
from tests.screening.examples import CASES

pytestmark = pytest.mark.django_db


def may(day):
    return datetime(2026, 5, day, 10, tzinfo=LONDON)


def page_of(client, person):
    return client.get(reverse("timeline", args=[person.pk]))


def test_what_is_open_stands_first_each_with_its_way_on(as_ash, ash, person, offer):
    draft = actions.start(service_user=person, by=ash)
    referral = ReferralFactory(service_user=person, offer=offer, sent=True)
    page = page_of(as_ash, person).content.decode()
    open_now, happened = page.split("What happened</h2>")
    assert reverse("screening:result", args=[draft.pk]) in open_now
    assert reverse("referrals:detail", args=[referral.pk]) in open_now
    assert "Nothing yet" in happened or offer.name in happened


def test_what_happened_is_told_newest_first_across_the_apps(as_ash, ash, person):
    with clock.at(may(4)):
        done = ScreeningFactory(
            service_user=person, started_by=ash, answers=CASES["many-needs-three-offers"], submitted=True
        )
    with clock.at(may(5)):
        record_consent(service_user=person, choice="no", how="spoken", wording="getting-online 1.0.0", by=ash)
    with clock.at(may(6)):
        actions.void(screening=done, reason="Somebody else's answers", by=ash)
    told = [one.what for one in page_of(as_ash, person).context["happenings"]]
    assert (
        told.index("Screening recorded in error")
        < told.index("Sharing: Not now")
        < told.index("Screening finished")
    )


def test_an_event_of_a_referral_names_its_offer_and_leads_to_it(as_ash, ash, person, offer, provider):
    ContactPlanFactory(service_user=person)
    referral = ReferralFactory(service_user=person, offer=offer, sent=True)
    referrals.act(
        referral=referral, action="withdraw", by=ash, evidence={"how_said": "phone"}, version=referral.version
    )
    ended = next(one for one in page_of(as_ash, person).context["happenings"] if one.about == offer.name)
    assert ended.url == reverse("referrals:detail", args=[referral.pk])
    assert ended.who == "Ash Amadi"


def test_the_page_costs_the_same_however_much_happened(as_ash, ash, person, offer, django_assert_max_num_queries):
    for _ in range(3):
        ScreeningFactory(service_user=person, started_by=ash, answers=CASES["no-barriers"], submitted=True)
    with django_assert_max_num_queries(16):
        page_of(as_ash, person)


def test_nobody_reads_it_unseen_and_a_stranger_finds_nobody(as_ash, as_cam, as_nia, person):
    assert page_of(as_cam, person).status_code == page_of(as_nia, person).status_code == 404
    assert page_of(as_ash, person).status_code == 200
    assert AuditEvent.objects.filter(action="view_timeline", subject_id=str(person.pk)).count() == 1


def test_a_person_of_whom_nothing_is_known_gets_a_first_step(as_ash, ash):
    page = page_of(as_ash, ServiceUserFactory(team=ash.team, created_by=ash)).content.decode()
    assert "Nothing is open." in page
    assert "Nothing yet." in page
