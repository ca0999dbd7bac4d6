"""Orders in which an image's tokens are drawn: one by one, by confidence, by scale; and
what parallel draws cost.
"""

import json
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np

MASK = -1


# --8<-- [start:masked]
def mask_lengths(tokens, steps):
    """How many tokens are still masked after each step: MaskGIT's cosine, at least one
    token lifted a step.
    """
    left, out = tokens, []
    for step in range(1, steps):
        left = max(
            1, min(left - 1, int(np.floor(tokens * np.cos(np.pi / 2 * step / steps))))
        )
        out.append(left)
    return [*out, 0]


def decode(logits_of, tokens, steps, rng, temperature=4.5):
    """Draw all masked tokens, keep the surest, mask the others again; `logits_of` maps
    ids to tokens × V.
    """
    ids = np.full(tokens, MASK)
    for step, masked in enumerate(mask_lengths(tokens, steps), start=1):
        logits = logits_of(ids)
        log_p = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
        drawn = np.where(
            ids == MASK, (log_p + rng.gumbel(size=log_p.shape)).argmax(1), ids
        )
        confidence = log_p[np.arange(tokens), drawn] + temperature * (
            1 - step / steps
        ) * rng.gumbel(size=tokens)
        confidence[ids != MASK] = np.inf  # what is known stays
        ids = drawn
        ids[np.argsort(confidence)[:masked]] = MASK
    return ids


# --8<-- [end:masked]


# --8<-- [start:resize]
def area(size, to):
    """`to` × `size`: each output is the mean of the cells it covers (adaptive average
    pooling).
    """
    rows = np.zeros((to, size))
    for i in range(to):
        first, last = i * size // to, -(-(i + 1) * size // to)
        rows[i, first:last] = 1 / (last - first)
    return rows


def bicubic(size, to, a=-0.75):
    """`to` × `size`: cubic convolution, half-pixel centres, edge cells repeated; the
    identity when sizes agree.
    """
    rows = np.zeros((to, size))
    for i in range(to):
        x = (i + 0.5) * size / to - 0.5
        for k in range(int(np.floor(x)) - 1, int(np.floor(x)) + 3):
            t = abs(x - k)
            near = (a + 2) * t**3 - (a + 3) * t**2 + 1
            rows[i, min(max(k, 0), size - 1)] += (
                near if t <= 1 else a * (t**3 - 5 * t**2 + 8 * t - 4)
            )
    return rows


def resize(grid, rows):
    return np.einsum("ai,bj,ijc->abc", rows, rows, grid)


# --8<-- [end:resize]


# --8<-- [start:pyramid]
def encode(features, sides, codebook):
    """VAR's token maps, coarse to fine: each codes what the coarser ones, scaled up,
    left over.
    """
    size, rest, maps = len(features), features, []
    for side in sides:
        small = resize(rest, area(size, side))
        distance = ((small[:, :, None] - codebook) ** 2).sum(-1)
        maps.append(distance.argmin(-1))
        rest = rest - resize(codebook[maps[-1]], bicubic(side, size))
    return maps, features - rest


def inputs(maps, sides, codebook):
    """What the transformer reads before it draws each map after the first: the sum so
    far, at that map's size.
    """
    size, total, out = sides[-1], 0.0, []
    for tokens, side, following in zip(maps, sides, sides[1:], strict=False):
        total = total + resize(codebook[tokens], bicubic(side, size))
        out.append(resize(total, area(size, following)))
    return out


def scale_mask(sides):
    """True where attention is allowed: a token sees its own scale and all
    coarser ones.
    """
    scale = np.repeat(np.arange(len(sides)), np.square(sides))
    return scale[:, None] >= scale[None, :]


# --8<-- [end:pyramid]


# --8<-- [start:pixels]
def causal_kernel(size, centre):
    """PixelCNN's mask of a convolution: rows above, cells to the left, and in type B
    (`centre`) the pixel itself.
    """
    middle = size // 2
    kernel = np.zeros((size, size), bool)
    kernel[:middle], kernel[middle, : middle + centre] = True, True
    return kernel


def seen(side, size, layers):
    """side² × side²: which pixels each output depends on after one layer of type A and
    others of type B.
    """
    reach = np.eye(side**2, dtype=bool)
    for layer in range(layers):
        step = np.zeros_like(reach)
        for dy, dx in np.argwhere(causal_kernel(size, centre=layer > 0)) - size // 2:
            for y in range(max(0, -dy), side):
                for x in range(max(0, -dx), min(side, side - dx)):
                    step[y * side + x, (y + dy) * side + x + dx] = True
        reach = step @ reach
    return reach


# --8<-- [end:pixels]


# --8<-- [start:cost]
def ising(side, coupling):
    """A distribution that can be enumerated: all 2^(side²) black-and-white images,
    neighbours like to agree.
    """
    spins = 2 * (np.arange(2**side**2)[:, None] >> np.arange(side**2)[::-1] & 1) - 1
    grid = spins.reshape(-1, side, side)
    agree = (grid[:, 1:] * grid[:, :-1]).sum((1, 2)) + (
        grid[:, :, 1:] * grid[:, :, :-1]
    ).sum((1, 2))
    p = np.exp(coupling * agree)
    return (p / p.sum()).reshape((2,) * side**2)


def entropy(p, keep):
    """In bits, of the tokens in `keep`."""
    q = p.sum(tuple(axis for axis in range(p.ndim) if axis not in keep)).ravel()
    q = q[q > 0]
    return float(-(q * np.log2(q)).sum())


def lost_bits(p, groups):
    """KL divergence of the data from a perfect network that draws each group at once,
    given the earlier ones.
    """
    known, lost = [], 0.0
    for group in groups:
        before = entropy(p, known)
        lost += sum(entropy(p, [*known, token]) - before for token in group)
        lost -= entropy(p, [*known, *group]) - before
        known += group
    return lost


# --8<-- [end:cost]


def cut(order, steps):
    """An order in groups of the cosine's sizes."""
    edges = [0, *(len(order) - left for left in mask_lengths(len(order), steps))]
    return [list(order[a:b]) for a, b in pairwise(edges)]


def scales_lost(p):
    """The same for 4 × 4 images in three scales: their majority, the majority of each
    block of 2 × 2, the pixels.

    The distribution that is drawn from is summed up whole. Ties of a block go to its
    first pixel.
    """
    flat = p.ravel()
    pixels = np.arange(16**4)[:, None] >> np.arange(16)[::-1] & 1
    squares = pixels.reshape(-1, 2, 2, 2, 2)
    count, first = (
        squares.sum((2, 4)).reshape(-1, 4),
        squares[:, :, 0, :, 0].reshape(-1, 4),
    )
    blocks = np.where(count == 2, first, count > 2).astype(int)
    whole = np.where(blocks.sum(1) == 2, blocks[:, 0], blocks.sum(1) > 2)
    patterns = np.arange(16)[:, None] >> np.arange(4)[::-1] & 1
    drawn_blocks = np.zeros(16)
    for value in (0, 1):
        weight = flat * (whole == value)
        chance = weight @ blocks / weight.sum()
        drawn_blocks += weight.sum() * np.where(patterns, chance, 1 - chance).prod(1)
    drawn = np.zeros_like(flat)
    for pattern, share in zip(patterns, drawn_blocks, strict=True):
        weight = flat * (blocks == pattern).all(1)
        chance = weight @ pixels / weight.sum()
        drawn += share * np.where(pixels, chance, 1 - chance).prod(1)
    return float((flat * np.log2(flat / drawn)).sum())


SPREAD = (0, 10, 2, 8, 5, 15, 7, 13, 1, 11, 3, 9, 4, 14, 6, 12)
"""The cells of a 4 × 4 grid in an order that keeps early ones far apart."""
COUPLING = 0.6
STEPS = (1, 2, 3, 4, 6, 8, 16)


def experiment(seed=0, orders=6):
    p, rng = ising(4, COUPLING), np.random.default_rng(seed)
    drawn = [rng.permutation(16) for _ in range(orders)]
    rows = {
        "raster": [lost_bits(p, cut(range(16), steps)) for steps in STEPS],
        "random": [
            float(
                np.mean([lost_bits(p, cut(order.tolist(), steps)) for order in drawn])
            )
            for steps in STEPS
        ],
        "spread": [lost_bits(p, cut(SPREAD, steps)) for steps in STEPS],
    }
    out = {name: [round(abs(bits), 4) for bits in row] for name, row in rows.items()}
    return {
        "steps": list(STEPS),
        "entropy": round(entropy(p, range(16)), 4),
        "lost": out,
        "scales": {str(c): round(scales_lost(ising(4, c)), 4) for c in (0.3, COUPLING)},
        "spread": {
            str(c): round(lost_bits(ising(4, c), cut(SPREAD, 3)), 4)
            for c in (0.3, COUPLING)
        },
    }


def bits_lost(p):
    """The same if the tokens are blocks of 2 × 2 pixels in raster order, four bits each,
    and a head draws a token's bits in one, two or four draws.
    """
    blocks = [[4 * y + x + k for k in (0, 5, 1, 4)] for y in (0, 2) for x in (0, 2)]
    return {
        draws: lost_bits(
            p, [b[i : i + 4 // draws] for b in blocks for i in range(0, 4, 4 // draws)]
        )
        for draws in (1, 2, 4)
    }


VAR_SIDES = (1, 2, 3, 4, 5, 6, 8, 10, 13, 16)


def pyramid_experiment(seed=0):
    """Energy left over after each scale, on smooth random features with a random
    codebook of shrinking size.
    """
    rng = np.random.default_rng(seed)
    features = sum(
        resize(rng.normal(size=(s, s, 4)), bicubic(s, 16)) / np.sqrt(s)
        for s in (2, 4, 8, 16)
    )
    codebook = np.concatenate(
        [rng.normal(size=(128, 4)) * scale for scale in (1.0, 0.5, 0.25, 0.1)]
    )
    maps, _ = encode(features, VAR_SIDES, codebook)
    total, left = 0.0, []
    for tokens, side in zip(maps, VAR_SIDES, strict=True):
        total = total + resize(codebook[tokens], bicubic(side, 16))
        left.append(
            round(float(((features - total) ** 2).sum() / (features**2).sum()), 4)
        )
    return left


if __name__ == "__main__":
    results = experiment() | {"pyramid": pyramid_experiment()}
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(results) + "\n", encoding="utf-8"
        )
    print(
        "256 tokens in 12 steps, newly known:", *-np.diff([256, *mask_lengths(256, 12)])
    )
    print(
        f"VAR: {np.square(VAR_SIDES).sum()} tokens in {len(VAR_SIDES)} passes; energy left over after each:"
    )
    print("  ", *results["pyramid"])
    print(f"bits lost to parallel draws, of {results['entropy']:.2f}")
    print("  steps ", *(f"{n:6d}" for n in STEPS))
    for name, row in results["lost"].items():
        print(f"  {name:6s}", *(f"{bits:6.2f}" for bits in row))
    for coupling, bits in results["scales"].items():
        print(
            f"  coupling {coupling}, 3 steps: scales {bits:.2f}, spread {results['spread'][coupling]:.2f}"
        )
    for coupling in (0.3, COUPLING):
        heads = bits_lost(ising(4, coupling)).values()
        print(
            f"  coupling {coupling}, tokens of 4 bits drawn in 1, 2, 4:",
            *(f"{abs(bits):.2f}" for bits in heads),
        )
    reach = seen(12, 3, layers=24)[6 * 12 + 6].sum()
    print(
        f"stacked 3 × 3: pixel (6, 6) of 12 × 12 sees {reach} of the {6 * 12 + 6} before it"
    )
    print(
        "two independent tokens, P(1) = 0.8 each, should both be 1 in 0.64 of all draws"
    )
    flat = np.log([[0.2, 0.8], [0.2, 0.8]])
    for temperature in (0.0, 4.5):
        rng = np.random.default_rng(1)
        ones = np.mean(
            [
                decode(lambda ids: flat, 2, 2, rng, temperature).sum() == 2
                for _ in range(20_000)
            ]
        )
        print(f"  kept by confidence, temperature {temperature}: {ones:.2f}")
