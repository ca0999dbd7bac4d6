"""Settings that transfer, in NumPy: the maximal update parametrisation with its
coordinate check, and what another batch changes.
"""

import json
import sys
from pathlib import Path

import numpy as np


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


# --8<-- [start:batch]
def settings_at(batch, rate, beta2, decay, base):
    """AdamW's settings for another batch: what they remember, in tokens, stays."""
    k = batch / base
    return {
        "rate": rate * k**0.5,  # the usual rule; one study finds less
        "beta2": beta2**k,  # half-life of the squares (Marek et al. 2025)
        "decay": decay * k**0.5,  # rate x decay / batch stays: the time scale
    }


# --8<-- [end:batch]


def muon_update(momentum, rule):
    """The polar factor on the directions that occur, scaled by one of Muon's rules."""
    u, s, v = np.linalg.svd(momentum, full_matrices=False)
    inputs, outputs = momentum.shape
    scale = max(1.0, outputs / inputs) ** 0.5
    if rule == "rms":
        scale = 0.2 * max(inputs, outputs) ** 0.5
    return scale * (u * (s > 1e-6 * s[0])) @ v


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
                first[i] = 0.95 * first[i] + grad
                update = muon_update(grad + 0.95 * first[i], optimiser)
                weights[i] = weights[i] - 10 * rate * update
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


WIDTHS = (32, 64, 128, 256, 512)


def experiment(widths=WIDTHS):
    run = {"width": list(widths)}
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
    print("change of the last hidden layer in three steps, by width")
    print(f"{'':<16}{32:>8}{64:>8}{128:>8}   times for 4 x the width")
    for name in RULES:
        c = [coordinate_check(width, name)[0] for width in (32, 64, 128)]
        print(f"{name:<16}{c[0]:>8.3f}{c[1]:>8.3f}{c[2]:>8.3f}{c[2] / c[0]:>8.2f}")
    print("\nfrom 4M to 64K tokens a batch: ", end="")
    small = settings_at(2**16, 3e-4, 0.95, 0.1, base=2**22)
    print(", ".join(f"{name} {value:.4g}" for name, value in small.items()))
