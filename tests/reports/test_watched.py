"""Whatever facts are read from is watched: a change that no trigger marks would make figures stale for ever."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reports import triggers
from reports.gathering import gather

pytestmark = pytest.mark.django_db
SAID = re.compile(r'"(\w+)"\."(\w+)"')


def read_by_gathering(person):
    """(table, column) of everything that the questions name."""
    with CaptureQueriesContext(connection) as asked:
        gather([person.pk])
    return {pair for query in asked.captured_queries for pair in SAID.findall(query["sql"])}


def unwatched(pairs):
    watched = {one.table: one.columns for one in triggers.WATCHED}
    return sorted(
        (table, column)
        for table, column in pairs
        if column != "id" and (table not in watched or (watched[table] and column not in watched[table]))
    )


FIXED = {
    ("referrals_referral", "created_at"),
    ("referrals_incident", "follow_up_id"),
    ("referrals_incident", "recorded_at"),
    ("referrals_incident", "screening_id"),
    ("screening_need", "code"),
    ("screening_screening", "definition"),
    ("screening_screening", "definition_version"),
    ("screening_screening", "responses"),
}
"""Written with the row and never changed; a screening's answers are frozen by the submitting, which is watched."""


def test_every_column_that_facts_are_read_from_is_watched(person):
    read = read_by_gathering(person)
    assert len({table for table, _column in read}) >= 13
    assert set(unwatched(read)) <= FIXED


def test_what_is_said_to_be_fixed_is_read(person):
    assert read_by_gathering(person) >= FIXED


def test_a_column_that_nobody_watches_would_be_found(monkeypatch, person):
    forgetful = [one for one in triggers.WATCHED if one.table != "referrals_loan"]
    monkeypatch.setattr(triggers, "WATCHED", forgetful)
    assert ("referrals_loan", "handed_over_on") in unwatched(read_by_gathering(person))
