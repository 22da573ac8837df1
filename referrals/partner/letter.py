"""The letter to a provider that has no e-mail: that there is a referral, of which kind, and whom to ring.

Nothing on it is of the person: no name, no need, no goal, no free text. An envelope to an organisation is opened
by anybody, and lies about; who rings and says reference and word hears the rest.
"""

from pathlib import Path
from typing import Any

from django.utils.formats import date_format

from accounts import clock
from accounts.wording import gettext_lazy as _
from people.london import london_day
from referrals.models import Referral
from referrals.partner import letters
from referrals.partner.references import in_words, reference_of
from referrals.printing import paper

TEMPLATE = Path(__file__).with_name("letter.typ")


def pdf(referral: Referral) -> bytes:
    """Raises CannotPrint for a character that no font has."""
    return paper.typeset(content(referral), TEMPLATE)


def content(referral: Referral) -> dict[str, Any]:
    """All that is on the paper."""
    reference, number = reference_of(referral), letters.phone_to_ring(referral)
    said = {
        "sender": letters.sender_of(referral),
        "provider": referral.provider,
        "offer": referral.offer,
        "kind": letters.kind_of(referral),
        "number": number,
        "day": date_format(referral.due_on, "j F Y") if referral.due_on else "",
    }
    return {
        "address": _address(referral),
        "from": [letters.sender_of(referral)],
        "date": date_format(london_day(clock.now()), "j F Y"),
        "title": str(_("A referral for you")),
        "paragraphs": [
            _("We would like to refer somebody to %(provider)s.") % said,
            _("What for: %(offer)s (%(kind)s).") % said,
            _("Please ring us. We tell you more on the phone, and write down what you decide.") % said,
            *([_("Please ring by %(day)s.") % said] if said["day"] else []),
        ],
        "lines": [
            [str(_("Ring")), number or str(_("the number that you have for us"))],
            [str(_("Reference")), in_words(reference.code)],
            [str(_("Word")), reference.word],
        ],
        "after": str(_("Say the reference and the word when you ring. Keep this letter until you have answered.")),
    }


def _address(referral: Referral) -> list[str]:
    """The provider, and where its place is known, that."""
    place = referral.offer.location
    lines = [str(referral.provider)]
    if place is not None:
        lines += [place.name, *place.address.splitlines(), place.postcode]
    return list(dict.fromkeys(line.strip() for line in lines if line.strip()))
