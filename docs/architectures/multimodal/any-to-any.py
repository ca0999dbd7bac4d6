"""Many modalities: binding all to one, what passes through the hub, and sampling any
input for any output.
"""

import json
import sys
from pathlib import Path

import numpy as np


def unit(x):
    return x / np.linalg.norm(x, axis=1, keepdims=True)


# --8<-- [start:bind]
def bind(views, hub, ridge=1.0):
    """A linear encoder from a modality into the hub's space, from pairs with the hub
    only.
    """
    return np.linalg.solve(
        views.T @ views + ridge * np.eye(views.shape[1]), views.T @ hub
    )


def retrieval(queries, candidates):
    """Share of queries whose nearest candidate (cosine) is their own."""
    return (unit(queries) @ unit(candidates).T).argmax(1) == np.arange(len(queries))


def worlds(count, visible, rng, maps, width=16):
    """Scenes with `width` hidden facts. Sound and text show all of them, the image only
    `visible`.
    """
    facts = rng.normal(size=(count, width))
    seen = facts * (np.arange(width) < visible)
    views = {"image": seen, "sound": facts, "text": facts}
    return {
        name: v @ maps[name] + 0.3 * rng.normal(size=v.shape)
        for name, v in views.items()
    }


def emergent(visible, pairs=600, seed=0):
    """Sound finds text though the two were never paired: both are bound to the image.
    Against binding directly.
    """
    rng = np.random.default_rng(seed)
    maps = {
        name: np.linalg.qr(rng.normal(size=(16, 16)))[0]
        for name in ("image", "sound", "text")
    }
    # different scenes for the two kinds of pairs
    train = [worlds(pairs, visible, rng, maps) for _ in range(2)]
    sound = bind(train[0]["sound"], train[0]["image"])
    text = bind(train[1]["text"], train[1]["image"])
    direct = bind(train[0]["sound"], train[0]["text"])
    test = worlds(200, visible, rng, maps)
    through = retrieval(test["sound"] @ sound, test["text"] @ text).mean()
    return float(through), float(retrieval(test["sound"] @ direct, test["text"]).mean())


# --8<-- [end:bind]


# --8<-- [start:budget]
def budget(alphas, tokens, most, rng):
    """How many tokens each modality contributes: shares from a Dirichlet, at most
    `most` of each.
    """
    shares = rng.dirichlet(alphas)
    counts = np.floor(shares * tokens).astype(int)
    counts += np.bincount(
        rng.choice(len(alphas), tokens - counts.sum(), p=shares), minlength=len(alphas)
    )
    return np.minimum(counts, most)


def any_to_any(sizes, inputs, targets, alphas, rng):
    """4M's training example: random tokens of random modalities as input, others as
    targets; they never overlap.

    Returns for each modality an array: 1 input, 2 target, 0 unused.
    """
    sizes = np.asarray(sizes)
    given = budget(alphas, inputs, sizes, rng)
    asked = budget(alphas, targets, sizes - given, rng)
    marks = []
    for size, a, b in zip(sizes, given, asked, strict=True):
        order, mark = rng.permutation(size), np.zeros(size, dtype=int)
        mark[order[:a]], mark[order[a : a + b]] = 1, 2
        marks.append(mark)
    return marks


# --8<-- [end:budget]


NAMES = ("image", "depth", "normals", "segments", "features", "caption", "boxes")
SIZES = (49, 49, 49, 49, 49, 24, 24)


def pictures():
    rng = np.random.default_rng(3)
    return [
        [m.tolist() for m in any_to_any(SIZES, 40, 40, np.full(7, a), rng)]
        for a in (0.2, 10.0)
    ]


def curve():
    return [
        [
            visible,
            *np.round(np.mean([emergent(visible, seed=s) for s in range(3)], 0), 3),
        ]
        for visible in range(1, 17)
    ]


if __name__ == "__main__":
    rows = [[int(v), float(a), float(b)] for v, a, b in curve()]
    if "--data" in sys.argv:
        data = {"curve": rows, "pictures": pictures(), "names": NAMES}
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(data) + "\n", encoding="utf-8"
        )
    print(
        "sound finds its text among 200, never paired; facts visible in the image of 16:"
    )
    print("; ".join(f"{v}: {a:.0%}" for v, a, _ in rows if v in (1, 4, 8, 12, 16)))
    print(f"paired directly: {rows[-1][2]:.0%}")
    for modalities in (3, 6, 21):
        pairs = modalities * (modalities - 1) // 2
        print(
            f"{modalities} modalities: {pairs} kinds of pairs, {modalities - 1} of them with the hub"
        )
    for alpha, marks in zip((0.2, 10.0), pictures(), strict=True):
        counts = [sum(m == 1 for m in row) for row in marks]
        print(f"alpha {alpha:4.1f}: inputs by modality", counts)
