"""Encoders of images: parameters of a vision transformer, and of what joins it to a language model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class VisionTower:
    """A vision transformer over patches, without a head.

    Each layer: queries, keys, values and output of the tower's width, a feed-forward part of two matrices or three, and
    two norms. Around them: the projection of patches, positions, a class token, and norms before and after.
    """

    width: int
    layers: int
    ffn_width: int
    patch: int
    channels: int = 3
    frames: int = 1
    """Frames that one patch spans, in models of video."""
    positions: int = 0
    """Rows of a learned position table."""
    class_token: bool = False
    patch_bias: bool = True
    bias: bool = True
    """Biases on the linear maps of the layers."""
    ffn_matrices: int = 2
    norm_bias: bool = True
    norms_outside: int = 1
    """Norms before the first layer and after the last."""
    norms_per_layer: int = 2
    head_norm: int = 0
    """Size of the norms on queries and keys, where there are any."""
    key_bias: bool = True
    extra: int = 0
    """Parameters of neither: further position tables, a head that pools."""

    @property
    def parameters(self) -> int:
        """Parameters of the whole encoder."""
        d, f = self.width, self.ffn_width
        norm = d * (1 + self.norm_bias)
        attention = 4 * d * d + (4 if self.key_bias else 3) * d * self.bias + 2 * self.head_norm
        ffn = self.ffn_matrices * d * f + ((self.ffn_matrices - 1) * f + d) * self.bias
        patches = self.channels * self.frames * self.patch**2 * d + d * self.patch_bias
        around = self.positions * d + d * self.class_token + norm * self.norms_outside
        return patches + around + self.extra + self.layers * (attention + ffn + self.norms_per_layer * norm)


@dataclass(frozen=True)
class Projector:
    """Linear maps from one width to the next, with a norm before them where there is one."""

    sizes: Sequence[int]
    bias: bool = True
    norm: int = 0
    """Width of the norm."""
    norm_bias: bool = True
    count: int = 1
    """How many of them there are (Qwen3-VL reads four depths of its encoder)."""

    @property
    def parameters(self) -> int:
        """Parameters of all of its maps and norms."""
        maps = sum(a * b + b * self.bias for a, b in zip(self.sizes, self.sizes[1:], strict=False))
        return self.count * (maps + self.norm * (1 + self.norm_bias))
