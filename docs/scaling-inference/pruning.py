"""Removing weights from a layer: which to remove, how to repair the rest, and what
patterns cost.
"""

import itertools
import json
import sys
from pathlib import Path

import numpy as np


# --8<-- [start:scores]
def magnitude(w, x):
    return np.abs(w)


def wanda(w, x):
    """A weight's size times the norm of the input it multiplies."""
    return np.abs(w) * np.linalg.norm(x, axis=0)


def unstructured(scores, share):
    """Remove the given share of the lowest scores in each row (for each output)."""
    cut = int(share * scores.shape[1])
    order = np.argsort(scores, axis=1)
    kept = np.ones(scores.shape, bool)
    np.put_along_axis(kept, order[:, :cut], False, axis=1)
    return kept


def n_of_m(scores, n=2, m=4):
    """Keep the best n of every m neighbours in a row."""
    groups = scores.reshape(len(scores), -1, m)
    rank = np.argsort(np.argsort(-groups, axis=2), axis=2)
    return (rank < n).reshape(scores.shape)


# --8<-- [end:scores]


# --8<-- [start:repair]
def sparsegpt(w, x, kept, damping=0.01):
    """Go through the columns; what a removed weight would have added is passed on to
    the columns to its right, as far as their inputs resemble its own.
    """
    w = w.copy()
    hessian = x.T @ x
    hessian += damping * np.trace(hessian) / len(hessian) * np.eye(len(hessian))
    factor = np.linalg.cholesky(np.linalg.inv(hessian)).T
    for j in range(w.shape[1]):
        error = np.where(kept[:, j], 0, w[:, j]) / factor[j, j]
        w[:, j:] -= np.outer(error, factor[j, j:])
    return np.where(kept, w, 0)


def refit(w, x, kept):
    """The best weights for given places, row by row: least squares."""
    target = x @ w.T
    found = np.zeros_like(w)
    for row, places in enumerate(kept):
        fit = np.linalg.lstsq(x[:, places], target[:, row], rcond=None)
        found[row, places] = fit[0]
    return found


# --8<-- [end:repair]


# --8<-- [start:structured]
def drop_neurons(w_up, w_down, x, kept):
    """Width: the inner units of a feed-forward network that contribute most stay."""
    hidden = np.maximum(x @ w_up.T, 0)
    scores = np.linalg.norm(hidden, axis=0) * np.linalg.norm(w_down, axis=0)
    best = np.sort(np.argsort(-scores)[:kept])
    return w_up[best], w_down[:, best]


def block_influence(before, after):
    """Depth: one minus the mean cosine between a layer's input and its output."""
    sizes = np.linalg.norm(before, axis=1) * np.linalg.norm(after, axis=1)
    return 1 - np.mean((before * after).sum(1) / sizes)


# --8<-- [end:structured]


def layer(inputs=64, outputs=64, tokens=2000, shared=16, loud=3, seed=0):
    """Weights and inputs as large models have them: inputs depend on each other, and
    a few are many times larger than the others.
    """
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(tokens, shared)) @ rng.normal(size=(shared, inputs))
    x = x / np.sqrt(shared) + 0.5 * rng.normal(size=(tokens, inputs))
    x[:, rng.choice(inputs, loud, replace=False)] *= 10
    return rng.normal(size=(outputs, inputs)), x


def error(w, changed, x):
    """Of the layer's output, as a share of its mean square."""
    return float(((x @ (w - changed).T) ** 2).mean() / ((x @ w.T) ** 2).mean())


def bits_per_weight(bits, n=2, m=4):
    """Stored n of m: the values, and for each its place among the m."""
    return n * (bits + np.log2(m)) / m


def stack(layers=16, width=32, tokens=500, seed=0):
    """States of a toy of residual layers whose additions shrink with depth."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(tokens, width))
    states = [x]
    for depth in range(layers):
        change = np.tanh(states[-1] @ rng.normal(size=(width, width)) / np.sqrt(width))
        states.append(states[-1] + change / np.sqrt(1 + depth))
    return states


def measure():
    w, x = layer()
    shares = [0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]
    run = {"shares": shares, "magnitude": [], "wanda": [], "sparsegpt": [], "refit": []}
    for share in shares:
        kept = unstructured(wanda(w, x), share)
        run["magnitude"].append(error(w, w * unstructured(magnitude(w, x), share), x))
        run["wanda"].append(error(w, w * kept, x))
        run["sparsegpt"].append(error(w, sparsegpt(w, x, kept), x))
        run["refit"].append(error(w, refit(w, x, kept), x))
    return {name: np.round(values, 5).tolist() for name, values in run.items()}


def report():
    w, x = layer()
    print("error of the output, half of the weights removed")
    print(f"{'':24s}{'any places':>11s}{'2 of 4':>8s}")
    for name, rule, repair in (
        ("smallest weights", magnitude, None),
        ("  + SparseGPT's repair", magnitude, sparsegpt),
        ("times input (Wanda)", wanda, None),
        ("  + SparseGPT's repair", wanda, sparsegpt),
        ("  + best for the places", wanda, refit),
    ):
        scores = rule(w, x)
        errors = [
            error(w, repair(w, x, kept) if repair else w * kept, x)
            for kept in (unstructured(scores, 0.5), n_of_m(scores))
        ]
        print(f"{name:24s}{errors[0]:>11.3f}{errors[1]:>8.3f}")
    w, x = layer(loud=0)
    small, chosen = (unstructured(rule(w, x), 0.5) for rule in (magnitude, wanda))
    print(
        f"without loud inputs: smallest {error(w, w * small, x):.3f},"
        f" repaired {error(w, sparsegpt(w, x, small), x):.3f};"
        f" Wanda {error(w, w * chosen, x):.3f},"
        f" repaired {error(w, sparsegpt(w, x, chosen), x):.3f}"
    )
    w, x = layer()
    even = np.random.default_rng(1).normal(size=x.shape)
    kept = unstructured(wanda(w, even), 0.5)
    print(
        f"independent inputs of one size: Wanda {error(w, w * kept, even):.3f},"
        f" smallest weights {error(w, w * unstructured(magnitude(w, even), 0.5), even):.3f},"
        f" repaired {error(w, sparsegpt(w, even, kept), even):.3f}"
    )
    print("bits for a weight, 2 of 4:", end=" ")
    print(*(f"{bits} -> {bits_per_weight(bits):g}" for bits in (16, 8, 4)), sep=", ")
    states = stack()
    influence = [block_influence(a, b) for a, b in itertools.pairwise(states)]
    print("block influence, layers 1, 4, 8, 16:", end=" ")
    print(*(f"{influence[n - 1]:.3f}" for n in (1, 4, 8, 16)))


if __name__ == "__main__":
    if "--store" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(json.dumps(measure()) + "\n")
    report()
