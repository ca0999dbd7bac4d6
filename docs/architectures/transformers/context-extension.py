"""Context extension in NumPy: four ways of slowing RoPE's rotations down, pair by pair."""

import json
import sys
from pathlib import Path

import numpy as np


# --8<-- [start:methods]
def frequencies(d_h, base=10_000.0):
    return base ** (-np.arange(0, d_h, 2) / d_h)


def interpolation(d_h, base, scale):
    """Position interpolation: every pair slower by the scale, as if positions were divided."""
    return frequencies(d_h, base) / scale


def ntk_aware(d_h, base, scale):
    """A larger base, chosen so that the slowest pair is slowed by the scale and the fastest not at all."""
    return frequencies(d_h, base * scale ** (d_h / (d_h - 2)))


def yarn(d_h, base, scale, context, fast=32, slow=1):
    """Pairs with more than `fast` turns in the old context stay, those with fewer than `slow` are slowed in full.

    Between, by a ramp over the pairs' numbers. Source: the paper's section 3.2 and transformers 5.23.
    """

    def pair_with(turns):
        return d_h * np.log(context / (turns * 2 * np.pi)) / (2 * np.log(base))

    low, high = max(np.floor(pair_with(fast)), 0), min(np.ceil(pair_with(slow)), d_h - 1)
    slowed = np.clip((np.arange(d_h // 2) - low) / (high - low), 0, 1)
    return frequencies(d_h, base) * (1 - slowed + slowed / scale)


def llama3(d_h, base, scale, context, low=1, high=4):
    """Llama 3.1: the same idea with a ramp over wavelengths, from context / high to context / low."""
    f = frequencies(d_h, base)
    kept = np.clip((context * f / (2 * np.pi) - low) / (high - low), 0, 1)
    return f * (kept + (1 - kept) / scale)


def yarn_temperature(scale):
    """YaRN multiplies queries and keys by this each, which sharpens the softmax for longer texts."""
    return 0.1 * np.log(scale) + 1


# --8<-- [end:methods]


# --8<-- [start:unseen]
def unseen(new, old, context, length):
    """Pairs that within `length` meet angles they never met within `context` at their old speed."""
    reached = np.minimum(new * length, 2 * np.pi)
    known = np.minimum(old * context, 2 * np.pi)
    return int((reached > known * (1 + 1e-9)).sum())


# --8<-- [end:unseen]

SETTING = {"d_h": 128, "base": 10_000.0, "scale": 8.0}
CONTEXT = 4096


def methods():
    return {
        "unchanged": frequencies(SETTING["d_h"], SETTING["base"]),
        "interpolation": interpolation(**SETTING),
        "NTK-aware": ntk_aware(**SETTING),
        "YaRN": yarn(**SETTING, context=CONTEXT),
        "Llama 3.1's": llama3(**SETTING, context=CONTEXT),
    }


def experiment():
    made = methods()
    old = made["unchanged"]
    return {name: (old / new).round(4).tolist() for name, new in made.items() if name != "unchanged"}


if __name__ == "__main__":
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(json.dumps(experiment()) + "\n", encoding="utf-8")
    made = methods()
    old = made["unchanged"]
    print("head size 128, base 10,000, trained at 4,096 tokens, read at 32,768")
    print(f"{'':<15}{'slowed: pair 0':>15}{'pair 30':>9}{'pair 63':>9}{'pairs with unseen angles':>27}")
    for name, new in made.items():
        s = old / new
        print(f"{name:<15}{s[0]:>15.2f}{s[30]:>9.2f}{s[63]:>9.2f}{unseen(new, old, CONTEXT, 8 * CONTEXT):>27}")
    sharper = yarn_temperature(8)
    print(f"\nYaRN's factor on queries and keys, scale 8: {sharper:.3f}; on scores {sharper**2:.3f}")
