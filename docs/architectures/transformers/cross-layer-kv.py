"""Layers that share keys and values in NumPy: what is cached, and who has to run during
prefill.
"""

import numpy as np


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


# --8<-- [start:sharing]
def stack(x, layers, source):
    """Causal layers over x (T × d); layer i uses the keys and values that layer
    source[i] made.

    source[i] == i: the layer projects its own. Returns the output and what has to be
    cached.
    """
    cache, mask = {}, np.tri(len(x), dtype=bool)
    for i, w in enumerate(layers):
        if source[i] == i:
            cache[i] = (x @ w["k"], x @ w["v"])
        keys, values = cache[source[i]]
        scores = (x @ w["q"]) @ keys.T / np.sqrt(keys.shape[1])
        x = x + softmax(np.where(mask, scores, -np.inf)) @ values @ w["o"]
    return x, cache


def neighbours(layers, group):
    """Cross-layer attention: each group of `group` neighbours uses the first one's."""
    return [i - i % group for i in range(layers)]


def upper_half(layers):
    """YOCO's sharing: the lower half makes its own, the upper half reads one cache made
    in the middle.
    """
    return [i if i <= layers // 2 else layers // 2 for i in range(layers)]


def last_ones(layers, shared):
    """Gemma's sharing: the last `shared` layers use what the layer before them made."""
    return [min(i, layers - shared - 1) for i in range(layers)]


# --8<-- [end:sharing]


# --8<-- [start:prefill]
def layers_needed(source):
    """Layers that every prompt token must pass: up to the last that makes keys. Above
    it, only the last token must.
    """
    return max(source) + 1


# --8<-- [end:prefill]


# --8<-- [start:replay]
def windowed(x, w, window, entries=None):
    """A layer over x (T × d) with keys of its own in a window, and entries that another
    layer made.
    """
    at = np.arange(len(x))
    near = (at <= at[:, None]) & (at > at[:, None] - window)
    keys, values, mask = x @ w["k"], x @ w["v"], near
    if entries is not None:  # they may reach further back than x does
        before = len(entries[0]) - len(x)
        far = np.arange(len(entries[0])) <= before + at[:, None]
        keys, values = (
            np.concatenate([keys, entries[0]]),
            np.concatenate([values, entries[1]]),
        )
        mask = np.concatenate([near, far], axis=1)
    scores = np.where(mask, (x @ w["q"]) @ keys.T / np.sqrt(keys.shape[1]), -np.inf)
    return x + softmax(scores) @ values @ w["o"]


def encode_decode(x, encoder, source, decoder, window, replay=None):
    """The last token's output. Decoder layers read entries made once, from the
    encoder's output.

    replay: how many of the last tokens pass the decoder; all of them when it is
    missing.
    """
    for w in encoder:
        x = windowed(x, w, window)
    entries = x @ source["k"], x @ source["v"]
    x = x[-replay:] if replay else x
    for w in decoder:
        x = windowed(x, w, window, entries)
    return x[-1]


# --8<-- [end:replay]


def random_layers(count, d, size, seed=0):
    rng = np.random.default_rng(seed)
    shapes = {"q": (d, size), "k": (d, size), "v": (d, size), "o": (size, d)}
    return [
        {n: rng.normal(size=s) / np.sqrt(s[0]) for n, s in shapes.items()}
        for _ in range(count)
    ]


if __name__ == "__main__":
    layers, x = random_layers(8, 12, 6), np.random.default_rng(1).normal(size=(10, 12))
    kinds = {
        "each its own": list(range(8)),
        "pairs": neighbours(8, 2),
        "upper half": upper_half(8),
        "last five": last_ones(8, 5),
    }
    print(f"{'8 layers':<14}{'uses the keys of':<26}{'cached':>7}{'prompt passes':>15}")
    for name, source in kinds.items():
        _, cache = stack(x, layers, source)
        print(
            f"{name:<14}{' '.join(map(str, source)):<26}{len(cache):>7}{layers_needed(source):>15}"
        )

    layers, x = (
        random_layers(9, 12, 6, seed=2),
        np.random.default_rng(3).normal(size=(400, 12)),
    )
    parts = layers[:4], layers[4], layers[5:]
    whole = encode_decode(x, *parts, window=16)
    print("\n400 tokens, 4 + 4 layers with windows of 16; error of the last output")
    for replay in (1, 8, 16, 32, 48, 61):
        error = np.linalg.norm(
            encode_decode(x, *parts, window=16, replay=replay) - whole
        ) / np.linalg.norm(whole)
        done = (4 * 400 + 4 * replay) / (8 * 400)
        print(
            f"the decoder runs over the last {replay:>2}: {error:8.1e}, {done:.0%} of the layers' work"
        )
