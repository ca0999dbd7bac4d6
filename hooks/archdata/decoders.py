"""From the configuration in a model's file to the layers that the formulas count; the schema describes each field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, cast

from archdata.formulas import (
    Attention,
    BidirectionalAttention,
    CompressedAttention,
    ConvolvedAttention,
    CrossAttention,
    Decoder,
    Experts,
    FeedForward,
    GatedDelta,
    GatedLinearRecurrence,
    KimiDelta,
    LatentAttention,
    Layer,
    Lightning,
    Mamba,
    Mamba2,
    MatrixLstm,
    Mixer,
    Norm,
    Parallel,
    Projector,
    Rwkv7,
    SelectedAttention,
    SharedBlock,
    ShortConvolution,
    SourcedAttention,
    VisionTower,
)

Config = Mapping[str, Any]

NORMS = {
    "RMSNorm": Norm(),
    "LayerNorm": Norm(bias=True),
    "LayerNorm without bias": Norm(),
    "LayerNorm without parameters": Norm(scale=False),
}


def kinds(config: Config) -> list[str]:
    """The kind of each layer from the first to the last, two for a layer that holds two attentions."""
    pattern = config.get("pattern", ["full"])
    layers: int = config["layers"] * config.get("attentions_per_layer", 1)
    return [pattern[index % len(pattern)] for index in range(layers)]


def decoder(config: Config) -> Decoder:
    """The decoder a configuration describes.

    Raises `KeyError` for a field that its kinds of layer need and it lacks.
    """
    described = kinds(config)
    return Decoder(
        width=config["width"],
        vocabulary=config["vocabulary"],
        layers=[_layer(index, kind, described, config) for index, kind in enumerate(described)],
        norm=NORMS[config.get("norm", "RMSNorm")],
        tied=config.get("tied", False),
        positions=config.get("positions", 0),
        final_norm=config.get("final_norm", True),
        extra=_outside(config),
        tables=_tables(config),
        memories=sum(config.get("hashed_rows", ())) * config.get("hashed_size", 0),
        towers=towers(config),
    )


def towers(config: Config) -> int:
    """Parameters of the encoders and projectors that a configuration describes."""
    vision = VisionTower(**config["vision"]).parameters if "vision" in config else 0
    projectors = sum(Projector(**one).parameters for one in config.get("projectors", ()))
    return vision + projectors + int(config.get("towers", 0))


def _tables(config: Config) -> int:
    """Embeddings that each layer looks up for itself (Gemma 3n and 4)."""
    rows: int = config.get("per_layer_vocabulary", config["vocabulary"])
    return rows * int(config["layers"]) * int(config.get("per_layer_width", 0))


def _outside(config: Config) -> int:
    """What stands beside the layers: the last mix of streams, the map to the layers' own inputs, the unexplained."""
    width, streams = config["width"], config.get("streams", 0)
    extra: int = config.get("extra", 0)
    if streams:
        extra += streams * streams * width + streams + 1
    if "altup_streams" in config:
        extra += 2 * (config["altup_streams"] - 1) * width * width
    if "per_layer_width" in config:
        extra += width * config["layers"] * config["per_layer_width"] + config["per_layer_width"]
    return extra


def _layer(index: int, kind: str, described: list[str], config: Config) -> Layer:
    own = {**config, **config.get("by_kind", {}).get(kind, {})}
    first_shared = len(described) - config.get("shared_kv_layers", 0)
    if index >= first_shared:
        own["shared"] = True
        own["ffn_width"] = config.get("shared_kv_ffn_width", own.get("ffn_width"))
    own["index"], own["uses"] = index, described[:index].count(kind)
    mixer = None if kind in ("dense", "experts") else MIXERS[kind](own)
    return Layer(mixer, _ffn(index, kind, described, own), own.get("norms_per_layer", 2), _beside(own))


def _beside(config: Config) -> int:
    """Parameters of a layer beside its mixer and its feed-forward part."""
    width, streams, extra = config["width"], config.get("streams", 0), config.get("layer_extra", 0)
    if "per_layer_width" in config:
        extra += 2 * width * config["per_layer_width"] + width
    if streams:  # for each of the two parts: a map of all streams, a base, three scales
        mixed = streams * streams + 2 * streams
        extra += 2 * (mixed * streams * width + mixed + 3)
    if "altup_streams" in config:
        n = config["altup_streams"]
        extra += width + width + n * width + n * n + n * n * n + 2 * width * config["laurel_rank"] + width
    return int(extra)


def _attention(config: Config, kind: type[Attention] = Attention, **changed: Any) -> Attention:
    values: dict[str, Any] = {
        "heads": config["heads"],
        "kv_heads": config["kv_heads"],
        "head_size": config["head_size"],
        "value_size": config.get("value_size"),
        "qkv_bias": config.get("qkv_bias", False),
        "out_bias": config.get("out_bias", False),
        "qk_norm": config.get("qk_norm", ""),
        "sinks": config.get("sinks", False),
        "gate": config.get("gate", False),
        "shared": config.get("shared", False),
        "values_are_keys": config.get("values_are_keys", False),
    }
    return kind(**{**values, **changed})


def _full(config: Config) -> Mixer:
    if "out_rank" in config:
        return _compressed(config, 0)
    if "latent" not in config:
        return _attention(config)
    return LatentAttention(
        config["heads"],
        config["latent"],
        config["rope_size"],
        config["nope_size"],
        config["value_size"],
        config.get("query_latent"),
        config.get("index_heads", 0),
        config.get("index_size", 0),
        config.get("index_chosen", 0),
        bool(config.get("gate", False)),
        index_every=config.get("index_every", 1),
    )


def _unrotated(config: Config, borrowed: bool = False) -> Mixer:
    """Latent attention in a layer without positions: its keys are as long, and no part of them is rotated."""
    own = {**config, "rope_size": 0, "nope_size": config["nope_size"] + config["rope_size"]}
    return replace(cast(LatentAttention, _full(own)), borrowed=borrowed)


def _window(config: Config) -> Mixer:
    if "out_rank" in config:
        return _compressed(config, 0)
    return _full(config) if "latent" in config else _attention(config, window=config["window"])


def _selected(config: Config) -> Mixer:
    index = {name: config[name] for name in ("index_heads", "index_size", "index_chosen")}
    return _attention(config, SelectedAttention, **index, index_every=config.get("index_every", 1))


def _compressed(config: Config, ratio: int, indexed: bool = False) -> CompressedAttention:
    return CompressedAttention(
        config["heads"],
        config["head_size"],
        config["query_latent"],
        config["out_groups"],
        config["out_rank"],
        config["window"],
        ratio,
        config["index_heads"] if indexed else 0,
        config["index_size"] if indexed else 0,
        config["index_chosen"] if indexed else 0,
    )


def _sourced(config: Config, ratio: int, makes: bool = False, chooses: bool = False) -> SourcedAttention:
    described = vars(_compressed(config, ratio, indexed=True))
    candidates = config["index_candidates"] if chooses and not makes else None
    return SourcedAttention(**described, makes=makes, chooses=chooses, candidates=candidates)


def _mamba2(config: Config) -> Mamba2:
    return Mamba2(
        config["inner"],
        config["state_size"],
        config["ssm_heads"],
        config["ssm_groups"],
        config["convolution"],
        config.get("ssm_norm", True),
    )


def _shared_block(config: Config) -> SharedBlock:
    return SharedBlock(
        _mamba2(config),
        config["heads"],
        config["head_size"],
        config["shared_ffn_width"],
        config["adapter_rank"],
        config.get("attention_adapter_rank", 0),
        home=config["uses"] < config.get("shared_blocks", 1),
    )


def _rwkv7(config: Config) -> Rwkv7:
    ranks = (config["decay_rank"], config["rate_rank"], config["value_rank"], config["gate_rank"])
    return Rwkv7(config["width"], config["head_size"], *ranks, first=config["index"] == 0)


MIXERS: dict[str, Callable[[Config], Mixer]] = {
    "full": _full,
    "window": _window,
    "chunk": _window,
    "cross": lambda c: _attention(c, CrossAttention, gated=True),
    "both": lambda c: _attention(c, BidirectionalAttention),
    "cca": lambda c: _attention(c, ConvolvedAttention, convolutions=tuple(c["convolutions"])),
    "selected": _selected,
    "reused": lambda c: _full({**c, "index_heads": 0}),
    "unrotated": _unrotated,
    "borrowed": lambda c: _unrotated(c, borrowed=True),
    "csa": lambda c: _compressed(c, c["csa_ratio"], indexed=True),
    "hca": lambda c: _compressed(c, c["hca_ratio"]),
    "csa2": lambda c: _sourced(c, c["csa_ratio"], makes=True, chooses=True),
    "csa2-reuse": lambda c: _sourced(c, c["csa_ratio"]),
    "csa1": lambda c: _sourced(c, 1, makes=True, chooses=True),
    "csa1-index": lambda c: _sourced(c, 1, chooses=True),
    "csa1-reuse": lambda c: _sourced(c, 1),
    "mamba": lambda c: Mamba(
        c["inner"], c["state_size"], c["convolution"], c["step_rank"], c.get("inner_norms", False)
    ),
    "mamba2": _mamba2,
    "mamba2+shared": _shared_block,
    "parallel": lambda c: Parallel((_mamba2(c), _attention(c))),
    "delta": lambda c: GatedDelta(
        c["delta_key_heads"], c["delta_value_heads"], c["delta_key_size"], c["delta_value_size"], c["convolution"]
    ),
    "kda": lambda c: KimiDelta(c["delta_key_heads"], c["delta_key_size"], c["convolution"], bool(c.get("gate", False))),
    "lightning": lambda c: Lightning(c["linear_heads"], c["linear_head_size"]),
    "rglru": lambda c: GatedLinearRecurrence(c["inner"], c["gate_blocks"], c["convolution"]),
    "conv": lambda c: ShortConvolution(c["width"], c["convolution"]),
    "mlstm": lambda c: MatrixLstm(c["heads"], c["head_size"], c["value_size"]),
    "rwkv7": _rwkv7,
}
"""What mixes positions in each kind of layer; `dense` and `experts` layers have a feed-forward part alone."""

NAMES = {
    "full": "attention",
    "window": "windowed attention",
    "chunk": "attention in chunks",
    "cross": "cross-attention",
    "both": "attention both ways",
    "cca": "compressed convolutional attention",
    "selected": "sparse attention",
    "reused": "sparse latent attention",
    "unrotated": "sparse latent attention",
    "borrowed": "sparse latent attention",
    "csa": "compressed sparse attention",
    "hca": "heavily compressed attention",
    "csa2": "makes entries of two tokens",
    "csa2-reuse": "reads these",
    "csa1": "makes an entry for each token",
    "csa1-index": "chooses among these anew",
    "csa1-reuse": "reads these as last chosen",
    "mamba": "Mamba",
    "mamba2": "Mamba-2",
    "mamba2+shared": "shared attention, Mamba-2",
    "parallel": "attention beside Mamba-2",
    "delta": "gated delta rule",
    "kda": "Kimi delta attention",
    "lightning": "lightning attention",
    "rglru": "RG-LRU",
    "conv": "short convolution",
    "mlstm": "mLSTM",
    "rwkv7": "RWKV-7",
    "dense": "feed-forward alone",
    "experts": "experts alone",
}
"""Each kind of layer in words."""


def mixing(config: Config) -> list[str]:
    """What mixes positions in a model, in words: each kind once, softmax attention by how its heads share keys."""
    named = (_mixing(kind, {**config, **config.get("by_kind", {}).get(kind, {})}) for kind in kinds(config))
    return list(dict.fromkeys(name for name in named if name))


def _mixing(kind: str, config: Config) -> str:
    if kind in ("dense", "experts"):
        return ""
    if kind.startswith(("csa1", "csa2")):
        return NAMES["csa"]
    if kind not in ("full", "window", "chunk") or "out_rank" in config:
        return NAMES[kind]
    if "latent" in config:
        return "sparse latent attention" if "index_heads" in config else "latent attention"
    groups = {config["heads"]: "multi-head", 1: "multi-query"}.get(config["kv_heads"], "grouped-query")
    return {"full": groups, "window": f"windowed {groups}", "chunk": f"{groups} in chunks"}[kind]


def _ffn(index: int, kind: str, described: list[str], config: Config) -> FeedForward | Experts | None:
    matrices, extra = config.get("ffn_matrices", 3), config.get("ffn_extra", 0)
    alone = "dense" in described or "experts" in described
    if alone and kind not in ("dense", "experts"):
        return None
    if "experts" in config and (kind == "experts" if alone else _has_experts(index, config)):
        return Experts(
            count=config["experts"],
            chosen=config["experts_chosen"],
            expert=FeedForward(config["expert_width"], matrices, config.get("expert_bias", False)),
            shared=FeedForward(config["shared_width"], matrices) if config.get("shared_width") else None,
            router_bias=config.get("router_bias", False) and index >= config.get("hash_layers", 0),
            shared_gate=config.get("shared_gate", False),
            latent=config.get("expert_latent"),
            router_scale=config.get("router_scale", False),
            zero=config.get("zero_experts", 0),
        )
    if config.get("ffn_width") is None:
        return None
    return FeedForward(config["ffn_width"], matrices, config.get("ffn_bias", False), extra)


def _has_experts(index: int, config: Config) -> bool:
    if index < config.get("dense_layers", 0):
        return False
    return bool(index % config.get("experts_period", 1) == config.get("experts_offset", 0))
