"""Tells what became of one referral in the demo, step by step, with the clock moved to when it happened.

A story stops where the present is: what would come later has not happened yet.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from accounts import clock
from accounts.errors import NotPossibleNow
from accounts.models import Membership
from people import actions as people
from people.london import at_london
from people.models import Consent
from referrals import actions, receipts, sending
from referrals.channels.outbox import Outbox
from referrals.models import ContactAttempt, FollowUp, Referral


def _outbox(channel: str) -> Outbox:
    """Whatever carries messages from now on: the made-up past went by the outbox here."""
    return Outbox()


class NotYet(Exception):
    """The next thing in the story lies in the future."""


def working_day_from(day: date) -> date:
    """The day itself, or the Monday after."""
    return day + timedelta(days={5: 2, 6: 1}.get(day.weekday(), 0))


class Telling:
    """Tells one story, from `moment` on. `worker` is None where the provider has no account and is phoned."""

    def __init__(
        self,
        random: Random,
        referral: Referral,
        *,
        clinician: Membership,
        worker: Membership | None,
        moment: datetime,
    ) -> None:
        self.random = random
        self.referral = referral
        self.clinician = clinician
        self.provider = worker or clinician
        self.moment = moment
        self.present = clock.now()

    def tell(self, story: Callable[["Telling"], None]) -> None:
        try:
            story(self)
        except NotYet:
            return

    def wait(self, least: int, most: int) -> None:
        """So many days, then the next working day's opening hours."""
        day = working_day_from(self.moment.date() + timedelta(days=self.random.randint(least, most)))
        self.moment = max(
            at_london(day, time(self.random.randint(9, 16), self.random.randrange(60))),
            self.moment + timedelta(minutes=20),
        )
        if self.moment > self.present:
            raise NotYet

    @contextmanager
    def _a_little_later(self) -> Iterator[None]:
        """Each thing takes its minutes, so that what happened first also has the earlier time."""
        self.moment += timedelta(minutes=4)
        if self.moment > self.present:
            raise NotYet
        with clock.at(self.moment):
            yield

    def step(self, action: str, by: Membership, **evidence: Any) -> None:
        with self._a_little_later():
            self.referral = actions.act(referral=self.referral, action=action, by=by, evidence=evidence)
            self._post()
            self._tell("told_call", 0.85)

    def _post(self) -> None:
        """What became due goes out, and what arrived is known, as the worker would have done it."""
        sending.send_due(limit=10, drivers=_outbox)
        receipts.collect(drivers=_outbox)

    def _tell(self, how: str, share: float) -> None:
        """Whoever owes the person the news gives it to them; some of it stays owed, as it does."""
        owed = FollowUp.objects.open().filter(referral=self.referral, kind=FollowUp.Kind.TELL_PERSON)
        for follow_up in owed:
            by = self.clinician if follow_up.team_id == self.clinician.team_id else self.provider
            if self.random.random() < share and follow_up.team_id == by.team_id:
                actions.complete_follow_up(follow_up=follow_up, result=how, by=by)

    def send(self) -> None:
        """A clinician asks for consent and safe contact first; where the person said no, it stays a draft."""
        with self._a_little_later():
            self._ask_for_this_provider()
            try:
                self.referral = actions.act(referral=self.referral, action="send", by=self.clinician)
            except NotPossibleNow:
                raise NotYet from None
            self._tell("told_in_person", 0.95)

    def _ask_for_this_provider(self) -> None:
        person = self.referral.service_user
        newest = person.consents.order_by("-given_at", "-pk").first()
        if newest and newest.choice == Consent.Choice.ASK_EACH:
            people.record_consent(
                service_user=person,
                choice=Consent.Choice.YES,
                how=Consent.How.SPOKEN,
                wording=newest.wording,
                provider=self.referral.provider,
                by=self.clinician,
            )

    def worker_named(self) -> Any:
        return self.provider if self.referral.provider_team_id else "Pat at the front desk"

    def contact(self, channel: str, result: str) -> None:
        with self._a_little_later():
            told = result in ContactAttempt.REACHED
            actions.log_contact(
                referral=self.referral, channel=channel, result=result, by=self.provider, told=told
            )
            self.referral.refresh_from_db()

    def ask_safety(self) -> None:
        """Before somebody is let go as out of reach: the clinician is asked, and answers the next day."""
        with self._a_little_later():
            asked = actions.ask_safety(referral=self.referral, clinician=self.clinician, by=self.provider)
        self.wait(1, 2)
        with self._a_little_later():
            actions.answer_safety(follow_up=asked, answer="no_concern", by=self.clinician)
            self.referral.refresh_from_db()

    def note(self, text: str) -> None:
        with self._a_little_later():
            actions.add_note(referral=self.referral, text=text, by=self.provider)
            self.referral.refresh_from_db()

    def session(self, least: int, most: int, outcome: str) -> None:
        """Booked now, and what came of it on its day; one that lies ahead stays booked."""
        day = self.moment.date() + timedelta(days=self.random.randint(least, most))
        starts = at_london(
            working_day_from(day), time(self.random.randint(9, 16), self.random.choice((0, 15, 30)))
        )
        where = str(self.referral.offer.location or "By phone")
        with self._a_little_later():
            appointment = actions.book(referral=self.referral, starts_at=starts, where=where, by=self.provider)
            self.referral.refresh_from_db()
            self._post()
        if starts + timedelta(hours=1) > self.present:
            raise NotYet
        self.moment = starts + timedelta(hours=1)
        with self._a_little_later():
            actions.record_appointment(appointment=appointment, outcome=outcome, by=self.provider)
            self.referral.refresh_from_db()

    # What the stories are made of

    def acknowledge(self, least: int = 1, most: int = 6) -> None:
        self.wait(least, most)
        self.step("acknowledge", self.provider)

    def accept(self, least: int = 1, most: int = 5) -> None:
        self.wait(least, most)
        self.step("accept", self.provider, named_worker=self.worker_named())

    def reach(self) -> None:
        self.wait(1, 6)
        if self.random.random() < 0.4:
            self.contact("call", "no_answer")
            self.wait(1, 4)
        self.contact("call", "spoke")

    def begin(self) -> None:
        self.acknowledge()
        self.accept()
        self.reach()
        self.wait(0, 5)
        here = {"handover_present": "Their clinician came along"} if self.referral.warm_handover else {}
        self.step("start", self.provider, **here)

    def deliver(self, outcome: str = "met") -> None:
        self.wait(10, 30)
        needs = {str(pk): outcome for pk in self.referral.needs.values_list("pk", flat=True)}
        self.step("deliver", self.provider, given="Three sessions, at the person’s own pace", need_outcomes=needs)
