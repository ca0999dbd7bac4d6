"""Recurrent mixers: parameters, the state of a sequence, and the operations of a step.

The state is what inference keeps in place of a cache: the recurrence's cells and the inputs that a short convolution
still needs, `convolution` columns of them as the published implementations keep, RG-LRU's one fewer.
"""

from __future__ import annotations

from dataclasses import dataclass

from archdata.formulas.reach import Mixer, Reach


@dataclass(frozen=True)
class Mamba(Mixer):
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
    """Norms with a scale on the step, B and C, as in Jamba."""

    def parameters(self, width: int) -> int:
        convolution = self.inner * self.convolution + self.inner
        selection = self.inner * (self.step_rank + 2 * self.state_size)
        step = self.step_rank * self.inner + self.inner
        norms = (self.step_rank + 2 * self.state_size) * self.inner_norms
        projections = 3 * width * self.inner
        return projections + convolution + selection + step + norms + self.inner * self.state_size + self.inner

    @property
    def state(self) -> int:
        """The state and the window of the convolution."""
        return self.inner * (self.state_size + self.convolution)

    @property
    def steady_flops(self) -> int:
        """Decay, input and reading of each cell: three multiplications and additions."""
        return 6 * self.inner * self.state_size


@dataclass(frozen=True)
class Mamba2(Mixer):
    """The block of Mamba-2: a scalar decay for each head, B and C shared in groups, a norm before the output.

    Source: the published implementation (state-spaces/mamba, mamba2.py).
    """

    inner: int
    state_size: int
    heads: int
    groups: int
    convolution: int
    norm: bool = True
    """A norm before the output projection; Falcon-H1 leaves it out."""

    @property
    def _mixed(self) -> int:
        """Channels that pass the convolution: x, B and C."""
        return self.inner + 2 * self.groups * self.state_size

    def parameters(self, width: int) -> int:
        projections = width * (self.inner + self._mixed + self.heads) + self.inner * width
        convolution = self._mixed * self.convolution + self._mixed
        return projections + convolution + 3 * self.heads + self.inner * self.norm

    @property
    def state(self) -> int:
        return self.inner * self.state_size + self._mixed * self.convolution

    @property
    def steady_flops(self) -> int:
        return 6 * self.inner * self.state_size


@dataclass(frozen=True)
class GatedDelta(Mixer):
    """A gated delta-rule layer as in Qwen3-Next, Qwen3.5 and OLMo Hybrid.

    Source: transformers 5.24, models/qwen3_next/modeling_qwen3_next.py: projections for queries, keys, values and the
    output gate, two for the gates of the rule, a convolution without bias, A, the step's bias, and a norm of the size
    of a value head.
    """

    key_heads: int
    value_heads: int
    key_size: int
    value_size: int
    convolution: int

    @property
    def _mixed(self) -> int:
        return 2 * self.key_heads * self.key_size + self.value_heads * self.value_size

    def parameters(self, width: int) -> int:
        values = self.value_heads * self.value_size
        projections = width * (self._mixed + values) + width * 2 * self.value_heads + values * width
        return projections + self._mixed * self.convolution + 2 * self.value_heads + self.value_size

    @property
    def state(self) -> int:
        return self.value_heads * self.key_size * self.value_size + self._mixed * self.convolution

    @property
    def steady_flops(self) -> int:
        """Decay, reading by the key, writing the difference, reading by the query: eight a cell."""
        return 8 * self.value_heads * self.key_size * self.value_size


@dataclass(frozen=True)
class KimiDelta(Mixer):
    """Kimi delta attention: a delta rule whose decay has a value for each channel of a key.

    Decay and output gate come through a rank of the size of a head; a `full_gate` has a matrix of its own (Kimi K3).
    Source: transformers 5.24, models/kimi_linear/modeling_kimi_linear.py; Kimi Linear (arXiv 2510.26692).
    """

    heads: int
    head_size: int
    convolution: int
    full_gate: bool = False

    def parameters(self, width: int) -> int:
        inner = self.heads * self.head_size
        low_rank = width * self.head_size + self.head_size * inner
        gate = width * inner if self.full_gate else low_rank
        projections = 4 * width * inner + low_rank + gate + width * self.heads
        return projections + 3 * inner * self.convolution + inner + self.heads + self.head_size

    @property
    def state(self) -> int:
        return self.heads * self.head_size**2 + 3 * self.heads * self.head_size * self.convolution

    @property
    def steady_flops(self) -> int:
        return 8 * self.heads * self.head_size**2


@dataclass(frozen=True)
class Lightning(Mixer):
    """Lightning attention as in MiniMax-01: linear attention with a fixed decay for each head, a norm and a gate.

    Source: transformers 5.24, models/minimax/modeling_minimax.py; arXiv 2501.08313.
    """

    heads: int
    head_size: int

    def parameters(self, width: int) -> int:
        inner = self.heads * self.head_size
        return 5 * width * inner + inner

    @property
    def state(self) -> int:
        return self.heads * self.head_size**2

    @property
    def steady_flops(self) -> int:
        """Decay, outer product, sum, and reading (two): five a cell."""
        return 5 * self.heads * self.head_size**2


@dataclass(frozen=True)
class GatedLinearRecurrence(Mixer):
    """Griffin's recurrent block: two branches, a short convolution, and the RG-LRU with gates in blocks.

    Source: transformers 5.24, models/recurrent_gemma/modeling_recurrent_gemma.py; Griffin (arXiv 2402.19427).
    """

    inner: int
    blocks: int
    convolution: int

    def parameters(self, width: int) -> int:
        projections = 3 * width * self.inner + 2 * self.inner + width
        convolution = self.inner * self.convolution + self.inner
        gates = 2 * (self.inner * self.inner // self.blocks + self.inner)
        return projections + convolution + gates + self.inner

    @property
    def state(self) -> int:
        """One number a channel, and the convolution's earlier inputs (its width less one)."""
        return self.inner * self.convolution

    @property
    def steady_flops(self) -> int:
        return 4 * self.inner


@dataclass(frozen=True)
class ShortConvolution(Mixer):
    """A gated short convolution as in LFM2: three projections, a depthwise convolution between gates, the output.

    Source: transformers 5.24, models/lfm2/modeling_lfm2.py.
    """

    inner: int
    convolution: int

    def parameters(self, width: int) -> int:
        return 4 * width * self.inner + self.inner * self.convolution

    @property
    def state(self) -> int:
        return self.inner * self.convolution


@dataclass(frozen=True)
class MatrixLstm(Mixer):
    """The mLSTM layer of xLSTM-7B: matrix memory with exponential gates, normaliser and stabiliser for each head.

    Source: transformers 5.24, models/xlstm/modeling_xlstm.py; xLSTM 7B (arXiv 2503.13427).
    """

    heads: int
    key_size: int
    value_size: int

    def parameters(self, width: int) -> int:
        keys, values = self.heads * self.key_size, self.heads * self.value_size
        gates = 2 * (width * self.heads + self.heads)
        return width * (2 * keys + 2 * values) + gates + values + values * width

    @property
    def state(self) -> int:
        return self.heads * (self.key_size * self.value_size + self.key_size + 1)

    @property
    def steady_flops(self) -> int:
        return 6 * self.heads * self.key_size * self.value_size


@dataclass(frozen=True)
class Rwkv7(Mixer):
    """Time mixing of RWKV-7: a generalised delta rule with a decay for each channel.

    Four low-rank maps (decay, in-context rate, value residual, gate); `first` marks the layer that gives the value
    residual and has no map for it. Source: BlinkDL/RWKV-LM, RWKV-v7; arXiv 2503.14456.
    """

    inner: int
    head_size: int
    decay_rank: int
    rate_rank: int
    value_rank: int
    gate_rank: int
    first: bool = False

    def parameters(self, width: int) -> int:
        ranks = self.decay_rank + self.rate_rank + self.gate_rank + (0 if self.first else self.value_rank)
        low_rank = ranks * (width + self.inner) + (2 if self.first else 3) * self.inner
        shift, scales, norm = 6 * width, 3 * self.inner, 2 * self.inner
        return 4 * width * self.inner + low_rank + shift + scales + norm

    @property
    def state(self) -> int:
        """A matrix for each head, and the last input of both sub-layers."""
        return self.inner * self.head_size + 2 * self.inner

    @property
    def steady_flops(self) -> int:
        """Decay, reading by the removal key, two rank-one updates, reading: nine a cell."""
        return 9 * self.inner * self.head_size


@dataclass(frozen=True)
class Parallel(Mixer):
    """Several mixers side by side on one input, their outputs added (Falcon-H1)."""

    mixers: tuple[Mixer, ...]

    def parameters(self, width: int) -> int:
        return sum(mixer.parameters(width) for mixer in self.mixers)

    @property
    def memory(self) -> tuple[Reach, ...]:
        return tuple(reach for mixer in self.mixers for reach in mixer.memory)

    @property
    def reading(self) -> tuple[Reach, ...]:
        return tuple(reach for mixer in self.mixers for reach in mixer.reading)

    @property
    def work(self) -> tuple[Reach, ...]:
        return tuple(reach for mixer in self.mixers for reach in mixer.work)

    @property
    def prompt_work(self) -> tuple[Reach, ...]:
        return tuple(reach for mixer in self.mixers for reach in mixer.prompt_work)

    @property
    def state(self) -> int:
        return sum(mixer.state for mixer in self.mixers)

    @property
    def steady_flops(self) -> int:
        return sum(mixer.steady_flops for mixer in self.mixers)


@dataclass(frozen=True)
class SharedBlock(Mixer):
    """Zamba2's second kind of layer: a transformer block, its weights shared by several layers, before a Mamba-2 layer.

    The block reads the layer's input joined with the embedding (twice the width), its attention works at that width;
    each use has its own low-rank adapters and a projection back. `home` marks the layer that the block is counted with.
    Source: transformers 5.24, models/zamba2/modeling_zamba2.py; arXiv 2411.15242.
    """

    own: Mamba2
    heads: int
    head_size: int
    ffn_width: int
    rank: int
    attention_rank: int = 0
    """Rank of the adapters on queries, keys and values, where there are any."""
    home: bool = False

    def _block(self, width: int) -> int:
        inner = self.heads * self.head_size
        attention = 3 * 2 * width * inner + inner * width
        return attention + 3 * width * self.ffn_width + 3 * width

    def _own(self, width: int) -> int:
        adapters = self.rank * (width + 2 * self.ffn_width)
        attention = 3 * self.attention_rank * (2 * width + self.heads * self.head_size)
        return self.own.parameters(width) + width * width + adapters + attention

    def parameters(self, width: int) -> int:
        return self._own(width) + self._block(width) * self.home

    def used(self, width: int) -> int:
        return self._own(width) + self._block(width)

    @property
    def memory(self) -> tuple[Reach, ...]:
        return (Reach(2 * self.heads * self.head_size),)

    @property
    def work(self) -> tuple[Reach, ...]:
        return (Reach(4 * self.heads * self.head_size),)

    @property
    def state(self) -> int:
        return self.own.state

    @property
    def steady_flops(self) -> int:
        return self.own.steady_flops
