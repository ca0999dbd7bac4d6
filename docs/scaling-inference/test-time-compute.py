"""Spending more on one question: coverage, votes, choosing by a score, revising; all
computed exactly.
"""

import json
import sys
from math import comb, lgamma
from pathlib import Path

import numpy as np


# --8<-- [start:coverage]
def pass_at_k(n, c, k):
    """Unbiased estimate of P(one of k samples is right) from n samples of which c were
    right.
    """
    return 1 - comb(n - c, k) / comb(n, k)


def coverage(p, k):
    """P(one of k samples is right) when each is right with probability p."""
    return 1 - (1 - p) ** k


def expected(estimate, p, n):
    """Mean of an estimate over the number of right samples among n."""
    return sum(
        comb(n, c) * p**c * (1 - p) ** (n - c) * estimate(c) for c in range(n + 1)
    )


# --8<-- [end:coverage]


def binomial(n, q):
    """Row r, column s: P(s of r remain when each is taken with probability q)."""
    table = np.zeros((n + 1, n + 1))
    for r in range(n + 1):
        for s in range(r + 1):
            table[r, s] = comb(r, s) * (1 - q) ** s * q ** (r - s)
    return table


# --8<-- [start:vote]
def majority(probabilities, n):
    """P(the first answer wins a vote of n samples), a tie being broken by lot; exact.

    For each number m of votes for the first answer, the others take theirs one after
    another: at most m each. The table holds, by ties so far (row) and votes left to
    give (column), the probability of getting there.
    """
    first, *others = probabilities
    rest = 1 - np.cumsum([first, *others[:-1]])
    shares = [
        min(q / left, 1.0) if left > 1e-12 else 1.0
        for q, left in zip(others, rest, strict=True)
    ]
    steps = [binomial(n, share) for share in shares]
    # votes an answer takes from r left to s left
    taken = np.arange(n + 1)[:, None] - np.arange(n + 1)
    won = 0.0
    for m in range(1, n + 1):
        table = np.zeros((len(others) + 1, n + 1))
        table[0, n - m] = comb(n, m) * first**m * (1 - first) ** (n - m)
        for step in steps:
            fewer, equal = np.where(taken < m, step, 0), np.where(taken == m, step, 0)
            ties = np.vstack([np.zeros(n + 1), (table @ equal)[:-1]])
            table = table @ fewer + ties
        won += (table[:, 0] / (1 + np.arange(len(table)))).sum()
    return float(won)


def filtered(probabilities, n, right, wrong):
    """The same if only those of the n samples vote that pass a filter."""
    first, *others = probabilities
    passing = np.array([first * right, *(q * wrong for q in others)])
    voters = binomial(n, 1 - passing.sum())[n]  # P(so many of the n pass)
    shares = passing / passing.sum()
    return sum(voters[m] * majority(shares, m) for m in range(1, n + 1))


# --8<-- [end:vote]


# --8<-- [start:choose]
def normal_cdf(x):
    """Cumulative normal distribution by the trapezoidal rule over a fine grid."""
    grid = np.linspace(-12, 12, 48001)
    density = np.exp(-(grid**2) / 2) / np.sqrt(2 * np.pi)
    total = np.concatenate(
        [[0], np.cumsum((density[1:] + density[:-1]) / 2) * (grid[1] - grid[0])]
    )
    return np.interp(x, grid, total)


def best_of_n(p, n, gap):
    """P(the highest score belongs to a right answer); right ones score N(gap, 1), wrong
    ones N(0, 1).
    """
    s = np.linspace(-10, 10 + gap, 8001)
    density = np.exp(-((s - gap) ** 2) / 2) / np.sqrt(2 * np.pi)
    below = p * normal_cdf(s - gap) + (1 - p) * normal_cdf(s)
    return float((n * p * density * below ** (n - 1)).sum() * (s[1] - s[0]))


def best_with_fooling(p, fooling, n):
    """The same where some wrong answers fool the scorer and beat all, and right ones
    beat the rest.
    """
    return (1 - fooling) ** n - (1 - p - fooling) ** n


def accepted(p, n, right, wrong):
    """One of the answers a yes-or-no check accepts; it accepts right and wrong ones
    with these probabilities.
    """
    a = p * right + (1 - p) * wrong
    none = (1 - a) ** n
    return (1 - none) * p * right / a + none * p * (1 - right) / (1 - a)


# --8<-- [end:choose]


# --8<-- [start:revise]
def revised(p, mend, spoil, rounds):
    """P(right) after revisions that mend a wrong answer or spoil a right one with these
    probabilities.
    """
    limit = mend / (mend + spoil)
    return limit + (p - limit) * (1 - mend - spoil) ** rounds


def combined(p, keep, rounds):
    """P(right) in a large population after rounds in which every new answer is written
    from K old ones.

    keep[c] is the probability of a right answer after reading c right ones among K =
    len(keep) - 1.
    """
    k = len(keep) - 1
    for _ in range(rounds):
        p = expected(lambda c: keep[c], p, k)
    return p


# --8<-- [end:revise]


# --8<-- [start:population]
def mean_coverage(a, b, k):
    """Coverage over questions whose difficulty p is drawn from a Beta(a, b)
    distribution.
    """
    return 1 - np.exp(lgamma(a + b) + lgamma(b + k) - lgamma(b) - lgamma(a + b + k))


def samples_until_right(p, n):
    """Samples spent when a sure check stops at the first right answer, and after n at
    the latest.
    """
    return (1 - (1 - p) ** n) / p


# --8<-- [end:population]

CLEAR = (0.25, 0.19, 0.16, 0.15, 0.13, 0.12)
MISLED = (0.25, 0.35, 0.15, 0.1, 0.1, 0.05)
COUNTS = (1, 2, 4, 8, 16, 32, 64, 128)


def curves():
    r = lambda values: [round(float(v), 4) for v in values]  # noqa: E731
    return {
        "coverage": r(coverage(0.25, n) for n in COUNTS),
        "scored": r(best_of_n(0.25, n, 1.0) for n in COUNTS),
        "vote, right answer leads": r(majority(CLEAR, n) for n in COUNTS),
        "vote, wrong answer leads": r(majority(MISLED, n) for n in COUNTS),
        "revised": r(revised(0.25, 0.2, 0.1, n - 1) for n in COUNTS),
    }


if __name__ == "__main__":
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(curves()) + "\n", encoding="utf-8"
        )
    p, n, k = 0.1, 20, 10
    print(
        f"p {p}: exact pass@{k} {coverage(p, k):.4f}; from n = {n} samples, on average"
    )
    print(f"  unbiased estimator   {expected(lambda c: pass_at_k(n, c, k), p, n):.4f}")
    print(
        f"  1 - (1 - c/n)^k      {expected(lambda c: 1 - (1 - c / n) ** k, p, n):.4f}"
    )
    for name, answers in (
        ("right answer leads, 0.25 to 0.19", CLEAR),
        ("wrong answer leads, 0.35 to 0.25", MISLED),
    ):
        print(
            f"vote, {name}:",
            " ".join(f"{m}: {majority(answers, m):.3f}" for m in (1, 4, 16, 64)),
        )
    for wrong in (0.4, 0.7):
        print(
            f"the same, 80% of right and {wrong:.0%} of wrong may vote:",
            " ".join(
                f"{m}: {filtered(MISLED, m, 0.8, wrong):.3f}" for m in (1, 4, 16, 64)
            ),
        )
    print(
        "choosing by score, p 0.25, gap 1:",
        " ".join(f"{m}: {best_of_n(0.25, m, 1.0):.3f}" for m in (1, 4, 16, 64)),
    )
    print(
        "check that accepts 90% of right, 10% of wrong:",
        f"{accepted(0.25, 64, 0.9, 0.1):.3f} at 64",
    )
    best = max(range(1, 1000), key=lambda m: best_with_fooling(0.1, 0.01, m))
    print(
        f"one answer in a hundred fools the scorer, p 0.1: best n {best}, {best_with_fooling(0.1, 0.01, best):.3f}"
    )
    spent = samples_until_right(0.25, 16)
    print(
        f"p 0.25, at most 16 samples, stopping when right: {spent:.2f} samples instead of 16"
    )
    print("combining, rounds 0, 1, 2, 5, 10, from p 0.25")
    for name, keep in (
        ("reader of three, 45% for one right", (0.05, 0.45, 0.8, 0.95)),
        ("majority of three", (0, 0, 1, 1)),
    ):
        print(
            f"  {name:<34}",
            " ".join(f"{combined(0.25, keep, t):.3f}" for t in (0, 1, 2, 5, 10)),
        )
