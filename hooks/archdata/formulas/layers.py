"""What a decoder is made of: layers of a mixer and a feed-forward part between embedding and output projection."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from archdata.formulas.feed_forward import Experts, FeedForward
from archdata.formulas.reach import Mixer

BYTES = {
    "fp32": Fraction(4),
    "bf16": Fraction(2),
    "fp16": Fraction(2),
    "fp8": Fraction(1),
    "int8": Fraction(1),
    "int4": Fraction(1, 2),
}
"""Bytes of one number in each format, without scales and zero points of quantised formats."""


def bytes_of(numbers: float, dtype: str) -> float:
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
        """Parameters of one norm over a vector of that width."""
        return width * (self.scale + self.bias)


@dataclass(frozen=True)
class Layer:
    """A mixer between positions and a feed-forward part, either of which may be missing, and the norms around them."""

    mixer: Mixer | None
    ffn: FeedForward | Experts | None
    norms: int = 2
    extra: int = 0
    """Parameters of what stands beside the two: gates of streams, adapters, a layer's own input."""

    def parameters(self, width: int, norm: Norm, *, active: bool = False) -> int:
        """Parameters of the layer; with `active`, of the experts only those chosen for a token."""
        ffn = 0 if self.ffn is None else self.ffn.active(width) if active else self.ffn.parameters(width)
        mixer = self.mixer.parameters(width) if self.mixer else 0
        return mixer + ffn + self.norms * norm.parameters(width) + self.extra

    def borrowed(self, width: int) -> int:
        """Parameters of other layers that take part in this one's pass."""
        return self.mixer.used(width) - self.mixer.parameters(width) if self.mixer else 0

    def mixing_flops(self, context: int) -> int:
        """Operations with the context, for the token that follows so many."""
        return self.mixer.mixing_flops(context) if self.mixer else 0


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
    tables: int = 0
    """Further parameters that are looked up, not multiplied: the embeddings of each layer (Gemma 3n, 4)."""
    memories: int = 0
    """Parameters of tables that hashes of the last tokens point into (Engram): a token uses a few rows of millions."""
    towers: int = 0
    """Parameters of encoders of images or sound and their projectors: no text token passes them."""

    @cached_property
    def parameters(self) -> int:
        """Every parameter, embedding and output projection included."""
        layers = sum(layer.parameters(self.width, self.norm) for layer in self.layers)
        return self._outside + self.memories + self.towers + layers

    @cached_property
    def active_parameters(self) -> int:
        """Parameters used for one text token: without experts not chosen, hashed tables and towers of other inputs."""
        return self._outside + sum(layer.parameters(self.width, self.norm, active=True) for layer in self.layers)

    @property
    def _outside(self) -> int:
        tables = self.vocabulary * self.width * (1 if self.tied else 2) + self.positions * self.width + self.tables
        return tables + self.norm.parameters(self.width) * self.final_norm + self.extra

    @cached_property
    def multiplied_parameters(self) -> int:
        """Parameters that take part in an operation for one token: without look-ups in tables, shared ones as often as
        they are used. Norms, biases and convolutions, some thousandths of the whole, are included."""
        tables = self.vocabulary * self.width * (0 if self.tied else 1) + self.positions * self.width + self.tables
        borrowed = sum(layer.borrowed(self.width) for layer in self.layers)
        return self.active_parameters - tables + borrowed

    @property
    def mixers(self) -> list[Mixer]:
        """The mixers of the layers that have one."""
        return [layer.mixer for layer in self.layers if layer.mixer]

    @property
    def cached_per_token(self) -> int:
        """Numbers the cache grows by with each token, windows not yet full."""
        return sum(mixer.cached_per_token for mixer in self.mixers)

    @property
    def growth_per_token(self) -> int:
        """Numbers the cache grows by with each token once every window is full."""
        return sum(reach.each // reach.every for mixer in self.mixers for reach in mixer.memory if reach.limit is None)

    @property
    def state(self) -> int:
        """Numbers of recurrent state for each sequence, whatever its length."""
        return sum(mixer.state for mixer in self.mixers)

    def cached(self, tokens: int) -> int:
        """Numbers kept for a sequence of that many tokens: cache within the windows, and state."""
        return sum(mixer.cached(tokens) for mixer in self.mixers)

    def read(self, tokens: int) -> int:
        """Numbers read from cache and state for the token that follows so many."""
        return sum(mixer.read(tokens) for mixer in self.mixers)
