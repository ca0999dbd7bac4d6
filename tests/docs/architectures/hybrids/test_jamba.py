"""The block at once, in pieces, and as transformers computes it; order is seen only below a recurrent layer."""

from pathlib import Path

import numpy as np
import pytest
from archdata import models
from examples import load

jamba = load("architectures/hybrids/jamba")
MODELS = models.load(Path(__file__).parents[4] / "docs")
LAYERS = jamba.make(jamba.plan(), seed=0)
X = np.random.default_rng(1).normal(size=(40, 8))

# Last output of transformers 5.24's JambaModel (eager attention and experts) with these weights, after its final norm.
LAST = [-0.43597639, -1.07136178, -1.26011264, 0.24797469, -1.65970266, -0.70775002, -1.32341802, 0.07597911]


@pytest.mark.parametrize("pieces", [[40], [1] * 40, [17, 23], [2, 1, 30, 7]])
def test_any_way_of_cutting_the_text_gives_the_same(pieces: list[int]) -> None:
    whole, _ = jamba.block(X, LAYERS, jamba.empty(LAYERS))
    memory, out, at = jamba.empty(LAYERS), [], 0
    for piece in pieces:
        y, memory = jamba.block(X[at : at + piece], LAYERS, memory)
        out.append(y)
        at += piece

    np.testing.assert_allclose(np.concatenate(out), whole, atol=1e-11)


def test_the_block_is_that_of_the_library() -> None:
    whole, _ = jamba.block(X, LAYERS, jamba.empty(LAYERS))

    np.testing.assert_allclose(jamba.norm(whole)[-1], LAST, atol=1e-5)


def test_the_plan_is_that_of_the_models() -> None:
    for key in ("jamba-v0.1", "jamba-1.5-large"):
        model = MODELS[key]
        layers = model.config["layers"]
        assert [kind for kind, _ in jamba.plan(layers)] == [
            "attention" if kind == "full" else "mamba" for kind in model.kinds
        ]
        assert [sparse for _, sparse in jamba.plan(layers)] == [
            hasattr(layer.ffn, "count") for layer in model.decoder.layers
        ]


def test_attention_alone_does_not_see_order_and_behind_a_recurrence_it_does() -> None:
    for seed in range(5):
        assert jamba.order_matters([("attention", False)], seed) < 1e-12
        assert jamba.order_matters([("mamba", False), ("attention", False)], seed) > 1e-3


def test_experts_are_weighted_by_probabilities_of_all_and_only_two_run() -> None:
    _, p = LAYERS[1]
    x = X[:3]
    logits = x @ p["router"]
    probabilities = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    expected = np.zeros_like(x)
    for t in range(3):
        order = sorted(range(4), key=lambda e, t=t: -probabilities[t, e])[:2]
        expected[t] = sum(probabilities[t, e] * jamba.feed_forward(x[t], p["experts"][e]) for e in order)
        assert probabilities[t, order].sum() < 1

    np.testing.assert_allclose(jamba.experts(x, p), expected, atol=1e-12)


def test_eight_bits_are_within_half_a_step() -> None:
    weights = np.random.default_rng(4).normal(size=(60, 20))
    small, scale = jamba.eight_bit(weights)

    assert small.dtype == np.int8
    assert (np.abs(small * scale - weights) <= scale / 2 + 1e-12).all()
    assert (np.abs(small).max(0) == 127).all()


def test_what_the_papers_say_of_memory() -> None:
    gib = {key: 2 * MODELS[key].decoder.cached(262144) / 2**30 for key in ("llama-2-7b", "mixtral-8x7b", "jamba-v0.1")}

    assert gib["llama-2-7b"] == 128
    assert gib["mixtral-8x7b"] == 32
    assert gib["jamba-v0.1"] == pytest.approx(4, abs=0.05)
