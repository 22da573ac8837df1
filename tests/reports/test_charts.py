"""A chart draws only what is shown, and is well-formed whatever its labels hold."""

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from reports.charts import Bar, bars
from reports.disclosure import count

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
