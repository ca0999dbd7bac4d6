"""Sizes stay within limits, positions follow the grid, and text keeps its ordinary rotary code."""

import numpy as np
import pytest
from examples import load

dynamic = load("architectures/multimodal/dynamic-resolution")
RNG = np.random.default_rng(0)


@pytest.mark.parametrize(("height", "width"), [(56, 56), (10, 200), (5000, 3000), (333, 777), (28, 28)])
def test_sizes_are_multiples_within_the_limits(height: int, width: int) -> None:
    rows, columns = dynamic.resize(height, width)

    assert rows % 28 == columns % 28 == 0
    assert 56 * 56 <= rows * columns <= 28 * 28 * 1280


def test_the_shape_is_kept() -> None:
    rows, columns = dynamic.resize(3000, 1500)

    assert rows / columns == pytest.approx(2, rel=0.06)


@pytest.mark.parametrize(("size", "count"), [((224, 224), 64), ((448, 448), 256), ((1344, 896), 1247)])
def test_known_token_counts(size: tuple[int, int], count: int) -> None:
    # 1344 × 896 would be 1536 tokens; the default limit of 1280 makes the image smaller.
    assert dynamic.tokens(*size) == count


def test_pairs_of_frames_share_tokens() -> None:
    assert dynamic.tokens(448, 448, 10) == dynamic.tokens(448, 448, 9) == 5 * 256


def test_an_hour_of_video_takes_no_more_than_its_limit_and_a_minute_nearly_as_much() -> None:
    counts = [dynamic.film(720, 1280, min(2 * seconds, 768)) for seconds in (60, 600, 3600)]

    assert all(10_000 < count <= 24576 // 2 for count in counts)
    assert dynamic.film(720, 1280, 20) == 22 * 40 * 10


def test_a_limit_for_each_frame_makes_tokens_grow_with_the_length() -> None:
    short, long = (dynamic.film(720, 1280, frames, most=256 * 32 * 32) for frames in (20, 60))

    assert long == 3 * short <= 30 * 256


def test_positions_of_an_image_form_a_grid_and_text_goes_on_behind_its_largest() -> None:
    where = dynamic.positions([2, (1, 2, 3), 1])

    assert where[:2].tolist() == [[0, 0, 0], [1, 1, 1]]
    assert where[2:8].tolist() == [[2, 2, 2], [2, 2, 3], [2, 2, 4], [2, 3, 2], [2, 3, 3], [2, 3, 4]]
    assert where[8].tolist() == [5, 5, 5]


def test_text_is_rotated_as_by_ordinary_rope_whatever_the_axes() -> None:
    x, where = RNG.normal(size=(7, 128)), dynamic.positions([7])
    chunks, woven = dynamic.axis_of_pair(), dynamic.axis_of_pair(64, (24, 20, 20), interleaved=True)

    np.testing.assert_allclose(dynamic.mrope(x, where, chunks), dynamic.mrope(x, where, woven))


@pytest.mark.parametrize("interleaved", [False, True])
def test_scores_depend_on_differences_along_each_axis(interleaved: bool) -> None:
    axes = dynamic.axis_of_pair(64, (24, 20, 20) if interleaved else (16, 24, 24), interleaved)
    q, k = RNG.normal(size=(2, 1, 128))
    a, b, shift = np.array([[3, 5, 2]]), np.array([[1, 4, 9]]), np.array([[10, -2, 7]])

    def score(at: np.ndarray, other: np.ndarray) -> float:
        return (dynamic.mrope(q, at, axes) @ dynamic.mrope(k, other, axes).T).item()

    assert score(a + shift, b + shift) == pytest.approx(score(a, b))
    assert score(a + np.array([[0, 0, 1]]), b) != pytest.approx(score(a, b))


def test_each_pair_turns_by_its_position_and_the_first_turns_fastest() -> None:
    half, where = 4, np.array([[3.0, 5.0, 7.0]])
    x = np.concatenate([np.ones((1, half)), np.zeros((1, half))], axis=1)

    out = dynamic.mrope(x, where, np.array([0, 1, 2, 0]), base=10_000.0)
    for pair, position in enumerate([3, 5, 7, 3]):
        angle = position / 10**pair  # 10,000 ** (pair / 4)
        assert (out[0, pair], out[0, half + pair]) == pytest.approx((np.cos(angle), np.sin(angle)))


def test_interleaving_gives_every_axis_fast_and_slow_pairs() -> None:
    woven = dynamic.axis_of_pair(64, (24, 20, 20), interleaved=True)

    assert np.bincount(woven).tolist() == [24, 20, 20]
    assert {0, 1, 2} == set(woven[:3]) == set(woven[57:60])
    assert dynamic.longest_wave(dynamic.axis_of_pair(), 0) < 200 < dynamic.longest_wave(woven, 0)
