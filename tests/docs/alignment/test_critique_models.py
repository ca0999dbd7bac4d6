"""The loop's accuracy agrees with a simulation and with its limit; a bad critic makes a good model worse."""

import numpy as np
import pytest
from examples import load

critique = load("alignment/critique-models")


def test_the_loop_agrees_with_a_simulation() -> None:
    rng = np.random.default_rng(0)
    right = rng.random(200_000) < 0.6
    for _ in range(3):
        objected = np.where(right, rng.random(right.size) < 0.2, rng.random(right.size) < 0.7)
        changed = np.where(right, rng.random(right.size) < 0.4, rng.random(right.size) < 0.5)
        right = np.where(objected & changed, ~right, right)

    assert critique.accuracy(0.6, 0.7, 0.2, 0.5, 0.4, 3)[-1] == pytest.approx(right.mean(), abs=0.005)


def test_many_rounds_reach_the_limit() -> None:
    settings = (0.6, 0.05, 0.5, 0.5)

    assert critique.accuracy(0.1, *settings, rounds=200)[-1] == pytest.approx(critique.limit(*settings))
    assert critique.accuracy(0.99, *settings, rounds=200)[-1] == pytest.approx(critique.limit(*settings))


def test_a_critic_that_cannot_tell_makes_a_good_model_worse() -> None:
    assert critique.accuracy(0.9, 0.3, 0.3, 0.5, 0.5, 5)[-1] < 0.9


def test_without_false_alarms_it_never_gets_worse() -> None:
    history = critique.accuracy(0.6, 0.4, 0.0, 0.5, 1.0, 6)

    assert history == sorted(history)


def test_choosing_agrees_with_a_simulation() -> None:
    rng = np.random.default_rng(1)
    right = rng.random((100_000, 4)) < 0.6
    passed = np.where(right, rng.random(right.shape) > 0.05, rng.random(right.shape) > 0.6)
    passed[~passed.any(1)] = True
    picked = (passed * rng.random(right.shape)).argmax(1)

    assert critique.best_of_n(0.6, 0.6, 0.05, 4) == pytest.approx(
        right[np.arange(len(right)), picked].mean(), abs=0.006
    )


# Kumar and others (2024), tables 2 and 3: right after the revision
AFTER = {
    "MATH": (0.414, 0.518, 0.540, 0.542, 0.644),
    "HumanEval": (0.567, 0.525, 0.543, 0.646),
}


def test_the_measured_rates_give_the_reported_accuracies() -> None:
    for task, models in critique.MEASURED.items():
        for (first, mended, spoiled), after in zip(models.values(), AFTER[task], strict=True):
            gain, loss = critique.rates(first, mended, spoiled)
            one_round = critique.accuracy(first, 1, 1, gain, loss, rounds=1)[-1]

            assert one_round == pytest.approx(after, abs=0.0011)
            assert (after > first) == (first < critique.limit(gain, loss, 1, 1))


def test_the_shares_are_the_counts_that_the_page_gives() -> None:
    counts = {"MATH": (500, (23, 79), (29, 7)), "HumanEval": (164, (13, 8), (25, 5))}
    for task, (problems, *expected_counts) in counts.items():
        models = critique.MEASURED[task]
        for name, (mended, spoiled) in zip(("base model", "SCoRe (reinforced)"), expected_counts, strict=True):
            assert models[name][1:] == pytest.approx((mended / problems, spoiled / problems), abs=0.0005)

    p, q = 23 / (500 - 263), 29 / (500 - 300)
    error = (p * (1 - p) / 237 + q * (1 - q) / 200) ** 0.5
    assert (q - p) / error < 1.96


def expected(logits: np.ndarray, bonus: float, part: str) -> float:
    """Expected reward of the first answer, of the revision, or of both, as a function of the three logits."""
    first, mends, keeps = 1 / (1 + np.exp(-logits))
    after = first * keeps + (1 - first) * mends
    return {"first": first, "both": first + after + bonus * (after - first)}[part]


@pytest.mark.parametrize("bonus", [0.0, 1.0, 10.0])
def test_a_shared_bonus_can_push_the_first_answer_to_be_wrong(bonus: float) -> None:
    first, mends, keeps = 0.526, 0.097, 0.700
    logits = np.log(np.array([first, mends, keeps]) / (1 - np.array([first, mends, keeps])))
    own = critique.push(first, mends, keeps, bonus, 0)
    shared = critique.push(first, mends, keeps, bonus, 1)
    plain = critique.push(first, mends, keeps, 0, 0)

    for i, name in enumerate(shared):
        step = 1e-5 * np.eye(3)[i]
        slope = (expected(logits + step, bonus, "both") - expected(logits - step, bonus, "both")) / 2e-5
        assert shared[name] == pytest.approx(slope, abs=1e-6)
    slope = (expected(logits + 1e-5 * np.eye(3)[0], 0, "first") - expected(logits, 0, "first")) / 1e-5
    assert own["first"] == pytest.approx(slope, abs=1e-5)
    assert shared["first"] == pytest.approx(first * (1 - first) * (1 - bonus + (1 + bonus) * (keeps - mends)))
    for name in ("mends", "keeps"):
        assert own[name] == pytest.approx((1 + bonus) * plain[name])
    assert (shared["first"] < 0) == (bonus == 10.0)
