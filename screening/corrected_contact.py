"""How a person may be reached after a correction, or after a screening was recorded in error: their own words as
they were, and never more than is known safe.

A plan that was tightened since is not loosened; what the wrong answers alone had allowed does not stay allowed.
"""

from dataclasses import replace
from uuid import UUID

from django.db.models import Q

from accounts.models import Membership
from people import actions as people
from people.contact_plan import Plan
from people.models import ContactPlan, Merge
from screening import consequences, scoring
from screening.models import Screening
from screening.questionnaire import Questionnaire
from screening.responses import answers_of
from screening.result import Result


def plan_after(screening: Screening, wrong: Screening, asked: Questionnaire, result: Result) -> Plan | None:
    """The plan to set when `screening` takes the place of `wrong`; None where the correction changes none."""
    if not _differs(wrong, asked, result) or _settled_since(screening):
        return None
    rows = list(ContactPlan.objects.filter(service_user=screening.service_user_id).order_by("number"))
    of_error = _with_what_it_corrects(wrong)
    first = next((place for place, row in enumerate(rows) if row.source_id in of_error), None)
    if first is None:
        return _beside(rows[-1] if rows else None, asked, result, screening)
    if any(row.source_id not in of_error for row in rows[first:]):
        return _only_what_both_allow(rows[-1].plan, asked, result)
    before = rows[first - 1] if first else None
    told = consequences.plan_after(before, asked, result)
    if told is None and before is not None:  # nothing about contact is left: the plan before stands, and no more
        return consequences.stricter(before.plan, _open(rows[-1].plan))
    return told


def _beside(
    current: ContactPlan | None, asked: Questionnaire, result: Result, screening: Screening
) -> Plan | None:
    """The wrong answers had set no plan. One that was made since is only made stricter."""
    if current is not None and screening.submitted_at and current.made_at > screening.submitted_at:
        return _only_what_both_allow(current.plan, asked, result)
    return consequences.plan_after(current, asked, result)


def _differs(wrong: Screening, asked: Questionnaire, result: Result) -> bool:
    then = scoring.resolve(asked, answers_of(wrong.responses))
    return any(then[code] != result.responses[code] for code in consequences.contact_items(asked))


def _settled_since(screening: Screening) -> bool:
    """A later screening asked everything about contact: the person's newer words stand, whatever was wrong."""
    for later in Screening.objects.after(screening):
        asked = consequences.definition_of(later)
        responses = scoring.resolve(asked, answers_of(later.responses))
        if not any(responses[code].is_gap for code in consequences.contact_items(asked)):
            return True
    return False


def _with_what_it_corrects(screening: Screening | None) -> set[str]:
    ids = set()
    while screening is not None:
        ids.add(str(screening.pk))
        screening = screening.corrects
    return ids


def _only_what_both_allow(current: Plan, asked: Questionnaire, result: Result) -> Plan:
    return consequences.stricter(current, _open(consequences.told(asked, result)))


def _open(plan: Plan) -> Plan:
    """A way that was named without saying whether contact is safe is no way that may be used."""
    return replace(plan, allowed=plan.open_channels)


# --- Recorded in error ------------------------------------------------------------------------------------


def forget_plan(screening: Screening, by: Membership) -> None:
    """A plan that rests on a screening recorded in error may be somebody else's: nothing is allowed until the
    person is asked again. Whatever was laid on top since, only a later screening that asked everything stands by
    itself.

    The hours and days stay: staff settled them with the person.
    """
    person = screening.service_user
    current = ContactPlan.objects.current_for(person)
    rests_on_it = ContactPlan.objects.filter(service_user__in=_records(person.pk), source_id=str(screening.pk))
    if current is None or not rests_on_it.exists() or _settled_since(screening):
        return
    unknown = replace(Plan.unknown(), hours=current.plan.hours, weekdays=current.plan.weekdays)
    people.set_contact_plan(service_user=person, plan=unknown, source_id=str(screening.pk), by=by)


def _records(service_user_id: UUID) -> set[UUID]:
    """Theirs, and those that were ever joined with it: plans stay where they were made."""
    found, new = {service_user_id}, {service_user_id}
    while new:
        merges = Merge.objects.filter(Q(kept__in=new) | Q(other__in=new)).values_list("kept", "other")
        new = {pk for pair in merges for pk in pair} - found
        found |= new
    return found
