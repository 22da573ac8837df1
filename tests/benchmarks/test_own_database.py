"""The large data set goes into no database that holds anything else."""

import pytest
from django.db import connection

from accounts.models import User
from inclusion.benchmarks import own_database

pytestmark = pytest.mark.django_db


def test_a_database_that_holds_other_records_is_refused(ash):
    with pytest.raises(own_database.NotOurs, match="did not make"):
        own_database._refuse_what_is_not_ours()
    assert User.objects.filter(pk=ash.user_id).exists()


def test_an_empty_database_is_not_refused():
    own_database._refuse_what_is_not_ours()
    assert own_database.BUILT not in connection.introspection.table_names()
