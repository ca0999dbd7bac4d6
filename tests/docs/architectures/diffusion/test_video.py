"""Sizes and work agree with diffusers, chunks with the whole, masks with their meaning."""

import json
from pathlib import Path

import numpy as np
import pytest
from examples import DOCS, load

video = load("architectures/diffusion/video")
REFERENCE = json.loads(Path(__file__).with_name("reference.json").read_text("utf-8"))["video"]


def test_the_multiply_adds_are_those_counted_in_diffusers() -> None:
    width, layers, ffn = video.WAN["Wan 14B"]
    count = video.tokens(video.latent(*video.CLIPS["Wan 2.1 and 2.2"][0]))
    ends = 2 * count * 64 * width  # from and to patches of 1 x 2 x 2 places with 16 channels
    condition = 512 * (4096 * width + width**2) + 256 * width + 7 * width**2  # text, once; time and its modulation

    assert count == 32_760
    assert sum(video.work(count, width, layers, ffn)) + ends + condition == REFERENCE["multiply-adds"]


def test_one_image_is_one_latent_frame() -> None:
    assert video.latent(1, 480, 832) == (1, 60, 104)
    assert video.latent(5, 480, 832)[0] == 2


@pytest.mark.parametrize("shift", [5.0, 12.0])
def test_the_times_are_those_of_the_sampler(shift: float) -> None:
    ours = video.shifted(1 - np.arange(41) / 40, shift)

    np.testing.assert_allclose(ours, REFERENCE["sigmas"][str(shift)], atol=0.008)  # it ends at 1/1000 before 0


def test_the_experts_share_the_steps() -> None:
    for shift, boundary in ((12.0, 0.875), (5.0, 0.9)):
        high, low = video.steps_of_experts(40, shift, boundary)
        assert high == sum(sigma >= boundary for sigma in REFERENCE["sigmas"][str(shift)][:40])
        assert high + low == 40
    assert video.steps_of_experts(40, 1.0, 0.5) == (21, 19)


@pytest.mark.parametrize("chunk", [4, 8, 16])
def test_chunks_give_what_the_whole_gives(chunk: int) -> None:
    rng = np.random.default_rng(1)
    clip, weights = rng.normal(size=(17, 3)), rng.normal(size=(4, 3, 3, 3))

    whole = video.encode(clip, weights)
    assert whole.shape == (5, 3)
    np.testing.assert_allclose(video.encode(clip, weights, chunk), whole, atol=1e-12)


def test_a_latent_depends_on_no_later_frame_and_the_first_on_one_alone() -> None:
    rng = np.random.default_rng(2)
    clip, weights = rng.normal(size=(13, 3)), rng.normal(size=(4, 3, 3, 3))
    whole = video.encode(clip, weights)
    for frame in range(13):
        changed = clip.copy()
        changed[frame] += 1
        moved = np.abs(video.encode(changed, weights) - whole).max(1) > 1e-12
        assert not moved[: -(-frame // 4)].any()
        assert moved[-(-frame // 4)]


def test_factorised_attention_reaches_every_token_in_two_layers() -> None:
    space, time = (video.attention_mask(kind, 3, 4) for kind in ("space", "time"))

    assert not (space & time ^ np.eye(12, dtype=bool)).any()
    assert (space.astype(int) @ time.astype(int) > 0).all()


def test_causal_blocks() -> None:
    np.testing.assert_array_equal(video.attention_mask("causal", 4, 1), np.tril(np.ones((4, 4), bool)))
    assert video.attention_mask("causal", 4, 2, 4).all()
    assert video.attention_mask("causal", 4, 2, 2)[0].sum() == 4


def test_the_stored_masks_are_those_of_the_code() -> None:
    stored = json.loads((DOCS / "architectures/diffusion/video.json").read_text("utf-8"))["masks"]

    for kind, block in (("full", 1), ("space", 1), ("time", 1), ("causal", 2)):
        np.testing.assert_array_equal(stored[kind], video.attention_mask(kind, 4, 3, block))
