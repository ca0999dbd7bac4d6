"""Samplers given more or fewer passes: caches that leave passes out, and searches that
spend several samples on one, judged exactly on the data of the page on samplers.
"""

import importlib.util
import json
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np


def _neighbour(name):
    spec = importlib.util.spec_from_file_location(
        name, Path(__file__).with_name(f"{name}.py")
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


samplers = _neighbour("samplers")
denoise, karras = samplers.denoise, samplers.karras
WEIGHTS, MEANS, SPREADS = samplers.WEIGHTS, samplers.MEANS, samplers.SPREADS


# --8<-- [start:cache]
def cached(x, sigmas, model, fresh, line=False):
    """Euler's steps, but the model is asked only where `fresh(step, x, sigma)`.
    Between, its last answer is used again, or the line through the last two carried on.
    """
    answers = []  # (prediction, level) of the last two evaluations
    for step, (now, then) in enumerate(pairwise(sigmas)):
        if fresh(step, x, now):
            answers = [*answers[-1:], (model(x, now), now)]
        data, at = answers[-1]
        if line and len(answers) == 2:
            before, level = answers[0]
            data = data + (data - before) * np.log(at / now) / np.log(level / at)
        x = then / now * x + (1 - then / now) * data
    return x


def when_moved(threshold):
    """Ask again once the network's input has moved by this share, step after step."""
    last, moved = None, np.inf  # nothing is known at the first step

    def fresh(step, x, sigma):
        nonlocal last, moved
        scaled = x / np.sqrt(sigma**2 + 1)  # what the network is given
        if last is not None:
            moved += np.abs(scaled - last).mean() / np.abs(last).mean()
        last = scaled
        if moved <= threshold:
            return False
        moved = 0.0
        return True

    return fresh


# --8<-- [end:cache]


# --8<-- [start:search]
def reward(x):
    """What is asked for: three coordinates as far to the right as possible."""
    return 2.0 * x.sum(-1)


def draw(log_weight, count, rng):
    """Rows of indices, each with a probability proportional to its weight."""
    noise = rng.gumbel(size=(len(log_weight), count, log_weight.shape[1]))
    return (log_weight[:, None] + noise).argmax(2)


def steer(runs, candidates, sigmas, model, rng, every=2):
    """Feynman-Kac steering: at some levels, candidates are drawn anew with weights
    exp(by how much the reward of the predicted data has grown since the last time).
    """
    x = sigmas[0] * rng.normal(size=(runs, candidates, 3))
    promised = np.zeros((runs, candidates))
    for step, (now, then) in enumerate(pairwise(sigmas)):
        data = model(x.ravel(), now).reshape(x.shape)
        if step and step % every == 0 and candidates > 1:
            chosen = draw(reward(data) - promised, candidates, rng)[..., None]
            x = np.take_along_axis(x, chosen, 1)
            data = np.take_along_axis(data, chosen, 1)
            promised = reward(data)
        kept = (then / now) ** 2  # the ancestral step
        fresh = then * np.sqrt(1 - kept) * rng.normal(size=x.shape)
        x = kept * x + (1 - kept) * data + fresh
    last = draw(reward(x) - promised, 1, rng)
    return np.take_along_axis(x, last[..., None], 1)[:, 0]


# --8<-- [end:search]


def tilted(count):
    """Quantiles of one coordinate of p(x) exp(reward(x)), which is what steering aims
    at.
    """
    grid = np.linspace(-3, 3, 120_001)
    density = (
        WEIGHTS / SPREADS * np.exp(-0.5 * ((grid[:, None] - MEANS) / SPREADS) ** 2)
    ).sum(1) * np.exp(2.0 * grid)
    cumulative = np.cumsum(density) / density.sum()
    return np.interp((np.arange(count) + 0.5) / count, cumulative, grid)


def search(runs=500, counts=(1, 4, 16, 64), steps=32):
    """Mean reward and distance to the tilted distribution: the best of so many samples,
    and as many steered together.
    """
    sigmas, target, rows = karras(steps), tilted(3 * runs), {}
    for count in counts:
        rng = np.random.default_rng(0)
        start = sigmas[0] * rng.normal(size=3 * runs * count)
        free = samplers.ancestral(start, sigmas, denoise, rng).reshape(runs, count, 3)
        best = free[np.arange(runs), reward(free).argmax(1)]
        for name, x in (
            ("best of", best),
            ("steered", steer(runs, count, sigmas, denoise, rng)),
        ):
            gap = np.abs(np.sort(x.ravel()) - target).mean()
            rows.setdefault(name, []).append((reward(x).mean(), gap))
    return rows


def within_reach(steps, count=50_000):
    """Mean reward of the sampler's own distribution, tilted: what steering tends to with
    ever more candidates. The three coordinates are alike, so one is drawn.
    """
    sigmas, rng = karras(steps), np.random.default_rng(0)
    x = samplers.ancestral(sigmas[0] * rng.normal(size=count), sigmas, denoise, rng)
    weight = np.exp(2.0 * x)
    return 3 * 2.0 * (weight * x).sum() / weight.sum()


def split(passes=512, runs=500):
    """By steps of a sample: how many samples so many passes pay for, the mean reward of
    the best, and the share of its coordinates where there are data.
    """
    rows = {}
    for steps in (4, 8, 16, 32, 64, 128):
        rng, count = np.random.default_rng(0), passes // steps
        sigmas = samplers.uniform_log(steps)
        start = sigmas[0] * rng.normal(size=3 * runs * count)
        x = samplers.dpm_plus_plus(start, sigmas, denoise).reshape(runs, count, 3)
        best = x[np.arange(runs), reward(x).argmax(1)]
        away = np.abs(best[..., None] - MEANS) / SPREADS
        rows[steps] = count, reward(best).mean(), (away.min(-1) < 3).mean()
    return rows


EVEN = {"every 16th": 16, "every 8th": 8, "every 4th": 4, "every 2nd": 2}
MOVED = {f"moved {share}": share for share in (0.15, 0.06, 0.02, 0.006)}


def caching(steps=64, count=4000):
    """By rule: evaluations made on a run of so many levels, the distance to the truth
    when answers are reused and when their line is carried on, and where it asked.
    """
    noise, truth = samplers.quantiles(count)
    sigmas, rows = karras(steps), {}
    rules = {
        name: lambda n=n: lambda step, *_: step % n == 0 for name, n in EVEN.items()
    }
    rules |= {name: lambda m=m: when_moved(m) for name, m in MOVED.items()}
    for name, rule in rules.items():
        for line in (False, True):
            asked = []

            def model(x, sigma, asked=asked):
                asked.append(float(sigma))
                return denoise(x, sigma)

            x = cached(sigmas[0] * noise, sigmas, model, rule(), line)
            gap = float(np.abs(np.sort(x) - truth).mean())
            rows.setdefault(name, []).append((asked, gap))
    return rows


def solvers(evaluations):
    """Distances of solvers that take as many evaluations, evenly spaced in two ways."""
    return {
        "Euler": samplers.distance("Euler (DDIM)", evaluations),
        "2M": samplers.distance("DPM-Solver++ 2M", evaluations),
        "2M, even in log": samplers.distance(
            "DPM-Solver++ 2M", evaluations, samplers.uniform_log
        ),
    }


def experiment():
    counts = (1, 2, 4, 8, 16, 32, 64)
    found, caches = search(counts=counts), caching()
    return {
        "search": {
            "counts": list(counts),
            "reward": {n: [round(r, 3) for r, _ in row] for n, row in found.items()},
            "distance": {n: [round(g, 4) for _, g in row] for n, row in found.items()},
            "tilted": round(reward(tilted(3000).reshape(-1, 3)).mean(), 3),
            "reach": {str(n): round(within_reach(n), 3) for n in (32, 128)},
        },
        "split": {
            str(steps): {
                "samples": count,
                "reward": round(float(r), 3),
                "inside": round(float(share), 4),
            }
            for steps, (count, r, share) in split().items()
        },
        "caches": {
            name: {
                "reused": [len(asked), round(gap, 5)],
                "line": [len(also), round(line, 5)],
                "asked": [round(sigma, 5) for sigma in asked],
            }
            for name, ((asked, gap), (also, line)) in caches.items()
        },
        "solvers": {
            str(n): {name: round(gap, 5) for name, gap in solvers(n).items()}
            for n in (4, 8, 16, 32)
        },
    }


if __name__ == "__main__":
    results = experiment()
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(results) + "\n", encoding="utf-8"
        )
    row = results["search"]
    print("by candidates, 32 evaluations each")
    print(" " * 20 + "".join(f"{n:7d}" for n in row["counts"]))
    for name in row["reward"]:
        for what in ("reward", "distance"):
            values = "".join(f"{value:7.2f}" for value in row[what][name])
            print(f"  {name:8s} {what:9s}{values}")
    print(
        f"  tilted distribution {row['tilted']:.1f}, what 32 steps draw, tilted "
        f"{row['reach']['32']:.1f}, 128 steps {row['reach']['128']:.1f}"
    )
    print("512 evaluations: steps, samples, reward of the best, share where data are")
    for steps, row in results["split"].items():
        print(
            f"  {steps:>4s}{row['samples']:5d}{row['reward']:7.2f}{row['inside']:7.3f}"
        )
    print("caches on 64 levels: evaluations and distance")
    print("                    reused        line")
    for name, rule in results["caches"].items():
        (n, reused), (m, line) = rule["reused"], rule["line"]
        print(f"  {name:11s}{n:4d}{reused:8.4f}{m:4d}{line:8.4f}")
    print("solvers with so many evaluations")
    for n, gaps in results["solvers"].items():
        print(
            f"  {n:>3s}" + "".join(f"  {name} {gap:.4f}" for name, gap in gaps.items())
        )
