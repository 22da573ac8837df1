"""A world to walk in: a person whose referral was sent, staff of two sides, and a channel that judges."""

from datetime import timedelta

from accounts import clock
from accounts.errors import Refused
from accounts.models import AuditEvent
from accounts.permissions import Role
from people import actions as people
from people.contact_plan import tighten
from referrals import actions, sending
from referrals.models import FollowUp, Referral, ReferralEvent, Reminder
from tests import factories
from tests.conftest import SignedIn
from tests.factories import ReferralFactory, evidence_for
from tests.referrals.judging import Judge
from tests.referrals.reaching import WEDNESDAY


class World:
    """What must_hold asks about is kept in `now`, `seen`, `deleted` and `judge`."""

    def __init__(self):
        self.now, self.seen, self.deleted, self.judge = WEDNESDAY, {}, set(), Judge()
        with clock.at(self.now):
            clinician = factories.MembershipFactory(role=Role.CLINICIAN)
            team = factories.TeamFactory(organisation__provider=True)
            worker = factories.MembershipFactory(team=team, role=Role.SUPPORT_WORKER)
            self.staff = {"clinician": clinician, "worker": worker}
            self.person = factories.ServiceUserFactory(team=clinician.team, created_by=clinician)
            offer = factories.SupportOfferFactory(provider=team.organisation, team=team)
            self.referral = ReferralFactory(sent=True, service_user=self.person, offer=offer)

    @staticmethod
    def everything():
        rows = list(Referral.objects.order_by("id").values_list("id", "status", "version", "due_on"))
        reminders = list(Reminder.objects.order_by("id").values_list("id", "status", "due_at"))
        counts = (FollowUp.objects.open().count(), AuditEvent.objects.count(), ReferralEvent.objects.count())
        return rows, reminders, counts

    def step(self, referral, action, who):
        """True for done; refused means that nothing has changed."""
        evidence = {"named_worker": self.staff["worker"]} if action == "accept" else evidence_for(referral, action)
        before = self.everything()
        try:
            with clock.at(self.now):
                actions.act(referral=referral, action=action, by=self.staff[who], evidence=evidence)
        except Refused:
            assert self.everything() == before
            return False
        return True

    def the_person_is_paused(self):
        day = (self.now + timedelta(days=10)).date()
        with clock.at(self.now):
            actions.pause(referral=self.referral, reason="crisis", review_on=day, by=self.staff["worker"])

    def steps(self, *names):
        """A day apart, by whoever takes them."""
        for name in names:
            self.now += timedelta(days=1)
            referral = Referral.objects.get(pk=self.referral.pk)
            if not self.step(referral, name, "clinician" if name == "withdraw" else "worker"):
                raise RuntimeError(name)

    def two_at_once(self):
        """5. Both have read the same row: the first wins, and the second is told how it stands now."""
        first, second = (Referral.objects.get(pk=self.referral.pk) for _one in range(2))
        assert self.step(first, "acknowledge", "worker")
        assert not self.step(second, "acknowledge", "worker")

    def the_plan_allows_nothing_now(self):
        """As somebody hears it while a message is due already."""
        row = self.person.contact_plans.order_by("-number").first()
        plan = tighten(row.plan, without=row.plan.allowed, stop_automatic=True)
        said = {"seen": row.number, "by": self.staff["worker"], "reason": "They asked for it"}
        with clock.at(self.now):
            people.change_contact_plan(service_user=self.person, plan=plan, **said)

    def messages_go(self):
        self.now += timedelta(minutes=10)
        with clock.at(self.now):
            sending.send_due(drivers=self.judge)

    def the_same_key_twice(self):
        """4. The second time the first answer comes back, and nothing else is done."""
        url, body = f"/api/v1/referrals/{self.referral.pk}/notes/", {"text": "Came with a friend"}
        with clock.at(self.now):
            browser = SignedIn(self.staff["worker"])
            more = {"content_type": "application/json", "headers": {"Idempotency-Key": "one"}}
            first, before = browser.post(url, body, **more), self.everything()
            again = browser.post(url, body, **more)
        if first.status_code != 201:
            raise RuntimeError(first.content)
        assert (again.status_code, again.json(), self.everything()) == (201, first.json(), before)
