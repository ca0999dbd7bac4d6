"""Causal video: attention from a cache of frames, with positions that only count from
its start, what a context forgets, computed exactly, and where anchors come round again.
"""

import json
import sys
from pathlib import Path

import numpy as np


def softmax(scores):
    weight = np.exp(scores - scores.max(-1, keepdims=True))
    return weight / weight.sum(-1, keepdims=True)


# --8<-- [start:cache]
def rotated(x, frame, base=100.0):
    """Rotary positions: queries or keys of a frame (places × d), turned by its time."""
    half = x.shape[-1] // 2
    angle = frame * base ** (-np.arange(half) / half)
    a, b = x[..., :half], x[..., half:]
    cos, sin = np.cos(angle), np.sin(angle)
    return np.concatenate([a * cos - b * sin, a * sin + b * cos], axis=-1)


def masked(q, k, v, window):
    """All frames at once, as in training: frame t sees the last `window` frames and
    itself. q, k, v: frames × places × d; positions are those in the video.
    """
    frames, places, d = q.shape
    turned = [np.concatenate([rotated(x[t], t) for t in range(frames)]) for x in (q, k)]
    frame = np.repeat(np.arange(frames), places)
    back = frame[:, None] - frame
    scores = turned[0] @ turned[1].T / d**0.5
    scores = np.where((back >= 0) & (back <= window), scores, -np.inf)
    return (softmax(scores) @ v.reshape(-1, d)).reshape(v.shape)


def streamed(q, k, v, window, anchors=0):
    """Frame by frame, as in use. The cache holds keys that are not turned yet, of the
    first `anchors` frames and the last `window`. Positions are places in the cache, so
    they stay small however long the video gets.
    """
    cache, out = [], []
    for query, key, value in zip(q, k, v, strict=True):
        cache.append((key, value))
        kept = cache[:anchors] + cache[anchors:][-window - 1 :]
        keys = np.concatenate([rotated(key, at) for at, (key, _) in enumerate(kept)])
        values = np.concatenate([value for _, value in kept])
        scores = rotated(query, len(kept) - 1) @ keys.T / q.shape[-1] ** 0.5
        out.append(softmax(scores) @ values)
        cache = kept
    return np.array(out)


# --8<-- [end:cache]

TURN, GRAIN = 2 * np.pi / 12, 0.3
"""A frame of the toy video: a dot on a circle as a complex number, and the deviation of
independent noise on it.
"""


# --8<-- [start:drift]
def context(k, window, first):
    """Which earlier frames frame k may look at: the last `window`, and the very first
    if it is kept.
    """
    seen = set(range(max(0, k - window), k))
    return sorted(seen | ({0} if first and k else set()))


def rollout(length, window, first=False, gain=1.0):
    """The exact covariance of a video written frame by frame: each frame is drawn from
    the true distribution given the frames in its context. `gain` scales the predicted
    mean: an error of the network.

    The video is Gaussian, x_k = A exp(i TURN k) + noise, so nothing is sampled.
    """
    turns = np.exp(1j * TURN * np.arange(length))
    true = np.outer(turns, turns.conj()) + GRAIN**2 * np.eye(length)
    written = np.zeros((length, length), complex)
    for k in range(length):
        seen = context(k, window, first)
        weight = np.zeros(k, complex)
        if seen:
            weight[seen] = np.linalg.solve(true[np.ix_(seen, seen)].T, true[k, seen])
        fresh = true[k, k] - weight @ true[:k, k]
        weight = gain * weight
        written[k, :k] = weight @ written[:k, :k]
        written[:k, k] = written[k, :k].conj()
        written[k, k] = weight @ written[:k, :k] @ weight.conj() + fresh
    return true, written


# --8<-- [end:drift]


# --8<-- [start:align]
def alignment(distance, bases=(10000.0,), pairs=22):
    """How far the angles of a head's pairs of channels for time agree at a distance in
    latent frames: their mean cosine, over heads that have each a base of its own.
    """
    speed = np.array(bases)[:, None] ** (-np.arange(pairs) / pairs)
    return np.cos(np.asarray(distance)[:, None, None] * speed).mean(axis=(1, 2))


def returns(distance, agreement, reach=12):
    """Distances at which the angles agree better than at all others within `reach`,
    the best first.
    """
    peaks = [
        i
        for i in range(reach, len(distance) - reach)
        if agreement[i] == agreement[i - reach : i + reach + 1].max()
    ]
    return [int(distance[i]) for i in sorted(peaks, key=lambda i: -agreement[i])]


# --8<-- [end:align]

JITTERED = 10000.0 * (1 + 0.8 * np.linspace(-1, 1, 12))
"""Bases of Wan's twelve heads, each moved by up to 80 per cent."""


def memory(length, window, first=False, gain=1.0):
    """Correlation of every frame with the first, turned back, in the written video; the
    true one is constant.
    """
    _, written = rollout(length, window, first, gain)
    back = np.exp(-1j * TURN * np.arange(length))
    scale = np.sqrt(np.real(np.diag(written)) * np.real(written[0, 0]))
    return np.real(back * written[:, 0]) / scale


def film(length, window, first=False, seed=1):
    """Frames drawn by the same rule, for the figure: complex numbers."""
    rng = np.random.default_rng(seed)
    turns = np.exp(1j * TURN * np.arange(length))
    true = np.outer(turns, turns.conj()) + GRAIN**2 * np.eye(length)
    x = np.zeros(length, complex)
    x[0] = 1.0
    for k in range(1, length):
        seen = context(k, window, first)
        weight = np.linalg.solve(true[np.ix_(seen, seen)].T, true[k, seen])
        fresh = np.real(true[k, k] - weight @ true[seen, k])
        x[k] = weight @ x[seen] + np.sqrt(fresh / 2) * (
            rng.normal() + 1j * rng.normal()
        )
    return x


CONTEXTS = {
    "one frame": (1, False),
    "four frames": (4, False),
    "twelve frames": (12, False),
    "three frames and the first": (3, True),
}


def experiment(length=97):
    curves = {
        name: np.round(memory(length, *rule), 4).tolist()
        for name, rule in CONTEXTS.items()
    }
    curves["all frames"] = np.round(memory(length, length), 4).tolist()
    _, faded = rollout(length, 12, gain=0.99)
    return {
        "memory": curves,
        "brightness": np.round(np.real(np.diag(faded)), 4).tolist(),
    }


if __name__ == "__main__":
    results = experiment()
    if "--data" in sys.argv:
        films = {
            name: film(25, *rule)
            for name, rule in {**CONTEXTS, "all frames": (25, False)}.items()
        }
        results["films"] = {
            name: np.round([x.real, x.imag], 3).T.tolist() for name, x in films.items()
        }
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(results) + "\n", encoding="utf-8"
        )
    rng = np.random.default_rng(0)
    q, k, v = rng.normal(size=(3, 40, 6, 16))
    gap = np.abs(streamed(q, k, v, 4) - masked(q, k, v, 4)).max()
    print("40 frames of six places, each seeing four frames before it")
    print(
        f"  a mask with positions in the video, a cache with its own: {gap:.0e} apart"
    )
    print(
        "correlation of a frame with the first, after     12     24     48     96 frames"
    )
    for name, curve in results["memory"].items():
        print(
            f"  context: {name:34s}"
            + "".join(f"{curve[k]:7.2f}" for k in (12, 24, 48, 96))
        )
    start, middle, end = (results["brightness"][k] for k in (0, 24, 96))
    print(
        f"mean squared amplitude, means 1 % too small: {start:.2f}; after 24 frames {middle:.2f}, after 96 {end:.2f}"
    )
    distance = np.arange(256)
    one, own = alignment(distance), alignment(distance, JITTERED)
    best = sorted(returns(distance, one)[:4])
    print(
        "angles agree again after         "
        + "".join(f"{d:7d}" for d in best)
        + " latents"
    )
    for name, curve in (("one base", one), ("a base for each head", own)):
        print(f"  {name + ':':31s}" + "".join(f"{curve[d]:7.2f}" for d in best))
