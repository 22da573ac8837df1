"""The table of access: what each route lets whom do, and whose object it is about.

A new route needs one line in RULES: its name, who may do what there, and which object it is about.
"""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from accounts import actions, clock
from accounts.ids import new_id
from accounts.models import Membership
from accounts.permissions import Role
from referrals import actions as referral_actions
from referrals.models import FollowUp, Loan, Reminder
from tests import factories

EVERYBODY = "clinician support_worker admin"
STAFF = "clinician admin"
CLINICIAN = "clinician"

# --- The cast and the objects that routes are about --------------------------------------------------------


@dataclass
class Cast:
    """Who tries, and what there is. Objects are made when a rule asks for them."""

    ash: Membership
    bo: Membership
    dee: Membership
    nia: Membership
    cam: Membership
    person: Any
    offer: Any

    def holder(self, role: str) -> Membership:
        """Who holds the role where the objects are: in the person's team, or at the provider."""
        return {"clinician": self.ash, "support_worker": self.bo, "admin": self.dee}[role]

    def colleague(self, role: str) -> Membership:
        """Somebody with the role in the very team, so that only the role can be what keeps them out."""
        return factories.MembershipFactory(team=self.ash.team, role=Role(role))

    def stranger(self, role: str) -> Membership:
        return factories.MembershipFactory(team=self.cam.team, role=Role(role))

    @cached_property
    def draft(self) -> Any:
        return factories.ScreeningFactory(service_user=self.person)

    @cached_property
    def need(self) -> Any:
        screening = factories.ScreeningFactory(service_user=self.person, submitted=True)
        return factories.NeedFactory(screening=screening, agreed=True)

    @cached_property
    def consent(self) -> Any:
        return factories.ConsentFactory(service_user=self.person)

    @cached_property
    def referral(self) -> Any:
        """Under way, from the person's team to Bo's."""
        return factories.ReferralFactory(active=True, service_user=self.person, offer=self.offer, worker=self.bo)

    @cached_property
    def appointment(self) -> Any:
        soon = clock.now() + datetime.timedelta(days=9)
        return referral_actions.book(referral=self.referral, starts_at=soon, where="Library", by=self.bo)

    @cached_property
    def loan(self) -> Any:
        return referral_actions.reserve_loan(
            referral=self.referral, item=Loan.Item.values[0], label="Tablet 7", by=self.bo
        )

    @cached_property
    def note(self) -> Any:
        return referral_actions.add_note(referral=self.referral, text="Came along.", by=self.bo)

    @cached_property
    def reminder(self) -> Any:
        return Reminder.objects.create(
            dedupe_key="access",
            service_user=self.person,
            referral=self.referral,
            template="accepted",
            channel="letter",
            due_at=clock.now(),
        )

    def follow_up(self, by: Membership) -> Any:
        """Owed by the team of `by`, if `by` is one of ours."""
        team = by.team if by in {self.ash, self.bo, self.dee} else self.ash.team
        return FollowUp.objects.create(
            kind=FollowUp.Kind.ASK_AGAIN,
            key=str(new_id()),
            service_user=self.person,
            referral=self.referral,
            team=team,
            what="Ask again",
            due_on=clock.today(),
        )


About = Callable[[Cast, Membership], Mapping[str, Any]]
"""The keyword arguments of the route, for whoever tries it."""


def nothing(cast: Cast, by: Membership) -> Mapping[str, Any]:
    return {}


def person(cast: Cast, by: Membership) -> Mapping[str, Any]:
    return {"pk": cast.person.pk}


def of_person(cast: Cast, by: Membership) -> Mapping[str, Any]:
    return {"service_user": cast.person.pk}


def draft(cast: Cast, by: Membership) -> Mapping[str, Any]:
    return {"pk": cast.draft.pk}


def section(cast: Cast, by: Membership) -> Mapping[str, Any]:
    return {"pk": cast.draft.pk, "section": "reaching-you"}


def result(cast: Cast, by: Membership) -> Mapping[str, Any]:
    return {"pk": cast.need.screening.pk}


def suggestion(cast: Cast, by: Membership) -> Mapping[str, Any]:
    return {"pk": cast.need.screening.pk, "rule": "R06"}


def need(cast: Cast, by: Membership) -> Mapping[str, Any]:
    return {"need": cast.need.pk}


def offer(cast: Cast, by: Membership) -> Mapping[str, Any]:
    return {"pk": cast.offer.pk}


def need_and_offer(cast: Cast, by: Membership) -> Mapping[str, Any]:
    return {"need": cast.need.pk, "offer": cast.offer.pk}


def of_need(cast: Cast, by: Membership) -> Mapping[str, Any]:
    return {"pk": cast.need.pk}


def consent(cast: Cast, by: Membership) -> Mapping[str, Any]:
    return {"pk": cast.consent.pk}


def referral(cast: Cast, by: Membership) -> Mapping[str, Any]:
    return {"pk": cast.referral.pk}


def step(cast: Cast, by: Membership) -> Mapping[str, Any]:
    return {"pk": cast.referral.pk, "action": "deliver"}


def api_step(cast: Cast, by: Membership) -> Mapping[str, Any]:
    return {"pk": cast.referral.pk, "step": "deliver"}


def appointment(cast: Cast, by: Membership) -> Mapping[str, Any]:
    return {"pk": cast.appointment.pk}


def api_appointment(cast: Cast, by: Membership) -> Mapping[str, Any]:
    return {"pk": cast.referral.pk, "appointment": cast.appointment.pk}


def loan(cast: Cast, by: Membership) -> Mapping[str, Any]:
    return {"pk": cast.loan.pk, "action": "hand_over"}


def api_loan(cast: Cast, by: Membership) -> Mapping[str, Any]:
    return {"pk": cast.referral.pk, "loan": cast.loan.pk}


def note(cast: Cast, by: Membership) -> Mapping[str, Any]:
    return {"pk": cast.note.pk}


def reminder(cast: Cast, by: Membership) -> Mapping[str, Any]:
    return {"pk": cast.reminder.pk}


def follow_up(cast: Cast, by: Membership) -> Mapping[str, Any]:
    return {"pk": cast.follow_up(by).pk}


def own_key(cast: Cast, by: Membership) -> Mapping[str, Any]:
    owner = by if by in {cast.ash, cast.bo, cast.dee} else cast.ash
    return {"pk": actions.issue_token(membership=owner, name="key", by=owner)[0].pk}


# --- The table --------------------------------------------------------------------


@dataclass(frozen=True)
class Rule:
    who: Mapping[str, str] = field(default_factory=dict)
    """Method → roles that may, parted by spaces."""
    about: About = nothing
    shared: bool = False
    """The object is everybody's to see: no stranger."""
    open: bool = False
    """Without signing in."""
    by_side: bool = False
    """Besides the role it counts which side of the referral one is on, so that 403 is an answer too."""

    @property
    def private(self) -> bool:
        return self.about is not nothing and not self.shared


def get(roles: str, about: About = nothing, **more: Any) -> Rule:
    return Rule({"GET": roles}, about, **more)


def post(roles: str, about: About = nothing, **more: Any) -> Rule:
    return Rule({"POST": roles}, about, **more)


def both(roles: str, about: About = nothing, **more: Any) -> Rule:
    return Rule({"GET": roles, "POST": roles}, about, **more)


def work(about: About, *methods: str) -> Rule:
    """Work on a referral: for every role, and then for whoever's move it is."""
    return Rule(dict.fromkeys(methods or ("GET", "POST"), EVERYBODY), about, by_side=True)


OPEN = Rule(open=True)

RULES: dict[str, Rule] = {
    "home": get(EVERYBODY),
    "readyz": OPEN,
    # accounts
    "accounts:me": get(EVERYBODY),
    "accounts:switch": post(EVERYBODY),
    "accounts:revoke_token": post(EVERYBODY, own_key),
    # signing in: by allauth, which asks for no role; what each does is tested in tests/accounts
    "account_login": OPEN,
    "account_logout": OPEN,
    "account_inactive": OPEN,
    "account_reset_password_from_key": OPEN,
    "account_reset_password_from_key_done": OPEN,
    "mfa_authenticate": OPEN,
    "demo_sign_in": OPEN,
    "account_reauthenticate": both(EVERYBODY),
    "account_change_password": both(EVERYBODY),
    "mfa_index": get(EVERYBODY),
    "mfa_reauthenticate": both(EVERYBODY),
    "mfa_activate_totp": both(EVERYBODY),
    "mfa_deactivate_totp": both(EVERYBODY),
    "mfa_view_recovery_codes": get(EVERYBODY),
    "mfa_generate_recovery_codes": both(EVERYBODY),
    # people
    "people:caseload": get(STAFF),
    "people:search": both(STAFF),
    "people:add": both(CLINICIAN),
    "people:detail": get(STAFF, person),
    "people:edit": both(CLINICIAN, person),
    "people:contact_plan": both(STAFF, person),
    "people:record_consent": both(CLINICIAN, person),
    "people:pause": both(CLINICIAN, person),
    "people:resume": post(CLINICIAN, person),
    "service-user-list": Rule({"GET": STAFF, "POST": CLINICIAN}),
    "service-user-search": post(STAFF),
    "service-user-detail": Rule({"GET": STAFF, "PATCH": CLINICIAN}, person),
    "service-user-contact-plan": both(STAFF, person),
    "service-user-consents": Rule({"GET": STAFF, "POST": CLINICIAN}, person),
    # screening
    "screening:of_person": get(STAFF, of_person),
    "screening:start": both(CLINICIAN, of_person),
    "screening:section": both(CLINICIAN, section),
    "screening:change_form": post(CLINICIAN, draft),
    "screening:check": both(CLINICIAN, draft),
    "screening:result": get(STAFF, result),
    "screening:decide": post(CLINICIAN, suggestion),
    "screening:consent": post(CLINICIAN, result),
    "screening:carry_on": post(CLINICIAN, result),
    "screening:void": both(CLINICIAN, draft),
    "screening-list": Rule({"GET": STAFF, "POST": CLINICIAN}),
    "screening-detail": Rule({"GET": STAFF, "PATCH": CLINICIAN}, draft),
    "screening-submit": post(CLINICIAN, draft),
    "screening-decide": post(CLINICIAN, result),
    "screening-void": post(CLINICIAN, draft),
    "need-list": get(STAFF),
    "need-detail": get(STAFF, of_need),
    # directory
    "directory:offers": get(EVERYBODY),
    "directory:offer": both(EVERYBODY, offer, shared=True),
    "directory:choose": both(CLINICIAN, need),
    "offer-list": get(EVERYBODY),
    "offer-detail": get(EVERYBODY, offer, shared=True),
    "offer-recommendations": get(CLINICIAN),
    # referrals
    "referrals:worklist": get(EVERYBODY),
    "referrals:owed": get(EVERYBODY),
    "referrals:follow_up": work(follow_up),
    "referrals:refer": both(CLINICIAN, need_and_offer),
    "referrals:withdraw_consent": both(CLINICIAN, consent),
    "referrals:detail": get(EVERYBODY, referral),
    "referrals:open": work(referral, "POST"),
    "referrals:revise": work(referral),
    "referrals:step": work(step),
    "referrals:propose_error": work(referral),
    "referrals:contact": work(referral),
    "referrals:book": work(referral),
    "referrals:appointment": work(appointment),
    "referrals:rearrange": work(appointment),
    "referrals:lend": work(referral),
    "referrals:move_loan": work(loan),
    "referrals:note": work(referral),
    "referrals:correct_note": work(note),
    "referrals:keep_waiting": work(referral),
    "referrals:pause": work(referral),
    "referrals:resume": work(referral, "POST"),
    "referrals:outbox": get(EVERYBODY),
    "referrals:outbox_message": both(EVERYBODY, reminder),
    "referral-list": work(nothing),
    "referral-detail": Rule({"GET": EVERYBODY, "PATCH": EVERYBODY}, referral, by_side=True),
    "referral-take-step": work(api_step, "POST"),
    "referral-propose-error": work(referral, "POST"),
    "referral-notes": work(referral),
    "referral-contact-attempts": work(referral),
    "referral-appointments": work(referral),
    "referral-new-time": work(api_appointment, "POST"),
    "referral-record-outcome": work(api_appointment, "POST"),
    "referral-loans": work(referral),
    "referral-move-loan": work(api_loan, "POST"),
    "referral-keep-waiting": work(referral, "POST"),
    "referral-pause": work(referral, "POST"),
    "referral-resume": work(referral, "POST"),
    "follow-up-list": get(EVERYBODY),
    "follow-up-complete": work(follow_up, "POST"),
    # reports
    "reports:caseload": get("admin"),
    "reports:caseload_csv": get("admin"),
    # the API about itself
    "api-schema": get(EVERYBODY),
    "api-docs": get(EVERYBODY),
}

NO_MARK = {name for name in RULES if name.startswith(("account_", "mfa_", "api-"))} | {"readyz", "demo_sign_in"}
"""Views that are not ours, or open: they carry no permission of ours."""
