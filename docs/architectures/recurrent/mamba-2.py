"""State space duality: one layer as a scan, as a masked matrix product, and in chunks;
and the Mamba-2 block.
"""

import json
import sys
from pathlib import Path

import numpy as np


def silu(x):
    return x / (1 + np.exp(-x))


def softplus(x):
    return np.logaddexp(0, x)


# --8<-- [start:two-forms]
def scan(x, log_a, b, c):
    """S_t = a_t S_(t-1) + b_t x_t and y_t = c_t S_t. x: T × p; log_a: T; b,
    c: T × n.
    """
    state, out = np.zeros((b.shape[1], x.shape[1])), []
    for t in range(len(x)):
        state = np.exp(log_a[t]) * state + np.outer(b[t], x[t])
        out.append(c[t] @ state)
    return np.stack(out)


def decay_mask(log_a):
    """L[i, j] = a_(j+1) ⋯ a_i for j ≤ i, else 0. Sums of logarithms over the stretch
    itself, then one exponential.
    """
    n = len(log_a)
    stretch = np.where(np.tri(n, k=-1, dtype=bool), log_a[:, None], 0.0).cumsum(0)
    return np.exp(np.where(np.tri(n, dtype=bool), stretch, -np.inf))


def quadratic(x, log_a, b, c):
    """The same as attention with the softmax replaced by a mask of decays."""
    return (decay_mask(log_a) * (c @ b.T)) @ x


# --8<-- [end:two-forms]


# --8<-- [start:chunks]
def chunked(x, log_a, b, c, size):
    """Blocks on the diagonal by the quadratic form; everything below it passes through
    a state for each chunk.
    """
    state, out = np.zeros((b.shape[1], x.shape[1])), []
    for start in range(0, len(x), size):
        xc, lc, bc, cc = (z[start : start + size] for z in (x, log_a, b, c))
        since = np.cumsum(lc)  # decay from the chunk's start to each token
        inside = quadratic(xc, lc, bc, cc)
        before = np.exp(since)[:, None] * (cc @ state)
        out.append(inside + before)
        left = np.exp(since[-1] - since)  # decay from each token to the chunk's end
        state = np.exp(since[-1]) * state + (left[:, None] * bc).T @ xc
    return np.concatenate(out)


# --8<-- [end:chunks]


# --8<-- [start:block]
def mamba2_block(u, w, heads, groups, state, mix=quadratic):
    """One block on u (T × d): one projection for everything, a short convolution, the
    heads, a gated norm.
    """
    inner = w["norm"].shape[0]
    gate, xbc, step = np.split(
        u @ w["in"], [inner, 2 * inner + 2 * groups * state], axis=1
    )
    width = len(w["conv"])
    padded = np.concatenate([np.zeros((width - 1, xbc.shape[1])), xbc])
    xbc = silu(
        sum(w["conv"][i] * padded[i : i + len(u)] for i in range(width))
        + w["conv_bias"]
    )
    x, b, c = np.split(xbc, [inner, inner + groups * state], axis=1)
    step = softplus(step + w["step_bias"])  # T × heads
    log_a = -np.exp(w["a_log"]) * step
    size, out = inner // heads, np.empty_like(x)
    for h in range(heads):
        mine = slice(h * size, (h + 1) * size)
        shared = slice(
            h // (heads // groups) * state, (h // (heads // groups) + 1) * state
        )
        y = mix(step[:, h, None] * x[:, mine], log_a[:, h], b[:, shared], c[:, shared])
        out[:, mine] = y + w["skip"][h] * x[:, mine]
    gated = (out * silu(gate)).reshape(len(u), groups, -1)
    normed = gated / np.sqrt((gated**2).mean(2, keepdims=True) + 1e-5)
    return (normed.reshape(len(u), inner) * w["norm"]) @ w["out"]


# --8<-- [end:block]


def weights(d=16, heads=4, groups=2, state=8, width=4, seed=0):
    rng = np.random.default_rng(seed)
    inner, mixed = 2 * d, 2 * d + 2 * groups * state
    return {
        "in": rng.normal(size=(d, inner + mixed + heads)) / np.sqrt(d),
        "conv": rng.normal(size=(width, mixed)) / width,
        "conv_bias": rng.normal(size=mixed) / 10,
        "step_bias": np.full(heads, -2.0),
        "a_log": np.log(np.linspace(1, 16, heads)),
        "skip": np.ones(heads),
        "norm": np.ones(inner),
        "out": rng.normal(size=(inner, d)) / np.sqrt(inner),
    }


def operations(size, state=128, head=64):
    """Operations a token and head, masked half included: inside a chunk, and through
    the state.
    """
    return 2 * size * (state + head), 4 * state * head


def scan_operations(state=128, head=64):
    """Decay, outer product and sum, and reading, for each number of the state."""
    return 5 * state * head


def counts(size=256):
    """Operations a token and head at the published chunk size, against the scan."""
    chunked = sum(operations(size))
    return {"chunk": chunked, "over scan": round(chunked / scan_operations(), 1)}


def example(tokens=48, state=4, head=3, seed=0):
    rng = np.random.default_rng(seed)
    x, b, c = (
        rng.normal(size=(tokens, head)),
        rng.normal(size=(tokens, state)),
        rng.normal(size=(tokens, state)),
    )
    return x, -rng.uniform(0.01, 0.6, tokens), b, c


def mask_example(tokens=24):
    """Even small steps, and one token that takes a large one."""
    log_a = np.full(tokens, -0.12)
    log_a[9] = -3.0
    return decay_mask(log_a)


def experiment():
    sizes = [2**i for i in range(3, 13)]
    return {
        "counts": counts(),
        "mask": mask_example().round(3).tolist(),
        "sizes": sizes,
        "inside": [operations(size)[0] for size in sizes],
        "state": [operations(size)[1] for size in sizes],
        "scan": scan_operations(),
    }


if __name__ == "__main__":
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(experiment()) + "\n", encoding="utf-8"
        )
    x, log_a, b, c = example()
    truth = scan(x, log_a, b, c)
    forms = [
        quadratic(x, log_a, b, c),
        *(chunked(x, log_a, b, c, size) for size in (1, 7, 16, 48)),
    ]
    worst = max(np.abs(form - truth).max() for form in forms)
    print(f"scan, masked product and four chunk sizes agree to 1e-12: {worst < 1e-12}")
    print("rank of the block below the diagonal, 24 × 24 of 48 × 48")
    scores = np.where(np.tri(48, dtype=bool), c @ b.T, -np.inf)
    softmax = np.exp(scores - scores.max(1, keepdims=True))
    for name, matrix in (
        ("decay mask alone", decay_mask(log_a)),
        ("state space dual, state 4", decay_mask(log_a) * (c @ b.T)),
        ("softmax of the same products", softmax / softmax.sum(1, keepdims=True)),
    ):
        print(f"  {name:30s}{np.linalg.matrix_rank(matrix[24:, :24]):3d}")
    u, w = np.random.default_rng(1).normal(size=(32, 16)), weights()
    one, other = mamba2_block(u, w, 4, 2, 8), mamba2_block(u, w, 4, 2, 8, scan)
    print(
        f"a block with its heads as products or as scans agrees to 1e-12: {np.abs(one - other).max() < 1e-12}"
    )
