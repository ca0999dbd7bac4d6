"""A query transformer: learned queries read image features; three masks make three
training tasks of one network.
"""

import json
import math
import sys
from pathlib import Path

import numpy as np


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def norm(x):
    centred = x - x.mean(-1, keepdims=True)
    return centred / np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-12)


def gelu(x):
    return 0.5 * x * (1 + np.vectorize(math.erf, otypes=[float])(x / math.sqrt(2)))


def attend(x, context, weights, heads, mask=None):
    """Multi-head attention of x to a context, with boolean mask (rows: x, columns:
    context).
    """

    def split(values):
        return values.reshape(len(values), heads, -1).transpose(1, 0, 2)

    wq, wk, wv, wo = weights
    q, k, v = split(x @ wq), split(context @ wk), split(context @ wv)
    scores = q @ k.transpose(0, 2, 1) / np.sqrt(q.shape[-1])
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    return (softmax(scores) @ v).transpose(1, 0, 2).reshape(len(x), -1) @ wo


# --8<-- [start:layer]
def layer(queries, text, image, weights, mask, heads):
    """One layer. Queries and text share self-attention; only queries look at the image;
    each has its own network.
    """
    together = np.concatenate([queries, text])
    together = norm(together + attend(together, together, weights["self"], heads, mask))
    queries, text = together[: len(queries)], together[len(queries) :]
    if "cross" in weights:  # in every second layer
        queries = norm(queries + attend(queries, image, weights["cross"], heads))
    after = [
        norm(x + gelu(x @ up) @ down)
        for x, (up, down) in zip((queries, text), weights["ffn"], strict=True)
    ]
    return after[0], after[1]


def task_mask(queries, text, task):
    """Who sees whom among queries (first) and text tokens, for the three tasks of the
    first stage.
    """
    kind = np.repeat([0, 1], [queries, text])
    same = kind[:, None] == kind
    if task == "contrast":  # two separate encoders
        return same
    if task == "match":  # everybody sees everybody
        return np.ones_like(same)
    # "caption": text sees the queries and the text before it
    causal = np.tril(np.ones_like(same))
    return np.where(kind[:, None] == 1, causal, same)


def contrastive_score(queries, text):
    """Similarity of an image and a text: the best of the queries, each a
    unit vector.
    """
    unit = queries / np.linalg.norm(queries, axis=1, keepdims=True)
    return (unit @ (text / np.linalg.norm(text))).max()


# --8<-- [end:layer]


# --8<-- [start:windows]
def in_windows(image, learned, places, weights, heads, window=8, few=4):
    """Granite Vision: `few` × `few` queries for each window of patches. They start from
    averages of the window and look at nothing else. image: side × side × width.
    """
    step, many = window // few, image.shape[0] // window
    rows = []
    for top in range(0, many * window, window):
        row = []
        for left in range(0, many * window, window):
            own = image[top : top + window, left : left + window]
            mean = own.reshape(few, step, few, step, -1).mean((1, 3))
            queries = learned + mean.reshape(few * few, -1)
            seen = own.reshape(window * window, -1) + places
            out, _ = layer(queries, queries[:0], seen, weights, None, heads)
            row.append(out.reshape(few, few, -1))
        rows.append(np.concatenate(row, axis=1))
    return np.concatenate(rows)


# --8<-- [end:windows]


# --8<-- [start:count]
def parameters(
    layers=12,
    width=768,
    inner=3072,
    image=1408,
    every=2,
    vocabulary=30522,
    positions=512,
    queries=32,
):
    """Weights, biases and norms of BLIP-2's Q-Former, part by part."""
    attention = 4 * (width * width + width) + 2 * width
    cross = 2 * (width * width + width) + 2 * (image * width + width) + 2 * width
    network = 2 * width * inner + inner + width + 2 * width
    return {
        "self-attention": layers * attention,
        "cross-attention": layers // every * cross,
        "network for queries": layers * network,
        "network for text": layers * network,
        "word and position embeddings": (vocabulary + positions) * width,
        "queries": queries * width,
    }


# --8<-- [end:count]


def example(rng, width=16, image=24, cross=True):
    def matrix(rows, columns):
        return rng.normal(size=(rows, columns)) / np.sqrt(rows)

    weights = {
        "self": tuple(matrix(width, width) for _ in range(4)),
        "ffn": [(matrix(width, 4 * width), matrix(4 * width, width)) for _ in range(2)],
    }
    if cross:
        weights["cross"] = (
            matrix(width, width),
            matrix(image, width),
            matrix(image, width),
            matrix(width, width),
        )
    return weights


def experiment():
    parts = parameters()
    text = ("network for text", "word and position embeddings")
    in_use = sum(
        count for name, count in parts.items() if name not in (*text, "queries")
    )
    return {"parts": parts, "in use": in_use}


if __name__ == "__main__":
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(experiment(), indent=1) + "\n", encoding="utf-8"
        )
    for task in ("contrast", "match", "caption"):
        print(
            f"{task:9s}",
            " ".join(
                "".join(map(str, row)) for row in task_mask(2, 3, task).astype(int)
            ),
        )
    rng = np.random.default_rng(0)
    image, queries, text = (
        rng.normal(size=(257, 24)),
        rng.normal(size=(4, 16)),
        rng.normal(size=(3, 16)),
    )
    out, words = layer(
        queries, text, image, example(rng), task_mask(4, 3, "caption"), 4
    )
    print("257 image features →", out.shape[0], "queries; text", words.shape)
    grid = in_windows(
        rng.normal(size=(24, 24, 16)),
        rng.normal(size=(16, 16)),
        rng.normal(size=(64, 16)),
        example(rng, image=16),
        4,
    )
    print("24 × 24 patches in windows of 8 × 8 →", grid.shape[:2], "tokens")
    parts = parameters()
    for name, count in parts.items():
        print(f"{name:29s} {count:>12,}")
    print(f"{'together':29s} {sum(parts.values()):>12,}")
