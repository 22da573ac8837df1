"""What is written to a provider without an account: never who the referral is about, nor anything of their life.

E-mail is read on the way and by whoever shares the mailbox; paper lies on a counter. Both say that there is a
referral, of which kind, and how to get at it.
"""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.urls import reverse

from accounts.wording import gettext_lazy as _
from directory import kinds
from people.london import in_london
from referrals.models import PartnerReference, Referral
from referrals.partner.references import in_words

MINUTES = 15
Words = Callable[[PartnerReference], tuple[str, str]]


def kind_of(referral: Referral) -> str:
    return str(kinds.TITLES.get(referral.kind, referral.kind))


def sender_of(referral: Referral) -> str:
    return f"{referral.referring_team}, {referral.referring_team.organisation}"


def phone_to_ring(referral: Referral) -> str:
    team = referral.referring_team
    return team.phone or team.organisation.phone


def invitation(
    referral: Referral, token: str, reference: PartnerReference, expires_at: datetime
) -> tuple[str, str]:
    """Subject and text. A link for one referral; and for whoever would rather ring, the number."""
    said = {
        "sender": sender_of(referral),
        "provider": referral.provider,
        "offer": referral.offer,
        "kind": kind_of(referral),
        "link": settings.PUBLIC_URL + reverse("partner:door", args=[token]),
        "day": f"{in_london(expires_at):%-d %B %Y}",
        "reference": in_words(reference.code),
        "word": reference.word,
    }
    subject = _("A referral for %(provider)s, reference %(reference)s") % said
    body = (
        _(
            "%(sender)s would like to refer somebody to %(provider)s.\n\n"
            "What for: %(offer)s (%(kind)s).\n\n"
            "To read it and to answer, open this link. It asks for a code, which comes to this address when "
            "you ask for it. You need no account.\n\n%(link)s\n\n"
            "Please answer before %(day)s, when the link stops. Do not pass it on: it is for your own use.\n\n"
            "Reference: %(reference)s\nWord: %(word)s\n"
        )
        % said
    )
    return subject[:150], body + _by_phone(referral)


def answer_waits(reference: PartnerReference) -> tuple[str, str]:
    return _about(
        reference,
        _("An answer waits for you, reference %(reference)s"),
        _(
            "You asked a question about referral %(reference)s. The answer waits for you.\n\n"
            "Open the link in the email that we sent before, or ring us.\n"
        ),
    )


def over(reference: PartnerReference) -> tuple[str, str]:
    return _about(
        reference,
        _("Referral %(reference)s is over"),
        _(
            "Referral %(reference)s is over. Please do not contact the person any more, and "
            "destroy your notes.\n\n"
            "We will ring you to make sure that you know.\n"
        ),
    )


def no_contact(reference: PartnerReference) -> tuple[str, str]:
    return _about(
        reference,
        _("Referral %(reference)s: no contact, please"),
        _(
            "Please do not contact the person of referral %(reference)s until we have spoken. "
            "The place is kept.\n\n"
            "We will ring you.\n"
        ),
    )


def contact_goes_on(reference: PartnerReference) -> tuple[str, str]:
    return _about(
        reference,
        _("Referral %(reference)s: contact may go on"),
        _("You may contact the person of referral %(reference)s again. We will ring you as well.\n"),
    )


def _about(reference: PartnerReference, subject: str, body: str) -> tuple[str, str]:
    said = {"reference": in_words(reference.code)}
    return str(subject % said), str(body % said)


def _by_phone(referral: Referral) -> str:
    number = phone_to_ring(referral)
    if not number:
        return ""
    return "\n" + _("Would you rather ring? %(number)s. Say the reference and the word.\n") % {"number": number}


def code_message(code: str) -> tuple[str, str]:
    """Subject and text: the code and how long it holds, and no word of what it opens."""
    subject = _("Your code")
    body = _(
        "Your code is %(code)s\n\nIt works once, for %(minutes)s minutes. "
        "If you did not ask for it, you need do nothing.\n"
    ) % {"code": code, "minutes": MINUTES}
    return str(subject), body
