"""The questions on a handed-over screen: one at a time, in the person's words, and saved like any others."""

import html
import re
from datetime import date

import pytest

from accounts.actions import end_membership
from accounts.models import AuditEvent
from referrals.giving_away import check_words
from referrals.how_we_work.plain import grade
from screening import actions
from screening.handover_views import BOTH, OTHERS, UNKNOWN
from screening.models import Screening
from tests.factories import PASSWORD, ScreeningFactory
from tests.screening.examples import CASES, GETTING_ONLINE
from tests.screening.filling import Inputs, fill

pytestmark = pytest.mark.django_db

HERE = "/screenings/handed-over/"
END = f"{HERE}end/"
STAFF_WORDS = [
    "Ask only when alone",
    "Rather not say",
    "Not asked",
    "Worked out for you",
    "Ran out of time",
    "Reaching you",
    "Save and continue",
    "Saved",
    "There is a problem",
    "interviewer",
    "screening of",
]


@pytest.fixture
def draft(person, ash):
    return actions.start(service_user=person, by=ash)


@pytest.fixture
def handed(as_ash, draft):
    as_ash.post(f"/screenings/{draft.pk}/hand-over/")
    return as_ash


def url(code):
    return f"{HERE}questions/{GETTING_ONLINE.items.index(GETTING_ONLINE.item(code)) + 1}/"


def open_question(client, code):
    """The page with the question on it: whoever is asked says that they are alone."""
    if GETTING_ONLINE.item(code).ask_only_when_alone:
        client.post(url(code), {"go": "alone"})
    return client.get(url(code))


def text(response):
    return html.unescape(response.content.decode())


def shown(client, code):
    return Inputs(open_question(client, code).content.decode()).data


def sent(client, code, value):
    """The page's own fields with an answer put in, as a browser without JavaScript sends them."""
    return fill(open_question(client, code).content.decode(), GETTING_ONLINE.item(code), value)


def answer(client, code, value, go="next", **headers):
    return client.post(url(code), {**sent(client, code, value), "go": go}, **headers)


def answers(screening):
    screening.refresh_from_db()
    return actions.answers_of(screening.responses)


# --- One question after the other


@pytest.mark.parametrize("case", ["supported-home-never-online", "many-needs-three-offers"])
def test_a_whole_questionnaire_gives_the_same_answers_as_the_clinicians_pages(handed, draft, case):
    given = CASES[case]
    at = handed.get(HERE).content.decode()
    at = re.search(rf'href="({HERE}questions/[^"]+)"', at)[1]
    asked = []
    while at != END:
        code = GETTING_ONLINE.items[int(at.split("/")[4]) - 1].code
        asked.append(code)
        response = answer(handed, code, given[code]) if code in given else handed.post(url(code), {"go": "skip"})
        assert response.status_code == 302, code
        at = response.url
    assert len(asked) == len(set(asked))
    assert answers(draft) == {code: given[code] for code in asked if code in given}
    assert "Thank you. Please give the screen back." in text(handed.get(END))


def test_answers_are_saved_by_the_clinicians_membership_and_count_as_the_persons(ash, handed, draft):
    answer(handed, "AC1", "daily")
    row = AuditEvent.objects.get(action="save_answers")
    assert (row.membership, row.details["items"]) == (ash, ["AC1"])
    draft.refresh_from_db()
    assert draft.answered_by == Screening.AnsweredBy.PERSON


def test_what_is_shown_is_audited(ash, handed, draft):
    handed.get(url("AC1"))
    row = AuditEvent.objects.get(action="show_question")
    assert (row.membership, row.subject_id, row.details) == (ash, str(draft.pk), {"item": "AC1"})


def test_the_person_begins_at_the_first_question_without_an_answer(as_ash, ash, person):
    draft = ScreeningFactory(service_user=person, started_by=ash, answers={"CT1": ["text"], "CT2": "fine"})
    as_ash.post(f"/screenings/{draft.pk}/hand-over/")
    assert f'href="{url("FA1")}"' in text(as_ash.get(HERE))


@pytest.mark.parametrize("item", GETTING_ONLINE.items, ids=lambda item: item.code)
def test_no_question_is_shown_in_staff_words(as_ash, ash, person, item):
    every = {"CT2": "avoid", "FA2": "unsure", "AC2": ["basic"], "MH3": "some"}
    answers = {code: value for code, value in every.items() if code != item.code}
    draft = ScreeningFactory(service_user=person, started_by=ash, answers=answers)
    as_ash.post(f"/screenings/{draft.pk}/hand-over/")
    page = text(open_question(as_ash, item.code))
    assert item.text in page
    assert "I would rather not say" in page
    assert "I don’t know" in page
    assert [word for word in STAFF_WORDS if word in page] == []
    assert "not_asked" not in page
    assert person.name not in page
    assert person.nhs_number not in page


def test_how_far_it_is_is_said_in_words(handed):
    assert "Question 1 of 25" in text(handed.get(url("CT1")))


def test_skip_leaves_a_question_unanswered_even_where_something_was_picked(handed, draft):
    assert answer(handed, "AC1", "daily", go="skip").url == url("AC2")
    assert answers(draft) == {}


def test_next_without_an_answer_leaves_it_unanswered_too(handed, draft):
    assert answer(handed, "CT1", []).url == url("CT2")
    assert answers(draft) == {}


def test_back_saves_what_was_picked_and_shows_it_again(handed, draft):
    assert answer(handed, "AC1", "daily", go="back").url == url("FA2")
    assert answers(draft) == {"AC1": "daily"}
    assert re.search(r'value="daily"[^>]*checked', text(handed.get(url("AC1"))))


def test_back_from_the_first_question_leads_to_the_welcome(handed):
    assert answer(handed, "CT1", ["text"], go="back").url == HERE


@pytest.mark.parametrize("state", ["prefer_not", "dont_know"])
def test_no_answer_is_an_answer_of_its_own(handed, draft, state):
    answer(handed, "CT1", {"state": state})
    assert answers(draft) == {"CT1": {"state": state}}


def test_an_answer_and_i_dont_know_together_are_asked_about_kindly(handed, draft):
    response = handed.post(url("CT1"), {**sent(handed, "CT1", []), "CT1": ["text", "~dont_know"], "go": "next"})
    assert response.status_code == 400
    assert "Please keep only one of them." in text(response)
    assert re.search(r'value="text"[^>]*checked', text(response)) is None
    assert answers(draft) == {}


def test_what_no_page_offers_is_refused_in_plain_words(handed, draft):
    response = handed.post(url("AC1"), {**sent(handed, "AC1", "daily"), "AC1": "sometimes", "go": "next"})
    assert response.status_code == 400
    assert "Please pick one of the answers." in text(response)


def test_a_question_that_does_not_apply_is_not_asked(handed):
    assert handed.get(url("CT2a")).url == HERE
    assert handed.get(f"{HERE}questions/99/").url == HERE


def test_what_is_worked_out_is_not_asked_again(as_ash, ash, person):
    draft = ScreeningFactory(service_user=person, started_by=ash, answers={"AC2": ["basic"], "AC2a": "no"})
    as_ash.post(f"/screenings/{draft.pk}/hand-over/")
    assert as_ash.get(url("AC3")).url == HERE


def test_the_short_form_asks_only_its_questions(as_ash, person, ash):
    draft = actions.start(service_user=person, by=ash, form="short")
    as_ash.post(f"/screenings/{draft.pk}/hand-over/")
    left_out = next(item.code for item in GETTING_ONLINE.items if item.code not in GETTING_ONLINE.short_form)
    assert as_ash.get(url(left_out)).url == HERE


# --- Alone


def test_a_question_for_when_alone_shows_nothing_of_itself_first(handed):
    page = text(handed.get(url("CT2")))
    item = GETTING_ONLINE.item("CT2")
    assert "You can leave this one until you are alone." in page
    assert item.text not in page
    assert not any(option.label in page for option in item.options)


@pytest.mark.parametrize("says_alone_first", [True, False])
def test_i_am_not_alone_leaves_it_for_another_time(handed, draft, says_alone_first):
    data = shown(handed, "CT2") if says_alone_first else {"version": "1"}
    assert handed.post(url("CT2"), {**data, "go": "not_alone"}).url == url("FA1")
    assert answers(draft) == {"CT2": {"state": "not_asked", "reason": "not_alone"}}


def shows_question(client, code):
    return GETTING_ONLINE.item(code).text in text(client.get(url(code)))


def test_who_said_that_they_are_alone_is_not_asked_again_for_the_next(handed):
    answer(handed, "CT2", "avoid")
    assert shows_question(handed, "CT2a")
    handed.post(url("CT2a"), {**shown(handed, "CT2a"), "go": "back"})
    assert shows_question(handed, "CT2")


def test_reloading_keeps_the_question_but_coming_back_to_it_asks_again(handed):
    open_question(handed, "CT2")
    assert shows_question(handed, "CT2")
    answer(handed, "CT2", "fine")
    answer(handed, "FA1", ["people"], go="back")
    assert not shows_question(handed, "CT2")


def test_what_was_said_alone_is_not_shown_to_whoever_says_next_that_they_are(handed, draft):
    answer(handed, "CT2", "checked")
    handed.get(url("FA1"))
    data = shown(handed, "CT2")
    assert "CT2" not in data
    assert data["was-CT2"] == ["null"]
    handed.post(url("CT2"), {**data, "go": "next"})
    assert answers(draft)["CT2"] == "checked"


@pytest.mark.parametrize("value", [[], ["fine"]])
def test_it_is_neither_told_nor_written_over_by_who_has_not_said_so(handed, draft, value):
    answer(handed, "CT2", "checked")
    handed.get(url("FA1"))
    data = {"version": "2", "was-CT2": '"checked"', "CT2": value}
    reply = handed.post(url("CT2"), data, HTTP_ACCEPT="application/json")
    assert reply.json() == {"go": url("CT2")}
    assert answers(draft)["CT2"] == "checked"


def test_an_answer_that_was_left_is_kept_until_there_is_one(handed, draft):
    answer(handed, "CT2", "avoid")
    handed.post(url("CT2a"), {**shown(handed, "CT2a"), "go": "not_alone"})
    handed.post(url("CT2a"), {**shown(handed, "CT2a"), "go": "next"})
    assert answers(draft)["CT2a"] == {"state": "not_asked", "reason": "not_alone"}
    data = shown(handed, "CT2a")
    handed.post(url("CT2a"), {**data, "CT2a": ["letter"], "go": "next"})
    assert answers(draft)["CT2a"] == ["letter"]


# --- The end


def test_yes_right_now_stops_at_once_and_shows_a_calm_page(handed, draft):
    assert answer(handed, "MH3", "now").url == END
    draft.refresh_from_db()
    assert draft.status == Screening.Status.PAUSED
    page = text(handed.get(END))
    assert "Please give the screen back to the person you are with now. They will help." in page
    assert "Thank you" not in page
    assert "Back to the questions" not in page
    assert handed.get(url("AC1")).url == END
    assert handed.get("/people/").url == END


def test_yes_right_now_is_followed_by_what_to_do_once_the_clinician_signed_in(handed, draft):
    answer(handed, "MH3", "now")
    response = handed.post("/me/take-back/", {"password": PASSWORD})
    assert response.url == f"/screenings/{draft.pk}/#safety"
    assert "The questions stopped" in text(handed.get(response.url))


def test_saving_as_it_is_picked_stops_at_once_as_well(handed, draft):
    data = {**sent(handed, "MH3", "now")}
    reply = handed.post(url("MH3"), data, headers={"Accept": "application/json"})
    assert reply.json() == {"go": END}


def test_after_the_last_question_the_clinician_goes_on_where_something_is_left(handed, draft):
    assert handed.post(url("FA4"), {"go": "skip"}).url == END
    assert handed.post("/me/take-back/", {"password": PASSWORD}).url == (
        f"/screenings/{draft.pk}/sections/reaching-you/"
    )


def test_who_wants_to_stop_can_and_can_go_on_after_all(handed):
    handed.get(url("AC1"))
    assert f'href="{url("AC1")}"' in text(handed.get(END))


@pytest.mark.parametrize("ends", ["submit", "void"])
def test_a_screening_that_somebody_else_ended_meanwhile_is_over_for_the_person_too(handed, draft, ash, ends):
    more = {"reason": "Wrong person"} if ends == "void" else {}
    data = sent(handed, "AC1", "daily")
    getattr(actions, ends)(screening=draft, by=ash, **more)
    assert handed.post(url("AC1"), {**data, "go": "next"}).url == END
    assert "Back to the questions" not in text(handed.get(END))


def test_an_answer_that_somebody_else_changed_meanwhile_is_not_written_over(handed, draft, ash):
    data = sent(handed, "AC1", "daily")
    actions.save_answers(screening=draft, answers={"AC1": "never"}, version=draft.version, by=ash)
    response = handed.post(url("AC1"), {**data, "go": "next"})
    assert "Someone else just changed this." in text(response)
    assert answers(draft) == {"AC1": "never"}


# --- Words


def said_on(client, path):
    """The words of the page, without its head and its fields; each part of it is a sentence at least."""
    page = re.search(r"<main.*?</main>", text(client.get(path)), re.DOTALL)[0]
    return re.sub(r"[.!?,\s]*\n+\s*", ".\n", re.sub(r"<[^>]+>", "\n", page))


def test_the_words_around_the_questions_are_for_a_child_of_nine_and_give_nothing_away(handed):
    pages = [said_on(handed, path) for path in (HERE, url("CT2"), END)]
    offline = re.search(r'data-offline="([^"]+)"', text(handed.get(url("AC1"))))[1]
    answer(handed, "MH3", "now")
    for words in [offline, *pages, said_on(handed, END), BOTH, UNKNOWN, OTHERS]:
        assert grade(str(words)) <= 4, words
        assert check_words(str(words)) == [], words


# --- Who may


def test_a_membership_that_ends_meanwhile_ends_the_session(handed, ash, dee):
    end_membership(membership=ash, by=dee)
    assert handed.get(url("AC1")).url.startswith("/account/login/")


def test_only_an_open_screening_can_be_handed_over(as_ash, ash, person):
    done = ScreeningFactory(service_user=person, started_by=ash, answers=CASES["no-barriers"], submitted=True)
    assert as_ash.post(f"/screenings/{done.pk}/hand-over/").url == f"/screenings/{done.pk}/"
    assert as_ash.get("/people/").status_code == 200


def test_answers_from_a_paper_form_have_nobody_to_hand_over_to(as_ash, ash, person):
    draft = actions.start(service_user=person, by=ash, answered_by="from_paper", on_paper_on=date(2026, 3, 2))
    start = as_ash.get(f"/screenings/of/{person.pk}/start/")
    assert "Hand over the screen" not in text(start)
    assert as_ash.post(f"/screenings/{draft.pk}/hand-over/").status_code == 409


def test_no_address_shows_the_code_of_a_question(handed):
    """Some begin with letters that stand for mental health."""
    links = re.findall(r'(?:href|action)="([^"]+)"', text(handed.get(url("MH3"))))
    assert [link for link in links if "MH" in link] == []


def test_a_correction_is_not_handed_over(as_ash, ash, person):
    done = ScreeningFactory(service_user=person, started_by=ash, answers=CASES["no-barriers"], submitted=True)
    correction = actions.correct(screening=done, reason="A slip", by=ash)
    page = as_ash.get(f"/screenings/{correction.pk}/sections/reaching-you/")
    assert "Hand over the screen" not in text(page)
    assert as_ash.post(f"/screenings/{correction.pk}/hand-over/").status_code == 409


def test_the_button_stands_on_the_section_and_on_the_start_page(as_ash, draft, person):
    for path in (f"{draft.pk}/sections/reaching-you/", f"of/{person.pk}/start/"):
        assert f'action="/screenings/{draft.pk}/hand-over/"' in text(as_ash.get(f"/screenings/{path}"))


def test_the_address_cannot_ask_for_another_screening(handed, ash):
    """Everything below comes from the session; ids in the address mean nothing."""
    other = ScreeningFactory(started_by=ash, service_user__team=ash.team)
    assert handed.get(f"/screenings/{other.pk}/sections/reaching-you/").url == HERE
    assert handed.post(f"/screenings/{other.pk}/hand-over/").url == HERE
