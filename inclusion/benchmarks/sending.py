"""How many messages a second one worker claims, looks at, records, asks about again, hands over and audits, with a
channel that costs nothing; beside the same by hand, and beside a queue that is handed tasks which do nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from time import perf_counter, process_time
from uuid import UUID

from accounts import clock
from inclusion.benchmarks.drain import tasks_a_second
from inclusion.benchmarks.due_scan import somebody
from inclusion.benchmarks.meter import database_seconds
from inclusion.benchmarks.sending_twin import Twin
from people.london import at_london
from people.models import ContactPlan, ServiceUser
from referrals import sending
from referrals.models import Reminder


class Nowhere:
    """Takes everything at once, and never had anything before."""

    at_once = 4
    """As GOV.UK Notify's driver."""

    def __call__(self, name: str) -> "Nowhere":
        return self

    def send(self, message: object) -> None:
        return None

    def look_up(self, reference: UUID) -> None:
        return None


def queue(number: int, key: str, like: ServiceUser, due_at: datetime) -> None:
    """A message each to so many people, whose plans take texts."""
    people = ServiceUser.objects.bulk_create(
        ServiceUser(
            organisation=like.organisation,
            team=like.team,
            name="Robin Example",
            search_name="robin example",
            phone="+447700900123",
            created_by=like.created_by,
        )
        for _ in range(number)
    )
    ContactPlan.objects.bulk_create(
        ContactPlan(
            service_user=person,
            number=1,
            answered=True,
            allowed=["text"],
            automatic=True,
            preferred="text",
            source=ContactPlan.Source.STAFF,
            made_by=like.created_by,
        )
        for person in people
    )
    Reminder.objects.bulk_create(
        Reminder(
            dedupe_key=f"{key}:{person.pk}",
            service_user=person,
            template="review_due",
            channel="text",
            due_at=due_at,
        )
        for person in people
    )


@dataclass(frozen=True)
class Rate:
    """`processor`: milliseconds a message, application and PostgreSQL together."""

    a_second: float
    processor: float


def rates(number: int, rounds: int) -> list[tuple[Rate, Rate, float | None]]:
    """Ours, the twin's and, where there is Redis, Celery's tasks a second, turn by turn."""
    person, found = somebody(), []
    morning = at_london(date(2026, 11, 25), time(10))  # a Wednesday: no quiet hours
    with clock.at(morning):
        for turn in range(rounds):
            one = _rate(number, f"ours{turn}", person, ours)
            found.append((one, _rate(number, f"twin{turn}", person, twin), tasks_a_second(number)))
    return found


def ours() -> int:
    return sending.send_due(drivers=Nowhere())


def twin() -> int:
    return Twin().send_all()


def _rate(number: int, key: str, person: ServiceUser, send: Callable[[], int]) -> Rate:
    queue(number, key, person, clock.now())
    database, here, start = database_seconds(), process_time(), perf_counter()
    send()
    took, spent = perf_counter() - start, process_time() - here + database_seconds() - database
    sent = Reminder.objects.filter(dedupe_key__startswith=key, status="sent").count()
    if sent != number:
        raise RuntimeError(f"{sent} of {number} were sent: this measures something else")
    return Rate(number / took, spent / number * 1000)
