"""bf16 by bits, what training in it loses, and the scale that follows the gradients."""

from __future__ import annotations

import numpy as np
import pytest
from examples import load

page = load("learning/mixed-precision")


def test_rounding_goes_to_the_nearest_of_two_neighbours_and_ties_to_even() -> None:
    step = 2.0**-7
    assert page.bf16(1 + 0.4 * step) == 1
    assert page.bf16(1 + 0.6 * step) == 1 + step
    assert page.bf16(1 + 0.5 * step) == 1
    assert page.bf16(1 + 1.5 * step) == 1 + 2 * step
    assert page.bf16(-3.0e38) == pytest.approx(-3.0e38, rel=2**-8)


def test_stochastic_rounding_is_right_on_average() -> None:
    rounded = page.bf16(np.full(200_000, 1.001, np.float32), np.random.default_rng(0))
    assert set(np.unique(rounded)) == {np.float32(1), np.float32(1 + 2**-7)}
    assert rounded.mean() == pytest.approx(1.001, abs=3e-5)


def test_an_update_below_half_a_step_leaves_the_weight_as_it_is() -> None:
    for weight in (1.0, 1.5):
        assert page.bf16(np.float32(weight + 0.0039)) == weight
        assert page.bf16(np.float32(weight + 0.0040)) > weight


def test_a_copy_and_random_rounding_learn_and_rounding_alone_does_not() -> None:
    ends = {kind: page.train(kind, steps=1500)[-1] for kind in page.KINDS}
    assert ends["bf16, copy in fp32"] == pytest.approx(ends["fp32"], rel=0.02)
    assert ends["bf16, stochastic"] == pytest.approx(ends["fp32"], rel=0.1)
    assert ends["bf16"] > 4 * ends["fp32"]


def test_scaling_keeps_gradients_to_the_precision_of_fp16_and_skips_what_overflows() -> None:
    gradients = [np.array([1e-6, -2e-3]), np.array([2.0, 1e-6]), np.array([1e-6, 1e-6])]
    kept = list(page.scaled_run(gradients, scale=2.0**16))
    assert kept[0][1] == pytest.approx(gradients[0], rel=2**-10)
    assert kept[1] == (2.0**15, None)
    assert kept[2][0] == 2.0**15


def test_the_scale_doubles_after_enough_good_steps() -> None:
    kept = list(page.scaled_run([np.array([1e-6])] * 11, scale=4.0, patience=5))
    assert [scale for scale, _ in kept] == [4.0] * 5 + [8.0] * 5 + [16.0]
