"""Compute: operations for a token and how many of them a byte read from memory is used for."""

from __future__ import annotations

from archdata.formulas.layers import Decoder


def flops_per_token(decoder: Decoder, context: int) -> int:
    """Operations of one forward pass for the token that follows `context` tokens.

    Two for each parameter that is multiplied, and those of mixing with the context, which grow with its length where
    attention is not windowed. Source of the accounting: Kaplan et al., arXiv 2001.08361, section 2.1.
    """
    return 2 * decoder.multiplied_parameters + sum(layer.mixer.mixing_flops(context) for layer in decoder.layers)


def training_flops(parameters: int, tokens: int) -> int:
    """Operations of training: six for each parameter and token (forward two, backward four), attention left out.

    `parameters` are those used for a token. Source: Kaplan et al., arXiv 2001.08361, section 2.1.
    """
    return 6 * parameters * tokens


def arithmetic_intensity(flops: float, bytes_read: float) -> float:
    """Operations for each byte read; below the hardware's ratio of compute to bandwidth, memory sets the pace."""
    return flops / bytes_read
