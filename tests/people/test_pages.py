"""The pages about people, through the door: what they show, keep, refuse and never give away."""

import datetime

import pytest

from accounts import clock
from accounts.models import AuditEvent
from people import actions
from people.models import ContactPlan, ServiceUser
from people.names import search_name
from people.views import PAGE
from tests import factories

pytestmark = pytest.mark.django_db

HOSTILE = [
    "Robin O'Brien",
    '<script>alert("1")</script>',
    "محمد علي",
    "Bo",
    "{{ 7|add:7 }}",
    "W" * 200,
    "Þóra Ævarsdóttir",
]


def page(response, status=200):
    assert response.status_code == status
    return response.content.decode()


def posted(client, path, data, **more):
    """Posts, and follows to where it leads."""
    return client.post(path, data, follow=True, **more)


# --- The list


def test_list_shows_my_teams_people_and_nobody_elses(as_ash, person, nia):
    theirs = factories.ServiceUserFactory(created_by=nia, name="Somebody Else")
    shown = page(as_ash.get("/people/"))

    assert person.name in shown
    assert theirs.name not in shown
    assert AuditEvent.objects.get(action="see_caseload").details == {"shown": 1}


def test_list_leaves_out_who_has_left(as_ash, person):
    ServiceUser.objects.filter(pk=person.pk).update(left_caseload_on=clock.today())

    assert person.name not in page(as_ash.get("/people/"))


def test_empty_list_says_what_will_appear_and_the_first_step(as_ash):
    shown = page(as_ash.get("/people/"))

    assert "will appear here" in shown
    assert 'href="/people/add/"' in shown


def test_list_goes_on_page_by_page_without_a_name_in_any_address(as_ash, ash):
    for n in range(PAGE + 1):
        factories.ServiceUserFactory(created_by=ash, name=f"Kim Sample{n:03}", search_name=f"kim sample{n:03}")
    last = ServiceUser.objects.order_by("search_name")[PAGE - 1]
    first_page = page(as_ash.get("/people/"))

    assert f"?after={last.pk}" in first_page
    assert f"Kim Sample{PAGE - 1:03}" in first_page
    assert f"Kim Sample{PAGE:03}" not in first_page
    second_page = page(as_ash.get(f"/people/?after={last.pk}"))
    assert f"Kim Sample{PAGE:03}" in second_page
    assert f"Kim Sample{PAGE - 1:03}" not in second_page


def test_list_costs_the_same_however_many_there_are(as_ash, ash, django_assert_max_num_queries):
    for _ in range(30):
        factories.ServiceUserFactory(created_by=ash)
    with django_assert_max_num_queries(12):
        as_ash.get("/people/")


@pytest.mark.parametrize("after", ["nonsense", "\x00", "00000000-0000-7000-8000-000000000000"])
def test_list_after_nobody_is_not_found(as_ash, after):
    assert as_ash.get("/people/", {"after": after}).status_code == 404


def test_list_after_a_strangers_person_is_not_found(as_ash, cam):
    stranger = factories.ServiceUserFactory(created_by=cam)

    assert as_ash.get(f"/people/?after={stranger.pk}").status_code == 404


# --- Finding


def test_search_is_by_post_and_leaves_the_name_in_no_address(as_ash, person):
    response = as_ash.post("/people/find/", {"q": person.name})

    assert person.name in page(response)
    assert as_ash.get("/people/find/", {"q": person.name}).url == "/people/"
    assert AuditEvent.objects.get(action="search_service_users").details == {
        "found_by": "name",
        "shown": [str(person.pk)],
    }


def test_search_says_what_tells_two_people_apart(as_ash, ash):
    for born, number in ((datetime.date(1961, 4, 3), "9990839549"), (datetime.date(1980, 1, 2), None)):
        factories.ServiceUserFactory(created_by=ash, name="Robin Example", date_of_birth=born, nhs_number=number)
    shown = page(as_ash.post("/people/find/", {"q": "robin"}))

    assert "2 found" in shown
    for words in ("3 Apr 1961", "999 083 9549", "2 Jan 1980", "NHS number not recorded"):
        assert words in shown


def test_search_that_finds_nobody_says_what_to_try(as_ash, nia):
    factories.ServiceUserFactory(created_by=nia, name="Robin Example", search_name="robin example")
    shown = page(as_ash.post("/people/find/", {"q": "robin"}))

    assert "Nobody found" in shown
    assert "People on another team’s list are not shown here." in shown
    assert 'href="/people/add/"' in shown


@pytest.mark.parametrize("typed", [*HOSTILE, "", "%", "\x00", "a" * 10_000, "' OR 1=1 --"])
def test_search_takes_anything(as_ash, person, typed):
    assert "<script>alert" not in page(as_ash.post("/people/find/", {"q": typed}))


# --- Adding


def test_adding_leads_to_the_persons_page(as_ash, ash):
    response = posted(as_ash, "/people/add/", {"name": "Robin Example", "date_of_birth": "3 4 1961"})

    person = ServiceUser.objects.get()
    assert response.redirect_chain[-1][0] == f"/people/{person.pk}/"
    assert "is on your team’s list" in page(response)


def test_sending_the_same_form_twice_adds_one_person(as_ash):
    form = {"name": "Robin Example", "once": "the-same-key"}
    first = as_ash.post("/people/add/", form)
    second = as_ash.post("/people/add/", form)

    assert ServiceUser.objects.count() == 1
    assert first.url == second.url


def test_wrong_facts_are_told_beside_their_fields_and_nothing_typed_is_lost(as_ash):
    shown = page(
        as_ash.post("/people/add/", {"name": "", "nhs_number": "12 34", "phone": "0770", "pronouns": "she"})
    )

    assert "Enter the person’s name." in shown
    assert "An NHS number has 10 digits. This one has 4." in shown
    for kept in (
        'value="12 34"',
        'value="0770"',
        'value="she"',
        'href="#id_nhs_number"',
        'id="id_nhs_number_error"',
    ):
        assert kept in shown
    assert "<title>Error: Add a service user" in shown


def test_likely_duplicate_is_shown_to_look_at_first(as_ash, ash):
    there = actions.add(by=ash, name="Robin Example", date_of_birth="3 4 1961")
    form = {"name": "Robyn Example", "date_of_birth": "3 4 1961", "pronouns": "she"}
    shown = page(as_ash.post("/people/add/", form))

    assert f'href="/people/{there.pk}/"' in shown
    assert "I have looked: it is somebody else" in shown
    assert 'value="she"' in shown
    assert ServiceUser.objects.count() == 1

    posted(as_ash, "/people/add/", {**form, "not_the_same_as": f"{there.pk},"})
    assert ServiceUser.objects.count() == 2


@pytest.mark.parametrize("nonsense", ["x", "1,2", "\x00", "," * 500])
def test_nonsense_does_not_count_as_having_looked(as_ash, ash, nonsense):
    actions.add(by=ash, name="Robin Example", date_of_birth="3 4 1961")
    form = {"name": "Robin Example", "date_of_birth": "3 4 1961", "not_the_same_as": nonsense}

    assert "Is it one of these people?" in page(as_ash.post("/people/add/", form))


@pytest.mark.parametrize("name", HOSTILE)
def test_any_name_can_be_added_shown_found_and_changed(as_ash, name):
    posted(as_ash, "/people/add/", {"name": name})
    person = ServiceUser.objects.get()

    assert person.name == name
    for path in (f"/people/{person.pk}/", f"/people/{person.pk}/edit/", "/people/"):
        shown = page(as_ash.get(path))
        assert "<script>alert" not in shown
        assert "14" not in shown.split("</h1>")[0].split("<h1")[1], "a name is text, not a template"
    assert f"/people/{person.pk}/" in page(as_ash.post("/people/find/", {"q": name}))


# --- One person


def test_persons_page_says_how_to_reach_them_first_of_all(as_ash, person):
    assert "Safe contact has not been asked about: do not contact." in page(as_ash.get(f"/people/{person.pk}/"))

    factories.ContactPlanFactory(service_user=person, allowed=["text"], fallback="", voicemail=False)
    shown = page(as_ash.get(f"/people/{person.pk}/"))
    assert "Text only." in shown
    assert "Never a voicemail." in shown


def test_persons_page_tells_nothing_of_why_messages_are_off(as_ash, person):
    factories.ContactPlanFactory(service_user=person, automatic=False, automatic_reason="safeguarding")

    assert "safeguarding" not in page(as_ash.get(f"/people/{person.pk}/"))


def test_persons_page_without_anything_known_says_so(as_ash, ash):
    person = factories.ServiceUserFactory(
        created_by=ash, nhs_number=None, date_of_birth=None, phone="", address="", postcode=""
    )
    shown = page(as_ash.get(f"/people/{person.pk}/"))

    assert "not recorded" in shown
    assert "Nothing is recorded, so nothing may be shared." in shown


# --- Changing facts


def opened(client, person):
    """The edit form as a browser holds it: every box, and what it began with."""
    form = client.get(f"/people/{person.pk}/edit/").context["form"]
    data = {"version": form["version"].value()}
    for name in form.facts():
        value = form[name].value()
        if value is not False:
            data[name] = value
        data[f"initial-{name}"] = value
    return data


def test_saving_changes_what_was_typed(as_ash, person):
    response = as_ash.post(f"/people/{person.pk}/edit/", opened(as_ash, person) | {"phone": "020 7946 0123"})

    assert response.url == f"/people/{person.pk}/"
    person.refresh_from_db()
    assert person.phone == "+442079460123"
    assert AuditEvent.objects.get(action="update_service_user").details == {"fields": ["phone"]}


def test_saving_without_a_change_changes_nothing(as_ash, person):
    as_ash.post(f"/people/{person.pk}/edit/", opened(as_ash, person))

    person.refresh_from_db()
    assert person.version == 1


def test_line_ends_of_a_browser_are_no_change(as_ash, person):
    data = opened(as_ash, person)
    data["address"] = data["address"].replace("\n", "\r\n")
    as_ash.post(f"/people/{person.pk}/edit/", data)

    person.refresh_from_db()
    assert person.version == 1


def test_second_editor_is_told_what_changed_and_loses_no_typing(as_ash, ash, person):
    mine = opened(as_ash, person) | {"phone": "020 7946 0123", "pronouns": "she/her"}
    actions.update(service_user=person, version=1, by=ash, phone="07700 900111", postcode="SW9 7AA")

    shown = page(as_ash.post(f"/people/{person.pk}/edit/", mine))
    assert "Not saved yet: somebody else was here" in shown
    assert "Phone number: from “<bdi>07700 900123</bdi>” to “<bdi>07700 900111</bdi>”" in shown
    assert "You changed it too: your words are in the box." in shown
    assert "Postcode: from “<bdi>SE5 8AZ</bdi>” to “<bdi>SW9 7AA</bdi>”" in shown
    for kept in ('value="020 7946 0123"', 'value="she/her"', 'value="SW9 7AA"'):
        assert kept in shown
    person.refresh_from_db()
    assert (person.phone, person.pronouns) == ("+447700900111", "")


def test_second_editor_saves_again_without_undoing_the_first(as_ash, ash, person):
    mine = opened(as_ash, person) | {"pronouns": "she/her"}
    actions.update(service_user=person, version=1, by=ash, phone="07700 900111")
    form = as_ash.post(f"/people/{person.pk}/edit/", mine).context["form"]
    again = {name: form[name].value() or "" for name in ("version", *form.facts())}
    again |= {f"initial-{name}": form.data[f"initial-{name}"] for name in form.facts()}
    again.pop("no_fixed_address")
    as_ash.post(f"/people/{person.pk}/edit/", again)

    person.refresh_from_db()
    assert (person.phone, person.pronouns) == ("+447700900111", "she/her")


@pytest.mark.parametrize("version", ["", "x", "-1", "99999999999999999999", "2"])
def test_version_that_is_none_overwrites_nothing(as_ash, person, version):
    data = opened(as_ash, person) | {"phone": "020 7946 0123", "version": version}
    page(as_ash.post(f"/people/{person.pk}/edit/", data))

    person.refresh_from_db()
    assert person.version == 1


# --- Contact plan, consent, pause

PLAN = {
    "allowed": ["text", "letter"],
    "voicemail": "no",
    "automatic": "yes",
    "may_name_service": "no",
    "seen": "0",
}


def test_clinician_makes_a_first_plan_with_a_reason(as_ash, person):
    path = f"/people/{person.pk}/contact-plan/"
    assert "Say why more contact is safe now" in page(as_ash.post(path, PLAN))

    shown = page(posted(as_ash, path, {**PLAN, "hours_from": "10", "hours_to": "4pm", "reason": "Asked alone"}))
    assert "Text or letter, 10am to 4pm." in shown


def test_admin_who_would_loosen_is_refused_in_words(as_dee, person):
    shown = page(as_dee.post(f"/people/{person.pk}/contact-plan/", {**PLAN, "reason": "x"}), 403)

    assert "Only a clinician may do that" in shown
    assert not ContactPlan.objects.exists()


def test_admin_may_tighten(as_dee, person):
    factories.ContactPlanFactory(service_user=person)
    as_dee.post(f"/people/{person.pk}/contact-plan/", {**PLAN, "allowed": ["letter"], "seen": "1"})

    assert actions.plan_of(person).allowed == {"letter"}


def test_second_changer_of_a_plan_is_told_and_keeps_their_ticks(as_ash, person):
    for allowed in (["text", "letter", "call"], ["letter"]):
        factories.ContactPlanFactory(service_user=person, allowed=allowed, preferred="letter", fallback="")
    shown = page(as_ash.post(f"/people/{person.pk}/contact-plan/", {**PLAN, "allowed": ["text"], "seen": "1"}))

    assert "Somebody else changed this" in shown
    assert "Letter only." in shown, "the plan as it is now"
    assert 'name="seen" value="2"' in shown
    assert 'value="text" class="nhsuk-checkboxes__input" id="id_allowed_0" checked' in shown


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"allowed": ["carrier pigeon"]}, "carrier pigeon"),
        ({"hours_from": "10", "hours_to": ""}, "Enter both times, or neither."),
        ({"hours_from": "16:00", "hours_to": "10:00"}, "This must be later than the first time."),
        ({"hours_from": "teatime", "hours_to": "10:00"}, "Enter a time, like 10:00 or 4.30pm."),
        ({"preferred": "call"}, "Choose one of the ways that are allowed."),
        ({"weekdays": ["9"]}, "9"),
        ({"voicemail": ""}, "Choose yes or no."),
        ({"via_person": "x" * 201}, "Use 200 characters or fewer."),
    ],
)
def test_plan_that_makes_no_sense_is_refused_beside_its_field(as_ash, person, wrong, sentence):
    shown = page(as_ash.post(f"/people/{person.pk}/contact-plan/", {**PLAN, "reason": "Asked", **wrong}))

    assert sentence in shown
    assert not ContactPlan.objects.exists()


def test_consent_is_recorded_for_one_provider_until_a_day(as_ash, person, provider):
    form = {"choice": "yes", "provider": str(provider.pk), "how": "spoken", "expires_on": "31 3 2099"}
    shown = page(posted(as_ash, f"/people/{person.pk}/consents/add/", form))

    assert provider.name in shown
    assert "Until 31 March 2099." in shown


def test_consent_page_offers_providers_and_the_trusts_own_teams(as_ash, cam, person, provider, trust):
    shown = page(as_ash.get(f"/people/{person.pk}/consents/add/"))

    assert f'value="{provider.pk}"' in shown
    assert f'value="{trust.pk}"' in shown
    assert f'value="{cam.organisation.pk}"' not in shown
    assert "Choose what the person said." in page(as_ash.post(f"/people/{person.pk}/consents/add/", {}))


def test_pause_and_going_on(as_ash, person):
    tomorrow = clock.today() + datetime.timedelta(days=1)
    path = f"/people/{person.pk}/"
    form = {"reason": "in_hospital", "review_on": f"{tomorrow:%d %m %Y}"}
    assert "Contact paused until" in page(posted(as_ash, f"{path}pause/", form))
    assert "already" in page(as_ash.post(f"{path}pause/", form))

    assert "Contact is not paused." in page(posted(as_ash, f"{path}resume/", {}))
    assert "Contact is not paused." in page(as_ash.post(f"{path}resume/"), 409)


def test_pause_without_a_day_says_what_to_enter(as_ash, person):
    shown = page(as_ash.post(f"/people/{person.pk}/pause/", {"reason": "crisis", "review_on": "31 2 2099"}))

    assert "Enter a day, like 31 3 2027." in shown


# --- Who may


@pytest.mark.parametrize("path", ["edit/", "consents/add/", "pause/"])
def test_admin_sees_people_but_does_not_change_them(as_dee, person, path):
    assert page(as_dee.get(f"/people/{person.pk}/"))
    shown = page(as_dee.get(f"/people/{person.pk}/{path}"), 403)
    assert "This is for the role of clinician." in shown


def test_admins_pages_offer_no_link_that_is_refused(as_dee, person):
    for path in ("/people/", f"/people/{person.pk}/"):
        shown = page(as_dee.get(path))
        for link in ("/people/add/", "/edit/", "/pause/", "/consents/add/"):
            assert link not in shown


@pytest.mark.parametrize("path", ["", "edit/", "contact-plan/", "consents/add/", "pause/"])
def test_person_of_another_team_or_organisation_does_not_exist(as_nia, as_cam, person, path):
    for client in (as_nia, as_cam):
        shown = page(client.get(f"/people/{person.pk}/{path}"), 404)
        assert person.name not in shown


def test_support_worker_has_no_list_of_people(as_bo, person):
    for path in ("/people/", f"/people/{person.pk}/"):
        assert as_bo.get(path).status_code == 403


def test_search_name_of_a_factory_person_is_like_the_actions(person):
    assert person.search_name == search_name(person.name, person.preferred_name)
