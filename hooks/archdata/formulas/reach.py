"""What a mixer between positions owes to the ones before: numbers kept for each of them, and operations with each."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Reach:
    """Something that earlier positions add, `each` for every one, or for every whole group of `every` of them.

    At most `limit` positions (or groups) count: a window, or the number that a sparse attention selects.
    """

    each: int
    """Numbers, or operations."""
    limit: int | None = None
    every: int = 1

    def at(self, positions: int) -> int:
        """What so many positions add together."""
        groups = positions // self.every
        return self.each * (groups if self.limit is None else min(groups, self.limit))

    def summed(self, positions: int) -> int:
        """The sum of `at` over 1 … `positions`."""
        if self.every > 1:
            return sum(self.at(position) for position in range(1, positions + 1))
        full = positions if self.limit is None else min(positions, self.limit)
        return self.each * (full * (full + 1) // 2 + (positions - full) * full)


class Mixer:
    """What mixes positions in a layer: softmax attention, a recurrence, or several of them.

    All counts are of numbers (of any format) and of operations, a multiplication and an addition being two.
    """

    def parameters(self, width: int) -> int:
        """Parameters that belong to this layer."""
        raise NotImplementedError

    def used(self, width: int) -> int:
        """Parameters that take part in a token's pass: more than `parameters` where another layer's are used too."""
        return self.parameters(width)

    @property
    def memory(self) -> tuple[Reach, ...]:
        """Numbers cached for earlier positions."""
        return ()

    @property
    def reading(self) -> tuple[Reach, ...]:
        """The part of what is cached that a new token reads: all of it, unless positions are selected."""
        return self.memory

    @property
    def work(self) -> tuple[Reach, ...]:
        """Operations with earlier positions, for one token."""
        return ()

    @property
    def prompt_work(self) -> tuple[Reach, ...]:
        """The same where all tokens are known at once, which may allow a cheaper form."""
        return self.work

    @property
    def state(self) -> int:
        """Numbers kept for a sequence whatever its length."""
        return 0

    @property
    def steady_flops(self) -> int:
        """Operations of a recurrence for one token: its state's decay, update and reading."""
        return 0

    @property
    def cached_per_token(self) -> int:
        """Numbers the cache grows by with each token while no window is full."""
        return sum(reach.each // reach.every for reach in self.memory)

    def cached(self, tokens: int) -> int:
        """Numbers kept after `tokens` tokens: cache and state."""
        return self.state + sum(reach.at(tokens) for reach in self.memory)

    def read(self, tokens: int) -> int:
        """Numbers read from cache and state for the token that follows `tokens`."""
        return self.state + sum(reach.at(tokens) for reach in self.reading)

    def mixing_flops(self, context: int) -> int:
        """Operations of mixing for a token that sees `context` positions, itself included."""
        return self.steady_flops + sum(reach.at(context) for reach in self.work)
