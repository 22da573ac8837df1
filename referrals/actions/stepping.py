"""`act`: the one way in which a referral changes its state, whoever asks for it and by whatever way."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from accounts.errors import AlreadyChanged, InvalidInput, NotAllowed, NotPossibleNow
from accounts.models import Membership
from accounts.wording import gettext_lazy as _
from referrals.actions.changes import columns
from referrals.actions.effects import take_effect
from referrals.actions.evidence import known_people
from referrals.actions.move import Move
from referrals.actions.recording import Source, record, when
from referrals.coded import reasons_for
from referrals.gathering import PROPOSED, error_proposal, gather, is_only_open
from referrals.lifecycle import GUARDS, STEPS, Side, Status, check, read
from referrals.models import PartnerLink, Referral
from referrals.reasons import NextAction
from referrals.standing import Standing, standing


def act(
    *,
    referral: Referral,
    action: str,
    by: Membership,
    evidence: dict[str, Any] | None = None,
    source: str = Source.SCREEN,
    happened_at: datetime | None = None,
    version: int | None = None,
) -> Referral:
    """The referral as it is after the step. `version` is the one that was on the screen, if a screen was shown.

    Evidence as the step declares it; members of staff and offers as rows. Raises NotAllowed, NotPossibleNow,
    AlreadyChanged or InvalidInput, and then nothing has changed: no event, no message, no follow-up.
    """
    me = standing(referral, by)
    if version not in (None, referral.version):
        raise already_changed(referral, me)
    try:
        with transaction.atomic():
            return take(referral, action, by, me, dict(evidence or {}), source, when(happened_at))
    except IntegrityError as error:
        # Two at once that each passed the look-up: the database has the last word on one open referral an offer.
        if is_only_open(referral.service_user, referral.offer, besides=referral.pk):
            raise
        raise _refused(referral, me, GUARDS["only_open_referral"]) from error


def take(
    referral: Referral,
    action: str,
    by: Membership | None,
    me: Standing,
    evidence: dict[str, Any],
    source: str,
    at: datetime,
    link: PartnerLink | None = None,
) -> Referral:
    """The step as somebody with this standing takes it; inside the caller's transaction.

    `by` is None where nobody is signed in: the holder of the provider's `link` takes it.
    """
    step = STEPS.get(action)
    if step is None or not step.sources:
        raise InvalidInput(
            _("There is no step called “%(action)s” for a referral that exists.") % {"action": action}
        )
    facts = gather(referral, step)
    if action == "mark_error" and by:
        facts = replace(facts, second_person=_agree(referral, by, evidence))
    reasons = reasons_for(referral, action)
    check(referral.status, action, evidence=evidence, facts=facts, reasons=reasons, **me.keywords())
    brought = known_people(referral, read(step, evidence, facts, reasons))
    move = Move(referral, step, by, at, brought, reasons or {}, link)
    _swap(move, me)
    event = record(
        referral=referral,
        step=action,
        to_status=step.target,
        by=by,
        side=_side_of(step.side, me),
        source=_source_of(step.side, me, source),
        happened_at=at,
        evidence={**brought, **_next_action(move)},
        link=link,
    )
    return take_effect(replace(move, referral=_fresh(referral)), event, Status(referral.status))


def _next_action(move: Move) -> dict[str, str]:
    """What the reason of a decline says today is kept with it: a list may change before the person is told."""
    reason = move.reasons.get(str(move.brought.get("reason_code", ""))) if move.step.name == "decline" else None
    return {"next_action": str(reason.next_action or NextAction.TALK)} if reason else {}


def _swap(move: Move, me: Standing) -> None:
    """The guard and the write are one statement: of two steps at once, the later one changes no row."""
    referral = move.referral
    unchanged = Referral.objects.filter(pk=referral.pk, version=referral.version, status=referral.status)
    if not unchanged.update(version=referral.version + 1, **columns(move)):
        raise already_changed(_fresh(referral), me)


def _fresh(referral: Referral) -> Referral:
    return Referral.objects.select_related(*RELATED).get(pk=referral.pk)


RELATED = (
    "service_user__organisation",
    "service_user__team",
    "offer__location",
    "provider",
    "provider_team__organisation",
    "referring_team__organisation",
    "created_by",
    "named_worker__user",
    "kept_by__user",
)
"""What the actions and pages read of a referral: fetch with these, or pay a query for each."""


def already_changed(referral: Referral, me: Standing) -> AlreadyChanged:
    now = Status(referral.status)
    return AlreadyChanged(
        _("Somebody else has changed this referral. It is now: %(state)s. %(meaning)s Nothing of yours was saved.")
        % {"state": now.label.lower(), "meaning": now.meaning},
        state=referral.status,
        allowed=me.may_do(referral.status),
    )


def _refused(referral: Referral, me: Standing, sentence: str) -> NotPossibleNow:
    return NotPossibleNow(sentence, state=referral.status, allowed=me.may_do(referral.status))


def _side_of(step_side: Side, me: Standing) -> Side:
    """Whose word it is: a provider's step is the provider's, whoever types it."""
    return step_side if step_side in (Side.REFERRER, Side.PROVIDER) else me.side


def _source_of(step_side: Side, me: Standing, source: str) -> str:
    """A provider that has no account did not press the button itself."""
    typed_for_it = step_side is Side.PROVIDER and not me.provider_has_account
    return Source.PHONED_IN if typed_for_it and source in (Source.SCREEN, Source.API) else source


# --- Made in error: one says so, another who is an admin agrees -----------------------------------------------


def _agree(referral: Referral, by: Membership, evidence: dict[str, Any]) -> bool:
    """Is `by` a second person? The first one's name, words and flag go into the evidence."""
    proposal = error_proposal(referral)
    if proposal is None or proposal.by is None or proposal.by.user_id == by.user_id:
        return False
    evidence["second_person"] = proposal.by
    evidence["words"] = evidence.get("words") or proposal.words
    evidence["wrong_person"] = bool(evidence.get("wrong_person") or proposal.evidence.get("wrong_person"))
    return True


@transaction.atomic
def propose_error(*, referral: Referral, by: Membership, words: str, wrong_person: bool = False) -> None:
    """The first of two people. Nothing changes until an admin who is somebody else marks it as an error."""
    me = standing(referral, by)
    if me.is_provider_only:
        raise NotAllowed(_("Only the referrer can say that a referral was made in error. Ask them to."))
    if referral.status == Status.ENTERED_IN_ERROR:
        raise _refused(referral, me, _("This is marked as made in error already."))
    if not words.strip():
        raise InvalidInput(_("Say what went wrong."), fields={"words": _("Say what went wrong.")})
    record(
        referral=referral,
        step=PROPOSED,
        to_status=referral.status,
        by=by,
        side=me.side,
        evidence={"words": words.strip(), "wrong_person": wrong_person},
    )
