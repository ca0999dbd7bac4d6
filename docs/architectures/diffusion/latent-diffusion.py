"""Latent diffusion in numbers: sizes of latents, the scale that fits them to a
schedule, and the decoder's ceiling.
"""

import json
import sys
from pathlib import Path

import numpy as np

# --8<-- [start:sizes]
AUTOENCODERS = {
    "pixels": (1, 3, None, 0.0),
    "Stable Diffusion 1, 2": (8, 4, 0.18215, 0.0),
    "SDXL": (8, 4, 0.13025, 0.0),
    "Stable Diffusion 3": (8, 16, 1.5305, 0.0609),
    "FLUX.1": (8, 16, 0.3611, 0.1159),
    "Sana (DC-AE)": (32, 32, 0.41407, 0.0),
}
"""Name to (shrink of each side, channels, scale, shift), as in the configurations of
the diffusers library.
"""

PARTS = {
    "text encoder": 123_060_480,
    "U-Net": 859_520_964,
    "encoder": 34_163_664,
    "decoder": 49_490_199,
}
"""Parameters of Stable Diffusion 1, counted from its configuration; the one-pixel
layers at the latent belong to encoder and decoder.
"""


def numbers(name, side):
    """How many numbers are diffused for a square image."""
    shrink, channels, *_ = AUTOENCODERS[name]
    return (side // shrink) ** 2 * channels


def to_diffusion(latent, scale, shift=0.0):
    """What the diffusion model sees; `from_diffusion` is applied before decoding."""
    return (latent - shift) * scale


def from_diffusion(z, scale, shift=0.0):
    return z / scale + shift


def fit(latents):
    """Scale and shift that give the training latents mean 0 and variance 1."""
    return 1 / latents.std(), latents.mean()


# --8<-- [end:sizes]


# --8<-- [start:scale]
def stable_diffusion_levels(steps=1000):
    """The scaled linear schedule."""
    alpha_bar = np.cumprod(1 - np.linspace(0.00085**0.5, 0.012**0.5, steps) ** 2)
    return np.sqrt(alpha_bar), np.sqrt(1 - alpha_bar)


def log_snr(alpha, sigma, deviation=1.0):
    """Of latents with this standard deviation: a wrong scale moves the whole schedule
    by 2 log(deviation).
    """
    return 2 * np.log(alpha * deviation / sigma)


def sampled_deviation(alpha, sigma, deviation):
    """Standard deviation of samples that start from unit noise with a perfect network,
    for Gaussian latents.
    """
    return deviation / np.sqrt(alpha[-1] ** 2 * deviation**2 + sigma[-1] ** 2)


# --8<-- [end:scale]


# --8<-- [start:ceiling]
def cosine_basis(size):
    """Orthonormal cosines of rising frequency as columns, `[size, size]`."""
    places = (np.arange(size) + 0.5) / size
    basis = np.cos(np.pi * places[:, None] * np.arange(size)) * np.sqrt(2 / size)
    basis[:, 0] /= np.sqrt(2)
    return basis


def toy_images(count, rng, size=64):
    """Signals in three groups: eight low frequencies that tell the groups apart, and
    faint texture in all.
    """
    low = np.zeros((count, size))
    means = np.random.default_rng(5).normal(size=(3, 8))
    low[:, :8] = means[rng.integers(3, size=count)] + 0.3 * rng.normal(size=(count, 8))
    return (low + 0.05 * rng.normal(size=(count, size))) @ cosine_basis(size).T


def lost(images, kept):
    """Share of the variance that an autoencoder loses which keeps the lowest
    frequencies: nothing brings it back.
    """
    basis = cosine_basis(images.shape[1])[:, :kept]
    rest = images - images @ basis @ basis.T
    return float((rest**2).sum() / ((images - images.mean(0)) ** 2).sum())


# --8<-- [end:ceiling]


# --8<-- [start:spectrum]
def spectrum(falling, size=64):
    """Variance of each cosine, 1 on average: falling as in pictures, or flat."""
    power = (1.0 + np.arange(size)) ** (-2 if falling else 0)
    return power / power.mean()


def known(power, t):
    """Share of a cosine's variance that x_t = (1 - t) x_0 + t eps tells of it."""
    return (1 - t) ** 2 * power / ((1 - t) ** 2 * power + t**2)


def decided(power):
    """The time at which half of it is known."""
    return np.sqrt(power) / (1 + np.sqrt(power))


def least_loss(power):
    """What is left of the loss on the velocity with a perfect network: the integral of
    power / ((1 - t)^2 power + t^2) over all t.
    """
    return np.pi / 2 * np.sqrt(power)


# --8<-- [end:spectrum]


SHOWN = {"coarsest": 0, "4th": 3, "16th": 15, "finest (64th)": 63}


def experiment():
    """Log signal-to-noise ratio of scaled and unscaled latents, and what is known of
    some cosines, for the pictures.
    """
    alpha, sigma = stable_diffusion_levels()
    shown = np.arange(0, 1000, 9)
    curves = {"scaled to 1": 1.0, "unscaled, 1/0.18215": 1 / 0.18215}
    return {
        "t": (shown + 1).tolist(),
        "log_snr": {
            name: log_snr(alpha, sigma, d)[shown].round(3).tolist()
            for name, d in curves.items()
        },
        "time": np.linspace(0, 1, 51).round(2).tolist(),
        "known": {
            name: known(spectrum(True)[k], np.linspace(0, 1, 51)).round(3).tolist()
            for name, k in SHOWN.items()
        }
        | {"all, if flat": known(1.0, np.linspace(0, 1, 51)).round(3).tolist()},
    }


if __name__ == "__main__":
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(experiment()) + "\n", encoding="utf-8"
        )
    print("numbers to diffuse      512 x 512    1024 x 1024   times fewer")
    for name in AUTOENCODERS:
        print(
            f"{name:22s} {numbers(name, 512):10,d} {numbers(name, 1024):14,d} ", end=""
        )
        print(f"{numbers('pixels', 512) / numbers(name, 512):12.0f}")
    print(
        "parameters: "
        + ", ".join(f"{name} {count / 1e6:.1f} M" for name, count in PARTS.items())
    )
    alpha, sigma = stable_diffusion_levels()
    print(
        "latents' deviation     steps with more noise than signal    deviation of the samples"
    )
    for deviation in (1.0, 1 / 0.18215):
        noisy = (log_snr(alpha, sigma, deviation) < 0).mean()
        print(
            f"{deviation:14.2f} {noisy:31.0%} {sampled_deviation(alpha, sigma, deviation):32.2f}"
        )
    images = toy_images(2000, np.random.default_rng(0))
    shares = ", ".join(f"{kept}: {lost(images, kept):.2%}" for kept in (4, 8, 16, 32))
    print(f"variance lost for good, by numbers kept of 64: {shares}")
    falling, flat = spectrum(True), spectrum(False)
    times = ", ".join(f"{name} {decided(falling[k]):.2f}" for name, k in SHOWN.items())
    print(f"half known at t: {times}; flat: {decided(1.0):.2f}")
    coarse = [least_loss(p)[:8].sum() / least_loss(p).sum() for p in (falling, flat)]
    print(
        "share of the 8 coarsest in the least loss: "
        f"{coarse[0]:.0%} if falling, {coarse[1]:.0%} if flat"
    )
