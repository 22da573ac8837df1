"""What staff see and do about a provider without an account: its link, its letter, its call; and the API of it."""

import re

import pytest
from django.urls import reverse

from accounts import clock
from accounts.errors import InvalidInput, NotAllowed, NotPossibleNow
from accounts.models import AuditEvent
from referrals import actions
from referrals.models import FollowUp, PartnerLink, PartnerReference, Referral, ReferralEvent
from referrals.partner import letter, links, references, staff
from tests import factories
from tests.referrals.partner.opening import Holder
from tests.referrals.planning import text_of

pytestmark = pytest.mark.django_db


def text(response):
    return re.sub(r"\s+", " ", response.content.decode())


# --- The link ---------------------------------------------------------------------------------------------


def test_staff_see_who_was_sent_a_link_when_and_whether_it_was_opened(holder, sent, as_ash):
    page = reverse("referrals:detail", args=[sent.pk])
    assert "Not opened yet." in text(as_ash.get(page))

    holder.open()

    shown = text(as_ash.get(page))
    assert sent.created_by.user.name in shown
    assert "Opened" in shown


def test_send_again_and_revoke_from_the_page(holder, sent, as_ash):
    response = as_ash.post(reverse("referrals:send_partner_link", args=[sent.pk]), {"once": "a"})
    again = as_ash.post(reverse("referrals:send_partner_link", args=[sent.pk]), {"once": "a"})
    assert (response.status_code, again.status_code) == (302, 302)
    assert PartnerLink.objects.filter(referral=sent).count() == 2

    as_ash.post(reverse("referrals:revoke_partner_link", args=[sent.pk]))
    newest = PartnerLink.objects.first()
    assert (newest.stopped_why, newest.stopped_by) == ("staff", as_ash.membership)
    assert as_ash.post(reverse("referrals:revoke_partner_link", args=[sent.pk])).status_code == 409


def test_revoking_shuts_an_open_page(inside, sent, ash):
    staff.revoke_link(referral=sent, by=ash)

    assert inside.take("accept", named_worker="Robin").status_code == 403
    assert Referral.objects.get(pk=sent.pk).status == "sent"


def test_what_was_stopped_never_opens_again(holder, sent, ash, dee):
    """Withdrawn and opened again: the provider gets a new link, and the old one stays shut."""
    old = holder.open()
    factories.ReferralFactory.step(Referral.objects.get(pk=sent.pk), "withdraw", by=ash)
    factories.ReferralFactory.step(Referral.objects.get(pk=sent.pk), "reopen", by=dee)

    assert old.page().status_code == 403
    assert Holder(sent).open().page().status_code == 200


def test_what_no_longer_opens_is_written_down_so_that_it_stays_so(sent, village):
    village.contact_email = "new@example.org"
    village.save()
    links.stop_shut(clock.now())
    village.contact_email = "hello@village-hall.example.org"
    village.save()

    link = PartnerLink.objects.get()
    assert link.stopped_why == "contact"
    assert links.why_shut(link, clock.now()) == "contact"


def test_no_address_is_a_follow_up_at_once(told, village):
    village.contact_email = ""
    village.save()

    referral = factories.ReferralFactory(state="sent", service_user=told, offer=village)

    owed = FollowUp.objects.open().get(referral=referral, kind="ring_provider")
    assert owed.due_on == clock.today()
    assert owed.team == referral.referring_team
    assert village.contact_phone in owed.what
    assert references.in_words(referral.partner_reference.code) in owed.what
    actions.act(referral=referral, action="acknowledge", by=told.created_by)
    owed.refresh_from_db()
    assert owed.result == "moved_on"


@pytest.mark.parametrize("called", ["offer", "provider"])
def test_a_service_called_what_the_person_is_called_is_rung_and_the_referral_goes_all_the_same(
    told, village, ash, called
):
    named = village if called == "offer" else village.provider
    named.name = f"The {told.name} Fund"
    named.save()

    referral = factories.ReferralFactory(state="sent", service_user=told, offer=village)

    assert referral.status == "sent"
    assert not PartnerLink.objects.filter(referral=referral).exists()
    owed = FollowUp.objects.open().get(referral=referral, kind="ring_provider")
    assert village.contact_phone in owed.what
    with pytest.raises(NotPossibleNow, match="names are alike"):
        staff.send_link(referral=referral, by=ash)


def test_an_organisation_sets_how_long_a_link_opens(told, village, trust):
    trust.clocks = {"partner_link": 2, "acknowledge": 1, "decide": 1}
    trust.save()
    referral = factories.ReferralFactory(state="sent", service_user=told, offer=village)

    link = PartnerLink.objects.get(referral=referral)
    assert (link.expires_at - link.made_at).days <= 6


def test_once_accepted_the_link_outlasts_its_day(in_state):
    referral = in_state("accepted")
    link = PartnerLink.objects.get(referral=referral)

    assert links.why_shut(link, link.expires_at) == ""
    assert links.why_shut(PartnerLink.objects.get(referral=in_state_sent(referral)), link.expires_at) == "expired"


def in_state_sent(other):
    person = factories.ServiceUserFactory(created_by=other.created_by, team=other.referring_team)
    return factories.ReferralFactory(state="sent", service_user=person, offer=other.offer)


def test_a_stranger_sends_no_link(sent, cam):
    with pytest.raises(NotAllowed):
        staff.send_link(referral=sent, by=cam)


@pytest.mark.parametrize("state", ["declined", "withdrawn", "closed"])
def test_no_link_where_the_provider_has_no_part(in_state, state, ash):
    with pytest.raises(NotPossibleNow):
        staff.send_link(referral=in_state(state), by=ash)


# --- The phone --------------------------------------------------------------------------------------------


def test_a_reference_is_made_of_what_nobody_mishears():
    assert not set("BGIOQSUVZ01258") & set(references.LETTERS)
    assert len(set(references.WORDS)) == len(references.WORDS) > 60


def test_reference_and_word_open_the_referral_and_what_they_say_is_their_word(sent, as_ash):
    reference = PartnerReference.objects.get(referral=sent)
    typed = {"reference": f" {reference.code[:3].lower()}-{reference.code[3:]}", "word": reference.word.upper()}

    response = as_ash.post(reverse("referrals:phone_in"), typed)
    assert response.headers["Location"] == reverse("referrals:detail", args=[sent.pk])
    step = reverse("referrals:step", args=[sent.pk, "accept"])
    as_ash.post(step, {"version": sent.version, "named_worker": "Robin Vale", "source": "phoned_in"})

    event = ReferralEvent.objects.filter(referral=sent).last()
    assert (event.step, event.source, event.side, event.by) == (
        "accept",
        "phoned_in",
        "provider",
        as_ash.membership,
    )
    assert AuditEvent.objects.filter(action="phone_in", subject_id=str(sent.pk)).exists()


@pytest.mark.parametrize("wrong", ["word", "reference", "somebody else's"])
def test_a_wrong_word_a_wrong_reference_and_a_strangers_are_refused_alike(sent, ash, cam, wrong):
    reference = PartnerReference.objects.get(referral=sent)
    by = cam if wrong == "somebody else's" else ash
    typed = {"reference": reference.code, "word": reference.word}
    typed |= {"word": "nonsense"} if wrong == "word" else {"reference": "AAAAAA"} if wrong == "reference" else {}

    with pytest.raises(InvalidInput) as refusal:
        staff.find_by_phone(**typed, by=by)
    assert "No referral of yours has this reference with this word" in refusal.value.message


def test_the_page_keeps_what_was_typed(as_ash):
    response = as_ash.post(reverse("referrals:phone_in"), {"reference": "ACD347", "word": ""})

    assert response.status_code == 400
    assert "ACD347" in text(response)


# --- The letter -------------------------------------------------------------------------------------------


def test_the_letter_names_nobody_and_says_whom_to_ring(sent, as_ash, told):
    response = as_ash.get(reverse("referrals:partner_letter", args=[sent.pk]))
    paper = text_of(response.content)

    reference = PartnerReference.objects.get(referral=sent)
    assert references.in_words(reference.code) in paper
    assert reference.word in paper
    assert sent.provider.name in paper
    for mark in ("Marker", "Personsname", "07700", "sister", "9990000018"):
        assert mark not in paper
    assert AuditEvent.objects.filter(action="print_partner_letter").exists()


def test_nothing_that_anybody_wrote_about_the_person_is_on_the_letter(sent):
    sent.asked_for = "MARKERASKED"
    said = str(letter.content(sent))

    for mark in ("MARKERASKED", sent.goal, *sent.shared["needs"], sent.shared["name"]):
        assert mark not in said or mark == letter.letters.kind_of(sent)


def test_no_letter_once_the_provider_has_no_part(in_state, as_ash):
    referral = in_state("declined")
    assert as_ash.get(reverse("referrals:partner_letter", args=[referral.pk])).status_code == 409


# --- The API ----------------------------------------------------------------------------------------------


def test_api_makes_lists_and_revokes(sent, as_ash):
    url = f"/api/v1/referrals/{sent.pk}/partner-links/"
    made = as_ash.post(url, content_type="application/json", headers={"Idempotency-Key": "k1"})
    again = as_ash.post(url, content_type="application/json", headers={"Idempotency-Key": "k1"})
    assert (made.status_code, again.status_code, made.json()) == (201, 201, again.json())

    listed = as_ash.get(url).json()
    assert [(row["opens"], row["shut_because"]) for row in listed] == [(True, ""), (False, "replaced")]
    assert "digest" not in str(listed)

    assert as_ash.post(f"{url}revoke/").status_code == 204
    refused = as_ash.post(f"{url}revoke/")
    assert (refused.status_code, refused.headers["Content-Type"]) == (409, "application/problem+json")


def test_api_says_why_no_link_can_be_sent(in_state, as_ash):
    response = as_ash.post(f"/api/v1/referrals/{in_state('declined').pk}/partner-links/")

    assert response.status_code == 409
    assert "no part" in response.json()["detail"]


def test_api_hides_links_from_strangers(sent, as_cam):
    assert as_cam.get(f"/api/v1/referrals/{sent.pk}/partner-links/").status_code == 404
