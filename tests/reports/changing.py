"""Changes to records as they come at any moment, for tests of what the reports make of them."""

import random
from datetime import date, timedelta

from django.db import transaction

from people.models import ServiceUser
from referrals.models import Referral
from screening.models import Need, Screening
from tests.reports import rows


@transaction.atomic
def change_something(chance: random.Random, teams: list) -> None:
    """Written straight to the tables: the database marks whoever it is about."""
    chance.choice([_born, _moved, _left, _voided, _agreed, _reached, _screened])(chance, teams)


def _one_of(chance, queryset):
    ids = list(queryset.order_by("pk").values_list("pk", flat=True))
    return queryset.filter(pk=chance.choice(ids)) if ids else queryset.none()


def _born(chance, teams):
    born = chance.choice([None, date(1950, 6, 6), date(2008, 10, 1)])
    _one_of(chance, ServiceUser.objects.all()).update(date_of_birth=born)


def _moved(chance, teams):
    team = chance.choice(teams)
    _one_of(chance, ServiceUser.objects.all()).update(team=team, organisation=team.organisation)


def _left(chance, teams):
    _one_of(chance, ServiceUser.objects.all()).update(
        left_caseload_on=chance.choice([None, date(2099, 1, 1), date(2026, 10, 20)])
    )


def _voided(chance, teams):
    one = _one_of(chance, Screening.objects.filter(status="submitted")).first()
    if one:
        void = {"voided_at": one.submitted_at, "voided_by": one.started_by, "void_reason": "Wrong person"}
        Screening.objects.filter(pk=one.pk, status="submitted").update(status="void", **void)


def _agreed(chance, teams):
    need = _one_of(chance, Need.objects.exclude(screening__status="draft")).first()
    if need:
        rows.decided(need, "agreed", need.screening.submitted_at + timedelta(days=chance.randrange(30)))


def _reached(chance, teams):
    referral = _one_of(chance, Referral.objects.all()).first()
    if referral:
        reached = referral.sent_at + timedelta(days=chance.randrange(60))
        Referral.objects.filter(pk=referral.pk).update(first_contact_at=reached)


def _screened(chance, teams):
    person = _one_of(chance, ServiceUser.objects.all()).select_related("team", "created_by").first()
    if person:
        levels = rows.result(chance.choice(["high", "none"]))
        rows.screened(person, rows.NOW - timedelta(days=chance.randrange(200)), scored=levels, needs=["DEVICE"])
