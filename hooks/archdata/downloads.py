"""The data as files for others, at addresses that stay: models as JSON and CSV, the bibliography, the schemas."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from archdata import documents, models, specs
from archdata.formulas import Experts, layer_activations
from archdata.models import Model
from archdata.specs import Spec

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_COLUMNS = ("key", "name", "family", "organisation", "released", "licence", "parameters", "active_parameters")


def files(docs: Path) -> dict[str, str]:
    """Path below the site's root to content, for everything that can be downloaded."""
    known = list(models.load(docs).values())
    schemas = {f"data/schema/{path.name}": path.read_text("utf-8") for path in (docs / "_data/schema").glob("*.json")}
    return {
        "data/models.json": _lines(_record(model) for model in known),
        "data/models.csv": _csv(known),
        "data/architectures.json": json.dumps(_designs(docs, known), indent=1, ensure_ascii=False) + "\n",
        "data/accelerators.json": json.dumps(accelerators(docs), indent=1) + "\n",
        "data/references.bib": (docs / "_data/references.bib").read_text("utf-8"),
        **schemas,
    }


def _lines(records: Iterable[dict[str, Any]]) -> str:
    """A JSON list with one record a line."""
    return "[\n" + ",\n".join(json.dumps(record, ensure_ascii=False) for record in records) + "\n]\n"


def accelerators(docs: Path) -> dict[str, dict[str, Any]]:
    """The accelerators of the calculators by key.

    Raises `DataError` for the first fault of the file.
    """
    document = documents.read(docs / "_data/accelerators.yml")
    for fault in documents.faults(document, documents.schema(docs / "_data/schema/accelerators.json")):
        raise fault
    return document.data


def _designs(docs: Path, trained: list[Model]) -> list[dict[str, Any]]:
    """Every architecture, oldest first, with the trained models that use it; cells are Markdown with TeX."""
    return [
        _design(spec, [model.key for model in trained if spec.slug in model.mechanisms])
        for spec in specs.load(docs).values()
    ]


def _design(spec: Spec, users: list[str]) -> dict[str, Any]:
    return {
        "key": spec.slug,
        "name": spec.name,
        "short": spec.short,
        "family": spec.family,
        "page": spec.page,
        "introduced": spec.introduced,
        "introduced_by": spec.by,
        "added": spec.added.isoformat(),
        "aliases": spec.aliases,
        "replaces": spec.replaces,
        "builds_on": spec.builds_on,
        "state": spec.state,
        "compute": spec.compute,
        "trained": spec.trained,
        "compare": spec.compare,
        "models": users,
    }


def _record(model: Model) -> dict[str, Any]:
    record: dict[str, Any] = {
        "key": model.key,
        "name": model.name,
        "family": model.family,
        "organisation": model.organisation,
        "released": model.released,
        "licence": model.licence,
        "parameters": int(model.parameters),
        "active_parameters": int(model.active_parameters),
        "advertised": model.advertised,
        "config": model.config,
        "mechanisms": model.mechanisms,
        "source": model.source,
        "sources": model.sources,
    }
    if model.kind == "decoder":
        record["cached_numbers_per_token"] = model.decoder.cached_per_token
        record["state_numbers"] = model.decoder.state
        record["multiplied_parameters"] = model.decoder.multiplied_parameters
        record["layers"] = _layers(model)
    return record


def _layers(model: Model) -> list[dict[str, Any]]:
    """The kinds of layers with what follows from each, and `times`, how many there are of it.

    `memory` and `work` hold [each, limit, every]: numbers kept and operations for every group of `every` earlier
    positions, at most `limit` groups (null: all of them). `prompt_work` stands where a whole prompt is read in a
    cheaper form.
    """
    decoder = model.decoder
    found: list[dict[str, Any]] = []
    for kind, layer in zip(model.kinds, decoder.layers, strict=True):
        mixer, ffn = layer.mixer, layer.ffn
        entry = {
            "kind": kind,
            "parameters": layer.parameters(decoder.width, decoder.norm),
            "active": layer.parameters(decoder.width, decoder.norm, active=True),
            "state": mixer.state if mixer else 0,
            "steady": mixer.steady_flops if mixer else 0,
            "memory": [[reach.each, reach.limit, reach.every] for reach in mixer.memory] if mixer else [],
            "work": [[reach.each, reach.limit, reach.every] for reach in mixer.work] if mixer else [],
        }
        if mixer and mixer.prompt_work != mixer.work:
            entry["prompt_work"] = [[reach.each, reach.limit, reach.every] for reach in mixer.prompt_work]
        if isinstance(ffn, Experts):
            entry["experts"] = {"count": ffn.count, "chosen": ffn.chosen, "one": ffn.one(decoder.width)}
        try:
            entry["activations"] = layer_activations(layer, decoder.width)
        except ValueError:
            entry["activations"] = None
        same = next((known for known in found if {**known, "times": 0} == {**entry, "times": 0}), None)
        if same:
            same["times"] += 1
        else:
            found.append({"times": 1, **entry})
    return found


def _csv(known: list[Model]) -> str:
    """The main columns and every configured field, one row for each model."""
    fields = list(dict.fromkeys(name for model in known for name in model.config))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*_COLUMNS, *fields])
    for model in known:
        record = _record(model)
        row = [_plain(record[column]) for column in _COLUMNS]
        writer.writerow([*row, *(_plain(model.config.get(name, "")) for name in fields)])
    return out.getvalue()


def _plain(value: Any) -> Any:
    """A value for a cell; a text that a program for tables would calculate with begins with an apostrophe."""
    plain = " ".join(map(str, value)) if isinstance(value, list) else value
    return f"'{plain}" if isinstance(plain, str) and plain.startswith(_FORMULA) else plain
