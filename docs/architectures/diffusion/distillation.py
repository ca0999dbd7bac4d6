"""Few-step models where their ideal is known: in one dimension the flow keeps the
order, so every jump is exact.
"""

import json
import sys
from itertools import pairwise
from math import erf
from pathlib import Path

import numpy as np

MEANS, SPREADS, WEIGHTS = (
    np.array([-1.5, 0.3, 1.6]),
    np.array([0.2, 0.3, 0.2]),
    np.array([0.4, 0.35, 0.25]),
)
GRID = np.linspace(-6, 6, 6001)


def components(t, x):
    """Mean gap and variance of each Gaussian of x_t = (1 - t) x_0 + t eps."""
    return x[:, None] - (1 - t) * MEANS, ((1 - t) * SPREADS) ** 2 + t**2


def cumulative(t):
    """P(x_t <= x) on the grid."""
    gap, variance = components(t, GRID)
    return (WEIGHTS * 0.5 * (1 + np.vectorize(erf)(gap / np.sqrt(2 * variance)))).sum(1)


CUMULATIVE = {}


def _cumulative(t):
    key = round(float(t), 12)
    if key not in CUMULATIVE:
        CUMULATIVE[key] = cumulative(key)
    return CUMULATIVE[key]


# --8<-- [start:maps]
def velocity(x, t):
    """The teacher: E[eps - x_0 | x_t], exactly."""
    gap, variance = components(t, x)
    log_weight = np.log(WEIGHTS) - 0.5 * gap**2 / variance - 0.5 * np.log(variance)
    weight = np.exp(log_weight - log_weight.max(1, keepdims=True))
    weight /= weight.sum(1, keepdims=True)
    return (
        weight * (t * gap / variance - MEANS - (1 - t) * SPREADS**2 * gap / variance)
    ).sum(1)


def flow_map(x, t, r):
    """Where the path through x at time t is at time r: the ideal of every model that
    learns to jump.
    """
    return np.interp(np.interp(x, GRID, _cumulative(t)), _cumulative(r), GRID)


def consistency(x, t):
    """The ideal consistency model: the end of the path, from anywhere on it."""
    return flow_map(x, t, 0.0)


def mean_velocity(x, r, t):
    """The ideal mean flow: x_r = x_t - (t - r) u(x_t, r, t)."""
    return (x - flow_map(x, t, r)) / (t - r)


def euler(x, times):
    """The teacher in steps; the student of progressive distillation learns to do two of
    them at once.
    """
    for now, then in pairwise(times):
        x = x + (then - now) * velocity(x, now)
    return x


# --8<-- [end:maps]


# --8<-- [start:rules]
def density(x, t):
    """Of x_t."""
    gap, variance = components(t, x)
    return (WEIGHTS * np.exp(-0.5 * gap**2 / variance) / np.sqrt(variance)).sum(1)


def stretch(x, t, r):
    """How far apart a jump takes neighbours, the derivative of flow_map in x: between
    two paths there is always the same share of the samples.
    """
    return density(x, t) / density(flow_map(x, t, r), r)


def along(x, t, r, tangent):
    """(t - r) times the derivative of the exact mean velocity in a direction of x,
    while the time grows: the Jacobian-vector product of mean flows.
    """
    wide = stretch(x, t, r)
    in_time = velocity(x, t) * wide - mean_velocity(x, r, t)
    return tangent * (1 - wide) + in_time


def mean_flow_target(x0, eps, r, t, improved=False):
    """What one pair of data and noise says of the mean velocity at x_t."""
    x, pair = (1 - t) * x0 + t * eps, eps - x0
    return pair - along(x, t, r, velocity(x, t) if improved else pair)


# --8<-- [end:rules]


# --8<-- [start:policy]
def policy(x, t, r, count):
    """What a perfect pi-Flow student gives in one evaluation: the data predictions at
    `count` times on the path from x.
    """
    times = np.linspace(t, r, count) if count > 1 else np.array([t])
    places = [x if s == t else flow_map(x, t, s) for s in times]
    return [y - s * velocity(y, s) for y, s in zip(places, times, strict=True)]


def roll_out(x, t, r, predictions, substeps=64):
    """Euler's steps along the policy's velocities: no evaluation of the network."""
    last = len(predictions) - 1
    for now, then in pairwise(np.linspace(t, r, substeps + 1)):
        place = (t - now) / (t - r) * last
        low = min(int(place), max(last - 1, 0))
        share = place - low
        data = (1 - share) * predictions[low] + share * predictions[min(low + 1, last)]
        x = x + (then - now) * (x - data) / now
    return x


# --8<-- [end:policy]


# --8<-- [start:few]
def student(x, t, r=0.0, error=0.0):
    """A trained jump from t to r: the ideal mean velocity, and an error of the network
    that grows with the jump.
    """
    return x - (t - r) * (mean_velocity(x, r, t) + error * np.sin(3 * x))


def consistency_sample(x, times, rng, error=0.0):
    """Jump to the data, add noise up to the next time, jump again: later, shorter jumps
    repair earlier ones.
    """
    for index, t in enumerate(times[:-1]):
        if index:
            x = (1 - t) * x + t * rng.normal(size=x.shape)
        x = student(x, t, 0.0, error)
    return x


def map_sample(x, times, error=0.0):
    """Jump from each time to the next, as flow-map and mean-flow models do: no fresh
    noise, errors add up.
    """
    for t, r in pairwise(times):
        x = student(x, t, r, error)
    return x


# --8<-- [end:few]


def draw(count, rng):
    """Samples of the data."""
    group = rng.choice(3, size=count, p=WEIGHTS)
    return MEANS[group] + SPREADS[group] * rng.normal(size=count)


def truth(count):
    return np.interp((np.arange(count) + 0.5) / count, _cumulative(0.0), GRID)


def distance(samples):
    return float(np.abs(np.sort(samples) - truth(len(samples))).mean())


def scatter(count=100_000, t=0.9, r=0.0):
    """Quantiles of the stretch, and how far the targets of mean flow lie from their mean."""
    rng = np.random.default_rng(0)
    x0, eps = draw(count, rng), rng.normal(size=count)
    x = (1 - t) * x0 + t * eps
    mean = mean_velocity(x, r, t)
    return np.quantile(stretch(x, t, r), [0.05, 0.5, 0.95, 0.99]), [
        np.sqrt(np.mean((mean_flow_target(x0, eps, r, t, improved) - mean) ** 2))
        for improved in (False, True)
    ]


COUNTS = (1, 2, 4, 8, 16)
START = 0.999


def experiment(count=20_000, error=0.2):
    noise = np.random.default_rng(0).normal(size=count)
    rows = {}
    for steps in COUNTS:
        times = np.linspace(START, 0, steps + 1)
        runs = {
            "teacher, Euler": euler(noise, times),
            "jumps and fresh noise, perfect": consistency_sample(
                noise, times, np.random.default_rng(1)
            ),
            "jumps and fresh noise, flawed": consistency_sample(
                noise, times, np.random.default_rng(1), error
            ),
            "jumps along the path, perfect": map_sample(noise, times),
            "jumps along the path, flawed": map_sample(noise, times, error),
        }
        for name, samples in runs.items():
            rows.setdefault(name, []).append(round(distance(samples), 4))
    return {"steps": list(COUNTS), "distance": rows}


if __name__ == "__main__":
    results = experiment()
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(results) + "\n", encoding="utf-8"
        )
    print("distance to the truth by steps   " + "".join(f"{n:8d}" for n in COUNTS))
    for name, row in results["distance"].items():
        print(f"  {name:31s}" + "".join(f"{d:8.3f}" for d in row))
    noise = np.random.default_rng(0).normal(size=5000)
    ends = flow_map(noise, START, 0.0)
    counts = (1, 2, 3, 5, 9)
    misses = [
        np.abs(roll_out(noise, START, 0.0, policy(noise, START, 0.0, n)) - ends).mean()
        for n in counts
    ]
    print("policy, one evaluation: mean miss by number of predictions", *counts)
    print(" " * 33 + "".join(f"{m:8.3f}" for m in misses))
    wide, (plain, improved) = scatter()
    print(
        "stretch of the jump from 0.9 to 0, at 5, 50, 95, 99% of x:"
        + "".join(f"{w:6.1f}" for w in wide)
    )
    print(
        f"scatter of mean flow's targets there: with the pair's velocity {plain:.1f}, "
        f"with the field's {improved:.1f}"
    )
    x = np.array([0.9])
    print(
        f"from noise 0.9 in one step: velocity {euler(x, [START, 0.0])[0]:.3f}", end=""
    )
    print(
        f", mean velocity {(x - START * mean_velocity(x, 0.0, START))[0]:.3f}, truth {consistency(x, START)[0]:.3f}"
    )
