"""Trained models: `docs/_data/models/<key>.yml`, their configurations as published and what follows from them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from archdata import documents
from archdata.errors import DataError, unknown
from archdata.formulas import (
    Attention,
    Decoder,
    Experts,
    FeedForward,
    GatedDelta,
    LatentAttention,
    Layer,
    Mamba,
    Mamba2,
    Norm,
)
from archdata.formulas.layers import Mixer

FOLDER = "_data/models"

_UNITS = {"K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12}
_NORMS = {
    "RMSNorm": Norm(),
    "LayerNorm": Norm(bias=True),
    "LayerNorm without bias": Norm(),
    "none": Norm(scale=False),
}


@dataclass(frozen=True)
class Model:
    """One model; see `docs/_data/schema/model.json` for what each field holds."""

    key: str
    name: str
    family: str
    kind: str
    organisation: str
    released: str
    licence: str
    source: str
    advertised: dict[str, str] = field(hash=False)
    config: dict[str, Any] = field(hash=False)
    page: str = ""
    paper: str = ""
    mechanisms: dict[str, str] = field(default_factory=dict, hash=False)
    sources: dict[str, str] = field(default_factory=dict, hash=False)

    def value(self, name: str) -> Any:
        """A configured value.

        Raises `DataError` naming the nearest field when it is not configured.
        """
        if name not in self.config:
            raise unknown(f"field of {self.key}", name, self.config)
        return self.config[name]

    @cached_property
    def decoder(self) -> Decoder:
        """The stack of layers its configuration describes.

        Raises `DataError` for a model that is not a decoder.
        """
        if self.kind != "decoder":
            raise DataError(None, None, None, f"{self.key} is not described as a decoder", "give its published size")
        return _decoder(self.config)

    @cached_property
    def kinds(self) -> list[str]:
        """The kind of mixer of each layer, from the first to the last."""
        return _kinds(self.config)

    @property
    def parameters(self) -> float:
        """Parameters: counted where the model is a decoder, as advertised where it is not."""
        return self.decoder.parameters if self.kind == "decoder" else size(self.advertised["parameters"])

    @property
    def active_parameters(self) -> float:
        """Parameters used for a token, counted or advertised."""
        if self.kind == "decoder":
            return self.decoder.active_parameters
        return size(self.advertised.get("active", self.advertised["parameters"]))


def load(docs: Path) -> dict[str, Model]:
    """Every model by its key, oldest first.

    Raises `DataError` for the first file that cannot be used; `check` reports them all.
    """
    stamp = tuple((path, path.stat().st_mtime_ns) for path in sorted((docs / FOLDER).glob("*.yml")))
    return _load(stamp)


@lru_cache(maxsize=4)
def _load(stamp: tuple[tuple[Path, int], ...]) -> dict[str, Model]:
    models = [_model(documents.read(path)) for path, _ in stamp]
    return {model.key: model for model in sorted(models, key=lambda model: (model.released, model.key))}


def get(docs: Path, key: str) -> Model:
    """The model `key`.

    Raises `DataError` naming the nearest one when there is none.
    """
    known = load(docs)
    if key not in known:
        raise unknown("model", key, known)
    return known[key]


def size(text: str) -> float:
    """The number that "46.7B" or "124M" stands for."""
    return float(text[:-1]) * _UNITS[text[-1]]


def tolerance(text: str) -> float:
    """Half a unit of the last digit: what rounding explains."""
    decimals = len(text[:-1].partition(".")[2])
    return 0.5 * 10.0**-decimals * _UNITS[text[-1]]


def check(docs: Path) -> Iterator[DataError]:
    """Yield every fault of the models' files: schema, mechanisms, and sizes that rounding does not explain."""
    described = documents.schema(docs / "_data/schema/model.json")
    slugs = {path.stem for path in (docs / "_data/architectures").glob("*.yml")}
    for path in sorted((docs / FOLDER).glob("*.yml")):
        try:
            document = documents.read(path)
        except DataError as error:
            yield error
            continue
        found = list(documents.faults(document, described))
        yield from found
        if not found:
            yield from _check_links(document, docs, slugs)
            yield from _check_size(document)


def _check_links(document: documents.Document, docs: Path, slugs: set[str]) -> Iterator[DataError]:
    page = document.data.get("page")
    if page and not (docs / page).is_file():
        yield document.error(("page",), f"there is no page `{page}`", "leave `page` out until it is written")
    for slug in document.data.get("mechanisms", {}):
        # Mechanisms without a page of their own may be named ahead of it, in lower case with hyphens.
        if slug not in slugs and not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug):
            yield document.error(("mechanisms", slug), f"`{slug}` is no architecture", "lower case, with hyphens")
    for name in document.data.get("sources", {}):
        if name not in document.data["config"] and name not in ("released", "licence", "advertised"):
            yield document.error(
                ("sources", name), f"a source for `{name}`, which config does not have", "mend the name"
            )


def _check_size(document: documents.Document) -> Iterator[DataError]:
    model = _model(document)
    if model.kind != "decoder" or "reason" in model.advertised:
        return
    try:
        counted = {"parameters": model.decoder.parameters, "active": model.decoder.active_parameters}
    except (KeyError, ValueError) as error:
        yield document.error(("config",), f"parameters cannot be counted: {error} is missing", "complete config")
        return
    for name in ("parameters", "active"):
        text = model.advertised.get(name)
        if text and abs(counted[name] - size(text)) > tolerance(text):
            what = "active parameters" if name == "active" else "parameters"
            yield document.error(
                ("advertised", name),
                f"{counted[name]:,} {what} are counted and {text} are advertised",
                "mend config, or give the `reason` they differ",
            )


def _model(document: documents.Document) -> Model:
    data = {**document.data, "released": str(document.data.get("released", ""))}
    known = Model.__dataclass_fields__
    try:
        return Model(key=document.path.stem, **{name: value for name, value in data.items() if name in known})
    except TypeError as error:
        raise document.error(
            (), str(error).replace("Model.__init__() ", ""), "see docs/_data/schema/model.json"
        ) from error


def _kinds(config: dict[str, Any]) -> list[str]:
    pattern = config.get("pattern", ["full"])
    layers: int = config["layers"]
    return [pattern[index % len(pattern)] for index in range(layers)]


def _decoder(config: dict[str, Any]) -> Decoder:
    kinds = _kinds(config)
    layers = [
        Layer(_mixer(kind, config), _ffn(index, config), config.get("norms_per_layer", 2))
        for index, kind in enumerate(kinds)
    ]
    return Decoder(
        width=config["width"],
        vocabulary=config["vocabulary"],
        layers=layers,
        norm=_NORMS[config.get("norm", "RMSNorm")],
        tied=config.get("tied", False),
        positions=config.get("positions", 0),
        extra=config.get("extra", 0),
    )


def _mixer(kind: str, config: dict[str, Any]) -> Mixer:
    if kind == "mamba":
        return Mamba(
            config["inner"],
            config["state_size"],
            config["convolution"],
            config["step_rank"],
            config.get("inner_norms", False),
        )
    if kind == "mamba2":
        return Mamba2(
            config["inner"], config["state_size"], config["ssm_heads"], config["ssm_groups"], config["convolution"]
        )
    if kind == "delta":
        return GatedDelta(
            config["delta_key_heads"],
            config["delta_value_heads"],
            config["delta_key_size"],
            config["delta_value_size"],
            config["convolution"],
        )
    if "latent" in config:
        return LatentAttention(
            config["heads"],
            config["latent"],
            config["rope_size"],
            config["nope_size"],
            config["value_size"],
            config.get("query_latent"),
        )
    return Attention(
        heads=config["heads"],
        kv_heads=config["kv_heads"],
        head_size=config["head_size"],
        qkv_bias=config.get("qkv_bias", False),
        out_bias=config.get("out_bias", False),
        qk_norm=config.get("qk_norm", ""),
        sinks=config.get("sinks", False),
        gate=config.get("gate", False),
        window=config["window"] if kind == "window" else None,
    )


def _ffn(index: int, config: dict[str, Any]) -> FeedForward | Experts | None:
    matrices = config.get("ffn_matrices", 3)
    if "experts" in config and _has_experts(index, config):
        return Experts(
            count=config["experts"],
            chosen=config["experts_chosen"],
            expert=FeedForward(config["expert_width"], matrices, config.get("expert_bias", False)),
            shared=FeedForward(config["shared_width"], matrices) if "shared_width" in config else None,
            router_bias=config.get("router_bias", False),
            shared_gate=config.get("shared_gate", False),
        )
    if "ffn_width" not in config:
        return None
    return FeedForward(config["ffn_width"], matrices, config.get("ffn_bias", False))


def _has_experts(index: int, config: dict[str, Any]) -> bool:
    if index < config.get("dense_layers", 0):
        return False
    return bool(index % config.get("experts_period", 1) == config.get("experts_offset", 0))
