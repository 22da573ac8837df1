"""Two records of one person as tests make them, join them and take them apart."""

from inclusion.merging import actions
from people import actions as people
from people.models import Merge, ServiceUser


def record(by, **facts):
    """As somebody at the desk would add it; `not_the_same_as` is what they said when asked."""
    alike = list(ServiceUser.objects.values_list("pk", flat=True))
    return people.add(by=by, not_the_same_as=alike, **{"name": "Robin Rivers", **facts})


def merge(kept, other, by, **choices):
    for one in (kept, other):
        one.refresh_from_db()
    seen = {kept.pk: kept.version, other.pk: other.version}
    row = actions.merge(kept=kept, other=other, seen=seen, choices=choices, reason="Same NHS letter", by=by)
    return Merge.objects.select_related("kept", "other").get(pk=row.pk)


def undo(row, by):
    fresh = Merge.objects.select_related("kept", "other").get(pk=row.pk)
    actions.undo(row=fresh, reason="They came in together", by=by)
    return [ServiceUser.objects.get(pk=pk) for pk in (row.kept_id, row.other_id)]


def fresh(*rows):
    for row in rows:
        row.refresh_from_db()
    return rows
