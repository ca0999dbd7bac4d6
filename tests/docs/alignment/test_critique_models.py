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
