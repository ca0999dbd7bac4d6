"""A closed gate changes nothing and still learns; the mask follows the images; the resampler's size is fixed."""

import numpy as np
import pytest
from examples import load

flamingo = load("architectures/multimodal/flamingo")
RNG = np.random.default_rng(0)
((ATTENTION, MLP),) = flamingo.weights(RNG, 8)
TEXT, VISUAL = RNG.normal(size=(6, 8)), RNG.normal(size=(8, 8))
IS_IMAGE = np.array([0, 1, 0, 1, 0, 0])


def block(gates: tuple[float, float], visual: np.ndarray = VISUAL) -> np.ndarray:
    mask = flamingo.image_mask(IS_IMAGE, 4)
    return np.asarray(flamingo.gated_block(TEXT, visual, mask, ATTENTION, MLP, gates, 2))


def test_a_closed_gate_is_the_frozen_model_exactly() -> None:
    assert (block((0.0, 0.0)) == TEXT).all()
    assert np.abs(block((0.5, 0.5)) - TEXT).max() > 0.1


def test_at_a_closed_gate_only_the_gate_has_a_gradient() -> None:
    gate, values = flamingo.slopes(0.0)
    assert gate > 0.01
    assert values == pytest.approx(0, abs=1e-9)
    assert flamingo.slopes(0.5)[1] > 1e-3


@pytest.mark.parametrize("count", [1, 49, 500])
def test_the_resampler_gives_as_many_vectors_as_it_has_latents(count: int) -> None:
    out = flamingo.resample(RNG.normal(size=(count, 8)), RNG.normal(size=(5, 8)), flamingo.weights(RNG, 8, 2), 2)

    assert out.shape == (5, 8)


def test_the_resampler_does_not_care_for_the_order_of_features() -> None:
    features, latents, layers = RNG.normal(size=(20, 8)), RNG.normal(size=(3, 8)), flamingo.weights(RNG, 8, 2)
    shuffled = features[RNG.permutation(20)]

    out = flamingo.resample(features, latents, layers, 2)
    np.testing.assert_allclose(flamingo.resample(shuffled, latents, layers, 2), out, atol=1e-12)


def test_each_position_sees_the_latest_image_or_all_before() -> None:
    assert flamingo.image_mask(IS_IMAGE, 1).astype(int).tolist() == [[0, 0], [1, 0], [1, 0], [0, 1], [0, 1], [0, 1]]
    every = flamingo.image_mask(IS_IMAGE, 2, latest_only=False)
    assert every.sum(1).tolist() == [0, 2, 2, 4, 4, 4]


def test_text_before_the_first_image_is_untouched_by_images() -> None:
    other = block((0.7, 0.0), VISUAL + 1.0 * RNG.normal(size=VISUAL.shape))

    assert (block((0.7, 0.0))[0] == TEXT[0]).all()
    assert (other[0] == TEXT[0]).all()


def test_an_image_that_is_not_the_latest_has_no_direct_effect() -> None:
    changed = VISUAL.copy()
    changed[:4] += 5 * RNG.normal(size=(4, 8))

    out, other = block((0.7, 0.7)), block((0.7, 0.7), changed)
    np.testing.assert_allclose(out[3:], other[3:])
    assert np.abs(out[1:3] - other[1:3]).max() > 0.01
