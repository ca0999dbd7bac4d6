"""Sinks, gates and differences in NumPy: three ways for a head to read nothing."""

import json
import sys
from pathlib import Path

import numpy as np


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


# --8<-- [start:sink]
def softmax_with_sink(scores, sink):
    """Softmax over … × S scores and one learned logit; the sink's share is dropped, so
    rows sum to less than one.
    """
    whole = np.concatenate([scores, np.full((*scores.shape[:-1], 1), sink)], axis=-1)
    return softmax(whole)[..., :-1]


def sink_as_gate(scores, sink):
    """The same weights: an ordinary softmax, times a sigmoid of how far all scores
    together stand above the sink.
    """
    top = scores.max(axis=-1, keepdims=True)
    together = top + np.log(np.exp(scores - top).sum(axis=-1, keepdims=True))
    return softmax(scores) / (1 + np.exp(sink - together))


# --8<-- [end:sink]


# --8<-- [start:gate]
def gated(attended, x, w_gate):
    """Each head's output times a sigmoid of the token itself; the token decides whether
    anything is added.
    """
    return attended / (1 + np.exp(-(x @ w_gate)))


# --8<-- [end:gate]


# --8<-- [start:difference]
def differential(scores1, scores2, mix):
    """The difference of two softmaxes: what both have in common, noise above all,
    cancels.
    """
    return softmax(scores1) - mix * softmax(scores2)


# --8<-- [end:difference]


# --8<-- [start:exclusive]
def exclusive(attended, values):
    """Take out of each head's output what lies along the token's own value. attended: H
    × T × d_h; values: G × T × d_h.

    With grouped heads, all heads of a group share the value that is taken out.
    """
    own = np.repeat(
        values / np.linalg.norm(values, axis=-1, keepdims=True),
        len(attended) // len(values),
        axis=0,
    )
    return attended - (attended * own).sum(-1, keepdims=True) * own


# --8<-- [end:exclusive]


# --8<-- [start:substitutes]
def softpick(scores):
    """Weights of zero for scores below zero, which still count in the denominator."""
    e = np.exp(scores) - 1
    return np.maximum(e, 0) / (np.abs(e).sum(-1, keepdims=True) + 1e-8)


def stick_breaking(scores):
    """Scores of one query, nearest key last: each takes its share of what is left."""
    share = 1 / (1 + np.exp(-scores))
    left = np.cumprod((1 - share)[..., ::-1], axis=-1)[..., ::-1]
    passed = np.concatenate([left[..., 1:], np.ones_like(left[..., :1])], axis=-1)
    return share * passed


# --8<-- [end:substitutes]


def sink_as_token(q, k, v, sink_key):
    """A first token with a value of zero does what a sink does, if its key gives every
    query the same score.
    """
    keys, values = (
        np.concatenate([sink_key[None], k]),
        np.concatenate([np.zeros((1, v.shape[1])), v]),
    )
    return softmax(q @ keys.T / np.sqrt(q.shape[1])) @ values


def read_in_all(best, tokens=256, sink=None, seed=0):
    """Weight that falls on tokens when the best of them scores `best` and the rest are
    normal noise.
    """
    scores = np.random.default_rng(seed).normal(size=tokens)
    scores[0] = best
    weights = softmax(scores) if sink is None else softmax_with_sink(scores, sink)
    return float(weights.sum()), float(weights[0])


# --8<-- [start:parking]
ITEMS, LENGTH, WIDTH = 24, 10, 32
WAYS = ("none", "first token", "sink logit", "gate")


def texts(rng, n, way):
    """Ten different items each, and what is asked for: half of the time one of them,
    otherwise nothing (ITEMS).
    """
    items = rng.permuted(np.tile(np.arange(ITEMS), (n, 1)), axis=1)[:, :LENGTH]
    ask = np.where(rng.random(n) < 0.5, ITEMS, items[:, 0])
    if way == "first token":  # the same in every text
        items = np.concatenate([np.full((n, 1), ITEMS), items], axis=1)
    return items, ask


def read(p, items, ask, way):
    """One head with a free score for each pair of query and item, and a free value for
    each item.
    """
    scores = p["scores"][ask[:, None], items]
    if way == "sink logit":
        scores = np.concatenate([scores, np.full((len(ask), 1), p["sink"])], axis=1)
    weights = softmax(scores)
    out = np.einsum("nt,ntd->nd", weights[:, : items.shape[1]], p["values"][items])
    return weights, out / (1 + np.exp(-p["gate"][ask]))[
        :, None
    ] if way == "gate" else out


def gradient(p, items, ask, wanted, way):
    """Of the squared distance to the item's vector, or to zero where nothing is asked
    for.
    """
    weights, out = read(p, items, ask, way)
    d = 2 * (out - wanted) / len(ask)
    grads = {name: np.zeros_like(value) for name, value in p.items()}
    if way == "gate":
        opened = 1 / (1 + np.exp(-p["gate"][ask]))
        np.add.at(grads["gate"], ask, (d * out).sum(1) * (1 - opened))
        d = d * opened[:, None]
    on_items = weights[:, : items.shape[1]]
    np.add.at(grads["values"], items, on_items[..., None] * d[:, None])
    dw = np.zeros_like(weights)
    dw[:, : items.shape[1]] = np.einsum("nd,ntd->nt", d, p["values"][items])
    ds = weights * (dw - (weights * dw).sum(1, keepdims=True))
    np.add.at(grads["scores"], (ask[:, None], items), ds[:, : items.shape[1]])
    if way == "sink logit":
        grads["sink"] = ds[:, -1].sum()
    return grads


# --8<-- [end:parking]


def start(rng, way):
    p = {
        "scores": rng.normal(size=(ITEMS + 1, ITEMS + 1)) / 10,
        "values": rng.normal(size=(ITEMS + 1, WIDTH)) / 10,
    }
    return p | {
        "sink logit": {"sink": np.array(0.0)},
        "gate": {"gate": np.zeros(ITEMS + 1)},
    }.get(way, {})


def measure(p, vectors, way):
    """On new texts: entropy of the weights when nothing and when an item is asked for,
    and the error when nothing is.

    For the head with a first token or a sink, also its share of the weight when nothing
    is asked for.
    """
    items, ask = texts(np.random.default_rng(99), 400, way)
    weights, out = read(p, items, ask, way)
    spread, idle = -(weights * np.log(weights + 1e-30)).sum(1), ask == ITEMS
    parked = {"first token": weights[:, 0], "sink logit": weights[:, -1]}.get(
        way, np.zeros(len(ask))
    )
    error = (out[idle] ** 2).sum(1).mean() / (vectors**2).sum(1).mean()
    return (
        float(spread[idle].mean()),
        float(spread[~idle].mean()),
        float(parked[idle].mean()),
        float(error),
    )


def train(way, seed=0, steps=2000, every=50):
    """Adam, 64 texts a step; what `measure` gives along the way, and the head at the
    end.
    """
    rng = np.random.default_rng(seed)
    vectors = np.concatenate([rng.normal(size=(ITEMS, WIDTH)), np.zeros((1, WIDTH))])
    p = start(rng, way)
    first, second = ({name: 0 * value for name, value in p.items()} for _ in range(2))
    along = [measure(p, vectors, way)]
    for step in range(1, steps + 1):
        items, ask = texts(rng, 64, way)
        for name, g in gradient(p, items, ask, vectors[ask], way).items():
            first[name] = 0.9 * first[name] + 0.1 * g
            second[name] = 0.999 * second[name] + 0.001 * g * g
            size = np.sqrt(second[name] / (1 - 0.999**step)) + 1e-8
            p[name] = p[name] - 0.01 * first[name] / (1 - 0.9**step) / size
        if step % every == 0:
            along.append(measure(p, vectors, way))
    return p, along


HEADS = 8


def parking(ways=WAYS):
    """Eight heads of each kind, trained from different starts: medians along the way,
    and each head's end.
    """
    run = {"steps": list(range(0, 2001, 50))}
    for way in ways:
        heads = [train(way, seed) for seed in range(HEADS)]
        middle = np.median([along for _, along in heads], axis=0)
        names = ("entropy, nothing", "entropy, item", "parked", "error")
        run[way] = {
            name: [float(f"{x:.3g}") for x in middle[:, i]]
            for i, name in enumerate(names)
        }
        run[way]["errors"] = [float(f"{along[-1][3]:.2g}") for _, along in heads]
        if way == "first token":
            run[way]["parked by head"] = [round(along[-1][2], 2) for _, along in heads]
            sizes = [np.linalg.norm(p["values"], axis=1) for p, _ in heads]
            run[way]["value"] = [
                round(float(size[-1] / size[:-1].mean()), 3) for size in sizes
            ]
    return run


def experiment():
    best = [round(0.5 * i, 1) for i in range(25)]
    run = {"best": best, "no sink": [round(read_in_all(b)[1], 4) for b in best]}
    for sink in (6.0, 8.0):
        pairs = [read_in_all(b, sink=sink) for b in best]
        run[f"sink {sink:.0f}"] = [round(on_best, 4) for _, on_best in pairs]
        run[f"sink {sink:.0f} all"] = [round(whole, 4) for whole, _ in pairs]
    return run


if __name__ == "__main__":
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(experiment() | {"parking": parking()}) + "\n", encoding="utf-8"
        )
    print("256 tokens, one that scores `best`, the others noise around 0")
    print("         no sink                sink logit 8")
    print("best   on tokens  on best    on tokens  on best")
    for best in (0.0, 4.0, 8.0, 12.0):
        (a, b), (c, d) = read_in_all(best), read_in_all(best, sink=8.0)
        print(f"{best:>4.0f} {a:>11.2f} {b:>8.2f} {c:>12.2f} {d:>8.2f}")
    rng = np.random.default_rng(1)
    signal, noise = np.zeros(256), rng.normal(scale=1.5, size=256)
    signal[10] = 6
    one = softmax(signal + noise)
    two = differential(signal + noise, noise, 0.2)
    print("\nweight on all tokens but the right one, relative to it")
    for name, weights in {"softmax   ": one, "difference": two}.items():
        print(f"  {name} {np.abs(np.delete(weights, 10)).sum() / weights[10]:.2f}")
    print("\nthree keys with the same score, the nearest last, and what is read in all")
    for name, weigh in {
        "softmax       ": softmax,
        "softpick      ": softpick,
        "stick-breaking": stick_breaking,
    }.items():
        for score in (-2.0, 2.0):
            weights = weigh(np.full(3, score))
            row = " ".join(f"{w:.2f}" for w in weights)
            print(f"  {name} at {score:4.1f}: {row}   {weights.sum():.2f}")
    run = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))[
        "parking"
    ]
    print(
        "\neight heads of each kind after 2,000 steps, medians; heads that add less than 0.2%"
    )
    print(
        f"{'way out':<12}{'entropy: nothing':>17}{'item':>7}{'parked':>9}{'error':>9}{'heads':>8}"
    )
    for way in WAYS:
        last = [
            run[way][name][-1]
            for name in ("entropy, nothing", "entropy, item", "parked", "error")
        ]
        found = sum(error < 0.002 for error in run[way]["errors"])
        print(
            f"{way:<12}{last[0]:>17.2f}{last[1]:>7.2f}{last[2]:>9.3f}{last[3]:>9.4f}{found:>8}"
        )
    print("first token, head by head: parked", run["first token"]["parked by head"])
    print("  its value over others'", run["first token"]["value"])
