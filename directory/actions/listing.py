"""Listings: written, changed, ended and brought back; every change leaves a row that says what, who and when.

`by` is None only for a feed, a spreadsheet or a file; `source` says which.
"""

from collections.abc import Collection, Mapping
from copy import copy
from typing import Any

from django.db import models, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts import audit, clock
from accounts.errors import AlreadyChanged, InvalidInput, NotPossibleNow
from accounts.models import Membership, Organisation
from directory import opening
from directory.actions.checking import check_fields
from directory.actions.providers import check_keeps
from directory.kinds import TITLES
from directory.models import OfferChange, SupportOffer
from directory.terms import FORMATS

What = OfferChange.What
Source = SupportOffer.Source

EDITABLE = frozenset(
    "name description kinds formats team location serves remote at_home schedule times min_age max_age "
    "low_income_only benefits_only needs_diagnosis languages cost warm_handover goes_along capacity wait_days "
    "accepts_referrals contact_name contact_phone contact_email".split()
)
LISTS = frozenset({"kinds", "formats", "serves", "languages"})


@transaction.atomic
def publish_offer(
    *,
    provider: Organisation,
    by: Membership | None,
    source: str = Source.OWN,
    **details: Any,
) -> SupportOffer:
    """`kinds` and `formats` are the questionnaire's codes: matching would never find an offer of another.

    With `source` "feed", `feed` and `external_id` say where it came from, and kinds may be empty: it is listed,
    and matched as soon as somebody has said what it is.
    """
    check_keeps(provider, by)
    details = _each_once(details)
    offer = SupportOffer(provider=provider, source=source, **details)
    if by and offer.verified_on:
        offer.verified_by = by
    _check(offer, details)
    offer.save(force_insert=True)
    _record(offer, What.LISTED, {}, by=by, source=source, action="publish_offer")
    return offer


@transaction.atomic
def edit_offer(
    *, offer: SupportOffer, version: int, by: Membership | None, source: str = Source.OWN, **details: Any
) -> bool:
    """Whether anything changed. What a person set in a listing from a feed, the feed does not set back."""
    check_keeps(offer.provider, by)
    details = _each_once(details)
    if by is None:
        details = {name: value for name, value in details.items() if name not in offer.set_here}
    elif strange := details.keys() - EDITABLE:
        raise TypeError(f"not for editing: {', '.join(sorted(strange))}")
    changed = {name: value for name, value in details.items() if getattr(offer, name) != value}
    if offer.version == version and not changed:
        return False
    if by and offer.source == Source.FEED:
        changed["set_here"] = sorted({*offer.set_here, *changed})
    write(offer=offer, version=version, what=What.EDITED, by=by, source=source, action="edit_offer", **changed)
    return True


@transaction.atomic
def withdraw_offer(
    *,
    offer: SupportOffer,
    version: int,
    reason: str,
    by: Membership | None,
    words: str = "",
    goes_on: bool | None = None,
    source: str = Source.OWN,
) -> None:
    """Nobody new can be referred. Referrals that point here stay as they are: their owners are asked what next,
    by the job that looks for them (referrals), whoever withdrew the offer and by whatever way.

    `goes_on`: whether people already referred are seen to the end; None where nobody said.
    """
    check_keeps(offer.provider, by)
    if not offer.is_active:
        raise NotPossibleNow(_("This offer has ended already."))
    if reason not in SupportOffer.Withdrawn:
        sentence = _("Choose why the offer ends.")
        raise InvalidInput(sentence, fields={"reason": sentence})
    write(
        offer=offer,
        version=version,
        what=What.WITHDRAWN,
        by=by,
        source=source,
        action="withdraw_offer",
        withdrawn_at=clock.now(),
        withdrawn_by=by,
        withdrawn_reason=reason,
        withdrawn_words=words,
        goes_on=goes_on,
    )


@transaction.atomic
def bring_back_offer(
    *, offer: SupportOffer, version: int, by: Membership | None, source: str = Source.OWN
) -> None:
    """Listed again as it was; whether it is still true is for somebody to confirm."""
    check_keeps(offer.provider, by)
    if offer.is_active:
        raise NotPossibleNow(_("This offer is listed already."))
    write(
        offer=offer,
        version=version,
        what=What.BROUGHT_BACK,
        by=by,
        source=source,
        action="bring_back_offer",
        listed_on=clock.today(),
        withdrawn_at=None,
        withdrawn_by=None,
        withdrawn_reason="",
        withdrawn_words="",
        goes_on=None,
    )


def write(
    *,
    offer: SupportOffer,
    version: int,
    what: str,
    by: Membership | None,
    action: str,
    source: str = Source.OWN,
    **fields: Any,
) -> None:
    """The change and its row, if the offer is still as `version` said; else AlreadyChanged, and nothing.

    A page left open must not undo what a colleague said meanwhile. In the caller's transaction.
    """
    if offer.version != version:
        raise _already_changed()
    told = {
        name: [_plain(getattr(offer, name)), _plain(value)] for name, value in fields.items() if name in EDITABLE
    }
    _check(_with(copy(offer), fields), fields)
    row = SupportOffer.objects.filter(pk=offer.pk, version=version)
    if not row.update(version=F("version") + 1, **fields):
        raise _already_changed()
    _with(offer, {**fields, "version": version + 1})
    _record(offer, what, told, by=by, source=source, action=action)


def _each_once(details: Mapping[str, Any]) -> dict[str, Any]:
    """A kind said twice is one kind, whoever sends it."""
    return {name: list(dict.fromkeys(value)) if name in LISTS else value for name, value in details.items()}


def _with(offer: SupportOffer, fields: Mapping[str, Any]) -> SupportOffer:
    for name, value in fields.items():
        setattr(offer, name, value)
    return offer


def _record(
    offer: SupportOffer, what: str, fields: dict[str, Any], *, by: Membership | None, source: str, action: str
) -> None:
    fields = {name: pair for name, pair in fields.items() if pair[0] != pair[1]}
    OfferChange.objects.create(offer=offer, what=what, fields=fields, version=offer.version, source=source, by=by)
    organisation = None if by else offer.provider
    audit.record(action, by=by, subject=offer, organisation=organisation, what=what, fields=sorted(fields))


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, models.Model) else value


def _already_changed() -> AlreadyChanged:
    return AlreadyChanged(
        _("Somebody else has changed this offer since you opened the page. See what it says now.")
    )


def _check(offer: SupportOffer, given: Collection[str]) -> None:
    wrong: dict[str, str] = {}
    if (not offer.kinds and offer.source != Source.FEED) or set(offer.kinds) - TITLES.keys():
        wrong["kinds"] = _("Choose at least one kind of support from the list.")
    if set(offer.formats) - FORMATS.keys():
        wrong["formats"] = _("Choose formats from the list.")
    if "times" in given and (sentence := opening.what_is_wrong(offer.times)):
        wrong["times"] = sentence
    if offer.location and offer.location.organisation_id != offer.provider_id:
        wrong["location"] = _("Choose a place of this provider.")
    if offer.team and offer.team.organisation_id != offer.provider_id:
        wrong["team"] = _("Choose a team of this provider.")
    if wrong:
        raise InvalidInput(" ".join(map(str, wrong.values())), fields=wrong)
    check_fields(offer, given)
