"""Saying that two records are one person's, by the pages and by the API: what is shown, refused and led to."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from accounts import clock
from accounts.models import AuditEvent
from people import actions as people
from people.models import Consent, Merge, ServiceUser
from screening.models import Screening
from tests import factories
from tests.merging.records import merge, record

pytestmark = pytest.mark.django_db


def page(response, status=200):
    assert response.status_code == status, response.content.decode()[:2000]
    return response.content.decode()


def compare_url(kept, other):
    return reverse("compare_same_person", args=[kept.pk, other.pk])


PROPOSED = {
    "stays": "first",
    "fact_name": "first",
    "fact_date_of_birth": "first",
    "fact_phone": "first",
    "fact_nhs_number": "second",  # which the first record does not know
}


def said(kept, other, **more):
    for one in (kept, other):
        one.refresh_from_db()
    seen = {"seen_first": kept.version, "seen_second": other.version}
    return {**PROPOSED, **seen, "reason": "Same NHS letter", **more}


def chosen(shown):
    """Name → value of the radio buttons that are on."""
    tags = re.findall(r"<input type=\"radio\"[^>]*checked[^>]*>", shown)
    return {re.search('name="([^"]+)"', tag)[1]: re.search('value="([^"]+)"', tag)[1] for tag in tags}


# --- Finding the other record


def test_records_that_look_alike_are_offered_at_once(as_ash, kept, other):
    shown = page(as_ash.get(reverse("same_person", args=[kept.pk])))

    assert compare_url(kept, other) in shown
    assert compare_url(kept, kept) not in shown


def test_other_record_is_searched_for_without_a_name_in_the_address(as_ash, ash, kept):
    far = record(ash, name="Zoë Łukasz")
    response = as_ash.post(reverse("same_person", args=[kept.pk]), {"q": "lukasz"})

    assert compare_url(kept, far) in page(response)
    assert "lukasz" not in response.request["PATH_INFO"] + response.request["QUERY_STRING"]


def test_nobody_of_another_team_is_offered_or_compared(as_ash, kept, nia):
    theirs = factories.ServiceUserFactory(created_by=nia, name="Robin Rivers", search_name="robin rivers")

    assert str(theirs.pk) not in page(as_ash.post(reverse("same_person", args=[kept.pk]), {"q": "robin"}))
    page(as_ash.get(compare_url(kept, theirs)), 404)


def test_comparing_a_record_with_itself_leads_back_to_finding(as_ash, kept):
    assert as_ash.get(compare_url(kept, kept)).url == reverse("same_person", args=[kept.pk])


# --- Side by side


def test_both_records_are_shown_with_all_that_decides(as_ash, ash, kept, other, offer):
    factories.ReferralFactory(sent=True, service_user=other, offer=offer)
    factories.ConsentFactory(service_user=kept, choice=Consent.Choice.NO)
    shown = page(as_ash.get(compare_url(kept, other)))

    for words in (
        "Robin Rivers",
        "Robyn Rivers",
        "999 083 9549",
        "4 May 1971",
        offer.name,
        "Not now",
        "Never screened",
    ):
        assert words in shown
    assert f"Sharing stops for the referral to {offer.name}" in shown
    viewed = AuditEvent.objects.filter(action="view_service_user", membership=ash)
    assert {event.subject_id for event in viewed} == {str(kept.pk), str(other.pk)}


def test_only_facts_that_differ_are_asked_about_and_what_one_knows_is_proposed(as_ash, kept, other):
    shown = page(as_ash.get(compare_url(kept, other)))

    for asked in ("fact_name", "fact_nhs_number", "fact_phone"):
        assert f'name="{asked}"' in shown
    assert 'name="fact_email"' not in shown
    assert chosen(shown) == PROPOSED


def test_contact_plan_that_results_is_said_beforehand(as_ash, kept, other):
    factories.ContactPlanFactory(service_user=kept, allowed=["text", "letter"])
    factories.ContactPlanFactory(service_user=other, allowed=["letter", "call"])

    assert "<li>Letter only.</li>" in page(as_ash.get(compare_url(kept, other)))


def test_why_nothing_is_allowed_is_said_where_one_record_was_never_asked(as_ash, kept, other):
    factories.ContactPlanFactory(service_user=kept)

    assert "What is not known is not safe" in page(as_ash.get(compare_url(kept, other)))


def test_what_must_be_finished_first_is_said_in_place_of_the_form(as_ash, ash, kept, other):
    drafts = [factories.ScreeningFactory(service_user=one, started_by=ash) for one in (kept, other)]
    shown = page(as_ash.get(compare_url(kept, other)))

    assert "Finish this first" in shown
    assert 'name="reason"' not in shown
    for draft in drafts:
        assert reverse("screening:check", args=[draft.pk]) in shown
    page(as_ash.post(compare_url(kept, other), said(kept, other)))
    assert not Merge.objects.exists()


# --- Joining


def test_joining_leads_to_the_record_that_stays_and_says_until_when_it_can_be_undone(as_ash, kept, other):
    response = as_ash.post(compare_url(kept, other), said(kept, other), follow=True)
    shown, row = page(response), Merge.objects.get()

    assert response.redirect_chain[-1][0] == reverse("people:detail", args=[kept.pk])
    assert "You can undo this until" in shown
    assert "999 083 9549" in shown
    assert reverse("undo_same_person", args=[kept.pk, row.pk]) in shown


def test_second_record_may_be_the_one_that_stays(as_ash, kept, other):
    as_ash.post(compare_url(kept, other), said(kept, other, stays="second"))
    other.refresh_from_db()

    assert Merge.objects.get().kept == other
    assert (other.name, other.nhs_number, other.phone) == ("Robin Rivers", "9990839549", "+447700900123")


def test_missing_reason_is_asked_for_and_nothing_chosen_is_lost(as_ash, kept, other):
    shown = page(as_ash.post(compare_url(kept, other), said(kept, other, reason="", fact_name="second")))

    assert "Say how you know that they are the same person." in shown
    assert chosen(shown)["fact_name"] == "second"


def test_record_changed_meanwhile_is_shown_anew_and_can_be_joined_then(as_ash, ash, kept, other):
    typed = said(kept, other)
    people.update(service_user=other, version=other.version, by=ash, email="robin@example.org")
    shown = page(as_ash.post(compare_url(kept, other), {**typed, "fact_email": "second"}))

    assert "Somebody else changed this" in shown
    assert "robin@example.org" in shown
    assert 'name="seen_second" value="2"' in shown
    as_ash.post(compare_url(kept, other), said(kept, other, fact_email="second"))
    assert Merge.objects.exists()


def test_sending_it_twice_joins_once(as_ash, kept, other):
    form = said(kept, other, once="the-same-key")
    first, second = (as_ash.post(compare_url(kept, other), form) for _ in range(2))

    assert first.url == second.url
    assert Merge.objects.count() == 1


# --- The record that was not kept


@pytest.mark.parametrize("name", ["people:detail", "people:edit", "people:contact_plan", "screening:of_person"])
def test_its_pages_lead_to_the_same_page_of_the_kept_one_with_a_sentence(as_ash, joined, kept, other, name):
    response = as_ash.get(reverse(name, args=[other.pk]), follow=True)

    assert response.redirect_chain == [(reverse(name, args=[kept.pk]), 302)]
    assert "Two records were this person’s" in page(response)


@pytest.mark.parametrize("name", ["people:record_consent", "people:pause", "people:edit", "screening:start"])
def test_what_is_sent_to_it_is_not_saved_and_the_kept_one_is_named(as_ash, joined, kept, other, name):
    shown = page(as_ash.post(reverse(name, args=[other.pk]), {"choice": "yes", "how": "spoken"}), 409)

    assert "Nothing was saved" in shown
    assert reverse("people:detail", args=[kept.pk]) in shown
    assert not Consent.objects.exists()
    assert not Screening.objects.exists()


def test_a_stranger_learns_nothing_of_it(as_cam, as_nia, joined, other):
    for client in (as_cam, as_nia):
        page(client.get(reverse("people:detail", args=[other.pk])), 404)


def test_search_by_the_other_name_says_why_it_finds_this_one(as_ash, joined):
    shown = page(as_ash.post(reverse("people:search"), {"q": "robyn"}))

    assert "1 found" in shown
    assert "also recorded as <bdi>Robyn Rivers</bdi>" in shown


# --- Undoing


def undo_url(row):
    return reverse("undo_same_person", args=[row.kept_id, row.pk])


def test_undo_says_what_goes_back_and_what_stays(as_ash, ash, kept, other, offer):
    factories.ReferralFactory(sent=True, service_user=other, offer=offer)
    row = merge(kept, other, ash)
    shown = page(as_ash.get(undo_url(row)))

    for words in (
        "Referrals, with all that happened in them: 1",
        "Screenings: 1",
        "NHS number",
        "Same NHS letter",
    ):
        assert words in shown


def test_undo_makes_two_people_of_them(as_ash, joined, kept, other):
    response = as_ash.post(undo_url(joined), {"reason": "Both came in"}, follow=True)

    assert "They are two people again" in page(response)
    assert "Both came in" in page(response)
    assert set(ServiceUser.objects.standing()) == {kept, other}
    assert "999 083 9549" in page(as_ash.get(reverse("people:detail", args=[other.pk])))


def test_undo_after_thirty_days_is_refused_with_the_reason_and_what_to_do(as_ash, joined):
    with clock.at(joined.made_at + timedelta(days=31)):
        shown = page(as_ash.get(undo_url(joined)))
        assert "More than 30 days have passed" in shown
        assert '<button class="nhsuk-button nhsuk-button--warning' not in shown
        assert "More than 30 days" in page(as_ash.post(undo_url(joined), {"reason": "Two"}))
        assert undo_url(joined) not in page(as_ash.get(reverse("people:detail", args=[joined.kept_id])))


def test_referral_made_since_for_a_need_that_goes_back_is_pointed_out(as_ash, ash, kept, other, offer):
    need = factories.NeedFactory(
        screening=factories.ScreeningFactory(service_user=other, started_by=ash, submitted=True), agreed=True
    )
    row = merge(kept, other, ash)
    need.refresh_from_db()
    with clock.at(row.made_at + timedelta(hours=1)):
        since = factories.ReferralFactory(service_user=ServiceUser.objects.get(pk=kept.pk), offer=offer)
    shown = page(as_ash.get(undo_url(row)))

    assert "Look at these yourself" in shown
    assert reverse("referrals:detail", args=[since.pk]) in shown
