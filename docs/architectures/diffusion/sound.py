"""Music and sound: what three minutes cost in each design, hidden states laid onto the
times of latents, and how windows of a long piece are joined.
"""

import json
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np


# --8<-- [start:aligned]
def aligned(states, logits, frames_a_second, latents_a_second):
    """One condition for each latent. states: frames × layers × d, hidden states that a
    language model had while it wrote each frame. They are mixed with one softmax
    weight for each layer; each latent takes the frame that sounds at its time.
    """
    weights = np.exp(logits - logits.max())
    mixed = np.einsum("fld,l->fd", states, weights / weights.sum())
    latents = int(len(mixed) * latents_a_second / frames_a_second)
    return mixed[np.arange(latents) * len(mixed) // latents]


# --8<-- [end:aligned]


# --8<-- [start:windows]
def tone(n, life=200, period=23):
    """Covariance of a toy latent: a tone of one pitch that slowly loses its phase."""
    lag = np.abs(np.subtract.outer(np.arange(n), np.arange(n)))
    return np.exp(-lag / life) * np.cos(2 * np.pi * lag / period) + 1e-3 * (lag == 0)


def window(cov, known, steps, how):
    """A window with an exact denoiser whose first `known` latents overlap the window
    before. Everything is linear, so instead of samples the function carries the two
    matrices that map known latents and fresh noise to the result.
    """
    n = len(cov)
    noise = np.eye(n, known + n, k=known)
    past = np.eye(n, known + n)
    past[known:] = 0
    gain = np.linalg.solve(cov[:known, :known], cov[:known]).T
    mean = gain @ past[:known] if how == "as a condition" else np.zeros_like(noise)
    spread = cov - gain @ cov[:known] if how == "as a condition" else cov
    x, times = noise, np.linspace(1, 0, steps + 1)
    for t, s in pairwise(times):
        if how == "put in at every step":
            x = np.concatenate([((1 - t) * past + t * noise)[:known], x[known:]])
        left = x - (1 - t) * mean
        level = (1 - t) ** 2 * spread + t**2 * np.eye(n)
        clean = mean + (1 - t) * spread @ np.linalg.solve(level, left)
        x = x + (s - t) * (x - clean) / t
    return x


# --8<-- [end:windows]


def joined(cov, known, steps, how):
    """Power of each new latent, and its correlation with the last one before it."""
    maps = window(cov, known, steps, how)
    start = np.eye(known + len(cov))
    start[:known, :known] = cov[:known, :known]
    both = maps @ start
    power = np.einsum("ij,ij->i", both, maps)
    link = both[:, known - 1] / np.sqrt(np.maximum(power, 1e-9) * cov[0, 0])
    return power[known:], link[known:]


WAYS = ("not at all", "put in at every step", "as a condition")
MINUTES = 3


def budget():
    """Positions and passes for three minutes: name, how many, of what, passes of it."""
    seconds = 60 * MINUTES
    windows = (25 * seconds - 100) // 100
    return [
        ("MusicGen", 50 * seconds + 3, "steps of a language model, 4 codes each", 2),
        ("MiniMax Music 3", 25 * seconds, "steps of a language model", 2),
        ("  its depth decoder", 7 * 25 * seconds, "codes after the first", 2),
        ("  its flow", windows * 689, "latents in overlapping windows", 60),
        ("ACE-Step 1.5, turbo", 25 * seconds // 2, "pairs of latents", 8),
        ("Stable Audio 3", 44100 * seconds // 4096 + 64, "latents and memory", 8),
    ]


def main():
    cov = tone(64)
    curves = {"truth": cov[16:, 15].tolist()}
    for how in WAYS[1:]:
        curves[how] = joined(cov, 16, 400, how)[1].tolist()
    if "--data" in sys.argv:
        rounded = {name: np.round(curve, 4).tolist() for name, curve in curves.items()}
        Path(__file__).with_suffix(".json").write_text(
            json.dumps({"link": rounded}) + "\n", encoding="utf-8"
        )
    print(f"{MINUTES} minutes of music")
    for name, count, what, passes in budget():
        print(f"  {name:20s}{count:7,d} {what:41s}× {passes:2d} passes")
    rng = np.random.default_rng(0)
    states = rng.normal(size=(200, 8, 4))
    laid = aligned(states, np.zeros(8), 25, 44100 / 512)
    print(
        f"200 frames of 40 ms, {44100 / 512:.2f} latents a second: {len(laid)} latents"
    )
    print("a window joined to the one before; its latents one period after the seam")
    print(
        "  the overlap is given           overlap  power  correlation with the last known"
    )
    for how in WAYS:
        for known in (16,) if how != WAYS[1] else (4, 16, 128):
            power, link = joined(tone(48 + known), known, 400, how)
            print(f"  {how:31s}{known:7d}{power[22]:7.2f}{link[22]:13.2f}")
    print(f"  {'truth':38s}{cov[0, 0]:7.2f}{cov[0, 23]:13.2f}")
    for steps in (30, 400):
        power, link = joined(cov, 16, steps, WAYS[1])
        at = f"power {power[22]:.2f}, correlation {link[22]:.2f}"
        print(f"  put in at every step, {steps:3d} steps: {at}")


if __name__ == "__main__":
    main()
