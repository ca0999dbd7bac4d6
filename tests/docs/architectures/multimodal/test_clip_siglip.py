"""The losses are what their definitions say, and the sigmoid loss may be computed in parts."""

import numpy as np
import pytest
from examples import load

clip = load("architectures/multimodal/clip-siglip")
IMAGES, TEXTS = clip.example()


def test_the_clip_loss_by_hand() -> None:
    logits = 5 * IMAGES @ TEXTS.T
    rows = [-np.log(np.exp(logits[i, i]) / np.exp(logits[i]).sum()) for i in range(8)]
    columns = [-np.log(np.exp(logits[i, i]) / np.exp(logits[:, i]).sum()) for i in range(8)]

    assert clip.clip_loss(IMAGES, TEXTS, 5.0) == pytest.approx((np.mean(rows) + np.mean(columns)) / 2)


def test_without_scale_the_clip_loss_is_chance() -> None:
    assert clip.clip_loss(IMAGES, TEXTS, 0.0) == pytest.approx(np.log(8))


def test_the_siglip_loss_by_hand() -> None:
    total = 0.0
    for i in range(8):
        for j in range(8):
            logit = 10 * IMAGES[i] @ TEXTS[j] - 10
            total -= np.log(1 / (1 + np.exp(-logit if i == j else logit)))

    assert clip.siglip_loss(IMAGES, TEXTS, 10.0, -10.0) == pytest.approx(total / 8)


@pytest.mark.parametrize("chunk", [1, 3, 8, 20])
def test_the_siglip_loss_in_chunks_is_the_same(chunk: int) -> None:
    whole = clip.siglip_loss(IMAGES, TEXTS, 10.0, -10.0)

    assert clip.siglip_in_chunks(IMAGES, TEXTS, 10.0, -10.0, chunk) == pytest.approx(whole)


def test_the_bias_makes_the_start_cheap_where_nearly_all_pairs_are_negative() -> None:
    rng = np.random.default_rng(0)
    images, texts = (clip.unit(rng.normal(size=(64, 16))) for _ in range(2))

    assert clip.siglip_loss(images, texts, 10.0, -10.0) < clip.siglip_loss(images, texts, 10.0, 0.0)


def test_the_first_bias_is_where_the_loss_of_vectors_that_say_nothing_is_least() -> None:
    batch, best = 64, clip.first_bias(64)
    nothing = np.zeros((batch, 4))
    losses = [clip.siglip_loss(nothing, nothing, 10.0, best + step) for step in (-0.1, 0.0, 0.1)]

    assert losses[1] < min(losses[0], losses[2])
    assert clip.first_bias(22_027) == pytest.approx(-10, abs=1e-4)


def test_zero_shot_finds_the_pair() -> None:
    assert (clip.zero_shot(IMAGES, TEXTS) == np.arange(8)).mean() > 0.8
