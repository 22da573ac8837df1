"""The coded reasons of a step as one organisation has them: the usual ones with its own laid over."""

from accounts.models import Organisation
from referrals import reasons
from referrals.models import ReasonCode, Referral, ReferralEvent
from referrals.reasons import NextAction, Reason

USUAL: dict[str, tuple[ReasonCode.Step, tuple[Reason, ...]]] = {
    "decline": (ReasonCode.Step.DECLINE, reasons.DECLINE),
    "cancel": (ReasonCode.Step.CANCEL, reasons.CANCEL),
    "reopen": (ReasonCode.Step.REOPEN, reasons.REOPEN),
    "reopen_accepted": (ReasonCode.Step.REOPEN, reasons.REOPEN),
}


def reasons_for(referral: Referral, action: str) -> dict[str, Reason] | None:
    """By code, retired ones included; None for a step that has no coded reason.

    A decline is coded in the provider's own terms, all else in the referrer's.
    """
    if action not in USUAL:
        return None
    whose = referral.provider if action == "decline" else referral.referring_team.organisation
    return reasons_of(whose, action)


def reasons_of(organisation: Organisation, step: str) -> dict[str, Reason]:
    """By code, as `reasons_for`: the organisation's whole list for one step that takes reasons."""
    usual = USUAL[step][1]
    return reasons.merged(usual, _own(organisation, USUAL[step][0], {reason.code: reason for reason in usual}))


def _own(organisation: Organisation, step: str, usual: dict[str, Reason]) -> list[Reason]:
    rows = ReasonCode.objects.filter(organisation=organisation, step=step)
    return [_reason(row, usual.get(row.code)) for row in rows]


def _reason(row: ReasonCode, usual: Reason | None) -> Reason:
    """What the organisation did not say stays as it usually is."""
    return Reason(
        code=row.code,
        label=row.label,
        ask=(row.ask or (usual.ask if usual else "") or reasons.SAY_MORE) if row.needs_words else "",
        next_action=NextAction(row.next_action) if row.next_action else None,
        park_days=(usual.park_days if usual else 0) if row.park_days is None else row.park_days,
        tell_person="declined_next_step" if row.step == ReasonCode.Step.DECLINE else "",
        silent=row.silent or (usual.silent if usual else False),
        hidden=row.hidden,
    )


def label_of(referral: Referral, action: str, code: str) -> str:
    """For the history; a code that nobody knows any more is shown as it is."""
    reason = (reasons_for(referral, action) or {}).get(code)
    return reason.label if reason else code.replace("_", " ")


def next_action_of(declined: ReferralEvent) -> NextAction:
    """What its reason said on the day: staff and the person read the same, whatever the list says by now.

    An event from before that was kept is read by the list of today.
    """
    kept = declined.evidence.get("next_action")
    if kept in set(NextAction):
        return NextAction(kept)
    reason = (reasons_for(declined.referral, "decline") or {}).get(declined.reason_code)
    return (reason.next_action if reason else None) or NextAction.TALK
