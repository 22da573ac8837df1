"""How stories are told: somebody does something, days go by with the scheduler at work, and then this is so.

Every verb is an action of the product, as pages and API call it; nothing here decides anything.
"""

from contextlib import ExitStack
from datetime import timedelta

from django.urls import reverse

from accounts import clock
from people.actions import plan_of
from referrals import actions, due, receipts, sending
from referrals.gathering import THROUGH_US
from referrals.models import FollowUp, Loan, OutboxMessage, Referral
from tests.conftest import SignedIn
from tests.factories import ConsentFactory, ContactPlanFactory, ReferralFactory, evidence_for


class Story:
    """`person` is helped by `ash` (clinician) and `bo` (support worker at a provider); `dee` is the admin."""

    def __init__(self, *, person, offer, ash, bo, dee):
        self.person, self.offer = person, offer
        self.ash, self.bo, self.dee = ash, bo, dee
        self._referral = None
        self._time = ExitStack()

    def end(self):
        self._time.close()

    # --- Time

    def goes_on(self, *, days=0, hours=0):
        """Day after day, with the scheduler's rounds in the morning and in the afternoon."""
        for _day in range(days):
            self._pass(timedelta(hours=4))
            self._pass(timedelta(hours=20))
        self._pass(timedelta(hours=hours, minutes=10))

    def nobody_works_for(self, **time):
        """Time goes by, and no scheduler and no worker runs."""
        self._time.enter_context(clock.at(clock.now() + timedelta(**time)))

    def rounds(self):
        """What the scheduler rings for, once each; receipts come in at the next round."""
        due.queue_due()
        actions.run_clocks(now=clock.now())
        receipts.collect()
        sending.send_due()

    def _pass(self, time):
        self.nobody_works_for(seconds=time.total_seconds())
        self.rounds()

    # --- What people say and do

    def may_be_reached(self, *ways, **plan):
        """The contact plan: these ways and no others."""
        first = ways[0] if ways else ""
        plan = {"automatic": bool({"text", "email", "letter"} & set(ways)), "preferred": first, **plan}
        ContactPlanFactory(
            service_user=self.person, allowed=list(ways), fallback=ways[1] if ways[1:] else "", **plan
        )
        return self

    def says_yes_to_sharing(self, **more):
        return ConsentFactory(service_user=self.person, **more)

    def is_referred(self, state="sent", **wish):
        """By Ash, and brought to that state by whoever's steps they are."""
        plan = plan_of(self.person)
        ways = {"preferred_channel": plan.preferred, "fallback_channel": plan.fallback or THROUGH_US}
        wish = {**(ways if plan.answered else {}), **wish}
        worker = self.bo if self.offer.team else None
        self._referral = ReferralFactory(
            state=state, service_user=self.person, offer=self.offer, worker=worker, admin=self.dee, **wish
        )
        return self.referral

    @property
    def referral(self):
        """As it stands now."""
        return Referral.objects.get(pk=self._referral.pk)

    def step(self, action, *, by=None, **evidence):
        """Taken with all it needs; `evidence` is what this story has to say of it."""
        usual = evidence_for(self.referral, action)
        if action == "accept" and self.offer.team:
            usual = {"named_worker": self.bo}
        return actions.act(referral=self.referral, action=action, by=by or self.bo, evidence={**usual, **evidence})

    def tries(self, channel, result, *, by=None, **more):
        return actions.log_contact(
            referral=self.referral, channel=channel, result=result, by=by or self.bo, **more
        )

    def books(self, *, days, **more):
        where = "Riverside Hub, 2 High Street"
        at = clock.now() + timedelta(days=days)
        return actions.book(referral=self.referral, starts_at=at, where=where, by=self.bo, **more)

    def meeting_ends_as(self, appointment, outcome, **evidence):
        appointment.refresh_from_db()
        actions.record_appointment(appointment=appointment, outcome=outcome, by=self.bo, evidence=evidence)

    def lends(self, item, *, days, label="Moto G, number 14"):
        loan = actions.reserve_loan(referral=self.referral, item=item, label=label, by=self.bo)
        given = {"signed_or_witnessed": "witnessed", "ends_on": clock.today() + timedelta(days=days)}
        return actions.move_loan(loan=loan, action="hand_over", by=self.bo, evidence=given)

    def loan_goes(self, loan, action, **evidence):
        return actions.move_loan(loan=Loan.objects.get(pk=loan.pk), action=action, by=self.bo, evidence=evidence)

    def settles(self, follow_up, result, *, by=None, words=""):
        return actions.complete_follow_up(follow_up=follow_up, result=result, by=by or self.ash, words=words)

    # --- What is so

    @property
    def status(self):
        return self.referral.status

    def owed(self, kind=None):
        """What somebody still has to do, the first due first."""
        rows = FollowUp.objects.open().filter(service_user=self.person).order_by("due_on", "id")
        return list(rows.filter(kind=kind) if kind else rows)

    def the_one_owed(self, kind):
        (only,) = self.owed(kind)
        return only

    def sent(self):
        """What left for the person, the first first, as (channel, words)."""
        rows = OutboxMessage.objects.filter(service_user=self.person).order_by("accepted_at", "id")
        return [(row.channel, row.body) for row in rows]

    def sent_by(self):
        return [channel for channel, _words in self.sent()]

    def reads(self, membership):
        """The referral's page, as this member of staff sees it."""
        page = SignedIn(membership).get(reverse("referrals:detail", args=[self.referral.pk]))
        assert page.status_code == 200
        return page.content.decode()

    def whose_move(self):
        return self.referral.action_with
