"""What a message says: plain, neutral, signed with a number to ring, and nothing that gives away."""

import re
from datetime import date, datetime
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from accounts.models import Organisation, Team, User
from people.london import LONDON
from people.models import ServiceUser
from referrals import messages
from referrals.how_we_work.plain import grade, long_sentences
from referrals.messages import TEMPLATES, NotFitToSend, check_words, render
from referrals.models import Appointment, Referral
from referrals.models.own import MessageWordsQuerySet
from referrals.reasons import NextAction
from tests.referrals.reaching import event_of, referral_to

FILES = Path(settings.BASE_DIR) / "templates" / "messages"
CHANNELS = ("text", "email", "letter")


class Named:
    """Stands for a referral, with no database behind it."""

    expected_on = date(2027, 3, 1)

    def __init__(self, worker=""):
        self.named_worker = type("Worker", (), {"user": User(name=worker)})() if worker else None


@pytest.fixture(autouse=True)
def _no_database(monkeypatch):
    """Nobody here has own words, nor an own list of reasons; tests/referrals/test_own_words.py has."""
    monkeypatch.setattr(MessageWordsQuerySet, "in_force_for", lambda self, *which: "")
    monkeypatch.setattr(messages, "next_step", lambda referral: NextAction.REROUTE)


def sentence(template, channel, *, name="Robin Example", worker="Bo Brandt", **more):
    trust = Organisation(name="Lambourne NHS Trust", phone="020 7946 0100", sender_name="Your support team")
    person = ServiceUser(name=name, organisation=trust, team=Team(name="Brook Lane community team"))
    person.preferred_name = more.pop("preferred_name", "")
    appointment = Appointment(
        starts_at=datetime(2026, 12, 7, 14, 30, tzinfo=LONDON), where="Riverside Hub, 2 High Street"
    )
    for field, value in more.items():
        setattr(appointment, field, value)
    return render(
        template=template,
        channel=channel,
        service_user=person,
        sender=trust,
        referral=Named(worker),
        appointment=appointment,
    )


EVERY = [(template, channel) for template in TEMPLATES for channel in CHANNELS]


@pytest.mark.parametrize(("template", "channel"), EVERY)
def test_every_message_greets_by_first_name_and_is_signed_with_a_number(template, channel):
    body = sentence(template, channel).body
    assert body.startswith("Hello Robin")
    assert "Example" not in body.replace("Example Road", "")
    assert "020 7946 0100" in body
    assert "Your support team" in body
    assert "{" not in body
    assert "  " not in body


@pytest.mark.parametrize(("template", "channel"), EVERY)
def test_every_message_reads_whole_with_nothing_but_the_least_known(template, channel):
    body = sentence(template, channel, worker="", bring="").body
    assert not re.search(r" [.,]|\.\.|: *\.|None", body)


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_text_fits_two_messages_of_a_phone(template):
    assert len(sentence(template, "text").body) <= 306


def test_there_is_no_message_that_staff_have_no_words_for():
    names = {path.name.split(".")[0] for path in FILES.glob("*.txt")} - {"frame"}
    assert names == set(TEMPLATES)


def test_an_email_has_a_subject_that_gives_nothing_away():
    assert sentence("accepted", "email").subject == "A message from Your support team"


# --- Reading age 9 ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("template", "channel"), EVERY)
def test_a_child_of_nine_could_read_it(template, channel):
    body = sentence(template, channel).body
    assert grade(body) <= 4  # the school year of children of nine
    assert not list(long_sentences(body))


def test_what_is_hard_to_read_is_found():
    assert grade("Notification regarding the rescheduling of your forthcoming consultation.") > 12


# --- Nothing that gives away --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Your Mental Health review is on Monday",
        "See the psychiatrist",
        "from Lambourne NHS",
        "your Clinic appointment",
        "your referral was accepted",
        "our screening",
        "go to https://example.org/x",
        "go to www.example.org",
        "write to bo@example.org",
        "see example.co.uk",
        "Early Intervention Team",
        "EIP hub",
        "my CPN",
        "The Maudsley",
        "see Dr Shah",
        "ask dr. shah",
        "ring my doctor",
        "bring your clozapine card",
        "Olanzapine and quetiapine",
        "zuclopenthixol",
        "your meds",
        "your depot",
        "after the injection",
        "lithium",
        "two CMHTs",
        "outpatients",
        "my care coordinator",
        "the care co-ordinator",
        "counselling room",
        "stop hearing voices",
        "I hear the voices",
        "since I was sectioned",
        "Section 3",
    ],
)
def test_words_and_links_that_give_away_are_found(text):
    assert check_words(text)


@pytest.mark.parametrize(
    "text",
    [
        "Come at 2.30pm. Bring the red cable.",
        "We trusted the rewarding inward path.",
        "Hear my daughter’s voice",
        "See Drew at the council, 4 Drum Road",
        "Intersections, and the coordinator of my street",
        "Make music with Sid, one verse",
    ],
)
def test_everyday_words_are_let_through(text):
    assert check_words(text) == []


def test_a_name_given_as_private_is_found_whatever_its_case():
    assert check_words("from brook lane", names=("Brook Lane",)) == ["Brook Lane"]


def test_somebodys_own_name_is_no_reason_to_refuse():
    assert sentence("accepted", "text", name="Ward Hollis").body.startswith("Hello Ward")


def test_a_worker_whose_name_begins_with_a_title_is_no_reason_to_refuse():
    assert "Dr will get in touch" in sentence("accepted", "text", worker="Dr").body


@pytest.mark.parametrize("preferred_name", ["http://evil.example.org", "www.evil.example", "x@example.org"])
def test_a_link_in_a_name_does_not_go_out(preferred_name):
    with pytest.raises(NotFitToSend, match="words"):
        sentence("accepted", "text", preferred_name=preferred_name)


@pytest.mark.parametrize("where", ["Brook Lane community team room", "Getting online, 2 High Street", "Ward 5"])
def test_a_place_that_names_the_service_does_not_go_out(where):
    with pytest.raises(NotFitToSend, match="words"):
        sentence("appointment_reminder", "text", where=where)


def test_the_service_is_named_only_where_the_plan_says_that_it_may_be():
    trust = Organisation(name="Lambourne", phone="020 7946 0100", sender_name="Lambourne")
    person = ServiceUser(name="Robin", organisation=trust, team=Team(name="Brook Lane"))
    known = {"template": "review_due", "channel": "text", "service_user": person, "sender": trust}
    with pytest.raises(NotFitToSend, match="words"):
        render(**known)
    assert "Lambourne" in render(**known, may_name_service=True).body


@pytest.mark.parametrize("missing", ["phone", "sender_name"])
def test_a_message_that_nobody_signs_does_not_go_out(missing):
    trust = Organisation(name="Lambourne", **{"phone": "1", "sender_name": "Us", missing: ""})
    person = ServiceUser(name="Robin", organisation=trust, team=Team(name="Brook Lane"))
    with pytest.raises(NotFitToSend, match="no_sender"):
        render(template="review_due", channel="text", service_user=person, sender=trust)


NAMES = st.text(st.characters(categories=["L", "M", "N", "P", "S", "Zs"]), min_size=1, max_size=200).filter(
    str.strip
)


@hypothesis_settings(max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(case=st.sampled_from(EVERY), name=NAMES, preferred=st.one_of(st.just(""), NAMES), worker=NAMES)
def test_for_a_thousand_people_no_message_gives_away(case, name, preferred, worker):
    """Either it says nothing that it must not, or it does not go out; our own words never stand in the way."""
    called, helper = preferred or name.split()[0], worker.split()[0]
    try:
        body = sentence(*case, name=name, preferred_name=preferred, worker=worker).body
    except NotFitToSend:
        assert check_words(f"{called}. {called}, {helper}", names=("getting online",))
        return
    kept = body.replace(called, "").replace(helper, "")
    for word in (
        "mental",
        "health",
        "nhs",
        "clinic",
        "screening",
        "referral",
        "http",
        "www",
        "@",
        "getting online",
    ):
        assert word not in kept.lower()


def test_apostrophes_and_other_scripts_stay_as_they_are():
    assert sentence("accepted", "letter", name="Siân O’Neil").body.startswith("Hello Siân,")
    assert sentence("accepted", "text", preferred_name="O'Neil <3").body.startswith("Hello O'Neil <3.")
    assert sentence("accepted", "text", name="محمد علي").body.startswith("Hello محمد.")


@pytest.mark.django_db
def test_a_decline_is_told_together_with_the_next_step(person, offer, ash, monkeypatch):
    monkeypatch.undo()
    referral = referral_to(offer, person, ash, "declined")
    event_of(referral, ash, step="decline", target="declined", reason_code="full")
    assert messages.next_step(Referral.objects.get()) == NextAction.ASK_AGAIN
    referral.provider.reason_codes.create(step="decline", code="full", label="Full", next_action="talk")
    assert messages.next_step(Referral.objects.get()) == NextAction.TALK
