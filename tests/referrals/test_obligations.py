"""What is owed to a person: opened once, owned by a team, done once."""

from datetime import date, datetime, timedelta

import pytest

from accounts import clock
from accounts.errors import AlreadyChanged
from accounts.models import AuditEvent
from people.london import LONDON
from referrals import obligations
from referrals.lifecycle import Status
from referrals.models import FollowUp, Loan, Reminder
from tests.factories import ContactPlanFactory
from tests.referrals.reaching import WEDNESDAY, appointment_of, event_of, message_to, referral_to, tell

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday_morning")]
Kind = FollowUp.Kind


def owe(referral, key="thing"):
    return obligations.owe(
        kind=Kind.NUDGE,
        key=key,
        service_user=referral.service_user,
        referral=referral,
        team=referral.referring_team,
        what="Do something.",
        due_on=WEDNESDAY.date(),
    )


def test_the_same_thing_is_owed_once_even_after_it_was_done(referral, ash):
    first = owe(referral)
    assert owe(referral) == first
    obligations.settle(follow_up=first, result="done", by=ash)
    assert owe(referral).done_at is not None
    assert FollowUp.objects.count() == 1


def test_settling_twice_tells_the_second_and_keeps_the_first(referral, ash, bo):
    follow_up = owe(referral)
    obligations.settle(follow_up=follow_up, result="done", by=ash, words="Spoke.")
    with pytest.raises(AlreadyChanged):
        obligations.settle(follow_up=follow_up, result="other", by=bo)
    follow_up.refresh_from_db()
    assert (follow_up.result, follow_up.done_by, follow_up.words) == ("done", ash, "Spoke.")
    assert AuditEvent.objects.filter(action="settle_follow_up").count() == 1


def test_being_told_is_owed_within_two_working_days_and_a_message_is_queued(referral, plan, bo):
    follow_up = tell(referral, bo)
    assert (follow_up.kind, follow_up.due_on) == (Kind.TELL_PERSON, date(2026, 11, 27))
    message = follow_up.reminders.get()
    assert (message.channel, message.template, message.status) == ("text", "accepted", "queued")


def test_asking_twice_to_tell_owes_and_queues_once(referral, plan, bo):
    event = event_of(referral, bo)
    for _ in range(2):
        obligations.tell_person(referral=referral, event=event, template="accepted", by=bo)
    assert (FollowUp.objects.count(), Reminder.objects.count()) == (1, 1)


@pytest.mark.parametrize("person_wants", ["call", "in_person", "via"])
def test_no_message_takes_the_place_of_the_worker_that_a_person_asked_for(person, offer, ash, bo, person_wants):
    ContactPlanFactory(service_user=person, allowed=[person_wants, "text"], preferred=person_wants)
    follow_up = tell(referral_to(offer, person, ash), bo)
    assert follow_up.done_at is None
    assert not Reminder.objects.exists()


@pytest.mark.parametrize(
    "safety",
    [
        {"answered": False, "automatic": False},
        {"automatic": False},
        {"allowed": []},
        {"allowed": ["call"], "preferred": "call"},
        {"allowed": ["app"], "preferred": "app"},
    ],
)
def test_without_a_permitted_automatic_channel_only_a_worker_may_tell(person, offer, ash, bo, safety):
    ContactPlanFactory(service_user=person, **safety)
    assert tell(referral_to(offer, person, ash), bo).done_at is None
    assert not Reminder.objects.exists()


def test_without_any_plan_only_a_worker_may_tell(referral, bo):
    assert tell(referral, bo).done_at is None
    assert not Reminder.objects.exists()


def test_while_contact_is_paused_no_message_is_queued(referral, plan, person, ash, bo):
    person.paused_at, person.paused_by, person.pause_reason = WEDNESDAY, ash, "in_hospital"
    person.pause_review_on = date(2027, 1, 1)
    person.save()
    assert tell(referral, bo).done_at is None
    assert not Reminder.objects.exists()


def test_a_landline_gets_no_text(referral, plan, person, bo):
    person.phone = "+442079460123"
    person.save()
    assert tell(referral, bo).reminders.get().channel == "letter"


def test_news_queued_at_night_is_due_in_the_morning(referral, plan, bo):
    with clock.at(datetime(2026, 11, 28, 22, 0, tzinfo=LONDON)):  # Saturday night; Sunday is quiet
        follow_up = tell(referral, bo)
    assert follow_up.reminders.get().due_at == datetime(2026, 11, 30, 9, 0, tzinfo=LONDON)


def test_that_the_door_is_open_goes_by_letter_where_one_may(referral, plan, bo):
    follow_up = tell(referral, bo, "door_is_open", step="could_not_reach", source="active", target="closed")
    assert follow_up.reminders.get().channel == "letter"


@pytest.mark.parametrize(
    ("source", "target", "side", "whose"),
    [
        ("acknowledged", "accepted", "provider", "provider"),
        ("active", "closed", "provider", "provider"),
        ("acknowledged", "waiting", "provider", "referrer"),
        ("acknowledged", "declined", "provider", "referrer"),
        ("draft", "sent", "referrer", "referrer"),
        ("delivered", "closed", "referrer", "referrer"),
    ],
)
def test_a_provider_tells_its_own_news_once_it_works_with_the_person(
    referral, ash, team, provider_team, source, target, side, whose
):
    follow_up = tell(referral, ash, source=source, target=target, side=side)
    assert follow_up.team == {"provider": provider_team, "referrer": team}[whose]


def test_a_provider_without_an_account_leaves_telling_to_the_referrer(referral, ash, team):
    referral.provider_team = None
    referral.save()
    assert tell(referral, ash).team == team


def test_newer_news_takes_the_place_of_older_news_not_yet_told(referral, plan, bo):
    older = tell(referral, bo, "waiting_list", step="wait_list", target="waiting")
    newer = tell(referral, bo, source="waiting")
    older.refresh_from_db()
    assert (older.result, older.reminders.get().status) == ("newer_news", "cancelled")
    assert newer.reminders.get().status == "queued"


def test_somebodys_word_stops_the_message(referral, plan, bo):
    follow_up = tell(referral, bo)
    obligations.settle(follow_up=follow_up, result="told_in_person", by=bo)
    message = follow_up.reminders.get()
    assert (message.status, message.reason) == ("cancelled", "told_already")


def test_after_messages_are_dropped_none_is_queued(referral, person, plan):
    for _ in range(3):
        message_to(person, referral=referral)
    claimed = message_to(person, referral=referral)
    Reminder.objects.filter(pk=claimed.pk).update(
        status="claimed", claim=claimed.pk, claimed_until=WEDNESDAY + timedelta(minutes=2)
    )
    assert obligations.drop_messages(referral=referral, reason="withdrawn") == 4
    assert not Reminder.objects.owed().exists()


def test_a_message_in_the_middle_of_its_hand_over_is_left_to_its_sender(referral, person, plan):
    leaving = message_to(person, referral=referral)
    Reminder.objects.filter(pk=leaving.pk).update(
        status="claimed", claim=leaving.pk, claimed_until=WEDNESDAY, sent_on=WEDNESDAY.date()
    )
    assert obligations.drop_messages(referral=referral, reason="withdrawn") == 0


def test_only_the_kinds_named_are_dropped(referral, ash):
    owe(referral)
    told = tell(referral, ash)
    assert obligations.drop_follow_ups(referral=referral, kinds=[Kind.NUDGE], reason="withdrawn") == 1
    assert list(FollowUp.objects.open()) == [told]
    assert obligations.drop_follow_ups(referral=referral, reason="withdrawn") == 1
    assert obligations.drop_follow_ups(referral=referral, reason="withdrawn") == 0


# --- Appointments -------------------------------------------------------------------------------------------


def book(referral, by, days=10, **more):
    return appointment_of(referral, by, WEDNESDAY + timedelta(days=days), **more)


def test_an_appointment_is_reminded_of_7_days_and_1_day_before(referral, plan, bo):
    appointment = book(referral, bo)
    for _ in range(2):
        obligations.remind_of_appointment(appointment=appointment, by=bo)
    due = sorted(Reminder.objects.values_list("due_at", flat=True))
    assert due == [WEDNESDAY + timedelta(days=3), WEDNESDAY + timedelta(days=9)]
    assert not FollowUp.objects.exists()


def test_a_reminder_whose_day_is_past_at_booking_is_left_out(referral, plan, bo):
    obligations.remind_of_appointment(appointment=book(referral, bo, days=3), by=bo)
    assert Reminder.objects.get().due_at == WEDNESDAY + timedelta(days=2)


def test_of_a_mondays_appointment_people_are_reminded_on_saturday(referral, plan, bo):
    obligations.remind_of_appointment(appointment=book(referral, bo, days=5), by=bo)
    assert Reminder.objects.get().due_at == WEDNESDAY + timedelta(days=3)


def test_somebody_who_wants_a_call_is_called_before_an_appointment(person, offer, ash, bo, provider_team):
    ContactPlanFactory(service_user=person, allowed=["call"], preferred="call")
    obligations.remind_of_appointment(appointment=book(referral_to(offer, person, ash), bo), by=bo)
    days = FollowUp.objects.filter(team=provider_team).values_list("due_on", flat=True)
    assert list(days) == [date(2026, 11, 28), date(2026, 12, 4)]
    assert not Reminder.objects.exists()


def test_a_letter_goes_so_early_that_the_post_is_in_time(person, offer, ash, bo):
    ContactPlanFactory(service_user=person, allowed=["letter", "call"], preferred="letter", fallback="call")
    obligations.remind_of_appointment(appointment=book(referral_to(offer, person, ash), bo), by=bo)
    due = sorted(Reminder.objects.values_list("due_at", flat=True))
    assert due == [WEDNESDAY + timedelta(days=3), WEDNESDAY + timedelta(days=6)]


def test_where_the_post_is_too_slow_a_worker_reminds(person, offer, ash, bo):
    ContactPlanFactory(service_user=person, allowed=["letter", "call"], preferred="letter", fallback="call")
    obligations.remind_of_appointment(appointment=book(referral_to(offer, person, ash), bo, days=2), by=bo)
    assert FollowUp.objects.get().due_on == date(2026, 11, 26)
    assert not Reminder.objects.exists()


def test_an_appointment_that_is_off_is_not_reminded_of_but_the_change_is_told(referral, plan, bo):
    appointment = book(referral, bo)
    obligations.tell_person(referral=referral, event=appointment, template="appointment_booked", by=bo)
    obligations.tell_person(referral=referral, event=appointment, template="appointment_changed", by=bo)
    obligations.remind_of_appointment(appointment=appointment, by=bo)
    appointment.status, appointment.outcome_at, appointment.outcome_by = "cancelled_by_service", WEDNESDAY, bo
    appointment.save()
    change = obligations.tell_person(referral=referral, event=appointment, template="appointment_changed", by=bo)
    assert obligations.drop_appointment_reminders(appointment=appointment, reason="cancelled") == 4
    assert list(FollowUp.objects.open()) == [change]
    assert Reminder.objects.owed().get() == change.reminders.get()


# --- Loans --------------------------------------------------------------------------------------------------


def lend(referral, by, ends_on, status="handed_over"):
    return Loan.objects.create(
        referral=referral,
        item="sim",
        label="SIM 12",
        status=status,
        reserved_by=by,
        handed_over_on=WEDNESDAY.date(),
        signed_or_witnessed="Bo Brandt",
        ends_on=ends_on,
    )


def open_loan_days():
    return list(FollowUp.objects.open().filter(kind=Kind.LOAN_ENDS).values_list("due_on", flat=True))


def test_a_worker_calls_30_and_7_days_before_a_loan_ends(referral, bo, provider_team):
    obligations.loan_follow_ups(loan=lend(referral, bo, date(2027, 3, 31)))
    assert open_loan_days() == [date(2027, 3, 1), date(2027, 3, 24)]
    assert {follow_up.team for follow_up in FollowUp.objects.all()} == {provider_team}


def test_a_loan_that_ends_within_the_week_is_called_about_today(referral, bo):
    obligations.loan_follow_ups(loan=lend(referral, bo, date(2026, 11, 27)))
    assert open_loan_days() == [WEDNESDAY.date()]


def test_a_renewed_loan_is_called_about_before_its_new_end_only(referral, bo):
    loan = lend(referral, bo, date(2027, 3, 31))
    obligations.loan_follow_ups(loan=loan)
    loan.status, loan.ends_on = "renewed", date(2027, 6, 30)
    obligations.loan_follow_ups(loan=loan)
    assert open_loan_days() == [date(2027, 5, 28), date(2027, 6, 23)]


def test_nobody_calls_about_a_loan_that_is_over(referral, bo):
    loan = lend(referral, bo, date(2027, 3, 31))
    obligations.loan_follow_ups(loan=loan)
    loan.status = "returned"
    assert obligations.loan_follow_ups(loan=loan) == []
    assert open_loan_days() == []


# --- Reviews ------------------------------------------------------------------------------------------------


def test_reviews_at_4_12_and_26_weeks_and_a_screening_after_a_year(person, team):
    for _ in range(2):
        obligations.reviews(service_user=person, screening_id=person.pk, submitted_on=WEDNESDAY.date(), team=team)
    days = FollowUp.objects.order_by("due_on").values_list("kind", "due_on")
    assert list(days) == [
        ("review", date(2026, 12, 23)),
        ("review", date(2027, 2, 17)),
        ("review", date(2027, 5, 26)),
        ("screening_due", date(2027, 11, 25)),
    ]


def test_a_newer_screening_takes_the_place_of_what_the_older_had_ahead(person, team, ash):
    old, new = ash.pk, person.pk  # any two ids
    obligations.reviews(service_user=person, screening_id=old, submitted_on=date(2026, 11, 1), team=team)
    obligations.reviews(service_user=person, screening_id=new, submitted_on=WEDNESDAY.date(), team=team)
    assert {follow_up.key.split(":")[1] for follow_up in FollowUp.objects.open()} == {str(new)}


def test_a_review_whose_window_is_over_is_not_opened(person, team):
    obligations.reviews(service_user=person, screening_id=person.pk, submitted_on=date(2026, 7, 1), team=team)
    assert [follow_up.key.rpartition(":")[2] for follow_up in FollowUp.objects.order_by("due_on")] == [
        "26w",
        "year",
    ]


def test_an_accepted_state_is_what_working_with_the_person_means(referral, bo, provider_team, team):
    appointment = book(referral, bo)
    told = obligations.tell_person(referral=referral, event=appointment, template="appointment_booked", by=bo)
    assert told.team == provider_team
    referral.status = Status.WAITING
    assert obligations.telling.teller(referral, appointment) == team
