"""The sequence is spliced in order, only the answer is trained, and merging loses what it says it loses."""

import numpy as np
import pytest
from examples import load

llava = load("architectures/multimodal/llava-projector")
RNG = np.random.default_rng(0)


def test_the_projector_is_two_linear_maps_around_a_gelu() -> None:
    x, w1, b1 = RNG.normal(size=(5, 3)), RNG.normal(size=(3, 4)), RNG.normal(size=4)
    w2, b2 = RNG.normal(size=(4, 2)), RNG.normal(size=2)

    np.testing.assert_allclose(llava.project(x, (w1, b1), (w2, b2)), llava.gelu(x @ w1 + b1) @ w2 + b2)
    assert llava.gelu(np.array([1.0]))[0] == pytest.approx(0.8413447)


def test_images_take_the_places_of_their_placeholders_in_order() -> None:
    table, images = RNG.normal(size=(9, 2)), [RNG.normal(size=(3, 2)), RNG.normal(size=(3, 2))]
    inputs = llava.splice([1, llava.IMAGE, 4, llava.IMAGE], table, images)

    np.testing.assert_array_equal(inputs, np.concatenate([table[[1]], images[0], table[[4]], images[1]]))


def test_only_the_answer_is_trained() -> None:
    row = llava.labels([1, llava.IMAGE, 5, 6, 7], answer_from=3, image_tokens=4)

    assert row.tolist() == [llava.IGNORE] * 6 + [6, 7]


def test_blocks_are_neighbours_in_the_image() -> None:
    numbered = np.arange(16.0)[:, None]

    assert llava.grid(numbered, 2)[:, :, 0].tolist() == [[0, 1, 4, 5], [2, 3, 6, 7], [8, 9, 12, 13], [10, 11, 14, 15]]


def test_concatenating_loses_nothing_and_averaging_keeps_a_quarter_of_independent_patches() -> None:
    patches = RNG.normal(size=(64 * 64, 4))

    assert llava.recovered(patches, llava.concatenate(patches, 2)) == pytest.approx(1)
    assert llava.recovered(patches, llava.average(patches, 2)) == pytest.approx(0.25, abs=0.02)


def test_averaging_harms_smooth_images_less() -> None:
    smooth = np.repeat(np.repeat(RNG.normal(size=(32, 32, 4)), 2, 0), 2, 1).reshape(-1, 4)

    assert llava.recovered(smooth, llava.average(smooth, 2)) == pytest.approx(1)


@pytest.mark.parametrize(
    ("size", "tiles"), [((672, 672), (2, 2)), ((1344, 672), (2, 1)), ((300, 2000), (1, 3)), ((1000, 1000), (2, 2))]
)
def test_the_tiling_follows_the_shape(size: tuple[int, int], tiles: tuple[int, int]) -> None:
    assert llava.best_tiling(size, llava.TILINGS) == tiles


@pytest.mark.parametrize(
    ("size", "tokens"),
    [
        ((336, 336), 1176),
        ((337, 337), 2928),
        ((1024, 512), 1752),
        ((600, 1200), 1776),
        ((323, 129), 1556),
        ((4000, 1000), 1890),
        ((3111, 29), 576),
    ],
)
def test_a_tiled_image_has_as_many_tokens_as_in_transformers(size: tuple[int, int], tokens: int) -> None:
    """Numbers of `LlavaNextProcessor`, transformers 5.24, for images as width and height."""
    assert llava.tiled_tokens(size, llava.TILINGS) == tokens
