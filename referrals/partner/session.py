"""What a code has opened: one link, in one browser, while somebody is at it. No user's session is touched.

The cookie goes to the addresses under its own link and nowhere else, and says only which code was used. Everything
else is looked up at each page.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse

from accounts import audit, clock
from referrals.actions.stepping import RELATED
from referrals.models import PartnerCode, PartnerLink
from referrals.partner.links import why_shut
from referrals.partner.signing import digest, read_session, sign_session

COOKIE = "__Secure-partner" if settings.HTTPS else "partner"
IDLE, AT_MOST = timedelta(minutes=15), timedelta(hours=4)


def held(request: Any, token: str) -> PartnerLink | None:
    """The link that this browser has opened, if it still opens; else None, for whatever reason."""
    found = read_session(request.COOKIES.get(COOKIE, ""))
    if found is None:
        return None
    code, seen = found
    now = clock.now()
    used = PartnerCode.objects.filter(
        pk=code, link__digest=digest(token), used_at__gt=now - AT_MOST, ended_at=None
    ).first()
    if used is None or now - seen >= IDLE:
        return None
    link = PartnerLink.objects.select_related(*(f"referral__{name}" for name in RELATED)).get(pk=used.link_id)
    return None if why_shut(link, now) else link


def has_just_ended_by(request: Any, token: str, action: str) -> bool:
    """This browser pressed the button that ended the link, and presses it once more."""
    found = read_session(request.COOKIES.get(COOKIE, ""))
    if request.method != "POST" or found is None or clock.now() - found[1] >= IDLE:
        return False
    used = PartnerCode.objects.filter(pk=found[0], link__digest=digest(token), ended_at=None).first()
    last = used and used.link.referral.events.order_by("-id").first()
    return bool(used and last and last.link_id == used.link_id and last.step == action)


def keep(response: HttpResponse, token: str, code: UUID) -> HttpResponse:
    """The cookie, with the time of this page."""
    response.set_cookie(
        COOKIE,
        sign_session(code, clock.now()),
        path=_path(token),
        secure=settings.HTTPS,
        httponly=True,
        samesite="Strict",
    )
    return response


def keep_on(request: Any, response: HttpResponse, token: str) -> HttpResponse:
    """The idle time starts again."""
    found = read_session(request.COOKIES.get(COOKIE, ""))
    return keep(response, token, found[0]) if found else response


def forget(response: HttpResponse, token: str) -> HttpResponse:
    response.delete_cookie(COOKIE, path=_path(token), samesite="Strict")
    return response


def _path(token: str) -> str:
    return reverse("partner:door", args=[token])


@transaction.atomic
def leave(request: Any, token: str) -> None:
    """What this browser has opened is shut; a copy of the cookie opens nothing any more."""
    link, found = held(request, token), read_session(request.COOKIES.get(COOKIE, ""))
    if link and found and PartnerCode.objects.filter(pk=found[0], ended_at=None).update(ended_at=clock.now()):
        audit_look("leave_partner_link", link)


@transaction.atomic
def look(link: PartnerLink) -> None:
    """Somebody has read the referral by it."""
    PartnerLink.objects.filter(pk=link.pk).update(seen_at=clock.now())
    audit_look("view_referral", link)


def audit_look(action: str, link: PartnerLink) -> None:
    organisation = link.referral.referring_team.organisation
    audit.record(action, by=None, subject=link.referral, organisation=organisation, **link.holder)
