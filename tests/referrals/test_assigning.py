"""Who looks after a referral: one given, many given, and what stays where it was."""

import re

import pytest
from django.urls import reverse

from accounts import clock
from accounts.errors import AlreadyChanged, InvalidInput, NotAllowed, NotPossibleNow
from accounts.models import AuditEvent
from accounts.permissions import Role
from referrals import actions, worklist
from referrals.models import FollowUp, Referral, ReferralEvent
from referrals.worklist import Filters
from tests import factories
from tests.factories import ReferralFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def sam(bo):
    """Bo's colleague."""
    return factories.MembershipFactory(user__name="Sam Shah", team=bo.team, role=Role.SUPPORT_WORKER)


@pytest.fixture
def lou(ash):
    """Ash's colleague."""
    return factories.MembershipFactory(user__name="Lou Lister", team=ash.team, role=Role.CLINICIAN)


def fresh(referral):
    return Referral.objects.get(pk=referral.pk)


def test_who_begins_a_referral_looks_after_it(referral_in, ash):
    assert referral_in("draft").kept_by == ash


def test_each_side_gives_its_own_part_away(referral_in, ash, bo, sam, lou):
    referral = referral_in("active")
    assert actions.assign(referral=referral, to=sam, by=bo)
    assert actions.assign(referral=referral, to=lou, by=ash)
    after = fresh(referral)
    assert (after.named_worker, after.kept_by, after.status) == (sam, lou, "active")
    events = ReferralEvent.objects.filter(referral=referral, step="assign").order_by("id")
    assert [(event.by, event.from_status, event.evidence) for event in events] == [
        (bo, "active", {"named_worker": str(sam.pk)}),
        (ash, "active", {"kept_by": str(lou.pk)}),
    ]
    assert AuditEvent.objects.filter(action="referral_assign", subject_id=str(referral.pk)).count() == 2


def test_the_person_is_owed_the_news_that_somebody_else_works_with_them_once(referral_in, bo, sam):
    referral = referral_in("accepted")
    third = factories.MembershipFactory(team=bo.team, role=Role.SUPPORT_WORKER)
    for to in (sam, third):
        actions.assign(referral=referral, to=to, by=bo)
    owed = FollowUp.objects.open().filter(referral=referral, key__startswith="assign:")
    assert [(row.kind, row.team, third.user.name in row.what) for row in owed] == [("tell_person", bo.team, True)]
    actions.assign(referral=referral, to=None, by=bo)
    assert not owed.all().exists()


def test_who_looks_after_it_at_the_referrer_is_no_news_to_the_person(referral_in, ash, lou):
    referral = referral_in("active")
    before = FollowUp.objects.count()
    actions.assign(referral=referral, to=lou, by=ash)
    assert FollowUp.objects.count() == before


def test_twice_changes_nothing_the_second_time(referral_in, bo, sam):
    referral = referral_in("active")
    assert actions.assign(referral=referral, to=sam, by=bo)
    version = referral.version
    assert not actions.assign(referral=fresh(referral), to=sam, by=bo)
    assert fresh(referral).version == version
    assert ReferralEvent.objects.filter(step="assign").count() == 1


def test_nobody_of_another_team_or_who_has_left_can_be_chosen(referral_in, ash, bo, cam, dee, sam):
    referral = referral_in("active")
    sam.ended_at = clock.now()
    sam.save()
    for by, to in ((bo, sam), (bo, ash), (bo, cam), (ash, bo), (ash, dee)):
        with pytest.raises(InvalidInput, match="works in this team now"):
            actions.assign(referral=fresh(referral), to=to, by=by)
    assert (fresh(referral).named_worker, fresh(referral).kept_by) == (bo, ash)


def test_the_other_side_and_strangers_have_no_say(referral_in, ash, bo, cam, sam):
    referral = referral_in("active")
    with pytest.raises(NotAllowed):
        actions.assign(referral=referral, to=sam, by=ash, side="provider")
    with pytest.raises(NotAllowed):
        actions.assign(referral=referral, to=cam, by=cam)


@pytest.mark.parametrize("state", ["closed", "withdrawn", "cancelled", "rerouted"])
def test_what_has_ended_is_nobodys_any_more(referral_in, ash, lou, state):
    with pytest.raises(NotPossibleNow, match="has ended"):
        actions.assign(referral=referral_in(state), to=lou, by=ash)


def test_a_declined_referral_is_no_work_of_the_providers(referral_in, bo, sam):
    with pytest.raises(NotPossibleNow, match="nothing to do with it"):
        actions.assign(referral=referral_in("declined"), to=sam, by=bo)


def test_of_two_at_once_the_second_hears_of_the_first(referral_in, bo, sam):
    seen = referral_in("active")
    actions.assign(referral=fresh(seen), to=None, by=bo)
    with pytest.raises(AlreadyChanged):
        actions.assign(referral=seen, to=sam, by=bo)
    with pytest.raises(AlreadyChanged):
        actions.assign(referral=fresh(seen), to=sam, by=bo, version=seen.version)


# --- The page -------------------------------------------------------------------------------------------------


@pytest.fixture
def rows(ash, bo, offer):
    people = [factories.ServiceUserFactory(created_by=ash) for _ in range(4)]
    states = ["accepted", "active", "declined", "closed"]
    return [
        ReferralFactory(state=state, service_user=person, offer=offer, worker=bo)
        for state, person in zip(states, people, strict=True)
    ]


def give(browser, referrals, to, **more):
    return browser.post(
        reverse("referrals:assign"), {"referral": [one.pk for one in referrals], "to": to, **more}, follow=False
    )


def test_several_are_given_at_once_and_each_has_its_event(rows, as_bo, sam):
    answer = give(as_bo, rows[:2], sam.pk, show="today", worker="me")
    assert answer.status_code == 302
    assert answer.url == reverse("referrals:worklist") + "?show=today&worker=me"
    assert [fresh(one).named_worker for one in rows[:2]] == [sam, sam]
    assert "2 referrals are with Sam Shah now" in as_bo.get(answer.url).content.decode()
    assert give(as_bo, rows[:2], sam.pk).status_code == 302
    assert ReferralEvent.objects.filter(step="assign").count() == 2


def test_what_cannot_be_moved_is_said_by_row_with_the_reason_and_the_rest_is_moved(rows, as_bo, sam):
    answer = give(as_bo, rows, sam.pk)
    words = answer.content.decode()
    assert answer.status_code == 409
    assert words.count('class="dx-line"') == 2
    assert "The provider has nothing to do with it now." in words
    assert "This has ended." in words
    assert [fresh(one).named_worker for one in rows[:2]] == [sam, sam]


def test_a_form_that_lacks_something_comes_back_with_its_ticks(rows, as_bo, sam):
    nobody = give(as_bo, rows[:1], "")
    assert nobody.status_code == 400
    assert "Choose who looks after them" in nobody.content.decode()
    assert re.search(rf'value="{rows[0].pk}"[^>]* checked', nobody.content.decode())
    nothing = give(as_bo, [], sam.pk)
    assert nothing.status_code == 400
    assert "Tick at least one" in nothing.content.decode()
    assert re.search(rf'value="{sam.pk}" selected', nothing.content.decode())


def test_what_somebody_cannot_see_they_cannot_give_away(rows, as_cam, as_bo, cam, sam):
    assert give(as_cam, rows[:1], cam.pk).status_code == 404
    assert give(as_bo, rows[:1], cam.pk).status_code == 400
    assert as_bo.post(reverse("referrals:assign"), {"referral": "x", "to": sam.pk}).status_code == 404
    assert fresh(rows[0]).version == rows[0].version


def test_a_lead_finds_what_has_nobody_and_gives_it_in_one_step(rows, as_bo, bo, sam):
    bo.is_lead = True
    bo.save()
    actions.assign(referral=rows[0], to=None, by=bo)
    shown = as_bo.get(reverse("referrals:worklist") + "?show=unassigned").content.decode()
    assert "Nobody looks after it yet" in shown
    give(as_bo, rows[:1], sam.pk, show="unassigned")
    assert (
        "Every referral has somebody"
        in as_bo.get(reverse("referrals:worklist") + "?show=unassigned").content.decode()
    )


def test_only_a_coordinator_sees_the_lists_of_a_team(rows, as_bo, as_dee):
    path = reverse("referrals:worklist") + "?show=stuck"
    assert "team lead or admin" not in as_bo.get(path).content.decode()
    assert "Nothing is stuck" in as_dee.get(path).content.decode()


def test_an_owner_who_has_left_is_said_so_and_breaks_no_page(rows, as_bo, as_dee, bo, sam, dee):
    bo.is_lead = True
    bo.save()
    actions.assign(referral=rows[0], to=sam, by=bo)
    sam.ended_at = clock.now()
    sam.save()
    words = as_bo.get(reverse("referrals:worklist") + "?show=left").content.decode()
    assert "Sam Shah looked after it, and has left" in words
    assert as_bo.get(reverse("referrals:detail", args=[rows[0].pk])).status_code == 200


# --- Paging ---------------------------------------------------------------------------------------------------


def plain_rows(ash, offer, number):
    """Straight into the table: their number is what matters."""
    people = [factories.ServiceUserFactory.build(team=ash.team, organisation=ash.organisation, created_by=ash,
                                                 nhs_number=None) for _ in range(number)]  # fmt: skip
    type(people[0]).objects.bulk_create(people)
    return Referral.objects.bulk_create(
        Referral(
            service_user=person, offer=offer, kind="device", status="sent", action_with="provider",
            clock="acknowledge", due_on=clock.today(), sent_at=clock.now(), created_by=ash, kept_by=ash,
            referring_team=ash.team, provider=offer.provider, provider_team=offer.team,
            shared={"name": "Robin"},
        )
        for person in people
    )  # fmt: skip


def test_a_worklist_of_a_thousand_costs_as_many_queries_as_one_of_ten(
    ash, bo, as_bo, offer, django_assert_num_queries, django_assert_max_num_queries
):
    plain_rows(ash, offer, 10)
    bo.is_lead = True
    bo.save()
    with django_assert_max_num_queries(7) as few:  # one less where Redis keeps the sessions
        as_bo.get(reverse("referrals:worklist"))
    plain_rows(ash, offer, 990)
    with django_assert_num_queries(len(few)):
        words = as_bo.get(reverse("referrals:worklist")).content.decode()
    assert '<span class="dx-count__number">1000</span> Your move' in words


def test_pages_yield_each_row_once_while_others_come_end_and_change(ash, bo, offer):
    kept = {row.pk for row in plain_rows(ash, offer, 60)}
    found, mark, first = [], "", True
    while first or mark:
        shown, mark = worklist.page(bo, Filters(after=mark), clock.today())
        found += [row.pk for row in shown]
        if first:
            ended = kept - set(found)
            gone = sorted(ended)[0]
            Referral.objects.filter(pk=gone).update(
                status="cancelled", action_with="", due_on=None, ended_at=clock.now()
            )
            kept.discard(gone)
            plain_rows(ash, offer, 5)
        first = False
    assert len(found) == len(set(found))
    assert kept <= set(found)
    assert gone not in found


# --- The API --------------------------------------------------------------------------------------------------


def test_other_systems_give_a_referral_on_and_read_the_same_lists(rows, as_bo, as_ash, bo, sam, cam):
    def give_on(to):
        return as_bo.post(f"/api/v1/referrals/{rows[0].pk}/assign/", {"to": to}, content_type="application/json")

    assert give_on(str(sam.pk)).json()["named_worker"] == "Sam Shah"
    assert give_on(str(sam.pk)).status_code == 200
    assert fresh(rows[0]).events.filter(step="assign").count() == 1
    assert give_on(str(cam.pk)).status_code == 400
    assert give_on(None).json()["named_worker"] == ""
    found = as_bo.get("/api/v1/referrals/?on_list=ended").json()["results"]
    assert [one["id"] for one in found] == [str(rows[3].pk)]
    assert as_bo.get("/api/v1/referrals/?on_list=unassigned").json()["results"] == []
    assert as_bo.get("/api/v1/referrals/?on_list=nonsense").status_code == 400
