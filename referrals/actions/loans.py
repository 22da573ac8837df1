"""Devices, SIMs and data lent: reserved, handed over, and an end that a person talks about beforehand."""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F

from accounts import audit, clock
from accounts.errors import AlreadyChanged, InvalidInput, NotPossibleNow
from accounts.models import Membership
from accounts.wording import gettext_lazy as _
from directory.actions import move_lent
from directory.stock_steps import StockStep
from referrals import obligations
from referrals.actions.activity import keep_moving
from referrals.actions.appointments import BOOKABLE
from referrals.evidence import Facts, read_evidence
from referrals.models import Loan, PartnerLink, Referral
from referrals.standing import working
from referrals.support_steps import LoanStatus, SupportStep, available_for_loan, check_loan

_OUT = (LoanStatus.HANDED_OVER, LoanStatus.DUE, LoanStatus.RENEWED)
STOCK_STEPS: dict[tuple[str, str], StockStep] = {
    (LoanStatus.RESERVED, "hand_over"): StockStep.HAND_OVER,
    (LoanStatus.RESERVED, "return"): StockStep.RELEASE,
    (LoanStatus.LOST, "return"): StockStep.FIND,
    **{(status, "renew"): StockStep.RENEW for status in _OUT},
    **{(status, "return"): StockStep.RETURN for status in _OUT},
    **{(status, "lose"): StockStep.LOSE for status in _OUT},
    **{(status, "write_off"): StockStep.LOSE for status in _OUT},
}
"""State of the loan and step → what moves in stock. What is lost already is not lost again by writing it off."""

OVER = (LoanStatus.RETURNED, LoanStatus.LOST, LoanStatus.WRITTEN_OFF)


@transaction.atomic
def reserve_loan(*, referral: Referral, item: str, label: str, by: Membership) -> Loan:
    working(referral, by)
    if referral.status not in BOOKABLE:
        raise NotPossibleNow(_("Things are lent once the referral is accepted."), state=referral.status)
    wrong = {}
    if item not in Loan.Item:
        wrong["item"] = _("Choose what is lent.")
    if not 0 < len(label.strip()) <= 100:
        wrong["label"] = _("Say which one in up to 100 characters: make, model, asset number.")
    if wrong:
        raise InvalidInput.in_fields(wrong)
    loan = Loan.objects.create(referral=referral, item=item, label=label.strip(), reserved_by=by)
    move_lent(offer=referral.offer, kind=item, step=StockStep.RESERVE, reference=loan.pk, by=by)
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
    if moved := STOCK_STEPS.get((loan.status, action)):
        _count(loan, moved, by, brought.get("ends_on"))
    audit.record("move_loan", by=by, subject=loan.referral, loan=str(loan.pk), step=action)
    loan.refresh_from_db()
    obligations.loan_follow_ups(loan=loan)
    keep_moving(loan.referral)
    return loan


def release_reserved(*, referral: Referral, by: Membership, link: PartnerLink | None = None) -> None:
    """Nothing more is handed over here: what was put aside for the person is for others again. Through the
    provider's `link` nobody of staff did it; `by` is who looks after it then.

    What the person has already, the referring team talks about with them before it ends.
    """
    obligations.hand_back_loans(referral)
    put_aside = Loan.objects.filter(referral=referral, status=LoanStatus.RESERVED)
    for loan in put_aside.select_related("referral__offer"):
        row = Loan.objects.filter(pk=loan.pk, version=loan.version, status=loan.status)
        if row.update(status=LoanStatus.RETURNED, ended_on=clock.today(), version=F("version") + 1):
            _count(loan, StockStep.RELEASE, by, None)
            audit.record(
                "move_loan",
                by=None if link else by,
                subject=referral,
                organisation=referral.referring_team.organisation if link else None,
                loan=str(loan.pk),
                step="return",
                **(link.holder if link else {}),
            )


def _count(loan: Loan, step: StockStep, by: Membership, ends_on: date | None) -> None:
    """The offer's own count of devices or SIMs goes along, where it keeps one."""
    move_lent(offer=loan.referral.offer, kind=loan.item, step=step, reference=loan.pk, by=by, ends_on=ends_on)


def _columns(step: SupportStep, brought: dict[str, Any]) -> dict[str, Any]:
    columns = {"status": step.target, **brought}
    if step.target == LoanStatus.HANDED_OVER:
        columns["handed_over_on"] = clock.today()
    if step.target in OVER:
        columns["ended_on"] = clock.today()
    return columns


def _check_end(ends_on: date | None) -> None:
    if ends_on is not None and ends_on <= clock.today():
        sentence = _("Enter a day to come.")
        raise InvalidInput(sentence, fields={"ends_on": sentence})


def _changed(loan: Loan) -> AlreadyChanged:
    loan.refresh_from_db()
    return AlreadyChanged(
        _("Somebody else has changed this loan already: %(now)s.") % {"now": loan.status_words},
        state=loan.status,
        allowed=available_for_loan(loan.status),
    )
