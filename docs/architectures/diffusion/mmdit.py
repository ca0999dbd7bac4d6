"""MMDiT: text and image in one attention with weights of their own (double stream), or
sharing all (single stream).
"""

import json
import sys
from pathlib import Path

import numpy as np


def silu(x):
    return x / (1 + np.exp(-x))


def gelu(x):
    """The tanh approximation."""
    return 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def norm(x):
    return (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-6)


# --8<-- [start:joint]
def heads_of(x, w, name, heads):
    """Project `[T, d]` and split: `[H, T, d_h]`."""
    return np.stack(np.split(x @ w[name] + w[name + "_bias"], heads, axis=-1))


def rms(x):
    """QK-norm: queries and keys of every head get length sqrt(d_h), so that their
    products cannot explode.
    """
    return x / np.sqrt((x**2).mean(-1, keepdims=True) + 1e-6)


def project(x, w, heads):
    return (
        rms(heads_of(x, w, "q", heads)),
        rms(heads_of(x, w, "k", heads)),
        heads_of(x, w, "v", heads),
    )


def attend(q, k, v):
    """`[H, T, d_h]` to `[T, d]`."""
    mixed = softmax(q @ k.transpose(0, 2, 1) / np.sqrt(q.shape[-1])) @ v
    return np.concatenate(list(mixed), axis=-1)


def double_block(text, image, condition, w_text, w_image, heads):
    """Two streams: everything has two sets of weights, except that attention sees both
    at once.
    """
    streams = [(text, w_text), (image, w_image)]
    modulations = [
        np.split(silu(condition) @ w["modulation"] + w["modulation_bias"], 6)
        for _, w in streams
    ]
    parts = [
        project(norm(x) * (1 + scale) + shift, w, heads)
        for (x, w), (shift, scale, *_) in zip(streams, modulations, strict=True)
    ]
    mixed = attend(*(np.concatenate(both, axis=1) for both in zip(*parts, strict=True)))
    pieces = np.split(mixed, [len(text)])
    out = []
    for (x, w), mix, m in zip(streams, pieces, modulations, strict=True):
        _, _, gate, shift, scale, gate2 = m
        x = x + gate * (mix @ w["o"] + w["o_bias"])
        hidden = gelu((norm(x) * (1 + scale) + shift) @ w["up"] + w["up_bias"])
        out.append(x + gate2 * (hidden @ w["down"] + w["down_bias"]))
    return tuple(out)


# --8<-- [end:joint]


# --8<-- [start:single]
def single_block(tokens, condition, w, heads):
    """One stream: text and image tokens together through the same weights, attention
    and feed-forward in parallel.
    """
    shift, scale, gate = np.split(
        silu(condition) @ w["modulation"] + w["modulation_bias"], 3
    )
    x = norm(tokens) * (1 + scale) + shift
    mixed = attend(*project(x, w, heads))
    hidden = gelu(x @ w["up"] + w["up_bias"])
    return tokens + gate * (
        np.concatenate([mixed, hidden], axis=-1) @ w["down"] + w["down_bias"]
    )


# --8<-- [end:single]


def weights(shapes, rng):
    """Random weights and biases of these shapes."""
    w = {
        name: rng.normal(size=shape) / np.sqrt(shape[0])
        for name, shape in shapes.items()
    }
    return w | {
        name + "_bias": 0.1 * rng.normal(size=shape[1])
        for name, shape in shapes.items()
    }


def stream_shapes(d):
    """Of one stream of a double block."""
    square = dict.fromkeys(("q", "k", "v", "o"), (d, d))
    return square | {"up": (d, 4 * d), "down": (4 * d, d), "modulation": (d, 6 * d)}


def single_shapes(d):
    square = dict.fromkeys(("q", "k", "v"), (d, d))
    return square | {"up": (d, 4 * d), "down": (5 * d, d), "modulation": (d, 3 * d)}


# --8<-- [start:counts]
def double_parameters(d, d_h=128):
    """Two streams of attention, feed-forward and modulation, and the gains of the
    QK-norms.
    """
    return 2 * (sum(a * b + b for a, b in stream_shapes(d).values()) + 2 * d_h)


def single_parameters(d, d_h=128):
    return sum(a * b + b for a, b in single_shapes(d).values()) + 2 * d_h


def parameters(
    d, doubles, singles, text_width, pooled_width=0, guidance=False, text_norm=False
):
    """All trained parameters for packed latents of 64 numbers a token."""
    embedder = lambda width: width * d + d + d * d + d  # noqa: E731
    ends = (64 * d + d) + (text_width * d + d) + (2 * d * d + 2 * d) + (64 * d + 64)
    ends += (
        embedder(256)
        + (embedder(pooled_width) if pooled_width else 0)
        + (embedder(256) if guidance else 0)
    )
    return (
        doubles * double_parameters(d)
        + singles * single_parameters(d)
        + ends
        + text_width * text_norm
    )


def multiply_adds(d, doubles, singles, image, text):
    """Of the blocks for one evaluation: every token meets 12 d^2 weights a block in
    both kinds of block.
    """
    tokens = image + text
    return (doubles + singles) * (12 * tokens * d * d + 2 * tokens**2 * d)


# --8<-- [end:counts]


def chroma_parameters(
    d=3072, doubles=19, singles=38, text_width=4096, hidden=5120, layers=5
):
    """FLUX.1 without modulation in its blocks and without pooled text; one network
    makes all vectors instead.
    """
    affine = lambda a, b: a * b + b  # noqa: E731
    blocks = doubles * (double_parameters(d) - 2 * affine(d, 6 * d))
    blocks += singles * (single_parameters(d) - affine(d, 3 * d))
    network = (
        affine(64, hidden)
        + layers * (2 * affine(hidden, hidden) + hidden)
        + affine(hidden, d)
    )
    return blocks + network + affine(64, d) + affine(text_width, d) + affine(d, 64)


def ovis_image_parameters(d=3072, doubles=6, singles=27, text_width=2048):
    """FLUX.1's blocks with a gate in each feed-forward network, an RMSNorm on the text,
    and no pooled text.
    """
    gates = (2 * doubles + singles) * (4 * d * d + 4 * d)
    return parameters(d, doubles, singles, text_width, text_norm=True) + gates


def joyimage_parameters(d, doubles, text_width=4096):
    """Double blocks that add a table of 12 vectors to one shared modulation by the
    time.
    """
    affine = lambda a, b: a * b + b  # noqa: E731
    blocks = doubles * (double_parameters(d) - 2 * affine(d, 6 * d) + 12 * d)
    time, text = (
        affine(256, d) + affine(d, d) + affine(d, 6 * d),
        affine(text_width, d) + affine(d, d),
    )
    return blocks + time + text + affine(64, d) + affine(d, 64)


def ernie_image_parameters(d=3072, layers=24, ffn=8192, text_width=2560, d_h=128):
    """Blocks without biases or modulation; one modulation for all of them and one for
    the output.
    """
    affine = lambda a, b: a * b + b  # noqa: E731
    blocks = layers * (4 * d * d + 3 * d * ffn + 2 * d + 2 * d_h)
    time = 2 * affine(d, d) + affine(d, 6 * d) + affine(d, 2 * d)
    return blocks + time + affine(128, d) + text_width * d + affine(d, 128)


MODELS = {
    "FLUX.1 [dev]": {
        "doubles": 19,
        "singles": 38,
        "text_width": 4096,
        "pooled_width": 768,
        "guidance": True,
    },
    "Qwen-Image": {"doubles": 60, "singles": 0, "text_width": 3584, "text_norm": True},
}
"""Both 3,072 wide with 24 heads of 128."""


def attention_shares(text=3, image=6, d=32, seed=0):
    """The joint attention of a random block, averaged over heads, for the picture."""
    rng = np.random.default_rng(seed)
    parts = [
        project(norm(rng.normal(size=(count, d))), weights(stream_shapes(d), rng), 4)
        for count in (text, image)
    ]
    q, k = (np.concatenate([parts[0][i], parts[1][i]], axis=1) for i in (0, 1))
    return softmax(q @ k.transpose(0, 2, 1) / np.sqrt(q.shape[-1])).mean(0)


if __name__ == "__main__":
    if "--data" in sys.argv:
        data = {"attention": attention_shares().round(3).tolist()}
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(data) + "\n", encoding="utf-8"
        )
    d = 3072
    print(
        f"a double block {double_parameters(d) / 1e6:.1f} M, a single block {single_parameters(d) / 1e6:.1f} M"
    )
    for name, shape in MODELS.items():
        print(
            f"{name:13s} {parameters(d, **shape):15,d} parameters; multiply-adds, with 512 of text:"
        )
        for side in (512, 1024, 2048):
            image = (side // 16) ** 2
            cost = multiply_adds(d, shape["doubles"], shape["singles"], image, 512)
            square = 2 * (image + 512) / (12 * d + 2 * (image + 512))
            print(
                f"  {side:4d} px, {image:6d} tokens {cost / 1e12:8.1f} trillion, attention's square {square:4.0%}"
            )
