"""Vector quantisation in NumPy: nearest code, straight-through gradient, moving-average
codebook, residual stages.
"""

import json
import sys
from pathlib import Path

import numpy as np


# --8<-- [start:quantise]
def nearest(z, codebook):
    """Index of the closest code for each of n vectors. z: n × d, codebook: K × d."""
    distance = (z**2).sum(1)[:, None] - 2 * z @ codebook.T + (codebook**2).sum(1)
    return distance.argmin(1)


def losses(z, codebook, beta=0.25):
    """The two terms added to the reconstruction loss, with their gradients (mean over
    the vectors).

    The codebook term moves codes to the encoder's outputs; the commitment term,
    weighted by beta, moves the outputs to their codes. Each treats the other side as a
    constant.
    """
    index = nearest(z, codebook)
    gap = codebook[index] - z
    grad_codebook = np.zeros_like(codebook)
    np.add.at(grad_codebook, index, 2 * gap / len(z))
    grad_encoder = -2 * beta * gap / len(z)
    return (1 + beta) * (gap**2).sum(1).mean(), grad_codebook, grad_encoder


# --8<-- [end:quantise]


# --8<-- [start:rotation]
def rotation(z, code):
    """The rotation in the plane of z and code that turns the one to the direction of
    the other.
    """
    z, code = z / np.linalg.norm(z), code / np.linalg.norm(code)
    middle = (z + code) / np.linalg.norm(z + code)
    return np.eye(len(z)) - 2 * np.outer(middle, middle) + 2 * np.outer(code, z)


def rotated_gradient(z, code, gradient):
    """The decoder's gradient as it reaches z: turned back and rescaled.
    Straight-through would return it unchanged.
    """
    return np.linalg.norm(code) / np.linalg.norm(z) * rotation(z, code).T @ gradient


# --8<-- [end:rotation]


# --8<-- [start:ema]
class MovingCodebook:
    """Codes as running means of the vectors assigned to them; unused ones may be put
    back into the data.
    """

    def __init__(self, codes, decay=0.9, restart_below=0.0):
        self.codes, self.decay, self.restart_below = codes.copy(), decay, restart_below
        self.size, self.total = np.ones(len(codes)), codes.copy()

    def update(self, z, rng):
        one_hot = np.eye(len(self.codes))[nearest(z, self.codes)]
        self.size = self.decay * self.size + (1 - self.decay) * one_hot.sum(0)
        self.total = self.decay * self.total + (1 - self.decay) * one_hot.T @ z
        self.codes = self.total / np.maximum(self.size, 1e-5)[:, None]
        dead = np.flatnonzero(self.size < self.restart_below)
        if len(dead):
            self.codes[dead] = self.total[dead] = z[rng.choice(len(z), len(dead))]
            self.size[dead] = 1.0


# --8<-- [end:ema]


# --8<-- [start:residual]
def residual_quantise(z, codebooks):
    """Quantise in stages, each coding what the stages before left over. Returns indices
    n × stages and the sum.
    """
    indices, quantised = [], np.zeros_like(z)
    for codebook in codebooks:
        indices.append(nearest(z - quantised, codebook))
        quantised = quantised + codebook[indices[-1]]
    return np.stack(indices, 1), quantised


# --8<-- [end:residual]


# --8<-- [start:row]
def left_over(covariance, rows):
    """Share of a picture's energy that no linear decoder can restore from the numbers
    rows @ picture.
    """
    seen = covariance @ rows.T
    return 1 - np.trace(np.linalg.solve(rows @ seen, seen.T @ seen)) / np.trace(
        covariance
    )


def row_tokens(covariance, count):
    """Each number may look at the whole picture; the first are the most telling
    (principal components).
    """
    return np.linalg.eigh(covariance)[1][:, ::-1].T[:count]


def grid_tokens(covariance, side, patch, each):
    """`each` numbers for every patch, which may look at that patch only."""
    place = np.arange(side * side).reshape(side, side)
    rows = []
    for top in range(0, side, patch):
        for left in range(0, side, patch):
            at = place[top : top + patch, left : left + patch].ravel()
            for row in row_tokens(covariance[np.ix_(at, at)], each):
                rows.append(np.zeros(side * side))
                rows[-1][at] = row
    return np.array(rows)


# --8<-- [end:row]


def pictures(side=16, scale=8.0):
    """Covariance of the pixels of pictures in which pixels agree the less the further
    they are apart.
    """
    at = np.stack(np.mgrid[:side, :side], -1).reshape(-1, 2)
    return np.exp(-np.linalg.norm(at[:, None] - at, axis=-1) / scale)


CUTS = (1, 2, 4, 8, 16, 32)


def cut_rows(count=32, seed=0):
    """What is left over if only the first tokens are kept: ordered tokens, and mixtures
    of them in no order.
    """
    ordered = row_tokens(pictures(), count)
    mixed = (
        np.linalg.qr(np.random.default_rng(seed).normal(size=(count, count)))[0]
        @ ordered
    )
    return {
        name: [left_over(pictures(), r[:k]) for k in CUTS]
        for name, r in (("ordered", ordered), ("mixed", mixed))
    }


def k_means(z, size, rng, steps=25):
    """A codebook fitted to z."""
    codes = z[rng.choice(len(z), size, replace=False)].copy()
    for _ in range(steps):
        index = nearest(z, codes)
        for k in np.unique(index):
            codes[k] = z[index == k].mean(0)
    return codes


def perplexity(indices, size):
    """Number of codes in effective use: the exponential of the entropy of the usage."""
    p = np.bincount(indices, minlength=size) / len(indices)
    return float(np.exp(-(p[p > 0] * np.log(p[p > 0])).sum()))


def residual_experiment(seed=0, stages=4):
    """Share of the energy left over after each residual stage, on correlated Gaussian
    data.
    """
    rng = np.random.default_rng(seed)
    data = rng.normal(size=(4000, 8)) @ rng.normal(size=(8, 8)) / np.sqrt(8)
    codebooks, left, shares = [], data.copy(), []
    for _ in range(stages):
        codebooks.append(k_means(left, 32, rng))
        left = data - residual_quantise(data, codebooks)[1]
        shares.append(round(float((left**2).sum() / (data**2).sum()), 4))
    return shares


if __name__ == "__main__":
    shares = residual_experiment()
    if "--data" in sys.argv:
        text = json.dumps({"left_over": shares}) + "\n"
        Path(__file__).with_suffix(".json").write_text(text, encoding="utf-8")
    for stage, share in enumerate(shares, start=1):
        print(
            f"{stage} stages, {5 * stage:2d} bits: {share:.3f} of the energy left over"
        )
    for each in (1, 2, 4):
        grid, row = (
            grid_tokens(pictures(), 16, 4, each),
            row_tokens(pictures(), 16 * each),
        )
        print(
            f"{16 * each:2d} numbers a picture, left over: grid {left_over(pictures(), grid):.3f}",
            end="",
        )
        print(f", row {left_over(pictures(), row):.3f}")
    print("first numbers kept" + "".join(f"{k:7d}" for k in CUTS))
    for name, shares in cut_rows().items():
        print(f"  row, {name:11s}" + "".join(f"{s:7.3f}" for s in shares))
