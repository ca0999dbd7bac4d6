"""How loss follows experts, active size and data: a toy whose every model is fitted
exactly; and upcycling.
"""

import json
import sys
from pathlib import Path

import numpy as np


# --8<-- [start:toy]
def features(x, centres, weights, k):
    """Features of a mixture: the hidden units of the k experts whose centres lie
    nearest, zeros elsewhere.

    x: n × d, centres: E × d, weights: E × (d + 1) × h. Result: n × (E·h), of which k·h
    are not zero in a row.
    """
    distance = ((x[:, None] - centres) ** 2).sum(-1)
    chosen = np.argsort(distance, axis=1)[:, :k]
    gate = (chosen[:, :, None] == np.arange(len(centres))).any(1)
    inputs = np.concatenate([x, np.ones((len(x), 1))], axis=1)
    hidden = np.maximum(np.einsum("nd,edh->neh", inputs, weights), 0)
    return (hidden * gate[:, :, None]).reshape(len(x), -1)


def error_on_new(experts, k, hidden, samples, seed=0, width=3, ridge=1e-3):
    """Fit the output layer of a mixture with fixed experts by least squares; error on
    new data.
    """
    rng = np.random.default_rng(seed)
    teacher = (
        rng.normal(size=(width, 60)) * 1.2,
        rng.uniform(0, 6, 60),
        rng.normal(size=60) / 60**0.5,
    )

    def truth(x):
        return np.sin(x @ teacher[0] + teacher[1]) @ teacher[2]

    x, new = rng.normal(size=(samples, width)), rng.normal(size=(1000, width))
    centres, weights = (
        rng.normal(size=(experts, width)),
        rng.normal(size=(experts, width + 1, hidden)),
    )
    a, b = (features(v, centres, weights, k) for v in (x, new))
    out = np.linalg.solve(
        a.T @ a + ridge * np.eye(a.shape[1]),
        a.T @ (truth(x) + 0.05 * rng.normal(size=samples)),
    )
    return ((b @ out - truth(new)) ** 2).mean() / truth(new).var()


# --8<-- [end:toy]


# --8<-- [start:upcycle]
def upcycle(dense, experts, rng, noise=0.0):
    """Start a mixture from a dense network: every expert a copy of it, a new router."""
    copies = [
        tuple(w + noise * rng.normal(size=w.shape) for w in dense)
        for _ in range(experts)
    ]
    return copies, 0.02 * rng.normal(size=(dense[0].shape[0], experts))


def mixture(x, experts, router, k, normalise=True):
    """Top-k mixture of two-layer networks; gates are softmax over all, normalised over
    the chosen or not.
    """
    logits = x @ router
    gates = np.exp(logits - logits.max(1, keepdims=True))
    gates /= gates.sum(1, keepdims=True)
    gates = np.where(gates >= np.sort(gates, axis=1)[:, -k][:, None], gates, 0)
    if normalise:
        gates /= gates.sum(1, keepdims=True)
    return sum(
        gates[:, [e]] * (np.maximum(x @ up, 0) @ down)
        for e, (up, down) in enumerate(experts)
    )


def grow(experts, router, times, rng, noise=1e-3):
    """Make a mixture larger by copies of its experts; the copies' columns of the router
    differ only by noise.
    """
    wider = np.tile(router, (1, times))
    return experts * times, wider + noise * rng.normal(size=wider.shape)


# --8<-- [end:upcycle]


EXPERTS = (1, 2, 4, 8, 16, 32)
SAMPLES = (100, 200, 400, 800, 1600, 3200)


def mean_error(*args):
    """Geometric mean over seeds."""
    return float(
        np.exp(np.mean([np.log(error_on_new(*args, seed=seed)) for seed in range(4)]))
    )


def curves():
    return {
        "experts": {
            str(h): [mean_error(e, 1, h, 3200) for e in EXPERTS] for h in (8, 16, 32)
        },
        "samples": {
            str(e): [mean_error(e, 1, 16, n) for n in SAMPLES] for e in (1, 4, 16)
        },
    }


if __name__ == "__main__":
    data = curves()
    if "--data" in sys.argv:
        rounded = json.loads(
            json.dumps(data), parse_float=lambda text: round(float(text), 4)
        )
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(rounded) + "\n", encoding="utf-8"
        )
    print("error by experts", EXPERTS, "at 3200 samples")
    for hidden, row in data["experts"].items():
        print(f"  {hidden:>2s} units active:", " ".join(f"{v:.3f}" for v in row))
    print("error by samples", SAMPLES, "with 16 units active")
    for count, row in data["samples"].items():
        print(f"  {count:>2s} experts:", " ".join(f"{v:.3f}" for v in row))
    rng = np.random.default_rng(0)
    dense, x = (
        (rng.normal(size=(6, 24)), rng.normal(size=(24, 6))),
        rng.normal(size=(50, 6)),
    )
    target = np.maximum(x @ dense[0], 0) @ dense[1]
    experts, router = upcycle(dense, 8, rng)
    for normalise in (True, False):
        change = (
            np.abs(mixture(x, experts, router, 2, normalise) - target).mean()
            / np.abs(target).mean()
        )
        print(f"upcycled, gates normalised {normalise}: output changes by {change:.0%}")
    many, routes = (
        [(rng.normal(size=(6, 24)), rng.normal(size=(24, 6))) for _ in range(8)],
        rng.normal(size=(6, 8)),
    )
    for k, wider in ((1, 1), (2, 2), (2, 4)):
        before = mixture(x, many, routes, k)
        change = (
            np.abs(mixture(x, *grow(many, routes, 2, rng), wider) - before).mean()
            / np.abs(before).mean()
        )
        print(
            f"8 experts doubled, {k} chosen before and {wider} after: output changes by {change:.0%}"
        )
