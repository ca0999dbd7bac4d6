"""Several streams contain the plain one; doubly stochastic mixing never enlarges, free mixing does."""

import json

import numpy as np
import pytest
from examples import DOCS, load

page = load("architectures/transformers/residual-streams")


def layer(x: np.ndarray) -> np.ndarray:
    return np.tanh(2 * x)


def test_one_stream_with_unit_weights_is_the_plain_residual() -> None:
    x = np.random.default_rng(0).normal(size=(5, 3))
    streams = page.hyper_connection(x[None], layer, np.ones(1), np.ones(1), np.eye(1))
    np.testing.assert_allclose(streams[0], page.residual(x, layer))


def test_equal_streams_read_evenly_stay_equal_to_the_plain_residual() -> None:
    x = np.random.default_rng(1).normal(size=(5, 3))
    streams = np.repeat(x[None], 4, axis=0)
    mix = page.sinkhorn(np.random.default_rng(2).random((4, 4)))
    out = page.hyper_connection(streams, layer, np.full(4, 0.25), np.ones(4), mix)
    for stream in out:
        np.testing.assert_allclose(stream, page.residual(x, layer), atol=1e-9)


def test_sinkhorn_gives_rows_and_columns_that_sum_to_one() -> None:
    mix = page.sinkhorn(np.exp(np.random.default_rng(3).normal(size=(4, 4))), rounds=60)
    np.testing.assert_allclose(mix.sum(0), 1)
    np.testing.assert_allclose(mix.sum(1), 1, atol=1e-9)
    assert (mix > 0).all()


def test_the_mean_of_the_streams_passes_a_doubly_stochastic_mixing_unchanged() -> None:
    streams = np.random.default_rng(4).normal(size=(4, 5, 3))
    mix = page.sinkhorn(np.random.default_rng(5).random((4, 4)), rounds=60)
    out = page.hyper_connection(streams, np.zeros_like, np.ones(4), np.ones(4), mix)
    np.testing.assert_allclose(out.mean(0), streams.mean(0), atol=1e-9)


@pytest.mark.parametrize("depth", [1, 16, 128])
def test_a_product_of_doubly_stochastic_matrices_has_gain_one(depth: int) -> None:
    assert page.gain(depth, constrained=True) == pytest.approx(1, abs=1e-3)


def test_sums_scaled_by_depth_are_plain_sums_for_layers_that_read_through_a_norm() -> None:
    def norm(x: np.ndarray) -> np.ndarray:
        return x / np.sqrt((x**2).mean(-1, keepdims=True))

    rng = np.random.default_rng(6)
    maps = rng.normal(size=(30, 16, 16)) / 4
    plain = scaled = rng.normal(size=(5, 16))
    for index, weights in enumerate(maps):
        plain = plain + norm(np.tanh(norm(plain) @ weights))
        scaled = page.depth_sum(scaled, norm(np.tanh(norm(scaled) @ weights)), index + 2)
    np.testing.assert_allclose(scaled * np.sqrt(len(maps) + 1), plain, rtol=1e-9)


def test_free_mixing_grows_without_bound() -> None:
    run = page.experiment()
    assert run["free"][-1] > 100 * run["free"][3]


def test_the_stored_run_is_reproduced() -> None:
    stored = json.loads((DOCS / "architectures/transformers/residual-streams.json").read_text(encoding="utf-8"))
    for name, numbers in page.experiment().items():
        np.testing.assert_allclose(numbers, stored[name], rtol=1e-3)


def depth_case(layers: int = 5, seed: int = 6) -> tuple[np.ndarray, list, np.ndarray]:
    rng = np.random.default_rng(seed)
    mats = rng.normal(size=(layers, 4, 4))
    return rng.normal(size=(3, 4)), [lambda h, m=m: np.tanh(h @ m) for m in mats], rng.normal(size=(layers + 1, 4))


def test_attention_over_depth_chooses_among_all_earlier_outputs_by_their_normed_keys() -> None:
    x, layers, queries = depth_case()
    expected = np.empty_like(x)
    for t in range(len(x)):  # token by token, written out
        outputs = [x[t]]
        for i, query in enumerate(queries):
            scores = np.array([query @ (o / np.sqrt(np.mean(o * o) + 1e-6)) for o in outputs])
            shares = np.exp(scores) / np.exp(scores).sum()
            h = sum(share * o for share, o in zip(shares, outputs, strict=True))
            if i < len(layers):
                outputs.append(layers[i](h))
        expected[t] = h
    np.testing.assert_allclose(page.attention_residuals(x, layers, queries), expected, atol=1e-12)


def test_blocks_keep_their_sums_and_zero_queries_weigh_them_alike() -> None:
    x, layers, _ = depth_case(layers=4)
    one = layers[0](x)
    two = layers[1]((x + one) / 2)
    three = layers[2]((x + one + two) / 2)  # a new block: two sources, the input and the first block's sum
    four = layers[3]((x + (one + two) + three) / 3)
    end = (x + (one + two) + (three + four)) / 3
    np.testing.assert_allclose(page.attention_residuals(x, layers, np.zeros((5, 4)), size=2), end, atol=1e-12)


def test_a_long_query_reads_one_output_alone() -> None:
    sources = np.random.default_rng(7).normal(size=(6, 1, 32))
    chosen = sources[3, 0] / np.sqrt((sources[3, 0] ** 2).mean())
    np.testing.assert_allclose(page.read_depth(50 * chosen, sources), sources[3], atol=1e-6)


# The last token's fourth stream by transformers 5.24's Qwen4ExpTextGatedResidual, and MuseSparkResidualGate's output,
# for the numbers below.
STREAM = [-0.3704282455, 0.8760067451, 1.1112449932, -2.5467820729, 3.0829937521, -0.3684989684]
GATED = [-0.2690641047, -1.0609571939, -0.5648223625, -0.573506972, -1.6716066347, 1.2315937565]


def test_gated_streams_and_gated_sums_are_those_of_the_library() -> None:
    rng = np.random.default_rng(9)
    down, up, inject = rng.normal(size=(24, 5)), rng.normal(size=(5, 24)), rng.normal(size=(24, 4))
    streams = page.gated_streams(rng.normal(size=(4, 3, 6)), layer, down, up, inject)
    gate, (x, out) = rng.normal(size=6), rng.normal(size=(2, 6))

    np.testing.assert_allclose(streams[3, -1], STREAM, atol=1e-6)
    np.testing.assert_allclose(page.gated_sum(x, out, gate), GATED, atol=1e-9)


def test_gated_streams_leave_each_other_alone() -> None:
    """What a layer writes depends on all streams, but no stream is copied into another."""
    rng = np.random.default_rng(10)
    weights = rng.normal(size=(24, 5)), rng.normal(size=(5, 24)), rng.normal(size=(24, 4))
    streams = rng.normal(size=(4, 3, 6))

    np.testing.assert_array_equal(page.gated_streams(streams, np.zeros_like, *weights), streams)


def test_a_gated_sum_of_independent_vectors_keeps_their_size() -> None:
    rng = np.random.default_rng(11)
    x = rng.normal(size=100_000)
    for gate in rng.normal(size=40):
        x = page.gated_sum(x, rng.normal(size=100_000), gate)
    assert np.sqrt((x**2).mean()) == pytest.approx(1, abs=0.01)
