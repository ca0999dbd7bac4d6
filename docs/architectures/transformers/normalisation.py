"""Norms and their placement in NumPy, with gradients by hand: why the norm moved before
the branch.
"""

import json
import sys
from math import erf
from pathlib import Path

import numpy as np


# --8<-- [start:norms]
def layer_norm(x, scale=1.0, shift=0.0, eps=1e-6):
    """Subtract the mean of each row, divide by its standard deviation."""
    centred = x - x.mean(-1, keepdims=True)
    return scale * centred / np.sqrt((centred**2).mean(-1, keepdims=True) + eps) + shift


def rms_norm(x, scale=1.0, eps=1e-6):
    """Divide each row by its root mean square; the mean stays."""
    return scale * x / np.sqrt((x**2).mean(-1, keepdims=True) + eps)


def dynamic_tanh(x, alpha=0.5, scale=1.0, shift=0.0):
    """DyT: no statistics at all, each number is squashed by itself."""
    return scale * np.tanh(alpha * x) + shift


def dynamic_erf(x, alpha=0.5, offset=0.0, scale=1.0, shift=0.0):
    """Derf: the same with an error function, which can be moved sideways before it
    bends.
    """
    return scale * np.vectorize(erf)(alpha * x + offset) + shift


def qk_norm(q, k, scale_q=1.0, scale_k=1.0):
    """Norm of queries and keys by head; bounds every score by √d_h · |scale_q ·
    scale_k|.
    """
    return rms_norm(q, scale_q), rms_norm(k, scale_k)


# --8<-- [end:norms]


# --8<-- [start:placement]
def block(x, branch, placement):
    """One residual branch with its norm, in the four usual places."""
    if placement == "post":  # 2017
        return rms_norm(x + branch(x))
    if placement == "pre":  # GPT-2 onwards
        return x + branch(rms_norm(x))
    if placement == "sandwich":  # Gemma 2 and 3
        return x + rms_norm(branch(rms_norm(x)))
    return x + rms_norm(branch(x))  # "output", OLMo 2


# --8<-- [end:placement]


# --8<-- [start:sphere]
def unit(x):
    """Each row at length one."""
    return x / np.linalg.norm(x, axis=-1, keepdims=True)


def sphere_step(x, branch, rate):
    """nGPT: the stream, of length one, moves towards the direction the branch gives, by
    a learned share.
    """
    return unit(x + rate * (unit(branch(x)) - x))


# --8<-- [end:sphere]


def rms_norm_backward(x, g, eps=1e-6):
    """Gradient with respect to x of rms_norm(x), given the gradient g of its output."""
    r = np.sqrt((x**2).mean(-1, keepdims=True) + eps)
    return g / r - x * (g * x).mean(-1, keepdims=True) / r**3


class Branch:
    """A two-matrix ReLU network that remembers its input, so that its gradients can be
    asked for.
    """

    def __init__(self, d, rng):
        self.up = rng.normal(size=(d, 4 * d)) * np.sqrt(2 / d)
        self.down = rng.normal(size=(4 * d, d)) / np.sqrt(4 * d)

    def __call__(self, x):
        self.x, self.hidden = x, np.maximum(x @ self.up, 0)
        return self.hidden @ self.down

    def backward(self, g):
        """Gradient of the input, and the size of that of the last matrix."""
        self.gradient = np.linalg.norm(self.hidden.T @ g)
        return (g @ self.down.T * (self.hidden > 0)) @ self.up.T


def forward(placement, branches, x):
    """The stack's output, and for each layer the branch, its layer's input and its own
    output.
    """
    tape = []
    for branch in branches:
        inside = branch(rms_norm(x) if placement in ("pre", "sandwich") else x)
        tape.append((branch, x, inside))
        added = rms_norm(inside) if placement in ("sandwich", "output") else inside
        x = rms_norm(x + added) if placement == "post" else x + added
    return (x if placement == "post" else rms_norm(x)), x, tape


def backward(placement, g, last, tape):
    """Fill in each branch's gradient, from the gradient g of the stack's output."""
    if placement != "post":
        g = rms_norm_backward(last, g)
    for branch, x, inside in reversed(tape):
        if placement == "post":
            g = rms_norm_backward(x + inside, g)
        inner = branch.backward(
            g if placement in ("post", "pre") else rms_norm_backward(inside, g)
        )
        g = g + (
            rms_norm_backward(x, inner) if placement in ("pre", "sandwich") else inner
        )
    return g


def at_start(placement, layers=32, d=32, tokens=32, seed=0):
    """Before training: size of the gradient of each layer's last matrix, and of each
    layer's input.
    """
    rng = np.random.default_rng(seed)
    branches = [Branch(d, rng) for _ in range(layers)]
    x, target = rng.normal(size=(2, tokens, d))
    out, last, tape = forward(placement, branches, x)
    backward(placement, (out - target) / tokens, last, tape)
    return [branch.gradient for branch in branches], [
        float(np.sqrt((x**2).mean())) for _, x, _ in tape
    ]


PLACEMENTS = ("post", "pre", "sandwich")


def experiment():
    depths = [2, 4, 8, 16, 32, 64, 128]
    run = {"depths": depths}
    for placement in PLACEMENTS:
        run[placement] = [
            round(
                float(
                    np.mean(
                        [
                            at_start(placement, layers, seed=seed)[0][-1]
                            for seed in range(4)
                        ]
                    )
                ),
                4,
            )
            for layers in depths
        ]
    return run


if __name__ == "__main__":
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(experiment()) + "\n", encoding="utf-8"
        )
    x = np.random.default_rng(1).normal(loc=2.0, size=(2, 6))
    print(
        "root mean square after  layer_norm",
        np.sqrt((layer_norm(x) ** 2).mean(-1)).round(3),
        end="",
    )
    print("   rms_norm", np.sqrt((rms_norm(x) ** 2).mean(-1)).round(3))
    print(
        "mean after              layer_norm",
        np.abs(layer_norm(x).mean(-1)).round(3),
        end="",
    )
    print("   rms_norm", rms_norm(x).mean(-1).round(3))
    print(
        "\n32 layers before training: gradient of a layer's last matrix, and size of its input"
    )
    print(
        f"{'norm':<10}{'layer 1':>9}{'16':>8}{'32':>8}   first/last   input of layer 32"
    )
    for placement in PLACEMENTS:
        g, s = at_start(placement)
        print(
            f"{placement:<10}{g[0]:>9.3f}{g[15]:>8.3f}{g[-1]:>8.3f}{g[0] / g[-1]:>13.2f}{s[-1]:>18.2f}"
        )
