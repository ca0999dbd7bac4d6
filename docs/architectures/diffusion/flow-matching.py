"""Flow matching on a mixture of Gaussians: conditional and marginal velocity,
straightening, and shifted times.
"""

import json
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np

MEANS, SPREADS, WEIGHTS = (
    np.array([-2.0, 2.0]),
    np.array([0.3, 0.3]),
    np.array([0.5, 0.5]),
)


# --8<-- [start:velocity]
def conditional_velocity(x0, noise):
    """Along the straight path x_t = (1-t) x0 + t noise the velocity is constant: what
    the network is trained on.
    """
    return noise - x0


def marginal_velocity(x, t):
    """E[noise - x0 | x_t = x]: what a perfect network learns, for the mixture above."""
    variance = ((1 - t) * SPREADS) ** 2 + t**2
    gap = x[:, None] - (1 - t) * MEANS
    log_weight = np.log(WEIGHTS) - 0.5 * gap**2 / variance - 0.5 * np.log(variance)
    weight = np.exp(log_weight - log_weight.max(1, keepdims=True))
    weight /= weight.sum(1, keepdims=True)
    x0 = MEANS + (1 - t) * SPREADS**2 * gap / variance
    noise = t * gap / variance
    return (weight * (noise - x0)).sum(1)


# --8<-- [end:velocity]


# --8<-- [start:sample]
def euler(velocity, x, times):
    """From noise at times[0] = 1 to data at times[-1] = 0; returns all states."""
    states = [x]
    for now, then in pairwise(times):
        states.append(states[-1] + (then - now) * velocity(states[-1], now))
    return states


def shifted(times, shift):
    """Spend more of the steps at high noise: a shift of 1 changes nothing, larger ones
    move all times up.
    """
    return shift * times / (1 + (shift - 1) * times)


def shift_of_flux(tokens):
    """FLUX.1's shift grows with the picture: the exponential of a line through 0.5 at
    256 tokens, 1.15 at 4,096.
    """
    return np.exp(0.5 + (1.15 - 0.5) * (tokens - 256) / (4096 - 256))


def shift_of_flux2(tokens, steps):
    """FLUX.2's grows with the picture and falls with the number of steps: between two
    lines, for 10 and for 200 steps; over 4,300 tokens the second serves for all.
    """
    many, few = 0.00016927 * tokens + 0.45666666, 8.73809524e-05 * tokens + 1.89833333
    share = 1 if tokens > 4300 else (steps - 10) / 190
    return np.exp(few + share * (many - few))


# --8<-- [end:sample]


# --8<-- [start:times]
def training_times(normal, mean=0.0, spread=1.0):
    """Logistic-normal times: few near 0 and 1, most in the middle."""
    return 1 / (1 + np.exp(-(mean + spread * normal)))


# --8<-- [end:times]


# --8<-- [start:pairs]
def paired_by_distance(data, noise, batch):
    """Optimal transport within batches: nearest noise to nearest data. In one dimension
    this is sorting both.
    """
    return tuple(
        np.sort(values.reshape(-1, batch), axis=1).ravel() for values in (data, noise)
    )


def one_step(data, noise, start, window=2001):
    """The single Euler step that a perfect network takes from `start`: the mean of the
    data that were paired with such a noise.
    """
    order = np.argsort(noise)
    near = np.pad(data[order], window // 2, mode="edge")
    means = np.convolve(near, np.full(window, 1 / window), mode="valid")
    return np.interp(start, noise[order], means)


# --8<-- [end:pairs]


# --8<-- [start:reflow]
def reflow_pairs(count, rng, steps=200):
    """Pairs (data, noise) that the model itself connects; in one dimension they never
    cross.
    """
    noise = rng.normal(size=count)
    data = euler(marginal_velocity, noise, np.linspace(0.999, 0, steps + 1))[-1]
    order = np.argsort(noise)
    return data[order], noise[order]


def reflow_velocity(data, noise):
    """The velocity learned from such pairs: each x lies on the straight line of one
    pair.
    """

    def velocity(x, t):
        lines = (1 - t) * data + t * noise
        return np.interp(x, lines, noise - data)

    return velocity


# --8<-- [end:reflow]


def straightness(states, times):
    """Mean squared difference between the velocity on the way and the straight line
    from start to end.
    """
    chord = (states[-1] - states[0]) / (times[-1] - times[0])
    steps = [
        (b - a) / (t1 - t0)
        for a, b, t0, t1 in zip(states, states[1:], times, times[1:], strict=False)
    ]
    return float(np.mean([((v - chord) ** 2).mean() for v in steps]))


def distance(samples):
    """Wasserstein-1 distance to the mixture, by quantiles."""
    grid = np.linspace(-5, 5, 20_001)
    density = (
        WEIGHTS / SPREADS * np.exp(-0.5 * ((grid[:, None] - MEANS) / SPREADS) ** 2)
    ).sum(1)
    cumulative = np.cumsum(density) / density.sum()
    levels = (np.arange(len(samples)) + 0.5) / len(samples)
    return float(np.abs(np.sort(samples) - np.interp(levels, cumulative, grid)).mean())


STEPS = (1, 2, 4, 8, 16, 32)
BATCHES = (1, 4, 16, 64, 256, 1024)


def coupled(count=2**18, seed=0):
    """Distance after one step, by the size of the batches in which pairs are chosen."""
    rng = np.random.default_rng(seed)
    group = rng.choice(2, p=WEIGHTS, size=count)
    data = MEANS[group] + SPREADS[group] * rng.normal(size=count)
    noise, start = rng.normal(size=count), rng.normal(size=4000)
    return [
        round(distance(one_step(*paired_by_distance(data, noise, batch), start)), 3)
        for batch in BATCHES
    ]


HALVES = np.linspace(0, np.pi, 20)
MOONS = np.concatenate(
    [
        np.stack([np.cos(HALVES) - 0.5, np.sin(HALVES) - 0.25], axis=1),
        np.stack([0.5 - np.cos(HALVES), 0.25 - np.sin(HALVES)], axis=1),
    ]
)
"""Two half moons in a plane, as the centres of forty small Gaussians of
deviation 0.08.
"""


def velocity_plane(x, t):
    """The exact velocity for the moons."""
    variance = ((1 - t) * 0.08) ** 2 + t**2
    gap = x[:, None] - (1 - t) * MOONS
    exponent = -0.5 * (gap**2).sum(-1) / variance
    weight = np.exp(exponent - exponent.max(1, keepdims=True))
    weight = (weight / weight.sum(1, keepdims=True))[..., None]
    return (weight * ((t - (1 - t) * 0.08**2) * gap / variance - MOONS)).sum(1)


def clouds(steps, count=220):
    """States at t = 1, 0.75, 0.5, 0.25 and 0 of Euler with so many steps from the same
    noises.
    """
    noise = np.random.default_rng(2).normal(size=(count, 2))
    states = euler(velocity_plane, noise, np.linspace(1, 0, steps + 1))
    return [np.round(states[index * steps // 4], 2).tolist() for index in range(5)]


def counts(tokens=4096):
    """FLUX.1's shift at both ends of its line; FLUX.2's by the number of steps."""
    return {
        "flux": {str(n): round(float(shift_of_flux(n)), 2) for n in (256, 4096)},
        "flux2": {
            str(n): round(float(shift_of_flux2(tokens, n)), 2) for n in (10, 50, 200)
        },
    }


def experiment(count=4000):
    rng = np.random.default_rng(0)
    velocity = reflow_velocity(*reflow_pairs(20_000, rng))
    noise = rng.normal(size=count)
    out = {"steps": list(STEPS), "flow matching": [], "after reflow": []}
    for steps in STEPS:
        times = np.linspace(0.999, 0, steps + 1)
        out["flow matching"].append(
            round(distance(euler(marginal_velocity, noise, times)[-1]), 4)
        )
        out["after reflow"].append(
            round(distance(euler(velocity, noise, times)[-1]), 4)
        )
    start, times = np.linspace(-2, 2, 14), np.linspace(0.999, 0, 41)
    ends = np.where(np.arange(14) % 2, 2.0, -2.0)
    out["tracks"] = {
        "conditional paths": [
            ((1 - t) * ends + t * start).round(3).tolist() for t in times
        ],
        "learned flow": np.round(euler(marginal_velocity, start, times), 3).tolist(),
        "after reflow": np.round(euler(velocity, start, times), 3).tolist(),
    }
    out["counts"] = counts()
    out["clouds"] = {str(steps): clouds(steps) for steps in (4, 40)}
    return out


if __name__ == "__main__":
    results = experiment()
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(results) + "\n", encoding="utf-8"
        )
    print("distance to the truth by steps" + "".join(f"{s:8d}" for s in STEPS))
    for name in ("flow matching", "after reflow"):
        print(f"{name:30s}" + "".join(f"{d:8.3f}" for d in results[name]))
    print(
        "times 0.25, 0.5, 0.75 with shift 3:",
        shifted(np.array([0.25, 0.5, 0.75]), 3.0).round(3).tolist(),
    )
    print("one step, pairs chosen by distance in batches of")
    print("  " + "".join(f"{batch:8d}" for batch in BATCHES))
    print("  " + "".join(f"{d:8.3f}" for d in coupled()))
    print(
        "shift for 4,096 tokens: FLUX.1",
        f"{shift_of_flux(4096):.2f}; FLUX.2 with 10, 50, 200 steps",
        " ".join(f"{shift_of_flux2(4096, steps):.2f}" for steps in (10, 50, 200)),
    )
