"""Direct preference optimisation and its relatives, from log-probabilities of whole answers."""

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
    """How much more the policy than the reference prefers the winner: each is the log-probability of an answer."""
    return (policy_w - ref_w) - (policy_l - ref_l)


def dpo(policy_w, policy_l, ref_w, ref_l, beta=0.1):
    """Logistic loss on the margin. Its derivative by policy_w is -beta σ(-beta margin), by policy_l the opposite."""
    return -log_sigmoid(beta * margin(policy_w, policy_l, ref_w, ref_l))


def ipo(policy_w, policy_l, ref_w, ref_l, beta=0.1):
    """Squared distance of the margin from 1/(2 beta): it stops pulling once the margin is there."""
    return (margin(policy_w, policy_l, ref_w, ref_l) - 1 / (2 * beta)) ** 2


def kto(policy, ref, desirable, reference_point, beta=0.1):
    """For single judgements: an answer's log-ratio against a reference point, up for good and down for bad ones."""
    gain = beta * (policy - ref - reference_point)
    return 1 - sigmoid(gain if desirable else -gain)


def simpo(policy_w, policy_l, length_w, length_l, beta=2.0, gamma=1.0):
    """No reference: mean log-probabilities by length, and a margin gamma to be exceeded."""
    return -log_sigmoid(beta * policy_w / length_w - beta * policy_l / length_l - gamma)


def orpo(policy_w, policy_l, length_w, length_l, weight=0.1):
    """No reference: cross-entropy on the winner plus a term on the odds of the two answers."""

    def log_odds(mean_log_p):
        return mean_log_p - np.log1p(-np.exp(mean_log_p))

    mean_w, mean_l = policy_w / length_w, policy_l / length_l
    return -mean_w - weight * log_sigmoid(log_odds(mean_w) - log_odds(mean_l))


# --8<-- [end:losses]


# --8<-- [start:toy]
def train(loss_gradient, logits, steps=2000, rate=0.5):
    """Gradient descent on three answers to one prompt: the pair (0 preferred to 1), and a third never compared."""
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


def experiment(beta=0.5):
    dpo_run = train(dpo_gradient(START, beta), START.copy())
    ipo_run = train(ipo_gradient(START, beta), START.copy(), rate=0.05)
    return {"DPO": dpo_run[::40].round(4).tolist(), "IPO": ipo_run[::40].round(4).tolist()}


if __name__ == "__main__":
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(json.dumps(experiment()) + "\n", encoding="utf-8")
    print("probabilities of winner, loser, and an answer nobody compared")
    print("  start          ", np.exp(START).round(3))
    for name, run in experiment().items():
        print(f"  {name}, 2000 steps", np.array(run[-1]).round(3))
    both_fall = -40.0, -80.0, -30.0, -30.0
    print(f"DPO loss when both answers became less probable: {dpo(*both_fall):.4f} (at the start: {np.log(2):.4f})")
