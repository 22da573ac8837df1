"""Pages in a made-up language: no word on them is left in English but what somebody typed."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from referrals.how_we_work.people import PEOPLE
from screening import actions as screening_actions
from tests import factories
from tests.access_rules import RULES, Cast
from tests.conftest import SignedIn
from tests.marked import OPEN, mark, outside, typed
from tests.screening.examples import CASES, GETTING_ONLINE

pytestmark = pytest.mark.django_db


def check(client, url, *data, status=200, post=None):
    response = client.get(url) if post is None else client.post(url, post)
    assert response.status_code == status, url
    html = response.content.decode()
    assert html.count(OPEN) > 5
    left = outside(html, typed(*data))
    assert not left


@pytest.fixture
def screened(marked, person, ash):
    return factories.ScreeningFactory(
        service_user=person, started_by=ash, answers=CASES["phone-is-checked"], submitted=True
    )


@pytest.fixture
def referral(marked, person, offer, bo):
    return factories.ReferralFactory(service_user=person, offer=offer, state="accepted", worker=bo)


@pytest.mark.parametrize("who", ["ash", "bo", "dee"])
def test_home(request, referral, who):
    check(request.getfixturevalue(f"as_{who}"), "/")


def test_signing_in(db, marked):
    check(Client(), reverse("account_login"))
    check(Client(), reverse("account_login"), post={"login": "", "password": ""})


@pytest.mark.parametrize("page", ["accounts:me", "account_change_password", "mfa_index", "account_logout"])
def test_ones_own_account(marked, as_ash, page):
    check(as_ash, reverse(page))


@pytest.mark.parametrize("page", ["people:caseload", "people:add", "people:search"])
def test_finding_and_adding_people(marked, person, as_ash, page):
    post = {"q": "Nobody Here"} if page == "people:search" else None
    check(as_ash, reverse(page), "Nobody Here", post=post)


def test_what_is_wrong_with_a_new_person(marked, as_ash):
    wrong = {"name": "", "nhs_number": "1234567890", "date_of_birth": "31 2 1971", "postcode": "X", "phone": "12"}
    check(as_ash, reverse("people:add"), "1234567890", post=wrong)


@pytest.mark.parametrize("page", ["detail", "edit", "fairness", "contact_plan", "record_consent", "pause"])
def test_a_persons_pages(referral, screened, person, as_ash, page):
    check(as_ash, reverse(f"people:{page}", args=[person.pk]))


@pytest.mark.parametrize("section", [section.code for section in GETTING_ONLINE.sections])
def test_every_page_of_questions(marked, person, ash, as_ash, section):
    draft = screening_actions.start(service_user=person, by=ash)
    check(as_ash, reverse("screening:section", args=[draft.pk, section]))


def test_a_draft_of_a_screening(marked, person, ash, as_ash):
    draft = factories.ScreeningFactory(service_user=person, started_by=ash, answers={"AC1": "never"})
    check(as_ash, reverse("screening:check", args=[draft.pk]))


@pytest.mark.parametrize("case", ["no-barriers", "phone-is-checked", "nothing-asked"])
def test_a_result(marked, person, ash, as_ash, case):
    done = factories.ScreeningFactory(service_user=person, started_by=ash, answers=CASES[case], submitted=True)
    check(as_ash, reverse("screening:result", args=[done.pk]))


@pytest.mark.parametrize("page", ["void", "correct"])
def test_what_may_be_done_with_a_screening(screened, as_ash, page):
    check(as_ash, reverse(f"screening:{page}", args=[screened.pk]))


@pytest.mark.parametrize("page", ["start", "of_person"])
def test_screenings_of_a_person(screened, person, as_ash, page):
    check(as_ash, reverse(f"screening:{page}", args=[person.pk]))


@pytest.mark.parametrize("who", ["ash", "bo", "dee"])
def test_a_referral_and_the_lists_that_it_is_on(request, referral, who):
    client = request.getfixturevalue(f"as_{who}")
    check(client, reverse("referrals:detail", args=[referral.pk]), "Ash and Bo", "Six sessions")
    for show in ("mine", "overdue", "others", "ended"):
        check(client, f"{reverse('referrals:worklist')}?show={show}")


STEPS = {"start": "bo", "could_not_reach": "bo", "withdraw": "ash"}


@pytest.mark.parametrize(("action", "who"), STEPS.items())
def test_the_steps_of_a_referral(request, referral, action, who):
    client, url = request.getfixturevalue(f"as_{who}"), reverse("referrals:step", args=[referral.pk, action])
    check(client, url)


@pytest.mark.parametrize("page", ["contact", "book", "lend", "note", "pause"])
def test_work_with_the_person(referral, as_bo, page):
    check(as_bo, reverse(f"referrals:{page}", args=[referral.pk]))
    check(as_bo, reverse(f"referrals:{page}", args=[referral.pk]), post={}, status=400)


def test_what_is_owed_and_what_is_sent(referral, as_ash, as_bo):
    for client in (as_ash, as_bo):
        check(client, reverse("referrals:owed"))
        check(client, reverse("referrals:outbox"))
    message = referral.reminders.first()
    check(as_ash, reverse("referrals:outbox_message", args=[message.pk]))


def test_choosing_support_and_making_a_referral(marked, person, ash, as_ash, offer):
    screening = factories.ScreeningFactory(service_user=person, started_by=ash, submitted=True)
    need = factories.NeedFactory(screening=screening, agreed=True)
    check(as_ash, reverse("directory:choose", args=[need.pk]))
    check(as_ash, reverse("referrals:refer", args=[need.pk, offer.pk]))


def test_the_directory(marked, offer, as_ash, as_bo):
    check(as_ash, reverse("directory:offers"))
    check(as_bo, reverse("directory:offer", args=[offer.pk]))


@pytest.mark.parametrize("page", ["directory:edit_offer", "referrals:withdraw_offer"])
def test_keeping_an_offer(marked, offer, as_bo, page):
    check(as_bo, reverse(page, args=[offer.pk]))


def test_providers_and_their_places(marked, offer, as_dee, as_bo):
    for page in ("providers", "add_provider"):
        check(as_dee, reverse(f"directory:{page}"))
    for page in ("provider", "add_offer", "add_place"):
        check(as_bo, reverse(f"directory:{page}", args=[offer.provider_id]))


def test_plans_on_paper(screened, person, as_ash):
    check(as_ash, reverse("referrals:plans"))
    check(as_ash, reverse("referrals:plan", args=[person.pk]))


def test_a_screen_that_was_handed_over(marked, person, ash, as_ash):
    draft = screening_actions.start(service_user=person, by=ash)
    as_ash.post(reverse("screening:hand_over", args=[draft.pk]))
    check(as_ash, reverse("screening:handed_over"))
    numbers = range(1, len(GETTING_ONLINE.items) + 1)
    pages = [reverse("screening:handed_over_question", args=[number]) for number in numbers]
    asked = [page for page in pages if as_ash.get(page).status_code == 200]
    assert len(asked) > 15
    for page in asked:
        check(as_ash, page)
    check(as_ash, reverse("screening:give_back"))
    check(as_ash, reverse("accounts:take_back"))


def test_two_records_of_one_person(marked, person, ash, as_ash):
    other = factories.ServiceUserFactory(created_by=ash, name=person.name)
    check(as_ash, reverse("same_person", args=[person.pk]))
    check(as_ash, reverse("compare_same_person", args=[person.pk, other.pk]))


def test_the_report(referral, screened, as_dee):
    check(as_dee, reverse("reports:caseload"))
    check(as_dee, reverse("reports:question", args=["whole"]))
    check(as_dee, reverse("reports:figure", args=["coverage"]))
    check(as_dee, reverse("reports:behind", args=["coverage", "missed"]))


def test_pages_that_say_no(marked, as_bo, as_ash):
    check(as_bo, reverse("people:add"), status=403)
    check(as_ash, "/no-such-page/", status=404)


# --- Every page there is, by the table of access


@pytest.fixture
def cast(marked, ash, bo, dee, nia, cam, person, offer):
    return Cast(ash, bo, dee, nia, cam, person, offer)


TYPED_THERE = {
    "exchange:reading": ["Council directory"],
    "exchange:sheet": ["x.csv", "Provider"],
    "referrals:appointment": ["Library"],
    "referrals:correct_note": ["Came along."],
    "referrals:detail": ["Ash and Bo"],
    "referrals:follow_up": ["Ask again"],
    "referrals:hook": ["https://example.org/hook"],
    "referrals:hook_change": ["https://example.org/hook"],
    "referrals:hook_replay": ["https://example.org/hook"],
    "referrals:incident": ["Sent money."],
    "referrals:mail_message": ["Sign in.", "Sign in"],
    "referrals:move_loan": ["Tablet 7"],
    "referrals:our_message": ["{{ sender }}"],
    "referrals:preview_our_message": [somebody.name for somebody in PEOPLE],
    "referrals:rearrange": ["Library"],
    "reports:what_if": ["getting-online", "review-12-weeks", "review-26-weeks", "review-4-weeks"],
    "undo_same_person": ["Same"],
}
REFERENCE = re.compile(r"\b[0-9a-f]{4} ?[0-9a-f]{6}\b")
"""Of a letter, as it is printed on it: no word of any language."""
PAGES = sorted(name for name, rule in RULES.items() if "GET" in rule.who and "-" not in name)


@pytest.mark.parametrize("name", PAGES)
def test_every_page_that_anybody_may_open(cast, name):
    rule = RULES[name]
    for role in rule.who["GET"].split():
        by = cast.holder(role)
        response = SignedIn(by).get(reverse(name, kwargs=rule.about(cast, by)))
        if response.status_code == 200 and response.headers["Content-Type"].startswith("text/html"):
            html = REFERENCE.sub("0", response.content.decode())
            left = outside(html, typed(*TYPED_THERE.get(name, [])))
            assert not left, role


# --- Which language


def test_a_page_is_in_the_browsers_language_once_that_is_offered_and_in_english_until_then(db, settings):
    login = reverse("account_login")
    assert '<html lang="en-gb">' in Client().get(login, headers={"accept-language": "cy"}).content.decode()
    settings.LANGUAGES = [*settings.LANGUAGES, ("cy", "Cymraeg")]
    for asked, given in {"cy": "cy", "cy-GB,en;q=0.8": "cy", "en": "en-gb", "fr": "en-gb"}.items():
        shown = Client().get(login, headers={"accept-language": asked}).content.decode()
        assert f'<html lang="{given}">' in shown


# --- The test itself


def test_a_bare_word_on_a_page_is_found(db):
    assert outside(f"<h1>{mark('Hello')} there</h1>", [])
    assert outside(f"<nav aria-label='Menu'>{mark('Home')}</nav>", [])
    assert not outside(f"<h1>{mark('Hello')} <b>Robin</b>, 3</h1>", ["Robin"])
    assert outside("<h1>Robins</h1>", ["Robin"])
