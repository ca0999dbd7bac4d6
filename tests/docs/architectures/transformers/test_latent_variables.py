"""Losses, measures and temperatures from samples are what exact sums give; codes have the probabilities they claim."""

import itertools
import json

import numpy as np
import pytest
from examples import DOCS, load

page = load("architectures/transformers/latent-variables")


@pytest.mark.parametrize(("power", "least"), [(1.0, 1.0), (1.5, 1.0), (0.5, 1.0)])
def test_the_energy_loss_is_least_for_the_true_distribution(power: float, least: float) -> None:
    losses = [page.expected_energy(s, power) for s in page.SPREADS]
    assert page.SPREADS[int(np.argmin(losses))] == least


def test_with_squares_it_sees_the_mean_alone_and_without_the_second_term_it_prefers_it() -> None:
    squared = [page.expected_energy(s, 2) for s in page.SPREADS]
    np.testing.assert_allclose(squared, 2)
    first = [page.expected_energy(s, 2, keep_apart=False) for s in page.SPREADS]
    np.testing.assert_allclose(first, [2 * (s * s + 1) for s in page.SPREADS])


def test_the_loss_of_samples_has_the_exact_loss_as_its_mean() -> None:
    """Over all 2^4 ways to draw four samples at ±0.6, and both values of the data once."""
    data = np.array([[-1.0], [1.0]])
    losses = [page.energy_loss(np.array(drawn)[:, None], data) for drawn in itertools.product((-0.6, 0.6), repeat=4)]
    assert np.mean(losses) == pytest.approx(page.expected_energy(0.6, 1))


def test_the_brier_estimate_has_the_brier_score_as_its_mean() -> None:
    rng = np.random.default_rng(1)
    for p in rng.dirichlet(np.ones(4), size=3):
        for right in range(4):
            pairs = itertools.product(range(4), repeat=2)
            mean = sum(p[a] * p[b] * page.brier(np.array(a), np.array(b), np.array(right)) for a, b in pairs)
            assert mean == pytest.approx(1 - ((p - np.eye(4)[right]) ** 2).sum())
    several = page.brier(np.array([0, 1, 2]), np.array([0, 2, 2]), np.array([0, 1, 3]))
    assert several == pytest.approx((1 + 1 - 1) / 3)  # the mean over positions: 1, 1 and −1


def test_cooled_weights_count_ways_and_their_mean_is_the_power() -> None:
    values, weights = page.cooled_weights(np.array([7, 7, 7, 2, 2, 5]), 2)
    assert dict(zip(values.tolist(), weights.tolist(), strict=True)) == {2: 0.25, 5: 0.0, 7: 0.75}
    _, weights = page.cooled_weights(np.array([1, 2, 3]), 2)  # nothing agrees: as at temperature one
    np.testing.assert_allclose(weights, 1 / 3)
    exact = 0.7**2 / (0.7**2 + 0.3**2)
    near = [page.cooled_exactly(0.7, n, 2) for n in (2, 8, 32, 200)]
    assert near[0] == pytest.approx(0.7)
    assert near == sorted(near)
    assert near[-1] == pytest.approx(exact, abs=0.003)


def test_codes_have_the_probabilities_of_their_bits() -> None:
    rng = np.random.default_rng(2)
    logits = rng.normal(size=(3, 4))
    p = page.code_probabilities(logits)
    np.testing.assert_allclose(p.sum(1), 1)
    drawn = np.mean([page.draw_code(logits, rng)[1] for _ in range(4000)], axis=0)
    np.testing.assert_allclose(drawn, p, atol=0.03)


def test_what_a_code_pays_is_its_divergence_from_the_uniform_one() -> None:
    logits = np.random.default_rng(3).normal(size=(5, 4))
    p = page.code_probabilities(logits)
    whole = (p * np.log(p * 16)).sum(1)
    assert page.paid_information(logits, 0) == pytest.approx(whole.mean())
    assert page.paid_information(logits, 0.4) == pytest.approx(np.maximum(whole - 0.4, 0).mean())


def test_counts_are_the_published_sizes_and_savings() -> None:
    """Sizes: README of shaochenze/calm, and 281M for the ordinary model; savings: the paper's 34% and 44%."""
    sums = [sum(parts.values()) / 1e6 for parts in page.parameters()]
    np.testing.assert_allclose(sums, [281, 371, 75], rtol=0.012)
    for (plain, calm), saved in ((page.work(), 0.34), (page.in_training(), 0.44)):
        assert 1 - calm / plain == pytest.approx(saved, abs=0.02)
    plain, cooled = page.work(200, 200)
    assert cooled > 50 * plain


def test_the_stored_curves_are_what_the_code_gives() -> None:
    stored = json.loads((DOCS / "architectures/transformers/latent-variables.json").read_text(encoding="utf-8"))
    assert stored == page.experiment()


def test_with_the_true_encoder_the_bound_is_the_loss_and_what_is_logged_is_less() -> None:
    ordinary, logged, information = page.accounts()
    assert logged + information == pytest.approx(ordinary)
    assert 0 < information < np.log(2)
    assert logged < ordinary < 8 * np.log(2)
    # Without a mood to be known there is nothing to tell, and nothing leaks.
    ordinary, logged, information = page.accounts(p=0.5)
    assert ordinary == pytest.approx(logged) == pytest.approx(8 * np.log(2))
    assert information == pytest.approx(0)
