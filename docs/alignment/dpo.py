"""Direct preference optimisation and its relatives, from log-probabilities of whole
answers.
"""

import json
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np


def log_sigmoid(x):
    return -np.logaddexp(0, -x)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


# --8<-- [start:losses]
class Pair(NamedTuple):
    """Log-probabilities of a winner and a loser under policy and reference, and their
    lengths in tokens.
    """

    policy_w: float
    policy_l: float
    ref_w: float
    ref_l: float
    length_w: int = 1
    length_l: int = 1

    @property
    def margin(self):
        """How much more than the reference the policy prefers the winner."""
        return (self.policy_w - self.ref_w) - (self.policy_l - self.ref_l)

    @property
    def means(self):
        """Log-probability per token of the winner and of the loser."""
        return self.policy_w / self.length_w, self.policy_l / self.length_l


def dpo(m, beta=0.1, flipped=0.0):
    """Logistic loss on the margin m. With `flipped`, cDPO: so many of the labels are
    thought to be wrong.
    """
    return -(1 - flipped) * log_sigmoid(beta * m) - flipped * log_sigmoid(-beta * m)


def robust(m, beta=0.1, flipped=0.2):
    """Right on average if so many labels are flipped at random: an unbiased estimate of
    the loss on true labels.
    """
    right, wrong = -log_sigmoid(beta * m), -log_sigmoid(-beta * m)
    return ((1 - flipped) * right - flipped * wrong) / (1 - 2 * flipped)


def hinge(m, beta=0.1):
    """The margin of a support vector machine: nothing more to do beyond 1 / beta
    (SLiC's loss, on ratios).
    """
    return np.maximum(0, 1 - beta * m)


def ipo(m, beta=0.1):
    """Squared distance from 1/(2 beta): it stops pulling once the margin is there."""
    return (m - 1 / (2 * beta)) ** 2


def kto(ratio, desirable, point, beta=0.1):
    """For single judgements: an answer's log-ratio against a reference point, up for
    good and down for bad ones.
    """
    gain = beta * (ratio - point)
    return 1 - sigmoid(gain if desirable else -gain)


def simpo(mean_w, mean_l, beta=2.0, gamma=1.0):
    """No reference: mean log-probabilities, and a margin gamma to be exceeded."""
    return -log_sigmoid(beta * mean_w - beta * mean_l - gamma)


def log_odds(mean_log_p):
    return mean_log_p - np.log1p(-np.exp(mean_log_p))


def orpo(mean_w, mean_l, weight=0.1):
    """No reference: cross-entropy on the winner plus a term on the odds of the two
    answers.
    """
    return -mean_w - weight * log_sigmoid(log_odds(mean_w) - log_odds(mean_l))


# --8<-- [end:losses]


# --8<-- [start:gradients]
def gradients(pair, beta=0.1, flipped=0.2, point=0.0):
    """Derivatives of each loss by the winner's and by the loser's log-probability."""
    m, (mean_w, mean_l) = pair.margin, pair.means
    push = beta * sigmoid(-beta * m)
    # turns round where the margin says more than the labels can
    soft = beta * (sigmoid(-beta * m) - flipped)
    pull = 2 * (m - 1 / (2 * beta))
    edge = beta if beta * m < 1 else 0.0
    bell_w, bell_l = (
        beta * sigmoid(beta * (ratio - point)) * sigmoid(-beta * (ratio - point))
        for ratio in (pair.policy_w - pair.ref_w, pair.policy_l - pair.ref_l)
    )
    long = 2.0 * sigmoid(-(2.0 * mean_w - 2.0 * mean_l - 1.0))
    odds = 0.1 * sigmoid(log_odds(mean_l) - log_odds(mean_w))
    return {
        "DPO": (-push, push),
        "cDPO": (-soft, soft),
        "hinge": (-edge, edge),
        "IPO": (pull, -pull),
        "KTO": (-bell_w, bell_l),
        "SimPO": (-long / pair.length_w, long / pair.length_l),
        "ORPO": (
            -(1 + odds / (1 - np.exp(mean_w))) / pair.length_w,
            odds / (1 - np.exp(mean_l)) / pair.length_l,
        ),
    }


# --8<-- [end:gradients]


def values(pair, beta=0.1, flipped=0.2, point=0.0):
    """The losses themselves, in the same order."""
    return {
        "DPO": dpo(pair.margin, beta),
        "cDPO": dpo(pair.margin, beta, flipped),
        "hinge": hinge(pair.margin, beta),
        "IPO": ipo(pair.margin, beta),
        "KTO": kto(pair.policy_w - pair.ref_w, True, point, beta)
        + kto(pair.policy_l - pair.ref_l, False, point, beta),
        "SimPO": simpo(*pair.means),
        "ORPO": orpo(*pair.means),
    }


# --8<-- [start:toy]
def train(loss_gradient, logits, steps=2000, rate=0.5):
    """Gradient descent on three answers to one prompt: the pair (0 preferred to 1), and
    a third never compared.
    """
    history = []
    for _ in range(steps):
        log_p = logits - np.log(np.exp(logits).sum())
        history.append(np.exp(log_p))
        by_w, by_l = loss_gradient(log_p[0], log_p[1])
        p = np.exp(log_p)
        logits = logits - rate * (by_w * (np.eye(3)[0] - p) + by_l * (np.eye(3)[1] - p))
    return np.array(history)


def dpo_gradient(ref, beta):
    def gradient(w, l):  # noqa: E741 - the field writes w and l for winner and loser
        push = beta * sigmoid(-beta * Pair(w, l, *ref).margin)
        return -push, push

    return gradient


def ipo_gradient(ref, beta):
    def gradient(w, l):  # noqa: E741
        pull = 2 * (Pair(w, l, *ref).margin - 1 / (2 * beta))
        return pull, -pull

    return gradient


# --8<-- [end:toy]


START = np.log(np.array([0.2, 0.3, 0.5]))


# --8<-- [start:shared]
FEATURES = np.array([[1.0, 1.0], [0.8, 1.0], [3.0, 0.0], [0.0, 0.0]])
"""Winner, loser, a third answer that has more of what sets the winner apart, and
another.
"""


def displaced(anchor=0.0, beta=0.5, steps=400, rate=0.2):
    """Descend DPO's loss, plus `anchor` times the winner's cross-entropy, on two
    weights that all answers share.
    """
    weights, history = np.array([0.0, 2.0]), []
    reference = None
    for _ in range(steps):
        logits = FEATURES @ weights
        log_p = logits - np.log(np.exp(logits).sum())
        reference = log_p.copy() if reference is None else reference
        history.append(np.exp(log_p))
        # gradients of the answers' log-probabilities
        towards = FEATURES - np.exp(log_p) @ FEATURES
        push = beta * sigmoid(-beta * Pair(*log_p[:2], *reference[:2]).margin)
        weights = weights + rate * (
            push * (towards[0] - towards[1]) + anchor * towards[0]
        )
    return np.array(history)


# --8<-- [end:shared]


def experiment(beta=0.5):
    dpo_run = train(dpo_gradient(START[:2], beta), START.copy())
    ipo_run = train(ipo_gradient(START[:2], beta), START.copy(), rate=0.05)
    return {
        "DPO": dpo_run[::40].round(4).tolist(),
        "IPO": ipo_run[::40].round(4).tolist(),
        "shared": displaced()[::8].round(4).tolist(),
        "anchored": displaced(anchor=0.1)[::8].round(4).tolist(),
    }


EXAMPLE = Pair(-40.0, -28.0, -38.0, -30.0, 20, 10)
"""A pair in the wrong order."""


if __name__ == "__main__":
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(experiment()) + "\n", encoding="utf-8"
        )
    print(
        f"margin of the pair {EXAMPLE.margin:+.0f}; loss, and its derivatives by log-probability of winner, loser"
    )
    slopes = gradients(EXAMPLE)
    for name, loss in values(EXAMPLE).items():
        print(
            f"  {name:5s} {loss:8.3f}   {slopes[name][0]:+9.4f} {slopes[name][1]:+9.4f}"
        )
    print("probabilities of winner, loser, and an answer nobody compared")
    run = experiment()
    print("  start          ", np.exp(START).round(3))
    for name in ("DPO", "IPO"):
        print(f"  {name}, 2000 steps", np.array(run[name][-1]).round(3))
    print("answers that share features: winner, loser, the like of the winner, another")
    print("  start", np.array(run["shared"][0]).round(3))
    for name, key in (
        ("DPO", "shared"),
        ("with 0.1 × cross-entropy of the winner", "anchored"),
    ):
        print(f"  {name}", np.array(run[key][-1]).round(3))
