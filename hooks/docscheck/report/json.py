"""The report for programs: a list of objects."""

from __future__ import annotations

import json
from collections.abc import Iterable

from docscheck.diagnostics import Diagnostic
from docscheck.report.harmless import in_json


def report(diagnostics: Iterable[Diagnostic]) -> str:
    """A JSON list with one object for each finding."""
    listed = [diagnostic.as_dict() for diagnostic in diagnostics]
    return in_json(json.dumps(listed, indent=2, ensure_ascii=False)) + "\n"
