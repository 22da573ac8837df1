"""Reviews of the demo's people after 4, 12 and 26 weeks, and what went wrong meanwhile: drawn apart from the rest.

Most are asked in time; the others were not reached, as somebody at a real desk would write it down.
"""

from datetime import date, time, timedelta
from random import Random

from accounts import clock
from accounts.models import Membership
from inclusion.demo_people import Answers, Person
from inclusion.demo_telling import working_day_from
from people.london import at_london, london_day
from referrals.actions import complete_follow_up
from referrals.incidents import from_reviews
from referrals.models import FollowUp, Incident
from referrals.obligations.reviews import close_reviewed, reviews, window
from screening import actions as screenings
from screening import questionnaire
from screening.models import Screening

ASKED = 0.7
A_LITTLE_LATER = timedelta(days=2)
FORM = "review-{weeks}-weeks"


class ReviewAnswers(Answers):
    """Help that came to nothing is likelier for those who are further out, as everything else is."""

    def _fu1(self) -> str:
        return "no" if self.bad(0.12) else "yes"

    def _fu2(self) -> str:
        return self.one("no", "no", "changed") if self.bad(0.35) else self.one("reached", "partly")

    def _fu3(self) -> str:
        return self.one("stopped", "never") if self.bad(0.2) else self.one("finished", "going_on")

    def _fu4(self) -> str:
        return self.one("bit", "no") if self.bad(0.25) else "yes"

    def _fu5(self) -> str:
        return self.one("yes", "yes", "not_now", "no")

    def _fu6(self) -> list[str]:
        return self.one("upset", "scam", "debt", "loss", "seen").split() if self.bad(0.1) else ["none"]

    def _fu7(self) -> str:
        return self.one("not_come", "not_working") if self.bad(0.15) else self.one("yes", "na")

    def _fu8(self) -> str:
        return self.one("no", "gone") if self.bad(0.2) else self.one("yes", "na")

    def _fu9(self) -> str:
        return self.one("hard", "ended", "no") if self.bad(0.25) else "yes"

    def _fu10(self) -> str:
        return self.one("tried", "no") if self.bad(0.25) else "yes"


def review_until(person: Person, screening: Screening, by: Membership, *, until: date, seed: int) -> None:
    """Reviews are asked up to `until` (the next screening, or today); who was left then was not reached."""
    random = Random(f"{seed}:{person.nhs_number}:reviews")  # noqa: S311 - repeatable on purpose
    submitted = screening.submitted_at or clock.now()
    service_user = screening.service_user
    with clock.at(submitted + timedelta(hours=1)):
        owed = reviews(
            service_user=service_user,
            screening_id=screening.pk,
            submitted_on=london_day(submitted),
            team=service_user.team,
        )
    for follow_up in (one for one in owed if one.kind == FollowUp.Kind.REVIEW):
        days = window(follow_up)
        drawn = days.opens_on + timedelta(days=random.randrange((days.closes_on - days.opens_on).days - 5))
        day, reached = working_day_from(drawn), random.random() < ASKED
        if day + A_LITTLE_LATER < until if reached else days.closes_on < until:
            with clock.at(at_london(day, time(11, random.randrange(60)))):
                _review(random, person, follow_up, days.weeks, by) if reached else _not_reached(follow_up, by)


def _not_reached(follow_up: FollowUp, by: Membership) -> None:
    complete_follow_up(follow_up=follow_up, result="not_reached", words="Rang twice, and wrote", by=by)


def _review(random: Random, person: Person, follow_up: FollowUp, weeks: int, by: Membership) -> None:
    asked = questionnaire.latest(FORM.format(weeks=weeks))
    answers = ReviewAnswers(random, person, better=0.6).of(asked)
    done = screenings.record(
        service_user=follow_up.service_user, answers=answers, by=by, asked=asked, submit=True, how="phone"
    )
    close_reviewed(follow_up.service_user, clock.today())
    from_reviews.record(done)
    put_right_on = clock.now() + A_LITTLE_LATER
    for incident in Incident.objects.filter(screening=done):
        with clock.at(put_right_on):
            _put_right(random, incident, by)


def _put_right(random: Random, incident: Incident, by: Membership) -> None:
    result = random.choice(("put_right", "put_right", "reported", "person_decides"))
    complete_follow_up(follow_up=incident.follow_up, result=result, words="Talked it through", by=by)
