"""What reinforcement learning does to the variety of answers: entropy, pass@k and
rewards at random, computed on small policies.
"""

import json
import sys
from math import comb
from pathlib import Path

import numpy as np


# --8<-- [start:entropy]
def softmax(z):
    e = np.exp(z - z.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def entropy(p):
    return -(p * np.log(p)).sum(-1)


def entropy_slope(p, moved):
    """Change of the entropy when logits move: minus the covariance of log p and the
    movement, under p.
    """
    log = np.log(p)
    return -(p * (log - (p * log).sum()) * (moved - (p * moved).sum())).sum()


def reinforced(p):
    """Slope of the entropy in the logit of each answer alone: positive where the
    answer is rarer than exp(-entropy).
    """
    return -p * (np.log(p) + entropy(p))


# --8<-- [end:entropy]


# --8<-- [start:passk]
def pass_at(k, right, n):
    """Unbiased estimate of pass@k from n answers, of which some are right."""
    return 1 - comb(max(n - right, 0), k) / comb(n, k)


def rewards_for_pass_at(k, right, n):
    """What a right and a wrong answer among n get, so that the policy gradient is that
    of pass@k and not of pass@1.
    """
    return k / n, k / n * pass_at(k - 1, right, n - 1) if k > 1 else 0.0


# --8<-- [end:passk]


# --8<-- [start:train]
def world(prompts=300, ways=8, seed=0):
    """Base logits over the ways to answer each prompt, and which one is right: the
    first way for 40% of the prompts, the last for 3%.
    """
    rng = np.random.default_rng(seed)
    how_often = [0.4, 0.2, 0.12, 0.09, 0.07, 0.05, 0.04, 0.03]
    right = rng.choice(ways, size=prompts, p=how_often)
    return 1.5 * rng.normal(size=(prompts, ways)), right


def train(base, right, weight, bonus=0.0, shared=True, steps=300, rate=1.0):
    """Ascend the mean over prompts of a function of the chance p to be right, with
    slope `weight(p)`, plus a bonus for entropy. One habit is shared by all prompts, or
    each prompt has logits of its own.
    """
    rows, hot = np.arange(len(right)), np.eye(base.shape[1])[right]
    moved, history = np.zeros_like(base), []
    for _ in range(steps + 1):
        policy = softmax(base + moved)
        p, h = policy[rows, right], entropy(policy)
        history.append((p.mean(), h.mean()))
        push = (weight(p) * p)[:, None] * (hot - policy)
        push += bonus * -policy * (np.log(policy) + h[:, None])
        moved = moved + rate * (push.mean(0) if shared else push)
    return p, np.array(history)


# --8<-- [end:train]


# --8<-- [start:clip]
def random_rewards(low, high, rounds=30, runs=4000, rate=0.3, seed=0):
    """Mean lead of the likeliest of four answers in logits, and mean entropy, while
    each sample gets 0 or 1 by the toss of a coin; groups of 16, in four steps. Ratios
    are clipped at 1 - low and 1 + high.
    """
    rng, start = np.random.default_rng(seed), np.log([0.7, 0.1, 0.1, 0.1])
    z, group, history = np.tile(start, (runs, 1)), 16, []
    for _ in range(rounds + 1):
        history.append(
            ((z[:, 0] - z[:, 1:].mean(1)).mean(), entropy(softmax(z)).mean())
        )
        old = softmax(z)
        draws = rng.random((runs, group, 1)) > old.cumsum(1)[:, None, :-1]
        answers = np.eye(4)[draws.sum(2)]
        rewards = rng.integers(0, 2, (runs, group)).astype(float)
        spread = rewards.std(1, keepdims=True) + 1e-8
        advantages = (rewards - rewards.mean(1, keepdims=True)) / spread
        for part in range(0, group, group // 4):
            y = answers[:, part : part + group // 4]
            a = advantages[:, part : part + group // 4]
            new = softmax(z)
            ratio = (y * (new / old)[:, None]).sum(2)
            kept = np.where(a > 0, ratio <= 1 + high, ratio >= 1 - low)
            weight = (a * ratio * kept)[:, :, None]
            z = z + rate * (weight * (y - new[:, None])).sum(1)
    return np.array(history)


# --8<-- [end:clip]


AIMS = {
    "before": (lambda p: 0 * p, 0.0),
    "pass@1": (np.ones_like, 0.0),
    "pass@1, entropy bonus": (np.ones_like, 0.1),
    "pass@8": (lambda p: 8 * (1 - p) ** 7, 0.0),
}
TRIES = [1, 2, 4, 8, 16, 32, 64, 128, 256]
CLIPS = {
    "both sides": (0.2, 0.2),
    "above only": (1e9, 0.2),
    "below only": (0.2, 1e9),
    "no clip": (1e9, 1e9),
}


def mean_pass_at(p, k):
    return float((1 - (1 - p) ** k).mean())


def fitted(history):
    """a and b of R = -a exp(H) + b by least squares, and the largest error."""
    r, h = history.T
    table = np.stack([-np.exp(h), np.ones_like(h)], 1)
    found = np.linalg.lstsq(table, r, rcond=None)[0]
    return *found, np.abs(table @ found - r).max()


def stored():
    base, right = world()
    curves, runs = {}, {}
    for name, (weight, bonus) in AIMS.items():
        p, history = train(base, right, weight, bonus)
        curves[name] = [round(mean_pass_at(p, k), 4) for k in TRIES]
        runs[name] = history[::5].round(4).tolist()
    coin = {
        name: random_rewards(*clip)[:, 0].round(4).tolist()
        for name, clip in CLIPS.items()
    }
    return {"k": TRIES, "curves": curves, "runs": runs, "coin": coin}


if __name__ == "__main__":
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(stored()) + "\n", encoding="utf-8"
        )
    p = np.array([0.5, 0.2, 0.15, 0.1, 0.05])
    print(
        "probabilities",
        p,
        f" entropy {entropy(p):.2f}, threshold {np.exp(-entropy(p)):.2f}",
    )
    print("entropy, by the logit of each answer", reinforced(p).round(3))
    base, right = world()
    shown = [1, 2, 4, 8, 16, 64, 256]
    print(f"{'pass@k for k =':22s}", "".join(f"{k:6d}" for k in shown), "  entropy")
    for name, (weight, bonus) in AIMS.items():
        chance, history = train(base, right, weight, bonus)
        row = "".join(f"{mean_pass_at(chance, k):6.2f}" for k in shown)
        print(f"  {name:22s}{row} {history[-1, 1]:8.2f}")
    chance, history = train(base, right, np.ones_like, shared=False, rate=4.0)
    row = "".join(f"{mean_pass_at(chance, k):6.2f}" for k in shown)
    print(f"  {'pass@1, nothing shared':22s}{row} {history[-1, 1]:8.2f}")
    a, b, error = fitted(train(base, right, np.ones_like)[1])
    print(f"pass@1 = -{a:.3f} exp(entropy) + {b:.3f}, to within {error:.3f}")
    print("rewards by the toss of a coin: lead of the likeliest answer, entropy")
    for name, clip in CLIPS.items():
        history = random_rewards(*clip)
        print(
            f"  {name:12s} {history[0, 0]:.2f} to {history[-1, 0]:.2f},",
            f"{history[0, 1]:.2f} to {history[-1, 1]:.2f}",
        )
