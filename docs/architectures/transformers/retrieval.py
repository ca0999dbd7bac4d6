"""Retrieval inside a model: neighbours mixed into the prediction, cross-attention to
chunks, and caches of passages that are moved.
"""

import json
import sys
from pathlib import Path

import numpy as np


def softmax(scores):
    weight = np.exp(scores - scores.max(-1, keepdims=True))
    return weight / weight.sum(-1, keepdims=True)


# --8<-- [start:neighbours]
def neighbours(queries, keys, values, vocabulary, k=8):
    """kNN-LM: a distribution over tokens from the k stored states that are nearest.

    queries: n × d; keys: N × d, the states before stored tokens; values: N tokens.
    """
    square = ((queries[:, None] - keys) ** 2).sum(-1)
    nearest = np.argpartition(square, k, axis=1)[:, :k]
    weight = softmax(-np.take_along_axis(square, nearest, 1))
    out = np.zeros((len(queries), vocabulary))
    np.add.at(out, (np.arange(len(queries))[:, None], values[nearest]), weight)
    return out


def mixed(model, from_store, share):
    """The model's own distribution and that of the store, in fixed shares."""
    return (1 - share) * model + share * from_store


# --8<-- [end:neighbours]


# --8<-- [start:chunks]
def chunked_cross_attention(x, found, chunk):
    """RETRO: tokens read what was found for a chunk only once that chunk is complete.

    x: T × d; found: chunks × r × d, for each chunk the states of its neighbours.
    The last token of a chunk is the first that may read, since it predicts the next.
    """
    out = np.zeros_like(x)
    for u, states in enumerate(found):
        start = (u + 1) * chunk - 1
        rows = slice(start, start + chunk)
        out[rows] = softmax(x[rows] @ states.T / x.shape[1] ** 0.5) @ states
    return x + out


# --8<-- [end:chunks]


# --8<-- [start:moved]
def rotated(x, positions, base=10_000.0):
    """Rotary positions on T × d keys or queries, d even."""
    half = x.shape[1] // 2
    angle = np.outer(positions, base ** (-np.arange(half) / half))
    cos, sin = np.cos(angle), np.sin(angle)
    a, b = x[:, :half], x[:, half:]
    return np.concatenate([a * cos - b * sin, a * sin + b * cos], axis=1)


def moved(keys, by):
    """Cached keys of a passage, as they would be `by` positions later."""
    return rotated(keys, np.full(len(keys), by))


# --8<-- [end:moved]


def stack(x, weights, blocks):
    """A few layers of causal attention with rotary positions; a token sees its own
    block and, in the last block, everything before.
    """
    block = np.asarray(blocks)
    sees = (block[:, None] == block) | (block == block.max())[:, None]
    sees &= np.tri(len(x), dtype=bool)
    for query, key, value in weights:
        q, k = (rotated(x @ w, np.arange(len(x))) for w in (query, key))
        scores = np.where(sees, q @ k.T / x.shape[1] ** 0.5, -np.inf)
        x = x + softmax(scores) @ (x @ value)
    return x


def last_differs(layers, rng, d=16, passages=3, length=6):
    """How far the last token's result is off if passages did not see each other."""
    blocks = np.repeat(np.arange(passages + 1), length)
    x = rng.normal(size=(len(blocks), d))
    weights = rng.normal(size=(layers, 3, d, d)) / d**0.5
    whole, apart = (stack(x, weights, b) for b in (np.zeros_like(blocks), blocks))
    return float(np.linalg.norm(whole[-1] - apart[-1]) / np.linalg.norm(whole[-1]))


SHARES = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9)


def language(rng, contexts=2000, d=16, vocabulary=50):
    """A fifth of the contexts are facts: one token each, known to the store only. In
    the others, the next token is drawn by a linear rule that the model knows.

    Asked for are paraphrases of the facts, and new contexts under the rule. Returns the
    store's keys and tokens, what is asked, the right tokens, which are facts, and the
    model's distribution.
    """
    rule = 4 * rng.normal(size=(d, vocabulary)) / d**0.5

    def drawn(keys):
        chance = softmax(keys @ rule).cumsum(1)
        return (chance > rng.random((len(keys), 1))).argmax(1)

    is_fact = np.arange(contexts) < contexts // 5
    keys, new = rng.normal(size=(2, contexts, d))
    tokens = np.where(is_fact, rng.integers(0, vocabulary, contexts), drawn(keys))
    asked = np.where(is_fact[:, None], keys + 0.3 * rng.normal(size=new.shape), new)
    right = np.where(is_fact, tokens, drawn(new))
    return keys, tokens, asked, right, is_fact, softmax(asked @ rule)


def losses(seed):
    """Nats for the next token by the store's share: facts, rule, all."""
    rng = np.random.default_rng(seed)
    keys, tokens, asked, right, is_fact, model = language(rng)
    store = neighbours(asked, keys, tokens, model.shape[1])
    rows = []
    for share in SHARES:
        chance = mixed(model, store, share)[np.arange(len(right)), right]
        nats = -np.log(np.maximum(chance, 1e-9))
        rows.append([nats[is_fact].mean(), nats[~is_fact].mean(), nats.mean()])
    return np.array(rows)


def counts(passages=10, length=512, question=64):
    """Million pairs that attention compares in one head: all before all, passages apart,
    and passages whose keys and values are stored.
    """
    read = passages * length
    last = question * read + question * (question + 1) / 2
    pairs = {
        "all": (read + question) * (read + question + 1) / 2,
        "apart": passages * length * (length + 1) / 2 + last,
        "stored": last,
    }
    return {name: round(n / 1e6, 2) for name, n in pairs.items()}


def results():
    rng = np.random.default_rng(0)
    apart = {
        str(layers): np.mean([last_differs(layers, rng) for _ in range(50)])
        for layers in (1, 2, 4, 8)
    }
    return {
        "counts": counts(),
        "shares": np.mean([losses(seed) for seed in range(4)], axis=0)
        .round(3)
        .tolist(),
        "apart": {layers: round(float(v), 3) for layers, v in apart.items()},
    }


if __name__ == "__main__":
    stored = Path(__file__).with_suffix(".json")
    if "--data" in sys.argv:
        stored.write_text(json.dumps(results()) + "\n", encoding="utf-8")
    data = json.loads(stored.read_text(encoding="utf-8"))
    print("share of the store     facts      rule       all   (nats a token)")
    for share, row in zip(SHARES, data["shares"], strict=True):
        print(f"{share:18.2f}" + "".join(f"{nats:10.2f}" for nats in row))
    rng = np.random.default_rng(1)
    x, found = rng.normal(size=(12, 8)), rng.normal(size=(3, 6, 8))
    before = chunked_cross_attention(x, found, 4)
    print("tokens of 12 that change with what was found for chunk")
    for u in range(3):
        other = found.copy()
        other[u] += 1
        changed = np.abs(chunked_cross_attention(x, other, 4) - before).max(1) > 0
        print(f"  {u}: {np.flatnonzero(changed).tolist()}")
    keys = rng.normal(size=(6, 16))
    here, there = (rotated(keys, np.arange(6) + start) for start in (0, 500))
    print(
        f"keys moved by 500 against made there: {np.abs(moved(here, 500) - there).max():.0e}"
    )
    print("last token, passages apart, by layers:", data["apart"])
