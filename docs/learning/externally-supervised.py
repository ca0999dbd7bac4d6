"""External supervision in NumPy: learn a judge from comparisons, then select by it, and
see what that is worth.
"""

import json
import sys
from pathlib import Path

import numpy as np


# --8<-- [start:judge]
def fit_scores(comparisons, items, strength=0.001, steps=4000, rate=1.0):
    """Bradley-Terry scores from (winner, loser) pairs: maximum likelihood with a weak
    pull to zero.

    P(i beats j) = σ(s_i - s_j); only differences are learned, so the scores are
    centred.
    """
    winners, losers = np.array(comparisons).T
    scores = np.zeros(items)
    for _ in range(steps):
        # 1 - P(winner wins)
        surprise = 1 / (1 + np.exp(scores[winners] - scores[losers]))
        gradient = np.bincount(winners, surprise, items) - np.bincount(
            losers, surprise, items
        )
        scores += rate * (gradient / len(winners) - strength * scores)
    return scores - scores.mean()


def compare(quality, pairs, rng):
    """A noisy person: prefers the better of two with probability σ of the
    difference.
    """
    i, j = rng.integers(len(quality), size=(2, pairs))
    i, j = i[i != j], j[i != j]
    first = rng.random(len(i)) < 1 / (1 + np.exp(quality[j] - quality[i]))
    return np.column_stack([np.where(first, i, j), np.where(first, j, i)])


# --8<-- [end:judge]


# --8<-- [start:select]
def best_of(n, noise, rng, rounds=20_000):
    """Pick the best of n answers by a judge that sees quality plus an error; return
    both means for the picks.

    noise: "light" for errors with a normal distribution, "heavy" for rare but large
    ones (Student's t, 2 degrees).
    """
    quality = rng.normal(size=(rounds, n))
    error = (
        rng.normal(size=(rounds, n))
        if noise == "light"
        else rng.standard_t(2, size=(rounds, n))
    )
    score = quality + error
    picked = score.argmax(1)[:, None]
    return float(np.take_along_axis(score, picked, 1).mean()), float(
        np.take_along_axis(quality, picked, 1).mean()
    )


# --8<-- [end:select]


def divergence(n):
    """Bound on the KL divergence, in nats, between best-of-n and the model that wrote
    the answers.
    """
    return float(np.log(n) - (n - 1) / n)


def experiment(sizes=(1, 2, 4, 8, 16, 32, 64, 128, 256), seed=0):
    """Score and quality of the pick for growing n, under both kinds of error."""
    rng = np.random.default_rng(seed)
    run = {"n": list(sizes)}
    for noise in ("light", "heavy"):
        pairs = [best_of(n, noise, rng) for n in sizes]
        run[f"{noise} score"] = [round(score, 3) for score, _ in pairs]
        run[f"{noise} quality"] = [round(quality, 3) for _, quality in pairs]
    return run


if __name__ == "__main__":
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(experiment()) + "\n", encoding="utf-8"
        )
    rng = np.random.default_rng(0)
    quality = np.array([-1.5, -0.5, 0.0, 0.5, 1.5])
    print("true quality      ", quality)
    for pairs in (20, 200, 20_000):
        scores = fit_scores(compare(quality, pairs, rng), 5)
        print(f"from {pairs:>6} pairs ", scores.round(2))
    run = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
    print("\n  n   KL bound   light: score  quality   heavy: score  quality")
    for i, n in enumerate(run["n"]):
        light, heavy = (
            f"{run[f'{k} score'][i]:>6.2f} {run[f'{k} quality'][i]:>8.2f}"
            for k in ("light", "heavy")
        )
        print(f"{n:>3} {divergence(n):>10.2f} {light:>22} {heavy:>23}")
