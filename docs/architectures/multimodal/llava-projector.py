"""From image features to inputs of a language model: projector, splicing, training
mask, merging of patches.
"""

import math

import numpy as np

IGNORE = -100
IMAGE = -200


def gelu(x):
    return 0.5 * x * (1 + np.vectorize(math.erf)(x / math.sqrt(2)))


# --8<-- [start:projector]
def project(features, first, second):
    """LLaVA-1.5's connector: two linear maps with a GELU between. features: patches ×
    d_v; result: patches × d.
    """
    (weight, bias), (weight2, bias2) = first, second
    return gelu(features @ weight + bias) @ weight2 + bias2


def splice(ids, embeddings, images):
    """Replace each image placeholder by the tokens of the next image. Returns inputs, T
    × d.
    """
    parts, pending = [], iter(images)
    for token in ids:
        parts.append(next(pending) if token == IMAGE else embeddings[token][None])
    return np.concatenate(parts)


def labels(ids, answer_from, image_tokens):
    """What is trained: the answer's tokens only; prompt and image positions are ignored
    by the loss.
    """
    row = []
    for place, token in enumerate(ids):
        row += (
            [IGNORE] * image_tokens
            if token == IMAGE
            else [token if place >= answer_from else IGNORE]
        )
    return np.array(row)


# --8<-- [end:projector]


# --8<-- [start:merge]
def grid(features, m):
    """Patches of a square image as blocks of m × m neighbours: tokens × (m·m) × d_v."""
    side = math.isqrt(len(features))
    blocks = features.reshape(side // m, m, side // m, m, -1).transpose(0, 2, 1, 3, 4)
    return blocks.reshape(len(features) // m**2, m * m, -1)


def average(features, m):
    """Gemma 3: the mean of m × m patches becomes one token; their
    differences are gone.
    """
    return grid(features, m).mean(1)


def concatenate(features, m):
    """Qwen2-VL, Idefics3: m × m patches side by side in one wider vector, which the
    projector narrows.
    """
    return grid(features, m).reshape(len(features) // m**2, -1)


def best_tiling(size, tilings, tile=336):
    """LLaVA-1.6: the tiling, in tiles across and down, that keeps most of the image's
    pixels and wastes fewest.
    """
    width, height = size

    def score(tiling):
        across, down = tiling[0] * tile, tiling[1] * tile
        scale = min(across / width, down / height)
        kept = min(int(width * scale) * int(height * scale), width * height)
        return kept, kept - across * down

    return max(tilings, key=score)


def tiled_tokens(size, tilings, side=24):
    """LLaVA-1.6: an overview, the patches of the tiles without rows or columns of
    padding, and a token for each row.
    """
    (width, height), (across, down) = size, best_tiling(size, tilings)
    columns, rows = across * side, down * side
    if width * rows > height * columns:
        rows -= (rows - int(round(height * columns / width, 7))) // 2 * 2
    else:
        columns -= (columns - int(round(width * rows / height, 7))) // 2 * 2
    return side**2 + rows * columns + rows


# --8<-- [end:merge]


def recovered(features, tokens):
    """Share of the patches' variance that a linear map can read back from the merged
    tokens.
    """
    targets = (
        features.reshape(len(tokens), -1) if len(tokens) == len(features) else None
    )
    if targets is None:
        targets = concatenate(features, math.isqrt(len(features) // len(tokens)))
    targets = targets - targets.mean(0)
    known = tokens - tokens.mean(0)
    fit = known @ np.linalg.lstsq(known, targets, rcond=None)[0]
    return 1 - ((targets - fit) ** 2).sum() / (targets**2).sum()


TILINGS = ((2, 1), (1, 2), (2, 2), (1, 3), (3, 1))
"""Tiles across and down, in the order of the configuration: of equally good ones the
first is taken.
"""

if __name__ == "__main__":
    rng = np.random.default_rng(0)
    ids, image = [1, IMAGE, 5, 6, 7, 2], rng.normal(size=(4, 3))
    print(
        "inputs",
        splice(ids, rng.normal(size=(8, 3)), [image]).shape,
        "labels",
        labels(ids, 4, 4).tolist(),
    )
    patches = rng.normal(size=(64 * 64, 8))
    for name, tokens in (
        ("average", average(patches, 2)),
        ("concatenate", concatenate(patches, 2)),
    ):
        kept = recovered(patches, tokens)
        print(
            f"{name:12s} 4096 patches → {len(tokens)} tokens of {tokens.shape[1]} numbers, readable {kept:.0%}"
        )
    narrow = concatenate(patches, 2) @ rng.normal(size=(32, 16))
    print(
        f"concatenated, then narrowed to half: readable {recovered(patches, narrow):.0%}"
    )
    for size in ((336, 336), (1024, 512), (600, 1200), (1344, 896), (4000, 1000)):
        across, down = best_tiling(size, TILINGS)
        print(
            f"{size[0]} × {size[1]} px: {across} × {down} tiles and an overview, {tiled_tokens(size, TILINGS)} tokens"
        )
