"""Mail to staff and providers: nothing is lost with the mail server, nobody is named, and no secret stays."""

from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from accounts import clock
from accounts.errors import NotPossibleNow
from accounts.models import AuditEvent
from inclusion import environment
from referrals import actions, doorbell, tasks
from referrals.mail import cancel_mail, queue_mail, sending, try_again
from referrals.models import FollowUp, Mail, MailAttempt
from tests.referrals.reaching import WEDNESDAY
from tests.referrals.smtp_server import Server

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings):
    with Server() as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", running.port, 2
        settings.DEFAULT_FROM_EMAIL = "Getting online <no-reply@example.org>"
        yield running


@pytest.fixture
def kept(settings):
    settings.EMAIL_BACKEND = environment.KEPT


@pytest.fixture
def referral(referral_in):
    return referral_in("sent")


def owe_mail(team, **more):
    words = {"key": "k", "to": "hub@example.org", "subject": "A referral waits", "body": "Please sign in."}
    return queue_mail(**words | {"team": team} | more)


def fate(mail):
    mail.refresh_from_db()
    return mail.fate


def asked(mail):
    return FollowUp.objects.filter(kind="mail_failed", key=f"mail:{mail.pk}")


def try_for(minutes):
    """A beat each minute."""
    for minute in range(minutes):
        with clock.at(WEDNESDAY + timedelta(minutes=minute)):
            tasks.send_mail()


def test_the_server_gets_it_with_the_row_s_id_as_message_id(server, team):
    mail = owe_mail(team)
    tasks.send_mail()
    [taken] = server.taken
    assert fate(mail) == "sent"
    assert taken["Message-ID"] == f"<{mail.pk}@example.org>"
    assert (taken["To"], taken["Subject"]) == ("hub@example.org", "A referral waits")
    assert taken.get_content().strip() == "Please sign in."


def test_owing_it_again_or_sending_twice_sends_one(server, team):
    assert owe_mail(team) == owe_mail(team, subject="Other words")
    tasks.send_mail()
    tasks.send_mail()
    assert len(server.taken) == 1


def test_a_step_that_is_rolled_back_mails_nobody(server, team):
    with transaction.atomic():
        owe_mail(team)
        transaction.set_rollback(True)
    tasks.send_mail()
    assert not server.taken


def test_the_bell_is_rung_after_the_commit(monkeypatch, team, django_capture_on_commit_callbacks):
    rung = []
    monkeypatch.setattr(doorbell, "ring", rung.append)
    with django_capture_on_commit_callbacks(execute=True):
        owe_mail(team)
        assert not rung
    assert rung == ["referrals.tasks.send_mail"]


@pytest.mark.parametrize("mood", ["busy", "cuts", "gone"])
def test_within_fifteen_minutes_of_a_broken_server_the_owner_is_asked(server, team, referral, mood):
    with clock.at(WEDNESDAY):
        mail = owe_mail(team, referral=referral)
    server.mood = mood
    if mood == "gone":
        server.shutdown()
        server.server_close()
    try_for(15)
    assert fate(mail) == ""
    assert asked(mail).get().team == team
    assert 4 <= mail.tries < 8


def test_what_goes_after_all_asks_nobody_any_more(server, team, referral):
    with clock.at(WEDNESDAY):
        mail = owe_mail(team, referral=referral)
    server.mood = "busy"
    try_for(15)
    server.mood = "takes"
    with clock.at(WEDNESDAY + timedelta(hours=2)):
        tasks.send_mail()
    assert fate(mail) == "sent"
    assert asked(mail).get().result == "sent_after_all"


def test_tries_are_bounded(server, team, referral):
    with clock.at(WEDNESDAY):
        mail = owe_mail(team, referral=referral)
    server.mood = "busy"
    for hours in range(60):
        with clock.at(WEDNESDAY + timedelta(hours=hours)):
            tasks.send_mail()
    assert (fate(mail), mail.reason, mail.tries) == ("failed", "not_reached", 9)
    assert asked(mail).filter(done_at=None).count() == 1


def test_an_address_that_the_server_refuses_is_not_tried_again(server, team, referral):
    server.mood = "refuses"
    mail = owe_mail(team, referral=referral)
    tasks.send_mail()
    assert (fate(mail), mail.reason, mail.tries) == ("failed", "refused", 1)
    assert asked(mail).exists()


@pytest.mark.parametrize("to", ["", "nobody", "two@example.org, three@example.org", "a@b\nBcc: x@example.org"])
def test_no_usable_address_asks_the_owner_at_once(server, team, referral, to):
    mail = owe_mail(team, referral=referral, to=to)
    assert (fate(mail), mail.reason) == ("failed", "no_address")
    assert asked(mail).get().referral == referral
    tasks.send_mail()
    assert not server.taken


def test_a_secret_is_gone_once_sent(server, team):
    mail = owe_mail(team, body="Your code is 314159.", secret=True)
    tasks.send_mail()
    assert "314159" in server.taken[0].get_content()
    assert (fate(mail), mail.body) == ("sent", "")


def test_a_secret_is_gone_once_it_is_too_late(server, team, referral):
    with clock.at(WEDNESDAY):
        until = WEDNESDAY + timedelta(minutes=5)
        mail = owe_mail(team, referral=referral, body="Code 314159", secret=True, useful_until=until)
    with clock.at(WEDNESDAY + timedelta(minutes=6)):
        tasks.send_mail()
    assert (fate(mail), mail.body) == ("stale", "")
    assert not server.taken
    assert asked(mail).exists()


def test_killed_between_hand_over_and_record_it_goes_again_under_the_same_id(server, team, monkeypatch):
    mail = owe_mail(team)
    with monkeypatch.context() as patch:
        patch.setattr(sending.fates, "gone", lambda mail: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            tasks.send_mail()
    tasks.send_mail()
    assert len(server.taken) == 1, "the lease still holds"
    with clock.at(clock.now() + sending.LEASE + timedelta(seconds=1)):
        tasks.send_mail()
    assert [one["Message-ID"] for one in server.taken] == [f"<{mail.pk}@example.org>"] * 2
    assert fate(mail) == "sent"


def test_killed_before_the_hand_over_it_goes_later(server, team, monkeypatch):
    mail = owe_mail(team)
    with monkeypatch.context() as patch:
        patch.setattr(sending, "_hand_over", lambda mail: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            tasks.send_mail()
    assert MailAttempt.objects.get().ended_at is None
    with clock.at(clock.now() + sending.LEASE + timedelta(seconds=1)):
        tasks.send_mail()
    assert (fate(mail), len(server.taken)) == ("sent", 1)


def test_one_that_cannot_be_put_together_is_not_in_the_way(server, team, monkeypatch):
    bad, good = owe_mail(team), owe_mail(team, key="other")
    whole = sending.message_of

    def broken(mail):
        if mail.pk == bad.pk:
            raise RuntimeError("Please sign in.")
        return whole(mail)

    monkeypatch.setattr(sending, "message_of", broken)
    tasks.send_mail()
    assert fate(good) == "sent"
    assert bad.attempts.get().result == "set_aside"


def test_nothing_of_an_e_mail_is_logged(server, team, caplog):
    server.mood = "cuts"
    owe_mail(team, body="Your code is 314159.", secret=True)
    tasks.send_mail()
    assert caplog.records
    assert not [word for word in ("314159", "hub@", "A referral") if word in caplog.text]


def test_words_that_name_the_person_are_refused(team, referral, person):
    for words in (f"About {person.name.upper()}", f"NHS {person.nhs_number}", f"Ring {person.phone}"):
        with pytest.raises(ValueError, match="who the person is"):
            owe_mail(team, referral=referral, body=words)
    assert not Mail.objects.exists()


def test_mail_about_an_ended_referral_stops(server, team, referral, ash):
    mail = owe_mail(team, referral=referral, while_open=True)
    actions.act(referral=referral, action="withdraw", by=ash, evidence={"how_said": "phone"})
    tasks.send_mail()
    assert (fate(mail), mail.reason) == ("cancelled", "referral_ended")
    assert not server.taken


def test_cancelled_mail_is_not_sent(server, team, referral):
    mail, other = owe_mail(team, referral=referral, key="link:1"), owe_mail(team, referral=referral, key="news:1")
    assert cancel_mail(referral=referral, reason="link_revoked", key_prefix="link:") == 1
    tasks.send_mail()
    assert (fate(mail), fate(other)) == ("cancelled", "sent")


def test_without_a_server_it_is_kept_and_the_owner_asked(kept, team, referral, capsys):
    mail = owe_mail(team, referral=referral, body="Code 314159", secret=True)
    tasks.send_mail()
    assert (fate(mail), mail.reason, mail.body) == ("kept", "no_mail_server", "")
    assert asked(mail).exists()
    assert "314159" not in "".join(capsys.readouterr())


def test_a_demo_without_a_server_shows_even_a_code(kept, settings, team, referral, as_dee):
    settings.DEMO_MODE = True
    mail = owe_mail(team, referral=referral, body="Code 314159", secret=True)
    page = f"/referrals/mail/{mail.pk}/"
    assert "314159" not in as_dee.get(page).content.decode(), "not yet kept"
    tasks.send_mail()
    assert "314159" in as_dee.get(page).content.decode()
    assert not asked(mail).exists()


# --- The page ---------------------------------------------------------------------------------------------


def test_the_lists_sort_by_fate(as_dee, team, server):
    owe_mail(team, key="1", subject="Went well")
    tasks.send_mail()
    owe_mail(team, key="2", subject="Went wrong", to="")
    assert "Went well" in as_dee.get("/referrals/mail/").content.decode()
    failed = as_dee.get("/referrals/mail/", {"show": "failed"}).content.decode()
    assert ("Went wrong" in failed, "Went well" in failed) == (True, False)
    assert "Nothing waits" in as_dee.get("/referrals/mail/", {"show": "waiting"}).content.decode()


def test_reading_is_audited_and_a_secret_never_shown(as_dee, dee, team, server):
    mail = owe_mail(team, body="Your code is 314159.", secret=True)
    assert "314159" not in as_dee.get(f"/referrals/mail/{mail.pk}/").content.decode()
    assert AuditEvent.objects.get(membership=dee, action="view_mail").subject_id == str(mail.pk)


def test_pages_follow_on_and_a_broken_mark_is_harmless(as_dee, team):
    for number in range(30):
        owe_mail(team, key=str(number))
    first = as_dee.get("/referrals/mail/").context
    second = as_dee.get("/referrals/mail/", {"before": first["before"]}).context
    assert len({line["mail"].pk for line in (*first["lines"], *second["lines"])}) == 30
    assert len(as_dee.get("/referrals/mail/", {"before": "nonsense"}).context["lines"]) == 25


def test_what_did_not_go_can_be_sent_again(as_dee, dee, server, team):
    server.mood = "refuses"
    mail = owe_mail(team)
    tasks.send_mail()
    server.mood = "takes"
    as_dee.post(f"/referrals/mail/{mail.pk}/again/")
    tasks.send_mail()
    assert fate(mail) == "sent"
    with pytest.raises(NotPossibleNow):
        try_again(mail=mail, by=dee)
    assert as_dee.post(f"/referrals/mail/{mail.pk}/again/").status_code == 409


# --- Settings ---------------------------------------------------------------------------------------------

PROPER = {"MAIL_FROM": "a@example.org", "PUBLIC_URL": "https://online.example.org/"}


@pytest.mark.parametrize(
    "given",
    [
        {"EMAIL_URL": "smtp+tls://mail.example.org"},
        {**PROPER, "EMAIL_URL": "smtp://mail.example.org:25"},
        {**PROPER, "EMAIL_URL": "https://mail.example.org"},
        {**PROPER, "EMAIL_URL": "smtp+tls://mail.example.org", "PUBLIC_URL": "http://online.example.org"},
        {**PROPER, "EMAIL_URL": "smtp+tls://mail.example.org", "MAIL_FROM": "nobody"},
    ],
)
def test_settings_that_would_lose_or_leak_mail_stop_the_start(monkeypatch, given):
    for name in ("EMAIL_URL", "MAIL_FROM", "PUBLIC_URL"):
        monkeypatch.setenv(name, given.get(name, ""))
    with pytest.raises(ImproperlyConfigured, match=r"EMAIL_URL|PUBLIC_URL"):
        environment.mail(demo=False)


def test_settings_of_a_server_are_read(monkeypatch):
    for name, value in {**PROPER, "EMAIL_URL": "smtp+tls://ash:p%40ss@mail.example.org"}.items():
        monkeypatch.setenv(name, value)
    read = environment.mail(demo=False)
    assert (read["EMAIL_HOST"], read["EMAIL_PORT"], read["EMAIL_HOST_PASSWORD"]) == (
        "mail.example.org",
        587,
        "p@ss",
    )
    assert (read["EMAIL_USE_TLS"], environment.public_url(demo=False)) == (True, "https://online.example.org")
