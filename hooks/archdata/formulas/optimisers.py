"""Optimisers: which matrices Muon takes, and what orthogonalising their updates costs.

Muon is for the matrices inside the layers; embedding, output projection and everything of one dimension stay with AdamW
(Jordan et al. 2024, KellerJordan/Muon README; arXiv 2502.16982, section 2.2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

STEPS = 5
"""Iterations of Newton-Schulz in Muon (KellerJordan/Muon, muon.py); DeepSeek-V4 takes ten."""


@dataclass(frozen=True)
class Matrix:
    """So many equal matrices of one shape in the whole model."""

    inputs: int
    outputs: int
    count: int = 1

    @property
    def weights(self) -> int:
        """Numbers in all of them."""
        return self.count * self.inputs * self.outputs


def newton_schulz_flops(inputs: int, outputs: int, steps: int = STEPS) -> int:
    """Operations of orthogonalising one matrix: three products of matrices an iteration.

    With n the shorter and m the longer side: X X^T and the product with X take 2 n^2 m each, the square of X X^T 2 n^3.
    That X X^T is symmetric is not made use of.
    """
    short, long = sorted((inputs, outputs))
    return steps * (4 * short * short * long + 2 * short**3)


def hidden_matrices(config: Mapping[str, Any]) -> list[Matrix]:
    """The matrices in the layers of a decoder of plain or latent attention with dense or routed feed-forward parts.

    Raises `ValueError` for other kinds of layer.
    """
    if set(config.get("pattern", ["full"])) != {"full"}:
        raise ValueError("matrices are listed for layers of attention with a feed-forward part only")
    layers: int = config["layers"]
    dense: int = config.get("dense_layers", 0) if "experts" in config else layers
    found = [Matrix(a, b, layers) for a, b in (_latent(config) if "latent" in config else _grouped(config))]
    if dense:
        found += _feed_forward(config["width"], config["ffn_width"], config["ffn_matrices"], dense)
    if layers > dense:
        found += _experts(config, layers - dense)
    return found


def muon_flops(config: Mapping[str, Any], steps: int = STEPS) -> int:
    """Operations that Newton-Schulz adds to one training step, whatever the batch."""
    return sum(one.count * newton_schulz_flops(one.inputs, one.outputs, steps) for one in hidden_matrices(config))


def _grouped(config: Mapping[str, Any]) -> list[tuple[int, int]]:
    width, size = config["width"], config.get("head_size") or config["width"] // config["heads"]
    queries, keys = config["heads"] * size, config.get("kv_heads", config["heads"]) * size
    return [(width, queries), (width, keys), (width, keys), (queries, width)]


def _latent(config: Mapping[str, Any]) -> list[tuple[int, int]]:
    width, heads, latent = config["width"], config["heads"], config["latent"]
    key, rank = config["nope_size"] + config["rope_size"], config.get("query_latent")
    queries = [(width, rank), (rank, heads * key)] if rank else [(width, heads * key)]
    up = heads * (config["nope_size"] + config["value_size"])
    return [*queries, (width, latent + config["rope_size"]), (latent, up), (heads * config["value_size"], width)]


def _feed_forward(width: int, inner: int, matrices: int, count: int) -> list[Matrix]:
    return [Matrix(width, inner, (matrices - 1) * count), Matrix(inner, width, count)]


def _experts(config: Mapping[str, Any], layers: int) -> list[Matrix]:
    width, matrices = config["width"], config["ffn_matrices"]
    found = _feed_forward(width, config["expert_width"], matrices, layers * config["experts"])
    if "shared_width" in config:
        found += _feed_forward(width, config["shared_width"], matrices, layers)
    return [*found, Matrix(width, config["experts"], layers)]
