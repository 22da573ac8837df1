"""One month of Ash's organisation, some weeks after it was over."""

import pytest

from reports.scope import Scope
from tests.reports.rows import NOW, OCTOBER


@pytest.fixture
def scope(trust):
    return Scope(trust, None, OCTOBER, NOW)
