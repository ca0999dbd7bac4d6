"""Samplers judged exactly: a mixture whose denoiser is known, so that every error is
the sampler's.
"""

import json
import sys
from functools import cache
from itertools import pairwise
from pathlib import Path
from statistics import NormalDist

import numpy as np

MEANS, SPREADS, WEIGHTS = (
    np.array([-1.3, 0.4, 1.4]),
    np.array([0.15, 0.25, 0.15]),
    np.array([0.4, 0.4, 0.2]),
)


def denoise(x, sigma):
    """E[x_0 | x] for x = x_0 + sigma eps (x_t divided by alpha_t): what a perfect
    network gives.
    """
    variance = SPREADS**2 + sigma**2
    gap = x[:, None] - MEANS
    log_weight = np.log(WEIGHTS) - 0.5 * gap**2 / variance - 0.5 * np.log(variance)
    weight = np.exp(log_weight - log_weight.max(1, keepdims=True))
    weight /= weight.sum(1, keepdims=True)
    return (weight * (MEANS + SPREADS**2 * gap / variance)).sum(1)


# --8<-- [start:spacing]
def karras(steps, low=0.002, high=80.0, rho=7.0):
    """Noise levels of EDM, from high to low, then 0. rho = 1 would be evenly spaced;
    larger favours low noise.
    """
    ramp = np.linspace(0, 1, steps)
    return np.append(
        (high ** (1 / rho) + ramp * (low ** (1 / rho) - high ** (1 / rho))) ** rho, 0.0
    )


def uniform_log(steps, low=0.002, high=80.0):
    """Evenly spaced in the logarithm of the noise level."""
    return np.append(np.geomspace(high, low, steps), 0.0)


def uniform_time(steps, low=0.002, high=80.0):
    """Evenly spaced in the time of a variance-preserving path with the
    angle as time.
    """
    return np.append(np.tan(np.linspace(np.arctan(high), np.arctan(low), steps)), 0.0)


# --8<-- [end:spacing]


# --8<-- [start:euler]
def euler(x, sigmas, model, rng=None):
    """dx / dsigma = (x - D) / sigma, one evaluation a step: DDIM."""
    for now, then in pairwise(sigmas):
        x = x + (then - now) * (x - model(x, now)) / now
    return x


def heun(x, sigmas, model, rng=None):
    """Trapezoidal rule: try Euler's step, look at the slope there, repeat with the mean
    of both slopes.
    """
    for now, then in pairwise(sigmas):
        slope = (x - model(x, now)) / now
        tried = x + (then - now) * slope
        if then > 0:  # at sigma = 0 there is no slope; Euler's step is kept
            slope = (slope + (tried - model(tried, then)) / then) / 2
        x = x + (then - now) * slope
    return x


def ancestral(x, sigmas, model, rng):
    """Euler down to a lower level than wanted, then fresh noise up to it: DDPM with
    long steps.
    """
    for now, then in pairwise(sigmas):
        up = then * np.sqrt(1 - (then / now) ** 2)
        down = np.sqrt(then**2 - up**2)
        x = x + (down - now) * (x - model(x, now)) / now + up * rng.normal(size=x.shape)
    return x


# --8<-- [end:euler]


# --8<-- [start:multistep]
def dpm_plus_plus(x, sigmas, model, rng=None):
    """DPM-Solver++ (2M): the linear part exactly; the data prediction is a line through
    the last two.
    """
    before = None  # (prediction, lambda) of the previous step
    for now, then in pairwise(sigmas):
        data = model(x, now)
        slope = 0.0
        if before is not None and then > 0:
            slope = (data - before[0]) / (-np.log(now) - before[1])
        h = np.log(now / then) if then > 0 else np.inf
        x = then / now * x - np.expm1(-h) * (
            data + (h * slope / 2 if then > 0 else 0.0)
        )
        before = data, -np.log(now)
    return x


def res_multistep(x, sigmas, model, rng=None):
    """The same line through two predictions, with its integral taken exactly; 2M
    approximates it.
    """
    before = None
    for now, then in pairwise(sigmas):
        data = model(x, now)
        h = np.log(now / then) if then > 0 else np.inf
        x_next = then / now * x - np.expm1(-h) * data
        if before is not None and then > 0:
            x_next = x_next + (h + np.expm1(-h)) * (data - before[0]) / np.log(
                before[1] / now
            )
        x, before = x_next, (data, now)
    return x


def unipc(x, sigmas, model, rng=None):
    """UniPC of order two: the step above, and a correction of x by the prediction made
    at it, at no extra cost.
    """
    history = []  # (x, prediction, sigma) at the levels so far
    for now, then in pairwise(sigmas):
        data = model(x, now)
        if history:
            x = _corrected(history, data, now)
        history = [*history[-1:], (x, data, now)]
        h = np.log(now / then) if then > 0 else np.inf
        slope = 0.0
        if len(history) == 2 and then > 0:
            slope = (data - history[0][1]) / np.log(history[0][2] / now)
        x = then / now * x - np.expm1(-h) * (
            data + (h * slope / 2 if then > 0 else 0.0)
        )
    return x


# --8<-- [end:multistep]


# --8<-- [start:single]
def dpm_single(x, sigmas, model, rng=None):
    """DPM-Solver++ (2S): two levels at a stride; the prediction half-way bends the
    whole stride. Nothing is kept.
    """
    index = 0
    while index + 1 < len(sigmas):
        now, then = sigmas[index : index + 2]
        data = model(x, now)
        tried = then / now * x + (1 - then / now) * data
        if index + 2 < len(sigmas) and sigmas[index + 2] > 0:
            middle, then = then, sigmas[index + 2]
            # how far along the stride, in log-SNR
            share = np.log(now / middle) / np.log(now / then)
            tried = then / now * x + (1 - then / now) * (
                data + (model(tried, middle) - data) / (2 * share)
            )
            index += 1
        x, index = tried, index + 1
    return x


# --8<-- [end:single]


# --8<-- [start:noisy]
def dpm_sde(x, sigmas, model, rng):
    """DPM-Solver++ (2M SDE): the line through two predictions, and fresh noise. Without
    the line it is `ancestral`.
    """
    before = None  # (prediction, level) of the previous step
    for now, then in pairwise(sigmas):
        data = line = model(x, now)
        if before is not None and then > 0:
            line = data + np.log(now / then) / 2 * (data - before[0]) / np.log(
                before[1] / now
            )
        kept = (then / now) ** 2
        x = (
            kept * x
            + (1 - kept) * line
            + then * np.sqrt(1 - kept) * rng.normal(size=x.shape)
        )
        before = data, now
    return x


def churned(x, sigmas, model, rng, churn=40, low=0.05, high=50, swell=1.003):
    """EDM's stochastic sampler: at middle levels first noise up by a share, then Heun's
    step from there.
    """
    for now, then in pairwise(sigmas):
        up = now * (
            1 + min(churn / (len(sigmas) - 1), np.sqrt(2) - 1) * (low <= now <= high)
        )
        if up > now:
            x = x + swell * np.sqrt(up**2 - now**2) * rng.normal(size=x.shape)
        x = heun(x, [up, then], model)
    return x


# --8<-- [end:noisy]


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
        free = ancestral(start, sigmas, denoise, rng).reshape(runs, count, 3)
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
    x = ancestral(sigmas[0] * rng.normal(size=count), sigmas, denoise, rng)
    weight = np.exp(2.0 * x)
    return 3 * 2.0 * (weight * x).sum() / weight.sum()


def _corrected(history, data, now):
    """The last step once more, with the prediction at its end; `history` holds the
    states before it.
    """
    x, start, sigma = history[-1]
    h = np.log(sigma / now)
    scale = -np.expm1(-h)
    if len(history) == 1:
        return now / sigma * x + scale * (start + (data - start) / 2)
    # where the older prediction lies, in units of the step; negative
    ratio = np.log(sigma / history[0][2]) / h
    phi = scale / h - 1
    right = np.array([phi, 2 * (-phi / h - 0.5)]) / -scale
    rho = np.linalg.solve(np.array([[1.0, 1.0], [ratio, 1.0]]), right)
    older = (history[0][1] - start) / ratio
    return now / sigma * x + scale * (start + rho[0] * older + rho[1] * (data - start))


@cache
def quantiles(count):
    """The exact quantiles of the noise and of the data at the same, evenly likely
    places.
    """
    noise = np.array([NormalDist().inv_cdf((i + 0.5) / count) for i in range(count)])
    grid = np.linspace(-3, 3, 120_001)
    density = (
        WEIGHTS / SPREADS * np.exp(-0.5 * ((grid[:, None] - MEANS) / SPREADS) ** 2)
    ).sum(1)
    cumulative = np.cumsum(density) / density.sum()
    return noise, np.interp((np.arange(count) + 0.5) / count, cumulative, grid)


SAMPLERS = {
    "Euler (DDIM)": (euler, 1),
    "ancestral": (ancestral, 1),
    "Heun": (heun, 2),
    "DPM-Solver++ 2M": (dpm_plus_plus, 1),
    "UniPC, order 2": (unipc, 1),
}
"""Name to sampler and evaluations of the network a step."""
EXACT = {"RES, 2 steps": (res_multistep, 1)}
"""2M with the exact integral."""
NOISY = {"DPM-Solver++ 2M SDE": (dpm_sde, 1), "EDM, stochastic": (churned, 2)}
"""Second order, with fresh noise."""
EVALUATIONS = (4, 6, 8, 12, 16, 24, 32, 64, 128)
SPACINGS = {
    "Karras": karras,
    "uniform in log": uniform_log,
    "uniform in time": uniform_time,
}


def distance(sampler, evaluations, spacing=karras, count=4000):
    """Wasserstein-1 distance to the truth after this many evaluations of
    the denoiser.
    """
    noise, truth = quantiles(count)
    run, price = (SAMPLERS | EXACT | NOISY)[sampler]
    sigmas = spacing((evaluations + price - 1) // price)
    return float(
        np.abs(
            np.sort(run(sigmas[0] * noise, sigmas, denoise, np.random.default_rng(0)))
            - truth
        ).mean()
    )


def caching(steps=64, count=4000):
    """By rule: evaluations made on a run of so many levels, and the distance to the
    truth when answers are reused and when their line is carried on.
    """
    noise, truth = quantiles(count)
    sigmas, rows = karras(steps), {}
    rules = {f"every {n}th": lambda n=n: lambda step, *_: step % n == 0 for n in (8, 4)}
    rules |= {f"moved {m}": lambda m=m: when_moved(m) for m in (0.06, 0.02)}
    for name, rule in rules.items():
        for line in (False, True):
            asked = []

            def model(x, sigma, asked=asked):
                asked.append(sigma)
                return denoise(x, sigma)

            x = cached(sigmas[0] * noise, sigmas, model, rule(), line)
            gap = float(np.abs(np.sort(x) - truth).mean())
            rows.setdefault(name, []).append((len(asked), gap))
    return rows


def experiment():
    return {
        "evaluations": list(EVALUATIONS),
        "distance": {
            name: [round(distance(name, n), 5) for n in EVALUATIONS]
            for name in SAMPLERS
        },
        "spacing": {
            name: [
                round(distance("DPM-Solver++ 2M", n, spacing), 5) for n in EVALUATIONS
            ]
            for name, spacing in SPACINGS.items()
        },
        "exact": {
            name: [round(distance(name, n), 5) for n in EVALUATIONS] for name in EXACT
        },
        "noisy": {
            name: [round(distance(name, n), 5) for n in EVALUATIONS] for name in NOISY
        },
    }


if __name__ == "__main__":
    results = experiment()
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(results) + "\n", encoding="utf-8"
        )
    print("evaluations          " + "".join(f"{n:7d}" for n in EVALUATIONS))
    for name, row in (results["distance"] | results["exact"]).items():
        print(f"{name:21s}" + "".join(f"{d:7.4f}" for d in row))
    print("second order, with fresh noise")
    for name, row in results["noisy"].items():
        print(f"  {name:19s}" + "".join(f"{d:7.4f}" for d in row))
    print("DPM-Solver++ 2M, levels spaced")
    for name, row in results["spacing"].items():
        print(f"  {name:19s}" + "".join(f"{d:7.4f}" for d in row))
    print(
        "search, 32 evaluations a candidate: mean reward (and distance) by candidates"
    )
    for name, row in search().items():
        print(f"  {name:8s}" + "".join(f"{r:8.1f} ({gap:.2f})" for r, gap in row))
    print(
        f"  tilted distribution {reward(tilted(3000).reshape(-1, 3)).mean():.1f}, what "
        f"32 steps draw, tilted {within_reach(32):.1f}, 128 steps {within_reach(128):.1f}"
    )
    print("caches on 64 levels: evaluations and distance")
    print(
        "                     reused        line  | Euler and 2M with as many as reused"
    )
    for name, ((n, reused), (m, line)) in caching().items():
        rest = "".join(
            f"{distance(s, n):8.4f}" for s in ("Euler (DDIM)", "DPM-Solver++ 2M")
        )
        print(f"  {name:12s}{n:4d}{reused:8.4f}{m:4d}{line:8.4f}  |{rest}")
