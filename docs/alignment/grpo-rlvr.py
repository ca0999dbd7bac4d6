"""Group-relative advantages and the clipped objective, in the variants in use, at a worked example."""

import json
import sys
from pathlib import Path

import numpy as np


# --8<-- [start:advantages]
def advantages(rewards, scale=True):
    """How much better than its group an answer is; divided by the group's spread in GRPO, not so in Dr. GRPO."""
    centred = rewards - rewards.mean()
    return centred / (rewards.std() + 1e-8) if scale else centred


def usable(rewards):
    """Whether a group teaches anything: not when all its answers got the same reward."""
    return bool(np.ptp(rewards) > 0)


# --8<-- [end:advantages]


# --8<-- [start:objective]
def clipped(ratio, advantage, low=0.2, high=0.2):
    """PPO's term for one token: no gain from moving the ratio further than the clip in the advantage's direction."""
    return np.minimum(ratio * advantage, np.clip(ratio, 1 - low, 1 + high) * advantage)


def objective(log_new, log_old, advantage, variant="GRPO", low=0.2, high=0.2):
    """Mean over a group of answers; log_new and log_old are lists of the log-probabilities of their tokens.

    GRPO averages within each answer first, DAPO over all tokens of the group with a higher upper clip, Dr. GRPO
    divides by a constant, GSPO uses one ratio for a whole answer, the geometric mean of its tokens' ratios.
    """
    if variant == "GSPO":
        ratios = [np.exp((n - o).mean()) for n, o in zip(log_new, log_old, strict=True)]
        return float(np.mean([clipped(r, a, low, high) for r, a in zip(ratios, advantage, strict=True)]))
    terms = [clipped(np.exp(n - o), a, low, high) for n, o, a in zip(log_new, log_old, advantage, strict=True)]
    if variant == "GRPO":
        return float(np.mean([t.mean() for t in terms]))
    if variant == "DAPO":
        return float(np.concatenate(terms).mean())
    longest = max(len(t) for t in terms)
    return float(np.mean([t.sum() / longest for t in terms]))  # Dr. GRPO, with a constant length


# --8<-- [end:objective]


def kl_estimate(log_policy, log_reference):
    """An unbiased, never negative estimate of the KL divergence from samples of the policy."""
    log_ratio = log_reference - log_policy
    return np.exp(log_ratio) - log_ratio - 1


def token_weights(lengths, advantage, variant):
    """Weight with which one token of each answer enters the gradient at the start, where every ratio is one."""
    if variant == "GRPO":
        return [a / (len(lengths) * n) for n, a in zip(lengths, advantage, strict=True)]
    if variant == "DAPO":
        return [a / sum(lengths) for a in advantage]
    return [a / (len(lengths) * max(lengths)) for a in advantage]


def success_curve(sizes=(4, 8, 16, 64)):
    """Chance that a group of answers teaches something, by the chance of a right answer."""
    p = np.linspace(0.01, 0.99, 50)
    curves = {str(n): (1 - p**n - (1 - p) ** n).round(4).tolist() for n in sizes}
    return {"p": p.round(4).tolist(), **curves}


if __name__ == "__main__":
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(json.dumps(success_curve()) + "\n", encoding="utf-8")
    rewards = np.array([1.0, 0, 0, 0, 1, 0, 0, 0])
    print("rewards             ", rewards.astype(int).tolist())
    print("advantages, GRPO    ", advantages(rewards).round(2).tolist())
    print("advantages, Dr. GRPO", advantages(rewards, scale=False).round(2).tolist())
    lengths, wrong = [100, 1000], np.array([-1.0, -1.0])
    print("weight of a token of a wrong answer, 100 and 1,000 tokens long")
    for variant in ("GRPO", "DAPO"):
        print(f"  {variant:9s}", [f"{w:.5f}" for w in token_weights(lengths, wrong, variant)])
