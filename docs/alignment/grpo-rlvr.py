"""Group-relative advantages and the clipped objective, in the variants in use, at a
worked example.
"""

import json
import math
import sys
from pathlib import Path

import numpy as np


# --8<-- [start:advantages]
def advantages(rewards, over="spread"):
    """How much better than its group an answer is, over the group's spread (GRPO), its
    mean (MaxRL) or nothing.
    """
    divisor = {
        "spread": rewards.std() + 1e-8,
        "mean": rewards.mean() or 1.0,
        "nothing": 1.0,
    }[over]
    return (rewards - rewards.mean()) / divisor


def leave_one_out(rewards):
    """How much better an answer is than the mean of the others (RLOO)."""
    return rewards - (rewards.sum() - rewards) / (len(rewards) - 1)


def prompt_weight(p, over="spread", size=None):
    """Factor on the gradient of a chance of success p, for rewards of 0 and 1; without
    a size, of a large group.
    """
    if size is None:
        return 1 / {"spread": np.sqrt(p * (1 - p)), "mean": p, "nothing": 1.0}[over]
    total = 0.0
    # groups without or with nothing but success add nothing
    for right in range(1, size):
        share = right / size
        chance = math.comb(size, right) * p**right * (1 - p) ** (size - right)
        divisor = {
            "spread": np.sqrt(share * (1 - share)),
            "mean": share,
            "nothing": 1.0,
        }[over]
        total += chance * share * (1 - share) / divisor
    return total / (p * (1 - p))


def usable(rewards):
    """Whether a group teaches anything: not when all its answers got the
    same reward.
    """
    return bool(np.ptp(rewards) > 0)


# --8<-- [end:advantages]


# --8<-- [start:objective]
def clipped(ratio, advantage, low=0.2, high=0.2):
    """PPO's term for one token: no gain from moving the ratio further than the clip in
    the advantage's direction.
    """
    return np.minimum(ratio * advantage, np.clip(ratio, 1 - low, 1 + high) * advantage)


def terms(log_new, log_old, advantage, variant, low=0.2, high=0.2):
    """What the tokens of one answer add, before averaging, and the derivatives by their
    log-probabilities.
    """
    ratio = np.exp(log_new - log_old)
    if variant == "GSPO":  # one ratio for the answer: the geometric mean of its tokens'
        ratio = np.full_like(ratio, np.exp((log_new - log_old).mean()))
    # the weight is clipped and held fixed: every token keeps a gradient
    if variant == "CISPO":
        weight = np.clip(ratio, 1 - low, 1 + high)
        return weight * advantage * log_new, weight * advantage
    # masked by how far the probability itself moved, not the ratio; low and high are
    # such
    if variant == "DPPO":
        moved = np.exp(log_new) - np.exp(log_old)
        kept = np.where(advantage > 0, moved <= high, moved >= -low)
        return ratio * advantage * log_new * kept, ratio * advantage * kept
    if variant == "SAPO":  # a smooth gate; slope 1 at ratio 1
        heat = 1.0 if advantage > 0 else 1.05
        gate = 1 / (1 + np.exp(-heat * (ratio - 1)))
        return 4 / heat * gate * advantage, 4 * gate * (1 - gate) * ratio * advantage
    value = clipped(ratio, advantage, low, high)
    return value, np.where(value == ratio * advantage, ratio * advantage, 0.0)


def objective_and_slopes(
    log_new, log_old, advantage, variant="GRPO", low=0.2, high=0.2
):
    """Mean over a group of answers; log_new and log_old are lists of the
    log-probabilities of their tokens.

    GRPO, GSPO and SAPO average within each answer first; DAPO, CISPO and DPPO over all
    tokens of the group; Dr. GRPO divides by a constant length.
    """
    pairs = [
        terms(n, o, a, variant, low, high)
        for n, o, a in zip(log_new, log_old, advantage, strict=True)
    ]
    sizes, group = [len(n) for n in log_new], len(log_new)
    share = {
        "DAPO": [1 / sum(sizes)] * group,
        "CISPO": [1 / sum(sizes)] * group,
        "DPPO": [1 / sum(sizes)] * group,
        "Dr. GRPO": [1 / (group * max(sizes))] * group,
    }.get(variant, [1 / (group * size) for size in sizes])
    value = float(sum(w * v.sum() for w, (v, _) in zip(share, pairs, strict=True)))
    return value, [w * s for w, (_, s) in zip(share, pairs, strict=True)]


# --8<-- [end:objective]


def objective(log_new, log_old, advantage, variant="GRPO", low=0.2, high=0.2):
    """The value alone."""
    return objective_and_slopes(log_new, log_old, advantage, variant, low, high)[0]


def kl_estimate(log_policy, log_reference):
    """An unbiased, never negative estimate of the KL divergence from samples of the
    policy.
    """
    log_ratio = log_reference - log_policy
    return np.exp(log_ratio) - log_ratio - 1


def token_weights(lengths, advantage, variant):
    """Weight with which one token of each answer enters the gradient at the start,
    where every ratio is one.
    """
    if variant == "GRPO":
        return [a / (len(lengths) * n) for n, a in zip(lengths, advantage, strict=True)]
    if variant == "DAPO":
        return [a / sum(lengths) for a in advantage]
    return [a / (len(lengths) * max(lengths)) for a in advantage]


def success_curve(sizes=(4, 8, 16, 64)):
    """Chance that a group of answers teaches something, by the chance of a right
    answer.
    """
    p = np.linspace(0.01, 0.99, 50)
    curves = {str(n): (1 - p**n - (1 - p) ** n).round(4).tolist() for n in sizes}
    return {"p": p.round(4).tolist(), **curves}


def weight_curves(size=16):
    """Weight of a prompt by its chance of success, for each divisor: in a group of that
    size, and in the limit.
    """
    p = np.geomspace(0.005, 0.995, 60)
    curves = {}
    for over in ("nothing", "spread", "mean"):
        curves[over] = [round(float(prompt_weight(x, over, size)), 4) for x in p]
        curves[f"{over}, limit"] = [round(float(prompt_weight(x, over)), 4) for x in p]
    return {"p": p.round(5).tolist(), **curves}


VARIANTS = ("GRPO", "DAPO", "Dr. GRPO", "GSPO", "CISPO", "SAPO", "DPPO")


def worked_example():
    """A right answer of three tokens and a wrong one of six, after an update: their
    tokens' log-probabilities.
    """
    old = [np.array([0.9, 0.5, 0.1]), np.array([0.8, 0.6, 0.02, 0.9, 0.9, 0.9])]
    ratio = [np.array([0.7, 1.0, 1.5]), np.array([1.0, 0.5, 2.0, 1.0, 1.0, 1.0])]
    return (
        [np.log(p * r) for p, r in zip(old, ratio, strict=True)],
        [np.log(p) for p in old],
        [1.0, -1.0],
    )


if __name__ == "__main__":
    if "--data" in sys.argv:
        stored = {**success_curve(), "weights": weight_curves()}
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(stored) + "\n", encoding="utf-8"
        )
    rewards = np.array([1.0, 0, 0, 0, 1, 0, 0, 0])
    print("rewards             ", rewards.astype(int).tolist())
    print("advantages, GRPO    ", advantages(rewards).round(2).tolist())
    print("advantages, Dr. GRPO", advantages(rewards, "nothing").round(2).tolist())
    print("advantages, MaxRL   ", advantages(rewards, "mean").round(2).tolist())
    print("advantages, RLOO    ", leave_one_out(rewards).round(2).tolist())
    print(
        "weight of a prompt solved with chance 0.02, 0.5, 0.98: in a group of 16; in the limit"
    )
    for name, over in (("Dr. GRPO", "nothing"), ("GRPO", "spread"), ("MaxRL", "mean")):
        rows = (
            [prompt_weight(p, over, n) for p in (0.02, 0.5, 0.98)] for n in (16, None)
        )
        print(
            f"  {name:9s}",
            "   ".join("".join(f"{w:7.2f}" for w in row) for row in rows),
        )
    print("GRPO's weight of a prompt solved with chance 0.02, 0.3, 0.5, by group")
    for size in (2, 3, 4, 8):
        row = (prompt_weight(p, "spread", size) for p in (0.02, 0.3, 0.5))
        print(f"  group of {size}", "".join(f"{w:7.2f}" for w in row))
    lengths, wrong = [100, 1000], np.array([-1.0, -1.0])
    print("weight of a token of a wrong answer, 100 and 1,000 tokens long")
    for variant in ("GRPO", "DAPO"):
        print(
            f"  {variant:9s}",
            [f"{w:.5f}" for w in token_weights(lengths, wrong, variant)],
        )
    print(
        "gradient by token, x 100: right answer with ratios 0.7 1.0 1.5, wrong: 1.0 0.5 2.0 1 1 1"
    )
    for variant in VARIANTS:
        _, slopes = objective_and_slopes(*worked_example(), variant)
        print(
            f"  {variant:9s}",
            *(
                "".join(f"{100 * s + 0.0:7.1f}" for s in part) + "   "
                for part in slopes
            ),
        )
