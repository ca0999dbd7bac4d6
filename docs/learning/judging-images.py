"""Judging a generator of images in NumPy: the Fréchet distance, the kernel distance and
precision and recall, on distributions whose true distances are known.
"""

import json
import sys
from pathlib import Path

import numpy as np

SIZE = 64
COUNTS = (100, 125, 167, 250, 500, 1000, 4000)
SPREADS = {"perfect": 1.0, "10% less spread": 0.9}
MODES, WIDTH = 8, 0.1


# --8<-- [start:frechet]
def root(matrix):
    """The square root of a covariance, from its eigenvalues."""
    values, vectors = np.linalg.eigh(matrix)
    return vectors * np.sqrt(np.maximum(values, 0)) @ vectors.T


def frechet(mean, cov, other_mean, other_cov):
    """Squared Fréchet distance of two Gaussians; for Inception's features, the FID."""
    half = root(cov)
    cross = np.trace(root(half @ other_cov @ half))
    gap = mean - other_mean
    distance = gap @ gap + np.trace(cov) + np.trace(other_cov) - 2 * cross
    return max(distance, 0.0)  # rounding may leave it just below


def fid(real, fake):
    """The distance of two sets of features, one row for each image."""
    return frechet(real.mean(0), np.cov(real.T), fake.mean(0), np.cov(fake.T))


def without_end(counts, values):
    """Extend a line through the values over 1/count to 1/count = 0."""
    return np.polyfit(1 / np.array(counts), values, 1)[1]


# --8<-- [end:frechet]


# --8<-- [start:kernel]
def cubic(a, b):
    """The kernel of the KID: means, covariances and third moments are compared."""
    return (a @ b.T / a.shape[1] + 1) ** 3


def gaussian(a, b, width=0.5):
    """A kernel that compares everything, most of all what is within its width."""
    squares = (a**2).sum(1)[:, None] + (b**2).sum(1) - 2 * a @ b.T
    return np.exp(-squares / (2 * width**2))


def mmd(real, fake, kernel=cubic):
    """Squared maximum mean discrepancy, without bias: no item is compared with itself,
    so that its mean over draws is the true value at any number of items.
    """
    n, m = len(real), len(fake)
    within = kernel(real, real), kernel(fake, fake)
    pairs = [(k.sum() - np.trace(k)) / len(k) / (len(k) - 1) for k in within]
    return sum(pairs) - 2 * kernel(real, fake).sum() / (n * m)


# --8<-- [end:kernel]


# --8<-- [start:neighbours]
def apart(a, b):
    return np.sqrt(((a[:, None] - b[None]) ** 2).sum(2))


def neighbours(real, fake, k=5):
    """Precision, recall, density and coverage. Each item has a ball that reaches to its
    k-th nearest neighbour in its own set.
    """
    ball_real = np.sort(apart(real, real))[:, k, None]  # place 0 is the item itself
    ball_fake = np.sort(apart(fake, fake))[:, k]
    gaps = apart(real, fake)
    in_real, in_fake = gaps < ball_real, gaps < ball_fake
    return {
        "precision": in_real.any(0).mean(),  # fakes that are in some real ball
        "recall": in_fake.any(1).mean(),  # reals that are in some fake ball
        "density": in_real.sum(0).mean() / k,  # real balls around a fake
        "coverage": in_real.any(1).mean(),  # real balls with a fake in them
    }


# --8<-- [end:neighbours]


# --8<-- [start:rings]
def ring(modes, width, count, rng):
    """Clusters on a circle: the places in `modes`, of MODES in all."""
    angle = 2 * np.pi * rng.choice(modes, count) / MODES
    centre = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return centre + width * rng.normal(size=(count, 2))


def moments(modes, width):
    """Exact mean and covariance of a ring."""
    angle = 2 * np.pi * np.array(modes) / MODES
    centres = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return centres.mean(0), np.cov(centres.T, bias=True) + width**2 * np.eye(2)


def blur_for(distance):
    """The width at which a ring with all modes has this Fréchet distance from the data.
    Both covariances are multiples of the identity, so that it can be solved for.
    """
    return np.sqrt((np.sqrt(0.5 + WIDTH**2) + np.sqrt(distance / 2)) ** 2 - 0.5)


# --8<-- [end:rings]


def generators():
    """Modes and width of the data and of three generators."""
    every = tuple(range(MODES))
    one_less = every[1:]
    distance = frechet(*moments(every, WIDTH), *moments(one_less, WIDTH))
    return {
        "the data again": (every, WIDTH),
        "all modes, blurred": (every, blur_for(distance)),
        "one mode missing": (one_less, WIDTH),
        "half the modes missing": (every[::2], WIDTH),
    }


def judged(count=1500, seed=4):
    rng = np.random.default_rng(seed)
    every = tuple(range(MODES))
    real = ring(every, WIDTH, count, rng)
    found = {}
    for name, (modes, width) in generators().items():
        fake = ring(modes, width, count, rng)
        found[name] = {
            "FID": frechet(*moments(every, WIDTH), *moments(modes, width)),
            "KID": 1000 * mmd(real, fake),
            "Gaussian": 1000 * mmd(real, fake, gaussian),
            **neighbours(real, fake),
        }
    return found


def measured(spread, count, rng, repeats=24):
    """FID of a generator whose features have a standard deviation of `spread` where the
    data have 1, against exact statistics of the data (mean of repeats).
    """
    exact = np.zeros(SIZE), np.eye(SIZE)
    draws = (spread * rng.normal(size=(count, SIZE)) for _ in range(repeats))
    return float(np.mean([frechet(*exact, f.mean(0), np.cov(f.T)) for f in draws]))


def by_count():
    rng = np.random.default_rng(0)
    return {
        name: [measured(spread, count, rng) for count in COUNTS]
        for name, spread in SPREADS.items()
    }


def kernel_by_count(spread, count, rng, repeats=400):
    """1000 × KID of two draws of `count`: mean, its standard error, scatter of one."""
    found = [
        1000
        * mmd(rng.normal(size=(count, SIZE)), spread * rng.normal(size=(count, SIZE)))
        for _ in range(repeats)
    ]
    return np.mean(found), np.std(found) / np.sqrt(repeats), np.std(found)


if __name__ == "__main__":
    curves = by_count()
    print(
        f"{'FID, by number':16}" + "".join(f"{n:8,}" for n in COUNTS) + "   end   true"
    )
    for name, values in curves.items():
        end, true = without_end(COUNTS[4:], values[4:]), SIZE * (1 - SPREADS[name]) ** 2
        row = "".join(f"{v:8.2f}" for v in values)
        print(f"{name:16}{row}{end:6.2f}{true:7.2f}")
    print("\n1000 × KID, by number: mean of 400 draws ± error, scatter of one draw")
    rng = np.random.default_rng(1)
    print(" " * 16 + "".join(f"{n:17,}" for n in (50, 100, 200)) + "   true")
    for name, spread in SPREADS.items():
        row = [kernel_by_count(spread, count, rng) for count in (50, 100, 200)]
        cells = "".join(f"{m:6.2f} ±{e:4.2f},{one:4.0f}" for m, e, one in row)
        print(f"{name:16}{cells}{3000 * (1 - spread**2) ** 2 / SIZE:7.2f}")
    print(f"\n{'':23}{'FID':>7}{'KID':>7}{'Gauss.':>7}  prec.  rec. dens.  cov.")
    for name, row in judged().items():
        print(
            f"{name:23}{row['FID']:7.3f}{row['KID']:7.1f}{row['Gaussian']:7.1f} "
            + "".join(f"{v:6.2f}" for v in list(row.values())[3:])
        )
    if "--store" in sys.argv:
        rng = np.random.default_rng(2)
        stored = {
            "counts": COUNTS,
            "FID": {name: np.round(v, 3).tolist() for name, v in curves.items()},
            "clouds": {
                name: ring(modes, width, 240, rng).round(2).tolist()
                for name, (modes, width) in generators().items()
            },
        }
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(stored) + "\n", encoding="utf-8"
        )
