"""A cache gives what the mask gives, whatever it counts positions from; drift agrees with sampling."""

import json

import numpy as np
import pytest
from examples import DOCS, load

video = load("architectures/diffusion/causal-video")
RNG = np.random.default_rng(0)


@pytest.mark.parametrize("window", [1, 3, 20])
def test_positions_in_the_cache_do_as_well_as_positions_in_the_video(window: int) -> None:
    q, k, v = RNG.normal(size=(3, 12, 4, 8))

    np.testing.assert_allclose(video.streamed(q, k, v, window), video.masked(q, k, v, window), atol=1e-12)


def test_an_anchor_is_read_for_ever_and_other_frames_are_forgotten() -> None:
    q, k, v = RNG.normal(size=(3, 12, 4, 8))
    other = np.concatenate([v[:1] + 1, v[1:]])
    with_anchor, without = (
        np.abs(video.streamed(q, k, other, 3, anchors) - video.streamed(q, k, v, 3, anchors)).max(axis=(1, 2))
        for anchors in (1, 0)
    )

    assert with_anchor.min() > 1e-3
    assert without[4:].max() == 0


def test_later_frames_change_nothing() -> None:
    q, k, v = RNG.normal(size=(3, 8, 4, 8))
    changed = [np.concatenate([x[:5], RNG.normal(size=x[5:].shape)]) for x in (q, k, v)]

    np.testing.assert_array_equal(video.streamed(*changed, 3)[:5], video.streamed(q, k, v, 3)[:5])


def test_with_every_frame_in_context_the_written_video_is_the_true_one() -> None:
    true, written = video.rollout(20, 20)

    np.testing.assert_allclose(written, true, atol=1e-12)


def test_the_rollout_agrees_with_drawn_videos() -> None:
    rng = np.random.default_rng(0)
    turn = np.exp(1j * video.TURN)
    grain = video.GRAIN**2
    weight = turn / (1 + grain)
    fresh = 1 + grain - abs(weight) ** 2 * (1 + grain)
    x = np.sqrt((1 + grain) / 2) * (rng.normal(size=200_000) + 1j * rng.normal(size=200_000))
    start = x
    for _ in range(5):
        x = weight * x + np.sqrt(fresh / 2) * (rng.normal(size=x.size) + 1j * rng.normal(size=x.size))

    _, written = video.rollout(6, 1)
    assert np.mean(x * start.conj()) == pytest.approx(written[5, 0], abs=0.01)
    assert np.mean(abs(x) ** 2) == pytest.approx(written[5, 5].real, abs=0.01)


def test_longer_contexts_remember_and_the_first_frame_is_an_anchor() -> None:
    last = [video.memory(97, window)[-1] for window in (1, 4, 12, 97)]

    assert last == sorted(last)
    assert last[0] < 0.01
    assert last[3] == pytest.approx(1 / (1 + video.GRAIN**2))
    assert video.memory(97, 3, first=True)[-1] == pytest.approx(last[3], abs=0.01)


def test_the_stored_experiment_is_what_the_code_gives() -> None:
    stored = json.loads((DOCS / "architectures/diffusion/causal-video.json").read_text("utf-8"))

    assert {key: stored[key] for key in ("memory", "brightness")} == video.experiment()


def test_wans_angles_agree_again_where_videos_are_reported_to_jump_back() -> None:
    distance = np.arange(256)
    one, own = video.alignment(distance), video.alignment(distance, video.JITTERED)
    best = video.returns(distance, one)[:4]

    assert one[0] == own[0] == 1
    assert {132, 201} <= set(best)
    assert (own[best] < one[best]).all()


def test_anchors_stay_at_the_same_distance_however_long_the_video_gets() -> None:
    q, k, v = np.broadcast_to(RNG.normal(size=(3, 1, 4, 8)), (3, 200, 4, 8))
    out = video.streamed(q, k, v * np.arange(200)[:, None, None].clip(0, 1), 5, anchors=2)

    np.testing.assert_allclose(out[100], out[-1], atol=1e-12)
