"""All forms are one weighted average; random features have the mean and the variance the formulas say."""

import json
import math
from collections.abc import Callable

import numpy as np
import pytest
from examples import DOCS, load

linear = load("architectures/recurrent/linear-attention")
RNG = np.random.default_rng(5)
Q, K, V = RNG.normal(size=(3, 23, 6))
MAPS = [linear.elu_plus_one, linear.taylor, lambda x: linear.positive(x, W)]
W = np.random.default_rng(6).normal(size=(20, 6))


def weighted_average(kernel: Callable[[np.ndarray, np.ndarray], float]) -> np.ndarray:
    """The definition, as a loop over pairs."""
    out = np.zeros_like(V)
    for t in range(len(Q)):
        weights = [kernel(Q[t], K[s]) for s in range(t + 1)]
        out[t] = sum(w * V[s] for s, w in enumerate(weights)) / sum(weights)
    return out


def elu_kernel(q: np.ndarray, k: np.ndarray) -> float:
    def one(x: float) -> float:
        return float(x + 1 if x > 0 else np.exp(x))

    return sum(one(a) * one(b) for a, b in zip(q, k, strict=True))


def taylor_kernel(q: np.ndarray, k: np.ndarray) -> float:
    s = float(q @ k)
    return 1 + s + s * s / 2


@pytest.mark.parametrize(("features", "kernel"), [(linear.elu_plus_one, elu_kernel), (linear.taylor, taylor_kernel)])
def test_the_parallel_form_is_the_weighted_average_of_its_kernel(
    features: Callable[[np.ndarray], np.ndarray], kernel: Callable[[np.ndarray, np.ndarray], float]
) -> None:
    np.testing.assert_allclose(linear.parallel(features(Q), features(K), V), weighted_average(kernel), atol=1e-12)


@pytest.mark.parametrize("features", MAPS)
@pytest.mark.parametrize("size", [1, 5, 8, 23, 64])
def test_the_three_forms_agree(features: Callable[[np.ndarray], np.ndarray], size: int) -> None:
    exact = linear.parallel(features(Q), features(K), V)

    np.testing.assert_allclose(linear.recurrent(features(Q), features(K), V), exact, atol=1e-12)
    np.testing.assert_allclose(linear.chunkwise(features(Q), features(K), V, size), exact, atol=1e-12)


def gaussian_plane() -> tuple[np.ndarray, np.ndarray]:
    """Nodes and weights that integrate over a normal vector of size two, exactly up to high degree."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(60)
    grid = np.stack(np.meshgrid(nodes, nodes), -1).reshape(-1, 2)
    return grid, np.outer(weights, weights).ravel() / weights.sum() ** 2


@pytest.mark.parametrize(
    ("features", "variance"),
    [(linear.positive, linear.positive_variance), (linear.trigonometric, linear.trigonometric_variance)],
)
@pytest.mark.parametrize("k", [(0.7, 0.2), (-0.7, 0.4), (0.0, -1.1)])
def test_random_features_have_the_kernel_as_mean_and_the_stated_variance(
    features: Callable[[np.ndarray, np.ndarray], np.ndarray],
    variance: Callable[[np.ndarray, np.ndarray], float],
    k: tuple[float, float],
) -> None:
    q, k_row = np.array([[0.6, -0.3]]), np.array([k])
    grid, weights = gaussian_plane()
    one = np.array([(features(q, w[None]) @ features(k_row, w[None]).T).item() for w in grid])
    mean = weights @ one

    assert mean == pytest.approx(np.exp(q @ k_row.T).item(), rel=1e-10)
    assert weights @ (one - mean) ** 2 / mean**2 == pytest.approx(variance(q, k_row), rel=1e-8)


def test_orthogonal_directions_are_orthogonal_in_blocks_and_stay_unbiased() -> None:
    rng = np.random.default_rng(7)
    block = linear.orthogonal(4, 4, rng)
    gram = block @ block.T
    np.testing.assert_allclose(gram - np.diag(np.diag(gram)), 0, atol=1e-12)

    q, k = np.array([[0.5, 0.2, 0.0, 0.1]]), np.array([[0.3, -0.2, 0.4, 0.0]])
    products = []
    for _ in range(4000):
        w = linear.orthogonal(8, 4, rng)
        products.append((linear.positive(q, w) @ linear.positive(k, w).T).item())
    standard_error = np.std(products) / np.sqrt(len(products))

    assert np.mean(products) == pytest.approx(np.exp(q @ k.T).item(), abs=4 * standard_error)
    assert standard_error < 0.01


def test_the_ratio_of_two_unbiased_estimates_is_biased() -> None:
    x = np.sqrt(8.0) * linear.unit(RNG.normal(size=(64, 16)))
    exact = np.exp(x @ x.T)
    exact = np.diag(exact / exact.sum(1, keepdims=True)).mean()
    seen = []
    for seed in range(20):
        f = linear.positive(x, np.random.default_rng(seed).normal(size=(256, 16)))
        kernel = f @ f.T
        seen.append(np.diag(kernel / kernel.sum(1, keepdims=True)).mean())

    assert exact > 0.85
    assert max(seen) < 0.5


def test_no_weights_of_rank_m_come_nearer_to_the_identity_than_t_minus_m() -> None:
    size, features = 40, 12
    fq, fk = np.random.default_rng(8).normal(size=(2, size, features))
    for _ in range(100):  # alternating least squares: the best features for each other
        fk = np.linalg.lstsq(fq, np.eye(size), rcond=None)[0].T
        fq = np.linalg.lstsq(fk, np.eye(size), rcond=None)[0].T

    assert ((fq @ fk.T - np.eye(size)) ** 2).sum() == pytest.approx(size - features, abs=1e-6)


def test_features_needed_follow_from_the_variance() -> None:
    q = np.array([[np.sqrt(2.0), 0.0]])

    assert np.sqrt(linear.positive_variance(q, q) / linear.features_needed(2.0)) == pytest.approx(0.1)


def test_the_stored_experiment_is_what_the_code_gives() -> None:
    stored = json.loads((DOCS / "architectures/recurrent/linear-attention.json").read_text(encoding="utf-8"))

    for index in (0, 3, 5):
        for name, error in linear.look_up(stored["pairs"][index]).items():
            assert stored["look_up"][name][index] == pytest.approx(error, abs=1e-3)
    for name, weights in linear.pictures().items():
        np.testing.assert_allclose(stored["weights"][name], weights, atol=2e-3)


def test_the_stored_errors_of_the_estimators_follow_the_theory() -> None:
    stored = json.loads((DOCS / "architectures/recurrent/linear-attention.json").read_text(encoding="utf-8"))
    for cosine, positive, trigonometric in zip(
        stored["cosines"], stored["estimators"]["positive"], stored["estimators"]["trigonometric"], strict=True
    ):
        q, k = np.array([[np.sqrt(0.5), 0.0]]), np.sqrt(0.5) * np.array([[cosine, np.sqrt(1 - cosine**2)]])
        assert positive == pytest.approx(np.sqrt(linear.positive_variance(q, k) / 64), rel=0.06, abs=1e-3)
        assert trigonometric == pytest.approx(np.sqrt(linear.trigonometric_variance(q, k) / 32), rel=0.06, abs=1e-3)


def test_levels_are_the_blocks_that_the_reference_masks() -> None:
    """The condition of fla's `construct_level_mask`, written out."""
    for t in range(40):
        for s in range(t):
            number = linear.level(t, s)
            half = 1 << (number - 1)
            end = t - t % half
            assert t % (2 * half) >= half
            assert end - half <= s < end
        assert linear.level(t, t) == 0


def test_states_of_runs_give_the_weights_of_their_levels() -> None:
    scales = np.random.default_rng(7).normal(size=(len(Q), 6))
    weights = np.array(
        [[Q[t] @ K[s] * scales[t, linear.level(t, s)] if s <= t else 0 for s in range(len(Q))] for t in range(len(Q))]
    )

    np.testing.assert_allclose(linear.log_linear(Q, K, V, scales), weights @ V, atol=1e-12)


def test_with_equal_weights_runs_are_one_state() -> None:
    together = np.tril(Q @ K.T) @ V

    np.testing.assert_allclose(linear.log_linear(Q, K, V, np.ones((len(Q), 6))), together, atol=1e-12)


def test_a_run_lets_in_only_its_own_tokens() -> None:
    found = linear.interference(repeats=4)

    assert found["a state for each run"][0] < 1e-9
    assert found["a state for each run"][2:] == sorted(found["a state for each run"][2:])
    assert all(few < many / 3 for few, many in zip(*reversed(list(found.values())), strict=True))


def test_linformer_is_attention_if_nothing_is_mixed_and_reads_the_future_otherwise() -> None:
    rng = np.random.default_rng(11)
    q, k, v = rng.normal(size=(3, 12, 6))
    scores = np.exp(q @ k.T / np.sqrt(6))

    np.testing.assert_allclose(linear.linformer(q, k, v, np.eye(12), np.eye(12)), scores / scores.sum(1)[:, None] @ v)
    e, f = rng.normal(size=(2, 4, 12))
    later = k.copy()
    later[-1] += 1
    assert np.abs(linear.linformer(q, k, v, e, f)[0] - linear.linformer(q, later, v, e, f)[0]).max() > 1e-3


def test_near_vectors_share_buckets_more_often_and_more_rounds_find_more() -> None:
    table = [linear.met(cosine, pairs=1000) for cosine in (0.0, 0.5, 0.9)]
    assert all(row[0] < row[1] < row[2] for row in table)
    assert table[0][0] < table[1][0] < table[2][0]
    assert table[0][0] == pytest.approx(1 / 16, abs=0.03)


@pytest.mark.parametrize("degree", [1, 2, 4])
def test_features_of_a_power_multiply_to_that_power(degree: int) -> None:
    fq, fk = linear.power(Q, degree), linear.power(K, degree)

    np.testing.assert_allclose(fq @ fk.T, (Q @ K.T) ** degree, atol=1e-9)
    assert fq.shape[1] == math.comb(6 + degree - 1, degree)


def test_the_page_tells_what_the_powers_find() -> None:
    text = (DOCS / "architectures/recurrent/linear-attention.md").read_text(encoding="utf-8")
    rng = np.random.default_rng(0)
    rng.normal(size=(3, 50, 16))
    x = np.sqrt(8.0) * linear.unit(rng.normal(size=(256, 16)))
    found = linear.kernels(x, rng, powers=True)
    right = {name: np.diag(kernel / kernel.sum(1, keepdims=True)).mean() for name, kernel in found.items()}

    assert f"puts {right['second power']:.3f} of the weight" in text
    assert f"puts {right['fourth power']:.3f} there, softmax {right['softmax']:.3f}" in text
