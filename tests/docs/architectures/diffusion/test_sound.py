"""Windows are joined as well as the page says, and states are laid where their frames sound."""

import json

import numpy as np
import pytest
from examples import DOCS, load

sound = load("architectures/diffusion/sound")
RNG = np.random.default_rng(0)


def test_a_condition_continues_the_tone_as_the_process_itself_does() -> None:
    cov = sound.tone(40)
    power, link = sound.joined(cov, 12, 3000, "as a condition")

    np.testing.assert_allclose(power, cov[0, 0], atol=0.01)
    np.testing.assert_allclose(link, cov[12:, 11] / cov[0, 0], atol=0.01)


def test_a_window_on_its_own_has_the_right_power_and_no_link() -> None:
    power, link = sound.joined(sound.tone(40), 12, 3000, "not at all")

    np.testing.assert_allclose(power, sound.tone(1)[0, 0], atol=0.01)
    np.testing.assert_array_equal(link, 0)


@pytest.mark.parametrize("known", [4, 16, 128])
def test_putting_the_overlap_in_links_less_than_the_truth_and_loses_power(known: int) -> None:
    cov = sound.tone(48 + known)
    power, link = sound.joined(cov, known, 400, "put in at every step")

    assert 0.1 < link[22] < 0.5 < 0.85 < cov[0, 23]
    assert power[22] < 0.9


def test_the_matrices_are_those_of_samples() -> None:
    cov = sound.tone(20)
    root = np.linalg.cholesky(cov[:6, :6])
    start = np.concatenate([root @ RNG.normal(size=(6, 40_000)), RNG.normal(size=(20, 40_000))])
    drawn = sound.window(cov, 6, 50, "put in at every step") @ start
    power, link = sound.joined(cov, 6, 50, "put in at every step")

    np.testing.assert_allclose((drawn[6:] ** 2).mean(axis=1), power, rtol=0.05)
    np.testing.assert_allclose([np.corrcoef(row, start[5])[0, 1] for row in drawn[6:]], link, atol=0.02)


def test_each_latent_takes_the_frame_that_sounds_at_its_time() -> None:
    states = np.arange(200.0)[:, None, None] * np.ones((200, 8, 1))
    laid = sound.aligned(states, RNG.normal(size=8), 25, 44100 / 512)[:, 0]
    middle = (np.arange(len(laid)) + 0.5) * 512 / 44100

    assert len(laid) == 689
    assert np.abs(laid - np.floor(middle * 25)).max() < 1.5


def test_the_stored_curves_are_those_of_the_code() -> None:
    stored = json.loads((DOCS / "architectures/diffusion/sound.json").read_text("utf-8"))["link"]
    cov = sound.tone(64)

    np.testing.assert_allclose(stored["truth"], cov[16:, 15], atol=1e-3)
    for how in ("put in at every step", "as a condition"):
        np.testing.assert_allclose(stored[how], sound.joined(cov, 16, 400, how)[1], atol=1e-3)
