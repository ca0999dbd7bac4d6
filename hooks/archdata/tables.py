"""Tables of models: all of them, counted against advertised sizes, and several side by side."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from archdata import decoders, models, specs
from archdata.errors import DataError
from archdata.formulas import bytes_of
from archdata.html import Cell, Row, link, table
from archdata.models import Model
from archdata.numbers import count, number, size_in_bytes
from archdata.specs import FAMILIES, Spec


def models_table(docs: Path, page: str) -> str:
    """Every model, newest first, with what decides its size and its cache."""
    rows = [_model_row(docs, model, page) for model in reversed(models.load(docs).values())]
    columns = [
        "Model",
        "By",
        "Released",
        "Family",
        "Parameters",
        "Active",
        "Layers",
        "Attention",
        "Cache per token",
        "Cache at 32K",
        "Design",
        "Licence",
    ]
    filters = ["Family", "Parameters", "Attention", "Design", "By", "Licence", "Released"]
    return table("Available trained models", columns, rows, page, filters=filters)


def counts_table(docs: Path, page: str) -> str:
    """Counted and advertised sizes, with the reason where they differ by more than rounding."""
    rows: list[Row] = []
    for model in models.load(docs).values():
        if not model.is_counted:
            continue
        active = number(model.active_parameters) if model.active_parameters < model.parameters else "–"
        advertised = " / ".join(filter(None, (model.advertised["parameters"], model.advertised.get("active"))))
        rows.append(
            [model.name, number(model.parameters), active, advertised, model.advertised.get("reason", "agrees")]
        )
    columns = ["Model", "Counted", "Counted as active", "Advertised (active)", "Difference"]
    return table("Counted and advertised parameters", columns, rows, page)


def compare_models(docs: Path, keys: Sequence[str], page: str) -> str:
    """Models side by side: every configured field that any of them has, and what follows from it."""
    chosen = [models.get(docs, key) for key in keys]
    fields = list(dict.fromkeys(name for model in chosen for name in model.config if "extra" not in name))
    rows: list[Row] = [
        ["released", *(model.released for model in chosen)],
        ["parameters", *(count(model.parameters) for model in chosen)],
        ["active", *(count(model.active_parameters) for model in chosen)],
        ["cache per token, bf16", *(_cache(model) for model in chosen)],
        *([f"`{name}`", *(_value(model.config.get(name)) for model in chosen)] for name in fields),
    ]
    return table(
        f"Models: {', '.join(model.name for model in chosen)}", ["", *(model.name for model in chosen)], rows, page
    )


def timeline_table(docs: Path, page: str) -> str:
    """Every architecture and every model, newest first."""
    known = specs.load(docs)
    dated: list[tuple[str, Row]] = []
    for spec in known.values():
        parents = ", ".join(_design(known, name, page) for name in spec.builds_on)
        name = Cell(spec.name, href=spec.page)
        dated.append((spec.introduced, [spec.introduced, name, "architecture", FAMILIES[spec.family], parents or "–"]))
    for model in models.load(docs).values():
        used = _mechanisms(docs, model, page)
        more = f" and {len(used) - 4} more" if len(used) > 4 else ""
        family = model.family.replace("-", " ").capitalize()
        dated.append(
            (model.released, [model.released, model.name, "model", family, (", ".join(used[:4]) or "–") + more])
        )
    rows = [row for _, row in sorted(dated, key=lambda pair: pair[0], reverse=True)]
    columns = ["Date", "Name", "Kind", "Family", "Builds on, or uses"]
    return table("Architectures and models by date", columns, rows, page, filters=["Kind", "Family"])


def _design(known: dict[str, Spec], name: str, page: str) -> str:
    """A link where the name is a design's slug, else the name as it is."""
    return f"[{known[name].short}]({link(known[name].page, page)})" if name in known else name


def _model_row(docs: Path, model: Model, page: str) -> Row:
    name = Cell(model.name, href=model.page) if model.page and model.page != page else model.name
    active = count(model.active_parameters) if model.active_parameters < model.parameters else "–"
    return [
        name,
        model.organisation,
        Cell(model.released, filter=model.released[:4]),
        model.family,
        Cell(count(model.parameters), sort=f"{model.parameters:.0f}", filter=_range(model.parameters)),
        Cell(active, sort=f"{model.active_parameters:.0f}"),
        str(model.config.get("layers", "–")),
        ", ".join(decoders.mixing(model.config)) if model.kind == "decoder" else "–",
        Cell(_cache(model), sort=f"{model.decoder.cached_per_token if model.kind == 'decoder' else 0}"),
        Cell(_kept(model, 2**15), sort=f"{model.decoder.cached(2**15) if model.kind == 'decoder' else 0}"),
        ", ".join(_mechanisms(docs, model, page)) or "–",
        model.licence,
    ]


def _mechanisms(docs: Path, model: Model, page: str) -> list[str]:
    known = specs.load(docs)
    return [_design(known, slug, page) for slug in model.mechanisms]


_RANGES = ((1e9, "below 1B"), (4e9, "1–4B"), (10e9, "4–10B"), (40e9, "10–40B"), (150e9, "40–150B"))


def _range(parameters: float) -> str:
    """The range of sizes that a filter knows a model by."""
    return next((name for limit, name in _RANGES if parameters < limit), "150B and more")


def _kept(model: Model, tokens: int) -> str:
    """Cache and state of a sequence, in bf16."""
    if model.kind != "decoder":
        return "–"
    return size_in_bytes(bytes_of(model.decoder.cached(tokens), "bf16"))


def _cache(model: Model) -> str:
    if model.kind != "decoder":
        return "–"
    return size_in_bytes(bytes_of(model.decoder.cached_per_token, "bf16"))


def _value(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ", ".join(f"{name.replace('_', ' ')} {_value(inner)}" for name, inner in value.items())
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "; ".join(_value(part) for part in value)
    if isinstance(value, list):
        return _sequence([str(part) for part in value])
    return number(value) if isinstance(value, int | float) else str(value)


_SHORT = 8
"""Parts of a list that a cell still shows one by one."""


def _sequence(parts: list[str]) -> str:
    """A list as it is, or how often each of its parts occurs where it is long."""
    if len(parts) <= _SHORT:
        return " ".join(parts)
    return ", ".join(f"{parts.count(part)} × {part}" for part in dict.fromkeys(parts))


def stored_table(docs: Path, page: str, key: str, caption: str) -> str:
    """A table that the page's own script computed: `{"columns": [...], "rows": [...]}` under `key` of its JSON file.

    Raises `DataError` when there is no such file, nothing under that key, or no table.
    """
    found = _stored(docs, page, key)
    try:
        return table(caption, found["columns"], found["rows"], page)
    except (LookupError, TypeError) as error:
        raise DataError((docs / page).with_suffix(".json"), None, None, f"`{key[:60]}` is no table") from error


def stored_number(docs: Path, page: str, key: str) -> float:
    """A number that the page's own script computed.

    Raises `DataError` as `stored_table` does, and for what is not a number.
    """
    found = _stored(docs, page, key)
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise DataError((docs / page).with_suffix(".json"), None, None, f"`{key[:60]}` is not a number")
    return found


def _stored(docs: Path, page: str, key: str) -> Any:
    """What the page's own script computed and stored under `key` of its JSON file; `a.b` is `b` within `a`.

    Raises `DataError` when there is no such file, or nothing under that key.
    """
    file = (docs / page).with_suffix(".json")
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        for name in key.split("."):
            found = found[name]
    except OSError as error:
        raise DataError(file, None, None, f"the page has no stored results: {error.strerror}") from error
    except (LookupError, TypeError) as error:
        raise DataError(file, None, None, f"nothing is stored as `{key[:60]}`", "run the page's script") from error
    return found
