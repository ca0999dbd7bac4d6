"""More experts help with enough data and hurt with little; upcycling starts from the dense function."""

import json

import numpy as np
import pytest
from archfigures.mixture_of_experts import scaling as figures
from examples import DOCS, load

scaling = load("architectures/mixture-of-experts/scaling")
RNG = np.random.default_rng(0)
Curves = dict[str, dict[str, list[float]]]


@pytest.fixture(scope="module")
def curves() -> Curves:
    return scaling.curves()


@pytest.mark.parametrize(("k", "experts"), [(1, 4), (2, 8), (3, 3)])
def test_only_the_chosen_experts_have_features(k: int, experts: int) -> None:
    x, centres, weights = RNG.normal(size=(20, 3)), RNG.normal(size=(experts, 3)), RNG.normal(size=(experts, 4, 5))
    used = np.abs(scaling.features(x, centres, weights, k)).reshape(20, experts, 5).sum(2) > 0

    assert (used.sum(1) <= k).all()
    assert used.any()


def test_more_experts_help_at_equal_active_size(curves: Curves) -> None:
    for row in curves["experts"].values():
        assert row == sorted(row, reverse=True)


def test_a_larger_active_size_helps_at_equal_experts(curves: Curves) -> None:
    rows = np.array(list(curves["experts"].values()))

    assert (np.diff(rows, axis=0) < 0).all()


def test_with_little_data_the_dense_model_wins_and_with_much_the_mixture(curves: Curves) -> None:
    dense, _, sixteen = curves["samples"].values()

    assert dense[0] < sixteen[0]
    assert dense[-1] > 2 * sixteen[-1]


@pytest.mark.parametrize("k", [1, 2, 8])
def test_upcycling_changes_nothing_when_gates_are_normalised(k: int) -> None:
    dense, x = (RNG.normal(size=(6, 24)), RNG.normal(size=(24, 6))), RNG.normal(size=(50, 6))
    experts, router = scaling.upcycle(dense, 8, RNG)

    target = np.maximum(x @ dense[0], 0) @ dense[1]
    np.testing.assert_allclose(scaling.mixture(x, experts, router, k), target, atol=1e-10)


def test_without_normalising_the_output_shrinks_to_the_share_of_the_gates() -> None:
    dense, x = (RNG.normal(size=(6, 24)), RNG.normal(size=(24, 6))), RNG.normal(size=(50, 6))
    experts, _ = scaling.upcycle(dense, 8, RNG)

    out = scaling.mixture(x, experts, 1e-6 * RNG.normal(size=(6, 8)), 2, normalise=False)
    np.testing.assert_allclose(out, np.maximum(x @ dense[0], 0) @ dense[1] / 4, rtol=1e-3)


@pytest.mark.parametrize(("before", "after", "same"), [(1, 1, True), (2, 4, True), (3, 6, True), (2, 2, False)])
def test_doubled_experts_compute_the_same_only_if_twice_as_many_are_chosen_or_one(
    before: int, after: int, same: bool
) -> None:
    rng = np.random.default_rng(3)
    experts = [(rng.normal(size=(6, 24)), rng.normal(size=(24, 6))) for _ in range(8)]
    router, x = rng.normal(size=(6, 8)), rng.normal(size=(50, 6))

    out = scaling.mixture(x, *scaling.grow(experts, router, 2, rng, noise=1e-9), after)
    assert np.allclose(out, scaling.mixture(x, experts, router, before), atol=1e-6) == same
    if (before, after) == (2, 2):  # both places go to the copies of the best
        np.testing.assert_allclose(out, scaling.mixture(x, experts, router, 1), atol=1e-6)


def test_the_figure_of_shares_says_what_the_models_files_give() -> None:
    mixtures = {key: (series, size, used) for key, series, size, used in figures.mixtures()}

    assert set(figures.NAMED) <= set(mixtures)
    assert min(mixtures, key=lambda key: mixtures[key][2]) == "deepseek-v4.1-flash"
    small = [used for _, size, used in mixtures.values() if 6 < size < 60]
    assert min(small) + 0.1 >= 7
    assert max(small) < 28
    large = [used for _, size, used in mixtures.values() if size > 300]
    assert sum(3 <= used <= 7 for used in large) > 0.6 * len(large)


def test_the_stored_curves_are_what_the_code_gives(curves: Curves) -> None:
    stored = json.loads((DOCS / "architectures/mixture-of-experts/scaling.json").read_text(encoding="utf-8"))

    for kind, rows in curves.items():
        for name, row in rows.items():
            np.testing.assert_allclose(stored[kind][name], row, atol=2e-3, rtol=1e-2)
