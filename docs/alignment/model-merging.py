"""Adding and averaging the weights of tuned models: what is exact about it, and what
interferes.
"""

import json
import sys
from pathlib import Path

import numpy as np


# --8<-- [start:merge]
def average(changes):
    return changes.mean(0)


def arithmetic(changes, scale=0.3):
    return scale * changes.sum(0)


def ties(changes, density=0.3):
    """Keep the largest part of each change, elect a sign for each weight by the sum,
    and average what agrees with it.
    """
    kept = max(int(density * changes.shape[1]), 1)
    limits = -np.sort(-np.abs(changes), axis=1)[:, kept - 1 : kept]
    trimmed = np.where(np.abs(changes) >= limits, changes, 0)
    elected = np.sign(trimmed.sum(0))
    agrees = (np.sign(trimmed) == elected) & (trimmed != 0)
    return np.where(agrees, trimmed, 0).sum(0) / np.maximum(agrees.sum(0), 1)


def dare(changes, drop, rng):
    """Set a random part of each change to zero and scale up the rest."""
    return changes * (rng.random(changes.shape) >= drop) / (1 - drop)


def by_importance(changes, importance):
    """Each weight as a mean in which those count for whom it matters (Fisher)."""
    return (importance * changes).sum(0) / (importance.sum(0) + 1e-3)


def slerp(a, b, share=0.5):
    """Along the arc between two vectors; along the line, if they are nearly parallel
    (as in mergekit).
    """
    cosine = a @ b / np.linalg.norm(a) / np.linalg.norm(b)
    if cosine > 0.9995:
        return (1 - share) * a + share * b
    angle = np.arccos(cosine)
    return (np.sin((1 - share) * angle) * a + np.sin(share * angle) * b) / np.sin(angle)


# --8<-- [end:merge]


# --8<-- [start:tasks]
def tasks(number=4, common=40, own=60, width=400, clash=0.5, drift=0.2, seed=0):
    """Quadratic losses around a common start: which weights matter to a task, where it
    wants them, and what tuning finds, with some drift in all weights. Each task has
    weights of its own and shares some with the others, where wishes differ.
    """
    rng = np.random.default_rng(seed)
    matters, wanted = np.zeros((2, number, width))
    shared = rng.normal(size=common)
    for t in range(number):
        mine = slice(common + t * own, common + (t + 1) * own)
        matters[t, :common] = matters[t, mine] = 1
        wanted[t, :common] = shared + clash * rng.normal(size=common)
        wanted[t, mine] = rng.normal(size=own)
    tuned = wanted * matters + drift * rng.normal(size=wanted.shape)
    return matters, wanted, tuned


def loss(weights, matters, wanted):
    """Of one set of weights on each task, 1 being the loss before tuning."""
    error = (matters * (weights - wanted) ** 2).sum(-1)
    return error / (matters * wanted**2).sum(-1)


# --8<-- [end:tasks]


# --8<-- [start:tilt]
def softmax(z):
    e = np.exp(z - z.max())
    return e / e.sum()


def between(before, after, share):
    """A policy whose logits lie between those of two models, or beyond them."""
    return softmax((1 - share) * before + share * after)


# --8<-- [end:tilt]


# --8<-- [start:origin]
def network(weights, x):
    inner, outer = weights
    return np.tanh(x @ inner) @ outer


def reordered(weights, order):
    """The same function with its hidden units in another order."""
    inner, outer = weights
    return inner[:, order], outer[order]


# --8<-- [end:origin]


def two_models(width=4000, change=0.01, seed=0):
    """A start and two models that tuning moved by a hundredth of its length."""
    rng = np.random.default_rng(seed)
    start, *tuned = rng.normal(size=(3, width))
    return start, [start + change * move for move in tuned]


def misordered(networks=50):
    """Whether reordered networks compute the same, and the mean error of the average
    of a network with itself in another order, in units of its variance.
    """
    same, errors = True, []
    for seed in range(networks):
        rng = np.random.default_rng(seed)
        model = (rng.normal(size=(8, 16)), rng.normal(size=(16, 1)))
        other, x = reordered(model, rng.permutation(16)), rng.normal(size=(1000, 8))
        middle = tuple((a + b) / 2 for a, b in zip(model, other, strict=True))
        y = network(model, x)
        same = same and np.allclose(network(other, x), y)
        errors.append(np.mean((network(middle, x) - y) ** 2) / y.var())
    return same, float(np.mean(errors))


def mean_losses():
    matters, wanted, tuned = tasks()
    ways = {
        "before tuning": np.zeros(tuned.shape[1]),
        "average": average(tuned),
        "sum, scaled by 0.3": arithmetic(tuned),
        "sum": arithmetic(tuned, 1.0),
        "TIES": ties(tuned),
        "TIES, no trimming": ties(tuned, 1.0),
        "DARE 0.9, average": average(dare(tuned, 0.9, np.random.default_rng(1))),
        "by importance": by_importance(tuned, matters),
    }
    found = {name: float(loss(w, matters, wanted).mean()) for name, w in ways.items()}
    each = np.array([loss(w, matters, wanted) for w in tuned])
    others = each[~np.eye(len(each), dtype=bool)]
    return found, float(np.diag(each).mean()), float(others.mean())


def soup(number, runs=2000, width=50, spread=1.0, seed=0):
    """Mean excess loss of the average of some runs that miss the best weights by
    independent errors.
    """
    errors = spread * np.random.default_rng(seed).normal(size=(runs, number, width))
    return float((errors.mean(1) ** 2).sum(1).mean() / width)


def stored():
    matters, wanted, tuned = tasks()
    scales = [round(0.05 * i, 2) for i in range(25)]
    densities = [0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0]

    def mean(w):
        return round(float(loss(w, matters, wanted).mean()), 4)

    return {
        "scales": scales,
        "sum": [mean(arithmetic(tuned, s)) for s in scales],
        "densities": densities,
        "ties": [mean(ties(tuned, d)) for d in densities],
        "importance": mean(by_importance(tuned, matters)),
        "own": round(mean_losses()[1], 4),
    }


if __name__ == "__main__":
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(stored()) + "\n", encoding="utf-8"
        )
    found, own, others = mean_losses()
    print("four tuned models, mean loss on all four tasks (1 before tuning)")
    print(f"  each on its own task {own:.2f}, on the others {others:.2f}")
    for name, value in found.items():
        print(f"  {name:20s} {value:5.2f}")
    print("excess loss of the average of 1, 2, 4, 8 runs on one task:", end=" ")
    print(", ".join(f"{soup(n):.2f}" for n in (1, 2, 4, 8)))
    start, (one, two) = two_models()
    line = np.allclose(slerp(one, two), (one + two) / 2)
    arc = slerp(one - start, two - start)
    scale = np.linalg.norm(arc) / np.linalg.norm(one + two - 2 * start)
    print(
        f"SLERP of whole weights is the line: {line};",
        f"of changes, the sum scaled by {scale:.2f}",
    )
    same, error = misordered()
    print(
        f"another order of hidden units: same function {same},",
        f"error of the average {error:.2f}",
    )
