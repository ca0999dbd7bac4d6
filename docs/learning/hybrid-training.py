"""A whole pipeline small enough to compute exactly: imitate a corpus, imitate
demonstrations, follow a verifier.

Prompts are sums of two numbers below five. A completion is one of five answers, or
"another question", which is what text on the web often continues with. One number per
prompt and completion is learned, and one for the style they share.
"""

import json
import sys
from pathlib import Path

import numpy as np

PROMPTS, ANSWERS = 25, 5
RIGHT = np.array([(a + b) % ANSWERS for a in range(5) for b in range(5)])
SHOWN = np.arange(0, PROMPTS, 5)
"""The five prompts that have demonstrations; results are reported for the
other twenty.
"""


# --8<-- [start:model]
def policy(weights):
    """25 × 6 probabilities: five answers, then "another question". Style is shared by
    all prompts.
    """
    logits = weights["table"] + weights["style"][[0, 0, 0, 0, 0, 1]]
    e = np.exp(logits - logits.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def step(weights, gradient, rate):
    """Move along a gradient with respect to the 25 × 6 logits."""
    rows = np.abs(gradient).max(1) > 0
    style = np.array(
        [gradient[rows, :ANSWERS].sum(1).mean(), gradient[rows, ANSWERS].mean()]
    )
    return {
        "table": weights["table"] + rate * gradient,
        "style": weights["style"] + rate * style,
    }


# --8<-- [end:model]


# --8<-- [start:stages]
def imitate(weights, target, rows, steps, rate):
    """Maximum likelihood: pull the policy towards `target` on `rows` (pretraining,
    fine-tuning).
    """
    for _ in range(steps):
        gradient = np.zeros((PROMPTS, ANSWERS + 1))
        gradient[rows] = target[rows] - policy(weights)[rows]
        weights = step(weights, gradient, rate)
    return weights


def reinforce(weights, reward, steps, rate, beta):
    """Exact policy gradient on every prompt, with a KL penalty towards the starting
    policy.
    """
    reference = policy(weights)
    for _ in range(steps):
        p = policy(weights)
        value = reward - beta * np.log(p / reference)
        advantage = value - (p * value).sum(1, keepdims=True)
        weights = step(weights, p * advantage, rate)
    return weights


# --8<-- [end:stages]


def corpus():
    """What text says after such a prompt: often another question, else an answer that
    is right two times in five.
    """
    target = np.full((PROMPTS, ANSWERS + 1), 0.4 * 0.6 / 4)
    target[np.arange(PROMPTS), RIGHT] = 0.4 * 0.4
    target[:, ANSWERS] = 0.6
    return target


def correct():
    return np.eye(ANSWERS + 1)[RIGHT]


def measure(weights, base):
    """Over the prompts without demonstrations: answers at all, right ones, nats from
    the pretrained policy.
    """
    rest = np.setdiff1d(np.arange(PROMPTS), SHOWN)
    p, q = policy(weights)[rest], policy(base)[rest]
    return {
        "answers": float(p[:, :ANSWERS].sum(1).mean()),
        "right": float(p[np.arange(len(rest)), RIGHT[rest]].mean()),
        "distance": float((p * np.log(p / q)).sum(1).mean()),
    }


def stages():
    """Weights after each stage, in order."""
    start = {"table": np.zeros((PROMPTS, ANSWERS + 1)), "style": np.zeros(2)}
    everything = np.arange(PROMPTS)
    base = imitate(start, corpus(), everything, steps=400, rate=0.5)
    tuned = imitate(base, correct(), SHOWN, steps=60, rate=0.5)
    return {
        "pretrained": base,
        "fine-tuned": tuned,
        "reinforced": reinforce(tuned, correct(), steps=60, rate=0.5, beta=0.02),
        "reinforced, not fine-tuned": reinforce(
            base, correct(), steps=60, rate=0.5, beta=0.02
        ),
        "fine-tuned for longer": imitate(base, correct(), SHOWN, steps=120, rate=0.5),
    }


def curves():
    """The same measures after every fifth step of fine-tuning and then of
    reinforcement.
    """
    base = stages()["pretrained"]
    rows = []
    for done in range(0, 61, 5):
        tuned = imitate(base, correct(), SHOWN, steps=done, rate=0.5)
        rows.append({"step": done, **measure(tuned, base)})
    for done in range(5, 61, 5):
        rows.append(
            {
                "step": 60 + done,
                **measure(reinforce(tuned, correct(), done, 0.5, 0.02), base),
            }
        )
    return [{name: round(number, 4) for name, number in row.items()} for row in rows]


if __name__ == "__main__":
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(curves()) + "\n", encoding="utf-8"
        )
    made = stages()
    print(f"{'':<28}answers   right   nats from pretrained")
    for name, weights in made.items():
        found = measure(weights, made["pretrained"])
        print(
            f"{name:<28}{found['answers']:>7.2f} {found['right']:>7.2f} {found['distance']:>14.2f}"
        )
