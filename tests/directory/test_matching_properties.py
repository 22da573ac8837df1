"""What must hold of matching for every person and every list of offers there could be."""

from dataclasses import fields, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.criteria import Case
from directory.eligibility import refusals
from directory.matching import (
    SIEVES,
    WEIGHTS,
    Capacity,
    Circumstances,
    Eligibility,
    NothingFits,
    Offer,
    nothing_fits_reason,
    recommend,
)
from directory.places import distance_km, places
from directory.terms import FORMATS, HARD
from directory.weighing import findings, worth
from tests.directory.examples import TODAY, make_offer

DISTRICTS = sorted(places())
MAYBE = st.none() | st.booleans()
AREAS = st.sampled_from(["SE5", "SE15", "CR", "SE", "Southwark", "Lambeth", "Croydon", "the estate"])
CODES = st.frozensets(st.sampled_from(sorted(FORMATS)), max_size=4)
KINDS = ["first_steps", "next_steps", "travel_help"]


@st.composite
def eligibilities(draw):
    return Eligibility(
        min_age=draw(st.sampled_from([None, 16, 18, 65])),
        max_age=draw(st.sampled_from([None, 25, 80])),
        low_income=draw(MAYBE),
        benefits=draw(MAYBE),
        diagnosis=draw(MAYBE),
        areas=draw(st.none() | st.frozensets(AREAS, max_size=2)),
    )


@st.composite
def offers(draw, **fixed):
    values = {
        "id": str(draw(st.integers(0, 99))),
        "name": draw(st.sampled_from(["Ant", "Bee", "Cee"])),
        "provider": "P",
        "kinds": draw(st.frozensets(st.sampled_from(KINDS), min_size=1)),
        "formats": draw(CODES),
        "postcode": draw(st.none() | st.sampled_from(DISTRICTS)),
        "serves": draw(st.frozensets(AREAS, max_size=2)),
        "remote": draw(st.booleans()),
        "at_home": draw(st.booleans()),
        "step_free": draw(MAYBE),
        "hearing_support": draw(MAYBE),
        "sight_support": draw(MAYBE),
        "languages": draw(st.frozensets(st.sampled_from(["English", "Somali"]))),
        "cost": draw(st.sampled_from(["", "free", "£2"])),
        "eligibility": draw(eligibilities()),
        "capacity": draw(st.sampled_from(list(Capacity))),
        "wait_days": draw(st.none() | st.integers(0, 200)),
        "usual_wait_days": draw(st.none() | st.integers(0, 200)),
        "goes_along": draw(st.sampled_from(["", "A volunteer"])),
        "warm_handover": draw(MAYBE),
        "schedule": draw(st.sampled_from(["", "Mondays"])),
        "verified_on": draw(st.none() | st.dates(date(2026, 1, 1), TODAY)),
        "accepts_referrals": draw(st.booleans()),
    }
    return Offer(**values | fixed)


@st.composite
def people(draw):
    return Circumstances(
        outward=draw(st.none() | st.sampled_from([*DISTRICTS, "M1"])),
        age=draw(st.none() | st.integers(16, 99)),
        prefers=draw(CODES),
        hard=draw(st.frozensets(st.sampled_from(sorted(HARD)))),
        language=draw(st.sampled_from([None, "English", "Somali"])),
        step_free=draw(MAYBE),
        hearing=draw(MAYBE),
        sight=draw(MAYBE),
        low_income=draw(MAYBE),
        on_benefits=draw(MAYBE),
        slow=draw(st.booleans()),
        warm_handover_wanted=draw(st.booleans()),
    )


LISTS = st.lists(offers(), max_size=4, unique_by=lambda offer: offer.id)
FACTS = [field.name for field in fields(Circumstances)]
NEVER_REFUSED = {"accepts_referrals": True, "serves": frozenset(), "eligibility": Eligibility()}


def listed(found):
    return {one.offer.id for one in found}


@given(offers(kinds=frozenset({"first_steps"})), offers(), people())
def test_offers_alike_but_for_one_fact_are_worth_what_each_is_alone(offer, other, person):
    """Alike offers are weighed once: a fact that a criterion looks at and does not name would be overlooked."""
    facts = [field.name for field in fields(Offer) if field.name not in ("id", "kinds")]
    listing = [offer, *(replace(offer, **{"id": fact, fact: getattr(other, fact)}) for fact in facts)]
    found = recommend("first_steps", listing, person, on=TODAY)
    for one in found.recommended:
        alone = worth(findings(one.offer, Case("first_steps", person, TODAY)))
        assert one.score == pytest.approx(alone, abs=2e-6)
    for one in found.rejected:
        assert one.reasons == tuple(refusal.words for refusal in refusals(one.offer, person))


@given(LISTS, people(), st.sampled_from(KINDS))
def test_every_offer_of_the_kind_is_in_one_list_and_every_rejection_says_why(listing, person, kind):
    recommended, rejected = recommend(kind, listing, person, on=TODAY)
    assert listed(recommended) | listed(rejected) == {offer.id for offer in listing if kind in offer.kinds}
    assert listed(recommended).isdisjoint(listed(rejected))
    for one in rejected:
        assert one.reasons
        assert all(one.reasons)


@given(LISTS, people())
def test_offer_that_fails_a_hard_rule_never_appears(listing, person):
    for one in recommend("first_steps", listing, person, on=TODAY).recommended:
        entry = one.offer.eligibility
        assert one.offer.accepts_referrals
        assert one.offer.capacity != Capacity.FULL
        assert not (entry.low_income and person.low_income is False)
        assert not (entry.benefits and person.on_benefits is False)
        if person.age is not None:
            assert (entry.min_age or 0) <= person.age <= (entry.max_age or 200)


@given(LISTS, people(), st.sampled_from(sorted(FORMATS)))
def test_one_more_preference_never_takes_an_offer_from_the_list(listing, person, code):
    choosy = replace(person, prefers=person.prefers | {code})
    before = recommend("first_steps", listing, person, on=TODAY)
    after = recommend("first_steps", listing, choosy, on=TODAY)
    assert listed(after.recommended) == listed(before.recommended)


@given(LISTS, people(), people())
def test_what_a_person_would_like_never_takes_an_offer_from_the_list(listing, person, other):
    hard_rules_look_at = {"outward", "age", "low_income", "on_benefits"}
    liking = {name: getattr(other, name) for name in FACTS if name not in hard_rules_look_at}
    before = recommend("first_steps", listing, person, on=TODAY)
    after = recommend("first_steps", listing, replace(person, **liking), on=TODAY)
    assert listed(after.recommended) == listed(before.recommended)


@given(LISTS, people(), st.sampled_from(["outward", "age", "low_income", "on_benefits"]))
def test_not_knowing_something_of_the_person_never_excludes(listing, person, fact):
    known = recommend("first_steps", listing, person, on=TODAY)
    unknown = recommend("first_steps", listing, replace(person, **{fact: None}), on=TODAY)
    assert listed(known.recommended) <= listed(unknown.recommended)


@given(st.lists(offers(**NEVER_REFUSED), max_size=4))
def test_nothing_known_of_the_person_rejects_nothing_that_has_room(listing):
    with_room = [replace(offer, capacity=Capacity.YES) for offer in listing]
    assert recommend("first_steps", with_room, Circumstances(), on=TODAY).rejected == []


@given(LISTS, people(), st.randoms(use_true_random=False))
def test_order_does_not_depend_on_the_order_of_the_input(listing, person, random):
    shuffled = random.sample(listing, len(listing))
    again = recommend("first_steps", shuffled, person, on=TODAY)
    assert again == recommend("first_steps", listing, person, on=TODAY)


@given(LISTS, people())
def test_the_list_is_best_first(listing, person):
    scores = [one.score for one in recommend("first_steps", listing, person, on=TODAY).recommended]
    assert scores == sorted(scores, reverse=True)


def pair_is_ordered(better, worse, person):
    """Where both are recommended, `better` is never below `worse` by score."""
    found = {one.offer.id: one.score for one in recommend("first_steps", [better, worse], person, on=TODAY)[0]}
    return "better" not in found or "worse" not in found or found["better"] >= found["worse"]


A_LIKE_PAIR = offers(kinds=frozenset({"first_steps"}))


@given(A_LIKE_PAIR, people(), st.sampled_from(DISTRICTS), st.sampled_from(DISTRICTS))
def test_closer_never_ranks_below_farther(offer, person, one, other):
    if person.outward in (None, "M1"):
        person = replace(person, outward="SE5")
    closer, farther = sorted((one, other), key=lambda district: distance_km(person.outward, district))
    better = replace(offer, id="better", postcode=closer)
    assert pair_is_ordered(better, replace(offer, id="worse", postcode=farther), person)


@given(st.sampled_from(DISTRICTS), st.sampled_from(DISTRICTS), st.sampled_from(DISTRICTS))
def test_closer_comes_first_where_all_else_is_equal_and_one_must_travel(home, one, other):
    closer, farther = sorted((one, other), key=lambda district: distance_km(home, district))
    listing = [make_offer(id=district, name=district, postcode=district) for district in {one, other}]
    ranked = recommend("first_steps", listing, Circumstances(outward=home), on=TODAY).recommended
    if distance_km(home, closer) < distance_km(home, farther):
        assert [found.offer.id for found in ranked] == [closer, farther]


@given(A_LIKE_PAIR, people(), st.integers(0, 300), st.integers(0, 300))
def test_a_shorter_wait_never_ranks_below_a_longer(offer, person, one, other):
    sooner = replace(offer, id="better", wait_days=min(one, other))
    assert pair_is_ordered(sooner, replace(offer, id="worse", wait_days=max(one, other)), person)


@given(A_LIKE_PAIR, people(), st.sampled_from(list(Capacity)))
def test_adding_room_never_lowers_an_offer(offer, person, before):
    better = replace(offer, id="better", capacity=Capacity.YES)
    assert pair_is_ordered(better, replace(offer, id="worse", capacity=before), person)


@given(
    A_LIKE_PAIR,
    people(),
    st.sampled_from(
        [
            ("step_free", True),
            ("hearing_support", True),
            ("sight_support", True),
            ("warm_handover", True),
            ("cost", "free"),
            ("verified_on", TODAY),
            ("languages", frozenset({"Somali", "English"})),
        ]
    ),
)
def test_making_an_offer_better_never_lowers_it(offer, person, improvement):
    name, value = improvement
    better = replace(offer, id="better", **{name: value})
    assert pair_is_ordered(better, replace(offer, id="worse"), person)


@given(A_LIKE_PAIR, people(), st.sampled_from(sorted(FORMATS)))
def test_offering_a_format_that_was_asked_for_never_lowers_an_offer(offer, person, code):
    asking = replace(person, prefers=frozenset({code}), slow=False, hard=person.hard - {"people"})
    better = replace(offer, id="better", formats=offer.formats | {code})
    assert pair_is_ordered(better, replace(offer, id="worse"), asking)


@pytest.mark.parametrize("criterion", sorted(WEIGHTS))
def test_in_the_table_not_known_stands_between_fitting_and_not(criterion):
    row = WEIGHTS[criterion]
    assert row.fits >= row.ask >= row.misfit


@given(LISTS, people())
def test_every_reason_is_one_short_sentence(listing, person):
    recommended, rejected = recommend("first_steps", listing, person, on=TODAY)
    said = [reason for one in recommended for reason in (*one.reasons_for, *one.reasons_against)]
    for reason in said + [reason for one in rejected for reason in one.reasons]:
        assert reason[0].isupper() or not reason[0].isalpha()
        assert 2 <= len(reason) <= 90
        assert not reason.endswith(".")


@given(LISTS, people())
def test_a_reason_why_nothing_fits_is_given_wherever_the_list_is_empty(listing, person):
    reason = nothing_fits_reason("first_steps", listing, person, on=TODAY)
    if not recommend("first_steps", listing, person, on=TODAY).recommended:
        assert reason is not None
    if not any("first_steps" in offer.kinds for offer in listing):
        assert reason == NothingFits.NO_OFFER_OF_KIND


def one_by_one(listing, person):
    """The sieves as they are meant, offer by offer."""
    case, left = Case("first_steps", person, TODAY), listing
    for sieve in SIEVES:
        left = [offer for offer in left if sieve.passes(offer, case)]
        if not left:
            return sieve.reason
    return None


@given(offers(kinds=frozenset({"first_steps"})), offers(), people())
def test_the_reason_why_nothing_fits_overlooks_no_fact(offer, other, person):
    facts = [field.name for field in fields(Offer) if field.name not in ("id", "kinds")]
    listing = [offer, *(replace(offer, **{"id": fact, fact: getattr(other, fact)}) for fact in facts)]
    assert nothing_fits_reason("first_steps", listing, person, on=TODAY) == one_by_one(listing, person)
