"""Score, stochastic and ordinary differential equation where the density is known: a
mixture in two dimensions.
"""

import json
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np

MEANS = np.array([[-1.2, -0.6], [1.1, -0.8], [0.3, 1.2]])
WEIGHTS, SPREAD = np.array([0.5, 0.2, 0.3]), 0.25
LOW, HIGH = 0.1, 20.0
"""beta(t) grows linearly between these on t in [0, 1], as in the variance-preserving
equation.
"""


def levels(t):
    """Signal and noise at t: alpha = exp(-1/2 integral of beta)."""
    alpha = np.exp(-0.25 * t**2 * (HIGH - LOW) - 0.5 * t * LOW)
    return alpha, np.sqrt(1 - alpha**2)


def _components(x, alpha, sigma):
    variance = (alpha * SPREAD) ** 2 + sigma**2
    gap = alpha * MEANS - x[:, None]  # [n, 3, 2]
    log_terms = (
        np.log(WEIGHTS)
        - 0.5 * (gap**2).sum(-1) / variance
        - np.log(2 * np.pi * variance)
    )
    log_density = np.logaddexp.reduce(log_terms, axis=1)
    return variance, gap, np.exp(log_terms - log_density[:, None]), log_density


# --8<-- [start:score]
def log_density(x, t):
    """log p_t(x), exactly; x is `[n, 2]`."""
    return _components(x, *levels(t))[3]


def score(x, t):
    """The gradient of log p_t: what a perfect network gives."""
    variance, gap, weight, _ = _components(x, *levels(t))
    return (weight[..., None] * gap).sum(1) / variance


def score_matching_target(eps, t):
    """Denoising score matching regresses on this; its mean over all eps that fit x_t is
    the score.
    """
    return -eps / levels(t)[1]


# --8<-- [end:score]


# --8<-- [start:equations]
def beta(t):
    return LOW + t * (HIGH - LOW)


def reverse(x, times, rng=None, noise=1.0):
    """From noise at times[0] to data: noise = 1 is the reverse SDE, noise = 0 the
    probability-flow ODE.

    Forward: dx = -beta/2 x dt + sqrt(beta) dW. Every `noise` gives the same
    distribution at every time, since what is added at random is taken away by a
    stronger pull along the score.
    """
    states = [x]
    for now, then in pairwise(times):
        dt = now - then
        pull = 0.5 * (1 + noise**2) * beta(now) * score(x, now)
        x = x + dt * (0.5 * beta(now) * x + pull)
        if noise:
            x = x + noise * np.sqrt(beta(now) * dt) * rng.normal(size=x.shape)
        states.append(x)
    return states


# --8<-- [end:equations]


# --8<-- [start:likelihood]
def divergence(x, t):
    """Sum of d score_i / d x_i; exact here, estimated with a random vector (Hutchinson)
    for a network.
    """
    variance, gap, weight, _ = _components(x, *levels(t))
    mean = (weight[..., None] * gap).sum(1)
    return (
        -2 / variance
        + ((weight * (gap**2).sum(-1)).sum(1) - (mean**2).sum(-1)) / variance**2
    )


def log_likelihood(x, times):
    """log p_0(x): follow the ODE from data to noise, add up how it stretches space,
    look up the noise's density.
    """

    def slope(x, t):  # of x and of log p along the path
        return -0.5 * beta(t) * (x + score(x, t)), 0.5 * beta(t) * (
            2 + divergence(x, t)
        )

    change = 0.0
    for now, then in pairwise(times):  # Heun's method, from t = 0 to 1
        dx, dlog = slope(x, now)
        dx2, dlog2 = slope(x + (then - now) * dx, then)
        x = x + (then - now) * (dx + dx2) / 2
        change = change + (then - now) * (dlog + dlog2) / 2
    return -0.5 * (x**2).sum(-1) - np.log(2 * np.pi) - change


# --8<-- [end:likelihood]


# --8<-- [start:langevin]
def langevin(x, t, steps, rng, step_size=0.1):
    """Walk up the score with noise at one level; in the long run the samples follow
    p_t.
    """
    size = step_size * (SPREAD**2 + levels(t)[1] ** 2)
    for _ in range(steps):
        x = x + size * score(x, t) + np.sqrt(2 * size) * rng.normal(size=x.shape)
    return x


def annealed_langevin(x, times, steps, rng):
    """The same, level by level from much noise to little."""
    for now, then in pairwise(times):
        x = langevin(x, now, steps, rng)
        # keep the place of the signal at the next level
        x = x * levels(then)[0] / levels(now)[0]
    return x


# --8<-- [end:langevin]


# --8<-- [start:error]
def variance_with_error(excess, noise):
    """Variance of the samples if data are N(0, 1) and the network's score is too strong
    by 1 + excess; the truth is 1.

    The mean square v then obeys dv = beta (noise² - pull v) dt on the way to the data,
    which is solved exactly.
    """
    pull = noise**2 * (1 + excess) + excess
    # where it would settle; the integral of beta
    end, total = noise**2 / pull, LOW + (HIGH - LOW) / 2
    return end + (1 - end) * np.exp(-pull * total)


# --8<-- [end:error]


# --8<-- [start:blind]
def noise_level_of(x, surface):
    """The noise level that x shows by itself, if the data fill its first `surface`
    dimensions only: the length of the rest. x is `[n, dimensions]`.
    """
    return np.sqrt((x[:, surface:] ** 2).mean(1))


# --8<-- [end:blind]


DIMENSIONS = (3, 12, 102, 1_002, 12_288)


def blind(count=300, surface=2, sigma=0.3):
    """By how much the level is misread from one sample, relative, by the dimension."""
    rng = np.random.default_rng(0)
    errors = []
    for dimensions in DIMENSIONS:
        x = sigma * rng.normal(size=(count, dimensions))
        x[:, :surface] += rng.normal(size=(count, surface))
        level = noise_level_of(x, surface)
        errors.append(round(float(np.sqrt(((level / sigma - 1) ** 2).mean())), 4))
    return errors


def shares(x):
    """Which part of the points is nearest to each of the three means; the truth is
    `WEIGHTS`.
    """
    nearest = ((x[:, None] - MEANS) ** 2).sum(-1).argmin(1)
    return np.bincount(nearest, minlength=3) / len(x)


def quadratic_times(steps, first=1.0, last=1e-3):
    """Times from noise to data, denser near the data."""
    return np.linspace(first**0.5, last**0.5, steps + 1) ** 2


STEPS = (16, 32, 64, 128, 256)


def experiment():
    rng = np.random.default_rng(0)
    points = MEANS[rng.choice(3, 200, p=WEIGHTS)] + SPREAD * rng.normal(size=(200, 2))
    true = log_density(points, 0.0)
    errors = [
        float(
            np.abs(
                log_likelihood(points, quadratic_times(n, last=0.0)[::-1]) - true
            ).mean()
        )
        for n in STEPS
    ]
    start = rng.normal(size=(3000, 2))
    runs = {
        "reverse SDE": reverse(start, quadratic_times(250), rng)[-1],
        "probability-flow ODE": reverse(start, quadratic_times(250), noise=0.0)[-1],
        "Langevin, one level": langevin(start, 0.0, 250, rng),
        "Langevin, 25 levels": annealed_langevin(
            start, np.linspace(1.0, 0.0, 26), 10, rng
        ),
    }
    return {
        "steps": list(STEPS),
        "likelihood error": [float(f"{error:.3g}") for error in errors],
        "shares": {name: np.round(shares(x), 3).tolist() for name, x in runs.items()},
    }


def fields(count=90, places=7):
    """The score on a grid and samples of p_t at three times, and some paths, for the
    pictures.
    """
    rng = np.random.default_rng(1)
    axis = np.linspace(-2.2, 2.2, places)
    grid = np.stack(np.meshgrid(axis, axis), -1).reshape(-1, 2)
    x0 = MEANS[rng.choice(3, count, p=WEIGHTS)] + SPREAD * rng.normal(size=(count, 2))
    eps = rng.normal(size=(count, 2))
    out = {
        "grid": grid.round(3).tolist(),
        "times": [0.7, 0.25, 0.08],
        "score": [],
        "samples": [],
        "paths": {},
    }
    for t in out["times"]:
        alpha, sigma = levels(t)
        out["score"].append(score(grid, t).round(3).tolist())
        out["samples"].append((alpha * x0 + sigma * eps).round(2).tolist())
    alpha, sigma = levels(0.4)
    start = alpha * x0[:12] + sigma * eps[:12]
    for name, noise in (("probability-flow ODE", 0.0), ("reverse SDE", 1.0)):
        states = reverse(
            start, quadratic_times(120, first=0.4), np.random.default_rng(2), noise
        )
        out["paths"][name] = np.round(states[::2], 2).tolist()
    return out


if __name__ == "__main__":
    results = experiment()
    if "--data" in sys.argv:
        text = json.dumps(results | {"fields": fields()}) + "\n"
        Path(__file__).with_suffix(".json").write_text(text, encoding="utf-8")
    print("log-likelihood by the ODE: mean error against the truth")
    print("  steps " + "".join(f"{n:10d}" for n in STEPS))
    print("  nats  " + "".join(f"{e:10.5f}" for e in results["likelihood error"]))
    print(f"shares of the three groups      true {WEIGHTS.tolist()}")
    for name, share in results["shares"].items():
        print(f"  {name:30s}{share}")
    print("variance of samples of N(0, 1)    score 10% too strong   10% too weak")
    for name, noise in (("probability-flow ODE", 0.0), ("reverse SDE", 1.0)):
        strong, weak = variance_with_error(0.1, noise), variance_with_error(-0.1, noise)
        print(f"  {name:30s}{strong:22.2f}{weak:15.2f}")
    print("noise level read off a single sample, data in 2 dimensions of")
    print("  " + "".join(f"{dimensions:10,d}" for dimensions in DIMENSIONS))
    print("  " + "".join(f"{error:10.1%}" for error in blind()) + "  off")
