"""The byte model is a distribution, boundaries are causal, smoothing has a closed form, the ratio loss a target."""

import json

import numpy as np
import pytest
from examples import DOCS, load

free = load("architectures/transformers/tokenizer-free")
MODEL = free.Ngram(free.grammar(5_000, 0))
TEXT = free.grammar(300, 1)


def test_the_byte_model_is_a_distribution_that_backs_off() -> None:
    for context in ("", "the ", "zzzzz", "writ"):
        p = MODEL.next(context)
        assert p.sum() == pytest.approx(1)
        assert p.min() > 0
    assert MODEL.next("writ")[ord("e")] > 0.9


def test_entropies_and_surprise_are_those_of_the_model() -> None:
    entropy, surprise = free.entropies(MODEL, TEXT)
    p = MODEL.next(TEXT[95:100])

    assert entropy[100] == pytest.approx(-sum(q * np.log2(q) for q in p))
    assert surprise[100] == pytest.approx(-np.log2(p[ord(TEXT[100])]))


def test_where_a_patch_begins_does_not_depend_on_what_follows() -> None:
    changed = TEXT[:150] + "Q" * 150
    for rule in (free.starts_by_entropy, free.starts_by_rise):
        a, b = (rule(free.entropies(MODEL, text)[0], 0.8) for text in (TEXT, changed))
        np.testing.assert_array_equal(a[:150], b[:150])
        assert a[0]


def test_a_higher_threshold_makes_longer_patches() -> None:
    entropy, _ = free.entropies(MODEL, TEXT)
    counts = [free.starts_by_entropy(entropy, t).sum() for t in (0.0, 0.5, 1.0, 2.0, 9.0)]

    assert counts == sorted(counts, reverse=True)
    assert counts[-1] == 1


def test_the_router_sees_boundaries_where_neighbours_differ() -> None:
    x = np.array([[1.0, 0], [2, 0], [0, 1], [0, 3], [0, -1]])

    np.testing.assert_allclose(free.route(x, np.eye(2), np.eye(2)), [1, 0, 0.5, 0, 1])
    assert len(free.chunk(x, free.route(x, np.eye(2), np.eye(2)))) == 2  # one half itself is not enough


def test_smoothing_is_the_matrix_of_products_and_can_be_done_step_by_step() -> None:
    rng = np.random.default_rng(0)
    p = np.append(1.0, rng.random(11))
    z = rng.normal(size=(int((p > 0.5).sum()), 3))
    sure = np.clip(p[p > 0.5], 1e-4, 1 - 1e-4)
    matrix = np.zeros((len(z), len(z)))
    for i in range(len(z)):
        for j in range(i + 1):
            matrix[i, j] = sure[j] * np.prod(1 - sure[j + 1 : i + 1])
    whole = free.dechunk(z, p)

    np.testing.assert_allclose(whole, (matrix @ z)[np.cumsum(p > 0.5) - 1])
    last, used = np.zeros(3), 0
    for t, chance in enumerate(p):
        if chance > 0.5:
            weight = min(max(chance, 1e-4), 1 - 1e-4)
            last, used = weight * z[used] + (1 - weight) * last, used + 1
        np.testing.assert_allclose(whole[t], last)


def test_sure_boundaries_are_only_repeated() -> None:
    z = np.array([[1.0], [2.0], [3.0]])
    p = np.array([1.0, 0, 1, 0, 0, 1])

    np.testing.assert_allclose(free.dechunk(z, p).ravel(), [1, 1, 2, 2, 2, 3], atol=1e-3)


def test_the_ratio_loss_is_one_and_stationary_at_the_target() -> None:
    n = 4
    p = np.array([0.9, 0.02, 0.05, 0.03] * 25)

    assert p.mean() == pytest.approx(1 / n)
    assert free.ratio_loss(p, n) == pytest.approx(1)

    def loss(share: float, mean: float) -> float:
        return ((1 - share) * (1 - mean) + (n - 1) * share * mean) * n / (n - 1)

    assert loss(1 / n + 1e-6, 1 / n) == pytest.approx(1, abs=1e-11)
    assert loss(1 / n, 1 / n + 1e-6) == pytest.approx(1, abs=1e-11)
    assert loss(0.5, 0.5) > 1


def test_costs_fall_with_the_patch_and_attention_has_a_best_one() -> None:
    assert free.blt_per_byte(8) < free.blt_per_byte(4.5) < free.blt_per_byte(1)
    large = 25 * (4 * 2048**2 + 3 * 2048 * 5632)
    assert free.blt_per_byte(1) - free.blt_per_byte(2) == pytest.approx(large / 2, rel=0.05)
    pairs = {p: free.attention_pairs(2**20, p) for p in (2**k for k in range(21))}
    assert min(pairs, key=pairs.get) == 128  # near the cube root of 2 T, 128


def test_the_charts_points_are_the_experiments() -> None:
    stored = json.loads((DOCS / "architectures/transformers/tokenizer-free.json").read_text(encoding="utf-8"))

    assert stored == free.experiment()
