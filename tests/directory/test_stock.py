"""Devices and SIMs: never more given than there are, every move with a row, and loans that count along."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts import clock
from accounts.append_only import AppendOnlyError
from accounts.errors import InvalidInput, NotAllowed, NotPossibleNow
from accounts.ids import new_id
from directory import actions
from directory.models import Stock
from directory.stock_steps import MOVES, StockStep
from referrals import actions as referral_actions
from tests import factories

COUNTS = ("on_shelf", "reserved", "handed_over", "lost")


def counts(stock):
    stock.refresh_from_db()
    return tuple(getattr(stock, name) for name in COUNTS)


def move(stock, step, by, **more):
    return actions.move_stock(stock=stock, step=step, by=by, **more)


@pytest.fixture
def tablets(offer, bo):
    stock = actions.keep_stock(offer=offer, kind="device", by=bo)
    move(stock, "take_in", bo, quantity=2)
    return stock


@pytest.mark.django_db
def test_a_thing_goes_from_shelf_to_person_and_back_with_a_row_a_step(tablets, bo):
    ends_on = clock.today() + timedelta(days=180)
    move(tablets, "reserve", bo)
    move(tablets, "hand_over", bo, ends_on=ends_on)
    assert counts(tablets) == (1, 0, 1, 0)
    move(tablets, "renew", bo, ends_on=ends_on + timedelta(days=90))
    move(tablets, "return", bo)
    assert counts(tablets) == (2, 0, 0, 0)
    steps = list(tablets.movements.values_list("step", flat=True))
    assert steps == ["take_in", "reserve", "hand_over", "renew", "return"]
    assert tablets.movements.get(step="hand_over").ends_on == ends_on


@pytest.mark.django_db
@pytest.mark.parametrize("step", [step for step, way in MOVES.items() if way.source])
def test_nothing_is_moved_that_is_not_there(offer, bo, step):
    stock = actions.keep_stock(offer=offer, kind="sim", by=bo)
    with pytest.raises(NotPossibleNow, match="not that many"):
        move(stock, step, bo)
    assert counts(stock) == (0, 0, 0, 0)
    assert not stock.movements.exists()


@pytest.mark.django_db
def test_the_database_itself_refuses_less_than_nothing(tablets):
    for name in COUNTS:
        with pytest.raises(IntegrityError), transaction.atomic():
            Stock.objects.filter(pk=tablets.pk).update(**{name: -1})


@pytest.mark.django_db
def test_the_log_is_written_once(tablets):
    row = tablets.movements.get()
    row.quantity = 5
    with pytest.raises(AppendOnlyError):
        row.save()


@pytest.mark.django_db
@pytest.mark.parametrize("quantity", [0, -1, 100_001])
def test_how_many_is_a_number_that_makes_sense(tablets, bo, quantity):
    with pytest.raises(InvalidInput) as refusal:
        move(tablets, "take_in", bo, quantity=quantity)
    assert list(refusal.value.fields) == ["quantity"]


@pytest.mark.django_db
def test_the_same_step_for_the_same_thing_is_counted_once(tablets, bo):
    loan = new_id()
    move(tablets, "reserve", bo, reference=loan)
    with pytest.raises(NotPossibleNow, match="already"):
        move(tablets, "reserve", bo, reference=loan)
    assert counts(tablets) == (1, 1, 0, 0)


@pytest.mark.django_db
def test_only_whoever_keeps_the_offer_counts_its_things(tablets, ash, cam):
    for who in (ash, cam):
        with pytest.raises(NotAllowed):
            move(tablets, "take_in", who)


# --- Loans


@pytest.fixture
def referral(person, offer, bo):
    return factories.ReferralFactory(accepted=True, service_user=person, offer=offer, worker=bo)


def lend(referral, by, label="Tablet 7"):
    return referral_actions.reserve_loan(referral=referral, item="device", label=label, by=by)


HANDED = {"signed_or_witnessed": "Bo", "ends_on": clock.today() + timedelta(days=180)}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("steps", "left"),
    [
        ([], (1, 1, 0, 0)),
        (["return"], (2, 0, 0, 0)),
        (["hand_over"], (1, 0, 1, 0)),
        (["hand_over", "renew", "return"], (2, 0, 0, 0)),
        (["hand_over", "lose"], (1, 0, 0, 1)),
        (["hand_over", "lose", "write_off"], (1, 0, 0, 1)),
        (["hand_over", "write_off"], (1, 0, 0, 1)),
        (["hand_over", "lose", "return"], (2, 0, 0, 0)),
    ],
)
def test_the_count_goes_along_with_a_loan(tablets, referral, bo, steps, left):
    loan = lend(referral, bo)
    for step in steps:
        evidence = HANDED if step in {"hand_over", "renew"} else {}
        loan = referral_actions.move_loan(loan=loan, action=step, by=bo, evidence=evidence)
    assert counts(tablets) == left


@pytest.mark.django_db
def test_what_is_not_on_the_shelf_is_not_lent(tablets, referral, bo):
    lend(referral, bo)
    lend(referral, bo, "Tablet 8")
    with pytest.raises(NotPossibleNow, match="0 on the shelf, 2 reserved"):
        lend(referral, bo, "Tablet 9")
    assert referral.loans.count() == 2


@pytest.mark.django_db
def test_an_offer_that_counts_nothing_lends_as_before(referral, bo):
    loan = lend(referral, bo)
    actions.keep_stock(offer=referral.offer, kind="device", by=bo)
    referral_actions.move_loan(loan=loan, action="hand_over", by=bo, evidence=HANDED)
    assert counts(Stock.objects.get()) == (0, 0, 0, 0)


# --- Whatever the order


class Whatever(TestCase):
    @given(st.lists(st.tuples(st.sampled_from(list(StockStep)), st.integers(1, 3)), max_size=12))
    def test_counts_are_what_the_log_says_and_never_below_zero(self, steps):
        offer = factories.SupportOfferFactory(team=None)
        by = factories.MembershipFactory(team__organisation=offer.provider, role="support_worker")
        stock = actions.keep_stock(offer=offer, kind="sim", by=by)
        for step, quantity in steps:
            try:
                move(stock, step, by, quantity=quantity)
            except NotPossibleNow:
                continue
        told = dict.fromkeys(COUNTS, 0)
        for row in stock.movements.all():
            way = MOVES[StockStep(row.step)]
            for name, sign in ((way.source, -1), (way.target, 1)):
                if name:
                    told[name] += sign * row.quantity
        assert counts(stock) == tuple(told.values())
        assert min(told.values()) >= 0
