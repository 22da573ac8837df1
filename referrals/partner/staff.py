"""What staff do for a provider without an account: send or revoke its link, print a letter, take its call."""

from django.db import IntegrityError, transaction

from accounts import audit
from accounts.errors import AlreadyChanged, InvalidInput, NotAllowed, NotPossibleNow
from accounts.models import Membership
from accounts.wording import gettext_lazy as _
from referrals.gathering import consent_for
from referrals.lifecycle import GUARDS
from referrals.models import PartnerLink, Referral
from referrals.partner import letter, links
from referrals.partner.contacts import email_of, has_account
from referrals.partner.references import find
from referrals.standing import standing


def send_link(*, referral: Referral, by: Membership) -> PartnerLink:
    """A new link, in the place of the one before.

    Raises NotAllowed for the provider's side, and NotPossibleNow where the provider has no part in the referral,
    has an account, has no e-mail address registered, or may not be told of the person.
    """
    _for_referrer(referral, by)
    if why := why_no_link(referral):
        raise NotPossibleNow(why, state=referral.status)
    try:
        with transaction.atomic():
            link = links.invite(referral=referral, by=by)
    except IntegrityError as error:
        raise AlreadyChanged(_("Somebody else has just sent a link.")) from error
    if link is None:
        raise NotPossibleNow(WOULD_NAME if email_of(referral) else NO_ADDRESS, state=referral.status)
    return link


NO_ADDRESS = _("No email address is registered for this provider. Ring them, or print the letter.")

WOULD_NAME = _("The email would say who this is about, as their names are alike. Ring the provider.")


def why_no_link(referral: Referral) -> str:
    """The sentence that says why no link can be sent now; "" where one can."""
    if referral.status not in links.LIVES:
        return str(_("The provider has no part in this referral now, so there is nothing to open."))
    if has_account(referral):
        return str(_("This provider has an account. It finds the referral there."))
    if consent_for(referral) is None:
        return str(GUARDS["consent_in_force"])
    return "" if email_of(referral) else str(NO_ADDRESS)


def revoke_link(*, referral: Referral, by: Membership) -> None:
    """AlreadyChanged where none opens any more."""
    _for_referrer(referral, by)
    if not links.stop_all(referral=referral, why=PartnerLink.Stopped.STAFF, by=by):
        raise AlreadyChanged(_("There is no link that opens any more."), state=referral.status)


def _for_referrer(referral: Referral, by: Membership) -> None:
    if standing(referral, by).is_provider_only:
        raise NotAllowed(_("This is for whoever referred."))


@transaction.atomic
def print_letter(*, referral: Referral, by: Membership) -> bytes:
    """A PDF. NotPossibleNow where the provider has no part in the referral, or works it here."""
    _for_referrer(referral, by)
    if referral.status not in links.LIVES or has_account(referral):
        raise NotPossibleNow(
            _("A letter is for a provider without an account, while it has a part in the referral."),
            state=referral.status,
        )
    if consent_for(referral) is None:
        raise NotPossibleNow(GUARDS["consent_in_force"], state=referral.status)
    audit.record("print_partner_letter", by=by, subject=referral)
    return letter.pdf(referral)


@transaction.atomic
def find_by_phone(*, reference: str, word: str, by: Membership) -> Referral:
    """The referral that a caller names, for staff who may see it. InvalidInput in the same words for a reference
    that nobody has, a wrong word, and a referral of somebody else's."""
    found = find(reference, word)
    referral = Referral.objects.visible_to(by).filter(pk=found.referral_id).first() if found else None
    if referral is None:
        audit.record("phone_in_not_found", by=by)
        raise InvalidInput.in_fields(
            {
                "reference": _(
                    "No referral of yours has this reference with this word. Ask them to read both again."
                )
            }
        )
    audit.record("phone_in", by=by, subject=referral)
    return referral
