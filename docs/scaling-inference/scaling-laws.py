"""Compute-optimal training from a fitted loss law: exact split, serving, repeated data,
and how sure a fit can be.
"""

import json
import sys
from pathlib import Path

import numpy as np

# E, A, B, alpha, beta of L(N, D) = E + A / N^alpha + B / D^beta, in nats a token.
# Hoffmann et al. 2022, approach 3, as printed
HOFFMANN = (1.69, 406.4, 410.7, 0.34, 0.28)
# the same before rounding, from the paper's TeX source
HOFFMANN_EXACT = (1.6934, 406.4, 410.7, 0.33917, 0.28491)
# Besiroglu et al. 2024, refitted to the points of a figure
BESIROGLU = (1.8172, 482.01, 2085.43, 0.3478, 0.3658)


# --8<-- [start:law]
def loss(n, d, law):
    """Loss in nats a token of n parameters after d tokens."""
    e, a, b, alpha, beta = law
    return e + a / n**alpha + b / d**beta


def optimum(budget, law):
    """Parameters and tokens of least loss with 6 n d = budget: the two terms' slopes
    balance.
    """
    _, a, b, alpha, beta = law
    g = (alpha * a / (beta * b)) ** (1 / (alpha + beta))
    n = g * (budget / 6) ** (beta / (alpha + beta))
    return n, budget / 6 / n


def budget_for(target, law):
    """Smallest budget that reaches a loss. At the optimum the data term is alpha/beta
    times the size term.
    """
    e, a, b, alpha, beta = law
    size = (target - e) / (1 + alpha / beta)
    n, d = (a / size) ** (1 / alpha), (b / (size * alpha / beta)) ** (1 / beta)
    return 6 * n * d


# --8<-- [end:law]


# --8<-- [start:serving]
def tokens_for(target, n, law):
    """Training tokens that n parameters need for a loss; infinite where n is too small
    for it.
    """
    e, a, b, alpha, beta = law
    left = target - e - a / np.asarray(n, float) ** alpha
    return np.where(left > 0, (b / np.where(left > 0, left, b)) ** (1 / beta), np.inf)


def cheapest(target, served, law):
    """Size and training tokens of least 6 n d + 2 n served, at a given loss and tokens
    served in its lifetime.
    """
    n0, _ = optimum(budget_for(target, law), law)
    sizes = n0 * np.geomspace(0.02, 1.0001, 20001)
    total = 6 * sizes * tokens_for(target, sizes, law) + 2 * sizes * served
    n = float(sizes[np.argmin(total)])
    return n, float(tokens_for(target, n, law))


def break_even(n, d, law):
    """Served tokens after which a model smaller than optimal has repaid its longer
    training.
    """
    budget = budget_for(loss(n, d, law), law)
    best, _ = optimum(budget, law)
    return (6 * n * d - budget) / (2 * (best - n))


# --8<-- [end:serving]


# --8<-- [start:repeat]
def effective(unique, epochs, star=15.387756):
    """Fresh tokens that `epochs` passes over `unique` tokens are worth (Muennighoff et
    al. 2023, their fit).
    """
    return unique * (1 + star * (1 - np.exp(-(epochs - 1) / star)))


# --8<-- [end:repeat]


# --8<-- [start:fit]
def fit(n, d, observed, start, steps=60):
    """Least squares on log loss by Levenberg–Marquardt over log E, log A, log B, alpha
    and beta.
    """
    theta = np.array(
        [np.log(start[0]), np.log(start[1]), np.log(start[2]), start[3], start[4]]
    )
    damping, x, y, target = 1e-3, np.log(n), np.log(d), np.log(observed)

    def terms(t):
        return np.stack(
            [
                np.full_like(x, np.exp(t[0])),
                np.exp(t[1] - t[3] * x),
                np.exp(t[2] - t[4] * y),
            ]
        )

    error = np.inf
    for _ in range(steps):
        parts = terms(theta)
        total = parts.sum(0)
        residual = np.log(total) - target
        slope = np.stack([*parts, -parts[1] * x, -parts[2] * y]) / total
        square = slope @ slope.T
        step = np.linalg.solve(
            square + damping * np.diag(np.diag(square)), slope @ residual
        )
        new = float(((np.log(terms(theta - step).sum(0)) - target) ** 2).sum())
        if new < (old := float((residual**2).sum())):
            theta, damping, error = theta - step, damping / 3, new
        else:
            damping, error = damping * 4, min(error, old)
    return (*np.exp(theta[:3]).tolist(), *theta[3:].tolist())


# --8<-- [end:fit]


def parabola(budget, spread, law, points=15):
    """Optimum found by a parabola in log n through exact losses from n*/spread to n* ×
    spread, over the true n*.
    """
    best, _ = optimum(budget, law)
    x = np.linspace(-np.log(spread), np.log(spread), points)
    n = best * np.exp(x)
    c2, c1, _ = np.polyfit(x, loss(n, budget / 6 / n, law), 2)
    return float(np.exp(-c1 / (2 * c2)))


BUDGETS = np.array([6e18, 1e19, 3e19, 6e19, 1e20, 3e20, 6e20, 1e21, 3e21])
AHEAD = np.geomspace(1e19, 1e26, 15)


def refits(spread, noise=0.003, count=200, seed=0, law=BESIROGLU):
    """Fits to noisy runs at nine budgets, nine sizes each, up to `spread` times larger
    or smaller than the best.
    """
    rng = np.random.default_rng(seed)
    best = np.array([optimum(c, law)[0] for c in BUDGETS])
    n = (best[:, None] * np.geomspace(1 / spread, spread, 9)).ravel()
    d = np.repeat(BUDGETS, 9) / 6 / n
    exact = loss(n, d, law)
    return [
        fit(n, d, exact * np.exp(noise * rng.normal(size=len(n))), law)
        for _ in range(count)
    ]


def ratios(laws):
    """Best tokens a parameter at each budget of AHEAD, for each law: quantiles 5, 50
    and 95%.
    """
    found = []
    for law in laws:
        n, d = np.array([optimum(c, law) for c in AHEAD]).T
        found.append(d / n)
    return np.quantile(found, [0.05, 0.5, 0.95], axis=0)


def experiment():
    return {
        "budgets": [float(f"{c:.4g}") for c in AHEAD],
        **{f"spread {s}": np.round(ratios(refits(s)), 2).tolist() for s in (3, 10)},
    }


if __name__ == "__main__":
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(experiment()) + "\n", encoding="utf-8"
        )
    chinchilla = 6 * 70e9 * 1.4e12
    named = (
        ("Hoffmann, as printed", HOFFMANN),
        ("Hoffmann, unrounded", HOFFMANN_EXACT),
        ("Besiroglu", BESIROGLU),
    )
    print(
        f"split of {chinchilla:.2e} operations, the budget of Chinchilla (70B on 1.4T)"
    )
    for name, law in named:
        n, d = optimum(chinchilla, law)
        print(
            f"  {name:21s} N {n / 1e9:5.1f}B  D {d / 1e12:4.2f}T  D/N {d / n:5.1f}  loss {loss(n, d, law):.3f}"
        )
    print(
        "parabola through exact losses, best size found over true best size, at 1e21 operations"
    )
    for name, law in named[::2]:
        row = "  ".join(f"±{s}x: {parabola(1e21, s, law):.3f}" for s in (2, 4, 8, 16))
        print(f"  {name:21s} {row}")
    n, d = 8.03e9, 15e12
    n0, _ = optimum(budget_for(loss(n, d, BESIROGLU), BESIROGLU), BESIROGLU)
    print(
        f"8.03B on 15T, by Besiroglu: same loss from {n0 / 1e9:.1f}B at least compute,"
    )
    print(
        f"  extra training repaid after {break_even(n, d, BESIROGLU) / 1e12:.1f}T served tokens"
    )
    print("100B unique tokens, worth in fresh ones after 1, 4, 16, 40 epochs:")
    print("  " + "  ".join(f"{effective(100, e):.0f}B" for e in (1, 4, 16, 40)))
