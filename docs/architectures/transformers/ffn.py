"""Feed-forward networks in NumPy: two matrices, three matrices, and the activations
between them.
"""

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
    """T × d to T × d_ff and back: each column of `up` is a pattern, the same row of
    `down` what it adds.
    """
    return activation(x @ up) @ down


def three_matrices(x, gate, up, down, activation=silu):
    """The GLU family: one projection gates another. SwiGLU with SiLU, GEGLU with GELU,
    ReGLU with ReLU.
    """
    return (activation(x @ gate) * (x @ up)) @ down


# --8<-- [end:networks]


# --8<-- [start:bounded]
def swiglu(g, u):
    """Inner numbers from the gate's projection g and the other one, u: unbounded in
    both.
    """
    return silu(g) * u


def clamped(g, u, limit=10.0):
    """DeepSeek-V4, GLM-5.3 Flash and Hy4: the gate is cut off from above, the other
    factor from both sides.
    """
    return silu(np.minimum(g, limit)) * np.clip(u, -limit, limit)


def situ(g, u, gate_limit=4.0, up_limit=25.0):
    """Kimi K3: the same bounds approached smoothly, outside the gate's sigmoid."""
    soft = gate_limit * np.tanh(g / gate_limit) / (1 + np.exp(-g))
    return soft * up_limit * np.tanh(u / up_limit)


# --8<-- [end:bounded]


# --8<-- [start:nested]
def nested(x, gate, up, down, width):
    """The network that the first `width` inner units make: a part of the large one's
    matrices, nothing of its own.
    """
    return three_matrices(x, gate[:, :width], up[:, :width], down[:width])


# --8<-- [end:nested]


WIDTHS = (8, 16, 32, 64)


def train(widths, steps=1500, d=12, rate=6e-3, seed=0):
    """Weights after fitting a random network of 48 units with one of the widths drawn
    for each step, by Adam.
    """
    rng = np.random.default_rng(seed)
    shapes = ((d, WIDTHS[-1]), (d, WIDTHS[-1]), (WIDTHS[-1], d))
    weights = [rng.normal(size=s) / math.sqrt(s[0]) for s in shapes]
    mean, square = ([np.zeros_like(w) for w in weights] for _ in range(2))
    for step in range(1, steps + 1):
        x = rng.normal(size=(128, d))
        gate, up, down = weights
        width = widths[rng.integers(len(widths))]
        g, u = x @ gate[:, :width], x @ up[:, :width]
        open_, sigmoid = silu(g), 1 / (1 + np.exp(-g))
        error = (open_ * u @ down[:width] - task(x)) / len(x)
        inner = error @ down[:width].T
        slopes = (
            x.T @ (inner * u * (sigmoid * (1 + g * (1 - sigmoid)))),
            x.T @ (inner * open_),
            (open_ * u).T @ error,
        )
        falling = rate * (1 - step / steps)
        for i, slope in enumerate(slopes):
            part = (slice(width),) if i == 2 else (slice(None), slice(width))
            mean[i][part] = 0.9 * mean[i][part] + 0.1 * slope
            square[i][part] = 0.99 * square[i][part] + 0.01 * slope**2
            weights[i][part] -= (
                falling * mean[i][part] / (np.sqrt(square[i][part]) + 1e-8)
            )
    return weights


def task(x, units=48, seed=9):
    """What is fitted: a random network whose later units matter less and less."""
    rng = np.random.default_rng(seed)
    gate, up = rng.normal(size=(2, x.shape[1], units)) / math.sqrt(x.shape[1])
    down = rng.normal(size=(units, x.shape[1])) * 0.9 ** np.arange(units)[:, None]
    return three_matrices(x, gate, up, down)


def remaining(weights, width):
    """Share of the variance that a part of a network leaves unexplained, on fresh
    inputs.
    """
    x = np.random.default_rng(99).normal(size=(4000, weights[0].shape[0]))
    y = task(x)
    return float(((nested(x, *weights, width) - y) ** 2).mean() / y.var())


# --8<-- [start:width]
def width_for(d, matrices, parameters=None):
    """Inner width of a network with as many parameters as two matrices of 4d, 8d² by
    default.
    """
    return (parameters or 8 * d * d) / (matrices * d)


# --8<-- [end:width]


def experiment():
    x = np.linspace(-3, 3, 121)
    functions = {"relu": relu, "gelu": gelu, "silu": silu, "relu squared": relu_squared}
    return {
        "x": x.round(3).tolist(),
        **{name: f(x).round(4).tolist() for name, f in functions.items()},
    }


if __name__ == "__main__":
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(experiment()) + "\n", encoding="utf-8"
        )
    rng = np.random.default_rng(0)
    x = rng.normal(size=(1000, 64))
    gate, up = rng.normal(size=(2, 64, 256)) / 8
    print("share of inner numbers within 0.01 of zero, before training")
    for name, f in {
        "ReLU": relu,
        "ReLU²": relu_squared,
        "GELU": gelu,
        "SiLU": silu,
    }.items():
        print(f"  {name:<6} {np.mean(np.abs(f(x @ gate)) < 0.01):.2f}")
    print("\ninner width for the parameters of two matrices of 4d, d = 4096")
    for matrices in (2, 3):
        print(f"  {matrices} matrices: {width_for(4096, matrices):,.0f}")
    print("\ninput doubled: median factor of the inner numbers")
    for name, inner in {
        "ReLU  ": lambda y: relu(y @ gate),
        "SwiGLU": lambda y: silu(y @ gate) * (y @ up),
    }.items():
        once, twice = inner(x), inner(2 * x)
        print(f"  {name} {np.median(twice[once > 0.1] / once[once > 0.1]):.1f}")
    sizes = (0.1, 1, 3, 10, 30, 100)
    print(
        "\ninner number when both projections are" + "".join(f"{z:>8}" for z in sizes)
    )
    for name, inner in {
        "SwiGLU": swiglu,
        "clamped at 10": clamped,
        "SiTU-GLU": situ,
    }.items():
        print(
            f"{name:<38}"
            + "".join(
                f"{inner(z, z):>8.3g}" if z < 100 else f"{inner(z, z):>8.0f}"
                for z in sizes
            )
        )
    shown = (8, 16, 24, 32, 64)
    print("\nerror left by the first units of a network of 64 (24 was never trained)")
    print(f"{'width':<27}" + "".join(f"{w:>7}" for w in shown))
    whole, all_widths = train((64,)), train(WIDTHS)
    own = [remaining(train((w,)), w) if w in WIDTHS else None for w in shown]
    rows = {
        "trained whole, then cut": [remaining(whole, w) for w in shown],
        "a width drawn each step": [remaining(all_widths, w) for w in shown],
    }
    for name, row in {**rows, "one network for each width": own}.items():
        print(
            f"{name:<27}"
            + "".join("      –" if e is None else f"{e:>7.0%}" for e in row)
        )
