"""Molecules and proteins: triangle updates of pairs, an equivariant layer, what random
rotations teach instead, flows of rotations, and the spread that AlphaFold 3's sampler
leaves.
"""

import json
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np


def sigmoid(x):
    return (1 + np.tanh(x / 2)) / 2


def silu(x):
    return x * sigmoid(x)


def norm(x):
    centred = x - x.mean(-1, keepdims=True)
    return centred / np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-5)


# --8<-- [start:triangle]
def triangle(z, weights, outgoing=True):
    """Triangle multiplication: the pair (i, j) hears from every third token k through
    the pairs (i, k) and (j, k), or (k, j) and (k, i); z is T × T × d_z.
    """
    a, b, gate_a, gate_b, gate, out = weights  # d_z × d_z each
    n = norm(z)
    a = sigmoid(n @ gate_a) * (n @ a)
    b = sigmoid(n @ gate_b) * (n @ b)
    paths = "ikc,jkc->ijc" if outgoing else "kjc,kic->ijc"
    mixed = np.einsum(paths, a, b, optimize=True)
    return z + sigmoid(n @ gate) * (norm(mixed) @ out)


def informed(tokens, updates):
    """From how far along a chain a pair has heard, if only neighbours know one another
    at first and every update passes on what both of two pairs know.
    """
    near = np.abs(np.subtract.outer(np.arange(tokens), np.arange(tokens))) <= 1
    for _ in range(updates):
        near = near.astype(int) @ near.astype(int).T > 0
    return int(near[0].nonzero()[0].max())


# --8<-- [end:triangle]


# --8<-- [start:egnn]
def equivariant(x, h, weights):
    """A layer of EGNN, with EDM's division: features h hear from one another by way of
    distances, and each position moves along the lines to the others.
    """
    first, second, features, along = weights
    apart = x[:, None] - x
    square = (apart**2).sum(-1, keepdims=True)
    n = len(x)
    pair = np.concatenate(
        [np.repeat(h[:, None], n, 1), np.repeat(h[None], n, 0), square], axis=-1
    )
    message = silu(silu(pair @ first) @ second)
    message *= 1 - np.eye(n)[..., None]  # nothing from oneself
    move = apart / (np.sqrt(square) + 1) * (message @ along)
    h = h + silu(np.concatenate([h, message.sum(1)], axis=-1) @ features)
    return x + move.sum(1), h


def plain(x, h, weights):
    """A transformer's way: coordinates are features like any others."""
    query, key, value, out = weights
    tokens = np.concatenate([x, h], axis=-1)
    score = (tokens @ query) @ (tokens @ key).T / np.sqrt(query.shape[1])
    mixed = np.exp(score - score.max(1, keepdims=True))
    mixed = mixed / mixed.sum(1, keepdims=True) @ (tokens @ value)
    return x + mixed @ out, h


def rotation(rng):
    """A rotation drawn evenly from all: two random directions, made orthogonal."""
    a, b = rng.normal(size=(2, 3))
    a /= np.linalg.norm(a)
    b -= a * (a @ b)
    b /= np.linalg.norm(b)
    return np.stack([a, b, np.cross(a, b)])


# --8<-- [end:egnn]


# --8<-- [start:augment]
def denoised(noisy, copies, sigma):
    """What a network that has learnt these copies by heart, and nothing else, predicts:
    the mean of the copies, weighted by how well the noise explains each (m × n × 3).
    """
    flat, known = noisy.reshape(len(noisy), -1), copies.reshape(len(copies), -1)
    square = (known**2).sum(1) - 2 * flat @ known.T  # up to a constant
    weight = np.exp(-(square - square.min(1, keepdims=True)) / (2 * sigma**2))
    weight /= weight.sum(1, keepdims=True)
    return (weight @ known).reshape(noisy.shape)


def unevenness(shape, count, sigma, rng, trials=200):
    """By how much, in Å per atom, a prediction changes if the input is rotated before
    and the output rotated back, for a network that saw `count` rotated copies.
    """
    copies = np.stack([shape @ rotation(rng).T for _ in range(count)])
    first, second = (np.stack([rotation(rng) for _ in range(trials)]) for _ in range(2))
    noisy = shape @ first.transpose(0, 2, 1)
    noisy = noisy + sigma * rng.normal(size=noisy.shape)
    straight = denoised(noisy, copies, sigma)
    turned = denoised(noisy @ second, copies, sigma) @ second.transpose(0, 2, 1)
    return float(np.sqrt(((straight - turned) ** 2).sum(-1).mean()))


# --8<-- [end:augment]


# --8<-- [start:so3]
def logarithm(r):
    """The axis of a rotation, as long as the angle (0 to π)."""
    angle = np.arccos(np.clip((np.trace(r) - 1) / 2, -1, 1))
    axis = np.array([r[2, 1] - r[1, 2], r[0, 2] - r[2, 0], r[1, 0] - r[0, 1]])
    return axis * (0.5 if angle < 1e-8 else angle / (2 * np.sin(angle)))


def exponential(v):
    """The rotation about an axis by its length (Rodrigues)."""
    angle = np.linalg.norm(v)
    if angle < 1e-12:
        return np.eye(3)
    x, y, z = v / angle
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross


def between(start, end, share):
    """The rotation a share of the way from one to another, by the shortest path."""
    return start @ exponential(share * logarithm(start.T @ end))


def flow(noise, predict, steps, rate=None):
    """From noise at t = 1 to data at 0. Each step turns a share of what is left towards
    the prediction: dt / t, or `rate` × dt, as FrameFlow does.
    """
    r = noise
    for t in np.arange(steps, 0, -1) / steps:
        share = 1 / (steps * t) if rate is None else rate / steps
        r = between(r, predict(r, t), share)
    return r


# --8<-- [end:so3]


# --8<-- [start:sampler]
def levels(steps=200, data=16.0, low=0.0004, high=160.0, power=7):
    """AlphaFold 3's noise levels, in Å."""
    first, last = high ** (1 / power), low ** (1 / power)
    return data * np.linspace(first, last, steps + 1) ** power


def spread(true, step_scale=1.5, noise_scale=1.003, churn=0.8, steps=200):
    """Standard deviation of what AlphaFold 3's sampler draws, if the data are normal
    with deviation `true` and the denoiser is exact. Every step is linear, so that the
    variance can be followed instead of samples.
    """
    sigmas = levels(steps)
    variance = sigmas[0] ** 2
    for before, after in pairwise(sigmas):
        noisier = before * (1 + churn * (after > 1))
        variance += noise_scale**2 * (noisier**2 - before**2)
        kept = true**2 / (true**2 + noisier**2)  # of x, in the exact prediction
        variance *= (1 + step_scale * (after - noisier) / noisier * (1 - kept)) ** 2
    return float(np.sqrt(variance))


def drawn(share, step_scale=1.5, apart=20.0, deviation=1.0, samples=20000, seed=0):
    """How often the same sampler draws the rarer of two states along one direction, if
    it makes up `share` of the data and the denoiser is exact.
    """
    rng = np.random.default_rng(seed)
    sigmas, shares = levels(), np.array([share, 1 - share])
    centres = apart * np.array([share - 1, share])  # their mean is zero
    x = sigmas[0] * rng.normal(size=samples)
    for before, after in pairwise(sigmas):
        noisier = before * (1 + 0.8 * (after > 1))
        x += 1.003 * np.sqrt(noisier**2 - before**2) * rng.normal(size=samples)
        variance = deviation**2 + noisier**2
        away = x[:, None] - centres
        square = away**2 - (away**2).min(1, keepdims=True)
        weight = shares * np.exp(-square / 2 / variance)
        weight /= weight.sum(1, keepdims=True)
        clean = (weight * (centres + away * deviation**2 / variance)).sum(1)
        x += step_scale * (after - noisier) * (x - clean) / noisier
    return float((np.abs(x - centres[0]) < np.abs(x - centres[1])).mean())


# --8<-- [end:sampler]


# --8<-- [start:cost]
def pairformer(tokens, pair=128, single=384, heads=16, attention=True):
    """Operations of one block for each of its parts; two for a product and its sum."""
    t, p, s = tokens, pair, single
    return {
        "triangle multiplication": 2 * (2 * 6 * t**2 * p**2 + 2 * t**3 * p),
        "triangle attention": attention * 2 * (2 * 5 * t**2 * p**2 + 4 * t**3 * p),
        "transition of pairs": 2 * 12 * t**2 * p**2,
        "tokens": 2 * 17 * t * s**2 + 4 * t**2 * s + 2 * t**2 * p * heads,
    }


def trunk(tokens, blocks=48, passes=11, **sizes):
    return blocks * passes * sum(pairformer(tokens, **sizes).values())


def denoiser(tokens, samples=5, width=768, single=384, pair=128, blocks=24, heads=16):
    """Operations of one step of the diffusion module over tokens, for several samples.
    The pairs are prepared and turned into biases once for all of them, but in each step
    anew; atoms, which attend to 128 others only, are left out.
    """
    matrices = 5 * width**2 + 6 * width**2 + 6 * single * width
    each = 2 * tokens * matrices + 4 * tokens**2 * width
    prepared = 2 * tokens**2 * pair * (pair + 139 + 12 * pair)  # 139 of positions
    return blocks * (samples * each + 2 * tokens**2 * pair * heads) + prepared


# --8<-- [end:cost]


def helix(residues=24):
    """Places of the α-carbons of an α-helix, in Å, around their centre."""
    turn = np.deg2rad(100) * np.arange(residues)
    along = 1.5 * np.arange(residues)
    places = np.stack([2.3 * np.cos(turn), 2.3 * np.sin(turn), along], axis=1)
    return places - places.mean(0)


LENGTHS = (256, 512, 1024, 2048, 4096, 5120)
COPIES = (1, 10, 100, 1000, 10000)
NOISES = (1, 4, 16)
SPREADS = (0.1, 1.0, 4.0, 16.0)
SHARES = (0.5, 0.3, 0.1, 0.03)
SECONDS = {1024: 34, 2048: 144, 3072: 367, 4096: 774, 5120: 1416}
"""Of AlphaFold 3's own code on one H100: google-deepmind/alphafold3 docs/performance.md."""


def layers(rng, width=16, features=8):
    """Random weights of the equivariant and of the plain layer."""
    shapes = (
        (2 * features + 1, width),
        (width, width),
        (features + width, features),
        (width, 1),
    )
    even = [rng.normal(size=s) / np.sqrt(s[0]) for s in shapes]
    odd = [rng.normal(size=(3 + features, width)) / 4 for _ in range(3)]
    return even, [*odd, rng.normal(size=(width, 3)) / 4]


def broken(layer, weights, x, h, turn, shift):
    """By how much a layer's positions differ, at most, if they are moved before it
    instead of after it.
    """
    before = layer(x @ turn.T + shift, h, weights)[0]
    return float(np.abs(before - (layer(x, h, weights)[0] @ turn.T + shift)).max())


def symmetries():
    rng = np.random.default_rng(3)
    even, odd = layers(rng)
    x, h = helix(), rng.normal(size=(24, 8))
    moves = {
        "shifted by 10 Å": (np.eye(3), np.array([10.0, 0, 0])),
        "rotated": (rotation(rng), np.zeros(3)),
        "mirrored": (np.diag([1.0, 1, -1]), np.zeros(3)),
    }
    return {
        name: [broken(equivariant, even, x, h, *m), broken(plain, odd, x, h, *m)]
        for name, m in moves.items()
    }


def results():
    rng = np.random.default_rng(0)
    shape = helix()
    return {
        "uneven": {
            str(s): [round(unevenness(shape, k, s, rng), 3) for k in COPIES]
            for s in NOISES
        },
        "parts": {
            name: [pairformer(t)[name] for t in LENGTHS] for name in pairformer(1)
        },
    }


if __name__ == "__main__":
    stored = Path(__file__).with_suffix(".json")
    if "--data" in sys.argv:
        stored.write_text(json.dumps(results()) + "\n", encoding="utf-8")
    data = json.loads(stored.read_text(encoding="utf-8"))
    print("how far a pair has heard after 0 to 6 triangle updates")
    print("  " + "".join(f"{informed(64, u):6d}" for u in range(7)))
    print("moved before or after a layer, Å     equivariant      plain")
    for name, (even, odd) in symmetries().items():
        exact = "under 1e-9" if even < 1e-9 else f"{even:.2g}"
        print(f"  {name:28s} {exact:>16s} {odd:10.1f}")
    print("rotated copies seen          " + "".join(f"{k:>9,}" for k in COPIES))
    for s, row in data["uneven"].items():
        print(f"  uneven by, noise {s:>2s} Å      " + "".join(f"{u:9.2f}" for u in row))
    rng = np.random.default_rng(1)
    pairs = [(rotation(rng), rotation(rng)) for _ in range(2000)]
    halves = [np.linalg.det((a + b) / 2) for a, b in pairs]
    angle = np.mean([np.linalg.norm(logarithm(a.T @ b)) for a, b in pairs])
    print(f"angle between two rotations, mean  {np.degrees(angle):6.1f}°")
    print(f"their average as matrices, volume  {np.mean(halves):6.2f}")
    print("spread of samples over that of the data")
    print("  deviation, Å     " + "".join(f"{s:8g}" for s in SPREADS))
    for scale in (1.5, 1.0):
        row = "".join(f"{spread(s, scale) / s:8.2f}" for s in SPREADS)
        print(f"  step scale {scale}   {row}")
    print("how often the rarer of two states, 20 Å apart, is drawn")
    print("  share in the data" + "".join(f"{100 * s:7.0f}%" for s in SHARES))
    for scale in (1.5, 1.0):
        row = "".join(f"{100 * drawn(s, scale):7.0f}%" for s in SHARES)
        print(f"  step scale {scale}   {row}")
    print("tokens    one block   trunk, 11 ×   5 samples   pairs, GiB")
    for t in LENGTHS:
        block, whole = sum(pairformer(t).values()), trunk(t)
        five, kept = 200 * denoiser(t), t * t * 128 * 2 / 2**30
        print(f"{t:6,} {block:12.1e} {whole:13.1e} {five:11.1e} {kept:12.2f}")
    print("tokens, seconds on an H100, share of its 989T operations a second")
    for t, s in SECONDS.items():
        rate = (trunk(t) + 200 * denoiser(t)) / s / 989e12
        print(f"{t:6,} {s:8,} {100 * rate:8.1f} %")
    first, last = min(SECONDS), max(SECONDS)
    grown = np.log(SECONDS[last] / SECONDS[first]) / np.log(last / first)
    work = [trunk(t) + 200 * denoiser(t) for t in (first, last)]
    counted = np.log(work[1] / work[0]) / np.log(last / first)
    print(f"power of the tokens: seconds {grown:.1f}, operations {counted:.1f}")
