"""What preference methods aim at, computed exactly for a prompt with a handful of
possible answers.
"""

import json
import sys
from pathlib import Path

import numpy as np

REFERENCE = np.array([0.40, 0.25, 0.15, 0.10, 0.06, 0.04])
REWARD = np.array([0.0, 0.5, 1.0, 1.8, 2.5, 3.0])


# --8<-- [start:aim]
def optimal_policy(reference, reward, beta):
    """The policy with the highest reward minus beta × KL to the reference: the
    reference, tilted by the reward.
    """
    tilted = np.log(reference) + reward / beta
    p = np.exp(tilted - tilted.max())
    return p / p.sum()


def implied_reward(policy, reference, beta):
    """The reward a policy is optimal for, up to a constant: what DPO reads off the
    policy.
    """
    return beta * np.log(policy / reference)


def best_of_n(reference, reward, n):
    """The distribution of the best of n samples of the reference."""
    order = np.argsort(reward)
    below = np.cumsum(reference[order])
    out = np.empty_like(reference)
    out[order] = below**n - (below - reference[order]) ** n
    return out


def kl(p, q):
    held = p > 0
    return float((p[held] * np.log(p[held] / q[held])).sum())


# --8<-- [end:aim]


# --8<-- [start:losses]
def log_sigmoid(x):
    return -np.logaddexp(0, -x)


def reward_model_loss(preferred, rejected):
    """Bradley-Terry: the preferred answer's score should be higher."""
    return -log_sigmoid(preferred - rejected)


def dpo_loss(policy, reference, winner, loser, beta):
    """The same loss with the policy's implied reward in the place of a reward model."""
    implied = implied_reward(policy, reference, beta)
    return -log_sigmoid(implied[winner] - implied[loser])


def group_advantages(rewards):
    """GRPO: how much better than the other answers to the same prompt, in standard
    deviations.
    """
    return (rewards - rewards.mean()) / (rewards.std() + 1e-8)


# --8<-- [end:losses]


def frontier():
    """Expected reward against KL, for tilted policies and for best of n."""
    betas = np.geomspace(0.15, 20, 40)
    tilted = [optimal_policy(REFERENCE, REWARD, b) for b in betas]
    best = [best_of_n(REFERENCE, REWARD, n) for n in (1, 2, 4, 8, 16, 32)]
    return {
        "tilted": [
            [round(kl(p, REFERENCE), 4), round(float(p @ REWARD), 4)] for p in tilted
        ],
        "best of n": [
            [round(kl(p, REFERENCE), 4), round(float(p @ REWARD), 4)] for p in best
        ],
    }


if __name__ == "__main__":
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(frontier()) + "\n", encoding="utf-8"
        )
    print("policy                 reward      KL")
    for beta in (4.0, 1.0, 0.25):
        p = optimal_policy(REFERENCE, REWARD, beta)
        print(f"optimal, beta {beta:<8g} {p @ REWARD:6.2f} {kl(p, REFERENCE):7.2f}")
    for n in (4, 16):
        p = best_of_n(REFERENCE, REWARD, n)
        print(f"best of {n:<14d} {p @ REWARD:6.2f} {kl(p, REFERENCE):7.2f}")
    print(
        "advantages of rewards 1, 0, 0, 1, 0, 0:",
        group_advantages(np.array([1, 0, 0, 1, 0, 0.0])).round(2).tolist(),
    )
