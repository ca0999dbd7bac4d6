"""Lightning layer, block and block selection against the library; what is kept and read; the stored measurements."""

from pathlib import Path

import numpy as np
import pytest
from archdata import models
from archdata.formulas import bytes_of
from archfigures.data import page_data
from archfigures.hybrids import minimax_lightning as figures
from examples import load

minimax = load("architectures/hybrids/minimax-lightning")
MODELS = models.load(Path(__file__).parents[4] / "docs")
RUN = page_data("architectures/hybrids/minimax-lightning")
P = minimax.make()
X = np.random.default_rng(1).normal(size=(70, 16))
SLOPE = minimax.slopes(4, 2, 8)

# First six numbers of the last output, with these weights, of transformers 5.24's MiniMaxLightningAttention (layer 2
# of 8), and of its MiniMaxDecoderLayer with alpha 3.5 and beta 0.8 around it.
LAYER = [0.06975953, 0.39448212, 0.26874735, 0.28561812, 0.96214124, 0.73016544]
BLOCK = [5.3995213, -3.2037922, 4.66461494, -2.97641823, 0.1083439, 1.98175968]


def layer(x: np.ndarray, block: int = 16) -> np.ndarray:
    return minimax.lightning(x, P, np.zeros((4, 4, 4)), SLOPE, block)[0]


def test_the_layer_is_that_of_the_library() -> None:
    np.testing.assert_allclose(layer(X)[-1, :6], LAYER, atol=1e-5)


def test_the_block_is_that_of_the_library() -> None:
    rng = np.random.default_rng(9)
    gate, up, down = rng.normal(size=(16, 8)) / 4, rng.normal(size=(16, 8)) / 4, rng.normal(size=(8, 16)) / 3
    out = minimax.residual(X, layer, lambda h: (minimax.silu(h @ gate) * (h @ up)) @ down, 3.5, 0.8)

    np.testing.assert_allclose(out[-1, :6], BLOCK, atol=1e-5)


@pytest.mark.parametrize("block", [1, 7, 70, 256])
def test_any_block_length_gives_the_same(block: int) -> None:
    np.testing.assert_allclose(layer(X, block), layer(X), atol=1e-11)


def test_reading_on_from_the_state_gives_the_same() -> None:
    first, state = minimax.lightning(X[:33], P, np.zeros((4, 4, 4)), SLOPE, 16)
    second, _ = minimax.lightning(X[33:], P, state, SLOPE, 16)

    np.testing.assert_allclose(np.concatenate([first, second]), layer(X), atol=1e-11)


def test_nine_per_cent_of_heads_outlast_bf16_and_all_of_them_are_in_the_upper_half() -> None:
    lives = {n: np.log(2) / minimax.slopes(64, n, 80) for n in range(80) if n % 8 != 7}
    limit = np.log(2) * 2**9
    assert round(limit) == 355
    assert sum(len(v) for v in lives.values()) == 4480
    assert np.mean([v > limit for v in lives.values()]) == pytest.approx(0.09, abs=0.002)
    assert min(n for n, v in lives.items() if (v > limit).any()) >= 40


# What MiniMaxM3VLIndexer of transformers 5.24 chooses for these scores, three blocks of 128.
CHOSEN = {900: [[7, 3, 1], [7, 1, 5]], 130: [[1, 0], [1, 0]], 5: [[0], [0]], 300: [[2, 1, 0], [2, 1, 0]]}


@pytest.mark.parametrize("position", list(CHOSEN))
def test_the_selection_is_that_of_the_library(position: int) -> None:
    q, k = np.random.default_rng(2).normal(size=(2, 8)), np.random.default_rng(3).normal(size=(1000, 8))

    assert minimax.select(q, k, position, best=3) == CHOSEN[position]


def test_the_own_block_is_read_however_bad_it_is() -> None:
    k = np.zeros((400, 2))
    k[:256, 0], k[256:, 0] = 5, -5

    assert minimax.select(np.array([[1.0, 0.0]]), k, 399, best=2)[0][0] == 3


@pytest.mark.parametrize("tokens", [100, 4096, 2**20])
def test_what_is_kept_agrees_with_the_models(tokens: int) -> None:
    for key, design in (("minimax-text-01", "MiniMax-01"), ("minimax-m2", "M2")):
        assert bytes_of(MODELS[key].decoder.cached(tokens), "bf16") == 2 * minimax.held(design, tokens)
    assert minimax.held("M3", tokens) == (60 * 2 * 4 * 128 + 57 * 128) * tokens


def test_figure_and_code_count_the_same() -> None:
    names = {"all": "MiniMax-01, all softmax", "01": "MiniMax-01", "M2": "M2", "M3": "M3"}
    for short, name in names.items():
        for tokens in (1000, 5000, 2**20):
            assert figures._read(short, tokens) == minimax.read_per_token(name, tokens)


def test_the_figure_shows_the_layers_of_the_models() -> None:
    for row, key in ((0, "minimax-text-01"), (1, "minimax-m2")):
        _, _, pattern, layers, _ = figures.STACKS[row]
        shown = ["full" if pattern[n % len(pattern)] == "attention" else "lightning" for n in range(layers)]
        assert shown == MODELS[key].kinds


def test_the_stored_errors_are_measured_again() -> None:
    error = minimax.precision()
    for name, values in RUN["error"].items():
        np.testing.assert_allclose(error[name], values, rtol=1e-3, atol=2e-5)


def test_a_decay_within_half_a_step_of_one_is_lost() -> None:
    for significand in (1.0, 1.5, 1.9921875):
        assert minimax.bf16(np.exp2(-1 / 360) * significand) == significand
    assert minimax.bf16(np.exp2(-1 / 340) * 1.9921875) < 1.9921875
    index = RUN["half_lives"].index(1024)
    assert RUN["error"]["every token"][index] > 1 > 100 * RUN["error"]["every 256 tokens"][index]


def test_the_stored_chains_are_measured_again_and_errors_compound() -> None:
    assert minimax.hops() == RUN["right"]
    for shares in RUN["right"].values():
        for hops, share in zip(RUN["hops"], shares, strict=True):
            assert share == pytest.approx(shares[0] ** hops, abs=0.015)
