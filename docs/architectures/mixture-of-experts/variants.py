"""Choosing among other things than feed-forward networks: nothing, depth, modality,
attention's parts, key pairs.
"""

import json
import sys
from pathlib import Path

import numpy as np


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


# --8<-- [start:zero]
def with_zero_experts(x, logits, experts, zeros, k, bias=0.0):
    """k choices among real experts and `zeros` that return their input. Gives outputs
    and real experts used.
    """
    scores = softmax(logits)
    chosen = np.argsort(-(scores + bias), axis=1)[:, :k]
    out = np.zeros_like(x)
    for token, row in enumerate(chosen):
        for expert in row:
            value = experts[expert](x[token]) if expert < len(experts) else x[token]
            out[token] += scores[token, expert] * value
    return out, (chosen < len(experts)).sum(1)


def control(bias, used, wanted, real, rate):
    """Raise or lower the real experts' bias until the average token uses as many as
    wanted.
    """
    bias = bias.copy()
    bias[:real] += rate * (wanted - used.mean())
    return bias


# --8<-- [end:zero]


# --8<-- [start:depth]
def mixture_of_depths(x, scores, block, room):
    """Only the `room` tokens with the highest scores pass the block; the others keep
    their state.
    """
    chosen = np.sort(np.argsort(-scores)[:room])
    out = x.copy()
    out[chosen] += scores[chosen, None] * block(x[chosen])
    return out, chosen


# --8<-- [end:depth]


# --8<-- [start:modality]
def mixture_of_transformers(x, kind, weights):
    """One attention over all tokens; projections and feed-forward network chosen by
    modality, not by a router.
    """
    own = np.array([weights[k]["qkv"] for k in kind])
    q, k, v = np.moveaxis(np.einsum("td,tcde->tce", x, own), 1, 0)
    scores = np.where(
        np.tril(np.ones((len(x), len(x)), dtype=bool)),
        q @ k.T / x.shape[1] ** 0.5,
        -np.inf,
    )
    mixed = x + softmax(scores) @ v
    networks = [(weights[k]["up"], weights[k]["down"]) for k in kind]
    return mixed + np.stack(
        [
            np.maximum(m @ up, 0) @ down
            for m, (up, down) in zip(mixed, networks, strict=True)
        ]
    )


# --8<-- [end:modality]


# --8<-- [start:switchhead]
def switch_head(x, wq, wk, wv, wo, router_v, router_o, k):
    """One head: a single query and key map; values and outputs are mixtures of k of E
    maps each (sigmoid gates).
    """

    def mix(inputs, maps, router):
        gates = 1 / (1 + np.exp(-x @ router))
        keep = gates >= np.sort(gates, axis=1)[:, -k][:, None]
        return np.einsum("te,td,edf->tf", gates * keep, inputs, maps)

    scores = x @ wq @ (x @ wk).T / wq.shape[1] ** 0.5
    seen = softmax(np.where(np.tril(np.ones_like(scores)) > 0, scores, -np.inf))
    return mix(seen @ mix(x, wv, router_v), wo, router_o)


# --8<-- [end:switchhead]


# --8<-- [start:product]
def product_keys(query, first, second, k):
    """The k best of n × n keys (pairs of half keys), found with 2n products instead of
    n².
    """
    half = len(query) // 2
    a, b = first @ query[:half], second @ query[half:]
    i, j = np.argsort(-a)[:k], np.argsort(-b)[:k]
    sums = a[i][:, None] + b[j]
    best = np.argsort(-sums.ravel())[:k]
    return i[best // k] * len(second) + j[best % k], sums.ravel()[best]


# --8<-- [end:product]


def steered(steps=60, tokens=256, real=16, zeros=8, k=6, wanted=4.0, seed=0):
    """Average number of real experts, batch by batch, from a router that likes zero
    experts too much.
    """
    rng = np.random.default_rng(seed)
    bias, averages, last = np.zeros(real + zeros), [], None
    for _ in range(steps):
        logits = rng.normal(size=(tokens, real + zeros)) + 1.5 * (
            np.arange(real + zeros) >= real
        )
        chosen = np.argsort(-(softmax(logits) + bias), axis=1)[:, :k]
        last = (chosen < real).sum(1)
        averages.append(float(last.mean()))
        bias = control(bias, last, wanted, real, 0.005)
    return averages, np.bincount(last, minlength=k + 1) / tokens


if __name__ == "__main__":
    averages, shares = steered()
    if "--data" in sys.argv:
        data = {
            "averages": [round(v, 3) for v in averages],
            "shares": [round(float(v), 3) for v in shares],
        }
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(data) + "\n", encoding="utf-8"
        )
    print(
        f"real experts of 6 chosen: first batch {averages[0]:.2f}, last {averages[-1]:.2f} (wanted 4)"
    )
    print(
        "share of tokens with 0 … 6 real experts:", " ".join(f"{v:.0%}" for v in shares)
    )
    rng = np.random.default_rng(0)
    x = rng.normal(size=(8, 4))
    _, chosen = mixture_of_depths(x, rng.random(8), np.tanh, 3)
    print("mixture of depths, 3 of 8 tokens pass the block:", chosen.tolist())
    first, second, query = (
        rng.normal(size=(64, 8)),
        rng.normal(size=(64, 8)),
        rng.normal(size=16),
    )
    index, _ = product_keys(query, first, second, 4)
    every = (first @ query[:8])[:, None] + second @ query[8:]
    print(
        "product keys",
        index.tolist(),
        "brute force",
        np.argsort(-every.ravel())[:4].tolist(),
    )
