"""The evidence lower bound term by term, the reparameterised gradient, and collapse in
a model solved exactly.
"""

import json
import sys
from pathlib import Path

import numpy as np


# --8<-- [start:elbo]
def kl_to_prior(mean, log_var):
    """KL divergence of N(mean, exp(log_var)) from N(0, I), summed over the latent's
    coordinates.
    """
    return 0.5 * (np.exp(log_var) + mean**2 - 1 - log_var).sum(-1)


def elbo(x, encode, decode, noise_var, eps, beta=1.0):
    """Lower bound on log p(x), with one sample for each x: reconstruction minus beta ×
    KL.
    """
    mean, log_var = encode(x)
    # the reparameterisation: randomness outside, gradient through mean and var
    z = mean + np.exp(log_var / 2) * eps
    error = ((x - decode(z)) ** 2).sum(-1)
    reconstruction = -0.5 * (
        error / noise_var + x.shape[-1] * np.log(2 * np.pi * noise_var)
    )
    return reconstruction - beta * kl_to_prior(mean, log_var)


# --8<-- [end:elbo]


# --8<-- [start:terms]
def gaussian_kl(mean, var, other_mean, other_var):
    """KL divergence of N(mean, var) from N(other_mean, other_var), for one
    coordinate.
    """
    return 0.5 * (
        np.log(other_var / var) + (var + (mean - other_mean) ** 2) / other_var - 1
    )


def exact_terms(x, mean, var, gain, noise_var):
    """Every term of the bound for the scalar model z ~ N(0, 1), x ~ N(gain z,
    noise_var) and q = N(mean, var).

    reconstruction - divergence + gap = log p(x), whatever q.
    """
    error = (x - gain * mean) ** 2 + gain**2 * var  # the expected square under q
    total = gain**2 + noise_var
    return {
        "reconstruction": -0.5 * (np.log(2 * np.pi * noise_var) + error / noise_var),
        "divergence": gaussian_kl(mean, var, 0.0, 1.0),
        # to the true posterior
        "gap": gaussian_kl(mean, var, gain * x / total, noise_var / total),
        "log p": -0.5 * (np.log(2 * np.pi * total) + x**2 / total),
    }


# --8<-- [end:terms]


# --8<-- [start:gradients]
def two_gradients(mean, std, f, df, count, rng):
    """Estimates of d/dmean E[f(z)], z ~ N(mean, std²): through the sample, and through
    the log-probability.
    """
    eps = rng.normal(size=count)
    z = mean + std * eps
    return df(z), f(z) * eps / std


# --8<-- [end:gradients]


# --8<-- [start:collapse]
def linear_vae(eigenvalues, noise_var, beta=1.0):
    """The best linear VAE for data with these covariance eigenvalues, direction by
    direction.

    A direction is used only where its variance exceeds beta × noise_var. Returns the
    decoder's gain, the posterior's variance and the KL of each direction; gain 0,
    variance 1 and KL 0 is a collapsed one.
    """
    floor = beta * noise_var
    gain = np.sqrt(np.maximum(eigenvalues - floor, 0))
    variance = floor / (gain**2 + floor)
    slope = gain / (gain**2 + floor)  # posterior mean for one unit of data
    return (
        gain,
        variance,
        0.5 * (variance + slope**2 * eigenvalues - 1 - np.log(variance)),
    )


# --8<-- [end:collapse]


# --8<-- [start:beta]
def beta_of(numbers, latents, weight=1.0, error="sum", divergence="sum"):
    """The beta (at noise variance 1/2) of a loss `error + weight × divergence`, by
    whether each is summed or averaged over its own numbers.
    """
    return (
        weight
        * (numbers if error == "mean" else 1)
        / (latents if divergence == "mean" else 1)
    )


def blobs(count, side, rng):
    """Pictures in [0, 1]: a round spot at a random place."""
    axis = np.arange(side)
    where = rng.uniform(0, side, size=(count, 2, 1))
    x, y = np.exp(-((axis - where) ** 2) / (side / 2)).transpose(1, 0, 2)
    return (y[:, :, None] * x[:, None]).reshape(count, -1)


# --8<-- [end:beta]


SPECTRUM = 4.0 * 0.6 ** np.arange(12)


def experiment():
    betas = [0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0]
    rows = []
    for beta in betas:
        gain, _, divergence = linear_vae(SPECTRUM, 0.1, beta)
        rows.append([beta, int((gain > 0).sum()), round(float(divergence.sum()), 4)])
    return rows


if __name__ == "__main__":
    rows = experiment()
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(
            json.dumps({"rows": rows}) + "\n", encoding="utf-8"
        )
    print(
        "x = 1.2, gain 1.5, noise variance 0.4: reconstruction - divergence + gap = log p"
    )
    for name, mean, var in (
        ("true posterior", 1.8 / 2.65, 0.4 / 2.65),
        ("too sure", 1.8 / 2.65, 0.02),
        ("prior", 0, 1),
    ):
        terms = exact_terms(1.2, mean, var, 1.5, 0.4)
        print(f"  {name:15s}", "  ".join(f"{value:6.3f}" for value in terms.values()))
    through, by_log = two_gradients(
        1.0, 0.5, lambda z: z**2, lambda z: 2 * z, 100_000, np.random.default_rng(0)
    )
    print("gradient of E[z²] at mean 1 (exact: 2)")
    print(
        f"  through the sample          {through.mean():.3f}, spread of one sample {through.std():6.2f}"
    )
    print(
        f"  through the log-probability {by_log.mean():.3f}, spread of one sample {by_log.std():6.2f}"
    )
    print("linear VAE, 12 directions, noise variance 0.1: directions used by beta")
    print("  " + ", ".join(f"{beta:g}: {used}" for beta, used, _ in rows))
    pictures = blobs(4000, 12, np.random.default_rng(1))
    spectrum = np.linalg.eigvalsh(np.cov(pictures.T))[::-1]
    print(f"12 × 12 pixels, variances of directions: {np.round(spectrum[:3], 2)} …")
    for error in ("sum", "mean"):
        beta = beta_of(144, 16, error=error)
        used = (linear_vae(spectrum, 0.5, beta)[0] > 0).sum()
        print(
            f"  {error:4s} of squared errors: beta {beta:3.0f}, directions used {used}"
        )
