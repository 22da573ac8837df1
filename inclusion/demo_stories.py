"""What may become of a referral in the demo: a dozen short stories, each as often as it happens in life.

A story stops where the present is: what would come later has not happened yet.
"""

from collections.abc import Callable
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
from referrals.models import ContactAttempt, FollowUp, Referral


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

    def step(self, action: str, by: Membership, **evidence: Any) -> None:
        with clock.at(self.moment):
            self.referral = actions.act(referral=self.referral, action=action, by=by, evidence=evidence)
            self._post()
            self._tell("told_call", 0.85)

    def _post(self) -> None:
        """What became due goes out, and what arrived is known, as the worker would have done it."""
        sending.send_due(limit=10)
        receipts.collect()

    def _tell(self, how: str, share: float) -> None:
        """Whoever owes the person the news gives it to them; some of it stays owed, as it does."""
        owed = FollowUp.objects.open().filter(referral=self.referral, kind=FollowUp.Kind.TELL_PERSON)
        for follow_up in owed:
            by = self.clinician if follow_up.team_id == self.clinician.team_id else self.provider
            if self.random.random() < share and follow_up.team_id == by.team_id:
                actions.complete_follow_up(follow_up=follow_up, result=how, by=by)

    def send(self) -> None:
        """A clinician asks for consent and safe contact first; where the person said no, it stays a draft."""
        with clock.at(self.moment):
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
        with clock.at(self.moment):
            told = result in ContactAttempt.REACHED
            actions.log_contact(
                referral=self.referral, channel=channel, result=result, by=self.provider, told=told
            )
            self.referral.refresh_from_db()

    def note(self, text: str) -> None:
        with clock.at(self.moment):
            actions.add_note(referral=self.referral, text=text, by=self.provider)
            self.referral.refresh_from_db()

    def session(self, least: int, most: int, outcome: str) -> None:
        """Booked now, and what came of it on its day; one that lies ahead stays booked."""
        day = self.moment.date() + timedelta(days=self.random.randint(least, most))
        starts = at_london(
            working_day_from(day), time(self.random.randint(9, 16), self.random.choice((0, 15, 30)))
        )
        where = str(self.referral.offer.location or "By phone")
        with clock.at(self.moment):
            appointment = actions.book(referral=self.referral, starts_at=starts, where=where, by=self.provider)
            self.referral.refresh_from_db()
            self._post()
        if starts + timedelta(hours=1) > self.present:
            raise NotYet
        self.moment = starts + timedelta(hours=1)
        with clock.at(self.moment):
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


def draft(story: Telling) -> None:
    """Kept as a draft."""


def silent(story: Telling) -> None:
    story.send()


def acknowledged(story: Telling) -> None:
    story.send()
    story.acknowledge(2, 20)


def asked(story: Telling) -> None:
    story.send()
    story.wait(1, 4)
    story.step("ask", story.provider, question="Is a morning or an afternoon better for the person?")


def asked_and_answered(story: Telling) -> None:
    asked(story)
    story.wait(1, 3)
    story.step("answer", story.clinician, answer="Afternoons, and never on a Monday.")
    story.accept()


def waiting(story: Telling) -> None:
    story.send()
    story.acknowledge()
    story.wait(1, 3)
    with clock.at(story.moment):
        expected = clock.today() + timedelta(days=story.random.randint(25, 60))
    story.step("wait_list", story.provider, expected_on=expected)


def accepted(story: Telling) -> None:
    story.send()
    story.acknowledge()
    story.accept()
    story.wait(2, 6)
    story.contact("call", "voicemail")


def active(story: Telling) -> None:
    story.send()
    story.begin()
    story.session(2, 9, "attended")
    story.note("Set up the phone together. Wants to ring the family first.")
    story.wait(1, 4)
    story.session(5, 12, "did_not_attend")


def delivered(story: Telling) -> None:
    story.send()
    story.begin()
    story.session(2, 9, "attended")
    story.deliver()


def helped(story: Telling) -> None:
    delivered(story)
    story.wait(3, 18)
    outcome = story.random.choice(("helped", "helped", "partly_helped"))
    story.step("close", story.clinician, outcome=outcome, whose_word="person")


def provider_says_so(story: Telling) -> None:
    delivered(story)
    story.wait(10, 28)
    story.step("close", story.provider, outcome="helped", whose_word="provider_only")


def not_wanted(story: Telling) -> None:
    story.send()
    story.begin()
    story.deliver("not_wanted")
    story.wait(3, 10)
    story.step(
        "close",
        story.clinician,
        outcome="digital_not_wanted",
        whose_word="person",
        words="Letters and calls from now on; set in the record.",
    )


def declined(story: Telling) -> None:
    story.send()
    story.acknowledge()
    story.wait(1, 4)
    story.step("decline", story.provider, reason_code=story.random.choice(("full", "wrong_area", "offer_paused")))


def declined_and_nothing_else(story: Telling) -> None:
    declined(story)
    story.wait(1, 2)
    story.step("reroute", story.clinician, no_offer_fits=True)


def withdrawn(story: Telling) -> None:
    story.send()
    story.acknowledge()
    story.wait(2, 12)
    story.step("withdraw", story.clinician, how_said="phone")


def cancelled(story: Telling) -> None:
    story.send()
    story.wait(3, 15)
    story.step("cancel", story.clinician, reason_code="need_met")


def could_not_reach(story: Telling) -> None:
    story.send()
    story.acknowledge()
    story.accept()
    for channel, result in (("call", "no_answer"), ("call", "voicemail"), ("letter", "sent")):
        story.wait(3, 9)
        story.contact(channel, result)
    story.wait(10, 20)
    if story.provider is not story.clinician:
        story.step("could_not_reach", story.provider, safety_answer="no_concern", answered_by=story.clinician)


STORIES: list[tuple[int, Callable[[Telling], None]]] = [
    (3, draft),
    (13, silent),
    (12, acknowledged),
    (4, asked),
    (4, asked_and_answered),
    (5, waiting),
    (6, accepted),
    (9, active),
    (6, delivered),
    (17, helped),
    (5, provider_says_so),
    (3, not_wanted),
    (5, declined),
    (3, declined_and_nothing_else),
    (4, withdrawn),
    (3, cancelled),
    (4, could_not_reach),
]
"""(how often, of a hundred or so, the story)."""
