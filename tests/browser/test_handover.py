"""A screen in the person's hands: touched or by keyboard, and no way out of it but the clinician's own sign-in."""

import pytest
from playwright.sync_api import expect

from accounts.models import AuditEvent
from screening import actions
from tests.browser.conftest import FLAGS
from tests.browser.keyboard import Keyboard
from tests.browser.test_screening_pages import SMALL, sign_in
from tests.factories import PASSWORD
from tests.plugins.left_out import chromium
from tests.screening.examples import GETTING_ONLINE

pytestmark = pytest.mark.django_db(transaction=True)

HERE = "/screenings/handed-over/"
TABLET = {"viewport": {"width": 768, "height": 1024}, "has_touch": True}


@pytest.fixture
def draft(person, ash):
    person.name = "Marker Personsname"
    person.save()
    return actions.start(service_user=person, by=ash)


def hand_over(page, ash, draft):
    sign_in(page, ash)
    page.goto(f"/screenings/{draft.pk}/sections/reaching-you/")
    page.get_by_role("button", name="Hand over the screen").click()
    page.wait_for_url(f"**{HERE}")
    return page


@pytest.fixture
def tablet(new_page, ash, draft):
    return hand_over(new_page(**TABLET), ash, draft)


@pytest.fixture
def noisy_page(browser, live_server):
    """Its console may report what the test itself breaks: a lost network, a refused password."""
    context = browser.new_context(base_url=live_server.url, locale="en-GB")
    yield context.new_page()
    context.close()


def address(code):
    return f"{HERE}questions/{GETTING_ONLINE.items.index(GETTING_ONLINE.item(code)) + 1}/"


def question(page, code):
    page.goto(address(code))


def leave(page, password=PASSWORD):
    page.goto("/me/take-back/")
    page.get_by_label("Your password").fill(password)
    page.get_by_role("button", name="Take the screen back").click()


def is_the_persons(page):
    """Nothing of the service, its user or the person is anywhere in the document."""
    said = page.content()
    return not [name for name in ("Marker Personsname", "Ash Amadi", "nhsuk-header", "Sign out<") if name in said]


def answers(draft):
    draft.refresh_from_db()
    return actions.answers_of(draft.responses)


def saved(page):
    page.wait_for_function("() => !('sending' in document.getElementById('questions').dataset)")


# --- Answering


def test_the_person_answers_by_touch(tablet, draft):
    tablet.get_by_role("link", name="Start").tap()
    tablet.get_by_text("Letter").tap()
    tablet.get_by_text("Text message").tap()
    tablet.get_by_role("button", name="Next").tap()
    tablet.get_by_role("button", name="I am alone. Show it").tap()
    tablet.get_by_text("All ways are fine").tap()
    tablet.get_by_role("button", name="Next").tap()
    tablet.get_by_role("heading", name="What would you most like to do online").wait_for()
    assert answers(draft)["CT2"] == "fine"
    assert set(answers(draft)["CT1"]) == {"letter", "text"}
    tablet.get_by_role("button", name="Back").tap()
    tablet.get_by_text("You can leave this one until you are alone.").wait_for()


def test_the_person_answers_by_keyboard_alone(tablet, draft):
    keyboard = Keyboard(tablet)
    keyboard.follow("Start")
    keyboard.tab_to("Phone call")
    keyboard.press("Space")
    keyboard.follow("Next")
    keyboard.follow("I am alone. Show it")
    keyboard.tab_to("All ways are fine")
    keyboard.press("Space", "ArrowDown")
    keyboard.follow("Next")
    assert answers(draft) == {"CT1": ["call"], "CT2": "avoid"}
    expect(tablet.get_by_text("Which ways should we not use?")).to_be_visible()


def test_every_target_is_large_and_every_word_too(tablet):
    for code in ("CT1", "KN1", "MH3"):
        question(tablet, code)
        small = tablet.evaluate(
            """() => [...document.querySelectorAll(".dx-ho__choice, .dx-ho__button, .dx-ho__read")]
            .filter((target) => target.offsetParent && target.getBoundingClientRect().height < 64)
            .map((target) => target.textContent)"""
        )
        assert small == []
        tiny = tablet.evaluate(
            """() => [...document.querySelectorAll("form *")].filter((part) => part.offsetParent)
            .filter((part) => [...part.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
            .filter((part) => parseFloat(getComputedStyle(part).fontSize) < 24).map((part) => part.outerHTML)"""
        )
        assert tiny == []


def test_an_answer_is_saved_as_it_is_picked(tablet, draft):
    question(tablet, "AC1")
    tablet.get_by_text("Every day").tap()
    saved(tablet)
    assert answers(draft) == {"AC1": "daily"}
    expect(tablet.get_by_role("button", name="Skip")).to_be_hidden()


def test_an_answer_and_i_dont_know_take_each_other_away(tablet, draft):
    question(tablet, "CT1")
    tablet.get_by_text("Letter").tap()
    tablet.get_by_text("I don’t know").tap()
    expect(tablet.locator("#CT1-letter")).not_to_be_checked()
    saved(tablet)
    assert answers(draft) == {"CT1": {"state": "dont_know"}}


def test_yes_right_now_stops_at_once(tablet, draft):
    question(tablet, "MH3")
    tablet.get_by_text("Yes, right now").tap()
    tablet.get_by_role("heading", name="The questions have stopped.").wait_for()
    draft.refresh_from_db()
    assert draft.status == "paused"
    leave(tablet)
    expect(tablet.get_by_role("heading", name="Safety")).to_be_visible()


def test_with_the_network_gone_the_answer_stays_and_goes_up_when_it_returns(noisy_page, ash, draft):
    page = hand_over(noisy_page, ash, draft)
    question(page, "AC1")
    page.context.set_offline(True)
    page.get_by_text("Every day").click()
    page.get_by_text("There is no connection just now.").wait_for()
    page.get_by_role("button", name="Next").click()
    expect(page.locator("#AC1-daily")).to_be_checked()
    assert page.evaluate("() => localStorage.length + sessionStorage.length") == 0
    page.context.set_offline(False)
    saved(page)
    assert answers(draft) == {"AC1": "daily"}
    expect(page.locator("#offline")).to_be_hidden()


VOICES = """
window.said = [];
const lang = "en-GB";
const voices = [{ name: "far", lang, localService: false }, { name: "own", lang, localService: true }];
speechSynthesis.getVoices = () => VOICES_HERE;
speechSynthesis.speak = (words) => { window.said.push([words.voice.name, words.text]); words.onstart?.(); };
speechSynthesis.cancel = () => window.said.push("stop");
window.SpeechSynthesisUtterance = function (text) { this.text = text; };
"""


def reader(new_page, ash, draft, voices):
    page = new_page(**TABLET)
    page.add_init_script(VOICES.replace("VOICES_HERE", voices))
    hand_over(page, ash, draft)
    question(page, "AC1")
    return page


def test_the_question_is_read_aloud_by_the_browsers_own_voice_and_stops_when_asked(new_page, ash, draft):
    page = reader(new_page, ash, draft, "voices")
    page.get_by_role("button", name="Read this to me").tap()
    said = page.evaluate("() => window.said")
    assert said[0] == ["own", "How often do you go online?"]
    assert ["own", "Every day"] in said
    assert ["own", "I don’t know"] in said
    page.get_by_role("button", name="Stop reading").tap()
    assert page.evaluate("() => window.said").pop() == "stop"
    expect(page.get_by_role("button", name="Read this to me")).to_be_visible()


def test_no_words_are_sent_to_a_voice_on_somebodys_server(new_page, ash, draft):
    page = reader(new_page, ash, draft, "voices.slice(0, 1)")
    expect(page.get_by_role("button", name="Read this to me")).to_be_hidden()


# --- No way out


def go_back_and_look(page, times):
    page.get_by_role("heading", name="What is the best way to reach you?").wait_for()
    for _ in range(times):
        page.evaluate("() => setTimeout(() => history.back())")
        page.wait_for_timeout(700)
        page.wait_for_load_state()
        assert is_the_persons(page), page.url


def test_back_button_address_bar_reload_and_second_tab_lead_nowhere(tablet, person, draft):
    tablet.get_by_role("link", name="Start").tap()
    go_back_and_look(tablet, times=4)
    for path in ("/", f"/people/{person.pk}/", f"/screenings/{draft.pk}/check/", "/account/logout/", "/nowhere/"):
        tablet.goto(path)
        assert HERE in tablet.url
        assert is_the_persons(tablet), path
    tablet.reload()
    assert is_the_persons(tablet)
    second = tablet.context.new_page()
    second.goto(f"/people/{person.pk}/")
    assert HERE in second.url
    assert is_the_persons(second)


@pytest.fixture
def browser_that_keeps_pages(browser):
    """As people have it: the other tests' browser is told to keep no page for its Back button."""
    kept = browser.browser_type.launch(
        executable_path=chromium(), args=FLAGS, ignore_default_args=["--disable-back-forward-cache"]
    )
    yield kept
    kept.close()


def test_no_page_that_the_browser_kept_comes_back(browser_that_keeps_pages, live_server, ash, draft):
    page = browser_that_keeps_pages.new_context(base_url=live_server.url).new_page()
    hand_over(page, ash, draft)
    page.get_by_role("link", name="Start").click()
    go_back_and_look(page, times=4)


def test_record_left_open_in_another_tab_turns_to_the_questions(new_page, ash, person, draft):
    other = sign_in(new_page(), ash)
    other.goto(f"/people/{person.pk}/")
    page = other.context.new_page()
    page.goto(f"/screenings/{draft.pk}/sections/reaching-you/")
    page.get_by_role("button", name="Hand over the screen").click()
    other.wait_for_url(f"**{HERE}")
    assert is_the_persons(other)


def test_a_wrong_password_keeps_it_locked_and_the_right_one_returns_to_where_the_person_stopped(
    noisy_page, ash, draft
):
    page = hand_over(noisy_page, ash, draft)
    question(page, "AC1")
    page.get_by_role("link", name="For staff").click()
    page.get_by_label("Your password").fill("not the password at all")
    page.get_by_role("button", name="Take the screen back").click()
    expect(page.get_by_text("That did not work.")).to_be_visible()
    page.goto("/people/")
    assert HERE in page.url
    leave(page)
    page.wait_for_url("**/sections/getting-online/#q-AC1")
    expect(page.get_by_text("Marker Personsname").first).to_be_visible()
    assert AuditEvent.objects.filter(action="take_back_failed").count() == 1


# --- Nobody touches it


def test_an_idle_screen_turns_itself_over(tablet, settings):
    settings.HANDED_OVER_IDLE_SECONDS = 2
    question(tablet, "AC1")
    tablet.get_by_role("heading", name="This screen is locked. Please give it back.").wait_for()
    tablet.wait_for_url("**/me/take-back/")
    assert "How often do you go online?" not in tablet.content()
    settings.HANDED_OVER_IDLE_SECONDS = 1
    question(tablet, "AC1")
    assert "/me/take-back/" in tablet.url
    leave(tablet)
    tablet.wait_for_url("**/sections/getting-online/#q-AC1")


def test_answering_keeps_it_awake(tablet, settings):
    settings.HANDED_OVER_IDLE_SECONDS = 4
    question(tablet, "CT1")
    for way in ("Letter", "Email", "Phone call"):
        tablet.wait_for_timeout(2000)
        tablet.get_by_text(way).tap()
    saved(tablet)
    expect(tablet.get_by_role("heading", name="What is the best way to reach you?")).to_be_visible()


# --- For everyone


@pytest.mark.parametrize(
    "size", [{"width": 1280, "height": 900}, TABLET["viewport"], SMALL], ids=["1280", "768", "320"]
)
def test_every_page_is_whole_and_free_of_faults_at_any_size(new_page, axe, ash, draft, size):
    page = hand_over(new_page(viewport=size), ash, draft)
    for path in [HERE, *map(address, ("CT1", "CT2", "KN1", "FA3")), f"{HERE}end/", "/me/take-back/"]:
        page.goto(path)
        is_whole(page, axe)
    question(page, "CT2")
    page.get_by_role("button", name="I am alone. Show it").click()
    page.get_by_text("Is there any way we should not contact you?").wait_for()
    is_whole(page, axe)


def is_whole(page, axe):
    wider = page.locator("html").evaluate("(html) => html.scrollWidth - html.clientWidth")
    assert wider <= 0, page.url
    axe(page)


@pytest.mark.parametrize("ends", ["paused", "idle"])
def test_the_last_pages_are_free_of_faults(tablet, axe, settings, ends):
    if ends == "paused":
        question(tablet, "MH3")
        tablet.get_by_text("Yes, right now").tap()
        tablet.wait_for_url("**/end/")
    else:
        settings.HANDED_OVER_IDLE_SECONDS = 0
        tablet.goto(HERE)
    axe(tablet)


def test_all_of_it_works_without_javascript(new_page, ash, draft):
    page = hand_over(new_page(java_script_enabled=False, viewport=SMALL), ash, draft)
    page.get_by_role("link", name="Start").click()
    expect(page.get_by_role("button", name="Read this to me")).to_be_hidden()
    page.get_by_text("Letter").click()
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="I am not alone").click()
    skipped = page.get_by_role("heading", name="What would you most like to do online")
    expect(skipped).to_be_visible()
    page.get_by_role("button", name="Skip").click()
    expect(skipped).to_have_count(0)
    assert answers(draft) == {"CT1": ["letter"], "CT2": {"state": "not_asked", "reason": "not_alone"}}
    page.goto("/people/")
    assert is_the_persons(page)
    page.go_back()
    page.go_back()
    assert is_the_persons(page)
    leave(page)
    page.wait_for_url("**/sections/what-you-want/**")


def test_an_idle_screen_turns_itself_over_without_javascript_too(new_page, ash, draft, settings):
    page = hand_over(new_page(java_script_enabled=False), ash, draft)
    settings.HANDED_OVER_IDLE_SECONDS = 2
    question(page, "AC1")
    page.wait_for_url("**/me/take-back/")
    expect(page.get_by_role("heading", name="This screen is locked.")).to_be_visible()
