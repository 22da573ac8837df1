"""The person's own team is asked to check a number or an address: it is about no referral, and ends with none."""

from accounts import clock
from accounts.wording import gettext_lazy as _
from people.models import ServiceUser
from referrals import doubts, reach
from referrals.followup import add_working_days
from referrals.models import BatchLetter, FollowUp, Reminder
from referrals.obligations.owed import Kind, owe

WITHIN = 2
"""Working days."""


def doubt(reminder: Reminder, reason: str) -> None:
    """What a carrier says of a message is about its number or address. A letter of a run that came back is asked
    about by whoever opens it, who knows why it came."""
    person, key = reminder.service_user, f"reminder:{reminder.pk}"
    if reminder.channel == "text" and reason == "bad_address":
        doubt_number(person, key=key)
    of_a_run = BatchLetter.objects.filter(reminder=reminder, status=BatchLetter.Status.POSTED)
    if reminder.channel == "letter" and reason == "returned" and not of_a_run.exists():
        doubt_address(person, key=key)


def doubt_number(person: ServiceUser, *, key: str) -> None:
    """`key` names the call or the message; the same number is asked about once at a time."""
    about = doubts.about_number([person]).filter(done_at=None)
    if not person.phone or about.exclude(key__startswith=doubts.SHARED).exists():
        return
    _ask(Kind.CHECK_NUMBER, person, key, person.phone, _(
        "The phone number does not reach the person: check it with them before anybody rings or texts it."
    ))  # fmt: skip


def doubt_whose_phone(person: ServiceUser, *, key: str) -> None:
    if not person.phone or doubts.about_number([person]).filter(done_at=None).exists():
        return
    _ask(Kind.CHECK_NUMBER, person, f"{doubts.SHARED}{key}", person.phone, _(
        "Somebody else answered the phone: ask the person whether it is theirs. No texts go to it until then."
    ))  # fmt: skip


def doubt_address(person: ServiceUser, *, key: str) -> None:
    to = reach.recorded_address(person, "letter")
    asked = FollowUp.objects.open().filter(kind=Kind.CHECK_ADDRESS, service_user=person, details=to)
    if not to or asked.exists():
        return
    _ask(Kind.CHECK_ADDRESS, person, key, to, _(
        "A letter came back: check the address with the person before another one goes."
    ))  # fmt: skip


def _ask(kind: str, person: ServiceUser, key: str, to: str, what: str) -> None:
    owe(
        kind=kind,
        key=key,
        service_user=person,
        referral=None,
        team=person.team,
        what=what,
        due_on=add_working_days(clock.today(), WITHIN),
        details=to,
    )
