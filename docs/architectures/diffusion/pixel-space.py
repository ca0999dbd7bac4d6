"""What a narrow network should predict when data lie on a surface: exactly if linear,
trained if not.
"""

import json
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np

TARGETS = {"data": (1.0, 0.0), "velocity": (-1.0, 1.0), "noise": (0.0, 1.0)}
"""Name to (a, b): the target is a x_0 + b eps."""


# --8<-- [start:linear]
def gains(target, t):
    """What a linear network can explain of a target in one direction, along the surface
    and off it.

    x_t = (1 - t) x_0 + t eps, with variance one along the surface and none off it:
    Cov(target, x_t)^2 / Var(x_t).
    """
    a, b = TARGETS[target]
    along = (a * (1 - t) + b * t) ** 2 / ((1 - t) ** 2 + t**2)
    return along, b**2


def kept(target, t, surface, space, width):
    """Directions along and off the surface that the best network of this width keeps
    (reduced-rank regression).
    """
    along, off = gains(target, t)
    if along >= off:
        first = min(width, surface)
        return first, min(width - first, space - surface) if off > 0 else 0
    first = min(width, space - surface)
    return min(width - first, surface), first


def error(target, t, surface, space, width):
    """Expected squared error of the data that follow from its prediction, summed over
    the space.
    """
    a, b = TARGETS[target]
    along, off = gains(target, t)
    kept_along, kept_off = kept(target, t, surface, space, width)
    left = (
        surface * (a**2 + b**2)
        - kept_along * along
        + (space - surface - kept_off) * off
    )
    # error of x_0 for one of the target
    per_data = {"data": 1.0, "velocity": t, "noise": t / (1 - t)}[target]
    return left * per_data**2


# --8<-- [end:linear]


# --8<-- [start:forms]
def to_velocity(target, out, x, t):
    """eps - x_0 from the network's output; the division is limited near the ends, as in
    training.
    """
    if target == "velocity":
        return out
    if target == "data":
        return (x - out) / np.maximum(t, 0.05)
    return (out - x) / np.maximum(1 - t, 0.05)


def asymmetric_to_velocity(out, x, t, basis):
    """The same from AsymFlow's output P eps - x_0, where P projects onto the rows of an
    orthonormal basis: inside it is the velocity already, outside minus the data.
    """
    inside = out @ basis.T @ basis
    outside = (x + out) - (x + out) @ basis.T @ basis
    return inside + outside / np.maximum(t, 0.05)


# --8<-- [end:forms]


def spiral(count, rng):
    """Points of a spiral of a little more than one turn in the plane, equally likely
    along it.
    """
    return curve(np.sqrt(rng.uniform(0.05, 1, count)))


def curve(place):
    angle = np.pi * (1 + 3 * place)
    return np.stack([angle * np.cos(angle), angle * np.sin(angle)], axis=1) / 7.5


def plane(space, rng):
    """An orthonormal map from the plane into the space, `[2, space]`."""
    return np.linalg.qr(rng.normal(size=(space, 2)))[0].T


# --8<-- [start:train]
def network(weights, x, t):
    """Three hidden layers; returns all activations, the last of which is the output."""
    layers = [np.concatenate([x, t, np.sin(3 * t), np.cos(3 * t)], axis=1)]
    for index, (matrix, bias) in enumerate(weights):
        pre = layers[-1] @ matrix + bias
        layers.append(np.maximum(pre, 0.1 * pre) if index < len(weights) - 1 else pre)
    return layers


def gradients(weights, layers, back):
    """Gradients of all matrices and biases; `back` is the loss's derivative at the
    output.
    """
    out = []
    for index in reversed(range(len(weights))):
        out.insert(0, [layers[index].T @ back, back.sum(0)])
        back = (back @ weights[index][0].T) * np.where(layers[index] > 0, 1.0, 0.1)
    return out


def train(target, space, width=64, steps=2500, batch=128, seed=0):
    """Adam on the squared error of the *velocity*, whatever the network predicts."""
    rng = np.random.default_rng(seed)
    into = plane(space, rng)
    sizes = [space + 3, width, width, width, space]
    weights = [
        [rng.normal(size=(i, o)) * np.sqrt(2 / i), np.zeros(o)]
        for i, o in pairwise(sizes)
    ]
    moments = [
        [(np.zeros_like(w), np.zeros_like(w)) for w in layer] for layer in weights
    ]
    for step in range(1, steps + 1):
        x0, eps = spiral(batch, rng) @ into, rng.normal(size=(batch, space))
        t = 1 / (1 + np.exp(-rng.normal(size=(batch, 1))))
        x = (1 - t) * x0 + t * eps
        layers = network(weights, x, t)
        gap = to_velocity(target, layers[-1], x, t) - (eps - x0)
        slope = {
            "velocity": 1.0,
            "data": -1 / np.maximum(t, 0.05),
            "noise": 1 / np.maximum(1 - t, 0.05),
        }[target]
        back = 2 * gap * slope / batch
        rate = 2e-3 * min(1.0, 2 * (1 - step / steps))
        for layer, moment, grads in zip(
            weights, moments, gradients(weights, layers, back), strict=True
        ):
            for which, grad in enumerate(grads):
                first, second = moment[which]
                moment[which] = first, second = (
                    0.9 * first + 0.1 * grad,
                    0.999 * second + 0.001 * grad**2,
                )
                layer[which] -= (
                    rate
                    * first
                    / (1 - 0.9**step)
                    / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
                )
    return weights, into


# --8<-- [end:train]


def sample(target, weights, into, count=1000, steps=100, seed=5):
    """Euler from noise to data; the points in the plane, and the root mean square of
    what lies off it.
    """
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(count, into.shape[1]))
    times = np.linspace(1, 0, steps + 1)
    for now, then in pairwise(times):
        t = np.full((count, 1), now)
        x = x + (then - now) * to_velocity(target, network(weights, x, t)[-1], x, t)
    flat = x @ into.T
    return flat, float(np.sqrt(((x - flat @ into) ** 2).sum(1).mean()))


def distance(points, truth):
    """Wasserstein-1 distance, averaged over 32 directions of the plane."""
    angles = np.pi * np.arange(32) / 32
    lines = np.stack([np.cos(angles), np.sin(angles)])
    return float(
        np.abs(np.sort(points @ lines, axis=0) - np.sort(truth @ lines, axis=0)).mean()
    )


# --8<-- [start:align]
def alignment(hidden, projector, features):
    """REPA's extra loss: minus the mean cosine between projected hidden tokens and a
    frozen encoder's tokens.
    """
    ours = hidden @ projector
    ours = ours / np.linalg.norm(ours, axis=-1, keepdims=True)
    theirs = features / np.linalg.norm(features, axis=-1, keepdims=True)
    return -(ours * theirs).sum(-1).mean()


# --8<-- [end:align]


def shift_for(numbers, base=4096):
    """RAE's time shift for latents of so many numbers, relative to those of a 256-pixel
    latent diffusion model.
    """
    return (numbers / base) ** 0.5


SPACES = (2, 16, 64, 256)
LINEAR = {"t": 0.3, "surface": 4, "space": 64, "widths": [4, 16, 32, 48, 60, 62, 64]}


def experiment():
    sizes = LINEAR["surface"], LINEAR["space"]
    return {
        target: [
            round(error(target, LINEAR["t"], *sizes, width), 4)
            for width in LINEAR["widths"]
        ]
        for target in TARGETS
    }


def cell(target, space):
    weights, into = train(target, space)
    points, off = sample(target, weights, into)
    truth = spiral(1000, np.random.default_rng(9))
    return {
        "distance": round(distance(points, truth), 3),
        "off": round(off, 3),
        "points": points.round(2).tolist(),
    }


if __name__ == "__main__":
    path = Path(__file__).with_suffix(".json")
    if "--data" in sys.argv:
        trained = {
            target: {str(space): cell(target, space) for space in SPACES}
            for target in TARGETS
        }
        line = curve(np.linspace(0.05**0.5, 1, 80)).round(2).tolist()
        for row in trained.values():
            for one in row.values():
                one["points"] = one["points"][:250]
        path.write_text(
            json.dumps({"linear": experiment(), "trained": trained, "curve": line})
            + "\n",
            encoding="utf-8",
        )
    stored = json.loads(path.read_text(encoding="utf-8"))
    surface, space = LINEAR["surface"], LINEAR["space"]
    print(
        f"error of the data at t = {LINEAR['t']}, best linear network: {surface} of {space} dimensions"
    )
    print("  width   " + "".join(f"{width:8d}" for width in LINEAR["widths"]))
    for target, row in experiment().items():
        print(f"  {target:8s}" + "".join(f"{value:8.2f}" for value in row))
    # noise in few directions: as if the space had only these
    few = [
        error("velocity", LINEAR["t"], surface, 8, min(w, 8)) for w in LINEAR["widths"]
    ]
    print("  noise in 8" + "".join(f"{value:8.2f}" for value in few)[2:])
    print(
        "trained, 64 units a layer: distance to the spiral in its plane; deviation off the plane"
    )
    print("  dimensions" + "".join(f"{space:16d}" for space in SPACES))
    for target, row in stored["trained"].items():
        cells = [
            f"{row[str(space)]['distance']:8.2f}; {row[str(space)]['off']:6.2f}"
            for space in SPACES
        ]
        print(f"  {target:10s}" + "".join(cells))
    rng = np.random.default_rng(9)
    print(
        f"  two draws of true data: {distance(spiral(1000, rng), spiral(1000, rng)):.2f}"
    )
    print(
        "time shift of RAE:",
        ", ".join(
            f"{n:,} numbers {shift_for(n):.2f}" for n in (4096, 196_608, 786_432)
        ),
    )
