"""Direct preference optimisation and its relatives, from log-probabilities of whole
answers.
"""

import json
import sys
from pathlib import Path

import numpy as np


def log_sigmoid(x):
    return -np.logaddexp(0, -x)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


# --8<-- [start:losses]
def margin(policy_w, policy_l, ref_w, ref_l):
    """How much more than the reference the policy prefers the winner; arguments are
    log-probabilities of answers.
    """
    return (policy_w - ref_w) - (policy_l - ref_l)


def dpo(policy_w, policy_l, ref_w, ref_l, beta=0.1, flipped=0.0):
    """Logistic loss on the margin. With `flipped`, cDPO: so many of the labels are
    thought to be wrong.
    """
    gap = beta * margin(policy_w, policy_l, ref_w, ref_l)
    return -(1 - flipped) * log_sigmoid(gap) - flipped * log_sigmoid(-gap)


def hinge(policy_w, policy_l, ref_w, ref_l, beta=0.1):
    """The margin of a support vector machine: nothing more to do beyond 1 / beta
    (SLiC's loss, on ratios).
    """
    return np.maximum(0, 1 - beta * margin(policy_w, policy_l, ref_w, ref_l))


def ipo(policy_w, policy_l, ref_w, ref_l, beta=0.1):
    """Squared distance of the margin from 1/(2 beta): it stops pulling once the margin
    is there.
    """
    return (margin(policy_w, policy_l, ref_w, ref_l) - 1 / (2 * beta)) ** 2


def kto(policy, ref, desirable, reference_point, beta=0.1):
    """For single judgements: an answer's log-ratio against a reference point, up for
    good and down for bad ones.
    """
    gain = beta * (policy - ref - reference_point)
    return 1 - sigmoid(gain if desirable else -gain)


def simpo(policy_w, policy_l, length_w, length_l, beta=2.0, gamma=1.0):
    """No reference: mean log-probabilities by length, and a margin gamma to be
    exceeded.
    """
    return -log_sigmoid(beta * policy_w / length_w - beta * policy_l / length_l - gamma)


def log_odds(mean_log_p):
    return mean_log_p - np.log1p(-np.exp(mean_log_p))


def orpo(policy_w, policy_l, length_w, length_l, weight=0.1):
    """No reference: cross-entropy on the winner plus a term on the odds of the two
    answers.
    """
    mean_w, mean_l = policy_w / length_w, policy_l / length_l
    return -mean_w - weight * log_sigmoid(log_odds(mean_w) - log_odds(mean_l))


# --8<-- [end:losses]


# --8<-- [start:gradients]
def gradients(
    policy_w,
    policy_l,
    ref_w,
    ref_l,
    length_w,
    length_l,
    beta=0.1,
    flipped=0.2,
    point=0.0,
):
    """Derivatives of each loss by the winner's and by the loser's log-probability."""
    m = margin(policy_w, policy_l, ref_w, ref_l)
    push = beta * sigmoid(-beta * m)
    # turns round where the margin says more than the labels can
    soft = beta * (sigmoid(-beta * m) - flipped)
    pull = 2 * (m - 1 / (2 * beta))
    edge = beta if beta * m < 1 else 0.0
    bell_w, bell_l = (
        beta * sigmoid(beta * (p - r - point)) * sigmoid(-beta * (p - r - point))
        for p, r in ((policy_w, ref_w), (policy_l, ref_l))
    )
    mean_w, mean_l = policy_w / length_w, policy_l / length_l
    long = 2.0 * sigmoid(-(2.0 * mean_w - 2.0 * mean_l - 1.0))
    odds = 0.1 * sigmoid(log_odds(mean_l) - log_odds(mean_w))
    return {
        "DPO": (-push, push),
        "cDPO": (-soft, soft),
        "hinge": (-edge, edge),
        "IPO": (pull, -pull),
        "KTO": (-bell_w, bell_l),
        "SimPO": (-long / length_w, long / length_l),
        "ORPO": (
            -(1 + odds / (1 - np.exp(mean_w))) / length_w,
            odds / (1 - np.exp(mean_l)) / length_l,
        ),
    }


# --8<-- [end:gradients]


def values(
    policy_w,
    policy_l,
    ref_w,
    ref_l,
    length_w,
    length_l,
    beta=0.1,
    flipped=0.2,
    point=0.0,
):
    """The losses themselves, in the same order."""
    four = policy_w, policy_l, ref_w, ref_l
    return {
        "DPO": dpo(*four, beta),
        "cDPO": dpo(*four, beta, flipped),
        "hinge": hinge(*four, beta),
        "IPO": ipo(*four, beta),
        "KTO": kto(policy_w, ref_w, True, point, beta)
        + kto(policy_l, ref_l, False, point, beta),
        "SimPO": simpo(policy_w, policy_l, length_w, length_l),
        "ORPO": orpo(policy_w, policy_l, length_w, length_l),
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
        push = beta * sigmoid(-beta * margin(w, l, ref[0], ref[1]))
        return -push, push

    return gradient


def ipo_gradient(ref, beta):
    def gradient(w, l):  # noqa: E741
        pull = 2 * (margin(w, l, ref[0], ref[1]) - 1 / (2 * beta))
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
        push = beta * sigmoid(
            -beta * margin(log_p[0], log_p[1], reference[0], reference[1])
        )
        weights = weights + rate * (
            push * (towards[0] - towards[1]) + anchor * towards[0]
        )
    return np.array(history)


# --8<-- [end:shared]


def experiment(beta=0.5):
    dpo_run = train(dpo_gradient(START, beta), START.copy())
    ipo_run = train(ipo_gradient(START, beta), START.copy(), rate=0.05)
    return {
        "DPO": dpo_run[::40].round(4).tolist(),
        "IPO": ipo_run[::40].round(4).tolist(),
        "shared": displaced()[::8].round(4).tolist(),
        "anchored": displaced(anchor=0.1)[::8].round(4).tolist(),
    }


EXAMPLE = (-40.0, -28.0, -38.0, -30.0, 20, 10)
"""A pair in the wrong order: log-probabilities under policy and reference, lengths in
tokens.
"""


if __name__ == "__main__":
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(experiment()) + "\n", encoding="utf-8"
        )
    print(
        f"margin of the pair {margin(*EXAMPLE[:4]):+.0f}; loss, and its derivatives by log-probability of winner, loser"
    )
    slopes = gradients(*EXAMPLE)
    for name, loss in values(*EXAMPLE).items():
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
