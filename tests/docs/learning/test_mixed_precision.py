"""bf16 by bits, what training in it loses, and the scale that follows the gradients."""

from __future__ import annotations

import numpy as np
import pytest
from examples import DOCS, load

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
    ends = {kind: page.train(kind, steps=1500)[0][-1] for kind in page.KINDS}
    assert ends["bf16, copy in fp32"] == pytest.approx(ends["fp32"], rel=0.02)
    assert ends["bf16, stochastic"] == pytest.approx(ends["fp32"], rel=0.1)
    assert ends["bf16"] > 4 * ends["fp32"]


def test_weights_above_a_half_never_change_and_the_others_stop_on_the_way() -> None:
    text = (DOCS / "learning/mixed-precision.md").read_text(encoding="utf-8")
    _, start = np.random.default_rng(0).normal(size=(2, 64)).astype(np.float32)
    still = ~page.train("bf16")[1]
    assert np.abs(page.bf16(start[still])).min() > 0.5
    assert np.abs(page.bf16(start[~still])).max() <= 0.5
    assert f"{still.sum()} of 64 weights" in text
    assert page.train("bf16, copy in fp32", steps=300)[1].all()


def test_the_ends_of_the_formats_are_those_of_the_table() -> None:
    with np.errstate(invalid="ignore"):
        halves = np.arange(2**16, dtype=np.uint16).view(np.float16).astype(float)
        shorts = (np.arange(2**16, dtype=np.uint32) << 16).view(np.float32).astype(float)
    for values, largest, normal, least, step in (
        (halves, 65504, 2.0**-14, 2.0**-24, 2.0**-10),
        (shorts, (2 - 2.0**-7) * 2.0**127, 2.0**-126, 2.0**-133, 2.0**-7),
    ):
        positive = np.unique(values[np.isfinite(values) & (values > 0)])
        assert (positive[-1], positive[0]) == (largest, least)
        relative = np.diff(positive) / positive[:-1]
        assert relative[positive[:-1] >= normal].max() == step
        assert positive[np.searchsorted(positive, normal) - 1] == normal * (1 - step)
    with np.errstate(over="ignore"):
        assert np.float16(2.0**-25) == 0 < np.float16(np.nextafter(2.0**-25, 1))
        assert np.float16(65519.99) == 65504 < np.float16(65520) == np.inf


def test_scaling_keeps_gradients_to_the_precision_of_fp16_and_skips_what_overflows() -> None:
    gradients = [np.array([1e-6, -2e-3]), np.array([2.0, 1e-6]), np.array([1e-6, 1e-6])]
    kept = list(page.scaled_run(gradients, scale=2.0**16))
    assert kept[0][1] == pytest.approx(gradients[0], rel=2**-10)
    assert kept[1] == (2.0**15, None)
    assert kept[2][0] == 2.0**15


def test_the_scale_doubles_after_enough_good_steps() -> None:
    kept = list(page.scaled_run([np.array([1e-6])] * 11, scale=4.0, patience=5))
    assert [scale for scale, _ in kept] == [4.0] * 5 + [8.0] * 5 + [16.0]
