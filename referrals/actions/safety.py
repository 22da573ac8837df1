"""Before a person is let go as out of reach, a clinician who knows them is asked: is there any safety concern?"""

from django.db import transaction

from accounts import audit, clock
from accounts.errors import InvalidInput, NotAllowed, NotPossibleNow
from accounts.models import Membership
from accounts.permissions import Role
from accounts.wording import gettext_lazy as _
from referrals import obligations
from referrals.actions.recording import Source, record
from referrals.followup import Clock, add_working_days, clock_days
from referrals.gathering import ANSWERED_SAFETY, ASKED_SAFETY, open_safety_question
from referrals.lifecycle import STEPS
from referrals.models import FollowUp, Referral
from referrals.standing import Standing, standing, working


def may_ask_safety(referral: Referral, me: Standing) -> bool:
    """The provider, while it tries to reach the person, and nobody has been asked yet."""
    in_time = referral.status in STEPS["could_not_reach"].sources
    return me.speaks_for_provider and in_time and open_safety_question(referral) is None


@transaction.atomic
def ask_safety(
    *, referral: Referral, clinician: Membership, by: Membership, source: str = Source.SCREEN
) -> FollowUp:
    """The question, owed to the person by the clinician's team until it is answered. Asked once at a time."""
    me = working(referral, by)
    if not me.speaks_for_provider:
        raise NotAllowed(_("The provider asks this, when it cannot reach the person."))
    if open_safety_question(referral):
        raise NotPossibleNow(_("This has been asked already, and waits for its answer."), state=referral.status)
    if not may_ask_safety(referral, me):
        raise NotPossibleNow(
            _("This is asked while the provider tries to reach the person."), state=referral.status
        )
    if clinician not in clinicians_of(referral):
        raise InvalidInput.in_fields({"clinician": _("Choose a clinician of the team that referred.")})
    event = record(
        referral=referral,
        step=ASKED_SAFETY,
        to_status=referral.status,
        by=by,
        side=me.side,
        source=source,
        evidence={"clinician": clinician, "clinician_name": clinician.user.name},
    )
    return _owe(referral, event.pk, clinician)


def clinicians_of(referral: Referral) -> list[Membership]:
    """Who may be asked: those of the referring team who work there now, by name."""
    team = Membership.objects.current().filter(team=referral.referring_team_id, role=Role.CLINICIAN)
    return list(team.select_related("user", "team").order_by("user__name", "pk"))


def _owe(referral: Referral, event_id: int, clinician: Membership) -> FollowUp:
    within = clock_days(Clock.SAFETY_ANSWER, referral.referring_team.organisation.clocks)
    return obligations.owe(
        kind=FollowUp.Kind.SAFETY_QUESTION,
        key=f"event:{event_id}",
        service_user=referral.service_user,
        referral=referral,
        team=referral.referring_team,
        what=_("%(clinician)s: %(provider)s cannot reach the person. Is there any safety concern?")
        % {"clinician": clinician.user.name[:80], "provider": str(referral.provider)[:100]},
        due_on=add_working_days(clock.today(), within),
    )


@transaction.atomic
def answer_safety(
    *, follow_up: FollowUp, answer: str, by: Membership, words: str = "", source: str = Source.SCREEN
) -> None:
    """By a clinician of the team that was asked: whoever covers for the one who was named may answer for them.

    Their words stay with their own team; the provider learns the answer alone.
    """
    if by.role != Role.CLINICIAN or by.team_id != follow_up.team_id or follow_up.referral is None:
        raise NotAllowed(_("Only a clinician of the team that was asked can answer this."))
    obligations.settle(follow_up=follow_up, result=answer, by=by, words=words)
    referral = follow_up.referral
    record(
        referral=referral,
        step=ANSWERED_SAFETY,
        to_status=referral.status,
        by=by,
        side=standing(referral, by).side,
        source=source,
        evidence={"safety_answer": answer, "answered_by": by},
    )
    if answer == "concern_taken_on":
        audit.record("safety_concern_taken_on", by=by, subject=referral)
        _owe_check(follow_up)


def _owe_check(question: FollowUp) -> None:
    """Taken on is not yet seen to: it stays with the clinicians when the referral ends, as it is about to."""
    obligations.owe(
        kind=FollowUp.Kind.CLINICIAN_CHECK,
        key=f"safety:{question.pk}",
        service_user=question.service_user,
        referral=question.referral,
        team=question.team,
        what=_("A safety concern was taken on: check on the person."),
        due_on=add_working_days(clock.today(), 1),
    )
