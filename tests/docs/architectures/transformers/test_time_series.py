"""Numbers survive bins and patches, quantiles behave as told, and groups of series are kept apart."""

import json

import numpy as np
import pytest
from archfigures.registry import figures
from examples import DOCS, load

page = load("architectures/transformers/time-series")
PAGE = DOCS / "architectures/transformers/time-series.md"
STORED = json.loads(PAGE.with_suffix(".json").read_text(encoding="utf-8"))
TEXT = PAGE.read_text(encoding="utf-8")
RNG = np.random.default_rng(0)


def test_values_come_back_from_bins_to_within_half_a_bin() -> None:
    x = RNG.normal(size=200)
    places, scale = page.tokens(x)

    assert np.abs(page.values(places, scale) - x).max() <= 15 / 4092 * scale + 1e-12
    assert len(page.CENTRES) == 4096 - 2 - 1


def test_a_level_eats_the_bins_and_a_spike_is_cut() -> None:
    assert len(set(page.tokens(page.wave(1000))[0].tolist())) == 4
    spike = np.r_[np.ones(499), 100.0]
    places, scale = page.tokens(spike)

    assert page.values(places, scale).max() == pytest.approx(15 * scale)


@pytest.mark.parametrize("length", [5, 16, 33])
def test_patches_can_be_undone_and_say_what_was_seen(length: int) -> None:
    x = RNG.normal(size=length) * 7 + 3
    rows, (mean, spread) = page.patches(x)
    numbers, seen = rows[:, :16].ravel(), rows[:, 16:].ravel() == 1

    assert seen.sum() == length
    np.testing.assert_allclose(np.sinh(numbers[seen]) * spread + mean, x)
    assert f"becomes {page.patches(np.r_[np.ones(499), 100.0])[0][-1, 15]:.1f}" in TEXT


@pytest.mark.parametrize("level", [0.1, 0.5, 0.9])
def test_the_quantile_loss_is_least_at_the_quantile(level: float) -> None:
    y, grid = np.sort(RNG.normal(size=2001)), np.linspace(-2, 2, 801)
    losses = [page.pinball(q, y, level).mean() for q in grid]
    exact = [page.mean_pinball(q, level) for q in grid]

    assert grid[int(np.argmin(losses))] == pytest.approx(np.quantile(y, level), abs=0.01)
    assert grid[int(np.argmin(exact))] == pytest.approx(page.NORMAL.inv_cdf(level), abs=0.01)


def test_sorting_crossed_quantiles_never_raises_the_loss() -> None:
    levels = np.array([0.1, 0.5, 0.9])
    for _ in range(200):
        q, y = RNG.normal(size=3), RNG.normal()
        assert page.pinball(np.sort(q), y, levels).sum() <= page.pinball(q, y, levels).sum() + 1e-12


def test_twice_the_mean_over_levels_is_the_crps() -> None:
    levels = (np.arange(2000) + 0.5) / 2000
    q, y = np.array([page.NORMAL.inv_cdf(level) for level in levels]), 0.7
    drawn = RNG.normal(size=(200_000, 2))
    crps = np.abs(drawn[:, 0] - y).mean() - np.abs(drawn[:, 0] - drawn[:, 1]).mean() / 2

    assert 2 * page.pinball(q, y, levels).mean() == pytest.approx(crps, abs=0.01)


def test_the_median_fed_back_forgets_and_nine_quantiles_keep_most() -> None:
    fans = page.fans()

    np.testing.assert_allclose(fans["the median fed"][16:32], fans["the median fed"][:16])
    assert fans["one pass"][63] == pytest.approx(2 * fans["the median fed"][63])
    assert 0.7 < fans["nine quantiles fed"][63] / fans["one pass"][63] < 0.8
    told = figures()["transformers/time-series/fans"].desc
    assert f"rises to {fans['nine quantiles fed'][63]:.1f}" in told
    assert f"alone to {fans['nine fed, head of nine'][63]:.1f}" in told
    assert fans["nine quantiles fed"][63] / fans["one pass"][63] == pytest.approx(3 / 4, abs=0.01)
    assert fans["nine fed, head of nine"][63] / fans["one pass"][63] == pytest.approx(3 / 5, abs=0.015)


def test_quantiles_fed_agree_with_exact_mixtures_and_with_plain_quantiles_of_81() -> None:
    """Merging by 21 levels loses little against the exact mixture of nine normals; by nine it loses the tails."""
    fans, z = page.fans(), np.array([page.NORMAL.inv_cdf(level) for level in page.FED])
    paths, plain = 4 * z, 4 * z
    fine = 4 * np.array([page.NORMAL.inv_cdf(u) for u in (np.arange(4000) + 0.5) / 4000])
    for end in (31, 47, 63):
        paths = np.quantile(paths[:, None] + fine, page.FED)
        assert fans["nine quantiles fed"][end] == pytest.approx(paths[-1] - paths[0], rel=0.03)
        plain = np.quantile(plain[:, None] + 4 * z, page.FED)
        assert fans["nine fed, head of nine"][end] == pytest.approx(plain[-1] - plain[0], rel=0.06)


@pytest.mark.parametrize("memory", [0.0, 0.9])
def test_the_quantile_of_a_sum_is_that_of_drawn_sums(memory: float) -> None:
    gap = np.abs(np.subtract.outer(np.arange(24), np.arange(24)))
    drawn = RNG.multivariate_normal(np.zeros(24), memory**gap, size=100_000)
    apart, whole = page.summed(24, memory)

    assert np.quantile(drawn.sum(1), 0.9) == pytest.approx(whole, rel=0.02)
    assert np.quantile(drawn, 0.9, axis=0).sum() == pytest.approx(apart, rel=0.02)
    assert page.summed(24, 1.0)[0] == pytest.approx(page.summed(24, 1.0)[1])


@pytest.fixture(scope="module")
def series() -> tuple[np.ndarray, np.ndarray, list[np.ndarray]]:
    """Five series in two groups, seven patches each, and the weights of a layer."""
    w = [RNG.normal(size=(8, 8)) / 3 for _ in range(6)]
    w += [RNG.normal(size=(8, 16)) / 3, RNG.normal(size=(16, 8)) / 3]
    return RNG.normal(size=(5, 7, 8)), np.array([0, 0, 1, 1, 1]), w


def test_a_series_hears_of_its_group_alone(series: tuple[np.ndarray, np.ndarray, list[np.ndarray]]) -> None:
    x, groups, w = series
    whole, other = page.group_block(x, groups, w), x.copy()
    other[4] = RNG.normal(size=other[4].shape)

    np.testing.assert_allclose(page.group_block(other, groups, w)[:2], whole[:2], atol=1e-12)
    assert np.abs(page.group_block(other, groups, w)[2] - whole[2]).max() > 0.01
    np.testing.assert_allclose(page.group_block(x[:2], groups[:2], w), whole[:2], atol=1e-12)


def test_the_order_of_the_series_does_not_matter(series: tuple[np.ndarray, np.ndarray, list[np.ndarray]]) -> None:
    x, groups, w = series
    order = RNG.permutation(5)

    shuffled = page.group_block(x[order], groups[order], w)
    np.testing.assert_allclose(shuffled, page.group_block(x, groups, w)[order], atol=1e-12)


def test_sizes_are_those_that_the_page_tells() -> None:
    assert page.timesfm(head=False) == pytest.approx(200e6, rel=0.02)
    assert page.timesfm() - page.timesfm(head=False) == pytest.approx(30e6, rel=0.1)
    assert page.chronos_2() == pytest.approx(120e6, rel=0.01)


def test_what_is_stored_is_what_the_code_computes() -> None:
    found = page.results()

    assert STORED["sizes"] == found["sizes"]
    assert STORED["fans"] == found["fans"]
