"""Flows with exact log-determinants: coupling, 1 × 1 convolution, continuous,
autoregressive; one is trained.
"""

import json
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np


# --8<-- [start:coupling]
def net(x, weights):
    """A small network: log-scale (bounded) and shift for each coordinate, and the
    hidden layer.
    """
    first, bias, last, out = weights
    hidden = np.tanh(x @ first + bias)
    raw, shift = np.split(hidden @ last + out, 2, axis=1)
    return np.tanh(raw), shift, hidden


def coupling(x, mask, weights):
    """RealNVP: coordinates with mask 1 stay and decide how the others are scaled and
    shifted.
    """
    log_scale, shift, _ = net(x * mask, weights)
    free = 1 - mask
    return x * mask + free * (x * np.exp(log_scale) + shift), (free * log_scale).sum(1)


def coupling_inverse(y, mask, weights):
    log_scale, shift, _ = net(y * mask, weights)
    return y * mask + (1 - mask) * (y - shift) * np.exp(-log_scale)


def log_density(x, layers):
    """log p(x) of a stack of (mask, weights): the noise's density plus all
    log-determinants.
    """
    total = 0.0
    for mask, weights in layers:
        x, change = coupling(x, mask, weights)
        total = total + change
    return -0.5 * (x**2).sum(1) - 0.5 * x.shape[1] * np.log(2 * np.pi) + total


def sample(z, layers):
    for mask, weights in reversed(layers):
        z = coupling_inverse(z, mask, weights)
    return z


# --8<-- [end:coupling]


# --8<-- [start:glow]
def actnorm(x):
    """Glow's normalisation: scale and shift of each channel, so that the first batch
    has mean 0 and variance 1.
    """
    axes = tuple(range(x.ndim - 1))
    scale = 1 / x.std(axes)
    return scale, -x.mean(axes) * scale


def mix_channels(x, matrix):
    """An invertible 1 × 1 convolution on images (height × width × channels) and its
    log-determinant.
    """
    height, width, _ = x.shape
    return x @ matrix.T, height * width * np.linalg.slogdet(matrix)[1]


def lu_matrix(permutation, lower, upper, log_size, sign):
    """The same matrix by its factors: P L (U + diag s); its log-determinant is the sum
    of log_size.
    """
    channels = len(log_size)
    left = np.tril(lower, -1) + np.eye(channels)
    return permutation @ left @ (np.triu(upper, 1) + np.diag(sign * np.exp(log_size)))


def squeeze(x):
    """2 × 2 pixels become channels: height × width × c to height/2 × width/2 × 4c; the
    volume stays.
    """
    height, width, channels = x.shape
    return (
        x.reshape(height // 2, 2, width // 2, 2, channels)
        .transpose(0, 2, 1, 3, 4)
        .reshape(height // 2, width // 2, 4 * channels)
    )


# --8<-- [end:glow]


# --8<-- [start:continuous]
def velocity(x, weights):
    """A vector field with one hidden layer."""
    first, bias, last = weights
    return np.tanh(x @ first + bias) @ last


def divergence(x, weights):
    """Its divergence, exactly: one pass for this field, d passes for a network."""
    first, bias, last = weights
    slope = 1 - np.tanh(x @ first + bias) ** 2
    return slope @ (first * last.T).sum(0)


def hutchinson(x, weights, probe):
    """An unbiased estimate: probe · (Jacobian probe), one product for any network;
    probes have covariance I.
    """
    first, bias, last = weights
    slope = 1 - np.tanh(x @ first + bias) ** 2
    return (((probe @ first) * slope) @ last * probe).sum(1)


def integrate(x, weights, steps=40, backward=False, probe=None):
    """Follow the field for one unit of time (Runge-Kutta 4), adding up the divergence:
    x(1) and the change of log p.
    """
    h = (-1 if backward else 1) / steps

    def rates(x):
        return velocity(x, weights), divergence(
            x, weights
        ) if probe is None else hutchinson(x, weights, probe)

    change = np.zeros(len(x))
    for _ in range(steps):
        k1, d1 = rates(x)
        k2, d2 = rates(x + h / 2 * k1)
        k3, d3 = rates(x + h / 2 * k2)
        k4, d4 = rates(x + h * k3)
        x = x + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        change = change - h / 6 * (d1 + 2 * d2 + 2 * d3 + d4)
    return x, change


# --8<-- [end:continuous]


# --8<-- [start:tarflow]
def attend(x, weights):
    """Causal attention with a residual: what is said about the next patch, from the
    patches so far.
    """
    query, key, value, out = weights
    scores = (x @ query) @ (x @ key).T / np.sqrt(query.shape[1])
    scores = np.where(np.tri(len(x), dtype=bool), scores, -np.inf)
    share = np.exp(scores - scores.max(1, keepdims=True))
    raw = (x + share / share.sum(1, keepdims=True) @ (x @ value)) @ out
    # shifted: patch t from those before it
    raw = np.concatenate([np.zeros_like(raw[:1]), raw[:-1]])
    return np.split(raw, 2, axis=1)


def tarflow(x, weights):
    """One block, data to noise, all patches (rows) at once; the log-determinant is a
    sum.
    """
    log_scale, shift = attend(x, weights)
    return (x - shift) * np.exp(-log_scale), -log_scale.sum()


def tarflow_inverse(z, weights):
    """Noise to data: patch by patch, since each needs those before it. (A cache makes a
    step cheap.)
    """
    x = z.copy()
    for t in range(1, len(z)):
        log_scale, shift = attend(x, weights)
        x[t] = z[t] * np.exp(log_scale[t]) + shift[t]
    return x


def tarflow_inverse_parallel(z, weights, rounds):
    """The same by fixed-point rounds over all patches; exact after T - 1 rounds, close
    much earlier.
    """
    x = z.copy()
    for _ in range(rounds):
        log_scale, shift = attend(x, weights)
        x = z * np.exp(log_scale) + shift
    return x


# --8<-- [end:tarflow]


# --8<-- [start:steps]
def gaussian_gap(steps, wells=(-1.0, 1.0), width=0.1, points=1201):
    """Nats that the best chain of Gaussian steps back from noise loses on data in two
    wells: the expected divergence of each true step from a Gaussian, added up.
    """
    axis = np.linspace(-4, 4, points)
    cell = axis[1] - axis[0]
    kept = np.cos(np.pi / 2 * np.arange(steps + 1) / steps)  # of the signal
    lost = 0.0
    for now, later in pairwise(kept):
        spread = now**2 * width**2 + 1 - now**2
        start = sum(np.exp(-((axis - now * c) ** 2) / (2 * spread)) for c in wells)
        shrink = later / now  # forward: later = shrink now + fresh noise
        noise = 1 - shrink**2
        forward = np.exp(-((axis[:, None] - shrink * axis) ** 2) / (2 * noise))
        joint = forward * start
        joint /= joint.sum()
        total = joint.sum(1, keepdims=True)
        back = joint / total  # of now, given later: the true step
        mean = (back * axis).sum(1, keepdims=True)
        variance = (back * (axis - mean) ** 2).sum(1, keepdims=True)
        gauss = (axis - mean) ** 2 / (2 * variance) + np.log(
            2 * np.pi * variance / cell**2
        ) / 2
        lost += (joint * (np.log(np.maximum(back, 1e-300)) + gauss)).sum()
    return lost


# --8<-- [end:steps]


# --8<-- [start:train]
def gradients(x, layers):
    """Mean negative log-likelihood, and its gradient on every weight, layer by layer
    backwards.
    """
    inputs = []
    for mask, weights in layers:
        inputs.append(x)
        x, _ = coupling(x, mask, weights)
    n, up, out = len(x), x / len(x), []  # gradient of |z|²/2
    for (mask, weights), x_in in zip(reversed(layers), reversed(inputs), strict=True):
        first, _, last, _ = weights
        log_scale, _, hidden = net(x_in * mask, weights)
        free = 1 - mask
        on_scale = free * (up * x_in * np.exp(log_scale) - 1 / n) * (1 - log_scale**2)
        on_out = np.concatenate([on_scale, free * up], axis=1)
        on_hidden = on_out @ last.T * (1 - hidden**2)
        out.append(
            (
                (x_in * mask).T @ on_hidden,
                on_hidden.sum(0),
                hidden.T @ on_out,
                on_out.sum(0),
            )
        )
        up = up * mask + free * up * np.exp(log_scale) + on_hidden @ first.T * mask
    return -log_density(inputs[0], layers).mean(), out[::-1]


def train(data, depth=8, width=32, steps=1500, batch=256, rate=5e-3, seed=0):
    """Maximum likelihood by Adam; masks alternate between the two coordinates."""
    rng = np.random.default_rng(seed)
    layers = []
    for index in range(depth):
        first, last = (
            2 * rng.normal(size=(2, width)),
            0.1 * rng.normal(size=(width, 4)) / np.sqrt(width),
        )
        mask = np.array([1.0, 0.0]) if index % 2 else np.array([0.0, 1.0])
        layers.append((mask, [first, rng.normal(size=width), last, np.zeros(4)]))
    moments = [
        [(np.zeros_like(w), np.zeros_like(w)) for w in weights] for _, weights in layers
    ]
    for step in range(1, steps + 1):
        _, gradient = gradients(data[rng.integers(len(data), size=batch)], layers)
        size = (
            rate
            * np.sqrt(1 - 0.999**step)
            / (1 - 0.9**step)
            * min(1, 2 * (1 - step / steps))
        )
        for (_, weights), state, slopes in zip(layers, moments, gradient, strict=True):
            for w, (m, v), g in zip(weights, state, slopes, strict=True):
                m += 0.1 * (g - m)
                v += 0.001 * (g**2 - v)
                w -= size * m / (np.sqrt(v) + 1e-8)
    return layers


# --8<-- [end:train]


def moons(count, rng):
    """Two half circles with noise."""
    angle, upper = rng.uniform(0, np.pi, count), rng.integers(2, size=count)
    x = np.where(upper, np.cos(angle), 1 - np.cos(angle)) - 0.5
    y = np.where(upper, np.sin(angle), 0.5 - np.sin(angle)) - 0.25
    return 1.5 * np.stack([x, y], 1) + 0.09 * rng.normal(size=(count, 2))


def moons_log_density(x, places=1500):
    """Their true log-density, by integration over the angle: no flow can have a higher
    one on average.
    """
    angle = (np.arange(places) + 0.5) * np.pi / places
    centre = np.concatenate(
        [
            np.stack([np.cos(angle) - 0.5, np.sin(angle) - 0.25], 1),
            np.stack([0.5 - np.cos(angle), 0.25 - np.sin(angle)], 1),
        ]
    )
    square = ((x[:, None] - 1.5 * centre) ** 2).sum(-1) / (2 * 0.09**2)
    least = square.min(1, keepdims=True)
    return (
        np.log(np.exp(least - square).mean(1))
        - least[:, 0]
        - np.log(2 * np.pi * 0.09**2)
    )


def two_draws():
    """Points to train on and points held out."""
    rng = np.random.default_rng(0)
    return moons(4000, rng), moons(4000, rng)


def experiment():
    """Held-out negative log-likelihood in nats by number of coupling layers, and the
    trained deepest flow.
    """
    data, held = two_draws()
    rows = []
    for depth in (2, 4, 8):
        layers = train(data, depth)
        rows.append([depth, round(float(-log_density(held, layers).mean()), 3)])
    return rows, layers


def pictures(layers):
    z = np.random.default_rng(1).normal(size=(350, 2))
    states = [z]
    for mask, weights in reversed(layers):
        z = coupling_inverse(z, mask, weights)
        states.append(z)
    return [states[i].round(2).tolist() for i in (0, 2, 4, 6, 8)]


if __name__ == "__main__":
    rows, layers = experiment()
    if "--data" in sys.argv:
        text = json.dumps({"likelihood": rows, "states": pictures(layers)}) + "\n"
        Path(__file__).with_suffix(".json").write_text(text, encoding="utf-8")
    print(
        "two moons, held-out nats by coupling layers:",
        *(f"{depth}: {nats:.2f} " for depth, nats in rows),
    )
    print(f"  with the true density: {-moons_log_density(two_draws()[1]).mean():.2f}")
    rng = np.random.default_rng(2)
    field = (
        rng.normal(size=(5, 40)),
        rng.normal(size=40),
        rng.normal(size=(40, 5)) / 40,
    )
    x = rng.normal(size=(1, 5))
    true = divergence(x, field)[0]
    many = np.repeat(x, 40_000, 0)
    print(f"divergence at a point in 5 dimensions: exact {true:+.4f}")
    for name, probe in (
        ("signs", rng.choice([-1.0, 1.0], size=many.shape)),
        ("Gaussian", rng.normal(size=many.shape)),
    ):
        seen = hutchinson(many, field, probe)
        print(
            f"  {name:8s} mean {seen.mean():+.4f}, spread of one estimate {seen.std():.4f}"
        )
    weights = [
        gain * rng.normal(size=size)
        for gain, size in ((0.5, (4, 8)), (0.5, (4, 8)), (0.4, (4, 4)), (0.12, (4, 8)))
    ]
    z = rng.normal(size=(64, 4))
    exact = tarflow_inverse(z, weights)
    print("nats lost by Gaussian steps from noise to two wells, by their number")
    print("  ", *(f"{n}: {gaussian_gap(n):.3f} " for n in (1, 2, 4, 8, 16, 32)))
    print(
        "autoregressive block, 64 patches: largest error of the inverse by rounds over all"
    )
    print(
        "  ",
        *(
            f"{n}: {np.abs(tarflow_inverse_parallel(z, weights, n) - exact).max():.0e} "
            for n in (2, 4, 8, 16, 63)
        ),
    )
