"""Scores agree where inputs are alike, repairs help and are bounded, patterns are kept, and idle parts cost nothing."""

from __future__ import annotations

import json

import numpy as np
import pytest
from examples import DOCS, load

page = load("scaling-inference/pruning")
STORED = json.loads((DOCS / "scaling-inference/pruning.json").read_text(encoding="utf-8"))
W, X = page.layer()
PATTERNS = {"half": page.unstructured(page.wanda(W, X), 0.5), "2 of 4": page.n_of_m(page.wanda(W, X))}


@pytest.mark.parametrize("kept", PATTERNS.values(), ids=PATTERNS)
def test_repair_is_between_none_and_the_best_for_the_places(kept: np.ndarray) -> None:
    repaired, best = page.sparsegpt(W, X, kept), page.refit(W, X, kept)

    assert page.error(W, best, X) < page.error(W, repaired, X) < page.error(W, W * kept, X)
    assert not repaired[~kept].any()
    assert not best[~kept].any()


def test_the_repair_is_the_best_for_the_places_if_only_the_first_column_goes() -> None:
    kept = np.ones(W.shape, bool)
    kept[:, 0] = False

    np.testing.assert_allclose(page.sparsegpt(W, X, kept, damping=0), page.refit(W, X, kept), atol=1e-8)


def test_what_is_removed_goes_to_an_input_that_is_the_same() -> None:
    x = np.random.default_rng(0).normal(size=(100, 3))
    x = np.column_stack([x, x[:, 0]])
    w = np.array([[2.0, -1.0, 0.5, 1.0]])
    kept = np.array([[False, True, True, True]])

    np.testing.assert_allclose(page.sparsegpt(w, x, kept, damping=1e-9), [[0, -1, 0.5, 3]], atol=1e-5)


def test_with_inputs_of_one_size_wanda_removes_the_smallest() -> None:
    x = np.sign(X)

    assert (page.unstructured(page.wanda(W, x), 0.3) == page.unstructured(page.magnitude(W, x), 0.3)).all()


def test_a_weight_alone_costs_its_score() -> None:
    changed = W.copy()
    changed[5, 7] = 0
    cost = ((X @ (W - changed).T) ** 2).sum()

    assert cost == pytest.approx(page.wanda(W, X)[5, 7] ** 2)


@pytest.mark.parametrize(("n", "m"), [(2, 4), (1, 4), (4, 8)])
def test_each_group_keeps_its_best(n: int, m: int) -> None:
    scores = page.wanda(W, X)
    kept = page.n_of_m(scores, n, m).reshape(len(W), -1, m)
    groups = scores.reshape(len(W), -1, m)

    assert (kept.sum(2) == n).all()
    assert (np.where(kept, groups, np.inf).min(2) >= np.where(kept, 0, groups).max(2)).all()


def test_units_that_are_never_active_go_first_and_change_nothing() -> None:
    rng = np.random.default_rng(1)
    x = np.abs(rng.normal(size=(50, 6)))
    up, down = rng.normal(size=(8, 6)), rng.normal(size=(4, 8))
    up[[1, 6]] = -np.abs(up[[1, 6]])
    less_up, less_down = page.drop_neurons(up, down, x, 6)

    assert less_up.shape == (6, 6)
    np.testing.assert_allclose(np.maximum(x @ less_up.T, 0) @ less_down.T, np.maximum(x @ up.T, 0) @ down.T)


def test_a_layer_that_only_scales_has_no_influence_and_one_that_turns_back_has_most() -> None:
    assert page.block_influence(X, 3 * X) == pytest.approx(0)
    assert page.block_influence(X, -X) == pytest.approx(2)


def test_bits_and_stored_curves_are_what_the_page_says() -> None:
    assert [page.bits_per_weight(bits) for bits in (16, 8, 4)] == [9, 5, 3]
    for name, values in page.measure().items():
        np.testing.assert_allclose(STORED[name], values, atol=2e-5)
