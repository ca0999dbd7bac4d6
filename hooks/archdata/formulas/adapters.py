"""Low-rank adapters (LoRA, arXiv 2106.09685) on every matrix of a dense decoder with gated feed-forward layers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from archdata.formulas.feed_forward import Experts
from archdata.formulas.layers import Decoder


def adaptable(config: Mapping[str, Any]) -> int:
    """Weights of the matrices that can be adapted: those of attention and of the feed-forward network."""
    return int(config["layers"]) * sum(inside * outside for inside, outside in _matrices(config))


def adapter(config: Mapping[str, Any], rank: int) -> int:
    """Parameters of adapters of this rank: $r (d_in + d_out)$ for each matrix."""
    return int(config["layers"]) * sum(rank * (inside + outside) for inside, outside in _matrices(config))


def expert_adapter(decoder: Decoder, rank: int) -> int:
    """Parameters of adapters of this rank on every matrix of every routed expert."""
    mixtures = [layer.ffn for layer in decoder.layers if isinstance(layer.ffn, Experts)]
    sides = [(one.latent or decoder.width) + one.expert.inner for one in mixtures]
    return sum(rank * one.count * one.expert.matrices * both for one, both in zip(mixtures, sides, strict=True))


def nf4_bits() -> float:
    """Bits of a weight in NF4 with scales that are quantised themselves.

    Four, a scale of 8 bits for 64 weights, and one of 32 bits for 256 scales. Source: `dettmers2023qlora`.
    """
    return 4 + 8 / 64 + 32 / (64 * 256)


def _matrices(config: Mapping[str, Any]) -> list[tuple[int, int]]:
    """The matrices of a layer, each as (inputs, outputs)."""
    width, size = config["width"], config.get("head_size") or config["width"] // config["heads"]
    queries, keys, inner = config["heads"] * size, config.get("kv_heads", config["heads"]) * size, config["ffn_width"]
    return [(width, queries), (width, keys), (width, keys), (queries, width)] + [(width, inner)] * 2 + [(inner, width)]
