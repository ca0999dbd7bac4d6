"""Every formula of the site, in one place: sizes, caches and states, compute, and tokens of images and sound.

Counts are numbers of parameters or of stored numbers; sizes in bytes follow by `bytes_of`. A model is described by the
parts of `layers`, so that a number on a page, a table and a calculator comes from the same sum.
"""

from archdata.formulas.attention import (
    Attention,
    BidirectionalAttention,
    CompressedAttention,
    CrossAttention,
    LatentAttention,
)
from archdata.formulas.compute import (
    activations_per_token,
    arithmetic_intensity,
    checkpointed_activations_per_token,
    experts_touched,
    flops_per_token,
    layer_activations,
    optimiser_bytes,
    prefill_flops,
    roofline_seconds,
    training_flops,
    weights_read,
)
from archdata.formulas.feed_forward import Experts, FeedForward
from archdata.formulas.layers import Decoder, Layer, Norm, bytes_of
from archdata.formulas.reach import Mixer, Reach
from archdata.formulas.recurrent import (
    GatedDelta,
    GatedLinearRecurrence,
    KimiDelta,
    Lightning,
    Mamba,
    Mamba2,
    MatrixLstm,
    Parallel,
    Rwkv7,
    SharedBlock,
    ShortConvolution,
)
from archdata.formulas.scaling import LAWS, LossLaw, effective_tokens
from archdata.formulas.tokens import (
    anyres_image_tokens,
    audio_positions,
    best_tiles,
    codec_tokens,
    convolved_positions,
    fitted_image_tokens,
    image_tokens,
    latent_video_tokens,
    native_image_tokens,
    native_size,
    tiled_image_tokens,
    video_tokens,
)
from archdata.formulas.vision import Projector, VisionTower

__all__ = [
    "LAWS",
    "Attention",
    "BidirectionalAttention",
    "CompressedAttention",
    "CrossAttention",
    "Decoder",
    "Experts",
    "FeedForward",
    "GatedDelta",
    "GatedLinearRecurrence",
    "KimiDelta",
    "LatentAttention",
    "Layer",
    "Lightning",
    "LossLaw",
    "Mamba",
    "Mamba2",
    "MatrixLstm",
    "Mixer",
    "Norm",
    "Parallel",
    "Projector",
    "Reach",
    "Rwkv7",
    "SharedBlock",
    "ShortConvolution",
    "VisionTower",
    "activations_per_token",
    "anyres_image_tokens",
    "arithmetic_intensity",
    "audio_positions",
    "best_tiles",
    "bytes_of",
    "checkpointed_activations_per_token",
    "codec_tokens",
    "convolved_positions",
    "effective_tokens",
    "experts_touched",
    "fitted_image_tokens",
    "flops_per_token",
    "image_tokens",
    "latent_video_tokens",
    "layer_activations",
    "native_image_tokens",
    "native_size",
    "optimiser_bytes",
    "prefill_flops",
    "roofline_seconds",
    "tiled_image_tokens",
    "training_flops",
    "video_tokens",
    "weights_read",
]
