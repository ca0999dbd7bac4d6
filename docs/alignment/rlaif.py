"""Feedback from a model: critiques and revisions as a flow of data, and labels read off
a judge's probabilities.
"""

import json
import sys
from pathlib import Path

import numpy as np


# --8<-- [start:flow]
def revise(prompt, answer, critique, rewrite, principles, rounds, rng):
    """The supervised phase for one prompt. Returns the trail of answers; the last one
    becomes a demonstration.
    """
    trail = [answer(prompt)]
    for _ in range(rounds):
        # another one in every round
        principle = principles[rng.integers(len(principles))]
        objection = critique(prompt, trail[-1], principle)
        trail.append(rewrite(prompt, trail[-1], objection, principle))
    return trail


def compare(prompt, first, second, judge, principles, rng):
    """The preference phase for one pair: a principle at random, and the probability
    that the first is better.
    """
    principle = principles[rng.integers(len(principles))]
    return {
        "prompt": prompt,
        "pair": (first, second),
        "p_first": soft_label(judge, prompt, first, second, principle),
    }


# --8<-- [end:flow]


# --8<-- [start:labels]
def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def soft_label(judge, prompt, first, second, principle, average="logits"):
    """Ask in both orders. The judge returns the logit of "A is better", A being what it
    reads first.
    """
    there, back = (
        judge(prompt, first, second, principle),
        -judge(prompt, second, first, principle),
    )
    if average == "logits":
        return sigmoid((there + back) / 2)  # a preference for a position cancels
    return (sigmoid(there) + sigmoid(back)) / 2  # it does so only in part


def clamp(p, low=0.4, high=0.6):
    """For verdicts after written reasoning, which are nearly always sure."""
    return np.clip(p, low, high)


def soft_loss(difference, p_first):
    """Cross-entropy of a reward model's σ(r1 - r2) against a soft label; lowest where
    σ(r1 - r2) = p_first.
    """
    return p_first * np.logaddexp(0, -difference) + (1 - p_first) * np.logaddexp(
        0, difference
    )


def direct_reward(grade_logits):
    """No reward model: the expectation of a grade from 1 to 10 over the judge's
    probabilities, scaled to -1 … 1.
    """
    p = np.exp(grade_logits - np.logaddexp.reduce(grade_logits))
    return (p @ np.arange(1, 11) - 5.5) / 4.5


# --8<-- [end:labels]


WIDTH = 8


def learned_direction(number, flips, taste, rng):
    """Fit a reward, linear in eight features, to comparisons; return how well it points
    where quality does.

    Labels follow quality plus `taste` times a ninth feature (length, say); a share
    `flips` of them is wrong. The cosine with true quality is what best-of-n reaches of
    the best it could.
    """
    # differences of two answers
    features = rng.normal(size=(number, WIDTH + 1)) * np.sqrt(2)
    truth = np.append(np.ones(WIDTH) / np.sqrt(WIDTH), 0.0)
    label = rng.random(number) < sigmoid(
        2 * features @ truth + 2 * taste * features[:, -1]
    )
    label = np.where(rng.random(number) < flips, ~label, label)
    weights = np.zeros(WIDTH + 1)
    for _ in range(25):  # Newton's method with a little ridge
        p = sigmoid(features @ weights)
        gradient = features.T @ (label - p) - 0.1 * weights
        hessian = (features * (p * (1 - p))[:, None]).T @ features + 0.1 * np.eye(
            WIDTH + 1
        )
        weights = weights + np.linalg.solve(hessian, gradient)
    return weights @ truth / np.linalg.norm(weights)


def experiment(numbers=(30, 100, 300, 1000, 3000, 10_000), repeats=20):
    """People err at random, a model errs in the same way each time: quality reached by
    number of labels.
    """
    rows = {"numbers": list(numbers)}
    for name, flips, taste in (
        ("people", 0.25, 0.0),
        ("model", 0.05, 0.5),
        ("model, less biased", 0.05, 0.2),
    ):
        rows[name] = [
            round(
                float(
                    np.mean(
                        [
                            learned_direction(n, flips, taste, np.random.default_rng(s))
                            for s in range(repeats)
                        ]
                    )
                ),
                4,
            )
            for n in numbers
        ]
    return rows


def toy_model():
    """Stands in for a language model: an answer is a list of faults, a critique names
    the one its principle forbids.
    """

    def answer(prompt):
        return ["rude", "unsafe", "untrue"]

    def critique(prompt, text, principle):
        return next((fault for fault in text if fault == principle), "")

    def rewrite(prompt, text, objection, principle):
        return [fault for fault in text if fault != objection]

    return answer, critique, rewrite


if __name__ == "__main__":
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(experiment()) + "\n", encoding="utf-8"
        )
    trail = revise(
        "?",
        *toy_model(),
        ["rude", "unsafe", "untrue"],
        rounds=4,
        rng=np.random.default_rng(1),
    )
    print("faults left in the trail of revisions:", [len(text) for text in trail])

    def judge(prompt, first, second, principle):
        # the same pull towards whatever is read first
        return quality[first] - quality[second] + 1.0

    quality = {"good": 0.8, "poor": 0.0}
    print(f"unbiased preference for the better one      {sigmoid(0.8):.3f}")
    print(
        f"asked once, the better one first or second  {sigmoid(1.8):.3f} {1 - sigmoid(0.2):.3f}"
    )
    for average in ("logits", "probabilities"):
        label = soft_label(judge, "?", "good", "poor", "", average)
        print(f"both orders, mean of {average:13s}          {label:.3f}")
    print(f"largest gap of rewards under labels of 0.4 to 0.6: {np.log(0.6 / 0.4):.3f}")
    print(
        f"limit of a judge with taste 0.5: {1 / np.sqrt(1 + 0.5**2):.3f}, with 0.2: {1 / np.sqrt(1 + 0.2**2):.3f}"
    )
