"""Models that act: three heads for actions, actions found in unlabelled video, and how
a world model's errors grow.
"""

import json
import sys
from pathlib import Path

import numpy as np


# --8<-- [start:heads]
def tokens_of(actions, bins=256, low=-1.0, high=1.0):
    """Each dimension of an action as one of `bins` tokens (OpenVLA), and back: the
    middle of the bin.
    """
    ids = np.clip(np.floor((actions - low) / (high - low) * bins), 0, bins - 1).astype(
        int
    )
    return ids, low + (ids + 0.5) * (high - low) / bins


def velocity(x, t, demonstrations):
    """The best velocity for flow matching on given demonstrations, noise minus action,
    in closed form.

    x: n × d points at time t (1 is noise), demonstrations: m × d equally likely
    actions.
    """
    distance = ((x[:, None] - (1 - t) * demonstrations) ** 2).sum(-1)
    weight = np.exp(-(distance - distance.min(1, keepdims=True)) / (2 * t**2))
    expected = weight @ demonstrations / weight.sum(1, keepdims=True)
    return (x - expected) / t


def flow_actions(demonstrations, count, steps, rng):
    """Sample actions from noise in a few Euler steps, as π₀'s action expert does."""
    x = rng.normal(size=(count, demonstrations.shape[1]))
    for step in range(steps):
        t = 1 - step / steps
        x = x - velocity(x, t, demonstrations) / steps
    return x


# --8<-- [end:heads]


# --8<-- [start:chunks]
def velocity_at(x, times, demonstrations, blur=0.05):
    """The best velocity when each value of a chunk has a time of its own: 0 for actions
    that are already decided.

    x: n × h, times: h, demonstrations: m × h. A decided action counts as a
    demonstration's if it is about `blur` away.
    """
    gap = x[:, None] - (1 - times) * demonstrations
    distance = (gap**2 / (2 * np.maximum(times, blur) ** 2)).sum(-1)
    weight = np.exp(-(distance - distance.min(1, keepdims=True)))
    expected = weight @ demonstrations / weight.sum(1, keepdims=True)
    return np.where(times > 0, (x - expected) / np.maximum(times, 1e-9), 0.0)


def next_chunk(demonstrations, decided, steps, rng):
    """Sample a chunk whose first actions are those that the robot carries out in the
    meantime (n × d, d may be 0).
    """
    count, delay = decided.shape
    x = rng.normal(size=(count, demonstrations.shape[1]))
    x[:, :delay] = decided
    for step in range(steps):
        times = np.where(np.arange(x.shape[1]) < delay, 0.0, 1 - step / steps)
        x = x - velocity_at(x, times, demonstrations) / steps
    return x


# --8<-- [end:chunks]


# --8<-- [start:latent]
def latent_actions(before, after, count, rng, rounds=20):
    """Name what happened between two frames by one of `count` codes, without any labels
    (k-means on the change).
    """
    change = after - before
    book = change[rng.choice(len(change), 1)]
    while len(book) < count:  # begin with codes that lie far apart
        far = ((change[:, None] - book) ** 2).sum(-1).min(1)
        book = np.concatenate([book, change[[far.argmax()]]])
    for _ in range(rounds):
        code = ((change[:, None] - book) ** 2).sum(-1).argmin(1)
        book = np.stack(
            [
                change[code == i].mean(0) if (code == i).any() else book[i]
                for i in range(count)
            ]
        )
    return code, book


# --8<-- [end:latent]


# --8<-- [start:rollout]
def fit_world(states, actions, after):
    """A linear world model: next state from state and action, by least squares."""
    inputs = np.concatenate([states, actions], axis=1)
    return np.linalg.lstsq(inputs, after, rcond=None)[0]


def rollout(model, state, actions):
    """Imagine: feed the model its own predictions."""
    path = []
    for action in actions:
        state = np.concatenate([state, action]) @ model
        path.append(state)
    return np.array(path)


# --8<-- [end:rollout]


def detour(count=200, seed=0):
    """Demonstrations that pass an obstacle on the left or on the right, never through
    it.
    """
    rng = np.random.default_rng(seed)
    side = rng.choice([-1.0, 1.0], count)
    return np.stack([0.6 * side, 0.3 + 0 * side], 1) + 0.05 * rng.normal(
        size=(count, 2)
    )


def detours(count=200, length=10, seed=0):
    """Chunks of sideways positions: past an obstacle on the left or on the right, more
    or less widely.
    """
    rng = np.random.default_rng(seed)
    side = rng.choice([-1.0, 1.0], (count, 1)) * rng.uniform(0.5, 0.8, (count, 1))
    return side * np.sin(
        np.pi * (np.arange(length) + 3) / (length + 4)
    ) + 0.02 * rng.normal(size=(count, length))


def handover(delay=3, count=500):
    """Old chunk for `delay` actions, then a new one; share that pass through the
    obstacle, largest sideways step.
    """
    demonstrations, rng = detours(), np.random.default_rng(1)
    old = demonstrations[rng.integers(len(demonstrations), size=count)]
    free = next_chunk(demonstrations, old[:, :0], 10, rng)
    bound = next_chunk(demonstrations, old[:, :delay], 10, rng)
    ways = {
        "switched": np.concatenate([old[:, :delay], free[:, delay:]], 1),
        "averaged": np.concatenate([old[:, :delay], (old + free)[:, delay:] / 2], 1),
        "continued": np.concatenate([old[:, :delay], bound[:, delay:]], 1),
    }
    rows = {}
    for name, path in ways.items():
        step = np.abs(np.diff(path, axis=1)).max(1)
        through = (np.sign(path).min(1) != np.sign(path).max(1)) | (
            np.abs(path[:, 3:-3]).min(1) < 0.3
        )
        rows[name] = (float(through.mean()), float(step.mean()))
    return rows


def video(count=600, seed=0):
    """Frames of a dot that moves by one of five hidden actions, with noise."""
    rng = np.random.default_rng(seed)
    moves = np.array([[0, 0], [1, 0], [-1, 0], [0, 1], [0, -1]])
    hidden = rng.integers(5, size=count)
    before = rng.normal(size=(count, 2))
    return before, before + moves[hidden] + 0.1 * rng.normal(size=(count, 2)), hidden


def drift(samples, horizon=40, seed=0):
    """Error of imagined states, relative to their size, by how far ahead, after
    learning from few or many samples.
    """
    rng = np.random.default_rng(seed)
    turn = 0.15
    truth = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    push = np.array([[0.1, 0.0], [0.0, 0.1]])
    states, actions = rng.normal(size=(2, samples, 2))
    after = states @ truth + actions @ push + 0.1 * rng.normal(size=(samples, 2))
    model, exact = fit_world(states, actions, after), np.concatenate([truth, push])
    errors, sizes = np.zeros(horizon), np.zeros(horizon)
    for _ in range(100):
        start, plan = rng.normal(size=2), rng.normal(size=(horizon, 2))
        real = rollout(exact, start, plan)
        errors += ((rollout(model, start, plan) - real) ** 2).sum(1)
        sizes += (real**2).sum(1)
    return np.sqrt(errors / sizes)


def samples():
    demonstrations = detour()
    return {
        "demonstrations": demonstrations[:60],
        "regression": np.repeat(demonstrations.mean(0)[None], 60, 0),
        "flow, 10 steps": flow_actions(
            demonstrations, 60, 10, np.random.default_rng(1)
        ),
    }


if __name__ == "__main__":
    heads, curves = samples(), {str(n): drift(n) for n in (20, 100, 1000)}
    if "--data" in sys.argv:
        data = {name: np.round(v, 3).tolist() for name, v in heads.items()}
        data["drift"] = {n: np.round(v, 4).tolist() for n, v in curves.items()}
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(data) + "\n", encoding="utf-8"
        )
    for name, actions in heads.items():
        print(
            f"{name:15s} hits the obstacle (|x| < 0.3): {(np.abs(actions[:, 0]) < 0.3).mean():.0%}"
        )
    for name, (through, step) in handover().items():
        print(
            f"new chunk {name:9s}: {through:4.0%} through the obstacle, largest step {step:.2f}"
        )
    actions = detour()
    for bins in (16, 256):
        error = np.abs(tokens_of(actions, bins)[1] - actions).max()
        print(f"tokens of {bins:3d} bins: largest error {error:.4f}")
    before, after, hidden = video()
    code, _ = latent_actions(before, after, 5, np.random.default_rng(0))
    pure = sum(np.bincount(hidden[code == c]).max() for c in np.unique(code)) / len(
        code
    )
    print(f"latent actions that agree with the hidden ones: {pure:.1%}")
    for n, error in curves.items():
        print(
            f"world model from {n:>4s} samples: error after 1, 10, 40 steps",
            error[[0, 9, 39]].round(3).tolist(),
        )
