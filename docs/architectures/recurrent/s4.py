"""HiPPO's memory, discretisation, S4's three views and its fast kernel, S4D, and
Hyena's long convolution.
"""

import json
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np


# --8<-- [start:hippo]
def legs(n):
    """HiPPO-LegS: x' = (A x + B u) / t keeps the first n Legendre coefficients of
    everything seen up to t.
    """
    i = np.arange(n)
    root = np.sqrt(2 * i + 1.0)
    return -(np.tril(np.outer(root, root), -1) + np.diag(i + 1.0)), root


def legendre(n, places):
    """The first n Legendre polynomials on [0, 1], normalised, at these places:
    len(places) × n.
    """
    plain = np.polynomial.legendre.legvander(2 * np.asarray(places) - 1, n - 1)
    return plain * np.sqrt(2 * np.arange(n) + 1.0)


def remember(u, n):
    """Coefficients of the whole input after its last sample, by bilinear steps of the
    equation above.
    """
    a, b = legs(n)
    x, eye = np.zeros(n), np.eye(n)
    for t, value in enumerate(u, 1):
        x = np.linalg.solve(eye - a / (2 * t), (eye + a / (2 * t)) @ x + b * value / t)
    return x


def recall(x, samples):
    """The input that these coefficients describe."""
    return legendre(len(x), (np.arange(samples) + 0.5) / samples) @ x


# --8<-- [end:hippo]


# --8<-- [start:discrete]
def expm(m):
    """The matrix exponential: a Taylor series of a small fraction, squared until it is
    whole.
    """
    squarings = max(0, int(np.ceil(np.log2(np.abs(m).sum(1).max() + 1e-300)))) + 4
    small = m / 2.0**squarings
    term = total = np.eye(len(m))
    for k in range(1, 16):
        term = term @ small / k
        total = total + term
    for _ in range(squarings):
        total = total @ total
    return total


def hold(a, b, step):
    """Zero-order hold: exact when the input is constant during a step."""
    decay = expm(step * a)
    return decay, np.linalg.solve(a, (decay - np.eye(len(a))) @ b)


def bilinear(a, b, step):
    """Trapezoidal rule: a rational function of A, the choice of S4."""
    left = np.eye(len(a)) - step / 2 * a
    return np.linalg.solve(left, np.eye(len(a)) + step / 2 * a), np.linalg.solve(
        left, step * b
    )


def euler(a, b, step):
    return np.eye(len(a)) + step * a, step * b


# --8<-- [end:discrete]


# --8<-- [start:views]
def recurrence(decay, written, c, u):
    """x_t = Ā x_(t-1) + B̄ u_t and y_t = C x_t: a state of n numbers, for decoding."""
    x, out = np.zeros(len(written)), []
    for value in u:
        x = decay @ x + written * value
        out.append(c @ x)
    return np.array(out)


def kernel(decay, written, c, length):
    """The response to a single 1: K_s = C Ā^s B̄."""
    x, out = written, []
    for _ in range(length):
        out.append(c @ x)
        x = decay @ x
    return np.array(out)


def convolve(k, u):
    """Causal convolution by fast Fourier transforms, padded to twice the length so that
    nothing wraps round.
    """
    n = 2 * len(u)
    return np.fft.irfft(np.fft.rfft(k, n) * np.fft.rfft(u, n), n)[: len(u)]


# --8<-- [end:views]


# --8<-- [start:s4]
def normal_plus_low_rank(n):
    """LegS in the basis in which A = diag(poles) - p p*: returns poles, p, B and the
    change of basis.
    """
    a, b = legs(n)
    p = np.sqrt(np.arange(n) + 0.5)
    frequencies, basis = np.linalg.eigh(-1j * (a + np.outer(p, p) + np.eye(n) / 2))
    return -0.5 + 1j * frequencies, basis.conj().T @ p, basis.conj().T @ b, basis


def s4_kernel(c, step, length):
    """The kernel of the bilinear LegS model without a single power of Ā: sums over
    poles and one inverse FFT.
    """
    n = len(c)
    poles, p, b, basis = normal_plus_low_rank(n)
    decay, _ = bilinear(*legs(n), step)
    # once, when the length is set
    cut = c @ (np.eye(n) - np.linalg.matrix_power(decay, length)) @ basis
    w = np.exp(-2j * np.pi * np.arange(length) / length)[:, None]
    # length × n, a Cauchy matrix
    weights = 2 * step / (2 * (1 - w) - step * poles * (1 + w))

    def over_poles(left, right):
        return (weights * left * right).sum(1)

    half = (1 + w[:, 0]) / 2
    correction = (
        over_poles(cut, p)
        * over_poles(p.conj(), b)
        * half
        / (1 + half * over_poles(p.conj(), p))
    )
    return np.fft.ifft(over_poles(cut, b) - correction).real


def s4d_kernel(poles, coefficients, step, length):
    """The diagonal case, zero-order hold: a sum of decaying oscillations. Poles come
    without their conjugates.
    """
    powers = np.exp(step * poles[:, None] * np.arange(length))
    return 2 * (coefficients * np.expm1(step * poles) / poles @ powers).real


# --8<-- [end:s4]


# --8<-- [start:hyena]
def long_filter(w, length):
    """Hyena's filters, length × d: a small network of the position, faded by a
    different rate in each channel.
    """
    t = np.linspace(0, 1, length)[:, None]
    bands = np.arange(1, w["first"].shape[0] // 2 + 1)
    z = np.concatenate(
        [t, np.cos(2 * np.pi * bands * t), np.sin(2 * np.pi * bands * t)], axis=1
    )
    h = np.sin(w["frequency"] * (z @ w["first"]))
    return (h @ w["last"]) * np.exp(-t * w["rates"])


def hyena(u, w):
    """Order two: gate, convolve over the whole past, gate again. u: T × d."""
    projected = u @ w["in"]
    padded = np.concatenate([np.zeros((2, projected.shape[1])), projected])
    # a causal convolution of width 3
    short = sum(w["short"][i] * padded[i : i + len(u)] for i in range(3))
    gate, key, value = np.split(short, 3, axis=1)
    product, filters = key * value, long_filter(w, len(u))
    mixed = np.stack(
        [convolve(filters[:, c], product[:, c]) for c in range(u.shape[1])], axis=1
    )
    return (gate * (mixed + w["skip"] * product)) @ w["out"]


# --8<-- [end:hyena]


def hyena_weights(d=4, width=8, bands=3, seed=0):
    rng = np.random.default_rng(seed)
    return {
        "in": rng.normal(size=(d, 3 * d)) / np.sqrt(d),
        "short": rng.normal(size=(3, 3 * d)) / 2,
        "first": rng.normal(size=(1 + 2 * bands, width)),
        "frequency": 4.0,
        "last": rng.normal(size=(width, d)) / np.sqrt(width),
        "rates": np.linspace(3, 15, d),
        "skip": np.ones(d),
        "out": rng.normal(size=(d, d)) / np.sqrt(d),
    }


def signal(samples=1000, top=12, seed=3):
    """A smooth random curve: twelve cosines with random weights and phases."""
    rng = np.random.default_rng(seed)
    t = (np.arange(samples) + 0.5) / samples
    waves = [
        rng.normal() * np.cos(2 * np.pi * f * t + rng.uniform(0, 2 * np.pi))
        for f in range(1, top + 1)
    ]
    return np.sum(waves, axis=0) / np.sqrt(top / 2)


def best(u, n):
    """The nearest curve of n Legendre polynomials, by least squares: what no memory of
    n numbers of this kind beats.
    """
    basis = legendre(n, (np.arange(len(u)) + 0.5) / len(u))
    return basis @ np.linalg.lstsq(basis, u, rcond=None)[0]


def relative(found, truth):
    return float(np.sqrt(((found - truth) ** 2).mean() / (truth**2).mean()))


def s4_memory(u, n, horizon):
    """The same curve from the time-invariant equation that S4 uses, which lasts
    `horizon` units of time.
    """
    a, b = legs(n)
    decay, written = hold(a, b, horizon / len(u))
    x = np.zeros(n)
    for value in u:
        x = decay @ x + written * value
    ago = (len(u) - 0.5 - np.arange(len(u))) * horizon / len(u)
    return legendre(n, np.exp(-ago)) @ x


SIZES, STEPS = (4, 8, 16, 24, 32, 48, 64), (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)


def discretisation_errors(n=8):
    """Largest error of one step's Ā and B̄ against the exact flow, relative to the
    exact one.
    """
    a, b = legs(n)
    found = {"bilinear": [], "Euler": []}
    for step in STEPS:
        exact = np.concatenate([part.ravel() for part in hold(a, b, step)])
        for name, method in (("bilinear", bilinear), ("Euler", euler)):
            got = np.concatenate([part.ravel() for part in method(a, b, step)])
            found[name].append(
                float(f"{np.linalg.norm(got - exact) / np.linalg.norm(exact):.3e}")
            )
    return found


def diagonal_gap(n, frequency=2.0):
    """How far S4D-LegS (low-rank part dropped, B halved) is from S4-LegS at one
    frequency.
    """
    a, b = legs(n)
    poles, _, rotated, basis = normal_plus_low_rank(n)
    exact = np.linalg.solve(1j * frequency * np.eye(n) - a, b)
    diagonal = basis @ (rotated / 2 / (1j * frequency - poles))
    return float(np.linalg.norm(diagonal - exact) / np.linalg.norm(exact))


def counts(channels=864, length=2048, sizes=(33, 64, 64, 64, 864)):
    """Weights of Hyena's filter network and a frequency for its units, and of a stored
    filter.
    """
    layers = list(pairwise(sizes))
    hidden = sum(a * b + b for a, b in layers[:-1])
    return {
        "network": hidden + sizes[-2] * sizes[-1] + sizes[-2],
        "stored": channels * length,
    }


def experiment():
    u = signal()
    thinned = slice(5, None, 10)
    return {
        "counts": counts(),
        "signal": u[thinned].round(4).tolist(),
        "recalled": {
            str(n): recall(remember(u, n), len(u))[thinned].round(4).tolist()
            for n in (8, 32)
        },
        "time_invariant": s4_memory(u, 32, 3.0)[thinned].round(4).tolist(),
        "sizes": list(SIZES),
        "errors": {
            "HiPPO-LegS": [
                round(relative(recall(remember(u, n), len(u)), u), 4) for n in SIZES
            ],
            "best possible": [round(relative(best(u, n), u), 4) for n in SIZES],
        },
        "steps": list(STEPS),
        "discretisation": discretisation_errors(),
        "filter": long_filter(hyena_weights(), 200).round(4).T.tolist(),
    }


if __name__ == "__main__":
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(experiment()) + "\n", encoding="utf-8"
        )
    rng, u = np.random.default_rng(0), signal(400)
    c = rng.normal(size=16)
    decay, written = bilinear(*legs(16), 0.01)
    step_by_step, k = recurrence(decay, written, c, u), kernel(decay, written, c, 400)
    print(
        f"convolution agrees with recurrence to 1e-12: {np.abs(convolve(k, u) - step_by_step).max() < 1e-12}"
    )
    print(
        f"kernel from poles agrees with powers to 1e-9: {np.abs(s4_kernel(c, 0.01, 400) - k).max() < 1e-9}"
    )
    print(
        "state size   condition of LegS eigenvectors   S4D-LegS differs from S4-LegS by"
    )
    for n in (4, 8, 16, 64, 256):
        condition = (
            f"{np.linalg.cond(np.linalg.eig(legs(n)[0])[1]):.0e}"
            if n <= 16
            else "beyond double precision"
        )
        print(f"{n:10d}   {condition:>30s}   {diagonal_gap(n):.3f}")
