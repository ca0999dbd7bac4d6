"""Long video: history packed into few tokens, pooled positions, states of fixed size,
exact forgetting.
"""

import json
import math
import sys
from pathlib import Path

import numpy as np

# --8<-- [start:pack]
FULL, HALF, QUARTER = (1, 2, 2), (2, 4, 4), (4, 8, 8)
"""Patches: latent frames, height and width that become one token."""
HISTORY = {
    "first image": (1, FULL),
    "last": (1, FULL),
    "two before": (2, HALF),
    "sixteen before": (16, QUARTER),
}


def tokens(frames, height, width, patch):
    """Tokens of `frames` latents of `height` x `width` places; what does not fill a
    patch is padded.
    """
    return math.prod(
        -(-side // size)
        for side, size in zip((frames, height, width), patch, strict=True)
    )


def packed(height, width, section=9):
    """Tokens of each group of the history, and of the section that is generated."""
    groups = {
        name: tokens(frames, height, width, patch)
        for name, (frames, patch) in HISTORY.items()
    }
    return groups, tokens(section, height, width, FULL)


def bound(ratio):
    """Frames' worth of tokens of a history without end, if the i-th frame back gets 1 /
    ratio**i of a frame.
    """
    return 1 / (1 - 1 / ratio)


# --8<-- [end:pack]


# --8<-- [start:positions]
def frequencies(pairs=8, base=256.0):
    """Angle by which each pair of channels turns for one latent frame."""
    return base ** (-np.arange(pairs) / pairs)


def pooled(positions, frequency):
    """The rotation of a token that covers several frames, as the code has it: the mean
    of theirs.
    """
    return np.exp(1j * np.outer(positions, frequency)).mean(0)


def centred(positions, frequency):
    """The same in closed form: the rotation of the middle, shortened where the frames
    disagree.
    """
    n, middle = len(positions), np.mean(positions)
    return (
        np.sin(n * frequency / 2)
        / (n * np.sin(frequency / 2))
        * np.exp(1j * middle * frequency)
    )


# --8<-- [end:positions]


# --8<-- [start:wave]
def wave(blocks, steps, lag):
    """Steps that each block of frames has behind it after every pass: it begins `lag`
    passes after the one before.
    """
    passes = np.arange(1, steps + lag * (blocks - 1) + 1)
    return np.clip(passes[:, None] - lag * np.arange(blocks), 0, steps)


# --8<-- [end:wave]


# --8<-- [start:block]
def rotate(x, angle):
    """Pairs of channels turned by an angle each."""
    pairs = (x[:, 0::2] + 1j * x[:, 1::2]) * np.exp(1j * angle)
    return np.stack([pairs.real, pairs.imag], -1).reshape(x.shape)


def at_once(q, k, v, angle, block):
    """Linear attention under a mask: a token sees its own block and all before. Only
    the numerator is rotated.
    """
    place = np.arange(len(q)) // block
    seen = place[:, None] >= place
    weights = np.where(seen, rotate(q, angle) @ rotate(k, angle).T, 0)
    return weights @ v / np.where(seen, q @ k.T, 0).sum(1, keepdims=True)


def streamed(q, k, v, angle, block):
    """The same block after block; between blocks only `state` [d, d] and `mass` [d] are
    kept.
    """
    state, mass, out = np.zeros((k.shape[1], v.shape[1])), np.zeros(k.shape[1]), []
    for start in range(0, len(q), block):
        part = slice(start, start + block)
        state = state + rotate(k[part], angle[part]).T @ v[part]
        mass = mass + k[part].sum(0)
        out.append(rotate(q[part], angle[part]) @ state / (q[part] @ mass)[:, None])
    return np.concatenate(out)


# --8<-- [end:block]


# --8<-- [start:delta]
def keys_of_a_frame(raw):
    """Root-mean-square norm, ReLU, and a scale, for one head: the squares of all keys
    of a frame sum to 1 at most.
    """
    count, width = raw.shape
    unit = raw / np.sqrt((raw**2).mean(1, keepdims=True))
    return np.maximum(unit, 0) / np.sqrt(count * width)


def write_frame(state, k, v, strength, keep):
    """The gated delta rule for a whole frame: all its tokens correct the same old
    state, at once.
    """
    old = keep * state
    error = v - k @ old
    return old + (strength[:, None] * k).T @ error


def transition(k, strength, keep):
    """What the old state is multiplied by when a frame is written."""
    return keep * (np.eye(k.shape[1]) - (strength[:, None] * k).T @ k)


# --8<-- [end:delta]


TURN, GRAIN = 2 * np.pi / 12, 0.3
"""The toy of the page on causal video: a dot on a circle as a complex number, and
independent noise on it.
"""


# --8<-- [start:forget]
def context(k, groups, first, learned=True):
    """What frame k may look at: one row for each token. A token covers a group of
    frames, the nearest group first.

    Its patch is a linear map: a learned one turns the frames to a common angle before
    it adds them, a plain mean does not.
    """
    rows, end = [], k
    for size in groups:
        frames = np.arange(max(end - size, 0), end)
        if len(frames):
            row = np.zeros(k, complex)
            row[frames] = np.exp(-1j * TURN * frames) if learned else 1
            rows.append(row / len(frames))
        end -= size
    if first and end > 0:
        rows.append(np.eye(k)[0].astype(complex))
    return np.array(rows)


def memory(length, groups, first=False, learned=True):
    """Correlation of every frame with the first, turned back, in a video written frame
    by frame from perfect predictions given the context. Everything is Gaussian, so it
    is computed and not sampled.
    """
    turns = np.exp(1j * TURN * np.arange(length))
    true = np.outer(turns, turns.conj()) + GRAIN**2 * np.eye(length)
    written = np.zeros((length, length), complex)
    written[0, 0] = true[0, 0]
    for k in range(1, length):
        rows = context(k, groups, first, learned)
        seen = rows @ true[:k, :k] @ rows.conj().T
        weight = np.linalg.solve(seen.T, true[k, :k] @ rows.conj().T) @ rows
        fresh = true[k, k] - weight @ true[:k, k]
        written[k, :k] = weight @ written[:k, :k]
        written[:k, k] = written[k, :k].conj()
        written[k, k] = weight @ written[:k, :k] @ weight.conj() + fresh
    scale = np.sqrt(np.real(np.diag(written)) * np.real(written[0, 0]))
    return np.real(turns.conj() * written[:, 0]) / scale


# --8<-- [end:forget]

CONTEXTS = {
    "last three frames": ((1, 1, 1), False, True),
    "packed, plain means": ((1, 2, 16), False, False),
    "packed, learned": ((1, 2, 16), False, True),
    "packed, learned, and the first": ((1, 2, 16), True, True),
    "last nineteen frames": ((1,) * 19, False, True),
}
"""Groups of frames for each token of the context, whether the first frame is kept, and
the kind of patch.
"""


def experiment(length=97):
    curves = {
        name: np.round(memory(length, *rule), 4).tolist()
        for name, rule in CONTEXTS.items()
    }
    frequency = frequencies()
    shrink = {
        str(n): np.round(np.abs(centred(np.arange(n), frequency)), 4).tolist()
        for n in (2, 4)
    }
    levels = np.round(1 - wave(5, 30, 5) / 30, 3).tolist()
    return {
        "memory": curves,
        "frequency": np.round(frequency, 4).tolist(),
        "shrink": shrink,
        "wave": levels,
    }


if __name__ == "__main__":
    results = experiment()
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(results) + "\n", encoding="utf-8"
        )
    groups, section = packed(60, 104)
    print("tokens at 480 x 832, one latent frame being", tokens(1, 60, 104, FULL))
    for name, count in groups.items():
        frames, patch = HISTORY[name]
        inputs = 16 * math.prod(patch)
        print(
            f"  {name:15s} {frames:2d} latents, patch {patch}: {count:5,} tokens of {inputs:5,} numbers each"
        )
    print(
        f"  history {sum(groups.values()):,}, section of nine {section:,}, together {sum(groups.values()) + section:,}"
    )
    print(
        f"frames' worth of tokens without end, ratio 2: {bound(2):.2f}, ratio 4: {bound(4):.2f}"
    )
    print("length of a pooled rotation, fast pair to slow pair")
    for n, row in results["shrink"].items():
        print(f"  {n} frames " + " ".join(f"{value:5.2f}" for value in row))
    for lag in (0, 5, 30):
        done = wave(5, 30, lag)
        busy = ((done > 0) & (done < 30)).sum(1).max()
        print(
            f"five blocks of 30 steps, lag {lag:2d}: {len(done)} passes, at most {busy} unfinished at a time"
        )
    rng = np.random.default_rng(0)
    q, k = (np.maximum(rng.normal(size=(24, 8)), 0) for _ in range(2))
    v, angle = rng.normal(size=(24, 6)), rng.uniform(0, 3, size=(24, 4))
    gap = np.abs(at_once(q, k, v, angle, 6) - streamed(q, k, v, angle, 6)).max()
    print(
        f"linear attention by blocks, masked and from the state: difference {gap:.0e}"
    )
    raw = rng.normal(size=(40, 8))
    scaled, plain = keys_of_a_frame(raw), np.maximum(raw, 0)
    for name, keys in (("scaled", scaled), ("not scaled", plain)):
        values = np.linalg.eigvalsh(transition(keys, np.full(40, 0.9), 1.0))
        print(
            f"  eigenvalues of what the state is multiplied by, keys {name}: {values[0]:.2f} to {values[-1]:.2f}"
        )
    print(
        "correlation of a frame with the first, after       12     24     48     96 frames"
    )
    for name, curve in results["memory"].items():
        count = len(CONTEXTS[name][0]) + CONTEXTS[name][1]
        print(
            f"  {name:31s} {count:2d} tokens"
            + "".join(f"{curve[k]:7.2f}" for k in (12, 24, 48, 96))
        )
