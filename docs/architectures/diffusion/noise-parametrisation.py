"""Noise schedules, the forms of a prediction, the weights they imply, and what is left
at the last step.
"""

import json
import sys
from pathlib import Path

import numpy as np


# --8<-- [start:schedules]
def from_betas(betas):
    """Levels (alpha, sigma) after each step of a chain with these variances."""
    alpha_bar = np.cumprod(1 - betas)
    return np.sqrt(alpha_bar), np.sqrt(1 - alpha_bar)


def linear(steps=1000):
    """DDPM."""
    return from_betas(np.linspace(1e-4, 0.02, steps))


def scaled_linear(steps=1000):
    """Stable Diffusion 1 to SDXL: the square root of beta grows linearly."""
    return from_betas(np.linspace(0.00085**0.5, 0.012**0.5, steps) ** 2)


def cosine(steps=1000):
    """Improved DDPM, with its cap on beta."""
    alpha_bar = np.cos((np.arange(steps + 1) / steps + 0.008) / 1.008 * np.pi / 2) ** 2
    return from_betas(np.minimum(1 - alpha_bar[1:] / alpha_bar[:-1], 0.999))


def straight(steps=1000):
    """Rectified flow; not variance-preserving."""
    t = np.arange(1, steps + 1) / steps
    return 1 - t, t


def zero_terminal(alpha):
    """Move and stretch the signal so that the first level stays and nothing is left at
    the last.
    """
    alpha = (alpha - alpha[-1]) * alpha[0] / (alpha[0] - alpha[-1])
    return alpha, np.sqrt(1 - alpha**2)


def log_snr(alpha, sigma):
    return 2 * np.log(alpha / sigma)


# --8<-- [end:schedules]


# --8<-- [start:convert]
def to_data_and_noise(form, value, x, alpha, sigma):
    """Any prediction at x = alpha x_0 + sigma eps as the pair (x_0, eps)."""
    if form == "noise":
        return (x - sigma * value) / alpha, value
    if form == "data":
        return value, (x - alpha * value) / sigma
    if form == "score":
        return (x + sigma**2 * value) / alpha, -sigma * value
    if form == "velocity":  # v = alpha eps - sigma x_0, variance-preserving levels
        return alpha * x - sigma * value, sigma * x + alpha * value
    if form == "flow":  # u = eps - x_0, any levels
        return (x - sigma * value) / (alpha + sigma), (x + alpha * value) / (
            alpha + sigma
        )
    raise ValueError(f"no form {form!r}")


def from_data_and_noise(form, x0, eps, alpha, sigma):
    """The inverse: the target of a network that predicts this form."""
    forms = {
        "noise": eps,
        "data": x0,
        "score": -eps / sigma,
        "velocity": alpha * eps - sigma * x0,
        "flow": eps - x0,
    }
    return forms[form]


# --8<-- [end:convert]


# --8<-- [start:weights]
def weight_on_data(form, snr):
    """What an unweighted squared error of this form multiplies the squared error of x_0
    with.
    """
    weights = {
        "noise": snr,
        "data": np.ones_like(snr),
        "velocity": 1 + snr,
        "flow": (1 + np.sqrt(snr)) ** 2,
        "min-SNR": np.minimum(snr, 5.0),
    }
    return weights[form]


def edm_preconditioning(sigma, data_spread=0.5):
    """(c_skip, c_out, c_in) of EDM: x_0 = c_skip x + c_out F(c_in x), for x = x_0 +
    sigma eps.
    """
    total = sigma**2 + data_spread**2
    return (
        data_spread**2 / total,
        sigma * data_spread / np.sqrt(total),
        1 / np.sqrt(total),
    )


# --8<-- [end:weights]


# --8<-- [start:terminal]
def sampled_spread(alpha, sigma, spread, pixels):
    """Standard deviation of the mean of `pixels` values in samples that start from pure
    noise.

    In the data it is `spread` (around 0). Along the direction "all equal" the data have
    the variance pixels x spread^2, and for a Gaussian the deterministic sampler is a
    multiplication.
    """
    true = pixels * spread**2
    # what the network believes; the sampler starts at 1
    at_the_start = alpha[-1] ** 2 * true + sigma[-1] ** 2
    return spread / np.sqrt(at_the_start)


def run_sampler(alpha, sigma, variance, x):
    """Deterministic steps through all levels with the exact prediction for Gaussian
    data; returns x_0.
    """
    for i in reversed(range(len(alpha))):
        eps = sigma[i] * x / (alpha[i] ** 2 * variance + sigma[i] ** 2)
        before = (alpha[i - 1], sigma[i - 1]) if i else (1.0, 0.0)
        x = before[0] * (x - sigma[i] * eps) / alpha[i] + before[1] * eps
    return x


# --8<-- [end:terminal]

SCHEDULES = {
    "linear": linear,
    "scaled linear": scaled_linear,
    "cosine": cosine,
    "straight": straight,
}


def experiment():
    """Log signal-to-noise ratios of the schedules, for the picture."""
    shown = np.arange(0, 999, 9)
    curves = {
        name: log_snr(*(part[:-1] for part in make()))
        for name, make in SCHEDULES.items()
    }
    curves["scaled linear, zero terminal"] = log_snr(
        *(part[:-1] for part in zero_terminal(scaled_linear()[0]))
    )
    return {
        "t": (shown + 1).tolist(),
        "log_snr": {
            name: np.round(curve[shown], 3).tolist() for name, curve in curves.items()
        },
    }


if __name__ == "__main__":
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(experiment()) + "\n", encoding="utf-8"
        )
    print(
        "schedule         signal at T      SNR at T   spread of the mean of 64 x 64 (data 0.500)"
    )
    for name, make in SCHEDULES.items():
        alpha, sigma = make()
        snr = (alpha[-1] / sigma[-1]) ** 2
        print(
            f"{name:14s} {alpha[-1]:13.6f} {snr:13.2e}   {sampled_spread(alpha, sigma, 0.5, 4096):.3f}"
        )
    alpha, sigma = zero_terminal(scaled_linear()[0])
    print(
        f"scaled, zero   {alpha[-1]:13.6f} {0.0:13.2e}   {sampled_spread(alpha, sigma, 0.5, 4096):.3f}"
    )
    print("an error of 0.01 in the prediction is an error in x_0 of")
    print("  log-SNR      noise   data   velocity   flow")
    for lam in (8.0, 0.0, -8.0):
        snr = np.exp(np.array(lam))
        errors = [
            0.01 / np.sqrt(weight_on_data(form, snr))
            for form in ("noise", "data", "velocity", "flow")
        ]
        print(
            f"  {lam:7.0f} {errors[0]:10.4f} {errors[1]:6.4f} {errors[2]:10.4f} {errors[3]:6.4f}"
        )
