"""Devices, SIMs and data lent: reserved, handed over, and an end that a person talks about beforehand."""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F

from accounts import audit, clock
from accounts.errors import AlreadyChanged, InvalidInput, NotPossibleNow
from accounts.models import Membership
from referrals import obligations
from referrals.actions.activity import keep_moving
from referrals.actions.appointments import BOOKABLE
from referrals.evidence import Facts, read_evidence
from referrals.models import Loan, Referral
from referrals.standing import working
from referrals.support_steps import LoanStatus, SupportStep, available_for_loan, check_loan

OVER = (LoanStatus.RETURNED, LoanStatus.LOST, LoanStatus.WRITTEN_OFF)


@transaction.atomic
def reserve_loan(*, referral: Referral, item: str, label: str, by: Membership) -> Loan:
    working(referral, by)
    if referral.status not in BOOKABLE:
        raise NotPossibleNow("Things are lent once the referral is accepted.", state=referral.status)
    wrong = {}
    if item not in Loan.Item:
        wrong["item"] = "Choose what is lent."
    if not 0 < len(label.strip()) <= 100:
        wrong["label"] = "Say which one in up to 100 characters: make, model, asset number."
    if wrong:
        raise InvalidInput(" ".join(wrong.values()), fields=wrong)
    loan = Loan.objects.create(referral=referral, item=item, label=label.strip(), reserved_by=by)
    audit.record("reserve_loan", by=by, subject=referral, loan=str(loan.pk), item=item)
    keep_moving(referral)
    return loan


@transaction.atomic
def move_loan(
    *,
    loan: Loan,
    action: str,
    by: Membership,
    evidence: dict[str, Any] | None = None,
    version: int | None = None,
) -> Loan:
    """`action`: a name of LOAN_STEPS. A loan may come back, or be lost, long after its referral has ended."""
    working(loan.referral, by)
    if version not in (None, loan.version):
        raise _changed(loan)
    step = check_loan(loan.status, action, evidence=evidence or {})
    brought = read_evidence(step.evidence, evidence or {}, Facts())
    _check_end(brought.get("ends_on"))
    row = Loan.objects.filter(pk=loan.pk, version=loan.version, status=loan.status)
    if not row.update(version=F("version") + 1, **_columns(step, brought)):
        raise _changed(loan)
    audit.record("move_loan", by=by, subject=loan.referral, loan=str(loan.pk), step=action)
    loan.refresh_from_db()
    obligations.loan_follow_ups(loan=loan)
    keep_moving(loan.referral)
    return loan


def _columns(step: SupportStep, brought: dict[str, Any]) -> dict[str, Any]:
    columns = {"status": step.target, **brought}
    if step.target == LoanStatus.HANDED_OVER:
        columns["handed_over_on"] = clock.today()
    if step.target in OVER:
        columns["ended_on"] = clock.today()
    return columns


def _check_end(ends_on: date | None) -> None:
    if ends_on is not None and ends_on <= clock.today():
        sentence = "Enter a day to come."
        raise InvalidInput(sentence, fields={"ends_on": sentence})


def _changed(loan: Loan) -> AlreadyChanged:
    loan.refresh_from_db()
    return AlreadyChanged(
        f"Somebody else has changed this loan already: {loan.status.replace('_', ' ')}.",
        state=loan.status,
        allowed=available_for_loan(loan.status),
    )
