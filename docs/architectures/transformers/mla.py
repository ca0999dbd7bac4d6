"""Multi-head latent attention in NumPy: expanded and absorbed, with the cache that both
need.
"""

import numpy as np

SIZES = {"d": 32, "heads": 4, "latent": 12, "rope": 4, "nope": 6, "value": 6}


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def rotate(x, positions, base=10_000.0):
    """RoPE on … × T × d_r, pairs taken from the two halves."""
    half = x.shape[-1] // 2
    angle = positions[:, None] * base ** (-np.arange(half) / half)
    a, b = x[..., :half], x[..., half:]
    return np.concatenate(
        [a * np.cos(angle) - b * np.sin(angle), a * np.sin(angle) + b * np.cos(angle)],
        -1,
    )


def rms_norm(x):
    return x / np.sqrt((x**2).mean(-1, keepdims=True) + 1e-6)


# --8<-- [start:cache]
def compress(x, w, positions):
    """All that is cached of tokens x (T × d): a latent (T × d_c) and one rotary key for
    all heads (T × d_r).
    """
    return rms_norm(x @ w["down"]), rotate(x @ w["key_rope"], positions)


def queries(x, w, positions, heads, nope):
    """The two parts of each head's query, H × T × d_n and H × T × d_r."""
    q = (x @ w["query"]).reshape(len(x), heads, -1).swapaxes(0, 1)
    return q[..., :nope], rotate(q[..., nope:], positions)


# --8<-- [end:cache]


# --8<-- [start:forms]
def expanded(q_nope, q_rope, latent, key_rope, w, allowed):
    """As in training: make every head's keys and values from the latent, then attend as
    usual.
    """
    keys = np.einsum("sc,chn->hsn", latent, w["up_key"])  # H × S × d_n
    values = np.einsum("sc,chv->hsv", latent, w["up_value"])  # H × S × d_v
    scores = q_nope @ keys.swapaxes(1, 2) + q_rope @ key_rope.T
    weights = softmax(np.where(allowed, scores / scale(q_nope, q_rope), -np.inf))
    return weights @ values


def absorbed(q_nope, q_rope, latent, key_rope, w, allowed):
    """As in decoding: move both up-projections to the query's side and attend to the
    latent itself.
    """
    q_latent = np.einsum("htn,chn->htc", q_nope, w["up_key"])  # q·(Wc) = (Wᵀq)·c
    scores = q_latent @ latent.T + q_rope @ key_rope.T
    weights = softmax(np.where(allowed, scores / scale(q_nope, q_rope), -np.inf))
    # Σ p (Wc) = W Σ p c
    return np.einsum("htc,chv->htv", weights @ latent, w["up_value"])


def scale(q_nope, q_rope):
    return np.sqrt(q_nope.shape[-1] + q_rope.shape[-1])


# --8<-- [end:forms]


def random_weights(d, heads, latent, rope, nope, value, seed=0):
    rng = np.random.default_rng(seed)
    return {
        "down": rng.normal(size=(d, latent)) / np.sqrt(d),
        "key_rope": rng.normal(size=(d, rope)) / np.sqrt(d),
        "query": rng.normal(size=(d, heads * (nope + rope))) / np.sqrt(d),
        "up_key": rng.normal(size=(latent, heads, nope)) / np.sqrt(latent),
        "up_value": rng.normal(size=(latent, heads, value)) / np.sqrt(latent),
    }


# --8<-- [start:narrow]
def convolve(s, depthwise, bias, within, bias_within):
    """Two causal convolutions of width 2 over T × H × d_h: each channel alone, then the
    channels of a head together.
    """
    # what is kept of earlier tokens when a text is read on
    s = np.concatenate([np.zeros((2, *s.shape[1:])), s])
    s = s[:-1] * depthwise[0] + s[1:] * depthwise[1] + bias
    return (
        np.einsum("thi,hij->thj", s[:-1], within[0])
        + np.einsum("thi,hij->thj", s[1:], within[1])
        + bias_within
    )


def narrow(x, w, heads, kv_heads):
    """CCA's queries, keys and values for x (T × d), before the rotation: all at the
    narrow width, T × H or G × d_h.
    """
    q, k = (
        (x @ w[name]).reshape(len(x), n, -1)
        for name, n in (("query", heads), ("key", kv_heads))
    )
    # queries and keys pass some of each other on
    shared = (q + np.repeat(k, heads // kv_heads, axis=1)) / 2
    mixed = convolve(np.concatenate([q, k], axis=1), *w["convolutions"])
    q = unit(mixed[:, :heads] + shared)
    k = unit(
        mixed[:, heads:] + shared.reshape(len(x), kv_heads, -1, q.shape[2]).mean(2)
    )
    before = np.concatenate([np.zeros((1, x.shape[1])), x[:-1]])
    # half from the token before
    values = np.concatenate([x @ w["value"], before @ w["value_before"]], axis=1)
    return q, k * w["temperature"][:, None], values.reshape(len(x), kv_heads, -1)


def unit(s):
    """Each head's vector at the length √d_h, so that the temperature alone decides how
    sharp attention is.
    """
    return s * np.sqrt(s.shape[-1]) / np.linalg.norm(s, axis=-1, keepdims=True)


# --8<-- [end:narrow]


def narrow_weights(d=32, heads=4, kv_heads=2, size=6, seed=0):
    """Random weights for CCA; the whole attention works at a width of heads × size."""
    rng, all_heads = np.random.default_rng(seed), heads + kv_heads
    shapes = {
        "query": heads * size,
        "key": kv_heads * size,
        "value": kv_heads * size // 2,
    }
    w = {
        name: rng.normal(size=(d, width)) / np.sqrt(d) for name, width in shapes.items()
    }
    w["value_before"] = rng.normal(size=w["value"].shape) / np.sqrt(d)
    w["convolutions"] = (
        rng.normal(size=(2, all_heads, size)),
        0.1 * rng.normal(size=(all_heads, size)),
        rng.normal(size=(2, all_heads, size, size)) / np.sqrt(2 * size),
        0.1 * rng.normal(size=(all_heads, size)),
    )
    return w | {"temperature": rng.uniform(0.5, 2, kv_heads)}


# --8<-- [start:cost]
def operations_per_cached_token(form, heads, latent, rope, nope, value):
    """Operations that one new query spends on each cached token, expansion included
    where it is needed.
    """
    if form == "absorbed":
        return 2 * heads * (latent + rope) + 2 * heads * latent
    expansion = 2 * latent * heads * (nope + value)
    return expansion + 2 * heads * (nope + rope) + 2 * heads * value


# --8<-- [end:cost]

if __name__ == "__main__":
    w = random_weights(**SIZES)
    x, positions = np.random.default_rng(1).normal(size=(9, 32)), np.arange(9)
    latent, key_rope = compress(x, w, positions)
    q = queries(x, w, positions, heads=4, nope=6)
    causal = np.tri(9, dtype=bool)
    one, other = (
        form(*q, latent, key_rope, w, causal) for form in (expanded, absorbed)
    )
    print(f"expanded and absorbed differ by {np.abs(one - other).max():.0e}")
    print(f"cached per token: {latent.shape[1]} + {key_rope.shape[1]} numbers")
    print(f"all heads' keys and values would be {4 * (6 + 4 + 6)}")

    v3 = {"heads": 128, "latent": 512, "rope": 64, "nope": 128, "value": 128}
    print("\nDeepSeek-V3, one layer, one new token")
    for form in ("expanded", "absorbed"):
        operations = operations_per_cached_token(form, **v3)
        print(f"  {form}: {operations:>12,} operations per cached token")
    read = 2 * (v3["latent"] + v3["rope"])
    print(f"  absorbed, per byte of cache read: {operations / read:.0f}")

    q, k, v = narrow(x, narrow_weights(), heads=4, kv_heads=2)
    print(
        f"\nCCA at width 32: queries {q.shape[1]} × {q.shape[2]}, cached per token: {k[0].size + v[0].size} numbers"
    )
