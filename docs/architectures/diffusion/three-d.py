"""3D shapes: voxels that a surface crosses, a field read from points by attention, and
score distillation with an exact denoiser.
"""

import json
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np


# --8<-- [start:voxels]
def sphere(p, radius=0.7):
    """Signed distance of points (… × 3): negative inside."""
    return np.linalg.norm(p, axis=-1) - radius


def torus(p, radius=0.6, tube=0.25):
    ring = np.linalg.norm(p[..., :2], axis=-1) - radius
    return np.hypot(ring, p[..., 2]) - tube


def gyroid(p, waves=2.0):
    """A surface that fills the cube; its sign is right, its size no distance."""
    x, y, z = np.moveaxis(np.pi * waves * p, -1, 0)
    return np.sin(x) * np.cos(y) + np.sin(y) * np.cos(z) + np.sin(z) * np.cos(x)


def crossed(field, resolution):
    """How many voxels of an N³ grid over [−1, 1]³ the surface passes through: those
    whose corners are not all on one side.
    """
    at = np.linspace(-1, 1, resolution + 1)
    corners = np.stack(np.meshgrid(at, at, at, indexing="ij"), axis=-1)
    inside = field(corners) < 0
    ends = (slice(None, -1), slice(1, None))
    cells = sum(
        inside[a, b, c].astype(np.uint8) for a in ends for b in ends for c in ends
    )
    return int(((cells > 0) & (cells < 8)).sum())


# --8<-- [end:voxels]


# --8<-- [start:vecset]
def farthest(points, count):
    """Indices of points of which each is farthest from all before it."""
    chosen = [0]
    nearest = np.full(len(points), np.inf)
    while len(chosen) < count:
        step = ((points - points[chosen[-1]]) ** 2).sum(1)
        nearest = np.minimum(nearest, step)
        chosen.append(int(nearest.argmax()))
    return chosen


def attended(queries, places, width):
    """Attention of positions in space to a set of places, by distance; Q × M."""
    square = ((queries[:, None] - places) ** 2).sum(-1)
    weight = np.exp(-(square - square.min(1, keepdims=True)) / (2 * width**2))
    return weight / weight.sum(1, keepdims=True)


# --8<-- [end:vecset]


def near(field, count, rng, band=0.1):
    """Points close to the surface of a field of distances."""
    found = np.empty((0, 3))
    while len(found) < count:
        p = rng.uniform(-1, 1, (20 * count, 3))
        found = np.concatenate([found, p[np.abs(field(p)) < band]])
    return found[:count]


def set_error(field, count, rng):
    """Error near the surface of a field that each of `count` places on it carries as a
    linear function around itself: 4 numbers beside the 3 of the place, fitted exactly.
    """
    cloud = near(field, 40 * count, rng, band=0.01)
    places = cloud[farthest(cloud, count)]
    width = 0.8 * np.sqrt(7.4 / count)  # of the distance between places

    def features(p):
        weight = attended(p, places, width)
        offset = p[:, None] - places
        parts = [weight, *(weight * offset[..., axis] for axis in range(3))]
        return np.concatenate(parts, axis=1)

    seen, new = near(field, 24 * count, rng), near(field, 2000, rng)
    known = features(seen)
    gram = known.T @ known + 1e-6 * np.eye(4 * count)
    values = np.linalg.solve(gram, known.T @ field(seen))
    return float(np.sqrt(np.mean((features(new) @ values - field(new)) ** 2)))


def grid_error(field, side, rng):
    """The same for a grid of side³ numbers, read by linear interpolation."""
    at = np.linspace(-1, 1, side)
    values = field(np.stack(np.meshgrid(at, at, at, indexing="ij"), axis=-1))
    new = near(field, 2000, rng)
    place = (new + 1) / 2 * (side - 1)
    low = np.minimum(place.astype(int), side - 2)
    part = place - low
    out = np.zeros(len(new))
    for corner in np.ndindex(2, 2, 2):
        share = np.prod(np.where(corner, part, 1 - part), axis=1)
        out += share * values[tuple((low + corner).T)]
    return float(np.sqrt(np.mean((out - field(new)) ** 2)))


# --8<-- [start:distil]
PROMPT, OTHER, SPREAD = 1.0, -1.0, 0.3
"""Two kinds of data on a line: N(1, 0.3²) is asked for, N(−1, 0.3²) is the rest."""
TIMES = np.linspace(0.02, 0.98, 49)


def noise_guess(z, t, guidance):
    """The noise that a perfect model sees in z = cos(πt/2) x + sin(πt/2) ε."""
    a, s = np.cos(np.pi * t / 2), np.sin(np.pi * t / 2)
    variance = a**2 * SPREAD**2 + s**2
    right, wrong = (s * (z - a * mean) / variance for mean in (PROMPT, OTHER))
    odds = np.exp(np.clip(-2 * a * z * (PROMPT - OTHER) / 2 / variance, -60, 60))
    anything = (right + odds * wrong) / (1 + odds)
    return anything + guidance * (right - anything)


def distil(x, guidance, rng, steps=400, rate=0.02):
    """Score distillation: x moves until the model sees the noise that is put on it."""
    for _ in range(steps):
        slope = np.zeros_like(x)
        for t in TIMES:
            noise = rng.normal(size=x.shape)
            z = np.cos(np.pi * t / 2) * x + np.sin(np.pi * t / 2) * noise
            slope += noise_guess(z, t, guidance) - noise
        x = x - rate * slope / len(TIMES)
    return x


def sample(x, guidance, steps=200):
    """The same model's ordinary sampler (DDIM), from noise x."""
    times = np.linspace(0.999, 0, steps + 1)
    for t, after in pairwise(times):
        guess = noise_guess(x, t, guidance)
        clean = (x - np.sin(np.pi * t / 2) * guess) / np.cos(np.pi * t / 2)
        x = np.cos(np.pi * after / 2) * clean + np.sin(np.pi * after / 2) * guess
    return x


# --8<-- [end:distil]

SHAPES = {"sphere": sphere, "torus": torus, "gyroid": gyroid}
RESOLUTIONS = (16, 32, 64, 128)
SETS = {32: 6, 128: 10, 512: 15}
"""Places of a set, of 7 numbers each, and the side of a grid with about as many."""
GUIDANCE = (1.0, 7.5, 30.0, 100.0)


def counts(width=1536, image=1024, inner=8192, layers=30):
    """Weights of one of TRELLIS.2's networks: self-attention, cross-attention to the
    picture, and a feed-forward network in each block.
    """
    own, crossed = 4 * width**2, 2 * width**2 + 2 * image * width
    return {"trellis": layers * (own + crossed + 2 * width * inner)}


def results():
    rng = np.random.default_rng(0)
    distilled = {}
    for guidance in GUIDANCE:
        ends = (
            distil(rng.normal(size=256), guidance, rng),
            sample(rng.normal(size=4000), guidance),
        )
        distilled[f"{guidance:g}"] = [
            round(float(v), 3) for end in ends for v in (end.mean(), end.std())
        ]
    return {
        "crossed": {
            name: [crossed(field, n) for n in RESOLUTIONS]
            for name, field in SHAPES.items()
        },
        "field": {
            name: [
                [
                    round(set_error(SHAPES[name], m, rng), 5),
                    round(grid_error(SHAPES[name], n, rng), 5),
                ]
                for m, n in SETS.items()
            ]
            for name in ("sphere", "torus")
        },
        "distilled": distilled,
        "counts": counts(),
    }


if __name__ == "__main__":
    stored = Path(__file__).with_suffix(".json")
    if "--data" in sys.argv:
        stored.write_text(json.dumps(results()) + "\n", encoding="utf-8")
    data = json.loads(stored.read_text(encoding="utf-8"))
    print("voxels of an N³ grid that a surface crosses")
    print(f"{'N':<8}" + "".join(f"{n:>12}" for n in RESOLUTIONS))
    print(f"{'all':<8}" + "".join(f"{n**3:>12,}" for n in RESOLUTIONS))
    for name, row in data["crossed"].items():
        print(f"{name:<8}" + "".join(f"{count:>12,}" for count in row))
    print("error of the distance near the surface: a set of places, a grid")
    for name, rows in data["field"].items():
        for (places, side), (of_set, of_grid) in zip(SETS.items(), rows, strict=True):
            print(
                f"  {name:7s} {places:4d} × 7 {of_set:.4f}   {side:3d}³ {of_grid:.4f}"
            )
    print("wanted: mean 1, deviation 0.3     distilled              sampled")
    for guidance, (mean, spread, m, s) in data["distilled"].items():
        print(
            f"  guidance {guidance:>5s} {mean:18.2f} {spread:8.2f} {m:14.2f} {s:8.2f}"
        )
