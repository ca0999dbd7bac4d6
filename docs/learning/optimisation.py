"""Muon's step and the maximal update parametrisation in NumPy: what a step does to
singular values, and to activations as the width grows.
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


# --8<-- [start:clip]
def qk_clip(w_q, w_k, x, limit=100.0):
    """QK-clip for one head: shrink both matrices once a score is too large."""
    largest = (x @ w_q @ (x @ w_k).T).max() / np.sqrt(w_q.shape[1])
    factor = min(1.0, limit / largest) ** 0.5
    return w_q * factor, w_k * factor


# --8<-- [end:clip]


# --8<-- [start:mup]
def factors(kind, width, base=32, rule="mup"):
    """For one kind of matrix: factors on initial spread, Adam's rate and output."""
    m = width / base
    if rule == "standard":  # 1/sqrt(inputs) at the start, one rate for all
        return {"input": (1, 1, 1)}.get(kind, (m**-0.5, 1, 1))
    return {
        "input": (1, 1, 1),  # its inputs do not grow with the width
        "hidden": (m**-0.5, 1 / m, 1),  # both of its sides grow
        "output": (1, 1, 1 / m),  # its outputs do not grow
    }[kind]


# --8<-- [end:mup]

KINDS = ("input", "hidden", "hidden", "output")
TOKENS, BASE = 32, 32
RULES = {
    "Adam": ("standard", "adam"),
    "Adam, µP": ("mup", "adam"),
    "Muon, spectral": ("mup", "spectral"),
    "Muon, RMS": ("mup", "rms"),
}


def network(width, rule, rng):
    """Embedding, two hidden matrices with ReLU after them, and a head."""
    shapes = [(TOKENS, width), (width, width), (width, width), (width, TOKENS)]
    spread = (1.0, (2 / BASE) ** 0.5, (2 / BASE) ** 0.5, BASE**-0.5)
    return [
        rng.normal(size=shape) * s * factors(kind, width, BASE, rule)[0]
        for shape, s, kind in zip(shapes, spread, KINDS, strict=True)
    ]


def forward(weights, multiplier):
    """Activations for every token, from the embedding to the logits."""
    e, w1, w2, u = weights
    a = np.maximum(e @ w1, 0)
    b = np.maximum(a @ w2, 0)
    return e, a, b, multiplier * (b @ u)


def gradients(weights, multiplier, target):
    """Gradients of the mean cross-entropy of predicting `target` from each token."""
    e, a, b, z = forward(weights, multiplier)
    p = np.exp(z - z.max(1, keepdims=True))
    p /= p.sum(1, keepdims=True)
    d = multiplier * (p - np.eye(TOKENS)[target]) / TOKENS
    db = d @ weights[3].T * (b > 0)
    da = db @ weights[2].T * (a > 0)
    return [da @ weights[1].T, e.T @ da, a.T @ db, b.T @ d]


def coordinate_check(width, name, steps=3, rate=0.002, seed=0):
    """Root mean square change of the last hidden layer and the logits in a few steps."""
    rule, optimiser = RULES[name]
    rng = np.random.default_rng(seed)
    target = rng.permutation(TOKENS)
    weights = network(width, rule, rng)
    multiplier = factors("output", width, BASE, rule)[2]
    start = forward(weights, multiplier)
    first = [np.zeros_like(w) for w in weights]
    second = [np.zeros_like(w) for w in weights]
    for step in range(1, steps + 1):
        grads = gradients(weights, multiplier, target)
        for i, (kind, grad) in enumerate(zip(KINDS, grads, strict=True)):
            if kind == "hidden" and optimiser != "adam":
                moved = muon_step(
                    weights[i], grad, first[i], 10 * rate, optimiser, decay=0
                )
                weights[i], first[i] = moved
                continue
            first[i] = 0.9 * first[i] + 0.1 * grad
            second[i] = 0.95 * second[i] + 0.05 * grad**2
            size = np.sqrt(second[i] / (1 - 0.95**step)) + 1e-12
            move = first[i] / (1 - 0.9**step) / size
            weights[i] = weights[i] - rate * factors(kind, width, BASE, rule)[1] * move
    end = forward(weights, multiplier)
    return [
        float(np.sqrt(((y - x) ** 2).mean()))
        for x, y in zip(start[2:], end[2:], strict=True)
    ]


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
        "hybrid": orthogonalise(g, HYBRID),
        "polar": polar(g),
    }
    return {
        name: np.linalg.svd(u, compute_uv=False) * len(u) ** 0.5 / np.linalg.norm(u)
        for name, u in updates.items()
    }


WIDTHS = (32, 64, 128, 256, 512)


def experiment(widths=WIDTHS):
    run = {"rank": list(range(1, 65)), "width": list(widths)}
    run |= {name: values.round(5).tolist() for name, values in spectra().items()}
    for name in RULES:
        changes = [
            np.mean([coordinate_check(width, name, seed=seed) for seed in range(2)], 0)
            for width in widths
        ]
        for place, layer in enumerate(("hidden", "logits")):
            run[f"{name}: {layer}"] = [round(float(c[place]), 4) for c in changes]
    return run


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
    print("\nchange of the last hidden layer in three steps, by width")
    print(f"{'':<16}{32:>8}{64:>8}{128:>8}   times for 4 x the width")
    for name in RULES:
        c = [coordinate_check(width, name)[0] for width in (32, 64, 128)]
        print(f"{name:<16}{c[0]:>8.3f}{c[1]:>8.3f}{c[2]:>8.3f}{c[2] / c[0]:>8.2f}")
