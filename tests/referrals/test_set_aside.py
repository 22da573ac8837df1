"""An item that makes trouble is in no other's way: set aside with its reason, tried again, left to a person."""

from datetime import timedelta

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import IntegrityError, OperationalError, connection, transaction

from accounts import clock, set_aside
from accounts.errors import InvalidInput
from accounts.models import AuditEvent, SetAside
from accounts.set_aside import MAX_TRIES, What
from directory import tasks as directory_tasks
from inclusion import health
from inclusion import tasks as roof_tasks
from referrals import due, moment, receipts, sending, tasks, trying, waits
from referrals.actions import clocks
from referrals.models import FollowUp, Referral, Reminder
from referrals.obligations import ended_offers, lost_consent
from tests import factories
from tests.referrals.reaching import WEDNESDAY, message_to

pytestmark = pytest.mark.django_db


WHO = "Robin Example, 07700 900123"


def poison(*items, error=KeyError):
    """Deals with every item but these, and gives what it dealt with."""
    done = []

    def deal(item):
        if item in items:
            raise error(WHO)
        done.append(item)
        return 1

    return deal, done


def people(number, ash):
    return [factories.ServiceUserFactory(created_by=ash) for _ in range(number)]


def test_one_poison_in_a_thousand_leaves_999_done_and_one_set_aside(person, ash):
    """Rows stand for whatever a job deals with."""
    rows = [person, *(factories.ServiceUserFactory.build(pk=clock.nanoseconds() + n) for n in range(999))]
    deal, done = poison(rows[500])
    assert set_aside.each(What.CLOCK, rows, deal) == 999
    assert (len(done), SetAside.objects.count()) == (999, 1)


def test_its_reason_is_kept_and_nobody_is_named(person, caplog):
    deal, _ = poison(person)
    set_aside.each(What.CLOCK, [person], deal, organisation_id=lambda row: row.organisation_id)
    row = SetAside.objects.get()
    assert (row.what, row.key, row.reason, row.error) == ("clock", str(person.pk), "error", "KeyError")
    assert (row.tries, row.organisation) == (1, person.organisation)
    assert row.next_at - row.last_at == timedelta(minutes=1)
    assert "KeyError" in caplog.text
    assert "Robin" not in caplog.text
    assert "07700" not in caplog.text


@pytest.mark.parametrize(
    ("error", "reason"),
    [(TimeoutError, "too_slow"), (IntegrityError, "data"), (InvalidInput, "refused"), (ValueError, "error")],
)
def test_the_reason_is_a_code(person, error, reason):
    set_aside.each(What.CLOCK, [person], poison(person, error=error)[0])
    assert SetAside.objects.get().reason == reason


def test_what_it_began_is_taken_back(person, ash):
    def begin(row):
        factories.ServiceUserFactory(name="Half done", created_by=ash)
        raise ValueError

    set_aside.each(What.CLOCK, [person], begin)
    assert not type(person).objects.filter(name="Half done").exists()


def test_eight_tries_in_24_hours_and_then_a_person(person):
    deal, _ = poison(person)
    moment, first = WEDNESDAY, None
    for tries in range(1, MAX_TRIES + 1):
        with clock.at(moment):
            assert str(person.pk) not in set_aside.resting(What.CLOCK)
            set_aside.each(What.CLOCK, [person], deal)
            assert str(person.pk) in set_aside.resting(What.CLOCK)
        row = SetAside.objects.get()
        assert row.tries == tries
        first = first or row.first_at
        moment = (row.next_at or row.last_at) + timedelta(seconds=1)
    assert row.next_at is None
    assert timedelta(hours=24) <= row.last_at - first < timedelta(hours=24, minutes=1)
    with clock.at(WEDNESDAY + timedelta(days=30)):
        assert str(person.pk) in set_aside.resting(What.CLOCK), "not before a person says so"


def test_what_goes_well_after_all_is_not_set_aside_any_more(person):
    set_aside.each(What.CLOCK, [person], poison(person)[0])
    set_aside.each(What.CLOCK, [person], poison()[0])
    assert not SetAside.objects.exists()


def test_a_database_that_is_gone_is_no_items_fault(person, monkeypatch):
    monkeypatch.setattr(connection, "is_usable", lambda: False)
    with pytest.raises(OperationalError):
        set_aside.each(What.CLOCK, [person], poison(person, error=OperationalError)[0])
    assert not SetAside.objects.exists()


def test_an_item_that_takes_all_the_time_is_not_the_first_of_the_next_run(person):
    with pytest.raises(SoftTimeLimitExceeded):
        set_aside.each(What.CLOCK, [person], poison(person, error=SoftTimeLimitExceeded)[0])
    assert SetAside.objects.get().reason == "too_slow"


def test_a_part_that_breaks_down_stops_none_after_it_and_is_not_hidden():
    ran = []

    def broken():
        raise KeyError("first")

    with pytest.raises(KeyError, match="first"):
        set_aside.all_of(broken, lambda: ran.append("second") or 1)
    assert ran == ["second"]


def test_what_does_not_come_up_again_is_forgotten(person):
    set_aside.each(What.CLOCK, [person], poison(person)[0])
    with clock.at(clock.now() + timedelta(hours=23)):
        assert set_aside.forget_gone() == 0
    with clock.at(clock.now() + timedelta(hours=26)):
        assert set_aside.forget_gone() == 1


# --- Every job ----------------------------------------------------------------------------------------------


def break_for(monkeypatch, place, name, poisoned, of=lambda item: item):
    real = getattr(place, name)

    def deal(item, *rest, **named):
        if of(item).pk == poisoned:
            raise KeyError("poison")
        return real(item, *rest, **named)

    monkeypatch.setattr(place, name, deal)


@pytest.fixture
def two_referrals(offer, ash, bo):
    """Both overdue."""
    made = [
        factories.ReferralFactory(active=True, service_user=person, offer=offer, worker=bo)
        for person in people(2, ash)
    ]
    Referral.objects.update(due_on=clock.today() - timedelta(days=1))
    return made


def asked(referral, kind):
    return FollowUp.objects.filter(referral=referral, kind=kind).exists()


def test_the_clocks_go_on_with_the_other_referral(two_referrals, monkeypatch):
    first, second = two_referrals
    break_for(monkeypatch, clocks, "_ask", first.pk)
    tasks.run_clocks()
    assert SetAside.objects.get().key == str(first.pk)
    assert (asked(first, "nudge"), asked(second, "nudge")) == (False, True)


def test_lost_consent_is_asked_about_for_the_other_referral(two_referrals, monkeypatch):
    first, second = two_referrals
    monkeypatch.setattr(lost_consent, "in_force", lambda said, today: None)
    break_for(monkeypatch, lost_consent, "_ask", first.pk)
    tasks.queue_due()
    assert SetAside.objects.get().key == str(first.pk)
    assert (asked(first, "ask_again"), asked(second, "ask_again")) == (False, True)


def test_an_offer_that_ended_is_asked_about_for_the_other_referral(two_referrals, monkeypatch):
    first, second = two_referrals
    type(first.offer).objects.update(withdrawn_at=clock.now(), withdrawn_reason="closed")
    break_for(monkeypatch, ended_offers, "_ask", first.pk)
    tasks.queue_due()
    assert SetAside.objects.filter(what="ended_offer").get().key == str(first.pk)
    assert FollowUp.objects.filter(referral=second, kind="offer_ended").exists()


def test_reviews_are_opened_for_the_other_screening(ash, monkeypatch):
    first, second = (factories.ScreeningFactory(service_user=person, submitted=True) for person in people(2, ash))
    break_for(monkeypatch, due, "_owe_reviews", first.pk)
    tasks.queue_due()
    assert SetAside.objects.get().key == str(first.pk)
    assert FollowUp.objects.filter(service_user=second.service_user, kind="review").exists()
    monkeypatch.undo()
    tasks.queue_due()
    assert not FollowUp.objects.filter(service_user=first.service_user).exists(), "it rests for a minute"
    with clock.at(clock.now() + timedelta(minutes=2)):
        tasks.queue_due()
    assert FollowUp.objects.filter(service_user=first.service_user, kind="review").exists()
    assert not SetAside.objects.exists()


def test_a_listing_is_asked_about_though_the_one_before_it_breaks(offer, provider, provider_team, monkeypatch):
    other = factories.SupportOfferFactory(provider=provider, team=provider_team)
    type(offer).objects.update(verified_on=clock.today() - timedelta(days=400))
    real, asked = directory_tasks.ask_whether_true, []

    def ask(*, offer, on, by):
        if offer == other:
            raise KeyError
        asked.append(offer)
        return real(offer=offer, on=on, by=by)

    monkeypatch.setattr(directory_tasks, "ask_whether_true", ask)
    directory_tasks.ask_about_listings()
    assert asked == [offer]
    assert SetAside.objects.get().what == "listing"


def test_waits_are_worked_out_though_one_breaks(offer, provider, provider_team, monkeypatch):
    other = factories.SupportOfferFactory(provider=provider, team=provider_team)
    monkeypatch.setattr(waits, "_waits", lambda today: {offer.pk: [1, 2, 3], other.pk: [1, 2, 3]})
    break_for(monkeypatch, waits, "_note", other.pk)
    tasks.work_out_waits()
    assert SetAside.objects.get().what == "wait"
    offer.refresh_from_db()
    assert offer.usual_wait_on


def test_a_merge_that_breaks_stops_no_other(person, ash, monkeypatch):
    from tests.merging.records import merge

    rows = [merge(*people(2, ash), by=ash) for _ in range(2)]
    break_for(monkeypatch, roof_tasks.actions, "gather_late", rows[0].pk)
    roof_tasks.gather_late()
    assert SetAside.objects.get().key == str(rows[0].pk)


# --- Messages -----------------------------------------------------------------------------------------------


@pytest.fixture
def two_messages(ash, wednesday_morning):
    made = []
    for person in people(2, ash):
        factories.ContactPlanFactory(service_user=person)
        made.append(message_to(person))
    return made


def poisoned(monkeypatch, message, error):
    real = moment.compose

    def compose(reminder, plan):
        if reminder.pk == message.pk:
            raise error
        return real(reminder, plan)

    monkeypatch.setattr(moment, "compose", compose)


@pytest.mark.parametrize("error", [KeyError("x"), IntegrityError("Robin"), OperationalError("lock timeout")])
def test_a_message_that_breaks_is_on_the_page_and_the_other_goes(two_messages, monkeypatch, error):
    first, second = two_messages
    poisoned(monkeypatch, first, error)
    sending.send_due()
    assert Reminder.objects.get(pk=second.pk).status == "sent"
    if isinstance(error, IntegrityError):
        return  # taken for a second message of the day, and put off
    row = SetAside.objects.get()
    assert (row.what, row.key) == ("message", str(first.pk))


def test_a_message_that_goes_at_last_is_not_set_aside_any_more(two_messages, monkeypatch):
    with monkeypatch.context() as broken:
        poisoned(broken, two_messages[0], KeyError())
        sending.send_due()
    with clock.at(clock.now() + timedelta(minutes=2)):
        sending.send_due()
    assert not SetAside.objects.exists()
    assert not Reminder.objects.owed().exists()


def test_what_became_of_messages_is_asked_though_one_breaks(two_messages, monkeypatch):
    sending.send_due()
    break_for(monkeypatch, receipts, "_settled", two_messages[0].pk)
    receipts.collect(now=clock.now() + timedelta(minutes=1))
    assert SetAside.objects.get().what == "receipt"
    assert Reminder.objects.get(pk=two_messages[1].pk).status == "delivered"


# --- The page -----------------------------------------------------------------------------------------------


def put(what, key, organisation, *, for_good=False):
    return set_aside.put(what, key, KeyError("x"), organisation_id=organisation.pk, for_good=for_good)


def test_an_admin_sees_those_of_the_own_organisation_and_a_count_at_home(as_dee, dee, cam):
    put("clock", "1", dee.organisation, for_good=True)
    put("clock", "2", cam.organisation)
    shown = as_dee.get("/system/").content.decode()
    assert shown.count(">Try again<") == 1
    assert "Needs a person" in shown
    assert "KeyError" in shown
    assert ">1 item</a>" in as_dee.get("/").content.decode()
    assert AuditEvent.objects.filter(action="see_system").exists()


def test_an_empty_page_says_what_will_appear(as_dee):
    assert "Nothing is set aside." in as_dee.get("/system/").content.decode()


def test_try_again_lets_the_next_beat_have_it_and_is_audited(as_dee, dee):
    row = put("clock", "1", dee.organisation, for_good=True)
    assert set_aside.resting("clock") == ["1"]
    assert as_dee.post(f"/system/{row.pk}/again/").status_code == 302
    assert set_aside.resting("clock") == []
    event = AuditEvent.objects.get(action="try_set_aside_again")
    assert (event.membership, event.details) == (dee, {"what": "clock", "key": "1"})


def test_a_message_given_up_is_sent_when_an_admin_asks(as_dee, dee, two_messages, monkeypatch):
    first = two_messages[0]
    Reminder.objects.filter(pk=first.pk).update(tries=8)
    with monkeypatch.context() as broken:
        broken.setattr(sending, "MAX_TRIES", 9)
        poisoned(broken, first, KeyError())
        Reminder.objects.filter(pk=first.pk).update(tries=9)
        broken.setattr(trying, "is_ready", lambda *_: (_ for _ in ()).throw(KeyError()))
        sending.send_due(limit=1)
    assert Reminder.objects.get(pk=first.pk).status == "failed"
    row = SetAside.objects.get(key=str(first.pk))
    assert row.next_at is None
    as_dee.post(f"/system/{row.pk}/again/")
    sending.send_due()
    assert Reminder.objects.get(pk=first.pk).status == "sent"
    assert not SetAside.objects.exists()


def test_the_rows_survive_a_broken_transaction(person):
    """The item's own transaction is rolled back; the row about it is not in it."""

    def broken(row):
        with transaction.atomic():
            SetAside.objects.create(what="clock", key="x", reason="error", error="x", tries=0)

    set_aside.each(What.CLOCK, [person], broken)
    assert SetAside.objects.get().error == "IntegrityError"


def test_readyz_counts_them(client, dee):
    put("clock", "1", dee.organisation, for_good=True)
    put("clock", "2", dee.organisation)
    state = health.now().as_json()
    assert (state["set_aside"], state["need_a_person"]) == (2, 1)
    assert state["notes"] == ["1 item was set aside and needs a person."]
