"""The report for code scanning services: SARIF 2.1.0."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from docscheck import __version__
from docscheck.diagnostics import Diagnostic
from docscheck.report.harmless import in_json

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def report(diagnostics: Iterable[Diagnostic]) -> str:
    """One run with a result for each finding and the rules that they name."""
    diagnostics = list(diagnostics)
    rules = {diagnostic.code: diagnostic for diagnostic in diagnostics}
    run = {
        "tool": {
            "driver": {
                "name": "docscheck",
                "version": __version__,
                "rules": [_rule(rules[code]) for code in sorted(rules)],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [_result(diagnostic) for diagnostic in diagnostics],
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return in_json(json.dumps(log, indent=2, ensure_ascii=False)) + "\n"


def _rule(diagnostic: Diagnostic) -> dict[str, Any]:
    return {
        "id": diagnostic.code,
        "name": diagnostic.rule,
        "shortDescription": {"text": diagnostic.rule.replace("-", " ")},
        "defaultConfiguration": {"level": diagnostic.severity.value},
    }


def _result(diagnostic: Diagnostic) -> dict[str, Any]:
    message = f"{diagnostic.message}; {diagnostic.help}" if diagnostic.help else diagnostic.message
    region = {
        "startLine": diagnostic.line,
        "startColumn": diagnostic.column,
        "endLine": diagnostic.end_line,
        "endColumn": diagnostic.end_column,
    }
    artifact = {"uri": quote(diagnostic.path, errors="replace")}
    location = {"physicalLocation": {"artifactLocation": artifact, "region": region}}
    return {
        "ruleId": diagnostic.code,
        "level": diagnostic.severity.value,
        "message": {"text": message},
        "locations": [location],
    }
