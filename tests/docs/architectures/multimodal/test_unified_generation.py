"""The mask hides noise from all outside, the losses add as they should, sampling arrives."""

import json

import numpy as np
import pytest
from examples import DOCS, load

unified = load("architectures/multimodal/unified-generation")
RNG = np.random.default_rng(0)
LENGTHS, KINDS = [2, 3, 1, 3, 1], ["text", "clean", "text", "noised", "text"]
SEEN = unified.mask(LENGTHS, KINDS)
PART = np.repeat(np.arange(5), LENGTHS)


def test_text_is_causal() -> None:
    text = np.isin(PART, [0, 2, 4])

    assert not np.triu(SEEN[np.ix_(text, text)], 1).any()


@pytest.mark.parametrize("image", [1, 3])
def test_an_image_sees_itself_both_ways(image: int) -> None:
    own = np.flatnonzero(image == PART)

    assert SEEN[np.ix_(own, own)].all()


def test_nobody_outside_sees_noised_tokens() -> None:
    assert not SEEN[np.ix_(PART != 3, PART == 3)].any()
    assert SEEN[-1].tolist() == [True] * 6 + [False] * 3 + [True]


def test_a_noised_image_sees_all_before_it() -> None:
    assert SEEN[np.ix_(PART == 3, PART < 3)].all()


def test_text_alone_gives_the_ordinary_mask() -> None:
    assert (unified.mask([3, 2], ["text", "text"]) == np.tril(np.ones((5, 5)))).all()


def test_the_loss_is_zero_for_a_perfect_model() -> None:
    latents, noise = RNG.normal(size=(2, 5, 3))
    logits = 50 * np.eye(4)

    total, text, image = unified.joint_loss(logits, np.arange(4), noise - latents, latents, noise, 5.0)
    assert total == pytest.approx(0, abs=1e-9)
    assert (text, image) == pytest.approx((0, 0), abs=1e-9)


def test_the_balance_weighs_images_only() -> None:
    latents, noise = RNG.normal(size=(2, 5, 3))
    args = (RNG.normal(size=(4, 6)), np.arange(4), RNG.normal(size=(5, 3)), latents, noise)
    one, text, image = unified.joint_loss(*args, 1.0)

    assert unified.joint_loss(*args, 5.0)[0] - one == pytest.approx(4 * image)
    assert one == pytest.approx(text + image)


def test_the_velocity_points_from_data_to_noise() -> None:
    latents, noise = RNG.normal(size=(2, 5, 3))
    slope = (unified.noised(latents, noise, 0.6) - unified.noised(latents, noise, 0.4)) / 0.2

    np.testing.assert_allclose(slope, noise - latents)


@pytest.mark.parametrize(("guidance", "passes"), [(1.0, 5), (3.0, 10)])
def test_sampling_arrives_and_guidance_overshoots(guidance: float, passes: int) -> None:
    image = RNG.normal(size=(4, 2))
    made, done = unified.sample(unified.Point(image), image.shape, 5, guidance, RNG)

    np.testing.assert_allclose(made, guidance * image, atol=1e-9)
    assert done == passes


def test_the_stored_costs_are_what_the_code_gives() -> None:
    stored = json.loads((DOCS / "architectures/multimodal/unified-generation.json").read_text(encoding="utf-8"))

    assert stored == unified.costs()
