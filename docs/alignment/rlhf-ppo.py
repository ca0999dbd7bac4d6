"""PPO for a language model: rewards for tokens, advantages, the clipped losses, and a
run held against the optimum.
"""

import json
import sys
from itertools import product
from pathlib import Path

import numpy as np


# --8<-- [start:advantages]
def token_rewards(score, log_policy, log_ref, beta):
    """The answer's score at its last token, and at every token the price of leaving the
    reference.
    """
    rewards = beta * (log_ref - log_policy)
    rewards[-1] += score
    return rewards


def gae(rewards, values, gamma=1.0, lam=0.95, own=None):
    """Generalised advantage estimation, from the last token backwards. The value after
    the end is 0.

    own marks the tokens that the model wrote; what a tool returned in between is
    stepped over.
    """
    own = np.ones(len(rewards), dtype=bool) if own is None else own
    out, later, following = np.zeros(len(rewards)), 0.0, 0.0
    for t in reversed(range(len(rewards))):
        if own[t]:
            surprise = rewards[t] + gamma * following - values[t]
            later = surprise + gamma * lam * later
            following, out[t] = values[t], later
    return out  # advantages; what the value model is fitted to is advantages + values


def whiten(x):
    """Mean 0 and variance 1 over the tokens of a batch."""
    return (x - x.mean()) / np.sqrt(x.var(ddof=1) + 1e-8)


# --8<-- [end:advantages]


# --8<-- [start:losses]
def policy_loss(log_new, log_old, advantage, clip=0.2):
    """For each token; and its derivative by log_new. A token clipped on the side it
    gains from has none.
    """
    ratio = np.exp(log_new - log_old)
    free, held = -advantage * ratio, -advantage * np.clip(ratio, 1 - clip, 1 + clip)
    return np.maximum(free, held), np.where(free >= held, free, 0.0)


def value_loss(value, old, target, clip=0.2):
    """Squared error, or that of a value held near the old one where this is larger; and
    its derivative.
    """
    held = np.clip(value, old - clip, old + clip)
    free, stuck = (value - target) ** 2, (held - target) ** 2
    return 0.5 * np.maximum(free, stuck), np.where(free >= stuck, value - target, 0.0)


# --8<-- [end:losses]


# --8<-- [start:kl]
def kl_estimates(log_policy, log_ref, log_old=None):
    """Estimates of KL(policy || reference) from samples of an old policy (the same, if
    none is given), and their derivatives by log_policy.
    """
    delta = log_policy - log_ref
    ratio = np.ones_like(delta) if log_old is None else np.exp(log_policy - log_old)
    k3 = np.exp(-delta) - 1 + delta
    return {
        "k1": (delta, np.ones_like(delta)),
        "k2": (delta**2 / 2, delta),
        "k3": (k3, 1 - np.exp(-delta)),
        "ratio x k1": (ratio * delta, ratio * (delta + 1)),
        "ratio x k3": (ratio * k3, ratio * (k3 + 1 - np.exp(-delta))),
    }


# --8<-- [end:kl]


WORDS, LENGTH = 3, 4
ANSWERS = np.array(list(product(range(WORDS), repeat=LENGTH)))
"""All answers of four tokens from three words."""


def _row(prefix):
    """Prefixes are numbered by length, then by their words read as digits."""
    return (
        sum(w * WORDS**i for i, w in enumerate(prefix))
        + (WORDS ** len(prefix) - 1) // 2
    )


PLACES = np.array(
    [[_row([int(w) for w in answer[:t]]) for t in range(LENGTH)] for answer in ANSWERS]
)
"""The row of a table that belongs to each prefix of each answer."""

ROWS = (WORDS**LENGTH - 1) // 2
REWARD = (
    np.random.default_rng(4).normal(size=len(ANSWERS))
    + (ANSWERS == 0).sum(axis=1)
    - (ANSWERS == 1).sum(axis=1)
)
REFERENCE = np.random.default_rng(5).normal(size=(ROWS, WORDS)) * 0.5


def log_softmax(z):
    z = z - z.max(axis=-1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=-1, keepdims=True))


def token_logs(logits, which=slice(None)):
    """Log-probability of every token of the answers, n × 4."""
    return log_softmax(logits)[PLACES[which], ANSWERS[which]]


def aim(logits, beta):
    """Reward minus beta × KL, summed over all 81 answers; and both parts."""
    log_p, log_ref = token_logs(logits).sum(axis=1), token_logs(REFERENCE).sum(axis=1)
    p = np.exp(log_p)
    reward, kl = float(p @ REWARD), float(p @ (log_p - log_ref))
    return reward - beta * kl, reward, kl


def best_aim(beta):
    """The highest value any policy reaches: beta times the logarithm of the normaliser
    of the tilted reference.
    """
    return float(
        beta * np.log(np.exp(token_logs(REFERENCE).sum(axis=1) + REWARD / beta).sum())
    )


def train(
    beta=0.3, clip=0.2, lam=0.95, rounds=60, batch=64, epochs=4, rate=0.6, seed=0
):
    """PPO with tables for policy and value; returns the exact aim after each round."""
    rng, policy, value = np.random.default_rng(seed), REFERENCE.copy(), np.zeros(ROWS)
    history = [aim(policy, beta)[0]]
    for _ in range(rounds):
        drawn = rng.choice(len(ANSWERS), size=batch, p=_probabilities(policy))
        places, words = PLACES[drawn], ANSWERS[drawn]
        old, log_ref, kept = (
            token_logs(policy, drawn),
            token_logs(REFERENCE, drawn),
            value[places],
        )
        rewards = [
            token_rewards(s, a, b, beta)
            for s, a, b in zip(REWARD[drawn], old, log_ref, strict=True)
        ]
        raw = np.array([gae(r, v, lam=lam) for r, v in zip(rewards, kept, strict=True)])
        advantage, target = whiten(raw), raw + kept
        for _ in range(epochs):
            probability = np.exp(log_softmax(policy))
            _, slope = policy_loss(token_logs(policy, drawn), old, advantage, clip)
            step = np.zeros_like(policy)
            np.add.at(step, (places, words), slope)
            np.add.at(step, places, -slope[..., None] * probability[places])
            policy = policy - rate * step / batch
            drift = np.zeros_like(value)
            np.add.at(
                drift, places, value_loss(value[places], kept, target, clip=10.0)[1]
            )
            value = value - 0.5 * drift / np.maximum(
                np.bincount(places.ravel(), minlength=ROWS), 1
            )
        history.append(aim(policy, beta)[0])
    return np.array(history)


def _probabilities(logits):
    p = np.exp(token_logs(logits).sum(axis=1))
    return p / p.sum()


def by_first_word(p, values):
    """For each answer the average of `values` over all answers that begin with the same
    word.
    """
    first = ANSWERS[:, 0]
    return (np.bincount(first, p * values) / np.bincount(first, p))[first]


def true_values(p):
    """What is expected at each prefix when answers have the probabilities `p`."""
    reached, worth = np.zeros(ROWS), np.zeros(ROWS)
    for t in range(LENGTH):
        np.add.at(reached, PLACES[:, t], p)
        np.add.at(worth, PLACES[:, t], p * REWARD)
    return worth / reached


def spread(lams, error=0.5, draws=50):
    """Squared bias and variance of the first token's advantage under the reference,
    when values are off by normal errors; exact over all answers, averaged over draws of
    the errors.
    """
    p = _probabilities(REFERENCE)
    value, rewards = true_values(p), np.zeros((len(ANSWERS), LENGTH))
    rewards[:, -1] = REWARD
    truth = by_first_word(p, REWARD) - value[0]
    errors = np.random.default_rng(0).normal(size=(draws, ROWS)) * error
    # an error at the start shifts all advantages by the same amount, which whitening
    # removes
    errors[:, 0] = 0
    rows = {
        "lambda": [round(float(lam), 3) for lam in lams],
        "bias": [],
        "variance": [],
    }
    for lam in lams:
        bias = variance = 0.0
        for seen in (value + e for e in errors):
            guess = np.array(
                [
                    gae(r, v, lam=lam)[0]
                    for r, v in zip(rewards, seen[PLACES], strict=True)
                ]
            )
            mean = by_first_word(p, guess)
            bias += p @ (mean - truth) ** 2 / draws
            variance += p @ (guess - mean) ** 2 / draws
        rows["bias"].append(round(float(bias), 4))
        rows["variance"].append(round(float(variance), 4))
    return rows


def experiment():
    """Runs averaged over ten seeds, with and without the clip, and the
    trade of lambda.
    """
    settings = {
        "clip 0.2, 4 epochs": {},
        "clip 0.2, 16 epochs": {"epochs": 16},
        "no clip, 4 epochs": {"clip": 1e9},
        "no clip, 16 epochs": {"clip": 1e9, "epochs": 16},
    }
    runs = {
        name: np.mean([train(seed=s, **kw) for s in range(10)], axis=0)
        for name, kw in settings.items()
    }
    return {
        "best": round(best_aim(0.3), 4),
        "runs": {name: run.round(3).tolist() for name, run in runs.items()},
        "spread": spread(np.linspace(0, 1, 11)),
    }


if __name__ == "__main__":
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(experiment()) + "\n", encoding="utf-8"
        )
    values = np.array([0.2, 0.3, 0.6, 0.9])
    rewards = token_rewards(
        1.0, np.log([0.5, 0.4, 0.9, 0.8]), np.log([0.5, 0.5, 0.5, 0.5]), beta=0.1
    )
    print("rewards of four tokens  ", (rewards.round(3) + 0.0).tolist())
    for lam in (0.0, 0.95, 1.0):
        print(
            f"advantages, lambda {lam:4.2f}",
            gae(rewards, values, lam=lam).round(3).tolist(),
        )
    print("loss and gradient of a token by ratio and advantage")
    for ratio, advantage in ((1.5, 1), (0.5, 1), (1.5, -1), (0.5, -1)):
        loss, slope = policy_loss(np.log(ratio), 0.0, float(advantage))
        print(
            f"  ratio {ratio}, advantage {advantage:+d}: loss {loss:+.2f}, gradient {slope:+.2f}"
        )
    start, best, reached = aim(REFERENCE, 0.3)[0], best_aim(0.3), train()[-1]
    print(
        f"reward - beta KL: reference {start:.2f}, best possible {best:.2f}, PPO {reached:.2f}"
    )
