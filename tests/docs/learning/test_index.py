"""Every weight is that of the gradient it is said to be, and the figure shows the weights of the code."""

import numpy as np
import pytest
from archfigures.learning import index as figures
from examples import load

page = load("learning/index")
NAMES = list(page.weights(page.MODEL))


@pytest.mark.parametrize("name", NAMES)
def test_the_weights_give_the_gradient_of_the_objective(name: str) -> None:
    logits, change = np.log(page.MODEL), 1e-6
    w = page.weights(page.MODEL)[name]
    expected = w - w.sum() * page.MODEL  # sum of w times the gradient of log p by the logits
    slopes = []
    for direction in np.eye(6):
        values = []
        for sign in (1, -1):
            moved = np.exp(logits + sign * change * direction)
            values.append(page.objectives(moved / moved.sum())[name])
        slopes.append((values[0] - values[1]) / (2 * change))

    np.testing.assert_allclose(slopes, expected, atol=1e-8)


@pytest.mark.parametrize("name", NAMES)
def test_a_small_step_raises_the_objective(name: str) -> None:
    after = page.step(page.MODEL, page.weights(page.MODEL)[name], rate=0.01)

    assert after.sum() == pytest.approx(1)
    assert page.objectives(after)[name] > page.objectives(page.MODEL)[name]


def test_imitation_adds_and_comparison_moves() -> None:
    sums = {name: float(w.sum()) for name, w in page.weights(page.MODEL).items()}

    assert [sums[name] for name in ("next token", "demonstration", "teacher's answers")] == pytest.approx([1, 1, 1])
    assert [sums[n] for n in ("preference", "verifier", "own answers, teacher")] == pytest.approx([0, 0, 0], abs=1e-12)


def test_a_right_answer_is_pulled_as_often_as_it_is_tried() -> None:
    w = page.weights(page.MODEL)["verifier"]

    assert w[2] / w[5] == pytest.approx(0.15 / 0.04)


def test_the_figure_shows_these_weights() -> None:
    assert pytest.approx(page.MODEL) == figures._MODEL
    for name, _, shown in figures._ROWS:
        np.testing.assert_allclose(shown, page.weights(page.MODEL)[name], atol=0.005)
