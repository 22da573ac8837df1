"""Two ways to the same sums: what is kept, and what everybody's records give now."""

from collections import Counter

from accounts import clock
from people.models import ServiceUser
from reports import counting, summary
from reports.gathering import gather
from reports.models import Count, Edition
from reports.tallies import Cell, tally


def kept_sums():
    """By scope, code and month, of the edition in use."""
    number = Edition.objects.get(state="in_use").number
    found = Counter()
    for scope, code, day, n in Count.objects.filter(edition=number).values_list("scope", "code", "day", "n"):
        found[summary.folded(Cell(scope, code, day), clock.today())] += n
    return Counter({cell: n for cell, n in found.items() if n})


def live_sums():
    """By no row that is kept."""
    found = Counter()
    everybody = set(ServiceUser.objects.values_list("pk", flat=True))
    for person in gather(everybody).values():
        for cell, n in tally(person).items():
            found[summary.folded(cell, clock.today())] += n
    return Counter({cell: n for cell, n in found.items() if n})


def count_all():
    while counting.count_marked(limit=50):
        continue
