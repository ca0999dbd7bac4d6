"""Classifier-free guidance with exact predictions: what it samples, and what it is often said to sample."""

import json
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np

MEANS, SPREAD = np.array([1.0, -1.0]), 0.8
"""Two classes, each a Gaussian; without a condition they are equally likely."""


# --8<-- [start:guidance]
def predict(x, alpha, sigma, condition=None):
    """The exact noise prediction: of one class, or of the mixture when there is no condition."""
    variance = (alpha * SPREAD) ** 2 + sigma**2
    gap = x[:, None] - alpha * MEANS
    if condition is not None:
        return sigma * gap[:, condition] / variance
    weight = np.exp(-0.5 * (gap**2 - (gap**2).min(1, keepdims=True)) / variance)
    weight /= weight.sum(1, keepdims=True)
    return sigma * (weight * gap).sum(1) / variance


def guided(x, alpha, sigma, condition, w, interval=(0.0, 1.0)):
    """Away from the unconditional prediction by the factor w, at the noise levels in the interval."""
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
    """The density proportional to p(x) p(c|x)^w, which guidance is often said to sample from."""
    log_class = -0.5 * ((grid[:, None] - MEANS) / SPREAD) ** 2
    log_mixture = np.logaddexp(log_class[:, 0], log_class[:, 1])
    log_density = log_mixture + w * (log_class[:, 0] - log_mixture)
    density = np.exp(log_density - log_density.max())
    return density / density.sum() / (grid[1] - grid[0])


# --8<-- [end:tilted]


SCALES = (1.0, 2.0, 4.0, 8.0)


def moments(grid, density):
    weight = density / density.sum()
    mean = (weight * grid).sum()
    return float(mean), float(np.sqrt((weight * (grid - mean) ** 2).sum()))


CENTRES = np.array([[[1.1, 0.7], [0.1, 1.3]], [[-1.2, 0.3], [-0.7, -0.9]], [[0.9, -0.9], [1.4, -0.2]]])
"""Three classes in a plane, `[class, cluster, 2]`, two clusters each, with deviation 0.35."""


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
    """Samples of class 0 in the plane by deterministic steps, from the same noises for every w."""
    x = np.random.default_rng(4).normal(size=(count, 2))
    angles = np.linspace(0.999, 0, steps + 1) * np.pi / 2
    for (alpha, sigma), (next_alpha, next_sigma) in pairwise(zip(np.cos(angles), np.sin(angles), strict=True)):
        without = predict_plane(x, alpha, sigma)
        eps = without + w * (predict_plane(x, alpha, sigma, 0) - without)
        x = next_alpha * (x - sigma * eps) / alpha + next_sigma * eps
    return x


def experiment():
    grid = np.linspace(-4, 8, 121)
    out = {"grid": grid.round(2).tolist(), "samples": {}, "tilted": {}}
    edges = np.append(grid, grid[-1] + grid[1] - grid[0]) - (grid[1] - grid[0]) / 2
    for w in SCALES:
        counts, _ = np.histogram(sample(w), bins=edges, density=True)
        out["samples"][str(w)] = counts.round(4).tolist()
        out["tilted"][str(w)] = tilted(w, grid).round(4).tolist()
    out["clouds"] = {str(w): sample_plane(w).round(2).tolist() for w in (0.0, *SCALES)}
    return out


if __name__ == "__main__":
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(json.dumps(experiment()) + "\n", encoding="utf-8")
    fine = np.linspace(-6, 30, 20_001)
    print("scale   guided samples     p(x) p(c|x)^w")
    for w in SCALES:
        x, (mean, spread) = sample(w), moments(fine, tilted(w, fine))
        print(f"{w:5.0f}   {x.mean():5.2f} ± {x.std():.2f}       {mean:5.2f} ± {spread:.2f}")
    x = sample(8.0, interval=(0.2, 0.8))
    print(f"    8   {x.mean():5.2f} ± {x.std():.2f}       with guidance at noise levels 0.2 to 0.8 only")
