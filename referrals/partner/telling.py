"""What a provider without an account must hear, and who rings where an e-mail alone is not enough."""

from accounts import clock
from accounts.wording import gettext_lazy as _
from referrals import obligations
from referrals.mail import queue_mail
from referrals.models import FollowUp, PartnerLink, Referral
from referrals.partner import letters
from referrals.partner.contacts import email_of, phone_of
from referrals.partner.references import in_words, reference_of


def tell_of_answer(referral: Referral) -> None:
    """Where a link stands, its holder reads that the answer waits; else somebody rings and says it."""
    link = PartnerLink.objects.standing().filter(referral=referral).first()
    if link is not None and email_of(referral) == link.sent_to:
        mail(referral, f"partner-answer:{referral.pk}:{referral.version}", link.sent_to, letters.answer_waits)
        return
    ring(
        referral,
        f"answer:{referral.pk}:{referral.version}",
        _("%(provider)s asked about referral %(reference)s. Ring them (%(number)s) with the answer."),
    )


def ring_for_link(referral: Referral, what: str) -> None:
    """`what` may use the provider, its number and the reference."""
    ring(referral, f"referral:{referral.pk}:{referral.version}", what)


def ring_about_shut_link(link: PartnerLink) -> None:
    ring(
        link.referral,
        f"shut:{link.pk}",
        _(
            "The link of %(provider)s no longer opens. Send a new one, or ring them (%(number)s). "
            "Reference %(reference)s."
        ),
    )


def ring_about_lock(link: PartnerLink) -> None:
    ring(
        link.referral,
        f"lock:{link.pk}",
        _(
            "Too many wrong codes at the link of %(provider)s: no code opens it for a day. Ring them "
            "(%(number)s): was it them? Reference %(reference)s."
        ),
    )


def mail(referral: Referral, key: str, to: str, words: letters.Words) -> None:
    subject, body = words(reference_of(referral))
    queue_mail(
        key=key,
        to=to,
        subject=subject,
        body=body,
        team=referral.referring_team,
        referral=referral,
        fixed=True,
    )


def ring(referral: Referral, key: str, what: str) -> None:
    said = {
        "provider": str(referral.provider)[:100],
        "number": phone_of(referral) or _("no number recorded"),
        "reference": in_words(reference_of(referral).code),
    }
    obligations.owe(
        kind=FollowUp.Kind.RING_PROVIDER,
        key=key,
        service_user=referral.service_user,
        referral=referral,
        team=referral.referring_team,
        what=str(what % said)[:300],
        due_on=clock.today(),
    )
