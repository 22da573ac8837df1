"""Districts, distances and areas."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.places import covers, distance_km, known_boroughs, locate, outward_code, places

DISTRICTS = st.sampled_from(sorted(places()))


@pytest.mark.parametrize(
    ("written", "outward"),
    [
        ("SE5", "SE5"),
        (" se5 8xx ", "SE5"),
        ("SE58XX", "SE5"),
        ("SE158XX", "SE15"),
        ("SE1 8XX", "SE1"),
        ("SE18XX", "SE1"),
        ("EC1A 1BB", "EC1A"),
        ("E1 6AN", "E1"),
        ("E16AN", "E1"),
        ("", None),
        (None, None),
        ("no fixed address", None),
        ("SE", None),
        ("12345", None),
    ],
)
def test_outward_code_is_read_however_it_is_written(written, outward):
    assert outward_code(written) == outward


def test_every_district_of_the_home_boroughs_is_in_the_table():
    wanted = {f"SE{number}" for number in range(1, 29)} | {f"BR{number}" for number in range(1, 9)}
    wanted |= {f"SW{number}" for number in (2, 4, 8, 9, 11, 12, 16, 17)} | {"E1", "EC1", "N1"}
    wanted |= {f"CR{number}" for number in (0, 2, 3, 4, 5, 6, 7, 8, 9)}
    assert wanted <= set(places())


def test_every_row_lies_in_london_or_at_its_edge_and_names_a_borough():
    for place in places().values():
        assert 51.25 < place.point.latitude < 51.6, place
        assert -0.32 < place.point.longitude < 0.2, place
        assert place.boroughs, place
        assert "" not in place.boroughs, place


def test_a_divided_central_district_stands_at_its_undivided_one():
    assert locate("EC1A 1BB") == locate("EC1")
    assert locate("SW1P") == locate("SW1")


def test_a_district_outside_the_table_has_no_place_and_no_distance():
    assert locate("M1 1AE") is None
    assert distance_km("M1 1AE", "SE5") is None
    assert distance_km(None, "SE5") is None


@pytest.mark.parametrize(
    ("start", "end", "least", "most"),
    [("SE5", "SE15", 1, 3), ("SE5", "CR0", 9, 13), ("SE1", "BR6", 17, 22), ("SW9", "SE24", 1.5, 3.5)],
)
def test_distances_are_about_right(start, end, least, most):
    assert least < distance_km(start, end) < most


@given(DISTRICTS, DISTRICTS, DISTRICTS)
def test_distance_is_a_distance(here, there, between):
    assert distance_km(here, here) == 0
    assert distance_km(here, there) == distance_km(there, here)
    assert distance_km(here, there) <= distance_km(here, between) + distance_km(between, there) + 1e-9


def test_different_districts_are_never_in_the_same_spot():
    spots = {(place.point.latitude, place.point.longitude) for place in places().values()}
    assert len(spots) == len(places())


@pytest.mark.parametrize(
    ("areas", "outward", "answer"),
    [
        ({"SE5"}, "SE5", True),
        ({"se5"}, "SE5 8XX", True),
        ({"SE5"}, "SE15", False),
        ({"SE"}, "SE15", True),
        ({"SW"}, "SE15", False),
        ({"Lambeth"}, "SW2", True),
        ({" south  wark ", "lambeth"}, "SW2", True),
        ({"Croydon"}, "SW2", False),
        ({"Southwark"}, "SE5", None),  # SE5 lies in Lambeth too
        ({"Southwark", "Lambeth"}, "SE5", True),
        ({"around the High Street"}, "SE5", None),
        ({"around the High Street", "SE5"}, "SE5", True),
        ({"Croydon", "around the High Street"}, "SE5", None),
        ({"Lambeth"}, "M1", None),
        ({"SE5"}, "M1", False),
        ({"SE5"}, None, None),
        ({"SE5"}, "nowhere settled", None),
        ({"EC1"}, "EC1A", True),
        ({"EC1A"}, "EC1", None),
        ({"EC"}, "EC1A", True),
        ({"E"}, "EC1A", False),
    ],
)
def test_an_area_takes_in_a_district_or_not_or_it_cannot_be_told(areas, outward, answer):
    assert covers(frozenset(areas), outward) is answer


@given(st.sets(st.sampled_from(sorted(known_boroughs())), min_size=1), DISTRICTS)
def test_a_district_is_outside_only_boroughs_that_it_does_not_touch(areas, district):
    touches = locate(district).boroughs
    assert (covers(frozenset(areas), district) is False) == touches.isdisjoint(areas)


@given(st.sets(st.sampled_from(["SE5", "SE", "Lambeth", "Croydon", "the estate"]), min_size=1), DISTRICTS)
def test_naming_one_more_area_never_takes_a_district_out(areas, district):
    before = covers(frozenset(areas), district)
    after = covers(frozenset({*areas, "Southwark"}), district)
    assert not (after is False and before is not False)
    assert not (before is True and after is not True)
