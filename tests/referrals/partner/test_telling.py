"""What a provider without an account must hear, who rings it, and what never stands in the way of others."""

from datetime import timedelta

import pytest

from accounts import clock
from accounts.errors import NotPossibleNow
from accounts.models import AuditEvent
from people import actions as people
from referrals import actions
from referrals.models import FollowUp, Mail, PartnerLink, PartnerTry, Referral
from referrals.partner import door, links, staff
from referrals.tasks import answer_partners
from tests.referrals.partner.opening import Holder

pytestmark = pytest.mark.django_db


def fresh(referral):
    return Referral.objects.get(pk=referral.pk)


def to_ring(referral, prefix):
    return FollowUp.objects.open().filter(referral=referral, kind="ring_provider", key__startswith=prefix)


def test_a_person_who_is_called_like_the_code_mail_gets_their_code_too(sent, told):
    told.preferred_name = "Your code"
    told.save()

    Holder(sent).open()

    assert Mail.objects.filter(key__startswith="partner-code:").count() == 1


def test_a_press_that_makes_trouble_stops_no_other_and_no_other_job(holder, monkeypatch):
    holder.post(holder.url("ask"))
    old = PartnerTry.objects.create(
        link="x", address="y", what="enter", at=clock.now() - timedelta(days=2), answered_at=clock.now()
    )

    def broken(code):
        raise ValueError

    monkeypatch.setattr(door.letters, "code_message", broken)
    answer_partners()

    assert not PartnerTry.objects.filter(answered_at=None).exists()
    assert not PartnerTry.objects.filter(pk=old.pk).exists()


def test_wrong_codes_are_written_down_and_a_lock_asks_the_team_once(holder, sent):
    for _ in range(door.LINK_TRIES + 2):
        holder.enter("000000")
    answer_partners()

    assert AuditEvent.objects.filter(action="partner_code_refused").count() == door.LINK_TRIES + 2
    assert to_ring(sent, "lock:").count() == 1


def test_a_code_that_opens_is_not_written_down_as_refused(inside):
    answer_partners()

    assert not AuditEvent.objects.filter(action="partner_code_refused").exists()


def test_whoever_took_the_person_on_hears_that_it_is_over_and_somebody_rings(in_state, ash):
    referral = in_state("accepted")
    actions.act(referral=referral, action="withdraw", by=ash, evidence={"how_said": "phone"})

    mail = Mail.objects.get(key__startswith="partner-over:")
    assert "do not contact" in mail.body
    assert "Marker" not in mail.subject + mail.body
    assert to_ring(referral, "over:").exists()


def test_an_answer_is_announced_where_a_link_stands_and_rung_through_where_none_does(in_state, ash):
    referral = in_state("more_info")
    links.stop_all(referral=referral, why=PartnerLink.Stopped.STAFF)
    actions.act(referral=fresh(referral), action="answer", by=ash, evidence={"answer": "Tuesdays."})

    assert to_ring(referral, "answer:").exists()


def test_a_changed_contact_stops_the_link_and_somebody_rings(in_state, village):
    referral = in_state("accepted")
    village.contact_email = "new@village.example.org"
    village.save()

    assert links.stop_shut(clock.now()) == 1
    assert to_ring(referral, "shut:").exists()


def test_each_link_is_looked_at_however_many_stand_before_it(in_state, person):
    link = in_state("sent").partner_links.get()
    PartnerLink.objects.filter(pk=link.pk).update(expires_at=clock.now() - timedelta(days=1))
    links.cache.set(links.LOOKED_UP_TO, link.pk)

    assert links.stop_shut(clock.now()) + links.stop_shut(clock.now()) == 1


def test_a_link_outlasts_the_time_that_the_provider_has_to_decide(told, village, ash, in_state):
    organisation = ash.team.organisation
    organisation.clocks = {"partner_link": 2, "acknowledge": 10}
    organisation.save()

    assert in_state("sent").partner_links.get().expires_at > clock.now() + timedelta(days=15)


def test_while_contact_is_paused_the_link_shows_no_way_to_reach_the_person(in_state, ash):
    referral = in_state("accepted")
    holder = Holder(referral).open()
    assert "07700 900456" in holder.page().content.decode()

    day = clock.today() + timedelta(days=9)
    actions.pause(referral=fresh(referral), reason="in_hospital", review_on=day, by=ash)

    assert "07700 900456" not in holder.page().content.decode()


def test_no_letter_is_printed_without_consent(sent, told, ash):
    people.record_consent(service_user=told, choice="no", how="phone", wording="sharing-1", by=ash)

    with pytest.raises(NotPossibleNow):
        staff.print_letter(referral=sent, by=ash)
