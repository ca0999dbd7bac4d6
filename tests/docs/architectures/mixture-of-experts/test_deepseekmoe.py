"""Splitting keeps the function and the weights, sharing helps where there is something in common."""

import json
from itertools import combinations

import numpy as np
import pytest
from archdata import models
from archfigures.mixture_of_experts import deepseekmoe as figures
from examples import DOCS, load

moe = load("architectures/mixture-of-experts/deepseekmoe")
RNG = np.random.default_rng(0)


def expert(width: int = 8, inner: int = 12) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return RNG.normal(size=(width, inner)), RNG.normal(size=(width, inner)), RNG.normal(size=(inner, width))


@pytest.mark.parametrize("m", [1, 2, 4])
def test_the_parts_of_an_expert_add_up_to_it(m: int) -> None:
    whole, x = expert(), RNG.normal(size=(5, 8))

    parts = sum(moe.swiglu(x, *part) for part in moe.split(whole, m))
    np.testing.assert_allclose(parts, moe.swiglu(x, *whole), atol=1e-12)


def test_all_experts_chosen_with_equal_scores_are_a_mean() -> None:
    routed, x = [expert() for _ in range(4)], RNG.normal(size=(6, 8))

    out = moe.deepseek_moe(x, np.zeros((8, 4)), [expert()], routed, 4)
    alone = moe.deepseek_moe(x, np.zeros((8, 4)), [], routed, 4)
    np.testing.assert_allclose(alone, np.mean([moe.swiglu(x, *e) for e in routed], axis=0), atol=1e-12)
    assert np.abs(out - alone).max() > 1e-3


def test_the_layer_token_by_token_takes_the_best_and_weighs_them_by_their_sigmoids() -> None:
    shared, routed, x = expert(), [expert() for _ in range(6)], RNG.normal(size=(5, 8))
    router = RNG.normal(size=(8, 6))

    out = moe.deepseek_moe(x, router, [shared], routed, 2)
    for row, got in zip(x, out, strict=True):
        scores = {index: 1 / (1 + np.exp(-float(row @ router[:, index]))) for index in range(6)}
        best = sorted(scores, key=lambda index: scores[index], reverse=True)[:2]
        mixed = sum(scores[i] / sum(scores[j] for j in best) * by_hand(row, routed[i]) for i in best)
        np.testing.assert_allclose(got, by_hand(row, shared) + mixed, atol=1e-10)


def by_hand(x: np.ndarray, weights: tuple[np.ndarray, np.ndarray, np.ndarray]) -> np.ndarray:
    """SwiGLU of one token, hidden unit by hidden unit."""
    gate, up, down = weights
    out = np.zeros(down.shape[1])
    for unit in range(gate.shape[1]):
        opened = float(x @ gate[:, unit])
        out += opened / (1 + np.exp(-opened)) * float(x @ up[:, unit]) * down[unit]
    return out


def test_the_shared_expert_serves_every_token_with_weight_one() -> None:
    shared, routed, x = expert(), [expert() for _ in range(4)], RNG.normal(size=(6, 8))
    router = RNG.normal(size=(8, 4))

    difference = moe.deepseek_moe(x, router, [shared], routed, 2) - moe.deepseek_moe(x, router, [], routed, 2)
    np.testing.assert_allclose(difference, moe.swiglu(x, *shared), atol=1e-10)


@pytest.mark.parametrize("m", [1, 2, 4, 8])
def test_splitting_keeps_stored_and_used_weights(m: int) -> None:
    row = moe.layout(64, 128, 16, 2, m)

    assert (row["stored"], row["used"]) == (3 * 64 * 128 * 16, 3 * 64 * 128 * 2)


def test_shared_experts_are_among_the_stored_and_the_used() -> None:
    row = moe.layout(64, 128, 16, 2, 4, shared=1)

    assert (row["stored"], row["used"]) == (3 * 64 * 128 * 16, 3 * 64 * 128 * 2)


def test_the_papers_combinations() -> None:
    assert moe.layout(64, 128, 16, 2)["combinations"] == 120
    assert moe.layout(64, 128, 16, 2, 4)["combinations"] == 4_426_165_368


def test_combinations_are_counted_right() -> None:
    assert moe.layout(8, 8, 3, 1, 2, 1)["combinations"] == len(list(combinations(range(5), 1)))


def test_with_nothing_in_common_each_map_needs_its_own_ranks() -> None:
    maps = moe.domains(weight=0.0)

    assert moe.error_of_sharing(maps, 5, 0) == pytest.approx(0, abs=1e-10)
    assert moe.error_of_sharing(maps, 4, 3) > 0.1


def test_a_common_part_is_stored_once() -> None:
    maps = moe.domains(weight=1.0)

    assert moe.error_of_sharing(maps, 5, 3) < 0.01
    assert moe.error_of_sharing(maps, 5, 0) > 0.2
    assert moe.error_of_sharing(maps, 8, 0) == pytest.approx(0, abs=1e-10)


def test_the_stored_curves_are_what_the_code_gives() -> None:
    stored = json.loads((DOCS / "architectures/mixture-of-experts/deepseekmoe.json").read_text(encoding="utf-8"))

    for name, rows in moe.sharing_curves().items():
        np.testing.assert_allclose(stored[name], rows, atol=1e-4)


@pytest.mark.parametrize(("model", "layout"), figures.LAYOUTS.items())
def test_the_figure_shows_the_models_layouts(model: str, layout: tuple[int, int, str]) -> None:
    found = models.get(DOCS, model)

    assert (found.value("experts"), found.value("experts_chosen")) == layout[:2]
