"""Who goes to which expert: token choice, group-limited choice, expert choice, hashing,
and soft slots.
"""

import json
import sys
from pathlib import Path

import numpy as np


def softmax(x, axis=-1):
    e = np.exp(x - x.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def mask_of(chosen, count):
    """T × k indices as a T × E matrix of zeros and ones."""
    return (chosen[:, :, None] == np.arange(count)).any(1)


# --8<-- [start:token-choice]
def token_choice(logits, k, score="softmax", normalise=True, bias=0.0):
    """Every token takes its k best experts. Returns gates, T × E, zero where an expert
    was not chosen.

    `bias` shifts the choice only (balancing without a loss); the gates come from the
    scores without it.
    """
    scores = softmax(logits) if score == "softmax" else sigmoid(logits)
    chosen = np.argsort(-(scores + bias), axis=1, kind="stable")[:, :k]
    gates = np.where(mask_of(chosen, logits.shape[1]), scores, 0)
    return gates / gates.sum(1, keepdims=True) if normalise else gates


def group_limited(logits, k, groups, keep):
    """DeepSeek-V3: keep the groups (devices) whose two best experts score highest, then
    choose k inside them.
    """
    scores = sigmoid(logits)
    by_group = scores.reshape(len(scores), groups, -1)
    strength = np.sort(by_group, axis=2)[:, :, -2:].sum(2)
    allowed = mask_of(np.argsort(-strength, axis=1)[:, :keep], groups)
    inside = np.where(allowed[:, :, None], by_group, -np.inf).reshape(scores.shape)
    gates = np.where(
        mask_of(np.argsort(-inside, axis=1)[:, :k], scores.shape[1]), scores, 0
    )
    return gates / gates.sum(1, keepdims=True)


# --8<-- [end:token-choice]


# --8<-- [start:others]
def expert_choice(logits, room):
    """Every expert takes the `room` tokens that want it most: loads are equal, tokens
    may get none or many.
    """
    probabilities = softmax(logits)
    taken = np.argsort(-probabilities, axis=0, kind="stable")[:room]
    return np.where(mask_of(taken.T, len(logits)).T, probabilities, 0)


def hash_choice(token_ids, count, seed=0):
    """A fixed random table from token id to expert; nothing is learned and nothing can
    drift.
    """
    table = np.random.default_rng(seed).integers(count, size=token_ids.max() + 1)
    return np.eye(count)[table[token_ids]]


def soft_slots(x, slots, experts):
    """Soft MoE: every slot is a mixture of all tokens, every output a mixture of all
    slots. slots: d × S.
    """
    logits = x @ slots
    dispatch, combine = softmax(logits, 0), softmax(logits, 1)
    parts = np.split(dispatch.T @ x, len(experts))
    return combine @ np.concatenate(
        [f(part) for f, part in zip(experts, parts, strict=True)]
    )


# --8<-- [end:others]


# --8<-- [start:variable]
def top_p_choice(logits, p):
    """The fewest experts whose probabilities sum to `p`: many where the router is
    unsure.
    """
    probabilities = softmax(logits)
    order = np.argsort(-probabilities, axis=1, kind="stable")
    ranked = np.take_along_axis(probabilities, order, 1)
    needed = ((ranked.cumsum(1) - ranked) < p).sum(1)
    rank = np.argsort(order, axis=1)
    return np.where(rank < needed[:, None], probabilities, 0)


def threshold_choice(logits, thresholds):
    """An expert takes every token whose score exceeds the expert's threshold; no other
    token matters.
    """
    scores = sigmoid(logits)
    return np.where(scores > thresholds, scores, 0)


def follow(thresholds, logits, share, rate):
    """After a batch, move each threshold towards the score that would have let in just
    `share` of the tokens.
    """
    wanted = np.quantile(sigmoid(logits), 1 - share, axis=0)
    return (1 - rate) * thresholds + rate * wanted


# --8<-- [end:variable]


# --8<-- [start:gradient]
def router_gradient(logits, outputs, upstream, over):
    """Gradient of one token's chosen logits. outputs: k × d, upstream: d; `over` is
    "chosen" or "all" scores.

    The gates are softmax over the chosen logits alone, or over all; logits[:k] are the
    chosen ones.
    """
    k = len(outputs)
    gates = softmax(logits[:k] if over == "chosen" else logits)
    worth = np.concatenate([outputs @ upstream, np.zeros(len(gates) - k)])
    return gates * (worth - gates @ worth)


# --8<-- [end:gradient]


def example(tokens=12, count=4, seed=3):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(tokens, count)) + np.array([0.9, 0.2, 0.0, -0.7])


def leak(trials=400, tokens=32, count=8, room=8):
    """How often a new last token changes the experts of an earlier one, under expert
    choice.
    """
    rng, changed = np.random.default_rng(0), 0
    for _ in range(trials):
        logits = rng.normal(size=(tokens, count))
        other = logits.copy()
        other[-1] = rng.normal(size=count)
        changed += bool(
            ((expert_choice(logits, room) > 0) != (expert_choice(other, room) > 0))[
                :-1
            ].any()
        )
    return changed / trials


def matrices():
    logits = example()
    rng = np.random.default_rng(1)
    return {
        "token choice, k = 1": token_choice(logits, 1, normalise=False),
        "expert choice": expert_choice(logits, 3),
        "hash": hash_choice(rng.integers(30, size=12), 4),
        "soft": softmax(logits, 0),
    }


if __name__ == "__main__":
    gates = matrices()
    if "--data" in sys.argv:
        data = {name: m.round(3).tolist() for name, m in gates.items()}
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(data) + "\n", encoding="utf-8"
        )
    for name in ("token choice, k = 1", "expert choice", "hash"):
        used = gates[name] > 0
        print(
            f"{name:20s} tokens for each expert {used.sum(0).tolist()}, tokens without one {(~used.any(1)).sum()}"
        )
    print(
        f"expert choice: a new last token changes earlier ones in {leak():.0%} of 400 batches"
    )
    rng = np.random.default_rng(0)
    logits, outputs, up = (
        rng.normal(size=4),
        rng.normal(size=(1, 8)),
        rng.normal(size=8),
    )
    for over in ("chosen", "all"):
        gradient = router_gradient(logits, outputs, up, over).round(3) + 0.0
        print(
            f"router's gradient with k = 1, softmax over {over:6s}: {gradient.tolist()}"
        )
    rng, thresholds = np.random.default_rng(0), np.full(8, 0.5)
    favour = np.linspace(-1, 1, 8)
    for _ in range(200):
        batch = rng.normal(size=(256, 8)) + favour
        thresholds = follow(thresholds, batch, share=0.25, rate=0.05)
    used = threshold_choice(rng.normal(size=(20_000, 8)) + favour, thresholds) > 0
    counts = np.bincount(used.sum(1), minlength=9) / len(used)
    print("8 experts, thresholds for a quarter of the tokens each")
    print("  loads", used.mean(0).round(2).tolist())
    print("  share of tokens with 0, 1, … experts", counts[:6].round(2).tolist())
