"""Votes against enumeration, pass@k against subsets, scores against simulation, revisions against the chain itself."""

import json
from itertools import combinations, product

import numpy as np
import pytest
from examples import DOCS, load

ttc = load("scaling-inference/test-time-compute")


@pytest.mark.parametrize(("n", "c", "k"), [(5, 2, 3), (6, 0, 2), (6, 6, 2), (7, 1, 7), (8, 3, 1)])
def test_pass_at_k_is_the_share_of_subsets_with_a_right_answer(n: int, c: int, k: int) -> None:
    right = [1] * c + [0] * (n - c)
    subsets = [any(chosen) for chosen in combinations(right, k)]

    assert ttc.pass_at_k(n, c, k) == pytest.approx(np.mean(subsets))


@pytest.mark.parametrize("p", [0.03, 0.4])
def test_the_estimator_is_unbiased_and_the_plain_one_is_not(p: float) -> None:
    n, k = 12, 5

    assert ttc.expected(lambda c: ttc.pass_at_k(n, c, k), p, n) == pytest.approx(ttc.coverage(p, k))
    assert ttc.expected(lambda c: 1 - (1 - c / n) ** k, p, n) < ttc.coverage(p, k) - 0.01


@pytest.mark.parametrize("probabilities", [(0.4, 0.35, 0.25), (0.2, 0.5, 0.3), (0.25, 0.25, 0.25, 0.25), (0.7, 0.3)])
@pytest.mark.parametrize("n", [1, 2, 3, 5, 6])
def test_a_vote_is_what_enumerating_all_ballots_gives(probabilities: tuple[float, ...], n: int) -> None:
    won = 0.0
    for ballot in product(range(len(probabilities)), repeat=n):
        counts = [ballot.count(answer) for answer in range(len(probabilities))]
        if counts[0] == max(counts):
            won += np.prod([probabilities[answer] for answer in ballot]) / counts.count(max(counts))

    assert ttc.majority(probabilities, n) == pytest.approx(won)


def test_the_winners_of_a_vote_add_up_to_one() -> None:
    p = (0.3, 0.25, 0.2, 0.15, 0.1)
    turned = [tuple(np.roll(p, -shift)) for shift in range(5)]

    assert sum(ttc.majority(q, 20) for q in turned) == pytest.approx(1)


def test_a_filter_turns_the_vote_around_at_the_ratio_of_the_shares() -> None:
    rng = np.random.default_rng(4)
    n, right, wrong = 9, 0.8, 0.5
    won = 0.0
    for _ in range(20_000):
        answers = rng.choice(3, size=n, p=(0.25, 0.35, 0.4))
        votes = np.bincount(answers[rng.random(n) < np.where(answers == 0, right, wrong)], minlength=3)
        won += (votes[0] == votes.max()) / (votes == votes.max()).sum() if votes.any() else 0
    assert ttc.filtered((0.25, 0.35, 0.4), n, right, wrong) == pytest.approx(won / 20_000, abs=0.012)
    assert ttc.filtered(ttc.MISLED, 12, 1, 1) == pytest.approx(ttc.majority(ttc.MISLED, 12))
    below, above = ([ttc.filtered(ttc.MISLED, m, 0.8, f) for m in (8, 64)] for f in (0.4, 0.7))
    assert below[1] > below[0]
    assert above[1] < above[0]


def test_a_vote_tends_to_the_most_probable_answer() -> None:
    led = [ttc.majority(ttc.CLEAR, n) for n in (1, 32, 128)]
    misled = [ttc.majority((0.25, 0.35, 0.4), n) for n in (1, 32, 128)]

    assert led == sorted(led)
    assert led[-1] > 0.8
    assert misled == sorted(misled, reverse=True)
    assert misled[-1] < 0.05


def test_the_best_score_is_what_a_simulation_chooses() -> None:
    rng = np.random.default_rng(0)
    right = rng.random((200_000, 6)) < 0.3
    scores = rng.normal(size=right.shape) + 1.2 * right
    chosen = right[np.arange(len(right)), scores.argmax(1)].mean()

    assert ttc.best_of_n(0.3, 6, 1.2) == pytest.approx(chosen, abs=0.004)
    assert ttc.best_of_n(0.3, 1, 1.2) == pytest.approx(0.3, abs=1e-6)
    assert ttc.best_of_n(0.3, 50, 0.0) == pytest.approx(0.3, abs=1e-4)


def test_fooling_answers_are_what_a_simulation_says_and_win_in_the_end() -> None:
    rng = np.random.default_rng(1)
    kind = rng.random((100_000, 12))
    fooled, right = (kind < 0.05).any(1), ((kind >= 0.05) & (kind < 0.15)).any(1)

    assert ttc.best_with_fooling(0.1, 0.05, 12) == pytest.approx((right & ~fooled).mean(), abs=0.005)
    assert ttc.best_with_fooling(0.1, 0.01, 5000) < 1e-9
    assert ttc.best_with_fooling(0.1, 0.0, 5000) == pytest.approx(1)


def test_a_check_is_what_a_simulation_says_and_has_a_ceiling() -> None:
    rng = np.random.default_rng(2)
    right = rng.random((200_000, 5)) < 0.25
    passed = rng.random(right.shape) < np.where(right, 0.9, 0.1)
    order = np.where(passed, 1, 0) + rng.random(right.shape) * 0.5
    chosen = right[np.arange(len(right)), order.argmax(1)].mean()

    assert ttc.accepted(0.25, 5, 0.9, 0.1) == pytest.approx(chosen, abs=0.004)
    assert ttc.accepted(0.25, 10_000, 0.9, 0.1) == pytest.approx(0.225 / 0.3)


def test_revisions_follow_the_chain_step_by_step() -> None:
    p = 0.8
    for rounds in range(6):
        assert ttc.revised(0.8, 0.2, 0.1, rounds) == pytest.approx(p)
        p = p * 0.9 + (1 - p) * 0.2
    assert ttc.revised(0.8, 0.2, 0.1, 100) == pytest.approx(2 / 3)


def test_coverage_of_a_population_is_the_integral_and_a_power_law() -> None:
    p = np.linspace(0, 1, 200_001)[1:-1]
    weight = p ** (1.5 - 1) * (1 - p) ** (3 - 1)
    direct = ((1 - (1 - p) ** 7) * weight).sum() / weight.sum()

    assert ttc.mean_coverage(1.5, 3, 7) == pytest.approx(direct, abs=1e-5)
    ratio = (1 - ttc.mean_coverage(0.5, 3, 40_000)) / (1 - ttc.mean_coverage(0.5, 3, 10_000))
    assert ratio == pytest.approx(4**-0.5, rel=1e-3)


def test_stopping_when_right_spends_what_the_sum_says() -> None:
    spent = sum(k * 0.25 * 0.75 ** (k - 1) for k in range(1, 16)) + 16 * 0.75**15

    assert ttc.samples_until_right(0.25, 16) == pytest.approx(spent)


def test_the_charts_curves_are_the_codes() -> None:
    stored = json.loads((DOCS / "scaling-inference/test-time-compute.json").read_text(encoding="utf-8"))

    curves = ttc.curves()
    assert curves.keys() == stored.keys()
    for name, values in curves.items():
        assert values == pytest.approx(stored[name], abs=1.1e-4), name  # one in the last digit that is stored


@pytest.mark.parametrize("rounds", [0, 1, 7])
def test_combining_one_answer_is_revising_it(rounds: int) -> None:
    assert ttc.combined(0.25, (0.2, 0.9), rounds) == pytest.approx(ttc.revised(0.25, 0.2, 0.1, rounds))


def test_combining_agrees_with_a_simulated_population() -> None:
    rng, keep = np.random.default_rng(0), np.array([0.05, 0.45, 0.8, 0.95])
    right = rng.random(200_000) < 0.25
    for _ in range(4):
        read = right[rng.integers(len(right), size=(len(right), 3))].sum(1)
        right = rng.random(len(right)) < keep[read]

    assert right.mean() == pytest.approx(ttc.combined(0.25, keep, 4), abs=0.01)


@pytest.mark.parametrize(("convinced", "spreads"), [(0.3, False), (0.37, True)])
def test_a_rare_right_answer_multiplies_if_it_convinces_more_than_one_reader(convinced: float, spreads: bool) -> None:
    rare = 1e-6

    assert (ttc.combined(rare, (0, convinced, 0.8, 0.95), 1) > rare) == spreads


def test_following_the_majority_loses_a_minority_that_is_right() -> None:
    assert ttc.combined(0.25, (0, 0, 1, 1), 10) < 1e-6
    assert ttc.combined(0.25, (0.05, 0.45, 0.8, 0.95), 10) > 0.85
