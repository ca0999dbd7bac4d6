"""DDIM with a perfect network: its family of samplers, the map from noise to data, and
inversion.
"""

import json
import sys
from itertools import pairwise
from pathlib import Path
from statistics import NormalDist

import numpy as np

MEANS, SPREADS, WEIGHTS = (
    np.array([-1.3, 0.4, 1.4]),
    np.array([0.15, 0.25, 0.15]),
    np.array([0.4, 0.4, 0.2]),
)
ALPHA_BAR = np.cumprod(1 - np.linspace(1e-4, 0.02, 1000))
"""DDPM's thousand levels."""


def exact_noise(x, alpha, sigma):
    """E[eps | x_t] for the mixture above: what a perfect network predicts."""
    variance = (alpha * SPREADS) ** 2 + sigma**2
    gap = x[:, None] - alpha * MEANS
    log_weight = np.log(WEIGHTS) - 0.5 * gap**2 / variance - 0.5 * np.log(variance)
    weight = np.exp(log_weight - log_weight.max(1, keepdims=True))
    weight /= weight.sum(1, keepdims=True)
    return sigma * (weight * gap / variance).sum(1)


# --8<-- [start:step]
def step(x, eps, now, then, eta=0.0, noise=0.0):
    """From the level `now` to `then`, each (alpha, sigma). eta = 0 is DDIM, eta = 1
    DDPM's chain.
    """
    (alpha, sigma), (next_alpha, next_sigma) = now, then
    x0 = (x - sigma * eps) / alpha
    fresh = eta * next_sigma / sigma * np.sqrt(1 - (alpha / next_alpha) ** 2)
    return next_alpha * x0 + np.sqrt(next_sigma**2 - fresh**2) * eps + fresh * noise


def timesteps(steps, spacing, total=1000):
    """Which of the training steps 0 .. total - 1 a sampler visits, from
    noise to data.
    """
    if spacing == "leading":
        return (np.arange(steps) * (total // steps))[::-1]
    if spacing == "trailing":
        return np.round(np.arange(total, 0, -total / steps)).astype(int) - 1
    return np.round(np.linspace(total - 1, 0, steps)).astype(int)  # linspace


def visited(steps, spacing="trailing"):
    """The levels on the way, and at the end clean data."""
    alpha_bar = np.append(ALPHA_BAR[timesteps(steps, spacing)], 1.0)
    return list(zip(np.sqrt(alpha_bar), np.sqrt(1 - alpha_bar), strict=True))


def sample(x, levels, eta=0.0, rng=None, network=exact_noise):
    """All states from noise to data."""
    states = [x]
    for now, then in pairwise(levels):
        noise = rng.normal(size=x.shape) if eta else 0.0
        states.append(
            step(states[-1], network(states[-1], *now), now, then, eta, noise)
        )
    return states


# --8<-- [end:step]


# --8<-- [start:inversion]
def invert(x, levels, rounds=0, network=exact_noise):
    """From data back to noise.

    The step that made x used the prediction at its *start*, which is what is sought.
    With `rounds` = 0 the prediction at x stands in for it; each further round evaluates
    it at the guess, a fixed-point iteration.
    """
    for then, now in pairwise(levels[::-1]):  # sampling went from `now` to `then`
        guess = x
        # at the clean end there is no noise to predict
        eps = network(x, *(then if then[1] else now))
        for round_ in range(rounds + 1):
            if round_:
                eps = network(guess, *now)
            guess = now[0] * (x - then[1] * eps) / then[0] + now[1] * eps
        x = guess
    return x


# --8<-- [end:inversion]


# --8<-- [start:spread]
def spread_after(spread, levels, eta, large=False):
    """Spread of the samples, relative to that of Gaussian data, with a perfect network:
    exact, as all is linear.

    `large` adds the noise of DDPM's larger variance, though the share of predicted
    noise fits the smaller one.
    """
    variance = 1.0
    for (alpha, sigma), (next_alpha, next_sigma) in pairwise(levels):
        slope = sigma / ((alpha * spread) ** 2 + sigma**2)  # eps = slope * x
        least = next_sigma / sigma * np.sqrt(1 - (alpha / next_alpha) ** 2)
        kept = (
            next_alpha * (1 - sigma * slope) / alpha
            + np.sqrt(next_sigma**2 - (eta * least) ** 2) * slope
        )
        fresh = (
            np.sqrt(1 - (alpha / next_alpha) ** 2) * (next_sigma > 0)
            if large
            else eta * least
        )
        variance = kept**2 * variance + fresh**2
    return np.sqrt(variance) / spread


# --8<-- [end:spread]


def flawed_noise(x, alpha, sigma):
    """A network that is a little wrong where there is almost only noise, and exact
    elsewhere.
    """
    return exact_noise(x, alpha, sigma) + (0.1 if sigma > 0.95 else 0.0)


def quantile_map(z):
    """Where the exact deterministic flow carries the noise z: in one dimension it keeps
    the order.
    """
    grid = np.linspace(-3, 3, 60_001)
    density = (
        WEIGHTS / SPREADS * np.exp(-0.5 * ((grid[:, None] - MEANS) / SPREADS) ** 2)
    ).sum(1)
    cumulative = np.cumsum(density) / density.sum()
    return np.interp([NormalDist().cdf(value) for value in z], cumulative, grid)


def normal_quantiles(count):
    """Evenly likely noise: takes chance out of the start, so that only the sampler's
    error is left.
    """
    return np.array([NormalDist().inv_cdf((i + 0.5) / count) for i in range(count)])


def distance(samples):
    """Wasserstein-1 distance between samples and the mixture."""
    return float(
        np.abs(np.sort(samples) - quantile_map(normal_quantiles(len(samples)))).mean()
    )


STEPS = (5, 10, 20, 50, 100, 250)
PAPER_STEPS = (10, 20, 50, 100, 1000)
"""Of the table that DDIM's authors measured on images."""
ETAS = (0.0, 0.5, 1.0)


def round_trip(steps, rounds, network=exact_noise):
    """Mean distance between data and what becomes of them on the way to
    noise and back.
    """
    levels = visited(steps)
    data = quantile_map(np.linspace(-2, 2, 101))
    return float(
        np.abs(
            sample(invert(data, levels, rounds, network), levels, network=network)[-1]
            - data
        ).mean()
    )


def experiment(count=8000):
    start = normal_quantiles(count)
    out = {
        "steps": list(STEPS),
        "distance": {},
        "flawed": {},
        "map": {},
        "round trip": {},
    }
    for eta in ETAS:
        for name, network in (("distance", exact_noise), ("flawed", flawed_noise)):
            runs = [
                sample(start, visited(n), eta, np.random.default_rng(0), network)[-1]
                for n in STEPS
            ]
            out[name][str(eta)] = [round(distance(samples), 4) for samples in runs]
    z = np.linspace(-2.4, 2.4, 121)
    out["z"] = z.round(2).tolist()
    for steps in (5, 20):
        out["map"][f"DDIM, {steps} steps"] = (
            sample(z, visited(steps))[-1].round(3).tolist()
        )
    out["map"]["DDPM, 100 steps"] = (
        sample(z, visited(100), 1.0, np.random.default_rng(1))[-1].round(3).tolist()
    )
    out["map"]["exact"] = quantile_map(z).round(3).tolist()
    for rounds in (0, 1, 5):
        out["round trip"][str(rounds)] = [
            round(round_trip(steps, rounds), 5) for steps in STEPS
        ]
    return out


if __name__ == "__main__":
    stored = Path(__file__).with_suffix(".json")
    if "--data" in sys.argv:
        stored.write_text(json.dumps(experiment()) + "\n", encoding="utf-8")
    results = json.loads(stored.read_text(encoding="utf-8"))
    print("distance to the truth by steps   " + "".join(f"{s:8d}" for s in STEPS))
    for key, suffix in (("distance", ""), ("flawed", ", flawed network")):
        for eta in ETAS:
            name = {0.0: "eta = 0, DDIM", 1.0: "eta = 1, DDPM"}.get(
                eta, f"eta = {eta:g}"
            ) + suffix
            print(
                f"  {name:31s}" + "".join(f"{d:8.3f}" for d in results[key][str(eta)])
            )
    print("to noise and back: mean error")
    for rounds, name in (
        ("0", "plain"),
        ("1", "one more evaluation a step"),
        ("5", "five more"),
    ):
        print(
            f"  {name:31s}"
            + "".join(f"{d:8.4f}" for d in results["round trip"][rounds])
        )
    print(
        "spread left where data have 0.02    " + "".join(f"{s:8d}" for s in PAPER_STEPS)
    )
    for name, eta, large in (
        ("DDIM", 0.0, False),
        ("DDPM, smaller variance", 1.0, False),
        ("DDPM, larger", 1.0, True),
    ):
        spreads = [
            spread_after(0.02, visited(steps, "leading"), eta, large)
            for steps in PAPER_STEPS
        ]
        print(f"  {name:34s}" + "".join(f"{s:8.2f}" for s in spreads))
    for spacing in ("leading", "linspace", "trailing"):
        print(f"five of a thousand steps, {spacing:9s}", timesteps(5, spacing).tolist())
