"""The closed forms are the minima a search finds, fits recover the law they were drawn from, and pages' sums agree."""

import json

import numpy as np
import pytest
from archdata import formulas
from examples import DOCS, load

laws = load("scaling-inference/scaling-laws")
ALL = [laws.HOFFMANN, laws.HOFFMANN_EXACT, laws.BESIROGLU]


@pytest.mark.parametrize("law", ALL)
@pytest.mark.parametrize("budget", [1e19, 5.88e23, 3.8e25])
def test_the_split_is_where_a_search_finds_the_least_loss(law: tuple[float, ...], budget: float) -> None:
    n, d = laws.optimum(budget, law)
    sizes = n * np.geomspace(0.5, 2, 20001)
    losses = laws.loss(sizes, budget / 6 / sizes, law)

    assert 6 * n * d == pytest.approx(budget)
    assert sizes[np.argmin(losses)] == pytest.approx(n, rel=1e-3)
    assert laws.budget_for(laws.loss(n, d, law), law) == pytest.approx(budget)


def test_published_numbers_come_out() -> None:
    alpha, beta = laws.HOFFMANN[3:]
    # Hoffmann et al. 2022, section 3.3, print a = 0.46 (and 0.454 as an interval's end) for approach 3.
    assert round(laws.HOFFMANN_EXACT[4] / (laws.HOFFMANN_EXACT[3] + laws.HOFFMANN_EXACT[4]), 2) == 0.46
    assert beta / (alpha + beta) == pytest.approx(0.452, abs=5e-4)
    # Besiroglu et al. 2024: a = 0.5126.
    assert laws.BESIROGLU[4] / (laws.BESIROGLU[3] + laws.BESIROGLU[4]) == pytest.approx(0.5126, abs=5e-5)
    n, d = laws.optimum(6 * 70e9 * 1.4e12, laws.BESIROGLU)
    assert 65e9 < n < 80e9
    assert 17 < d / n < 21


def test_a_size_below_the_best_needs_the_tokens_it_is_given() -> None:
    n, d = 8e9, 15e12
    target = laws.loss(n, d, laws.BESIROGLU)

    assert float(laws.tokens_for(target, n, laws.BESIROGLU)) == pytest.approx(d)
    assert np.isinf(laws.tokens_for(target, 1e9, laws.BESIROGLU))


def test_the_more_is_served_the_smaller_the_cheapest_model() -> None:
    target = laws.loss(70e9, 1.4e12, laws.BESIROGLU)
    sizes = [laws.cheapest(target, served, laws.BESIROGLU)[0] for served in (0, 1e12, 1e13, 1e14)]
    best, _ = laws.optimum(laws.budget_for(target, laws.BESIROGLU), laws.BESIROGLU)

    assert sizes[0] == pytest.approx(best, rel=1e-3)
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[3] < 0.4 * sizes[0]


def test_at_break_even_both_models_have_cost_the_same() -> None:
    n, d = 8e9, 15e12
    budget = laws.budget_for(laws.loss(n, d, laws.BESIROGLU), laws.BESIROGLU)
    best, tokens = laws.optimum(budget, laws.BESIROGLU)
    served = laws.break_even(n, d, laws.BESIROGLU)

    assert 6 * n * d + 2 * n * served == pytest.approx(6 * best * tokens + 2 * best * served)


def test_repeats_are_worth_a_first_pass_then_less_and_less() -> None:
    worth = [laws.effective(100.0, e) for e in range(1, 200)]
    gains = np.diff(worth)

    assert worth[0] == 100
    assert gains[0] == pytest.approx(100, rel=0.04)
    assert (np.diff(gains) < 0).all()
    assert worth[-1] < 100 * (1 + 15.387756)


def test_a_fit_to_exact_losses_recovers_the_law() -> None:
    n = np.geomspace(1e8, 1e10, 9)[:, None] * np.ones(9)
    d = np.geomspace(1e9, 1e11, 9)[None, :] * np.ones((9, 1))
    n, d = n.ravel(), d.ravel()
    start = tuple(1.1 * v for v in laws.BESIROGLU)

    found = laws.fit(n, d, laws.loss(n, d, laws.BESIROGLU), start, steps=400)

    np.testing.assert_allclose(found, laws.BESIROGLU, rtol=1e-4)


def test_a_parabola_is_exact_only_without_spread_or_with_equal_exponents() -> None:
    assert laws.parabola(1e21, 1.01, laws.HOFFMANN) == pytest.approx(1, abs=1e-4)
    assert laws.parabola(1e21, 16, laws.HOFFMANN) > 1.04
    assert laws.parabola(1e21, 16, (1.7, 400, 400, 0.3, 0.3)) == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize(
    ("key", "law"),
    [("hoffmann", laws.HOFFMANN), ("hoffmann-unrounded", laws.HOFFMANN_EXACT), ("besiroglu", laws.BESIROGLU)],
)
def test_the_tables_formulas_agree_with_the_pages_code(key: str, law: tuple[float, ...]) -> None:
    table = formulas.LAWS[key]
    target = laws.loss(8e9, 15e12, law)

    assert (table.e, table.a, table.b, table.alpha, table.beta) == law
    assert table.loss(8e9, 15e12) == pytest.approx(target)
    assert table.optimum(1e22) == pytest.approx(laws.optimum(1e22, law))
    assert table.least_budget(target) == pytest.approx(laws.budget_for(target, law))
    assert table.break_even(8e9, 15e12) == pytest.approx(laws.break_even(8e9, 15e12, law))
    assert table.cheapest(target, 1e13)[0] == pytest.approx(laws.cheapest(target, 1e13, law)[0], rel=1e-3)
    share = 0.4
    best, _ = table.optimum(table.least_budget(target))
    direct = 6 * share * best * table.tokens_for(target, share * best) / table.least_budget(target)
    assert table.overhead(share) == pytest.approx(direct)
    assert table.overhead(1) == pytest.approx(1)
    assert formulas.effective_tokens(7e9, 5) == pytest.approx(laws.effective(7e9, 5))


def test_the_charts_band_is_the_experiments() -> None:
    stored = json.loads((DOCS / "scaling-inference/scaling-laws.json").read_text(encoding="utf-8"))
    again = laws.experiment()

    assert stored["budgets"] == again["budgets"]
    for key in ("spread 3", "spread 10"):
        np.testing.assert_allclose(stored[key], again[key], atol=0.02)
    low, middle, high = np.array(stored["spread 3"])[:, -1]
    assert high / low > 1.7
    assert low < middle < high
