"""The people's own part in joining two records of one person, and in undoing it.

Called by inclusion/merging/actions.py only, in its transaction: the other apps' rows move beside these. Whatever
is uncertain afterwards is decided for the stricter side: what both plans allow, a pause, the last no.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts import audit, clock
from accounts.errors import AlreadyChanged, InvalidInput, NotPossibleNow
from accounts.ids import new_id
from accounts.models import Membership
from people import facts, fairness, moving, same_person
from people.actions import CHANGED, follow_plan
from people.contact_plan import Plan, both
from people.models import Consent, ContactPlan, Merge, ServiceUser
from people.moving import Move
from people.names import search_name

PAUSE = ("paused_at", "paused_by_id", "pause_reason", "pause_review_on")


def join(
    *,
    kept: ServiceUser,
    other: ServiceUser,
    seen: Mapping[UUID, int],
    choices: Mapping[str, str],
    reason: str,
    by: Membership,
) -> Merge:
    """The record `other` is not kept from now on. `seen`: the version of each record that was looked at.

    `choices`: group of facts → kept, other or both (people/same_person.py); as proposed where nobody chose.
    """
    reason = _reason(reason, _("Say how you know that they are the same person."))
    _check_two_records(kept, other, by)
    changed = _facts_to_change(kept, other, choices)
    row = Merge.objects.create(kept=kept, other=other, reason=reason, made_by=by, facts=_as_json(kept, changed))
    _write_both(kept, other, seen, changed)
    _pause_too(kept, as_is=other)
    _set_strict_plan(kept, other, row, by)
    for record in (kept, other):
        audit.record("merge_service_users", by=by, subject=record, kept=str(kept.pk), other=str(other.pk))
    return row


def take_over(*, kept: ServiceUser, other: ServiceUser) -> list[Move]:
    """Consents, and the records that were joined to the other one before. Contact plans are written once, and stay
    where they were made: the newest of each record is the same."""
    return [
        *_pause_of(kept, on=other),
        *moving.hand_over(Consent.objects.all(), of=other, to=kept),
        *fairness.fill_gaps(kept=kept, other=other),
        *moving.hand_over(ServiceUser.objects.all(), of=other, to=kept, column="merged_into_id"),
    ]


def tighten_late(row: Merge) -> None:
    """A plan or a pause that somebody wrote to the other record in the very moment of the merge counts, too."""
    kept, other = row.kept, row.other
    last = ContactPlan.objects.current_for(other)
    if last and last.made_at > row.made_at and last.source_id != str(row.pk):
        _set_strict_plan(kept, other, row, row.made_by)
    if other.paused_at and other.paused_at > row.made_at:
        _pause_too(kept, as_is=other)


def write_down(row: Merge, moves: Iterable[Move]) -> None:
    row.moved = moving.as_json(moves)
    row.save(update_fields=["moved"])


def give_back(*, row: Merge, by: Membership) -> None:
    """They are two people after all: the facts go back, and the record that was not kept stands again.

    A fact that somebody changed since stays with the kept record. The rows have gone back before.
    """
    kept, other = row.kept, row.other
    _facts_back(row)
    try:
        with transaction.atomic():
            ServiceUser.objects.filter(pk=other.pk, merged_into=kept).update(
                merged_into=None, version=other.version + 1
            )
    except IntegrityError as error:
        raise NotPossibleNow(
            _("Both records would have the same NHS number or local number. Take it off this record first.")
        ) from error
    for record in (kept, other):
        record.refresh_from_db()
        audit.record("undo_merge", by=by, subject=record, kept=str(kept.pk), other=str(other.pk))
    _pause_too(other, as_is=kept)
    _set_strict_plan(kept, other, row, by)
    _no_counts_for_both(kept, other, row.made_at)


def end(*, row: Merge, reason: str, by: Membership) -> None:
    """Marks it undone, once. Raises NotPossibleNow with the reason where it cannot be undone."""
    reason = _reason(reason, _("Say how you know that they are two people."))
    if row.undone_at:
        raise AlreadyChanged(_("This was undone already."), state="undone")
    if why := why_not_undone(row):
        raise NotPossibleNow(why, state="joined")
    undone = {"undone_at": clock.now(), "undone_by": by, "undo_reason": reason}
    if not Merge.objects.standing().filter(pk=row.pk).update(**undone):
        raise AlreadyChanged(_("This was undone already."), state="undone")


def why_not_undone(row: Merge) -> str:
    later = Merge.objects.standing().filter(kept=row.kept, made_at__gt=row.made_at)
    return same_person.why_not_undone(
        until=row.undo_until,
        now=clock.now(),
        moved_on=row.kept.merged_into_id is not None,
        is_last=not later.exists(),
    )


# --- Checks -----------------------------------------------------------------------------------------------


def _reason(text: str, sentence: str) -> str:
    reason = facts.words("reason", text, 1000)
    if not reason:
        raise InvalidInput(sentence, fields={"reason": sentence})
    return reason


def _check_two_records(kept: ServiceUser, other: ServiceUser, by: Membership) -> None:
    if kept.pk == other.pk:
        raise InvalidInput(_("Choose another record than this one."))
    if {kept.organisation_id, other.organisation_id} != {by.organisation_id}:
        raise InvalidInput(_("Only records of your own organisation can be joined."))
    if kept.merged_into_id or other.merged_into_id:
        raise AlreadyChanged(_("One of these records was joined to another one already."))


# --- Facts ------------------------------------------------------------------------------------------------


def facts_of(person: ServiceUser) -> dict[str, Any]:
    return {name: getattr(person, name) for name in facts.READERS}


def _facts_to_change(kept: ServiceUser, other: ServiceUser, choices: Mapping[str, str]) -> dict[str, Any]:
    """What was chosen, and the caseload: on it since the earlier day, and on it still if either record is."""
    changed = same_person.chosen(facts_of(kept), facts_of(other), choices)
    since = min(kept.on_caseload_since, other.on_caseload_since)
    left = [kept.left_caseload_on, other.left_caseload_on]
    until = None if None in left else max(day for day in left if day)
    return changed | {
        name: value
        for name, value in (("on_caseload_since", since), ("left_caseload_on", until))
        if value != getattr(kept, name)
    }


def _as_json(kept: ServiceUser, changed: Mapping[str, Any]) -> dict[str, list[Any]]:
    return {name: [_plain(getattr(kept, name)), _plain(value)] for name, value in changed.items()}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _write_both(
    kept: ServiceUser, other: ServiceUser, seen: Mapping[UUID, int], changed: Mapping[str, Any]
) -> None:
    """Both are claimed in the order of their ids, so that two who join the same two records the other way round
    take turns; then the other leaves its numbers to the kept one."""
    for pk in sorted([kept.pk, other.pk]):
        as_seen = ServiceUser.objects.standing().filter(pk=pk, version=seen.get(pk, 0))
        if not as_seen.update(version=seen.get(pk, 0) + 1):
            raise AlreadyChanged(CHANGED, state="version")
    ServiceUser.objects.filter(pk=other.pk).update(merged_into=kept)
    ServiceUser.objects.filter(pk=kept.pk).update(**changed, **_search_name(kept, changed))
    kept.refresh_from_db()
    other.refresh_from_db()


def _search_name(kept: ServiceUser, changed: Mapping[str, Any]) -> dict[str, str]:
    names = {name: changed.get(name, getattr(kept, name)) for name in ("name", "preferred_name")}
    return {"search_name": search_name(**names)}


def facts_that_go_back(row: Merge) -> dict[str, Any]:
    """As they were before; not those that somebody changed since."""
    read = {field.name: field.to_python for field in ServiceUser._meta.concrete_fields}
    return {
        name: read[name](before)
        for name, (before, after) in row.facts.items()
        if getattr(row.kept, name) == read[name](after)
    }


def _facts_back(row: Merge) -> None:
    kept, back = row.kept, facts_that_go_back(row)
    changed = {**back, **_search_name(kept, back), "version": kept.version + 1}
    if not ServiceUser.objects.filter(pk=kept.pk, version=kept.version).update(**changed):
        raise AlreadyChanged(CHANGED, state="version")


# --- The stricter side ------------------------------------------------------------------------------------


def _pause_too(person: ServiceUser, *, as_is: ServiceUser) -> None:
    """Somebody said that this person's contact waits; which of the records it was said to is not known."""
    if as_is.paused_at and not person.paused_at:
        ServiceUser.objects.filter(pk=person.pk, paused_at=None).update(
            **{name: getattr(as_is, name) for name in PAUSE}
        )
        person.refresh_from_db()


def _pause_of(person: ServiceUser, *, on: ServiceUser) -> list[Move]:
    """The other way round too, for what is still kept with the other record; an undo takes it off again."""
    if not person.paused_at:
        return []
    paused = {name: _plain(getattr(person, name)) for name in PAUSE} | {"paused_by_id": str(person.paused_by_id)}
    before = {**dict.fromkeys(PAUSE), "pause_reason": ""}
    return moving.change(ServiceUser.objects.filter(pk=on.pk), before=before, after=paused)


def _set_strict_plan(kept: ServiceUser, other: ServiceUser, row: Merge, by: Membership) -> None:
    """Both records have the plan that allows what both allowed, from here on and after an undo: until the person
    is asked. What staff once took away, no form gives back."""
    rows = {record: ContactPlan.objects.current_for(record) for record in (kept, other)}
    if not any(rows.values()):
        return  # nobody was ever asked: no plan allows nothing
    plan = plan_of_both(rows[kept], rows[other])
    staff = any(current and current.source == ContactPlan.Source.STAFF for current in rows.values())
    source = ContactPlan.Source.STAFF if staff else ContactPlan.Source.MERGE
    for record, current in rows.items():
        if not (current and current.plan == plan and current.source == source):
            follow_plan(current, record, plan, by, source=source, source_id=str(row.pk))


def plan_of_both(one: ContactPlan | None, other: ContactPlan | None) -> Plan:
    return both(*(row.plan if row else Plan.unknown() for row in (one, other)))


def _no_counts_for_both(kept: ServiceUser, other: ServiceUser, since: datetime) -> None:
    """A no, or a consent taken back, while the two were one: whose word it was is not known, so it is both's."""
    later = Q(choice=Consent.Choice.NO, given_at__gt=since) | Q(withdrawn_at__gt=since)
    said = {record: list(Consent.objects.filter(later, service_user=record)) for record in (kept, other)}
    for record, of in ((kept, other), (other, kept)):
        for no in said[of]:
            no.pk, no.service_user = new_id(), record
            no.save(force_insert=True)
