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
