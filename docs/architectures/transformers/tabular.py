"""Attention along the rows and down the columns of a table, and what training on
made-up tables learns.
"""

import json
import sys
from pathlib import Path

import numpy as np


# --8<-- [start:grid]
def attend(q, k, v, mask=0.0):
    scores = q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1]) + mask
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


def tabpfn(layers, wider, width=192):
    return layers * (8 + 2 * wider) * width**2


ROWS = (100, 300, 1000, 3000, 10_000, 30_000, 100_000, 300_000, 1_000_000)


def results():
    return {
        "learnt": {
            "even": learnt(1, 1)[:9].round(4).tolist(),
            "rare": learnt(0.5, 9.5)[:9].round(4).tolist(),
        },
        "operations": {
            "rows": list(ROWS),
            "cells": [cells(n, 100) for n in ROWS],
            "row tokens": [row_tokens(n, 100) for n in ROWS],
        },
        "sizes": {
            "columns": ["Layers of", "Weights", "Numbers in a token"],
            "rows": [
                ["TabPFN-2", f"{tabpfn(12, 4) / 1e6:.1f}M", "2 and 2 signs"],
                ["TabPFN-2.5", f"{tabpfn(24, 2) / 1e6:.1f}M", "3 and 3 signs"],
            ],
        },
    }


if __name__ == "__main__":
    stored = Path(__file__).with_suffix(".json")
    if "--data" in sys.argv:
        stored.write_text(json.dumps(results()) + "\n", encoding="utf-8")
    data = json.loads(stored.read_text(encoding="utf-8"))
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
