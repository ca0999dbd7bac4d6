"""A judge learnt from comparisons, and what selecting by it gains and loses."""

import json

import numpy as np
import pytest
from examples import DOCS, load

page = load("learning/externally-supervised")


def test_scores_are_recovered_up_to_a_constant() -> None:
    quality = np.array([-1.0, 0.2, 0.8])
    scores = page.fit_scores(page.compare(quality, 60_000, np.random.default_rng(0)), 3, strength=0.0)
    np.testing.assert_allclose(scores, quality - quality.mean(), atol=0.05)


def test_at_the_optimum_expected_and_counted_wins_agree() -> None:
    pairs = page.compare(np.array([0.0, 0.5, 1.0, -1.0]), 5_000, np.random.default_rng(2))
    scores = page.fit_scores(pairs, 4, strength=0.0)
    expected = 1 / (1 + np.exp(scores[pairs[:, 1]] - scores[pairs[:, 0]]))
    surplus = np.bincount(pairs[:, 0], 1 - expected, 4) - np.bincount(pairs[:, 1], 1 - expected, 4)
    np.testing.assert_allclose(surplus / len(pairs), 0, atol=1e-6)


def test_with_light_errors_half_of_the_score_is_quality() -> None:
    # Quality and error have the same normal distribution, so the pick owes half of its score to either.
    score, quality = page.best_of(32, "light", np.random.default_rng(1))
    assert quality == pytest.approx(score / 2, abs=0.03)


def test_with_heavy_errors_more_choice_makes_the_pick_worse() -> None:
    run = page.experiment(sizes=(1, 8, 256))
    first, middle, last = run["heavy quality"]
    assert middle > 0.5
    assert first < last < middle / 2
    assert run["heavy score"][2] > run["heavy score"][1] > run["heavy score"][0]


def test_the_stored_run_is_reproduced() -> None:
    stored = json.loads((DOCS / "learning/externally-supervised.json").read_text(encoding="utf-8"))
    assert stored == page.experiment()


def test_the_divergence_bound_starts_at_zero_and_grows() -> None:
    bounds = [page.divergence(n) for n in (1, 2, 4, 64)]
    assert bounds[0] == 0
    assert bounds == sorted(bounds)
