"""Numbers as tokens and patches, quantiles and how they are unrolled, what training on
made-up tables learns, and attention along two axes.
"""

import json
import sys
from pathlib import Path
from statistics import NormalDist

import numpy as np

NORMAL = NormalDist()


# --8<-- [start:numbers]
CENTRES = np.linspace(-15, 15, 4093)


def tokens(x):
    """As in Chronos: divide by the mean absolute value, take the nearest centre."""
    scale = np.abs(x).mean() or 1.0
    step = CENTRES[1] - CENTRES[0]
    places = np.rint((x / scale - CENTRES[0]) / step)
    return np.clip(places, 0, len(CENTRES) - 1).astype(int), scale


def values(places, scale):
    return CENTRES[places] * scale


def patches(x, size=16):
    """As in Chronos-2: standardise, compress by arcsinh, fill up on the left and cut.
    A patch is followed by ones where a value was seen and zeros where none was.
    """
    mean, spread = x.mean(), x.std() or 1e-5
    z = np.arcsinh((x - mean) / spread)
    missing = -len(x) % size
    z = np.concatenate([np.zeros(missing), z]).reshape(-1, size)
    seen = (np.arange(z.size) >= missing).reshape(-1, size)
    return np.concatenate([z, seen], axis=1), (mean, spread)


# --8<-- [end:numbers]


# --8<-- [start:pinball]
def pinball(q, y, level):
    """Loss of the forecast q for the quantile at `level`: too low costs `level` for
    each unit, too high the rest.
    """
    return np.maximum(level * (y - q), (level - 1) * (y - q))


def mean_pinball(q, level):
    """Its exact mean when y is standard normal."""
    below, density = NORMAL.cdf(q), NORMAL.pdf(q)
    return level * (density - q * (1 - below)) + (1 - level) * (density + q * below)


# --8<-- [end:pinball]


# --8<-- [start:unroll]
LEVELS = np.array([0.01, *np.arange(1, 20) / 20, 0.99])
FED = np.arange(1, 10) / 10


def masses(levels):
    edges = np.concatenate([[0], levels, [1]])
    return (edges[2:] - edges[:-2]) / (edges[2:] - edges[:-2]).sum()


def unrolled(fed, levels=LEVELS, size=16, patches=4):
    """Quantiles of a random walk, each patch exact given its context. The context of
    the next patch is one path for each level in `fed`, at that quantile of the last.
    """
    z = np.array([NORMAL.inv_cdf(level) for level in levels])
    starts, weights = np.zeros(1), np.ones(1)
    rows = []
    for _ in range(patches):
        for step in range(1, size + 1):
            if len(starts) == 1:  # a single path: the model's own quantiles
                rows.append(starts + z * np.sqrt(step))
                continue
            drawn = (starts[:, None] + z * np.sqrt(step)).ravel()
            mass = np.outer(weights, masses(levels)).ravel()
            order = np.argsort(drawn)
            middle = mass[order].cumsum() - mass[order] / 2
            rows.append(np.interp(levels, middle, drawn[order]))
        starts, weights = np.interp(fed, levels, rows[-1]), masses(fed)
    return np.array(rows)


# --8<-- [end:unroll]


# --8<-- [start:total]
def summed(steps, memory, level=0.9):
    """The sum of the steps' quantiles, and the quantile of their sum, for a normal
    series whose neighbours correlate by `memory`.
    """
    gap = np.abs(np.subtract.outer(np.arange(steps), np.arange(steps)))
    z = NORMAL.inv_cdf(level)
    return z * steps, z * np.sqrt((memory**gap).sum())


# --8<-- [end:total]


# --8<-- [start:prior]
def learnt(a, b, rows=20, tables=2_000_000, seed=0):
    """The best forecast of a further label for each number of ones in a context: the
    mean over made-up tables, whose rates are drawn from a beta distribution.
    """
    rng = np.random.default_rng(seed)
    rate = rng.beta(a, b, tables)
    ones = rng.binomial(rows, rate)
    label = rng.random(tables) < rate
    seen = np.bincount(ones, minlength=rows + 1)
    return np.bincount(ones, label, rows + 1) / np.maximum(seen, 1)


def bayes(ones, a, b, rows=20):
    return (ones + a) / (rows + a + b)


# --8<-- [end:prior]


# --8<-- [start:grid]
def attend(q, k, v):
    scores = q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])
    e = np.exp(scores - scores.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True) @ v


def norm(x):
    x = x - x.mean(-1, keepdims=True)
    return x / np.sqrt((x**2).mean(-1, keepdims=True) + 1e-6)


def grid_block(x, known, w):
    """x: rows × columns × width; the first `known` rows have labels. The cells of a row
    attend to each other, those of a column to the known rows.
    """
    n = norm(x)
    x = x + attend(n @ w[0], n @ w[1], n @ w[2])
    n = norm(x).swapaxes(0, 1)
    x = x + attend(n @ w[3], n[:, :known] @ w[4], n[:, :known] @ w[5]).swapaxes(0, 1)
    return x + np.maximum(norm(x) @ w[6], 0) @ w[7]


# --8<-- [end:grid]


# --8<-- [start:cost]
def cells(rows, features, width=192, layers=24, group=3, wider=2):
    """Operations of TabPFN-2.5: a token for each cell of a row (features in threes, and
    the label), attention along both axes in every layer.
    """
    columns = -(-features // group) + 1
    weights = (8 + 2 * wider) * width**2
    mixing = 4 * width * rows * columns * (rows + columns)
    return layers * (2 * weights * rows * columns + mixing)


def row_tokens(rows, features, layers=24, width=128, held=4, points=128):
    """Operations of TabPFN-3: three blocks down the columns through 128 points, three
    along the rows, and then one token of 4 × 128 numbers for each row.
    """
    cell = 3 * (2 * 8 * width**2 + 2 * 4 * width * points)
    cell += 3 * (2 * 8 * width**2 + 4 * width * (features + held))
    wide = held * width
    return rows * features * cell + layers * rows * (2 * 8 * wide**2 + 4 * wide * rows)


# --8<-- [end:cost]


def residual(inside, hidden, out, bias=True):
    """Weights of a patch's embedding: two layers, and a linear one past them."""
    matrices = inside * hidden + hidden * out + inside * out
    return matrices + bias * (hidden + 2 * out)


def timesfm(head=True):
    """TimesFM 2.5 from its published definition; vectors of norms are left out."""
    width = 1280
    stack = 20 * 6 * width**2
    ends = residual(64, width, width) + residual(width, width, width, bias=False)
    return stack + ends + head * residual(width, width, 10 * 1024, bias=False)


def chronos_2(layers=12, width=768, ffn=3072):
    """Chronos-2 by its published code at the shape of T5's base size, which is not in
    the repository; vectors of norms are left out.
    """
    stack = layers * (8 * width**2 + 2 * width * ffn)
    return stack + residual(48, ffn, width) + residual(width, ffn, 21 * 16)


def tabpfn(layers, wider, width=192):
    return layers * (8 + 2 * wider) * width**2


ROWS = (100, 300, 1000, 3000, 10_000, 30_000, 100_000, 300_000, 1_000_000)
FANS = {
    "nine quantiles fed": (FED, LEVELS),
    "nine fed, head of nine": (FED, FED),
    "the median fed": (np.array([0.5]), LEVELS),
}


def fans():
    """Widths of the 80% interval of a random walk over 64 steps, by what is fed."""
    exact = 2 * NORMAL.inv_cdf(0.9) * np.sqrt(np.arange(1, 65))
    found = {"one pass": exact}
    for name, (fed, levels) in FANS.items():
        rows = unrolled(fed, levels)
        low, high = (int(np.argmin(np.abs(levels - level))) for level in (0.1, 0.9))
        found[name] = rows[:, high] - rows[:, low]
    return found


def billions(count):
    return f"{count / 1e6:.1f}M"


def results():
    table = [
        [
            "TimesFM 2.5",
            "200M",
            billions(timesfm(head=False)),
            "32 and 32 signs",
            "512",
        ],
        ["its quantile head", "30M", billions(timesfm() - timesfm(False)), "–", "–"],
        ["Chronos-2", "120M", billions(chronos_2()), "16, 16 signs, 16 times", "512"],
        ["TabPFN-2, layers", "–", billions(tabpfn(12, 4)), "2 and 2 signs", "–"],
        ["TabPFN-2.5, layers", "–", billions(tabpfn(24, 2)), "3 and 3 signs", "–"],
    ]
    columns = ["Model", "Said", "Counted", "Numbers in a token", "Tokens at most"]
    return {
        "fans": {name: np.round(w, 3).tolist() for name, w in fans().items()},
        "learnt": {
            "even": learnt(1, 1)[:9].round(4).tolist(),
            "rare": learnt(0.5, 9.5)[:9].round(4).tolist(),
        },
        "operations": {
            "rows": list(ROWS),
            "cells": [cells(n, 100) for n in ROWS],
            "row tokens": [row_tokens(n, 100) for n in ROWS],
        },
        "sizes": {"columns": columns, "rows": table},
    }


def wave(level, spread=5.0, steps=512, seed=0):
    rng = np.random.default_rng(seed)
    day = np.sin(2 * np.pi * np.arange(steps) / 24)
    return level + spread * (day + 0.3 * rng.normal(size=steps))


if __name__ == "__main__":
    stored = Path(__file__).with_suffix(".json")
    if "--data" in sys.argv:
        stored.write_text(json.dumps(results()) + "\n", encoding="utf-8")
    data = json.loads(stored.read_text(encoding="utf-8"))
    print("a daily wave of 512 hours and height 5 at different levels")
    print("  level     tokens used   error of bins   largest part of the height")
    for level in (0, 100, 1000, 10_000):
        x = wave(level)
        places, scale = tokens(x)
        error = np.abs(values(places, scale) - x).max()
        used = len(set(places.tolist()))
        print(f"{level:7,} {used:14d} {error:15.2f} {100 * error / 5:18.0f}%")
    spike = np.concatenate([np.ones(499), [100.0]])
    back = values(*tokens(spike))
    part, (mean, spread) = patches(spike)
    again = np.sinh(part[-1, 15]) * spread + mean
    print(f"a spike of 100 among 499 ones: {back.max():.1f} by bins,", end=" ")
    print(f"{again:.1f} by patches, which hold it as {part[-1, 15]:.1f}")
    grid = np.linspace(-3, 3, 6001)
    for level in (0.1, 0.5, 0.9):
        losses = [mean_pinball(q, level) for q in grid]
        best, right = grid[int(np.argmin(losses))], NORMAL.inv_cdf(level)
        print(f"pinball at {level}: least at {best:5.2f}, the quantile is {right:5.2f}")
    print("80% interval of a random walk after   16    32    48    64 steps")
    for name, widths in fans().items():
        row = "".join(f"{widths[h - 1]:6.1f}" for h in (16, 32, 48, 64))
        print(f"  {name:33s}{row}")
    print("24 hours: sum of the 90% quantiles, 90% quantile of the sum")
    for memory in (0.0, 0.5, 0.9, 0.99):
        apart, whole = summed(24, memory)
        print(f"  neighbours correlate by {memory:4.2f}: {apart:6.1f} {whole:6.1f}")
    print("ones among 20 labels           0      1      2      5      8")
    for name, (a, b) in {"even": (1, 1), "rare": (0.5, 9.5)}.items():
        shown = (0, 1, 2, 5, 8)
        row = "".join(f"{bayes(k, a, b):7.3f}" for k in shown)
        print(f"  {name} rates, Bayes        {row}")
        row = "".join(f"{data['learnt'][name][k]:7.3f}" for k in shown)
        print(f"  learnt from made-up tables {row}")
    print("      rows   a token a cell   a token a row   (operations, 100 features)")
    for n in ROWS[2::2]:
        print(f"{n:10,} {cells(n, 100):16.1e} {row_tokens(n, 100):15.1e}")
