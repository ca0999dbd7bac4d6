"""FlashAttention's arithmetic in NumPy: softmax over blocks, exactly, with three
numbers to remember.
"""

import numpy as np


# --8<-- [start:online]
def flash_attention(q, k, v, block_q=4, block_k=4, causal=True):
    """Exact attention in blocks; no array is larger than a block of queries times a
    block of keys.

    For each query the running maximum m, the running sum of exponentials, and the
    output so far are kept. When a larger score turns up, sum and output are scaled down
    to the new maximum.
    """
    size, out = q.shape[1], np.zeros((len(q), v.shape[1]))
    normaliser = np.zeros(len(q))
    for start in range(0, len(q), block_q):
        rows = slice(start, min(start + block_q, len(q)))
        m = np.full(rows.stop - start, -np.inf)
        total, acc = (
            np.zeros(rows.stop - start),
            np.zeros((rows.stop - start, v.shape[1])),
        )
        for first in range(0, rows.stop if causal else len(k), block_k):
            columns = slice(first, min(first + block_k, len(k)))
            scores = q[rows] @ k[columns].T / np.sqrt(size)
            if causal:
                earlier = (
                    np.arange(*columns.indices(len(k)))
                    <= np.arange(start, rows.stop)[:, None]
                )
                scores = np.where(earlier, scores, -np.inf)
            new = np.maximum(m, scores.max(1))
            p, shrink = np.exp(scores - new[:, None]), np.exp(m - new)
            total, acc, m = (
                shrink * total + p.sum(1),
                shrink[:, None] * acc + p @ v[columns],
                new,
            )
        out[rows] = acc / total[:, None]
        # what the backward pass needs to make the weights again
        normaliser[rows] = m + np.log(total)
    return out, normaliser


# --8<-- [end:online]


# --8<-- [start:merge]
def merge(out1, norm1, out2, norm2):
    """Join attention over two disjoint sets of keys; what ring attention and split
    decoding do between devices.
    """
    total = np.logaddexp(norm1, norm2)
    return np.exp(norm1 - total)[:, None] * out1 + np.exp(norm2 - total)[
        :, None
    ] * out2, total


# --8<-- [end:merge]


def plain_attention(q, k, v, causal=True):
    """The usual way: all scores at once."""
    scores = q @ k.T / np.sqrt(q.shape[1])
    if causal:
        scores = np.where(np.tri(len(q), len(k), dtype=bool), scores, -np.inf)
    e = np.exp(scores - scores.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True) @ v


# --8<-- [start:traffic]
def traffic(tokens, head_size, block_q=None, bytes_each=2):
    """Bytes of slow memory moved for one head's forward pass; without `block_q`, scores
    are stored and read back.

    Stored: Q, K, V and the output once, scores and weights written and read (4 T²). In
    blocks: Q and the output once, K and V once for each block of queries.
    """
    linear = 2 * tokens * head_size
    if block_q is None:
        return bytes_each * (2 * linear + 4 * tokens**2)
    return bytes_each * (linear + linear * -(-tokens // block_q))


# --8<-- [end:traffic]

if __name__ == "__main__":
    q, k, v = np.random.default_rng(0).normal(size=(3, 37, 16))
    for blocks in ((4, 4), (16, 8), (37, 1)):
        out, _ = flash_attention(q, k, v, *blocks)
        print(
            f"blocks {blocks!s:<8} differ from plain attention by {np.abs(out - plain_attention(q, k, v)).max():.0e}"
        )
    one = flash_attention(q, k[:20], v[:20], causal=False)
    two = flash_attention(q, k[20:], v[20:], causal=False)
    joined, _ = merge(*one, *two)
    print(
        f"two halves of the keys, joined: {np.abs(joined - plain_attention(q, k, v, causal=False)).max():.0e}"
    )
    print(
        "\none head of size 64 over 8,192 tokens, MB moved in the forward pass (bf16)"
    )
    print(f"  scores stored            {traffic(8192, 64) / 1e6:>6,.0f}")
    for block in (64, 128, 256):
        print(
            f"  blocks of {block:>3} queries    {traffic(8192, 64, block) / 1e6:>6,.0f}"
        )
