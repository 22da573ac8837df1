"""A provider hears when contact with the person has to end or wait, and when it may go on.

The team that works the referral here sees it among what it owes, and says so with one press. A provider without an
account is mailed, in words that name nobody, and rung until it says that it knows.
"""

from dataclasses import dataclass

from django.db.models import QuerySet

from accounts import clock
from accounts.models import Membership, Team
from accounts.wording import gettext_lazy as _
from people.models import ServiceUser
from referrals import obligations
from referrals.lifecycle import OPEN, Side, Status
from referrals.models import FollowUp, Referral, ReferralEvent
from referrals.partner import letters
from referrals.partner.contacts import email_of, has_account
from referrals.partner.telling import mail, ring

Kind = FollowUp.Kind
HEARD_BY = (Kind.FOR_PROVIDER, Kind.RING_PROVIDER)
WITH_PROVIDER = sorted(status.value for status in OPEN - {Status.DRAFT, Status.DECLINED})


@dataclass(frozen=True)
class News:
    name: str
    """How the keys of what is owed about it begin."""
    seen: str
    ring: str
    mail: letters.Words

    @property
    def prefix(self) -> str:
        return f"{self.name}:"


OVER = News(
    "over",
    _("This has ended. No contact with the person any more, and notes destroyed."),
    _(
        "Referral %(reference)s is over. Ring %(provider)s (%(number)s): no contact any more, and notes "
        "destroyed. Done once they say so."
    ),
    letters.over,
)
DIED = News(
    "died",
    _("The person has died. No contact, and nothing sent. Whoever referred ends this."),
    _(
        "Referral %(reference)s: the person has died. Ring %(provider)s (%(number)s): no contact. Done once they "
        "know."
    ),
    letters.no_contact,
)
PAUSED = News(
    "pause",
    _("Contact with the person is paused. No contact until we say that it goes on. The place is kept."),
    _(
        "Referral %(reference)s: contact is paused. Ring %(provider)s (%(number)s): no contact until we say that "
        "it goes on; the place is kept. Done once they know."
    ),
    letters.no_contact,
)
GOES_ON = News(
    "goes_on",
    _("Contact with the person may go on, in the ways that their page says."),
    _("Referral %(reference)s: contact may go on. Ring %(provider)s (%(number)s) and say so."),
    letters.contact_goes_on,
)
WHILE_OPEN = (DIED, PAUSED, GOES_ON)
"""What no step of the referral settles but its end."""

ENDS_FOR_THEM = frozenset({"withdraw", "cancel", "mark_error"})
"""Ends that the provider has no hand in. A close is one where it says that the person died."""


def tell(referral: Referral, news: News, about: str, by: Membership | None = None) -> None:
    """Once for `about`; not where the provider's own team has done it."""
    team, key = referral.provider_team, news.prefix + about
    if by is not None and team is not None and by.team_id == team.pk:
        return
    if team is not None and has_account(referral):
        _to_team(referral, team, key, news)
        return
    if address := email_of(referral):
        mail(referral, f"partner-{key}", address, news.mail)
    ring(referral, key, news.ring)


def _to_team(referral: Referral, team: Team, key: str, news: News) -> None:
    obligations.owe(
        kind=Kind.FOR_PROVIDER,
        key=key,
        service_user=referral.service_user,
        referral=referral,
        team=team,
        what=str(news.seen),
        due_on=clock.today(),
    )


def knows(referral: Referral, *, before: ReferralEvent | None = None) -> bool:
    """It works the referral here; or it has opened the link or answered, be it by phone."""
    events = referral.events.exclude(pk=before.pk) if before else referral.events
    opened = referral.partner_links.filter(opened_at__isnull=False).exists()
    return has_account(referral) or opened or events.filter(side=Side.PROVIDER).exists()


def forget(referral: Referral) -> None:
    """After a step: what it settles nobody needs to say any more; after an end, nothing of what came before it."""
    owed = FollowUp.objects.filter(referral=referral, kind__in=HEARD_BY)
    if referral.status in WITH_PROVIDER:
        for news in WHILE_OPEN:
            owed = owed.exclude(key__startswith=news.prefix)
    obligations.close(owed, "moved_on")


def tell_it_is_over(referral: Referral, step: str, by: Membership | None) -> None:
    last = referral.events.order_by("-id").first()
    if last is None or not (step in ENDS_FOR_THEM or last.evidence.get("outcome") == DIED.name):
        return
    if _must_hear(referral, last):
        tell(referral, OVER, f"{referral.pk}:{referral.version}", by)


def _must_hear(referral: Referral, last: ReferralEvent) -> bool:
    """Of the wrong person each hears that it was ever sent to."""
    if last.evidence.get("wrong_person"):
        return referral.events.exclude(pk=last.pk).filter(to_status=Status.SENT).exists()
    return last.from_status in WITH_PROVIDER and knows(referral, before=last)


# --- A death that another referral ended with ---------------------------------------------------------------


def tell_of_death(person: ServiceUser, event: ReferralEvent, by: Membership | None) -> None:
    """Everybody who helps them, not only whoever heard of it."""
    for referral in _with_providers(person).exclude(pk=event.referral_id):
        if knows(referral):
            tell(referral, DIED, f"{referral.pk}:{event.pk}", by)


def take_death_back(person: ServiceUser) -> None:
    """It was a mistake. Whoever was told hears that contact may go on, unless it is paused."""
    told = FollowUp.objects.filter(service_user=person, kind__in=HEARD_BY, key__startswith=DIED.prefix)
    for referral in _with_providers(person).filter(pk__in=told.values("referral")):
        for row in told.filter(referral=referral):
            unsay(row, referral, "recorded_in_error")


def unsay(row: FollowUp, referral: Referral, result: str) -> None:
    """What `row` told holds no more. A team that has not seen it yet need not; an e-mail may have been read."""
    unseen = obligations.close(FollowUp.objects.filter(pk=row.pk), result)
    if referral.service_user.paused_at or (unseen and row.kind == Kind.FOR_PROVIDER):
        return
    tell(referral, GOES_ON, row.key.partition(":")[2])


def _with_providers(person: ServiceUser) -> QuerySet[Referral, Referral]:
    rows = Referral.objects.filter(service_user=person, status__in=WITH_PROVIDER)
    return rows.select_related(*RELATED)


RELATED = ("provider_team", "provider", "offer", "referring_team__organisation", "service_user")
