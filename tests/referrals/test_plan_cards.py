"""Appointment cards: from either side of a referral, with no more of the person than that side may know."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts import clock
from accounts.models import AuditEvent
from people.models import ServiceUser
from referrals import actions
from referrals.models import Referral
from tests.conftest import SignedIn
from tests.factories import ContactPlanFactory, ReferralFactory
from tests.referrals.planning import (
    card_of,
    read,
    text_of,
    words,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def booked(screened, offer, bo):
    referral = ReferralFactory(active=True, service_user=screened, offer=offer, worker=bo)
    starts_at = clock.now() + timedelta(days=9)
    actions.book(referral=referral, starts_at=starts_at, where="Brook Lane Library", bring="your phone", by=bo)
    return referral


@pytest.mark.parametrize(("who", "called"), [("as_ash", "Kay"), ("as_bo", "Kay")])
def test_both_sides_print_a_card_for_the_meeting(who, called, request, booked):
    client = request.getfixturevalue(who)
    assert card_of(booked) in words(client.get(reverse("referrals:detail", args=[booked.pk])))
    said = text_of(client.get(card_of(booked)).content)
    for part in (f"The name I like: {called}", "I will meet Bo.", "Where: Brook Lane Library", "020 7946 0101"):
        assert part in said
    assert AuditEvent.objects.get(action="print_card").subject_id == str(booked.pk)


def test_a_card_knows_no_surname_and_no_place_that_gives_care_away(as_bo, booked):
    booked.appointments.update(where="Maple Ward, Lambourne NHS Trust")
    said = text_of(as_bo.get(card_of(booked)).content)
    assert "Example" not in said
    assert "Ward" not in said
    assert "Where:" in said


@pytest.mark.parametrize("named", [False, True], ids=["service not named", "service named"])
@pytest.mark.parametrize("bring", ["letter 999 083 9549", "letter 999-083-9549", "the form rq7-55123"])
def test_a_card_knows_none_of_the_persons_numbers(as_bo, booked, bring, named):
    numbers = {"nhs_number": "9990839549", "local_number": "RQ7 55123"}
    ServiceUser.objects.filter(pk=booked.service_user_id).update(**numbers)
    ContactPlanFactory(service_user=booked.service_user, may_name_service=named)
    booked.appointments.update(bring=bring)
    said = text_of(as_bo.get(card_of(booked)).content)
    assert "Where: Brook Lane Library" in said
    assert bring not in said


def test_no_meeting_ahead_no_card(as_bo, booked):
    booked.appointments.update(starts_at=clock.now() - timedelta(hours=1))
    assert card_of(booked) not in words(as_bo.get(reverse("referrals:detail", args=[booked.pk])))
    assert "No meeting is booked" in words(as_bo.get(card_of(booked)), 409)


def test_a_provider_prints_no_card_once_the_person_said_no(as_bo, booked, ash):
    actions.act(referral=booked, action="withdraw", evidence={"how_said": "phone"}, by=ash)
    assert Referral.objects.get(pk=booked.pk).status == "withdrawn"
    assert as_bo.get(card_of(booked)).status_code == 409


def test_a_stranger_finds_no_card(as_cam, booked, cam):
    assert as_cam.get(card_of(booked)).status_code == 404
    cam.role = "support_worker"
    cam.save()
    assert SignedIn(cam).get(card_of(booked)).status_code == 404


def test_a_card_is_one_sheet(as_bo, booked):
    assert len(read(as_bo.get(card_of(booked)).content).pages) == 1
