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


# --8<-- [start:apart]
def train_beside(public, rows, x, y, rng, hidden=48):
    """An owner's expert on its own data: the public one is frozen and answers too, with
    its share of the gate.
    """
    logits = x @ rows
    gates = np.exp(logits - logits.max(1, keepdims=True))
    gates /= gates.sum(1, keepdims=True)
    missing = y - gates[:, :1] * (np.maximum(x @ public[0], 0) @ public[1])
    up = rng.normal(size=(x.shape[1], hidden))
    features = gates[:, 1:] * np.maximum(x @ up, 0)
    return up, np.linalg.solve(
        features.T @ features + 0.01 * np.eye(hidden), features.T @ missing
    )


def join(public, public_row, owners):
    """No training: the experts side by side, and their rows as columns of one router.
    Leaving one out drops it.
    """
    experts, rows = zip((public, public_row), *owners, strict=True)
    return list(experts), np.stack(rows, axis=1)


# --8<-- [end:apart]


def owners_and_tests(seed, domains=4, d=8, samples=600):
    """Domains with centres and functions of their own besides a common one; an expert
    trained on each, apart.
    """
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(domains, d))
    centres *= 2 / np.linalg.norm(centres, axis=1, keepdims=True)
    functions = [
        (rng.normal(size=(d, 16)), rng.normal(size=(16, 3)) / 4)
        for _ in range(domains + 1)
    ]

    def draw(domain):
        x = centres[domain] + 0.6 * rng.normal(size=(samples, d))
        return x, sum(
            np.maximum(x @ functions[f][0], 0) @ functions[f][1]
            for f in (domain, domains)
        )

    data, tests = ([draw(i) for i in range(domains)] for _ in range(2))
    # a row of the router: the mean of what an owner has
    rows = [x.mean(0) for x, _ in data]
    up = rng.normal(size=(d, 48))
    features = np.maximum(data[0][0] @ up, 0)
    public = (
        up,
        np.linalg.solve(
            features.T @ features + 0.01 * np.eye(48), features.T @ data[0][1]
        ),
    )
    owners = [
        (train_beside(public, np.stack([rows[0], row], axis=1), *own, rng), row)
        for row, own in zip(rows[1:], data[1:], strict=True)
    ]
    return (public, rows[0]), owners, tests


def errors_apart(seeds=8):
    """Squared error on each domain, relative to its variance: public alone, all joined,
    the last owner left out.
    """
    table = np.zeros((3, 4))
    for seed in range(seeds):
        public, owners, tests = owners_and_tests(seed)
        for line, chosen in enumerate(([], owners, owners[:-1])):
            experts, router = join(*public, chosen)
            for domain, (x, y) in enumerate(tests):
                out = mixture(x, experts, router, min(2, len(experts)))
                table[line, domain] += ((out - y) ** 2).mean() / y.var() / seeds
    return table


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
    print(
        "experts trained apart: error on the public domain and on those of three owners"
    )
    for name, row in zip(
        ("public alone", "all joined", "third owner out"), errors_apart(), strict=True
    ):
        print(f"  {name:16s}", " ".join(f"{v:.2f}" for v in row))
