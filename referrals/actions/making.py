"""Making a referral: first a draft with all that the provider will be told, to be changed until it is sent."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.db import IntegrityError, transaction

from accounts import clock
from accounts.errors import AlreadyChanged, InvalidInput, NotAllowed, NotPossibleNow
from accounts.models import Membership
from accounts.permissions import Role
from accounts.wording import gettext_lazy as _
from directory.models import SupportOffer
from people.actions import plan_of
from people.models import ServiceUser
from referrals.actions.recording import Source, record
from referrals.gathering import CAN_BE_LIFTED, THROUGH_US, is_only_open, is_open_to_referrals
from referrals.lifecycle import GUARDS, Facts, Side, Status, check, next_due
from referrals.models import Referral
from referrals.parking import parked
from referrals.prefill import adjustments_known, propose
from referrals.sharing import snapshot
from screening.models import Need

CHANNELS = frozenset({"text", "letter", "email", "app", "call", "in_person", "via", THROUGH_US})
LONGEST_GOAL, LONGEST_ASKED_FOR = 300, 2000


@dataclass(frozen=True)
class Wish:
    """What the referrer says with a referral. None or "": not said; it is then proposed from what is known."""

    goal: str | None = None
    asked_for: str | None = None
    preferred_channel: str = ""
    fallback_channel: str = ""
    adjustments: tuple[str, ...] | None = None
    warm_handover: bool | None = None
    urgent: bool = False
    safeguarding: bool = False

    def __post_init__(self) -> None:
        wrong = dict(_faults(self))
        if wrong:
            raise InvalidInput.in_fields(wrong)

    def columns(self) -> dict[str, Any]:
        codes = self.adjustments
        return {**asdict(self), "adjustments": None if codes is None else sorted(set(codes))}


WISHED = tuple(Wish.__dataclass_fields__)


def _faults(wish: Wish) -> Iterable[tuple[str, str]]:
    if len(wish.goal or "") > LONGEST_GOAL:
        yield "goal", _("Use %(longest)s characters or fewer.") % {"longest": LONGEST_GOAL}
    if len(wish.asked_for or "") > LONGEST_ASKED_FOR:
        yield (
            "asked_for",
            _("Use %(longest)s characters or fewer.") % {"longest": LONGEST_ASKED_FOR},
        )
    for name in ("preferred_channel", "fallback_channel"):
        if getattr(wish, name) not in {"", *CHANNELS}:
            yield name, _("Choose one of the ways in the list.")
    if set(wish.adjustments or ()) - adjustments_known():
        yield "adjustments", _("Choose adjustments from the list.")


def refer(
    *,
    service_user: ServiceUser,
    offer: SupportOffer,
    needs: Iterable[Need],
    kind: str,
    by: Membership,
    source: str = Source.SCREEN,
    **wish: Any,
) -> Referral:
    """A draft that asks this offer's provider for `kind` (a support code). `wish`: the fields of Wish.

    Refused for a need that is not agreed, an offer that takes none, and where one is open to it already.
    """
    needs = list(needs)
    _check_may_refer(service_user, needs, by)
    if kind not in offer.kinds:
        raise InvalidInput(
            _("This offer does not give that kind of support."), fields={"kind": _("Choose another.")}
        )
    draft = Referral(service_user=service_user, offer=offer, kind=kind, referring_team=service_user.team)
    return _make(draft, needs, propose(Wish(**wish), service_user, needs), by, source)


def draft_after(*, previous: Referral, offer: SupportOffer, by: Membership) -> Referral:
    """The draft that takes the place of a declined referral: the same needs and wishes, another offer."""
    draft = Referral(
        service_user=previous.service_user,
        offer=offer,
        kind=previous.kind,
        referring_team=previous.referring_team,
        previous=previous,
    )
    wish = Wish(
        goal=previous.goal,
        asked_for=previous.asked_for,
        preferred_channel=previous.preferred_channel,
        fallback_channel=previous.fallback_channel,
        adjustments=None if previous.adjustments is None else tuple(previous.adjustments),
        warm_handover=previous.warm_handover,
        urgent=previous.urgent,
        safeguarding=previous.safeguarding,
    )
    return _make(draft, list(previous.needs.select_related("screening")), wish, by, Source.SCREEN)


def _check_may_refer(service_user: ServiceUser, needs: list[Need], by: Membership) -> None:
    if any(need.service_user_id != service_user.pk for need in needs):
        raise InvalidInput(
            _("These needs are not all of one person."), fields={"needs": _("Choose one person’s needs.")}
        )
    if by.role == Role.CLINICIAN and by.team_id == service_user.team_id:
        return
    works_with = Referral.objects.visible_to(by).filter(service_user=service_user)
    if by.role != Role.SUPPORT_WORKER or not works_with.exists():
        raise NotAllowed(_("Only the person’s own team, or whoever works with them, can refer them."))


def _make(draft: Referral, needs: list[Need], wish: Wish, by: Membership, source: str) -> Referral:
    _check_draft(draft, needs, by)
    try:
        with transaction.atomic():
            return _save(draft, needs, wish, by, source)
    except IntegrityError as error:
        if is_only_open(draft.service_user, draft.offer):
            raise
        raise NotPossibleNow(GUARDS["only_open_referral"]) from error


def _check_draft(draft: Referral, needs: list[Need], by: Membership) -> None:
    kept = parked(draft.service_user, draft.offer)
    facts = Facts(
        need_agreed=bool(needs) and all(need.decision == Need.Decision.AGREED for need in needs),
        offer_open=is_open_to_referrals(draft.offer),
        only_open_referral=is_only_open(draft.service_user, draft.offer),
        not_parked=kept is None,
        exactly={"not_parked": f"{kept.sentence} {CAN_BE_LIFTED}"} if kept else {},
    )
    check(None, "draft", side=Side.REFERRER, role=by.role, evidence={"offer": draft.offer}, facts=facts)


def _save(draft: Referral, needs: list[Need], wish: Wish, by: Membership, source: str) -> Referral:
    offer = draft.offer
    draft.provider, draft.provider_team, draft.created_by = offer.provider, offer.team, by
    draft.kept_by = by
    for name, value in wish.columns().items():
        setattr(draft, name, value)
    draft.shared = _shared(draft, needs)
    owed = next_due(Status.DRAFT, clock.now(), overrides=draft.referring_team.organisation.clocks)
    if owed:
        draft.action_with, draft.clock, draft.due_on = owed.action_with, owed.clock, owed.due_on
    draft.status = Status.DRAFT
    draft.save(force_insert=True)
    draft.needs.set(needs)
    record(
        referral=draft,
        step="draft",
        to_status=Status.DRAFT,
        by=by,
        side=Side.REFERRER,
        source=source,
        evidence={"offer": offer, "previous": str(draft.previous_id or "")},
        from_status="",
    )
    return draft


def _shared(referral: Referral, needs: Iterable[Need]) -> dict[str, Any]:
    return snapshot(
        service_user=referral.service_user,
        plan=plan_of(referral.service_user),
        needs=needs,
        goal=referral.goal,
        adjustments=referral.adjustments or (),
    )


@transaction.atomic
def revise(*, referral: Referral, version: int, by: Membership, **wish: Any) -> Referral:
    """Changes what a draft says; what is not named stays. `version` is the one that the editor saw."""
    if by.role == Role.ADMIN:
        raise NotAllowed(_("A draft is changed by those who made it."))
    known = {name: getattr(referral, name) for name in WISHED}
    known["adjustments"] = None if referral.adjustments is None else tuple(referral.adjustments)
    for name, value in replace(Wish(**known), **wish).columns().items():
        setattr(referral, name, value)
    columns = {name: getattr(referral, name) for name in known}
    columns["shared"] = _shared(referral, referral.needs.select_related("screening"))
    draft = Referral.objects.filter(pk=referral.pk, version=version, status=Status.DRAFT)
    if not draft.update(version=version + 1, **columns):
        raise AlreadyChanged(
            _("This draft was changed or sent by somebody else meanwhile."), state=referral.status
        )
    record(
        referral=referral, step="revise", to_status=Status.DRAFT, by=by, side=Side.REFERRER,
        evidence={"changed": sorted(wish)},
    )  # fmt: skip
    referral.version = version + 1
    return referral
