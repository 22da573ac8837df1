"""The pages of a sitting: what they show, save and refuse, as a browser without JavaScript sees them."""

import datetime
import html

import pytest

from accounts.models import AuditEvent
from people.models import ContactPlan
from screening import actions, questionnaire
from screening.models import Screening
from tests.factories import ScreeningFactory
from tests.screening.examples import CASES, VECTORS
from tests.screening.filling import Inputs, fill, screen

GETTING_ONLINE = questionnaire.get("getting-online", "1.0.0")


@pytest.fixture
def draft(person, ash):
    return actions.start(service_user=person, by=ash)


def url(screening, section):
    return f"/screenings/{screening.pk}/sections/{section}/"


def page_of(client, screening, section):
    return client.get(url(screening, section)).content.decode()


def answer(client, screening, section, code, value, **more):
    """Opens the page, gives one answer, and sends it."""
    data = fill(page_of(client, screening, section), GETTING_ONLINE.item(code), value)
    return client.post(url(screening, section), {**data, **more})


def answers(screening):
    screening.refresh_from_db()
    return actions.answers_of(screening.responses)


# --- The whole way


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_every_worked_case_through_the_pages_gives_what_scoring_gives(as_ash, ash, person, vector):
    """Questions that the pages do not ask are those that do not apply, or are worked out."""
    done = screen(as_ash, person, ash, vector["answers"], last="how-you-feel")
    if done.is_draft:
        check = f"/screenings/{done.pk}/check/"
        response = as_ash.post(check, {"version": done.version, "rest": ""})
        assert response.url == f"/screenings/{done.pk}/"
        done.refresh_from_db()
    assert done.result == vector["expect"]
    assert as_ash.get(f"/screenings/{done.pk}/").status_code == 200


def test_the_start_page_asks_who_how_and_how_long(as_ash, person):
    page = f"/screenings/of/{person.pk}/start/"
    assert as_ash.get(page).status_code == 200
    response = as_ash.post(
        page, {"answered_by": "with_help", "helped_by": "his sister", "how": "phone", "form": "short"}
    )
    screening = Screening.objects.get()
    assert response.url == url(screening, "reaching-you")
    assert (screening.answered_by, screening.how, screening.form) == ("with_help", "phone", "short")


def test_a_paper_form_needs_its_day_and_says_so_at_the_field(as_ash, person):
    page = f"/screenings/of/{person.pk}/start/"
    sent = {"answered_by": "from_paper", "how": "face_to_face", "form": "full"}
    refused = as_ash.post(page, sent)
    assert "Enter the day that the paper form was filled in" in refused.content.decode()
    as_ash.post(page, {**sent, "on_paper_on": "3 2 2026"})
    assert Screening.objects.get().on_paper_on == datetime.date(2026, 2, 3)


def test_an_open_draft_is_offered_where_it_stopped(as_ash, ash, person, draft):
    answer(as_ash, draft, "reaching-you", "CT1", ["text"])
    answer(as_ash, draft, "reaching-you", "CT2", "fine")
    shown = as_ash.get(f"/screenings/of/{person.pk}/start/").content.decode()
    assert "23 of 25 questions are left" in shown
    assert url(draft, "what-you-want") in shown


# --- One page of questions


def test_a_page_shows_what_applies_and_hides_what_does_not(as_ash, draft):
    shown = page_of(as_ash, draft, "reaching-you")
    assert "What is the best way to reach you?" in shown
    assert "Which ways should we not use?" not in shown


def test_a_question_that_follows_is_asked_on_the_same_page(as_ash, draft):
    response = answer(as_ash, draft, "reaching-you", "CT2", "avoid")
    assert response.url == f"{url(draft, 'reaching-you')}#q-CT2a"
    shown = page_of(as_ash, draft, "reaching-you")
    assert "One more question follows from that answer." in shown
    assert answer(as_ash, draft, "reaching-you", "CT2a", ["letter"]).url == url(draft, "what-you-want")


def test_a_question_left_blank_holds_nobody_up(as_ash, draft):
    assert answer(as_ash, draft, "reaching-you", "CT1", ["text"]).url == url(draft, "what-you-want")


def test_saving_a_page_unchanged_answers_nothing(as_ash, draft):
    as_ash.post(url(draft, "reaching-you"), Inputs(page_of(as_ash, draft, "reaching-you")).data)
    assert answers(draft) == {}


@pytest.mark.parametrize(
    "state",
    [{"state": "prefer_not"}, {"state": "dont_know"}]
    + [{"state": "not_asked", "reason": reason} for reason in GETTING_ONLINE.not_asked_reasons],
    ids=str,
)
def test_no_answer_is_an_answer_of_its_own_and_gives_way_to_a_real_one(as_ash, draft, state):
    for code, value in (("CT1", ["text", "call"]), ("CT2", "fine")):
        answer(as_ash, draft, "reaching-you", code, state)
        assert answers(draft)[code] == state
        answer(as_ash, draft, "reaching-you", code, value)
        assert answers(draft)[code] == value


def test_an_answer_beside_a_reason_for_none_is_asked_about_and_the_rest_is_saved(as_ash, draft):
    data = fill(page_of(as_ash, draft, "reaching-you"), GETTING_ONLINE.item("CT1"), ["text"])
    data["CT1"] = [*data["CT1"], "~prefer_not"]
    refused = as_ash.post(url(draft, "reaching-you"), {**data, "CT2": "fine"})
    assert refused.status_code == 400
    assert "Keep one of them." in refused.content.decode()
    assert answers(draft) == {"CT2": "fine"}


def test_of_an_answer_and_a_reason_for_none_the_new_one_counts(as_ash, draft):
    answer(as_ash, draft, "what-you-can-do", "KN1", {"wifi": "own", "message": "own"})
    data = Inputs(page_of(as_ash, draft, "what-you-can-do")).data
    as_ash.post(url(draft, "what-you-can-do"), {**data, "KN1": ["~dont_know"]})
    assert answers(draft)["KN1"] == {"state": "dont_know"}


def test_a_worked_out_answer_is_shown_with_its_reason_and_not_stored(as_ash, draft):
    answer(as_ash, draft, "getting-online", "AC1", "never")
    shown = page_of(as_ash, draft, "what-you-can-do")
    assert "Has never been online" in shown
    as_ash.post(url(draft, "what-you-can-do"), Inputs(shown).data)
    assert "KN1" not in answers(draft)


def test_a_worked_out_answer_can_be_put_right(as_ash, draft):
    answer(as_ash, draft, "getting-online", "AC1", "never")
    rows = dict.fromkeys(["wifi", "message", "look_up", "password", "health"], "not_yet") | {"message": "help"}
    answer(as_ash, draft, "what-you-can-do", "KN1", rows)
    assert answers(draft)["KN1"] == rows


def test_a_tampered_answer_is_refused_and_nothing_breaks(as_ash, draft):
    data = Inputs(page_of(as_ash, draft, "reaching-you")).data
    for value in ("sideways", "~bogus", "~not_asked:bogus", "~", "\x00"):
        response = as_ash.post(url(draft, "reaching-you"), {**data, "CT2": value, "was-CT1": "{not json"})
        assert response.status_code == 400
    assert answers(draft) == {}


def test_a_version_that_is_no_number_counts_as_stale(as_ash, draft):
    data = Inputs(page_of(as_ash, draft, "reaching-you")).data
    for version in ("", "x", "9" * 40, "-1"):
        assert as_ash.post(url(draft, "reaching-you"), {**data, "version": version}).status_code == 302


def test_an_unknown_section_is_not_found(as_ash, draft):
    assert as_ash.get(url(draft, "nonsense")).status_code == 404


def test_right_now_stops_the_questions_and_shows_what_to_do(as_ash, draft):
    answer(as_ash, draft, "getting-online", "AC1", "daily")
    response = answer(as_ash, draft, "how-you-feel", "MH3", "now")
    assert response.url == f"/screenings/{draft.pk}/"
    shown = as_ash.get(response.url).content.decode()
    assert "The questions stopped" in shown
    assert "No digital offer today" in shown
    assert answers(draft)["AC1"] == "daily"


def test_the_short_form_asks_its_own_questions_only(as_ash, person, ash):
    draft = actions.start(service_user=person, by=ash, form="short")
    assert "was-FA1" not in Inputs(page_of(as_ash, draft, "what-you-want")).data
    assert as_ash.get(url(draft, "where-you-live")).status_code == 302


def test_time_can_run_short_half_way(as_ash, draft):
    answer(as_ash, draft, "where-you-live", "OC1", "own")
    as_ash.post(f"/screenings/{draft.pk}/form/", {"form": "short"})
    assert "was-FA1" not in Inputs(page_of(as_ash, draft, "what-you-want")).data
    assert answers(draft) == {"OC1": "own"}


# --- Two at once


def test_two_windows_on_different_questions_lose_nothing_and_are_told(as_ash, draft):
    stale = page_of(as_ash, draft, "getting-online")
    answer(as_ash, draft, "getting-online", "AC1", "daily")
    late = fill(stale, GETTING_ONLINE.item("AC2"), ["smart"])
    response = as_ash.post(url(draft, "getting-online"), late, follow=True)
    assert "Both are kept." in response.content.decode()
    assert answers(draft) == {"AC1": "daily", "AC2": ["smart"]}


def test_two_windows_on_the_same_question_show_both_answers_and_ask(as_ash, draft):
    stale = page_of(as_ash, draft, "getting-online")
    answer(as_ash, draft, "getting-online", "AC1", "daily")
    late = fill(stale, GETTING_ONLINE.item("AC1"), "never")
    refused = as_ash.post(url(draft, "getting-online"), late)
    shown = html.unescape(refused.content.decode())
    assert refused.status_code == 409
    assert "answered “Every day”" in shown
    assert "You chose “Never”" in shown
    assert answers(draft)["AC1"] == "daily"
    as_ash.post(url(draft, "getting-online"), Inputs(refused.content.decode()).data)
    assert answers(draft)["AC1"] == "never"


def test_a_page_open_since_before_hands_nothing_stale_back(as_ash, draft):
    """The other window still shows the first question blank: sending it takes the answer away from nobody."""
    stale = Inputs(page_of(as_ash, draft, "getting-online")).data
    answer(as_ash, draft, "getting-online", "AC2", ["smart"])
    assert as_ash.post(url(draft, "getting-online"), stale).status_code == 302
    assert answers(draft) == {"AC2": ["smart"]}


def test_what_comes_after_submitting_is_shown_and_not_saved(as_ash, ash, draft):
    stale = page_of(as_ash, draft, "getting-online")
    actions.submit(screening=draft, by=ash)
    late = as_ash.post(url(draft, "getting-online"), fill(stale, GETTING_ONLINE.item("AC1"), "never"))
    shown = late.content.decode()
    assert late.status_code == 409
    assert "These answers of yours are not in it" in shown
    assert "Never" in shown


# --- Check and submit


def test_the_check_page_puts_gaps_first_and_leads_back_to_itself(as_ash, draft):
    shown = as_ash.get(f"/screenings/{draft.pk}/check/").content.decode()
    assert shown.index("Not known yet") < shown.index("Reaching you")
    there = f"{url(draft, 'getting-online')}?back=check"
    assert there in shown
    data = fill(as_ash.get(there).content.decode(), GETTING_ONLINE.item("AC4"), "no")
    assert as_ash.post(there, data).url == f"/screenings/{draft.pk}/check/"


def test_the_rest_can_be_given_its_reason_in_one_go(as_ash, draft):
    answer(as_ash, draft, "getting-online", "AC1", "daily")
    draft.refresh_from_db()
    as_ash.post(f"/screenings/{draft.pk}/check/", {"version": draft.version, "rest": "unwell_today"})
    given = answers(draft)
    assert given.pop("AC1") == "daily"
    assert {tuple(state.values()) for state in given.values()} == {("not_asked", "unwell_today")}
    assert draft.status == "submitted"


def test_submitting_twice_leads_to_the_same_result(as_ash, draft):
    check, sent = f"/screenings/{draft.pk}/check/", {"version": draft.version, "rest": ""}
    first, second = as_ash.post(check, sent), as_ash.post(check, sent)
    assert first.url == second.url == f"/screenings/{draft.pk}/"
    assert ContactPlan.objects.count() == 1


def test_answers_that_came_since_checking_are_looked_at_again(as_ash, draft):
    checked = draft.version
    answer(as_ash, draft, "getting-online", "AC1", "daily")
    response = as_ash.post(f"/screenings/{draft.pk}/check/", {"version": checked, "rest": ""})
    assert "Answers were changed since you checked them" in response.content.decode()
    draft.refresh_from_db()
    assert draft.is_draft


# --- Older definitions


def test_a_screening_taken_with_an_older_definition_still_shows_its_own_words(
    as_ash, ash, person, tmp_path, monkeypatch
):
    done = ScreeningFactory(service_user=person, started_by=ash, answers=CASES["no-barriers"], submitted=True)
    old = (questionnaire.DEFINITIONS / "getting-online-1.0.0.json").read_text(encoding="utf-8")
    (tmp_path / "getting-online-1.0.0.json").write_text(old, encoding="utf-8")
    new = old.replace('"version": "1.0.0"', '"version": "2.0.0"').replace(
        "How often do you go online?", "Reworded?"
    )
    (tmp_path / "getting-online-2.0.0.json").write_text(new, encoding="utf-8")
    monkeypatch.setattr(questionnaire, "DEFINITIONS", tmp_path)
    for cached in (questionnaire.get, questionnaire.latest):
        cached.cache_clear()
    shown = as_ash.get(f"/screenings/{done.pk}/").content.decode()
    draft = actions.start(service_user=person, by=ash)
    asked = page_of(as_ash, draft, "getting-online")
    for cached in (questionnaire.get, questionnaire.latest):
        cached.cache_clear()
    assert "How often do you go online?" in shown
    assert draft.definition_version == "2.0.0"
    assert "Reworded?" in asked


# --- Who may


PAGES = ["", "sections/reaching-you/", "check/", "void/"]


@pytest.mark.parametrize("page", PAGES)
def test_a_stranger_finds_nothing(as_cam, as_nia, draft, page):
    assert as_cam.get(f"/screenings/{draft.pk}/{page}").status_code == 404
    assert as_nia.get(f"/screenings/{draft.pk}/{page}").status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_a_support_worker_may_not(as_bo, draft, page):
    assert as_bo.get(f"/screenings/{draft.pk}/{page}").status_code == 403


@pytest.mark.parametrize(
    "page", ["sections/reaching-you/", "form/", "check/", "consent/", "carry-on/", "void/", "suggestions/R06/"]
)
def test_a_stranger_changes_nothing(as_cam, draft, page):
    assert as_cam.post(f"/screenings/{draft.pk}/{page}", {"decision": "agreed"}).status_code == 404
    draft.refresh_from_db()
    assert draft.is_draft


def test_an_admin_sees_the_list_and_never_an_open_page_of_questions(as_dee, draft, person):
    assert as_dee.get(f"/screenings/of/{person.pk}/").status_code == 200
    assert "still open" in as_dee.get(f"/screenings/{draft.pk}/").content.decode()
    assert as_dee.get(url(draft, "reaching-you")).status_code == 403


def test_every_look_at_answers_leaves_an_audit_row(as_ash, ash, draft):
    as_ash.get(url(draft, "reaching-you"))
    as_ash.get(f"/screenings/{draft.pk}/check/")
    actions.submit(screening=draft, by=ash)
    as_ash.get(f"/screenings/{draft.pk}/")
    seen = list(
        AuditEvent.objects.filter(action__startswith="view_").order_by("id").values_list("action", flat=True)
    )
    assert seen == ["view_screening", "view_screening", "view_result"]


# --- How much it asks of the database


def test_a_page_of_questions_asks_the_same_few_queries_however_much_is_answered(
    as_ash, ash, person, django_assert_max_num_queries
):
    """User, memberships, screening with person, contact plan, audit; and the session, where it is a row."""
    empty = actions.start(service_user=person, by=ash)
    as_ash.get(url(empty, "how-you-feel"))
    with django_assert_max_num_queries(6) as unanswered:
        as_ash.get(url(empty, "how-you-feel"))
    actions.save_answers(screening=empty, answers=CASES["supported-home-never-online"], version=1, by=ash)
    with django_assert_max_num_queries(6) as answered:
        as_ash.get(url(empty, "how-you-feel"))
    assert len(answered) == len(unanswered)


def test_the_result_page_asks_the_same_few_queries_however_many_needs(
    as_ash, ash, person, django_assert_max_num_queries
):
    done = ScreeningFactory(
        service_user=person, started_by=ash, answers=CASES["many-needs-three-offers"], submitted=True
    )
    with django_assert_max_num_queries(9):
        as_ash.get(f"/screenings/{done.pk}/")


def test_saving_a_page_stays_cheap(as_ash, draft, django_assert_max_num_queries):
    data = fill(page_of(as_ash, draft, "getting-online"), GETTING_ONLINE.item("AC1"), "daily")
    with django_assert_max_num_queries(9):  # two of them begin and end the transaction
        as_ash.post(url(draft, "getting-online"), data)
