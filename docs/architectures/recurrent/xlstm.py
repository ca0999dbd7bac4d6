"""xLSTM: the scalar and the matrix cell, with and without the stabiliser, one by one
and in parallel.
"""

import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def log_sigmoid(x):
    return -np.logaddexp(0, -x)


# --8<-- [start:slstm]
def slstm(i, f, z, o, R):
    """The scalar cell. i, f, z, o: T × d, what the gates get from the input; R: what
    each gets from the last output.

    Cell c and normaliser n are kept divided by exp(m), so that exp of an input gate
    never overflows.
    """
    h, c, n, m, out = np.zeros(i.shape[1]), 0.0, 0.0, np.full(i.shape[1], -np.inf), []
    for i_t, f_t, z_t, o_t in zip(i, f, z, o, strict=True):
        # memory mixing
        i_t, f_t, z_t, o_t = (
            x + h @ r for x, r in zip((i_t, f_t, z_t, o_t), R, strict=True)
        )
        kept = log_sigmoid(f_t) + m
        m = np.maximum(kept, i_t)
        c = np.exp(kept - m) * c + np.exp(i_t - m) * np.tanh(z_t)
        n = np.exp(kept - m) * n + np.exp(i_t - m)
        h = sigmoid(o_t) * c / n
        out.append(h)
    return np.stack(out)


# --8<-- [end:slstm]


# --8<-- [start:mlstm]
def mlstm(q, k, v, i, f):
    """The matrix cell, token by token. q, k: T × d_k; v: T × d_v; i, f: T, gates before
    their activation.
    """
    k = k / np.sqrt(k.shape[1])
    state, norm, m, out = (
        np.zeros((k.shape[1], v.shape[1])),
        np.zeros(k.shape[1]),
        0.0,
        [],
    )
    for q_t, k_t, v_t, i_t, f_t in zip(q, k, v, i, f, strict=True):
        kept = log_sigmoid(f_t) + m
        m = max(kept, i_t)
        state = np.exp(kept - m) * state + np.exp(i_t - m) * np.outer(k_t, v_t)
        norm = np.exp(kept - m) * norm + np.exp(i_t - m) * k_t
        # the true norm has at least size 1
        out.append(q_t @ state / max(abs(q_t @ norm), np.exp(-m)))
    return np.stack(out)


def mlstm_parallel(q, k, v, i, f):
    """The same with all pairs at once: a product masked by gates, whose logarithm is
    what is summed.
    """
    faded = np.cumsum(log_sigmoid(f))
    gates = np.where(np.tri(len(q), dtype=bool), faded[:, None] - faded + i, -np.inf)
    m = gates.max(1, keepdims=True)
    pairs = q @ k.T / np.sqrt(k.shape[1]) * np.exp(gates - m)
    return pairs @ v / np.maximum(np.abs(pairs.sum(1, keepdims=True)), np.exp(-m))


# --8<-- [end:mlstm]


# --8<-- [start:plain]
def mlstm_plain(q, k, v, i, f):
    """What the stabilised forms compute, written without a stabiliser: overflows for
    large input gates.
    """
    k = k / np.sqrt(k.shape[1])
    state, norm, out = np.zeros((k.shape[1], v.shape[1])), np.zeros(k.shape[1]), []
    for q_t, k_t, v_t, i_t, f_t in zip(q, k, v, i, f, strict=True):
        state = sigmoid(f_t) * state + np.exp(i_t) * np.outer(k_t, v_t)
        norm = sigmoid(f_t) * norm + np.exp(i_t) * k_t
        out.append(q_t @ state / max(abs(q_t @ norm), 1))
    return np.stack(out)


# --8<-- [end:plain]


def parity(bits, strength=20.0):
    """One scalar cell that keeps its sign on 0 and turns it on 1: a memory that a
    linear recurrence cannot be.

    On 1 the forget gate closes and the cell becomes tanh(-3 h); on 0 the input gate
    closes. Starts at +1.
    """
    gate = np.array([[strength if bit else -strength] for bit in [1, *bits]])
    z = np.zeros_like(gate)
    z[0] = 3.0  # the first token sets the sign
    R = [np.zeros((1, 1)), np.zeros((1, 1)), np.array([[-3.0]]), np.zeros((1, 1))]
    return slstm(gate, -gate, z, np.full_like(gate, strength), R)[1:, 0]


def share_of_newest(logits, gate):
    """How much of a normalised memory that forgets nothing is the newest input: by exp
    gates, or by sigmoid ones.
    """
    strength = np.exp(logits) if gate == "exponential" else sigmoid(logits)
    return strength / np.cumsum(strength)


def parameters(width=4096, blocks=32, heads=8, vocabulary=50304):
    """Of xLSTM 7B, from its code: keys half as wide as values, gates with bias, a norm
    for each head, a SwiGLU.
    """
    inner = -(-(width * 2667 // 1000) // 64) * 64
    mixer = 2 * width * width // 2 + 3 * width**2 + 2 * (width + 1) * heads + width
    return (
        2 * vocabulary * width
        + width
        + blocks * (mixer + 3 * width * inner + 2 * width)
    )


def state_numbers(width=4096, blocks=32, heads=8):
    key, value = width // 2 // heads, width // heads
    return blocks * heads * (key * value + key + 1)


def example(tokens=24, key=6, value=5, seed=0):
    rng = np.random.default_rng(seed)
    q, k = rng.normal(size=(2, tokens, key))
    return {
        "q": q,
        "k": k,
        "v": rng.normal(size=(tokens, value)),
        "i": rng.normal(0, 3, tokens),
        "f": rng.normal(2, 2, tokens),
    }


TOKENS = (1, 2, 4, 8, 16, 32, 64, 128, 256)


def experiment():
    """A late important token after many ordinary ones: gate logit 6 after t - 1 of
    logit 0.
    """
    shares = {}
    for gate in ("exponential", "sigmoid"):
        shares[gate] = [
            round(
                float(share_of_newest(np.array([0.0] * (t - 1) + [6.0]), gate)[-1]), 4
            )
            for t in TOKENS
        ]
    return {"tokens": list(TOKENS), "share": shares}


if __name__ == "__main__":
    import json
    import sys
    from pathlib import Path

    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(experiment()) + "\n", encoding="utf-8"
        )
    e = example()
    step = mlstm(**e)
    print(
        f"matrix cell: stabilised and plain differ by {np.abs(step - mlstm_plain(**e)).max():.0e},",
        end=" ",
    )
    print(f"parallel and recurrent by {np.abs(step - mlstm_parallel(**e)).max():.0e}")
    with np.errstate(over="ignore", invalid="ignore"):
        lost = np.isnan(mlstm_plain(**e | {"i": e["i"] + 800})).any()
    held = np.isfinite(mlstm(**e | {"i": e["i"] + 800})).all()
    words = ("overflows" if lost else "holds", "holds" if held else "fails")
    print(
        "  input gates raised by 800: the plain form {}, the stabilised one {}".format(
            *words
        )
    )
    bits = np.random.default_rng(2).integers(2, size=10_000)
    right = (parity(bits) > 0) == (np.cumsum(bits) % 2 == 0)
    print(
        f"one scalar cell follows the parity of 10,000 bits: right at {right.sum():,} of them"
    )
    print(
        f"xLSTM 7B: {parameters():,} parameters, {state_numbers():,} numbers of state"
    )
