"""Say the state you want: `ServiceUserFactory(paused=True)`. Every person here is fictitious."""

import datetime

import factory
from django.utils import timezone

from accounts import clock
from accounts.models import Membership, Organisation, Team, User
from accounts.permissions import Role
from directory.models import Feed, Location, SupportOffer
from people.actions import plan_of
from people.models import Consent, ContactPlan, ServiceUser
from referrals import actions as referral_actions
from referrals.models import Referral
from screening import actions as screening_actions
from screening import questionnaire
from screening.models import Need, Screening
from screening.responses import response_to
from screening.sitting import FACTS

PASSWORD = "correct horse battery staple"


def nhs_number(n: int) -> str:
    """The n-th valid number of the 999 range, which is never given to anybody."""
    found = 0
    for stem in range(999_000_000, 1_000_000_000):
        digits = str(stem)
        check = 11 - sum(int(d) * w for d, w in zip(digits, range(10, 1, -1), strict=True)) % 11
        if check == 10:
            continue
        if found == n:
            return digits + str(check % 11)
        found += 1
    raise ValueError(n)


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Staff Member {n}")
    email = factory.Sequence(lambda n: f"staff{n}@example.org")
    password = factory.django.Password(PASSWORD)


class OrganisationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Organisation

    class Params:
        health = factory.Trait(kind=Organisation.Kind.HEALTH)
        provider = factory.Trait(kind=Organisation.Kind.PROVIDER)

    name = factory.Sequence(lambda n: f"Organisation {n}")
    kind = Organisation.Kind.HEALTH
    phone = "020 7946 0100"
    sender_name = "Your support team"


class TeamFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Team

    organisation = factory.SubFactory(OrganisationFactory)
    name = factory.Sequence(lambda n: f"Team {n}")
    phone = "020 7946 0101"


class MembershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    team = factory.SubFactory(TeamFactory)
    role = Role.CLINICIAN


class ServiceUserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ServiceUser

    class Params:
        paused = factory.Trait(
            paused_at=factory.LazyFunction(timezone.now),
            paused_by=factory.SelfAttribute("created_by"),
            pause_reason="in_hospital",
            pause_review_on=factory.LazyFunction(lambda: timezone.localdate() + datetime.timedelta(days=14)),
        )

    created_by = factory.SubFactory(MembershipFactory)
    team = factory.SelfAttribute("created_by.team")
    organisation = factory.SelfAttribute("team.organisation")
    name = factory.Sequence(lambda n: f"Robin Example{n}")
    search_name = factory.LazyAttribute(lambda o: o.name.lower())
    date_of_birth = datetime.date(1971, 5, 4)
    nhs_number = factory.Sequence(nhs_number)
    phone = "+447700900123"
    postcode = "SE5 8AZ"
    address = "1 Example Road\nLondon"


class ContactPlanFactory(factory.django.DjangoModelFactory):
    """A plan that allows texts, letters and calls; say `answered=False` for one that allows nothing."""

    class Meta:
        model = ContactPlan

    service_user = factory.SubFactory(ServiceUserFactory)
    number = factory.LazyAttribute(lambda o: o.service_user.contact_plans.count() + 1)
    answered = True
    allowed = ["text", "letter", "call"]
    automatic = True
    preferred = "text"
    fallback = "letter"
    source = ContactPlan.Source.STAFF
    made_by = factory.SelfAttribute("service_user.created_by")


class ConsentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Consent

    service_user = factory.SubFactory(ServiceUserFactory)
    choice = Consent.Choice.YES
    how = Consent.How.SPOKEN
    wording = "getting-online 1.0.0"
    recorded_by = factory.SelfAttribute("service_user.created_by")


class ScreeningFactory(factory.django.DjangoModelFactory):
    """A draft with `answers`, in the instrument's form; `submitted=True` scores it, with all that follows."""

    class Meta:
        model = Screening

    service_user = factory.SubFactory(ServiceUserFactory)
    started_by = factory.SelfAttribute("service_user.created_by")
    team = factory.SelfAttribute("service_user.team")
    definition = "getting-online"
    definition_version = "1.0.0"

    @classmethod
    def _create(cls, model_class, *args, answers=None, submitted=False, **kwargs):
        at = clock.now().isoformat()
        kept = {code: response_to(answer, at=at, version=1) for code, answer in (answers or {}).items()}
        if not submitted:
            return super()._create(model_class, *args, responses=kept, **kwargs)
        asked = questionnaire.get(kwargs["definition"], kwargs["definition_version"])
        sitting = {key: kwargs[key] for key in (*FACTS, "goal_in_words") if key in kwargs}
        return screening_actions.record(
            service_user=kwargs["service_user"],
            answers=answers or {},
            by=kwargs["started_by"],
            asked=asked,
            submit=True,
            **sitting,
        )


class NeedFactory(factory.django.DjangoModelFactory):
    """One open need of a submitted screening, not talked about yet unless `agreed=True`."""

    class Meta:
        model = Need

    class Params:
        agreed = factory.Trait(
            decision=Need.Decision.AGREED,
            decided_at=factory.LazyFunction(clock.now),
            decided_by=factory.SelfAttribute("screening.started_by"),
        )

    screening = factory.SubFactory(ScreeningFactory, submitted=True)
    service_user = factory.SelfAttribute("screening.service_user")
    code = "DEVICE"
    because = ["AC2"]


class FeedFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Feed

    organisation = factory.SubFactory(OrganisationFactory, health=True)
    name = factory.Sequence(lambda n: f"Feed {n}")
    url = "https://feed.example.org/"


class LocationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Location

    organisation = factory.SubFactory(OrganisationFactory, provider=True)
    name = factory.Sequence(lambda n: f"Hub {n}")
    postcode = "SE5 9AA"


class SupportOfferFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SupportOffer

    class Params:
        ended = factory.Trait(
            withdrawn_at=factory.LazyFunction(clock.now), withdrawn_reason=SupportOffer.Withdrawn.ENDED
        )

    provider = factory.SubFactory(OrganisationFactory, provider=True)
    location = factory.SubFactory(LocationFactory, organisation=factory.SelfAttribute("..provider"))
    name = factory.Sequence(lambda n: f"Offer {n}")
    kinds = ["device"]
    formats = ["one"]
    capacity = SupportOffer.Capacity.YES
    wait_days = 7
    verified_on = factory.LazyFunction(timezone.localdate)


# --- Referrals: brought to their state by the actions, one step after the other ----------------------------------

WAY_TO: dict[str, tuple[str, ...]] = {
    "draft": (),
    "sent": ("send",),
    "acknowledged": ("send", "acknowledge"),
    "more_info": ("send", "acknowledge", "ask"),
    "waiting": ("send", "acknowledge", "wait_list"),
    "accepted": ("send", "acknowledge", "accept"),
    "active": ("send", "acknowledge", "accept", "start"),
    "delivered": ("send", "acknowledge", "accept", "start", "deliver"),
    "closed": ("send", "acknowledge", "accept", "start", "deliver", "close"),
    "declined": ("send", "acknowledge", "decline"),
    "rerouted": ("send", "acknowledge", "decline", "reroute"),
    "withdrawn": ("send", "withdraw"),
    "cancelled": ("send", "cancel"),
    "entered_in_error": ("send", "propose_error", "mark_error"),
}
BY_PROVIDER = {"acknowledge", "ask", "wait_list", "accept", "start", "deliver", "decline"}


def evidence_for(referral, action):
    """What somebody brings who has everything that the step asks for."""
    worker = referral.named_worker or "Robin at the provider"
    return {
        "ask": {"question": "Which days suit?"},
        "answer": {"answer": "Tuesdays."},
        "accept": {"named_worker": worker},
        "wait_list": {"expected_on": clock.today() + datetime.timedelta(days=40)},
        "decline": {"reason_code": "wrong_area"},
        "reroute": {"no_offer_fits": True},
        "start": {"successful_contact": "spoke", "handover_present": "Ash and Bo"},
        "deliver": {
            "given": "Six sessions",
            "need_outcomes": {str(need.pk): "met" for need in referral.needs.all()},
        },
        "close": {"outcome": "helped", "whose_word": "person"},
        "withdraw": {"how_said": "phone"},
        "cancel": {"reason_code": "need_met"},
        "reopen": {"reason_code": "asked_again"},
        "reopen_accepted": {"reason_code": "asked_again"},
        "mark_error": {"words": "It was about somebody else."},
    }.get(action, {})


def _agreed_need(service_user):
    """Before the contact plan is made: a screening brings one of its own."""
    return NeedFactory(screening=ScreeningFactory(service_user=service_user, submitted=True), agreed=True)


class ReferralFactory(factory.Factory):
    """`ReferralFactory(accepted=True)`: sent by the person's own clinician, and worked by the offer's provider.

    Where the offer has no team, the provider has no account, and the clinician records what it says.
    """

    class Meta:
        model = Referral

    class Params:
        sent = factory.Trait(state="sent")
        acknowledged = factory.Trait(state="acknowledged")
        more_info = factory.Trait(state="more_info")
        waiting = factory.Trait(state="waiting")
        accepted = factory.Trait(state="accepted")
        active = factory.Trait(state="active")
        delivered = factory.Trait(state="delivered")
        closed = factory.Trait(state="closed")
        declined = factory.Trait(state="declined")
        rerouted = factory.Trait(state="rerouted")
        withdrawn = factory.Trait(state="withdrawn")
        cancelled = factory.Trait(state="cancelled")
        entered_in_error = factory.Trait(state="entered_in_error")

    state = "draft"
    service_user = factory.SubFactory(ServiceUserFactory)
    offer = factory.SubFactory(SupportOfferFactory)

    @classmethod
    def _create(cls, model_class, *args, state, service_user, offer, worker=None, admin=None, **wish):
        clinician = service_user.created_by
        needs = list(service_user.needs.all()) or [_agreed_need(service_user)]
        if not plan_of(service_user).answered:
            ContactPlanFactory(service_user=service_user)
        if not service_user.consents.exists():
            ConsentFactory(service_user=service_user)
        referral = referral_actions.refer(
            service_user=service_user,
            offer=offer,
            needs=needs,
            kind=offer.kinds[0],
            by=clinician,
            **{"adjustments": (), **wish},
        )
        if offer.team and worker is None and BY_PROVIDER.intersection(WAY_TO[state]):
            worker = MembershipFactory(team=offer.team, role=Role.SUPPORT_WORKER)
        for action in WAY_TO[state]:
            by = worker if worker and action in BY_PROVIDER else clinician
            referral = cls.step(referral, action, by=by, worker=worker, admin=admin)
        return referral

    @staticmethod
    def step(referral, action, *, by, worker=None, admin=None):
        """One step with good evidence."""
        if action == "propose_error":
            referral_actions.propose_error(referral=referral, by=by, words="The wrong person.")
            return referral
        if action == "mark_error":
            by = admin or MembershipFactory(team=referral.referring_team, role=Role.ADMIN)
        evidence = evidence_for(referral, action)
        if action == "accept" and worker:
            evidence = {"named_worker": worker}
        return referral_actions.act(referral=referral, action=action, by=by, evidence=evidence)
