"""The report for GitHub: workflow commands that become annotations in a pull request."""

from __future__ import annotations

from collections.abc import Iterable

from docscheck.diagnostics import Diagnostic
from docscheck.report.harmless import harmless


def report(diagnostics: Iterable[Diagnostic]) -> str:
    """One command a line."""
    return "".join(f"{_command(diagnostic)}\n" for diagnostic in diagnostics)


def _command(diagnostic: Diagnostic) -> str:
    properties = {
        "file": diagnostic.path,
        "line": str(diagnostic.line),
        "col": str(diagnostic.column),
        "endLine": str(diagnostic.end_line),
        "endColumn": str(diagnostic.end_column),
        "title": f"{diagnostic.code} {diagnostic.rule}",
    }
    listed = ",".join(f"{name}={escaped(value, ':,')}" for name, value in properties.items())
    message = f"{diagnostic.message}\nhelp: {diagnostic.help}" if diagnostic.help else diagnostic.message
    return f"::{diagnostic.severity} {listed}::{escaped(message)}"


def escaped(text: str, more: str = "") -> str:
    """Text as it stands in a workflow command, and in the property of one with `more` signs escaped."""
    for char in "%\r\n" + more:
        text = text.replace(char, f"%{ord(char):02X}")
    return harmless(text)
