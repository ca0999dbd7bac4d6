"""Sparse attention for video: tiles instead of rows, windows of tiles, blocks chosen by
means, and what is lost.
"""

import json
import math
import sys
from pathlib import Path

import numpy as np


# --8<-- [start:tiles]
def tile_order(shape, tile):
    """Where each token of the new order stands in the old one: first all of one tile,
    then all of the next.
    """
    index = np.arange(math.prod(shape)).reshape(
        [n for s, t in zip(shape, tile, strict=True) for n in (s // t, t)]
    )
    return index.transpose(0, 2, 4, 1, 3, 5).ravel()


def block_spans(shape, order, size):
    """How far, in frames, rows and columns, the tokens of the first block lie apart."""
    places = np.array(np.unravel_index(order[:size], shape))
    return tuple(int(n) for n in np.ptp(places, axis=1) + 1)


# --8<-- [end:tiles]


# --8<-- [start:window]
def sliding_tiles(grid, window, shifted=False):
    """A block sees the blocks that lie within a window around it; `grid` and `window`
    count blocks, not tokens. At the edges the window is cut off (Kandinsky) or,
    shifted, moved back into the grid (STA).
    """
    places = np.array(np.unravel_index(np.arange(math.prod(grid)), grid)).T
    half = np.array(window) // 2
    centres = np.clip(places, half, np.array(grid) - 1 - half) if shifted else places
    return (np.abs(centres[:, None] - places[None]) <= half).all(-1)


# --8<-- [end:window]


# --8<-- [start:chosen]
def softmax(x):
    weights = np.exp(x - x.max(-1, keepdims=True))
    return weights / weights.sum(-1, keepdims=True)


def chosen_blocks(q, k, size, share, always=False):
    """Blocks by the attention among their mean queries and keys: of each row the fewest
    that hold `share` of it. `always` is a mask of blocks that are read in any case.
    """
    means = [x.reshape(-1, size, x.shape[-1]).mean(1) for x in (q, k)]
    weights = softmax(means[0] @ means[1].T / math.sqrt(q.shape[-1]))
    order = weights.argsort(-1)
    held = np.take_along_axis(weights, order, -1).cumsum(-1)
    mask = np.zeros(weights.shape, bool)
    np.put_along_axis(mask, order, held >= 1 - share, -1)
    return mask | always


def sparse_attention(q, k, v, mask, size):
    """Full attention within the chosen blocks; the rest is never computed."""
    out = np.empty((len(q), v.shape[1]))
    for block, row in enumerate(mask):
        part = slice(block * size, (block + 1) * size)
        seen = np.flatnonzero(np.repeat(row, size))
        out[part] = softmax(q[part] @ k[seen].T / math.sqrt(q.shape[-1])) @ v[seen]
    return out


# --8<-- [end:chosen]


# --8<-- [start:rest]
def with_means(q, k, v, mask, size):
    """As above, but each block that is not read is still there as one key and one
    value, its means, that count for all of its tokens.
    """
    out = np.empty((len(q), v.shape[1]))
    keys, values = (x.reshape(-1, size, x.shape[-1]).mean(1) for x in (k, v))
    for block, row in enumerate(mask):
        part = slice(block * size, (block + 1) * size)
        seen = np.flatnonzero(np.repeat(row, size))
        scores = (
            q[part] @ np.concatenate([k[seen], keys[~row]]).T / math.sqrt(q.shape[-1])
        )
        scores[:, len(seen) :] += math.log(size)
        out[part] = softmax(scores) @ np.concatenate([v[seen], values[~row]])
    return out


def coarse_and_fine(q, k, v, gate, count, size):
    """VSA: attention among block means chooses `count` blocks for each and, through a
    gate of each token, is added.
    """
    keys, values, queries = (
        x.reshape(-1, size, x.shape[-1]).mean(1) for x in (k, v, q)
    )
    weights = softmax(queries @ keys.T / math.sqrt(q.shape[-1]))
    mask = np.zeros(weights.shape, bool)
    np.put_along_axis(mask, weights.argsort(-1)[:, -count:], True, -1)
    return sparse_attention(q, k, v, mask, size) + gate * np.repeat(
        weights @ values, size, 0
    )


# --8<-- [end:rest]

SHAPE, TILE = (6, 16, 32), (1, 4, 4)
"""A small video: frames, rows and columns of tokens; the tokens that become
one block.
"""
GRID, SIZE = tuple(s // t for s, t in zip(SHAPE, TILE, strict=True)), math.prod(TILE)


def scene(rng, width=16, focus=4.0):
    """Queries, keys and values of a video in which everything moves to the right by two
    places a frame. A token looks for what looks like it (the features move along) and
    for what is near.
    """
    t, y, x = np.array(np.unravel_index(np.arange(math.prod(SHAPE)), SHAPE))
    waves = rng.normal(size=(2, width))
    waves *= 0.7 / np.linalg.norm(waves, axis=0) * rng.uniform(0.4, 1, size=width)
    phase = (
        np.outer(y, waves[0])
        + np.outer(x - 2 * t, waves[1])
        + rng.uniform(0, 2 * math.pi, size=width)
    )
    looks = np.concatenate([np.cos(phase), np.sin(phase)], 1)
    near = np.concatenate(
        [f(np.outer(n, [0.15])) for n in (t, y, x) for f in (np.cos, np.sin)], 1
    )
    features = focus * np.concatenate([looks / math.sqrt(width), near], 1)
    features += 0.15 * rng.normal(size=features.shape)
    return features, features, looks[:, :6]


def shares_of_blocks(q, k):
    """How much of the full attention of each block of queries falls on each block of
    keys.
    """
    weights = softmax(q @ k.T / math.sqrt(q.shape[-1])).reshape(
        len(q) // SIZE, SIZE, len(q) // SIZE, SIZE
    )
    return weights.sum((1, 3)) / SIZE


def best_blocks(shares, count):
    """What could be chosen if the full attention were known: the `count` pairs of
    blocks that hold most of it.
    """
    mask = np.zeros(shares.size, bool)
    mask[shares.ravel().argsort()[::-1][:count]] = True
    return mask.reshape(shares.shape)


SHARES = (0.4, 0.6, 0.8, 0.9)
WINDOWS = ((3, 1, 1), (3, 3, 3), (5, 3, 3), (11, 3, 3), (11, 5, 5))


def experiment(seed=0):
    """For each way of choosing: share of the blocks read, share of the attention held,
    relative error of the output, the same with means in place of the blocks that are
    not read.
    """
    q, k, v = scene(np.random.default_rng(seed))
    full = softmax(q @ k.T / math.sqrt(q.shape[-1])) @ v
    out = {}
    for kind, order in (
        ("rows", np.arange(len(q))),
        ("tiles", tile_order(SHAPE, TILE)),
    ):
        q_o, k_o, v_o = q[order], k[order], v[order]
        shares = shares_of_blocks(q_o, k_o)
        masks = {
            f"chosen {kind}": [chosen_blocks(q_o, k_o, SIZE, share) for share in SHARES]
        }
        masks[f"best {kind}"] = [
            best_blocks(shares, mask.sum()) for mask in masks[f"chosen {kind}"]
        ]
        if kind == "tiles":
            masks["windows of tiles"] = [
                sliding_tiles(GRID, window) for window in WINDOWS
            ]
        for name, ways in masks.items():
            out[name] = []
            for mask in ways:
                errors = [
                    np.linalg.norm(way(q_o, k_o, v_o, mask, SIZE) - full[order])
                    / np.linalg.norm(full)
                    for way in (sparse_attention, with_means)
                ]
                numbers = mask.mean(), (shares * mask).sum() / len(mask), *errors
                out[name].append([round(float(number), 4) for number in numbers])
    return out


def seen_by(block, seed=0):
    """The blocks that one block of queries reads, for the figure: a map of
    each frame.
    """
    q, k, _ = scene(np.random.default_rng(seed))
    order = tile_order(SHAPE, TILE)
    q, k = q[order], k[order]
    masks = {
        "window": sliding_tiles(GRID, (5, 3, 3)),
        "chosen": chosen_blocks(q, k, SIZE, 0.8),
        "true": shares_of_blocks(q, k),
    }
    return {
        name: np.round(mask[block].reshape(GRID).astype(float), 3).tolist()
        for name, mask in masks.items()
    }


def blocks_near(shape, order, size, token, reach):
    """Blocks that hold at least one token within `reach` rows and columns of a token of
    a picture.
    """
    places = np.array(np.unravel_index(order, shape)).T
    near = (np.abs(places - np.array(token)) <= reach).all(1)
    return near.reshape(-1, size).any(1)


def counts(grid=(5, 6, 10)):
    """Share of all pairs of tiles in windows of three, cut off at the edges, in
    percent."""
    read = math.prod(3 * side - 2 for side in grid)
    return {"cut off": round(100 * read / math.prod(grid) ** 2, 1)}


BLOCK = int(np.ravel_multi_index((2, 1, 3), GRID))

if __name__ == "__main__":
    results = experiment()
    if "--data" in sys.argv:
        stored = {"choices": results, "seen": seen_by(BLOCK), "counts": counts()}
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(stored) + "\n", encoding="utf-8"
        )
    size = math.prod((1, 8, 8))
    for name, shape in (("48 x 80 tokens a frame", (1, 48, 80)),):
        rows, tiles = np.arange(math.prod(shape)), tile_order(shape, (1, 8, 8))
        print(
            f"a block of {size} tokens, {name}: rows {block_spans(shape, rows, size)}",
            end=", ",
        )
        print(f"tiles {block_spans(shape, tiles, size)}")
        counts = [
            int(blocks_near(shape, order, size, (0, 20, 37), (0, 8, 8)).sum())
            for order in (rows, tiles)
        ]
        print(
            f"blocks with a token at most 8 rows and columns away: rows {counts[0]}, tiles {counts[1]}, of 60"
        )
    for window in ((11, 3, 3), (11, 7, 7)):
        print(
            f"windows of {window} blocks in 21 x 6 x 10 read {sliding_tiles((21, 6, 10), window).mean():.0%}"
        )
    print(
        "                      blocks read   attention held   error   with means for the rest"
    )
    for name, rows in results.items():
        for read, held, error, mended in rows:
            print(
                f"  {name:18s} {read:11.0%} {held:14.0%} {error:11.2f} {mended:14.2f}"
            )
