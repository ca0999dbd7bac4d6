"""The report for GitLab: a Code Quality file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from docscheck.diagnostics import Diagnostic
from docscheck.report.harmless import in_json

_SEVERITY = {"error": "major", "warning": "minor"}


def report(diagnostics: Iterable[Diagnostic]) -> str:
    """A list of issues; fingerprints stay the same while lines above a finding come and go."""
    seen: dict[str, int] = {}
    issues = []
    for diagnostic in diagnostics:
        key = "\0".join((diagnostic.path, diagnostic.code, diagnostic.excerpt.strip(), diagnostic.message))
        seen[key] = seen.get(key, 0) + 1
        issues.append(
            {
                "description": f"{diagnostic.message}; {diagnostic.help}" if diagnostic.help else diagnostic.message,
                "check_name": f"{diagnostic.code} {diagnostic.rule}",
                "fingerprint": hashlib.sha256(f"{key}\0{seen[key]}".encode("utf-8", "replace")).hexdigest(),
                "severity": _SEVERITY[diagnostic.severity.value],
                "location": {"path": diagnostic.path, "lines": {"begin": diagnostic.line, "end": diagnostic.end_line}},
            }
        )
    return in_json(json.dumps(issues, indent=2, ensure_ascii=False)) + "\n"
