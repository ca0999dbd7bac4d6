"""The KV cache in NumPy: that it changes nothing, how it grows, and how it
is stored.
"""

import json
import sys
from pathlib import Path
from statistics import NormalDist

import numpy as np


# --8<-- [start:cached]
def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


class Cache:
    """Keys and values of all tokens so far, one array each, G × S × d_h."""

    def __init__(self, groups, head_size):
        self.keys = np.zeros((groups, 0, head_size))
        self.values = np.zeros((groups, 0, head_size))

    def append(self, keys, values):
        self.keys = np.concatenate([self.keys, keys], axis=1)
        self.values = np.concatenate([self.values, values], axis=1)


def attend(x, w, heads, groups, cache):
    """Attention of new tokens x (T × d) to the cache and to themselves; the cache grows
    by T.
    """
    size = w["q"].shape[1] // heads
    counts = {"q": heads, "k": groups, "v": groups}
    q, k, v = (
        (x @ w[name]).reshape(len(x), n, size).swapaxes(0, 1)
        for name, n in counts.items()
    )
    cache.append(k, v)
    keys, values = (
        np.repeat(y, heads // groups, axis=0) for y in (cache.keys, cache.values)
    )
    scores = q @ keys.swapaxes(1, 2) / np.sqrt(size)
    past = keys.shape[1] - len(x)
    scores = np.where(np.tri(len(x), past + len(x), past, dtype=bool), scores, -np.inf)
    return (softmax(scores) @ values).swapaxes(0, 1).reshape(len(x), -1) @ w["o"]


# --8<-- [end:cached]


# --8<-- [start:size]
def cached_numbers(tokens, layers, per_layer, window=None, windowed_layers=0):
    """Numbers cached after `tokens`: `per_layer` for each token and layer, windowed
    layers keeping `window` tokens.
    """
    full = (layers - windowed_layers) * tokens
    return per_layer * (full + windowed_layers * min(tokens, window or tokens))


# --8<-- [end:size]


# --8<-- [start:paging]
def reserved(lengths, longest, page=None):
    """Tokens of memory set aside for requests: one slab of `longest` each, or as many
    pages as they fill.
    """
    if page is None:
        return len(lengths) * longest
    return sum(page * -(-length // page) for length in lengths)


# --8<-- [end:paging]


# --8<-- [start:quantise]
def quantise(x, bits, axis):
    """Round to 2^bits levels between the least and the greatest number along `axis`;
    returns what is read back.
    """
    low, high = x.min(axis, keepdims=True), x.max(axis, keepdims=True)
    step = (high - low) / (2**bits - 1)
    return low + np.round((x - low) / step) * step


# --8<-- [end:quantise]


# --8<-- [start:rotate]
def hadamard(size):
    """Entries of one magnitude, a rotation that undoes itself; `size` is a power of
    two.
    """
    h = np.ones((1, 1))
    while len(h) < size:
        h = np.block([[h, h], [h, -h]])
    return h / np.sqrt(size)


def table(bits):
    """The 2^bits numbers to which a normal variable is best rounded (Lloyd and Max), by
    repeated averaging.
    """
    samples = np.array([NormalDist().inv_cdf((i + 0.5) / 20000) for i in range(20000)])
    points = samples[(2 * np.arange(2**bits) + 1) * len(samples) // 2 ** (bits + 1)]
    for _ in range(80):
        nearest = np.abs(samples[:, None] - points).argmin(1)
        points = np.array([samples[nearest == i].mean() for i in range(len(points))])
    return points


def turbo(keys, bits, correct=False, seed=0):
    """Keys as read back: length, direction rotated and rounded by a table; `correct`
    spends one bit on signs.
    """
    size = keys.shape[1]
    length = np.linalg.norm(keys, axis=1, keepdims=True) / np.sqrt(size)
    points = table(bits - correct)
    rotated = keys @ hadamard(size) / length
    back = points[np.abs(rotated[..., None] - points).argmin(-1)]
    # signs of random projections of what is missing make products right on average
    if correct:
        rest, s = rotated - back, np.random.default_rng(seed).normal(size=(size, size))
        back += (
            np.sqrt(np.pi / 2)
            / size
            * np.linalg.norm(rest, axis=1, keepdims=True)
            * np.sign(rest @ s.T)
            @ s
        )
    return back * length @ hadamard(size)


# --8<-- [end:rotate]

MODELS = {
    "Llama 2 7B": {"layers": 32, "per_layer": 2 * 32 * 128},
    "Llama 2 70B": {"layers": 80, "per_layer": 2 * 8 * 128},
    "Gemma 3 27B": {
        "layers": 62,
        "per_layer": 2 * 16 * 128,
        "window": 1024,
        "windowed_layers": 52,
    },
    "DeepSeek-V3": {"layers": 61, "per_layer": 512 + 64},
}
"""Configurations of the chart; a test compares them with the site's data."""


def outlier_keys(tokens=256, channels=64, seed=0):
    """Keys as they are found in practice: a few channels are large for all tokens."""
    rng = np.random.default_rng(seed)
    keys = rng.normal(size=(tokens, channels))
    keys[:, [3, 17, 40]] += 12
    return keys


def judge(stored, keys, queries):
    """Of scores with stored keys: their size against the true ones, their error, and
    the divergence after softmax.
    """
    true, got = (queries @ k.T / np.sqrt(keys.shape[1]) for k in (keys, stored))
    p, r = softmax(true), softmax(got)
    return (
        (true * got).sum() / (true**2).sum(),
        np.sqrt(((got - true) ** 2).mean()),
        (p * np.log(p / r)).sum(1).mean(),
    )


def experiment():
    lengths = [2**k for k in range(10, 18)]
    return {
        "tokens": lengths,
        "gibibytes": {
            name: [round(2 * cached_numbers(t, **model) / 2**30, 4) for t in lengths]
            for name, model in MODELS.items()
        },
    }


if __name__ == "__main__":
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(experiment()) + "\n", encoding="utf-8"
        )
    rng = np.random.default_rng(0)
    w = {
        n: rng.normal(size=s) / 4
        for n, s in {"q": (16, 16), "k": (16, 8), "v": (16, 8), "o": (16, 16)}.items()
    }
    x = rng.normal(size=(12, 16))
    whole = attend(x, w, 4, 2, Cache(2, 4))
    cache = Cache(2, 4)
    steps = np.concatenate(
        [
            attend(x[:5], w, 4, 2, cache),
            *(attend(row[None], w, 4, 2, cache) for row in x[5:]),
        ]
    )
    print(
        f"prompt of 5, then 7 single steps: differs from one pass by {np.abs(whole - steps).max():.0e}"
    )

    lengths = rng.integers(50, 2000, size=64)
    print(f"\n64 requests hold {lengths.sum():,} tokens")
    for name, page in (("slabs of 2,048 tokens:", None), ("pages of 16 tokens:", 16)):
        held = reserved(lengths, 2048, page)
        print(f"  {name:<22} {held:>7,} reserved, {lengths.sum() / held:.0%} used")

    keys = outlier_keys()
    print("\nkeys in 2 bits, root mean square error")
    for name, axis in (("by token", 1), ("by channel", 0)):
        print(
            f"  range {name:<11} {np.sqrt(((quantise(keys, 2, axis) - keys) ** 2).mean()):.2f}"
        )
    rotation = hadamard(64)
    print(
        f"  rotated, by token {np.sqrt(((quantise(keys @ rotation, 2, 1) @ rotation - keys) ** 2).mean()):.2f}"
    )

    keys = rng.normal(size=(2000, 128))
    queries = 2 * rng.normal(size=(50, 128)) + keys[:50] / 2
    print(
        "\nrotated, by a table, 2,000 keys: size of scores, error, divergence of the weights"
    )
    for bits in (2, 3, 4):
        for name, correct in (
            ("all bits for rounding", False),
            ("one bit for signs", True),
        ):
            size, error, divergence = judge(turbo(keys, bits, correct), keys, queries)
            print(f"  {bits} bits, {name:<21} {size:.2f} {error:.2f} {divergence:.2f}")
