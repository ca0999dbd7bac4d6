"""Contrastive and joint-embedding losses in NumPy, and what happens to a representation
without anything to push.
"""

import json
import sys
from pathlib import Path

import numpy as np


def unit(x):
    return x / np.linalg.norm(x, axis=-1, keepdims=True)


def log_softmax(x):
    x = x - x.max(-1, keepdims=True)
    return x - np.log(np.exp(x).sum(-1, keepdims=True))


# --8<-- [start:losses]
def info_nce(a, b, temperature=0.1):
    """Row i of a has to find row i of b among all rows of b; CLIP's loss is this in
    both directions, averaged.
    """
    scores = unit(a) @ unit(b).T / temperature
    return -np.diag(log_softmax(scores)).mean()


def nt_xent(a, b, temperature=0.5):
    """SimCLR: 2N views, each finds its partner among the other 2N - 1."""
    z = unit(np.concatenate([a, b]))
    scores = z @ z.T / temperature
    np.fill_diagonal(scores, -np.inf)
    partner = np.roll(np.arange(len(z)), len(a))
    return -log_softmax(scores)[np.arange(len(z)), partner].mean()


def sigmoid_pairs(a, b, scale=10.0, bias=-10.0):
    """SigLIP: each pair by itself, matching or not; no normalisation over the batch."""
    sign = 2 * np.eye(len(a)) - 1
    return np.log1p(np.exp(-sign * (scale * unit(a) @ unit(b).T + bias))).sum() / len(a)


# --8<-- [end:losses]


# --8<-- [start:teacher]
def moving_average(teacher, student, keep=0.996):
    """The teacher's weights follow the student's slowly; no gradient reaches it."""
    return {name: keep * teacher[name] + (1 - keep) * student[name] for name in teacher}


def dino_loss(student, teacher, centre, warm=0.1, cold=0.04):
    """Cross-entropy of the student with a teacher that is centred (no output wins
    always) and sharpened.
    """
    target = np.exp(log_softmax((teacher - centre) / cold))
    return -(target * log_softmax(student / warm)).sum(-1).mean()


# --8<-- [end:teacher]


# --8<-- [start:statistics]
def others(matrix):
    """The sum of the squares off the diagonal."""
    return (matrix**2).sum() - (np.diag(matrix) ** 2).sum()


def vicreg(a, b, pull=25.0, spread=25.0, apart=1.0):
    """VICReg: two views agree, each number varies over the batch, no two numbers say
    the same.
    """
    loss = pull * ((a - b) ** 2).mean()
    for z in (a, b):
        covariance = np.cov(z.T)
        deviation = np.sqrt(np.diag(covariance) + 1e-4)
        loss += spread * np.maximum(0, 1 - deviation).mean() / 2
        loss += apart * others(covariance) / z.shape[1]
    return loss


def barlow_twins(a, b, apart=0.0051):
    """Each number agrees with itself in the other view, and with no other number."""
    a, b = ((z - z.mean(0)) / z.std(0) for z in (a, b))
    correlation = a.T @ b / len(a)
    return ((np.diag(correlation) - 1) ** 2).sum() + apart * others(correlation)


# --8<-- [end:statistics]


# --8<-- [start:spread]
def alignment(a, b):
    """Mean squared distance of the two views of an item; best at 0."""
    return ((unit(a) - unit(b)) ** 2).sum(1).mean()


def uniformity(a):
    """Least where the unit vectors are spread evenly; 0 where all are the same."""
    a = unit(a)
    apart = ((a[:, None] - a) ** 2).sum(-1)[np.triu_indices(len(a), 1)]
    return np.log(np.exp(-2 * apart).mean())


# --8<-- [end:spread]


def pull(a, b):
    return -(unit(a) * unit(b)).sum(1).mean()


LOSSES = {  # with the rate of gradient descent
    "pull only": (pull, 0.5),
    "pull and push": (lambda a, b: info_nce(a, b, 0.5), 0.2),
    "variances": (lambda a, b: vicreg(a, b, apart=0), 0.03),
    "and covariances": (vicreg, 0.03),
}


# --8<-- [start:collapse]
def train(kind, steps=300, items=24, size=3, seed=0):
    """One linear encoder, two noisy views of each item; plain gradient descent by
    differences.

    Returns the mean cosine of views of one item, and its mean size for different items,
    as training goes on; the variances of the vectors along their main directions; and
    their alignment and uniformity.
    """
    criterion, rate = LOSSES[kind]
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(items, 5))
    views = [x + 0.3 * rng.normal(size=x.shape) for _ in range(2)]
    w = rng.normal(size=(5, size)) / 2
    offset = rng.normal(size=size)

    def loss(w, offset):
        return criterion(*(v @ w + offset for v in views))

    history = []
    for _ in range(steps + 1):
        a, b = (unit(v @ w + offset) for v in views)
        cosine = a @ b.T
        history.append(
            (np.diag(cosine).mean(), np.abs(cosine[~np.eye(items, dtype=bool)]).mean())
        )
        at = np.concatenate([w.ravel(), offset])
        slope = np.array([difference(loss, at, i, size) for i in range(len(at))])
        at = at - rate * slope
        w, offset = at[:-size].reshape(w.shape), at[-size:]
    z, other = (v @ w + offset for v in views)
    spread = alignment(z, other), uniformity(z)
    z = z if "variances" in kind else unit(z)
    return np.array(history), np.linalg.eigvalsh(np.cov(z.T))[::-1], spread


# --8<-- [end:collapse]


def difference(loss, at, index, size, step=1e-5):
    """Central difference of the loss with respect to one number."""
    values = []
    for sign in (1, -1):
        moved = at.copy()
        moved[index] += sign * step
        values.append(loss(moved[:-size].reshape(-1, size), moved[-size:]))
    return (values[0] - values[1]) / (2 * step)


def experiment():
    run = {"step": list(range(0, 301, 20))}
    for name in LOSSES:
        history, directions, spread = train(name)
        history = history[::20]
        run[f"{name}, directions"] = np.abs(directions).round(2).tolist()
        run[f"{name}, spread"] = [round(float(number), 4) for number in spread]
        run[f"{name}, same"] = history[:, 0].round(4).tolist()
        run[f"{name}, other"] = history[:, 1].round(4).tolist()
    return run


if __name__ == "__main__":
    run = experiment()
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(run) + "\n", encoding="utf-8"
        )
    rng = np.random.default_rng(0)
    a = rng.normal(size=(64, 32))
    near, far = a + 0.1 * rng.normal(size=a.shape), rng.normal(size=a.shape)
    print(f"{'loss of 64 pairs':<18}{'matching':>9}{'unrelated':>11}{'chance':>8}")
    for name, loss, chance in (
        ("InfoNCE", info_nce, np.log(64)),
        ("NT-Xent", nt_xent, np.log(127)),
    ):
        print(f"{name:<18}{loss(a, near):>9.2f}{loss(a, far):>11.2f}{chance:>8.2f}")
    print(
        f"{'sigmoid':<18}{sigmoid_pairs(a, near):>9.2f}{sigmoid_pairs(a, far):>11.2f}"
    )
    print(
        f"\n{'after 300 steps':<18}cosine: same  others, size  variances by direction",
        " align  uniform",
    )
    for name in LOSSES:
        same, other = run[f"{name}, same"][-1], run[f"{name}, other"][-1]
        print(
            f"{name:<18}{same:>12.2f}{other:>14.2f} ",
            *(f"{v:6.2f}" for v in run[f"{name}, directions"]),
            "   {:6.2f} {:8.2f}".format(*run[f"{name}, spread"]),
        )
    sphere = rng.normal(size=(3000, 3))
    print(f"{'spread evenly':<75}{uniformity(sphere):>8.2f}")
