"""Sharing layers read the keys they are told to, cache what they should, and let a prefill stop early."""

from pathlib import Path

import numpy as np
import pytest
from archdata import models
from examples import DOCS, load

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


@pytest.fixture
def halves() -> tuple:
    layers = page.random_layers(7, 10, 4, seed=5)
    return layers[:3], layers[3], layers[4:]


def test_the_decoder_needs_no_more_tokens_than_its_windows_reach_back(halves: tuple) -> None:
    x = np.random.default_rng(6).normal(size=(40, 10))
    whole = page.encode_decode(x, *halves, window=5)
    enough = 3 * (5 - 1) + 1

    np.testing.assert_allclose(page.encode_decode(x, *halves, window=5, replay=enough), whole, atol=1e-12)
    assert np.abs(page.encode_decode(x, *halves, window=5, replay=enough - 1) - whole).max() > 1e-9


def test_what_the_encoder_made_reaches_the_last_token_from_everywhere(halves: tuple) -> None:
    x = np.random.default_rng(7).normal(size=(40, 10))
    other = x.copy()
    other[0] += 1
    moved = page.encode_decode(x, *halves, window=5, replay=1) - page.encode_decode(other, *halves, window=5, replay=1)

    assert np.abs(moved).max() > 1e-6


def test_windows_and_entries_are_attention_to_both_written_out() -> None:
    (w,), rng = page.random_layers(1, 6, 4), np.random.default_rng(8)
    x, entries = rng.normal(size=(9, 6)), (rng.normal(size=(11, 4)), rng.normal(size=(11, 4)))
    out = page.windowed(x, w, 3, entries)
    for t in range(9):
        near = range(max(0, t - 2), t + 1)
        keys = np.array([*(x[s] @ w["k"] for s in near), *entries[0][: 2 + t + 1]])
        values = np.array([*(x[s] @ w["v"] for s in near), *entries[1][: 2 + t + 1]])
        weights = page.softmax((x[t] @ w["q"]) @ keys.T / 2)
        np.testing.assert_allclose(out[t], x[t] + weights @ values @ w["o"])


def test_deepseek_keeps_890_bytes_a_token_as_its_authors_report() -> None:
    """Entries in NVFP4 (4 bits, a scale of 8 for 16 numbers), index keys in MXFP4 (a scale of 8 for 32)."""
    model = models.get(Path(DOCS), "deepseek-v4.1-flash")
    entries = model.kinds.count("csa2") / 2 + model.kinds.count("csa1")

    assert model.decoder.growth_per_token == entries * (512 + 128)
    assert entries * (512 * (4 + 8 / 16) + 128 * (4 + 8 / 32)) / 8 == 890


def test_a_prompt_uses_half_of_what_a_generated_token_uses() -> None:
    """8B and 16B in the report: half of the layers, and either without the input embedding."""
    decoder = models.get(Path(DOCS), "deepseek-v4.1-flash").decoder
    layers = [layer.parameters(decoder.width, decoder.norm, active=True) for layer in decoder.layers]
    embedding = decoder.width * decoder.vocabulary

    assert decoder.active_parameters - embedding == pytest.approx(16.1e9, rel=0.01)
    assert sum(layers[:20]) == pytest.approx(7.6e9, rel=0.01)
