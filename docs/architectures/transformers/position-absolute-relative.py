"""Positions without rotation in NumPy: sinusoids, clipped distances, T5's buckets,
ALiBi, and nothing at all.
"""

import json
import sys
from pathlib import Path

import numpy as np


# --8<-- [start:absolute]
def sinusoids(tokens, d):
    """T × d, added to the embeddings: sines in even columns, cosines in odd ones, of
    falling frequency.
    """
    angle = np.arange(tokens)[:, None] * 10_000.0 ** (-np.arange(0, d, 2) / d)
    out = np.empty((tokens, d))
    out[:, 0::2], out[:, 1::2] = np.sin(angle), np.cos(angle)
    return out


# --8<-- [end:absolute]


# --8<-- [start:relative]
def distances(tokens):
    """T × T: how far back each column lies from each row; negative above
    the diagonal.
    """
    return np.arange(tokens)[:, None] - np.arange(tokens)


def clipped(distance, furthest):
    """Shaw et al.: one learned vector for each distance up to `furthest`, the last for
    all beyond.
    """
    return np.clip(distance, -furthest, furthest) + furthest


def t5_bucket(distance, buckets=32, furthest=128):
    """T5's decoder: a bucket for each small distance, then ever wider ones, the last
    for all beyond.
    """
    exact = buckets // 2
    back = np.maximum(distance, 0)
    ratio = np.log(np.maximum(back, 1) / exact) / np.log(furthest / exact)
    wide = exact + (ratio * (buckets - exact)).astype(int)
    return np.where(back < exact, back, np.minimum(wide, buckets - 1))


def alibi_slopes(heads):
    """A geometric series from 2^(-8/H) to 2^-8: steep heads look near, flat
    ones far.
    """
    return 2.0 ** (-8 * np.arange(1, heads + 1) / heads)


def alibi(tokens, heads):
    """H × T × T, added to the scores."""
    return -alibi_slopes(heads)[:, None, None] * distances(tokens)


# --8<-- [end:relative]


# --8<-- [start:spread]
def keys_in_use(bias):
    """Exponential of the entropy of the last row's weights when all contents match
    equally well.
    """
    e = np.exp(bias[-1] - bias[-1].max())
    weights = e / e.sum()
    return float(np.exp(-(weights * np.log(weights + 1e-300)).sum()))


# --8<-- [end:spread]


# --8<-- [start:look]
D = 32
TURNED = {"RoPE": 1.0, "half RoPE": 0.5}
POLAR = {"PoPE": 1, "PoPE random": 1, "PoPE free": 1, "PoPE at rest": 0}  # × place


def turned(x, places, share, sign=1):
    """The first `share` of the columns rotated by place, the rest left alone."""
    r = int(D * share) // 2
    a, b, rest = x[..., :r], x[..., r : 2 * r], x[..., 2 * r :]
    angle = places[:, None] * 10_000.0 ** (-np.arange(r) / max(r, 1))
    c, s = np.cos(angle), sign * np.sin(angle)
    return np.concatenate([a * c - b * s, a * s + b * c, rest], -1)


def polar(x, places, lag=0.0, gradient=None):
    """PoPE: of each number only a length is kept; its angle is set by the place alone.

    With the gradient on the result, returns those on `x` and `lag` instead.
    """
    angle = places[:, None] * 10_000.0 ** (-np.arange(D) / D) + lag
    length, c, s = np.logaddexp(0, x), np.cos(angle), np.sin(angle)
    if gradient is None:
        return np.concatenate([length * c, length * s], -1)
    a, b = gradient[..., :D], gradient[..., D:]
    on_lag = (length * (b * c - a * s)).reshape(-1, D).sum(0)
    return (a * c + b * s) / (1 + np.exp(-x)), on_lag


def lag(p, kind):
    """Within one turn, as published; where a lag lies outside, it cannot learn."""
    return p["lag"] if kind == "PoPE free" else np.clip(p["lag"], -2 * np.pi, 0)


def look(p, x, kind):
    """One head: the last token's weights over those before it; inputs, query and keys
    for the gradient.
    """
    tokens, share = x.shape[1], TURNED.get(kind, 0)
    places = np.arange(tokens)
    if kind == "sinusoids":
        x = x + p["scale"] * sinusoids(tokens, D)
    if kind == "table":
        x = x + p["table"][:tokens]
    q, k = x[:, -1:] @ p["q"], x[:, :-1] @ p["k"]
    if kind in POLAR:
        turns = POLAR[kind] * places
        q, k = polar(q, turns[-1:]), polar(k, turns[:-1], lag(p, kind))
    else:
        q, k = turned(q, places[-1:], share), turned(k, places[:-1], share)
    back = tokens - 1 - places[:-1]
    score = (q * k).sum(-1) / np.sqrt(D)
    if kind == "T5":
        score = score + p["bias"][t5_bucket(back)]
    if kind == "ALiBi":
        score = score - back / 16
    e = np.exp(score - score.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True), x, q, k


# --8<-- [end:look]


# --8<-- [start:tasks]
def texts(rng, n, tokens, task):
    """Random contents with a constant first column, and the place the last token is to
    look at.
    """
    x = rng.normal(size=(n, tokens, D))
    x[..., 0] = 1
    if task == "match":  # the earlier token with the same content
        where = rng.integers(0, tokens - 1, n)
        x[:, -1] = x[np.arange(n), where]
        return x, where
    return x, np.full(n, tokens - 4)  # "back": three tokens ago, whatever it holds


def gradient(p, x, where, kind):
    """Of the mean of −log(weight on the right token)."""
    n, tokens, _ = x.shape
    weights, x, q, k = look(p, x, kind)
    places, share = np.arange(tokens), TURNED.get(kind, 0)
    ds = weights.copy()
    ds[np.arange(n), where] -= 1
    ds /= n
    dq = (ds[..., None] * k).sum(1, keepdims=True) / np.sqrt(D)
    dk = ds[..., None] * q / np.sqrt(D)
    if kind in POLAR:
        turns = POLAR[kind] * places
        dq, _ = polar(x[:, -1:] @ p["q"], turns[-1:], gradient=dq)
        dk, on_lag = polar(x[:, :-1] @ p["k"], turns[:-1], lag(p, kind), dk)
    else:
        dq = turned(dq, places[-1:], share, -1)
        dk = turned(dk, places[:-1], share, -1)
    grads = {"q": x[:, -1].T @ dq[:, 0], "k": np.einsum("ntd,nte->de", x[:, :-1], dk)}
    dx = np.concatenate([dk @ p["k"].T, dq @ p["q"].T], 1).sum(0)
    if kind in POLAR:
        grads["lag"] = on_lag * (lag(p, kind) == p["lag"])
    if kind == "table":
        grads["table"] = np.pad(dx, ((0, len(p["table"]) - tokens), (0, 0)))
    if kind == "sinusoids":
        grads["scale"] = (dx * sinusoids(tokens, D)).sum()
    if kind == "T5":
        grads["bias"] = np.bincount(
            t5_bucket(tokens - 1 - places[:-1]), weights=ds.sum(0), minlength=32
        )
    return grads


# --8<-- [end:tasks]


def start(rng, kind):
    p = {name: np.eye(D) / 2 + rng.normal(size=(D, D)) / 20 for name in ("q", "k")}
    if kind in POLAR:
        p["lag"] = np.zeros(D)
    if kind == "PoPE random":
        p["lag"] = rng.uniform(-2 * np.pi, 0, D)
    if kind == "table":
        p["table"] = rng.normal(size=(512, D)) / 2
    if kind == "sinusoids":
        p["scale"] = np.array(1.0)
    if kind == "T5":
        p["bias"] = np.zeros(32)
    return p


def train(kind, task, seed, steps=1500):
    """Adam on texts of 8 to 32 tokens, 32 at a time."""
    rng = np.random.default_rng(seed)
    p = start(rng, kind)
    first, second = ({name: 0 * value for name, value in p.items()} for _ in range(2))
    for step in range(1, steps + 1):
        x, where = texts(rng, 32, int(rng.integers(8, 33)), task)
        rate = 0.01 * min(1, 3 * (steps - step) / steps)
        for name, g in gradient(p, x, where, kind).items():
            first[name] = 0.9 * first[name] + 0.1 * g
            second[name] = 0.99 * second[name] + 0.01 * g * g
            size = np.sqrt(second[name] / (1 - 0.99**step)) + 1e-8
            p[name] = p[name] - rate * first[name] / (1 - 0.9**step) / size
    return p


def found(p, kind, task, tokens):
    """Mean weight on the right token in 100 new texts."""
    x, where = texts(np.random.default_rng(5), 100, tokens, task)
    return float(look(p, x, kind)[0][np.arange(100), where].mean())


KINDS = ("none", "sinusoids", "table", "T5", "ALiBi", "RoPE", "half RoPE", *POLAR)
TRIED = (16, 32, 64, 128, 256, 512)


def extrapolation(kinds=KINDS, seeds=(0, 1, 2)):
    """For each task and encoding, the weight found at each length, mean of
    the seeds.
    """
    out = {}
    for task in ("match", "back"):
        for kind in kinds:
            runs = [train(kind, task, seed) for seed in seeds]
            out[f"{task} {kind}"] = [
                round(float(np.mean([found(p, kind, task, t) for p in runs])), 2)
                for t in TRIED
            ]
    return out


def scores(p, kind, back):
    """Mean score of the key so many places before the query, if it holds the same
    content as the query and if it does not.
    """
    x, _ = texts(np.random.default_rng(6), 200, 513, "back")
    same = x.copy()
    same[:, -1] = same[:, 512 - back]
    out = []
    for case in (same, x):
        _, _, q, k = look(p, case, kind)
        out.append(float((q[:, 0] * k[:, 512 - back]).sum(-1).mean() / np.sqrt(D)))
    return out


BACK = (16, 31, 64, 128, 256, 512)


def by_distance(seeds=(0, 1, 2)):
    """These scores for heads trained to find by content, mean of the seeds."""
    out = {}
    for kind in ("RoPE", "PoPE"):
        runs = [train(kind, "match", seed) for seed in seeds]
        rows = [np.mean([scores(p, kind, back) for p in runs], 0) for back in BACK]
        for case, row in zip(("same", "other"), np.transpose(rows), strict=True):
            out[f"{kind} {case}"] = [round(score, 1) for score in row.tolist()]
    return out


def experiment():
    lengths = [16, 32, 64, 128, 256, 512, 1024, 2048, 4096]
    run = {"lengths": lengths}
    # biases of T5 are learned; these stand for a head that prefers what is near
    falling = -0.25 * np.arange(32)
    last = {t: np.arange(t)[::-1][None] for t in lengths}
    run["none"] = [round(keys_in_use(np.zeros((1, t))), 2) for t in lengths]
    run["T5"] = [round(keys_in_use(falling[t5_bucket(last[t])]), 2) for t in lengths]
    for head in (2, 5):
        slope = alibi_slopes(8)[head]
        run[f"ALiBi {head}"] = [
            round(keys_in_use(-slope * last[t]), 2) for t in lengths
        ]
    return run


if __name__ == "__main__":
    if "--data" in sys.argv:
        stored = {**experiment(), "tried": TRIED, "found": extrapolation()}
        stored |= {"back": BACK, "scores": by_distance()}
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(stored) + "\n", encoding="utf-8"
        )
    table = sinusoids(4000, 64)
    print("sinusoids: product of two positions, by distance")
    for start in (0, 1000):
        print(
            f"  from {start:>4}",
            (table[start] @ table[start + np.array([0, 1, 8, 64, 512])].T).round(2),
        )
    some = np.array([0, 4, 15, 16, 20, 40, 100, 128, 5000])
    print("distance ", *(f"{distance:4d}" for distance in some))
    print("T5 bucket", *(f"{bucket:4d}" for bucket in t5_bucket(some)))
    print("ALiBi slopes of 8 heads:", alibi_slopes(8).round(4))
    run = experiment()
    print("\nkeys in use when every content matches equally")
    print(f"{'length':<10}" + "".join(f"{t:>8}" for t in run["lengths"]))
    for name in ("none", "T5", "ALiBi 2", "ALiBi 5"):
        print(f"{name:<10}" + "".join(f"{n:>8.1f}" for n in run[name]))
    stored = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
    print(
        "\nweight on the right token, trained on 8 to 32 tokens (from the stored run)"
    )
    print(f"{'length':<18}" + "".join(f"{t:>7}" for t in stored["tried"]))
    for name, row in stored["found"].items():
        print(f"{name:<18}" + "".join(f"{weight:>7.2f}" for weight in row))
    print("\nscore of a key for a query of the same and of another content")
    print(f"{'distance':<18}" + "".join(f"{back:>7}" for back in stored["back"]))
    for name, row in stored["scores"].items():
        print(f"{name:<18}" + "".join(f"{score:>7.1f}" for score in row))
