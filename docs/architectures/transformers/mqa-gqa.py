"""Multi-query and grouped-query attention in NumPy: shared keys and values, and the
cache that follows.
"""

import numpy as np


# --8<-- [start:grouped]
def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def grouped_attention(q, k, v):
    """q: H × T × d_h, k and v: G × S × d_h with S ≥ T; query head h reads from group h
    · G // H.

    G = H is multi-head attention, G = 1 multi-query. Keys and values are never copied:
    the heads of a group become one larger batch of queries. Causal, with the last query
    at the last key.
    """
    heads, tokens, size = q.shape
    groups, length, _ = k.shape
    q = q.reshape(groups, heads // groups, tokens, size)
    scores = np.einsum("gqtd,gsd->gqts", q, k) / np.sqrt(size)
    scores = np.where(
        np.tri(tokens, length, length - tokens, dtype=bool), scores, -np.inf
    )
    return np.einsum("gqts,gsd->gqtd", softmax(scores), v).reshape(heads, tokens, size)


# --8<-- [end:grouped]


# --8<-- [start:convert]
def pool_heads(w, heads, groups):
    """Turn a d × H·d_h key or value matrix into d × G·d_h by averaging the heads of
    each group.
    """
    d, size = w.shape[0], w.shape[1] // heads
    return w.reshape(d, groups, heads // groups, size).mean(2).reshape(d, groups * size)


def cache_bytes(layers, groups, head_size, tokens=1, bytes_each=2):
    """A key and a value for each layer, group and token."""
    return 2 * layers * groups * head_size * tokens * bytes_each


# --8<-- [end:convert]

if __name__ == "__main__":
    rng = np.random.default_rng(0)
    q = rng.normal(size=(8, 1, 64))  # one new token, as in decoding
    for groups, name in ((8, "multi-head"), (2, "grouped"), (1, "multi-query")):
        k, v = rng.normal(size=(2, groups, 100, 64))
        read = k.nbytes + v.nbytes
        operations = 2 * 2 * 8 * 100 * 64
        out, intensity = (
            grouped_attention(q, k, v),
            operations / (read / 4),
        )  # the arrays are float64, bf16 is a quarter
        print(
            f"{name:<12} G = {groups}: out {out.shape}, {intensity:.0f} operations per byte read in bf16"
        )
    print("\nLlama 2 70B, bytes of cache per token in bf16")
    for groups in (64, 8, 1):
        print(f"  {groups:>2} KV heads: {cache_bytes(80, groups, 128):>9,}")
