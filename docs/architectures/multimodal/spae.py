"""A token pyramid of words: dilated subsampling, nearest words in a frozen vocabulary,
and streaming averages.
"""

import json
import sys
from pathlib import Path

import numpy as np

SIDES = (1, 2, 4, 8, 16, 16)
"""Positions along a side in each layer of the pyramid, coarse to fine."""


# --8<-- [start:pyramid]
def positions(side, full):
    """Evenly spread rows (or columns) of a full grid: the dilated subsampling of a
    layer.
    """
    stride = full // side
    return np.arange(side) * stride + stride // 2


def encode(features, vocabulary, sides=SIDES):
    """Words for every layer. features: full × full × d, vocabulary: V × d (frozen).
    Returns indices and the estimate.

    At a position that already has n words with the embeddings e_1 … e_n, the next one
    is looked for near z + Σ (z - e_i): with that word added, the average of all n + 1
    would be z.
    """
    full = features.shape[0]
    total, count = np.zeros_like(features), np.zeros((full, full, 1))
    tokens = []
    for side in sides:
        rows = np.ix_(positions(side, full), positions(side, full))
        wanted = (count[rows] + 1) * features[rows] - total[rows]
        distance = ((wanted[:, :, None] - vocabulary) ** 2).sum(-1)
        words = distance.argmin(-1)
        tokens.append(words)
        total[rows] += vocabulary[words]
        count[rows] += 1
    return tokens, decode(tokens, vocabulary, full)


def decode(tokens, vocabulary, full):
    """The streaming average of the words at each position; where there is none yet,
    that of the nearest coarser one.
    """
    estimate = np.zeros((full, full, vocabulary.shape[1]))
    total, count = np.zeros_like(estimate), np.zeros((full, full, 1))
    for words in tokens:
        side = len(words)
        rows = np.ix_(positions(side, full), positions(side, full))
        total[rows] += vocabulary[words]
        count[rows] += 1
        coarse = (np.arange(full) * side // full).astype(int)
        own = total[rows] / count[rows]
        spread = own[np.ix_(coarse, coarse)]
        estimate = np.where(count > 0, total / np.maximum(count, 1), spread)
    return estimate


# --8<-- [end:pyramid]


def example(full=16, width=12, vocabulary_size=400, seed=0):
    """Smooth features over a grid, and a vocabulary of random word embeddings."""
    rng = np.random.default_rng(seed)
    grid = np.linspace(0, 1, full)
    basis = np.stack(
        [np.sin(np.pi * (k + 1) * grid + p) for k, p in enumerate(rng.uniform(0, 3, 4))]
    )
    mixing = (
        rng.normal(size=(4, 4, width))
        / np.add.outer(1 + np.arange(4), np.arange(4))[:, :, None]
    )
    features = np.einsum("ax,by,abd->xyd", basis, basis, mixing)
    return features / features.std(), rng.normal(size=(vocabulary_size, width))


def experiment():
    """Error of the estimate by the number of words, layer by layer."""
    features, vocabulary = example()
    tokens, _ = encode(features, vocabulary)
    rows = []
    for depth in range(1, len(SIDES) + 1):
        estimate = decode(tokens[:depth], vocabulary, len(features))
        error = ((estimate - features) ** 2).mean() / (features**2).mean()
        rows.append(
            [int(sum(side**2 for side in SIDES[:depth])), round(float(error), 4)]
        )
    return rows


if __name__ == "__main__":
    rows = experiment()
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(
            json.dumps({"rows": rows}) + "\n", encoding="utf-8"
        )
    print("layers   side  words  error")
    for depth, (words, error) in enumerate(rows, start=1):
        print(f"{depth:6d} {SIDES[depth - 1]:6d} {words:6d}  {error:.3f}")
