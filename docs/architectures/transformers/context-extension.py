"""Context extension in NumPy: four ways of slowing RoPE's rotations down,
pair by pair.
"""

import json
import sys
from pathlib import Path

import numpy as np

CONTEXT = 4096


# --8<-- [start:methods]
def frequencies(d_h, base=10_000.0):
    return base ** (-np.arange(0, d_h, 2) / d_h)


def interpolation(d_h, base, scale):
    """Position interpolation: every pair slower by the scale, as if positions were
    divided.
    """
    return frequencies(d_h, base) / scale


def ntk_aware(d_h, base, scale):
    """A larger base, chosen so that the slowest pair is slowed by the scale and the
    fastest not at all.
    """
    return frequencies(d_h, base * scale ** (d_h / (d_h - 2)))


def yarn(d_h, base, scale, context, fast=32, slow=1):
    """Pairs with more than `fast` turns in the old context stay, those with fewer than
    `slow` are slowed in full.

    Between, by a ramp over the pairs' numbers. Source: the paper's section 3.2 and
    transformers 5.23.
    """

    def pair_with(turns):
        return d_h * np.log(context / (turns * 2 * np.pi)) / (2 * np.log(base))

    low, high = (
        max(np.floor(pair_with(fast)), 0),
        min(np.ceil(pair_with(slow)), d_h - 1),
    )
    slowed = np.clip((np.arange(d_h // 2) - low) / (high - low), 0, 1)
    return frequencies(d_h, base) * (1 - slowed + slowed / scale)


def llama3(d_h, base, scale, context, low=1, high=4):
    """Llama 3.1: the same idea with a ramp over wavelengths, from context / high to
    context / low.
    """
    f = frequencies(d_h, base)
    kept = np.clip((context * f / (2 * np.pi) - low) / (high - low), 0, 1)
    return f * (kept + (1 - kept) / scale)


def yarn_temperature(scale):
    """YaRN multiplies queries and keys by this each, which sharpens the softmax for
    longer texts.
    """
    return 0.1 * np.log(scale) + 1


# --8<-- [end:methods]


# --8<-- [start:unseen]
def unseen(new, old, context, length):
    """Pairs that within `length` meet angles they never met within `context` at their
    old speed.
    """
    reached = np.minimum(new * length, 2 * np.pi)
    known = np.minimum(old * context, 2 * np.pi)
    return int((reached > known * (1 + 1e-9)).sum())


# --8<-- [end:unseen]


# --8<-- [start:sharpen]
def yarn_sharpens(tokens, context=CONTEXT):
    """Factor on the scores at YaRN's scale of tokens / context."""
    return yarn_temperature(np.maximum(tokens / context, 1)) ** 2


def llama4_sharpens(tokens, step=8192, rate=0.1):
    """In its layers without positions: a stair, one for each 8,192 tokens, of falling
    height.
    """
    return 1 + rate * np.log1p(np.floor(tokens / step))


def beam_sharpens(tokens, step=2048, power=0.1):
    """On the queries of Beam's layers without positions: a slow power of the length."""
    return (1 + tokens / step) ** power


def ssmax(tokens, scale, bias=0.0):
    """Scalable softmax; Mistral Large 4 learns both numbers for each head."""
    return scale * np.log(tokens) + bias


def weight(margin, tokens, factor=1.0):
    """Of one token whose score is `margin` above that of all others."""
    return 1 / (1 + (tokens - 1) * np.exp(-factor * margin))


# --8<-- [end:sharpen]

SETTING = {"d_h": 128, "base": 10_000.0, "scale": 8.0}


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
    tokens = np.round(2 ** np.arange(12, 20.01, 0.25))
    weights = {
        name: values.round(4).tolist() for name, values in sharpened(tokens).items()
    }
    return {
        "slowed": {
            name: (old / new).round(4).tolist()
            for name, new in made.items()
            if name != "unchanged"
        },
        "sharpened": {"tokens": tokens.astype(int).tolist(), **weights},
    }


MARGIN = float(np.log(9 * (CONTEXT - 1)))  # weight 0.9 at the length of training


def sharpened(tokens):
    """Weight of a token that has 0.9 at 4,096 tokens, at other lengths, by
    five rules.
    """
    factors = {
        "plain": 1.0,
        "Llama 4's": llama4_sharpens(tokens),
        "YaRN's": yarn_sharpens(tokens),
        "SSMax": ssmax(tokens, 1 / np.log(CONTEXT)),
        "Beam's": beam_sharpens(tokens) / beam_sharpens(CONTEXT),
    }
    return {name: weight(MARGIN, tokens, factor) for name, factor in factors.items()}


if __name__ == "__main__":
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(experiment()) + "\n", encoding="utf-8"
        )
    made = methods()
    old = made["unchanged"]
    print("head size 128, base 10,000, trained at 4,096 tokens, read at 32,768")
    print(
        f"{'':<15}{'slowed: pair 0':>15}{'pair 30':>9}{'pair 63':>9}{'pairs with unseen angles':>27}"
    )
    for name, new in made.items():
        s = old / new
        print(
            f"{name:<15}{s[0]:>15.2f}{s[30]:>9.2f}{s[63]:>9.2f}{unseen(new, old, CONTEXT, 8 * CONTEXT):>27}"
        )
    lengths = 2 ** np.arange(12, 22, 3)
    print(
        f"\n{'weight of a token that has 0.9 at 4,096, at':<48}"
        + "".join(f"{t:>10,}" for t in lengths)
    )
    for name, weights in sharpened(lengths).items():
        print(f"{name:<48}" + "".join(f"{w:>10.3f}" for w in weights))
    sharper = yarn_temperature(8)
    print(
        f"\nYaRN's factor on queries and keys, scale 8: {sharper:.3f}; on scores {sharper**2:.3f}"
    )
