"""A chart draws only what is shown, and is well-formed whatever its labels hold."""

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from reports.charts.bars import Bar, bars
from reports.charts.funnel import funnel
from reports.charts.spread import spread
from reports.charts.stacks import Change, Stack, diverging, stacked
from reports.charts.trend import columns
from reports.disclosure import count, days, share
from reports.periods import Month
from reports.showing import Point

PRINTABLE = st.text(st.characters(exclude_categories=["C"]), max_size=200)
BARS = st.lists(st.builds(Bar, PRINTABLE, st.builds(count, st.integers(0, 10_000))), max_size=15)


def drawn(rows, title="Needs"):
    return ElementTree.fromstring(bars(title, rows))  # noqa: S314 - our own, just made


def widths(svg):
    return [float(bar.get("width").rstrip("%")) for bar in svg.iter("rect")]


@given(PRINTABLE, BARS)
def test_a_chart_is_well_formed_whatever_its_labels_hold(title, rows):
    svg = drawn(rows, title)
    assert svg.get("role") == "img"
    assert len(widths(svg)) == len(rows)


@given(BARS)
def test_bars_are_as_long_as_what_is_shown_and_never_wider_than_their_place(rows):
    longest = max((row.shown.value or 0 for row in rows), default=0)
    for width, row in zip(widths(drawn(rows)), rows, strict=True):
        assert width == round(75 * (row.shown.value or 0) / (longest or 1), 1)


def test_what_is_held_back_has_words_and_no_bar():
    svg = drawn([Bar("High", count(3)), Bar("None", count(40))])
    assert widths(svg)[0] == 0
    assert [text.text for text in svg.iter("text")] == ["High", "fewer than 8", "None", "40"]


def test_a_long_label_is_broken_into_lines_and_pushes_the_rest_down():
    short, long = drawn([Bar("Short", count(8))]), drawn([Bar("word " * 30, count(8))])
    assert int(long.get("height")) > int(short.get("height"))
    assert all(len(text.text) <= 36 for text in long.iter("text"))


def test_a_chart_says_what_it_is_about_and_where_the_figures_are():
    assert drawn([], "What people need").get("aria-label") == "What people need. The table has the figures."


# --- Trends, pieces, waits ------------------------------------------------------------------------------------


def point(month, numerator, denominator):
    n, d = count(numerator), count(denominator)
    return Point(Month(2026, month), share(n, d), n, d, count(0))


SHARES = st.tuples(st.integers(0, 400), st.integers(0, 400)).map(sorted)


@given(st.lists(SHARES, min_size=1, max_size=12))
def test_a_trend_has_a_column_for_each_share_that_is_shown_and_words_for_each_gap(pairs):
    points = [point(number, part, whole) for number, (part, whole) in enumerate(pairs, start=1)]
    svg = ElementTree.fromstring(columns("Screened", points))  # noqa: S314 - our own, just made
    texts = [text.text for text in svg.iter("text")]
    assert len(widths(svg)) == sum(one.share.value is not None for one in points)
    assert texts.count("not shown") + texts.count("none") == sum(one.share.value is None for one in points)
    assert all(0 <= float(bar.get("height")) <= 120 for bar in svg.iter("rect"))


def test_a_trend_says_which_month_each_column_is_and_where_a_year_begins():
    points = [point(number, 10, 40) for number in (11, 12)]
    texts = [text.text for text in ElementTree.fromstring(columns("Screened", points)).iter("text")]  # noqa: S314
    assert texts[-3:] == ["11", "2026", "12"]
    assert "25%" in texts


def test_pieces_are_as_long_as_what_is_shown_and_what_is_held_back_is_in_the_words():
    stack = Stack("Access", [("High", count(40)), ("Some", count(3)), ("None", count(60))])
    svg = ElementTree.fromstring(stacked("Levels", [stack], "levels"))  # noqa: S314
    pieces = [float(one.get("width").rstrip("%")) for one in svg.iter("rect") if one.get("height") == "20"]
    assert pieces == [40, 60]
    assert any("High 40 · Some fewer than 8 · None" in (text.text or "") for text in svg.iter("text"))


def test_every_pattern_that_a_chart_fills_with_is_its_own():
    stack = Stack("Access", [(f"level {number}", count(40)) for number in range(5)])
    svg = ElementTree.fromstring(stacked("Levels", [stack], "levels"))  # noqa: S314
    used = {one.get("fill") for one in svg.iter("rect") if (one.get("fill") or "").startswith("url")}
    assert used <= {f"url(#{pattern.get('id')})" for pattern in svg.iter("pattern")}
    assert len(used) == 3


def test_waits_are_drawn_only_where_their_days_are_shown():
    assert spread("Waits", days(12, 7), days(30, 7), 90) is None
    svg = ElementTree.fromstring(spread("Waits", days(45, 9), days(90, 9), 90))  # noqa: S314
    assert widths(svg) == [47.5]
    assert "Half within 45 days" in [text.text for text in svg.iter("text")]


def test_a_funnel_says_of_each_stage_what_share_of_the_one_before_it_is():
    stages = [Bar("Screened", count(100)), Bar("Agreed", count(50)), Bar("Referred", count(3))]
    svg = ElementTree.fromstring(funnel("The whole way", stages))  # noqa: S314
    assert widths(svg) == [100, 50, 0]
    words = [text.text for text in svg.iter("text")]
    assert words == ["Screened: 100", "Agreed: 50 (50% of those before)", "Referred: fewer than 8"]


def test_what_is_better_goes_to_the_right_and_what_is_worse_to_the_left_with_all_in_words():
    change = Change("Use", better=count(40), same=count(3), worse=count(20))
    svg = ElementTree.fromstring(diverging("Change", [change], "change"))  # noqa: S314
    worse, better = (one for one in svg.iter("rect") if one.get("height") == "20")
    assert (worse.get("x"), worse.get("width"), worse.get("fill")) == ("25.0%", "25.0%", "url(#change-hatched)")
    assert (better.get("x"), better.get("width")) == ("50.0%", "50.0%")
    words = " ".join(text.text for text in svg.iter("text"))
    assert words == "Use worse 20 · same fewer than 8 · better 40"
