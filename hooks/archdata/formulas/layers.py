"""What a decoder is made of: parameters, cache and state of each part.

Symbols as on the site's notation page: d is the width, H and G count query and key-value heads, d_h is a head's size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

BYTES = {
    "fp32": Fraction(4),
    "bf16": Fraction(2),
    "fp16": Fraction(2),
    "fp8": Fraction(1),
    "int8": Fraction(1),
    "int4": Fraction(1, 2),
}
"""Bytes of one number in each format, without scales and zero points of quantised formats."""


def bytes_of(numbers: int, dtype: str) -> float:
    """Bytes that `numbers` numbers take in a format.

    Raises `KeyError` for a format that is not in `BYTES`.
    """
    return float(numbers * BYTES[dtype])


@dataclass(frozen=True)
class Norm:
    """Layer normalisation: a scale, and a bias where the design has one; a scale-free norm has neither."""

    bias: bool = False
    scale: bool = True

    def parameters(self, width: int) -> int:
        return width * (self.scale + self.bias)


@dataclass(frozen=True)
class Attention:
    """Softmax attention with H query heads and G key-value heads of size d_h.

    Parameters: (H + 2G) d_h d for queries, keys and values, H d_h d for the output; biases, a norm on queries and keys,
    one sink logit for each head and an output gate are counted where the design has them.
    """

    heads: int
    kv_heads: int
    head_size: int
    qkv_bias: bool = False
    out_bias: bool = False
    qk_norm: str = ""
    """"head": one scale of size d_h for queries and one for keys; "full": over all heads together."""
    sinks: bool = False
    gate: bool = False
    """An output gate as wide as the queries, made by widening the query projection."""
    window: int | None = None
    """Only that many of the latest tokens are attended to and cached."""

    def parameters(self, width: int) -> int:
        queries, keys = self.heads * self.head_size, self.kv_heads * self.head_size
        projections = width * (queries * (2 if self.gate else 1) + 2 * keys) + queries * width
        biases = (queries + 2 * keys) * self.qkv_bias + width * self.out_bias
        norms = {"": 0, "head": 2 * self.head_size, "full": queries + keys}[self.qk_norm]
        return projections + biases + norms + self.heads * self.sinks

    @property
    def cached_per_token(self) -> int:
        """Numbers kept for each token: a key and a value for each key-value head."""
        return 2 * self.kv_heads * self.head_size

    @property
    def state(self) -> int:
        return 0

    def cached(self, tokens: int) -> int:
        return self.cached_per_token * min(tokens, self.window or tokens)

    def mixing_flops(self, context: int) -> int:
        """Multiplications and additions of scores and weighted sum for one token, two for each pair of numbers."""
        return 4 * self.heads * self.head_size * min(context, self.window or context)


@dataclass(frozen=True)
class LatentAttention:
    """Multi-head latent attention: keys and values from one latent of size d_c, with a separate rotary key.

    Source: DeepSeek-V2 (arXiv 2405.04434), section 2.1, and its published model code. The cache holds the latent
    and the rotary key, d_c + d_r numbers a token and layer, whatever the number of heads.
    """

    heads: int
    latent: int
    rope_size: int
    nope_size: int
    value_size: int
    query_latent: int | None = None

    def parameters(self, width: int) -> int:
        key = self.nope_size + self.rope_size
        if self.query_latent:
            queries = width * self.query_latent + self.query_latent + self.query_latent * self.heads * key
        else:
            queries = width * self.heads * key
        down = width * (self.latent + self.rope_size) + self.latent
        up = self.latent * self.heads * (self.nope_size + self.value_size)
        return queries + down + up + self.heads * self.value_size * width

    @property
    def cached_per_token(self) -> int:
        return self.latent + self.rope_size

    @property
    def state(self) -> int:
        return 0

    def cached(self, tokens: int) -> int:
        return self.cached_per_token * tokens

    def mixing_flops(self, context: int) -> int:
        """In the absorbed form, in which each head attends to the latent itself."""
        return 2 * self.heads * (2 * self.latent + self.rope_size) * context


@dataclass(frozen=True)
class Mamba:
    """A selective state-space block.

    Source: the published implementation (state-spaces/mamba, mamba_simple.py): an input projection to twice the inner
    width, a depthwise convolution with bias, projections for step, B and C, a step projection with bias, A, D, and the
    output.
    """

    inner: int
    state_size: int
    convolution: int
    step_rank: int
    inner_norms: bool = False
    """Norms on the step, B and C, as in Jamba."""

    def parameters(self, width: int) -> int:
        convolution = self.inner * self.convolution + self.inner
        selection = self.inner * (self.step_rank + 2 * self.state_size)
        step = self.step_rank * self.inner + self.inner
        norms = (self.step_rank + 2 * self.state_size) * self.inner_norms
        return (
            2 * width * self.inner
            + convolution
            + selection
            + step
            + norms
            + self.inner * self.state_size
            + self.inner
            + self.inner * width
        )

    @property
    def cached_per_token(self) -> int:
        return 0

    @property
    def state(self) -> int:
        """The state and the window of the convolution."""
        return self.inner * (self.state_size + self.convolution)

    def cached(self, tokens: int) -> int:
        return self.state

    def mixing_flops(self, context: int) -> int:
        return 6 * self.inner * self.state_size


@dataclass(frozen=True)
class Mamba2:
    """The block of Mamba-2: a scalar decay for each head, B and C shared in groups, a norm before the output.

    Source: the published implementation (state-spaces/mamba, mamba2.py).
    """

    inner: int
    state_size: int
    heads: int
    groups: int
    convolution: int

    def parameters(self, width: int) -> int:
        mixed = self.inner + 2 * self.groups * self.state_size
        projection = width * (self.inner + mixed + self.heads)
        return projection + mixed * self.convolution + mixed + 3 * self.heads + self.inner + self.inner * width

    @property
    def cached_per_token(self) -> int:
        return 0

    @property
    def state(self) -> int:
        return self.inner * self.state_size + (self.inner + 2 * self.groups * self.state_size) * self.convolution

    def cached(self, tokens: int) -> int:
        return self.state

    def mixing_flops(self, context: int) -> int:
        return 6 * self.inner * self.state_size


@dataclass(frozen=True)
class GatedDelta:
    """A gated delta-rule layer as in Qwen3-Next.

    Source: transformers 5.23, models/qwen3_next/modeling_qwen3_next.py: one projection for queries, keys, values and
    the output gate, one for the two gates, a convolution without bias, A, the step's bias, and a norm of the size of a
    value head.
    """

    key_heads: int
    value_heads: int
    key_size: int
    value_size: int
    convolution: int

    def parameters(self, width: int) -> int:
        keys, values = self.key_heads * self.key_size, self.value_heads * self.value_size
        projections = width * (2 * keys + 2 * values) + width * 2 * self.value_heads
        return (
            projections
            + (2 * keys + values) * self.convolution
            + 2 * self.value_heads
            + self.value_size
            + values * width
        )

    @property
    def cached_per_token(self) -> int:
        return 0

    @property
    def state(self) -> int:
        convolution = (2 * self.key_heads * self.key_size + self.value_heads * self.value_size) * self.convolution
        return self.value_heads * self.key_size * self.value_size + convolution

    def cached(self, tokens: int) -> int:
        return self.state

    def mixing_flops(self, context: int) -> int:
        return 8 * self.value_heads * self.key_size * self.value_size


Mixer = Attention | LatentAttention | Mamba | Mamba2 | GatedDelta


@dataclass(frozen=True)
class FeedForward:
    """Two matrices (up, down), or three where a gate multiplies (GLU family), of inner width `inner`."""

    inner: int
    matrices: int = 3
    bias: bool = False

    def parameters(self, width: int) -> int:
        biases = (self.matrices - 1) * self.inner + width
        return self.matrices * width * self.inner + biases * self.bias

    def active(self, width: int) -> int:
        return self.parameters(width)


@dataclass(frozen=True)
class Experts:
    """A router, `count` experts of which `chosen` are used for a token, and shared experts that are always used."""

    count: int
    chosen: int
    expert: FeedForward
    shared: FeedForward | None = None
    router_bias: bool = False
    shared_gate: bool = False
    """A gate of one number for each token on the shared expert."""

    def parameters(self, width: int) -> int:
        return self._always(width) + self.count * self.expert.parameters(width)

    def active(self, width: int) -> int:
        return self._always(width) + self.chosen * self.expert.parameters(width)

    def _always(self, width: int) -> int:
        shared = self.shared.parameters(width) if self.shared else 0
        return self.count * width + self.count * self.router_bias + shared + width * self.shared_gate


@dataclass(frozen=True)
class Layer:
    """A mixer between positions, a feed-forward part where there is one, and the norms around them."""

    mixer: Mixer
    ffn: FeedForward | Experts | None
    norms: int = 2

    def parameters(self, width: int, norm: Norm, *, active: bool = False) -> int:
        ffn = 0 if self.ffn is None else self.ffn.active(width) if active else self.ffn.parameters(width)
        return self.mixer.parameters(width) + ffn + self.norms * norm.parameters(width)


@dataclass(frozen=True)
class Decoder:
    """A stack of layers between an embedding and an output projection."""

    width: int
    vocabulary: int
    layers: Sequence[Layer]
    norm: Norm = Norm()
    tied: bool = False
    positions: int = 0
    """Rows of a learned position table."""
    final_norm: bool = True
    extra: int = 0
    """Parameters of parts that no other field describes, with the reason in the data."""

    @cached_property
    def parameters(self) -> int:
        """Every parameter, embedding and output projection included."""
        return self._outside + sum(layer.parameters(self.width, self.norm) for layer in self.layers)

    @cached_property
    def active_parameters(self) -> int:
        """Parameters used for one token: everything but the experts that were not chosen."""
        return self._outside + sum(layer.parameters(self.width, self.norm, active=True) for layer in self.layers)

    @property
    def _outside(self) -> int:
        tables = self.vocabulary * self.width * (1 if self.tied else 2) + self.positions * self.width
        return tables + self.norm.parameters(self.width) * self.final_norm + self.extra

    @property
    def multiplied_parameters(self) -> int:
        """Parameters that take part in a multiplication for one token: without look-ups in tables."""
        tables = self.vocabulary * self.width * (0 if self.tied else 1) + self.positions * self.width
        return self.active_parameters - tables

    @property
    def cached_per_token(self) -> int:
        """Numbers the cache grows by with each token, windows not yet full."""
        return sum(layer.mixer.cached_per_token for layer in self.layers)

    @property
    def state(self) -> int:
        """Numbers of recurrent state for each sequence, whatever its length."""
        return sum(layer.mixer.state for layer in self.layers)

    def cached(self, tokens: int) -> int:
        """Numbers kept for a sequence of that many tokens: cache within the windows, and state."""
        return sum(layer.mixer.cached(tokens) for layer in self.layers)
