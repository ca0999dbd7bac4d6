"""The block in pieces and as the library computes it, its reach and its degree, the look-up, and published sizes."""

import json
from pathlib import Path

import numpy as np
import pytest
from archdata import decoders, models
from examples import load

page = load("architectures/hybrids/short-convolutions")
MODELS = models.load(Path(__file__).parents[4] / "docs")
P = page.make()
X = np.random.default_rng(2).normal(size=(50, 8))

# Last output of transformers 5.24's Lfm2ShortConv with these weights and tokens, in double precision.
LAST = [
    0.3763659273,
    -0.2157329564,
    0.1759502586,
    -0.5285048506,
    0.4685024522,
    -0.0432456062,
    -0.5215404551,
    0.4350608771,
]


def test_the_block_is_that_of_the_library() -> None:
    np.testing.assert_allclose(page.block(X, P)[0][-1], LAST, atol=1e-10)


def test_the_block_follows_its_equations() -> None:
    b, c, u = X @ P["in"][:, :8], X @ P["in"][:, 8:16], X @ P["in"][:, 16:]
    w = P["conv"][::-1]
    for t in (0, 1, 2, 49):
        y = sum(w[i] * b[t - i] * u[t - i] for i in range(3) if t >= i)
        np.testing.assert_allclose(page.block(X, P)[0][t], (c[t] * y) @ P["out"], atol=1e-12)


@pytest.mark.parametrize("pieces", [[1] * 50, [2, 48], [20, 1, 29]])
def test_any_way_of_cutting_the_text_gives_the_same(pieces: list[int]) -> None:
    whole, _ = page.block(X, P)
    memory, out, at = None, [], 0
    for piece in pieces:
        y, memory = page.block(X[at : at + piece], P, memory)
        assert memory.shape == (2, 8)
        out.append(y)
        at += piece

    np.testing.assert_allclose(np.concatenate(out), whole, atol=1e-12)


@pytest.mark.parametrize("factor", [-1.0, 0.5, 3.0])
def test_the_output_is_of_third_degree_in_the_input(factor: float) -> None:
    np.testing.assert_allclose(page.block(factor * X, P)[0], factor**3 * page.block(X, P)[0], rtol=1e-9)


@pytest.mark.parametrize(("count", "m", "tokens"), [(1, 3, 3), (10, 3, 21), (13, 7, 79), (3, 2, 4)])
def test_reach_of_convolutions_in_a_row(count: int, m: int, tokens: int) -> None:
    assert page.reach([page.make(m=m, seed=s) for s in range(count)]) == tokens == 1 + count * (m - 1)


def test_reach_of_the_models() -> None:
    for key, tokens in (("lfm2-1.2b", 21), ("lfm3-1.7b", 79)):
        model = MODELS[key]
        assert 1 + model.kinds.count("conv") * (model.config["convolution"] - 1) == tokens


def test_without_norms_the_numbers_explode() -> None:
    layers = [page.make(seed=s) for s in range(7)]
    with np.errstate(over="ignore", invalid="ignore"):
        assert np.isfinite(page.stack(X, layers[:6], normalise=False)).all()
        assert not np.isfinite(page.stack(X, layers, normalise=False)).all()
    assert np.abs(page.stack(X, layers)).max() < 100


def test_a_block_can_write_the_previous_token() -> None:
    tokens = np.array([3, 1, 0, 2])
    x = np.concatenate([np.eye(4)[tokens], np.zeros((4, 4)), np.ones((4, 1))], axis=1)
    written = page.block(x, page.previous_token(4))[0]

    np.testing.assert_allclose(written[:, 4:8], np.concatenate([np.zeros((1, 4)), np.eye(4)[tokens[:-1]]]), atol=1e-12)
    np.testing.assert_allclose(written[:, :4], 0, atol=1e-12)


def test_only_both_together_find_what_followed() -> None:
    assert page.right(convolve=True, look_up=True) == 1.0
    assert page.right(convolve=True, look_up=False) < 0.05
    assert page.right(convolve=False, look_up=True) < 0.05


def test_what_is_found_is_what_a_search_finds() -> None:
    tokens = np.random.default_rng(7).permutation(np.repeat(np.arange(12), 2))
    found = page.continue_text(tokens, 12, convolve=True, look_up=True)
    for t, token in enumerate(tokens):
        earlier = [s for s in range(t) if tokens[s] == token]
        if earlier:  # each token occurs twice, so there is at most one earlier place
            assert found[t] == tokens[earlier[0] + 1]


# The sizes that the model cards give to the last parameter (huface.ru, LiquidAI/LFM2-2.6B); width, feed-forward, heads.
CARDS = {
    354_483_968: (1024, 4608, 16, [2, 5, 8, 10, 12, 14], 16),
    742_489_344: (1536, 6912, 24, [2, 5, 8, 10, 12, 14], 16),
    1_170_340_608: (2048, 8192, 32, [2, 5, 8, 10, 12, 14], 16),
    2_569_272_320: (2048, 10752, 32, [2, 5, 9, 13, 17, 21, 24, 27], 30),
}


@pytest.mark.parametrize("published", CARDS)
def test_counted_sizes_are_those_of_the_cards(published: int) -> None:
    width, ffn, heads, attention, layers = CARDS[published]
    config = {
        **MODELS["lfm2-1.2b"].config,
        "layers": layers,
        "width": width,
        "ffn_width": ffn,
        "heads": heads,
        "pattern": ["full" if index in attention else "conv" for index in range(layers)],
    }
    assert decoders.decoder(config).parameters == published


def test_attention_and_convolution_cost_the_same_at_1537_tokens() -> None:
    model = MODELS["lfm2-1.2b"]
    mixers = {kind: layer.mixer for kind, layer in zip(model.kinds, model.decoder.layers, strict=True)}

    def work(kind: str, context: int) -> int:
        mixer = mixers[kind]
        assert mixer is not None
        return 2 * mixer.parameters(2048) + mixer.mixing_flops(context)

    assert work("full", 1537) < work("conv", 1537) < work("full", 1538)


def test_a_canon_layer_is_a_block_with_open_gates_added_to_its_input() -> None:
    taps = np.random.default_rng(5).normal(size=(4, 8))
    wide = np.pad(X, ((0, 0), (0, 1)), constant_values=1)
    block = (wide + page.block(wide, page.open_gates(taps))[0])[:, :8]
    np.testing.assert_allclose(page.canon(X, taps), block, atol=1e-12)

    expected = X * (1 + taps[3])
    for back in (1, 2, 3):
        expected[back:] += X[:-back] * taps[3 - back]
    np.testing.assert_allclose(page.canon(X, taps), expected, atol=1e-12)


def test_a_canon_layer_is_linear_and_begins_as_nothing() -> None:
    np.testing.assert_array_equal(page.canon(X, np.zeros((4, 8))), X)
    np.testing.assert_allclose(page.canon(2 * X, P["conv"]), 2 * page.canon(X, P["conv"]), atol=1e-12)


def test_the_stored_numbers_are_those_of_the_code() -> None:
    stored = Path(__file__).parents[4] / "docs/architectures/hybrids/short-convolutions.json"
    assert json.loads(stored.read_text("utf-8")) == page.experiment()
