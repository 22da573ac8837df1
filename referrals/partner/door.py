"""In front of the door: asking for a code and entering it. What works and what does not look and take the same.

Every press leaves the same row, whatever stands in the address. A code is made and sent by a worker that finds
the row; entering one runs the same statements for a link that never was.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.db.models.query import QuerySet

from accounts import audit, clock, set_aside
from accounts.ids import new_id
from accounts.set_aside import What as Job
from referrals import doorbell
from referrals.mail import queue_mail
from referrals.models import PartnerCode, PartnerLink, PartnerTry
from referrals.partner import letters, telling
from referrals.partner.links import stop, why_shut
from referrals.partner.signing import address_digest, code_digest, digest, is_code, new_code

HOLDS = timedelta(minutes=letters.MINUTES)
TRIES = 5
"""Of one code."""
ADDRESS_TRIES, ADDRESS_WHILE = 40, timedelta(minutes=10)
LINK_TRIES, LINK_WHILE = 20, timedelta(hours=24)
"""Codes entered at one link: of a million codes, a guesser gets at so many a day."""
LINK_ASKS, ASKS_WHILE = 4, timedelta(minutes=15)
KEPT = timedelta(days=1)
What = PartnerTry.What


def is_too_many(address: str) -> bool:
    """So many presses from one address, at whichever links."""
    recent = PartnerTry.objects.filter(address=address_digest(address), at__gt=clock.now() - ADDRESS_WHILE)
    return recent.count() >= ADDRESS_TRIES


@transaction.atomic
def ask(*, token: str, address: str) -> None:
    """A code is wanted for what stands in the address, whether that is a link or not."""
    _note(What.ASK, token, address)
    doorbell.ring_on_commit(doorbell.ANSWER_PARTNERS)


def _note(what: str, token: str, address: str) -> PartnerTry:
    return PartnerTry.objects.create(
        link=digest(token), address=address_digest(address), what=what, at=clock.now()
    )


# --- Answering: by a worker --------------------------------------------------------------------------------


def answer_asked(limit: int = 200) -> int:
    """Sends a code for each press that asked for one at a link that opens; how many presses were dealt with."""
    waiting = PartnerTry.objects.filter(what=What.ASK, answered_at=None).order_by("id")[:limit]
    mine = [one for one in waiting if _take(one)]
    return set_aside.each(Job.PARTNER, mine, _answer)


def _take(one: PartnerTry) -> bool:
    """False where another worker has it. Marked before it is answered: one that makes trouble is not the first in
    line again, and whoever pressed can press once more."""
    return PartnerTry.objects.filter(pk=one.pk, answered_at=None).update(answered_at=clock.now()) == 1


def _answer(one: PartnerTry) -> bool:
    link = _links().filter(digest=one.link).first()
    if link is None or clock.now() - one.at >= HOLDS or _asks(one) > LINK_ASKS:
        return True
    if why := why_shut(link, clock.now()):
        stop(link=link, why=why)
    else:
        _send_code(link)
    return True


def note_refused(limit: int = 200) -> int:
    """Writes down the codes that did not open a link that there is, and asks its team to ring where it is locked.

    Here, not at the press: what was entered at no link must take as long.
    """
    waiting = PartnerTry.objects.filter(what=What.ENTER, answered_at=None).order_by("id")[:limit]
    mine = [one for one in waiting if _take(one)]
    return set_aside.each(Job.PARTNER, mine, _refused)


def _refused(one: PartnerTry) -> bool:
    link = _links().filter(digest=one.link).first()
    if link is None:
        return True
    _audit("partner_code_refused", link)
    tries = PartnerTry.objects.filter(
        link=one.link, what=What.ENTER, id__lte=one.pk, at__gt=one.at - LINK_WHILE
    ).count()
    if tries >= LINK_TRIES and not why_shut(link, clock.now()):
        telling.ring_about_lock(link)
    return True


def _asks(one: PartnerTry) -> int:
    """How often a code was asked for at this link lately, up to and with this press."""
    earlier = PartnerTry.objects.filter(link=one.link, what=What.ASK, id__lte=one.pk, at__gt=one.at - ASKS_WHILE)
    return earlier.count()


def _links() -> QuerySet[PartnerLink]:
    return PartnerLink.objects.select_related(
        "referral__offer__location",
        "referral__provider",
        "referral__service_user__organisation",
        "referral__referring_team__organisation",
    )


def _send_code(link: PartnerLink) -> None:
    """The newest code is the one that counts."""
    code, pk = new_code(), new_id()
    row = PartnerCode.objects.create(pk=pk, link=link, digest=code_digest(pk, code), made_at=clock.now())
    subject, body = letters.code_message(code)
    queue_mail(
        key=f"partner-code:{row.pk}",
        to=link.sent_to,
        subject=subject,
        body=body,
        team=link.referral.referring_team,
        referral=link.referral,
        secret=True,
        while_open=True,
        fixed=True,
        useful_until=row.made_at + HOLDS,
    )
    _audit("send_partner_code", link)


def forget_tries() -> int:
    """Presses that no limit counts any more; how many."""
    return PartnerTry.objects.filter(at__lt=clock.now() - KEPT).delete()[0]


# --- Entering ----------------------------------------------------------------------------------------------


@transaction.atomic
def enter(*, token: str, address: str, code: str) -> PartnerCode | None:
    """The code, used up, if it opens the link; None otherwise, and nobody is told why."""
    press = _note(What.ENTER, token, address)
    known, now = digest(token), clock.now()
    tries = PartnerTry.objects.filter(link=known, what=What.ENTER, at__gt=now - LINK_WHILE).count()
    newest = PartnerCode.objects.filter(link__digest=known).order_by("-id").values("pk")[:1]
    open_now = PartnerCode.objects.filter(pk__in=newest, used_at=None, tries__lt=TRIES, made_at__gt=now - HOLDS)
    counted = open_now.update(tries=F("tries") + 1)
    row = PartnerCode.objects.select_related("link").filter(link__digest=known).order_by("-id").first()
    right = is_code(row.pk if row else new_id(), code, row.digest if row else "")
    if not (row and counted and right and tries <= LINK_TRIES):
        return None
    opened = _let_in(row)
    if opened:
        PartnerTry.objects.filter(pk=press.pk).update(answered_at=now)
    return opened


def _let_in(row: PartnerCode) -> PartnerCode | None:
    now = clock.now()
    link = _links().get(pk=row.link_id)
    if why_shut(link, now) or not PartnerCode.objects.filter(pk=row.pk, used_at=None).update(used_at=now):
        return None
    PartnerLink.objects.filter(pk=link.pk, opened_at=None).update(opened_at=now)
    _audit("open_partner_link", link)
    return row


def _audit(action: str, link: PartnerLink) -> None:
    organisation = link.referral.referring_team.organisation
    audit.record(action, by=None, subject=link.referral, organisation=organisation, **link.holder)
