"""The one write path of incidents: what went wrong is written down once, and its team is asked to put it right."""

from datetime import date

from django.db import transaction

from accounts import audit, clock
from accounts.errors import InvalidInput, NotPossibleNow
from accounts.ids import new_id
from accounts.models import Membership
from accounts.wording import gettext_lazy as _
from people.facts import words
from people.models import ServiceUser
from referrals import obligations
from referrals.followup import Clock, add_working_days, clock_days
from referrals.lifecycle import Status
from referrals.models import FollowUp, Incident, Referral
from referrals.standing import working
from screening.models import Screening

LONGEST = 2000


def record_incident(
    *,
    service_user: ServiceUser,
    kind: str,
    what: str,
    by: Membership,
    done: str = "",
    happened_on: date | None = None,
    referral: Referral | None = None,
) -> Incident:
    """Told by staff, of either side where it came to light in a referral. `happened_on` None: not known."""
    wrong = {}
    if kind not in Incident.Kind:
        wrong["kind"] = _("Choose what went wrong.")
    if happened_on is not None and happened_on > clock.today():
        wrong["happened_on"] = _("The day cannot be in the future.")
    if not (what := words("what", what, LONGEST)):
        wrong["what"] = _("Say what happened.")
    if wrong:
        raise InvalidInput.in_fields(wrong)
    if referral is not None:
        _check_standing(referral, by)
    return _write(
        Incident(
            service_user=service_user,
            referral=referral,
            kind=kind,
            what=what,
            done=words("done", done, LONGEST),
            happened_on=happened_on,
            recorded_by=by,
        )
    )


def _check_standing(referral: Referral, by: Membership) -> None:
    working(referral, by)
    if referral.status == Status.ENTERED_IN_ERROR:
        raise NotPossibleNow(
            _("This referral was made in error. Record it from the person’s page."), state=referral.status
        )


def record_from_review(*, screening: Screening, kind: str, by: Membership) -> Incident:
    """What the person ticked in a review; when and how it happened their team asks them."""
    incident = Incident(service_user=screening.service_user, screening=screening, kind=kind, recorded_by=by)
    return _write(incident)


@transaction.atomic
def _write(incident: Incident) -> Incident:
    incident.id = new_id()
    incident.follow_up = _owe(incident)
    incident.save(force_insert=True)
    audit.record(
        "record_incident",
        by=incident.recorded_by,
        subject=incident,
        organisation=incident.service_user.organisation,
        from_review=incident.screening_id is not None,
    )
    return incident


def _owe(incident: Incident) -> FollowUp:
    """By the person's own team, as fast as it answers a question about safety. It says nothing of what happened:
    that stands on the incident's page, for whoever may read it."""
    team = incident.service_user.team
    days = clock_days(Clock.SAFETY_ANSWER, team.organisation.clocks)
    return obligations.owe(
        kind=FollowUp.Kind.INCIDENT,
        key=f"incident:{incident.pk}",
        service_user=incident.service_user,
        referral=None,
        team=team,
        what=_("Something went wrong for the person. Read it, talk with them, and see that it is put right."),
        due_on=add_working_days(clock.today(), days),
    )
