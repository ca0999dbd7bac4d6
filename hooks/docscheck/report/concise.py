"""The report with a line for each finding: for editors that read the output of a compiler, and for `grep`."""

from __future__ import annotations

from collections.abc import Iterable

from docscheck.diagnostics import Diagnostic
from docscheck.report.harmless import harmless


def report(diagnostics: Iterable[Diagnostic]) -> str:
    """Place, code, message and remedy of each."""
    return "".join(f"{_line(diagnostic)}\n" for diagnostic in diagnostics)


def head(diagnostic: Diagnostic) -> str:
    """Where a finding is, and what is wrong."""
    place = f"{diagnostic.path}:{diagnostic.line}:{diagnostic.column}"
    return f"{place}: {diagnostic.severity} {diagnostic.code} {diagnostic.message}"


def _line(diagnostic: Diagnostic) -> str:
    remedy = f"; {diagnostic.help}" if diagnostic.help else ""
    return harmless(f"{head(diagnostic)}{remedy}".replace("\n", "\N{SYMBOL FOR NEWLINE}"))
