"""Softmax attention: parameters, cache and work of its kinds.

Symbols as on the site's notation page: d is the width, H and G count query and key-value heads, d_h is a head's size.
"""

from __future__ import annotations

from dataclasses import dataclass

from archdata.formulas.reach import Mixer, Reach


@dataclass(frozen=True)
class Attention(Mixer):
    """Softmax attention with H query heads and G key-value heads of size d_h.

    Parameters: (H + 2G) d_h d for queries, keys and values, H d_h d for the output; biases, a norm on queries and keys,
    one sink logit for each head and an output gate are counted where the design has them. Cache: a key and a value for
    each key-value head and position. Work: scores and weighted sum, two operations for each pair of numbers.
    """

    heads: int
    kv_heads: int
    head_size: int
    qkv_bias: bool = False
    out_bias: bool = False
    qk_norm: str = ""
    """"head": one scale of size d_h for queries and one for keys; "full": over all heads together."""
    sinks: bool = False
    gate: bool | str = False
    """An output gate as wide as the queries; "head": one number for each head."""
    window: int | None = None
    """Only that many of the latest tokens are attended to and cached."""
    value_size: int | None = None
    """Size of a value where it is not that of a key."""
    shared: bool = False
    """Keys and values are those of an earlier layer: no projections for them, nothing cached."""
    values_are_keys: bool = False
    """Keys, before their norm and rotation, serve as values: no projection for values; both are cached."""
    input_width: int | None = None
    """Width of the input where it is not the model's."""

    def parameters(self, width: int) -> int:
        read, value = self.input_width or width, self.value_size or self.head_size
        queries, keys, values = self.heads * self.head_size, self.kv_heads * self.head_size, self.kv_heads * value
        made = 0 if self.shared else keys + (0 if self.values_are_keys else values)
        gate = self.heads if self.gate == "head" else self.heads * value if self.gate else 0
        projections = read * (queries + gate + made) + self.heads * value * width
        biases = (queries + made) * self.qkv_bias + width * self.out_bias
        one, other = {"": (0, 0), "head": (self.head_size, self.head_size), "full": (queries, keys)}[self.qk_norm]
        return projections + biases + one + (0 if self.shared else other) + self.heads * self.sinks

    @property
    def memory(self) -> tuple[Reach, ...]:
        return () if self.shared else self.reading

    @property
    def reading(self) -> tuple[Reach, ...]:
        return (Reach(self.kv_heads * (self.head_size + (self.value_size or self.head_size)), self.window),)

    @property
    def work(self) -> tuple[Reach, ...]:
        return (Reach(2 * self.heads * (self.head_size + (self.value_size or self.head_size)), self.window),)


@dataclass(frozen=True)
class BidirectionalAttention(Attention):
    """Attention to all positions, as in an encoder or a masked diffusion model: nothing can be cached exactly."""

    @property
    def memory(self) -> tuple[Reach, ...]:
        return ()

    @property
    def reading(self) -> tuple[Reach, ...]:
        return ()


@dataclass(frozen=True)
class CrossAttention(Attention):
    """Attention from text to an image's or an encoder's positions: its keys and values do not grow with the text.

    Cache and work for those positions are left out; they depend on the other input. `gated` adds the two gates, one
    number each, on the attention and on the layer's feed-forward part (Llama 3.2 Vision).
    """

    gated: bool = False

    def parameters(self, width: int) -> int:
        return super().parameters(width) + 2 * self.gated

    @property
    def memory(self) -> tuple[Reach, ...]:
        return ()

    @property
    def reading(self) -> tuple[Reach, ...]:
        return ()

    @property
    def work(self) -> tuple[Reach, ...]:
        return ()


@dataclass(frozen=True)
class ConvolvedAttention(Attention):
    """Attention at a narrower width whose queries and keys pass two short convolutions (CCA, in ZAYA1).

    The heads together are narrower than the model: queries, keys and values are made at that width, attention works in
    it, and one projection leads back. A depthwise convolution over all channels of queries and keys, then one within
    each head, both with biases; a scale for each key head. Half of the values come from the token before. Source:
    transformers 5.24 models/zaya/modeling_zaya.py; arXiv 2510.04476.
    """

    convolutions: tuple[int, int] = (2, 2)
    """Widths of the two convolutions: over channels alone, and within heads."""

    def parameters(self, width: int) -> int:
        alone, within = self.convolutions
        channels = (self.heads + self.kv_heads) * self.head_size
        convolved = channels * (alone + 1) + channels * (self.head_size * within + 1)
        return super().parameters(width) + convolved + self.kv_heads

    @property
    def state(self) -> int:
        """Inputs that the convolutions still need, and the half of the values that the next token takes over."""
        channels = (self.heads + self.kv_heads) * self.head_size
        return channels * (sum(self.convolutions) - 2) + self.kv_heads * self.head_size // 2


@dataclass(frozen=True)
class SelectedAttention(Attention):
    """Attention to the positions that an indexer selects, for grouped heads (MiniMax-M3).

    The indexer makes `index_heads` queries and one key of `index_size` from the layer's input, each with a norm, and
    scores every position; `index_chosen` of them, in whole blocks, are attended to. Its key is cached too. Qwen's
    indexer scores the mean key of `index_every` positions. Source: transformers 5.24, models/minimax_m3_vl and
    models/qwen4_exp.
    """

    index_heads: int = 0
    index_size: int = 0
    index_chosen: int = 0
    index_every: int = 1

    def parameters(self, width: int) -> int:
        indexer = width * (self.index_heads + 1) * self.index_size + 2 * self.index_size
        return super().parameters(width) + indexer

    @property
    def memory(self) -> tuple[Reach, ...]:
        return (*super().reading, Reach(self.index_size, every=self.index_every))

    @property
    def reading(self) -> tuple[Reach, ...]:
        (attended,) = super().reading
        return (Reach(attended.each, self.index_chosen), Reach(self.index_size, every=self.index_every))

    @property
    def work(self) -> tuple[Reach, ...]:
        (attended,) = super().work
        scores = Reach(2 * self.index_heads * self.index_size, every=self.index_every)
        return (Reach(attended.each, self.index_chosen), scores)


@dataclass(frozen=True)
class LatentAttention(Mixer):
    """Multi-head latent attention: keys and values from one latent of size d_c, with a separate rotary key.

    Source: DeepSeek-V2 (arXiv 2405.04434), section 2.1, and its published model code. The cache holds the latent
    and the rotary key, d_c + d_r numbers a token and layer, whatever the number of heads. Work on a new token is that
    of the absorbed form, in which each head attends to the latent itself.

    With an indexer (DeepSeek-V3.2's sparse attention, arXiv 2512.02556) a small attention of `index_heads` heads of
    `index_size` scores every position and `index_chosen` of them are attended to; its key is cached too. A number of
    chosen positions without heads means that the choice is an earlier layer's (GLM-5.2).
    """

    heads: int
    latent: int
    rope_size: int
    nope_size: int
    value_size: int
    query_latent: int | None = None
    index_heads: int = 0
    index_size: int = 0
    index_chosen: int = 0
    gate: bool = False
    """An output gate as wide as the heads' values together (Kimi K3)."""
    borrowed: bool = False
    """The latent is that of an earlier layer: no projection to it, and of the cache only the indexer's key."""
    index_every: int = 1
    """The indexer pools the keys of so many positions into one and scores that (GLM-5.3 Flash)."""

    def parameters(self, width: int) -> int:
        key = self.nope_size + self.rope_size
        if self.query_latent:
            queries = width * self.query_latent + self.query_latent + self.query_latent * self.heads * key
        else:
            queries = width * self.heads * key
        down = 0 if self.borrowed else width * (self.latent + self.rope_size) + self.latent
        up = self.latent * self.heads * (self.nope_size + self.value_size)
        out = (1 + self.gate) * self.heads * self.value_size * width
        return queries + down + up + out + self._indexer(width)

    def _indexer(self, width: int) -> int:
        """Queries from the query latent, one key with a norm that has a bias, a weight for each head."""
        if not self.index_heads:
            return 0
        queries = (self.query_latent or width) * self.index_heads * self.index_size
        return queries + width * self.index_size + 2 * self.index_size + width * self.index_heads

    @property
    def memory(self) -> tuple[Reach, ...]:
        latent = () if self.borrowed else (Reach(self.latent + self.rope_size),)
        return (*latent, Reach(self.index_size, every=self.index_every)) if self.index_heads else latent

    @property
    def reading(self) -> tuple[Reach, ...]:
        latent = Reach(self.latent + self.rope_size, self.index_chosen or None)
        return (latent, Reach(self.index_size, every=self.index_every)) if self.index_heads else (latent,)

    @property
    def work(self) -> tuple[Reach, ...]:
        each = 2 * self.heads * (2 * self.latent + self.rope_size)
        if not self.index_heads:
            return (Reach(each, self.index_chosen or None),)
        scores = Reach(2 * self.index_heads * (self.index_size + 1), every=self.index_every)
        return (Reach(each, self.index_chosen), scores)

    @property
    def prompt_work(self) -> tuple[Reach, ...]:
        """Over a prompt each latent is expanded once, for all queries: heads attend to keys and values of their sizes.

        Where positions are selected each query has its own choice of latents, and the absorbed form stays.
        """
        expanded = 2 * self.heads * (self.nope_size + self.rope_size + self.value_size)
        return self.work if self.index_chosen else (Reach(expanded),)


@dataclass(frozen=True)
class CompressedAttention(Mixer):
    """Attention over a window and over compressed groups of `ratio` positions, as in DeepSeek-V4.

    One vector of size d_h is both key and value of all heads. Groups are weighted means; with an indexer they overlap
    (twice the projections) and `index_chosen` of them are attended to. The output goes through a rank of `out_rank` in
    each of `out_groups` groups of heads. Ratio 0 leaves the window alone. The buffer of an unfinished group is left out
    of the cache. Source: transformers 5.24 models/deepseek_v4/modeling_deepseek_v4.py.
    """

    heads: int
    head_size: int
    query_latent: int
    out_groups: int
    out_rank: int
    window: int
    ratio: int = 0
    index_heads: int = 0
    index_size: int = 0
    index_chosen: int = 0

    def parameters(self, width: int) -> int:
        queries = width * self.query_latent + self.query_latent + self.query_latent * self.heads * self.head_size
        keys = width * self.head_size + self.head_size
        out = self.out_rank * self.heads * self.head_size + self.out_groups * self.out_rank * width
        return queries + keys + out + self.heads + self._compressor(width)

    def _compressor(self, width: int) -> int:
        if not self.ratio:
            return 0
        overlap = 2 if self.index_heads else 1

        def one(size: int) -> int:
            """Values and weights of a group, a bias for each place in it, and a norm."""
            return overlap * size * (2 * width + self.ratio) + size

        if not self.index_heads:
            return one(self.head_size)
        scores = self.query_latent * self.index_heads * self.index_size + width * self.index_heads
        return one(self.head_size) + one(self.index_size) + scores

    @property
    def memory(self) -> tuple[Reach, ...]:
        window = Reach(self.head_size, self.window)
        if not self.ratio:
            return (window,)
        groups = Reach(self.head_size, every=self.ratio)
        return (window, groups, Reach(self.index_size, every=self.ratio)) if self.index_heads else (window, groups)

    @property
    def reading(self) -> tuple[Reach, ...]:
        if not self.index_heads:
            return self.memory
        chosen = Reach(self.head_size, self.index_chosen, self.ratio)
        return (Reach(self.head_size, self.window), chosen, Reach(self.index_size, every=self.ratio))

    @property
    def work(self) -> tuple[Reach, ...]:
        each = 4 * self.heads * self.head_size
        if not self.ratio:
            return (Reach(each, self.window),)
        if not self.index_heads:
            return (Reach(each, self.window), Reach(each, every=self.ratio))
        scores = Reach(2 * self.index_heads * (self.index_size + 1), every=self.ratio)
        return (Reach(each, self.window), scores, Reach(each, self.index_chosen, self.ratio))


@dataclass(frozen=True)
class SourcedAttention(CompressedAttention):
    """Compressed attention whose entries several layers share, as in DeepSeek-V4.1 (CSA2).

    A layer that `makes` entries pools `ratio` tokens into one by gates, without overlap, and derives index keys from
    them; one that `chooses` scores them; any other layer reads what was made and chosen below it. From `candidates` on,
    only so many entries are scored. Source: NeMo AutoModel 0.7, components/models/deepseek_v41/attention.py.
    """

    makes: bool = False
    chooses: bool = False
    candidates: int | None = None

    def _compressor(self, width: int) -> int:
        count = 0
        if self.makes:
            count += width * self.head_size * (2 if self.ratio > 1 else 1) + self.head_size
            count += self.head_size * self.index_size + self.index_size
        if self.chooses:
            count += self.query_latent * self.index_heads * self.index_size + width * self.index_heads
        return count

    @property
    def memory(self) -> tuple[Reach, ...]:
        window = Reach(self.head_size, self.window)
        made = (Reach(self.head_size, every=self.ratio), Reach(self.index_size, every=self.ratio))
        return (window, *made) if self.makes else (window,)

    @property
    def reading(self) -> tuple[Reach, ...]:
        read = (Reach(self.head_size, self.window), Reach(self.head_size, self.index_chosen, self.ratio))
        return (*read, Reach(self.index_size, self.candidates, self.ratio)) if self.chooses else read

    @property
    def work(self) -> tuple[Reach, ...]:
        each = 4 * self.heads * self.head_size
        read = (Reach(each, self.window), Reach(each, self.index_chosen, self.ratio))
        scores = Reach(2 * self.index_heads * (self.index_size + 1), self.candidates, self.ratio)
        return (*read, scores) if self.chooses else read
