"""The part of a layer that works on each position alone: dense, or a mixture of experts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FeedForward:
    """Two matrices (up, down), or three where a gate multiplies (GLU family), of inner width `inner`."""

    inner: int
    matrices: int = 3
    bias: bool = False
    extra: int = 0
    """Parameters of neither matrices nor biases: those of a learned activation, or of a shift of tokens."""

    def parameters(self, width: int) -> int:
        """Parameters in a model of that width."""
        biases = (self.matrices - 1) * self.inner + width
        return self.matrices * width * self.inner + biases * self.bias + self.extra

    def active(self, width: int) -> int:
        """Parameters that a token uses: all."""
        return self.parameters(width)


@dataclass(frozen=True)
class Experts:
    """A router, `count` experts of which `chosen` are used for a token, and shared experts that are always used.

    A bias that a router keeps for balance is counted: it is a weight of the checkpoint, though some implementations
    hold it as a buffer.
    """

    count: int
    chosen: int
    expert: FeedForward
    shared: FeedForward | None = None
    router_bias: bool = False
    shared_gate: bool = False
    """A gate of one number for each token on the shared expert."""
    latent: int | None = None
    """Width at which routed experts work, between two projections of the layer's own (Nemotron 3 Super)."""
    router_scale: bool = False
    """A scale on the router's input and one for each expert (Gemma 4)."""
    zero: int = 0
    """Experts that return their input: rows of the router without weights (LongCat-Flash)."""

    def one(self, width: int) -> int:
        """Parameters of one routed expert."""
        return self.expert.parameters(self.latent or width)

    def parameters(self, width: int) -> int:
        """Parameters of the router and of all experts in a model of that width."""
        return self._always(width) + self.count * self.one(width)

    def active(self, width: int) -> int:
        """Parameters that a token uses: the router's, and those of the experts chosen for it."""
        return self._always(width) + self.chosen * self.one(width)

    def router(self, width: int) -> int:
        """Parameters of the router alone."""
        return (self.count + self.zero) * (width + self.router_bias) + (width + self.count) * self.router_scale

    def _always(self, width: int) -> int:
        shared = self.shared.parameters(width) if self.shared else 0
        return self.router(width) + shared + width * self.shared_gate + 2 * width * (self.latent or 0)
