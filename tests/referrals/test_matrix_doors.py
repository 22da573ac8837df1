"""Role × state × step through both doors, the web page and the API: what the table names for somebody is offered
and possible; what it does not name is refused with the reason, and leaves no trace.

Every state is built once, with all that a step may need in the record, and each step taken is rolled back: 14
states × 7 members of staff × 17 steps × 2 doors are 3,332 cells, each a request.
"""

import itertools
import re
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils.html import escape

from accounts import clock
from accounts.models import AuditEvent
from accounts.permissions import Role
from referrals.gathering import gather
from referrals.lifecycle import GUARDS, STATES, STEPS, Side, Status, available, blockers
from referrals.models import FollowUp, Referral, ReferralEvent, Reminder
from referrals.who import may_act
from tests import factories
from tests.conftest import SignedIn
from tests.factories import WAY_TO, evidence_for
from tests.referrals.test_api import URL, post, sendable, step_url
from tests.referrals.test_pages import detail, made_ready, step_page, typed

pytestmark = pytest.mark.django_db

ACTIONS = sorted(STEPS.keys() - {"draft"})
NEVER_ACCEPTED = {("withdrawn", "reopen_accepted"), ("cancelled", "reopen_accepted")}
"""In the table, but the provider would have to have said yes before."""


@pytest.fixture
def cast(ash, bo, dee, cam, nia, provider, team):
    """Name → (membership, its side once the referral was sent, is it the lead of the referring team)."""
    lead = factories.MembershipFactory(team=team, role=Role.CLINICIAN, is_lead=True)
    their_admin = factories.MembershipFactory(team__organisation=provider, role=Role.ADMIN)
    return {
        "clinician": (ash, Side.REFERRER, False),
        "team lead": (lead, Side.REFERRER, True),
        "admin": (dee, Side.REFERRER, False),
        "support worker": (bo, Side.PROVIDER, False),
        "admin of the provider": (their_admin, Side.PROVIDER, False),
        "clinician of another team": (nia, None, False),
        "clinician of another organisation": (cam, None, False),
    }


@pytest.fixture
def ready(referral_in, ash, bo):
    """A referral in the state, five days old; somebody was tried for, and said that it was made in error."""

    def build(state):
        with clock.at(clock.now() - timedelta(days=5)):
            referral = referral_in(state)
        if state in STEPS["could_not_reach"].sources:
            made_ready(referral, "could_not_reach", ash, bo)
        if state != Status.ENTERED_IN_ERROR:
            made_ready(referral, "mark_error", ash, bo)
        return Referral.objects.get(pk=referral.pk)

    return build


class Seat:
    """One member of the cast before one referral: what the table says, and what both doors do."""

    def __init__(self, referral, membership, side, lead):
        self.referral, self.browser, self.worker = referral, SignedIn(membership), referral.named_worker
        hidden = side is Side.PROVIDER and referral.status in ("draft", "entered_in_error")
        self.is_stranger = side is None or hidden
        self.keywords = {"side": side, "role": membership.role, "team_lead": lead}
        self.named = [] if self.is_stranger else available(referral.status, **self.keywords)

    def is_blocked(self, action):
        return (self.referral.status, action) in NEVER_ACCEPTED

    def expected(self, action, door):
        """Status of the answer, 200 for done. The API knows nothing any more of what was made in error."""
        if self.is_stranger or (door == "api" and self.referral.status == "entered_in_error"):
            return 404
        if not may_act(STEPS[action].who, **self.keywords):
            return 403
        return 200 if action in self.named and not self.is_blocked(action) else 409

    def instead(self, action):
        return [name for name in self.named if name != action]

    def by_api(self, action, worker):
        evidence = sendable(evidence_for(self.referral, action))
        if action == "accept":
            evidence = {"named_worker": str(worker.pk)}
        body = {"evidence": evidence, "version": self.referral.version}
        return post(self.browser, step_url(self.referral, action), body)

    def by_page(self, action, worker):
        return self.browser.post(step_page(self.referral, action), typed(self.referral, action, worker))


def linked_steps(page, referral):
    """Names of the steps that the page has a button or a link for."""
    return set(re.findall(rf"/{referral.pk}/steps/([a-z_]+)/", page.content.decode()))


def trace(referral):
    row = Referral.objects.values().get(pk=referral.pk)
    models = (Referral, ReferralEvent, FollowUp, Reminder)
    steps = AuditEvent.objects.filter(action__startswith="referral_")
    return row, [model.objects.count() for model in models], FollowUp.objects.open().count(), steps.count()


def seats(referral, cast):
    return {name: Seat(referral, *who) for name, who in cast.items()}


def check_api(seat, answer, action):
    assert answer.status_code == seat.expected(action, "api"), answer.content
    if answer.status_code == 409:
        assert answer.json()["state"] == seat.referral.status
        assert answer.json()["available_actions"] == seat.instead(action)
    elif answer.status_code == 403:
        assert answer.json()["detail"]
    elif answer.status_code == 200:
        assert answer.json()["status"] == STEPS[action].target


def check_page(seat, answer, action):
    expected = seat.expected(action, "page")
    assert answer.status_code == (302 if expected == 200 else expected), answer.content.decode()
    if expected == 409:
        why = GUARDS["accepted_before"] if seat.is_blocked(action) and action in seat.named else STATES[
            Status(seat.referral.status)].meaning  # fmt: skip
        assert str(escape(why)) in answer.content.decode()
        assert linked_steps(answer, seat.referral) == set(seat.instead(action)) - {"mark_error"}


DOORS = {"api": (Seat.by_api, check_api), "page": (Seat.by_page, check_page)}


def knock(seat, door, action, worker, name):
    through, is_right = DOORS[door]
    answer = through(seat, action, worker)
    try:
        is_right(seat, answer, action)
    except AssertionError as wrong:
        raise AssertionError(f"{name}, {action}, by {door}: {wrong}") from wrong


@pytest.mark.parametrize("state", WAY_TO)
def test_both_doors_do_what_the_table_names_and_nothing_else(ready, cast, bo, state):
    referral = ready(state)
    before, cells = trace(referral), 0
    for (name, seat), door in itertools.product(seats(referral, cast).items(), DOORS):
        possible = [action for action in ACTIONS if seat.expected(action, door) == 200]
        for action in [one for one in ACTIONS if one not in possible]:
            knock(seat, door, action, bo, name)
            cells += 1
        assert trace(referral) == before, (name, door)
        for action in possible:
            with transaction.atomic():
                knock(seat, door, action, bo, name)
                after = trace(referral)
                assert after[0]["status"] == STEPS[action].target, (name, action, door)
                assert after[1][1] > before[1][1], (name, action, door)
                cells += 1
                transaction.set_rollback(True)
    assert cells == len(cast) * len(ACTIONS) * len(DOORS) == 238


@pytest.mark.parametrize("state", WAY_TO)
def test_both_doors_offer_what_the_table_names_and_nothing_else(ready, cast, state):
    referral = ready(state)
    for name, seat in seats(referral, cast).items():
        answer, page = seat.browser.get(f"{URL}{referral.pk}/"), seat.browser.get(detail(referral))
        if seat.is_stranger:
            assert (answer.status_code, page.status_code) == (404, 404), name
            continue
        assert linked_steps(page, referral) == set(seat.named), name
        if state == Status.ENTERED_IN_ERROR:
            assert (answer.status_code, seat.named) == (404, []), name
        else:
            assert answer.json()["available_actions"] == seat.named, name


def test_what_only_the_record_stands_in_the_way_of_is_known(ready, cast):
    """Else a step that is never possible could hide behind a 409."""
    admin = cast["admin"]
    for state in ("closed", "withdrawn", "cancelled", "accepted", "active", "draft"):
        with transaction.atomic():
            referral = ready(state)
            steps = [name for name in Seat(referral, *admin).named if name != "mark_error"] + [
                name for name in ("could_not_reach", "send") if state in STEPS[name].sources
            ]
            lacking = {(state, name) for name in steps if blockers(STEPS[name], gather(referral, STEPS[name]))}
            assert lacking == {pair for pair in NEVER_ACCEPTED if pair[0] == state}
            transaction.set_rollback(True)


def test_a_referral_is_not_begun_again_by_the_way_of_a_step(ready, cast):
    """ "draft" leads from nowhere, so that neither door knows it."""
    referral = ready("sent")
    for name, seat in seats(referral, cast).items():
        assert seat.by_api("draft", None).status_code == 404, name
        assert seat.by_page("draft", None).status_code == 404, name


def test_every_state_is_in_the_matrix():
    assert set(WAY_TO) == {str(status) for status in Status}
    assert len(WAY_TO) * 238 == 3332
