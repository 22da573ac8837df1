"""Behind the code: the least that the referral needs, the steps of the table and no other, and one write path."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts import clock
from accounts.models import AuditEvent
from inclusion.logs import Console, HideLinks
from people.models import Consent
from referrals import actions
from referrals.lifecycle import PARTNER_LINK, STEPS, Status
from referrals.models import FollowUp, NeedOutcome, Referral, ReferralEvent
from referrals.partner import session
from referrals.partner.acting import HOLDER
from referrals.partner.links import LIVES
from referrals.sharing import is_shareable, title_of
from referrals.timeline import timeline
from tests import factories
from tests.referrals.partner.opening import Holder
from tests.test_access import ROUTES

pytestmark = pytest.mark.django_db
THEIRS = {name for name, step in STEPS.items() if PARTNER_LINK in step.roles}


def text(response):
    return re.sub(r"\s+", " ", response.content.decode())


# --- What it shows ----------------------------------------------------------------------------------------


def test_it_shows_what_was_agreed_to_be_shared(inside, sent):
    shown = text(inside.page())

    assert "Marker Personsname" in shown
    assert "To ring my sister" in shown
    assert all(need in shown for need in sent.shared["needs"])
    assert sent.referring_team.name in shown


@pytest.mark.parametrize("state", ["sent", "acknowledged", "more_info"])
def test_numbers_and_addresses_come_only_once_it_is_accepted(in_state, state):
    assert "07700 900456" not in text(Holder(in_state(state)).open().page())


@pytest.mark.parametrize("state", ["accepted", "active"])
def test_whoever_accepted_sees_how_to_reach_the_person(in_state, state):
    assert "07700 900456" in text(Holder(in_state(state)).open().page())


def test_it_never_shows_what_is_not_for_a_provider(inside, told, sent):
    told.date_of_birth = clock.today().replace(year=1961, month=2, day=3)
    told.local_number = "MARKERLOCAL"
    told.save()
    other = factories.ReferralFactory(
        state="sent",
        service_user=told,
        offer=factories.SupportOfferFactory(name="Marker other offer", kinds=["data_sim"]),
    )
    pages = text(inside.page()) + "".join(text(inside.get(inside.url("step", name))) for name in THEIRS)

    assert other.provider.name not in pages
    for mark in ("999 000 0018", "9990000018", "MARKERLOCAL", "1961", "Marker other offer", "Screening"):
        assert mark not in pages


def test_a_sensitive_need_stays_out(told, village):
    answers = {"CT1": ["text", "letter"], "CT2": "fine", "MH3": "often", "MH3a": ["letter"], "OC3": "uneasy"}
    factories.ScreeningFactory(service_user=told, answers=answers, submitted=True)
    told.needs.update(decision="agreed", decided_at=clock.now(), decided_by=told.created_by)
    referral = factories.ReferralFactory(
        state="sent", service_user=told, offer=village, fallback_channel="referrer"
    )
    titles = set(referral.shared["needs"])

    shown = text(Holder(referral).open().page())

    kept = [title_of(need) for need in referral.needs.select_related("screening") if not is_shareable(need)]
    assert kept
    assert not any(title in shown for title in kept if title not in titles)


def test_nothing_personal_is_in_an_address(inside):
    addresses = re.findall(r'(?:href|action)="([^"]+)"', inside.page().content.decode())

    assert not any(mark in address.lower() for address in addresses for mark in ("marker", "900456", "9990"))
    assert not any(str(inside.referral.pk) in address for address in addresses)


# --- What it can do ---------------------------------------------------------------------------------------


def test_the_steps_are_those_of_the_table():
    assert {"acknowledge", "ask", "accept", "decline", "deliver"} == THEIRS


@pytest.mark.parametrize("state", [state for state in Status if state not in {"draft"}])
@pytest.mark.parametrize("name", sorted(STEPS))
def test_every_state_by_every_step(in_state, state, name, dee):
    """200 with the form only where the table says so; else 403 or 409, and nothing has changed."""
    referral = in_state("sent")
    holder = Holder(referral).open()
    for step in factories.WAY_TO[state][1:]:
        referral = factories.ReferralFactory.step(referral, step, by=referral.created_by, admin=dee)
    events = referral.events.count()

    status = holder.get(holder.url("step", name)).status_code
    posted = holder.take(name, version=99).status_code

    shut = state not in LIVES or name not in THEIRS
    assert status == (403 if shut else 200 if name in HOLDER.may_do(state) else 409)
    assert posted in ({403} if shut else {400, 409})
    assert referral.events.count() == events


def test_a_step_is_kept_as_the_providers_word_by_the_link_and_by_nobody_of_staff(inside, sent):
    inside.take("accept", named_worker="Robin Vale")

    event = ReferralEvent.objects.filter(referral=sent).last()
    assert (event.step, event.by, event.role, event.side, event.source) == (
        "accept",
        None,
        PARTNER_LINK,
        "provider",
        "partner_link",
    )
    assert event.link.referral_id == sent.pk
    assert event.evidence == {"named_worker": "Robin Vale"}
    assert AuditEvent.objects.filter(action="referral_accept", actor=None, details__holder="provider").exists()


def test_accepting_owes_the_person_the_news(inside, sent):
    inside.take("accept", named_worker="Robin Vale")

    assert FollowUp.objects.open().filter(referral=sent, kind="tell_person", team=sent.referring_team).exists()


def test_staff_read_on_their_page_that_it_came_by_the_link(inside, sent, as_ash):
    inside.take("accept", named_worker="Robin Vale")

    shown = text(as_ash.get(reverse("referrals:detail", args=[sent.pk])))
    assert f"{sent.provider}, by the link that it was sent" in shown


def test_the_whole_way_by_link(inside, sent, ash):
    assert inside.take("acknowledge").status_code == 302
    assert inside.take("ask", question="Which days suit?").status_code == 302
    actions.act(
        referral=Referral.objects.get(pk=sent.pk), action="answer", by=ash, evidence={"answer": "Tuesdays."}
    )
    assert "Tuesdays." in text(inside.page())
    assert inside.take("accept", named_worker="Robin Vale").status_code == 302
    start = {"successful_contact": "spoke", "handover_present": "Ash"}
    actions.act(referral=Referral.objects.get(pk=sent.pk), action="start", by=ash, evidence=start)
    needs = {f"need_{need.pk}": "met" for need in sent.needs.all()}

    done = inside.take("deliver", given="Six sessions", **needs)

    assert done.status_code == 200
    assert "Your part in it is over" in text(done)
    assert "Marker" not in text(done)
    assert NeedOutcome.objects.get(referral=sent).recorded_by is None
    assert Referral.objects.get(pk=sent.pk).status == "delivered"
    assert inside.page().status_code == 403


def test_declining_gives_the_referrer_its_next_step_and_shuts_the_link(inside, sent):
    response = inside.take("decline", reason_code="wrong_area")

    assert response.status_code == 200
    assert FollowUp.objects.open().filter(referral=sent, kind="next_step").exists()
    assert inside.page().status_code == 403


def test_what_is_missing_is_said_beside_the_field_and_nothing_typed_is_lost(inside):
    response = inside.take("decline", words="We moved away last year")

    assert response.status_code == 400
    assert "We moved away last year" in text(response)


def test_a_double_click_is_one_step(inside, sent):
    sent.refresh_from_db()
    version = sent.version
    first = inside.take("accept", version=version, named_worker="Robin Vale")
    again = inside.take("accept", version=version, named_worker="Robin Vale")

    assert (first.status_code, again.status_code) == (302, 302)
    assert ReferralEvent.objects.filter(referral=sent, step="accept").count() == 1


def test_a_double_click_on_decline_says_declined_both_times(inside, sent):
    sent.refresh_from_db()
    version = sent.version
    answers = [inside.take("decline", version=version, reason_code="wrong_area") for _ in range(2)]

    assert [text(answer).count("<h1>Declined</h1>") for answer in answers] == [1, 1]
    assert ReferralEvent.objects.filter(referral=sent, step="decline").count() == 1


def test_a_stale_page_is_a_409_that_keeps_what_was_typed(inside, sent, ash):
    sent.refresh_from_db()
    version = sent.version
    actions.act(referral=sent, action="acknowledge", by=ash)

    response = inside.take("ask", version=version, question="Is there a lift?")

    assert response.status_code == 409
    assert "Is there a lift?" in text(response)
    assert Referral.objects.get(pk=sent.pk).status == "acknowledged"
    newest = re.search(r'name="version" value="(\d+)"', response.content.decode())[1]
    assert inside.take("ask", version=int(newest), question="Is there a lift?").status_code == 302


def test_the_holder_cannot_name_a_member_of_staff_by_id(inside, sent, ash):
    response = inside.take("accept", named_worker=str(ash.pk))

    assert response.status_code == 400
    assert Referral.objects.get(pk=sent.pk).status == "sent"


# --- What it cannot reach ---------------------------------------------------------------------------------

MADE_UP = {"uuid": "0191d3a0-0000-7000-8000-000000000000", "slug": "accept", "str": "x", "int": "1"}


def address(route):
    path = re.sub(r"\(\?P<\w+>[^)]*\)", MADE_UP["uuid"], route.path.replace("^", "").replace("$", ""))
    return "/" + re.sub(r"<(?:(\w+):)?\w+>", lambda found: MADE_UP.get(found[1] or "str", "x"), path)


OPEN_TO_ALL = ("partner:", "account_", "openreferral:", "readyz", "demo_sign_in")


@pytest.mark.parametrize("name", sorted(name for name in ROUTES if not name.startswith(OPEN_TO_ALL)))
def test_no_other_route_knows_the_holder(inside, name):
    """With the cookie forced upon it: a sign-in page, 401 or 404, and nothing of anybody."""
    route = ROUTES[name]
    url = address(route).replace(MADE_UP["uuid"], str(inside.referral.pk))
    cookie = inside.cookies[session.COOKIE]
    cookie["path"] = "/"
    for method in ("get", "post"):
        response = getattr(inside, method)(url)
        sent_to_sign_in = response.headers.get("Location", "").startswith("/account/login/")
        assert sent_to_sign_in or response.status_code in {401, 404, 405}, (method, response.status_code)
        assert b"Marker" not in response.content


def test_the_cookie_is_for_this_link_alone(inside):
    cookie = inside.cookies[session.COOKIE]

    assert cookie["path"] == inside.url("door")
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    assert "sessionid" not in inside.cookies
    assert "session" not in inside.cookies


def test_the_cookie_of_one_link_opens_no_other(inside, village):
    other = factories.ReferralFactory(state="sent", offer=village)
    second = Holder(other)
    second.cookies[session.COOKIE] = inside.cookies[session.COOKIE].value

    assert second.page().status_code == 403


@pytest.mark.parametrize("cookie", ["", "x", "a:b:c"])
def test_a_cookie_that_was_not_signed_here_opens_nothing(holder, cookie):
    holder.cookies[session.COOKIE] = cookie
    assert holder.page().status_code == 403


def test_it_shuts_when_nobody_is_at_it(inside):
    with clock.at(clock.now() + session.IDLE):
        assert inside.page().status_code == 403


def test_each_page_keeps_it_open_but_not_for_ever(inside):
    start, minutes = clock.now(), 0
    while minutes < 230:
        minutes += 14
        with clock.at(start + timedelta(minutes=minutes)):
            assert inside.page().status_code == 200, minutes
    with clock.at(start + session.AT_MOST):
        assert inside.page().status_code == 403


def test_what_was_left_stays_shut_for_a_copy_of_the_cookie(inside):
    copy = inside.cookies[session.COOKIE].value
    inside.post(inside.url("leave"))
    inside.cookies[session.COOKIE] = copy

    assert inside.page().status_code == 403


# --- Shut at the very moment ------------------------------------------------------------------------------


def _by_consent(referral, ash):
    actions.withdraw_consent(consent=referral.consent, how="On the phone", by=ash)


def _ends(step):
    def end(referral, ash):
        factories.ReferralFactory.step(referral, step, by=ash)

    return end


def _account(referral, ash):
    team = factories.TeamFactory(organisation=referral.provider)
    factories.MembershipFactory(team=team, role="support_worker")
    Referral.objects.filter(pk=referral.pk).update(provider_team=team)


def _contact(referral, ash):
    referral.offer.contact_email = "new@village-hall.example.org"
    referral.offer.save()


def _consent_ran_out(referral, ash):
    Consent.objects.filter(pk=referral.consent_id).update(expires_on=clock.today() - timedelta(days=1))


def _made_in_error(referral, ash):
    actions.propose_error(referral=referral, by=ash, words="The wrong person.", wrong_person=True)
    admin = factories.MembershipFactory(team=ash.team, role="admin")
    actions.act(referral=referral, action="mark_error", by=admin, evidence={"words": "It was somebody else."})


def _rerouted(referral, ash):
    factories.ReferralFactory.step(referral, "decline", by=ash)
    referral = Referral.objects.get(pk=referral.pk)
    other = factories.SupportOfferFactory()
    actions.act(referral=referral, action="reroute", by=ash, evidence={"new_offer": other})


SHUTS = {
    "made in error": _made_in_error,
    "re-routed": _rerouted,
    "withdrawn": _ends("withdraw"),
    "cancelled": _ends("cancel"),
    "declined": _ends("decline"),
    "consent withdrawn": _by_consent,
    "an account": _account,
    "another contact": _contact,
    "consent ran out": _consent_ran_out,
}


@pytest.mark.parametrize("why", sorted(SHUTS))
def test_an_open_page_is_shut_at_its_next_click(inside, sent, ash, why):
    assert inside.page().status_code == 200
    SHUTS[why](Referral.objects.get(pk=sent.pk), ash)

    response = inside.take("ask", question="Is there a lift?")

    assert response.status_code == 403
    assert "Is there a lift?" in text(response)
    assert "Marker" not in text(response)
    assert not ReferralEvent.objects.filter(referral=sent, step="ask").exists()
    assert inside.page().status_code == 403


def test_no_line_of_the_log_has_a_link_in_it(inside, caplog, capsys):
    inside.take("deliver", version=1, given="x")  # 409
    inside.enter("000000")  # 403
    inside.put(inside.url("ask"))  # 405

    assert len(caplog.records) == 3
    hide = HideLinks()
    assert all(hide.filter(record) for record in caplog.records)
    assert not any(inside.token in record.getMessage() for record in caplog.records)
    assert all("/partner/" in record.getMessage() for record in caplog.records)


def test_what_is_logged_goes_through_what_hides_links(settings):
    assert settings.LOGGING["handlers"]["console"]["class"] == "inclusion.logs.Console"
    assert any(isinstance(one, HideLinks) for one in Console().filters)


# --- Whose word it was --------------------------------------------------------------------------------------


def test_a_late_no_by_the_link_is_nobodys_of_staff(in_state, ash):
    referral = in_state("accepted")
    soon = clock.now() + timedelta(days=5)
    appointment = actions.book(referral=referral, starts_at=soon, where="The hall", by=ash)
    loan = actions.reserve_loan(referral=referral, item="device", label="Tablet 7", by=ash)
    holder = Holder(Referral.objects.get(pk=referral.pk)).open()

    holder.take("decline", reason_code="wrong_area")

    appointment.refresh_from_db()
    assert appointment.status == "cancelled_by_service"
    assert (appointment.outcome_by, appointment.outcome_link) == (None, referral.partner_links.get())
    signed = [entry.who for entry in timeline(Referral.objects.get(pk=referral.pk), for_provider=False)]
    assert signed.count(f"{referral.provider}, by the link that it was sent") == 2
    row = AuditEvent.objects.get(action="move_loan", details__loan=str(loan.pk), details__step="return")
    assert (row.actor, row.details["holder"]) == (None, "provider")


@pytest.mark.parametrize("who", ["nobody", "both"])
def test_an_outcome_is_somebodys_word_and_only_ones(in_state, ash, who):
    referral = in_state("accepted")
    soon = clock.now() + timedelta(days=5)
    appointment = actions.book(referral=referral, starts_at=soon, where="The hall", by=ash)
    link = referral.partner_links.first()
    by = {"nobody": {}, "both": {"outcome_by": ash, "outcome_link": link}}[who]
    with pytest.raises(IntegrityError), transaction.atomic():
        type(appointment).objects.filter(pk=appointment.pk).update(
            status="cancelled_by_service", outcome_at=clock.now(), **by
        )
