"""Quantisers without a learned codebook: finite scalar, lookup-free, binary spherical;
and how codebooks collapse.
"""

import importlib.util
import json
import sys
from math import erf, sqrt
from pathlib import Path

import numpy as np


# --8<-- [start:fsq]
def fsq(z, levels):
    """Round each coordinate of z (n × d) to one of levels[i] values; returns codes in
    [-1, 1].

    tanh bounds the coordinate; even counts are shifted by half a step so that zero is a
    level.
    """
    levels = np.asarray(levels)
    half = (levels - 1) / 2
    offset = np.where(levels % 2 == 0, 0.5, 0.0)
    bounded = np.tanh(z + np.arctanh(offset / (half * 1.001))) * half * 1.001 - offset
    return np.round(bounded) / (levels // 2)


def fsq_index(codes, levels):
    """The integer token of each code: its levels read as digits of a number with mixed
    base.
    """
    levels = np.asarray(levels)
    digits = np.round(codes * (levels // 2)).astype(int) + levels // 2
    return digits @ np.concatenate([[1], np.cumprod(levels[:-1])])


def fsq_codes(index, levels):
    """The inverse of `fsq_index`."""
    levels = np.asarray(levels)
    digits = (
        np.asarray(index)[:, None]
        // np.concatenate([[1], np.cumprod(levels[:-1])])
        % levels
    )
    return (digits - levels // 2) / (levels // 2)


def fsq_slope(z, levels):
    """What the straight-through gradient is multiplied by on its way to z: the slope of
    the bound.
    """
    levels = np.asarray(levels)
    half = (levels - 1) / 2 * 1.001
    shift = np.arctanh(np.where(levels % 2 == 0, 0.5, 0.0) / half)
    return half * (1 - np.tanh(z + shift) ** 2) / (levels // 2)


# --8<-- [end:fsq]


# --8<-- [start:levels]
def level_shares(count, scale=1.0):
    """How often each of an odd number of levels is used, if the coordinate is Gaussian
    with variance one and the bound is tanh(scale * z).

    iFSQ's bound, 2 sigmoid(1.6 z) - 1, is tanh(0.8 z).
    """
    half = (count - 1) / 2
    edges = np.arctanh((np.arange(count - 1) + 0.5 - half) / (half * 1.001)) / scale
    below = [0.5 * (1 + erf(edge / sqrt(2))) for edge in edges]
    return np.diff([0.0, *below, 1.0])


# --8<-- [end:levels]


# --8<-- [start:lfq]
def lfq(z):
    """Lookup-free: the sign of each coordinate; d coordinates give 2^d tokens."""
    codes = np.where(z > 0, 1.0, -1.0)
    return codes, (codes > 0) @ (1 << np.arange(z.shape[1]))


def bsq(z):
    """Binary spherical: normalise first, so that codes lie on the unit sphere too."""
    unit = z / np.linalg.norm(z, axis=1, keepdims=True)
    codes, index = lfq(unit)
    return codes / np.sqrt(z.shape[1]), index


def entropy(q, axis=-1):
    """In nats, of probabilities along an axis."""
    return -(q * np.log(np.maximum(q, 1e-300))).sum(axis)


def entropy_terms(z, temperature=1.0):
    """LFQ's regulariser bit by bit: (mean entropy of a token's bits, sum of the
    entropies of the mean bits).

    Soft assignment: softmax over codes ±1 of minus the squared distance / temperature.
    Training lowers the first (each decision should be sure) and raises the second (all
    codes should be used).
    """
    p = 1 / (1 + np.exp(-4 * z / temperature))
    both = np.stack([p, 1 - p])
    return float(entropy(both, 0).sum(-1).mean()), float(entropy(both.mean(1), 0).sum())


def entropy_terms_all_codes(z, temperature=1.0):
    """The same over all 2^d codes: the first agrees, the second is smaller when bits
    depend on each other.
    """
    d = z.shape[1]
    codes = np.where(np.arange(2**d)[:, None] >> np.arange(d) & 1, 1.0, -1.0)
    logits = 2 * z @ codes.T / temperature
    p = np.exp(logits - logits.max(1, keepdims=True))
    p /= p.sum(1, keepdims=True)
    return float(entropy(p).mean()), float(entropy(p.mean(0)))


# --8<-- [end:lfq]


# --8<-- [start:index]
def index_propagation(z, codebook, upstream):
    """IBQ: the best code forwards, the gradient of a softmax over all codes backwards,
    so that none is left out.

    Returns what the decoder sees, and the gradients on z and on the codebook for
    `upstream` at the decoder's input.
    """
    logits = z @ codebook.T
    soft = np.exp(logits - logits.max(1, keepdims=True))
    soft /= soft.sum(1, keepdims=True)
    hard = np.eye(len(codebook))[logits.argmax(1)]
    on_choice = upstream @ codebook.T
    on_logits = soft * (on_choice - (soft * on_choice).sum(1, keepdims=True))
    return hard @ codebook, on_logits @ codebook, hard.T @ upstream + on_logits.T @ z


class MappedCodebook:
    """SimVQ: codes are a learned linear map of frozen random vectors; any chosen one
    moves the map, and so all.
    """

    def __init__(self, size, width, rng):
        self.frozen, self.map = (
            rng.normal(size=(size, width)) / np.sqrt(width),
            np.eye(width),
        )

    @property
    def codes(self):
        return self.frozen @ self.map

    def update(self, gradient, rate=0.5):
        """`gradient`: of the usual loss with respect to the codes, zero for those that
        were not chosen.
        """
        self.map -= rate * self.frozen.T @ gradient


# --8<-- [end:index]


def mixture(rng):
    """Data of both experiments: forty Gaussians in four dimensions."""
    centres = rng.normal(scale=2.0, size=(40, 4))
    return lambda n, rng: (
        centres[rng.integers(40, size=n)] + 0.5 * rng.normal(size=(n, 4))
    )


SIZES = (16, 32, 64, 128, 256, 512)
GRIDS = ([3, 3, 3, 3], [4, 4, 4, 4], [5, 5, 4, 4])


def size_experiment(seed=0, steps=120):
    """Codes in effective use by size of the codebook, from the usual start near zero;
    and the error, for each way.
    """
    vq, rows = _neighbour("vq-vae"), {}
    for size in SIZES:
        rng = np.random.default_rng(seed)
        sample = mixture(rng)
        data, start = (
            sample(8000, rng),
            rng.uniform(-1 / size, 1 / size, size=(size, 4)),
        )
        by_gradient = start.copy()
        averaged, restarted = (
            vq.MovingCodebook(start),
            vq.MovingCodebook(start, restart_below=0.3),
        )
        mapped = MappedCodebook(size, 4, np.random.default_rng(seed + 1))
        for _ in range(steps):
            batch = sample(512, rng)
            mapped.update(vq.losses(batch, mapped.codes)[1])
            by_gradient -= 2.0 * vq.losses(batch, by_gradient)[1]
            averaged.update(batch, rng)
            restarted.update(batch, rng)
        books = {
            "gradient": by_gradient,
            "moving average": averaged.codes,
            "mapped": mapped.codes,
        }
        books["with restarts"] = restarted.codes
        for name, book in books.items():
            index = vq.nearest(data, book)
            left = ((data - book[index]) ** 2).sum() / (
                (data - data.mean(0)) ** 2
            ).sum()
            rows.setdefault(name, []).append(
                [size, round(vq.perplexity(index, size), 1), round(float(left), 3)]
            )
    for grid in GRIDS:
        index, size = (
            fsq_index(fsq(data / data.std(0) * 0.8, grid), grid),
            int(np.prod(grid)),
        )
        rows.setdefault("FSQ", []).append([size, round(vq.perplexity(index, size), 1)])
    return rows


def usage_experiment(seed=0, size=256, steps=150):
    """How often each code is used: a codebook started outside the data, the same with
    restarts, and FSQ.
    """
    vq = _neighbour("vq-vae")
    rng = np.random.default_rng(seed)
    centres = rng.normal(scale=2.0, size=(40, 4))

    def sample(n):
        return centres[rng.integers(40, size=n)] + 0.5 * rng.normal(size=(n, 4))

    start = 0.05 * rng.normal(size=(size, 4)) + 3.0
    plain, restarted = (
        vq.MovingCodebook(start),
        vq.MovingCodebook(start, restart_below=0.3),
    )
    for _ in range(steps):
        batch = sample(512)
        plain.update(batch, rng)
        restarted.update(batch, rng)
    data = sample(20_000)
    tokens = {
        "learned codebook": vq.nearest(data, plain.codes),
        "with restarts": vq.nearest(data, restarted.codes),
        "FSQ, levels 4, 4, 4, 4": fsq_index(
            fsq(data / data.std(0) * 0.8, [4, 4, 4, 4]), [4, 4, 4, 4]
        ),
    }
    return {
        name: {
            "used": int((np.bincount(t, minlength=size) > 0).sum()),
            "perplexity": round(vq.perplexity(t, size), 1),
            "sorted_share": [
                round(float(x), 5)
                for x in np.sort(np.bincount(t, minlength=size) / len(t))[::-1]
            ],
        }
        for name, t in tokens.items()
    }


def _neighbour(name):
    spec = importlib.util.spec_from_file_location(
        name, Path(__file__).with_name(f"{name}.py")
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    usage, sizes = usage_experiment(), size_experiment()
    if "--data" in sys.argv:
        text = json.dumps({"usage": usage, "sizes": sizes}, indent=1) + "\n"
        Path(__file__).with_suffix(".json").write_text(text, encoding="utf-8")
    print("256 codes, started outside the data    used  perplexity")
    for name, row in usage.items():
        print(f"  {name:35s} {row['used']:5d} {row['perplexity']:11.1f}")
    print("started near zero: codes in effective use by size", *SIZES)
    for name, rows in sizes.items():
        if name != "FSQ":
            print(f"  {name:15s}", *(f"{row[1]:4.0f}" for row in rows))
    print("  FSQ", *(f" {size}: {used:.0f}" for size, used in sizes["FSQ"]))
    print("17 levels, Gaussian input: share of outermost, next, middle; bits of 4.09")
    for name, scale in (("FSQ", 1.0), ("iFSQ", 0.8)):
        share = level_shares(17, scale)
        print(
            f"  {name:15s} {share[0]:.3f} {share[1]:.3f} {share[8]:.3f}  ",
            f"{entropy(share) / np.log(2):.2f}",
        )
    print("error left over")
    for name, rows in sizes.items():
        if len(rows[0]) > 2:
            print(f"  {name:15s}", *(f"{row[2]:4.2f}" for row in rows))
