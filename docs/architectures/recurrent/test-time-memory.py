"""Memories that are trained while they read: TTT with mini-batches and as published,
Titans' update, In-Place TTT.
"""

import json
import sys
from pathlib import Path

import numpy as np


# --8<-- [start:ttt]
def ttt(q, k, v, eta, size):
    """A linear memory W, one gradient step a token on half the squared error of k W.

    All gradients of a mini-batch of `size` tokens are taken at the W it began with.
    eta: T, steps.
    """
    W, out = np.zeros((k.shape[1], v.shape[1])), []
    for t in range(len(q)):
        if t % size == 0:
            start = W
        error = k[t] @ start - v[t]
        # the gradient at `start`, applied to the newest W
        W = W - eta[t] * np.outer(k[t], error)
        out.append(q[t] @ W)
    return np.stack(out), W


def ttt_dual(q, k, v, eta, size):
    """The same with matrix products only: no W inside a mini-batch is ever formed."""
    W, out = np.zeros((k.shape[1], v.shape[1])), []
    for begin in range(0, len(q), size):
        qb, kb, vb, eb = (x[begin : begin + size] for x in (q, k, v, eta))
        steps = eb[:, None] * (kb @ W - vb)
        out.append(qb @ W - np.tril(qb @ kb.T) @ steps)
        W = W - kb.T @ steps
    return np.concatenate(out), W


# --8<-- [end:ttt]


def normalised(z, scale, shift, eps=1e-6):
    return (z - z.mean(-1, keepdims=True)) / np.sqrt(
        z.var(-1, keepdims=True) + eps
    ) * scale + shift


# --8<-- [start:published]
def ttt_linear(q, k, v, rate, size, scale, shift, W, b, eps=1e-6):
    """TTT-Linear as published: the memory is x + norm(x W + b), W and b are trained
    while reading.

    rate: T, a learned rate of each token; a token's step is divided by the number of
    tokens of its mini-batch so far.
    """
    out, d = [], k.shape[1]
    for begin in range(0, len(q), size):
        qb, kb, vb, rb = (x[begin : begin + size] for x in (q, k, v, rate))
        z = kb @ W + b
        spread = np.sqrt(z.var(-1, keepdims=True) + eps)
        unit = (z - z.mean(-1, keepdims=True)) / spread
        # the residual makes v - k the target of the norm's output
        g = scale * (unit * scale + shift - (vb - kb))
        g = (
            g - g.mean(-1, keepdims=True) - unit * (g * unit).mean(-1, keepdims=True)
        ) / spread
        # row: who reads; column: whose gradient
        eta = np.tril(rb / np.arange(1, len(qb) + 1)[:, None]) / d
        read = qb @ W - (eta * (qb @ kb.T)) @ g + b - eta @ g
        out.append(qb + normalised(read, scale, shift, eps))
        W, b = W - (eta[-1][:, None] * kb).T @ g, b - eta[-1] @ g
    return np.concatenate(out), W, b


# --8<-- [end:published]


# --8<-- [start:titans]
def titans(q, k, v, alpha, eta, theta):
    """Titans' update on a linear memory: a momentum of gradients ("surprise"), and a
    share alpha forgotten.
    """
    M = S = np.zeros((k.shape[1], v.shape[1]))
    out = []
    for t in range(len(q)):
        gradient = 2 * np.outer(k[t], k[t] @ M - v[t])
        S = eta[t] * S - theta[t] * gradient
        M = (1 - alpha[t]) * M + S
        out.append(q[t] @ M)
    return np.stack(out), M


def deep_gradient(k, v, W1, W2):
    """Of the squared error of a memory of two layers, silu(k W1) W2, with respect to
    both.
    """
    z = k @ W1
    gate = 1 / (1 + np.exp(-z))
    error = 2 * ((z * gate) @ W2 - v)
    inner = (error @ W2.T) * (gate + z * gate * (1 - gate))
    return np.outer(k, inner), np.outer(z * gate, error)


def titans_deep(q, k, v, alpha, eta, theta, W1, W2):
    """The same update when the memory is a network: every weight has its momentum."""
    M, S, out = [W1, W2], [np.zeros_like(W1), np.zeros_like(W2)], []
    for t in range(len(q)):
        S = [
            eta[t] * s - theta[t] * g
            for s, g in zip(S, deep_gradient(k[t], v[t], *M), strict=True)
        ]
        M = [(1 - alpha[t]) * m + s for m, s in zip(M, S, strict=True)]
        z = q[t] @ M[0]
        out.append(z / (1 + np.exp(-z)) @ M[1])
    return np.stack(out), M


# --8<-- [end:titans]


# --8<-- [start:inplace]
def in_place(h, x, W, taps, P, rate, size):
    """In-Place TTT: the last matrix W of a feed-forward network is the memory, and its
    hidden units are the keys.

    h: T × units; x: T × d, the network's input; taps: odd × d, weights of the
    neighbours on both sides; P: d × d.
    """
    out, reach = [], len(taps) // 2
    for begin in range(0, len(h), size):
        hb, xb = h[begin : begin + size], x[begin : begin + size]
        out.append(hb @ W)  # a chunk is read with what earlier chunks left
        if len(hb) == size:
            # no neighbour from outside the chunk
            wide = np.pad(xb, ((reach, reach), (0, 0)))
            target = sum(wide[i : i + size] * taps[i] for i in range(len(taps))) @ P
            W = W + rate * hb.T @ target  # the gradient of the sum of (h W) · target
    return np.concatenate(out), W


# --8<-- [end:inplace]


def unit(x):
    return x / np.linalg.norm(x, axis=-1, keepdims=True)


def example(tokens=32, key=8, value=8, seed=0):
    rng = np.random.default_rng(seed)
    q, k = unit(rng.normal(size=(2, tokens, key)))
    return {
        "q": q,
        "k": k,
        "v": rng.normal(size=(tokens, value)),
        "eta": rng.uniform(0.2, 1, size=tokens),
    }


STEPS = (1.0, 0.7, 0.5, 0.35, 0.25, 0.15, 0.1, 0.05)
SIZES = (1, 2, 4, 8, 16, 32, 64, 128)


def named(task, size, step, d=32, symbols=256, repeats=20):
    """Share of values named correctly at the end: of 64 told once, or the newest of 128
    under 16 names.
    """
    right = []
    for repeat in range(repeats):
        rng = np.random.default_rng([repeat, task == "once"])
        codes = unit(rng.normal(size=(symbols, d)))
        if task == "once":
            asked, what = unit(rng.normal(size=(64, d))), rng.integers(symbols, size=64)
            keys, last = asked, what
        else:
            names, who, what = (
                unit(rng.normal(size=(16, d))),
                rng.integers(16, size=128),
                rng.integers(symbols, size=128),
            )
            newest = dict(zip(who, what, strict=True))
            asked, keys, last = (
                names[list(newest)],
                names[who],
                np.array(list(newest.values())),
            )
        _, W = ttt_dual(keys, keys, codes[what], np.full(len(keys), step), size)
        right.append(((asked @ W @ codes.T).argmax(1) == last).mean())
    return float(np.mean(right))


def best(task, size):
    return max((named(task, size, step), step) for step in STEPS)


def left_of_one_write(alpha, eta, tokens):
    """What a single gradient of size 1 contributes to the memory at its own token and
    later ones, by Titans' update.
    """
    S, M, left = 1.0, 1.0, [1.0]
    for _ in range(tokens - 1):
        S = eta * S
        M = (1 - alpha) * M + S
        left.append(M)
    return left


SETTINGS = ((0.0, 0.0), (0.1, 0.0), (0.1, 0.7), (0.1, 0.9))


def followed(next_token, d=64, units=256, tokens=64, seed=0):
    """Share of tokens whose successor an empty memory names in the second of two equal
    chunks.
    """
    rng = np.random.default_rng(seed)
    codes, (gate, up) = (
        unit(rng.normal(size=(tokens, d))),
        rng.normal(size=(2, d, units)),
    )
    text = np.tile(rng.permutation(tokens), 2)
    x = codes[text]
    # a gated feed-forward network's hidden units
    h = unit(x @ gate / (1 + np.exp(-x @ gate)) * (x @ up))
    taps = np.zeros((5, d))
    taps[3 if next_token else 2] = 1.0  # the token after, or the token itself
    out, _ = in_place(h, x, np.zeros((units, d)), taps, np.eye(d), 1.0, tokens)
    named = (out[tokens:-1] @ codes.T).argmax(axis=1)
    return float((named == text[tokens + 1 :]).mean())


def counts(layers=24, heads=32, size=64):
    """Numbers of state of a model 2,048 wide, by what the state is, and of a token in the
    cache of attention.
    """
    each = {
        "linear": size**2,
        "ttt-linear": size**2 + size,
        "ttt-mlp": 8 * size**2 + 5 * size,
    }
    found = {name: layers * heads * numbers for name, numbers in each.items()}
    token = layers * 2 * heads * size
    return found | {"token": token, "tokens": round(found["ttt-mlp"] / token)}


def experiment():
    found = {
        task: [
            best(task, size)
            for size in SIZES
            if size <= (64 if task == "once" else 128)
        ]
        for task in ("once", "newest")
    }
    return {
        "counts": counts(),
        "sizes": list(SIZES),
        "named": {
            task: [round(share, 4) for share, _ in rows] for task, rows in found.items()
        },
        "step": {task: [step for _, step in rows] for task, rows in found.items()},
        "left": [
            [round(x, 4) for x in left_of_one_write(a, e, 40)] for a, e in SETTINGS
        ],
    }


if __name__ == "__main__":
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(experiment()) + "\n", encoding="utf-8"
        )
    e = example()
    for size in (4, 32):
        apart = np.abs(ttt(**e, size=size)[0] - ttt_dual(**e, size=size)[0]).max()
        print(f"mini-batches of {size:2d}: steps and products differ by {apart:.0e}")
    whole = ttt_dual(**e, size=32)[0]
    added = np.tril(e["q"] @ e["k"].T) @ (e["eta"][:, None] * e["v"])
    print(
        f"one mini-batch for all tokens and linear attention differ by {np.abs(whole - added).max():.0e}"
    )
    for task in ("once", "newest"):
        print(
            f"named correctly, {task:6s}:",
            ", ".join(f"size {size} {best(task, size)[0]:.2f}" for size in (1, 8, 64)),
        )
    for next_token, name in ((False, "the token itself"), (True, "the next token")):
        print(
            f"successor named by a memory written with {name:16s}: {followed(next_token):4.0%}"
        )
