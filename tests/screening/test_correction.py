"""A submitted screening is never edited: a correction takes its place, and nothing rests on the error any more."""

import html
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts import clock
from accounts.errors import InvalidInput, NotPossibleNow
from accounts.models import AuditEvent
from people import actions as people
from people.contact_plan import is_looser, tighten
from people.models import Consent, ContactPlan
from referrals import due
from referrals.models import FollowUp
from referrals.obligations.owed import settle
from referrals.obligations.reviews import about_versions
from reports.periods import Month
from reports.scope import Scope
from screening import actions
from screening.models import Need, NeedDecision, Screening
from tests.factories import ScreeningFactory
from tests.reports.asking import rate_of
from tests.screening.examples import CASES

HOME = CASES["supported-home-never-online"]
WELL = CASES["no-barriers"]
CONTACT_OF_HOME = {code: HOME[code] for code in HOME if code in ("CT1", "CT2", "CT2a", "MH3", "MH3a", "OC3")}


@pytest.fixture
def submitted(person, ash):
    def submit(answers, **facts):
        return ScreeningFactory(service_user=person, started_by=ash, answers=answers, submitted=True, **facts)

    return submit


def corrected(screening, by, answers=(), **more):
    """Begun, changed and submitted. `answers`: what is put right."""
    draft = actions.correct(screening=screening, reason="Ticked the wrong box", by=by)
    saved = actions.save_answers(screening=draft, answers=dict(answers), version=draft.version, by=by, **more)
    return actions.submit(screening=saved.screening, by=by)


def plan(person):
    return ContactPlan.objects.current_for(person).plan


def open_needs(person):
    return set(Need.objects.open().filter(service_user=person).values_list("code", flat=True))


# --- The two versions


def test_the_correction_counts_in_its_place_with_its_dates_and_facts(ash, person, submitted):
    first = submitted(HOME, answered_by="with_help", helped_by="his sister", goal_in_words="See photos")
    second = corrected(first, ash, {"AC1": "daily"})
    first.refresh_from_db()
    assert (first.status, second.status) == ("superseded", "submitted")
    assert (second.started_at, second.submitted_at) == (first.started_at, first.submitted_at)
    assert (second.helped_by, second.goal_in_words) == ("his sister", "See photos")
    assert second.definition_version == first.definition_version
    assert second.corrected_at > second.submitted_at
    assert list(Screening.objects.submitted().filter(service_user=person)) == [second]
    assert actions.answers_of(first.responses)["AC1"] == HOME["AC1"]


def test_a_reason_in_words_is_required(ash, submitted):
    with pytest.raises(InvalidInput) as refused:
        actions.correct(screening=submitted(HOME), reason="  ", by=ash)
    assert list(refused.value.fields) == ["reason"]


def test_until_it_is_submitted_the_first_counts(ash, person, submitted):
    first = submitted(HOME)
    before = (open_needs(person), plan(person))
    draft = actions.correct(screening=first, reason="Wrong box", by=ash)
    actions.save_answers(screening=draft, answers=WELL, version=draft.version, by=ash)
    assert (open_needs(person), plan(person)) == before
    assert Screening.objects.submitted().get() == first


def test_a_correction_that_is_discarded_leaves_the_first_in_force_and_another_may_follow(ash, person, submitted):
    first = submitted(HOME)
    draft = actions.correct(screening=first, reason="Wrong box", by=ash)
    actions.void(screening=draft, reason="It was right", by=ash)
    first.refresh_from_db()
    assert first.counts
    assert corrected(first, ash, {"AC1": "daily"}).counts


def test_it_is_corrected_by_one_at_a_time(ash, submitted):
    first = submitted(HOME)
    actions.correct(screening=first, reason="Wrong box", by=ash)
    with pytest.raises(NotPossibleNow):
        actions.correct(screening=first, reason="Another wrong box", by=ash)
    assert first.corrections.count() == 1


def test_one_correction_follows_another(ash, person, submitted):
    first = submitted(HOME)
    second = corrected(first, ash, {"AC1": "daily"})
    third = corrected(second, ash, {"AC4": "no"})
    assert Screening.objects.submitted().get() == third
    with pytest.raises(NotPossibleNow):
        actions.correct(screening=second, reason="Once more", by=ash)
    assert {need.screening for need in Need.objects.open()} == {third}


@pytest.mark.parametrize("status", ["draft", "void"])
def test_what_does_not_count_is_not_corrected(ash, person, submitted, status):
    screening = actions.start(service_user=person, by=ash) if status == "draft" else submitted(WELL)
    if status == "void":
        actions.void(screening=screening, reason="Twice", by=ash)
    with pytest.raises(NotPossibleNow):
        actions.correct(screening=screening, reason="Wrong box", by=ash)


def test_a_correction_of_what_was_voided_meanwhile_is_refused(ash, person, submitted):
    first = submitted(HOME)
    draft = actions.correct(screening=first, reason="Wrong box", by=ash)
    actions.void(screening=first, reason="Somebody else's answers", by=ash)
    with pytest.raises(NotPossibleNow):
        actions.submit(screening=draft, by=ash)
    draft.refresh_from_db()
    assert draft.is_draft
    assert open_needs(person) == set()


def test_an_open_correction_does_not_keep_a_new_screening_from_starting(ash, person, submitted):
    draft = actions.correct(screening=submitted(HOME), reason="Wrong box", by=ash)
    assert actions.start(service_user=person, by=ash) != draft


def test_the_database_holds_the_rule_too(ash, person, submitted):
    first, other = submitted(HOME), submitted(HOME)
    second = corrected(first, ash)
    twice = {"corrects": first, "correction_reason": "x", "corrected_at": other.submitted_at}
    for screening, change in (
        (second, {"correction_reason": ""}),
        (second, {"corrected_at": None}),
        (second, {"corrects": second}),
        (first, {"result": None}),
        (other, twice),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Screening.objects.filter(pk=screening.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        other.needs.update(raised_in_error=True)


def test_both_are_in_the_audit_and_no_word_of_why(ash, submitted):
    corrected(submitted(HOME), ash, {"AC1": "daily"})
    done = set(AuditEvent.objects.values_list("action", flat=True))
    assert {"correct_screening", "screening_superseded", "screening_submitted"} <= done
    assert "Ticked the wrong box" not in repr(list(AuditEvent.objects.values()))


# --- Stopped ones


def test_distress_that_was_ticked_by_mistake_can_be_put_right(ash, person):
    draft = ScreeningFactory(service_user=person, started_by=ash, answers=WELL)
    stopped = actions.save_answers(screening=draft, answers={"MH3": "now"}, version=1, by=ash).screening
    assert stopped.status == "paused"
    correction = actions.correct(screening=stopped, reason="He said no", by=ash)
    saved = actions.save_answers(screening=correction, answers={"AC4": "once"}, version=1, by=ash).screening
    assert saved.is_draft  # another answer put right first does not stop it again
    saved = actions.save_answers(screening=saved, answers={"MH3": "no"}, version=saved.version, by=ash).screening
    assert actions.submit(screening=saved, by=ash).status == "submitted"
    assert "CLIN_NOW" not in open_needs(person)


def test_distress_that_was_missed_stops_the_corrected_one(ash, submitted):
    second = corrected(submitted(WELL), ash, {"MH3": "now"})
    assert second.status == "paused"
    assert not plan(second.service_user).automatic


# --- Needs


def test_needs_are_carried_on_with_what_was_decided(ash, person, submitted):
    first = submitted(HOME)
    actions.decide(screening=first, rule="R06", decision="agreed", by=ash)
    actions.decide(screening=first, rule="R08", decision="declined", reason="Not for me", by=ash)
    second = corrected(first, ash, {"AC4": "no"})
    device, connect = second.needs.get(code="DEVICE"), second.needs.get(code="CONNECT")
    assert (device.decision, connect.decision, connect.decision_reason) == ("agreed", "declined", "Not for me")
    assert first.needs.get(code="DEVICE").carried_to == device
    assert [one.by for one in device.decisions.all()] == [ash]


def test_what_only_the_error_had_raised_is_closed_as_raised_in_error(ash, person, submitted):
    first = submitted(HOME)
    second = corrected(first, ash, {"AC2": ["smart"]})
    device = first.needs.get(code="DEVICE")
    assert (device.raised_in_error, device.resolved_by_screening, device.carried_to) == (True, second, None)
    assert "DEVICE" not in open_needs(person)
    assert open_needs(person) == set(second.needs.values_list("code", flat=True))


def test_a_need_that_the_error_had_resolved_stands_again(ash, person, submitted):
    earlier = submitted(HOME)
    actions.decide(screening=earlier, rule="R06", decision="agreed", by=ash)
    wrong = submitted(WELL)
    assert open_needs(person) == set()
    right = corrected(wrong, ash, {"AC2": ["none"], "AC2a": "no"})
    device = earlier.needs.get(code="DEVICE")
    assert device.carried_to == right.needs.get(code="DEVICE")
    assert device.carried_to.decision == "agreed"
    assert device.resolved_at is None


def test_a_later_screening_stays_the_last_and_settles_what_the_correction_raises(ash, person, submitted):
    wrong, later = submitted(WELL), submitted(WELL)
    right = corrected(wrong, ash, {"AC2": ["none"], "AC2a": "no"})
    device = right.needs.get(code="DEVICE")
    assert (device.resolved_by_screening, device.raised_in_error) == (later, False)
    assert list(Screening.objects.before(later)) == [right]
    assert open_needs(person) == set()


def test_a_later_screening_carries_on_what_the_correction_raises(ash, person, submitted):
    wrong, later = submitted(WELL), submitted(HOME)
    right = corrected(wrong, ash, {"AC2": ["none"], "AC2a": "no"})
    assert right.needs.get(code="DEVICE").carried_to == later.needs.get(code="DEVICE")


def test_a_correction_recorded_in_error_gives_its_place_back(ash, person, submitted):
    earlier, first = submitted(HOME), submitted(HOME)
    before = open_needs(person)
    second = corrected(first, ash, {"AC2": ["smart"]})
    actions.decide(screening=second, rule="R15", decision="agreed", by=ash)
    actions.void(screening=second, reason="The first was right", by=ash)
    first.refresh_from_db()
    assert first.status == "submitted"
    assert open_needs(person) == before
    assert earlier.needs.get(code="DEVICE").carried_to == first.needs.get(code="DEVICE")
    assert first.needs.get(code="WHERE_HELP").decision == "agreed"


def test_decisions_are_made_beside_the_version_that_counts(ash, submitted):
    first = submitted(HOME)
    corrected(first, ash)
    with pytest.raises(NotPossibleNow):
        actions.decide(screening=first, rule="R06", decision="agreed", by=ash)
    assert not NeedDecision.objects.exists()


# --- How the person may be reached


def test_the_corrected_answers_are_the_persons_own_words(ash, person, submitted):
    first = submitted({**WELL, "CT1": ["letter"]})
    corrected(first, ash, {"CT1": ["letter", "text"]})
    assert plan(person).allowed == {"letter", "text"}


def test_what_the_wrong_answers_allowed_does_not_stay_allowed(ash, person, submitted):
    first = submitted({**WELL, "CT1": ["text", "call"]})
    corrected(first, ash, {"CT2": "avoid", "CT2a": ["text"]})
    assert plan(person).allowed == {"call"}


@pytest.mark.parametrize("gone", [{"CT2": {"state": "not_asked"}}, {"CT1": {"state": "dont_know"}}], ids=str)
def test_an_answer_that_was_never_given_allows_nothing(ash, person, submitted, gone):
    corrected(submitted(WELL), ash, gone)
    assert plan(person).open_channels == frozenset()


def test_a_gap_leaves_what_an_earlier_screening_allowed_and_no_more(ash, person, submitted):
    submitted({**WELL, "CT1": ["letter", "call"]})
    wrong = submitted({**WELL, "CT1": ["call", "text"]})
    corrected(wrong, ash, {"CT2": {"state": "not_asked"}})
    assert plan(person).open_channels == {"call"}


def test_a_plan_that_staff_tightened_since_is_not_loosened(ash, person, submitted):
    first = submitted({**WELL, "CT1": ["text", "letter"]})
    row = ContactPlan.objects.current_for(person)
    stricter = tighten(row.plan, without=["text"], stop_automatic=True)
    people.change_contact_plan(service_user=person, plan=stricter, seen=row.number, by=ash)
    corrected(first, ash, {"CT1": ["text", "letter", "call"]})
    assert plan(person).allowed == {"letter"}
    assert not plan(person).automatic


def test_no_correction_of_a_plan_changed_since_ever_loosens_it(ash, person, submitted):
    """Whatever was put right: the staff's own plan, and each worked case against each."""
    for wrong in CASES.values():
        screening = submitted(wrong)
        row = ContactPlan.objects.current_for(person)
        if row is None or not row.plan.allowed:
            continue
        stricter = tighten(row.plan, without=sorted(row.plan.allowed)[:1], stop_automatic=True)
        if stricter == row.plan:
            continue
        people.change_contact_plan(service_user=person, plan=stricter, seen=row.number, by=ash)
        for right in list(CASES.values())[:6]:
            before = plan(person)
            screening = corrected(screening, ash, right)
            assert not is_looser(before, plan(person))


def test_a_later_screening_that_asked_everything_keeps_its_plan(ash, person, submitted):
    wrong = submitted({**WELL, "CT1": ["text"]})
    later = submitted({**WELL, "CT1": ["call"]})
    corrected(wrong, ash, {"CT1": ["letter"]})
    row = ContactPlan.objects.current_for(person)
    assert (row.source_id, set(row.allowed)) == (str(later.pk), {"call"})


def test_a_correction_of_something_else_leaves_the_plan_alone(ash, person, submitted):
    first = submitted(WELL)
    row = ContactPlan.objects.current_for(person)
    corrected(first, ash, {"AC4": "often"})
    assert ContactPlan.objects.current_for(person) == row


# --- Consent


def test_consent_that_was_never_given_is_withdrawn(ash, person, submitted):
    first = submitted({**WELL, "REF1": "yes"})
    corrected(first, ash, {"REF1": "no"})
    wide, said = Consent.objects.order_by("given_at")
    assert wide.withdrawn_at
    assert said.choice == "no"


def test_wider_consent_is_asked_for_and_not_read_out_of_a_correction(ash, person, submitted):
    corrected(submitted({**WELL, "REF1": "no"}), ash, {"REF1": "yes"})
    assert [consent.choice for consent in Consent.objects.all()] == ["no"]


def ago(days):
    return clock.at(clock.now() - timedelta(days=days))


def may_be_told(person, provider):
    return Consent.objects.in_force(service_user=person, provider=provider, day=clock.today()).exists()


@pytest.mark.parametrize("said", ["no", "ask_each"])
def test_a_no_that_was_missed_ends_an_older_yes(ash, person, provider, submitted, said):
    with ago(10):
        submitted({**WELL, "REF1": "yes"})
    with ago(5):
        later = submitted({code: answer for code, answer in WELL.items() if code != "REF1"})
    assert may_be_told(person, provider)
    corrected(later, ash, {"REF1": said})
    assert not may_be_told(person, provider)
    assert Consent.objects.latest("given_at").choice == said


def test_a_later_sitting_that_answered_consent_stands_whatever_was_wrong(ash, person, provider, submitted):
    with ago(10):
        wrong = submitted({code: answer for code, answer in WELL.items() if code != "REF1"})
    with ago(5):
        submitted({**WELL, "REF1": "yes"})
    corrected(wrong, ash, {"REF1": "no"})
    assert may_be_told(person, provider)


@pytest.mark.parametrize("later", ["withdrawn", "no", "yes"])
def test_a_correction_says_nothing_over_what_the_person_said_later(ash, person, submitted, later):
    with ago(10):
        wrong = submitted({**WELL, "REF1": "yes"})
    with ago(5):
        if later == "withdrawn":
            people.withdraw_consent(consent=Consent.objects.get(), how="Rang: share nothing", by=ash)
        else:
            said = {"choice": later, "how": "spoken", "wording": "The consent page"}
            people.record_consent(service_user=person, by=ash, **said)
    before = Consent.objects.count()
    corrected(wrong, ash, {"REF1": "ask_each"})
    assert Consent.objects.count() == before


def test_a_correction_of_a_correction_says_its_no(ash, person, submitted):
    first = submitted({**WELL, "REF1": "yes"})
    second = corrected(first, ash, {"REF1": "ask_each"})
    corrected(second, ash, {"REF1": "no"})
    assert [row.choice for row in Consent.objects.order_by("given_at")] == ["yes", "ask_each", "no"]


# --- The pages


def page(client, path):
    return html.unescape(client.get(path).content.decode())


def test_the_whole_way_through_the_pages(as_ash, ash, submitted):
    first = submitted(HOME)
    assert f"/screenings/{first.pk}/correct/" in page(as_ash, f"/screenings/{first.pk}/")
    began = as_ash.post(f"/screenings/{first.pk}/correct/", {"reason": "She has a phone"})
    draft = Screening.objects.drafts().get()
    assert began.url == f"/screenings/{draft.pk}/check/"
    for path in (began.url, f"/screenings/{draft.pk}/sections/getting-online/"):
        assert "She has a phone" in page(as_ash, path)
    assert "is correcting this screening" in page(as_ash, f"/screenings/{first.pk}/")
    actions.save_answers(screening=draft, answers={"AC2": ["smart"]}, version=draft.version, by=ash)
    draft.refresh_from_db()
    as_ash.post(began.url, {"version": draft.version, "rest": ""})
    old, new = page(as_ash, f"/screenings/{first.pk}/"), page(as_ash, f"/screenings/{draft.pk}/")
    for shown, other in ((old, draft), (new, first)):
        assert "by Ash Amadi, because: <q>She has a phone</q>" in shown
        assert f'href="/screenings/{other.pk}/"' in shown
    assert "This version counts for nothing any more." in old
    assert 'name="decision"' not in old
    assert "Raised by the error only, and closed: No own working device" in new


def test_correcting_twice_at_once_leads_to_the_one_that_is_open(as_ash, ash, submitted):
    first = submitted(HOME)
    draft = actions.correct(screening=first, reason="Wrong box", by=ash)
    refused = as_ash.post(f"/screenings/{first.pk}/correct/", {"reason": "Mine"})
    shown = html.unescape(refused.content.decode())
    assert refused.status_code == 409
    assert "Ash Amadi began a correction: <q>Wrong box</q>" in " ".join(shown.split())
    assert f"/screenings/{draft.pk}/check/" in shown
    discarded = as_ash.post(f"/screenings/{draft.pk}/void/", {"reason": "It was right"})
    assert discarded.url == f"/screenings/{first.pk}/"


def test_a_correction_left_open_waits_on_home(as_ash, ash, submitted):
    draft = actions.correct(screening=submitted(HOME), reason="Wrong box", by=ash)
    home = page(as_ash, "/")
    assert "Correction left open" in home
    assert f"/screenings/{draft.pk}/check/" in home


def test_a_reason_is_asked_for_at_its_field(as_ash, submitted):
    response = as_ash.post(f"/screenings/{submitted(HOME).pk}/correct/", {"reason": ""})
    assert "Say what was wrong, and how you know." in response.content.decode()


def test_through_the_api(as_ash, submitted):
    first = submitted(HOME)
    url = f"/api/v1/screenings/{first.pk}/correct/"
    begun = as_ash.post(url, {"reason": "Wrong box"}, content_type="application/json")
    assert begun.status_code == 201
    draft = begun.json()
    assert (draft["status"], draft["corrects"], draft["correction_reason"]) == (
        "draft",
        str(first.pk),
        "Wrong box",
    )
    assert as_ash.post(url, {"reason": "Mine"}, content_type="application/json").status_code == 409
    done = as_ash.post(f"/api/v1/screenings/{draft['id']}/submit/", {}, content_type="application/json").json()
    assert done["submitted_at"] == as_ash.get(f"/api/v1/screenings/{first.pk}/").json()["submitted_at"]
    old = as_ash.get(f"/api/v1/screenings/{first.pk}/").json()
    assert (old["status"], old["corrected_by"]) == ("superseded", done["id"])


# --- Whoever counts


def test_reports_count_the_person_once_and_the_error_as_no_help(ash, person, team, submitted):
    now = datetime(2026, 11, 24, 10, tzinfo=UTC)
    person.date_of_birth, person.on_caseload_since = date(1980, 5, 4), date(2025, 1, 1)
    person.save()
    with clock.at(now - timedelta(days=113)):
        first = submitted(HOME)
        corrected(first, ash, {"AC2": ["smart"]})
    with clock.at(now - timedelta(days=20)):
        submitted(WELL)
    scope = Scope(team.organisation, team, Month(2026, 11), now)
    assert rate_of("coverage", scope).numerator == 1
    counted = rate_of("needs_resolved", scope)
    raised = Need.objects.counting().filter(screening__corrects=first)
    assert counted.denominator + counted.not_known == raised.count() > 0
    assert not raised.filter(code="DEVICE").exists()


def test_what_the_first_version_made_owed_stays_owed_once(ash, person, submitted):
    first = submitted(HOME)
    due.queue_due()
    owed = set(FollowUp.objects.open().values_list("key", flat=True))
    second = corrected(first, ash, {"AC4": "no"})
    due.queue_due()
    assert set(FollowUp.objects.open().values_list("key", flat=True)) == owed
    assert set(about_versions(second).values_list("key", flat=True)) == owed


def test_not_now_is_asked_again_once(ash, person, submitted):
    first = submitted(HOME)
    actions.decide(screening=first, rule="R06", decision="not_now", by=ash)
    due.queue_due()
    corrected(first, ash, {"AC4": "no"})
    due.queue_due()
    assert FollowUp.objects.open().filter(kind="ask_again").count() == 1


def asked_again():
    due.queue_due()
    due.queue_due()
    return list(FollowUp.objects.open().filter(kind="ask_again"))


def test_what_was_asked_again_and_answered_is_not_asked_about_the_copy(ash, submitted):
    first = submitted(HOME)
    actions.decide(screening=first, rule="R06", decision="not_now", by=ash)
    (asking,) = asked_again()
    settle(follow_up=asking, result="spoke", by=ash)
    corrected(first, ash, {"AC4": "no"})
    assert asked_again() == []


def test_a_decision_on_a_correction_goes_back_with_its_history_and_is_asked_again_once(ash, submitted):
    first = submitted(HOME)
    second = corrected(first, ash, {"AC4": "no"})
    actions.decide(screening=second, rule="R06", decision="not_now", by=ash)
    assert len(asked_again()) == 1
    actions.void(screening=second, reason="The first was right", by=ash)
    device = first.needs.get(code="DEVICE")
    assert [(one.decision, one.by) for one in device.decisions.all()] == [("not_now", ash)]
    (asking,) = asked_again()
    assert asking.key == f"decision:{device.decisions.get().pk}"


def test_a_decision_that_a_correction_had_taken_over_is_asked_again_once_it_is_given_back(ash, submitted):
    first = submitted(HOME)
    actions.decide(screening=first, rule="R06", decision="not_now", by=ash)
    (asking,) = asked_again()
    second = corrected(first, ash, {"AC4": "no"})
    assert len(asked_again()) == 1
    actions.void(screening=second, reason="The first was right", by=ash)
    assert first.needs.get(code="DEVICE").decisions.count() == 1
    assert asked_again() == [asking]


def test_which_of_two_was_chosen_goes_on_to_the_correction_and_back(ash, submitted):
    first = submitted(HOME)
    actions.choose_rule(screening=first, rule="R16", chosen="R16", by=ash)
    second = corrected(first, ash, {"AC4": "no"})
    assert [one.chosen for one in second.choices.all()] == ["R16"]
    actions.choose_rule(screening=second, rule="R16", chosen="R04", by=ash)
    actions.void(screening=second, reason="The first was right", by=ash)
    assert [one.chosen for one in first.choices.all()] == ["R16", "R04"]
