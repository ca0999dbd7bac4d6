"""A whole decoder in NumPy: the block most language models since 2023 share, with its
shapes and its parameters.
"""

import numpy as np


# --8<-- [start:parts]
def rms_norm(x, scale, eps=1e-5):
    """Divide each row by its root mean square; x is T × d, scale has d entries."""
    return x / np.sqrt((x**2).mean(-1, keepdims=True) + eps) * scale


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def rotate(x, base=10_000.0):
    """RoPE on H × T × d_h: turn pair i at position t by the angle t ·
    base^(-2i/d_h).
    """
    tokens, half = x.shape[1], x.shape[2] // 2
    angle = np.arange(tokens)[:, None] * base ** (-np.arange(half) / half)
    a, b = x[..., :half], x[..., half:]
    return np.concatenate(
        [a * np.cos(angle) - b * np.sin(angle), a * np.sin(angle) + b * np.cos(angle)],
        -1,
    )


# --8<-- [end:parts]


# --8<-- [start:block]
def attention(x, w, heads, kv_heads):
    """Causal grouped-query attention, T × d to T × d."""
    tokens, size = len(x), w["q"].shape[1] // heads

    def split(y, n):
        return y.reshape(tokens, n, size).swapaxes(0, 1)

    q, k = rotate(split(x @ w["q"], heads)), rotate(split(x @ w["k"], kv_heads))
    v = split(x @ w["v"], kv_heads)
    k, v = (np.repeat(y, heads // kv_heads, axis=0) for y in (k, v))  # H × T × d_h
    scores = q @ k.swapaxes(1, 2) / np.sqrt(size)  # H × T × T
    scores = np.where(np.tri(tokens, dtype=bool), scores, -np.inf)
    return (softmax(scores) @ v).swapaxes(0, 1).reshape(tokens, -1) @ w["o"]


def feed_forward(x, w):
    """SwiGLU: one product gates the other; T × d to T × d_ff and back."""
    gate = x @ w["gate"]
    return (gate / (1 + np.exp(-gate)) * (x @ w["up"])) @ w["down"]


def block(x, w, heads, kv_heads):
    """Two residual branches: one mixes tokens, the other works on each token alone."""
    x = x + attention(rms_norm(x, w["norm1"]), w, heads, kv_heads)
    return x + feed_forward(rms_norm(x, w["norm2"]), w)


def decoder(tokens, model, heads, kv_heads):
    """Token numbers to T × V logits; row t scores the token that follows the first t +
    1.
    """
    x = model["embedding"][tokens]
    for w in model["layers"]:
        x = block(x, w, heads, kv_heads)
    return rms_norm(x, model["norm"]) @ model["unembedding"]


# --8<-- [end:block]


def random_decoder(layers, d, heads, kv_heads, d_ff, vocabulary, seed=0):
    """Untrained weights in the shapes a configuration asks for."""
    rng = np.random.default_rng(seed)
    size = d // heads

    def matrix(rows, columns):
        return rng.normal(size=(rows, columns)) / np.sqrt(rows)

    def layer():
        return {
            "norm1": np.ones(d),
            "q": matrix(d, heads * size),
            "k": matrix(d, kv_heads * size),
            "v": matrix(d, kv_heads * size),
            "o": matrix(heads * size, d),
            "norm2": np.ones(d),
            "gate": matrix(d, d_ff),
            "up": matrix(d, d_ff),
            "down": matrix(d_ff, d),
        }

    return {
        "embedding": rng.normal(size=(vocabulary, d)),
        "layers": [layer() for _ in range(layers)],
        "norm": np.ones(d),
        "unembedding": matrix(d, vocabulary),
    }


# --8<-- [start:count]
def parameters(layers, d, heads, kv_heads, head_size, d_ff, vocabulary):
    """Weights of the decoder above: attention, feed-forward, norms, two vocabulary
    matrices.
    """
    attention = d * head_size * (2 * heads + 2 * kv_heads)
    return layers * (attention + 3 * d * d_ff + 2 * d) + d + 2 * vocabulary * d


# --8<-- [end:count]


def size_of(model):
    """Numbers really held by a model made above."""
    whole = model["embedding"].size + model["norm"].size + model["unembedding"].size
    return whole + sum(w.size for layer in model["layers"] for w in layer.values())


if __name__ == "__main__":
    shape = {
        "layers": 2,
        "d": 16,
        "heads": 4,
        "kv_heads": 2,
        "d_ff": 44,
        "vocabulary": 50,
    }
    model = random_decoder(**shape)
    text = np.array([7, 3, 3, 41, 12])
    logits = decoder(text, model, heads=4, kv_heads=2)
    changed = decoder(np.array([7, 3, 3, 41, 30]), model, heads=4, kv_heads=2)
    print("logits", logits.shape, "- one row of scores for each position")
    print(
        "rows that change with the last token:",
        np.flatnonzero(np.abs(logits - changed).max(1) > 1e-12),
    )
    print(
        "parameters held",
        size_of(model),
        "and counted",
        parameters(head_size=4, **shape),
    )
    for name, sizes in {
        "Llama 2 7B ": (32, 4096, 32, 32, 128, 11008, 32000),
        "Llama 2 70B": (80, 8192, 64, 8, 128, 28672, 32000),
    }.items():
        print(f"{name} {parameters(*sizes):>14,}")
