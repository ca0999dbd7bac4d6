"""The report for programs: a list of objects."""

from __future__ import annotations

import json
from collections.abc import Iterable

from docscheck.diagnostics import Diagnostic


def report(diagnostics: Iterable[Diagnostic]) -> str:
    """A JSON list with one object for each finding."""
    return json.dumps([diagnostic.as_dict() for diagnostic in diagnostics], indent=2, ensure_ascii=False) + "\n"
