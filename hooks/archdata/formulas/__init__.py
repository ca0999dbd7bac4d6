"""Every formula of the site, in one place: sizes, caches and states, compute, and tokens of images and sound.

Counts are numbers of parameters or of stored numbers; sizes in bytes follow by `bytes_of`. A model is described by the
parts of `layers`, so that a number on a page, a table and a calculator comes from the same sum.
"""

from archdata.formulas.compute import (
    activations_per_token,
    arithmetic_intensity,
    checkpointed_activations_per_token,
    experts_touched,
    flops_per_token,
    optimiser_bytes,
    prefill_flops,
    roofline_seconds,
    training_flops,
    weights_read,
)
from archdata.formulas.layers import (
    Attention,
    Decoder,
    Experts,
    FeedForward,
    GatedDelta,
    LatentAttention,
    Layer,
    Mamba,
    Mamba2,
    Norm,
    bytes_of,
)
from archdata.formulas.scaling import LAWS, LossLaw, effective_tokens
from archdata.formulas.tokens import audio_positions, image_tokens

__all__ = [
    "LAWS",
    "Attention",
    "Decoder",
    "Experts",
    "FeedForward",
    "GatedDelta",
    "LatentAttention",
    "Layer",
    "LossLaw",
    "Mamba",
    "Mamba2",
    "Norm",
    "activations_per_token",
    "arithmetic_intensity",
    "audio_positions",
    "bytes_of",
    "checkpointed_activations_per_token",
    "effective_tokens",
    "experts_touched",
    "flops_per_token",
    "image_tokens",
    "optimiser_bytes",
    "prefill_flops",
    "roofline_seconds",
    "training_flops",
    "weights_read",
]
