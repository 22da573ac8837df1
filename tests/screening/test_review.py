"""Questionnaires beside the screening: reviews after 4, 12 and 26 weeks go the same way, and are no screening."""

import html
from datetime import date, timedelta

import pytest

from accounts import clock
from inclusion import waiting
from people.models import ContactPlan
from referrals import due
from referrals.models import FollowUp
from reports.periods import Month
from reports.scope import Scope
from screening import actions, questionnaire
from screening.models import Need, Screening
from screening.terms import DefinitionKind
from tests.factories import ScreeningFactory
from tests.reports.asking import rate_of
from tests.screening.examples import CASES, GETTING_ONLINE
from tests.screening.filling import screen

REVIEW = questionnaire.get("review-12-weeks", "1.0.0")
AT_4, AT_26 = (questionnaire.get(f"review-{weeks}-weeks", "1.0.0") for weeks in (4, 26))
REVIEWS = pytest.mark.parametrize("asked", [AT_4, REVIEW, AT_26], ids=lambda asked: asked.id)
PARTS = ("name", "text", "hint", "kind", "options", "rows", "raises", "sensitive", "ask_only_when_alone")
HOME = CASES["supported-home-never-online"]
WENT_WELL = {
    "CT1": ["text", "call"],
    "CT2": "fine",
    "FU1": "yes",
    "FU2": "reached",
    "AC1": "daily",
    "AC2": ["smart"],
    "AC3": ["home"],
    "AC4": "no",
    "KN1": dict.fromkeys(["wifi", "message", "look_up", "password", "health"], "own"),
    "MH2": ["none"],
    "MH3": "no",
    "FU3": "finished",
    "FU4": "yes",
    "FU5": "no",
    "FU6": ["none"],
}


@pytest.fixture
def screened(person, ash):
    """The screening of 12 weeks ago."""
    with clock.at(clock.now() - timedelta(weeks=12)):
        return ScreeningFactory(service_user=person, started_by=ash, answers=HOME, submitted=True)


@pytest.fixture
def reviewed(person, ash):
    def review(answers):
        return actions.record(service_user=person, answers=answers, by=ash, asked=REVIEW, submit=True)

    return review


def page(client, path):
    return html.unescape(client.get(path).content.decode())


def open_codes(person):
    return set(Need.objects.open().filter(service_user=person).values_list("code", flat=True))


# --- The definition


def test_the_review_asks_again_what_the_outcomes_rest_on():
    for asked in (REVIEW, AT_26):
        assert {"CT1", "CT2", "AC1", "AC2", "AC3", "AC4", "KN1", "KN2", "KN3", "MH2", "MH3", "FU2", "FU6"} <= set(
            asked.items_by_code
        )
    assert {"FA2", "FU8", "FU9"} <= set(AT_26.items_by_code)
    assert {"CT1", "CT2", "FU10", "FU7", "FU6"} <= set(AT_4.items_by_code)


@REVIEWS
def test_a_question_that_reviews_share_is_the_same_question(asked):
    for item in asked.items:
        other = REVIEW.items_by_code.get(item.code, item)
        assert all(getattr(item, part) == getattr(other, part) for part in PARTS), item.code


@REVIEWS
def test_a_question_that_both_ask_is_the_same_question(asked):
    shared = [item for item in asked.items if item.code in GETTING_ONLINE.items_by_code]
    assert shared
    for item in shared:
        other = GETTING_ONLINE.item(item.code)
        for part in (
            "name",
            "text",
            "hint",
            "kind",
            "options",
            "rows",
            "raises",
            "sensitive",
            "ask_only_when_alone",
        ):
            if (item.code, part) == ("FA1", "raises"):
                continue  # asked of a new goal only: that it was left out says nothing about loneliness
            assert getattr(item, part) == getattr(other, part), (item.code, part)


@REVIEWS
def test_a_need_that_both_know_is_called_the_same(asked):
    ours = {need.code: need.title for need in asked.needs}
    theirs = {need.code: need.title for need in GETTING_ONLINE.needs}
    assert {code: title for code, title in ours.items() if code in theirs} == {
        code: title for code, title in theirs.items() if code in ours
    }


@REVIEWS
def test_its_own_wording_is_marked_for_sign_off(asked):
    assert asked.status.startswith("draft for clinical sign-off")
    own = [item for item in asked.items if item.code not in GETTING_ONLINE.items_by_code]
    assert all(item.why.endswith("Own wording, for clinical sign-off. [D]") for item in own)


# --- From the person's page to its result


def test_the_whole_way_through_the_pages(as_ash, ash, person, screened):
    start = f"/screenings/of/{person.pk}/start/review-12-weeks/"
    assert start in page(as_ash, f"/screenings/of/{person.pk}/")
    assert "12 weeks on: how it went" in page(as_ash, start)
    begun = as_ash.post(start, {"answered_by": "person", "how": "phone", "form": "full"})
    draft = Screening.objects.drafts().get()
    assert (draft.definition, draft.how) == ("review-12-weeks", "phone")
    assert begun.url.startswith(f"/screenings/{draft.pk}/sections/")
    done = screen(as_ash, person, ash, WENT_WELL, definition="review-12-weeks")
    as_ash.post(f"/screenings/{done.pk}/check/", {"version": done.version, "rest": ""})
    done.refresh_from_db()
    assert done.status == "submitted"
    shown = page(as_ash, f"/screenings/{done.pk}/")
    assert "Goal reached" in shown
    assert 'id="themes"' not in shown


def test_an_open_screening_and_an_open_review_stand_side_by_side(person, ash):
    assert actions.start(service_user=person, by=ash) != actions.start(
        service_user=person, by=ash, definition="review-12-weeks"
    )


def test_what_is_not_known_is_not_found(as_ash, person):
    assert as_ash.get(f"/screenings/of/{person.pk}/start/nonsense/").status_code == 404


def test_a_new_goal_is_taken_down_in_their_own_words(as_ash, ash, person):
    draft = actions.start(service_user=person, by=ash, definition="review-12-weeks")
    url = f"/screenings/{draft.pk}/sections/your-goal/"
    assert "goal_in_words" not in page(as_ash, url)
    actions.save_answers(screening=draft, answers={"FU2": "changed"}, version=1, by=ash)
    assert 'name="goal_in_words"' in page(as_ash, url)


def test_its_result_says_which_goal_it_is_about(as_ash, person, ash, reviewed):
    ScreeningFactory(
        service_user=person, started_by=ash, answers=HOME, submitted=True, goal_in_words="To see photos"
    )
    shown = page(as_ash, f"/screenings/{reviewed({**WENT_WELL, 'FU2': 'partly'}).pk}/")
    assert "To see photos" in shown
    assert "I can do some of it" in shown
    assert "Ask before anything is offered" not in shown


def test_harm_needs_somebody_and_stands_above_all_else(as_ash, person, reviewed):
    done = reviewed({**WENT_WELL, "FU6": ["scam", "seen"]})
    shown = page(as_ash, f"/screenings/{done.pk}/")
    assert shown.index('id="safety"') < shown.index('id="help"')
    assert {"HARM", "HARM_MONEY", "SAFE_CONTACT"} <= open_codes(person)
    assert not ContactPlan.objects.current_for(person).automatic


# --- Contact: the same strict rule


@pytest.mark.parametrize("gap", ["CT1", "CT2", "MH3", "FU6"])
def test_a_gap_about_contact_loosens_nothing(person, ash, screened, reviewed, gap):
    before = ContactPlan.objects.current_for(person).plan
    reviewed({code: answer for code, answer in WENT_WELL.items() if code != gap})
    after = ContactPlan.objects.current_for(person).plan
    assert after.open_channels <= before.open_channels
    assert after.automatic_channels <= before.automatic_channels


def test_harm_that_was_not_asked_about_is_not_read_as_safe(as_ash, person, reviewed):
    done = reviewed({code: answer for code, answer in WENT_WELL.items() if code != "FU6"})
    assert done.result["status"] == "harm_not_asked"
    plan = ContactPlan.objects.current_for(person)
    assert (plan.automatic, plan.automatic_reason) == (False, "harm_not_asked")
    shown = page(as_ash, f"/screenings/{done.pk}/")
    assert "Harm not asked about" in shown
    assert "Harm was not asked about: nothing is sent automatically until it is." in shown


def test_whole_answers_about_contact_make_the_plan(person, reviewed):
    reviewed(WENT_WELL)
    assert ContactPlan.objects.current_for(person).plan.allowed == {"text", "call"}


# --- Needs


def test_it_resolves_what_it_asked_about_and_nothing_else(person, screened, reviewed):
    before = open_codes(person)
    done = reviewed(WENT_WELL)
    asked = {"DEVICE", "CONNECT", "SKILLS_FIRST", "USE_NONE"} & before
    assert asked
    assert not asked & open_codes(person)
    assert {"NO_HELPER", "LONELY", "WIFI_SITE"} & before == {"NO_HELPER", "LONELY", "WIFI_SITE"} & open_codes(
        person
    )
    assert screened.needs.get(code="DEVICE").resolved_by_screening == done


def test_a_need_that_another_question_had_raised_too_is_not_resolved(person, ash, screened, reviewed):
    """A private place is asked about in the screening, and a shared device in both."""
    need = Need.objects.create(screening=screened, service_user=person, code="PRIVATE", because=["AC5", "AC2a"])
    reviewed({**WENT_WELL, "AC2": ["basic"], "AC2a": "no"})
    need.refresh_from_db()
    assert need.resolved_at is None


@pytest.mark.parametrize("goal", ["no", "reached", "partly"])
def test_loneliness_is_not_resolved_by_a_goal_that_was_not_asked_again(person, ash, reviewed, goal):
    with clock.at(clock.now() - timedelta(weeks=12)):
        ScreeningFactory(
            service_user=person, started_by=ash, answers={**CASES["no-barriers"], "FA1": ["meet"]}, submitted=True
        )
    reviewed({**WENT_WELL, "FU2": goal})
    assert "LONELY" in open_codes(person)


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ({"CT2": "checked", "CT2a": ["text"]}, "safeguarding"),
        ({"MH3": "often", "MH3a": ["call"]}, "feels_watched"),
        ({"MH3": "now", "MH3a": ["call"]}, "distress_now"),
    ],
)
def test_a_device_for_one_that_was_lost_waits_for_what_any_device_waits_for(reviewed, answers, reason):
    done = reviewed({**WENT_WELL, **answers, "FU6": ["loss"]})
    (offer,) = (one for one in done.result["suggestions"] if one["rule"] == "F08")
    assert offer["hold"] == reason


# --- It is no screening


def test_a_review_is_no_screening_for_anybody_who_counts_them(person, ash, team, reviewed):
    person.date_of_birth = date(1980, 5, 4)
    person.on_caseload_since = clock.today() - timedelta(days=60)
    person.save()
    reviewed(WENT_WELL)
    today = clock.today()
    scope = Scope(team.organisation, team, Month(today.year, today.month), clock.now())
    assert rate_of("coverage", scope).numerator == 0
    (line,) = waiting.longest_unscreened(ash, today, limit=5)
    assert (str(line.screened), line.due) == ("Never screened", True)
    due.queue_due()
    assert not FollowUp.objects.exists()


def test_it_is_the_review_that_was_owed(person, screened, reviewed):
    with clock.at(screened.submitted_at + timedelta(hours=1)):
        due.queue_due()
    owed = set(FollowUp.objects.open().filter(kind="review").values_list("key", flat=True))
    assert f"screening:{screened.pk}:12w" in owed
    reviewed(WENT_WELL)
    due.queue_due()
    left = set(FollowUp.objects.open().values_list("key", flat=True))
    assert owed - left == {f"screening:{screened.pk}:12w"}
    assert f"screening:{screened.pk}:year" in left


def test_every_kind_of_definition_is_found():
    assert [one.id for one in questionnaire.of_kind(DefinitionKind.SCREENING)] == ["getting-online"]
    reviews = [one.id for one in questionnaire.of_kind(DefinitionKind.REVIEW)]
    assert reviews == ["review-4-weeks", "review-12-weeks", "review-26-weeks"]
    assert questionnaire.the_screening() == GETTING_ONLINE


# --- After 4 weeks, and after 26


def ask(asked, answers, person, by):
    return actions.record(service_user=person, answers=answers, by=by, asked=asked, submit=True)


SAFE = {"CT1": ["call"], "CT2": "fine", "FU1": "yes", "MH3": "no", "FU4": "yes", "FU6": ["none"]}


@pytest.mark.parametrize(
    ("answers", "status", "needs"),
    [
        ({"FU10": "yes", "FU7": "yes"}, "help_begun", set()),
        ({"FU10": "yes", "FU7": "not_come"}, "help_not_begun", {"HELP_LOST"}),
        ({"FU10": "tried", "FU7": "na"}, "help_not_begun", {"HELP_LOST"}),
        ({"FU10": "yes", "FU7": "na", "FU6": ["loss"]}, "harm", {"DEVICE_LOST"}),
        ({}, "not_enough_known", set()),
    ],
)
def test_after_4_weeks_help_that_has_not_begun_is_found(person, ash, answers, status, needs):
    done = ask(AT_4, {**SAFE, **answers}, person, ash)
    assert done.result["status"] == status
    assert open_codes(person) == needs


@pytest.mark.parametrize(
    ("answers", "needs"),
    [
        ({"FU8": "yes", "FU9": "yes"}, set()),
        ({"FU8": "yes", "FU9": "hard"}, {"AFFORD"}),
        ({"FU8": "no", "FU9": "ended"}, {"CONNECT"}),
        ({"FU8": "na", "FU9": "no"}, set()),  # the second question is not for somebody who was given nothing
    ],
)
def test_after_26_weeks_what_was_given_must_still_be_affordable(person, ash, answers, needs):
    ask(AT_26, {**WENT_WELL, "FA2": "lot", **answers}, person, ash)
    assert open_codes(person) == needs


def test_after_26_weeks_not_now_is_asked_about_again(person, ash):
    ask(AT_26, {**WENT_WELL, "FA2": "not_now", "FA2a": "happy"}, person, ash)
    assert open_codes(person) == {"NOT_NOW"}


@pytest.mark.parametrize(("asked", "weeks"), [(AT_4, 4), (AT_26, 26)], ids=["4", "26"])
def test_each_is_the_review_that_was_owed_in_its_window(person, ash, asked, weeks):
    with clock.at(clock.now() - timedelta(weeks=weeks)):
        first = ScreeningFactory(service_user=person, started_by=ash, answers=HOME, submitted=True)
        due.queue_due()
    ask(asked, SAFE, person, ash)
    due.queue_due()
    done = FollowUp.objects.get(key=f"screening:{first.pk}:{weeks}w")
    assert done.result == "reviewed"
