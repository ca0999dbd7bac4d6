"""Gradients, the sum over states, one sampled token, and what the choice of prefixes changes."""

import json

import numpy as np
import pytest
from examples import DOCS, load

o = load("alignment/on-policy-distillation")
LOGITS = np.array([0.4, -1.0, 0.1, 1.3])
TEACHER = np.array([0.5, 0.1, 0.3, 0.1])


@pytest.mark.parametrize("loss", [o.forward_kl, o.reverse_kl])
def test_gradients_are_those_of_the_losses(loss) -> None:  # type: ignore[no-untyped-def]
    step = 1e-6
    for i, push in enumerate(np.eye(4) * step):
        up, down = (loss(o.softmax(LOGITS + s * push), TEACHER)[0] for s in (1, -1))
        assert loss(o.softmax(LOGITS), TEACHER)[1][i] == pytest.approx((up - down) / (2 * step), abs=1e-8)


def test_one_sampled_token_is_right_on_average() -> None:
    student = o.softmax(LOGITS)
    mean = sum(student[t] * o.sampled(student, TEACHER, t) for t in range(4))

    assert mean == pytest.approx(o.reverse_kl(student, TEACHER)[1])


@pytest.mark.parametrize("kind", ["cut off", "rescaled"])
def test_gradients_over_the_likeliest_tokens_are_those_of_their_values(kind: str) -> None:
    step = 1e-6
    for i, push in enumerate(np.eye(4) * step):
        up, down = (o.top(o.softmax(LOGITS + s * push), TEACHER, 2, kind)[0] for s in (1, -1))
        assert o.top(o.softmax(LOGITS), TEACHER, 2, kind)[1][i] == pytest.approx((up - down) / (2 * step), abs=1e-8)


def test_a_sum_that_is_cut_off_drives_probability_out_even_at_the_teacher() -> None:
    gradient = o.top(TEACHER, TEACHER, 2, "cut off")[1]
    moved = o.softmax(np.log(TEACHER) - gradient)

    assert moved[[0, 2]].sum() < TEACHER[[0, 2]].sum() - 0.01
    for kind in ("held", "rescaled"):
        np.testing.assert_allclose(o.top(TEACHER, TEACHER, 2, kind)[1], 0, atol=1e-12)
    for kind in ("cut off", "held", "rescaled"):  # over all tokens there is no difference
        gradient = o.top(o.softmax(LOGITS), TEACHER, 4, kind)[1]
        np.testing.assert_allclose(gradient, o.reverse_kl(o.softmax(LOGITS), TEACHER)[1], atol=1e-12)


def test_the_mixture_divergence_tends_to_either_direction() -> None:
    student, beta = o.softmax(LOGITS), 1e-6

    assert o.jensen_shannon(student, TEACHER, beta) / beta == pytest.approx(o.forward_kl(student, TEACHER)[0], rel=1e-4)
    assert o.jensen_shannon(student, TEACHER, 1 - beta) / beta == pytest.approx(
        o.reverse_kl(student, TEACHER)[0], rel=1e-4
    )


def test_the_divergence_of_whole_texts_is_the_sum_over_the_students_states() -> None:
    student = np.array([[0.5, 0.3, 0.2], [0.2, 0.5, 0.3]])
    teacher = np.array([[0.8, 0.1, 0.1], [0.1, 0.6, 0.3]])
    by_state = o.visits(student, 5) @ o.reverse_kl(student, teacher)[0]

    assert o.sequence_kl(student, teacher, 5) == pytest.approx(by_state)


def test_visits_agree_with_simulated_texts() -> None:
    rng, policy = np.random.default_rng(0), np.array([[0.7, 0.3], [0.6, 0.4]])
    on, count = np.ones(20_000, dtype=bool), np.zeros(2)
    for _ in range(6):
        count += on.mean(), 1 - on.mean()
        word = (rng.random(20_000) > np.where(on, 0.7, 0.6)).astype(int)
        on = np.where(on, word == 0, word == 1)

    assert o.visits(policy, 6) == pytest.approx(count, abs=0.03)


def test_own_prefixes_reach_the_teacher_sooner_with_either_divergence() -> None:
    for loss in (o.forward_kl, o.reverse_kl):
        theirs, own = o.train("teacher", loss)[1], o.train("student", loss)[1]
        limit = 2 * o.visits(o.TEACHER)[o.OFF] / o.LENGTH
        assert np.argmax(np.array(own) < limit) * 3 < np.argmax(np.array(theirs) < limit)


def test_all_four_end_at_the_teacher_if_the_student_can() -> None:
    for prefixes in ("teacher", "student"):
        logits, _ = o.train(prefixes, o.forward_kl, steps=800, rate=1.0)
        assert o.softmax(logits) == pytest.approx(o.TEACHER, abs=0.01)


def test_forward_fits_the_moments_and_reverse_one_peak() -> None:
    mean = float(o.GRID @ o.TWO_PEAKS)
    spread = float(np.sqrt((o.GRID - mean) ** 2 @ o.TWO_PEAKS))
    place, width = o.fit(o.forward_kl)

    assert place == pytest.approx(mean, abs=0.1)
    assert width == pytest.approx(spread, rel=0.1)
    assert o.fit(o.reverse_kl) == (pytest.approx(-2, abs=0.05), pytest.approx(0.6, rel=0.05))


def test_the_stored_runs_are_what_the_code_gives() -> None:
    stored, again = json.loads((DOCS / "alignment/on-policy-distillation.json").read_text("utf-8")), o.experiment()

    assert again["steps"] == stored["steps"]
    for name, run in again["off"].items():
        assert run == pytest.approx(stored["off"][name], abs=2e-4)
    assert again["forward"] == pytest.approx(stored["forward"])
    assert again["reverse"] == pytest.approx(stored["reverse"])
