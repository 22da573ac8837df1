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
from accounts.models import Membership, SetAside
from accounts.permissions import Role
from directory.importing import starting
from directory.models import ProviderProfile
from directory.spreadsheet import applying
from inclusion.merging import actions as merging
from referrals import actions as referral_actions
from referrals.incidents.actions import record_incident
from referrals.mail import queue_mail
from referrals.models import BatchLetter, FollowUp, HookDelivery, LetterBatch, Loan, Reminder
from referrals.webhooks.actions import add_endpoint
from reports.periods import Month
from reports.saving import save_view
from tests import factories

EVERYBODY = "clinician support_worker admin"
STAFF = "clinician admin"
CLINICIAN = "clinician"
KEEPERS = "support_worker admin"

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
    def second_record(self) -> Any:
        return factories.ServiceUserFactory(created_by=self.ash)

    @cached_property
    def merge(self) -> Any:
        """Two records of the person, joined."""
        other = factories.ServiceUserFactory(created_by=self.ash)
        seen = {one.pk: one.version for one in (self.person, other)}
        return merging.merge(kept=self.person, other=other, seen=seen, choices={}, reason="Same", by=self.ash)

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
    def sheet(self) -> Any:
        return applying.upload(content=b"Offer\nTablets\n", file_name="x.csv", by=self.dee)

    @cached_property
    def feed_reading(self) -> Any:
        feed = starting.add_feed(organisation=self.dee.organisation, name="Council directory", by=self.dee)
        return starting.start_from_file(feed=feed, content=b'[{"id": "1"}]', file_name="x", by=self.dee)

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
    def incident(self) -> Any:
        """Told by Bo, so that both sides may read it."""
        person, told = self.referral.service_user, {"kind": "scam", "what": "Sent money."}
        return record_incident(service_user=person, referral=self.referral, by=self.bo, **told)

    @cached_property
    def saved_view(self) -> Any:
        choice = {"page": "overview", "span": "last_month", "team": None, "is_shared": True}
        return save_view(name="Board", **choice, by=self.dee)

    @cached_property
    def set_aside(self) -> Any:
        now, dee = clock.now(), self.dee
        return SetAside.objects.create(
            what=SetAside.What.CLOCK,
            key=str(new_id()),
            organisation=dee.organisation,
            reason=SetAside.Reason.ERROR,
            error="KeyError",
            tries=1,
            first_at=now,
            last_at=now,
            next_at=now,
        )

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

    @cached_property
    def hook_delivery(self) -> Any:
        """Given up, to an address of Dee's organisation."""
        endpoint = add_endpoint(by=self.dee, url="https://example.org/hook")
        now = clock.now()
        return HookDelivery.objects.create(endpoint=endpoint, fate="given_up", settled_at=now, tried_at=now)

    @cached_property
    def mail(self) -> Any:
        """One that did not go."""
        return queue_mail(key="access", to="", subject="Sign in", body="Sign in.", team=self.dee.team)

    def letter(self, by: Membership) -> Any:
        """In a run of the team of `by`, if `by` is one of ours; nobody has posted it yet."""
        maker = by if by in {self.ash, self.bo, self.dee} else self.ash
        found = BatchLetter.objects.filter(batch__team=maker.team).first()
        if found:
            return found
        name = new_id().hex[-10:]
        batch = LetterBatch.objects.create(
            organisation=maker.organisation, team=maker.team, code=name, both_sides=False, made_by=maker
        )
        reminder = Reminder.objects.create(
            dedupe_key=name, service_user=self.person, referral=self.referral, template="accepted",
            channel="letter", due_at=clock.now(),
        )  # fmt: skip
        return BatchLetter.objects.create(
            batch=batch, reminder=reminder, place=1, reference=name, to="A", body="B"
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


def of_person_with_review(cast: Cast, by: Membership) -> Mapping[str, Any]:
    return {"service_user": cast.person.pk, "definition": "review-12-weeks"}


def report_page(cast: Cast, by: Membership) -> Mapping[str, Any]:
    return {"page": "needs"}


def saved_view(cast: Cast, by: Membership) -> Mapping[str, Any]:
    return {"pk": cast.saved_view.pk}


def report_month(cast: Cast, by: Membership) -> Mapping[str, Any]:
    return {"period": str(Month.of(clock.today()).previous())}


def report_figure(cast: Cast, by: Membership) -> Mapping[str, Any]:
    return {"code": "coverage"}


def report_people(cast: Cast, by: Membership) -> Mapping[str, Any]:
    return {"code": "coverage", "part": "missed"}


def set_aside(cast: Cast, by: Membership) -> Mapping[str, Any]:
    return {"pk": cast.set_aside.pk}


def draft(cast: Cast, by: Membership) -> Mapping[str, Any]:
    return {"pk": cast.draft.pk}


def section(cast: Cast, by: Membership) -> Mapping[str, Any]:
    return {"pk": cast.draft.pk, "section": "reaching-you"}


def handed_over(cast: Cast, by: Membership) -> Mapping[str, Any]:
    """About whoever the screen was handed to: in a session that was not, it leads home."""
    return {"place": 1}


def result(cast: Cast, by: Membership) -> Mapping[str, Any]:
    return {"pk": cast.need.screening.pk}


def suggestion(cast: Cast, by: Membership) -> Mapping[str, Any]:
    return {"pk": cast.need.screening.pk, "rule": "R06"}


def need(cast: Cast, by: Membership) -> Mapping[str, Any]:
    return {"need": cast.need.pk}


def offer(cast: Cast, by: Membership) -> Mapping[str, Any]:
    return {"pk": cast.offer.pk}


def keep(cast: Cast, by: Membership) -> Mapping[str, Any]:
    return {"pk": cast.offer.pk, "what": "true"}


def provider_kept(cast: Cast, by: Membership) -> Mapping[str, Any]:
    """Of whoever tries it, if it is one of ours; the listings of Bo's provider for everybody else."""
    return {"pk": (by if by in {cast.bo, cast.dee} else cast.bo).organisation_id}


def provider_described(cast: Cast, by: Membership) -> Mapping[str, Any]:
    found = provider_kept(cast, by)
    ProviderProfile.objects.get_or_create(organisation_id=found["pk"])
    return found


def of_provider_kept(cast: Cast, by: Membership) -> Mapping[str, Any]:
    return {"provider": provider_kept(cast, by)["pk"]}


def place_kept(cast: Cast, by: Membership) -> Mapping[str, Any]:
    keeper = by if by in {cast.bo, cast.dee} else cast.bo
    return {"pk": factories.LocationFactory(organisation=keeper.organisation).pk}


def need_and_offer(cast: Cast, by: Membership) -> Mapping[str, Any]:
    return {"need": cast.need.pk, "offer": cast.offer.pk}


def of_need(cast: Cast, by: Membership) -> Mapping[str, Any]:
    return {"pk": cast.need.pk}


def consent(cast: Cast, by: Membership) -> Mapping[str, Any]:
    return {"pk": cast.consent.pk}


def sheet(cast: Cast, by: Membership) -> Mapping[str, Any]:
    return {"pk": cast.sheet.pk}


def feed(cast: Cast, by: Membership) -> Mapping[str, Any]:
    return {"pk": cast.feed_reading.feed_id}


def feed_reading(cast: Cast, by: Membership) -> Mapping[str, Any]:
    return {"pk": cast.feed_reading.pk}


def referral(cast: Cast, by: Membership) -> Mapping[str, Any]:
    return {"pk": cast.referral.pk}


def of_referral(cast: Cast, by: Membership) -> Mapping[str, Any]:
    return {"referral": cast.referral.pk}


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


def incident(cast: Cast, by: Membership) -> Mapping[str, Any]:
    return {"pk": cast.incident.pk}


def reminder(cast: Cast, by: Membership) -> Mapping[str, Any]:
    return {"pk": cast.reminder.pk}


def hook(cast: Cast, by: Membership) -> Mapping[str, Any]:
    return {"pk": cast.hook_delivery.endpoint_id}


def hook_test(cast: Cast, by: Membership) -> Mapping[str, Any]:
    return {**hook(cast, by), "what": "test"}


def hook_delivery(cast: Cast, by: Membership) -> Mapping[str, Any]:
    return {"pk": cast.hook_delivery.pk}


def mail(cast: Cast, by: Membership) -> Mapping[str, Any]:
    return {"pk": cast.mail.pk}


def a_step_with_reasons(cast: Cast, by: Membership) -> Mapping[str, Any]:
    return {"step": "decline"}


def a_reason(cast: Cast, by: Membership) -> Mapping[str, Any]:
    """One that every organisation begins with; each changes its own."""
    return {"step": "decline", "code": "full"}


def a_reason_id(cast: Cast, by: Membership) -> Mapping[str, Any]:
    return {"pk": "decline.full"}


def a_message(cast: Cast, by: Membership) -> Mapping[str, Any]:
    return {"template": "accepted", "channel": "text"}


def a_message_id(cast: Cast, by: Membership) -> Mapping[str, Any]:
    return {"pk": "accepted.text"}


def a_clock(cast: Cast, by: Membership) -> Mapping[str, Any]:
    return {"clock": "decide"}


def follow_up(cast: Cast, by: Membership) -> Mapping[str, Any]:
    return {"pk": cast.follow_up(by).pk}


def news_for_provider(cast: Cast, by: Membership) -> Mapping[str, Any]:
    row = cast.follow_up(by)
    FollowUp.objects.filter(pk=row.pk).update(kind=FollowUp.Kind.FOR_PROVIDER)
    return {"pk": row.pk}


def person_referred(cast: Cast, by: Membership) -> Mapping[str, Any]:
    return {"pk": cast.referral.service_user_id}


def letter_run(cast: Cast, by: Membership) -> Mapping[str, Any]:
    return {"pk": cast.letter(by).batch_id}


def letter_in_run(cast: Cast, by: Membership) -> Mapping[str, Any]:
    return {"pk": cast.letter(by).batch_id, "letter": cast.letter(by).pk}


def two_records(cast: Cast, by: Membership) -> Mapping[str, Any]:
    return {"pk": cast.person.pk, "other": cast.second_record.pk}


def joined(cast: Cast, by: Membership) -> Mapping[str, Any]:
    return {"pk": cast.person.pk, "merge": cast.merge.pk}


def merged(cast: Cast, by: Membership) -> Mapping[str, Any]:
    return {"pk": cast.merge.pk}


def screened_person(cast: Cast, by: Membership) -> Mapping[str, Any]:
    return {"pk": cast.need.service_user_id}


def plan_form(cast: Cast, by: Membership) -> Mapping[str, Any]:
    return {"pk": cast.need.service_user_id, "form": "standard"}


def meeting_ahead(cast: Cast, by: Membership) -> Mapping[str, Any]:
    return {"pk": cast.appointment.referral_id}


def colleague(cast: Cast, by: Membership) -> Mapping[str, Any]:
    """Somebody else of the person's team."""
    return {"pk": cast.colleague("clinician").pk}


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
    "system": get("admin"),
    "try_again": post("admin", set_aside),
    # accounts
    "accounts:me": get(EVERYBODY),
    "accounts:take_back": both(EVERYBODY),
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
    "timeline": get(STAFF, person),
    "people:edit": both(CLINICIAN, person),
    "people:fairness": both(CLINICIAN, person),
    "people:contact_plan": both(STAFF, person),
    "people:record_consent": both(CLINICIAN, person),
    "people:pause": both(CLINICIAN, person),
    "people:resume": post(CLINICIAN, person),
    "service-user-list": Rule({"GET": STAFF, "POST": CLINICIAN}),
    "service-user-search": post(STAFF),
    "service-user-detail": Rule({"GET": STAFF, "PATCH": CLINICIAN}, person),
    "referrals:add_incident": both(CLINICIAN, of_person),
    "referrals:incident": get(EVERYBODY, incident),
    "referrals:add_incident_in": work(referral),
    "incident-list": Rule({"GET": EVERYBODY, "POST": EVERYBODY}),
    "incident-detail": get(EVERYBODY, incident),
    "service-user-fairness": Rule({"GET": CLINICIAN, "PATCH": CLINICIAN}, person),
    "service-user-contact-plan": both(STAFF, person),
    "service-user-consents": Rule({"GET": STAFF, "POST": CLINICIAN}, person),
    "same_person": both(CLINICIAN, person),
    "compare_same_person": both(CLINICIAN, two_records),
    "undo_same_person": both(CLINICIAN, joined),
    "merge-list": Rule({"GET": STAFF, "POST": CLINICIAN}),
    "merge-detail": get(STAFF, merged),
    "merge-undo": post(CLINICIAN, merged),
    # screening
    "screening:of_person": get(STAFF, of_person),
    "screening:start": both(CLINICIAN, of_person),
    "screening:hand_over": post(CLINICIAN, draft),
    "screening:handed_over": get(CLINICIAN),
    "screening:handed_over_question": both(CLINICIAN, handed_over, shared=True),
    "screening:give_back": get(CLINICIAN),
    "screening:start_other": both(CLINICIAN, of_person_with_review),
    "screening:section": both(CLINICIAN, section),
    "screening:change_form": post(CLINICIAN, draft),
    "screening:check": both(CLINICIAN, draft),
    "screening:result": get(STAFF, result),
    "screening:decide": post(CLINICIAN, suggestion),
    "screening:choose_rule": post(CLINICIAN, suggestion),
    "screening:consent": post(CLINICIAN, result),
    "screening:carry_on": post(CLINICIAN, result),
    "screening:correct": both(CLINICIAN, result),
    "screening:void": both(CLINICIAN, draft),
    "screening-list": Rule({"GET": STAFF, "POST": CLINICIAN}),
    "screening-detail": Rule({"GET": STAFF, "PATCH": CLINICIAN}, draft),
    "screening-submit": post(CLINICIAN, draft),
    "screening-decide": post(CLINICIAN, result),
    "screening-choose": post(CLINICIAN, result),
    "screening-void": post(CLINICIAN, draft),
    "screening-correct": post(CLINICIAN, result),
    "need-list": get(STAFF),
    "need-detail": get(STAFF, of_need),
    # directory
    "directory:offers": both(EVERYBODY),
    "directory:offer": both(EVERYBODY, offer, shared=True),
    "directory:edit_offer": Rule({"GET": KEEPERS, "POST": KEEPERS}, offer, shared=True, by_side=True),
    "directory:keep": Rule({"POST": KEEPERS}, keep, shared=True, by_side=True),
    "directory:stock": Rule({"GET": KEEPERS, "POST": KEEPERS}, offer, shared=True, by_side=True),
    "directory:providers": get(KEEPERS),
    "directory:add_provider": Rule({"GET": KEEPERS, "POST": KEEPERS}, by_side=True),
    "directory:provider": get(KEEPERS, provider_kept),
    "directory:edit_provider": both(KEEPERS, provider_kept),
    "directory:add_offer": both(KEEPERS, of_provider_kept),
    "directory:add_place": both(KEEPERS, of_provider_kept),
    "directory:edit_place": both(KEEPERS, place_kept),
    "directory:choose": both(CLINICIAN, need),
    "offer-list": Rule({"GET": EVERYBODY, "POST": KEEPERS}),
    "offer-detail": Rule({"GET": EVERYBODY, "PATCH": KEEPERS}, offer, shared=True, by_side=True),
    "offer-find": post(EVERYBODY),
    "offer-changes": get(EVERYBODY, offer, shared=True),
    "offer-stock": Rule({"GET": EVERYBODY, "POST": KEEPERS}, offer, shared=True, by_side=True),
    "offer-confirm": Rule({"POST": KEEPERS}, offer, shared=True, by_side=True),
    "offer-pause": Rule({"POST": KEEPERS}, offer, shared=True, by_side=True),
    "offer-bring-back": Rule({"POST": KEEPERS}, offer, shared=True, by_side=True),
    "provider-list": Rule({"GET": KEEPERS, "POST": KEEPERS}, by_side=True),
    "provider-detail": Rule({"GET": KEEPERS, "PATCH": KEEPERS}, provider_described),
    "place-list": both(KEEPERS),
    "place-detail": Rule({"GET": KEEPERS, "PATCH": KEEPERS}, place_kept),
    "unmet-need-list": both(CLINICIAN),
    "offer-end-withdraw": Rule({"POST": KEEPERS}, offer, shared=True, by_side=True),
    "offer-recommendations": get(CLINICIAN),
    # the directory's exchange with other directories
    "exchange:feeds": get("admin"),
    "exchange:read_file": both("admin"),
    "exchange:export": get("admin"),
    "exchange:upload": both("admin"),
    "exchange:sheet": both("admin", sheet),
    "exchange:read_address": post("admin", feed),
    "exchange:reading": get("admin", feed_reading),
    "exchange:stop": post("admin", feed_reading),
    "exchange:end_many": post("admin", feed_reading),
    "exchange:quirks_csv": get("admin", feed_reading),
    # the directory for everybody
    **{
        f"openreferral:{name}": OPEN
        for name in (
            "root",
            "services",
            "service",
            "service_at_locations",
            "service_at_location",
            "taxonomies",
            "taxonomy",
            "taxonomy_terms",
            "taxonomy_term",
        )
    },
    # receipts of messages: open to whoever has the token, which tests/referrals/notify/test_receiving.py is about
    "notify:receipt": OPEN,
    "notify:returned_letter": OPEN,
    "colleagues": get("admin"),
    "leave": both("admin", colleague),
    # referrals
    "referrals:worklist": get(EVERYBODY),
    "referrals:assign": post(EVERYBODY),
    "referrals:owed": get(EVERYBODY),
    "referrals:follow_up": work(follow_up),
    "referrals:seen": work(news_for_provider, "POST"),
    "referrals:refer": both(CLINICIAN, need_and_offer),
    "referrals:withdraw_offer": Rule({"GET": KEEPERS, "POST": KEEPERS}, offer, shared=True, by_side=True),
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
    "referrals:ask_safety": work(referral),
    "referrals:persons_word": work(referral),
    "referrals:lift_park": work(referral),
    "referrals:refer_on": work(referral),
    "referrals:pause": work(referral),
    "referrals:resume": work(referral, "POST"),
    "referrals:phone_in": both(EVERYBODY),
    "referrals:send_partner_link": work(referral, "POST"),
    "referrals:revoke_partner_link": work(referral, "POST"),
    "referrals:partner_letter": work(referral, "GET"),
    "partner:door": Rule(open=True),
    "partner:ask": Rule(open=True),
    "partner:enter": Rule(open=True),
    "partner:read": Rule(open=True),
    "partner:step": Rule(open=True),
    "partner:leave": Rule(open=True),
    "partner-link-list": work(of_referral),
    "partner-link-revoke": work(of_referral, "POST"),
    "referrals:plans": both(CLINICIAN),
    "referrals:plan": get(CLINICIAN, person),
    "referrals:plan_pdf": get(CLINICIAN, plan_form),
    "referrals:give_plan": post(CLINICIAN, person),
    "referrals:card": get(EVERYBODY, meeting_ahead),
    "referrals:letters": get(EVERYBODY),
    "referrals:make_letter_run": post(EVERYBODY),
    "referrals:letter_came_back": both(EVERYBODY),
    "referrals:letter_run": get(EVERYBODY, letter_run),
    "referrals:print_letter_run": post(EVERYBODY, letter_run),
    "referrals:letter_run_posted": post(EVERYBODY, letter_run),
    "referrals:letter_not_posted": both(EVERYBODY, letter_in_run),
    "referrals:call_list": get(EVERYBODY),
    "referrals:how_we_work": get("admin"),
    "referrals:our_messages": get("admin"),
    "referrals:our_message": both("admin", a_message, shared=True),
    "referrals:preview_our_message": get("admin", a_message, shared=True),
    "referrals:put_our_message_in_force": post("admin", a_message, shared=True),
    "referrals:throw_our_draft_away": post("admin", a_message, shared=True),
    "referrals:our_message_as_shipped": post("admin", a_message, shared=True),
    "message-words-list": get("admin"),
    "message-words-detail": Rule({"PUT": "admin"}, a_message_id, shared=True),
    "message-words-check": post("admin", a_message_id, shared=True),
    "message-words-put-in-force": post("admin", a_message_id, shared=True),
    "message-words-throw-draft-away": post("admin", a_message_id, shared=True),
    "message-words-back-to-shipped": post("admin", a_message_id, shared=True),
    "referrals:our_clocks": both("admin"),
    "referrals:our_reasons": get("admin"),
    "referrals:add_our_reason": both("admin", a_step_with_reasons, shared=True),
    "referrals:our_reason": both("admin", a_reason, shared=True),
    "clock-list": get("admin"),
    "clock-detail": Rule({"PATCH": "admin"}, a_clock, shared=True),
    "reason-list": both("admin"),
    "reason-detail": Rule({"PATCH": "admin"}, a_reason_id, shared=True),
    "referrals:call": work(person_referred),
    "referrals:outbox": get(EVERYBODY),
    "referrals:outbox_message": both(EVERYBODY, reminder),
    "referrals:mail": get("admin"),
    "referrals:mail_message": get("admin", mail),
    "referrals:mail_again": post("admin", mail),
    "referrals:hooks": get("admin"),
    "referrals:hook_add": both("admin"),
    "referrals:hook": get("admin", hook),
    "referrals:hook_change": both("admin", hook),
    "referrals:hook_secret": post("admin", hook),
    "referrals:hook_replay": both("admin", hook),
    "referrals:hook_do": post("admin", hook_test),
    "referrals:hook_replay_one": post("admin", hook_delivery),
    "webhook-endpoint-list": both("admin"),
    "webhook-endpoint-detail": Rule({"GET": "admin", "PATCH": "admin"}, hook),
    "webhook-endpoint-rotate": post("admin", hook),
    "webhook-endpoint-test": post("admin", hook),
    "webhook-endpoint-replay": post("admin", hook),
    "webhook-endpoint-deliveries": get("admin", hook),
    "referrals:morning_email": both(EVERYBODY),
    "referral-list": work(nothing),
    "referral-detail": Rule({"GET": EVERYBODY, "PATCH": EVERYBODY}, referral, by_side=True),
    "referral-take-step": work(api_step, "POST"),
    "referral-propose-error": work(referral, "POST"),
    "referral-assign": work(referral, "POST"),
    "referral-notes": work(referral),
    "referral-contact-attempts": work(referral),
    "referral-appointments": work(referral),
    "referral-new-time": work(api_appointment, "POST"),
    "referral-record-outcome": work(api_appointment, "POST"),
    "referral-loans": work(referral),
    "referral-move-loan": work(api_loan, "POST"),
    "referral-keep-waiting": work(referral, "POST"),
    "referral-ask-safety": work(referral, "POST"),
    "referral-persons-word": work(referral, "POST"),
    "referral-lift-park": work(referral, "POST"),
    "referral-pause": work(referral, "POST"),
    "referral-resume": work(referral, "POST"),
    "letter-list": get(EVERYBODY),
    "letter-came-back": post(EVERYBODY),
    "letter-run-list": both(EVERYBODY),
    "letter-run-detail": get(EVERYBODY, letter_run),
    "letter-run-print": post(EVERYBODY, letter_run),
    "letter-run-posted": post(EVERYBODY, letter_run),
    "letter-run-not-posted": post(EVERYBODY, letter_run),
    "call-list": Rule({"GET": EVERYBODY, "POST": EVERYBODY}, by_side=True),
    "plan-detail": get(CLINICIAN, screened_person),
    "follow-up-list": get(EVERYBODY),
    "follow-up-complete": work(follow_up, "POST"),
    # reports
    "reports:caseload": get("admin"),
    "reports:question": get("admin", report_page, shared=True),
    "reports:figure": get("admin", report_figure, shared=True),
    "reports:behind": get("admin", report_people, shared=True),
    "reports:summary": get("admin"),
    "reports:caseload_csv": get("admin"),
    "reports:what_if": both("admin"),
    "reports:saved": both("admin"),
    "reports:open_saved": get("admin", saved_view),
    "reports:remove_saved": post("admin", saved_view),
    "report-list": get("admin", shared=True),
    "report-detail": get("admin", report_month, shared=True),
    # the API about itself
    "api-schema": get(EVERYBODY),
    "api-docs": get(EVERYBODY),
}

NOT_OURS = ("account_", "mfa_", "api-", "openreferral:", "notify:", "partner:")
NO_MARK = {name for name in RULES if name.startswith(NOT_OURS)} | {
    "readyz",
    "demo_sign_in",
}
"""Views that are not ours, or open: they carry no permission of ours."""
