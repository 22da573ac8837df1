"""Who works in the demo, and the directory of support that they choose from."""

from dataclasses import dataclass
from datetime import timedelta

from accounts import actions as accounts
from accounts import clock
from accounts.models import Membership, Organisation, Team
from accounts.permissions import Role
from directory import filling, opening
from directory.actions import add_location, describe_provider, keep_stock, move_stock, publish_offer
from directory.models import SupportOffer
from inclusion.demo import DEMO_PASSWORD, SIGN_INS


@dataclass(frozen=True)
class Staff:
    """Everybody who acts in the demo, by team; the sign-ins are among them."""

    ash: Membership
    fay: Membership
    win: Membership
    wes: Membership
    bo: Membership
    dee: Membership
    cam: Membership


def make_staff() -> Staff:
    health, provider = Organisation.Kind.HEALTH, Organisation.Kind.PROVIDER
    trust = accounts.add_organisation(
        name="Lambourne NHS Trust", kind=health, phone="020 7946 0100", sender_name="Your support team", by=None
    )
    other = accounts.add_organisation(
        name="Easterbrook NHS Trust", kind=health, phone="020 7946 0200", sender_name="Your support team", by=None
    )
    riverside = accounts.add_organisation(
        name="Riverside Connect", kind=provider, phone="020 7946 0300", sender_name="Riverside", by=None
    )
    brook = _team(trust, "Brook Lane community team", "020 7946 0101")
    fern = _team(trust, "Fern House rehabilitation team", "020 7946 0102")
    willow = _team(trust, "Willow older adults team", "020 7946 0103")
    inclusion = _team(trust, "Digital inclusion team", "020 7946 0104")
    easterbrook = _team(other, "Easterbrook community team", "020 7946 0201")
    champions = _team(riverside, "Digital champions", "020 7946 0301")
    ash = _member("ash@example.org", brook, Role.CLINICIAN, is_lead=True)
    accounts.add_membership(user=ash.user, team=willow, role=Role.CLINICIAN, by=None)
    return Staff(
        ash=ash,
        fay=_member("fay@example.org", fern, Role.CLINICIAN, name="Fay Farrow"),
        win=_member("win@example.org", willow, Role.CLINICIAN, name="Win Woodall"),
        wes=_member("wes@example.org", inclusion, Role.SUPPORT_WORKER),
        bo=_member("bo@example.org", champions, Role.SUPPORT_WORKER),
        dee=_member("dee@example.org", brook, Role.ADMIN),
        cam=_member("cam@example.org", easterbrook, Role.CLINICIAN),
    )


def _team(organisation: Organisation, name: str, phone: str) -> Team:
    return accounts.add_team(organisation=organisation, name=name, phone=phone, by=None)


def _member(email: str, team: Team, role: Role, *, name: str = "", is_lead: bool = False) -> Membership:
    """Only the shown sign-ins get the demo's password; nobody can sign in as the others."""
    shown = {person.email: person.name for person in SIGN_INS}
    user = accounts.add_user(
        email=email, name=shown.get(email, name), password=DEMO_PASSWORD if email in shown else None, by=None
    )
    return accounts.add_membership(user=user, team=team, role=role, is_lead=is_lead, by=None)


SHELVES = {"Tablet loan with data and a first lesson": ("device", 12, 8), "Databank SIM": ("sim", 60, 41)}
"""Offer → what it lends, how many were taken in, and how many of them people have now."""


def _fill_shelves(staff: Staff) -> None:
    for name, (kind, taken_in, given) in SHELVES.items():
        offer = SupportOffer.objects.get(provider=staff.bo.organisation, name=name)
        stock = keep_stock(offer=offer, kind=kind, by=staff.bo)
        for step, quantity in (("take_in", taken_in), ("reserve", given), ("hand_over", given)):
            move_stock(stock=stock, step=step, quantity=quantity, by=staff.bo)


def fill_directory(staff: Staff) -> None:
    filling.fill(filling.DEMO_OFFERS, teams={"Riverside Connect": staff.bo.team}, today=clock.today())
    _fill_shelves(staff)
    trust = staff.wes.organisation
    describe_provider(
        organisation=trust,
        by=None,
        phone="020 7946 0104",
        description="The trust's own digital-inclusion team.",
    )
    clinic = add_location(
        organisation=trust,
        by=None,
        name="Brook Lane clinic",
        address="Brook Lane, London",
        postcode="SE5 0ZA",
        step_free=True,
    )
    publish_offer(
        provider=trust,
        by=None,
        team=staff.wes.team,
        location=clinic,
        name="Clinic hour with a digital navigator",
        description="A named navigator in the clinic, before or after an appointment, at the person's own pace.",
        kinds=["navigator", "first_steps", "next_steps"],
        formats=["one", "clinic", "slow"],
        schedule="Tuesdays and Thursdays, 10am to 1pm",
        times=opening.read("Tuesdays and Thursdays 10am to 1pm"),
        needs_diagnosis=False,
        goes_along="the navigator",
        cost="free",
        capacity=SupportOffer.Capacity.YES,
        wait_days=6,
        warm_handover=True,
        verified_on=clock.today() - timedelta(days=8),
    )
