"""One sequence, one model: patches and codes as tokens, masks, what may be generated
where, and normed queries.
"""

import json
import math
import sys
from pathlib import Path

import numpy as np

# a small vocabulary: 100 text ids, two markers, image codes
BEGIN, END, FIRST_CODE, CODES = 100, 101, 102, 16


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def gelu(x):
    erf = np.vectorize(math.erf, otypes=[float])
    return x * (1 + erf(x / math.sqrt(2))) / 2


# Inkling's steps: (frames, side) of the block, and how many channels come out
FOLDS = ((1, 5), (1, 2), (1, 4), (2, 1))
CHANNELS = (3, 128, 320, 4800, 6144)


def shapes(folds=FOLDS, channels=CHANNELS):
    """Shapes of the maps between the steps."""
    return [
        (times * side**2 * before, after)
        for (times, side), before, after in zip(
            folds, channels, channels[1:], strict=False
        )
    ]


# --8<-- [start:inputs]
def patches(image, size, weight):
    """Fuyu: every patch of `size` px becomes an input by one linear map. image: h × w ×
    3; result: tokens × d.
    """
    rows, columns = image.shape[0] // size, image.shape[1] // size
    cut = image[: rows * size, : columns * size].reshape(rows, size, columns, size, 3)
    return cut.transpose(0, 2, 1, 3, 4).reshape(rows * columns, -1) @ weight


def tower(clip, folds, weights):
    """Inkling: blocks of times × side × side are stacked into channels and mapped,
    again and again, until one place is left for each patch. clip: t × h × w × 3.
    """
    x = clip
    for number, ((times, side), weight) in enumerate(zip(folds, weights, strict=True)):
        t, h, w = x.shape[0] // times, x.shape[1] // side, x.shape[2] // side
        x = x.reshape(t, times, h, side, w, side, -1).transpose(0, 2, 4, 1, 3, 5, 6)
        x = x.reshape(t, h, w, -1) @ weight
        if number < len(folds) - 1:
            x = gelu(x / np.sqrt((x**2).mean(-1, keepdims=True) + 1e-6))
    return x.reshape(-1, x.shape[-1])


def code_tokens(features, codebook):
    """Chameleon, Emu3: the nearest code of each cell, as ids after those of the text,
    between two markers.
    """
    distance = ((features[:, None] - codebook) ** 2).sum(-1)
    return [BEGIN, *(FIRST_CODE + distance.argmin(1)), END]


# --8<-- [end:inputs]


# --8<-- [start:masks]
def image_of(ids):
    """For each position the number of the image it belongs to, or -1."""
    inside = (np.asarray(ids) >= FIRST_CODE).astype(int)
    number = np.cumsum(np.diff(inside, prepend=0) == 1) - 1
    return np.where(inside == 1, number, -1)


def mask(ids, both_ways=False):
    """Causal; with `both_ways`, positions of one image also see each other in both
    directions.
    """
    seen = np.tril(np.ones((len(ids), len(ids)), dtype=bool))
    if both_ways:
        owner = image_of(ids)
        seen |= (owner[:, None] == owner) & (owner >= 0)
    return seen


def allowed(ids, cells):
    """Which ids may come next when the model also makes images: exactly `cells` codes
    between the markers.
    """
    choice = np.zeros(FIRST_CODE + CODES, dtype=bool)
    since = (
        len(ids)
        - 1
        - max((place for place, token in enumerate(ids) if token == BEGIN), default=-1)
    )
    if BEGIN in ids and END not in ids[len(ids) - since :]:
        choice[FIRST_CODE:] = since < cells
        choice[END] = since == cells
    else:
        choice[: BEGIN + 1] = True
    return choice


# --8<-- [end:masks]


# --8<-- [start:norm]
def attention_entropy(x, wq, wk, scale, normed):
    """Mean entropy of attention, in bits, when weights of queries and keys have grown
    by `scale`.
    """
    q, k = x @ (scale * wq), x @ (scale * wk)
    if normed:
        q, k = (v / np.sqrt((v**2).mean(1, keepdims=True)) for v in (q, k))
    p = softmax(q @ k.T / np.sqrt(q.shape[1]))
    return -(p * np.log2(p + 1e-300)).sum(1).mean()


# --8<-- [end:norm]


def entropies(width=32, tokens=64, seed=0):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(tokens, width))
    wq, wk = (rng.normal(size=(width, width)) / np.sqrt(width) for _ in range(2))
    scales = [2 ** (i / 2) for i in range(-2, 7)]
    return scales, {
        name: [float(attention_entropy(x, wq, wk, s, normed)) for s in scales]
        for name, normed in (("as they are", False), ("normed", True))
    }


if __name__ == "__main__":
    rng = np.random.default_rng(0)
    picture = rng.normal(size=(60, 90, 3))
    print(
        "60 × 90 px in patches of 30:",
        patches(picture, 30, rng.normal(size=(2700, 8))).shape,
    )
    other = np.random.default_rng(1)
    folded = [other.normal(size=shape) for shape in shapes(channels=(3, 8, 8, 8, 16))]
    print(
        "two frames of 80 × 120 px in patches of 40:",
        tower(other.normal(size=(2, 80, 120, 3)), FOLDS, folded).shape,
    )
    count = sum(rows * columns for rows, columns in shapes())
    print(
        f"Inkling's tower: {count:,d} weights; one map of the whole patch: "
        f"{2 * 40 * 40 * 3 * 6144:,d}"
    )
    codebook = rng.normal(size=(CODES, 4))
    ids = [7, 12, *code_tokens(rng.normal(size=(4, 4)), codebook), 9]
    print("ids", [int(i) for i in ids], "images", image_of(ids).tolist())
    print(
        "extra pairs seen when images look both ways:",
        int(mask(ids, True).sum() - mask(ids).sum()),
    )
    ids, made = [5, BEGIN], 0
    while ids[-1] != END:
        ids.append(int(rng.choice(np.flatnonzero(allowed(ids, 4)))))
    print("generated after the marker:", ids[1:])
    scales, curves = entropies()
    if "--data" in sys.argv:
        data = {"scales": [round(s, 4) for s in scales]} | {
            n: [round(v, 4) for v in c] for n, c in curves.items()
        }
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(data) + "\n", encoding="utf-8"
        )
    for name, values in curves.items():
        print(
            f"{name:11s} entropy at weights × 0.5 … 8:",
            " ".join(f"{v:.2f}" for v in values[::2]),
        )
