"""The one write path of what a person says about themselves for fairness checks, and how it is carried along."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F

from accounts import audit, clock
from accounts.errors import AlreadyChanged, InvalidInput
from accounts.models import Membership, Organisation
from accounts.wording import gettext_lazy as _
from people import moving
from people.groups import CHOICES, QUINTILES
from people.models import FairnessAnswers, ServiceUser
from people.moving import Move

QUINTILE = "deprivation_quintile"
FIELDS = (*CHOICES, QUINTILE)
CHANGED = _("Somebody else changed these answers while you had them open. Nothing of theirs was written over.")
BATCH = 500


def answers_of(service_user: ServiceUser) -> FairnessAnswers:
    """Version 0, which is not stored, where nothing is recorded."""
    found = FairnessAnswers.objects.filter(service_user=service_user).first()
    return found or FairnessAnswers(service_user=service_user, version=0)


@transaction.atomic
def record_fairness(*, service_user: ServiceUser, version: int, by: Membership, **answers: Any) -> FairnessAnswers:
    """Changes the answers given and no others. `version`: the one that was seen, 0 where there was none.

    The audit names which answers changed, and never what they say.
    """
    _check(answers)
    before = answers_of(service_user)
    if before.version != version:
        raise AlreadyChanged(CHANGED, state=f"version {before.version}")
    changed = {name: value for name, value in answers.items() if value != getattr(before, name)}
    if changed:
        _write(before, {**changed, "recorded_at": clock.now(), "recorded_by": by})
        audit.record("record_fairness_answers", by=by, subject=service_user, fields=sorted(changed))
    return answers_of(service_user)


def _check(answers: Mapping[str, Any]) -> None:
    wrong = {}
    for name, value in answers.items():
        if name == QUINTILE:
            if value is not None and (isinstance(value, bool) or value not in QUINTILES):
                wrong[name] = _("A quintile is a number from 1 to 5.")
        elif name not in CHOICES:
            wrong[name] = _("There is no such answer.")
        elif value != "" and value not in CHOICES[name]:
            wrong[name] = _("Choose one of the answers, or leave it as not recorded.")
    if wrong:
        raise InvalidInput.in_fields(wrong)


def _write(before: FairnessAnswers, columns: Mapping[str, Any]) -> None:
    """Over the very version that `before` is, or as the first one."""
    rows = FairnessAnswers.objects.filter(pk=before.pk, version=before.version)
    if before.version and not rows.update(**columns, version=before.version + 1):
        raise AlreadyChanged(CHANGED)
    if not before.version:
        try:
            with transaction.atomic():
                FairnessAnswers.objects.create(service_user=before.service_user, **columns)
        except IntegrityError as error:
            raise AlreadyChanged(CHANGED) from error


# --- Where the person lives -------------------------------------------------------------------------------


def forget_neighbourhood(*, service_user: ServiceUser, by: Membership) -> None:
    """They moved: the quintile was of where they lived before, and is not known until a list or somebody says."""
    known = FairnessAnswers.objects.filter(service_user=service_user).exclude(**{QUINTILE: None})
    if known.update(**{QUINTILE: None}, version=F("version") + 1, recorded_at=clock.now(), recorded_by=by):
        audit.record("forget_neighbourhood", by=by, subject=service_user)


@dataclass(frozen=True)
class Counted:
    people: int
    matched: int
    changed: int


def set_quintiles(*, organisation: Organisation, quintiles: Mapping[str, int], by: Membership | None) -> Counted:
    """Sets the quintile of everybody of the organisation whose postcode is in the list, over what was there.

    Nobody else's is touched. People are taken some hundred at a time, each lot in a transaction of its own.
    """
    people = ServiceUser.objects.standing().filter(organisation=organisation)
    living = [pk for pk, postcode in people.values_list("pk", "postcode").iterator() if postcode in quintiles]
    lots = (living[start : start + BATCH] for start in range(0, len(living), BATCH))
    changed = sum(_set_some(lot, quintiles, organisation, by) for lot in lots)
    return Counted(people.count(), len(living), changed)


@transaction.atomic
def _set_some(
    lot: Collection[UUID], quintiles: Mapping[str, int], organisation: Organisation, by: Membership | None
) -> int:
    people = ServiceUser.objects.filter(pk__in=lot).select_related("fairness")
    return sum(_set_one(person, quintiles.get(person.postcode), organisation, by) for person in people)


def _set_one(person: ServiceUser, quintile: int | None, organisation: Organisation, by: Membership | None) -> bool:
    """`quintile` None: they have moved since the list was laid beside them."""
    known = getattr(person, "fairness", None) or FairnessAnswers(service_user=person, version=0)
    if quintile is None or known.deprivation_quintile == quintile:
        return False
    _write(known, {QUINTILE: quintile, "recorded_at": clock.now(), "recorded_by": by})
    audit.record("set_quintile", by=by, subject=person, organisation=organisation)
    return True


# --- Two records of one person ----------------------------------------------------------------------------


def fill_gaps(*, kept: ServiceUser, other: ServiceUser) -> list[Move]:
    """What the kept record does not know is taken from the other one, whose own row stays as it is. The quintile
    goes with the home: it is the other's only where the kept record has the other's postcode now."""
    theirs = answers_of(other)
    found = {name: value for name in CHOICES if (value := getattr(theirs, name))}
    if kept.postcode == other.postcode and theirs.deprivation_quintile:
        found[QUINTILE] = theirs.deprivation_quintile
    if not found:
        return []
    said = {"recorded_at": theirs.recorded_at, "recorded_by": theirs.recorded_by}
    ours, _created = FairnessAnswers.objects.get_or_create(service_user=kept, defaults=said)
    gaps = {name: value for name, value in found.items() if name == QUINTILE or not getattr(ours, name)}
    return _fill(ours, {name: value for name, value in gaps.items() if value != getattr(ours, name)})


def _fill(ours: FairnessAnswers, gaps: Mapping[str, Any]) -> list[Move]:
    """Column by column, so that an undo takes back each one that nobody has changed since."""
    columns = {**gaps, "version": ours.version + 1} if gaps else {}
    rows = FairnessAnswers.objects.filter(pk=ours.pk)
    moves = [
        moving.change(rows, before={name: getattr(ours, name)}, after={name: value})
        for name, value in columns.items()
    ]
    return [move for one in moves for move in one]
