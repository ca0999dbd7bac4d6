"""Linear attention: three forms, several feature maps, and what a feature map can and
cannot imitate.
"""

import json
import sys
from itertools import combinations_with_replacement
from math import factorial
from pathlib import Path

import numpy as np


# --8<-- [start:forms]
def parallel(fq, fk, v):
    """All pairs at once. fq, fk: features of queries and keys, T × m; v: T × d_v."""
    weights = np.tril(fq @ fk.T)
    return weights @ v / weights.sum(1, keepdims=True)


def recurrent(fq, fk, v):
    """One token after another: a state of m × d_v for the numerator, a vector of m for
    the normaliser.
    """
    state, total, out = np.zeros((fk.shape[1], v.shape[1])), np.zeros(fk.shape[1]), []
    for q_t, k_t, v_t in zip(fq, fk, v, strict=True):
        state, total = state + np.outer(k_t, v_t), total + k_t
        out.append(q_t @ state / (q_t @ total))
    return np.stack(out)


def chunkwise(fq, fk, v, size):
    """Squares inside chunks, the state between them. A column of ones in the values
    carries the normaliser.
    """
    v1 = np.concatenate([v, np.ones((len(v), 1))], axis=1)
    state, out = np.zeros((fk.shape[1], v1.shape[1])), []
    for start in range(0, len(fq), size):
        q, k, w = (x[start : start + size] for x in (fq, fk, v1))
        out.append(q @ state + np.tril(q @ k.T) @ w)
        state = state + k.T @ w
    both = np.concatenate(out)
    return both[:, :-1] / both[:, -1:]


# --8<-- [end:forms]


# --8<-- [start:maps]
def elu_plus_one(x):
    """Positive, as wide as the head: the map of the first linear transformer."""
    return np.where(x > 0, x + 1, np.exp(np.minimum(x, 0)))


def taylor(x):
    """1 + s + s²/2, the exponential's expansion, as 1 + d + d² features."""
    squares = np.einsum("ti,tj->tij", x, x).reshape(len(x), -1)
    return np.concatenate([np.ones((len(x), 1)), x, squares / np.sqrt(2)], axis=1)


def power(x, degree=2):
    """Power retention: (q · k)^degree, with each product of entries kept only once."""
    d = x.shape[1]
    picks = np.array(list(combinations_with_replacement(range(d), degree)))
    counts = [
        factorial(degree) / np.prod([factorial(n) for n in np.bincount(pick)])
        for pick in picks
    ]
    return np.sqrt(counts) * x[:, picks].prod(2)


def positive(x, directions):
    """Performer: the mean of these products over Gaussian directions is exp(q · k)."""
    return np.exp(x @ directions.T - (x**2).sum(1, keepdims=True) / 2) / np.sqrt(
        len(directions)
    )


def trigonometric(x, directions):
    """The older unbiased map, with signs: sines and cosines."""
    u, scale = (
        x @ directions.T,
        np.exp((x**2).sum(1, keepdims=True) / 2) / np.sqrt(len(directions)),
    )
    return np.concatenate([np.cos(u), np.sin(u)], axis=1) * scale


def orthogonal(number, d, rng):
    """Gaussian directions made orthogonal within blocks of d; lengths stay those of
    Gaussian vectors.
    """
    blocks = []
    for _ in range(-(-number // d)):
        q, r = np.linalg.qr(rng.normal(size=(d, d)))
        # without this the rotation is not uniformly distributed
        q = q * np.sign(np.diag(r))
        blocks.append(
            q.T * np.linalg.norm(rng.normal(size=(d, d)), axis=1, keepdims=True)
        )
    return np.concatenate(blocks)[:number]


# --8<-- [end:maps]


# --8<-- [start:log]
def level(t, s):
    """In which state query t finds token s: 0 for itself, l for one in a run of 2 ** (l
    - 1) tokens.
    """
    return (t ^ s).bit_length()


def log_linear(q, k, v, scales):
    """Linear attention with a state for each run of tokens, read with a weight of its
    own.

    scales: T × levels, one weight for each token and level. Two runs of equal length
    are added up, as in counting.
    """
    states, out = {}, []
    for t, (q_t, k_t, v_t) in enumerate(zip(q, k, v, strict=True)):
        own = np.outer(k_t, v_t)
        read = scales[t, 0] * own + sum(
            scales[t, number] * state for number, state in states.items()
        )
        out.append(q_t @ read)
        number = 1
        while number in states:
            own, number = own + states.pop(number), number + 1
        states[number] = own
    return np.stack(out)


# --8<-- [end:log]


AGES = (1, 3, 7, 31, 127, 511)


def interference(d=64, tokens=1024, repeats=20):
    """Error of the value of a token of a certain age: read from the sum of all, and
    from the run it lies in.
    """
    found = {"one state": [], "a state for each run": []}
    t = tokens - 1
    for age in AGES:
        runs = level(t, t - age) == np.array([level(t, s) for s in range(tokens)])
        errors = dict.fromkeys(found, 0.0)
        for repeat in range(repeats):
            rng = np.random.default_rng([2, repeat])
            keys, values = (
                unit(rng.normal(size=(tokens, d))),
                rng.normal(size=(tokens, d)),
            )
            weights = keys @ keys[t - age]
            for name, kept in (
                ("one state", np.ones(tokens)),
                ("a state for each run", runs),
            ):
                missed = (weights * kept) @ values - values[t - age]
                errors[name] += (
                    (missed**2).sum() / (values[t - age] ** 2).sum() / repeats
                )
        for name, error in errors.items():
            found[name].append(error)
    return found


def positive_variance(q, k):
    """Variance of one positive feature's product, relative to the square of
    exp(q · k).
    """
    return np.exp(((q + k) ** 2).sum()) - 1


def trigonometric_variance(q, k):
    """The same for one pair of sine and cosine."""
    apart = ((q - k) ** 2).sum()
    return np.exp(apart) * (1 - np.exp(-apart)) ** 2 / 2


def features_needed(logit, error=0.1):
    """Independent positive features for a relative standard error, for a query equal to
    its key.
    """
    return (np.exp(4 * logit) - 1) / error**2


def unit(x):
    return x / np.linalg.norm(x, axis=-1, keepdims=True)


ANGLES = tuple(round(-1 + 0.25 * i, 2) for i in range(9))


def estimators(logit=0.5, number=64, d=16, draws=3000, seed=1):
    """Relative standard error of both maps for vectors of squared length `logit` at
    different angles.
    """
    result = {"positive": [], "positive, orthogonal": [], "trigonometric": []}
    for cosine in ANGLES:
        q, k = np.zeros((1, d)), np.zeros((1, d))
        q[0, 0] = np.sqrt(logit)
        k[0, :2] = np.sqrt(logit) * np.array([cosine, np.sqrt(1 - cosine**2)])
        rng, truth = np.random.default_rng(seed), np.exp(q @ k.T).item()
        seen = {name: [] for name in result}
        for _ in range(draws):
            free = rng.normal(size=(number, d))
            seen["positive"].append(positive(q, free) @ positive(k, free).T)
            tied = orthogonal(number, d, rng)
            seen["positive, orthogonal"].append(positive(q, tied) @ positive(k, tied).T)
            half = free[: number // 2]
            seen["trigonometric"].append(
                trigonometric(q, half) @ trigonometric(k, half).T
            )
        for name, values in seen.items():
            error = np.sqrt(np.mean((np.ravel(values) - truth) ** 2)) / truth
            result[name].append(round(float(error), 4))
    return result


def kernels(x, rng, powers=False):
    """Weights before normalising, of x with itself, under each map."""
    directions = orthogonal(256, x.shape[1], rng)
    maps = {
        "elu + 1": elu_plus_one(x),
        "Performer, 64 features": positive(x, directions[:64]),
        "Performer, 256 features": positive(x, directions),
        "second-order Taylor": taylor(x),
    }
    if powers:
        maps |= {"second power": power(x), "fourth power": power(x, 4)}
    return {name: f @ f.T for name, f in maps.items()} | {"softmax": np.exp(x @ x.T)}


PAIRS = (2, 4, 8, 16, 32, 64, 128, 256)


def look_up(pairs, d=16, logit=8.0, repeats=20):
    """Error of reading each value by its own key among random keys, relative to the
    values.
    """
    errors = {}
    for repeat in range(repeats):
        rng = np.random.default_rng([1, repeat])
        keys, values = (
            np.sqrt(logit) * unit(rng.normal(size=(pairs, d))),
            rng.normal(size=(pairs, d)),
        )
        for name, kernel in kernels(keys, rng).items():
            read = kernel / kernel.sum(1, keepdims=True) @ values
            errors.setdefault(name, []).append(
                ((read - values) ** 2).mean() / (values**2).mean()
            )
    return {name: round(float(np.mean(found)), 4) for name, found in errors.items()}


def pictures(tokens=12, d=16, logit=8.0):
    """Weights of a small example, rows summing to one, for the figure."""
    rng = np.random.default_rng(2)
    keys = np.sqrt(logit) * unit(rng.normal(size=(tokens, d)))
    result = {}
    for name, kernel in kernels(keys, rng).items():
        weights = np.tril(kernel)
        result[name] = (weights / weights.sum(1, keepdims=True)).round(3).tolist()
    return result


# --8<-- [start:of-2020]
def linformer(q, k, v, e, f):
    """Linformer: keys and values are mixed along the text down to a few rows (e and f
    are rows × T), whatever the text's length.
    """
    scores = q @ (e @ k).T / np.sqrt(q.shape[-1])
    weights = np.exp(scores - scores.max(-1, keepdims=True))
    return weights / weights.sum(-1, keepdims=True) @ (f @ v)


def buckets(x, rotation):
    """Reformer: the nearest of the turned axes and their opposites; near vectors often
    share it.
    """
    turned = x @ rotation
    return np.argmax(np.concatenate([turned, -turned], -1), -1)


# --8<-- [end:of-2020]


def met(cosine, rounds=(1, 4, 8), pairs=4000, size=64, seed=0):
    """Share of pairs of such a cosine that share a bucket of 16 in some round."""
    rng = np.random.default_rng(seed)
    a, b = unit(rng.normal(size=(2, pairs, size)))
    b = b - (a * b).sum(1, keepdims=True) * a
    b = cosine * a + np.sqrt(1 - cosine**2) * unit(b)
    turns = [rng.normal(size=(size, 8)) for _ in range(max(rounds))]
    hits = np.stack([buckets(a, turn) == buckets(b, turn) for turn in turns])
    return [float(hits[:n].any(0).mean()) for n in rounds]


def experiment():
    found = [look_up(pairs) for pairs in PAIRS]
    return {
        "cosines": list(ANGLES),
        "estimators": estimators(),
        "pairs": list(PAIRS),
        "look_up": {name: [row[name] for row in found] for name in found[0]},
        "weights": pictures(),
    }


if __name__ == "__main__":
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(experiment()) + "\n", encoding="utf-8"
        )
    rng = np.random.default_rng(0)
    q, k, v = rng.normal(size=(3, 50, 16))
    for name, f in (("elu + 1", elu_plus_one), ("Taylor", taylor)):
        exact = parallel(f(q), f(k), v)
        worst = max(
            np.abs(other - exact).max()
            for other in (recurrent(f(q), f(k), v), chunkwise(f(q), f(k), v, 16))
        )
        print(
            f"{name:8s} recurrent and chunkwise agree with parallel to 1e-12: {worst < 1e-12}"
        )
    x = np.sqrt(8.0) * unit(rng.normal(size=(256, 16)))
    print("256 keys, each asking for itself          rank   weight on the right key")
    for name, kernel in kernels(x, rng, powers=True).items():
        right = np.diag(kernel / kernel.sum(1, keepdims=True)).mean()
        print(f"  {name:38s}{np.linalg.matrix_rank(kernel):6d}   {right:.3f}")
    for logit in (1, 2, 4):
        print(
            f"independent features for 10% error where query = key, logit {logit}: {features_needed(logit):.1e}"
        )
    print(
        f"\nerror of a value by its age, 1,024 tokens, keys of 64\n{'age':<22}"
        + "".join(f"{a:>7}" for a in AGES)
    )
    for name, row in interference().items():
        print(f"{name:<22}" + "".join(f"{error:>7.2f}" for error in row))
    print("\nshare of pairs in one bucket of 16 after 1, 4 and 8 rounds, by cosine")
    for cosine in (0.0, 0.5, 0.8, 0.9):
        print(f"  {cosine:.1f}  ", *(f"{share:.2f}" for share in met(cosine)))
