"""A student learns from a teacher: on the teacher's text, or on its own. All
expectations are exact sums.
"""

import json
import sys
from itertools import product
from pathlib import Path

import numpy as np


def softmax(z):
    e = np.exp(z - z.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


# --8<-- [start:losses]
def forward_kl(student, teacher):
    """KL(teacher || student) of the next token, and its gradient by the student's
    logits.
    """
    return (teacher * np.log(teacher / student)).sum(-1), student - teacher


def reverse_kl(student, teacher):
    """KL(student || teacher), and its gradient: each token's log-ratio against their
    mean.
    """
    ratio = np.log(student / teacher)
    value = (student * ratio).sum(-1)
    return value, student * (ratio - value[..., None])


def sampled(student, teacher, token):
    """Minus the advantage of one sampled token times the gradient of its
    log-probability.
    """
    advantage = np.log(teacher[token] / student[token])
    return -advantage * (np.eye(len(student))[token] - student)


# --8<-- [end:losses]


# --8<-- [start:top]
def top(student, teacher, k, kind):
    """Reverse KL over the student's k likeliest tokens, and a gradient: of the sum as
    it stands ("cut off"), with the log-ratios held fixed ("held"), or of both
    distributions scaled to sum to one there ("rescaled").
    """
    inside = np.isin(np.arange(len(student)), np.argsort(-student)[:k])
    if kind == "rescaled":
        student, teacher = (
            np.where(inside, p, 0) / p[inside].sum() for p in (student, teacher)
        )
    ratio = np.zeros(len(student))
    ratio[inside] = np.log(student[inside] / teacher[inside])
    slope = ratio + inside * (kind == "cut off")  # derivative by the probability
    return student @ ratio, student * (slope - student @ slope)


def jensen_shannon(student, teacher, beta):
    """GKD's divergence between the two directions: forward KL towards beta = 0, reverse
    towards 1, after division by beta (1 - beta).
    """
    mixed = beta * teacher + (1 - beta) * student
    forward, reverse = forward_kl(mixed, teacher)[0], forward_kl(mixed, student)[0]
    return beta * forward + (1 - beta) * reverse


# --8<-- [end:top]

WORDS, LENGTH = 10, 40
ON, OFF = 0, 1
# on the track it errs once in a hundred words
TEACHER = np.full((2, WORDS), 0.01 / (WORDS - 1))
TEACHER[ON, 0] = 0.99
TEACHER[OFF] = 0.1 / (WORDS - 1)
TEACHER[OFF, 1] = 0.9  # off the track, word 1 leads back


# --8<-- [start:visits]
def visits(policy, length=LENGTH):
    """How often each state is met in a text. Word 0 stays on the track, word 1 leads
    back to it.
    """
    here, total = np.array([1.0, 0.0]), np.zeros(2)
    for _ in range(length):
        total += here
        on = here[ON] * policy[ON, 0] + here[OFF] * policy[OFF, 1]
        here = np.array([on, 1 - on])
    return total


def train(prefixes, loss, steps=300, rate=0.1, start=None):
    """Descend `loss` at each state, weighted by the visits of the student's or the
    teacher's text.
    """
    logits, off = np.zeros((2, WORDS)) if start is None else start.copy(), []
    for _ in range(steps):
        student = softmax(logits)
        off.append(visits(student)[OFF] / LENGTH)
        weight = visits(student if prefixes == "student" else TEACHER)
        logits = logits - rate * weight[:, None] * loss(student, TEACHER)[1]
    return logits, off


# --8<-- [end:visits]


def sequence_kl(student, teacher, length):
    """KL of whole texts, summed over every text there is."""
    total = 0.0
    for text in product(range(student.shape[1]), repeat=length):
        state, p, q = ON, 1.0, 1.0
        for word in text:
            p, q = p * student[state, word], q * teacher[state, word]
            state = ON if word == state else OFF
        total += p * np.log(p / q)
    return total


# --8<-- [start:modes]
GRID = np.linspace(-6, 6, 241)


def bump(mean, log_width):
    p = np.exp(-0.5 * ((GRID - mean) / np.exp(log_width)) ** 2)
    return p / p.sum()


TWO_PEAKS = 0.65 * bump(-2, np.log(0.6)) + 0.35 * bump(2.5, np.log(0.6))


def fit(divergence):
    """The best single bump for a teacher with two, by search over its place and its
    width.
    """
    means, widths = np.linspace(-4, 4, 161), np.linspace(np.log(0.3), np.log(4), 60)
    scores = [
        (
            divergence(np.maximum(bump(m, w), 1e-30), np.maximum(TWO_PEAKS, 1e-30))[0],
            m,
            w,
        )
        for m in means
        for w in widths
    ]
    _, mean, width = min(scores)
    return float(mean), float(np.exp(width))


# --8<-- [end:modes]


def experiment():
    runs = {
        "teacher's text, forward KL": train("teacher", forward_kl)[1],
        "teacher's text, reverse KL": train("teacher", reverse_kl)[1],
        "own text, forward KL": train("student", forward_kl)[1],
        "own text, reverse KL": train("student", reverse_kl)[1],
    }
    return {
        "steps": list(range(0, 300, 6)),
        "off": {name: [round(x, 4) for x in run[::6]] for name, run in runs.items()},
        "forward": fit(forward_kl),
        "reverse": fit(reverse_kl),
    }


if __name__ == "__main__":
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(experiment()) + "\n", encoding="utf-8"
        )
    print(f"words off the track: teacher {100 * visits(TEACHER)[OFF] / LENGTH:.1f}%")
    for prefixes, loss in product(("teacher", "student"), (forward_kl, reverse_kl)):
        _, off = train(prefixes, loss)
        marks = ", ".join(f"{100 * off[s]:4.1f}" for s in (10, 30, 100, 299))
        print(
            f"  prefixes of the {prefixes}, {loss.__name__}: {marks}% after 10, 30, 100, 299"
        )
    student, teacher = softmax(np.arange(10.0) / 4), TEACHER[OFF]
    exact = reverse_kl(student, teacher)[1]
    draws = np.array([sampled(student, teacher, t) for t in range(WORDS)])
    mean = student @ draws
    noise = np.sqrt((student @ (draws - mean) ** 2).sum())
    print(
        f"one sampled token: right on average: {np.allclose(mean, exact)}, noise {noise:.2f}"
    )
    print(f"the gradient itself: length {np.linalg.norm(exact):.2f}")
    same = softmax(np.arange(10.0) / 4)
    print("top 3 of 10 words, student = teacher: their mass before and after a step")
    for kind in ("cut off", "held", "rescaled"):
        moved = softmax(np.log(same) - top(same, same, 3, kind)[1])
        print(f"  {kind:8s} {same[-3:].sum():.3f} {moved[-3:].sum():.3f}")
    for name, divergence in (("forward", forward_kl), ("reverse", reverse_kl)):
        mean, width = fit(divergence)
        print(f"{name} KL: one bump at {mean:+.2f}, width {width:.2f}")
