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


def attend_by_loops(queries: np.ndarray, context: np.ndarray, maps: tuple[np.ndarray, ...], heads: int) -> np.ndarray:
    """Attention written out position by position and head by head."""
    wq, wk, wv, wo = maps
    size = wq.shape[1] // heads
    out = np.zeros((len(queries), wv.shape[1]))
    for row, query in enumerate(queries @ wq):
        for head in range(heads):
            part = slice(head * size, (head + 1) * size)
            weights = np.array([np.exp(query[part] @ key[part] / size**0.5) for key in context @ wk])
            out[row, part] = sum(
                w * value[part] for w, value in zip(weights / weights.sum(), context @ wv, strict=True)
            )
    return out @ wo


def test_the_gated_layer_written_out() -> None:
    everything = np.ones((6, 8), dtype=bool)
    out = flamingo.gated_block(TEXT, VISUAL, everything, ATTENTION, MLP, (0.3, -0.8), 2)

    middle = TEXT + np.tanh(0.3) * attend_by_loops(flamingo.norm(TEXT), VISUAL, ATTENTION, 2)
    up, down = MLP
    expected = middle + np.tanh(-0.8) * (np.maximum(flamingo.norm(middle) @ up, 0) @ down)
    np.testing.assert_allclose(out, expected, atol=1e-12)


def test_the_resampler_written_out() -> None:
    features, latents, layers = RNG.normal(size=(9, 8)), RNG.normal(size=(3, 8)), flamingo.weights(RNG, 8, 2)

    expected = latents
    for attention, (up, down) in layers:
        context = np.vstack([flamingo.norm(features), flamingo.norm(expected)])
        expected = expected + attend_by_loops(flamingo.norm(expected), context, attention, 2)
        expected = expected + np.maximum(flamingo.norm(expected) @ up, 0) @ down
    np.testing.assert_allclose(flamingo.resample(features, latents, layers, 2), expected, atol=1e-12)
