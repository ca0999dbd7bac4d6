"""Compute: operations, the bytes they need, and how long an accelerator takes for them."""

from __future__ import annotations

import math

from archdata.formulas.attention import Attention
from archdata.formulas.feed_forward import Experts, FeedForward
from archdata.formulas.layers import Decoder, Layer, bytes_of


def flops_per_token(decoder: Decoder, context: int) -> int:
    """Operations of one forward pass for the token that follows `context` tokens.

    Two for each parameter that is multiplied, and those of mixing with the context, which grow with its length where
    attention is not windowed. Source of the accounting: Kaplan et al., arXiv 2001.08361, section 2.1.
    """
    return 2 * decoder.multiplied_parameters + sum(layer.mixing_flops(context) for layer in decoder.layers)


def mixing_share(decoder: Decoder, context: int) -> float:
    """The share of mixing with the context in the operations for a token that sees `context` positions, from 0 to 1.

    The rest is two operations for each parameter that is multiplied.
    """
    mixing = sum(layer.mixing_flops(context) for layer in decoder.layers)
    return mixing / (2 * decoder.multiplied_parameters + mixing)


def prefill_flops(decoder: Decoder, tokens: int) -> int:
    """Operations of one forward pass over a whole prompt: token t attends to t positions, itself included.

    Latent attention is counted in its expanded form, the cheaper one here.
    """
    mixing = sum(
        mixer.steady_flops * tokens + sum(reach.summed(tokens) for reach in mixer.prompt_work)
        for mixer in decoder.mixers
    )
    return 2 * decoder.multiplied_parameters * tokens + mixing


def training_flops(parameters: int, tokens: int) -> int:
    """Operations of training: six for each parameter and token (forward two, backward four), attention left out.

    `parameters` are those used for a token. Source: Kaplan et al., arXiv 2001.08361, section 2.1.
    """
    return 6 * parameters * tokens


def training_flops_per_token(decoder: Decoder, length: int) -> float:
    """Operations of training for one token of sequences of `length`: forward once, backward twice, attention included.

    Each token attends to those before it, half of all pairs. Accounts that take all pairs, as that of PaLM
    (arXiv 2204.02311, appendix B: 6 N + 12 L H d_h T), come to twice the part of attention.
    """
    return 3 * prefill_flops(decoder, length) / length


def arithmetic_intensity(flops: float, bytes_read: float) -> float:
    """Operations for each byte read; below the hardware's ratio of compute to bandwidth, memory sets the pace."""
    return flops / bytes_read


def roofline_seconds(flops: float, bytes_read: float, peak: float, bandwidth: float) -> float:
    """Shortest time, with computing (peak, operations a second) and reading (bandwidth, bytes a second) overlapped.

    Source: Williams, Waterman and Patterson, "Roofline: An Insightful Visual Performance Model", 2009.
    """
    return max(flops / peak, bytes_read / bandwidth)


def experts_touched(experts: int, chosen: int, tokens: int) -> float:
    """Expected number of a layer's experts that at least one of `tokens` tokens uses, routing being even.

    An expert is missed by one token with probability 1 - k/E, by all of them with that to the power of the tokens.
    """
    return experts * (1 - (1 - chosen / experts) ** tokens)


def choose(things: int, chosen: int) -> int:
    """How many sets of `chosen` there are among so many things.

    Raises `ValueError` for more than 10,000 things, which no router has.
    """
    if things > 10_000:
        raise ValueError("there are more than 10,000 things to choose from")
    return math.comb(things, chosen)


def granularity(width: int, expert_width: int) -> float:
    """How thin experts are: 2 d / d_e for a model of width d. Others count 4 d / d_e (`krajewski2024scaling`).

    Source: `tian2025greater`.
    """
    return 2 * width / expert_width


def weights_read(decoder: Decoder, tokens: int) -> float:
    """Parameters read for one step over `tokens` tokens: all but tables' rows and the experts nobody chose."""
    read = float(decoder.multiplied_parameters)
    for layer in decoder.layers:
        if isinstance(layer.ffn, Experts):
            touched = experts_touched(layer.ffn.count, layer.ffn.chosen, tokens)
            read += (touched - layer.ffn.chosen) * layer.ffn.one(decoder.width)
    return read


def bytes_to_write(decoder: Decoder, tokens: int, texts: int = 1) -> float:
    """Bytes read, in bf16, to write `tokens` tokens of each of `texts` texts at once, from nothing on.

    Every step reads once the weights that a token of each text needs, and the caches of all texts, which are half as
    long on average as at the end.
    """
    weights = bytes_of(weights_read(decoder, texts), "bf16")
    return tokens * (weights + texts * bytes_of(decoder.cached(tokens), "bf16") / 2)


def activations_per_token(decoder: Decoder) -> int:
    """Numbers kept for the backward pass, for each token of a batch, without the output projection's logits.

    Counted for fused attention and norms, which keep their inputs only: for each layer the inputs of two norms and of
    the two groups of projections (4d), queries and attention's output (2 H d_h), keys and values (2 G d_h), and in the
    feed-forward part all inner vectors: one for each matrix (gate, up and their product, or the inner vector before and
    after the activation). Of experts only those chosen count.

    Raises `ValueError` for layers that are not softmax attention with a feed-forward part.
    """
    return sum(layer_activations(layer, decoder.width) for layer in decoder.layers)


def layer_activations(layer: Layer, width: int) -> int:
    """The same for one layer.

    Raises `ValueError` for a layer that is not softmax attention with a feed-forward part.
    """
    mixer, ffn = layer.mixer, layer.ffn
    if type(mixer) is not Attention or mixer.shared or ffn is None or layer.extra:
        raise ValueError("activations are counted for attention with a feed-forward part only")
    values = mixer.value_size or mixer.head_size
    queries, keys = mixer.heads * (mixer.head_size + values), mixer.kv_heads * (mixer.head_size + values)
    total = 4 * width + queries + keys
    if isinstance(ffn, FeedForward):
        return total + ffn.matrices * ffn.inner
    shared = ffn.shared.matrices * ffn.shared.inner if ffn.shared else 0
    return total + ffn.chosen * ffn.expert.matrices * ffn.expert.inner + shared


def checkpointed_activations_per_token(decoder: Decoder) -> int:
    """The same with every layer's input kept and the rest computed again: one vector a layer, and one layer in full."""
    return decoder.width * len(decoder.layers) + activations_per_token(decoder) // len(decoder.layers)


def optimiser_bytes(parameters: int) -> int:
    """Bytes for training in mixed precision with Adam: bf16 weights and gradients, fp32 weights and two moments.

    2 + 2 + 4 + 4 + 4 = 16 bytes each. Source: Rajbhandari et al., "ZeRO", arXiv 1910.02054.
    """
    return 16 * parameters
