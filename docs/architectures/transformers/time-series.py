"""Numbers as tokens and patches, quantiles and how they are unrolled, and attention
along time and across the series of a group.
"""

import importlib.util
import json
import sys
from pathlib import Path
from statistics import NormalDist

import numpy as np

NORMAL = NormalDist()


def _neighbour(name):
    spec = importlib.util.spec_from_file_location(
        name, Path(__file__).with_name(f"{name}.py")
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


tabular = _neighbour("tabular")
attend, norm = tabular.attend, tabular.norm


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


# --8<-- [start:group]
def group_block(x, groups, w):
    """x: series × patches × width; `groups` names the group of each series. Patches of
    a series attend to each other, then the series of a group at the same patch. Rotary
    positions, which the first step has, are left out.
    """
    n = norm(x)
    x = x + attend(n @ w[0], n @ w[1], n @ w[2])
    n = norm(x).swapaxes(0, 1)
    together = np.where(np.equal.outer(groups, groups), 0.0, -np.inf)
    x = x + attend(n @ w[3], n @ w[4], n @ w[5], together).swapaxes(0, 1)
    return x + np.maximum(norm(x) @ w[6], 0) @ w[7]


# --8<-- [end:group]


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
    ]
    columns = ["Model", "Said", "Counted", "Numbers in a token", "Tokens at most"]
    return {
        "fans": {name: np.round(w, 3).tolist() for name, w in fans().items()},
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
