"""What the person decided about needs, and about sharing: the part of the write path that follows a result."""

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit, clock
from accounts.errors import InvalidInput, NotPossibleNow
from accounts.models import Membership
from people import actions as people
from people.facts import words
from people.models import Consent
from screening import consequences, sitting
from screening.models import Need, NeedDecision, RuleChoice, Screening
from screening.sitting import definition_of

ASK_AGAIN_AFTER = timedelta(weeks=26)
LONGEST_WAIT = timedelta(days=2 * 366)


@transaction.atomic
def decide(
    *,
    screening: Screening,
    rule: str,
    decision: str,
    by: Membership,
    reason: str = "",
    ask_again_on: date | None = None,
) -> list[Need]:
    """Agreed, not now or declined, for every need of one suggestion. The same decision again adds nothing.

    `ask_again_on` for "not now" alone; half a year on where nobody names a day. What a rule leaves to the
    clinician is agreed to once it has been chosen.
    """
    reason = words("reason", reason, 300)
    sitting.check_decision(decision, reason)
    _check_day(decision, ask_again_on)
    needs = sitting.needs_of_suggestion(screening, rule)
    if decision == Need.Decision.AGREED:
        _check_chosen(screening, rule)
    now = clock.now()
    new = {
        "decision": decision,
        "decision_reason": reason,
        "ask_again_on": _day(decision, ask_again_on),
        "decided_at": now,
        "decided_by": by,
    }
    changed = [need for need in needs if _differs(need, decision, reason, ask_again_on)]
    for need in changed:
        for name, value in new.items():
            setattr(need, name, value)
    Need.objects.bulk_update(changed, list(new))
    NeedDecision.objects.bulk_create(
        NeedDecision(need=need, decision=decision, reason=reason, ask_again_on=need.ask_again_on, at=now, by=by)
        for need in changed
    )
    if changed:
        codes = [need.code for need in changed]
        audit.record("decide_needs", by=by, subject=screening, rule=rule, needs=codes, decision=decision)
    return needs


def _differs(need: Need, decision: str, reason: str, ask_again_on: date | None) -> bool:
    if (need.decision, need.decision_reason) != (decision, reason):
        return True
    return ask_again_on is not None and ask_again_on != need.ask_again_on


def _day(decision: str, ask_again_on: date | None) -> date | None:
    if decision != Need.Decision.NOT_NOW:
        return None
    return ask_again_on or clock.today() + ASK_AGAIN_AFTER


def _check_day(decision: str, ask_again_on: date | None) -> None:
    if ask_again_on is None:
        return
    sentence = ""
    if decision != Need.Decision.NOT_NOW:
        sentence = _("A day to ask again belongs to “not now” alone.")
    elif ask_again_on <= clock.today():
        sentence = _("The day to ask again must be in the future.")
    elif ask_again_on > clock.today() + LONGEST_WAIT:
        sentence = _("Choose a day within the next two years. The person may ask sooner.")
    if sentence:
        raise InvalidInput(sentence, fields={"ask_again_on": sentence})


# --- Where a rule leaves the choice -----------------------------------------------------------------------


@transaction.atomic
def choose_rule(*, screening: Screening, rule: str, chosen: str, by: Membership) -> RuleChoice:
    """Which of the two it is, by the clinician's own judgement; the earlier choice stays on record. The same again
    adds nothing."""
    options = _options(screening, rule)
    if not options:
        raise InvalidInput(_("This screening leaves no such choice."))
    if chosen not in options:
        raise InvalidInput(_("Choose one of the two."))
    if not Screening.objects.submitted().filter(pk=screening.pk).exists():
        raise NotPossibleNow(_("This screening no longer counts. Choose beside the one that does."))
    if chosen != rule and _is_agreed(screening, rule):
        raise InvalidInput(_("This was agreed to already. Change that first."))
    newest = screening.choices.filter(rule=rule).last()
    if newest is not None and newest.chosen == chosen:
        return newest
    audit.record("choose_rule", by=by, subject=screening, rule=rule, chosen=chosen)
    return RuleChoice.objects.create(screening=screening, rule=rule, chosen=chosen, by=by)


def _options(screening: Screening, rule: str) -> list[str]:
    """None where the answers leave no choice, or the definition does not say between what."""
    suggestions = (screening.result or {}).get("suggestions", [])
    if not any(one["rule"] == rule and one["clinician_choice"] for one in suggestions):
        return []
    choice = definition_of(screening).rule(rule).choice
    return [rule, choice.other] if choice else []


def _is_agreed(screening: Screening, rule: str) -> bool:
    needs = definition_of(screening).rule(rule).needs
    return screening.needs.filter(code__in=needs, decision=Need.Decision.AGREED).exists()


def _check_chosen(screening: Screening, rule: str) -> None:
    if not _options(screening, rule):
        return
    newest = screening.choices.filter(rule=rule).last()
    if newest is None or newest.chosen != rule:
        raise InvalidInput(_("Choose first which of the two it is."))


def record_consent(*, screening: Screening, choice: str, how: str, by: Membership) -> Consent:
    """The consent step of the definition, put to the person after the result was talked through."""
    return people.record_consent(
        service_user=screening.service_user,
        choice=choice,
        how=how,
        wording=consequences.wording_of(screening, definition_of(screening).consent.language),
        by=by,
    )
