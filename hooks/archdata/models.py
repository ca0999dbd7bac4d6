"""Trained models: `docs/_data/models/<key>.yml`, their configurations as published and what follows from them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from archdata import decoders, documents, networks
from archdata.errors import DataError, unknown
from archdata.formulas import Decoder

FOLDER = "_data/models"

_LAYERS = 10_000
"""That a model may be imagined with: pages are text that anybody may send, and each layer is built."""

_UNITS = {"K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12}


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

    def number(self, name: str) -> float:
        """A configured value that is a number.

        Raises `DataError` when it is another kind of value.
        """
        found = self.value(name)
        if isinstance(found, bool) or not isinstance(found, int | float):
            raise DataError(None, None, None, f"`{name}` of {self.key} is not a number", "`value` prints it")
        return found

    def changed(self, **fields: Any) -> Model:
        """The same model with other values in its configuration: what if it had 8 key-value heads?

        Raises `DataError` naming the nearest field when one is not configured as a number, or for too many layers.
        """
        for name, value in fields.items():
            self.number(name)
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise DataError(None, None, None, f"`{name}` of {self.key} is a number", "give another number")
        if not 0 <= fields.get("layers", 0) <= _LAYERS:
            raise DataError(None, None, None, f"`layers` is at most {_LAYERS}", "give fewer")
        return replace(self, config={**self.config, **fields})

    @cached_property
    def decoder(self) -> Decoder:
        """The stack of layers its configuration describes.

        Raises `DataError` for a model that is not a decoder.
        """
        if self.kind != "decoder":
            raise DataError(None, None, None, f"{self.key} is not described as a decoder", "give its published size")
        return decoders.decoder(self.config)

    @cached_property
    def kinds(self) -> list[str]:
        """The kind of mixer of each layer, from the first to the last."""
        return decoders.kinds(self.config)

    @property
    def is_counted(self) -> bool:
        """Whether its parameters follow from its configuration."""
        return self.kind in ("decoder", "network")

    @cached_property
    def _counted(self) -> tuple[int, int] | None:
        """Parameters, and those used for a token or a step, as counted."""
        if self.kind == "decoder":
            return self.decoder.parameters, self.decoder.active_parameters
        if self.kind == "network":
            one = networks.parameters(self.config)
            return one * self.config.get("networks", 1), one
        return None

    @property
    def parameters(self) -> float:
        """Parameters: counted where the configuration describes them, as advertised where it does not."""
        return self._counted[0] if self._counted else size(self.advertised["parameters"])

    @property
    def active_parameters(self) -> float:
        """Parameters used for a token, counted or advertised."""
        if self._counted:
            return self._counted[1]
        return size(self.advertised.get("active", self.advertised["parameters"]))


def load(docs: Path) -> dict[str, Model]:
    """Every model by its key, oldest first.

    Raises `DataError` for the first file that cannot be used; `check` reports them all.
    """
    return _load(documents.stamp(docs / FOLDER))


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
            yield document.error(("mechanisms", slug), f"`{slug}` is not an architecture", "lower case, with hyphens")
    for name in document.data.get("sources", {}):
        if name not in document.data["config"] and name not in ("released", "licence", "advertised"):
            yield document.error(
                ("sources", name), f"a source for `{name}`, which config does not have", "correct the name"
            )


def _check_size(document: documents.Document) -> Iterator[DataError]:
    model = _model(document)
    if not model.is_counted:
        return
    try:
        counted = {"parameters": model.parameters, "active": model.active_parameters}
    except KeyError as error:
        yield document.error(("config",), f"parameters cannot be counted: {error} is missing", "complete config")
        return
    except (ValueError, ArithmeticError) as error:
        yield document.error(("config",), f"parameters cannot be counted: {error}", "correct config")
        return
    if "reason" in model.advertised:
        return
    for name in ("parameters", "active"):
        text = model.advertised.get(name)
        if text and abs(counted[name] - size(text)) > tolerance(text):
            what = "active parameters" if name == "active" else "parameters"
            yield document.error(
                ("advertised", name),
                f"{counted[name]:,.0f} {what} are counted and {text} are advertised",
                "correct config, or give the `reason` for the difference",
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
