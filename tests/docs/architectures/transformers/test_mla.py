"""The two forms of latent attention agree, in one pass and token by token, and RoPE is what keeps keys apart."""

from pathlib import Path

import numpy as np
import pytest
from archdata import formulas, models
from examples import DOCS, load

page = load("architectures/transformers/mla")


@pytest.mark.parametrize("seed", range(3))
def test_expanded_and_absorbed_agree(seed: int) -> None:
    w = page.random_weights(**page.SIZES, seed=seed)
    x, positions = np.random.default_rng(seed).normal(size=(11, 32)), np.arange(11)
    arguments = (*page.queries(x, w, positions, 4, 6), *page.compress(x, w, positions), w, np.tri(11, dtype=bool))
    np.testing.assert_allclose(page.expanded(*arguments), page.absorbed(*arguments), atol=1e-13)


def test_decoding_needs_nothing_but_latent_and_rotary_key() -> None:
    w = page.random_weights(**page.SIZES)
    x, positions = np.random.default_rng(2).normal(size=(8, 32)), np.arange(8)
    whole = page.expanded(
        *page.queries(x, w, positions, 4, 6), *page.compress(x, w, positions), w, np.tri(8, dtype=bool)
    )
    latents, keys = np.zeros((0, 12)), np.zeros((0, 4))
    for t in range(8):
        now = positions[t : t + 1]
        latent, key = page.compress(x[t : t + 1], w, now)
        latents, keys = np.concatenate([latents, latent]), np.concatenate([keys, key])
        out = page.absorbed(*page.queries(x[t : t + 1], w, now, 4, 6), latents, keys, w, True)
        np.testing.assert_allclose(out, whole[:, t : t + 1], atol=1e-13)


def test_with_rope_on_the_expanded_keys_no_single_matrix_could_be_absorbed() -> None:
    # Wᵀ R(t-s) U is the matrix between latent and query; with rotation it differs for every distance.
    up = page.random_weights(**page.SIZES)["up_key"][:, 0, :]
    rotation = [page.rotate(np.eye(6)[None], np.full(6, distance))[0] for distance in (0, 1, 2)]
    between = [up @ r @ up.T for r in rotation]
    assert np.abs(between[0] - between[1]).max() > 0.1
    assert np.abs(between[1] - between[2]).max() > 0.1


def test_operations_are_those_of_the_products() -> None:
    assert page.operations_per_cached_token("absorbed", 2, 5, 3, 4, 4) == 2 * 2 * (5 + 3) + 2 * 2 * 5
    assert page.operations_per_cached_token("expanded", 2, 5, 3, 4, 4) == 2 * 5 * 2 * 8 + 2 * 2 * 7 + 2 * 2 * 4


def test_cache_of_deepseek_v3_is_576_numbers_a_layer() -> None:
    model = models.get(Path(DOCS), "deepseek-v3")
    assert model.config["latent"] + model.config["rope_size"] == 576
    assert model.decoder.cached_per_token == 61 * 576


# The last token's key heads, first query head and second value head by transformers 5.24's ZayaCCAProjection and
# ZayaQKNorm, with these weights and tokens, in double precision.
NARROW = {
    "query": [1.0406668709, 0.3155707995, 0.7151635598, -0.4325647743, 0.8165507005, -1.8579831234],
    "key": [-1.2154597457, 2.5043808568, -1.0202274268, 1.9483638526, 0.8416171302, -0.1898261142],
    "other key": [1.4294241824, 0.3996948345, 0.2765905687, -0.0403791756, -0.4257408912, -0.1792734367],
    "value": [-0.1741095664, -0.6337832244, 1.3399806248, 0.5662828291, -1.2057487688, -0.0732215507],
}


def test_narrow_queries_keys_and_values_are_those_of_the_library() -> None:
    q, k, v = page.narrow(np.random.default_rng(1).normal(size=(9, 32)), page.narrow_weights(), 4, 2)
    for name, found in (("query", q[-1, 0]), ("key", k[-1, 0]), ("other key", k[-1, 1]), ("value", v[-1, 1])):
        np.testing.assert_allclose(found, NARROW[name], atol=1e-10)


def test_a_narrow_query_sees_two_tokens_back_and_a_value_one() -> None:
    w, x = page.narrow_weights(), np.random.default_rng(3).normal(size=(9, 32))
    first = page.narrow(x, w, 4, 2)
    for t in range(9):
        changed = x.copy()
        changed[t] += 1
        q, k, v = (np.abs(a - b)[-1].max() > 1e-9 for a, b in zip(page.narrow(changed, w, 4, 2), first, strict=True))
        assert (q, k, v) == (t >= 6, t >= 6, t >= 7)


def test_the_formula_counts_the_weights_of_the_sketch() -> None:
    w = page.narrow_weights()
    made = sum(w[name].size for name in ("query", "key", "value", "value_before")) + w["temperature"].size
    made += sum(part.size for part in w["convolutions"])
    output = 4 * 6 * 32

    assert formulas.ConvolvedAttention(heads=4, kv_heads=2, head_size=6).parameters(32) == made + output
