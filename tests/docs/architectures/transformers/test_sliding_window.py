"""A ring of keys gives what the windowed mask gives, and reach grows by window - 1 a layer."""

import json

import numpy as np
import pytest
from examples import DOCS, load

page = load("architectures/transformers/sliding-window")


@pytest.mark.parametrize("window", [1, 3, 8, 50])
def test_the_ring_equals_the_mask(window: int) -> None:
    q, k, v = np.random.default_rng(window).normal(size=(3, 30, 4))
    ring = page.RollingCache(window, 4)
    steps = np.stack([ring.step(*row) for row in zip(q, k, v, strict=True)])
    np.testing.assert_allclose(steps, page.attention(q, k, v, page.window_mask(30, window)), atol=1e-13)
    assert len(ring.keys) == window


def test_a_window_as_long_as_the_text_is_full_attention() -> None:
    np.testing.assert_array_equal(page.window_mask(9, 9), np.tri(9, dtype=bool))


@pytest.mark.parametrize(("window", "layers"), [(2, 1), (4, 3), (5, 6)])
def test_reach_grows_by_the_window_less_one(window: int, layers: int) -> None:
    assert page.reach(100, [window] * layers)[-1].sum() == layers * (window - 1) + 1


def test_one_full_layer_reaches_everything() -> None:
    np.testing.assert_array_equal(page.reach(20, [3, None]), np.tri(20, dtype=bool))


def test_dependence_is_real_not_only_allowed() -> None:
    # Two windowed layers: the output changes with a token just inside the reach and not with one outside.
    x = np.random.default_rng(0).normal(size=(20, 4))
    mask = page.window_mask(20, 4)

    def stack(y: np.ndarray) -> np.ndarray:
        for _ in range(2):
            y = y + page.attention(y, y, y, mask)
        return y[-1]

    for token, changes in ((13, True), (12, False)):
        other = x.copy()
        other[token] += 1
        assert (np.abs(stack(other) - stack(x)).max() > 1e-9) == changes


def test_the_stored_run_is_reproduced() -> None:
    stored = json.loads((DOCS / "architectures/transformers/sliding-window.json").read_text(encoding="utf-8"))
    assert stored == page.experiment()


@pytest.mark.parametrize("stay", [0, 0.3, 0.9])
def test_shares_of_influence_are_products_of_the_mixing_matrices(stay: float) -> None:
    window, layers, tokens = 4, 5, 40
    mask = page.window_mask(tokens, window)
    mixing = stay * np.eye(tokens) + (1 - stay) * mask / window  # the first rows do not matter for the last
    last = np.linalg.matrix_power(mixing, layers)[-1][::-1]
    share = page.influence(window, layers, stay)
    np.testing.assert_allclose(last[: len(share)], share, atol=1e-12)
    assert np.sum(share * np.arange(len(share))) == pytest.approx(layers * (1 - stay) * (window - 1) / 2)


def test_the_numbers_on_the_page() -> None:
    assert np.searchsorted(np.cumsum(page.influence(4096, 32, 0.9)), 0.99) == 17788
