"""GOV.UK Notify as the simulator plays it, over real HTTP on this machine, and settings that point there."""

import pytest

from inclusion.environment import SIMULATED, Notify
from referrals.notify.running import running
from referrals.notify.simulator import Faults, Simulator

TEMPLATES = {channel: SIMULATED[channel] for channel in ("text", "email", "letter")}
TOKEN = "a-token-that-only-these-tests-know"


@pytest.fixture
def notify(settings, monkeypatch):
    """A service of Notify's with all three templates; nothing fails until a test says so."""
    simulator = Simulator(
        api_key=SIMULATED["key"], templates=TEMPLATES, faults=Faults(hang_for=1.0), settle_after=3600
    )
    monkeypatch.setattr("referrals.notify.driver.TIMEOUT", 0.5)
    with running(simulator) as address:
        settings.NOTIFY = Notify(SIMULATED["key"], address, TEMPLATES, TOKEN)
        yield simulator
    simulator.record.close()


@pytest.fixture
def token(settings):
    """Receipts are taken, and nothing is sent anywhere."""
    settings.NOTIFY = Notify(receipts_token=TOKEN)
    return TOKEN
