"""Referrals' part in joining two records of one person, and in undoing it. Called by inclusion/merging only.

All that hangs on a referral by itself (events, appointments, loans, notes, attempts) goes where the referral goes.
"""

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from accounts import clock
from people import moving
from people.consenting import in_force
from people.models import Consent, ServiceUser
from people.moving import Move
from referrals.gathering import consent_for
from referrals.lifecycle import Status
from referrals.models import CallAttempt, FollowUp, GivenPlan, Incident, OutboxMessage, Referral, Reminder
from referrals.obligations.reviews import AFTER_SCREENING, SUPERSEDED, about_versions, reopen_superseded
from screening.models import NeedDecision, Screening
from screening.questionnaire import screening_ids


def open_twice(kept: ServiceUser, other: ServiceUser) -> list[Referral]:
    """Open referrals of the other record to an offer that the kept one has an open referral to."""
    ours = Referral.objects.open().filter(service_user=kept, offer=OuterRef("offer"))
    theirs = Referral.objects.open().filter(Exists(ours), service_user=other)
    return list(theirs.select_related("offer").order_by("id"))


def why_not(kept: ServiceUser, other: ServiceUser) -> list[str]:
    sentence = _("Both records have an open referral to “%(offer)s”. Cancel or withdraw one of them first.")
    return [sentence % {"offer": referral.offer.name} for referral in open_twice(kept, other)]


def no_longer_shared(kept: ServiceUser, other: ServiceUser) -> list[Referral]:
    """Referrals that are shared now and whose provider may be told nothing more once both have one consent: the
    last word counts, and what was said on either record was said by this person."""
    rows = Referral.objects.open().exclude(status=Status.DRAFT).filter(service_user__in=[kept, other])
    said = list(Consent.objects.filter(service_user__in=[kept, other]).order_by("given_at", "id"))
    return [
        referral
        for referral in rows.select_related("offer", "provider", "service_user")
        if consent_for(referral) is not None and not _may_be_told(referral, said)
    ]


def _may_be_told(referral: Referral, said: list[Consent]) -> bool:
    about = [one.statement for one in said if one.provider_id in (None, referral.provider_id)]
    return in_force(about, clock.today()) is not None


def take_over(*, kept: ServiceUser, other: ServiceUser) -> list[Move]:
    """Of two messages that left on one day the other record keeps its own: one a day a person is a constraint, and
    both are evidence. Whoever counts or shows messages looks at both records."""
    return [
        *moving.hand_over(Referral.objects.all(), of=other, to=kept),
        *moving.hand_over(FollowUp.objects.all(), of=other, to=kept),
        *moving.hand_over(Reminder.objects.exclude(_same_day_as(kept)), of=other, to=kept),
        *moving.hand_over(OutboxMessage.objects.all(), of=other, to=kept),
        *moving.hand_over(CallAttempt.objects.all(), of=other, to=kept),
        *moving.hand_over(GivenPlan.objects.all(), of=other, to=kept),
        *moving.hand_over(Incident.objects.all(), of=other, to=kept),
        *_reviews_of_the_newest(kept),
    ]


def _same_day_as(person: ServiceUser) -> Exists:
    return Exists(Reminder.objects.filter(service_user=person, sent_on=OuterRef("sent_on")))


def _reviews_of_the_newest(person: ServiceUser) -> list[Move]:
    """As after any newer screening: only the newest one's reviews are still to come."""
    newest = _newest(person)
    if newest is None:
        return []
    coming = FollowUp.objects.filter(service_user=person, kind__in=AFTER_SCREENING)
    return moving.change(
        coming.exclude(pk__in=about_versions(newest)),
        before={"done_at": None, "result": ""},
        after={"done_at": clock.now().isoformat(), "result": SUPERSEDED},
    )


def part(*, kept: ServiceUser, other: ServiceUser) -> None:
    """After the rows have gone back: what was made since about a referral, screening or decision goes with it."""
    FollowUp.objects.filter(service_user=kept, referral__service_user=other).update(service_user=other)
    made_since = Reminder.objects.filter(service_user=kept, referral__service_user=other)
    sent = [str(pk) for pk in made_since.values_list("pk", flat=True)]
    made_since.exclude(_same_day_as(other)).update(service_user=other)
    OutboxMessage.objects.filter(service_user=kept, reference__in=sent).update(service_user=other)
    _incidents_go_along(kept, other)
    for screening in Screening.objects.submitted().filter(service_user=other):
        about_versions(screening).filter(service_user=kept).update(service_user=other)
    decisions = NeedDecision.objects.filter(need__service_user=other).values_list("pk", flat=True)
    asking = FollowUp.objects.filter(kind=FollowUp.Kind.ASK_AGAIN, key__in=[f"decision:{pk}" for pk in decisions])
    asking.filter(service_user=kept).update(service_user=other)
    _reviews_again(kept)
    _reviews_again(other)


def _incidents_go_along(kept: ServiceUser, other: ServiceUser) -> None:
    """Past the guard of rows that are written once: what such a row says stays, only whose it is changes."""
    about = Q(referral__service_user=other) | Q(screening__service_user=other)
    rows = Incident._base_manager.filter(about, service_user=kept)
    FollowUp.objects.filter(incident__in=rows).update(service_user=other)
    rows.update(service_user=other)


def _reviews_again(person: ServiceUser) -> None:
    """What a screening of the other person took the place of is owed after all."""
    newest = _newest(person)
    if newest:
        reopen_superseded(newest)


def _newest(person: ServiceUser) -> Screening | None:
    """Of screenings alone: a review makes nothing owed."""
    screenings = Screening.objects.submitted().filter(service_user=person, definition__in=screening_ids())
    return screenings.order_by("-submitted_at", "-id").first()
