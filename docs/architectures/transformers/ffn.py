"""Feed-forward networks in NumPy: two matrices, three matrices, and the activations between them."""

import json
import math
import sys
from pathlib import Path

import numpy as np

_erf = np.vectorize(math.erf)


# --8<-- [start:activations]
def relu(x):
    return np.maximum(x, 0)


def relu_squared(x):
    return np.maximum(x, 0) ** 2


def gelu(x):
    """x times the probability that a standard normal number lies below x."""
    return x * (1 + _erf(x / math.sqrt(2))) / 2


def silu(x):
    """x times its sigmoid, also called Swish."""
    return x / (1 + np.exp(-x))


# --8<-- [end:activations]


# --8<-- [start:networks]
def two_matrices(x, up, down, activation=relu):
    """T × d to T × d_ff and back: each column of `up` is a pattern, the same row of `down` what it adds."""
    return activation(x @ up) @ down


def three_matrices(x, gate, up, down, activation=silu):
    """The GLU family: one projection gates another. SwiGLU with SiLU, GEGLU with GELU, ReGLU with ReLU."""
    return (activation(x @ gate) * (x @ up)) @ down


# --8<-- [end:networks]


# --8<-- [start:width]
def width_for(d, matrices, parameters=None):
    """Inner width of a network with as many parameters as two matrices of 4d, 8d² by default."""
    return (parameters or 8 * d * d) / (matrices * d)


# --8<-- [end:width]


def experiment():
    x = np.linspace(-3, 3, 121)
    functions = {"relu": relu, "gelu": gelu, "silu": silu, "relu squared": relu_squared}
    return {"x": x.round(3).tolist(), **{name: f(x).round(4).tolist() for name, f in functions.items()}}


if __name__ == "__main__":
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(json.dumps(experiment()) + "\n", encoding="utf-8")
    rng = np.random.default_rng(0)
    x = rng.normal(size=(1000, 64))
    gate, up = rng.normal(size=(2, 64, 256)) / 8
    print("share of inner numbers within 0.01 of zero, before training")
    for name, f in {"ReLU": relu, "ReLU²": relu_squared, "GELU": gelu, "SiLU": silu}.items():
        print(f"  {name:<6} {np.mean(np.abs(f(x @ gate)) < 0.01):.2f}")
    print("\ninner width for the parameters of two matrices of 4d, d = 4096")
    for matrices in (2, 3):
        print(f"  {matrices} matrices: {width_for(4096, matrices):,.0f}")
    print("\ninput doubled: median factor of the inner numbers")
    for name, inner in {"ReLU  ": lambda y: relu(y @ gate), "SwiGLU": lambda y: silu(y @ gate) * (y @ up)}.items():
        once, twice = inner(x), inner(2 * x)
        print(f"  {name} {np.median(twice[once > 0.1] / once[once > 0.1]):.1f}")
