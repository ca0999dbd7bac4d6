"""A vision transformer's ends in NumPy: patches in, one vector out, positions for
another size, and packing.
"""

import json
import sys
from pathlib import Path

import numpy as np


# --8<-- [start:patches]
def patches(image, size):
    """Height × width × channels to (number of patches) × (size² · channels), row by
    row.
    """
    height, width, channels = image.shape
    grid = image.reshape(height // size, size, width // size, size, channels)
    return grid.swapaxes(1, 2).reshape(-1, size * size * channels)


def embed(image, size, w, class_token, positions):
    """Patches through one matrix, a class token in front, a learned position added to
    each.
    """
    tokens = np.concatenate([class_token[None], patches(image, size) @ w])
    return tokens + positions


# --8<-- [end:patches]


# --8<-- [start:resize]
def resize_positions(positions, side, new_side):
    """Learnt positions of a side × side grid, read off bilinearly at another; the class
    token's stays.
    """
    grid = positions[1:].reshape(side, side, -1)
    at = np.linspace(0, side - 1, new_side)
    low = np.minimum(at.astype(int), side - 2)
    share = (at - low)[:, None]
    rows = grid[low] * (1 - share[..., None]) + grid[low + 1] * share[..., None]
    columns = rows[:, low] * (1 - share) + rows[:, low + 1] * share
    return np.concatenate([positions[:1], columns.reshape(new_side**2, -1)])


# --8<-- [end:resize]


# --8<-- [start:pack]
def packing_mask(lengths):
    """NaViT: images of several sizes in one sequence; each token reads its own image
    only.
    """
    image = np.repeat(np.arange(len(lengths)), lengths)
    return image[:, None] == image


# --8<-- [end:pack]


# --8<-- [start:windows]
def window_mask(side, window, shift=0):
    """Patches of a side × side grid read those of their own window; `shift` moves all
    edges down and right.
    """
    part = (np.arange(side) + (window - shift) % window) // window
    place = (part[:, None] * side + part).reshape(-1)
    return place[:, None] == place


def reached(masks):
    """How many patches can affect the middle one after layers with these masks."""
    side = int(len(masks[0]) ** 0.5)
    seen = np.zeros(side * side, dtype=bool)
    seen[side // 2 * side + side // 2] = True
    for mask in reversed(masks):
        seen = mask[seen].any(0)
    return int(seen.sum())


# --8<-- [end:windows]


# --8<-- [start:cost]
def tokens(side, patch):
    """Patches of a square image, and the class token."""
    return (side // patch) ** 2 + 1


def parameters(layers, d, d_ff, patch, side, classes=1000):
    """ViT: patch matrix, class token, positions, blocks with biases and LayerNorm,
    final norm, classifier.
    """
    ends = (
        3 * patch**2 * d
        + d
        + d
        + tokens(side, patch) * d
        + 2 * d
        + d * classes
        + classes
    )
    block = 4 * (d * d + d) + 2 * d * d_ff + d_ff + d + 4 * d
    return ends + layers * block


def operations(layers, d, d_ff, patch, side):
    """Multiplications and additions of one image's pass, blocks only."""
    t = tokens(side, patch)
    return layers * (2 * t * (4 * d * d + 2 * d * d_ff) + 4 * t * t * d)


# --8<-- [end:cost]

BASE, LARGE = (
    {"layers": 12, "d": 768, "d_ff": 3072},
    {"layers": 24, "d": 1024, "d_ff": 4096},
)


def mixing_share(side, d=768, d_ff=3072, patch=16):
    """The part of ViT-B/16's operations that compares patches, in percent."""
    t = tokens(side, patch)
    whole = operations(1, d, d_ff, patch, side)
    return round(100 * 4 * t * t * d / whole)


def counts():
    return {f"share at {side}": mixing_share(side) for side in (224, 1024)}


def experiment():
    sides = [224, 384, 512, 768, 1024]
    run = {"sides": sides, "counts": counts()}
    for patch in (32, 16, 8):
        run[str(patch)] = [
            round(operations(**BASE, patch=patch, side=side) / 1e9, 3) for side in sides
        ]
    return run


if __name__ == "__main__":
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(experiment()) + "\n", encoding="utf-8"
        )
    image = np.arange(8 * 8 * 3.0).reshape(8, 8, 3)
    print(f"8 × 8 image in patches of 4: {patches(image, 4).shape}")
    for name, size in (("ViT-B", BASE), ("ViT-L", LARGE)):
        for patch in (32, 16):
            count, work = (
                parameters(**size, patch=patch, side=224),
                operations(**size, patch=patch, side=224),
            )
            row = f"{tokens(224, patch):>4} tokens, {count:>12,} parameters, {work / 1e9:>6.1f}G operations"
            print(f"{name}/{patch}: {row}")
    mask = packing_mask([4, 9, 6])
    print(
        f"three images of 4, 9 and 6 patches in one sequence: {mask.sum()} of {mask.size} pairs are read"
    )
    plain, shifted, full = (
        window_mask(64, 8),
        window_mask(64, 8, 4),
        np.ones((4096, 4096), dtype=bool),
    )
    print(
        f"64 × 64 patches in windows of 8 × 8: {plain.sum():,} of {plain.size:,} pairs are read"
    )
    stacks = {
        "windows": [plain] * 4,
        "every other layer shifted": [plain, shifted] * 2,
        "one full": [*[plain] * 3, full],
    }
    for name, stack in stacks.items():
        print(
            f"  patches that reach the middle one, four layers, {name}: {reached(stack):,}"
        )
