"""Reward models: scores from comparisons, labels of outcomes and of steps, written
verdicts, and selection by them.
"""

import json
import sys
from math import comb, erf, pi, sqrt
from pathlib import Path

import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


# --8<-- [start:bradley-terry]
def bt_loss(reward_w, reward_l, margin=0.0, centre=0.0):
    """-log P(the winner wins). `margin` asks for a gap, `centre` holds scores near
    zero.
    """
    return (
        np.logaddexp(0, -(reward_w - reward_l - margin))
        + centre * (reward_w + reward_l) ** 2
    )


def bt_gradient(reward_w, reward_l, margin=0.0, centre=0.0):
    """By the winner's and the loser's score: what the model still got wrong, in
    opposite directions.
    """
    wrong = sigmoid(-(reward_w - reward_l - margin))
    shared = 2 * centre * (reward_w + reward_l)
    return -wrong + shared, wrong + shared


def fit(wins, steps=50, ridge=1e-9):
    """Scores by Newton's method; wins[i, j] is how often i was preferred to j. Their
    mean is fixed at 0.
    """
    scores, games = np.zeros(len(wins)), wins + wins.T
    for _ in range(steps):
        p = sigmoid(scores[:, None] - scores[None, :])
        gradient = (wins - games * p).sum(axis=1)  # wins seen minus wins expected
        curvature = games * p * (1 - p)
        # of the graph of comparisons
        laplacian = np.diag(curvature.sum(axis=1)) - curvature
        scores = scores + np.linalg.lstsq(laplacian + ridge, gradient, rcond=None)[0]
        scores -= scores.mean()
    return scores


# --8<-- [end:bradley-terry]


TRUE = np.array([-1.5, -0.5, 0.0, 0.4, 1.6])


def comparisons(number, seed=0):
    """Outcomes of random comparisons of five answers, by the Bradley-Terry model with
    known rewards.
    """
    rng, wins = np.random.default_rng(seed), np.zeros((5, 5))
    for _ in range(number):
        i, j = rng.choice(5, 2, replace=False)
        first = rng.random() < sigmoid(TRUE[i] - TRUE[j])
        wins[(i, j) if first else (j, i)] += 1
    return wins


# --8<-- [start:steps]
def solution_score(step_probability):
    """A process model's score of a solution: the probability that every
    step is right.
    """
    return np.prod(step_probability, axis=-1)


def process_gradient(weights, features, labels):
    """Labels of steps, up to the first wrong one (later ones are marked -1): logistic
    loss for each step.
    """
    wrong = np.where(labels < 0, 0.0, sigmoid(features @ weights) - labels)
    return np.einsum("nk,nkd->d", wrong, features) / len(features)


def outcome_gradient(weights, features, right):
    """One label for a solution, right or wrong at the end; its probability is the
    product of its steps'.
    """
    p = sigmoid(features @ weights)
    whole = np.clip(solution_score(p), 1e-9, 1 - 1e-9)
    # d log(product) = sum over steps of (1 - p) x; the blame for a failure is shared
    # among all steps.
    factor = np.where(right, 1.0, -whole / (1 - whole))
    return -np.einsum("n,nk,nkd->d", factor, 1 - p, features) / len(features)


# --8<-- [end:steps]


STEPS, WIDTH, LUCK = 6, 6, 0.1


def solutions(number, rng):
    """Solutions of six steps: features of each step, whether it is right, and whether
    the answer comes out right.
    """
    direction = np.array([1.6, -1.6, 1.6, -1.6, 1.6, 2.6])
    features = rng.normal(size=(number, STEPS, WIDTH))
    features[..., -1] = 1  # a constant
    good = rng.random((number, STEPS)) < sigmoid(features @ direction)
    whole = good.all(axis=1)
    # some wrong solutions end in the right answer
    answer = whole | (rng.random(number) < LUCK)
    first = np.where(whole, STEPS, good.argmin(axis=1))
    labels = np.where(np.arange(STEPS) <= first[:, None], good, -1)
    return features, labels, whole, answer


def learn(gradient, features, labels, steps=200, rate=1.0, decay=0.01):
    """Gradient descent with momentum and a little weight decay."""
    weights, speed = np.zeros(WIDTH), np.zeros(WIDTH)
    for _ in range(steps):
        speed = 0.9 * speed - rate * (
            gradient(weights, features, labels) + decay * weights
        )
        weights = weights + 0.1 * speed
    return weights


def picked(weights, features, whole):
    """How often the best-scored of 16 solutions is sound."""
    scores = solution_score(sigmoid(features @ weights)).reshape(-1, 16)
    return float(
        whole.reshape(-1, 16)[np.arange(len(scores)), scores.argmax(axis=1)].mean()
    )


def label_experiment(sizes=(10, 20, 50, 100, 200, 500), repeats=20):
    """Share of sound solutions among those picked, by how many solutions were labelled
    and how.
    """
    features, _, whole, _ = solutions(16 * 2000, np.random.default_rng(99))
    rows = {
        "sizes": list(sizes),
        "process": [],
        "outcome": [],
        "one of them": round(float(whole.mean()), 4),
    }
    for size in sizes:
        found = []
        for seed in range(repeats):
            x, labels, _, answer = solutions(size, np.random.default_rng(seed))
            found.append(
                [
                    picked(learn(process_gradient, x, labels), features, whole),
                    picked(learn(outcome_gradient, x, answer), features, whole),
                ]
            )
        for name, value in zip(
            ("process", "outcome"), np.mean(found, axis=0), strict=True
        ):
            rows[name].append(round(float(value), 3))
    return rows


# --8<-- [start:votes]
def verdict(right, samples, always_wrong=0.0):
    """Accuracy of the majority of several written verdicts (odd), each right with a
    probability of its own, when on a share of the questions every one is wrong for the
    same reason.
    """
    majority = sum(
        comb(samples, k) * right**k * (1 - right) ** (samples - k)
        for k in range(samples // 2 + 1, samples + 1)
    )
    return (1 - always_wrong) * majority


# --8<-- [end:votes]


# --8<-- [start:checker]
def check_rewards(miss, accept=0.01):
    """Mean verdict of a checker on right answers, wrong ones, and a trick that it
    always takes for right.
    """
    return np.array([1 - miss, accept, 1.0])


def turning_strength(start, miss):
    """Strength of the KL penalty below which the best policy prefers the trick to the
    right answer.
    """
    return miss / np.log(start[0] / start[2])


def against_checker(start, miss, steps=600, rate=0.5):
    """Shares of right, wrong and trick answers while the policy follows the exact
    gradient of the mean verdict.
    """
    z, rewards, history = np.log(start), check_rewards(miss), []
    for _ in range(steps + 1):
        p = np.exp(z - z.max()) / np.exp(z - z.max()).sum()
        history.append(p)
        z = z + rate * p * (rewards - p @ rewards)
    return np.array(history)


# --8<-- [end:checker]

TRICK = np.array([0.3, 0.65, 0.05])


# --8<-- [start:mixture]
class Answers:
    """Ordinary answers and, rarely, ones that exploit the judge. In either kind quality
    q and the judge's error e are normal, and the judge sees s = q + e.
    """

    share = np.array([0.995, 0.005])
    quality, quality_sd = np.array([0.0, -1.0]), np.array([1.0, 0.3])
    error, error_sd = np.array([0.0, 5.0]), np.array([0.7, 0.7])

    mean = quality + error
    var = quality_sd**2 + error_sd**2
    slope = quality_sd**2 / var  # of the regression of quality on score, within a kind


def best_of(n, answers=Answers, grid=200_001):
    """Expected score and quality of the answer with the best score of n, and its
    distance from the policy.
    """
    s = np.linspace(-8, 14, grid)
    density = answers.share * np.exp(
        -((s[:, None] - answers.mean) ** 2) / (2 * answers.var)
    )
    density /= np.sqrt(2 * pi * answers.var)
    below = (
        answers.share * normal_cdf((s[:, None] - answers.mean) / np.sqrt(answers.var))
    ).sum(axis=1)
    # E[q | s, kind]
    given = answers.quality + answers.slope * (s[:, None] - answers.mean)
    chosen = n * below ** (n - 1) * (s[1] - s[0])
    score, quality = (
        chosen @ (density.sum(axis=1) * s),
        chosen @ (density * given).sum(axis=1),
    )
    return np.log(n) - (n - 1) / n, score, quality


def tilted(beta, answers=Answers):
    """The same for the best policy under a KL penalty, policy × exp(score / beta):
    normals, tilted, stay normal.
    """
    log_weight = (
        np.log(answers.share) + answers.mean / beta + answers.var / (2 * beta**2)
    )
    weight = np.exp(log_weight - log_weight.max())
    log_z = log_weight.max() + np.log(weight.sum())
    weight /= weight.sum()
    mean = answers.mean + answers.var / beta
    score, quality = (
        weight @ mean,
        weight @ (answers.quality + answers.slope * answers.var / beta),
    )
    return score / beta - log_z, score, quality


# --8<-- [end:mixture]


def normal_cdf(x):
    return 0.5 * (1 + np.vectorize(erf)(x / sqrt(2)))


def overoptimisation():
    """Distance, score and quality of both ways to optimise, rounded."""
    ns = [1, 2, 4, 8, 16, 32, 64, 128, 256, 1024, 4096, 16384]
    betas = np.geomspace(0.35, 20, 60)
    return {
        "n": ns,
        "best of n": [[round(float(v), 4) for v in best_of(n)] for n in ns],
        "tilted": [[round(float(v), 4) for v in tilted(b)] for b in betas],
    }


if __name__ == "__main__":
    if "--data" in sys.argv:
        data = {
            "labels": label_experiment(),
            "overoptimisation": overoptimisation(),
            "checker": against_checker(TRICK, 0.2)[::10].round(4).tolist(),
        }
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(data) + "\n", encoding="utf-8"
        )
    print("true rewards          ", (TRUE - TRUE.mean()).round(2).tolist())
    for number in (100, 1000, 10_000):
        print(
            f"from {number:6,d} comparisons", fit(comparisons(number)).round(2).tolist()
        )
    circle = 10 * np.array([[0, 7, 3], [3, 0, 7], [7, 3, 0]])
    print(
        "A beats B beats C beats A, 7 of 10 each:",
        (fit(circle).round(2) + 0.0).tolist(),
    )
    steps = np.array([0.98, 0.95, 0.30, 0.90])
    print(
        f"process scores {steps.tolist()}: solution {solution_score(steps):.2f}, minimum {steps.min():.2f}"
    )
    print(
        "verdicts right with 0.7, majority of 1, 5, 25:",
        [round(verdict(0.7, k), 3) for k in (1, 5, 25)],
    )
    print(
        "  if all err together on 1 question in 10:    ",
        [round(verdict(0.7, k, 0.1), 3) for k in (1, 5, 25)],
    )
    print("checker that misses 0.2: verdicts, shares of right and trick answers")
    for step, p in list(enumerate(against_checker(TRICK, 0.2)))[::200]:
        print(f"  step {step:3d}: {p @ check_rewards(0.2):.2f}  {p[0]:.2f}  {p[2]:.2f}")
    print("best of n    KL   score  quality")
    for n in (1, 16, 32, 64, 256, 4096):
        print("{:9,d} {:5.2f} {:7.2f} {:8.2f}".format(n, *best_of(n)))
