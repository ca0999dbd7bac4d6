"""What a mask allows is what really happens, through several layers."""

import numpy as np
import pytest
from examples import load

page = load("architectures/transformers/masks-and-stacks")


@pytest.mark.parametrize("mask", [page.full(6), page.causal(6), page.prefix(6, 2), page.prefix(6, 6)])
@pytest.mark.parametrize("layers", [1, 3])
def test_dependence_is_the_mask(mask: np.ndarray, layers: int) -> None:
    x = np.random.default_rng(0).normal(size=(6, 8))
    np.testing.assert_array_equal(page.depends(lambda y: page.stack(y, mask, layers), x), mask)


def test_a_prefix_of_one_is_causal_and_a_whole_prefix_is_full() -> None:
    np.testing.assert_array_equal(page.prefix(5, 1), page.causal(5))
    np.testing.assert_array_equal(page.prefix(5, 5), page.full(5))


def test_a_decoders_earlier_rows_stay_when_the_text_grows_and_an_encoders_do_not() -> None:
    x = np.random.default_rng(1).normal(size=(7, 8))
    np.testing.assert_allclose(page.stack(x, page.causal(7))[:5], page.stack(x[:5], page.causal(5)), atol=1e-12)
    assert np.abs(page.stack(x, page.full(7))[:5] - page.stack(x[:5], page.full(5))).max() > 1e-3


def test_a_decoder_sees_the_whole_source_and_its_own_past() -> None:
    rng = np.random.default_rng(2)
    source, target = rng.normal(size=(4, 8)), rng.normal(size=(5, 8))
    assert page.depends(lambda s: page.encoder_decoder(s, target), source).all()
    np.testing.assert_array_equal(page.depends(lambda t: page.encoder_decoder(source, t), target), page.causal(5))
