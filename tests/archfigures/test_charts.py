"""Charts: what their axes, legends and edges say."""

import re

import pytest
from archfigures.charts import Axis, Chart
from archfigures.text import tspans


def svg(chart: Chart) -> str:
    return chart.svg("u", "a title", "a description")


def test_a_logarithmic_axis_says_so_where_there_is_room() -> None:
    assert Axis("steps", 1, 100, log=True).name(200) == "steps (log scale)"
    assert Axis("steps", 1, 100, log=True).name(70) == "steps (log)"
    assert Axis("steps", 1, 100, log=True).name(40) == Axis("steps", 1, 100).name(200) == "steps"


def test_thousands_are_grouped_but_years_are_not() -> None:
    assert list(Axis("n", 0, 4000).marks().values()) == ["0", "1,000", "2,000", "3,000", "4,000"]
    assert list(Axis("n", 0, 1, ticks={0: "65536", 1: "0.00001"}).marks().values()) == ["65,536", "0.00001"]
    assert list(Axis("released", 2023, 2026, ticks={2024: "2024"}).marks().values()) == ["2024"]


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(0.1, 100, ["0.1", "1", "10", "100"]), (1e-5, 1e-3, ["$10^{−5}$", "$10^{−4}$", "$10^{−3}$"])],
)
def test_one_axis_writes_all_powers_in_one_way(low: float, high: float, expected: list[str]) -> None:
    assert list(Axis("x", low, high, log=True).marks().values()) == expected


def test_a_tick_beyond_the_ends_is_left_out() -> None:
    assert Axis("x", 2, 8, ticks={1: "one", 2: "two", 8: "eight", 9: "nine"}).marks() == {2: "two", 8: "eight"}


def test_the_legend_shows_the_mark_that_is_drawn() -> None:
    chart = Chart(Axis("x", 0, 1), Axis("y", 0, 1))
    chart.line([0, 1], [0, 1], label="dashes", dashed=True)
    chart.points([0], [0], series=1, label="dots")
    key = svg(chart).rsplit("</g>", 1)[1]

    assert re.search(r'ad-s0 ad-dashed" d="M\S+ 14h14"/>.*dashes', key)
    assert re.search(r'<circle class="ad-point ad-s1".*dots', key)


def test_lines_end_at_the_axes_and_points_beyond_them_are_left_out() -> None:
    chart = Chart(Axis("x", 0, 1), Axis("y", 0, 1))
    chart.line([0, 1], [0, 2])
    chart.points([0, 1], [1, 2])
    drawn = svg(chart)

    assert 'clip-path="url(#u-c)"><path class="ad-series' in drawn
    assert drawn.count("<circle") == 1


def test_no_line_is_kept_free_for_a_legend_or_a_name_that_is_not_there() -> None:
    plain, named = Chart(Axis("", 0, 1), Axis("y", 0, 1)), Chart(Axis("x", 0, 1), Axis("y", 0, 1))
    named.line([0, 1], [0, 1], label="a")

    assert 'viewBox="0 0 720 290"' in svg(plain)
    assert 'viewBox="0 0 720 330"' in svg(named)


def test_in_maths_letters_are_italic_and_signs_upright_with_a_true_minus() -> None:
    assert tspans("$1-x$") == ('<tspan class="ad-maths ad-upright">1−</tspan><tspan class="ad-maths">x</tspan>')
    assert 'ad-script ad-upright" dy="0.4em">img<' in tspans("$T_{img}$")
    assert 'ad-script" dy="0.4em">t−1<' in tspans("$S_{t-1}$")
    assert tspans("$x̂$") == '<tspan class="ad-maths">x̂</tspan>'
