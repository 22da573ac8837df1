"""In front of the code: every link looks the same, nothing is sent or used up by opening one, and codes hold."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import clock
from accounts.models import AuditEvent
from referrals import actions
from referrals.models import Mail, PartnerCode, PartnerLink, PartnerTry
from referrals.partner import door, links, staff
from tests.factories import ReferralFactory
from tests.referrals.partner.opening import FORGED, Holder, newest_code

pytestmark = pytest.mark.django_db


@pytest.fixture
def revoked(sent):
    holder = Holder(sent)
    links.stop_all(referral=sent, why=PartnerLink.Stopped.STAFF)
    return holder


@pytest.fixture
def run_out(in_state):
    with clock.at(clock.now() - timedelta(days=60)):
        return Holder(in_state("sent"))


@pytest.fixture
def forged(db):
    return Holder(token=FORGED)


def masked(text):
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", text)


def walk(holder):
    """Every page in front of the code, and a wrong code, as words."""
    pages = [
        holder.get(holder.url("door")),
        holder.ask(),
        holder.get(holder.url("enter")),
        holder.enter("000000"),
        holder.page(),
        holder.get(holder.url("step", "accept")),
        holder.post(holder.url("step", "accept"), {"named_worker": "Robin", "version": 1}),
    ]
    return [
        (
            page.status_code,
            masked(page.content.decode() + page.headers.get("Location", "")).replace(holder.token, "T"),
        )
        for page in pages
    ]


@pytest.mark.parametrize("other", ["revoked", "run_out", "forged"])
def test_a_link_that_works_looks_like_one_that_does_not(request, other):
    shut = request.getfixturevalue(other)
    seen = walk(shut)
    referral = shut.referral or request.getfixturevalue("sent")
    if other != "forged":
        links.invite(referral=referral, by=referral.created_by)

    assert walk(Holder(referral)) == seen


def statements(holder, code):
    with CaptureQueriesContext(connection) as seen:
        holder.enter(code)
    return [query["sql"].split(" ")[0] for query in seen]


def test_a_wrong_code_runs_the_same_statements_at_every_link(sent, forged):
    holder = Holder(sent)
    holder.ask()
    wrong = "000000" if newest_code() != "000000" else "000001"
    assert statements(holder, wrong) == statements(forged, wrong)


def test_asking_runs_the_same_statements_at_every_link(sent, forged):
    def asking(holder):
        with CaptureQueriesContext(connection) as seen:
            holder.post(holder.url("ask"))
        return [query["sql"].split(" ")[0] for query in seen]

    assert asking(Holder(sent)) == asking(forged)


@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize("name", ["door", "enter", "read", "ask", "leave"])
def test_a_scanner_sends_nothing_and_uses_nothing_up(holder, method, name):
    before = Mail.objects.count()

    getattr(holder, method)(holder.url(name))
    door.answer_asked()

    assert (Mail.objects.count(), PartnerTry.objects.count(), PartnerCode.objects.count()) == (before, 0, 0)
    assert holder.open().page().status_code == 200


def test_the_code_goes_to_the_registered_address_and_to_no_other(holder, sent, village):
    holder.ask()

    mail = Mail.objects.get(key__startswith="partner-code:")
    assert mail.to == village.contact_email
    assert mail.secret


def test_neither_link_nor_code_can_be_read_in_the_database(holder):
    holder.ask()

    link, code = PartnerLink.objects.get(), PartnerCode.objects.get()
    assert holder.token not in (link.digest, link.sent_to)
    assert newest_code() not in code.digest


def test_a_code_works_once(holder):
    holder.ask()
    code = newest_code()
    assert holder.enter(code).status_code == 302

    again = Holder(holder.referral)
    assert again.enter(code).status_code == 403
    assert again.page().status_code == 403


def test_a_code_holds_for_a_quarter_of_an_hour(holder):
    holder.ask()
    code = newest_code()

    with clock.at(clock.now() + timedelta(minutes=15, seconds=1)):
        assert holder.enter(code).status_code == 403


def test_only_the_newest_code_works(holder):
    holder.ask()
    first = newest_code()
    holder.ask()

    assert holder.enter(first).status_code == 403 or first == newest_code()


def test_after_five_wrong_codes_the_right_one_does_not_work(holder):
    holder.ask()
    code = newest_code()
    for number in range(5):
        holder.enter(f"{(int(code) + number + 1) % 10**6:06d}")

    assert holder.enter(code).status_code == 403
    assert PartnerCode.objects.get().tries == 5


def test_a_guesser_who_asks_again_and_again_gets_so_many_tries_a_day(holder):
    start = clock.now()
    for round_ in range(6):
        with clock.at(start + timedelta(minutes=20 * round_)):
            holder.ask()
            right = newest_code()
            for number in range(4):
                holder.enter(f"{(int(right) + number + 1) % 10**6:06d}")
    with clock.at(start + timedelta(minutes=121)):
        holder.ask()
        assert holder.enter(newest_code()).status_code == 403


def test_a_code_is_not_sent_more_than_four_times_in_a_quarter_of_an_hour(holder):
    for _ in range(7):
        holder.ask()

    assert Mail.objects.filter(key__startswith="partner-code:").count() == door.LINK_ASKS


def test_one_address_gets_so_many_presses_whatever_it_tries(holder, forged):
    for _ in range(door.ADDRESS_TRIES):
        forged.enter("123456")

    assert forged.enter("123456").status_code == 429
    assert holder.post(holder.url("ask")).status_code == 429
    assert Client(REMOTE_ADDR="192.0.2.7").post(holder.url("ask")).status_code == 302


def test_a_worker_that_hears_it_twice_sends_one_code(holder):
    holder.post(holder.url("ask"))

    assert (door.answer_asked(), door.answer_asked()) == (1, 0)
    assert PartnerCode.objects.count() == 1


def test_a_press_that_nobody_heard_for_long_sends_no_code_out_of_the_blue(holder):
    holder.post(holder.url("ask"))

    with clock.at(clock.now() + timedelta(minutes=16)):
        door.answer_asked()
    assert not PartnerCode.objects.exists()


def test_presses_are_forgotten_after_a_day(holder):
    holder.ask()

    with clock.at(clock.now() + timedelta(hours=25)):
        door.forget_tries()
    assert not PartnerTry.objects.exists()


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "１２３４５６"])
def test_what_can_be_no_code_is_said_beside_the_field(holder, typed):
    response = holder.enter(typed)

    assert response.status_code == 400
    assert "Enter the six digits of the code." in response.content.decode()


def test_spaces_in_a_code_do_no_harm(holder):
    holder.ask()
    code = newest_code()
    assert holder.enter(f" {code[:3]} {code[3:]} ").status_code == 302


def test_every_answer_tells_browsers_and_robots_to_keep_nothing(inside):
    for response in (inside.get(inside.url("door")), inside.page(), inside.get(inside.url("step", "accept"))):
        assert response["Referrer-Policy"] == "same-origin"
        assert "no-store" in response["Cache-Control"]
        assert "noindex" in response["X-Robots-Tag"]


def test_opening_and_looking_are_audited_with_the_link_and_without_the_address(inside, sent, village):
    inside.page()

    rows = AuditEvent.objects.filter(subject_id=str(sent.pk), actor=None, membership=None)
    link = PartnerLink.objects.get()
    assert {"send_partner_code", "open_partner_link", "view_referral"} <= {row.action for row in rows}
    assert all(row.details["link"] == str(link.pk) and row.details["holder"] == "provider" for row in rows)
    assert all(row.organisation == sent.referring_team.organisation for row in rows)
    assert not any(village.contact_email in str(row.details) for row in AuditEvent.objects.all())


def test_sending_again_shuts_the_link_before(holder, sent, ash):
    holder.open()
    staff.send_link(referral=sent, by=ash)

    assert holder.page().status_code == 403
    assert Holder(sent).open().page().status_code == 200


def test_nothing_about_the_person_is_in_an_email_or_a_log(told, sent, holder, caplog):
    holder.open().page()

    for mail in Mail.objects.all():
        text = f"{mail.subject} {mail.body}"
        assert not any(mark in text for mark in (told.name, "Personsname", "9990000018", "900456", "sister"))
    assert told.name not in caplog.text


def test_a_draft_sends_no_link(in_state):
    in_state("draft")

    assert not PartnerLink.objects.exists()
    assert not Mail.objects.exists()


def test_a_provider_with_an_account_is_sent_no_link(person, offer, bo):
    ReferralFactory(state="sent", service_user=person, offer=offer, worker=bo)

    assert not PartnerLink.objects.exists()


def test_a_step_that_ends_the_referral_stops_the_email_that_carries_the_link(sent, ash):
    actions.act(referral=sent, action="withdraw", by=ash, evidence={"how_said": "phone"})

    assert Mail.objects.get().fate == "cancelled"
