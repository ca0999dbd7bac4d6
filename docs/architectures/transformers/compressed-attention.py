"""Attention over a window and compressed entries, as in DeepSeek-V4: compressors, mask,
steps, and what is lost.
"""

import json
import sys
from pathlib import Path

import numpy as np


def softmax(x, axis=-1):
    e = np.exp(x - x.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)


def norm(x):
    return x / np.sqrt((x**2).mean(-1, keepdims=True) + 1e-6)


# --8<-- [start:compress]
def compress(content, gates, bias):
    """HCA: every m tokens become one entry, a mean weighted number by number; an
    unfinished group waits.

    content and gates: T × c, bias: m × c, one row for each place in a group.
    """
    m = len(bias)
    whole = len(content) // m * m
    groups, scores = (x[:whole].reshape(-1, m, x.shape[1]) for x in (content, gates))
    return (softmax(scores + bias, axis=1) * groups).sum(1)


def compress_overlapping(content, gates, bias):
    """CSA: the same with twice the reach. Each token writes two rows, one for its own
    entry and one for the next.

    content and gates: T × 2c (left half: for the next entry, right half: for its own),
    bias: m × 2c.
    """
    m, c = len(bias), content.shape[1] // 2
    whole = len(content) // m * m
    groups, scores = (x[:whole].reshape(-1, m, 2 * c) for x in (content, gates))
    scores = scores + bias
    before = np.concatenate([np.zeros((1, m, c)), groups[:-1, :, :c]])[: len(groups)]
    closed = np.concatenate([np.full((1, m, c), -np.inf), scores[:-1, :, :c]])[
        : len(groups)
    ]
    both = np.concatenate([before, groups[:, :, c:]], axis=1)
    return (
        softmax(np.concatenate([closed, scores[:, :, c:]], axis=1), axis=1) * both
    ).sum(1)


# --8<-- [end:compress]


# --8<-- [start:mask]
def visible(tokens, rate, window):
    """T × (T + T // m) mask: the window's tokens, then the entries that were complete
    when the token came.
    """
    at = np.arange(tokens)[:, None]
    near = (np.arange(tokens) <= at) & (np.arange(tokens) > at - window)
    return np.concatenate([near, np.arange(tokens // rate) < (at + 1) // rate], axis=1)


def keep_best(mask, scores, count):
    """Of the entries in a mask's last columns leave each query the `count` that its
    indexer scores highest.
    """
    tokens, entries = scores.shape
    scored = np.where(mask[:, tokens:], scores, -np.inf)
    best = np.argsort(-scored, axis=1, kind="stable")[:, :count]
    chosen = np.zeros((tokens, entries), dtype=bool)
    np.put_along_axis(chosen, best, True, axis=1)
    return np.concatenate([mask[:, :tokens], mask[:, tokens:] & chosen], axis=1)


# --8<-- [end:mask]


# --8<-- [start:attend]
def turn(x, positions, sign=1.0, base=160_000.0):
    """Rotate the last half of x in pairs by the position; sign -1 rotates back."""
    half = x.shape[-1] // 2
    rates = base ** (-np.arange(half // 2) / (half // 2))
    angles = sign * np.multiply.outer(positions, rates)
    a, b = x[..., half::2], x[..., half + 1 :: 2]
    out = x.copy()
    out[..., half::2] = a * np.cos(angles) - b * np.sin(angles)
    out[..., half + 1 :: 2] = a * np.sin(angles) + b * np.cos(angles)
    return out


def attend(q, kv, entries, rate, mask, sink, positions):
    """One head. Keys are values: what is read carries its rotation along, and the
    output is turned back.

    q, kv: T × c and unrotated; entries: T // m × c, placed at the first token of their
    group; sink: a logit.
    """
    keys = np.concatenate(
        [
            turn(kv, positions),
            turn(entries, positions[0] + rate * np.arange(len(entries))),
        ]
    )
    scores = np.where(mask, turn(q, positions) @ keys.T / np.sqrt(q.shape[1]), -np.inf)
    weights = softmax(np.concatenate([scores, np.full((len(q), 1), sink)], axis=1))[
        :, :-1
    ]
    return turn(weights @ keys, positions, -1.0)


# --8<-- [end:attend]


class Decoder:
    """The same layer token by token: a window of keys, the entries so far, and the
    tokens of the unfinished group.
    """

    def __init__(self, bias, window, sink):
        self.bias, self.window, self.sink = bias, window, sink
        self.near, self.entries, self.waiting, self.position = [], [], [], 0

    def step(self, q, kv, content, gate):
        m = len(self.bias)
        self.near = [*self.near, turn(kv, self.position)][-self.window :]
        self.waiting.append((content, gate))
        if len(self.waiting) == m:
            group, scores = (np.stack(x) for x in zip(*self.waiting, strict=True))
            entry = norm(compress(group, scores, self.bias))[0]
            self.entries.append(turn(entry, self.position - m + 1))
            self.waiting = []
        keys = np.stack([*self.near, *self.entries])
        scores = np.append(turn(q, self.position) @ keys.T / np.sqrt(len(q)), self.sink)
        out = turn(softmax(scores)[:-1] @ keys, self.position, -1.0)
        self.position += 1
        return out


# --8<-- [start:kinds]
KINDS = {
    # kind: (numbers kept, numbers read for one token) after T tokens; p are its
    # parameters
    "full": lambda t, p: (p["token"] * t, p["token"] * t),
    "window": lambda t, p: (p["token"] * min(t, p["window"]),) * 2,
    "indexed": lambda t, p: (
        (p["token"] + p["index"]) * t,
        p["index"] * t + p["token"] * min(t, p["top"]),
    ),
    # as indexed, but the tokens are those of another layer
    "borrowed": lambda t, p: (
        p["index"] * t,
        p["index"] * t + p["token"] * min(t, p["top"]),
    ),
    "compressed": lambda t, p: (
        p["token"] * min(t, p["window"]) + (p["token"] + p["index"]) * (t // p["rate"]),
        p["token"] * min(t, p["window"])
        + p["index"] * (t // p["rate"])
        + p["token"] * min(t // p["rate"], p.get("top", t)),
    ),
    # a window of its own, and entries that another layer made
    "reader": lambda t, p: (
        p["token"] * min(t, p["window"]),
        p["token"] * min(t, p["window"])
        + p["index"] * min(t // p["rate"], p["candidates"])
        + p["token"] * min(t // p["rate"], p["top"]),
    ),
    "state": lambda t, p: (p["state"],) * 2,
}
# --8<-- [end:kinds]

DESIGNS = {
    # design: (its layers in words, [(how many, kind, parameters)])
    "Llama 3.1 405B": ("126 full", [(126, "full", {"token": 2 * 8 * 128})]),
    "Gemma 3 27B": (
        "52 windows, 10 full",
        [
            (52, "window", {"token": 2 * 16 * 128, "window": 1024}),
            (10, "full", {"token": 2 * 16 * 128}),
        ],
    ),
    "gpt-oss-120b": (
        "18 windows, 18 full",
        [
            (18, "window", {"token": 2 * 8 * 64, "window": 128}),
            (18, "full", {"token": 2 * 8 * 64}),
        ],
    ),
    "DeepSeek-V3": ("61 latents", [(61, "full", {"token": 576})]),
    "DeepSeek-V3.2": (
        "61 indexed latents",
        [(61, "indexed", {"token": 576, "index": 128, "top": 2048})],
    ),
    "GLM-5.3 Flash": (
        "34 recurrent, 11 indexed latents",
        [
            (34, "state", {"state": 64 * 128 * 128}),
            (11, "indexed", {"token": 512, "index": 128 / 16, "top": 2048}),
        ],
    ),
    "Mistral Large 4": (
        "63 indexed latents, 9 that borrow one",
        [
            (54, "indexed", {"token": 576, "index": 128, "top": 2048}),
            (9, "indexed", {"token": 512, "index": 128, "top": 2048}),
            (9, "borrowed", {"token": 512, "index": 128, "top": 2048}),
        ],
    ),
    "DeepSeek-V4 Flash": (
        "2 windows, 21 by 4, 20 by 128",
        [
            (2, "window", {"token": 512, "window": 128}),
            (
                21,
                "compressed",
                {"token": 512, "index": 128, "rate": 4, "window": 128, "top": 512},
            ),
            (20, "compressed", {"token": 512, "index": 0, "rate": 128, "window": 128}),
        ],
    ),
    "DeepSeek-V4 Pro": (
        "30 by 4, 31 by 128",
        [
            (
                30,
                "compressed",
                {"token": 512, "index": 128, "rate": 4, "window": 128, "top": 1024},
            ),
            (31, "compressed", {"token": 512, "index": 0, "rate": 128, "window": 128}),
        ],
    ),
    "DeepSeek-V4.1 Flash": (
        "2 windows, 4 that make entries, 34 that read them",
        [
            (2, "window", {"token": 512, "window": 128}),
            (
                3,
                "compressed",
                {"token": 512, "index": 128, "rate": 2, "window": 128, "top": 512},
            ),
            (
                1,
                "compressed",
                {"token": 512, "index": 128, "rate": 1, "window": 128, "top": 512},
            ),
            (
                4,
                "reader",
                {
                    "token": 512,
                    "index": 128,
                    "rate": 1,
                    "window": 128,
                    "top": 512,
                    "candidates": 16384,
                },
            ),
            (
                15,
                "reader",
                {
                    "token": 512,
                    "index": 0,
                    "rate": 2,
                    "window": 128,
                    "top": 512,
                    "candidates": 0,
                },
            ),
            (
                15,
                "reader",
                {
                    "token": 512,
                    "index": 0,
                    "rate": 1,
                    "window": 128,
                    "top": 512,
                    "candidates": 0,
                },
            ),
        ],
    ),
}


def totals(layers, tokens):
    """Numbers kept and numbers read for the next token by all layers."""
    return tuple(
        sum(count * KINDS[kind](tokens, p)[i] for count, kind, p in layers)
        for i in (0, 1)
    )


def designs():
    def size(value):
        for unit, name in ((1e9, "B"), (1e6, "M")):
            if value >= unit:
                return f"{value / unit:.3g}{name}"
        return f"{value:,.0f}"

    rows = []
    for name, (layers, parts) in DESIGNS.items():
        kept, read = zip(*(totals(parts, t) for t in (2**17, 2**20)), strict=True)
        rows.append([name, layers, *map(size, kept), *map(size, read)])
    columns = [
        "Design",
        "Layers",
        "Kept at 128K",
        "Kept at 1M",
        "Read at 128K",
        "Read at 1M",
    ]
    return {"columns": columns, "rows": rows}


def found(rate, gate, first=1, rounds=1000, entries=64, width=64, seed=0):
    """Chance that a token is found again: that its entry is among the `first` best of
    all for a query that equals it.

    Every group of `rate` random tokens becomes one entry. gate: weight logit of the
    token sought when its entry was written; 0 if nobody knew that it would be asked
    for.
    """
    rng = np.random.default_rng(seed)
    hits = 0
    for _ in range(rounds):
        own = rng.normal(size=(rate, width))
        logits = np.zeros((rate, 1))
        logits[0] = gate
        # a mean of random tokens points in a random direction
        others = rng.normal(size=(entries - 1, width))
        scores = (
            norm(np.concatenate([[(softmax(logits, axis=0) * own).sum(0)], others]))
            @ own[0]
        )
        hits += (scores > scores[0]).sum() < first
    return hits / rounds


RATES = (1, 2, 4, 8, 16, 32, 64, 128)


def experiment():
    return {
        f"gate {gate}, first {first}": [round(found(m, gate, first), 3) for m in RATES]
        for gate, first in ((0, 1), (0, 8), (2, 1), (4, 1))
    }


def example(tokens=26, width=8, rate=4, seed=0):
    rng = np.random.default_rng(seed)
    q, kv, content, gates = rng.normal(size=(4, tokens, width))
    return q, kv, content, gates, rng.normal(size=(rate, width))


if __name__ == "__main__":
    data = {"designs": designs(), "found": experiment()}
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(data) + "\n", encoding="utf-8"
        )
    q, kv, content, gates, bias = example()
    entries = norm(compress(content, gates, bias))
    whole = attend(q, kv, entries, 4, visible(26, 4, 6), 0.5, np.arange(26))
    decoder = Decoder(bias, 6, 0.5)
    steps = np.stack(
        [decoder.step(*row) for row in zip(q, kv, content, gates, strict=True)]
    )
    print(f"step by step against all at once: {np.abs(steps - whole).max():.1e}")
    moved = attend(q, kv, entries, 4, visible(26, 4, 6), 0.5, np.arange(26) + 1000)
    print(f"the same text a thousand tokens later: {np.abs(moved - whole).max():.1e}")
    print(
        f"cached: {len(decoder.near)} tokens, {len(decoder.entries)} entries, {len(decoder.waiting)} waiting"
    )
    print("numbers kept at 1,048,576 tokens")
    base = totals(DESIGNS["DeepSeek-V3.2"][1], 2**20)
    for name, (_, parts) in DESIGNS.items():
        kept, read = totals(parts, 2**20)
        print(
            f"  {name:19s} {kept:15,.0f}  {kept / base[0]:6.1%} of V3.2; read {read / base[1]:7.1%}"
        )
    print("chance to find a token in 64 entries, by tokens an entry", RATES)
    for name, row in data["found"].items():
        print(f"  {name}:", " ".join(f"{v:.2f}" for v in row))
