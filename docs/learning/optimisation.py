"""Muon's step, QK-clip and Sinkhorn balancing in NumPy: what a step does to singular
values, to attention scores, and to rows and columns.
"""

import json
import sys
from pathlib import Path

import numpy as np

# --8<-- [start:orthogonalise]
FAST = (3.4445, -4.7750, 2.0315)  # Jordan et al. 2024: steep at zero
EXACT = (2.0, -1.5, 0.5)  # converges to one
MUON = [FAST] * 5
HYBRID = [FAST] * 8 + [EXACT] * 2  # DeepSeek-V4
EACH = [  # Polar Express (Amsel et al. 2025): the best five for values above 0.001
    (8.2872, -23.5959, 17.3004),
    (4.1071, -2.9478, 0.5448),
    (3.9487, -2.9089, 0.5518),
    (3.3184, -2.4885, 0.5100),
    (2.3007, -1.6689, 0.4188),
]
SAFE = [(a / 1.01, b / 1.01**3, c / 1.01**5) for a, b, c in EACH]  # as it is used


def orthogonalise(g, schedule=MUON):
    """Bring every singular value of g near one, with products of matrices alone."""
    x = (g.T if g.shape[0] > g.shape[1] else g) / (np.linalg.norm(g) + 1e-7)
    for a, b, c in schedule:  # s -> a s + b s^3 + c s^5 for each singular value s
        gram = x @ x.T
        x = a * x + (b * gram + c * gram @ gram) @ x
    return x.T if g.shape[0] > g.shape[1] else x


def polar(g):
    """The exact answer: the nearest matrix with orthonormal rows or columns."""
    u, _, v = np.linalg.svd(g, full_matrices=False)
    return u @ v


# --8<-- [end:orthogonalise]


# --8<-- [start:muon]
def muon_scale(inputs, outputs, rule):
    """Factor on the orthogonalised matrix for y = x W, W of inputs x outputs."""
    if rule == "spectral":  # Jordan et al.; torch.optim.Muon unless told otherwise
        return max(1.0, outputs / inputs) ** 0.5
    return 0.2 * max(inputs, outputs) ** 0.5  # "rms": entries of the size of Adam's


def muon_step(w, grad, momentum, rate, rule="rms", decay=0.1, mu=0.95):
    """One step for one hidden matrix; returns the matrix and its only moment."""
    momentum = mu * momentum + grad
    update = orthogonalise(grad + mu * momentum)  # Nesterov's form
    return w - rate * (muon_scale(*w.shape, rule) * update + decay * w), momentum


# --8<-- [end:muon]


# --8<-- [start:balance]
def balance(m, steps=11, tau=1e-3):
    """Sinkhorn balancing of a vocabulary's matrix, tokens x width (DeepSeek-V4.1)."""
    length = np.linalg.norm(m, axis=1, keepdims=True)
    u = np.where(length > tau * length.mean(), m, 0.0)  # absent tokens stay
    for step in range(steps):  # rows, columns, rows, ...
        u = u / (np.linalg.norm(u, axis=1 - step % 2, keepdims=True) + 1e-20)
    return m.shape[1] ** 0.5 * u  # every present row has a root mean square of one


# --8<-- [end:balance]


# --8<-- [start:clip]
def qk_clip(w_q, w_k, x, limit=100.0):
    """QK-clip for one head: shrink both matrices once a score is too large."""
    largest = (x @ w_q @ (x @ w_k).T).max() / np.sqrt(w_q.shape[1])
    factor = min(1.0, limit / largest) ** 0.5
    return w_q * factor, w_k * factor


# --8<-- [end:clip]


def gradient(rows=64, columns=128, seed=0):
    """A matrix with the usual fault of gradients: a few directions outweigh the rest."""
    rng = np.random.default_rng(seed)
    u = np.linalg.qr(rng.normal(size=(rows, rows)))[0]
    v = np.linalg.qr(rng.normal(size=(columns, rows)))[0]
    return (u / np.arange(1, rows + 1) ** 1.5) @ v.T


def spectra():
    """Singular values of updates of one size: root mean square of sqrt(rows) in all."""
    g = gradient()
    updates = {
        "momentum": g,
        "Adam": np.sign(g),  # Adam's first step is the sign of the gradient
        "Muon": orthogonalise(g),
        "Express": orthogonalise(g, SAFE),
        "hybrid": orthogonalise(g, HYBRID),
        "polar": polar(g),
    }
    return {
        name: np.linalg.svd(u, compute_uv=False) * len(u) ** 0.5 / np.linalg.norm(u)
        for name, u in updates.items()
    }


def experiment():
    run = {"rank": list(range(1, 65))}
    return run | {name: values.round(5).tolist() for name, values in spectra().items()}


if __name__ == "__main__":
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(experiment()) + "\n", encoding="utf-8"
        )
    print("singular values of updates of one size, 64 x 128")
    print(f"{'':<10}{'1st':>8}{'8th':>8}{'32nd':>8}{'64th':>8}{'from polar':>12}")
    every = spectra()
    for name, s in every.items():
        off = np.abs(s - every["polar"]).max()
        print(
            f"{name:<10}{s[0]:>8.2f}{s[7]:>8.2f}{s[31]:>8.3f}{s[63]:>8.3f}{off:>12.3f}"
        )
    rng = np.random.default_rng(1)
    x, w_q, w_k = rng.normal(size=(20, 64)), *rng.normal(size=(2, 64, 16))
    scores = [
        (x @ a @ (x @ b).T).max() / 4 for a, b in ((w_q, w_k), qk_clip(w_q, w_k, x))
    ]
    print(f"\nlargest score {scores[0]:.1f}, after QK-clip {scores[1]:.1f}")
    table = rng.normal(size=(1000, 32)) * 10.0 ** rng.uniform(-1, 1, size=(1000, 1))
    table[:300] = 0  # tokens that did not occur
    step = balance(table * 10.0 ** rng.uniform(-1, 1, size=32))
    rows, columns = np.sqrt((step[300:] ** 2).mean(1)), np.sqrt((step**2).mean(0))
    print(f"balanced rows {rows.min():.3f} to {rows.max():.3f}, ", end="")
    print(
        f"columns {columns.min():.3f} to {columns.max():.3f}, absent {step[:300].max()}"
    )
