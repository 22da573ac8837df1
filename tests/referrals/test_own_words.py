"""An organisation's own words: what is found in them, how they are filled in, and when they are in force."""

import random
from datetime import date, datetime

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from accounts.errors import AlreadyChanged, InvalidInput, NotAllowed, NotPossibleNow
from accounts.models import AuditEvent, Organisation, Team
from accounts.permissions import Role
from people.london import LONDON
from people.models import ServiceUser
from referrals import messages
from referrals.giving_away import check_words
from referrals.how_we_work import plain, sms, words
from referrals.how_we_work.checks import Typed, check, refusals
from referrals.how_we_work.fields import FIELDS, cases_of, fields_of
from referrals.how_we_work.people import PEOPLE, ordinary, previews
from referrals.how_we_work.rendering import fill, parse
from referrals.how_we_work.shipped import as_own_words
from referrals.messages import TEMPLATES, NotFitToSend, render, shipped, tidy
from referrals.models import Appointment, MessageWords, SettingChange
from referrals.models.own import MessageWordsQuerySet
from referrals.reasons import NextAction
from tests import factories
from tests.conftest import SignedIn

CHANNELS = ("text", "letter", "email")
EVERY = [(template, channel) for template in TEMPLATES for channel in CHANNELS]
NAMES = ("Getting online", "Lambourne NHS Trust", "Brook Lane community team", "Brook Lane")
SENDER = Organisation(name="Lambourne NHS Trust", phone="020 7946 0100", sender_name="Your support team")
END = " Ring {{ phone }}. {{ sender }}"
GOOD = "Hello {{ name }}. There is a place for you. [{{ worker }} will ring you.|We will ring you.]" + END


def found_in(body, template="accepted", channel="text"):
    return check(Typed(body, template, channel, NAMES, ordinary(SENDER)))


def codes(body, template="accepted", channel="text"):
    return {finding.code for finding in found_in(body, template, channel)}


# --- The shipped words keep to the same rules ---------------------------------------------------------------


@pytest.mark.parametrize(("template", "channel"), EVERY)
def test_nothing_is_found_in_the_shipped_words(template, channel):
    assert [str(one) for one in found_in(as_own_words(template, channel), template, channel)] == []


@pytest.mark.parametrize(("template", "channel"), EVERY)
def test_shipped_words_in_the_language_of_own_words_say_the_same_in_every_case(template, channel):
    facts = ordinary(SENDER)
    for case in cases_of(template):
        known = {name: facts[name] for name in case}
        time = next((known[name] for name in ("when", "new_time", "old_time") if name in known), "")
        theirs = shipped(template, channel, {**known, "when": time, "booked": "old_time" not in case})
        own = fill(parse(as_own_words(template, channel), fields_of(template)), known)
        assert tidy(own, channel) == theirs


# --- Filling in ---------------------------------------------------------------------------------------------


def filled(body, **known):
    return fill(parse(body, FIELDS), known)


def test_square_brackets_stand_only_where_all_in_them_is_known():
    assert filled("A[ b {{ bring }}] c", bring="") == "A c"
    assert filled("A[ b {{ bring }}] c", bring="d") == "A b d c"
    assert filled("[{{ worker }}|Someone] rings", worker="Bo") == "Bo rings"
    assert filled("[{{ worker }}|Someone] rings") == "Someone rings"


def test_what_fills_a_field_is_never_read_as_a_field_or_as_brackets():
    assert filled("{{name}}[ {{ bring }}]", name="{{ phone }}[x|y]", bring="{% include 'x' %}", phone="1") == (
        "{{ phone }}[x|y] {% include 'x' %}"
    )


@given(st.text(st.sampled_from("{}[]|%# namephone.\n"), max_size=60))
def test_no_text_breaks_the_reader_and_what_it_cannot_read_it_says(body):
    parsed = parse(body, ["name", "phone"])
    fill(parsed, {"name": "Robin"})
    assert all(0 <= slip.start < slip.end <= len(body) for slip in parsed.slips)
    assert parsed.fields <= {"name", "phone"}


@pytest.mark.parametrize(
    "code",
    [
        "{% load static %}",
        "{{ name|upper }}",
        "{{ name.real }}",
        "{{ settings }}",
        "{# x #}",
        "{name}",
        "{{ name }",
    ],
)
def test_nothing_of_a_template_language_is_let_through(code):
    assert "field" in codes(GOOD + code)
    assert "settings" not in parse(code, ["name"]).fields


# --- What is found ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "Your Mental Health team",
        "méntal  héalth",
        "m e n t a l health",
        "N.H.S. is here",
        "men\u200btal",
        "the clinical service",
        "our CLINICS",
        "GettingOnline",
        "getting-online",
        "Brook Láne’s office",
        "BROOKLANE",
        "Brook  Lane community team",
        "psychiatrists",
        "men[tal {{ worker }}|tal]",
        "The CAMHS drug and alcohol team said yes",
        "your self harm",
        "M3ntal h3alth",
        "the NH5",
        "your GP",
    ],
)
def test_words_that_give_away_are_refused_in_any_spelling(words):
    assert codes(f"{GOOD} {words}") & {"gives_away", "names_service"}


@pytest.mark.parametrize("word", ["m\u0435ntal", "\u0274\u029c\ua731"], ids=["Cyrillic e", "small capitals"])
def test_a_word_with_a_letter_of_another_alphabet_is_refused(word):
    assert "strange_letters" in codes(f"{GOOD} {word}")


def test_a_character_that_stands_for_a_sentence_counts_as_one():
    assert codes(f"{GOOD} " + "\ufdfa" * 300) == {"too_long"}


@pytest.mark.parametrize("words", ["environmental healthy food", "A brook. Laneways.", "the city in its heart"])
def test_everyday_words_are_let_through(words):
    assert not codes(f"{GOOD} {words}.") & {"gives_away", "names_service"}


@pytest.mark.parametrize(
    "words", ["https://example.org", "www.example.org", "bo@example.org", "example.co.uk", "help.example/x",
              "example dot org", "bo (at) example"]
)  # fmt: skip
def test_links_and_what_looks_like_one_are_refused(words):
    assert "link" in codes(f"{GOOD} {words}")


def test_each_finding_names_its_line_and_the_very_words():
    [finding] = refusals(found_in("Hello.\nSee the Clinic." + END))
    assert (finding.line, finding.quote) == (2, "Clinic")
    assert str(finding).startswith("Line 2, “Clinic”: ")


@pytest.mark.parametrize(
    ("body", "template", "missing"),
    [
        ("Hello. {{ sender }}", "accepted", "phone"),
        ("Hello. Ring {{ phone }}.", "accepted", "sender"),
        ("Come to {{ where }}." + END, "appointment_booked", "when"),
        ("Come on {{ when }}." + END, "appointment_reminder", "where"),
        ("[Bring {{ bring }}. Come on {{ when }}.] At {{ where }}." + END, "appointment_booked", "when"),
        ("[It is on {{ new_time }}.] At {{ where }}." + END, "appointment_changed", "old_time"),
        ("They cannot help." + END, "declined_next_step", "next_step"),
        ("Hello[ {{ worker }}. Ring {{ phone }}]. {{ sender }}", "accepted", "phone"),
    ],
)
def test_what_a_message_has_to_say_in_every_case_is_asked_for(body, template, missing):
    sentences = [str(one) for one in refusals(found_in(body, template)) if one.code == "missing"]
    assert any(f"{{{{ {missing} }}}}" in sentence for sentence in sentences)


def test_a_field_that_another_message_has_is_not_for_this_one():
    assert "field" in codes(GOOD + " {{ when }}")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("{{ worker }} rings." + END, "hole"),
        ("[Hello.]" + END, "field"),
        ("[Hello.|{{ worker }}]" + END, "field"),
        ("[{{ worker }}" + END, "field"),
        ("{{ worker }}]" + END, "field"),
        ("[a [{{ worker }}]]" + END, "field"),
        ("[{{ name }}|{{ worker }}]" + END, "never"),
        ("[{{ worker }}|{{ worker }} x]" + END, "never"),
    ],
)
def test_brackets_that_do_not_do_what_they_seem_to_are_refused(body, code):
    assert code in {finding.code for finding in refusals(found_in(body))}


def test_a_text_of_more_than_two_parts_is_warned_of_and_of_more_than_four_refused():
    line = " We will ring you at home soon."
    assert "too_long" not in codes(GOOD + line * 4)
    [warned] = [one for one in found_in(GOOD + line * 8) if one.code == "too_long"]
    [refused] = [one for one in found_in(GOOD + line * 20) if one.code == "too_long"]
    assert (warned.refuses, refused.refuses) == (False, True)
    assert "too_long" not in codes(GOOD + line * 20, channel="letter")


@pytest.mark.parametrize("words", ["Have a lovely day.", "Best wishes", "Take care", "Great news!", "xx", "☺"])
def test_a_cheery_sign_off_is_refused(words):
    assert "cheery" in codes(f"{GOOD} {words}")


def test_hard_words_and_long_sentences_are_pointed_at_and_refuse_nothing():
    body = GOOD + " We require assistance." + " word" * 16 + "."
    found = [finding for finding in found_in(body) if finding.code in {"hard_word", "long_sentence"}]
    assert {finding.quote for finding in found if finding.code == "hard_word"} == {"require", "assistance"}
    assert any(finding.code == "long_sentence" for finding in found)
    assert not refusals(found)


def test_a_text_for_twelve_and_above_is_refused_and_one_above_nine_warned_of():
    hard = "Notification regarding rescheduling of telecommunications instruction: {{ phone }} {{ sender }}"
    assert plain.reading_age("We will ring you. You can say no.") <= 9 < plain.reading_age(hard) > 12
    [finding] = [one for one in found_in(hard) if one.code == "reading_age"]
    assert finding.refuses
    middling = "Hello. Another appointment is available. Everybody may visit. We will ring you." + END
    assert [one.refuses for one in found_in(middling) if one.code == "reading_age"] == [False]


@pytest.mark.parametrize(
    ("text", "parts", "is_plain"),
    [
        ("a" * 160, 1, True),
        ("a" * 161, 2, True),
        ("a" * 306, 2, True),
        ("a" * 307, 3, True),
        ("€" * 80, 1, True),
        ("€" * 81, 2, True),
        ("م" * 70, 1, False),
        ("م" * 71, 2, False),
        ("ê" + "a" * 69, 1, False),
    ],
)
def test_parts_of_a_text_are_counted_as_phones_do(text, parts, is_plain):
    assert (sms.size(text).parts, sms.size(text).plain) == (parts, is_plain)


# --- A thousand people --------------------------------------------------------------------------------------

FIRST = (
    "Robin",
    "Wilhelmina-Konstantina",
    "محمد",
    "Siân",
    "Nguyễn",
    "O’Neil",
    "李",
    "Łukasz",
    "Ana María",
    "Ward",
)
LAST = (
    "Example",
    "Featherstonehaugh-Example",
    "علي",
    "O'Example",
    "Thị Example",
    "王",
    "d’Example",
    "Sample-Jones",
)


def thousand():
    dice = random.Random(12)
    for number in range(1000):
        first, last = dice.choice(FIRST), dice.choice(LAST)
        yield f"{first} {last}{number}", f"{last}{number}", dice.choice(("", "Bobby", "José"))


class Referred:
    """Stands for a referral, with no database behind it."""

    named_worker = None
    expected_on = date(2027, 3, 1)


MEETING = Appointment(starts_at=datetime(2027, 7, 14, 14, 30, tzinfo=LONDON), where="Riverside Hub", bring="a pen")


@pytest.mark.parametrize(("own", "people"), [(False, 1000), (True, 250)], ids=["shipped", "own"])
@pytest.mark.parametrize("channel", CHANNELS)
def test_for_a_thousand_people_every_message_says_no_more_than_a_first_name(monkeypatch, channel, own, people):
    """All messages as shipped; and as own words that say the same."""
    monkeypatch.setattr(
        MessageWordsQuerySet,
        "in_force_for",
        lambda self, sender, template, way: as_own_words(template, way) if own else "",
    )
    monkeypatch.setattr(messages, "next_step", lambda referral: NextAction.REROUTE)
    team = Team(name="Brook Lane")
    for name, last_name, preferred in list(thousand())[:people]:
        person = ServiceUser(name=name, preferred_name=preferred, organisation=SENDER, team=team)
        about = {"service_user": person, "sender": SENDER, "referral": Referred(), "appointment": MEETING}
        for template in TEMPLATES:
            body = render(template=template, channel=channel, **about).body
            assert last_name not in body
            assert not check_words(body, names=NAMES, spared=person.name)
            assert not set("{}[]") & set(body)


# --- Drafts, words in force, and back -----------------------------------------------------------------------


def draft(by, body=GOOD, template="accepted", channel="text"):
    seen = words.version_of(by.organisation, template, channel)
    return words.save_draft(by=by, template=template, channel=channel, body=body, seen=seen)


def in_force(by, body=GOOD, template="accepted", channel="text"):
    draft(by, body, template, channel)
    seen = words.version_of(by.organisation, template, channel)
    return words.put_in_force(by=by, template=template, channel=channel, seen=seen)


@pytest.fixture
def signed(trust):
    trust.phone, trust.sender_name = "020 7946 0100", "Your support team"
    trust.save()
    return trust


@pytest.mark.django_db
def test_a_draft_is_sent_to_nobody_and_words_in_force_are(dee, signed, person):
    def said(channel="text"):
        return render(template="accepted", channel=channel, service_user=person, sender=signed).body

    usual = said()
    draft(dee)
    assert said() == usual
    in_force(dee)
    assert said() == tidy(
        f"Hello {person.preferred_name or person.name.split()[0]}. There is a place for you. We will ring you."
        " Ring 020 7946 0100. Your support team",
        "text",
    )
    words.back_to_shipped(by=dee, template="accepted", channel="text", seen=3)
    assert said() == usual


@pytest.mark.django_db
def test_an_email_says_what_the_own_letter_says_unless_it_has_own_words(dee, signed, person):
    def said(channel):
        return render(template="closed", channel=channel, service_user=person, sender=signed).body

    in_force(dee, "Hello {{ name }}. It is over." + END, "closed", "letter")
    assert "It is over." in said("email")
    assert "It is over." not in said("text")
    in_force(dee, "Hello {{ name }}. This has ended." + END, "closed", "email")
    assert "This has ended." in said("email")


@pytest.mark.django_db
def test_own_words_are_looked_at_again_in_the_moment_before(dee, signed, person):
    """Say a team was named meanwhile as a word of the message."""
    in_force(dee)
    person.team.name = "There is a place"
    with pytest.raises(NotFitToSend, match="words"):
        render(template="accepted", channel="text", service_user=person, sender=signed)


@pytest.mark.django_db
def test_versions_are_kept_with_who_and_when(dee, trust):
    in_force(dee)
    in_force(dee, GOOD.replace("place", "seat"))
    ended, now = MessageWords.objects.filter(organisation=trust).order_by("in_force_at")
    assert (ended.state, ended.body, ended.ended_by) == ("ended", GOOD, dee)
    assert (now.state, now.in_force_by, now.written_by) == ("in_force", dee, dee)
    assert [row.done for row in SettingChange.objects.order_by("id")] == ["drafted", "put_in_force"] * 2
    assert AuditEvent.objects.filter(action="set_messages", details__done="put_in_force").count() == 2


@pytest.mark.django_db
def test_words_that_give_away_are_kept_as_a_draft_and_never_put_in_force(dee, trust):
    assert refusals(draft(dee, "See the clinic." + END))
    with pytest.raises(InvalidInput) as refusal:
        words.put_in_force(by=dee, template="accepted", channel="text", seen=1)
    assert "“clinic”" in refusal.value.fields["body"]
    assert MessageWords.objects.get().state == "draft"


@pytest.mark.django_db
def test_names_of_teams_and_of_whoever_refers_are_hidden(dee, trust, provider, offer, person, ash):
    assert {"Brook Lane community team", "Brook Lane", "Lambourne NHS Trust"} <= set(words.hidden_names(trust))
    assert "Brook Lane" not in words.hidden_names(provider)
    factories.ReferralFactory(state="sent", service_user=person, offer=offer, worker=None, admin=dee)
    assert "Brook Lane" in words.hidden_names(offer.provider)


@pytest.mark.django_db
def test_of_two_admins_the_second_is_told_and_only_admins_may(dee, ash):
    draft(dee)
    with pytest.raises(AlreadyChanged):
        words.save_draft(by=dee, template="accepted", channel="text", body="Other", seen=0)
    with pytest.raises(AlreadyChanged):
        words.put_in_force(by=dee, template="accepted", channel="text", seen=0)
    assert MessageWords.objects.get().body == GOOD
    with pytest.raises(NotAllowed):
        draft(ash)


@pytest.mark.django_db
def test_what_is_not_there_cannot_be_put_in_force_or_taken_back(dee):
    for act in (words.put_in_force, words.back_to_shipped):
        with pytest.raises(NotPossibleNow):
            act(by=dee, template="accepted", channel="text", seen=0)


@pytest.mark.django_db
def test_the_database_holds_one_in_force(dee, trust):
    row = in_force(dee)
    with pytest.raises(IntegrityError), transaction.atomic():
        MessageWords.objects.create(
            organisation=trust, template="accepted", channel="text", body="x", state="in_force",
            in_force_at=row.in_force_at, written_by=dee,
        )  # fmt: skip


# --- Pages and API ------------------------------------------------------------------------------------------

PAGE = "/referrals/how-we-work/messages/"
ONE = f"{PAGE}accepted/text/"


@pytest.mark.django_db
def test_the_pages_write_check_preview_put_in_force_and_take_back(as_dee):
    assert "Usual words" in as_dee.get(PAGE).content.decode()
    bad = as_dee.post(ONE, {"body": "See the clinic." + END, "version": 0}, follow=True)
    said = bad.content.decode()
    assert "Line 1, “clinic”" in said
    assert "See the clinic." in said
    assert "Put in force" not in as_dee.get(f"{ONE}preview/").content.decode()
    good = as_dee.post(ONE, {"body": GOOD, "version": bad.context["form"]["version"].value()})
    assert good.url == f"{ONE}preview/"
    shown = as_dee.get(good.url).content.decode()
    for somebody in PEOPLE:
        assert somebody.name.replace("'", "&#x27;") in shown
    assert "text message" in shown
    as_dee.post(f"{ONE}put-in-force/", {"version": 2})
    assert MessageWords.objects.get().state == "in_force"
    assert "Your own words" in as_dee.get(PAGE).content.decode()
    as_dee.post(f"{ONE}usual-words/", {"version": 3})
    after = as_dee.get(ONE).content.decode()
    assert "The usual words are in force." in after
    assert "There is a place for you. [{{ worker }} will ring you." in after


@pytest.mark.django_db
def test_a_stale_page_keeps_what_was_typed(as_dee, dee):
    draft(dee)
    stale = as_dee.post(ONE, {"body": "Mine." + END, "version": 0})
    assert stale.status_code == 400
    assert "Mine." in stale.content.decode()
    assert "Somebody else changed this meanwhile" in stale.content.decode()
    empty = as_dee.post(ONE, {"body": " ", "version": 1})
    assert empty.status_code == 400
    assert "Write the words of the message." in empty.content.decode()
    assert as_dee.get(f"{PAGE}nothing/text/").status_code == 404
    assert as_dee.get(f"{PAGE}accepted/pigeon/").status_code == 404


@pytest.mark.django_db
def test_a_preview_shows_both_cases_of_a_changed_appointment_in_winter_and_summer(trust):
    shown = previews(
        as_own_words("appointment_changed", "text"), template="appointment_changed", channel="text", sender=trust
    )
    bodies = " ".join(one.body for one in shown)
    assert len(shown) == 2 * len(PEOPLE)
    for said in (
        "Wednesday 6 January at 9am",
        "Wednesday 14 July at 2:30pm",
        "will not go ahead",
        "has a new time",
    ):
        assert said in bodies


@pytest.mark.django_db
def test_an_organisation_sees_only_its_own_words(dee, provider_team):
    in_force(dee, GOOD.replace("place", "seat"))
    elsewhere = SignedIn(factories.MembershipFactory(team=provider_team, role=Role.ADMIN))
    assert "a seat" not in elsewhere.get(ONE).content.decode()
    rows = elsewhere.get("/api/v1/message-words/").json()
    assert not any(row["in_force"] for row in rows)


@pytest.mark.django_db
def test_a_draft_that_is_thrown_away_is_sent_to_nobody_and_stays_readable_in_the_history(as_dee, dee):
    words.save_draft(by=dee, template="accepted", channel="text", body=GOOD, seen=0)
    assert "Throw the draft away" in as_dee.get(ONE).content.decode()
    gone = as_dee.post(f"{ONE}throw-away/", {"version": 1}, follow=True).content.decode()
    assert "The draft is thrown away" in gone
    assert "Throw the draft away" not in gone
    assert not MessageWords.objects.exists()
    assert "Hello {{ name }}. There is a place for you." in as_dee.get(PAGE).content.decode()
    with pytest.raises(NotPossibleNow):
        words.throw_draft_away(by=dee, template="accepted", channel="text", seen=2)


@pytest.mark.django_db
def test_the_words_in_force_outlive_a_draft_that_is_thrown_away(as_dee, dee):
    in_force(dee, GOOD)
    version = words.version_of(dee.organisation, "accepted", "text")
    words.save_draft(by=dee, template="accepted", channel="text", body="Something else", seen=version)
    url = "/api/v1/message-words/accepted.text/throw-draft-away/"
    row = as_dee.post(url, {"version": version + 1}, content_type="application/json").json()
    assert (row["in_force"], row["draft"]) == (GOOD, "")


@pytest.mark.django_db
def test_the_api_reads_all_messages_in_as_many_queries_as_one(as_dee, dee, django_assert_max_num_queries):
    for template in list(TEMPLATES)[:3]:
        words.save_draft(by=dee, template=template, channel="letter", body="Hello", seen=0)
    with django_assert_max_num_queries(12):
        as_dee.get("/api/v1/message-words/")


@pytest.mark.django_db
def test_the_api_drafts_checks_and_refuses_with_the_same_words(as_dee):
    url = "/api/v1/message-words/"
    one = f"{url}accepted.text/"

    def send(method, path, **body):
        return getattr(as_dee, method)(path, body, content_type="application/json")

    assert len(as_dee.get(url).json()) == len(EVERY)
    found = send("post", f"{one}check/", body="See the clinic." + END).json()["findings"]
    assert [(one["code"], one["line"], one["quote"]) for one in found if one["refuses"]] == [
        ("gives_away", 1, "clinic")
    ]
    bad = send("put", one, body="See the clinic." + END, version=0).json()
    assert bad["findings"]
    refused = send("post", f"{one}put-in-force/", version=1)
    assert refused.status_code == 400
    assert "“clinic”" in refused.json()["errors"]["body"]
    assert send("put", one, body=GOOD, version=0).status_code == 409
    assert send("put", one, body=GOOD, version=1).json()["findings"] == []
    assert send("post", f"{one}put-in-force/", version=2).json()["in_force"] == GOOD
    assert send("post", f"{one}back-to-shipped/", version=3).json()["in_force"] == ""
    assert send("post", f"{one}back-to-shipped/", version=4).status_code == 409
    assert send("put", f"{url}nothing.text/", body=GOOD, version=0).status_code == 404
