"""Numbers and addresses of which nobody knows whether they are the person's: nothing goes there meanwhile.

A doubt is about the number or address itself, kept in the follow-up that asks: once the record holds another one
there is none.
"""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import F, Q, QuerySet

from people.models import ServiceUser
from referrals.models import BatchLetter, FollowUp

NUMBER_RIGHT, ADDRESS_RIGHT = "number_right", "address_right"
SHARED = "shared:"
"""How the key of a doubt begins where somebody else answered: one may ring, as before, but a text says its piece
to whoever holds the phone."""


def about_number(people: Iterable[ServiceUser]) -> QuerySet[FollowUp]:
    """Asked about the number that is on the record now, and not answered with "it is right"."""
    asked = FollowUp.objects.filter(kind=FollowUp.Kind.CHECK_NUMBER, service_user__in=people)
    return asked.filter(details=F("service_user__phone")).exclude(details="").exclude(result=NUMBER_RIGHT)


def not_to_be_rung(people: Iterable[ServiceUser]) -> set[UUID]:
    wrong = about_number(people).exclude(key__startswith=SHARED)
    return set(wrong.values_list("service_user", flat=True))


def asked_about_address(people: Iterable[ServiceUser]) -> set[UUID]:
    """Whose address may be in doubt: nobody else's is, so that a long list asks once."""
    asked = FollowUp.objects.filter(kind=FollowUp.Kind.CHECK_ADDRESS, service_user__in=people)
    return set(asked.exclude(result=ADDRESS_RIGHT).values_list("service_user", flat=True))


def is_address_in_doubt(service_user_id: UUID, to: str) -> bool:
    """A letter to this very address came back as not known or gone away, and nobody has said that it is right."""
    asked = FollowUp.objects.filter(kind=FollowUp.Kind.CHECK_ADDRESS, service_user=service_user_id)
    doubts = dict(asked.exclude(result=ADDRESS_RIGHT).values_list("key", "details"))
    if not doubts or to in doubts.values():
        return bool(doubts)
    theirs = Q(reminder__service_user=service_user_id) | Q(reminder__service_user__merged_into=service_user_id)
    came_back = BatchLetter.objects.filter(theirs, to=to, returned_reason__in=BatchLetter.DOUBTFUL)
    return any(f"letter:{pk}" in doubts for pk in came_back.values_list("pk", flat=True))


def is_in_doubt(service_user: ServiceUser, channel: str, to: str) -> bool:
    """`to`: as the record has it. An e-mail address is nobody's to check here."""
    if channel == "text":
        return about_number([service_user]).exists()
    return channel == "letter" and is_address_in_doubt(service_user.pk, to)
