"""Gradients are right, known rewards come back, and selection by a flawed judge is what sampling shows."""

import json
from itertools import permutations

import numpy as np
import pytest
from examples import DOCS, load

r = load("alignment/reward-models")
RNG = np.random.default_rng(0)


@pytest.mark.parametrize(("margin", "centre"), [(0.0, 0.0), (0.7, 0.0), (0.0, 0.01)])
def test_the_gradient_of_the_pair_loss_is_that_of_finite_differences(margin: float, centre: float) -> None:
    w, lost, step = 0.3, 0.9, 1e-6
    by_w, by_l = r.bt_gradient(w, lost, margin, centre)

    def loss(a: float, b: float) -> float:
        return float(r.bt_loss(a, b, margin, centre))

    assert by_w == pytest.approx((loss(w + step, lost) - loss(w - step, lost)) / (2 * step), abs=1e-8)
    assert by_l == pytest.approx((loss(w, lost + step) - loss(w, lost - step)) / (2 * step), abs=1e-8)


def test_the_loss_is_that_of_a_classifier_on_the_difference() -> None:
    p = np.exp(0.3) / (np.exp(0.3) + np.exp(0.9))

    assert r.bt_loss(0.3, 0.9) == pytest.approx(-np.log(p))
    assert r.bt_gradient(0.3, 0.9)[0] == pytest.approx(p - 1)


def test_known_rewards_come_back_from_exact_frequencies() -> None:
    frequencies = 1 / (1 + np.exp(r.TRUE[None, :] - r.TRUE[:, None]))
    np.fill_diagonal(frequencies, 0)

    np.testing.assert_allclose(r.fit(frequencies), r.TRUE - r.TRUE.mean(), atol=1e-9)


def test_known_rewards_come_back_from_many_comparisons_within_their_error() -> None:
    found = r.fit(r.comparisons(10_000))

    assert np.abs(found - (r.TRUE - r.TRUE.mean())).max() < 0.1
    assert r.fit(r.comparisons(10_000)).mean() == pytest.approx(0, abs=1e-12)


def test_at_the_fit_every_item_won_as_often_as_expected() -> None:
    wins = r.comparisons(500, seed=3)
    scores = r.fit(wins)
    expected = ((wins + wins.T) / (1 + np.exp(scores[None, :] - scores[:, None]))).sum(axis=1)

    np.testing.assert_allclose(expected, wins.sum(axis=1), atol=1e-6)


def test_a_circle_of_preferences_has_no_scores() -> None:
    wins = np.array([[0, 7, 3], [3, 0, 7], [7, 3, 0.0]])

    np.testing.assert_allclose(r.fit(wins), 0, atol=1e-9)


def test_a_solution_is_as_good_as_the_product_of_its_steps() -> None:
    assert r.solution_score(np.array([0.98, 0.95, 0.3, 0.9])) == pytest.approx(0.98 * 0.95 * 0.3 * 0.9)


def _slopes(loss, weights):  # type: ignore[no-untyped-def]
    step = 1e-6
    return np.array([(loss(weights + step * e) - loss(weights - step * e)) / (2 * step) for e in np.eye(len(weights))])


def test_the_gradient_on_steps_stops_at_the_first_error() -> None:
    x, labels, _, _ = r.solutions(7, np.random.default_rng(1))
    weights = RNG.normal(size=r.WIDTH)

    def loss(w: np.ndarray) -> float:
        p = r.sigmoid(x @ w)
        terms = np.where(labels == 1, np.log(p), np.where(labels == 0, np.log(1 - p), 0.0))
        return float(-terms.sum() / len(x))

    np.testing.assert_allclose(r.process_gradient(weights, x, labels), _slopes(loss, weights), atol=1e-7)
    for row in labels:
        assert list(row) == sorted(row, reverse=True), "right steps, then one wrong one, then none"


def test_the_gradient_on_outcomes_blames_all_steps() -> None:
    x, _, _, answer = r.solutions(9, np.random.default_rng(2))
    weights = RNG.normal(size=r.WIDTH)

    def loss(w: np.ndarray) -> float:
        whole = r.sigmoid(x @ w).prod(axis=1)
        return float(-np.where(answer, np.log(whole), np.log(1 - whole)).mean())

    np.testing.assert_allclose(r.outcome_gradient(weights, x, answer), _slopes(loss, weights), atol=1e-6)


@pytest.mark.parametrize("samples", [1, 3, 5])
def test_the_majority_is_that_of_all_outcomes_counted(samples: int) -> None:
    p, total = 0.7, 0.0
    for outcome in np.ndindex(*[2] * samples):
        total += (sum(outcome) > samples / 2) * p ** sum(outcome) * (1 - p) ** (samples - sum(outcome))

    assert r.verdict(p, samples) == pytest.approx(total)
    assert r.verdict(p, samples, 0.1) == pytest.approx(0.9 * total)


def _draw(number: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    kind = (rng.random(number) < r.Answers.share[1]).astype(int)
    quality = r.Answers.quality[kind] + r.Answers.quality_sd[kind] * rng.normal(size=number)
    return quality, quality + r.Answers.error[kind] + r.Answers.error_sd[kind] * rng.normal(size=number)


@pytest.mark.parametrize("n", [1, 4, 64])
def test_the_best_of_n_is_what_sampling_gives(n: int) -> None:
    quality, score = (v.reshape(-1, n) for v in _draw(20_000 * n, np.random.default_rng(n)))
    pick = score.argmax(axis=1)[:, None]
    _, expected_score, expected = r.best_of(n)

    assert np.take_along_axis(quality, pick, 1).mean() == pytest.approx(expected, abs=0.03)
    assert np.take_along_axis(score, pick, 1).mean() == pytest.approx(expected_score, abs=0.03)


@pytest.mark.parametrize("beta", [3.0, 0.8])
def test_the_tilted_policy_is_what_weighted_samples_give(beta: float) -> None:
    quality, score = _draw(2_000_000, np.random.default_rng(5))
    weight = np.exp(score / beta)
    z = weight.mean()
    distance, expected_score, expected = r.tilted(beta)

    assert (weight * quality).mean() / z == pytest.approx(expected, abs=0.03)
    assert (weight * score).mean() / z == pytest.approx(expected_score, abs=0.03)
    assert (weight * score).mean() / z / beta - np.log(z) == pytest.approx(distance, abs=0.03)


def test_no_way_to_optimise_scores_higher_at_its_distance_than_tilting() -> None:
    for n in (2, 16, 256):
        distance, score, _ = r.best_of(n)
        low, high = 0.05, 50.0
        for _ in range(60):
            middle = np.sqrt(low * high)
            low, high = (middle, high) if r.tilted(middle)[0] > distance else (low, middle)
        assert score < r.tilted(high)[1]


def test_quality_turns_round_while_the_score_goes_on() -> None:
    run = json.loads((DOCS / "alignment/reward-models.json").read_text(encoding="utf-8"))["overoptimisation"]
    _, score, quality = np.array(run["best of n"]).T

    assert (np.diff(score) > 0).all()
    assert run["n"][int(quality.argmax())] == 32
    assert quality[-1] < 0 < quality.max()


def test_errors_that_hit_all_answers_alike_only_scale_the_gradient() -> None:
    start, miss, accept = r.TRICK[:2] / r.TRICK[:2].sum(), 0.2, 0.05
    truth, seen = np.array([1.0, 0.0]), np.array([1 - miss, accept])

    np.testing.assert_allclose(
        start * (seen - start @ seen), (1 - miss - accept) * start * (truth - start @ truth), atol=1e-12
    )


def test_the_trick_wins_in_the_end_although_verdicts_only_rise() -> None:
    shares = r.against_checker(r.TRICK, 0.2)
    verdicts = shares @ r.check_rewards(0.2)

    assert (np.diff(verdicts) > -1e-9).all()
    assert shares[:, 0].max() > 0.94
    assert shares[-1, 2] > 0.9
    assert r.against_checker(r.TRICK, 0.0)[-1, 0] > 0.9
    rare = r.against_checker(np.array([0.3, 0.699, 0.001]), 0.2)
    assert rare[-1, 0] > 0.99
    assert rare[-1, 2] < 0.2 * rare[0, 2]


@pytest.mark.parametrize("trick", [0.05, 0.001])
def test_a_weak_penalty_prefers_the_trick_a_strong_one_does_not(trick: float) -> None:
    start = np.array([0.3, 0.7 - trick, trick])
    limit = r.turning_strength(start, 0.2)
    for beta, preferred in ((0.9 * limit, 2), (1.1 * limit, 0)):
        best = start * np.exp(r.check_rewards(0.2) / beta)
        assert best[preferred] == max(best[0], best[2])


def test_the_stored_experiments_are_what_the_code_gives() -> None:
    stored = json.loads((DOCS / "alignment/reward-models.json").read_text(encoding="utf-8"))

    assert r.overoptimisation() == stored["overoptimisation"]
    assert r.against_checker(r.TRICK, 0.2)[::10].round(4).tolist() == stored["checker"]
    few = r.label_experiment(sizes=(10, 20), repeats=20)
    assert [few[name] for name in ("process", "outcome")] == [stored["labels"][n][:2] for n in ("process", "outcome")]


def test_orders_of_three_answers_have_the_probability_of_their_comparisons() -> None:
    scores = np.array([0.2, -0.4, 1.0])
    total = 0.0
    for order in permutations(range(3)):
        first, second, third = (np.exp(scores[i]) for i in order)
        total += first / (first + second + third) * second / (second + third) * (order.index(0) < order.index(1))

    assert total == pytest.approx(np.exp(-r.bt_loss(scores[0], scores[1])))
