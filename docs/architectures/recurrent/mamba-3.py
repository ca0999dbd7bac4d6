"""Mamba-3: a trapezoidal step, a state that turns, and several inputs at once, each as
recurrence and as product.
"""

import json
import sys
from pathlib import Path

import numpy as np


def silu(x):
    return x / (1 + np.exp(-x))


def softplus(x):
    return np.logaddexp(0, x)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


# --8<-- [start:recurrence]
def turn(x, angle):
    """Rotate the first pairs of x (…, N) by angle (…, n); pairs beyond n stay. Pairs
    are neighbours (2i, 2i+1).
    """
    pairs = angle.shape[-1]
    even, odd = x[..., 0 : 2 * pairs : 2], x[..., 1 : 2 * pairs : 2]
    out = x.copy()
    out[..., 0 : 2 * pairs : 2] = even * np.cos(angle) - odd * np.sin(angle)
    out[..., 1 : 2 * pairs : 2] = even * np.sin(angle) + odd * np.cos(angle)
    return out


def recurrent(x, b, c, step, log_a, trapezoid, angle):
    """One head, token by token. x: T × R × p; b, c: T × R × N; step, log_a, trapezoid:
    T; angle: T × n (its speed).

    The state is kept unturned; keys and queries are turned by the angle travelled so
    far. R is 1 without MIMO.
    """
    state, travelled = np.zeros((b.shape[2], x.shape[2])), np.zeros(angle.shape[1])
    before, out = np.zeros_like(state), []
    for t in range(len(x)):
        travelled = travelled + step[t] * angle[t]
        key, query = turn(b[t], travelled), turn(c[t], travelled)
        now = key.T @ x[t]  # N × R times R × p: a sum of R outer products
        alpha = np.exp(log_a[t])
        state = (
            alpha * state
            + (1 - trapezoid[t]) * step[t] * alpha * before
            + trapezoid[t] * step[t] * now
        )
        before = now
        out.append(query @ state)
    return np.stack(out)


# --8<-- [end:recurrence]


# --8<-- [start:parallel]
def decay_mask(log_a):
    n = len(log_a)
    stretch = np.where(np.tri(n, k=-1, dtype=bool), log_a[:, None], 0.0).cumsum(0)
    return np.exp(np.where(np.tri(n, dtype=bool), stretch, -np.inf))


def parallel(x, b, c, step, log_a, trapezoid, angle):
    """The same as one masked product: a token counts with its own weight and with what
    its successor adds to it.
    """
    rank = x.shape[1]
    travelled = np.cumsum(step[:, None] * angle, axis=0)[:, None]
    keys, queries = (
        turn(b, np.repeat(travelled, rank, 1)),
        turn(c, np.repeat(travelled, rank, 1)),
    )
    own = trapezoid * step
    later = np.append((1 - trapezoid[1:]) * step[1:], 0.0)
    # the token itself has not seen its successor
    mask = decay_mask(log_a) * (own + later) - np.diag(later)
    scores = np.einsum("trn,sqn->trsq", queries, keys) * mask[:, None, :, None]
    return np.einsum("trsq,sqp->trp", scores, x)


# --8<-- [end:parallel]


# --8<-- [start:block]
def rms(x, weight):
    return x / np.sqrt((x**2).mean(-1, keepdims=True) + 1e-5) * weight


def mamba3_block(u, w, heads, state, rank=1, mix=parallel):
    """One block on u (T × d), one group, no norm before the output. No convolution:
    keys and queries have biases.
    """
    inner = len(w["out"])
    cuts = np.cumsum([inner, inner, rank * state, rank * state, heads, heads, heads])
    z, x, b, c, step, decay, trapezoid, angle = np.split(u @ w["in"], cuts, axis=1)
    b = rms(b.reshape(len(u), rank, state), w["b_norm"])
    c = rms(c.reshape(len(u), rank, state), w["c_norm"])
    step = softplus(step + w["step_bias"])
    # 1 + x above zero, 1 / (1 - x) below
    slope = np.maximum(decay, 0) + 1 / (1 - np.minimum(decay, 0))
    log_a = -np.maximum(slope, 1e-4) * step
    # one speed a turned pair, shared by the heads
    trapezoid, angle = sigmoid(trapezoid), np.pi * np.tanh(angle)
    size, out = inner // heads, np.empty_like(x)
    for h in range(heads):
        mine = slice(h * size, (h + 1) * size)
        values = x[:, None, mine] * w["mimo_x"][h]
        keys, queries = b + w["b_bias"][h], c + w["c_bias"][h]
        y = mix(values, keys, queries, step[:, h], log_a[:, h], trapezoid[:, h], angle)
        y = (y + w["skip"][h] * values) * silu(z[:, None, mine] * w["mimo_z"][h])
        out[:, mine] = (y * w["mimo_o"][h]).sum(1)
    return out @ w["out"]


# --8<-- [end:block]


def weights(d=16, heads=4, state=8, rank=1, pairs=2, seed=0):
    """Random weights; without MIMO (rank 1) the three MIMO factors are ones and not
    parameters.
    """
    rng = np.random.default_rng(seed)
    inner, size = 2 * d, 2 * d // heads
    ones = np.ones((heads, 1, size))
    return {
        "in": rng.normal(size=(d, 2 * inner + 2 * rank * state + 3 * heads + pairs))
        / np.sqrt(d),
        "step_bias": np.full(heads, -1.0),
        "b_bias": 1 + rng.normal(size=(heads, rank, state)) / 4,
        "c_bias": 1 + rng.normal(size=(heads, rank, state)) / 4,
        "b_norm": np.ones(state),
        "c_norm": np.ones(state),
        "mimo_x": rng.normal(size=(heads, rank, size)) if rank > 1 else ones,
        "mimo_z": rng.normal(size=(heads, rank, size)) if rank > 1 else ones,
        "mimo_o": rng.normal(size=(heads, rank, size)) if rank > 1 else ones,
        "skip": np.ones(heads),
        "out": rng.normal(size=(inner, d)) / np.sqrt(inner),
    }


def parameters(d, heads, state=128, rank=1, fraction=0.5):
    """Of one block with the repository's defaults: two to one inner width, one group,
    no norm before the output.
    """
    inner, pairs = 2 * d, int(state * fraction) // 2
    mimo = 3 * rank * inner if rank > 1 else 0
    project = d * (2 * inner + 2 * rank * state + 3 * heads + pairs)
    return (
        project
        + heads
        + 2 * heads * rank * state
        + 2 * state
        + heads
        + mimo
        + inner * d
    )


def intensity(rank, state=128, size=64):
    """Operations for each byte moved when one head decodes a token, with an fp32 state
    read and written once.
    """
    # combine three terms; write and read with rank
    operations = 5 * state * size + 2 * 2 * rank * state * size
    # the state, and keys, queries, values in bf16
    moved = 2 * 4 * state * size + 2 * (2 * rank * state + size)
    return operations / moved


def counts(d=2048, heads=64, state=128, size=64, mimo=4):
    """One block of this width: parameters, memory beside the state, and intensity, for
    Mamba-2, Mamba-3, and Mamba-3 with four inputs and outputs.
    """
    inner, mixed = 2 * d, 2 * d + 2 * state
    mamba_2 = d * (inner + mixed + heads) + 5 * mixed + 3 * heads + inner + inner * d
    angles = state // 4
    return {
        "mamba-2": mamba_2,
        "mamba-3": parameters(d, heads),
        "mimo": parameters(d, heads, rank=mimo),
        "state": heads * state * size,
        "convolution": 4 * mixed,
        "beside": heads * (state + size + angles),
        "beside mimo": heads * (mimo * state + size + angles),
        "intensity": round(intensity(1), 2),
        "intensity mimo": round(intensity(mimo), 2),
    }


def smooth(t):
    """An input and a write direction that change slowly."""
    return np.sin(3 * t) + 0.5 * np.cos(7 * t), 1 + 0.3 * np.sin(2 * t)


def discretisation(steps=(0.2, 0.1, 0.05, 0.02, 0.01, 0.005), a=-1.5, end=2.0):
    """Error at the end for x' = a x + b(t) u(t): one input a step (Mamba-2) against the
    trapezoid of two.
    """
    errors = {"exponential Euler": [], "exponential trapezoid": []}
    fine = np.linspace(0, end, 400_001)
    u, b = smooth(fine)
    inside = np.exp(a * (end - fine)) * b * u
    exact = (inside[1:] + inside[:-1]).sum() / 2 * (fine[1] - fine[0])
    for step in steps:
        t = np.arange(round(end / step) + 1) * step
        u, b = smooth(t)
        one = two = 0.0
        for i in range(1, len(t)):
            decay, now, last = np.exp(a * step), b[i] * u[i], b[i - 1] * u[i - 1]
            one = decay * one + step * now
            two = decay * two + step * (0.5 * now + 0.5 * decay * last)
        errors["exponential Euler"].append(float(f"{abs(one - exact):.3e}"))
        errors["exponential trapezoid"].append(float(f"{abs(two - exact):.3e}"))
    return {"steps": list(steps), "errors": errors}


def features(bits, turning, heads=64, seed=0):
    """States of random one-pair heads after each sequence: decays and writes, or
    angles, chosen by the bit.
    """
    rng = np.random.default_rng(seed)
    state = np.ones((len(bits), heads), complex)
    if turning:
        factor = np.exp(1j * np.pi / 4 * rng.integers(0, 8, size=(2, heads)))
        write = np.zeros((2, heads))
    else:
        factor, write = rng.uniform(0, 1, size=(2, heads)), rng.normal(size=(2, heads))
    for column in bits.T:
        state = factor[column] * state + write[column]
    return np.concatenate([state.real, state.imag] if turning else [state.real], axis=1)


def parity_accuracy(length, turning, train=4000, test=2000, seed=1):
    """Accuracy of a linear readout, fitted by least squares, on sequences it has not
    seen.
    """
    rng = np.random.default_rng(seed)
    bits = rng.integers(0, 2, size=(train + test, length))
    x, y = features(bits, turning), 1 - 2 * (bits.sum(1) % 2)
    x = np.concatenate([x, np.ones((len(x), 1))], axis=1)
    readout = np.linalg.lstsq(x[:train], y[:train], rcond=1e-8)[0]
    return float((np.sign(x[train:] @ readout) == y[train:]).mean())


LENGTHS = (2, 3, 4, 6, 8, 12, 16, 32, 64)


def experiment():
    return {
        "counts": counts(),
        "discretisation": discretisation(),
        "lengths": list(LENGTHS),
        "parity": {
            name: [round(parity_accuracy(n, turning), 4) for n in LENGTHS]
            for name, turning in (("real decays", False), ("turning", True))
        },
    }


def example(tokens=40, rank=1, state=8, size=5, seed=0):
    rng = np.random.default_rng(seed)
    x, b, c = (rng.normal(size=(tokens, rank, n)) for n in (size, state, state))
    step = rng.uniform(0.05, 0.8, tokens)
    return (
        x,
        b,
        c,
        step,
        -rng.uniform(0.1, 2, tokens) * step,
        rng.uniform(size=tokens),
        rng.normal(size=(tokens, 3)),
    )


if __name__ == "__main__":
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(experiment()) + "\n", encoding="utf-8"
        )
    for rank in (1, 4):
        same = (
            np.abs(parallel(*example(rank=rank)) - recurrent(*example(rank=rank))).max()
            < 1e-12
        )
        print(f"rank {rank}: product and recurrence agree to 1e-12: {same}")
    found = discretisation()
    for name, errors in found["errors"].items():
        print(
            f"{name:22s} error at steps 0.1 and 0.01: {errors[1]:.1e} {errors[4]:.1e}"
        )
    for name, turning in (("real decays", False), ("turning", True)):
        print(
            f"parity of 16 bits from 64 random heads, {name:12s} {parity_accuracy(16, turning):.2f}"
        )
    print(
        f"block of width 2048: {parameters(2048, 64):,} parameters, with rank 4 {parameters(2048, 64, rank=4):,}"
    )
    print(
        f"operations per byte in decoding: rank 1 {intensity(1):.2f}, rank 4 {intensity(4):.2f}"
    )
