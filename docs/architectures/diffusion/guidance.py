"""Classifier-free guidance with exact predictions: what it samples, and what it is
often said to sample.
"""

import json
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np

MEANS, SPREAD = np.array([1.0, -1.0]), 0.8
"""Two classes, each a Gaussian; without a condition they are equally likely."""


# --8<-- [start:guidance]
def predict(x, alpha, sigma, condition=None):
    """The exact noise prediction: of one class, or of the mixture when there is no
    condition.
    """
    variance = (alpha * SPREAD) ** 2 + sigma**2
    gap = x[:, None] - alpha * MEANS
    if condition is not None:
        return sigma * gap[:, condition] / variance
    weight = np.exp(-0.5 * (gap**2 - (gap**2).min(1, keepdims=True)) / variance)
    weight /= weight.sum(1, keepdims=True)
    return sigma * (weight * gap).sum(1) / variance


def guided(x, alpha, sigma, condition, w, interval=(0.0, 1.0)):
    """Away from the unconditional prediction by the factor w, at the noise levels in
    the interval.
    """
    with_condition = predict(x, alpha, sigma, condition)
    if not interval[0] <= sigma <= interval[1]:
        return with_condition
    without = predict(x, alpha, sigma)
    return without + w * (with_condition - without)


# --8<-- [end:guidance]


def sample(w, count=4000, steps=200, interval=(0.0, 1.0), seed=0):
    """Samples of class 0 by deterministic steps."""
    x = np.random.default_rng(seed).normal(size=count)
    angles = np.linspace(0.999, 0, steps + 1) * np.pi / 2
    levels = list(zip(np.cos(angles), np.sin(angles), strict=True))
    for (alpha, sigma), (next_alpha, next_sigma) in pairwise(levels):
        eps = guided(x, alpha, sigma, 0, w, interval)
        x = next_alpha * (x - sigma * eps) / alpha + next_sigma * eps
    return x


# --8<-- [start:tilted]
def tilted(w, grid):
    """The density proportional to p(x) p(c|x)^w, which guidance is often said to sample
    from.
    """
    log_class = -0.5 * ((grid[:, None] - MEANS) / SPREAD) ** 2
    log_mixture = np.logaddexp(log_class[:, 0], log_class[:, 1])
    log_density = log_mixture + w * (log_class[:, 0] - log_mixture)
    density = np.exp(log_density - log_density.max())
    return density / density.sum() / (grid[1] - grid[0])


# --8<-- [end:tilted]


# --8<-- [start:amended]
def rescaled(with_condition, without, w, share=0.7):
    """Bring the guided prediction back, by a share, to the deviation of the conditional
    one.
    """
    mixed = without + w * (with_condition - without)
    return mixed * (share * with_condition.std() / mixed.std() + 1 - share)


def projected(with_condition, without, w, kept=0.0):
    """APG: of what guidance adds, the part along the conditional prediction
    oversaturates; keep only a share of it.
    """
    added = with_condition - without
    along = (added * with_condition).sum() / (with_condition**2).sum() * with_condition
    return with_condition + (w - 1) * (added - along + kept * along)


def fitted(with_condition, without, w):
    """CFG-Zero*: first stretch the unconditional prediction so that it is nearest to
    the conditional one.
    """
    without = (with_condition * without).sum() / (without**2).sum() * without
    return without + w * (with_condition - without)


def tangential(with_condition, without, w):
    """TCFG: of the unconditional prediction, keep only the part along the direction in
    which the two together are largest (their first singular vector).
    """
    pair = np.array([with_condition, without])
    first = np.linalg.svd(pair, full_matrices=False)[2][0]
    without = (without @ first) * first
    return without + w * (with_condition - without)


def damped(with_condition, without, w, alpha=8.0):
    """MAMBO-G: the larger the difference against the prediction, the less guidance."""
    added = with_condition - without
    ratio = np.linalg.norm(added) / np.linalg.norm(without)
    return without + (1 + (w - 1) * np.exp(-alpha * ratio)) * added


# --8<-- [end:amended]


# --8<-- [start:trained-in]
def mixture(network, without, w):
    """GFT: fitted to the noise as usual, this makes the network itself the guided
    prediction for scale w. No gradient flows through `without`.
    """
    return network / w + (1 - 1 / w) * without


# --8<-- [end:trained-in]


SCALES = (1.0, 2.0, 4.0, 8.0)


def moments(grid, density):
    weight = density / density.sum()
    mean = (weight * grid).sum()
    return float(mean), float(np.sqrt((weight * (grid - mean) ** 2).sum()))


CENTRES = np.array(
    [[[1.1, 0.7], [0.1, 1.3]], [[-1.2, 0.3], [-0.7, -0.9]], [[0.9, -0.9], [1.4, -0.2]]]
)
"""Three classes in a plane, `[class, cluster, 2]`, two clusters each, with deviation
0.35.
"""


def predict_plane(x, alpha, sigma, condition=None):
    """The exact noise prediction for points of the plane: of one class or of all."""
    centres = CENTRES.reshape(-1, 2) if condition is None else CENTRES[condition]
    variance = (alpha * 0.35) ** 2 + sigma**2
    gap = x[:, None] - alpha * centres
    exponent = -0.5 * (gap**2).sum(-1) / variance
    weight = np.exp(exponent - exponent.max(1, keepdims=True))
    weight /= weight.sum(1, keepdims=True)
    return sigma * (weight[..., None] * gap).sum(1) / variance


def sample_plane(w, count=200, steps=100):
    """Samples of class 0 in the plane by deterministic steps, from the same noises for
    every w.
    """
    x = np.random.default_rng(4).normal(size=(count, 2))
    angles = np.linspace(0.999, 0, steps + 1) * np.pi / 2
    for (alpha, sigma), (next_alpha, next_sigma) in pairwise(
        zip(np.cos(angles), np.sin(angles), strict=True)
    ):
        without = predict_plane(x, alpha, sigma)
        eps = without + w * (predict_plane(x, alpha, sigma, 0) - without)
        x = next_alpha * (x - sigma * eps) / alpha + next_sigma * eps
    return x


OF_VELOCITY = {
    "fitted": fitted,
    "tangential": tangential,
    "damped": lambda a, b, w: damped(a, b, w, alpha=1.0),
}


def sample_amended(kind, w, count=400, steps=100):
    """Samples of class 0 in the plane with guidance in one of its forms; each point is
    an image of its own.
    """
    x = np.random.default_rng(4).normal(size=(count, 2))
    angles = np.linspace(0.999, 0, steps + 1) * np.pi / 2
    for (alpha, sigma), (next_alpha, next_sigma) in pairwise(
        zip(np.cos(angles), np.sin(angles), strict=True)
    ):
        predictions = [
            predict_plane(x, alpha, sigma, 0),
            predict_plane(x, alpha, sigma),
        ]
        data = [(x - sigma * eps) / alpha for eps in predictions]
        if kind == "projected":  # of the predicted data
            x0 = np.array([projected(a, b, w) for a, b in zip(*data, strict=True)])
        elif kind in OF_VELOCITY:
            pair = [
                alpha * eps - sigma * x0
                for eps, x0 in zip(predictions, data, strict=True)
            ]
            x0 = alpha * x - sigma * np.array(
                [OF_VELOCITY[kind](a, b, w) for a, b in zip(*pair, strict=True)]
            )
        else:
            here = 1.0 if kind == "interval" and not 0.2 <= sigma <= 0.8 else w
            x0 = data[1] + here * (data[0] - data[1])
        x = next_alpha * x0 + next_sigma * (x - alpha * x0) / sigma
    return x


FORMS = ("plain", "interval", "projected", "fitted", "tangential", "damped")


def amended_experiment():
    """For each form and scale: mean distance to the nearest of the class's centres, and
    the spread of the samples.
    """
    rows = {}
    for kind in FORMS:
        for w in SCALES:
            x = sample_amended(kind, w)
            far = np.sqrt(((x[:, None] - CENTRES[0]) ** 2).sum(-1)).min(1).mean()
            rows.setdefault(kind, []).append(
                [round(float(far), 3), round(float(np.sqrt(x.var(0).sum())), 3)]
            )
    return rows


def experiment():
    grid = np.linspace(-4, 8, 121)
    out = {"grid": grid.round(2).tolist(), "samples": {}, "tilted": {}}
    edges = np.append(grid, grid[-1] + grid[1] - grid[0]) - (grid[1] - grid[0]) / 2
    for w in SCALES:
        counts, _ = np.histogram(sample(w), bins=edges, density=True)
        out["samples"][str(w)] = counts.round(4).tolist()
        out["tilted"][str(w)] = tilted(w, grid).round(4).tolist()
    out["clouds"] = {str(w): sample_plane(w).round(2).tolist() for w in (0.0, *SCALES)}
    out["amended"] = amended_experiment()
    return out


if __name__ == "__main__":
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(experiment()) + "\n", encoding="utf-8"
        )
    fine = np.linspace(-6, 30, 20_001)
    print("scale   guided samples     p(x) p(c|x)^w")
    for w in SCALES:
        x, (mean, spread) = sample(w), moments(fine, tilted(w, fine))
        print(
            f"{w:5.0f}   {x.mean():5.2f} ± {x.std():.2f}       {mean:5.2f} ± {spread:.2f}"
        )
    x = sample(8.0, interval=(0.2, 0.8))
    print(
        f"    8   {x.mean():5.2f} ± {x.std():.2f}       with guidance at noise levels 0.2 to 0.8 only"
    )
    print("in the plane: distance to the class's nearest centre, and spread, by scale")
    print(" " * 12 + "".join(f"{w:12.0f}" for w in SCALES))
    for kind, row in amended_experiment().items():
        print(
            f"  {kind:10s}"
            + "".join(f"   {far:.2f}, {spread:.2f}" for far, spread in row)
        )
