"""Something owed to a person lies undone: at twice its time a coordinator is asked about it, then the admin.

The one who is asked is not whoever has it already. Who asks keeps the key of what it is about: `owed:<its id>`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

from django.db.models import Exists, OuterRef, Q
from django.utils.formats import date_format

from accounts import set_aside
from accounts.models import Membership, Team
from accounts.permissions import Role
from accounts.set_aside import What
from accounts.wording import gettext_lazy as _
from people.london import london_day
from referrals import obligations
from referrals.followup import Clock, Escalation, add_working_days, clock_days, escalation
from referrals.models import FollowUp
from referrals.models.contact import FollowUpQuerySet

Kind = FollowUp.Kind
ASKED = {Escalation.COORDINATOR: Kind.COORDINATE, Escalation.ADMIN: Kind.STUCK}
WAITS_WITH_THE_PERSON = {
    Kind.TELL_PERSON,
    Kind.MESSAGE_FAILED,
    Kind.NOT_KNOWN,
    Kind.ASK_WHAT_GOT_IN_THE_WAY,
    Kind.CLINICIAN_CHECK,
    Kind.LOAN_ENDS,
    Kind.CHOOSE_WAY,
}
"""To be done with the person: while contact is paused nobody is pressed to do it."""
OWED = WAITS_WITH_THE_PERSON | {
    Kind.CHECK_ADDRESS,
    Kind.LETTERS_WAITING,
    Kind.MAIL_FAILED,
    Kind.OFFER_ENDED,
    Kind.PAUSE_REVIEW,
    Kind.RING_PROVIDER,
    Kind.FOR_PROVIDER,
    Kind.SAFETY_QUESTION,
    Kind.DRAFT_DELETED,
    Kind.INCIDENT,
}
"""Reviews have windows of weeks, and a referral's own clock presses for the rest."""
LIMIT = 1000
BATCH = 300
RELATED = (
    "team__organisation",
    "service_user__team__organisation",
    "referral__referring_team__organisation",
    "referral__offer",
)


@dataclass(frozen=True)
class _Asking:
    """`asked`: the row of an earlier time, which is opened again."""

    owed: FollowUp
    level: Escalation
    team: Team
    asked: FollowUp | None

    @property
    def pk(self) -> object:
        return self.owed.pk


def ask_about_owed(today: date) -> int:
    """How many were asked, asked again, or need not be any more."""
    return _close_done() + set_aside.each(
        What.CLOCK,
        islice(_to_ask(today), LIMIT),
        lambda one: _ask(one, today),
        organisation_id=lambda one: one.team.organisation_id,
    )


def _asks() -> FollowUpQuerySet:
    return FollowUp.objects.filter(kind__in=ASKED.values(), key__startswith="owed:")


def _close_done() -> int:
    """What was asked about is settled."""
    closed = 0
    waiting = _asks().open().values_list("pk", "key").iterator(chunk_size=BATCH)
    while batch := list(islice(waiting, BATCH)):
        about = {pk: key.removeprefix("owed:") for pk, key in batch}
        owed = FollowUp.objects.open().filter(pk__in=about.values()).values_list("pk", flat=True)
        still = {str(pk) for pk in owed}
        done = [pk for pk, key in about.items() if key not in still]
        closed += obligations.close(_asks().filter(pk__in=done), "settled")
    return closed


def _to_ask(today: date) -> Iterator[_Asking]:
    """Two queries for each few hundred that are late."""
    rows = _late(today).iterator(chunk_size=BATCH)
    while batch := list(islice(rows, BATCH)):
        asks = FollowUp.objects.filter(kind__in=ASKED.values(), key__in=[f"owed:{one.pk}" for one in batch])
        known = {(row.kind, row.key): row for row in asks}
        for owed in batch:
            level, team = _level(owed, today), _coordinators(owed)
            if level is Escalation.COORDINATOR and not _has_workers(owed):
                level = Escalation.ADMIN
            if level not in ASKED or _is_held(owed, today):
                continue
            asked = known.get((ASKED[level], f"owed:{owed.pk}"))
            if asked is None or _is_asked_again(asked, owed, today):
                yield _Asking(owed, level, team, asked)


def _late(today: date) -> FollowUpQuerySet:
    """Past its day; where nobody works in the team any more, also what falls due soon."""
    workers = Membership.objects.current().exclude(role=Role.ADMIN)
    soon = add_working_days(today, clock_days(Clock.TELL_PERSON))
    rows = FollowUp.objects.open().filter(kind__in=OWED).exclude(pk__in=set_aside.resting(What.CLOCK))
    rows = rows.annotate(
        team_works=Exists(workers.filter(team=OuterRef("team"))),
        referrer_works=Exists(workers.filter(team=OuterRef("referral__referring_team"))),
        home_works=Exists(workers.filter(team=OuterRef("service_user__team"))),
    )
    late = Q(due_on__lt=today) | Q(team_works=False, due_on__lte=soon)
    return rows.filter(late).select_related(*RELATED).order_by("due_on", "id")


def _level(owed: FollowUp, today: date) -> Escalation:
    level = escalation(owed.due_on, today, _days(owed))
    if not owed.team_works and level is not Escalation.ADMIN:  # type: ignore[attr-defined]  # annotated by _late
        return Escalation.COORDINATOR
    return level


def _days(owed: FollowUp) -> int:
    return clock_days(Clock.TELL_PERSON, owed.team.organisation.clocks)


def _coordinators(owed: FollowUp) -> Team:
    return owed.referral.referring_team if owed.referral else owed.service_user.team


def _has_workers(owed: FollowUp) -> bool:
    """Of the team that would be asked: annotated on the row, as `team_works` is."""
    return bool(owed.referrer_works if owed.referral else owed.home_works)  # type: ignore[attr-defined]


def _is_held(owed: FollowUp, today: date) -> bool:
    """A pause that is itself overdue holds nothing back."""
    review_on = owed.service_user.pause_review_on
    return review_on is not None and today <= review_on and owed.kind in WAITS_WITH_THE_PERSON


def _is_asked_again(asked: FollowUp, owed: FollowUp, today: date) -> bool:
    """Closed because something happened with the referral: at once. Said to be done: after a clock's length."""
    if asked.done_at is None:
        return False
    if asked.done_by_id is None:
        return True
    return today > add_working_days(london_day(asked.done_at), max(_days(owed), 1))


def _ask(one: _Asking, today: date) -> bool:
    if one.asked:
        closed = FollowUp.objects.filter(pk=one.asked.pk, done_at=one.asked.done_at)
        return bool(closed.update(done_at=None, done_by=None, result="", words="", due_on=today, team=one.team))
    obligations.owe(
        kind=ASKED[one.level],
        key=f"owed:{one.owed.pk}",
        service_user=one.owed.service_user,
        referral=one.owed.referral,
        team=one.team,
        what=_sentence(one.owed),
        due_on=today,
    )
    return True


def _sentence(owed: FollowUp) -> str:
    names = {"what": owed.get_kind_display(), "team": owed.team.name[:120], "day": date_format(owed.due_on, "j F")}
    if not owed.team_works:  # type: ignore[attr-defined]
        return _("Nobody works in %(team)s any more. See that this is done: “%(what)s”.") % names
    return _("Not done since %(day)s: “%(what)s”. Ask %(team)s, or do it yourself.") % names
