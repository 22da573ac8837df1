"""How long a claim of due messages takes beside few rows and beside a hundred times as many, and by which plan."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from time import perf_counter

from django.db import connection

from accounts import clock
from accounts.models import Membership, Organisation, Team, User
from inclusion.benchmarks.meter import milliseconds
from people.models import ServiceUser
from referrals import reminders
from referrals.models import Reminder

DUE = 2000
BATCH = 20
CLAIMS = 60

SERIES = {
    "postgresql": "SELECT n FROM generate_series(%s, %s) AS series(n)",
    "sqlite": "WITH RECURSIVE series(n) AS (SELECT %s UNION ALL SELECT n + 1 FROM series WHERE n < %s)"
    " SELECT n FROM series",
}
ID = {
    "postgresql": "lpad(to_hex(n), 32, '0')::uuid",
    "sqlite": "printf('%%032x', n)",
}
LIKE_THE_FIRST = "INSERT INTO referrals_reminder ({columns}) SELECT {values} FROM referrals_reminder AS one,"
"""Each row is a copy of one that the model made, but for what differs from row to row."""
DIFFERS = {
    "dedupe_key": "'bench:' || n",
    "status": "CASE WHEN n %% 10 = 0 THEN 'queued' ELSE 'delivered' END",
    "due_at": "CASE WHEN n %% 10 = 0 THEN %s ELSE one.due_at END",
    "sent_at": "CASE WHEN n %% 10 = 0 THEN NULL ELSE one.due_at END",
}


def somebody() -> ServiceUser:
    trust = Organisation.objects.create(
        name="Lambourne", kind=Organisation.Kind.HEALTH, phone="020 7946 0100", sender_name="Your support team"
    )
    team = Team.objects.create(organisation=trust, name="Brook Lane")
    ash = User.objects.create(email="ash@example.org", name="Ash")
    by = Membership.objects.create(user=ash, team=team, role="clinician")
    return ServiceUser.objects.create(
        organisation=trust, team=team, name="Robin Example", search_name="robin example", created_by=by
    )


def add_rows(person: ServiceUser, first: int, last: int) -> None:
    """Nine in ten have arrived, one in ten is due next month: made by the server, as no client could in time."""
    vendor, now = connection.vendor, clock.now()
    one, _ = Reminder.objects.get_or_create(
        dedupe_key="one",
        service_user=person,
        template="review_due",
        channel="text",
        defaults={"due_at": now - timedelta(days=30), "status": "stale", "settled_at": now},
    )
    values = {str(field.column): f"one.{field.column}" for field in Reminder._meta.concrete_fields}
    values |= {"id": ID[vendor], **DIFFERS}
    statement = LIKE_THE_FIRST.format(columns=", ".join(values), values=", ".join(values.values()))
    later = connection.ops.adapt_datetimefield_value(now + timedelta(days=30))
    key = one.pk if vendor == "postgresql" else one.pk.hex
    with connection.cursor() as cursor:
        cursor.execute(
            f"{statement} ({SERIES[vendor]}) AS numbers WHERE one.id = %s",
            [later, first, last, key],
        )
    tidy()


def tidy() -> None:
    """What a server does by itself in time; what was just built is on the disk before claims are timed."""
    steps = {"postgresql": ["VACUUM ANALYZE referrals_reminder", "CHECKPOINT"], "sqlite": ["ANALYZE"]}
    with connection.cursor() as cursor:
        for step in steps[connection.vendor]:
            cursor.execute(step)


def _make_due(person: ServiceUser) -> None:
    now = clock.now()
    Reminder.objects.filter(dedupe_key__startswith="due:").delete()
    Reminder.objects.bulk_create(
        Reminder(
            dedupe_key=f"due:{number}",
            service_user=person,
            template="review_due",
            channel="text",
            due_at=now - timedelta(seconds=number),
        )
        for number in range(DUE)
    )


@dataclass(frozen=True)
class Claims:
    """Milliseconds a claim: processor time of application and database, and by the clock on the wall (median)."""

    processor: float
    wall: float


def measure(person: ServiceUser) -> Claims:
    _make_due(person)
    wall = []

    def claim() -> None:
        start = perf_counter()
        got = reminders.claim(now=clock.now(), batch=BATCH)
        wall.append(perf_counter() - start)
        if len(got) != BATCH:
            raise RuntimeError("nothing was due: this measures nothing")

    processor = milliseconds(claim, CLAIMS)
    return Claims(processor, median(wall) * 1000)


def plan() -> str:
    """Of each of the two questions that a claim asks."""
    now = clock.now()
    return "\n".join(
        free.values_list("pk", flat=True)[:BATCH].explain() for free in (reminders.lapsed(now), reminders.due(now))
    )


def run(few: int, many: int, say: Callable[[str], object]) -> Iterator[Claims]:
    """Beside `few` rows and beside `many`."""
    person, there = somebody(), 0
    for size in (few, many):
        add_rows(person, there + 1, size)
        there = size
        took = measure(person)
        say(
            f"{size:>10,} rows: {took.processor:.2f} ms of processor time for a claim of {BATCH} of {DUE:,}, "
            f"{took.wall:.2f} ms by the clock"
        )
        yield took
    say(plan())
