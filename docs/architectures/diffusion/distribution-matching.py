"""Generators taught without paths: by the difference of two scores (distribution
matching), and by attraction and repulsion (drifting), on the data of few-step models.
"""

import importlib.util
import json
import sys
from pathlib import Path

import numpy as np


def _neighbour(name):
    spec = importlib.util.spec_from_file_location(
        name, Path(__file__).with_name(f"{name}.py")
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


few = _neighbour("distillation")
MEANS, SPREADS, WEIGHTS = few.MEANS, few.SPREADS, few.WEIGHTS
draw, distance = few.draw, few.distance


# --8<-- [start:dmd]
def score(x, t, centres, spreads, weights):
    """Score of x_t for a mixture in the data."""
    gap = x[:, None] - (1 - t) * centres
    variance = ((1 - t) * spreads) ** 2 + t**2
    log_weight = np.log(weights) - 0.5 * gap**2 / variance - 0.5 * np.log(variance)
    weight = np.exp(log_weight - log_weight.max(1, keepdims=True))
    return -(weight * gap / variance).sum(1) / weight.sum(1)


def distribution_matching(samples, times, steps, rng, rate=0.1, renewed=1):
    """Move a generator's samples along real score minus own score, both of noised
    samples; the own score is learnt anew at every so-manieth update.

    The samples stand for a one-step generator; their own score is that of a mixture
    with one point a sample, where DMD trains a second network for it. No path, no
    pairs: only the distributions are compared.
    """
    states = [samples]
    own = np.full(len(samples), 1 / len(samples))
    for step in range(steps):
        if step % renewed == 0:
            known = samples
        t = rng.choice(times)
        noisy = (1 - t) * samples + t * rng.normal(size=samples.shape)
        real = score(noisy, t, MEANS, SPREADS, WEIGHTS)
        fake = score(noisy, t, known, np.zeros(len(samples)), own)
        samples = samples + rate * t * (real - fake)
        states.append(samples)
    return states


# --8<-- [end:dmd]


# --8<-- [start:drift]
def shift(x, points, temperature, gaussian=False, leave_out_own=False):
    """Mean shift: from each x to the mean of the points, weighted by nearness."""
    gap = np.abs(x[:, None] - points) / temperature
    log_weight = -0.5 * gap**2 if gaussian else -gap
    if leave_out_own:
        np.fill_diagonal(log_weight, -np.inf)
    weight = np.exp(log_weight - log_weight.max(1, keepdims=True))
    return weight @ points / weight.sum(1) - x


def drift(samples, data, temperatures, attraction=1.0, repulsion=1.0):
    """Towards data nearby, away from other samples nearby: zero on average once both
    have the same distribution.
    """
    towards = np.mean([shift(samples, data, h) for h in temperatures], axis=0)
    away = np.mean(
        [shift(samples, samples, h, leave_out_own=True) for h in temperatures], axis=0
    )
    return attraction * towards - repulsion * away


# --8<-- [end:drift]


DRIFTS = {
    "temperature 0.05": ([0.05], 1.0, 1.0),
    "temperature 0.5": ([0.5], 1.0, 1.0),
    "0.05, 0.2 and 0.5": ([0.05, 0.2, 0.5], 1.0, 1.0),
    "the same, 1.5 x attraction": ([0.05, 0.2, 0.5], 1.5, 1.0),
    "the same, attraction only": ([0.05, 0.2, 0.5], 1.0, 0.0),
}


def drifting(count=150, steps=900, rate=0.3):
    """Samples that begin at one group, drifted with fresh data at every update; states
    after 0, a third and all.
    """
    rows = {}
    for name, (temperatures, attraction, repulsion) in DRIFTS.items():
        rng, x, states = np.random.default_rng(0), np.linspace(-1.9, -1.1, count), []
        for step in range(steps + 1):
            if step in (0, steps // 3, steps):
                states.append(x)
            x = x + rate * drift(
                x, draw(count, rng), temperatures, attraction, repulsion
            )
        rows[name] = states
    return rows


LEVELS = {
    "low noise only": np.array([0.1, 0.2]),
    "all levels": np.linspace(0.1, 0.9, 9),
}
RENEWED = (1, 10, 20, 30, 100)


def matching(count=150, steps=900):
    """Samples that begin at one group, moved with few and with many noise levels."""
    start = np.linspace(-1.9, -1.1, count)
    return {
        name: [
            state.round(3).tolist()
            for state in distribution_matching(
                start, times, steps, np.random.default_rng(0)
            )[:: steps // 30]
        ]
        for name, times in LEVELS.items()
    }


def lagging(count=150, steps=900):
    """Distance at the end, and how far from 0 a sample ever was, if the samples' own
    score is renewed at every so-manieth update only.
    """
    start, ends = np.linspace(-1.9, -1.1, count), {}
    for n in RENEWED:
        states = distribution_matching(
            start, LEVELS["all levels"], steps, np.random.default_rng(0), renewed=n
        )
        ends[n] = distance(states[-1]), float(np.abs(states).max())
    return ends


def shares(samples):
    """How the samples are divided among the groups of the data."""
    groups = np.abs(samples[:, None] - MEANS).argmin(1)
    return (np.bincount(groups, minlength=3) / len(samples)).round(2)


if __name__ == "__main__":
    moved, drifted = matching(), drifting()
    if "--data" in sys.argv:
        tracks = {name: np.array(s)[:, ::5].tolist() for name, s in moved.items()}
        Path(__file__).with_suffix(".json").write_text(
            json.dumps({"matching": tracks}) + "\n", encoding="utf-8"
        )
    print("samples that begin at one group; shares of groups in the data", WEIGHTS)
    print("distribution matching: distance at start and end, shares")
    for name, states in moved.items():
        first, last = np.array(states[0]), np.array(states[-1])
        print(
            f"  {name:26s}{distance(first):8.2f}{distance(last):8.2f}   {shares(last)}"
        )
    print(f"furthest of the data {np.abs(few.truth(150)).max():.1f}")
    print("own score renewed every so many updates: distance at the end, furthest ever")
    for n, (gap, reach) in lagging().items():
        # where they run away, rounding decides how far
        print(f"  {n:4d}" + (f"{gap:8.2f}{reach:8.1f}" if gap < 9 else "  runs away"))
    print("drifting: distance at start, after 300, 900 updates, shares")
    for name, states in drifted.items():
        # no third digit: where so few samples move, rounding decides it
        gaps = "".join(f"{distance(s):8.2f}" for s in states)
        print(f"  {name:26s}{gaps}   {shares(states[-1])}")
