"""Patches hold the picture, positions can be resized, packed images stay apart, and sizes are the published ones."""

import json

import numpy as np
import pytest
from examples import DOCS, load

page = load("architectures/transformers/vision-transformer")


def test_a_patch_is_a_square_of_the_image() -> None:
    image = np.random.default_rng(0).normal(size=(12, 8, 3))
    cut = page.patches(image, 4)
    assert cut.shape == (6, 48)
    np.testing.assert_array_equal(cut[3].reshape(4, 4, 3), image[4:8, 4:8])


def test_the_patch_matrix_is_a_convolution_without_overlap() -> None:
    rng = np.random.default_rng(1)
    image, kernel = rng.normal(size=(8, 8, 3)), rng.normal(size=(4, 4, 3, 5))
    tokens = page.patches(image, 4) @ kernel.reshape(48, 5)
    for row in range(2):
        for column in range(2):
            patch = image[4 * row : 4 * row + 4, 4 * column : 4 * column + 4]
            np.testing.assert_allclose(tokens[2 * row + column], np.einsum("ijc,ijcd->d", patch, kernel))


def test_the_sequence_is_a_class_token_and_the_patches() -> None:
    w, table = np.ones((48, 5)), np.arange(25.0).reshape(5, 5)
    out = page.embed(np.zeros((8, 8, 3)), 4, w, np.full(5, 7.0), table)
    np.testing.assert_array_equal(out[0], table[0] + 7)
    np.testing.assert_array_equal(out[1:], table[1:])


def test_resizing_keeps_corners_and_a_plane() -> None:
    side = 4
    rows, columns = np.meshgrid(np.arange(side), np.arange(side), indexing="ij")
    plane = np.concatenate([[[9.0]], (2.0 * rows + 3.0 * columns).reshape(-1, 1)])
    finer = page.resize_positions(plane, side, 7)
    assert finer[0, 0] == 9
    grid = finer[1:].reshape(7, 7)
    at = np.linspace(0, 3, 7)
    np.testing.assert_allclose(grid, 2 * at[:, None] + 3 * at)
    np.testing.assert_allclose(page.resize_positions(plane, side, side), plane)


def test_packed_images_do_not_read_one_another() -> None:
    mask = page.packing_mask([2, 3])
    assert mask.sum() == 4 + 9
    assert not mask[:2, 2:].any()


@pytest.mark.parametrize(
    ("size", "patch", "published"),
    [("BASE", 16, 86_567_656), ("BASE", 32, 88_224_232), ("LARGE", 16, 304_326_632), ("LARGE", 32, 306_535_400)],
)
def test_parameters_are_those_of_the_published_checkpoints(size: str, patch: int, published: int) -> None:
    assert page.parameters(**getattr(page, size), patch=patch, side=224) == published


def test_halving_the_patch_makes_about_four_times_the_work() -> None:
    fine, coarse = (page.operations(**page.BASE, patch=p, side=224) for p in (16, 32))
    assert fine / coarse == pytest.approx(4, rel=0.05)


def test_the_stored_run_is_reproduced() -> None:
    stored = json.loads((DOCS / "architectures/transformers/vision-transformer.json").read_text(encoding="utf-8"))
    assert stored == page.experiment()


@pytest.mark.parametrize("shift", [0, 1, 4])
def test_windows_divide_the_grid_into_squares(shift: int) -> None:
    mask = page.window_mask(16, 8, shift)
    row, column = np.divmod(np.arange(256), 16)
    part = lambda x: (x - shift) // 8  # noqa: E731
    same = (part(row)[:, None] == part(row)) & (part(column)[:, None] == part(column))
    np.testing.assert_array_equal(mask, same)


def test_shifted_windows_reach_further_with_every_layer_and_plain_ones_never() -> None:
    plain, shifted = page.window_mask(64, 8), page.window_mask(64, 8, 4)
    assert [page.reached([plain] * n) for n in (1, 5)] == [64, 64]
    assert [page.reached(([plain, shifted] * 3)[-n:]) for n in (1, 2, 3, 4)] == [8**2, 16**2, 24**2, 32**2]
