"""Diffusion and flow where everything is known: a mixture of Gaussians, its exact
predictions, and samplers.
"""

import json
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np

MEANS, SPREADS, WEIGHTS = (
    np.array([-2.0, 1.0, 2.5]),
    np.array([0.3, 0.5, 0.2]),
    np.array([0.4, 0.4, 0.2]),
)


# --8<-- [start:paths]
def cosine(t):
    """A variance-preserving path: signal and noise levels at t in [0, 1]."""
    return np.cos(np.pi * t / 2), np.sin(np.pi * t / 2)


def straight(t):
    """The path of rectified flow."""
    return 1 - t, t


def exact_noise(x, alpha, sigma):
    """E[eps | x_t]: what a perfect network predicts, for the mixture above."""
    variance = (alpha * SPREADS) ** 2 + sigma**2
    gap = x[:, None] - alpha * MEANS
    log_weight = np.log(WEIGHTS) - 0.5 * gap**2 / variance - 0.5 * np.log(variance)
    weight = np.exp(log_weight - log_weight.max(1, keepdims=True))
    weight /= weight.sum(1, keepdims=True)
    return sigma * (weight * gap / variance).sum(1)


# --8<-- [end:paths]


# --8<-- [start:convert]
def convert(x, eps, alpha, sigma):
    """One prediction in every form the papers use; x is x_t."""
    x0 = (x - sigma * eps) / alpha
    return {
        "noise": eps,
        "data": x0,
        "score": -eps / sigma,
        "velocity, variance-preserving": alpha * eps - sigma * x0,
        "velocity, straight path": eps - x0,
    }


# --8<-- [end:convert]


# --8<-- [start:translate]
def level(paper, value):
    """(alpha, sigma) from what a paper writes for the noise level."""
    odds = {  # the squared ratio of signal to noise
        "DDPM: cumulative product": lambda bar: bar / (1 - bar),
        "DDIM: alpha": lambda bar: bar / (1 - bar),
        "VDM: gamma": lambda gamma: np.exp(-gamma),
        "DPM-Solver: lambda": lambda half: np.exp(2 * half),
    }
    if paper in odds:  # variance-preserving, alpha^2 + sigma^2 = 1
        ratio = odds[paper](value)
        return np.sqrt(ratio / (1 + ratio)), np.sqrt(1 / (1 + ratio))
    return {
        "EDM: sigma": (1.0, value),
        "flow matching, rectified flow: t": (value, 1 - value),
        "Stable Diffusion 3, FLUX, mean flows: t": (1 - value, value),
    }[paper]


def same_level(alpha, sigma, path):
    """The same noise level on another path, and what x_t must be multiplied with to get
    there.
    """
    scale = {
        "variance-preserving": 1 / np.hypot(alpha, sigma),
        "straight": 1 / (alpha + sigma),
        "exploding (EDM)": 1 / alpha,
    }[path]
    return scale * alpha, scale * sigma, scale


# --8<-- [end:translate]


# --8<-- [start:sample]
def step(x, now, then, noise, rng):
    """One step between levels (alpha, sigma). noise=0 is DDIM, noise=1 ancestral
    sampling as in DDPM.
    """
    (alpha, sigma), (next_alpha, next_sigma) = now, then
    eps = exact_noise(x, alpha, sigma)
    x0 = (x - sigma * eps) / alpha
    # The part of the next noise level that is drawn anew; the rest keeps the predicted
    # direction.
    fresh = (
        noise
        * next_sigma
        * np.sqrt(1 - (alpha * next_sigma / (next_alpha * sigma)) ** 2)
    )
    return (
        next_alpha * x0
        + np.sqrt(next_sigma**2 - fresh**2) * eps
        + fresh * rng.normal(size=x.shape)
    )


def sample(path, steps, x, rng, noise=0.0, start=0.999):
    """From noise x at the time `start` to data at 0; returns every state on the way."""
    levels = [path(t) for t in np.linspace(start, 0, steps + 1)]
    states = [x]
    for now, then in pairwise(levels):
        states.append(step(states[-1], now, then, noise, rng))
    return states


# --8<-- [end:sample]


def distance(samples):
    """Wasserstein-1 distance between samples and the mixture, by quantiles."""
    grid = np.linspace(-5, 5, 20_001)
    density = (
        WEIGHTS / SPREADS * np.exp(-0.5 * ((grid[:, None] - MEANS) / SPREADS) ** 2)
    ).sum(1)
    cumulative = np.cumsum(density) / density.sum()
    levels = (np.arange(len(samples)) + 0.5) / len(samples)
    return float(np.abs(np.sort(samples) - np.interp(levels, cumulative, grid)).mean())


RUNS = {
    "DDIM, cosine path": (cosine, 0.0),
    "ancestral, cosine path": (cosine, 1.0),
    "straight path": (straight, 0.0),
}
STEPS = (2, 4, 8, 16, 32, 64, 128)


def experiment(count=20_000):
    out = {}
    for name, (path, noise) in RUNS.items():
        out[name] = []
        for steps in STEPS:
            rng = np.random.default_rng(0)
            samples = sample(path, steps, rng.normal(size=count), rng, noise)[-1]
            out[name].append(round(distance(samples), 4))
    return out


def tracks(count=14, steps=40):
    """Paths of some particles from noise to data, for the picture."""
    start = np.linspace(-2.0, 2.0, count)
    return {
        name: np.round(
            sample(path, steps, start, np.random.default_rng(3), noise), 3
        ).tolist()
        for name, (path, noise) in RUNS.items()
    }


if __name__ == "__main__":
    results = experiment()
    if "--data" in sys.argv:
        data = {"steps": list(STEPS), "distance": results, "tracks": tracks()}
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(data) + "\n", encoding="utf-8"
        )
    print("distance to the true distribution, by number of steps")
    print(" " * 24 + "".join(f"{steps:8d}" for steps in STEPS))
    for name, row in results.items():
        print(f"{name:24s}" + "".join(f"{value:8.3f}" for value in row))
