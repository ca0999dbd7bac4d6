"""Tokens, rotations, linear attention and the delta rule agree with diffusers; forgetting with an older computation."""

import json
from pathlib import Path

import numpy as np
import pytest
from examples import DOCS, load

long_video = load("architectures/diffusion/long-video")
video = load("architectures/diffusion/causal-video")
REFERENCE = json.loads(Path(__file__).with_name("reference.json").read_text("utf-8"))["long_video"]


def given(name: str, *shape: int) -> np.ndarray:
    return np.array(REFERENCE[name]).reshape(shape)


def test_the_history_has_as_many_tokens_as_in_diffusers() -> None:
    groups, section = long_video.packed(60, 104)
    full, half, quarter = REFERENCE["tokens"]

    assert groups["first image"] + groups["last"] == full
    assert (groups["two before"], groups["sixteen before"]) == (half, quarter)
    assert section == 9 * full / 2


def test_the_bound_is_the_limit_of_the_sum() -> None:
    for ratio in (2, 4):
        assert long_video.bound(ratio) == pytest.approx(sum(ratio**-back for back in range(40)))


def test_a_pooled_rotation_is_that_of_diffusers() -> None:
    frequency = long_video.frequencies()
    cosines, sines = (np.array(part).reshape(4, 16)[:, ::2] for part in REFERENCE["turns"])
    for group in range(4):
        frames = 3 + 4 * group + np.arange(4)
        rotation = long_video.pooled(frames, frequency)
        np.testing.assert_allclose(long_video.centred(frames, frequency), rotation, atol=1e-12)
        np.testing.assert_allclose(rotation, cosines[group] + 1j * sines[group], atol=1e-6)


@pytest.mark.parametrize(("blocks", "steps", "lag"), [(5, 30, 5), (4, 6, 2), (3, 4, 0)])
def test_the_wave_is_that_of_diffusers(blocks: int, steps: int, lag: int) -> None:
    # There a row holds the times of a pass: of the steps steps, ..., 1, then 0; and 999 for a block not yet begun.
    times = np.array(REFERENCE["waves"][f"{blocks} {steps} {lag}"]).reshape(-1, blocks)
    begun = np.where(times == 999, 0, steps + 1 - times)
    done = long_video.wave(blocks, steps, lag)

    np.testing.assert_array_equal(np.minimum(begun[: len(done)], steps), done)


def test_linear_attention_in_one_block_is_that_of_diffusers() -> None:
    x, angle = given("x", 12, 8), given("angle", 12, 4)
    positive = np.maximum(x, 0)

    out = long_video.at_once(positive, positive, x, angle, 12)
    np.testing.assert_allclose(out, given("linear", 12, 8), atol=1e-5)


@pytest.mark.parametrize("block", [1, 3, 4, 12])
def test_the_state_gives_what_the_mask_gives(block: int) -> None:
    rng = np.random.default_rng(0)
    q, k = np.abs(rng.normal(size=(2, 12, 6)))
    v, angle = rng.normal(size=(12, 5)), rng.uniform(0, 3, size=(12, 3))

    whole = long_video.at_once(q, k, v, angle, block)
    np.testing.assert_allclose(long_video.streamed(q, k, v, angle, block), whole, atol=1e-12)


def test_no_block_sees_a_later_one() -> None:
    rng = np.random.default_rng(1)
    q, k = np.abs(rng.normal(size=(2, 12, 6)))
    v, angle = rng.normal(size=(12, 5)), rng.uniform(0, 3, size=(12, 3))
    changed = v.copy()
    changed[8:] += 1

    before, after = (long_video.streamed(q, k, values, angle, 4) for values in (v, changed))
    np.testing.assert_array_equal(before[:8], after[:8])
    assert (before[8:] != after[8:]).any(1).all()


def test_the_delta_rule_of_a_frame_is_that_of_diffusers() -> None:
    q, k, v = (given(name, 3, 4, 4) for name in "qkv")
    beta, decay = given("beta", 3, 4), given("decay", 3)
    state, mass = np.zeros((4, 4)), np.zeros((4, 1))
    above, below = [], []
    for frame in range(3):
        state = long_video.write_frame(state, k[frame], v[frame], beta[frame], decay[frame])
        mass = long_video.write_frame(mass, k[frame], np.ones((4, 1)), beta[frame], decay[frame])
        above.append(q[frame] @ state)
        below.append(q[frame] @ mass)

    np.testing.assert_allclose(np.concatenate(above), given("numerator", 12, 4), atol=1e-6)
    np.testing.assert_allclose(np.concatenate(below)[:, 0], REFERENCE["denominator"], atol=1e-6)


def test_a_frame_of_one_token_is_the_delta_rule_of_language_models() -> None:
    rng = np.random.default_rng(2)
    state, k, v = rng.normal(size=(4, 3)), rng.normal(size=(1, 4)), rng.normal(size=(1, 3))
    keep, strength = 0.9, 0.4

    expected = keep * (state - strength * np.outer(k[0], k[0] @ state)) + strength * np.outer(k[0], v[0])
    np.testing.assert_allclose(long_video.write_frame(state, k, v, np.array([strength]), keep), expected, atol=1e-12)


def test_writing_is_multiplying_the_old_state_and_adding() -> None:
    rng = np.random.default_rng(3)
    state, k, v = rng.normal(size=(4, 3)), rng.normal(size=(5, 4)), rng.normal(size=(5, 3))
    strength = rng.uniform(size=5)

    expected = long_video.transition(k, strength, 0.8) @ state + k.T @ (strength[:, None] * v)
    np.testing.assert_allclose(long_video.write_frame(state, k, v, strength, 0.8), expected, atol=1e-12)


@pytest.mark.parametrize("count", [1, 30, 900])
def test_scaled_keys_never_make_a_state_grow(count: int) -> None:
    rng = np.random.default_rng(count)
    keys = long_video.keys_of_a_frame(np.abs(rng.normal(size=(count, 6))))  # all alike: the worst case

    assert (keys**2).sum() == pytest.approx(1)
    values = np.linalg.eigvalsh(long_video.transition(keys, np.ones(count), 1.0))
    assert -1e-12 <= values[0] < 0.5
    assert values[-1] <= 1 + 1e-12


def test_a_window_without_packing_is_that_of_the_page_on_video() -> None:
    for window, first in ((1, False), (4, False), (3, True)):
        ours = long_video.memory(40, (1,) * window, first)
        np.testing.assert_allclose(ours, video.memory(40, window, first), atol=1e-10)


def test_three_packed_tokens_remember_what_nineteen_frames_do() -> None:
    rules = long_video.CONTEXTS
    curves = {name: long_video.memory(97, *rule) for name, rule in rules.items()}

    np.testing.assert_allclose(curves["packed, learned"], curves["last nineteen frames"], atol=1e-9)
    order = ["last three frames", "packed, plain means", "packed, learned", "packed, learned, and the first"]
    last = [curves[name][-1] for name in order]
    assert last == sorted(last)


def test_the_stored_experiment_is_what_the_code_gives() -> None:
    stored = json.loads((DOCS / "architectures/diffusion/long-video.json").read_text("utf-8"))

    assert stored == long_video.experiment()
