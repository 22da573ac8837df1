"""Starting, saving, submitting, stopping, voiding: what each leaves behind, and what it never does."""

import datetime

import pytest
from django.db import DatabaseError

from accounts import clock
from accounts.errors import AlreadyChanged, InvalidInput, NotPossibleNow
from accounts.models import AuditEvent
from people.contact_plan import Plan, is_looser
from people.models import Consent, ContactPlan
from screening import actions, consequences
from screening.models import Screening
from tests.factories import ContactPlanFactory, ScreeningFactory, ServiceUserFactory
from tests.screening.examples import CASES, VECTORS, without

WELL = CASES["no-barriers"]


@pytest.fixture
def draft(person, ash):
    return actions.start(service_user=person, by=ash)


def save(screening, answers, *, by, version=None):
    return actions.save_answers(screening=screening, answers=answers, version=version or screening.version, by=by)


def submitted(person, by, answers):
    draft = ScreeningFactory(service_user=person, started_by=by, answers=answers)
    return actions.submit(screening=draft, by=by)


def current_plan(person):
    return ContactPlan.objects.current_for(person)


# --- Start


def test_starting_again_resumes_the_open_draft(person, ash, draft):
    assert actions.start(service_user=person, by=ash, form="short") == draft
    assert Screening.objects.count() == 1


def test_a_submitted_screening_is_not_resumed(person, ash):
    first = submitted(person, ash, WELL)
    assert actions.start(service_user=person, by=ash) != first


def test_a_paper_form_keeps_its_own_day(person, ash):
    day = clock.today() - datetime.timedelta(days=9)
    screening = actions.start(service_user=person, by=ash, answered_by="from_paper", on_paper_on=day)
    assert screening.on_paper_on == day


@pytest.mark.parametrize(
    ("sitting", "field"),
    [
        ({"answered_by": "from_paper"}, "on_paper_on"),
        ({"on_paper_on": datetime.date(2026, 1, 5)}, "on_paper_on"),
        ({"answered_by": "from_paper", "on_paper_on": datetime.date(2999, 1, 5)}, "on_paper_on"),
        ({"answered_by": "the cat"}, "answered_by"),
        ({"how": "telepathy"}, "how"),
        ({"form": "long"}, "form"),
    ],
)
def test_who_how_and_when_are_checked(person, ash, sitting, field):
    with pytest.raises(InvalidInput) as refused:
        actions.start(service_user=person, by=ash, **sitting)
    assert field in refused.value.fields
    assert not Screening.objects.exists()


# --- Save


def test_answers_are_kept_with_when_they_were_given(ash, draft):
    saved = save(draft, {"AC1": "daily", "CT2": {"state": "not_asked", "reason": "not_alone"}}, by=ash)
    assert saved.screening.responses["AC1"]["value"] == "daily"
    assert saved.screening.responses["CT2"]["reason"] == "not_alone"
    assert datetime.datetime.fromisoformat(saved.screening.responses["AC1"]["at"]) <= clock.now()


def test_saving_the_same_twice_leaves_one_trace(ash, draft):
    first = save(draft, {"AC1": "daily"}, by=ash)
    again = save(first.screening, {"AC1": "daily"}, by=ash)
    assert again.changed == ()
    assert again.screening.version == first.screening.version
    assert AuditEvent.objects.filter(action="save_answers").count() == 1


def test_two_who_answer_different_questions_lose_nothing(ash, draft):
    save(draft, {"AC1": "daily"}, by=ash)
    late = save(draft, {"OC1": "own"}, by=ash, version=1)
    assert late.others == ("AC1",)
    assert late.conflicts == ()
    assert actions.answers_of(late.screening.responses) == {"AC1": "daily", "OC1": "own"}


def test_the_same_question_answered_differently_is_handed_back_and_the_rest_saved(ash, draft):
    save(draft, {"AC1": "daily"}, by=ash)
    late = save(draft, {"AC1": "never", "OC1": "own"}, by=ash, version=1)
    assert [(c.item, c.theirs, c.mine) for c in late.conflicts] == [("AC1", "daily", "never")]
    assert actions.answers_of(late.screening.responses) == {"AC1": "daily", "OC1": "own"}


def test_whoever_asks_for_it_is_refused_any_stale_version(ash, draft):
    save(draft, {"AC1": "daily"}, by=ash)
    with pytest.raises(AlreadyChanged):
        actions.save_answers(screening=draft, answers={"OC1": "own"}, version=1, by=ash, together=False)
    assert "OC1" not in Screening.objects.get().responses


def test_answers_that_the_definition_does_not_know_are_refused_each_with_a_sentence(ash, draft):
    with pytest.raises(InvalidInput) as refused:
        save(draft, {"AC1": "sideways", "XX9": "yes", "OC1": "own"}, by=ash)
    assert set(refused.value.fields) == {"AC1", "XX9"}
    assert Screening.objects.get().responses == {}


def test_a_page_saves_its_own_questions_only(ash, draft):
    with pytest.raises(InvalidInput):
        actions.save_section(
            screening=draft, section="reaching-you", answers={"AC1": "daily"}, version=draft.version, by=ash
        )


def test_nothing_is_saved_into_a_submitted_screening(person, ash):
    screening = submitted(person, ash, WELL)
    with pytest.raises(NotPossibleNow):
        save(screening, {"AC1": "never"}, by=ash)
    screening.refresh_from_db()
    assert screening.responses["AC1"]["value"] == "daily"


def test_an_answer_whose_question_no_longer_applies_is_kept_and_comes_back(ash, draft):
    one = save(draft, {"CT2": "avoid", "CT2a": ["letter"]}, by=ash).screening
    two = save(one, {"CT2": "fine"}, by=ash).screening
    assert two.responses["CT2a"]["value"] == ["letter"]
    three = save(two, {"CT2": "avoid"}, by=ash).screening
    assert actions.answers_of(three.responses) == {"CT2": "avoid", "CT2a": ["letter"]}


# --- Submit


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_a_submitted_screening_holds_exactly_what_scoring_gives(person, ash, vector):
    screening = submitted(person, ash, vector["answers"])
    assert screening.result == vector["expect"]
    assert sorted(need.code for need in screening.needs.all()) == sorted(vector["expect"]["needs"])


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_the_same_sent_whole_gives_the_same(person, ash, vector):
    asked = actions.questionnaire.latest("getting-online")
    screening = actions.record(service_user=person, answers=vector["answers"], by=ash, asked=asked, submit=True)
    screening.refresh_from_db()
    assert screening.result == vector["expect"]
    assert screening.status == ("paused" if vector["id"] == "voices-right-now" else "submitted")


def test_submitting_twice_changes_nothing_the_second_time(person, ash):
    screening = submitted(person, ash, CASES["supported-home-never-online"])
    before = (screening.needs.count(), ContactPlan.objects.count(), screening.version, screening.submitted_at)
    again = actions.submit(screening=screening, by=ash)
    assert (again.needs.count(), ContactPlan.objects.count(), again.version, again.submitted_at) == before


def test_what_came_in_after_checking_is_not_submitted_unseen(ash, draft):
    checked = save(draft, WELL, by=ash).screening.version
    save(draft, {"AC1": "never"}, by=ash, version=checked)
    with pytest.raises(AlreadyChanged):
        actions.submit(screening=draft, by=ash, version=checked)
    assert Screening.objects.get().is_draft


def test_needs_say_which_answers_raised_them(person, ash):
    screening = submitted(person, ash, CASES["supported-home-never-online"])
    assert screening.needs.get(code="DEVICE").because == ["AC2"]


def test_the_short_form_leaves_the_rest_not_asked_and_never_none(person, ash):
    draft = ScreeningFactory(service_user=person, started_by=ash, form="short", answers={"AC1": "daily"})
    screening = actions.submit(screening=draft, by=ash)
    assert screening.responses["OC1"]["reason"] == "ran_out_of_time"
    assert "none" not in screening.result["levels"].values()


def test_a_failed_audit_row_takes_the_whole_submission_with_it(person, ash, monkeypatch):
    draft = ScreeningFactory(service_user=person, started_by=ash, answers=WELL)

    def break_off(*args, **kwargs):
        raise DatabaseError

    monkeypatch.setattr(actions.audit, "record", break_off)
    with pytest.raises(DatabaseError):
        actions.submit(screening=draft, by=ash)
    draft.refresh_from_db()
    assert draft.is_draft
    assert not draft.needs.exists()
    assert not ContactPlan.objects.exists()


def test_audit_says_what_was_done_and_never_what_was_answered(person, ash):
    draft = actions.start(service_user=person, by=ash)
    save(draft, CASES["voices-right-now"], by=ash)
    details = " ".join(str(event.details) for event in AuditEvent.objects.all())
    assert {"start_screening", "save_answers", "screening_paused"} <= set(
        AuditEvent.objects.values_list("action", flat=True)
    )
    assert "'now'" not in details


# --- Stop


def test_right_now_stops_at_once_and_keeps_what_was_given(ash, draft):
    one = save(draft, {"AC1": "daily", "OC2": ["basics"]}, by=ash).screening
    stopped = save(one, {"MH3": "now"}, by=ash).screening
    assert stopped.status == "paused"
    assert {suggestion["rule"] for suggestion in stopped.result["suggestions"]} == {"R03", "R04", "R23"}
    assert actions.answers_of(stopped.responses)["AC1"] == "daily"
    assert not current_plan(stopped.service_user).automatic


def test_stopping_needs_a_reason_in_the_answers(ash, draft):
    with pytest.raises(NotPossibleNow):
        actions.stop_now(screening=draft, by=ash)
    assert Screening.objects.get().is_draft


def test_a_stopped_screening_goes_on_without_the_answer_that_stopped_it(person, ash, draft):
    stopped = save(draft, {"AC1": "daily", "MH3": "now"}, by=ash).screening
    on = actions.carry_on(screening=stopped, by=ash)
    assert (on.is_draft, actions.answers_of(on.responses)) == (True, {"AC1": "daily"})
    stopped.refresh_from_db()
    assert stopped.status == "paused"


# --- Needs over time


def test_a_need_that_is_raised_again_is_carried_on_and_what_was_agreed_stays_agreed(person, ash):
    first = submitted(person, ash, CASES["supported-home-never-online"])
    actions.decide(screening=first, rule="R06", decision="agreed", by=ash)
    actions.decide(screening=first, rule="R08", decision="declined", reason="Not for me", by=ash)
    second = submitted(person, ash, CASES["supported-home-never-online"])
    device, connect = first.needs.get(code="DEVICE"), first.needs.get(code="CONNECT")
    assert device.carried_to == second.needs.get(code="DEVICE")
    assert second.needs.get(code="DEVICE").decision == "agreed"
    assert connect.carried_to.decision == "undecided"
    assert device.resolved_at is None


def test_a_need_that_was_asked_about_and_is_gone_is_resolved(person, ash):
    first = submitted(person, ash, CASES["supported-home-never-online"])
    second = submitted(person, ash, WELL)
    assert {need.resolved_by_screening for need in first.needs.all()} == {second}


def test_a_need_that_was_not_asked_about_stays_open(person, ash):
    first = submitted(person, ash, CASES["supported-home-never-online"])
    submitted(person, ash, without(WELL, "MH3", "OC1"))
    still = {need.code for need in first.needs.filter(resolved_at=None)}
    assert still == {"SURV", "WIFI_SITE"}


def test_nothing_asked_resolves_nothing(person, ash):
    first = submitted(person, ash, CASES["supported-home-never-online"])
    submitted(person, ash, {})
    assert not first.needs.exclude(resolved_at=None).exists()


# --- The contact plan


def test_the_answers_set_the_contact_plan(person, ash):
    screening = submitted(person, ash, CASES["avoid-letters"])
    plan = current_plan(person)
    assert (plan.allowed, plan.automatic, plan.source_id) == (["text"], True, str(screening.pk))


def test_safe_contact_not_asked_means_no_contact(person, ash):
    submitted(person, ash, without(WELL, "CT2"))
    assert current_plan(person).plan.open_channels == frozenset()


CONTACT = ["CT1", "CT2", "CT2a", "MH3", "MH3a", "OC3"]


@pytest.mark.parametrize(
    ("after", "missing"),
    [
        *(("no-barriers", code) for code in ("CT1", "CT2", "MH3", "OC3")),
        ("avoid-letters", "CT2a"),
        ("watched-often-wants-letter", "MH3a"),
    ],
)
def test_a_missing_answer_never_loosens_the_plan_that_stands(ash, after, missing):
    for before in CASES.values():
        person = ServiceUserFactory(created_by=ash)
        submitted(person, ash, before)
        old = current_plan(person).plan
        submitted(person, ash, without(CASES[after], missing))
        assert not old.answered or not is_looser(old, current_plan(person).plan)


def test_a_screening_that_asks_nothing_about_contact_leaves_the_plan_alone(person, ash):
    submitted(person, ash, WELL)
    before = current_plan(person).pk
    submitted(person, ash, without(WELL, *CONTACT))
    assert current_plan(person).pk == before


def test_whole_new_answers_replace_the_old_plan_and_keep_hours_and_go_between(person, ash):
    ContactPlanFactory(
        service_user=person,
        source="screening",
        allowed=["letter"],
        hours_from=datetime.time(10),
        hours_to=datetime.time(16),
        via_person="Sam, sister",
    )
    submitted(person, ash, WELL)
    plan = current_plan(person).plan
    assert plan.allowed == {"text", "call"}
    assert plan.hours == (datetime.time(10), datetime.time(16))
    assert plan.via_person == "Sam, sister"


def test_what_staff_took_away_a_form_does_not_give_back(person, ash):
    ContactPlanFactory(service_user=person, allowed=["text"], automatic=False, automatic_reason="staff")
    submitted(person, ash, WELL)
    plan = current_plan(person).plan
    assert (plan.allowed, plan.automatic, plan.takes_voicemail) == ({"text"}, False, False)


def test_a_plan_made_stricter_allows_nothing_that_either_forbids():
    one = Plan(allowed=frozenset({"text", "call"}), automatic=True, answered=True, voicemail=True)
    other = Plan(allowed=frozenset({"call", "letter"}), automatic=True, answered=True, voicemail=False)
    both = consequences.stricter(one, other)
    assert (both.allowed, both.automatic, both.reason) == ({"call"}, False, "no_channel")
    assert not both.takes_voicemail


# --- Consent


def test_the_consent_step_is_recorded_with_its_wording(person, ash):
    submitted(person, ash, {**WELL, "REF1": "ask_each"})
    consent = Consent.objects.get()
    assert (consent.choice, consent.wording, consent.how) == ("ask_each", "getting-online 1.0.0", "spoken")


def test_no_answer_about_consent_is_no_consent(person, ash):
    submitted(person, ash, WELL)
    assert not Consent.objects.exists()


def test_consent_that_the_definition_does_not_offer_is_refused(ash, draft):
    with pytest.raises(InvalidInput) as refused:
        save(draft, {"REF1": "perhaps"}, by=ash)
    assert list(refused.value.fields) == ["REF1"]


# --- Void


def test_a_void_screening_gives_needs_plan_and_consent_back(person, ash):
    first = submitted(person, ash, CASES["supported-home-never-online"])
    wrong = submitted(person, ash, {**WELL, "REF1": "yes"})
    actions.void(screening=wrong, reason="Somebody else's answers", by=ash)
    assert not first.needs.exclude(resolved_at=None).exists()
    assert not current_plan(person).answered
    assert Consent.objects.get().withdrawn_at


def test_needs_carried_through_a_void_screening_lead_on_to_the_next(person, ash):
    first = submitted(person, ash, CASES["supported-home-never-online"])
    wrong = submitted(person, ash, CASES["supported-home-never-online"])
    last = submitted(person, ash, CASES["supported-home-never-online"])
    actions.void(screening=wrong, reason="Entered twice", by=ash)
    assert first.needs.get(code="DEVICE").carried_to == last.needs.get(code="DEVICE")


def test_voiding_needs_a_reason_and_happens_once(person, ash):
    screening = submitted(person, ash, WELL)
    with pytest.raises(InvalidInput):
        actions.void(screening=screening, reason="  ", by=ash)
    actions.void(screening=screening, reason="Entered twice", by=ash)
    with pytest.raises(NotPossibleNow):
        actions.void(screening=screening, reason="Again", by=ash)


# --- Decide


@pytest.fixture
def screened(person, ash):
    return submitted(person, ash, CASES["supported-home-never-online"])


def test_a_decision_covers_every_need_of_the_suggestion_and_leaves_its_row(screened, ash):
    needs = actions.decide(screening=screened, rule="R15", decision="not_now", by=ash)
    assert {need.code for need in needs} == {"WHERE_HELP", "NO_HELPER"}
    assert {need.decision for need in screened.needs.filter(code__in=["WHERE_HELP", "NO_HELPER"])} == {"not_now"}
    assert all(need.decisions.get().by == ash for need in needs)


def test_the_same_decision_again_adds_no_row(screened, ash):
    for _ in range(2):
        (need,) = actions.decide(screening=screened, rule="R06", decision="agreed", by=ash)
    assert need.decisions.count() == 1


def test_a_change_of_mind_keeps_the_earlier_decision(screened, ash):
    actions.decide(screening=screened, rule="R06", decision="agreed", by=ash)
    (need,) = actions.decide(screening=screened, rule="R06", decision="declined", reason="Has one now", by=ash)
    assert [row.decision for row in need.decisions.all()] == ["agreed", "declined"]
    need.refresh_from_db()
    assert need.decision == "declined"


@pytest.mark.parametrize(
    ("rule", "decision", "reason"),
    [("R06", "declined", ""), ("R06", "undecided", ""), ("R06", "perhaps", ""), ("R23", "agreed", "")],
)
def test_what_is_no_decision_is_refused(screened, ash, rule, decision, reason):
    with pytest.raises(InvalidInput):
        actions.decide(screening=screened, rule=rule, decision=decision, reason=reason, by=ash)


def test_a_need_that_was_carried_on_is_decided_where_it_stands_now(person, ash, screened):
    submitted(person, ash, CASES["supported-home-never-online"])
    with pytest.raises(NotPossibleNow):
        actions.decide(screening=screened, rule="R06", decision="agreed", by=ash)
