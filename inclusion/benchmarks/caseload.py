"""The caseload report beside its twins, and what it costs to keep its summary rows true.

On the large data set: nobody is counted there to begin with, so the first run counts everybody.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter

from django.db import connection, transaction

from accounts.models import Organisation, Team
from inclusion.benchmarks import live_report
from inclusion.benchmarks.clones import execute
from inclusion.benchmarks.meter import Operation, milliseconds
from people.models import ServiceUser
from reports import counting, indicators, rebuilding, triggers
from reports.caseload import CaseloadReport
from reports.models import Count, Edition, Mark
from reports.periods import Month
from reports.scope import Scope
from reports.summary import Ask, by_period

BY_HAND = """
SELECT code, sum(n), sum(n) FILTER (WHERE day >= %s) FROM reports_count
WHERE edition = %s AND scope = %s AND day <= %s GROUP BY code
"""
TOLD_EACH = 50_000


class NotEqual(Exception):
    """The summary rows and the records themselves say different things."""


@contextmanager
def uncounted() -> Iterator[None]:
    """Rows written within are marked by nothing, and so belong to nobody's figures until all are counted."""
    triggers.remove("default")
    yield
    triggers.install("default")
    Mark.objects.all().delete()
    Edition.objects.all().delete()
    counting.begin()


def count_all(say: Callable[[str], object]) -> None:
    """Nothing, where they are counted already."""
    if not rebuilding.is_due():
        return
    began, edition = perf_counter(), rebuilding.in_the_making()
    while rebuilding.step(edition):
        if edition.people % TOLD_EACH < rebuilding.BATCH:
            say(f"{perf_counter() - began:6.0f} s  {edition.people:,} people counted")
    say(f"{perf_counter() - began:6.0f} s  all: {Count.objects.count():,} summary rows")
    execute("ANALYZE")


def largest(month: Month) -> tuple[Scope, Scope]:
    """The organisation and the team with the most people."""
    counted = ServiceUser.objects.values_list("team", "organisation")
    ((team_id, organisation_id), _people) = Counter(counted.iterator()).most_common(1)[0]
    organisation, team = Organisation.objects.get(pk=organisation_id), Team.objects.get(pk=team_id)
    now = CaseloadReport(organisation, None, month).now
    return Scope(organisation, None, month, now), Scope(organisation, team, month, now)


def operations(month: Month) -> list[Operation]:
    whole, team = largest(month)
    found = [
        Operation("report, whole organisation", _page(whole), _by_hand(whole), 50.0),
        Operation("report, one team", _page(team), _by_hand(team), 25.0),
    ]
    if connection.vendor == "postgresql":
        check_equal(whole)
        found.append(
            Operation("the same from live rows", _page(whole), lambda: live_report.count(whole), a_turn=1)
        )
    return found


def check_equal(scope: Scope) -> None:
    edition = Edition.objects.get(state=Edition.State.IN_USE).number
    sums = by_period(edition, Ask([scope.pk], [scope.days]), Counter())[scope.pk][0]
    live = live_report.count(scope)
    kept = {code: (sums.standing if _stands(code) else sums.within)[code] for code in live}
    wrong = {code: (n, kept[code]) for code, n in live.items() if kept[code] != n}
    if wrong:
        raise NotEqual(str(wrong))


def _stands(code: str) -> bool:
    return indicators.BY_CODE[code.partition(":")[0]].standing


def _page(scope: Scope) -> Callable[[], object]:
    def work() -> object:
        report = CaseloadReport(scope.organisation, scope.team, scope.period)
        return report.figures, report.tables

    return work


def _by_hand(scope: Scope) -> Callable[[], object]:
    first, last = scope.days
    edition = Edition.objects.get(state=Edition.State.IN_USE).number
    pk = scope.pk if connection.vendor == "postgresql" else scope.pk.hex

    def work() -> object:
        with connection.cursor() as cursor:
            cursor.execute(BY_HAND, [first, edition, pk, last])
            return cursor.fetchall()

    return work


def upkeep(people: int = 500) -> tuple[float, float]:
    """Milliseconds of processor time to count one changed person anew: among many, and alone."""
    some = list(ServiceUser.objects.order_by("pk").values_list("pk", flat=True)[:people])
    return _upkeep(some, len(some)), _upkeep(some[:50], 1)


def _upkeep(people: list, at_once: int) -> float:
    """Each is screened once more by now, as far as their facts go, so that everything about them counts anew."""
    with transaction.atomic():
        Mark.objects.all().delete()
        ServiceUser.objects.filter(pk__in=people).update(on_caseload_since="2020-02-02")
        spent = milliseconds(lambda: counting.count_marked(limit=at_once), len(people) // at_once)
        transaction.set_rollback(True)
    return spent / at_once
