"""Sharing layers read the keys they are told to, cache what they should, and let a prefill stop early."""

import numpy as np
import pytest
from examples import load

page = load("architectures/transformers/cross-layer-kv")


@pytest.fixture
def setting() -> tuple:
    return page.random_layers(6, 10, 4), np.random.default_rng(0).normal(size=(9, 10))


def test_sharing_equals_copying_the_projections_when_the_input_is_the_same(setting: tuple) -> None:
    layers, x = setting
    first = {**layers[0], "o": np.zeros_like(layers[0]["o"])}  # adds nothing, so both layers see the same input
    second = {**layers[1], "k": first["k"], "v": first["v"]}
    shared, _ = page.stack(x, [first, layers[1]], [0, 0])
    own, _ = page.stack(x, [first, second], [0, 1])
    np.testing.assert_allclose(shared, own)


@pytest.mark.parametrize(
    ("source", "cached", "prompt"),
    [(list(range(6)), 6, 6), (page.neighbours(6, 2), 3, 5), (page.upper_half(6), 4, 4), (page.last_ones(6, 4), 2, 2)],
)
def test_only_layers_that_make_keys_are_cached(setting: tuple, source: list, cached: int, prompt: int) -> None:
    layers, x = setting
    _, cache = page.stack(x, layers, source)
    assert len(cache) == cached
    assert page.layers_needed(source) == prompt


def test_the_last_token_needs_no_earlier_token_above_the_last_maker(setting: tuple) -> None:
    layers, x = setting
    source = page.last_ones(6, 4)
    whole, cache = page.stack(x, layers, source)

    lower, _ = page.stack(x, layers[:2], source[:2])
    token = lower[-1:]
    keys, values = cache[1]
    for w in layers[2:]:
        weights = page.softmax((token @ w["q"]) @ keys.T / 2)
        token = token + weights @ values @ w["o"]
    np.testing.assert_allclose(token, whole[-1:])


def test_stacks_stay_causal(setting: tuple) -> None:
    layers, x = setting
    other = x.copy()
    other[5] += 1
    before, after = (page.stack(y, layers, page.neighbours(6, 3))[0] for y in (x, other))
    np.testing.assert_array_equal(before[:5], after[:5])
    assert np.abs(before[5:] - after[5:]).max() > 1e-6
