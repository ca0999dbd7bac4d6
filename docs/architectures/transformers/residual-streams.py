"""Residual streams in NumPy: one, several with learned mixing, mixing kept doubly
stochastic, attention over depth.
"""

import json
import sys
from pathlib import Path

import numpy as np


# --8<-- [start:streams]
def residual(x, layer):
    """The plain stream: what a layer makes is added."""
    return x + layer(x)


def hyper_connection(streams, layer, read, write, mix):
    """n streams (n × T × d): the layer reads a weighted sum, its output is written to
    each, and streams are mixed.

    read and write: n numbers, mix: n × n. One stream with weights 1, 1 and [[1]] is the
    plain residual.
    """
    out = layer(np.einsum("n,ntd->td", read, streams))
    return np.einsum("mn,ntd->mtd", mix, streams) + write[:, None, None] * out


def sinkhorn(weights, rounds=20):
    """Make a positive matrix doubly stochastic by dividing rows and columns by their
    sums in turn.
    """
    for _ in range(rounds):
        weights = weights / weights.sum(1, keepdims=True)
        weights = weights / weights.sum(0, keepdims=True)
    return weights


# --8<-- [end:streams]


# --8<-- [start:gates]
def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def gated_streams(streams, layer, down, up, inject):
    """Qwen's gated residual: read number by number, written with a weight each, never
    mixed.

    down: nd × r, up: r × nd, inject: nd × n; norms without their learned scales.
    """
    n, _, d = streams.shape
    normed = streams / np.sqrt((streams**2).mean(-1, keepdims=True) + 1e-6)
    flat = normed.transpose(1, 0, 2).reshape(-1, n * d)
    hidden = flat @ down / n
    gates = (
        sigmoid((hidden * sigmoid(hidden)) @ up).reshape(-1, n, d).transpose(1, 0, 2)
    )
    write = 2 * sigmoid(flat @ inject / n)
    return streams + write.T[:, :, None] * layer((gates * normed).mean(0))


def gated_sum(x, out, gate, temperature=0.3):
    """Muse Spark's residual gate: weights for the stream and for a layer's output whose
    squares sum to one.
    """
    new = sigmoid(gate / temperature)
    return np.sqrt(np.maximum(1 - new**2, 1e-3)) * x + new * out


def depth_sum(x, out, number):
    """Beam's sum, the first of which has the number 2: the stream stays the plain sum
    divided by the root of it.
    """
    return np.sqrt((number - 1) / number) * x + np.sqrt(1 / number) * out


# --8<-- [end:gates]


# --8<-- [start:growth]
def gain(depth, constrained, n=4, spread=0.3, seed=0):
    """Largest factor by which `depth` mixings in a row can enlarge the streams: the
    product's spectral norm.
    """
    rng = np.random.default_rng(seed)
    product = np.eye(n)
    for _ in range(depth):
        noise = spread * rng.normal(size=(n, n))
        mix = (
            sinkhorn(np.exp(3 * np.eye(n) + noise))
            if constrained
            else np.eye(n) + noise
        )
        product = mix @ product
    return float(np.linalg.norm(product, 2))


# --8<-- [end:growth]


# --8<-- [start:depth]
def read_depth(query, sources):
    """A mixture of earlier outputs (s × T × d): softmax over depth, with the normed
    outputs as keys.
    """
    keys = sources / np.sqrt((sources**2).mean(-1, keepdims=True) + 1e-6)
    scores = keys @ query
    weights = np.exp(scores - scores.max(0))
    return ((weights / weights.sum(0))[..., None] * sources).sum(0)


def attention_residuals(x, layers, queries, size=1):
    """Layers in blocks of `size`. Outputs are added up inside a block; layers choose
    among the blocks' sums.

    With blocks of one, every layer chooses among all outputs before it. One more query
    reads the result.
    """
    blocks, current = [x], None
    for i, (layer, query) in enumerate(zip(layers, queries[:-1], strict=True)):
        if i and i % size == 0:
            blocks.append(current)
            current = None
        out = layer(
            read_depth(
                query, np.stack(blocks if current is None else [*blocks, current])
            )
        )
        current = out if current is None else current + out
    return read_depth(queries[-1], np.stack([*blocks, current]))


# --8<-- [end:depth]


def experiment():
    depths = [1, 2, 4, 8, 16, 32, 64, 128]
    run = {"depths": depths}
    for name, constrained in (("free", False), ("doubly stochastic", True)):
        run[name] = [
            round(float(np.mean([gain(d, constrained, seed=s) for s in range(8)])), 4)
            for d in depths
        ]
    return run


if __name__ == "__main__":
    run = experiment()
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(run) + "\n", encoding="utf-8"
        )
    mix = sinkhorn(np.exp(np.random.default_rng(1).normal(size=(4, 4))))
    print("a mixing matrix after Sinkhorn, its rows and columns summing to one")
    print(mix.round(2))
    print("row sums", mix.sum(1).round(4), "column sums", mix.sum(0).round(4))
    print("\nlargest gain of a row of mixings, free or doubly stochastic")
    print(f"{'depth':<8}" + "".join(f"{d:>10}" for d in run["depths"]))
    for name in ("free", "doubly stochastic"):
        print(f"{name.split()[0]:<8}" + "".join(f"{g:>10,.1f}" for g in run[name]))
    rng = np.random.default_rng(2)
    x, width, depth = rng.normal(size=(1, 64)), 64, 54
    outputs = rng.normal(size=(depth, 1, width))
    print(
        "\nsize of what reaches the end, if each of 54 layers writes a vector of size one"
    )
    print(f"{'plain sum':<37}{np.sqrt(((x + outputs.sum(0)) ** 2).mean()):.2f}")
    for share in (0.1, 0.3):
        end, gate = x, 0.3 * np.log(share / (1 - share))
        for out in outputs:
            end = gated_sum(end, out, gate)
        print(
            f"{f'gated sum, {share} of each output':<37}{np.sqrt((end**2).mean()):.2f}"
        )
    writers = [lambda _, out=out: out for out in outputs]
    for name, queries in (
        ("equal", np.zeros((depth + 1, width))),
        ("random", rng.normal(size=(depth + 1, width))),
    ):
        end = attention_residuals(x, writers, queries)
        print(
            f"{f'attention over depth, {name} weights':<37}{np.sqrt((end**2).mean()):.2f}"
        )
