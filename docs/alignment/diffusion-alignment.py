"""Preference optimisation of diffusion models on a Gaussian, where every distribution
along the way is known.
"""

import json
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np

MEAN, SD = 1.0, 0.5
"""The data the reference model was trained on: one number, normally distributed."""


# --8<-- [start:step]
def velocity(x, t, mean=MEAN, sd=SD):
    """What a perfect flow model of normal data predicts at x and t: E[noise - data |
    x].
    """
    variance = ((1 - t) * sd) ** 2 + t**2
    return -mean + (t - (1 - t) * sd**2) / variance * (x - (1 - t) * mean)


def action(x, v, t, dt, noise, second):
    """One denoising step as a policy: mean and standard deviation of x at t - dt
    (Flow-GRPO's SDE).

    The spread is noise × sqrt(t / (1 - t)); at t = 1 that of the second time is taken.
    noise = 0 is the ODE.
    """
    spread = noise * np.sqrt(t / (1 - min(t, second)))
    drift = v + spread**2 / (2 * t) * (x + (1 - t) * v)
    return x - dt * drift, spread * np.sqrt(dt)


def log_probability(x, mean, sd):
    return -((x - mean) ** 2) / (2 * sd**2) - np.log(sd * np.sqrt(2 * np.pi))


# --8<-- [end:step]


def chain(steps, noise):
    """The reference sampler as numbers: for each step, x → a x + b + s × noise."""
    times = np.linspace(1, 0, steps + 1)
    rows = []
    for t, after in pairwise(times):
        (at_0, s), (at_1, _) = (
            action(x, velocity(x, t), t, t - after, noise, times[1]) for x in (0.0, 1.0)
        )
        rows.append((at_1 - at_0, at_0, s))
    return np.array(rows)


# --8<-- [start:reach]
def moments(rows):
    """Mean and variance of the sample, and its correlation with the noise it started
    from.
    """
    mean, variance, shared = 0.0, 1.0, 1.0
    for a, b, s in rows:
        mean, variance, shared = a * mean + b, a**2 * variance + s**2, a * shared
    return mean, variance, shared / np.sqrt(variance)


def best_shifts(rows, beta):
    """For the reward r(x) = x: how far each step's mean should move under beta × KL of
    the whole path.
    """
    # what a shift in a step becomes at the end
    later = np.append(np.cumprod(rows[::-1, 0])[::-1][1:], 1.0)
    return rows[:, 2] ** 2 * later / beta


def reached(rows, beta):
    """The shift of the samples' mean under the best policy, as a share of what tilting
    the samples would give.
    """
    shifted = np.column_stack(
        [rows[:, 0], rows[:, 1] + best_shifts(rows, beta), rows[:, 2]]
    )
    mean, variance, _ = moments(rows)
    return (moments(shifted)[0] - mean) / (variance / beta)


# --8<-- [end:reach]


# --8<-- [start:dpo]
def dpo_inside(theta, reference, x_w, x_l, t, noise, beta):
    """Diffusion-DPO's logit for a pair: by how much more the model's squared error fell
    on the winner's side.

    theta, reference: functions (x, t) → predicted velocity. Both images get the same
    noise and time.
    """

    def gain(x):
        noised, target = (1 - t) * x + t * noise, noise - x
        return (theta(noised, t) - target) ** 2 - (reference(noised, t) - target) ** 2

    return -0.5 * beta * (gain(x_w) - gain(x_l))


def nft_loss(v, old, target, reward, beta=1.0):
    """DiffusionNFT: pull towards good samples, and away from bad ones by a mirrored
    prediction; reward in 0 … 1.
    """
    towards, away = (1 - beta) * old + beta * v, (1 + beta) * old - beta * v
    return reward * (towards - target) ** 2 + (1 - reward) * (away - target) ** 2


# --8<-- [end:dpo]


def dpo_slope(t, beta):
    """On the Gaussian the logit is this times (model's mean - reference's) × (winner -
    loser), whatever the noise.
    """
    return beta * (t / (((1 - t) * SD) ** 2 + t**2)) ** 2


def dpo_learned(times, beta, nodes=60):
    """The shift of the mean at which Diffusion-DPO's loss is lowest, preferences
    following the reward r(x) = x.
    """
    points, weights = np.polynomial.hermite_e.hermegauss(nodes)
    gap = points * SD * np.sqrt(2)  # difference of two samples
    slopes = dpo_slope(np.asarray(times), beta)[:, None]

    def slope_of_loss(shift):
        # of two logistic functions
        wrong = (np.tanh(slopes * shift * gap / 2) - np.tanh(gap / 2)) / 2
        return float((weights * slopes * gap * wrong).sum())

    low, high = 0.0, 1e3
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (low, middle) if slope_of_loss(middle) > 0 else (middle, high)
    return (low + high) / 2


TARGET = 2.0


def reward(x):
    return -((x - TARGET) ** 2)


# --8<-- [start:grpo]
def sample(rows, policy, start, rng):
    """Paths of a group, one row for each time; the policy adds shift + slope × x to
    each step's mean.
    """
    path = [start]
    for (a, b, s), (shift, slope) in zip(rows, policy, strict=True):
        x = path[-1]
        path.append((a + slope) * x + b + shift + s * rng.normal(size=len(x)))
    return np.array(path)


def update(policy, rows, path, score, beta, rate, whole=True):
    """A policy-gradient step at ratio 1, scaled by the inverse Fisher matrix of each
    step's shift and slope.

    Every step of a path gets the path's advantage within its group, and pays beta × its
    own KL. With `whole` it is also charged for the KL of the steps after it, whose
    starting points it changes.
    """
    x, after = path[:-1], path[1:]
    a, b, s = (column[:, None] for column in rows.T)
    # how far the mean is from the reference's
    moved = policy[:, :1] + policy[:, 1:] * x
    cost = beta * moved**2 / (2 * s**2)
    to_come = cost[::-1].cumsum(axis=0)[::-1] - cost
    advantage = score - to_come if whole else np.broadcast_to(score, x.shape)
    advantage = advantage - advantage.mean(axis=1, keepdims=True)
    push = advantage * (after - (a * x + b + moved)) - beta * moved
    features = np.stack([np.ones_like(x), x], axis=-1)
    fisher = np.einsum("kni,knj->kij", features, features)
    return (
        policy
        + rate
        * np.linalg.solve(fisher, np.einsum("kni,kn->ki", features, push)[..., None])[
            ..., 0
        ]
    )


# --8<-- [end:grpo]


def train(
    beta, whole=True, noise=0.7, steps=10, rounds=300, group=512, rate=0.1, seed=0
):
    """Mean and standard deviation of the samples after each round, exactly."""
    rows, rng, policy = (
        chain(steps, noise),
        np.random.default_rng(seed),
        np.zeros((steps, 2)),
    )
    history = []
    for _ in range(rounds + 1):
        now = np.column_stack(
            [rows[:, 0] + policy[:, 1], rows[:, 1] + policy[:, 0], rows[:, 2]]
        )
        mean, variance, _ = moments(now)
        history.append([float(mean), float(np.sqrt(variance))])
        path = sample(rows, policy, rng.normal(size=group), rng)
        policy = update(policy, rows, path, reward(path[-1]), beta, rate, whole)
    return np.array(history)


def best_samples(rows, beta):
    """Mean and standard deviation of the samples of the best policy for the squared
    reward, under beta × path KL.
    """
    mean, variance, correlation = moments(rows)
    # what the path decides; the rest is fixed with the starting noise
    own = variance * (1 - correlation**2)
    kept = 1 / (1 + 2 * own / beta)
    end = kept * (mean + 2 * TARGET * own / beta)
    return end, np.sqrt(kept * own + kept**2 * variance * correlation**2)


def experiment():
    """Reach by noise, training with and without a penalty, and a few paths from one
    starting noise.
    """
    levels, rng = [round(0.05 * i, 2) for i in range(41)], np.random.default_rng(3)
    settings = {
        "no penalty": (0.0, True),
        "penalty 0.5": (0.5, True),
        "penalty 0.5, each step its own": (0.5, False),
    }
    return {
        "levels": levels,
        "reached": {
            str(n): [round(float(reached(chain(n, a), 1.0)), 4) for a in levels]
            for n in (10, 200)
        },
        "runs": {
            name: train(*setting)[::6].round(4).tolist()
            for name, setting in settings.items()
        },
        "paths": {
            str(noise): sample(
                chain(40, noise), np.zeros((40, 2)), np.full(8, 1.2), rng
            )
            .T.round(3)
            .tolist()
            for noise in (0.0, 0.2, 0.7)
        },
    }


if __name__ == "__main__":
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(experiment()) + "\n", encoding="utf-8"
        )
    print(
        "sampler, 200 steps    mean    sd  correlation with the start  share of the tilt reached"
    )
    for name, noise in (
        ("ODE", 0.0),
        ("SDE, noise 0.2", 0.2),
        ("SDE, noise 0.7", 0.7),
        ("SDE, noise sqrt 2", 2**0.5),
    ):
        rows = chain(200, noise)
        mean, variance, correlation = moments(rows)
        print(
            f"{name:18s} {mean:7.3f} {np.sqrt(variance):5.3f} {correlation:13.3f} {reached(rows, 1.0):23.3f}"
        )
    print(
        "ten steps, noise 0.7, penalty 0.5: mean {:.2f}, sd {:.2f} are best".format(
            *best_samples(chain(10, 0.7), 0.5)
        )
    )
    print(
        "  learned, KL of later steps charged:   {:.2f}    {:.2f}".format(
            *train(0.5)[-1]
        )
    )
    print(
        "  learned, each step pays its own only: {:.2f}    {:.2f}".format(
            *train(0.5, whole=False)[-1]
        )
    )
    print(
        "  learned without a penalty:            {:.2f}    {:.2f}".format(
            *train(0.0)[-1]
        )
    )
    print(
        "shift that Diffusion-DPO wants by time:",
        [round(dpo_learned([t], 1.0), 2) for t in (0.1, 0.3, 0.5, 0.9)],
    )
    print(
        f"shift it learns from all times together: {dpo_learned(np.linspace(0.01, 0.99, 99), 1.0):.2f}"
    )
