"""Look-ups in NumPy: embeddings tied to the output, a small embedding for each layer,
and hashed n-grams.
"""

import numpy as np

PRIMES = np.array([1_000_003, 998_244_353, 1_000_000_007, 19_260_817])


# --8<-- [start:tied]
def embed(tokens, table):
    """A row for each token: nothing is multiplied."""
    return table[tokens]


def logits(x, table):
    """Tied output: scores are products with the same rows."""
    return x @ table.T


# --8<-- [end:tied]


# --8<-- [start:added]
def share_of_added(x, table, row):
    """Probability that one more row of the output table takes from all others, for each
    stream.
    """
    scores = np.concatenate([logits(x, table), logits(x, row[None])], axis=-1)
    weights = np.exp(scores - scores.max(-1, keepdims=True))
    return weights[..., -1] / weights.sum(-1)


# --8<-- [end:added]


# --8<-- [start:layer]
def gelu(x):
    """The approximation with tanh, which Gemma uses."""
    return x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3))) / 2


def per_layer_input(x, tokens, table, w_gate, w_out):
    """Gemma's per-layer embeddings: a small row for token and layer, gated by the
    stream, is normed and added to it.

    table: V × p for this layer, w_gate: d × p, w_out: p × d. The norm's learned scale
    is left out.
    """
    added = (gelu(x @ w_gate) * table[tokens]) @ w_out
    return x + added / np.sqrt((added**2).mean(-1, keepdims=True) + 1e-6)


# --8<-- [end:layer]


# --8<-- [start:ngrams]
def slots(tokens, n, heads, size):
    """heads × T slots: hashes of each token and the n - 1 before it; shorter at the
    beginning.
    """
    padded = np.concatenate([np.full(n - 1, -1), tokens]) + 2
    code = np.zeros((heads, len(tokens)), dtype=np.int64)
    for back in range(n):
        part = padded[n - 1 - back : n - 1 - back + len(tokens)]
        code = (code * PRIMES[:heads, None] + part * (2 * back + 1)) % (2**31 - 1)
    return code % size


def look_up(x, tokens, tables, n, w_gate):
    """Read a row for each hash, set them side by side, and add them as far as the
    context agrees.

    tables: heads × size × (d / heads); the gate is a sigmoid of the match between
    stream and memory.
    """
    heads, size, _ = tables.shape
    rows = tables[np.arange(heads)[:, None], slots(tokens, n, heads, size)]
    memory = rows.swapaxes(0, 1).reshape(len(tokens), -1)
    match = (x * (memory @ w_gate)).sum(-1, keepdims=True) / np.sqrt(x.shape[1])
    return x + memory / (1 + np.exp(-match))


# --8<-- [end:ngrams]


def lengths(d, rng):
    """Of a row that scores a unit stream with variance 1, of a position made of sines
    and cosines, and of the row times the root of d; and the spread of its scores.
    """
    rows = rng.normal(size=(2000, d)) / np.sqrt(d)
    angles = 7 / 10_000 ** (np.arange(0, d, 2) / d)
    position = np.concatenate([np.sin(angles), np.cos(angles)])
    row = np.linalg.norm(rows, axis=1).mean()
    spread = (rows @ rng.normal(size=d)).std()
    return row, np.linalg.norm(position), np.sqrt(d) * row, spread


def collisions(pairs, size, heads):
    """Share of `pairs` different bigrams that meet another one in every head's table at
    once.
    """
    rng = np.random.default_rng(0)
    chosen = np.unique(rng.integers(50_000, size=(pairs, 2)), axis=0)
    places = np.stack([slots(two, 2, heads, size)[:, 1] for two in chosen])
    _, inverse, counts = np.unique(
        places, axis=0, return_inverse=True, return_counts=True
    )
    return float((counts[inverse.ravel()] > 1).mean())


def trained_like(tokens=1000, d=64, low=-8.0):
    """Streams and a table whose scores lie around `low`, as those of trained models
    often do: all rows share a direction that the streams point against.
    """
    rng = np.random.default_rng(0)
    shared = rng.normal(size=d)
    shared /= np.linalg.norm(shared)
    table = rng.normal(size=(tokens, d)) / np.sqrt(d) + 2 * shared
    return 1.5 * rng.normal(size=(200, d)) + low / 2 * shared, table


if __name__ == "__main__":
    print("weights of 2Vd and Vd")
    for name, v, d in (
        ("Llama 2 7B", 32_000, 4096),
        ("Llama 3 8B", 128_256, 4096),
        ("Gemma 3 1B", 262_144, 1152),
    ):
        print(f"  {name}: untied {2 * v * d:>13,}  tied {v * d:>12,}")
    print("\nper-layer embeddings of Gemma 3n's default configuration")
    stored, read = 262_144 * 35 * 256, 35 * 256
    print(f"  stored {stored:,} numbers, read for a token {read:,}")
    row, position, scaled, spread = lengths(512, np.random.default_rng(3))
    print(f"\nd = 512: scores with spread {spread:.2f} need rows of length {row:.2f};")
    print(f"  a position has {position:.2f}, a row times the root of d {scaled:.2f}")
    x, table = trained_like()
    print("\nprobability of an added token, before any training, beside 1,000 others")
    for name, row in (
        ("zeros", np.zeros(64)),
        ("small random", np.random.default_rng(1).normal(scale=0.02, size=64)),
        ("mean of the rows", table.mean(0)),
    ):
        found = share_of_added(x, table, row)
        print(f"  {name:17s} mean {found.mean():.4f}, largest {found.max():.4f}")
    print("\n20,000 bigrams hashed into tables of 65,536 rows: share not told apart")
    for heads in (1, 2, 4):
        print(f"  {heads} tables: {collisions(20_000, 65_536, heads):.4f}")
