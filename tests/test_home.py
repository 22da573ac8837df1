"""Home: what waits for each hat, each number leading to exactly what it counts, and nothing that is not theirs."""

import re
from datetime import timedelta
from html import unescape
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import clock
from accounts.models import AuditEvent, Heartbeat
from directory.models import UnmetNeed
from inclusion.home import SHOWN
from referrals.actions import complete_follow_up
from referrals.models import Appointment, ContactAttempt, FollowUp, OutboxMessage, Referral, Reminder
from tests import factories

pytestmark = pytest.mark.django_db


def page(client, path="/"):
    response = client.get(path)
    assert response.status_code == 200, path
    return unescape(response.content.decode())


def day(number):
    return clock.today() + timedelta(days=number)


def made(person, offer, *, status="accepted", with_whom="provider", due=0, timer="first_contact", **fields):
    """A sent referral, as it stands now."""
    given = {
        "shared": {"name": f"Shared {person.pk}"},
        "sent_at": clock.now(),
        "created_by": person.created_by,
        "referring_team": person.team,
        "provider": offer.provider,
        "provider_team": offer.team,
    }
    return Referral.objects.create(
        service_user=person,
        offer=offer,
        kind="device",
        status=status,
        action_with=with_whom,
        clock=timer,
        due_on=day(due),
        **given | fields,
    )


def owe(person, team, *, referral=None, due=0, kind="tell_person", what="Tell the person: it was accepted."):
    return FollowUp.objects.create(
        kind=kind,
        key=f"{kind}:{FollowUp.objects.count()}",
        service_user=person,
        referral=referral,
        team=team,
        what=what,
        due_on=day(due),
    )


def another(person, **fields):
    return factories.ServiceUserFactory(created_by=person.created_by, **fields)


def lines(shown, heading):
    """The names on the lines under a heading."""
    part = re.search(rf"<h2[^>]*>{heading}</h2>(.*?)(<h2|</main>)", shown, re.S)
    return re.findall(r"<bdi>(.*?)</bdi>", part[1])


@pytest.mark.parametrize("who", ["ash", "bo", "dee"])
def test_seeing_a_page_that_names_people_is_audited(request, who):
    page(request.getfixturevalue(f"as_{who}"))
    assert AuditEvent.objects.get(action="see_home").membership == request.getfixturevalue(who)


# --- Clinician ------------------------------------------------------------------------------------------------


def test_a_new_clinician_is_told_what_will_appear_and_the_first_step(as_ash):
    shown = page(as_ash)
    assert "Nothing is waiting for you." in shown
    assert "Add the first person" in shown


def test_search_comes_first_has_focus_and_puts_no_name_into_an_address(as_ash):
    shown = page(as_ash)
    form = re.search(r"<main.*?<form[^>]*>", shown, re.S)[0]
    assert 'method="post"' in form
    assert re.search(r'<input[^>]*id="q"[^>]*autofocus', shown)


def test_what_waits_comes_longest_due_first_whatever_it_is(as_ash, person, offer):
    declined = made(another(person, name="Dora Declined"), offer, status="declined", with_whom="referrer", due=3)
    made(another(person, name="Anna Answer"), offer, status="more_info", with_whom="referrer", due=-1)
    owe(another(person, name="Tom Told"), person.team, due=-2)
    draft = factories.ScreeningFactory(service_user=another(person, name="Lena Left"))
    draft.started_at = clock.now() - timedelta(days=5)
    draft.save(update_fields=["started_at"])
    shown = page(as_ash)
    assert lines(shown, "Waiting for you") == ["Lena Left", "Tom Told", "Anna Answer", "Dora Declined"]
    assert f"/referrals/{declined.pk}/" in shown


def test_a_decline_is_one_line_and_not_two(as_ash, person, offer):
    referral = made(person, offer, status="declined", with_whom="referrer")
    owe(person, person.team, referral=referral, kind="next_step")
    assert lines(page(as_ash), "Waiting for you") == [person.name]


def test_what_is_not_due_or_somebody_elses_does_not_wait(as_ash, person, offer, nia):
    made(person, offer)
    owe(person, person.team, due=1)
    theirs = factories.ServiceUserFactory(created_by=nia)
    owe(theirs, nia.team)
    factories.ScreeningFactory(service_user=theirs)
    assert lines(page(as_ash), "Waiting for you") == []


def test_the_number_of_what_waits_leads_to_exactly_that_many_lines(as_ash, person):
    for _ in range(SHOWN + 3):
        owe(person, person.team)
    factories.ScreeningFactory(service_user=person)
    shown = page(as_ash)
    assert len(lines(shown, "Waiting for you")) == SHOWN
    (everything,) = re.findall(rf'href="([^"]*)">Show all {SHOWN + 4}<', shown)
    assert len(lines(page(as_ash, everything), "Waiting for you")) == SHOWN + 4


def test_those_never_screened_come_first_and_then_the_longest_ago(as_ash, person):
    never = another(person, name="Nell Never")
    recent, long_ago = another(person, name="Rae Recent"), another(person, name="Lou Long")
    for screened, days in ((recent, 10), (long_ago, 400)):
        with clock.at(clock.now() - timedelta(days=days)):
            factories.ScreeningFactory(service_user=screened, submitted=True)
    factories.ScreeningFactory(service_user=never)  # a draft is not a screening yet
    shown = page(as_ash)
    assert lines(shown, "Your people") == [never.name, person.name, "Lou Long", "Rae Recent"]
    assert shown.count(">Due</strong>") == 3


# --- Support worker -------------------------------------------------------------------------------------------

PRIVATE = {
    "name": "Canary Record-Name",
    "preferred_name": "Canary Preferred",
    "pronouns": "canary/canaries",
    "nhs_number": "9990000018",
    "local_number": "CANARY77",
    "phone": "+447700900777",
    "email": "canary@example.org",
    "address": "7 Canary Street",
    "postcode": "SE99 7CN",
    "interpreter_language": "Canarian",
    "communication_needs": "Canary needs",
}


def test_a_support_worker_sees_what_was_shared_and_nothing_of_the_record(as_bo, bo, person, offer):
    canary = another(person, **PRIVATE)
    referral = made(canary, offer, due=-1, shared={"name": "Shared Name"})
    made(
        canary, factories.SupportOfferFactory(provider=offer.provider, team=offer.team), shared={"name": "Shared"}
    )
    owe(canary, bo.team, referral=referral)
    owe(canary, bo.team, kind="loan_ends", what="The loan ends soon.")
    Appointment.objects.create(referral=referral, starts_at=clock.now(), where="Alder Wharf hub", created_by=bo)
    shown = page(as_bo)
    assert "Shared Name" in lines(shown, "Overdue")
    assert not [value for value in PRIVATE.values() if value in shown]
    assert "4 May 1971" not in shown


def test_each_list_has_its_own_and_says_when_in_words(as_bo, bo, person, offer):
    late, today = another(person), another(person)
    made(late, offer, due=-1, shared={"name": "Late"})
    made(today, offer, shared={"name": "Today"})
    made(person, offer, due=1, shared={"name": "Tomorrow"})
    shown = page(as_bo)
    assert lines(shown, "Overdue") == ["Late"]
    assert lines(shown, "Due today") == ["Today"]
    assert "First contact due yesterday" in shown
    assert "Tomorrow" not in lines(shown, "Overdue") + lines(shown, "Due today")


def test_who_was_not_reached_yet_says_how_often_somebody_tried(as_bo, bo, person, offer):
    tried, helped = made(person, offer), made(another(person), offer, status="active", timer="next_event")
    for referral in (tried, tried, helped):
        ContactAttempt.objects.create(referral=referral, channel="call", result="no_answer", recorded_by=bo)
    shown = page(as_bo)
    assert "First contact due today. Tried 2 times" in shown
    assert "Tried 1 time" not in shown


def test_another_providers_referrals_are_nowhere(as_bo, person):
    other = factories.SupportOfferFactory()
    referral = made(person, other, due=-1, shared={"name": "Stranger"})
    Appointment.objects.create(
        referral=referral, starts_at=clock.now(), where="Elsewhere", created_by=person.created_by
    )
    shown = page(as_bo)
    assert "Stranger" not in shown
    assert "Elsewhere" not in shown


def test_appointments_are_those_of_today_in_london(as_bo, bo, person, offer):
    referral = made(person, offer)
    midnight = clock.now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
    for where, starts_at in (
        ("Yesterday's room", midnight - timedelta(seconds=1)),
        ("Today's room", midnight + timedelta(hours=12)),
        ("Tomorrow's room", midnight + timedelta(hours=36)),
    ):
        Appointment.objects.create(referral=referral, starts_at=starts_at, where=where, created_by=bo)
    shown = page(as_bo)
    assert "Today's room" in shown
    assert "Yesterday's room" not in shown
    assert "Tomorrow's room" not in shown


def message(person, referral, **fields):
    return Reminder.objects.create(
        dedupe_key=f"m{Reminder.objects.count()}",
        service_user=person,
        referral=referral,
        template="accepted",
        due_at=clock.now(),
        **fields,
    )


def test_every_number_leads_to_a_list_of_exactly_that_many(as_bo, bo, person, offer):
    for due in (-2, -1, 0):
        referral = made(another(person), offer, due=due)
        told = owe(person, bo.team, referral=referral)
        sent = {"channel": "letter", "status": "sent", "sent_at": clock.now()}
        letter = message(referral.service_user, referral, follow_up=told, **sent)
        OutboxMessage.objects.create(
            reference=letter.pk,
            service_user=letter.service_user,
            channel="letter",
            to="1 Example Road",
            body="Hello",
        )
    message(referral.service_user, referral, channel="text", status="not_known")
    Appointment.objects.create(referral=referral, starts_at=clock.now(), where="Hub", created_by=bo)
    shown = page(as_bo)
    counted = re.findall(r'<a href="([^"]+)"><span class="dx-count__number">(\d+)</span> (.*?)</a>', shown)
    assert [(title, number) for _, number, title in counted] == [
        ("Overdue", "2"),
        ("Due today", "1"),
        ("Today’s appointments", "1"),
        ("Call list", "3"),
        ("Letters to post", "3"),
        ("Not known whether sent", "1"),
        ("Owed to people", "3"),
    ]
    for url, number, title in counted:
        if not urlsplit(url).path:
            assert len(lines(shown, title)) == int(number), title
        else:
            assert rows_on(page(as_bo, url)) == int(number), url


def rows_on(shown):
    """Lines of the page's list, whatever it is a list of."""
    main = re.search(r"<main.*</main>", shown, re.S)[0]
    return len(re.findall(r"<bdi>", main))


def test_the_button_on_a_line_is_the_one_that_moves_it(as_bo, bo, person, offer):
    new = made(another(person), offer, status="sent", timer="acknowledge", due=-1)
    first = made(another(person), offer)
    shown = page(as_bo)
    assert re.search(
        rf'<form method="post" action="/referrals/{new.pk}/open/">.*?Open and acknowledge', shown, re.S
    )
    assert f'href="/referrals/{first.pk}/steps/start/">Start<' in shown
    assert as_bo.post(f"/referrals/{new.pk}/open/").status_code == 302
    new.refresh_from_db()
    assert new.status == "acknowledged"


def test_a_call_says_when_it_is_all_right_and_which_try_it_is(as_bo, bo, person, offer):
    factories.ContactPlanFactory(service_user=person, allowed=["call", "letter"], preferred="call")
    referral = factories.ReferralFactory(state="accepted", service_user=person, offer=offer, worker=bo)
    ContactAttempt.objects.create(referral=referral, channel="call", result="no_answer", recorded_by=bo)
    calls = page(as_bo).split('id="calls"')[1]
    assert "Try 2 of 3." in calls.split("</ul>")[0]


def test_nobody_counts_the_tries_of_somebody_who_is_not_to_be_rung(as_bo, bo, person, offer):
    factories.ContactPlanFactory(service_user=person, allowed=["letter"], preferred="letter")
    factories.ReferralFactory(state="accepted", service_user=person, offer=offer, worker=bo)
    calls = page(as_bo).split('id="calls"')[1].split("</ul>")[0]
    assert person.name in calls
    assert "of 3" not in calls


def test_what_is_on_the_call_list_is_not_owed_a_second_time(as_bo, bo, person, offer):
    referral = factories.ReferralFactory(state="accepted", service_user=person, offer=offer, worker=bo)
    owe(person, bo.team, referral=referral)
    owe(person, bo.team, kind="message_failed", referral=referral)
    shown = page(as_bo)
    assert lines(shown, "Call list: the first to ring") == [person.name]
    assert lines(shown, "Owed to people") == []


def test_who_refers_does_not_acknowledge_for_a_provider_without_an_account_by_looking(as_ash, person, offer):
    offer.team = None
    offer.save()
    referral = made(person, offer, status="sent", timer="acknowledge", due=-1)
    for shown in (page(as_ash), page(as_ash, "/referrals/?show=overdue")):
        assert person.name in shown
        assert f'href="/referrals/{referral.pk}/"' in shown
        assert f'action="/referrals/{referral.pk}/open/"' not in shown


def test_a_team_lead_finds_the_lists_of_the_team_with_their_numbers(as_bo, bo, person, offer):
    made(person, offer)
    assert "as team lead" not in page(as_bo)
    bo.is_lead = True
    bo.save()
    shown = page(as_bo)
    assert '?show=unassigned"><span class="dx-count__number">1</span> With nobody yet' in shown
    assert len(lines(page(as_bo, "/referrals/?show=unassigned"), "With nobody yet: due today")) == 1


def test_a_clinician_sees_what_became_of_each_referral_and_whether_the_person_knows(
    as_ash, ash, bo, person, offer
):
    factories.ReferralFactory(
        state="closed", service_user=another(person, name="Clara Closed"), offer=offer, worker=bo
    )
    told = factories.ReferralFactory(
        state="active", service_user=another(person, name="Tom"), offer=offer, worker=bo
    )
    owed = FollowUp.objects.open().get(referral=told, kind="tell_person")
    complete_follow_up(follow_up=owed, result="told_call", by=bo)
    factories.ReferralFactory(state="draft", service_user=another(person, name="Dan Draft"), offer=offer)
    factories.ReferralFactory(state="accepted", service_user=another(person, name="Ann"), offer=offer, worker=bo)
    shown = page(as_ash)
    assert lines(shown, "What became of your referrals") == ["Ann", "Tom", "Clara Closed"]
    became = shown.split('id="became"')[1].split("</ul>")[0]
    assert "Started work with the person, today" in became
    assert "The person was told today." in became
    assert "The person has not been told yet." in became
    assert "There is nothing more to tell the person." in became
    assert "It helped" in became


def test_home_costs_the_same_however_much_there_is(as_ash, as_bo, ash, bo, person, offer):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            page(as_ash)
            page(as_bo)
        return len(asked)

    def more():
        for state in ("accepted", "active", "closed"):
            factories.ReferralFactory(state=state, service_user=another(person), offer=offer, worker=bo)

    more()
    few = queries()
    more()
    more()
    assert queries() <= few + 1


# --- Admin ----------------------------------------------------------------------------------------------------


def test_an_admin_sees_six_figures_that_each_open_their_page(as_dee):
    shown = page(as_dee)
    opened = re.findall(r'<a href="(/reports/figure/\w+/\?period=[\d-]+)">(.*?)</a>', shown)
    assert len(opened) == 6
    for url, title in opened:
        assert f"<h1>{title}<" in page(as_dee, url)


def test_a_small_number_of_unmet_needs_is_not_shown(as_dee, ash, person):
    needs = [factories.NeedFactory(screening__service_user=person, agreed=True) for _ in range(3)]
    for need in needs:
        UnmetNeed.objects.create(
            need=need, team=ash.team, kind="device", reason="none_near", recorded_on=day(-1), recorded_by=ash
        )
    shown = page(as_dee)
    assert re.search(r"A device</dt><dd[^>]*>fewer than 8 needs</dd>", shown)


def test_offers_not_confirmed_lately_lead_to_exactly_those(as_dee):
    for confirmed in (None, day(-91), day(-90), day(0)):
        factories.SupportOfferFactory(verified_on=confirmed)
    (url,) = re.findall(r'<a href="([^"]+)">2 of 4 offers</a>', page(as_dee))
    assert page(as_dee, url).count('<li class="dx-card">') == 2


def test_what_is_stuck_is_that_of_the_admins_organisation(as_dee, person, cam):
    owe(person, person.team, kind="stuck", what="Stuck since May: ring them.")
    owe(person, person.team, kind="coordinate", what="For the coordinator only.")
    stranger = factories.ServiceUserFactory(created_by=cam, name="Somebody Else")
    owe(stranger, cam.team, kind="stuck", what="Stuck elsewhere.")
    assert lines(page(as_dee), "Stuck") == [person.name]


def test_all_that_is_stuck_is_one_click_away(as_dee, person):
    for _ in range(SHOWN + 2):
        owe(person, person.team, kind="stuck")
    shown = page(as_dee)
    assert len(lines(shown, "Stuck")) == SHOWN
    (url,) = re.findall(rf'href="([^"]*)">Show all {SHOWN + 2}<', shown)
    assert len(lines(page(as_dee, url.partition("#")[0]), "Stuck")) == SHOWN + 2


def test_the_state_of_the_machinery_is_of_ones_own_messages(as_dee, person, offer, cam):
    stranger = factories.ServiceUserFactory(created_by=cam)
    for who in (person, stranger, stranger):
        message(who, None, channel="text", status="not_known")
        message(who, None, channel="text")
    Heartbeat.objects.create(name="scheduler", at=clock.now())
    shown = page(as_dee)
    assert ">1 message</a>" in shown
    assert re.search(r"Messages due</dt><dd[^>]*>1, the oldest", shown)
    assert "Last heard of" in shown


def test_an_empty_installation_says_what_will_appear(as_dee):
    shown = page(as_dee)
    assert "Nothing is stuck." in shown
    assert "No offers are in the directory yet." in shown
    assert "No unmet needs." in shown
    assert "Has not started yet" in shown


# --- What it costs --------------------------------------------------------------------------------------------


def busy(person, offer, team):
    """One more of everything."""
    somebody = another(person)
    referral = made(somebody, offer, due=-1)
    made(another(person), offer, status="declined", with_whom="referrer", due=-1)
    for owner in (person.team, team):
        owe(somebody, owner, referral=referral)
        owe(somebody, owner, referral=referral, kind="stuck")
    factories.ScreeningFactory(service_user=somebody)
    Appointment.objects.create(referral=referral, starts_at=clock.now(), where="Hub", created_by=person.created_by)


@pytest.mark.parametrize("client", ["as_ash", "as_bo", "as_dee"])
def test_a_longer_list_costs_no_more_queries(client, request, person, offer, bo, django_assert_num_queries):
    client = request.getfixturevalue(client)
    busy(person, offer, bo.team)
    page(client)
    with CaptureQueriesContext(connection) as one_of_each:
        page(client)
    for _ in range(6):
        busy(person, offer, bo.team)
    with django_assert_num_queries(len(one_of_each)):
        page(client)
