"""DDPM with a perfect network: the forward process, its posterior, ancestral steps and
the variational bound.
"""

import json
import sys
from pathlib import Path

import numpy as np

ANGLES = np.linspace(0.6, 3.4 * np.pi, 60)
SPIRAL = np.stack([ANGLES * np.cos(ANGLES), ANGLES * np.sin(ANGLES)], axis=1) / 5.5
"""Means of the data in two dimensions, `[60, 2]`: equally likely Gaussians along a
spiral.
"""

MEANS, WEIGHTS = np.array([[-1.3], [0.4], [1.4]]), np.array([0.4, 0.4, 0.2])
SPREAD = 0.15
"""Three Gaussians of this standard deviation in one dimension, for the numbers."""


# --8<-- [start:forward]
def linear_betas(steps=1000, first=1e-4, last=0.02):
    """The variances beta_t of the T little steps; index 0 is t = 1."""
    return np.linspace(first, last, steps)


def levels(betas):
    """Signal and noise levels after t steps: x_t = alpha_t x_0 + sigma_t eps."""
    alpha_bar = np.cumprod(1 - betas)
    return np.sqrt(alpha_bar), np.sqrt(1 - alpha_bar)


def posterior(x0, x, t, betas):
    """Mean and variance of q(x_{t-1} | x_t, x_0): where x came from, if the data were
    known.
    """
    alpha, sigma = levels(betas)
    before, noise_before = (alpha[t - 1], sigma[t - 1]) if t else (1.0, 0.0)
    mean = (
        before * betas[t] / sigma[t] ** 2 * x0
        + np.sqrt(1 - betas[t]) * noise_before**2 / sigma[t] ** 2 * x
    )
    return mean, betas[t] * noise_before**2 / sigma[t] ** 2


# --8<-- [end:forward]


def exact_noise(x, alpha, sigma, means=MEANS, weights=WEIGHTS, spread=SPREAD):
    """E[eps | x_t] for a mixture: what a perfect network predicts; `x` is `[n,
    dimensions]`.
    """
    variance = (alpha * spread) ** 2 + sigma**2
    gap = x[:, None] - alpha * means
    log_weight = np.log(weights) - 0.5 * (gap**2).sum(-1) / variance
    weight = np.exp(log_weight - log_weight.max(1, keepdims=True))
    weight /= weight.sum(1, keepdims=True)
    return sigma * (weight[..., None] * gap).sum(1) / variance


# --8<-- [start:reverse]
def training_example(x0, betas, rng):
    """What the network sees, (x_t, t), and the noise it is asked for."""
    alpha, sigma = levels(betas)
    t = rng.integers(len(betas), size=(len(x0), 1))
    eps = rng.normal(size=x0.shape)
    return alpha[t] * x0 + sigma[t] * eps, t, eps


def reverse_step(x, t, eps, betas, noise, large_variance=False):
    """From x_t to x_{t-1} with a predicted noise: the posterior's mean for the implied
    x_0, and fresh noise.
    """
    alpha, sigma = levels(betas)
    mean, variance = posterior((x - sigma[t] * eps) / alpha[t], x, t, betas)
    if large_variance:
        variance = betas[t] if t else 0.0
    return mean + np.sqrt(variance) * noise


def sample(betas, count, rng, network=exact_noise, dimensions=1, large_variance=False):
    """All states from x_T to x_0, `[T + 1, count, dimensions]`."""
    alpha, sigma = levels(betas)
    states = [rng.normal(size=(count, dimensions))]
    for t in reversed(range(len(betas))):
        eps = network(states[-1], alpha[t], sigma[t])
        noise = rng.normal(size=states[-1].shape)
        states.append(reverse_step(states[-1], t, eps, betas, noise, large_variance))
    return np.array(states)


# --8<-- [end:reverse]


# --8<-- [start:training-set]
def sees_all(points):
    """The network with the least loss on these training points, and on nothing else."""
    shares = np.full(len(points), 1 / len(points))
    return lambda x, alpha, sigma: exact_noise(x, alpha, sigma, points, shares, 0.0)


def sees_one(points):
    """The same, if the output at a coordinate depends on this coordinate only."""
    networks = [sees_all(column[:, None]) for column in points.T]
    return lambda x, alpha, sigma: np.concatenate(
        [
            network(column[:, None], alpha, sigma)
            for network, column in zip(networks, x.T, strict=True)
        ],
        axis=1,
    )


# --8<-- [end:training-set]


def respaced(betas, steps):
    """A shorter chain that visits some of the long one's levels."""
    alpha_bar = np.cumprod(1 - betas)[
        np.linspace(0, len(betas), steps + 1).round().astype(int)[1:] - 1
    ]
    return 1 - alpha_bar / np.append(1.0, alpha_bar[:-1])


def density(x, alpha=1.0, sigma=0.0):
    """The density of x_t in one dimension."""
    variance = (alpha * SPREAD) ** 2 + sigma**2
    terms = np.exp(-0.5 * (x[:, None] - alpha * MEANS[:, 0]) ** 2 / variance) / np.sqrt(
        2 * np.pi * variance
    )
    return (WEIGHTS * terms).sum(1)


# --8<-- [start:bound]
def remaining_error(betas, grid):
    """E (eps - E[eps | x_t])^2 by level: the loss that even a perfect network keeps, by
    integration.
    """
    out = []
    for alpha, sigma in zip(*levels(betas), strict=True):
        predicted = exact_noise(grid[:, None], alpha, sigma)[:, 0]
        out.append(
            1 - (density(grid, alpha, sigma) * predicted**2).sum() * (grid[1] - grid[0])
        )
    return np.array(out)


def bound_weights(betas):
    """The factor of the squared error of the noise in the bound, small variance, for t
    = 2 and later.
    """
    return step_terms(betas, np.ones(len(betas)), "small")


def step_terms(betas, error, choice):
    """E KL(q(x_{t-1} | x_t, x_0) || p(x_{t-1} | x_t)) for t = 2 and later: Gaussians of
    different mean and variance.
    """
    sigma = levels(betas)[1]
    true = betas[1:] * sigma[:-1] ** 2 / sigma[1:] ** 2
    # squared distance of the means
    gap = betas[1:] ** 2 / ((1 - betas[1:]) * sigma[1:] ** 2) * error[1:]
    own = {"small": true, "large": betas[1:], "best": true + gap}[choice]
    return 0.5 * ((true + gap) / own - 1 + np.log(own / true))


def bound(betas, grid, choice="small"):
    """Nats a sample with a perfect network: the last level, the steps, and the decoder
    p(x_0 | x_1).
    """
    alpha, sigma = levels(betas)
    error = remaining_error(betas, grid)
    power = (WEIGHTS * (MEANS[:, 0] ** 2 + SPREAD**2)).sum()
    last = 0.5 * (sigma[-1] ** 2 + alpha[-1] ** 2 * power - 1 - np.log(sigma[-1] ** 2))
    gap = sigma[0] ** 2 / alpha[0] ** 2 * error[0]
    own = gap if choice == "best" else betas[0]
    decoder = 0.5 * np.log(2 * np.pi * own) + 0.5 * gap / own
    return last + step_terms(betas, error, choice).sum() + decoder


# --8<-- [end:bound]


def distance(samples):
    """Wasserstein-1 distance between samples and the three Gaussians, by quantiles."""
    grid = np.linspace(-4, 4, 20_001)
    cumulative = np.cumsum(density(grid))
    places = (np.arange(len(samples)) + 0.5) / len(samples)
    return float(
        np.abs(
            np.sort(samples) - np.interp(places, cumulative / cumulative[-1], grid)
        ).mean()
    )


def copies(count=500, near=0.01):
    """Samples of networks that know eight points only: which share is one of them, and
    how many different pairs of their coordinates occur.
    """
    points, out = SPIRAL[3::8], {}
    for name, network in (("all", sees_all(points)), ("one", sees_one(points))):
        rng = np.random.default_rng(0)
        samples = sample(linear_betas(), count, rng, network, dimensions=2)[-1]
        gap = np.abs(samples[:, None] - points)
        pairs = {tuple(pair) for pair in gap.argmin(1).tolist()}
        out[name] = {
            "copied": float((gap.max(2).min(1) < near).mean()),
            "coordinates": float((gap.min(1) < near).mean()),
            "pairs": len(pairs),
            "samples": np.round(samples[:200], 2).tolist(),
        }
    return out


STEPS = (5, 10, 25, 50, 100, 250)


def experiment(count=4000):
    out = {"steps": list(STEPS), "small": [], "large": []}
    for steps in STEPS:
        for name in ("small", "large"):
            rng = np.random.default_rng(0)
            states = sample(
                respaced(linear_betas(), steps),
                count,
                rng,
                large_variance=name == "large",
            )
            out[name].append(round(distance(states[-1][:, 0]), 4))
    return out


def spiral_states(count=110, seed=0):
    """The spiral dissolving and forming again, at t = 0, 30, 80, 200 and 1000."""
    rng, betas, shown = (
        np.random.default_rng(seed),
        linear_betas(),
        (0, 30, 80, 200, 1000),
    )
    alpha, sigma = (
        np.append(first, level)
        for first, level in zip((1.0, 0.0), levels(betas), strict=True)
    )
    x0 = SPIRAL[rng.integers(len(SPIRAL), size=count)] + 0.04 * rng.normal(
        size=(count, 2)
    )
    eps = rng.normal(size=x0.shape)
    weights = np.full(len(SPIRAL), 1 / len(SPIRAL))

    def network(x, alpha, sigma):
        return exact_noise(x, alpha, sigma, SPIRAL, weights, 0.04)

    reverse = sample(betas, count, rng, network, dimensions=2)[::-1]
    forward = [np.round(alpha[t] * x0 + sigma[t] * eps, 2).tolist() for t in shown]
    return {
        "t": list(shown),
        "forward": forward,
        "reverse": [np.round(reverse[t], 2).tolist() for t in shown],
    }


if __name__ == "__main__":
    betas, grid = linear_betas(), np.linspace(-7, 7, 8001)
    results, copied = experiment(), copies()
    if "--data" in sys.argv:
        results |= {
            "spiral": spiral_states(),
            "weights": np.round(bound_weights(betas), 5).tolist()[::9],
            "training points": np.round(SPIRAL[3::8], 2).tolist(),
            "copies": {name: seen["samples"] for name, seen in copied.items()},
        }
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(results) + "\n", encoding="utf-8"
        )
    alpha, sigma = levels(betas)
    print(f"at t = 1000: signal {alpha[-1]:.4f}, noise {sigma[-1]:.5f}")
    print("distance to the truth by steps " + "".join(f"{steps:7d}" for steps in STEPS))
    print(
        "  variance of the posterior    "
        + "".join(f"{d:7.3f}" for d in results["small"])
    )
    print(
        "  variance beta_t              "
        + "".join(f"{d:7.3f}" for d in results["large"])
    )
    remaining = remaining_error(betas, grid)
    loss = [f"{remaining[t - 1]:.3f}" for t in (1, 30, 100, 300, 1000)]
    print(
        f"loss of a perfect network: {remaining.mean():.3f};",
        f"at t = 1, 30, 100, 300, 1000:\n  {'  '.join(loss)}",
    )
    entropy = -(density(grid) * np.log(density(grid) + 1e-300)).sum() * (
        grid[1] - grid[0]
    )
    print(f"entropy of the data {entropy:.3f} nats; bound of a perfect network:")
    for choice in ("small", "large", "best"):
        bounds = [
            bound(respaced(betas, steps), grid, choice) for steps in (50, 250, 1000)
        ]
        print(
            f"  {choice:5s} variance, 50, 250, 1000 steps: "
            + "".join(f"{b:7.3f}" for b in bounds)
        )
    print("least loss on eight training points, 64 pairs of their coordinates:")
    for name, seen in copied.items():
        print(
            f"  sees {name}: {seen['copied']:4.0%} of samples and "
            f"{seen['coordinates']:.0%} of coordinates are one's; {seen['pairs']} pairs"
        )
