"""Selected attention in NumPy: an indexer, chosen blocks, what is cached, what is
missed.
"""

import json
import sys
from pathlib import Path

import numpy as np


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


# --8<-- [start:select]
def indexer_scores(q, weights, keys):
    """DSA's indexer: a few small heads, ReLU, and a weight for each head from the token
    itself.

    q: T × h × c, weights: T × h, keys: S × c, one small key per token; returns T × S
    scores.
    """
    return np.einsum(
        "th,ths->ts", weights, np.maximum(np.einsum("thc,sc->ths", q, keys), 0)
    )


def top_tokens(scores, count):
    """T × S mask: for each query the `count` earlier tokens (itself included) that
    score highest.
    """
    scores = np.where(np.tri(*scores.shape, dtype=bool), scores, -np.inf)
    mask = np.zeros(scores.shape, dtype=bool)
    np.put_along_axis(
        mask, np.argsort(-scores, axis=1, kind="stable")[:, :count], True, axis=1
    )
    return mask & np.isfinite(scores)


def top_blocks(q, k, size, count):
    """MoBA: blocks are judged by the mean of their keys; the query's own block is
    always read, up to the query.
    """
    tokens, blocks = len(k), -(-len(k) // size)
    means = np.stack([k[b * size : (b + 1) * size].mean(0) for b in range(blocks)])
    own = np.arange(tokens) // size
    scores = np.where(np.arange(blocks) < own[:, None], q @ means.T, -np.inf)
    chosen = np.zeros((tokens, blocks), dtype=bool)
    np.put_along_axis(
        chosen, np.argsort(-scores, axis=1, kind="stable")[:, : count - 1], True, axis=1
    )
    chosen = (chosen & np.isfinite(scores)) | (np.arange(blocks) == own[:, None])
    return chosen[:, own] & np.tri(tokens, dtype=bool)


def attend(q, k, v, mask):
    return softmax(np.where(mask, q @ k.T / np.sqrt(q.shape[1]), -np.inf)) @ v


# --8<-- [end:select]


# --8<-- [start:align]
def alignment(scores, heads):
    """How far the indexer is from the attention it stands for (KL, mean over queries),
    and the slope in its scores.

    scores: T × T. heads: H × T × T, the causal weights of all heads; summed and
    normalised they are the target.
    """
    seen = np.tri(*scores.shape, dtype=bool)
    target = heads.sum(0) / heads.sum((0, 2))[:, None]
    guess = softmax(np.where(seen, scores, -np.inf))
    loss = (target[seen] * np.log(target[seen] / guess[seen])).sum() / len(scores)
    return loss, (guess - target) / len(scores)


# --8<-- [end:align]


def learn(steps=150, tokens=64, width=16, heads=4, size=8, budget=8, seed=0):
    """Train an indexer of four small heads on fresh texts; the attention that it learns
    from stays as it is.

    Returns the divergence and the share of the attention on what it reads, before and
    after, and the best share.
    """
    rng = np.random.default_rng(seed)
    wq, wk = (
        rng.normal(size=(heads, width, size)) / 4,
        rng.normal(size=(width, size)) / 4,
    )
    weights = {
        "q": rng.normal(size=(width, 4 * 8)) / 8,
        "k": rng.normal(size=(width, 8)) / 8,
        "w": rng.normal(size=(width, 4)) / 40,
        "b": np.full(4, 0.3),
    }
    mean = {name: np.zeros_like(value) for name, value in weights.items()}
    square = {name: np.zeros_like(value) for name, value in weights.items()}
    seen, run = np.tri(tokens, dtype=bool), {}
    for step in range(steps + 1):
        x = rng.normal(size=(tokens, width))
        attention = softmax(np.where(seen, 2 * (x @ wq) @ (x @ wk).T, -np.inf))
        q, k = (x @ weights["q"]).reshape(tokens, 4, 8), x @ weights["k"]
        w, z = x @ weights["w"] + weights["b"], np.einsum("thc,sc->ths", q, k)
        scores = indexer_scores(q, w, k)
        loss, slope = alignment(scores, attention)
        if step in (0, steps):
            total, late = attention.mean(0), slice(tokens // 2, None)
            run["untrained" if step == 0 else "trained"] = [
                round(float(loss), 3),
                round(
                    float((total * top_tokens(scores, budget))[late].sum(1).mean()), 3
                ),
            ]
            run["best possible"] = [
                0.0,
                round(
                    float((total * top_tokens(total, budget))[late].sum(1).mean()), 3
                ),
            ]
        dz, dw = (
            slope[:, None] * w[:, :, None] * (z > 0),
            np.einsum("ts,ths->th", slope, np.maximum(z, 0)),
        )
        slopes = {
            "q": x.T @ np.einsum("ths,sc->thc", dz, k).reshape(tokens, -1),
            "k": x.T @ np.einsum("ths,thc->sc", dz, q),
            "w": x.T @ dw,
            "b": dw.sum(0),
        }
        for name, g in slopes.items():  # Adam
            mean[name] = 0.9 * mean[name] + 0.1 * g
            square[name] = 0.99 * square[name] + 0.01 * g**2
            scale = np.sqrt(square[name] / (1 - 0.99 ** (step + 1))) + 1e-8
            weights[name] = (
                weights[name] - 0.01 * mean[name] / (1 - 0.9 ** (step + 1)) / scale
            )
    return run


# --8<-- [start:cache]
def cached(kind, tokens, entry=512, window=128, index=128):
    """Numbers that one layer keeps after `tokens` tokens.

    full: a key and a value of eight heads of 128. latent: MLA with its rotary key.
    indexed: the same and the indexer's key. sparse and heavy: a window and one entry
    for every 4 or 128 tokens, keys being values; sparse layers also keep the indexer's
    key for each entry.
    """
    near = entry * min(tokens, window)
    return {
        "full": 2 * 8 * 128 * tokens,
        "window": 2 * 8 * 128 * min(tokens, window),
        "latent": (512 + 64) * tokens,
        "indexed": (512 + 64 + index) * tokens,
        "sparse": near + (entry + index) * (tokens // 4),
        "heavy": near + entry * (tokens // 128),
    }[kind]


# --8<-- [end:cache]

KINDS = ("full", "window", "latent", "indexed", "sparse", "heavy")


def captured(budgets, tokens=1024, size=16, rounds=150, seed=0):
    """Share of a query's attention weight on the tokens that a method reads, averaged
    over random queries.

    Keys resemble their neighbours, as in text; a few distant ones match the query.
    """
    rng = np.random.default_rng(seed)
    found = {
        name: np.zeros(len(budgets))
        for name in ("best tokens", "best blocks", "window")
    }
    for _ in range(rounds):
        keys = np.repeat(
            rng.normal(size=(tokens // 8, 32)), 8, axis=0
        ) + 0.6 * rng.normal(size=(tokens, 32))
        query = rng.normal(size=32)
        for place in rng.integers(0, tokens - 100, size=3):
            keys[place : place + 4] = 0.9 * query + 0.6 * rng.normal(size=(4, 32))
        weights = softmax(keys @ query / np.sqrt(32) * 1.6)
        best = np.sort(weights)[::-1].cumsum()
        means = keys.reshape(-1, size, 32).mean(1) @ query
        blocks = weights.reshape(-1, size).sum(1)[np.argsort(-means)].cumsum()
        for i, budget in enumerate(budgets):
            found["best tokens"][i] += best[budget - 1]
            found["best blocks"][i] += blocks[budget // size - 1]
            found["window"][i] += weights[-budget:].sum()
    return {name: (total / rounds).round(4).tolist() for name, total in found.items()}


def experiment():
    budgets = [16, 32, 64, 128, 256, 512, 1024]
    return {"budgets": budgets, **captured(budgets), "learn": learn()}


if __name__ == "__main__":
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(experiment()) + "\n", encoding="utf-8"
        )
    rng = np.random.default_rng(0)
    q, k, v = rng.normal(size=(3, 64, 16))
    scores = indexer_scores(
        rng.normal(size=(64, 4, 8)), rng.random((64, 4)), rng.normal(size=(64, 8))
    )
    for count in (8, 64):
        mask = top_tokens(scores, count)
        off = np.abs(
            attend(q, k, v, mask) - attend(q, k, v, np.tri(64, dtype=bool))
        ).max()
        print(
            f"indexer keeps {count:>2} of 64 tokens: last query reads {mask[-1].sum()}, output off by {off:.1g}"
        )
    print("\nnumbers kept by one layer")
    print(f"{'':<8}" + "".join(f"{t:>15,}" for t in (4096, 131_072, 1_048_576)))
    for kind in KINDS:
        print(
            f"{kind:<8}"
            + "".join(f"{cached(kind, t):>15,}" for t in (4096, 131_072, 1_048_576))
        )
    run = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
    print("\nshare of the attention weight on what is read, of 1,024 tokens")
    print(f"{'read':<12}" + "".join(f"{b:>7}" for b in run["budgets"]))
    for name in ("best tokens", "best blocks", "window"):
        print(f"{name:<12}" + "".join(f"{share:>7.2f}" for share in run[name]))
    print("\nan indexer that learns which 8 of up to 64 tokens to read")
    print(f"{'':<14}{'divergence':>12}{'share read':>12}")
    for name in ("untrained", "trained", "best possible"):
        divergence, share = run["learn"][name]
        print(f"{name:<14}{divergence:>12.2f}{share:>12.2f}")
