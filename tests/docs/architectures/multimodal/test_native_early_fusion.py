"""Patches are a strided convolution, codes keep apart from text, masks and grammar hold."""

import json

import numpy as np
import pytest
from examples import DOCS, load

fusion = load("architectures/multimodal/native-early-fusion")
RNG = np.random.default_rng(0)


def test_a_patch_sees_its_own_pixels_only() -> None:
    image, weight = RNG.normal(size=(60, 90, 3)), RNG.normal(size=(2700, 4))
    changed = image.copy()
    changed[35, 40] += 1

    a, b = (fusion.patches(i, 30, weight) for i in (image, changed))
    assert np.flatnonzero(np.abs(a - b).max(1) > 1e-9).tolist() == [4]
    np.testing.assert_allclose(a[4], image[30:60, 30:60].reshape(-1) @ weight)


def test_a_token_of_the_folding_tower_sees_its_own_patch_and_both_frames_only() -> None:
    weights = [RNG.normal(size=shape) for shape in fusion.shapes(channels=(3, 8, 8, 8, 4))]
    clip = RNG.normal(size=(2, 80, 120, 3))
    changed = clip.copy()
    changed[1, 45, 50] += 1

    a, b = (fusion.tower(c, fusion.FOLDS, weights) for c in (clip, changed))
    assert a.shape == (6, 4)
    assert np.flatnonzero(np.abs(a - b).max(1) > 1e-9).tolist() == [4]
    np.testing.assert_allclose(a[4:5], fusion.tower(clip[:, 40:80, 40:80], fusion.FOLDS, weights))


def test_a_tower_of_one_step_is_a_map_of_each_patch() -> None:
    image, weight = RNG.normal(size=(60, 90, 3)), RNG.normal(size=(2700, 4))

    np.testing.assert_allclose(fusion.tower(image[None], ((1, 30),), [weight]), fusion.patches(image, 30, weight))


def test_the_sizes_of_inklings_tower() -> None:
    assert fusion.shapes() == [(75, 128), (512, 320), (5120, 4800), (9600, 6144)]


def test_codes_are_the_nearest_and_lie_behind_the_text() -> None:
    codebook = RNG.normal(size=(fusion.CODES, 3))
    ids = fusion.code_tokens(codebook[[3, 0, 15]] + 1e-3, codebook)

    assert ids == [fusion.BEGIN, fusion.FIRST_CODE + 3, fusion.FIRST_CODE, fusion.FIRST_CODE + 15, fusion.END]


IDS = [1, 100, 102, 103, 101, 5, 100, 104, 105, 106, 101]


def test_each_image_has_its_number() -> None:
    assert fusion.image_of(IDS).tolist() == [-1, -1, 0, 0, -1, -1, -1, 1, 1, 1, -1]


def test_only_positions_of_the_same_image_look_ahead() -> None:
    ahead = np.argwhere(fusion.mask(IDS, both_ways=True) & ~fusion.mask(IDS))

    assert ahead.tolist() == [[2, 3], [7, 8], [7, 9], [8, 9]]


@pytest.mark.parametrize("cells", [1, 4, 9])
def test_an_image_has_exactly_its_number_of_codes(cells: int) -> None:
    ids = [3, fusion.BEGIN]
    while ids[-1] != fusion.END:
        ids.append(int(RNG.choice(np.flatnonzero(fusion.allowed(ids, cells)))))

    assert len(ids) == 2 + cells + 1
    assert all(i >= fusion.FIRST_CODE for i in ids[2:-1])


def test_after_an_image_text_goes_on_and_codes_are_forbidden() -> None:
    choice = fusion.allowed([3, fusion.BEGIN, 104, fusion.END], 1)

    assert choice[: fusion.BEGIN + 1].all()
    assert not choice[fusion.END :].any()


def test_normed_queries_do_not_care_how_large_weights_grow() -> None:
    _, curves = fusion.entropies()

    np.testing.assert_allclose(curves["normed"], curves["normed"][0])
    assert curves["as they are"][0] > 5
    assert curves["as they are"][-1] < 0.5


def test_the_stored_curves_are_what_the_code_gives() -> None:
    stored = json.loads((DOCS / "architectures/multimodal/native-early-fusion.json").read_text(encoding="utf-8"))
    scales, curves = fusion.entropies()

    np.testing.assert_allclose(stored["scales"], scales, atol=1e-3)
    for name, values in curves.items():
        np.testing.assert_allclose(stored[name], values, atol=1e-3)
