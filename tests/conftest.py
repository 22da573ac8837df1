"""The cast, and what every test may count on: no network, a fixed cast of people, and the stranger."""

import socket

import pytest
from django.test import Client
from hypothesis import HealthCheck, settings

from accounts.permissions import Role
from tests import factories
from tests.marked import marked  # noqa: F401 - a fixture for all

# A machine that is busy with other things is no failure.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


@pytest.fixture(autouse=True)
def _no_network(monkeypatch):
    """Loopback and Unix sockets only: a test that reaches further fails at once."""
    connect = socket.socket.connect

    def guarded(self, address):
        host = address[0] if isinstance(address, tuple) else ""
        if host not in ("", "127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a test tried to reach {host}")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def _quick_and_plain(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.SECOND_FACTOR_REQUIRED = False  # its own tests turn it on
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


class SignedIn(Client):
    """A browser that wears one membership."""

    def __init__(self, membership):
        super().__init__()
        self.membership = membership
        self.force_login(membership.user)
        session = self.session
        session["membership"] = str(membership.pk)
        session.save()


@pytest.fixture
def trust(db):
    """A health organisation."""
    return factories.OrganisationFactory(name="Lambourne NHS Trust", health=True)


@pytest.fixture
def team(trust):
    return factories.TeamFactory(organisation=trust, name="Brook Lane community team")


@pytest.fixture
def provider(db):
    return factories.OrganisationFactory(name="Riverside Connect", provider=True)


@pytest.fixture
def provider_team(provider):
    return factories.TeamFactory(organisation=provider, name="Digital champions")


@pytest.fixture
def ash(team):
    """Clinician."""
    return factories.MembershipFactory(user__name="Ash Amadi", team=team, role=Role.CLINICIAN)


@pytest.fixture
def bo(provider_team):
    """Support worker at a provider."""
    return factories.MembershipFactory(user__name="Bo Brandt", team=provider_team, role=Role.SUPPORT_WORKER)


@pytest.fixture
def dee(team):
    """Admin of Ash's organisation."""
    return factories.MembershipFactory(user__name="Dee Dacosta", team=team, role=Role.ADMIN)


@pytest.fixture
def cam(db):
    """Clinician of another organisation: must see nothing."""
    return factories.MembershipFactory(user__name="Cam Castle", role=Role.CLINICIAN)


@pytest.fixture
def nia(trust):
    """Clinician of another team of Ash's organisation."""
    return factories.MembershipFactory(
        user__name="Nia Norwood", team__organisation=trust, team__name="Fern House team", role=Role.CLINICIAN
    )


@pytest.fixture
def as_ash(ash):
    return SignedIn(ash)


@pytest.fixture
def as_bo(bo):
    return SignedIn(bo)


@pytest.fixture
def as_dee(dee):
    return SignedIn(dee)


@pytest.fixture
def as_cam(cam):
    return SignedIn(cam)


@pytest.fixture
def as_nia(nia):
    return SignedIn(nia)


@pytest.fixture
def person(ash):
    """A service user on Ash's caseload."""
    return factories.ServiceUserFactory(team=ash.team, created_by=ash)


@pytest.fixture
def offer(provider, provider_team):
    return factories.SupportOfferFactory(provider=provider, team=provider_team)
