"""Speculative decoding: how many tokens a pass yields, and how much faster that is."""

from __future__ import annotations


def tokens_per_pass(kept: float, drafted: int) -> float:
    """Expected tokens of one pass of the target, if each of `drafted` is kept with the same chance, one after another.

    1 + a + … + a^k, which is (1 - a^(k+1)) / (1 - a). Source: `leviathan2022fast`.
    """
    return float(sum(kept**place for place in range(drafted + 1)))


def speculative_gain(kept: float, drafted: int, draft: float) -> float:
    """How many times faster: tokens of a pass over its cost, the target's pass being as dear as a plain step.

    `draft` is the cost of drafting one token, in plain steps of the target. Source: `leviathan2022fast`.
    """
    return tokens_per_pass(kept, drafted) / (1 + drafted * draft)
